/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One name has one history. Numbers are counted up and clocks only go forward, so what anybody says of a peer has to fit what is known of
 * it; where it does not, two databases go by one name, and changes of the one would pass for those of the other. */
#include "sync/sync.h"

#include <string.h>

/* A copy of a database, or a backup that was brought back, goes on under the numbers of another history. */
gboolean
corm_sync_refuse_name (const char *peer, GError **error)
{
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "two databases have the name %s: one of them is a copy, or an old backup that was brought back; "
      "open that one once with new_peer, then let all read everything again",
      peer);
  return FALSE;
}

/* What was logged last of @peer's changes up to @seq. 0: nothing. */
static gboolean
read_clock (CormSyncWork *work, const char *peer, gint64 seq, gint64 *clock, GError **error)
{
  const CormParam params[] = {
    CORM_PARAM ("peer", peer), CORM_PARAM ("same", peer), CORM_PARAM ("seq", seq), { 0 }
  };
  return corm_sync_ask (
      work->conn,
      "SELECT max(clock) FROM corm_oplog WHERE peer_id = :peer AND seq = (SELECT max(seq) FROM corm_oplog "
      "WHERE peer_id = :same AND seq <= :seq)",
      params, clock, error);
}

/* Somebody says that @peer was at @point: with a later number goes a later clock, here as there. */
static gboolean
check_point (CormSyncWork *work, CormSyncHave *mine, const char *peer, CormSyncPoint point, GError **error)
{
  gint64 clock;
  CormSyncPoint known = corm_sync_have_get (mine, peer);
  if (strcmp (peer, work->sync->peer) == 0 && point.seq > work->seq)
    return corm_sync_refuse_name (peer, error);
  if (point.clock == 0 || known.clock == 0 || point.seq == known.seq)
    return TRUE;
  if ((point.seq > known.seq) != (point.clock > known.clock))
    return corm_sync_refuse_name (peer, error);
  return point.seq > known.seq || (read_clock (work, peer, point.seq, &clock, error) &&
                                   (clock <= point.clock || corm_sync_refuse_name (peer, error)));
}

gboolean
corm_sync_check_have (CormSyncWork *work, CormSyncHave *mine, CormSyncHave *have, GError **error)
{
  GHashTableIter iter;
  gpointer peer, point;
  g_hash_table_iter_init (&iter, have);
  while (g_hash_table_iter_next (&iter, &peer, &point))
    if (!check_point (work, mine, peer, *(CormSyncPoint *) point, error))
      return FALSE;
  return TRUE;
}
