/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Why a connection could not be opened. libpq has a sentence for it, which libdbi may or may not pass on; the class and
 * the next step are read out of that sentence, since a failed opening has no SQLSTATE. */
#include "pgsql.h"

#include <string.h>

static const struct {
  const char *words, *also; /* both must be said */
  CormError code;
  const char *hint;
} causes[] = {
  { "password authentication failed", "", CORM_ERROR_DENIED, "check user and password" },
  { "no password supplied", "", CORM_ERROR_DENIED,
    "put the password into the URI, $PGPASSWORD or ~/.pgpass" },
  { "no pg_hba.conf entry", "", CORM_ERROR_DENIED,
    "the server's pg_hba.conf must allow this user, database and host" },
  { "authentication failed", "", CORM_ERROR_DENIED, "check the user, and the server's pg_hba.conf" },
  { "is not permitted to log in", "", CORM_ERROR_DENIED, NULL },
  { "permission denied", "", CORM_ERROR_DENIED, NULL },
  { "role \"", "does not exist", CORM_ERROR_DENIED,
    "name another user in the URI, or create this one with createuser" },
  { "database \"", "does not exist", CORM_ERROR_CONNECTION, "create it: createdb {database}" },
  { "too many", "", CORM_ERROR_BUSY, "wait, or raise max_connections" },
  { "remaining connection slots", "", CORM_ERROR_BUSY, "wait, or raise max_connections" },
  { "starting up", "", CORM_ERROR_BUSY, "wait a moment" },
  { "could not translate host name", "", CORM_ERROR_CONNECTION, "check the host's name" },
  { "timeout expired", "", CORM_ERROR_CONNECTION,
    "is the host reachable? connect_timeout=SECONDS waits longer" },
  { "invalid ", "", CORM_ERROR_INVALID, NULL },
};

/* Tries once more without libdbi; NULL when that works. Free with g_free(). */
static char *
ask_libpq (const CormUri *uri)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new (), values = g_ptr_array_new ();
  g_autofree char *port = g_strdup_printf ("%d", corm_uri_get_port (uri));
  const char *given[][2] = { { "host", corm_uri_get_host (uri) },
                             { "user", corm_uri_get_user (uri) },
                             { "password", corm_uri_get_password (uri) },
                             { "dbname", corm_uri_get_database (uri) },
                             { "port", corm_uri_get_port (uri) != 0 ? port : NULL },
                             { "connect_timeout", "10" } };
  const char *name, *value;
  for (guint i = 0; i < G_N_ELEMENTS (given); i++) {
    if (given[i][1] != NULL) {
      g_ptr_array_add (names, (gpointer) given[i][0]);
      g_ptr_array_add (values, (gpointer) given[i][1]);
    }
  }
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) {
    g_ptr_array_add (names, (gpointer) name);
    g_ptr_array_add (values, (gpointer) value);
  }
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (values, NULL);
  PGconn *conn =
      PQconnectdbParams ((const char *const *) names->pdata, (const char *const *) values->pdata, 0);
  char *words = PQstatus (conn) == CONNECTION_OK ? NULL : g_strdup (PQerrorMessage (conn));
  PQfinish (conn);
  return words;
}

/* The same text with the password blanked out, should libpq have quoted it. */
static char *
without_password (const char *words, const char *password)
{
  if (password == NULL || strlen (password) < 4 || strstr (words, password) == NULL)
    return g_strdup (words);
  g_auto (GStrv) parts = g_strsplit (words, password, -1);
  return g_strjoinv ("***", parts);
}

static char *
fill_hint (const char *hint, const CormUri *uri)
{
  const char *database = corm_uri_get_database (uri);
  if (database == NULL)
    database = corm_uri_get_parameter (uri, "dbname");
  g_auto (GStrv) parts = g_strsplit (hint != NULL ? hint : "", "{database}", -1);
  return hint != NULL ? g_strjoinv (database != NULL ? database : "NAME", parts) : NULL;
}

void
corm_pgsql_explain (const CormUri *uri, const CormDbOptions *options G_GNUC_UNUSED, const char *text,
                    GError **error)
{
  g_autofree char *asked = NULL;
  g_autofree char *doing = g_strdup_printf ("cannot open %s", corm_uri_get_public_text (uri));
  if (text == NULL || strstr (text, ": ") == NULL)
    text = asked = ask_libpq (uri);
  g_autofree char *words = without_password (
      text != NULL ? text : "libdbi could not open it, libpq alone can", corm_uri_get_password (uri));
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++) {
    if (strstr (words, causes[i].words) != NULL && strstr (words, causes[i].also) != NULL) {
      g_autofree char *hint = fill_hint (causes[i].hint, uri);
      corm_driver_error (error, causes[i].code, doing, words, hint);
      return;
    }
  }
  corm_driver_error (error, CORM_ERROR_CONNECTION, doing, words,
                     strstr (words, "server running") != NULL ? NULL : "is the server running there?");
}
