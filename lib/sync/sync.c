/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening: one process at a time makes what is missing, triggers before anything is looked at, so that what is changed
 * meanwhile is either logged or seen. */
#include "sync/sync.h"

#include "engine/connection.h"
#include "engine/lock.h"

enum { DAY_MS = 24 * 3600 * 1000 };

void
corm_sync_warn (CormSync *sync, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  if (sync->on_warning != NULL)
    sync->on_warning (text, sync->data);
  else
    g_printerr ("corm: sync: %s\n", text);
}

static gboolean
prepare (CormSync *sync, CormConnection *conn, GError **error)
{
  if (corm_connection_get_dialect (conn)->sync == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "sync: this database has no triggers that Corm knows how to write");
    return FALSE;
  }
  g_autoptr (CormMigratorLock) lock = corm_lock_take (conn, 0, error);
  if (lock == NULL)
    return FALSE;
  sync->schema = corm_schema_inspect (conn, error);
  return sync->schema != NULL && corm_sync_choose_tables (sync, error) &&
         corm_sync_make_tables (sync, conn, error) && corm_sync_make_triggers (sync, conn, error);
}

static gboolean
read_peer (CormSync *sync, GError **error)
{
  g_autoptr (CormConnection) conn = corm_db_connect (sync->db, error);
  g_autoptr (CormCursor) cursor =
      conn != NULL ? corm_query (conn, "SELECT peer_id FROM corm_sync", NULL, error) : NULL;
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  g_free (sync->peer);
  sync->peer = corm_sync_get_text (cursor, 0);
  return TRUE;
}

/* Pairs of table and row in which @peer did something at the moment at which another did. */
static GPtrArray *
list_ties (CormSyncWork *work, const char *peer, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("peer", peer), CORM_PARAM ("same", peer), { 0 } };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormCursor) cursor = corm_query (
      work->conn,
      "SELECT DISTINCT a.table_name, a.row_id FROM corm_oplog a JOIN corm_oplog b ON a.table_name = "
      "b.table_name AND a.row_id = b.row_id AND a.clock = b.clock WHERE a.peer_id = :peer AND b.peer_id <> "
      ":same",
      params, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local))
    for (guint i = 0; i < 2; i++)
      g_ptr_array_add (rows, corm_sync_get_text (cursor, i));
  if (local == NULL)
    return g_steal_pointer (&rows);
  g_propagate_error (error, local);
  return NULL;
}

/* At the same moment the names decide, and one of them is another now: rows where that matters are written again. */
static gboolean
break_ties (CormSyncWork *work, const char *peer, GError **error)
{
  g_autoptr (GPtrArray) rows = list_ties (work, peer, error);
  for (guint i = 0; rows != NULL && i < rows->len; i += 2)
    if (!corm_sync_set_state (work->conn, rows->pdata[i], rows->pdata[i + 1], NULL, CORM_SYNC_SETTLED,
                              CORM_SYNC_NEW, error))
      return FALSE;
  return rows != NULL;
}

/* What it has done goes by the new name, what others have of the former peer is another's: of a copy both hold the same
 * changes twice, and of a backup nothing is lost that was done behind it, here or there. */
static gboolean
become_new (CormSyncWork *work, G_GNUC_UNUSED gpointer data, GError **error)
{
  g_autofree char *peer = corm_uuid_to_text (corm_uuid_random ());
  const CormParam names[] = { CORM_PARAM ("peer", (const char *) peer),
                              CORM_PARAM ("old", (const char *) work->sync->peer),
                              { 0 } };
  const CormParam name[] = { CORM_PARAM ("peer", (const char *) peer), { 0 } };
  return corm_execute (work->conn, "UPDATE corm_oplog SET peer_id = :peer WHERE peer_id = :old", names, NULL,
                       error) &&
         break_ties (work, peer, error) &&
         corm_execute (work->conn, "UPDATE corm_sync SET peer_id = :peer", name, NULL, error);
}

static gboolean
settle (CormSyncWork *work, G_GNUC_UNUSED gpointer data, GError **error)
{
  return corm_sync_sort_out (work, error) && corm_sync_apply (work, error) &&
         (!work->sync->scan || corm_sync_scan (work, error));
}

static gboolean
start (CormSync *sync, gboolean new_peer, GError **error)
{
  g_autoptr (CormConnection) conn = corm_db_connect (sync->db, error);
  gboolean ok = conn != NULL && prepare (sync, conn, error);
  g_clear_pointer (&conn, corm_connection_free);
  return ok && read_peer (sync, error) &&
         (!new_peer || (corm_sync_work (sync, become_new, NULL, NULL, error) && read_peer (sync, error))) &&
         corm_sync_work (sync, settle, NULL, NULL, error);
}

CormSync *
corm_sync_open (CormDb *db, const CormSyncOptions *options, GError **error)
{
  static const CormSyncOptions none = { 0 };
  g_return_val_if_fail (db != NULL, NULL);
  g_autoptr (CormSync) sync = g_new0 (CormSync, 1);
  options = options != NULL ? options : &none;
  sync->db = db;
  sync->version = options->version;
  sync->capabilities = g_strdupv ((char **) options->capabilities);
  sync->globs = g_strdup (options->tables);
  sync->max_ahead_ms = options->max_ahead_ms > 0 ? options->max_ahead_ms : DAY_MS;
  sync->on_warning = options->on_warning;
  sync->data = options->data;
  sync->scan = options->scan;
  sync->tables = g_ptr_array_new_with_free_func (corm_sync_table_free);
  return start (sync, options->new_peer, error) ? g_steal_pointer (&sync) : NULL;
}

void
corm_sync_free (CormSync *sync)
{
  if (sync == NULL)
    return;
  g_free (sync->peer);
  g_strfreev (sync->capabilities);
  g_free (sync->globs);
  g_free (sync->covers);
  g_ptr_array_unref (sync->tables);
  corm_schema_free (sync->schema);
  g_free (sync);
}

const char *
corm_sync_get_peer (CormSync *sync)
{
  g_return_val_if_fail (sync != NULL, NULL);
  return sync->peer;
}
