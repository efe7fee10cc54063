/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SELECT of one table's columns. Values come as what the database holds in each cell, not as what the column declares:
 * SQLite lets text live in an integer column, and only a look at the cell tells. */
#include "port/source.h"

#include "render/sql.h"

static void
append_columns (GString *sql, const CormDialect *dialect, const CormTableColumn **columns, guint n,
                GArray *types)
{
  for (guint i = 0; i < n; i++) {
    g_string_append (sql, i > 0 ? ", " : "");
    gsize start = sql->len;
    corm_sql_append_identifier (sql, dialect, columns[i]->name);
    corm_sql_wrap (sql, start, dialect->select_cast[columns[i]->type.type]);
    g_array_append_vals (types, &columns[i]->type, 1);
  }
}

static gboolean
is_textual (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_ENUM || type == CORM_TYPE_NONE;
}

static void
append_order (GString *sql, const CormDialect *dialect, const CormPair *pair, const CormTableColumn **columns)
{
  for (guint k = 0; k < pair->n_keys; k++) {
    const CormTableColumn *column = columns[pair->keys[k]];
    g_string_append (sql, k > 0 ? ", " : " ORDER BY ");
    corm_sql_append_identifier (sql, dialect, column->name);
    if (is_textual (column->type.type) && dialect->order_bytes != NULL)
      g_string_append (sql, dialect->order_bytes);
    if (column->type.type == CORM_TYPE_DECIMAL && dialect->decimal_compare != NULL)
      g_string_append (sql, dialect->decimal_compare);
  }
}

CormStatement *
corm_source_open (CormConnection *conn, const CormPair *pair, gboolean of_target, gboolean by_key,
                  GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const CormTableColumn **columns = of_target ? pair->target_columns : pair->source_columns;
  const CormTable *table = of_target ? pair->target : pair->source;
  gboolean has_casts = FALSE;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  append_columns (sql, dialect, columns, pair->n_columns, types);
  g_string_append (sql, " FROM ");
  corm_sql_append_identifier (sql, dialect, table->name);
  if (by_key)
    append_order (sql, dialect, pair, columns);
  for (guint i = 0; i < CORM_N_TYPES; i++)
    has_casts |= dialect->select_cast[i] != NULL;
  CormStatementSpec spec = { .sql = sql->str };
  if (has_casts) {
    spec.n_columns = types->len;
    spec.columns = (const CormSqlType *) (gpointer) types->data;
  }
  CormStatementKey key = { .sql = sql->str };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL || !corm_statement_execute (statement, NULL, TRUE, error))
    return NULL;
  corm_statement_hold (statement);
  return g_steal_pointer (&statement);
}

gboolean
corm_source_count (CormConnection *conn, const CormTable *table, guint64 *count, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  corm_sql_append_identifier (sql, dialect, table->name);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *count = (guint64) corm_cursor_get_value (cursor, 0)->i;
  return TRUE;
}
