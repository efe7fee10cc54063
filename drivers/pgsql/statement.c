/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Prepared statements. Parameters and columns are compiled once, when the server has said their types; an execution
 * only fills buffers that are there, and a row only points into the result.
 *
 * A statement is idle, or has a whole result, or streams: then its rows are on the wire, link->streaming is it, and
 * the connection takes nothing else. */
#include "pgsql.h"

#include <string.h>

enum { DEAD_AT_MOST = 8 };

struct _CormPgsqlStatement {
  char *sql;
  char name[24];
  guint n_params, n_columns;
  Oid *oids; /* that parameters are declared as */
  CormPgsqlTarget *targets;
  CormPgsqlCell *cells;
  const char **values; /* the three arrays that libpq takes */
  int *lengths, *formats;
  guint n_wanted;
  CormSqlType *wanted;
  CormPgsqlColumn *columns;
  PGresult *description; /* owns the columns' names */
  gboolean wants_text;   /* a column has no binary form here */
  gboolean is_stale;     /* the server no longer has it, or not with these types */

  PGresult *result; /* the whole result, or the row that a stream stands on */
  int row, n_rows;
  gboolean streams;
  gboolean was_in_transaction;
  guint64 n_changed;
};

/* --- preparing --- */

/* Statements that nobody uses any more are dropped some at a time, since a round trip for each would be felt, and
 * outside transactions, which a name that is gone already (DISCARD ALL) would abort. */
void
corm_pgsql_bury (CormLink *link)
{
  CormPgsqlLink *own = link->data;
  if (own->dead->len < DEAD_AT_MOST || PQtransactionStatus (link->handle) != PQTRANS_IDLE)
    return;
  g_autoptr (GString) sql = g_string_new (NULL);
  for (guint i = 0; i < own->dead->len; i++)
    g_string_append_printf (sql, "DEALLOCATE %s;", (char *) own->dead->pdata[i]);
  PGresult *result = PQexec (link->handle, sql->str);
  gboolean all = PQresultStatus (result) == PGRES_COMMAND_OK;
  PQclear (result);
  for (guint i = 0; !all && i < own->dead->len; i++) { /* one was gone: each by itself */
    g_string_printf (sql, "DEALLOCATE %s", (char *) own->dead->pdata[i]);
    PQclear (PQexec (link->handle, sql->str));
  }
  g_ptr_array_set_size (own->dead, 0);
}

static void
clear_columns (CormPgsqlStatement *statement)
{
  for (guint i = 0; i < statement->n_columns; i++)
    corm_pgsql_column_clear (&statement->columns[i]);
  g_clear_pointer (&statement->columns, g_free);
  g_clear_pointer (&statement->description, PQclear);
  statement->n_columns = 0;
}

/* A column without a binary form here, or wanted in the server's own words, makes the whole result text: libpq asks
 * for one format per statement. */
static gboolean
needs_text (const CormPgsqlType *type, const CormSqlType *wanted)
{
  if (type == NULL)
    return TRUE;
  return wanted != NULL && wanted->type == CORM_TYPE_RAW && type->type != CORM_TYPE_TEXT &&
         type->type != CORM_TYPE_ENUM;
}

/* A column that was declared bpchar, without a length, keeps the blanks at the end: it pads nothing. */
static const CormPgsqlType *
type_of (CormLink *link, const PGresult *description, guint i)
{
  Oid oid = PQftype (description, i);
  gboolean pads = PQfmod (description, i) >= 0 || PQftable (description, i) == 0;
  return corm_pgsql_type_find (link, oid == CORM_PGSQL_BPCHAR && !pads ? CORM_PGSQL_TEXT : oid);
}

static gboolean
compile_columns (CormLink *link, CormPgsqlStatement *statement, gboolean as_text, GError **error)
{
  guint n = PQnfields (statement->description);
  if (statement->n_wanted > 0 && n != statement->n_wanted) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "the statement '%.200s' gives %u columns instead of %u", statement->sql, n,
                 statement->n_wanted);
    return FALSE;
  }
  g_autofree const CormPgsqlType **types = g_new (const CormPgsqlType *, n);
  statement->wants_text = as_text;
  for (guint i = 0; i < n; i++) {
    types[i] = type_of (link, statement->description, i);
    statement->wants_text |= needs_text (types[i], statement->n_wanted > 0 ? &statement->wanted[i] : NULL);
  }
  statement->columns = g_new0 (CormPgsqlColumn, n);
  statement->n_columns = n;
  for (guint i = 0; i < n; i++)
    corm_pgsql_column_init (&statement->columns[i], PQfname (statement->description, i), types[i],
                            statement->n_wanted > 0 ? &statement->wanted[i] : NULL, statement->wants_text);
  return TRUE;
}

/* A parameter that the server had to infer goes as text: whatever its type is, it can read that. */
static void
compile_params (CormPgsqlStatement *statement)
{
  for (guint i = 0; i < statement->n_params; i++) {
    CormPgsqlTarget *target = &statement->targets[i];
    target->type = statement->oids[i] != 0 ? corm_pgsql_type_builtin (statement->oids[i]) : NULL;
    target->modifier = -1;
    statement->formats[i] = target->type != NULL;
  }
}

static gboolean
prepare_on_server (CormLink *link, CormPgsqlStatement *statement, GError **error)
{
  CormPgsqlLink *own = link->data;
  if (own->pooled)
    return TRUE;
  corm_pgsql_bury (link);
  g_snprintf (statement->name, sizeof statement->name, "corm_%u", ++own->n_names);
  PGresult *result =
      PQprepare (link->handle, statement->name, statement->sql, statement->n_params, statement->oids);
  gboolean done = corm_pgsql_check (link, result, "preparing", statement->sql, error);
  PQclear (result);
  if (!done)
    return FALSE;
  clear_columns (statement);
  statement->description = PQdescribePrepared (link->handle, statement->name);
  if (!corm_pgsql_check (link, statement->description, "preparing", statement->sql, error) ||
      !compile_columns (link, statement, FALSE, error))
    return FALSE;
  statement->is_stale = FALSE;
  return TRUE;
}

static void
statement_free (CormPgsqlStatement *statement)
{
  clear_columns (statement);
  for (guint i = 0; i < statement->n_params; i++)
    corm_pgsql_cell_clear (&statement->cells[i]);
  g_free (statement->sql);
  g_free (statement->oids);
  g_free (statement->targets);
  g_free (statement->cells);
  g_free (statement->values);
  g_free (statement->lengths);
  g_free (statement->formats);
  g_free (statement->wanted);
  g_free (statement);
}

gpointer
corm_pgsql_prepare (CormLink *link, const CormStatementSpec *spec, GError **error)
{
  CormPgsqlStatement *statement = g_new0 (CormPgsqlStatement, 1);
  guint n = spec->n_params;
  corm_pgsql_stop_streaming (link);
  statement->sql = g_strdup (spec->sql);
  statement->n_params = n;
  statement->oids = g_new0 (Oid, n);
  statement->targets = g_new0 (CormPgsqlTarget, n);
  statement->cells = g_new0 (CormPgsqlCell, n);
  statement->values = g_new0 (const char *, n);
  statement->lengths = g_new0 (int, n);
  statement->formats = g_new0 (int, n);
  statement->n_wanted = spec->n_columns;
  statement->wanted = g_memdup2 (spec->columns, spec->n_columns * sizeof (CormSqlType));
  for (guint i = 0; i < n; i++)
    statement->oids[i] = corm_pgsql_type_oid (spec->params[i].type);
  compile_params (statement);
  if (prepare_on_server (link, statement, error))
    return statement;
  statement_free (statement);
  return NULL;
}

void
corm_pgsql_finalize (CormLink *link, gpointer data)
{
  CormPgsqlStatement *statement = data;
  CormPgsqlLink *own = link->data;
  corm_pgsql_reset (link, statement);
  if (!own->pooled)
    g_ptr_array_add (own->dead, g_strdup (statement->name));
  statement_free (statement);
}

/* --- executing --- */

static gboolean
encode_params (CormLink *link, CormPgsqlStatement *statement, const CormValue *params, GError **error)
{
  for (guint i = 0; i < statement->n_params; i++) {
    CormPgsqlCell *cell = &statement->cells[i];
    if (!corm_pgsql_encode (&statement->targets[i], &params[i], cell, error)) {
      link->refused = i + 1;
      return FALSE;
    }
    statement->values[i] = cell->data;
    statement->lengths[i] = cell->size;
  }
  return TRUE;
}

static void
send_and_fetch (CormLink *link, CormPgsqlStatement *statement)
{
  statement->result = PQexecPrepared (link->handle, statement->name, statement->n_params, statement->values,
                                      statement->lengths, statement->formats, !statement->wants_text);
}

static void
send_and_stream (CormLink *link, CormPgsqlStatement *statement)
{
  CormPgsqlLink *own = link->data;
  statement->result = NULL;
  if (!PQsendQueryPrepared (link->handle, statement->name, statement->n_params, statement->values,
                            statement->lengths, statement->formats, !statement->wants_text))
    return;
  PQsetSingleRowMode (link->handle);
  statement->result = PQgetResult (link->handle);
  if (PQresultStatus (statement->result) == PGRES_SINGLE_TUPLE) {
    statement->streams = TRUE;
    own->streaming = statement;
  }
}

/* The server dropped the plan (DEALLOCATE, DISCARD), or a table changed under it. */
static gboolean
plan_is_gone (const PGresult *result)
{
  const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
  const char *words = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
  if (state == NULL || words == NULL)
    return FALSE;
  const char *source = PQresultErrorField (result, PG_DIAG_SOURCE_FUNCTION);
  return strcmp (state, "26000") == 0 ||
         (strcmp (state, "0A000") == 0 && source != NULL && strcmp (source, "RevalidateCachedQuery") == 0);
}

/* Through a pooler in transaction mode: prepared, described and executed in one message, as the next may reach another
 * session of the server's. So the columns are known only with the rows, and these come as text and all at once. */
static gboolean
send_pooled (CormLink *link, CormPgsqlStatement *statement, GError **error)
{
  PGresult *result = PQexecParams (link->handle, statement->sql, (int) statement->n_params, statement->oids,
                                   statement->values, statement->lengths, statement->formats, 0);
  statement->result = result;
  if (PQresultStatus (result) != PGRES_TUPLES_OK)
    return TRUE;
  clear_columns (statement);
  statement->description = PQcopyResult (result, PG_COPYRES_ATTRS);
  if (!compile_columns (link, statement, TRUE, error)) {
    g_clear_pointer (&statement->result, PQclear);
    return FALSE;
  }
  return TRUE;
}

static void
send_once (CormLink *link, CormPgsqlStatement *statement, gboolean stream)
{
  if (stream)
    send_and_stream (link, statement);
  else
    send_and_fetch (link, statement);
}

static guint64
changed_by (PGresult *result)
{
  const char *tag = PQcmdStatus (result);
  if (g_str_has_prefix (tag, "INSERT") || g_str_has_prefix (tag, "UPDATE") ||
      g_str_has_prefix (tag, "DELETE") || g_str_has_prefix (tag, "MERGE"))
    return g_ascii_strtoull (PQcmdTuples (result), NULL, 10);
  return 0;
}

gboolean
corm_pgsql_execute (CormLink *link, gpointer data, const CormValue *params, gboolean stream, GError **error)
{
  CormPgsqlStatement *statement = data;
  corm_pgsql_stop_streaming (link);
  corm_pgsql_reset (link, statement);
  if (!encode_params (link, statement, params, error) ||
      (statement->is_stale && !prepare_on_server (link, statement, error)))
    return FALSE;
  statement->was_in_transaction = PQtransactionStatus (link->handle) != PQTRANS_IDLE;
  if (!((CormPgsqlLink *) link->data)->pooled)
    send_once (link, statement, stream);
  else if (!send_pooled (link, statement, error))
    return FALSE;
  if (plan_is_gone (statement->result)) {
    statement->is_stale = TRUE;
    g_ptr_array_add (((CormPgsqlLink *) link->data)->dead, g_strdup (statement->name));
    corm_pgsql_drain (link->handle);
    if (!statement->was_in_transaction) {
      g_clear_pointer (&statement->result, PQclear);
      if (!prepare_on_server (link, statement, error))
        return FALSE;
      send_once (link, statement, stream);
    }
  }
  if (!corm_pgsql_check (link, statement->result, "executing", statement->sql, error)) {
    g_clear_pointer (&statement->result, PQclear);
    corm_pgsql_drain (link->handle);
    return FALSE;
  }
  statement->row = 0;
  statement->n_rows = PQntuples (statement->result);
  if (!statement->streams) {
    statement->n_changed = changed_by (statement->result);
    if (stream)
      corm_pgsql_drain (link->handle);
  }
  return TRUE;
}

guint
corm_pgsql_n_columns (CormLink *link G_GNUC_UNUSED, gpointer data)
{
  return ((CormPgsqlStatement *) data)->n_columns;
}

const char *
corm_pgsql_column_name (CormLink *link G_GNUC_UNUSED, gpointer data, guint column)
{
  CormPgsqlStatement *statement = data;
  return column < statement->n_columns ? statement->columns[column].name : NULL;
}

guint64
corm_pgsql_n_changed (CormLink *link G_GNUC_UNUSED, gpointer data)
{
  return ((CormPgsqlStatement *) data)->n_changed;
}

gboolean
corm_pgsql_statement_in_transaction (const CormPgsqlStatement *statement)
{
  return statement->was_in_transaction;
}

/* --- rows --- */

static void
end_stream (CormLink *link, CormPgsqlStatement *statement)
{
  CormPgsqlLink *own = link->data;
  statement->streams = FALSE;
  own->streaming = NULL;
}

/* The next row of a stream into statement->result. */
static CormStep
next_streamed (CormLink *link, CormPgsqlStatement *statement, GError **error)
{
  PQclear (statement->result);
  statement->result = PQgetResult (link->handle);
  ExecStatusType status = PQresultStatus (statement->result);
  statement->row = 0;
  if (status == PGRES_SINGLE_TUPLE)
    return CORM_STEP_ROW;
  end_stream (link, statement);
  gboolean done = corm_pgsql_check (link, statement->result, "reading rows of", statement->sql, error);
  statement->n_rows = 0;
  if (done)
    statement->n_changed = changed_by (statement->result);
  corm_pgsql_drain (link->handle);
  return done ? CORM_STEP_DONE : CORM_STEP_ERROR;
}

/* This runs once a cell. A length of 0 is that of NULL too; what goes wrong is said by the long way. */
static gboolean
decode_row (CormPgsqlStatement *statement, CormValue *row, GError **error)
{
  PGresult *result = statement->result;
  int r = statement->row++;
  for (guint i = 0; i < statement->n_columns; i++) {
    CormPgsqlColumn *column = &statement->columns[i];
    int size = PQgetlength (result, r, (int) i);
    row[i].type = column->wanted.type;
    row[i].is_null = size == 0 && PQgetisnull (result, r, (int) i);
    if (row[i].is_null)
      continue;
    const char *data = PQgetvalue (result, r, (int) i);
    if ((column->plain == NULL || column->plain (data, size, column->scratch, &row[i]) != NULL) &&
        !corm_pgsql_column_decode (column, data, size, &row[i], error))
      return FALSE;
  }
  return TRUE;
}

CormStep
corm_pgsql_step (CormLink *link, gpointer data, CormValue *row, GError **error)
{
  CormPgsqlStatement *statement = data;
  if (statement->result == NULL)
    return CORM_STEP_DONE;
  if (statement->row >= statement->n_rows) {
    if (!statement->streams)
      return CORM_STEP_DONE;
    CormStep step = next_streamed (link, statement, error);
    if (step != CORM_STEP_ROW)
      return step;
  }
  return decode_row (statement, row, error) ? CORM_STEP_ROW : CORM_STEP_ERROR;
}

/* --- ending --- */

/* Only a query may be cancelled, and only outside a transaction, which a cancelled statement would abort. */
static gboolean
may_cancel (const CormPgsqlStatement *statement)
{
  const char *sql = statement->sql;
  while (g_ascii_isspace (*sql) || *sql == '(')
    sql++;
  return !statement->was_in_transaction && g_ascii_strncasecmp (sql, "SELECT", 6) == 0;
}

/* Drops the rows that have arrived, and says whether they were the last: cancelling takes a connection of its own. */
static gboolean
has_arrived (PGconn *conn)
{
  gboolean ok = PQconsumeInput (conn) == 1;
  while (ok && !PQisBusy (conn)) {
    PGresult *result = PQgetResult (conn);
    if (result == NULL)
      return TRUE;
    PQclear (result);
  }
  return FALSE;
}

/* A statement may fail behind the rows that were wanted: the transaction is not to be had then, and may be worth another
 * run, which the next statement does not know. */
static void
drop_rest (CormLink *link)
{
  PGresult *result;
  CormPgsqlLink *own = link->data;
  while ((result = PQgetResult (link->handle)) != NULL) {
    own->untold |= corm_pgsql_note_failure (link, result);
    PQclear (result);
    if (PQstatus (link->handle) != CONNECTION_OK)
      return;
  }
}

void
corm_pgsql_stop_streaming (CormLink *link)
{
  CormPgsqlLink *own = link->data;
  CormPgsqlStatement *statement = own->streaming;
  if (statement == NULL)
    return;
  if (may_cancel (statement) && !has_arrived (link->handle)) {
    char words[256];
    PGcancel *cancel = PQgetCancel (link->handle);
    if (cancel != NULL)
      PQcancel (cancel, words, sizeof words);
    PQfreeCancel (cancel);
  }
  drop_rest (link);
  statement->n_rows = 0;
  end_stream (link, statement);
}

void
corm_pgsql_reset (CormLink *link, gpointer data)
{
  CormPgsqlStatement *statement = data;
  CormPgsqlLink *own = link->data;
  if (own->streaming == statement)
    corm_pgsql_stop_streaming (link);
  g_clear_pointer (&statement->result, PQclear);
  statement->n_rows = statement->row = 0;
}
