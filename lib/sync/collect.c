/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values for what the triggers logged. Invariant: nothing but changes by programs is in the tables beside what is logged, so
 * the newest operation of a cell has the value that stands there. */
#include "sync/sync.h"

#include <string.h>

typedef struct {
  CormSyncWork *work;
  const CormSyncTable *table;
  const char *id;
  CormSyncRow row;
  GPtrArray *cells; /* NULL: the row is gone */
} Collect;

static const CormSyncEntry *
find_fresh (const Collect *collect, CormSyncOp op, const char *column)
{
  const CormSyncEntry *found = NULL;
  for (guint i = 0; i < collect->row.entries->len; i++) {
    const CormSyncEntry *entry = collect->row.entries->pdata[i];
    if (entry->state == CORM_SYNC_FRESH && entry->op == op && strcmp (entry->column, column) == 0 &&
        (found == NULL || corm_sync_entry_compare (entry, found) > 0))
      found = entry;
  }
  return found;
}

/* The column's newest change by this peer gets its value: it was set, or came with the row. */
static gboolean
collect_column (const Collect *collect, guint i, const CormSyncEntry *created, GError **error)
{
  const CormTableColumn *column = collect->table->columns->pdata[i];
  const CormSyncEntry *set = find_fresh (collect, CORM_SYNC_SET, column->name);
  gboolean came = created != NULL && (set == NULL || corm_sync_entry_compare (created, set) > 0);
  const CormSyncEntry *from = came ? created : set;
  if (from == NULL)
    return TRUE;
  CormSyncEntry entry = *from;
  entry.op = CORM_SYNC_SET;
  entry.state = CORM_SYNC_SETTLED;
  entry.column = column->name;
  entry.value = collect->cells->pdata[i];
  return corm_sync_log (collect->work->conn, &entry, error);
}

static gboolean
collect_row (Collect *collect, GError **error)
{
  CormConnection *conn = collect->work->conn;
  const CormSyncEntry *created = find_fresh (collect, CORM_SYNC_CREATE, "");
  gboolean needs_cells = created != NULL;
  for (guint i = 0; i < collect->row.entries->len; i++) {
    const CormSyncEntry *entry = collect->row.entries->pdata[i];
    if (entry->state != CORM_SYNC_FRESH || entry->op != CORM_SYNC_SET)
      continue;
    needs_cells = TRUE;
    if (!corm_sync_unlog (conn, entry, error))
      return FALSE;
  }
  if (needs_cells && !corm_sync_cells_read (conn, collect->table, collect->id, &collect->cells, error))
    return FALSE;
  if (needs_cells && collect->cells == NULL && collect->row.created != NULL &&
      !corm_sync_check_key (collect->table, collect->id, error))
    return FALSE;
  for (guint i = 0; collect->cells != NULL && i < collect->table->columns->len; i++)
    if (!collect_column (collect, i, created, error))
      return FALSE;
  return corm_sync_set_state (conn, collect->table->table->name, collect->id, NULL, CORM_SYNC_FRESH,
                              CORM_SYNC_SETTLED, error);
}

/* A table that is gone, or takes part no more: nobody can say the values. */
static gboolean
forget (CormSyncWork *work, const char *table, const char *id, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("table", table), CORM_PARAM ("row", id), { 0 } };
  return corm_execute (work->conn,
                       "DELETE FROM corm_oplog WHERE table_name = :table AND row_id = :row AND state = 1",
                       params, NULL, error);
}

static gboolean
collect_one (CormSyncWork *work, const char *name, const char *id, GError **error)
{
  Collect collect = { .work = work, .table = corm_sync_find_table (work->sync, name), .id = id };
  if (collect.table == NULL)
    return forget (work, name, id, error);
  gboolean ok =
      corm_sync_row_read (&collect.row, work->conn, name, id, error) && collect_row (&collect, error);
  corm_sync_row_clear (&collect.row);
  g_clear_pointer (&collect.cells, g_ptr_array_unref);
  return ok;
}

gboolean
corm_sync_collect (CormSyncWork *work, GError **error)
{
  g_autoptr (GPtrArray) rows = corm_sync_list_rows (work->conn, CORM_SYNC_FRESH, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i += 2)
    if (!collect_one (work, rows->pdata[i], rows->pdata[i + 1], error))
      return FALSE;
  return TRUE;
}
