/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row of the application's table: its cells as texts, which are the same in every database. Bytes are base64; a moment is
 * in UTC and says no zone, as there are databases whose columns don't tell the two kinds of timestamps apart. */
#include "sync/sync.h"

#include "base/error.h"
#include "engine/statement.h"
#include "render/sql.h"

#include <string.h>

/* --- a cell ------------------------------------------------------------------------------------------------------ */

static gboolean
to_text (const CormTableColumn *column, const CormValue *value, char **text, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  *text = NULL;
  if (value->is_null)
    return TRUE;
  if (value->type == CORM_TYPE_BYTES) {
    *text = g_base64_encode ((const guchar *) value->data, value->size);
    return TRUE;
  }
  CormValue plain = *value;
  if ((plain.type == CORM_TYPE_FLOAT32 || plain.type == CORM_TYPE_FLOAT64) && plain.d == 0)
    plain.d = 0; /* a minus in front of it only PostgreSQL keeps, and others would refuse the row */
  corm_value_append_text (&plain, out);
  if (value->type == CORM_TYPE_TIMESTAMP && g_str_has_suffix (out->str, "Z"))
    g_string_truncate (out, out->len - 1);
  if (!g_utf8_validate_len (out->str, out->len, NULL)) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "column %s: the text is not UTF-8, or has a NUL in it; corm doctor finds and mends such cells",
        column->name);
    return FALSE;
  }
  *text = g_strdup (out->str);
  return TRUE;
}

/* The value borrows from @text or goes to @kept. */
static gboolean
from_text (CormSql *sql, const CormTableColumn *column, const char *text, CormValue *value, GError **error)
{
  if (text != NULL && column->type.type == CORM_TYPE_BYTES) {
    gsize size;
    guchar *bytes = g_base64_decode (text, &size);
    corm_sql_keep (sql, bytes);
    *value =
        corm_value_bytes ((CormBytes){ .data = bytes != NULL ? bytes : (const guint8 *) "", .size = size });
    return TRUE;
  }
  return corm_value_parse (&column->type, text, -1, value, error) ||
         corm_error_prefix (error, "column %s", column->name);
}

gboolean
corm_sync_default_text (const CormTableColumn *column, char **text)
{
  CormValue value;
  *text = NULL;
  if (column->default_kind == CORM_DEFAULT_NONE || column->default_kind == CORM_DEFAULT_NULL)
    return TRUE;
  return column->default_kind == CORM_DEFAULT_LITERAL && column->type.type != CORM_TYPE_BYTES &&
         corm_value_parse (&column->type, column->default_text, -1, &value, NULL) &&
         to_text (column, &value, text, NULL);
}

/* --- statements -------------------------------------------------------------------------------------------------- */

static gboolean
append_value (CormSql *sql, const CormTableColumn *column, const char *text, GError **error)
{
  CormValue value;
  if (!from_text (sql, column, text, &value, error))
    return FALSE;
  corm_sql_append_param (sql, column->name, &column->type, &value);
  return TRUE;
}

/* A collation may take other keys for the same: an index finds them, and the bytes decide. */
static gboolean
append_key (CormSql *sql, const CormSyncTable *table, const char *id, GError **error)
{
  g_string_append (sql->text, " WHERE ");
  corm_sql_append_name (sql, table->key->name);
  g_string_append (sql->text, " = ");
  if (!append_value (sql, table->key, id, error))
    return FALSE;
  if (sql->dialect->sync->exact[0] == NULL || table->key->type.type != CORM_TYPE_TEXT)
    return TRUE;
  g_autoptr (GString) name = g_string_new (NULL);
  corm_sql_append_identifier (name, sql->dialect, table->key->name);
  g_string_append_printf (sql->text, " AND %s%s%s = ", sql->dialect->sync->exact[0], name->str,
                          sql->dialect->sync->exact[1]);
  return append_value (sql, table->key, id, error);
}

static void
append_column (CormSql *sql, const CormTableColumn *column)
{
  g_autoptr (GString) name = g_string_new (NULL);
  corm_sql_append_identifier (name, sql->dialect, column->name);
  corm_sql_append_typed (sql, &column->type, name->str);
}

static CormStatement *
run (CormConnection *conn, const CormSql *sql, GError **error)
{
  const CormStatementSpec spec = corm_sql_get_spec (sql);
  const CormStatementKey key = { .sql = sql->text->str };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL ||
      !corm_statement_execute (statement, (const CormValue *) (gconstpointer) sql->params->data, FALSE,
                               error))
    return NULL;
  return g_steal_pointer (&statement);
}

static gboolean
finish (const CormSyncTable *table, const char *id, gboolean ok, GError **error)
{
  return ok || corm_error_prefix (error, "sync: row %s of %s", id, table->table->name);
}

static gboolean
run_write (CormConnection *conn, const CormSql *sql, GError **error)
{
  g_autoptr (CormStatement) statement = run (conn, sql, error);
  return statement != NULL;
}

static gboolean
run_insert (CormConnection *conn, const char *table, const CormSql *sql, GError **error)
{
  guint64 written = corm_connection_get_n_writes (conn);
  g_autoptr (CormStatement) statement = run (conn, sql, error);
  return statement != NULL && corm_connection_check_inserted (
                                  conn, table, corm_statement_get_n_changed (statement), written, error);
}

static gboolean
take_row (const CormSyncTable *table, const CormValue *row, GPtrArray **cells, GError **error)
{
  *cells = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < table->columns->len; i++) {
    char *text;
    if (!to_text (table->columns->pdata[i], &row[i], &text, error))
      return FALSE;
    g_ptr_array_add (*cells, text);
  }
  return TRUE;
}

gboolean
corm_sync_cells_read (CormConnection *conn, const CormSyncTable *table, const char *id, GPtrArray **cells,
                      GError **error)
{
  const CormValue *row;
  static const CormSqlType number = { .type = CORM_TYPE_INT64 };
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  *cells = NULL;
  g_string_append (sql->text, "SELECT ");
  for (guint i = 0; i < table->columns->len; i++) {
    g_string_append (sql->text, i > 0 ? ", " : "");
    append_column (sql, table->columns->pdata[i]);
  }
  if (table->columns->len == 0)
    corm_sql_append_typed (sql, &number, "1");
  g_string_append (sql->text, " FROM ");
  corm_sql_append_name (sql, table->table->name);
  if (!append_key (sql, table, id, error))
    return finish (table, id, FALSE, error);
  g_autoptr (CormStatement) statement = run (conn, sql, error);
  CormStep step = statement != NULL ? corm_statement_step (statement, &row, error) : CORM_STEP_ERROR;
  if (step == CORM_STEP_DONE)
    return TRUE;
  if (step == CORM_STEP_ROW && take_row (table, row, cells, error))
    return TRUE;
  g_clear_pointer (cells, g_ptr_array_unref);
  return finish (table, id, FALSE, error);
}

gboolean
corm_sync_cells_insert (CormConnection *conn, const CormSyncTable *table, const char *id, GPtrArray *columns,
                        GPtrArray *texts, GError **error)
{
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  g_string_append (sql->text, "INSERT INTO ");
  corm_sql_append_name (sql, table->table->name);
  g_string_append (sql->text, " (");
  corm_sql_append_name (sql, table->key->name);
  for (guint i = 0; i < columns->len; i++) {
    g_string_append (sql->text, ", ");
    corm_sql_append_name (sql, ((const CormTableColumn *) columns->pdata[i])->name);
  }
  g_string_append (sql->text, ") VALUES (");
  gboolean ok = append_value (sql, table->key, id, error);
  for (guint i = 0; ok && i < columns->len; i++) {
    g_string_append (sql->text, ", ");
    ok = append_value (sql, columns->pdata[i], texts->pdata[i], error);
  }
  g_string_append (sql->text, ")");
  return finish (table, id, ok && run_insert (conn, table->table->name, sql, error), error);
}

gboolean
corm_sync_cells_update (CormConnection *conn, const CormSyncTable *table, const char *id, GPtrArray *columns,
                        GPtrArray *texts, GError **error)
{
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  gboolean ok = TRUE;
  g_string_append (sql->text, "UPDATE ");
  corm_sql_append_name (sql, table->table->name);
  for (guint i = 0; ok && i < columns->len; i++) {
    g_string_append (sql->text, i > 0 ? ", " : " SET ");
    corm_sql_append_name (sql, ((const CormTableColumn *) columns->pdata[i])->name);
    g_string_append (sql->text, " = ");
    ok = append_value (sql, columns->pdata[i], texts->pdata[i], error);
  }
  return finish (table, id, ok && append_key (sql, table, id, error) && run_write (conn, sql, error), error);
}

gboolean
corm_sync_cells_delete (CormConnection *conn, const CormSyncTable *table, const char *id, GError **error)
{
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  g_string_append (sql->text, "DELETE FROM ");
  corm_sql_append_name (sql, table->table->name);
  return finish (table, id, append_key (sql, table, id, error) && run_write (conn, sql, error), error);
}

gboolean
corm_sync_cells_exist (CormConnection *conn, const CormSyncTable *table, const char *id, gboolean *exist,
                       GError **error)
{
  const CormValue *row;
  static const CormSqlType number = { .type = CORM_TYPE_INT64 };
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  g_string_append (sql->text, "SELECT ");
  corm_sql_append_typed (sql, &number, "1");
  g_string_append (sql->text, " FROM ");
  corm_sql_append_name (sql, table->table->name);
  if (!append_key (sql, table, id, error))
    return finish (table, id, FALSE, error);
  g_autoptr (CormStatement) statement = run (conn, sql, error);
  CormStep step = statement != NULL ? corm_statement_step (statement, &row, error) : CORM_STEP_ERROR;
  *exist = step == CORM_STEP_ROW;
  return finish (table, id, step != CORM_STEP_ERROR, error);
}

gboolean
corm_sync_check_key (const CormSyncTable *table, const char *id, GError **error)
{
  CormUuid uuid;
  const char *fault = NULL;
  if (id == NULL)
    fault = "a row has no key (NULL): give it one, or delete it";
  else if (g_utf8_strlen (id, -1) > CORM_SYNC_KEY_CHARS)
    fault = "a key has more than 255 characters";
  else if (table->key->type.type == CORM_TYPE_UUID && corm_uuid_parse (id, &uuid)) {
    g_autofree char *same = corm_uuid_to_text (uuid);
    if (strcmp (same, id) != 0)
      fault =
          "a UUID is not in small letters, and is found by nobody who writes it so: UPDATE it to lower (key)";
  }
  if (fault == NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "sync: table %s, key %s: %s", table->table->name,
               table->key->name, fault);
  return FALSE;
}

GPtrArray *
corm_sync_list_keys (CormConnection *conn, const CormSyncTable *table, GError **error)
{
  const CormValue *row;
  CormStep step;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_string_append (sql->text, "SELECT ");
  append_column (sql, table->key);
  g_string_append (sql->text, " FROM ");
  corm_sql_append_name (sql, table->table->name);
  g_autoptr (CormStatement) statement = run (conn, sql, error);
  if (statement == NULL)
    return NULL;
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW) {
    char *text;
    if (!to_text (table->key, row, &text, error))
      return NULL;
    g_ptr_array_add (keys, text);
    if (!corm_sync_check_key (table, text, error))
      return NULL;
  }
  return step == CORM_STEP_DONE ? g_steal_pointer (&keys) : NULL;
}
