/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A message, written: of each peer what the reader has not seen, in the order of its numbers. The end says what was covered, also
 * where a number has no operation any more. */
#include "sync/line.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* @sum: NULL, or what the line is added to. */
static gboolean
write_line (const CormSyncLine *line, GChecksum *sum, FILE *file, GError **error)
{
  g_autofree char *text = corm_sync_line_to_text (line);
  if (sum != NULL)
    g_checksum_update (sum, (const guchar *) text, -1);
  if (fputs (text, file) >= 0 && fputc ('\n', file) >= 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "sync: cannot write the message: %s",
               g_strerror (errno));
  return FALSE;
}

gboolean
corm_sync_write_hello (CormSyncWork *work, FILE *file, GError **error)
{
  g_autoptr (CormSyncLine) line = corm_sync_line_new (CORM_SYNC_HELLO);
  line->peer = g_strdup (work->sync->peer);
  line->version = work->sync->version;
  line->capabilities = g_strdupv (work->sync->capabilities);
  line->have = corm_sync_have_read (work, error);
  return line->have != NULL && write_line (line, NULL, file, error);
}

/* --- changes ----------------------------------------------------------------------------------------------------- */

typedef struct {
  CormSyncWork *work;
  FILE *file;
  GChecksum *sum;
  CormSyncLine *line; /* under construction; NULL: none */
} Send;

static gboolean
flush (Send *send, GError **error)
{
  gboolean ok = send->line == NULL || write_line (send->line, send->sum, send->file, error);
  send->work->report->sent += send->line != NULL;
  g_clear_pointer (&send->line, corm_sync_line_free);
  return ok;
}

/* The operation that @cursor stands on: of the change under construction, or of the next one. */
static gboolean
send_entry (Send *send, CormCursor *cursor, const char *peer, GError **error)
{
  gint64 seq = corm_sync_get_number (cursor, 0), clock = corm_sync_get_number (cursor, 1);
  CormSyncOp op = (CormSyncOp) corm_sync_get_number (cursor, 4);
  if (send->line == NULL || send->line->seq != seq) {
    if (!flush (send, error))
      return FALSE;
    send->line = corm_sync_line_new (CORM_SYNC_CHANGE);
    send->line->peer = g_strdup (peer);
    send->line->seq = seq;
    send->line->clock = clock;
    send->line->table = corm_sync_get_text (cursor, 2);
    send->line->row = corm_sync_get_text (cursor, 3);
    send->line->op = op;
  }
  if (op != CORM_SYNC_SET) {
    send->line->op = op;
    return TRUE;
  }
  g_ptr_array_add (send->line->columns, corm_sync_get_text (cursor, 5));
  g_ptr_array_add (send->line->values, corm_sync_get_text (cursor, 6));
  return TRUE;
}

static gboolean
send_peer (Send *send, const char *peer, gint64 from, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("peer", peer), CORM_PARAM ("from", from), { 0 } };
  g_autoptr (CormCursor) cursor =
      corm_query (send->work->conn,
                  "SELECT seq, clock, table_name, row_id, op, column_name, new_value FROM corm_oplog WHERE "
                  "peer_id = :peer AND seq > :from ORDER BY seq, column_name",
                  params, &local);
  while (cursor != NULL && local == NULL && corm_cursor_next (cursor, &local))
    if (!send_entry (send, cursor, peer, &local))
      break;
  if (local == NULL)
    return flush (send, error);
  g_propagate_error (error, local);
  return FALSE;
}

static GPtrArray *
list_origins (CormConnection *conn, GError **error)
{
  GError *local = NULL;
  g_autoptr (GPtrArray) peers = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT DISTINCT peer_id FROM corm_oplog ORDER BY peer_id", NULL, &local);
  while (cursor != NULL && corm_cursor_next (cursor, &local))
    g_ptr_array_add (peers, corm_sync_get_text (cursor, 0));
  if (local == NULL)
    return g_steal_pointer (&peers);
  g_propagate_error (error, local);
  return NULL;
}

/* Who has seen up to from has then seen up to have. */
static gboolean
write_end (Send *send, CormSyncHave *theirs, GError **error)
{
  GHashTableIter iter;
  gpointer peer, point;
  CormSyncWork *work = send->work;
  g_autoptr (CormSyncLine) line = corm_sync_line_new (CORM_SYNC_END);
  g_autoptr (GHashTable) mine = corm_sync_have_read (work, error);
  if (mine == NULL)
    return FALSE;
  line->n_changes = (gint64) work->report->sent;
  line->have = corm_sync_have_new ();
  line->from = corm_sync_have_new ();
  g_hash_table_iter_init (&iter, mine);
  while (g_hash_table_iter_next (&iter, &peer, &point)) {
    const CormSyncPoint *to = point;
    gint64 from = corm_sync_have_get (theirs, peer).seq;
    if (to->seq <= from)
      continue;
    corm_sync_have_set (line->have, peer, to->seq, to->clock);
    corm_sync_have_set (line->from, peer, from, 0);
  }
  corm_sync_line_sum (line, send->sum);
  return write_line (line, NULL, send->file, error);
}

gboolean
corm_sync_write_changes (CormSyncWork *work, FILE *file, CormSyncHave *theirs, GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Send send = { .work = work, .file = file, .sum = sum };
  g_autoptr (GPtrArray) peers = list_origins (work->conn, error);
  gboolean ok = peers != NULL;
  for (guint i = 0; ok && i < peers->len; i++)
    ok = send_peer (&send, peers->pdata[i], corm_sync_have_get (theirs, peers->pdata[i]).seq, error);
  g_clear_pointer (&send.line, corm_sync_line_free);
  return ok && write_end (&send, theirs, error);
}

/* --- a file ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *path; /* for as long as it is not whole */
  const char *name; /* then */
  const char *peer;
} Target;

static gboolean
write_message (CormSyncWork *work, FILE *file, CormSyncHave *theirs, GError **error)
{
  return corm_sync_write_hello (work, file, error) && corm_sync_write_changes (work, file, theirs, error);
}

static gboolean
close_file (FILE *file, const char *path, gboolean ok, GError **error)
{
  gboolean whole = ok && fflush (file) == 0 && fsync (fileno (file)) == 0;
  int why = errno;
  if (fclose (file) == 0 && whole)
    return TRUE;
  if (ok)
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "sync: cannot write %s: %s", path, g_strerror (why));
  return FALSE;
}

static gboolean
write_file (CormSyncWork *work, gpointer data, GError **error)
{
  const Target *target = data;
  g_autoptr (GHashTable) theirs =
      target->peer != NULL ? corm_sync_have_of_peer (work, target->peer, error) : corm_sync_have_new ();
  if (theirs == NULL)
    return FALSE;
  FILE *file = g_fopen (target->path, "we");
  if (file == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "sync: cannot write %s: %s", target->name,
                 g_strerror (errno));
    return FALSE;
  }
  g_strlcpy (work->report->peer, target->peer != NULL ? target->peer : "", sizeof work->report->peer);
  return close_file (file, target->name, write_message (work, file, theirs, error), error);
}

gboolean
corm_sync_write (CormSync *sync, const char *path, const char *peer, CormSyncReport *report, GError **error)
{
  g_return_val_if_fail (sync != NULL && path != NULL, FALSE);
  g_autofree char *part = g_strdup_printf ("%s.%08x.part", path, g_random_int ());
  Target target = { part, path, peer };
  if (!corm_sync_work (sync, write_file, &target, report, error)) {
    g_unlink (part);
    return FALSE;
  }
  if (g_rename (part, path) == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "sync: cannot write %s: %s", path, g_strerror (errno));
  g_unlink (part);
  return FALSE;
}
