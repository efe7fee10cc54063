/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The operations of a row, and what they make of it. Invariant: that depends on the set of operations alone, and is the same
 * with and without those that a compaction drops. */
#include "sync/sync.h"

#include <string.h>

#define COLUMNS "peer_id, seq, clock, op, column_name, new_value, state"

void
corm_sync_entry_free (gpointer data)
{
  CormSyncEntry *entry = data;
  g_free (entry->peer);
  g_free (entry->table);
  g_free (entry->row);
  g_free (entry->column);
  g_free (entry->value);
  g_free (entry);
}

int
corm_sync_entry_compare (const CormSyncEntry *a, const CormSyncEntry *b)
{
  if (a->clock != b->clock)
    return a->clock < b->clock ? -1 : 1;
  int peers = strcmp (a->peer, b->peer);
  return peers != 0 ? peers : (a->seq > b->seq) - (a->seq < b->seq);
}

/* --- what counts ------------------------------------------------------------------------------------------------- */

static gboolean
is_newer (const CormSyncEntry *a, const CormSyncEntry *b)
{
  return b == NULL || corm_sync_entry_compare (a, b) > 0;
}

void
corm_sync_row_judge (CormSyncRow *row)
{
  row->deleted = row->created = NULL;
  for (guint i = 0; i < row->entries->len; i++) {
    const CormSyncEntry *entry = row->entries->pdata[i];
    if (entry->op == CORM_SYNC_DELETE && is_newer (entry, row->deleted))
      row->deleted = entry;
    if (entry->op == CORM_SYNC_CREATE && is_newer (entry, row->created))
      row->created = entry;
  }
  if (row->created != NULL && row->deleted != NULL && !is_newer (row->created, row->deleted))
    row->created = NULL;
}

const CormSyncEntry *
corm_sync_row_find (const CormSyncRow *row, const char *column)
{
  const CormSyncEntry *found = NULL;
  for (guint i = 0; i < row->entries->len; i++) {
    const CormSyncEntry *entry = row->entries->pdata[i];
    if (entry->op == CORM_SYNC_SET && strcmp (entry->column, column) == 0 && is_newer (entry, row->deleted) &&
        is_newer (entry, found))
      found = entry;
  }
  return found;
}

gboolean
corm_sync_row_is_void (const CormSyncRow *row, const CormSyncEntry *entry)
{
  if (entry->op == CORM_SYNC_SET)
    return entry != corm_sync_row_find (row, entry->column);
  return entry != (entry->op == CORM_SYNC_DELETE ? row->deleted : row->created);
}

/* --- the table --------------------------------------------------------------------------------------------------- */

gboolean
corm_sync_row_read (CormSyncRow *row, CormConnection *conn, const char *table, const char *id, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("table", table), CORM_PARAM ("row", id), { 0 } };
  row->entries = g_ptr_array_new_with_free_func (corm_sync_entry_free);
  g_autoptr (CormCursor) cursor = corm_query (
      conn, "SELECT " COLUMNS " FROM corm_oplog WHERE table_name = :table AND row_id = :row", params, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local)) {
    CormSyncEntry *entry = g_new0 (CormSyncEntry, 1);
    entry->peer = corm_sync_get_text (cursor, 0);
    entry->seq = corm_sync_get_number (cursor, 1);
    entry->clock = corm_sync_get_number (cursor, 2);
    entry->op = (CormSyncOp) corm_sync_get_number (cursor, 3);
    entry->column = corm_sync_get_text (cursor, 4);
    entry->value = corm_sync_get_text (cursor, 5);
    entry->state = (CormSyncState) corm_sync_get_number (cursor, 6);
    entry->table = g_strdup (table);
    entry->row = g_strdup (id);
    g_ptr_array_add (row->entries, entry);
  }
  corm_sync_row_judge (row);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

void
corm_sync_row_clear (CormSyncRow *row)
{
  g_clear_pointer (&row->entries, g_ptr_array_unref);
}

gboolean
corm_sync_log (CormConnection *conn, const CormSyncEntry *entry, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("peer", (const char *) entry->peer),
                               CORM_PARAM ("seq", entry->seq),
                               CORM_PARAM ("clock", entry->clock),
                               CORM_PARAM ("table", (const char *) entry->table),
                               CORM_PARAM ("row", (const char *) entry->row),
                               CORM_PARAM ("op", (gint64) entry->op),
                               CORM_PARAM ("column", (const char *) entry->column),
                               { "value", corm_value_text (entry->value) },
                               CORM_PARAM ("state", (gint64) entry->state),
                               { 0 } };
  return corm_execute (
      conn,
      "INSERT INTO corm_oplog (peer_id, seq, clock, table_name, row_id, op, column_name, "
      "new_value, state) VALUES (:peer, :seq, :clock, :table, :row, :op, :column, :value, :state)",
      params, NULL, error);
}

gboolean
corm_sync_unlog (CormConnection *conn, const CormSyncEntry *entry, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("peer", (const char *) entry->peer),
                               CORM_PARAM ("seq", entry->seq),
                               CORM_PARAM ("column", (const char *) entry->column),
                               { 0 } };
  return corm_execute (
      conn, "DELETE FROM corm_oplog WHERE peer_id = :peer AND seq = :seq AND column_name = :column", params,
      NULL, error);
}

gboolean
corm_sync_set_state (CormConnection *conn, const char *table, const char *id, const char *column,
                     CormSyncState from, CormSyncState to, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("to", (gint64) to),
                               CORM_PARAM ("from", (gint64) from),
                               CORM_PARAM ("table", table),
                               CORM_PARAM ("row", id),
                               { column != NULL ? "column" : NULL, corm_value_text (column) },
                               { 0 } };
  return corm_execute (conn,
                       column != NULL
                           ? "UPDATE corm_oplog SET state = :to WHERE table_name = :table AND row_id = "
                             ":row AND column_name = :column AND state = :from"
                           : "UPDATE corm_oplog SET state = :to WHERE table_name = :table AND row_id = "
                             ":row AND state = :from",
                       params, NULL, error);
}

GPtrArray *
corm_sync_list_rows (CormConnection *conn, CormSyncState state, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("state", (gint64) state), { 0 } };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormCursor) cursor = corm_query (
      conn,
      "SELECT DISTINCT table_name, row_id FROM corm_oplog WHERE state = :state ORDER BY table_name, row_id",
      params, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local)) {
    g_ptr_array_add (rows, corm_sync_get_text (cursor, 0));
    g_ptr_array_add (rows, corm_sync_get_text (cursor, 1));
  }
  if (local == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, local);
  return NULL;
}
