/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tables as structs. To add a version: raise CRYSTAL_VERSION, add the members here and their columns in models.c. An
 * older database gets them when it is opened. */
#pragma once

#include <corm/corm.h>

/* -DCRYSTAL_VERSION=3 builds the program of the next version, with a column more. */
#ifndef CRYSTAL_VERSION
#define CRYSTAL_VERSION 2
#endif

/* clang-format off */
typedef enum { JOB_PENDING, JOB_QUEUED, JOB_RUNNING, JOB_COMPLETED, JOB_FAILED } JobStatus;
typedef enum { RUNNER_LOCAL, RUNNER_SSH, RUNNER_SLURM } RunnerType;
typedef enum { CLUSTER_SSH, CLUSTER_SLURM } ClusterType;
typedef enum { CLUSTER_ACTIVE, CLUSTER_INACTIVE, CLUSTER_ERROR } ClusterStatus;
typedef enum { AFTER_OK, AFTER_ANY, AFTER_FAILED } DependencyType;

/* Their words, NULL at the end. */
extern const char *const job_statuses[], *const runner_types[], *const cluster_types[], *const cluster_statuses[],
  *const dependency_types[];

typedef struct {
  gint64        id;
  const char   *name;
  ClusterType   type;
  const char   *hostname;
  gint32        port;
  const char   *username;
  CormJson      connection_config;
  ClusterStatus status;
  CormTimestamp created_at;
  CormTimestamp updated_at;
} Cluster;

typedef struct {
  /* version 1 */
  gint64           id;
  const char      *name;
  const char      *work_dir;
  JobStatus        status;
  CormOptTimestamp created_at;
  CormOptTimestamp started_at;
  CormOptTimestamp completed_at;
  CormOptInt32     pid;
  const char      *input_file;
  CormOptDouble    final_energy;
  CormJson         key_results;
  /* version 2 */
  CormOptInt64     cluster_id;
  CormOptEnum      runner_type;
  CormJson         parallelism_config;
  CormOptTimestamp queue_time;
  CormOptTimestamp start_time;
  CormOptTimestamp end_time;
#if CRYSTAL_VERSION >= 3
  const char      *new_field;
#endif
  Cluster         *cluster; /* NULL until asked for */
} Job;

typedef struct {
  gint64           id;
  gint64           job_id;
  gint64           cluster_id;
  const char      *remote_handle; /* process (ssh) or job (slurm) */
  CormOptTimestamp submission_time;
  const char      *queue_name;
  const char      *node_list;
  const char      *working_directory;
  const char      *stdout_path;
  const char      *stderr_path;
  CormJson         metadata;
} RemoteJob;

typedef struct {
  gint64         id;
  gint64         job_id;
  gint64         depends_on_job_id;
  DependencyType dependency_type;
  Job           *job;
  Job           *depends_on;
} JobDependency;

typedef struct {
  gint32           version;
  CormOptTimestamp applied_at;
} SchemaVersion;
/* clang-format on */

CORM_DECLARE_MODEL (Cluster, cluster)
CORM_DECLARE_MODEL (Job, job)
CORM_DECLARE_MODEL (RemoteJob, remote_job)
CORM_DECLARE_MODEL (JobDependency, job_dependency)
CORM_DECLARE_MODEL (SchemaVersion, schema_version)

/* Jobs as version 1 has them: a Job without what comes behind key_results. */
extern const CormModel JobV1_model;

/* All tables of this version, and of version 1; NULL at the end. */
extern const CormModel *const crystal_models[], *const crystal_v1_models[];
