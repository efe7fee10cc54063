/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What this peer has seen, what others said that they have; what is kept aside; and compaction, which asks neither. */
#include "sync/line.h"

#include <string.h>

/* --- vectors ----------------------------------------------------------------------------------------------------- */

CormSyncHave *
corm_sync_have_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
corm_sync_have_set (CormSyncHave *have, const char *peer, gint64 seq, gint64 clock)
{
  CormSyncPoint *point = g_new (CormSyncPoint, 1);
  *point = (CormSyncPoint){ .seq = seq, .clock = clock };
  g_hash_table_insert (have, g_strdup (peer), point);
}

CormSyncPoint
corm_sync_have_get (CormSyncHave *have, const char *peer)
{
  const CormSyncPoint *point = g_hash_table_lookup (have, peer);
  return point != NULL ? *point : (CormSyncPoint){ 0 };
}

CormSyncHave *
corm_sync_have_read (CormSyncWork *work, GError **error)
{
  GError *local = NULL;
  g_autoptr (GHashTable) have = corm_sync_have_new ();
  g_autoptr (CormCursor) cursor =
      corm_query (work->conn, "SELECT peer_id, seq, clock FROM corm_sync_seen", NULL, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local)) {
    g_autofree char *peer = corm_sync_get_text (cursor, 0);
    corm_sync_have_set (have, peer, corm_sync_get_number (cursor, 1), corm_sync_get_number (cursor, 2));
  }
  if (local != NULL) {
    g_propagate_error (error, local);
    return NULL;
  }
  if (work->seq > 0)
    corm_sync_have_set (have, work->sync->peer, work->seq, work->clock);
  return g_steal_pointer (&have);
}

gboolean
corm_sync_see (CormConnection *conn, const char *peer, CormSyncPoint point, GError **error)
{
  const CormParam old[] = { CORM_PARAM ("peer", peer), { 0 } };
  const CormParam new[] = {
    CORM_PARAM ("peer", peer), CORM_PARAM ("seq", point.seq), CORM_PARAM ("clock", point.clock), { 0 }
  };
  return corm_execute (conn, "DELETE FROM corm_sync_seen WHERE peer_id = :peer", old, NULL, error) &&
         corm_execute (conn, "INSERT INTO corm_sync_seen (peer_id, seq, clock) VALUES (:peer, :seq, :clock)",
                       new, NULL, error);
}

gboolean
corm_sync_hear (CormConnection *conn, const char *peer, guint version, const char *hello, gsize size,
                GError **error)
{
  g_autofree char *now = corm_timestamp_to_text (corm_timestamp_now ());
  g_autofree char *text = g_strndup (hello, size);
  const CormParam old[] = { CORM_PARAM ("peer", peer), { 0 } };
  const CormParam new[] = { CORM_PARAM ("peer", peer),
                            CORM_PARAM ("version", (gint64) version),
                            CORM_PARAM ("now", (const char *) now),
                            CORM_PARAM ("hello", (const char *) text),
                            { 0 } };
  return corm_execute (conn, "DELETE FROM corm_sync_peers WHERE peer_id = :peer", old, NULL, error) &&
         corm_execute (
             conn,
             "INSERT INTO corm_sync_peers (peer_id, version, heard_at, hello) VALUES (:peer, :version, "
             ":now, :hello)",
             new, NULL, error);
}

static CormSyncLine *
read_hello (CormCursor *cursor, guint column, GError **error)
{
  g_autofree char *text = corm_sync_get_text (cursor, column);
  return corm_sync_line_parse (text, strlen (text), error);
}

CormSyncHave *
corm_sync_have_of_peer (CormSyncWork *work, const char *peer, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("peer", peer), { 0 } };
  g_autoptr (CormSyncLine) hello = NULL;
  g_autoptr (CormCursor) cursor =
      corm_query (work->conn, "SELECT hello FROM corm_sync_peers WHERE peer_id = :peer", params, &local);
  if (cursor != NULL && corm_cursor_next (cursor, &local))
    hello = read_hello (cursor, 0, &local);
  if (hello != NULL)
    return g_steal_pointer (&hello->have);
  if (local == NULL)
    g_set_error (&local, CORM_ERROR, CORM_ERROR_INVALID,
                 "sync: no peer %s has been heard of; leave it out to write everything", peer);
  g_propagate_error (error, local);
  return NULL;
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

typedef struct {
  GPtrArray *list;
  CormSyncHave *mine;
} List;

static void
peer_free (gpointer data)
{
  CormSyncPeer *peer = data;
  g_free (peer->peer);
  g_strfreev (peer->capabilities);
  g_free (peer->heard_at);
  g_free (peer);
}

static void
aside_free (gpointer data)
{
  CormSyncAside *aside = data;
  g_free (aside->table);
  g_free (aside->column);
  g_free (aside);
}

static gint64
count_behind (CormSyncHave *mine, CormSyncHave *theirs)
{
  GHashTableIter iter;
  gpointer peer, point;
  gint64 n = 0;
  g_hash_table_iter_init (&iter, mine);
  while (g_hash_table_iter_next (&iter, &peer, &point))
    n += MAX (((CormSyncPoint *) point)->seq - corm_sync_have_get (theirs, peer).seq, 0);
  return n;
}

static gboolean
add_peer (List *list, CormCursor *cursor, GError **error)
{
  g_autoptr (CormSyncLine) hello = read_hello (cursor, 1, error);
  if (hello == NULL)
    return FALSE;
  CormSyncPeer *peer = g_new0 (CormSyncPeer, 1);
  peer->peer = g_strdup (hello->peer);
  peer->version = hello->version;
  peer->capabilities = g_strdupv (hello->capabilities);
  peer->heard_at = corm_sync_get_text (cursor, 0);
  peer->behind = count_behind (list->mine, hello->have);
  g_ptr_array_add (list->list, peer);
  return TRUE;
}

static gboolean
list_peers (CormSyncWork *work, gpointer data, GError **error)
{
  List *list = data;
  GError *local = NULL;
  g_ptr_array_set_size (list->list, 0);
  list->mine = corm_sync_have_read (work, error);
  if (list->mine == NULL)
    return FALSE;
  g_autoptr (CormCursor) cursor =
      corm_query (work->conn, "SELECT heard_at, hello FROM corm_sync_peers ORDER BY peer_id", NULL, &local);
  while (cursor != NULL && local == NULL && corm_cursor_next (cursor, &local))
    if (!add_peer (list, cursor, &local))
      break;
  g_clear_pointer (&list->mine, g_hash_table_unref);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

GPtrArray *
corm_sync_list_peers (CormSync *sync, GError **error)
{
  g_return_val_if_fail (sync != NULL, NULL);
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func (peer_free);
  List list = { .list = peers };
  return corm_sync_work (sync, list_peers, &list, NULL, error) ? g_steal_pointer (&peers) : NULL;
}

static gboolean
list_aside (CormSyncWork *work, gpointer data, GError **error)
{
  GPtrArray *list = data;
  GError *local = NULL;
  g_ptr_array_set_size (list, 0);
  g_autoptr (CormCursor) cursor = corm_query (
      work->conn,
      "SELECT table_name, column_name, count(*) FROM corm_oplog WHERE state = 3 GROUP BY table_name, "
      "column_name ORDER BY table_name, column_name",
      NULL, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local)) {
    CormSyncAside *aside = g_new0 (CormSyncAside, 1);
    g_autofree char *column = corm_sync_get_text (cursor, 1);
    aside->table = corm_sync_get_text (cursor, 0);
    aside->column = *column != '\0' ? g_steal_pointer (&column) : NULL;
    aside->count = (guint64) corm_sync_get_number (cursor, 2);
    g_ptr_array_add (list, aside);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

GPtrArray *
corm_sync_list_aside (CormSync *sync, GError **error)
{
  g_return_val_if_fail (sync != NULL, NULL);
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (aside_free);
  return corm_sync_work (sync, list_aside, list, NULL, error) ? g_steal_pointer (&list) : NULL;
}

/* --- compaction -------------------------------------------------------------------------------------------------- */

static gboolean
compact_row (CormSyncWork *work, const char *table, const char *id, guint64 *n, GError **error)
{
  g_auto (CormSyncRow) row = { 0 };
  if (!corm_sync_row_read (&row, work->conn, table, id, error))
    return FALSE;
  for (guint i = 0; i < row.entries->len; i++) {
    const CormSyncEntry *entry = row.entries->pdata[i];
    if (!corm_sync_row_is_void (&row, entry))
      continue;
    (*n)++;
    if (!corm_sync_unlog (work->conn, entry, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
compact (CormSyncWork *work, gpointer data, GError **error)
{
  guint64 *n = data;
  *n = 0;
  for (guint state = CORM_SYNC_SETTLED; state <= CORM_SYNC_ASIDE; state++) {
    g_autoptr (GPtrArray) rows = corm_sync_list_rows (work->conn, (CormSyncState) state, error);
    if (rows == NULL)
      return FALSE;
    for (guint i = 0; i < rows->len; i += 2)
      if (!compact_row (work, rows->pdata[i], rows->pdata[i + 1], n, error))
        return FALSE;
  }
  return TRUE;
}

gboolean
corm_sync_compact (CormSync *sync, guint64 *n_dropped, GError **error)
{
  guint64 n;
  g_return_val_if_fail (sync != NULL, FALSE);
  if (!corm_sync_work (sync, compact, &n, NULL, error))
    return FALSE;
  if (n_dropped != NULL)
    *n_dropped = n;
  return TRUE;
}
