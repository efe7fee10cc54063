/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See empty.h. A table that nobody named keeps its rows: where emptying another one would delete or change them, by ON DELETE
 * CASCADE and its like, nothing is emptied. */
#include "port/empty.h"

#include "base/error.h"
#include "port/build.h"
#include "port/tables.h"
#include "render/sql.h"

static gboolean
is_moved (const CormPortJob *job, const CormTable *table)
{
  for (guint i = 0; i < job->pairs->len; i++)
    if (((const CormPair *) g_ptr_array_index (job->pairs, i))->target == table)
      return TRUE;
  return FALSE;
}

/* Rows of @child that point somewhere by @key. */
static gboolean
count_pointing (CormPortJob *job, const CormTable *child, const CormForeignKey *key, guint64 *count,
                GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (job->to);
  g_autoptr (GString) sql = g_string_new ("SELECT count(*) FROM ");
  corm_sql_append_rows_of (sql, dialect, child);
  for (guint i = 0; key->columns[i] != NULL; i++) {
    g_string_append (sql, i == 0 ? " WHERE " : " AND ");
    corm_sql_append_identifier (sql, dialect, key->columns[i]);
    g_string_append (sql, " IS NOT NULL");
  }
  g_autoptr (CormCursor) cursor = corm_query (job->to, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *count = (guint64) corm_cursor_get_value (cursor, 0)->i;
  return TRUE;
}

static gboolean
check_referrer (CormPortJob *job, const CormTable *table, const CormTable *child, const CormForeignKey *key,
                GError **error)
{
  guint64 count = 0;
  if (key->on_delete != CORM_CASCADE && key->on_delete != CORM_SET_NULL && key->on_delete != CORM_SET_DEFAULT)
    return TRUE;
  if (!count_pointing (job, child, key, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;
  g_autofree char *columns = g_strjoinv (", ", key->columns);
  g_set_error (error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
               "table %s (%s) refers to %s, and its %" G_GUINT64_FORMAT
               " rows would be %s when that is emptied: truncate both, or empty %s first",
               child->name, columns, table->name, count,
               key->on_delete == CORM_CASCADE ? "deleted" : "changed", child->name);
  return FALSE;
}

/* @names gets "line (order_id)" for each table that stays and refers to @table. */
static gboolean
look_at_referrers (CormPortJob *job, const CormTable *table, GPtrArray *names, GError **error)
{
  for (guint t = 0; t < job->target->tables->len; t++) {
    const CormTable *child = g_ptr_array_index (job->target->tables, t);
    for (guint i = 0; !is_moved (job, child) && i < child->foreign_keys->len; i++) {
      const CormForeignKey *key = g_ptr_array_index (child->foreign_keys, i);
      if (corm_find_table_any_case (job->target, key->target_table) != table)
        continue;
      if (!check_referrer (job, table, child, key, error))
        return FALSE;
      g_autofree char *columns = g_strjoinv (", ", key->columns);
      g_ptr_array_add (names, g_strdup_printf ("%s (%s)", child->name, columns));
    }
  }
  return TRUE;
}

static gboolean
empty (CormPortJob *job, const CormTable *table, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) sql = g_string_new ("DELETE FROM ");
  corm_sql_append_rows_of (sql, corm_connection_get_dialect (job->to), table);
  if (!look_at_referrers (job, table, names, error))
    return FALSE;
  if (corm_connection_run (job->to, sql->str, error))
    return TRUE;
  g_ptr_array_add (names, NULL);
  g_autofree char *list = g_strjoinv (", ", (GStrv) names->pdata);
  return corm_error_prefix (error, "empty table %s%s%s", table->name,
                            names->len > 1 ? ", to which refer " : "", list);
}

/* Children first. */
gboolean
corm_port_empty (CormPortJob *job, GError **error)
{
  for (guint i = job->pairs->len; i > 0; i--)
    if (!empty (job, ((const CormPair *) g_ptr_array_index (job->pairs, i - 1))->target, error))
      return FALSE;
  return TRUE;
}

void
corm_port_name_orphan (CormPortJob *job, GError *why, GError **error)
{
  g_autofree char *row = NULL;
  if (g_error_matches (why, CORM_ERROR, CORM_ERROR_FOREIGN_KEY) && corm_connection_in_transaction (job->to) &&
      corm_build_find_orphan (job->to, &row, NULL) && row != NULL)
    g_prefix_error (&why, "a row refers to one that is not there any more, or did not come (%s): ", row);
  g_propagate_error (error, why);
}
