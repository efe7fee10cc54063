/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Figures of tables and indexes, each as far as the database has it. */
#include "upkeep/choose.h"

#include "base/error.h"
#include "engine/connection.h"

static void
index_stats_free (gpointer data)
{
  CormIndexStats *index = data;
  g_free (index->name);
  g_free (index);
}

static void
table_stats_free (gpointer data)
{
  CormTableStats *stats = data;
  g_free (stats->table);
  g_free (stats->analyzed);
  g_ptr_array_unref (stats->indexes);
  g_free (stats);
}

static CormTableStats *
table_stats_new (const char *table)
{
  CormTableStats *stats = g_new0 (CormTableStats, 1);
  stats->table = g_strdup (table);
  stats->rows = stats->bytes = stats->index_bytes = stats->dead_rows = stats->free_bytes = -1;
  stats->indexes = g_ptr_array_new_with_free_func (index_stats_free);
  return stats;
}

static gboolean
read_table (CormConnection *conn, const CormUpkeepSql *sql, CormTableStats *stats, GError **error)
{
  GError *local = NULL;
  g_autoptr (CormCursor) cursor = corm_upkeep_query (conn, sql->table_stats, stats->table, &local);
  if (cursor != NULL && corm_cursor_next (cursor, &local)) {
    stats->rows = corm_upkeep_get_number (cursor, 0, -1);
    stats->exact = corm_upkeep_get_number (cursor, 1, 0) != 0;
    stats->bytes = corm_upkeep_get_number (cursor, 2, -1);
    stats->index_bytes = corm_upkeep_get_number (cursor, 3, -1);
    stats->dead_rows = corm_upkeep_get_number (cursor, 4, -1);
    stats->free_bytes = corm_upkeep_get_number (cursor, 5, -1);
    stats->analyzed = corm_upkeep_get_text (cursor, 6);
  }
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

static gboolean
read_indexes (CormConnection *conn, const CormUpkeepSql *sql, CormTableStats *stats, GError **error)
{
  GError *local = NULL;
  g_autoptr (CormCursor) cursor = corm_upkeep_query (conn, sql->index_stats, stats->table, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local)) {
    CormIndexStats *index = g_new0 (CormIndexStats, 1);
    index->name = corm_upkeep_get_text (cursor, 0);
    index->bytes = corm_upkeep_get_number (cursor, 1, -1);
    index->reads = corm_upkeep_get_number (cursor, 2, -1);
    index->rows_per_key = corm_upkeep_get_number (cursor, 3, -1);
    g_ptr_array_add (stats->indexes, index);
  }
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

/* Whoever may not read the table does not learn how many rows it has, unless that was all he asked for. */
static gboolean
count_rows (CormConnection *conn, CormTableStats *stats, gboolean must, GError **error)
{
  GError *local = NULL;
  g_autofree char *sql =
      corm_upkeep_fill (corm_connection_get_dialect (conn), "SELECT count(*) FROM {t}", stats->table, NULL);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &local);
  if (cursor != NULL && corm_cursor_next (cursor, &local)) {
    stats->rows = corm_upkeep_get_number (cursor, 0, -1);
    stats->exact = TRUE;
  }
  if (local == NULL)
    return TRUE;
  if (!must && g_error_matches (local, CORM_ERROR, CORM_ERROR_DENIED)) {
    g_error_free (local);
    return TRUE;
  }
  g_propagate_error (error, local);
  return FALSE;
}

GPtrArray *
corm_stats (CormConnection *conn, const char *tables, bool exact, GError **error)
{
  g_return_val_if_fail (conn != NULL, NULL);
  const CormUpkeepSql *sql = corm_upkeep_sql (corm_connection_get_dialect (conn));
  g_autoptr (CormSchema) schema = corm_schema_inspect (conn, error);
  if (schema == NULL)
    return NULL;
  g_autoptr (GPtrArray) chosen = corm_choose_tables (schema, tables, error);
  if (chosen == NULL)
    return NULL;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (table_stats_free);
  for (guint i = 0; i < chosen->len; i++) {
    CormTableStats *stats = table_stats_new (((CormTable *) chosen->pdata[i])->name);
    g_ptr_array_add (all, stats);
    if (!read_table (conn, sql, stats, error) || !read_indexes (conn, sql, stats, error) ||
        ((stats->rows < 0 || (exact && !stats->exact)) && !count_rows (conn, stats, exact, error)))
      return corm_error_prefix (error, "figures of %s", stats->table), NULL;
  }
  return g_steal_pointer (&all);
}
