/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A conversion that a worker elsewhere does, and what can be said of one. */
#pragma once

#include <corm/corm.h>

/* clang-format off */
typedef struct {
  CormUuid         job_id; /* the column id */
  const char      *ingestion_task_id;
  const char      *source_file_path;
  const char      *content_type;
  CormJson         task_options;
  const char      *status;
  const char      *worker_id;
  CormTimestamp    created_at;
  CormOptTimestamp started_at;
  CormOptTimestamp completed_at;
  const char      *error_message;
  CormJson         result_data;
  gint32           retry_count;
  gint32           max_retries;
  CormOptTimestamp timeout_at;
} RemoteJob;

/* Which migrations the database has, for programs that do not know Corm's own table. */
typedef struct {
  const char      *version;
  CormOptTimestamp applied_at;
  const char      *description;
} SchemaMigration;
/* clang-format on */

CORM_DECLARE_MODEL (RemoteJob, remote_job)
CORM_DECLARE_MODEL (SchemaMigration, schema_migration)

/* All; NULL at the end. */
extern const CormModel *const morag_models[];

/* The words of status and content_type, NULL at the end. */
extern const char *const remote_job_statuses[], *const content_types[];

/* As JSON, without the result; free with g_free(). */
char *remote_job_to_json (const RemoteJob *job, GError **error);
/* Its time is over. */
gboolean remote_job_is_expired (const RemoteJob *job);
/* Seconds from its start to its end, or to now; 0: it has not begun. */
double remote_job_get_duration (const RemoteJob *job);
gboolean remote_job_can_retry (const RemoteJob *job);
