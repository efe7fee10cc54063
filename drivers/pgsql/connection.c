/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The connection: what libdbi opens it with, the session's defaults, statements without parameters. Every session
 * speaks UTF-8, counts time in UTC and sends floats exactly, whatever the server's configuration says. */
#include "pgsql.h"

#include <dbi/dbi-dev.h>
#include <poll.h>
#include <string.h>

enum { OLDEST_SERVER = 120000, CONNECT_TIMEOUT = 10 };

/* --- options --- */

static gboolean
is_libpq_option (const char *name)
{
  PQconninfoOption *options = PQconndefaults ();
  gboolean found = FALSE;
  for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
    found |= strcmp (option->keyword, name) == 0;
  PQconninfoFree (options);
  return found;
}

static void
set_text (CormSetOption set, gpointer data, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    set (name, text, 0, data);
}

/* "pooler=transaction", the only parameter that libpq does not have. */
static gboolean
is_pooled (const CormUri *uri)
{
  return g_strcmp0 (corm_uri_get_parameter (uri, "pooler"), "transaction") == 0;
}

static gboolean
check_pooler (const CormUri *uri, const CormDbOptions *options, GError **error)
{
  const char *pooler = corm_uri_get_parameter (uri, "pooler");
  if (pooler != NULL && !is_pooled (uri) && strcmp (pooler, "session") != 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s: pooler is \"transaction\" or \"session\", not \"%s\"", corm_uri_get_public_text (uri),
                 pooler);
    return FALSE;
  }
  if (!is_pooled (uri) || !options->read_only)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "%s: read_only needs a session of its own, which a pooler in transaction mode does not give: "
               "connect to "
               "the server itself, or as a role that may write nothing",
               corm_uri_get_public_text (uri));
  return FALSE;
}

/* The parameters of the URI, under the names of libpq; JDBC's ssl=true as libpq reads it. */
static gboolean
set_parameters (const CormUri *uri, CormSetOption set, gpointer data, GError **error)
{
  const char *name, *value;
  for (guint i = 0; corm_uri_get_nth_parameter (uri, i, &name, &value); i++) {
    if (strcmp (name, "ssl") == 0 && strcmp (value, "true") == 0) {
      set ("pgsql_sslmode", "require", 0, data);
      continue;
    }
    if (strcmp (name, "pooler") == 0)
      continue;
    if (!is_libpq_option (name)) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "%s: libpq knows no parameter \"%s\"; see \"Parameter Key Words\" in PostgreSQL's manual",
                   corm_uri_get_public_text (uri),
                   strstr (corm_uri_get_public_text (uri), name) != NULL ? name : "***");
      return FALSE;
    }
    g_autofree char *option = g_strconcat ("pgsql_", name, NULL);
    set (option, value, 0, data);
  }
  return TRUE;
}

gboolean
corm_pgsql_configure (const CormUri *uri, const CormDbOptions *options, CormSetOption set, gpointer data,
                      GError **error)
{
  if (!check_pooler (uri, options, error))
    return FALSE;
  set_text (set, data, "host", corm_uri_get_host (uri));
  set_text (set, data, "username", corm_uri_get_user (uri));
  set_text (set, data, "password", corm_uri_get_password (uri));
  set_text (set, data, "dbname", corm_uri_get_database (uri));
  if (corm_uri_get_port (uri) != 0)
    set ("port", NULL, corm_uri_get_port (uri), data);
  /* A host that swallows packets must not hold the program for minutes. */
  if (corm_uri_get_parameter (uri, "connect_timeout") == NULL && g_getenv ("PGCONNECT_TIMEOUT") == NULL) {
    g_autofree char *seconds = g_strdup_printf ("%d", CONNECT_TIMEOUT);
    set ("pgsql_connect_timeout", seconds, 0, data);
  }
  if (corm_uri_get_parameter (uri, "fallback_application_name") == NULL)
    set ("pgsql_fallback_application_name", g_get_prgname () != NULL ? g_get_prgname () : "corm", 0, data);
  return set_parameters (uri, set, data, error);
}

/* --- opening --- */

static void
ignore_notice (void *data G_GNUC_UNUSED, const PGresult *result G_GNUC_UNUSED)
{
}

static gboolean
set_defaults (CormLink *link, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SET client_encoding TO 'UTF8'; SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, YMD'; "
      "SET IntervalStyle TO 'postgres'; SET extra_float_digits TO 3; SET bytea_output TO 'hex'; "
      "SET standard_conforming_strings TO on; SET client_min_messages TO warning; SET lock_timeout TO %u%s",
      link->options->busy_timeout_ms,
      link->options->read_only ? "; SET default_transaction_read_only TO on" : "");
  /* What pgbouncer carries from session to session. */
  const char *carried = "SET client_encoding TO 'UTF8'; SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, YMD'; "
                        "SET standard_conforming_strings TO on";
  PGresult *result = PQexec (link->handle, is_pooled (link->uri) ? carried : sql);
  gboolean done = corm_pgsql_check (link, result, "setting up the session", "", error);
  PQclear (result);
  return done;
}

static gboolean
check_version (CormLink *link, GError **error)
{
  const char *version = PQparameterStatus (link->handle, "server_version");
  if (PQserverVersion (link->handle) < OLDEST_SERVER) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "%s: PostgreSQL %s is too old: 12 is the oldest that Corm speaks to",
                 corm_uri_get_public_text (link->uri), version != NULL ? version : "?");
    return FALSE;
  }
  link->server = g_strdup_printf ("PostgreSQL %.*s", (int) strcspn (version, " "), version);
  return TRUE;
}

gboolean
corm_pgsql_connect (CormLink *link, GError **error)
{
  link->handle = ((dbi_conn_t *) link->dbi)->connection;
  PQsetNoticeReceiver (link->handle, ignore_notice, NULL);
  if (!check_version (link, error) || !set_defaults (link, error))
    return FALSE;
  CormPgsqlLink *own = g_new0 (CormPgsqlLink, 1);
  own->dead = g_ptr_array_new_with_free_func (g_free);
  own->types = g_hash_table_new (NULL, NULL);
  own->pooled = is_pooled (link->uri);
  link->data = own;
  return TRUE;
}

void
corm_pgsql_disconnect (CormLink *link)
{
  CormPgsqlLink *own = link->data;
  if (own == NULL)
    return;
  g_ptr_array_unref (own->dead);
  g_hash_table_unref (own->types);
  g_free (own);
  link->data = NULL;
}

/* --- asking --- */

gboolean
corm_pgsql_ping (CormLink *link, GError **error)
{
  PGresult *result = PQexec (link->handle, "");
  gboolean alive = corm_pgsql_check (link, result, "asking the server whether it is there", "", error);
  PQclear (result);
  return alive;
}

/* Looks at the socket too: a server that was shut down has sent its last words and closed it, and libpq learns of the
 * one and of the other only when it reads. */
gboolean
corm_pgsql_is_alive (CormLink *link)
{
  struct pollfd socket = { .fd = PQsocket (link->handle), .events = POLLIN };
  if (PQstatus (link->handle) != CONNECTION_OK)
    return FALSE;
  if (PQtransactionStatus (link->handle) == PQTRANS_ACTIVE)
    return TRUE;
  while (poll (&socket, 1, 0) > 0)
    if (PQconsumeInput (link->handle) != 1 || PQstatus (link->handle) != CONNECTION_OK)
      return FALSE;
  return TRUE;
}

gboolean
corm_pgsql_in_transaction (CormLink *link)
{
  PGTransactionStatusType status = PQtransactionStatus (link->handle);
  CormPgsqlLink *own = link->data;
  if (status == PQTRANS_ACTIVE && own->streaming != NULL)
    return corm_pgsql_statement_in_transaction (own->streaming);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

/* It ends with the transaction. */
gboolean
corm_pgsql_set_deadline (CormLink *link, guint ms, GError **error)
{
  if (ms == 0 || !corm_pgsql_in_transaction (link))
    return TRUE;
  g_autofree char *sql = g_strdup_printf ("SET LOCAL statement_timeout = %u", MIN (ms, (guint) G_MAXINT));
  return corm_pgsql_run (link, sql, error);
}

/* The server answers COMMIT with ROLLBACK, and no error, when a statement of the transaction had failed. */
static gboolean
check_commit (const CormLink *link, const char *sql, const PGresult *result, GError **error)
{
  const CormPgsqlLink *own = link->data;
  while (g_ascii_isspace (*sql))
    sql++;
  gboolean commits = g_ascii_strncasecmp (sql, "COMMIT", 6) == 0 || g_ascii_strncasecmp (sql, "END", 3) == 0;
  if (!commits || strcmp (PQcmdStatus ((PGresult *) result), "ROLLBACK") != 0)
    return TRUE;
  corm_driver_error (error, own->untold ? CORM_ERROR_BUSY : CORM_ERROR_FAILED, "committing",
                     "the server rolled the transaction back, because a statement in it had failed",
                     own->untold ? "run the transaction again" : "look at that statement's error");
  return FALSE;
}

/* Where nothing lasts longer than a transaction, its settings come with its BEGIN. */
static char *
with_settings (const CormLink *link, const char *sql)
{
  const CormPgsqlLink *own = link->data;
  if (!own->pooled || g_ascii_strncasecmp (sql, "BEGIN", 5) != 0)
    return NULL;
  return g_strdup_printf ("%s; SET LOCAL lock_timeout TO %u; SET LOCAL client_min_messages TO warning", sql,
                          link->options->busy_timeout_ms);
}

gboolean
corm_pgsql_run (CormLink *link, const char *sql, GError **error)
{
  CormPgsqlLink *own = link->data;
  corm_pgsql_stop_streaming (link);
  corm_pgsql_bury (link);
  g_autofree char *longer = with_settings (link, sql);
  PGresult *result = PQexec (link->handle, longer != NULL ? longer : sql);
  gboolean done =
      corm_pgsql_check (link, result, "running", sql, error) && check_commit (link, sql, result, error);
  PQclear (result);
  corm_pgsql_drain (link->handle);
  own->untold &= PQtransactionStatus (link->handle) == PQTRANS_INERROR;
  return done;
}
