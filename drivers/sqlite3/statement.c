/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Prepared statements. execute() binds and takes the first step, so that a statement that writes is done, and its
 * errors are known, when it returns; step() then starts with the row that is there already. After prepare()
 * nothing is allocated by an execution, unless a cell has to be converted. */
#include "sqlite3.h"

#include <math.h>
#include <string.h>

typedef struct {
  sqlite3_stmt *stmt;
  sqlite3_mutex *mutex; /* of the handle; recursive */
  guint n_params;
  guint n_columns; /* of the spec; 0: whatever comes */
  CormSqlType *columns;
  gboolean *as_is; /* per parameter: it is for a column without a type, which keeps any number as it is */
  char (*texts)[CORM_TEXT_MAX]; /* per parameter: times and UUIDs as text */
  GString **scratch;            /* per column of the spec */
  sqlite3_destructor_type keep; /* how long the caller's text and bytes live */
  gboolean counts;              /* it is an INSERT, UPDATE or DELETE */
  sqlite3_value **cells;        /* of the last row, a column each */
  int n_cells;                  /* a change of the schema can give a SELECT * more of them */
  int status;                   /* of the last sqlite3_step() */
  gboolean fresh;               /* the row of execute() was not handed out yet */
} Statement;

static gboolean
refuse (const CormStatementSpec *spec, GError **error, const char *why)
{
  g_autofree char *doing = corm_driver_describe (spec->sql);
  corm_driver_error (error, CORM_ERROR_INVALID, doing, why, NULL);
  return FALSE;
}

static const char *
skip_blank (const char *p)
{
  for (;;) {
    while (g_ascii_isspace (*p) || *p == ';')
      p++;
    if (p[0] == '-' && p[1] == '-')
      p += strcspn (p, "\n");
    else if (p[0] == '/' && p[1] == '*')
      p = strstr (p, "*/") != NULL ? strstr (p, "*/") + 2 : p + strlen (p);
    else
      return p;
  }
}

/* SQLite's counter of changes keeps the number of the last such statement, also through a CREATE TABLE. */
static gboolean
is_counting (sqlite3_stmt *stmt)
{
  static const char *const verbs[] = { "insert", "update", "delete", "replace", "with" };
  const char *sql = skip_blank (sqlite3_sql (stmt));
  if (sqlite3_stmt_readonly (stmt))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_ascii_strncasecmp (sql, verbs[i], strlen (verbs[i])) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
check (const CormStatementSpec *spec, sqlite3_stmt *stmt, const char *tail, GError **error)
{
  if (stmt == NULL)
    return refuse (spec, error, "there is no statement in it");
  if (*skip_blank (tail) != '\0')
    return refuse (spec, error, "it holds more than one statement: run them one by one");
  if (sqlite3_bind_parameter_count (stmt) != (int) spec->n_params)
    return refuse (spec, error, "it has another number of placeholders than of parameters");
  if (spec->n_columns > 0 && sqlite3_column_count (stmt) != (int) spec->n_columns)
    return refuse (spec, error, "it gives another number of columns than was asked for");
  return TRUE;
}

gpointer
corm_sqlite3_prepare (CormLink *link, const CormStatementSpec *spec, GError **error)
{
  sqlite3_stmt *stmt;
  const char *tail;
  if (sqlite3_prepare_v3 (corm_sqlite3_handle (link), spec->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt,
                          &tail) != SQLITE_OK) {
    corm_sqlite3_set_error (link, spec->sql, error);
    return NULL;
  }
  if (!check (spec, stmt, tail, error)) {
    sqlite3_finalize (stmt);
    return NULL;
  }
  Statement *statement = g_new0 (Statement, 1);
  statement->stmt = stmt;
  statement->mutex = sqlite3_db_mutex (corm_sqlite3_handle (link));
  statement->n_params = spec->n_params;
  statement->n_columns = spec->n_columns;
  statement->columns = g_memdup2 (spec->columns, spec->n_columns * sizeof *spec->columns);
  statement->as_is = g_new0 (gboolean, spec->n_params + 1);
  for (guint i = 0; i < spec->n_params; i++)
    statement->as_is[i] = spec->params[i].type == CORM_TYPE_NONE;
  statement->texts = g_malloc0_n (spec->n_params, sizeof *statement->texts);
  statement->scratch = g_new0 (GString *, spec->n_columns);
  statement->counts = is_counting (stmt);
  /* The caller's values live through execute(), in which a statement that writes is done. A SELECT goes on reading
   * its parameters afterwards. */
  statement->keep = sqlite3_stmt_readonly (stmt) ? SQLITE_TRANSIENT : SQLITE_STATIC;
  return statement;
}

void
corm_sqlite3_finalize (G_GNUC_UNUSED CormLink *link, gpointer data)
{
  Statement *statement = data;
  sqlite3_finalize (statement->stmt);
  for (guint i = 0; i < statement->n_columns; i++)
    if (statement->scratch[i] != NULL)
      g_string_free (statement->scratch[i], TRUE);
  g_free (statement->scratch);
  g_free (statement->cells);
  g_free (statement->columns);
  g_free (statement->texts);
  g_free (statement->as_is);
  g_free (statement);
}

static gboolean
refuse_value (const char *what, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "SQLite can't hold %s", what);
  return FALSE;
}

static gboolean
bind_double (const Statement *statement, guint i, double d, GError **error)
{
  if (G_UNLIKELY (isnan (d))) /* SQLite would store NULL */
    return refuse_value ("NaN", error);
  if (G_UNLIKELY (d == 0 && signbit (d)) && !statement->as_is[i]) /* a REAL column stores the integer 0 */
    return refuse_value ("-0.0", error);
  return sqlite3_bind_double (statement->stmt, (int) i + 1, d) == SQLITE_OK;
}

static gboolean
bind_text (const Statement *statement, guint i, const CormValue *value, GError **error)
{
  if (value->data == NULL)
    return sqlite3_bind_text (statement->stmt, (int) i + 1, "", 0, SQLITE_STATIC) == SQLITE_OK;
  if (G_UNLIKELY (memchr (value->data, '\0', value->size) != NULL))
    return refuse_value ("text with a NUL in it; store it as bytes", error);
  return sqlite3_bind_text64 (statement->stmt, (int) i + 1, value->data, value->size, statement->keep,
                              SQLITE_UTF8) == SQLITE_OK;
}

/* Times and UUIDs, written into the statement's own buffer. */
static gboolean
bind_made_text (const Statement *statement, guint i, const CormValue *value)
{
  char *text = statement->texts[i];
  gsize size;
  if (value->type == CORM_TYPE_DATE)
    size = corm_text_from_date ((CormDate){ (gint32) value->i }, text);
  else if (value->type == CORM_TYPE_TIME)
    size = corm_text_from_time ((CormTime){ value->i }, text);
  else if (value->type == CORM_TYPE_UUID)
    size = corm_text_from_uuid (&value->uuid, text);
  else
    size = corm_text_from_timestamp (value->i, ' ', NULL, text);
  return sqlite3_bind_text (statement->stmt, (int) i + 1, text, (int) size, SQLITE_STATIC) == SQLITE_OK;
}

/* FALSE without an error: SQLite has the reason, as for a text that is too long. The parameter is NULL then. */
static gboolean
bind (const Statement *statement, guint i, const CormValue *value, GError **error)
{
  if (value->is_null)
    return sqlite3_bind_null (statement->stmt, (int) i + 1) == SQLITE_OK;
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return sqlite3_bind_int64 (statement->stmt, (int) i + 1, value->i) == SQLITE_OK;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return bind_double (statement, i, value->d, error);
  case CORM_TYPE_BYTES:
    return sqlite3_bind_blob64 (statement->stmt, (int) i + 1, value->size > 0 ? value->data : "", value->size,
                                statement->keep) == SQLITE_OK;
  case CORM_TYPE_DATE:
  case CORM_TYPE_TIME:
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
  case CORM_TYPE_UUID:
    return bind_made_text (statement, i, value);
  default:
    return bind_text (statement, i, value, error);
  }
}

static gboolean
bind_all (CormLink *link, const Statement *statement, const CormValue *params, GError **error)
{
  for (guint i = 0; i < statement->n_params; i++) {
    g_autoptr (GError) refused = NULL;
    if (G_LIKELY (bind (statement, i, &params[i], &refused)))
      continue;
    if (refused == NULL)
      corm_sqlite3_set_error (link, sqlite3_sql (statement->stmt), &refused);
    if (g_error_matches (refused, CORM_ERROR, CORM_ERROR_CONVERSION))
      link->refused = i + 1;
    g_propagate_error (error, g_steal_pointer (&refused));
    return FALSE;
  }
  return TRUE;
}

/* Every call of SQLite locks the handle. Locked once around them, the others only count. */
gboolean
corm_sqlite3_execute (CormLink *link, gpointer data, const CormValue *params, G_GNUC_UNUSED gboolean stream,
                      GError **error)
{
  Statement *statement = data;
  sqlite3_mutex_enter (statement->mutex);
  gboolean bound = bind_all (link, statement, params, error);
  if (bound)
    statement->status = sqlite3_step (statement->stmt);
  sqlite3_mutex_leave (statement->mutex);
  if (!bound)
    return FALSE;
  statement->fresh = TRUE;
  if (G_LIKELY (statement->status == SQLITE_DONE || statement->status == SQLITE_ROW))
    return TRUE;
  corm_sqlite3_set_error (link, sqlite3_sql (statement->stmt), error);
  return FALSE;
}

guint
corm_sqlite3_n_columns (G_GNUC_UNUSED CormLink *link, gpointer data)
{
  return (guint) sqlite3_column_count (((Statement *) data)->stmt);
}

const char *
corm_sqlite3_column_name (G_GNUC_UNUSED CormLink *link, gpointer data, guint column)
{
  return sqlite3_column_name (((Statement *) data)->stmt, (int) column);
}

/* SQLite keeps the cells of a row side by side and gives the next row in the same place: a tenth of reading a table is asking
 * for each again. They are asked for anew whenever the first or the last of them has moved. */
static void
find_cells (Statement *statement, int n)
{
  sqlite3_value **cells = statement->cells;
  if (n == statement->n_cells && n > 1 && cells[0] == sqlite3_column_value (statement->stmt, 0) &&
      cells[n - 1] == sqlite3_column_value (statement->stmt, n - 1))
    return;
  statement->cells = cells = g_renew (sqlite3_value *, cells, n);
  statement->n_cells = n;
  for (int i = 0; i < n; i++)
    cells[i] = sqlite3_column_value (statement->stmt, i);
}

/* sqlite3_column_value() gives a cell that is not locked; a link is used by one thread at a time, so that the many
 * lockings of sqlite3_column_text() and kin can be spared. */
static gboolean
decode_row (Statement *statement, CormValue *row, GError **error)
{
  int n = sqlite3_data_count (statement->stmt);
  find_cells (statement, n);
  for (int i = 0; i < n; i++) {
    const CormSqlType *type = statement->n_columns > 0 ? &statement->columns[i] : NULL;
    if (G_LIKELY (corm_sqlite3_decode (statement->cells[i], type,
                                       type != NULL ? &statement->scratch[i] : NULL, &row[i], error)))
      continue;
    g_prefix_error (error, "column %s: ", sqlite3_column_name (statement->stmt, i));
    return FALSE;
  }
  return TRUE;
}

CormStep
corm_sqlite3_step (CormLink *link, gpointer data, CormValue *row, GError **error)
{
  Statement *statement = data;
  gboolean decoded = FALSE;
  if (statement->status == SQLITE_DONE)
    return CORM_STEP_DONE;
  sqlite3_mutex_enter (statement->mutex);
  if (!statement->fresh && statement->status == SQLITE_ROW)
    statement->status = sqlite3_step (statement->stmt);
  statement->fresh = FALSE;
  if (statement->status == SQLITE_ROW)
    decoded = decode_row (statement, row, error);
  sqlite3_mutex_leave (statement->mutex);
  if (statement->status == SQLITE_ROW)
    return decoded ? CORM_STEP_ROW : CORM_STEP_ERROR;
  if (statement->status == SQLITE_DONE)
    return CORM_STEP_DONE;
  corm_sqlite3_set_error (link, sqlite3_sql (statement->stmt), error);
  return CORM_STEP_ERROR;
}

guint64
corm_sqlite3_n_changed (CormLink *link, gpointer data)
{
  return ((Statement *) data)->counts ? (guint64) sqlite3_changes64 (corm_sqlite3_handle (link)) : 0;
}

gint64
corm_sqlite3_last_id (CormLink *link)
{
  return sqlite3_last_insert_rowid (corm_sqlite3_handle (link));
}

guint64
corm_sqlite3_n_writes (CormLink *link)
{
  return (guint64) sqlite3_total_changes64 (corm_sqlite3_handle (link));
}

/* SQLite tells of tables alone. */
gboolean
corm_sqlite3_is_view (CormLink *link, const char *table)
{
  return sqlite3_table_column_metadata (corm_sqlite3_handle (link), NULL, table, NULL, NULL, NULL, NULL, NULL,
                                        NULL) != SQLITE_OK;
}

void
corm_sqlite3_reset (G_GNUC_UNUSED CormLink *link, gpointer data)
{
  Statement *statement = data;
  sqlite3_reset (statement->stmt);
  statement->status = SQLITE_DONE;
  statement->fresh = FALSE;
}
