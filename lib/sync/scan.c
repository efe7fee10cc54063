/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tables against the log: what differs was changed by a program that no trigger saw. A value in a column that no operation
 * speaks of is what a migration put there: it counts as old as the row, so that it never beats what somebody wrote. */
#include "sync/sync.h"

#include <string.h>

static gboolean
log_change (CormSyncWork *work, const char *table, const char *id, CormSyncOp op, const char *column,
            const char *value, gint64 clock, GError **error)
{
  corm_sync_tick (work);
  CormSyncEntry entry = { .op = op,
                          .state = CORM_SYNC_SETTLED,
                          .peer = work->sync->peer,
                          .seq = work->seq,
                          .clock = clock > 0 ? clock : work->clock,
                          .table = (char *) table,
                          .row = (char *) id,
                          .column = (char *) column,
                          .value = (char *) value };
  return corm_sync_log (work->conn, &entry, error);
}

static gboolean
scan_column (CormSyncWork *work, const CormSyncTable *table, const CormSyncRow *row, guint i, const char *id,
             const char *cell, GError **error)
{
  const CormTableColumn *column = table->columns->pdata[i];
  const CormSyncEntry *set = corm_sync_row_find (row, column->name);
  const char *name = table->table->name;
  if (set != NULL)
    return g_strcmp0 (set->value, cell) == 0 ||
           log_change (work, name, id, CORM_SYNC_SET, column->name, cell, 0, error);
  g_autofree char *normal = NULL;
  if (corm_sync_default_text (column, &normal) && g_strcmp0 (normal, cell) == 0)
    return TRUE;
  return log_change (work, name, id, CORM_SYNC_SET, column->name, cell, row->created->clock, error);
}

/* A row that the log does not have: made just now, as far as others are concerned. */
static gboolean
scan_new (CormSyncWork *work, const CormSyncTable *table, const char *id, GPtrArray *cells, GError **error)
{
  const char *name = table->table->name;
  if (!log_change (work, name, id, CORM_SYNC_CREATE, "", NULL, 0, error))
    return FALSE;
  CormSyncEntry entry = { .op = CORM_SYNC_SET,
                          .peer = work->sync->peer,
                          .seq = work->seq,
                          .clock = work->clock,
                          .table = (char *) name,
                          .row = (char *) id };
  for (guint i = 0; i < cells->len; i++) {
    entry.column = ((const CormTableColumn *) table->columns->pdata[i])->name;
    entry.value = cells->pdata[i];
    if (!corm_sync_log (work->conn, &entry, error))
      return FALSE;
  }
  return TRUE;
}

/* The table refused something of it. */
static gboolean
is_refused (const CormSyncTable *table, const CormSyncRow *row)
{
  for (guint i = 0; i < row->entries->len; i++) {
    const CormSyncEntry *entry = row->entries->pdata[i];
    if (entry->state == CORM_SYNC_ASIDE &&
        (entry->op != CORM_SYNC_SET || corm_sync_find_column (table, entry->column) != NULL))
      return TRUE;
  }
  return FALSE;
}

static gboolean
scan_row (CormSyncWork *work, const CormSyncTable *table, const char *id, gboolean is_there, GError **error)
{
  g_auto (CormSyncRow) row = { 0 };
  g_autoptr (GPtrArray) cells = NULL;
  if (!corm_sync_row_read (&row, work->conn, table->table->name, id, error) ||
      !corm_sync_cells_read (work->conn, table, id, &cells, error))
    return FALSE;
  if (cells == NULL && is_there) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "sync: row %s of %s is not found by its key: it is not written as Corm writes it (a UUID in small "
        "letters); UPDATE it",
        id, table->table->name);
    return FALSE;
  }
  if (is_refused (table, &row) || (cells == NULL && row.created == NULL))
    return TRUE;
  if (cells == NULL)
    return log_change (work, table->table->name, id, CORM_SYNC_DELETE, "", NULL, 0, error);
  if (row.created == NULL)
    return scan_new (work, table, id, cells, error);
  for (guint i = 0; i < cells->len; i++)
    if (!scan_column (work, table, &row, i, id, cells->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void
add_key (GHashTable *keys, char *id)
{
  if (g_hash_table_contains (keys, id))
    g_free (id);
  else
    g_hash_table_insert (keys, id, NULL);
}

/* Rows that the log speaks of, whether the table has them or not. */
static gboolean
add_logged (CormSyncWork *work, const CormSyncTable *table, GHashTable *keys, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("table", (const char *) table->table->name), { 0 } };
  g_autoptr (CormCursor) cursor = corm_query (
      work->conn, "SELECT DISTINCT row_id FROM corm_oplog WHERE table_name = :table", params, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local))
    add_key (keys, corm_sync_get_text (cursor, 0));
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
scan_table (CormSyncWork *work, const CormSyncTable *table, GError **error)
{
  GHashTableIter iter;
  gpointer key, is_there;
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) list = corm_sync_list_keys (work->conn, table, error);
  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    g_hash_table_insert (keys, g_strdup (list->pdata[i]), GINT_TO_POINTER (TRUE));
  if (!add_logged (work, table, keys, error))
    return FALSE;
  g_hash_table_iter_init (&iter, keys);
  while (g_hash_table_iter_next (&iter, &key, &is_there))
    if (!scan_row (work, table, key, is_there != NULL, error))
      return FALSE;
  return TRUE;
}

gboolean
corm_sync_scan (CormSyncWork *work, GError **error)
{
  for (guint i = 0; i < work->sync->tables->len; i++)
    if (!scan_table (work, work->sync->tables->pdata[i], error))
      return FALSE;
  return TRUE;
}
