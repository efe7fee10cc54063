/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The transaction in which everything happens. It begins with the one row of corm_sync: from then on no change by anybody
 * else is under way, and none of its own is logged. */
#include "sync/sync.h"

#include "base/error.h"
#include "engine/cursor.h"

#include <corm/transact.h>
#include <string.h>

#define COUNTS 65536 /* of a clock, per millisecond */

typedef struct {
  CormSync *sync;
  CormSyncFunc func;
  gpointer data;
  CormSyncReport *report;
  gboolean careful;
  gboolean refused; /* out: a table refused a row, and nobody was careful */
} Job;

char *
corm_sync_get_text (CormCursor *cursor, guint column)
{
  return corm_cursor_dup_text (cursor, column);
}

gint64
corm_sync_get_number (CormCursor *cursor, guint column)
{
  g_autofree char *text = corm_cursor_dup_text (cursor, column);
  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gboolean
corm_sync_ask (CormConnection *conn, const char *sql, const CormParam *params, gint64 *number, GError **error)
{
  GError *local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, params, &local);
  *number = 0;
  if (cursor != NULL && corm_cursor_next (cursor, &local))
    *number = corm_sync_get_number (cursor, 0);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

gint64
corm_sync_now (void)
{
  return g_get_real_time () / 1000;
}

gint64
corm_sync_clock_at (gint64 ms)
{
  return ms * COUNTS;
}

void
corm_sync_tick (CormSyncWork *work)
{
  work->seq++;
  work->clock = MAX (work->clock + 1, corm_sync_clock_at (corm_sync_now ()));
}

void
corm_sync_see_clock (CormSyncWork *work, gint64 clock)
{
  work->clock = MAX (work->clock, clock);
}

static gboolean
begin (CormSyncWork *work, GError **error)
{
  if (!corm_execute (work->conn, "UPDATE corm_sync SET applying = 1", NULL, NULL, error))
    return FALSE;
  g_autoptr (CormCursor) cursor =
      corm_query (work->conn, "SELECT peer_id, seq, clock, covers FROM corm_sync", NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error)) {
    if (error != NULL && *error == NULL)
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "sync: the row of corm_sync is gone; open the sync again");
    return FALSE;
  }
  g_autofree char *peer = corm_sync_get_text (cursor, 0);
  work->seq = corm_sync_get_number (cursor, 1);
  work->clock = corm_sync_get_number (cursor, 2);
  g_autofree char *covers = corm_sync_get_text (cursor, 3);
  if (strcmp (peer, work->sync->peer) != 0)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "sync: this database has become peer %s; open the sync again", peer);
  else if (strcmp (covers, work->sync->covers) != 0)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "sync: the tables that take part, or their columns, have changed since it was opened; open the "
        "sync again");
  else
    return TRUE;
  return FALSE;
}

static gboolean
end (CormSyncWork *work, GError **error)
{
  const CormParam params[] = { CORM_PARAM ("seq", work->seq), CORM_PARAM ("clock", work->clock), { 0 } };
  return corm_execute (work->conn, "UPDATE corm_sync SET applying = 0, seq = :seq, clock = :clock", params,
                       NULL, error);
}

static gboolean
attempt (CormConnection *conn, gpointer data, GError **error)
{
  Job *job = data;
  GError *local = NULL;
  CormSyncReport none;
  CormSyncWork work = { .sync = job->sync,
                        .conn = conn,
                        .careful = job->careful,
                        .report = job->report != NULL ? job->report : &none };
  *work.report = (CormSyncReport){ 0 };
  if (begin (&work, &local) && corm_sync_collect (&work, &local) && job->func (&work, job->data, &local) &&
      end (&work, &local))
    return TRUE;
  job->refused = !job->careful && corm_error_is_about_row (local);
  g_propagate_error (error, local);
  return FALSE;
}

gboolean
corm_sync_work (CormSync *sync, CormSyncFunc func, gpointer data, CormSyncReport *report, GError **error)
{
  Job job = { .sync = sync, .func = func, .data = data, .report = report };
  GError *local = NULL;
  if (corm_transact (sync->db, attempt, &job, NULL, &local))
    return TRUE;
  if (job.refused) {
    g_clear_error (&local);
    job.careful = TRUE;
    if (corm_transact (sync->db, attempt, &job, NULL, &local))
      return TRUE;
  }
  g_propagate_error (error, local);
  return FALSE;
}
