/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A message, taken in: its operations into the log, then what they make of the rows into the tables, in one transaction.
 * Nothing that the message says is believed before its end has been read. */
#include "sync/line.h"

#include "base/error.h"

#include <string.h>

enum { FAR_APART = 3 };
#define LAST_MS \
  G_GUINT64_CONSTANT (130000000000000) /* the year 6089: what a clock has room for, and years to spare */

typedef struct {
  CormSyncWork *work;
  CormSyncSpool *spool;
  CormSyncHave *have;
  CormSyncHave *last; /* of each peer, the last change in the message that is known already */
  GChecksum *sum;
  gint64 n_changes;
  gint64 latest; /* the furthest clock that is believed */
} Receive;

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s", reason);
  return FALSE;
}

/* --- a line ------------------------------------------------------------------------------------------------------ */

static gboolean
take_hello (Receive *receive, const CormSyncLine *line, const char *text, gsize size, GError **error)
{
  CormSyncReport *report = receive->work->report;
  CormSync *sync = receive->work->sync;
  if (line->kind != CORM_SYNC_HELLO)
    return refuse (error, "the first line does not say who speaks: this is no message");
  g_strlcpy (report->peer, line->peer, sizeof report->peer);
  report->version = line->version;
  guint apart = MAX (line->version, sync->version) - MIN (line->version, sync->version);
  report->resync_advised = apart > FAR_APART;
  if (report->resync_advised)
    corm_sync_warn (
        sync,
        "large version gap: peer %s is at version %u, this one at %u; bring the older one up and consider "
        "a full resync",
        line->peer, line->version, sync->version);
  return corm_sync_check_have (receive->work, receive->have, line->have, error) &&
         (strcmp (line->peer, sync->peer) == 0 ||
          corm_sync_hear (receive->work->conn, line->peer, line->version, text, size, error));
}

/* Which columns of this change are here already. */
static gboolean
read_known (Receive *receive, const CormSyncLine *line, GHashTable *known, GError **error)
{
  GError *local = NULL;
  const CormParam params[] = { CORM_PARAM ("peer", (const char *) line->peer),
                               CORM_PARAM ("seq", line->seq),
                               { 0 } };
  g_autoptr (CormCursor) cursor = corm_query (
      receive->work->conn, "SELECT column_name, clock FROM corm_oplog WHERE peer_id = :peer AND seq = :seq",
      params, &local);
  while (cursor != NULL && local == NULL && corm_cursor_next (cursor, &local)) {
    g_hash_table_add (known, corm_sync_get_text (cursor, 0));
    if (corm_sync_get_number (cursor, 1) != line->clock)
      corm_sync_refuse_name (line->peer, &local);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
log_entry (Receive *receive, const CormSyncLine *line, CormSyncOp op, char *column, char *value,
           GHashTable *known, gboolean *is_new, GError **error)
{
  const CormSyncEntry entry = { .op = op,
                                .state = CORM_SYNC_NEW,
                                .peer = line->peer,
                                .seq = line->seq,
                                .clock = line->clock,
                                .table = line->table,
                                .row = line->row,
                                .column = column,
                                .value = value };
  if (g_hash_table_contains (known, column))
    return TRUE;
  *is_new = TRUE;
  return corm_sync_log (receive->work->conn, &entry, error);
}

static gboolean
log_change (Receive *receive, const CormSyncLine *line, GError **error)
{
  gboolean is_new = FALSE;
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!read_known (receive, line, known, error))
    return FALSE;
  if (line->op != CORM_SYNC_SET &&
      !log_entry (receive, line, line->op, (char *) "", NULL, known, &is_new, error))
    return FALSE;
  for (guint i = 0; i < line->columns->len; i++)
    if (!log_entry (receive, line, CORM_SYNC_SET, line->columns->pdata[i], line->values->pdata[i], known,
                    &is_new, error))
      return FALSE;
  corm_sync_see_clock (receive->work, line->clock);
  receive->work->report->received += is_new;
  receive->work->report->known += !is_new;
  return TRUE;
}

static gboolean
take_change (Receive *receive, const CormSyncLine *line, GError **error)
{
  receive->n_changes++;
  if (line->clock > receive->latest)
    return refuse (
        error,
        "its clock is far ahead of this machine's: set the clocks right, or allow more (max_ahead_ms)");
  CormSyncPoint known = corm_sync_have_get (receive->have, line->peer);
  if (line->seq > known.seq)
    return strcmp (line->peer, receive->work->sync->peer) == 0 ? corm_sync_refuse_name (line->peer, error)
                                                               : log_change (receive, line, error);
  if (known.clock > 0 && line->clock > known.clock)
    return corm_sync_refuse_name (line->peer, error);
  corm_sync_have_set (receive->last, line->peer, line->seq, line->clock);
  receive->work->report->known++;
  return TRUE;
}

/* The last of the known changes has to be the one that is known; unless it is compacted. */
static gboolean
check_last (Receive *receive, GError **error)
{
  GHashTableIter iter;
  gpointer peer, data;
  g_hash_table_iter_init (&iter, receive->last);
  while (g_hash_table_iter_next (&iter, &peer, &data)) {
    const CormSyncPoint *last = data;
    gint64 n;
    const CormParam params[] = { CORM_PARAM ("peer", (const char *) peer),
                                 CORM_PARAM ("seq", last->seq),
                                 CORM_PARAM ("clock", last->clock),
                                 { 0 } };
    if (!corm_sync_ask (
            receive->work->conn,
            "SELECT count(*) FROM corm_oplog WHERE peer_id = :peer AND seq = :seq AND clock <> :clock",
            params, &n, error))
      return FALSE;
    if (n > 0)
      return corm_sync_refuse_name (peer, error);
  }
  return TRUE;
}

static gboolean
check_sum (Receive *receive, CormSyncLine *line, GError **error)
{
  g_autofree char *said = g_steal_pointer (&line->sum);
  if (said == NULL)
    return TRUE;
  corm_sync_line_sum (line, receive->sum);
  return strcmp (said, line->sum) == 0 ||
         refuse (error, "the sum does not fit: the message has been damaged or changed; send it again");
}

static gboolean
take_end (Receive *receive, CormSyncLine *line, GError **error)
{
  GHashTableIter iter;
  gpointer peer, data;
  if (line->n_changes != receive->n_changes)
    return refuse (error,
                   "the end counts other changes than there are: the message is not whole; send it again");
  if (!check_sum (receive, line, error) ||
      !corm_sync_check_have (receive->work, receive->have, line->have, error) || !check_last (receive, error))
    return FALSE;
  g_hash_table_iter_init (&iter, line->have);
  while (g_hash_table_iter_next (&iter, &peer, &data)) {
    const CormSyncPoint *to = data;
    gint64 mine = corm_sync_have_get (receive->have, peer).seq;
    if (to->seq <= mine)
      continue;
    if (corm_sync_have_get (line->from, peer).seq > mine)
      receive->work->report->has_gap = TRUE;
    else if (!corm_sync_see (receive->work->conn, peer, *to, error))
      return FALSE;
  }
  return TRUE;
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

static gboolean
take_line (Receive *receive, const char *text, gsize size, gboolean *ended, GError **error)
{
  g_autoptr (CormSyncLine) line = corm_sync_line_parse (text, size, error);
  if (line == NULL)
    return FALSE;
  if (corm_sync_spool_get_line (receive->spool) == 1)
    return take_hello (receive, line, text, size, error);
  if (*ended)
    return refuse (error, "something stands behind the end");
  if (line->kind == CORM_SYNC_HELLO)
    return refuse (error, "a second message begins here");
  *ended = line->kind == CORM_SYNC_END;
  if (!*ended)
    g_checksum_update (receive->sum, (const guchar *) text, (gssize) size);
  return *ended ? take_end (receive, line, error) : take_change (receive, line, error);
}

static gboolean
take_lines (Receive *receive, GError **error)
{
  const char *text;
  gsize size;
  gboolean ended = FALSE;
  GError *local = NULL;
  while ((text = corm_sync_spool_next (receive->spool, &size, &local)) != NULL)
    if (!take_line (receive, text, size, &ended, &local))
      break;
  if (local == NULL && !ended)
    refuse (&local, "the message ends in the middle; copy or send it again, whole");
  if (local == NULL)
    return TRUE;
  guint64 number = MAX (corm_sync_spool_get_line (receive->spool), 1);
  g_propagate_error (error, local);
  return corm_error_prefix (error, "line %" G_GUINT64_FORMAT, number);
}

static gboolean
receive_file (CormSyncWork *work, gpointer data, GError **error)
{
  g_autoptr (CormSyncSpool) spool = corm_sync_spool_open (data, error);
  g_autoptr (GHashTable) have = spool != NULL ? corm_sync_have_read (work, error) : NULL;
  if (have == NULL)
    return FALSE;
  g_autoptr (GHashTable) last = corm_sync_have_new ();
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  Receive receive = { .work = work, .spool = spool, .have = have, .last = last, .sum = sum };
  guint64 ahead = MIN (work->sync->max_ahead_ms, LAST_MS - (guint64) corm_sync_now ());
  receive.latest = corm_sync_clock_at (corm_sync_now () + (gint64) ahead);
  return take_lines (&receive, error) && corm_sync_apply (work, error);
}

gboolean
corm_sync_receive (CormSync *sync, const char *path, CormSyncReport *report, GError **error)
{
  return corm_sync_work (sync, receive_file, (gpointer) path, report, error);
}

gboolean
corm_sync_read (CormSync *sync, const char *path, CormSyncReport *report, GError **error)
{
  g_return_val_if_fail (sync != NULL && path != NULL, FALSE);
  return corm_sync_receive (sync, path, report, error) || corm_error_prefix (error, "sync: %s", path);
}
