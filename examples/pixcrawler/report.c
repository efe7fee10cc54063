/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading: finds, groups into structs of their own, a cursor over all rows. */
#include "report.h"

/* --- chunks ------------------------------------------------------------------------------------------------------ */

static gboolean
print_chunks (const CormRows *chunks)
{
  CORM_FOREACH (JobChunk, chunk, chunks)
    g_print ("chunk %d of job %d, number %d: %s, priority %d, %d retries%s%s%s%s\n", chunk->id, chunk->job_id,
             chunk->chunk_index, pix_chunk_states[chunk->status], chunk->priority, chunk->retry_count,
             chunk->task_id != NULL ? ", worker " : "", chunk->task_id != NULL ? chunk->task_id : "",
             chunk->error_message != NULL ? ": " : "",
             chunk->error_message != NULL ? chunk->error_message : "");
  return chunks != NULL;
}

#define URGENT_FIRST \
  CORM_ORDER (CORM_DESC (JobChunk, priority), CORM_ASC (JobChunk, created_at), CORM_ASC (JobChunk, id))

gboolean
pix_print_pending (CormConnection *conn, gint32 job_id, GError **error)
{
  g_autoptr (CormRows) chunks = corm_find (
      JobChunk, conn, error,
      .where = CORM_ALL (CORM_EQ (JobChunk, job_id, job_id), CORM_EQ (JobChunk, status, CHUNK_PENDING)),
      .order = URGENT_FIRST);
  return print_chunks (chunks);
}

gboolean
pix_print_urgent (CormConnection *conn, GError **error)
{
  g_autoptr (CormRows) chunks =
      corm_find (JobChunk, conn, error, .where = CORM_EQ (JobChunk, status, CHUNK_PROCESSING),
                 .order = URGENT_FIRST, .limit = 10);
  return print_chunks (chunks);
}

gboolean
pix_print_failed (CormConnection *conn, gint32 below, GError **error)
{
  g_autoptr (CormRows) chunks = corm_find (
      JobChunk, conn, error,
      .where = CORM_ALL (CORM_EQ (JobChunk, status, CHUNK_FAILED), CORM_LT (JobChunk, retry_count, below)),
      .order = CORM_ORDER (CORM_ASC (JobChunk, created_at), CORM_ASC (JobChunk, id)));
  return print_chunks (chunks);
}

/* --- progress ---------------------------------------------------------------------------------------------------- */

typedef struct {
  gint32 job_id;
  gint64 pending, processing, completed, failed, total;
} Progress;
CORM_SHAPE (Progress, job_id, pending, processing, completed, failed, total)

#define COUNT_OF(state) CORM_COUNT (CORM_WHEN (CORM_EQ (JobChunk, status, state), CORM_COL (JobChunk, id)))

static CormRows *
find_progress (CormConnection *conn, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&JobChunk_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Progress, job_id, CORM_COL (JobChunk, job_id)),
                                          CORM_OUTPUT (Progress, pending, COUNT_OF (CHUNK_PENDING)),
                                          CORM_OUTPUT (Progress, processing, COUNT_OF (CHUNK_PROCESSING)),
                                          CORM_OUTPUT (Progress, completed, COUNT_OF (CHUNK_COMPLETED)),
                                          CORM_OUTPUT (Progress, failed, COUNT_OF (CHUNK_FAILED)),
                                          CORM_OUTPUT (Progress, total, CORM_COUNT_ROWS ())));
  corm_query_group (query, CORM_EXPRS (CORM_COL (JobChunk, job_id)));
  corm_query_order (query, (CormOrder) CORM_ASC (Progress, job_id));
  return corm_query_find (query, conn, error);
}

gboolean
pix_print_progress (CormConnection *conn, GError **error)
{
  g_autoptr (CormRows) jobs = find_progress (conn, error);
  CORM_FOREACH (Progress, job, jobs)
    g_print ("job %d: %d pending, %d processing, %d completed, %d failed: %d %%\n", job->job_id,
             (int) job->pending, (int) job->processing, (int) job->completed, (int) job->failed,
             (int) (100 * job->completed / job->total));
  return jobs != NULL;
}

/* --- tiers, retries ---------------------------------------------------------------------------------------------- */

/* How many rows have a value. */
typedef struct {
  gint32 value;
  gint64 rows;
} Share;
CORM_SHAPE (Share, value, rows)

typedef struct {
  UserTier tier;
  gint64 profiles;
} TierShare;
CORM_SHAPE (TierShare, tier, profiles)

gboolean
pix_print_tiers (CormConnection *conn, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&Profile_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (TierShare, tier, CORM_COL (Profile, user_tier)),
                                          CORM_OUTPUT (TierShare, profiles, CORM_COUNT_ROWS ())));
  corm_query_group (query, CORM_EXPRS (CORM_COL (Profile, user_tier)));
  corm_query_order (query, (CormOrder) CORM_ASC (TierShare, tier));
  g_autoptr (CormRows) tiers = corm_query_find (query, conn, error);
  CORM_FOREACH (TierShare, share, tiers)
    g_print ("%s: %d\n", pix_tiers[share->tier], (int) share->profiles);
  return tiers != NULL;
}

static gboolean
print_retries (CormConnection *conn, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&JobChunk_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Share, value, CORM_COL (JobChunk, retry_count)),
                                          CORM_OUTPUT (Share, rows, CORM_COUNT_ROWS ())));
  corm_query_group (query, CORM_EXPRS (CORM_COL (JobChunk, retry_count)));
  corm_query_order (query, (CormOrder) CORM_ASC (Share, value));
  g_autoptr (CormRows) retries = corm_query_find (query, conn, error);
  CORM_FOREACH (Share, share, retries)
    g_print ("retried %d times: %d chunks\n", share->value, (int) share->rows);
  return retries != NULL;
}

/* --- monitor ----------------------------------------------------------------------------------------------------- */

/* A cursor holds one row, however many chunks there are. */
static gboolean
print_times (CormConnection *conn, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_cursor (JobChunk, conn, error);
  gint64 n = 0, n_completed = 0, n_failed = 0, sum = 0, longest = 0;
  g_autoptr (GError) stopped = NULL;
  const JobChunk *chunk;
  while (cursor != NULL && (chunk = corm_next (JobChunk, cursor, &stopped)) != NULL) {
    gint64 us = chunk->updated_at.us - chunk->created_at.us;
    n++;
    n_failed += chunk->status == CHUNK_FAILED;
    if (chunk->status != CHUNK_COMPLETED)
      continue;
    n_completed++;
    sum += us;
    longest = MAX (longest, us);
  }
  if (cursor == NULL || stopped != NULL) {
    if (stopped != NULL)
      g_propagate_error (error, g_steal_pointer (&stopped));
    return FALSE;
  }
  g_print ("chunks: %d, failed: %.1f %%, from creation to completion: %.3f s on average, %.3f s at most\n",
           (int) n, n > 0 ? 100.0 * (double) n_failed / (double) n : 0,
           n_completed > 0 ? (double) sum / (double) n_completed / 1e6 : 0, (double) longest / 1e6);
  return TRUE;
}

static gboolean
print_plan (CormConnection *conn, GError **error)
{
  g_autoptr (CormQuery) next = corm_query_new (&JobChunk_model);
  corm_query_where (next, CORM_EQ (JobChunk, status, CHUNK_PENDING));
  corm_query_order (next, (CormOrder) CORM_DESC (JobChunk, priority));
  corm_query_order (next, (CormOrder) CORM_ASC (JobChunk, created_at));
  corm_query_limit (next, 1);
  g_autofree char *plan = corm_query_explain (next, conn, error);
  if (plan != NULL)
    g_print ("the next claim:\n%s%s", plan, g_str_has_suffix (plan, "\n") ? "" : "\n");
  return plan != NULL;
}

gboolean
pix_print_monitor (CormConnection *conn, GError **error)
{
  return print_times (conn, error) && print_retries (conn, error) && pix_print_tiers (conn, error) &&
         print_plan (conn, error);
}
