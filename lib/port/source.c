/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SELECT of one table's columns. Values come as what the database holds in each cell, not as what the column declares:
 * SQLite lets text live in an integer column, and only a look at the cell tells. */
#include "port/source.h"

#include "engine/cursor.h"
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

/* Rows are wanted as what a cell holds; where the database has to be asked for that, the columns' types say how. */
static CormStatement *
open_rows (CormConnection *conn, const GString *sql, const GArray *types, const CormSqlType *params,
           const CormValue *values, guint n_params, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  gboolean has_casts = FALSE;
  for (guint i = 0; i < CORM_N_TYPES; i++)
    has_casts |= dialect->select_cast[i] != NULL;
  CormStatementSpec spec = { .sql = sql->str, .n_params = n_params, .params = params };
  if (has_casts) {
    spec.n_columns = types->len;
    spec.columns = (const CormSqlType *) (gpointer) types->data;
    spec.as_found = true;
  }
  CormStatementKey key = { .sql = sql->str };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL || !corm_statement_execute (statement, values, TRUE, error))
    return NULL;
  corm_statement_hold (statement);
  return g_steal_pointer (&statement);
}

static void
append_span (GString *sql, const CormDialect *dialect, const CormTableColumn *key)
{
  g_string_append (sql, " WHERE ");
  corm_sql_append_identifier (sql, dialect, key->name);
  g_string_append (sql, dialect->placeholder == CORM_PLACEHOLDER_DOLLAR ? " BETWEEN $1 AND $2"
                                                                        : " BETWEEN ? AND ?");
}

CormStatement *
corm_source_open (CormConnection *conn, const CormPair *pair, gboolean of_target, const CormSpan *span,
                  GError **error)
{
  static const CormSqlType key_types[] = { { .type = CORM_TYPE_INT64 }, { .type = CORM_TYPE_INT64 } };
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const CormTableColumn **columns = of_target ? pair->target_columns : pair->source_columns;
  const CormTable *table = of_target ? pair->target : pair->source;
  const CormValue keys[] = { corm_value_int (span != NULL ? span->from : 0),
                             corm_value_int (span != NULL ? span->until : 0) };
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  append_columns (sql, dialect, columns, pair->n_columns, types);
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, dialect, table);
  if (span != NULL)
    append_span (sql, dialect, columns[pair->keys[0]]);
  return open_rows (conn, sql, types, key_types, keys, span != NULL ? 2 : 0, error);
}

CormStatement *
corm_source_open_where (CormConnection *conn, const CormPair *pair, const char *condition, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  append_columns (sql, dialect, pair->target_columns, pair->n_columns, types);
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, dialect, pair->target);
  g_string_append_printf (sql, " WHERE %s", condition);
  return open_rows (conn, sql, types, NULL, NULL, 0, error);
}

/* --- along a walk ------------------------------------------------------------------------------------------ */

static void
append_keys (GString *sql, const CormDialect *dialect, const CormWalk *walk)
{
  for (guint k = 0; k < corm_walk_n_keys (walk); k++) {
    g_string_append (sql, k > 0 ? ", " : "");
    corm_sql_append_identifier (sql, dialect, corm_walk_key_name (walk, k));
  }
}

/* " WHERE (a, b) > (?, ?)", its values behind those that are there. */
static void
append_bound (GString *sql, const CormDialect *dialect, const CormWalk *walk, const char *operator,
              const CormKeyValues * key, GArray *params, GArray *values)
{
  if (key == NULL)
    return;
  g_string_append (sql, params->len == 0 ? " WHERE (" : " AND (");
  append_keys (sql, dialect, walk);
  g_string_append_printf (sql, ") %s (", operator);
  for (guint k = 0; k < key->n; k++) {
    g_array_append_vals (params, &key->types[k], 1);
    g_array_append_vals (values, &key->values[k], 1);
    g_string_append (sql, k > 0 ? ", " : "");
    if (dialect->placeholder == CORM_PLACEHOLDER_DOLLAR)
      g_string_append_printf (sql, "$%u", params->len);
    else
      g_string_append_c (sql, '?');
  }
  g_string_append_c (sql, ')');
}

CormStatement *
corm_source_walk (CormConnection *conn, const CormWalk *walk, const CormKeyValues *after,
                  const CormKeyValues *until, GError **error)
{
  static const CormSqlType row_key = { .type = CORM_TYPE_INT64 };
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const CormPair *pair = walk->pair;
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  g_autoptr (GArray) params = g_array_new (FALSE, FALSE, sizeof (CormSqlType));
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (CormValue));
  append_columns (sql, dialect, pair->source_columns, pair->n_columns, types);
  if (walk->kind == CORM_WALK_ROW_KEY) {
    g_string_append (sql, pair->n_columns > 0 ? ", " : "");
    append_keys (sql, dialect, walk);
    g_array_append_vals (types, &row_key, 1);
  }
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, dialect, pair->source);
  append_bound (sql, dialect, walk, ">", after, params, values);
  append_bound (sql, dialect, walk, "<=", until, params, values);
  if (walk->kind != CORM_WALK_ONCE) {
    g_string_append (sql, " ORDER BY ");
    append_keys (sql, dialect, walk);
  }
  return open_rows (conn, sql, types, (const CormSqlType *) (gpointer) params->data,
                    (const CormValue *) (gpointer) values->data, params->len, error);
}

/* By itself: SQLite finds one end of an index at once, but reads all of it for both. */
static void
append_end (GString *sql, const CormDialect *dialect, const CormTable *table, const char *function,
            const char *key)
{
  g_string_append_printf (sql, "(SELECT %s(", function);
  corm_sql_append_identifier (sql, dialect, key);
  g_string_append (sql, ") FROM ");
  corm_sql_append_rows_of (sql, dialect, table);
  g_string_append_c (sql, ')');
}

gboolean
corm_source_ends (CormConnection *conn, const CormTable *table, const char *key, gint64 *least,
                  gint64 *greatest, gboolean *any, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  append_end (sql, dialect, table, "min", key);
  g_string_append (sql, ", ");
  append_end (sql, dialect, table, "max", key);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *any = !corm_cursor_get_value (cursor, 0)->is_null;
  *least = *any ? corm_cursor_get_value (cursor, 0)->i : 0;
  *greatest = *any ? corm_cursor_get_value (cursor, 1)->i : 0;
  return TRUE;
}

/* TRUE: @schema makes the view @name, which ends with @end and then its indexes, without rows too. */
static gboolean
leave_empty (CormSchema *schema, const char *name, const char *end)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    CormSchemaObject *object = g_ptr_array_index (schema->objects, i);
    const char *at = strcmp (object->kind, "materialized view") == 0 && strcmp (object->name, name) == 0
                         ? strstr (object->sql, end)
                         : NULL;
    if (at == NULL)
      continue;
    g_autofree char *old = object->sql;
    gsize n = (gsize) (at - old) + strlen (end);
    object->sql = g_strdup_printf ("%.*s WITH NO DATA%s", (int) n, old, old + n);
    return TRUE;
  }
  return FALSE;
}

/* TRUE: the row is to be told of. */
static gboolean
is_left (CormCursor *cursor, const char *globs, CormSchema *schema)
{
  g_autofree char *name = corm_cursor_dup_text (cursor, 0),
                  *other = corm_cursor_get_n_columns (cursor) > 2 ? corm_cursor_dup_text (cursor, 2) : NULL;
  if (name == NULL ? globs != NULL : !corm_globs_match (globs, name))
    return FALSE;
  if (other == NULL)
    return TRUE;
  return schema != NULL && (*other == '\0' || !leave_empty (schema, name, other));
}

gboolean
corm_source_tell_elsewhere (CormConnection *conn, const char *globs, const char *before, CormSchema *schema,
                            GPtrArray *lines, GError **error)
{
  g_autoptr (GError) local = NULL;
  const char *sql = corm_connection_get_dialect (conn)->elsewhere;
  g_autoptr (CormCursor) cursor = sql != NULL ? corm_query (conn, sql, NULL, error) : NULL;
  if (cursor == NULL)
    return sql == NULL;
  while (corm_cursor_next (cursor, &local)) {
    g_autofree char *says = corm_cursor_dup_text (cursor, 1);
    if (is_left (cursor, globs, schema))
      g_ptr_array_add (lines, g_strconcat (before, says, NULL));
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
corm_source_count (CormConnection *conn, const CormTable *table, guint64 *count, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  corm_sql_append_rows_of (sql, dialect, table);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *count = (guint64) corm_cursor_get_value (cursor, 0)->i;
  return TRUE;
}
