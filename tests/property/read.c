/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is in a database, as texts that can be compared. */
#include "property.h"

#include <string.h>

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static void
append_value (GString *text, const CormValue *value)
{
  if (value->is_null)
    g_string_append (text, "NULL");
  else {
    g_autoptr (GString) plain = g_string_new (NULL);
    corm_value_append_text (value, plain);
    g_autofree char *escaped = g_strescape (plain->str, NULL);
    g_string_append_printf (text, "'%s'", escaped);
  }
}

GPtrArray *
read_rows (CormConnection *conn, const char *table, const GPtrArray *columns, GError **error)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  g_autofree char *name = texts_quote (dialect, table);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  GError *local = NULL;
  for (guint i = 0; i < columns->len; i++)
    g_string_append_printf (sql, "%s%s", i > 0 ? ", " : "", (const char *) columns->pdata[i]);
  g_string_append_printf (sql, "%s FROM %s", columns->len == 0 ? "1" : "", name);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL)
    return NULL;
  while (corm_cursor_next (cursor, &local)) {
    GString *row = g_string_new (NULL);
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      g_string_append (row, i > 0 ? ", " : "");
      append_value (row, corm_cursor_get_value (cursor, i));
    }
    g_ptr_array_add (rows, g_string_free (row, FALSE));
  }
  if (local != NULL) {
    g_propagate_error (error, local);
    return NULL;
  }
  g_ptr_array_sort (rows, compare_texts);
  return g_steal_pointer (&rows);
}

/* "a.x = b.y AND …", or "a.x IS NOT NULL AND …" where @targets is NULL */
static void
append_pairs (GString *sql, const CormDialect *dialect, GStrv columns, GStrv targets)
{
  for (guint i = 0; columns[i] != NULL; i++) {
    g_autofree char *left = texts_quote (dialect, columns[i]);
    g_autofree char *right = targets != NULL ? texts_quote (dialect, targets[i]) : NULL;
    g_string_append_printf (sql, "%sa.%s %s%s", i > 0 ? " AND " : "", left,
                            right != NULL ? "= b." : "IS NOT NULL", right != NULL ? right : "");
  }
}

static gboolean
count_orphans (CormConnection *conn, const CormTable *table, const CormForeignKey *key, gint64 *n,
               GError **error)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  g_autofree char *name = texts_quote (dialect, table->name);
  g_autofree char *target = texts_quote (dialect, key->target_table);
  g_autoptr (GString) sql = g_string_new (NULL);
  g_string_printf (sql, "SELECT count(*) FROM %s a WHERE ", name);
  append_pairs (sql, dialect, key->columns, NULL);
  g_string_append_printf (sql, " AND NOT EXISTS (SELECT 1 FROM %s b WHERE ", target);
  append_pairs (sql, dialect, key->columns, key->target_columns);
  g_string_append_c (sql, ')');
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *n += corm_cursor_get_value (cursor, 0)->i;
  return TRUE;
}

gboolean
read_orphans (CormConnection *conn, const CormSchema *schema, gint64 *n, GError **error)
{
  *n = 0;
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *table = schema->tables->pdata[t];
    for (guint i = 0; i < table->foreign_keys->len; i++)
      if (!count_orphans (conn, table, table->foreign_keys->pdata[i], n, error))
        return FALSE;
  }
  return TRUE;
}

static gboolean
append_table (GString *text, CormConnection *conn, const CormTable *table, GError **error)
{
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < table->columns->len; i++)
    g_ptr_array_add (names,
                     texts_quote (dialect, ((const CormTableColumn *) table->columns->pdata[i])->name));
  g_autoptr (GPtrArray) rows = read_rows (conn, table->name, names, error);
  if (rows == NULL)
    return FALSE;
  g_string_append_printf (text, "%s\n", table->name);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_printf (text, "  %s\n", (const char *) rows->pdata[i]);
  return TRUE;
}

char *
read_all (CormConnection *conn, GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, error);
  if (schema == NULL)
    return NULL;
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (GString) text = g_string_new (json);
  for (guint i = 0; i < schema->tables->len; i++)
    if (!append_table (text, conn, schema->tables->pdata[i], error))
      return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}
