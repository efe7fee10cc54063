/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Commands about jobs. Without options they do what they did in version 1. */
#include "crystal.h"

#include <math.h>

static gint64 cluster_id;
static char *runner, *parallelism, *status, *results;
static int pid = -1;
static double energy;
static gboolean has_energy;

static gboolean
read_energy (G_GNUC_UNUSED const char *name, const char *value, G_GNUC_UNUSED gpointer data, GError **error)
{
  char *end = NULL;
  energy = g_ascii_strtod (value, &end);
  has_energy = *value != '\0' && *end == '\0' && isfinite (energy);
  if (!has_energy)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--energy: '%s' is no number", value);
  return has_energy;
}

/* --- create-job NAME WORK_DIR INPUT ------------------------------------------------------------------------------- */

static const GOptionEntry create_options[] = {
  { "cluster", 0, 0, G_OPTION_ARG_INT64, &cluster_id, "Where it will run", "ID" },
  { "runner", 0, 0, G_OPTION_ARG_STRING, &runner, "local (default), ssh or slurm", "TYPE" },
  { "parallelism", 0, 0, G_OPTION_ARG_STRING, &parallelism, "MPI ranks, threads, nodes", "JSON" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
create_job (Crystal *crystal, GError **error)
{
  guint type = RUNNER_LOCAL;
  Job job = { .name = crystal->args[0], .work_dir = crystal->args[1], .input_file = crystal->args[2] };
  if ((runner != NULL && !crystal_read_word (runner, runner_types, &type, error)) ||
      !crystal_check_json ("parallelism", parallelism, error))
    return FALSE;
  if (cluster_id != 0) {
    g_autoptr (Cluster) cluster = corm_get (Cluster, crystal->conn, error, .id = cluster_id);
    if (cluster == NULL)
      return FALSE;
    job.cluster_id = (CormOptInt64) CORM_SOME (cluster_id);
  }
  job.runner_type = (CormOptEnum) CORM_SOME (type);
  job.parallelism_config.text = parallelism;
  if (!job_insert (crystal->conn, &job, error))
    return FALSE;
  g_print ("%" G_GINT64_FORMAT "\n", job.id);
  return TRUE;
}

/* --- job ID, jobs --------------------------------------------------------------------------------------------------- */

static gboolean
show_job (Crystal *crystal, GError **error)
{
  gint64 id;
  if (!crystal_read_id (crystal->args[0], &id, error))
    return FALSE;
  g_autoptr (Job) job = corm_get (Job, crystal->conn, error, .id = id);
  g_autofree char *json = job != NULL ? corm_to_json (Job, job, NULL, error) : NULL;
  if (json != NULL)
    g_print ("%s\n", json);
  return json != NULL;
}

static const GOptionEntry list_options[] = {
  { "status", 0, 0, G_OPTION_ARG_STRING, &status, "PENDING, QUEUED, RUNNING, COMPLETED or FAILED", "STATUS" },
  { "cluster", 0, 0, G_OPTION_ARG_INT64, &cluster_id, "Those of one cluster", "ID" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
list_jobs (Crystal *crystal, GError **error)
{
  guint wanted = 0;
  g_autoptr (CormQuery) query = corm_query_new (&Job_model);
  if (status != NULL && !crystal_read_word (status, job_statuses, &wanted, error))
    return FALSE;
  if (status != NULL)
    corm_query_where (query, CORM_EQ (Job, status, wanted));
  if (cluster_id != 0)
    corm_query_where (query, CORM_EQ (Job, cluster_id, cluster_id));
  corm_query_with (query, offsetof (Job, cluster));
  corm_query_order (query, (CormOrder) CORM_ASC (Job, id));
  g_autoptr (CormRows) jobs = corm_query_find (query, crystal->conn, error);
  CORM_FOREACH (Job, job, jobs)
    g_print ("%" G_GINT64_FORMAT "\t%s\t%s\t%s\t%s\n", job->id, job_statuses[job->status], job->name,
             runner_types[job->runner_type.value], job->cluster != NULL ? job->cluster->name : "-");
  return jobs != NULL;
}

/* --- set-status ID STATUS --------------------------------------------------------------------------------------------- */

static const GOptionEntry status_options[] = {
  { "pid", 0, 0, G_OPTION_ARG_INT, &pid, "The process that runs it", "N" },
  { "energy", 0, 0, G_OPTION_ARG_CALLBACK, read_energy, "The final energy", "E" },
  { "results", 0, 0, G_OPTION_ARG_STRING, &results, "The key results", "JSON" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* A transaction, so that nobody changes the job in between; the times go with the status. */
static gboolean
change_status (CormConnection *conn, gpointer data, GError **error)
{
  const Job *wanted = data;
  g_autoptr (Job) job = corm_get (Job, conn, error, .id = wanted->id);
  if (job == NULL)
    return FALSE;
  job->status = wanted->status;
  if (job->status == JOB_RUNNING)
    job->started_at = (CormOptTimestamp) CORM_SOME (corm_timestamp_now ());
  if (job->status == JOB_COMPLETED || job->status == JOB_FAILED)
    job->completed_at = (CormOptTimestamp) CORM_SOME (corm_timestamp_now ());
  if (wanted->pid.is_set)
    job->pid = wanted->pid;
  if (wanted->final_energy.is_set)
    job->final_energy = wanted->final_energy;
  if (wanted->key_results.text != NULL)
    job->key_results = wanted->key_results;
  return corm_update (Job, conn, job, error, status, started_at, completed_at, pid, final_energy,
                      key_results);
}

static gboolean
set_status (Crystal *crystal, GError **error)
{
  guint word;
  Job wanted = { .key_results = { results } };
  if (!crystal_read_id (crystal->args[0], &wanted.id, error) ||
      !crystal_read_word (crystal->args[1], job_statuses, &word, error) ||
      !crystal_check_json ("results", results, error))
    return FALSE;
  wanted.status = word;
  if (pid >= 0)
    wanted.pid = (CormOptInt32) CORM_SOME (pid);
  if (has_energy)
    wanted.final_energy = (CormOptDouble) CORM_SOME (energy);
  return corm_transact (crystal->db, change_status, &wanted, NULL, error);
}

const CrystalCommand job_commands[] = {
  { .name = "create-job",
    .arguments = "NAME WORK_DIR INPUT",
    .summary = "Print the new job's id",
    .n_args = 3,
    .options = create_options,
    .run = create_job },
  { .name = "job",
    .arguments = "ID",
    .summary = "All that is known of a job, as JSON",
    .n_args = 1,
    .run = show_job },
  { .name = "jobs",
    .summary = "Id, status, name, runner and cluster of each",
    .options = list_options,
    .run = list_jobs },
  { .name = "set-status",
    .arguments = "ID STATUS",
    .summary = "How a job stands, and with that its times",
    .n_args = 2,
    .options = status_options,
    .run = set_status },
  { 0 },
};
