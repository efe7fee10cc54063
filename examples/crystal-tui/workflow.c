/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which job waits for which. The dependencies are the arrows of a graph without circles. */
#include "crystal.h"

typedef struct {
  gint64 id;
} Reached;
CORM_SHAPE (Reached, id)

static gboolean all;

static const GOptionEntry graph_options[] = {
  { "all", 0, 0, G_OPTION_ARG_NONE, &all, "Also those of these, and so on", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* The arrows that begin (@back: that end) at @job, and with @further at every job that they lead to: a recursive query,
 * which ends in a circle too. Each comes with both of its jobs. */
static CormRows *
find_arrows (CormConnection *conn, gint64 job, gboolean back, gboolean further, GError **error)
{
  CormNumberExpr job_id = CORM_COL (JobDependency, job_id);
  CormNumberExpr depends_on = CORM_COL (JobDependency, depends_on_job_id);
  CormNumberExpr from = back ? depends_on : job_id, to = back ? job_id : depends_on;
  g_autoptr (CormQuery) first = corm_query_new (&Job_model), next = corm_query_new (&Reached_model);
  g_autoptr (CormQuery) reached = corm_query_new (&Reached_model);
  g_autoptr (CormQuery) arrows = corm_query_new (&JobDependency_model);
  corm_query_where (first, CORM_EQ (Job, id, job));
  corm_query_select (first, CORM_OUTPUTS (CORM_OUTPUT (Reached, id, CORM_COL (Job, id))));
  corm_query_join (next, CORM_INNER_JOIN, &JobDependency_model, CORM_EQUAL (from, CORM_COL (Reached, id)));
  corm_query_select (next, CORM_OUTPUTS (CORM_OUTPUT (Reached, id, to)));
  corm_query_define (reached, &Reached_model, further ? corm_query_combine (first, CORM_UNION, next) : first);
  corm_query_select (reached, CORM_OUTPUTS (CORM_OUTPUT (Reached, id, CORM_COL (Reached, id))));
  corm_query_where (arrows, CORM_IN_QUERY (from, reached));
  corm_query_with (arrows, offsetof (JobDependency, job));
  corm_query_with (arrows, offsetof (JobDependency, depends_on));
  corm_query_order (arrows, (CormOrder) CORM_ASC (JobDependency, job_id));
  corm_query_order (arrows, (CormOrder) CORM_ASC (JobDependency, depends_on_job_id));
  return corm_query_find (arrows, conn, error);
}

/* --- add-dependency JOB DEPENDS_ON TYPE ------------------------------------------------------------------------------ */

/* A circle is refused. Serializable: two programs that add half of one each can't both succeed. */
static gboolean
insert_dependency (CormConnection *conn, gpointer data, GError **error)
{
  JobDependency *new = data;
  gboolean circle = new->job_id == new->depends_on_job_id;
  g_autoptr (CormRows) further = find_arrows (conn, new->depends_on_job_id, FALSE, TRUE, error);
  CORM_FOREACH (JobDependency, arrow, further)
    circle |= arrow->depends_on_job_id == new->job_id;
  if (circle)
    g_set_error (error, CORM_ERROR, CORM_ERROR_CHECK,
                 "job %" G_GINT64_FORMAT " can't wait for job %" G_GINT64_FORMAT ", which waits for it; "
                 "\"dependencies %" G_GINT64_FORMAT " --all\" shows how",
                 new->job_id, new->depends_on_job_id, new->depends_on_job_id);
  new->id = 0; /* this may be another attempt */
  return further != NULL && !circle && job_dependency_insert (conn, new, error);
}

static gboolean
add_dependency (Crystal *crystal, GError **error)
{
  guint type;
  JobDependency new = { 0 };
  CormTransactOptions options = { .isolation = CORM_ISOLATION_SERIALIZABLE };
  if (!crystal_read_id (crystal->args[0], &new.job_id, error) ||
      !crystal_read_id (crystal->args[1], &new.depends_on_job_id, error) ||
      !crystal_read_word (crystal->args[2], dependency_types, &type, error))
    return FALSE;
  new.dependency_type = type;
  return corm_transact (crystal->db, insert_dependency, &new, &options, error);
}

/* --- can-run JOB ------------------------------------------------------------------------------------------------------ */

static gboolean
is_met (const JobDependency *dependency)
{
  JobStatus status = dependency->depends_on->status;
  return (status == JOB_COMPLETED && dependency->dependency_type != AFTER_FAILED) ||
         (status == JOB_FAILED && dependency->dependency_type != AFTER_OK);
}

static gboolean
can_run (Crystal *crystal, GError **error)
{
  gint64 id;
  guint n_reasons = 0;
  static const char *const wanted[] = { "COMPLETED", "COMPLETED or FAILED", "FAILED" };
  if (!crystal_read_id (crystal->args[0], &id, error))
    return FALSE;
  g_autoptr (Job) job = corm_get (Job, crystal->conn, error, .id = id);
  g_autoptr (CormRows) arrows = job != NULL ? find_arrows (crystal->conn, id, FALSE, FALSE, error) : NULL;
  if (arrows == NULL)
    return FALSE;
  CORM_FOREACH (JobDependency, arrow, arrows) {
    if (is_met (arrow))
      continue;
    n_reasons++;
    g_print ("job %" G_GINT64_FORMAT " (%s) is %s; %s waits for %s\n", arrow->depends_on_job_id,
             arrow->depends_on->name, job_statuses[arrow->depends_on->status],
             dependency_types[arrow->dependency_type], wanted[arrow->dependency_type]);
  }
  if (n_reasons == 0)
    g_print ("yes\n");
  return n_reasons == 0;
}

/* --- dependencies JOB, dependents JOB --------------------------------------------------------------------------------- */

static gboolean
print_arrows (Crystal *crystal, gboolean back, GError **error)
{
  gint64 id;
  if (!crystal_read_id (crystal->args[0], &id, error))
    return FALSE;
  g_autoptr (Job) job = corm_get (Job, crystal->conn, error, .id = id);
  g_autoptr (CormRows) arrows = job != NULL ? find_arrows (crystal->conn, id, back, all, error) : NULL;
  CORM_FOREACH (JobDependency, arrow, arrows)
    g_print ("%" G_GINT64_FORMAT " %s\t%s\t%" G_GINT64_FORMAT " %s\n", arrow->job_id, arrow->job->name,
             dependency_types[arrow->dependency_type], arrow->depends_on_job_id, arrow->depends_on->name);
  return arrows != NULL;
}

static gboolean
print_dependencies (Crystal *crystal, GError **error)
{
  return print_arrows (crystal, FALSE, error);
}

static gboolean
print_dependents (Crystal *crystal, GError **error)
{
  return print_arrows (crystal, TRUE, error);
}

const CrystalCommand workflow_commands[] = {
  { .name = "add-dependency",
    .arguments = "JOB DEPENDS_ON TYPE",
    .summary = "TYPE is after_ok, after_any or after_failed",
    .n_args = 3,
    .run = add_dependency },
  { .name = "can-run",
    .arguments = "JOB",
    .summary = "Whether it may start; status 1 and the reasons when not",
    .n_args = 1,
    .run = can_run },
  { .name = "dependencies",
    .arguments = "JOB",
    .summary = "What it waits for",
    .n_args = 1,
    .options = graph_options,
    .run = print_dependencies },
  { .name = "dependents",
    .arguments = "JOB",
    .summary = "What waits for it",
    .n_args = 1,
    .options = graph_options,
    .run = print_dependents },
  { 0 },
};
