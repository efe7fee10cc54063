/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tables, as migrations/ makes them: "morag check" compares the two. */
#include "models.h"

#include <string.h>

#define STATUSES "'pending', 'processing', 'completed', 'failed', 'timeout', 'cancelled'"
#define TYPES "'audio', 'video', 'document', 'image', 'web', 'youtube'"

const char *const remote_job_statuses[] = { "pending", "processing", "completed", "failed",
                                            "timeout", "cancelled",  NULL };
const char *const content_types[] = { "audio", "video", "document", "image", "web", "youtube", NULL };

/* Elsewhere it is the type that the library takes. */
static const CormRawType jsonb[] = { { "pgsql", "jsonb" }, { NULL, NULL } };

/* clang-format off */
static const CormColumn job_columns[] = {
  CORM_COLUMN_NAMED (RemoteJob, job_id, "id",  .primary_key = true, .default_sql = CORM_NEW_UUID),
  CORM_COLUMN (RemoteJob, ingestion_task_id,   .not_null = true, .max_length = 255),
  CORM_COLUMN (RemoteJob, source_file_path,    .not_null = true),
  CORM_COLUMN (RemoteJob, content_type,        .not_null = true, .max_length = 50),
  CORM_COLUMN (RemoteJob, task_options,        .not_null = true, .default_value = "{}", .raw = jsonb),
  CORM_COLUMN (RemoteJob, status,              .not_null = true, .max_length = 20, .default_value = "pending"),
  CORM_COLUMN (RemoteJob, worker_id,           .max_length = 255),
  CORM_COLUMN (RemoteJob, created_at,          .default_sql = CORM_NOW),
  CORM_COLUMN (RemoteJob, started_at),
  CORM_COLUMN (RemoteJob, completed_at),
  CORM_COLUMN (RemoteJob, error_message),
  CORM_COLUMN (RemoteJob, result_data,         .raw = jsonb),
  CORM_COLUMN (RemoteJob, retry_count,         .default_value = "0"),
  CORM_COLUMN (RemoteJob, max_retries,         .default_value = "3"),
  CORM_COLUMN (RemoteJob, timeout_at),
};
static const CormModelCheck job_checks[] = {
  { "valid_status",       "status IN (" STATUSES ")" },
  { "valid_retry_count",  "retry_count >= 0" },
  { "valid_max_retries",  "max_retries >= 0" },
  { "valid_content_type", "content_type IN (" TYPES ")" },
};
static const CormIndex job_indexes[] = {
  { .name = "idx_remote_jobs_status",              .columns = "status" },
  { .name = "idx_remote_jobs_content_type",        .columns = "content_type" },
  { .name = "idx_remote_jobs_created_at",          .columns = "created_at" },
  { .name = "idx_remote_jobs_ingestion_task",      .columns = "ingestion_task_id" },
  { .name = "idx_remote_jobs_worker_id",           .columns = "worker_id" },
  { .name = "idx_remote_jobs_timeout",             .columns = "timeout_at", .where = "timeout_at IS NOT NULL" },
  { .name = "idx_remote_jobs_status_content_type", .columns = "status, content_type" },
  { .name = "idx_remote_jobs_pending_timeout",     .columns = "status, timeout_at",
    .where = "status IN ('pending', 'processing')" },
};
const CormModel RemoteJob_model = CORM_MODEL (RemoteJob, "remote_jobs", CORM_COLUMNS (job_columns),
                                              CORM_CHECKS (job_checks), CORM_INDEXES (job_indexes));

static const CormColumn migration_columns[] = {
  CORM_COLUMN (SchemaMigration, version,    .primary_key = true, .max_length = 10),
  CORM_COLUMN (SchemaMigration, applied_at, .default_sql = CORM_NOW),
  CORM_COLUMN (SchemaMigration, description),
};
const CormModel SchemaMigration_model = CORM_MODEL (SchemaMigration, "schema_migrations",
                                                    CORM_COLUMNS (migration_columns));
/* clang-format on */

const CormModel *const morag_models[] = { &RemoteJob_model, &SchemaMigration_model, NULL };

char *
remote_job_to_json (const RemoteJob *job, GError **error)
{
  return corm_to_json (RemoteJob, job, CORM_MEMBERS (RemoteJob, result_data), error);
}

gboolean
remote_job_is_expired (const RemoteJob *job)
{
  return job->timeout_at.is_set && corm_timestamp_now ().us > job->timeout_at.value.us;
}

double
remote_job_get_duration (const RemoteJob *job)
{
  CormTimestamp end = job->completed_at.is_set ? job->completed_at.value : corm_timestamp_now ();
  return job->started_at.is_set ? (double) (end.us - job->started_at.value.us) / G_USEC_PER_SEC : 0;
}

gboolean
remote_job_can_retry (const RemoteJob *job)
{
  return job->retry_count < job->max_retries &&
         (strcmp (job->status, "failed") == 0 || strcmp (job->status, "timeout") == 0);
}
