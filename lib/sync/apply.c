/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* New operations into the tables, row by row: what a row is follows from all its operations. Those that have no place, or that the
 * table refuses, are put aside, each kind with one warning. */
#include "sync/sync.h"

#include "base/error.h"

#include <string.h>

/* --- aside ------------------------------------------------------------------------------------------------------- */

static gboolean
has_aside (CormSyncWork *work, const char *table, const char *column, gboolean *has, GError **error)
{
  gint64 n = 0;
  const CormParam params[] = { CORM_PARAM ("table", table), CORM_PARAM ("column", column), { 0 } };
  gboolean ok = corm_sync_ask (work->conn,
                               "SELECT count(*) FROM corm_oplog WHERE state = 3 AND table_name = :table AND "
                               "column_name = :column",
                               params, &n, error);
  *has = n > 0;
  return ok;
}

static gboolean
warn_unknown (CormSyncWork *work, const char *table, const char *column, GError **error)
{
  gboolean has;
  if (!has_aside (work, table, column, &has, error))
    return FALSE;
  if (has)
    return TRUE;
  if (*column != '\0')
    corm_sync_warn (
        work->sync,
        "unknown column in oplog: %s.%s; its changes are kept aside until an upgrade brings the column",
        table, column);
  else
    corm_sync_warn (
        work->sync,
        "unknown table in oplog: %s; its changes are kept aside until an upgrade brings the table", table);
  return TRUE;
}

static gboolean
put_aside (CormSyncWork *work, const CormSyncEntry *entry, GError **error)
{
  work->report->aside++;
  return corm_sync_set_state (work->conn, entry->table, entry->row, entry->column, CORM_SYNC_NEW,
                              CORM_SYNC_ASIDE, error);
}

/* @table NULL: it is unknown as a whole. One warning for it, or for each column. */
static gboolean
put_unknown_aside (CormSyncWork *work, const CormSyncTable *table, const CormSyncRow *row, GError **error)
{
  for (guint i = 0; i < row->entries->len; i++) {
    const CormSyncEntry *entry = row->entries->pdata[i];
    gboolean known =
        table != NULL && (entry->op != CORM_SYNC_SET || corm_sync_find_column (table, entry->column));
    if (known || entry->state != CORM_SYNC_NEW)
      continue;
    gboolean warns = table != NULL || entry->op != CORM_SYNC_SET;
    if ((warns && !warn_unknown (work, entry->table, entry->column, error)) ||
        !put_aside (work, entry, error))
      return FALSE;
  }
  return TRUE;
}

/* --- into the table ---------------------------------------------------------------------------------------------- */

/* Columns and values that count; @only_new: that the table has not got yet. */
static void
gather (const CormSyncTable *table, const CormSyncRow *row, gboolean only_new, GPtrArray *columns,
        GPtrArray *texts)
{
  for (guint i = 0; i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    const CormSyncEntry *set = corm_sync_row_find (row, column->name);
    if (set == NULL || (only_new && set->state != CORM_SYNC_NEW))
      continue;
    g_ptr_array_add (columns, column);
    g_ptr_array_add (texts, set->value);
  }
}

/* A row that was deleted in between begins anew, so that columns that nobody has set since have their defaults; once, as other
 * tables may refer to it. */
static gboolean
write_row (CormSyncWork *work, const CormSyncTable *table, const CormSyncRow *row, const char *id,
           GError **error)
{
  gboolean exists = FALSE;
  g_autoptr (GPtrArray) columns = g_ptr_array_new (), texts = g_ptr_array_new ();
  if (row->created == NULL)
    return corm_sync_cells_delete (work->conn, table, id, error);
  gboolean begins_anew = row->deleted != NULL && row->deleted->state != CORM_SYNC_SETTLED;
  if (begins_anew ? !corm_sync_cells_delete (work->conn, table, id, error)
                  : !corm_sync_cells_exist (work->conn, table, id, &exists, error))
    return FALSE;
  gather (table, row, exists, columns, texts);
  if (!exists)
    return corm_sync_cells_insert (work->conn, table, id, columns, texts, error);
  return columns->len == 0 || corm_sync_cells_update (work->conn, table, id, columns, texts, error);
}

static gboolean
refuse_row (CormSyncWork *work, const CormSyncTable *table, const CormSyncRow *row, const char *id,
            const GError *why, GError **error)
{
  gboolean was_refused = FALSE;
  for (guint i = 0; i < row->entries->len; i++) {
    const CormSyncEntry *entry = row->entries->pdata[i];
    was_refused |= entry->state == CORM_SYNC_ASIDE;
    work->report->aside += entry->state == CORM_SYNC_NEW;
  }
  if (!was_refused)
    corm_sync_warn (work->sync,
                    "%s; the row's changes are kept aside, and tried again when the sync is opened",
                    why->message);
  return corm_sync_set_state (work->conn, table->table->name, id, NULL, CORM_SYNC_NEW, CORM_SYNC_ASIDE,
                              error);
}

static gboolean
write_carefully (CormSyncWork *work, const CormSyncTable *table, const CormSyncRow *row, const char *id,
                 GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (CormTransaction) savepoint =
      corm_transaction_begin (work->conn, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (write_row (work, table, row, id, &why))
    return corm_transaction_commit (savepoint, error);
  if (corm_error_is_about_row (why))
    return corm_transaction_rollback (savepoint, error) && refuse_row (work, table, row, id, why, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

static gboolean
apply_row (CormSyncWork *work, const char *name, const char *id, GError **error)
{
  const CormSyncTable *table = corm_sync_find_table (work->sync, name);
  g_auto (CormSyncRow) row = { 0 };
  if (!corm_sync_row_read (&row, work->conn, name, id, error) ||
      !put_unknown_aside (work, table, &row, error))
    return FALSE;
  if (table == NULL)
    return TRUE;
  work->report->rows++;
  return (work->careful ? write_carefully : write_row) (work, table, &row, id, error) &&
         corm_sync_set_state (work->conn, name, id, NULL, CORM_SYNC_NEW, CORM_SYNC_SETTLED, error);
}

gboolean
corm_sync_apply (CormSyncWork *work, GError **error)
{
  g_autoptr (GPtrArray) rows = corm_sync_list_rows (work->conn, CORM_SYNC_NEW, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i += 2)
    if (!apply_row (work, rows->pdata[i], rows->pdata[i + 1], error))
      return FALSE;
  return TRUE;
}

/* --- after a change of the schema -------------------------------------------------------------------------------- */

/* Triples of table, column and state, one behind the other. */
static GPtrArray *
list_kinds (CormSyncWork *work, GError **error)
{
  GError *local = NULL;
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormCursor) cursor = corm_query (
      work->conn, "SELECT DISTINCT table_name, column_name, state FROM corm_oplog WHERE state IN (0, 3)",
      NULL, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local))
    for (guint i = 0; i < 3; i++)
      g_ptr_array_add (kinds, corm_sync_get_text (cursor, i));
  if (local == NULL)
    return g_steal_pointer (&kinds);
  g_propagate_error (error, local);
  return NULL;
}

static gboolean
takes_part (const CormSync *sync, const char *name, const char *column)
{
  const CormSyncTable *table = corm_sync_find_table (sync, name);
  return table != NULL && (*column == '\0' || corm_sync_find_column (table, column) != NULL);
}

/* A table that only takes no part is no reason to write all of its old values again when it comes back. */
static gboolean
is_gone (const CormSync *sync, const char *name, const char *column)
{
  const CormTable *table = corm_schema_find_table (sync->schema, name);
  return table == NULL || (*column != '\0' && corm_table_find_column (table, column) == NULL);
}

gboolean
corm_sync_sort_out (CormSyncWork *work, GError **error)
{
  g_autoptr (GPtrArray) kinds = list_kinds (work, error);
  if (kinds == NULL)
    return FALSE;
  for (guint i = 0; i < kinds->len; i += 3) {
    const char *column = kinds->pdata[i + 1];
    gboolean was_aside = strcmp (kinds->pdata[i + 2], "3") == 0;
    if (was_aside ? !takes_part (work->sync, kinds->pdata[i], column)
                  : !is_gone (work->sync, kinds->pdata[i], column))
      continue;
    const CormParam params[] = { CORM_PARAM ("to", (gint64) (was_aside ? CORM_SYNC_NEW : CORM_SYNC_ASIDE)),
                                 CORM_PARAM ("from",
                                             (gint64) (was_aside ? CORM_SYNC_ASIDE : CORM_SYNC_SETTLED)),
                                 CORM_PARAM ("table", (const char *) kinds->pdata[i]),
                                 CORM_PARAM ("column", column),
                                 { 0 } };
    if (!corm_execute (
            work->conn,
            "UPDATE corm_oplog SET state = :to WHERE table_name = :table AND column_name = :column AND "
            "state = :from",
            params, NULL, error))
      return FALSE;
  }
  return TRUE;
}
