/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The models that tests of queries ask about; no registry, no database. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/select.h"

#include <corm/error.h>
#include <corm/store.h>

typedef enum { JOB_PENDING, JOB_RUNNING } JobStatus;
static const char *const job_status[] = { "PENDING", "RUNNING", NULL };

typedef struct {
  gint64 id;
} Cluster;

typedef struct {
  gint64 id;
  const char *name;
  JobStatus status;
  gint16 priority;
  double load;
  CormDecimal cost;
  CormBytes log;
  CormOptInt64 cluster_id;
  gint64 cached; /* no column */
  Cluster *cluster;
} Job;

static const CormColumn cluster_columns[] = { CORM_COLUMN (Cluster, id, .primary_key = true) };
static const CormModel Cluster_model = CORM_MODEL (Cluster, "clusters", CORM_COLUMNS (cluster_columns));

static const CormColumn job_columns[] = {
  CORM_COLUMN (Job, id, .primary_key = true),
  CORM_COLUMN (Job, name),
  CORM_COLUMN (Job, status, .labels = job_status),
  CORM_COLUMN (Job, priority),
  CORM_COLUMN (Job, load),
  CORM_COLUMN (Job, cost),
  CORM_COLUMN (Job, log),
  CORM_COLUMN (Job, cluster_id, .references = "clusters.id"),
};
static const CormRelation job_relations[] = { CORM_BELONGS_TO (Job, cluster, Cluster, cluster_id) };
static const CormModel Job_model =
    CORM_MODEL (Job, "jobs", CORM_COLUMNS (job_columns), CORM_RELATIONS (job_relations));

static inline void
assert_invalid (GError *error, const char *message)
{
  assert_non_null (error);
  assert_string_equal (error->message, message);
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
  g_error_free (error);
}
