/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A worker claims some chunks in one transaction, crawls each, and writes each down in a transaction of its own.
 * Invariant: what a chunk brought is written together with its status, and only by the worker whose name it bears, so
 * that each chunk counts once, whoever dies and whoever was only thought dead. */
#include "queue.h"

#include <json-glib/json-glib.h>

/* READ COMMITTED: a claim needs no snapshot, and MariaDB then locks no gaps between rows. */
static const CormTransactOptions transact = { .isolation = CORM_ISOLATION_READ_COMMITTED };

/* --- claiming ---------------------------------------------------------------------------------------------------- */

typedef struct {
  const PixWorker *worker;
  CormRows *chunks;
  guint64 n_pending; /* where none was to be had */
} Claim;

/* The most urgent chunks that nobody else is about to claim. Workers do not wait for each other: a row that another one
 * has locked is passed over (SQLite has one writer at a time, and nothing to pass over). */
static CormRows *
find_next (CormConnection *conn, guint limit, GError **error)
{
  g_autoptr (CormQuery) next = corm_query_new (&JobChunk_model);
  corm_query_where (next, CORM_EQ (JobChunk, status, CHUNK_PENDING));
  corm_query_order (next, (CormOrder) CORM_DESC (JobChunk, priority));
  corm_query_order (next, (CormOrder) CORM_ASC (JobChunk, created_at));
  corm_query_order (next, (CormOrder) CORM_ASC (JobChunk, id));
  corm_query_limit (next, limit);
  corm_query_lock (next, CORM_LOCK_UPDATE_SKIP_LOCKED);
  return corm_query_find (next, conn, error);
}

/* May run several times, as every function of corm_transact(). */
static gboolean
claim_chunks (CormConnection *conn, gpointer data, GError **error)
{
  Claim *claim = data;
  g_clear_pointer (&claim->chunks, corm_rows_free);
  claim->chunks = find_next (conn, claim->worker->batch, error);
  gsize n = corm_rows_get_length (claim->chunks);
  if (claim->chunks == NULL)
    return FALSE;
  if (n == 0)
    return corm_count (JobChunk, conn, &claim->n_pending, error,
                       .where = CORM_EQ (JobChunk, status, CHUNK_PENDING));
  g_autofree gint32 *ids = g_new (gint32, n);
  for (gsize i = 0; i < n; i++)
    ids[i] = ((const JobChunk *) corm_rows_get (claim->chunks, i))->id;
  g_autoptr (CormQuery) mine = corm_query_new (&JobChunk_model);
  corm_query_where (mine, CORM_IN_ARRAY (JobChunk, id, ids, n));
  return corm_query_update (mine, conn,
                            CORM_SETS (CORM_SET (JobChunk, status, CHUNK_PROCESSING),
                                       CORM_SET (JobChunk, task_id, claim->worker->name)),
                            NULL, error);
}

/* --- working ----------------------------------------------------------------------------------------------------- */

typedef struct {
  const PixWorker *worker;
  const JobChunk *chunk;
  GArray *images;  /* Image */
  GPtrArray *urls; /* that these borrow */
  const char *failure;
  gboolean is_ours;
} Crawl;

/* Stands for the fetching: one image for each number of the range. */
static gboolean
crawl (Crawl *work, GError **error)
{
  const JobChunk *chunk = work->chunk;
  g_autoptr (JsonNode) range = json_from_string (chunk->image_range, error);
  if (range == NULL)
    return FALSE;
  g_usleep (work->worker->pause_ms * 1000UL);
  if (work->worker->fail_every > 0 && chunk->id % (gint32) work->worker->fail_every == 0 &&
      chunk->retry_count == 0)
    work->failure = "the first try fails, as --fail-every asks";
  JsonObject *ends = json_node_get_object (range);
  for (gint64 i = json_object_get_int_member (ends, "start"); i < json_object_get_int_member (ends, "end");
       i++) {
    char *url = g_strdup_printf ("https://images.example/%d/%" G_GINT64_FORMAT, chunk->job_id, i);
    const Image image = { .crawl_job_id = chunk->job_id, .url = url };
    g_ptr_array_add (work->urls, url);
    g_array_append_val (work->images, image);
  }
  return TRUE;
}

static gboolean
write_down (CormConnection *conn, gpointer data, GError **error)
{
  Crawl *work = data;
  guint64 n = 0;
  g_autoptr (CormQuery) mine = corm_query_new (&JobChunk_model);
  corm_query_where (mine, CORM_ALL (CORM_EQ (JobChunk, id, work->chunk->id),
                                    CORM_EQ (JobChunk, status, CHUNK_PROCESSING),
                                    CORM_EQ (JobChunk, task_id, work->worker->name)));
  gboolean ok = work->failure != NULL
                    ? corm_query_update (mine, conn,
                                         CORM_SETS (CORM_SET (JobChunk, status, CHUNK_FAILED),
                                                    CORM_SET (JobChunk, error_message, work->failure)),
                                         &n, error)
                    : corm_query_update (mine, conn,
                                         CORM_SETS (CORM_SET (JobChunk, status, CHUNK_COMPLETED),
                                                    CORM_CLEAR (JobChunk, error_message)),
                                         &n, error);
  work->is_ours = n == 1;
  if (!ok || !work->is_ours || work->failure != NULL)
    return ok;
  return corm_bulk_insert (Image, conn, (const Image *) work->images->data, work->images->len, error);
}

static gboolean
work_on (CormDb *db, const PixWorker *worker, const JobChunk *chunk, PixTally *tally, GError **error)
{
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (Image));
  g_autoptr (GPtrArray) urls = g_ptr_array_new_with_free_func (g_free);
  Crawl work = { .worker = worker, .chunk = chunk, .images = images, .urls = urls };
  if (!crawl (&work, error) || !corm_transact (db, write_down, &work, &transact, error))
    return FALSE;
  tally->lost += !work.is_ours;
  tally->failed += work.is_ours && work.failure != NULL;
  tally->completed += work.is_ours && work.failure == NULL;
  return TRUE;
}

gboolean
pix_work (CormDb *db, const PixWorker *worker, PixTally *tally, GError **error)
{
  Claim claim = { .worker = worker };
  gboolean ok = TRUE;
  do {
    claim.n_pending = 0;
    ok = corm_transact (db, claim_chunks, &claim, &transact, error);
    CORM_FOREACH (JobChunk, chunk, claim.chunks)
      ok = ok && work_on (db, worker, chunk, tally, error);
    if (claim.n_pending > 0) /* others are about to claim all there are */
      g_usleep (10000);
  } while (ok && (claim.n_pending > 0 || corm_rows_get_length (claim.chunks) > 0));
  corm_rows_free (claim.chunks);
  return ok;
}

/* --- once more --------------------------------------------------------------------------------------------------- */

/* Chunks that match are pending again, and nobody's. */
static gboolean
put_back (CormConnection *conn, CormExpr which, guint64 *n, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&JobChunk_model);
  corm_query_where (query, which);
  return corm_query_update (
      query, conn,
      CORM_SETS (CORM_SET (JobChunk, status, CHUNK_PENDING), CORM_CLEAR (JobChunk, task_id),
                 CORM_SET (JobChunk, retry_count, CORM_PLUS (CORM_COL (JobChunk, retry_count), 1))),
      n, error);
}

gboolean
pix_retry (CormConnection *conn, gpointer data, GError **error)
{
  PixRetry *retry = data;
  const CormTimestamp then = { corm_timestamp_now ().us - retry->stale_s * G_USEC_PER_SEC };
  const CormExpr stale =
      CORM_ALL (CORM_EQ (JobChunk, status, CHUNK_PROCESSING), CORM_LE (JobChunk, updated_at, then));
  const CormExpr few = CORM_LT (JobChunk, retry_count, (gint32) retry->below);
  guint64 n_failed = 0, n_stale = 0;
  retry->given_up = 0;
  if (!put_back (conn, CORM_ALL (CORM_EQ (JobChunk, status, CHUNK_FAILED), few), &n_failed, error))
    return FALSE;
  if (retry->stale_s >= 0) {
    g_autoptr (CormQuery) hopeless = corm_query_new (&JobChunk_model);
    corm_query_where (hopeless, stale);
    if (!put_back (conn, CORM_ALL (stale, few), &n_stale, error) ||
        !corm_query_update (hopeless, conn,
                            CORM_SETS (CORM_SET (JobChunk, status, CHUNK_FAILED),
                                       CORM_SET (JobChunk, error_message, "its worker died, and too often")),
                            &retry->given_up, error))
      return FALSE;
  }
  retry->again = n_failed + n_stale;
  return TRUE;
}
