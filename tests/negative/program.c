/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* accepted */
/* A whole program in the look that Corm promises: every macro in a right use, without any warning. */
#include <corm/corm.h>

typedef enum { JOB_PENDING, JOB_QUEUED, JOB_RUNNING, JOB_COMPLETED, JOB_FAILED } JobStatus;
static const char *const job_status[] = { "PENDING", "QUEUED", "RUNNING", "COMPLETED", "FAILED", NULL };

typedef struct {
  gint64 id;
  const char *name;
  CormRows *jobs; /* has many Job: NULL until asked for */
} Cluster;

typedef struct {
  gint64 id;
  const char *name;
  const char *work_dir;
  JobStatus status;
  CormTimestamp created_at; /* microseconds since 1970, UTC */
  CormOptInt64 cluster_id;  /* nullable: { is_set, value } */
  Cluster *cluster;         /* belongs to: NULL until asked for */
} Job;

CORM_DECLARE_MODEL (Cluster, cluster)
CORM_DECLARE_MODEL (Job, job)

static const CormColumn job_columns[] = {
  CORM_COLUMN (Job, id, .primary_key = true),
  CORM_COLUMN (Job, name, .not_null = true, .max_length = 255),
  CORM_COLUMN (Job, work_dir, .not_null = true, .unique = true),
  CORM_COLUMN (Job, status, .labels = job_status, .default_value = "PENDING"),
  CORM_COLUMN_NAMED (Job, created_at, "created at", .default_sql = CORM_NOW),
  CORM_COLUMN (Job, cluster_id, .references = "clusters.id", .on_delete = CORM_SET_NULL),
};
static const CormIndex job_indexes[] = {
  { .name = "idx_jobs_status", .columns = "status" },
  { .name = "idx_jobs_created", .columns = "created at desc" },
};
static const CormConstraint job_constraints[] = { { .name = "uq_jobs_place", .columns = "name, work_dir" } };
static const CormModelCheck job_checks[] = { { .name = "ck_jobs_named", .sql = "name <> ''" } };
static const CormRelation job_relations[] = { CORM_BELONGS_TO (Job, cluster, Cluster, cluster_id) };
const CormModel Job_model =
    CORM_MODEL (Job, "jobs", CORM_COLUMNS (job_columns), CORM_INDEXES (job_indexes),
                CORM_CONSTRAINTS (job_constraints), CORM_CHECKS (job_checks), CORM_RELATIONS (job_relations));

static const CormColumn cluster_columns[] = {
  CORM_COLUMN (Cluster, id, .primary_key = true),
  CORM_COLUMN (Cluster, name),
};
static const CormRelation cluster_relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, cluster_id) };
const CormModel Cluster_model =
    CORM_MODEL (Cluster, "clusters", CORM_COLUMNS (cluster_columns), CORM_RELATIONS (cluster_relations));

static CormExpr
choose (const char *const *names, gsize n)
{
  return CORM_ANY (CORM_IN (Job, status, JOB_PENDING, JOB_QUEUED), CORM_IN_ARRAY (Job, name, names, n),
                   CORM_BETWEEN (Job, cluster_id, 1, 5), CORM_IS_NULL (Job, cluster_id),
                   CORM_LT (Job, created_at, corm_timestamp_now ()), CORM_NOT (CORM_IS_NOT_NULL (Job, name)),
                   CORM_ALL ());
}

static gboolean
write_some (CormConnection *conn, GError **error)
{
  const char *const names[] = { "scf", "relax" };
  Job jobs[] = { { .name = "scf", .work_dir = "/calc/scf" }, { .name = "relax", .work_dir = "/calc/relax" } };
  guint64 count = 0;
  gboolean exists = FALSE;
  return corm_bulk_insert (Job, conn, jobs, G_N_ELEMENTS (jobs), error) &&
         corm_count (Job, conn, &count, error, .where = choose (names, G_N_ELEMENTS (names))) &&
         corm_exists (Job, conn, &exists, error, .where = CORM_EQ (Job, status, JOB_FAILED)) &&
         corm_update (Job, conn, &jobs[0], error, status, cluster_id) &&
         corm_delete_where (Job, conn, &count, error, .where = CORM_GE (Job, id, 100));
}

static gboolean
read_some (CormConnection *conn, GError **error)
{
  g_autoptr (Job) job = corm_get (Job, conn, error, .id = 5);
  g_autoptr (CormCursor) cursor = corm_cursor (Job, conn, error, .order = CORM_ORDER (CORM_ASC (Job, id)));
  const Job *row;
  while (cursor != NULL && (row = corm_next (Job, cursor, error)) != NULL)
    g_print ("%s\n", row->name);
  return job != NULL;
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Cluster_model, &Job_model, NULL);
  g_autoptr (CormDb) db = registry ? corm_db_open ("sqlite:jobs.db", registry, &error) : NULL;
  g_autoptr (CormConnection) conn =
      db && corm_db_migrate (db, NULL, &error) ? corm_db_connect (db, &error) : NULL;
  if (conn == NULL)
    return g_printerr ("%s\n", error->message), 1;

  Job job = { .name = "scf", .work_dir = "/calc/scf" };
  if (!job_insert (conn, &job, &error) || !write_some (conn, &error) || !read_some (conn, &error))
    return g_printerr ("%s\n", error->message), 1;

  g_autoptr (CormRows) running = corm_find (
      Job, conn, &error,
      .where = CORM_ALL (CORM_EQ (Job, status, JOB_RUNNING), CORM_LIKE (Job, name, "scf%")),
      .order = CORM_ORDER (CORM_DESC (Job, created_at)), .with = CORM_WITH (Job, cluster), .limit = 20);
  CORM_FOREACH (Job, row, running)
    g_print ("%s on %s\n", row->name, row->cluster ? row->cluster->name : "this machine");
  return running ? 0 : 1;
}
