/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A session writes rows of ten tables, parents first, and lets the keys that the database makes flow into children; the
 * chunks, of which there may be many, go by bulk insert in the same transaction. */
#include "people.h"

static gboolean
add_chunks (CormConnection *conn, const PixSeed *seed, GError **error)
{
  g_autofree JobChunk *chunks = g_new0 (JobChunk, seed->n_chunks);
  g_autoptr (GPtrArray) ranges = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < seed->n_chunks; i++) {
    g_ptr_array_add (ranges, g_strdup_printf ("{\"start\": %u, \"end\": %u}", i * seed->n_images,
                                              (i + 1) * seed->n_images));
    chunks[i] = (JobChunk){ .job_id = seed->job_id,
                            .chunk_index = (gint32) i,
                            .priority = (gint32) (i * 7 % 11),
                            .image_range = ranges->pdata[i] };
  }
  return corm_bulk_insert (JobChunk, conn, chunks, seed->n_chunks, error);
}

gboolean
pix_seed (CormConnection *conn, PixSeed *seed, GError **error)
{
  Profile profile = {
    .id = corm_uuid_random (), .email = seed->email, .full_name = "Somebody", .user_tier = seed->tier
  };
  Project project = { .name = "first", .user_id = profile.id };
  CrawlJob job = { .project = &project };
  CreditAccount account = { .user_id = profile.id, .balance = 100 };
  CreditTransaction transaction = { .account = &account, .user_id = profile.id, .amount = 100 };
  ApiKey key = { .user_id = profile.id, .name = "default" };
  Notification notification = { .user_id = profile.id, .message = "Welcome" };
  NotificationPreference preference = { .user_id = profile.id, .email_enabled = true };
  UsageMetric metric = { .user_id = profile.id, .metric = "chunks", .amount = (gint32) seed->n_chunks };
  ActivityLog log = { .user_id = profile.id, .action = "create", .resource_type = "profile" };

  g_autoptr (CormSession) session = corm_session_new (conn);
  if (!corm_session_add (Profile, session, &profile, error) ||
      !corm_session_add (CrawlJob, session, &job, error) || /* and the project that it points to */
      !corm_session_add (CreditTransaction, session, &transaction, error) ||
      !corm_session_add (ApiKey, session, &key, error) ||
      !corm_session_add (Notification, session, &notification, error) ||
      !corm_session_add (NotificationPreference, session, &preference, error) ||
      !corm_session_add (UsageMetric, session, &metric, error) ||
      !corm_session_add (ActivityLog, session, &log, error) || !corm_session_flush (session, error))
    return FALSE;
  seed->job_id = job.id;
  return add_chunks (conn, seed, error) && corm_session_commit (session, error);
}

/* Rows of each table, in the order of pix_models. */
static gboolean
count_all (CormConnection *conn, GArray *counts, GError **error)
{
  for (guint i = 0; pix_models[i] != NULL; i++) {
    const CormFind all = { 0 };
    guint64 n = 0;
    if (!corm_count_rows (pix_models[i], conn, &n, error, &all))
      return FALSE;
    g_array_append_val (counts, n);
  }
  return TRUE;
}

gboolean
pix_remove (CormConnection *conn, const char *email, GError **error)
{
  guint64 n = 0;
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (transaction == NULL || !count_all (conn, before, error) ||
      !corm_delete_where (Profile, conn, &n, error, .where = CORM_EQ (Profile, email, email)))
    return FALSE;
  if (n == 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND,
                 "there is no profile of %s; \"seed --email\" makes one", email);
    return FALSE;
  }
  if (!count_all (conn, after, error) || !corm_transaction_commit (transaction, error))
    return FALSE;
  for (guint i = 0; pix_models[i] != NULL; i++)
    g_print ("%s: %d\n", pix_models[i]->table,
             (int) (g_array_index (before, guint64, i) - g_array_index (after, guint64, i)));
  return TRUE;
}
