/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns, indexes and keys. A version has the columns of the one before and more behind them. */
#include "models.h"

/* clang-format off */
const char *const job_statuses[] = { "PENDING", "QUEUED", "RUNNING", "COMPLETED", "FAILED", NULL };
const char *const runner_types[] = { "local", "ssh", "slurm", NULL };
const char *const cluster_types[] = { "ssh", "slurm", NULL };
const char *const cluster_statuses[] = { "active", "inactive", "error", NULL };
const char *const dependency_types[] = { "after_ok", "after_any", "after_failed", NULL };

/* --- clusters */

static const CormColumn cluster_columns[] = {
  CORM_COLUMN (Cluster, id,                .primary_key = true),
  CORM_COLUMN (Cluster, name,              .not_null = true, .unique = true),
  CORM_COLUMN (Cluster, type,              .labels = cluster_types),
  CORM_COLUMN (Cluster, hostname,          .not_null = true),
  CORM_COLUMN (Cluster, port,              .default_value = "22"),
  CORM_COLUMN (Cluster, username,          .not_null = true),
  CORM_COLUMN (Cluster, connection_config, .not_null = true),
  CORM_COLUMN (Cluster, status,            .labels = cluster_statuses, .default_value = "active"),
  CORM_COLUMN (Cluster, created_at,        .default_sql = CORM_NOW, .role = CORM_ROLE_CREATED_AT),
  CORM_COLUMN (Cluster, updated_at,        .default_sql = CORM_NOW, .role = CORM_ROLE_UPDATED_AT),
};
static const CormIndex cluster_indexes[] = {
  { .name = "idx_clusters_status", .columns = "status" },
  { .name = "idx_clusters_type",   .columns = "type" },
};
const CormModel Cluster_model = CORM_MODEL (Cluster, "clusters", CORM_COLUMNS (cluster_columns),
                                            CORM_INDEXES (cluster_indexes));

/* --- jobs */

enum { JOB_V1_COLUMNS = 11 };
static const CormColumn job_columns[] = {
  CORM_COLUMN (Job, id,           .primary_key = true),
  CORM_COLUMN (Job, name,         .not_null = true),
  CORM_COLUMN (Job, work_dir,     .not_null = true, .unique = true),
  CORM_COLUMN (Job, status,       .labels = job_statuses),
  CORM_COLUMN (Job, created_at,   .default_sql = CORM_NOW),
  CORM_COLUMN (Job, started_at),
  CORM_COLUMN (Job, completed_at),
  CORM_COLUMN (Job, pid),
  CORM_COLUMN (Job, input_file),
  CORM_COLUMN (Job, final_energy),
  CORM_COLUMN (Job, key_results),
  /* version 2 */
  CORM_COLUMN (Job, cluster_id,   .references = "clusters.id"),
  CORM_COLUMN (Job, runner_type,  .labels = runner_types, .default_value = "local"),
  CORM_COLUMN (Job, parallelism_config),
  CORM_COLUMN (Job, queue_time),
  CORM_COLUMN (Job, start_time),
  CORM_COLUMN (Job, end_time),
#if CRYSTAL_VERSION >= 3
  CORM_COLUMN (Job, new_field),
#endif
};
static const CormIndex job_indexes[] = {
  { .name = "idx_jobs_status",  .columns = "status" },
  { .name = "idx_jobs_created", .columns = "created_at desc" },
};
static const CormRelation job_relations[] = { CORM_BELONGS_TO (Job, cluster, Cluster, cluster_id) };
const CormModel Job_model = CORM_MODEL (Job, "jobs", CORM_COLUMNS (job_columns), CORM_INDEXES (job_indexes),
                                        CORM_RELATIONS (job_relations));

const CormModel JobV1_model = {
  .type = "Job", .table = "jobs", .size = offsetof (Job, cluster_id),
  .columns = job_columns, .n_columns = JOB_V1_COLUMNS, CORM_INDEXES (job_indexes)
};

/* --- remote_jobs */

static const CormColumn remote_job_columns[] = {
  CORM_COLUMN (RemoteJob, id,                .primary_key = true),
  CORM_COLUMN (RemoteJob, job_id,            .references = "jobs.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (RemoteJob, cluster_id,        .references = "clusters.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (RemoteJob, remote_handle,     .not_null = true),
  CORM_COLUMN (RemoteJob, submission_time),
  CORM_COLUMN (RemoteJob, queue_name),
  CORM_COLUMN (RemoteJob, node_list),
  CORM_COLUMN (RemoteJob, working_directory, .not_null = true),
  CORM_COLUMN (RemoteJob, stdout_path),
  CORM_COLUMN (RemoteJob, stderr_path),
  CORM_COLUMN (RemoteJob, metadata),
};
static const CormIndex remote_job_indexes[] = {
  { .name = "idx_remote_jobs_job_id",     .columns = "job_id" },
  { .name = "idx_remote_jobs_cluster_id", .columns = "cluster_id" },
  { .name = "idx_remote_jobs_handle",     .columns = "remote_handle" },
};
const CormModel RemoteJob_model = CORM_MODEL (RemoteJob, "remote_jobs", CORM_COLUMNS (remote_job_columns),
                                              CORM_INDEXES (remote_job_indexes));

/* --- job_dependencies */

static const CormColumn dependency_columns[] = {
  CORM_COLUMN (JobDependency, id,                .primary_key = true),
  CORM_COLUMN (JobDependency, job_id,            .references = "jobs.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (JobDependency, depends_on_job_id, .references = "jobs.id", .on_delete = CORM_CASCADE),
  CORM_COLUMN (JobDependency, dependency_type,   .labels = dependency_types),
};
static const CormIndex dependency_indexes[] = {
  { .name = "idx_dependencies_job_id",     .columns = "job_id" },
  { .name = "idx_dependencies_depends_on", .columns = "depends_on_job_id" },
};
static const CormConstraint dependency_keys[] = {
  { .name = "uq_job_dependencies_pair", .columns = "job_id, depends_on_job_id" },
};
static const CormRelation dependency_relations[] = {
  CORM_BELONGS_TO (JobDependency, job, Job, job_id),
  CORM_BELONGS_TO (JobDependency, depends_on, Job, depends_on_job_id),
};
const CormModel JobDependency_model =
  CORM_MODEL (JobDependency, "job_dependencies", CORM_COLUMNS (dependency_columns), CORM_INDEXES (dependency_indexes),
              CORM_CONSTRAINTS (dependency_keys), CORM_RELATIONS (dependency_relations));

/* --- schema_version */

static const CormColumn version_columns[] = {
  CORM_COLUMN (SchemaVersion, version,    .primary_key = true),
  CORM_COLUMN (SchemaVersion, applied_at, .default_sql = CORM_NOW),
};
const CormModel SchemaVersion_model = CORM_MODEL (SchemaVersion, "schema_version", CORM_COLUMNS (version_columns));
/* clang-format on */

const CormModel *const crystal_models[] = { &Cluster_model,       &Job_model,           &RemoteJob_model,
                                            &JobDependency_model, &SchemaVersion_model, NULL };
const CormModel *const crystal_v1_models[] = { &JobV1_model, &SchemaVersion_model, NULL };
