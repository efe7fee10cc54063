/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two models, a database that is made from them, a row in, rows out. The README shows the same program. */
#include <corm/corm.h>

/* clang-format off */
typedef enum { JOB_PENDING, JOB_QUEUED, JOB_RUNNING, JOB_COMPLETED, JOB_FAILED } JobStatus;
static const char *const job_status[] = { "PENDING", "QUEUED", "RUNNING", "COMPLETED", "FAILED", NULL };

typedef struct {
  gint64      id;
  const char *name;
  CormRows   *jobs; /* has many Job: NULL until asked for */
} Cluster;

typedef struct {
  gint64         id;
  const char    *name;
  const char    *work_dir;
  JobStatus      status;
  CormTimestamp  created_at; /* microseconds since 1970, UTC */
  CormOptInt64   cluster_id; /* nullable: { is_set, value } */
  Cluster       *cluster;    /* belongs to: NULL until asked for */
} Job;

CORM_DECLARE_MODEL (Cluster, cluster) /* Cluster_model, cluster_get (), cluster_insert (), … */
CORM_DECLARE_MODEL (Job, job)

static const CormColumn cluster_columns[] = {
  CORM_COLUMN (Cluster, id, .primary_key = true),
  CORM_COLUMN (Cluster, name, .not_null = true, .unique = true),
};
static const CormRelation cluster_relations[] = { CORM_HAS_MANY (Cluster, jobs, Job, cluster_id) };
const CormModel Cluster_model = CORM_MODEL (Cluster, "clusters", CORM_COLUMNS (cluster_columns),
                                            CORM_RELATIONS (cluster_relations));

static const CormColumn job_columns[] = {
  CORM_COLUMN (Job, id,         .primary_key = true),
  CORM_COLUMN (Job, name,       .not_null = true, .max_length = 255),
  CORM_COLUMN (Job, work_dir,   .not_null = true, .unique = true),
  CORM_COLUMN (Job, status,     .labels = job_status, .default_value = "PENDING"),
  CORM_COLUMN (Job, created_at, .default_sql = CORM_NOW),
  CORM_COLUMN (Job, cluster_id, .references = "clusters.id", .on_delete = CORM_SET_NULL),
};
static const CormIndex job_indexes[] = {
  { .name = "idx_jobs_status",  .columns = "status" },
  { .name = "idx_jobs_created", .columns = "created_at desc" },
};
static const CormRelation job_relations[] = { CORM_BELONGS_TO (Job, cluster, Cluster, cluster_id) };
const CormModel Job_model = CORM_MODEL (Job, "jobs", CORM_COLUMNS (job_columns), CORM_INDEXES (job_indexes),
                                        CORM_RELATIONS (job_relations));

/* For the command: corm diff sqlite:jobs.db models:./quickstart.so */
CORM_EXPORT_MODELS (&Cluster_model, &Job_model);

int
main (int argc, char **argv)
{
  const char *uri = argc > 1 ? argv[1] : "sqlite:jobs.db";
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Cluster_model, &Job_model, NULL);
  g_autoptr (CormDb) db = registry ? corm_db_open (uri, registry, &error) : NULL;
  g_autoptr (CormConnection) conn = db && corm_db_migrate (db, NULL, &error) ? corm_db_connect (db, &error) : NULL;
  if (conn == NULL)
    return g_printerr ("%s\n", error->message), 1;

  Job job = { .name = "scf", .work_dir = "/calc/scf", .status = JOB_RUNNING };
  if (!job_insert (conn, &job, &error)) /* job.id is set from the database */
    return g_printerr ("%s\n", error->message), 1;

  g_autoptr (CormRows) running = corm_find (Job, conn, &error,
    .where = CORM_ALL (CORM_EQ (Job, status, JOB_RUNNING), CORM_LIKE (Job, name, "scf%")),
    .order = CORM_ORDER (CORM_DESC (Job, created_at)),
    .with  = CORM_WITH (Job, cluster),
    .limit = 20);
  CORM_FOREACH (Job, row, running)
    g_print ("job %" G_GINT64_FORMAT ": %s on %s\n", row->id, row->name,
             row->cluster ? row->cluster->name : "this machine");
  return running ? 0 : 1;
}
/* clang-format on */
