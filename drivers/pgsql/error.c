/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The server's errors as the library's: the class from the SQLSTATE, the server's own words with detail, table, column
 * and constraint, and what to do next. No literal of a statement is shown: it may be a password. */
#include "pgsql.h"

#include <string.h>

/* " (table "t", column "c", constraint "k")", where the server says so. */
static void
append_place (GString *words, const PGresult *result)
{
  static const struct {
    int field;
    const char *label;
  } places[] = { { PG_DIAG_TABLE_NAME, "table" },
                 { PG_DIAG_COLUMN_NAME, "column" },
                 { PG_DIAG_CONSTRAINT_NAME, "constraint" } };
  g_autoptr (GString) place = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    const char *text = PQresultErrorField (result, places[i].field);
    if (text != NULL && *text != '\0')
      g_string_append_printf (place, "%s%s \"%s\"", place->len > 0 ? ", " : "", places[i].label, text);
  }
  if (place->len > 0)
    g_string_append_printf (words, " (%s)", place->str);
}

static char *
get_words (CormLink *link, const PGresult *result)
{
  const char *primary = result != NULL ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  if (primary == NULL)
    return g_strchomp (g_strdup (PQerrorMessage (link->handle)));
  GString *words = g_string_new (primary);
  append_place (words, result);
  const char *detail = PQresultErrorField (result, PG_DIAG_MESSAGE_DETAIL);
  if (detail != NULL)
    g_string_append_printf (words, "; %s", detail);
  /* "COPY jobs, line 3, column name": the only word on which row it was. */
  const char *context = PQresultErrorField (result, PG_DIAG_CONTEXT);
  if (context != NULL && g_str_has_prefix (context, "COPY "))
    g_string_append_printf (words, " [%.*s]", (int) strcspn (context, "\n"), context);
  return g_string_free (words, FALSE);
}

static const char *
get_hint (const char *state, const PGresult *result)
{
  static const struct {
    const char *state, *hint;
  } hints[] = {
    { "22021",
      "text in PostgreSQL holds no NUL byte and nothing but UTF-8; keep such data in a BYTES column" },
    { "25006",
      "this connection or transaction only reads: corm_db_connect() gives one that writes, unless it "
      "was opened with read_only" },
    { "25P02", "an earlier statement of this transaction failed: roll back and begin again" },
    { "40001", "run the transaction again" },
    { "40P01", "run the transaction again" },
    { "55P03", "somebody else holds the lock: try again, or raise busy_timeout_ms" },
    { "42P01", "migrate the database first, or check the search_path" },
  };
  const char *own = result != NULL ? PQresultErrorField (result, PG_DIAG_MESSAGE_HINT) : NULL;
  for (guint i = 0; own == NULL && i < G_N_ELEMENTS (hints); i++)
    if (strcmp (hints[i].state, state) == 0)
      return hints[i].hint;
  return own;
}

/* A statement that moved the connection into COPY: out of it again. */
static gboolean
is_copy (const PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

void
corm_pgsql_drain (PGconn *conn)
{
  PGresult *result;
  while ((result = PQgetResult (conn)) != NULL) {
    ExecStatusType status = PQresultStatus (result);
    PQclear (result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_BOTH)
      PQputCopyEnd (conn, "given up");
    else if (status == PGRES_COPY_OUT) {
      char *row;
      while (PQgetCopyData (conn, &row, 0) > 0)
        PQfreemem (row);
    }
    if (PQstatus (conn) != CONNECTION_OK)
      return;
  }
}

static gboolean
is_success (const PGresult *result)
{
  ExecStatusType status = PQresultStatus (result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE ||
         status == PGRES_EMPTY_QUERY;
}

/* Serialization failure, deadlock. */
static gboolean
is_worth_another_run (const char *state)
{
  return state != NULL && (strcmp (state, "40001") == 0 || strcmp (state, "40P01") == 0);
}

/* A standby cancels a statement that keeps it from replaying. Where nothing is written nothing else is in conflict. */
static gboolean
is_conflict (const CormLink *link, const char *state)
{
  return link->options->read_only && (g_strcmp0 (state, "40001") == 0 || g_strcmp0 (state, "40P01") == 0);
}

gboolean
corm_pgsql_note_failure (CormLink *link, const PGresult *result)
{
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  link->set_aside |= is_conflict (link, state);
  link->again = link->again || is_worth_another_run (state);
  return is_worth_another_run (state);
}

/* "current transaction is aborted" is all that a statement behind one that failed unseen is told. */
static gboolean
fails_with_another (const CormLink *link, const char *state)
{
  return ((const CormPgsqlLink *) link->data)->untold && g_strcmp0 (state, "25P02") == 0;
}

gboolean
corm_pgsql_check (CormLink *link, const PGresult *result, const char *doing, const char *sql, GError **error)
{
  if (result != NULL && is_success (result))
    return TRUE;
  g_autofree char *what = *sql != '\0' ? corm_driver_describe (sql) : g_strdup (doing);
  if (result != NULL && is_copy (result)) {
    corm_driver_error (error, CORM_ERROR_UNSUPPORTED, what, "COPY moves data outside of statements",
                       "use the library's bulk load or psql");
    return FALSE;
  }
  g_autofree char *words = get_words (link, result);
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  corm_pgsql_note_failure (link, result);
  if (PQstatus (link->handle) == CONNECTION_BAD)
    corm_driver_error (error, CORM_ERROR_CONNECTION, what, words,
                       "the server went away: what was not committed is undone; take a new connection");
  else if (fails_with_another (link, state))
    corm_driver_error (error, CORM_ERROR_BUSY, what, words, "run the transaction again");
  else
    corm_driver_error (error, state != NULL ? corm_error_from_sqlstate (state) : CORM_ERROR_FAILED, what,
                       words, get_hint (state != NULL ? state : "", result));
  return FALSE;
}
