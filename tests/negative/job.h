/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The two models that the programs of this folder go wrong on. */
#pragma once

#include <corm/corm.h>

typedef enum { JOB_PENDING, JOB_RUNNING } JobStatus;

typedef struct {
  gint64 id;
  const char *name;
  CormRows *jobs;
} Cluster;

typedef struct {
  gint64 id;
  const char *name;
  JobStatus status;
  gint32 priority;
  double load;
  CormTimestamp created_at;
  CormOptInt64 cluster_id;
  Cluster *cluster;
} Job;

CORM_DECLARE_MODEL (Cluster, cluster)
CORM_DECLARE_MODEL (Job, job)
