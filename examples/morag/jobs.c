/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The life of a job: submitted, claimed by a worker, done; or failed or out of time, and tried again while it may be. */
#include "morag.h"

#include <string.h>

static char *options_json, *status, *type, *result;
static int max_retries = 3, seconds = 3600;

static gboolean
check_word (const char *text, const char *const *words, GError **error)
{
  if (g_strv_contains (words, text))
    return TRUE;
  g_autofree char *all = g_strjoinv (", ", (GStrv) words);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is none of %s", text, all);
  return FALSE;
}

/* SQLite takes any text for JSON, and others would find it later. NULL is fine. */
static gboolean
check_json (const char *option, const char *text, GError **error)
{
  const CormSqlType json = { .type = CORM_TYPE_JSON };
  CormValue value;
  g_autoptr (GError) why = NULL;
  if (text == NULL || corm_value_parse (&json, text, -1, &value, &why))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s", option, why->message);
  return FALSE;
}

static gboolean
check_least (const char *option, int number, int least, GError **error)
{
  if (number >= least)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %d is less than %d", option, number,
               least);
  return FALSE;
}

static gboolean
read_id (const char *text, CormUuid *id, GError **error)
{
  if (corm_uuid_parse (text, id))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is no UUID", text);
  return FALSE;
}

static gboolean
print_job (const RemoteJob *job, GError **error)
{
  g_autofree char *json = remote_job_to_json (job, error);
  if (json != NULL)
    g_print ("%s\n", json);
  return json != NULL;
}

/* --- submit TASK FILE TYPE --------------------------------------------------------------------------------------- */

static const GOptionEntry submit_options[] = {
  { "options", 0, 0, G_OPTION_ARG_STRING, &options_json, "What the worker should know ({})", "JSON" },
  { "max-retries", 0, 0, G_OPTION_ARG_INT, &max_retries, "How often it may be tried again (3)", "N" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
submit (Morag *morag, GError **error)
{
  char **args = morag->args;
  RemoteJob job = { .ingestion_task_id = args[0], .source_file_path = args[1], .content_type = args[2] };
  if (!check_word (args[2], content_types, error) || !check_json ("options", options_json, error) ||
      !check_least ("max-retries", max_retries, 0, error))
    return FALSE;
  job.task_options.text = options_json;
  job.max_retries = max_retries;
  g_autoptr (CormConnection) conn = corm_db_connect (morag->db, error);
  if (conn == NULL || !remote_job_insert (conn, &job, error)) /* the database gives the id */
    return FALSE;
  g_autofree char *id = corm_uuid_to_text (job.job_id);
  g_print ("%s\n", id);
  return TRUE;
}

/* --- jobs, job ID --------------------------------------------------------------------------------------------------- */

static const GOptionEntry list_options[] = {
  { "status", 0, 0, G_OPTION_ARG_STRING, &status, "Only these", "STATUS" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
list_jobs (Morag *morag, GError **error)
{
  g_autoptr (CormQuery) query = corm_query_new (&RemoteJob_model);
  if (status != NULL && !check_word (status, remote_job_statuses, error))
    return FALSE;
  if (status != NULL)
    corm_query_where (query, CORM_EQ (RemoteJob, status, status));
  corm_query_order (query, (CormOrder) CORM_ASC (RemoteJob, created_at));
  corm_query_order (query, (CormOrder) CORM_ASC (RemoteJob, job_id));
  g_autoptr (CormConnection) conn = corm_db_connect (morag->db, error);
  g_autoptr (CormRows) jobs = conn != NULL ? corm_query_find (query, conn, error) : NULL;
  CORM_FOREACH (RemoteJob, job, jobs)
    if (!print_job (job, error))
      return FALSE;
  return jobs != NULL;
}

/* As JSON; its result; and what follows from its times and numbers. */
static gboolean
show_job (Morag *morag, GError **error)
{
  CormUuid id;
  if (!read_id (morag->args[0], &id, error))
    return FALSE;
  g_autoptr (CormConnection) conn = corm_db_connect (morag->db, error);
  g_autoptr (RemoteJob) job = conn != NULL ? corm_get (RemoteJob, conn, error, .job_id = id) : NULL;
  if (job == NULL || !print_job (job, error))
    return FALSE;
  g_print ("result: %s\nexpired: %s\nseconds: %.3f\ncan retry: %s\n",
           job->result_data.text != NULL ? job->result_data.text : "none",
           remote_job_is_expired (job) ? "yes" : "no", remote_job_get_duration (job),
           remote_job_can_retry (job) ? "yes" : "no");
  return TRUE;
}

/* --- claim WORKER ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *worker;
  CormUuid id;
  gboolean found;
} Claim;

/* The oldest job that waits; one that another worker looks at in this moment is passed over. */
static gboolean
claim_one (CormConnection *conn, gpointer data, GError **error)
{
  Claim *claim = data;
  g_autoptr (CormQuery) query = corm_query_new (&RemoteJob_model);
  corm_query_where (query, CORM_EQ (RemoteJob, status, "pending"));
  if (type != NULL)
    corm_query_where (query, CORM_EQ (RemoteJob, content_type, type));
  corm_query_order (query, (CormOrder) CORM_ASC (RemoteJob, created_at));
  corm_query_order (query, (CormOrder) CORM_ASC (RemoteJob, job_id));
  corm_query_limit (query, 1);
  corm_query_lock (query, CORM_LOCK_UPDATE_SKIP_LOCKED);
  g_autoptr (CormRows) rows = corm_query_find (query, conn, error);
  RemoteJob *job = corm_rows_get (rows, 0);
  claim->found = job != NULL;
  if (job == NULL)
    return rows != NULL;
  CormTimestamp now = corm_timestamp_now (), end = { now.us + (gint64) seconds * G_USEC_PER_SEC };
  claim->id = job->job_id;
  job->status = "processing";
  job->worker_id = claim->worker;
  job->started_at = (CormOptTimestamp) CORM_SOME (now);
  job->timeout_at = (CormOptTimestamp) CORM_SOME (end);
  return corm_update (RemoteJob, conn, job, error, status, worker_id, started_at, timeout_at);
}

static const GOptionEntry claim_options[] = {
  { "type", 0, 0, G_OPTION_ARG_STRING, &type, "Only jobs of this content type", "TYPE" },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long the worker may take (3600)", "N" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
claim (Morag *morag, GError **error)
{
  Claim claim = { .worker = morag->args[0] };
  if ((type != NULL && !check_word (type, content_types, error)) ||
      !check_least ("seconds", seconds, 0, error) ||
      !corm_transact (morag->db, claim_one, &claim, NULL, error))
    return FALSE;
  if (!claim.found)
    return FALSE;
  g_autofree char *id = corm_uuid_to_text (claim.id);
  g_print ("%s\n", id);
  return TRUE;
}

/* --- complete ID, fail ID MESSAGE, cancel ID ------------------------------------------------------------------------------ */

typedef struct {
  CormUuid id;
  const char *status, *message, *result;
} End;

/* Back to those that wait, if it may be tried again. */
static void
retry (RemoteJob *job)
{
  if (!remote_job_can_retry (job))
    return;
  job->status = "pending";
  job->retry_count++;
  job->worker_id = NULL;
  job->started_at.is_set = job->completed_at.is_set = job->timeout_at.is_set = false;
}

static gboolean
end_one (CormSession *session, gpointer data, GError **error)
{
  const End *end = data;
  RemoteJob *job = corm_session_get (RemoteJob, session, error, .job_id = end->id);
  if (job == NULL)
    return FALSE;
  gboolean waits = strcmp (job->status, "pending") == 0, works = strcmp (job->status, "processing") == 0;
  if (!works && !(waits && strcmp (end->status, "cancelled") == 0)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_STALE, "the job is %s, and can't become %s", job->status,
                 end->status);
    return FALSE;
  }
  job->status = end->status;
  job->error_message = end->message;
  job->result_data.text = end->result;
  job->completed_at = (CormOptTimestamp) CORM_SOME (corm_timestamp_now ());
  retry (job);
  return TRUE;
}

static gboolean
end_job (Morag *morag, const End *how, GError **error)
{
  End end = *how;
  return read_id (morag->args[0], &end.id, error) && morag_in_session (morag->db, end_one, &end, error);
}

static const GOptionEntry complete_options[] = {
  { "result", 0, 0, G_OPTION_ARG_STRING, &result, "What came out of it", "JSON" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
complete (Morag *morag, GError **error)
{
  return check_json ("result", result, error) &&
         end_job (morag, &(End){ .status = "completed", .result = result }, error);
}

static gboolean
fail (Morag *morag, GError **error)
{
  return end_job (morag, &(End){ .status = "failed", .message = morag->args[1] }, error);
}

static gboolean
cancel (Morag *morag, GError **error)
{
  return end_job (morag, &(End){ .status = "cancelled" }, error);
}

/* --- expire ------------------------------------------------------------------------------------------------------------ */

static gboolean
expire_all (CormSession *session, gpointer data, GError **error)
{
  guint *n_expired = data;
  *n_expired = 0; /* this may be another attempt */
  g_autoptr (CormRows) jobs =
      corm_session_find (RemoteJob, session, error,
                         .where = CORM_ALL (CORM_EQ (RemoteJob, status, "processing"),
                                            CORM_LT (RemoteJob, timeout_at, corm_timestamp_now ())));
  CORM_FOREACH (RemoteJob, job, jobs) {
    job->status = "timeout";
    job->error_message = "the worker took too long";
    job->completed_at = (CormOptTimestamp) CORM_SOME (corm_timestamp_now ());
    retry (job);
    ++*n_expired;
  }
  return jobs != NULL;
}

static gboolean
expire (Morag *morag, GError **error)
{
  guint n_expired = 0;
  if (!morag_in_session (morag->db, expire_all, &n_expired, error))
    return FALSE;
  g_print ("%u\n", n_expired);
  return TRUE;
}

const MoragCommand job_commands[] = {
  { .name = "submit",
    .arguments = "TASK FILE TYPE",
    .summary = "Print the new job's id; TYPE is audio, video, document, image, web or youtube",
    .n_args = 3,
    .options = submit_options,
    .run = submit },
  { .name = "jobs", .summary = "Each as a line of JSON", .options = list_options, .run = list_jobs },
  { .name = "job", .arguments = "ID", .summary = "One, and how it stands", .n_args = 1, .run = show_job },
  { .name = "claim",
    .arguments = "WORKER",
    .summary = "Print the id of the job that is now this worker's; status 1: there is none",
    .n_args = 1,
    .options = claim_options,
    .run = claim },
  { .name = "complete",
    .arguments = "ID",
    .summary = "It is done",
    .n_args = 1,
    .options = complete_options,
    .run = complete },
  { .name = "fail",
    .arguments = "ID MESSAGE",
    .summary = "It went wrong; it waits again while it may be tried again",
    .n_args = 2,
    .run = fail },
  { .name = "cancel", .arguments = "ID", .summary = "Nobody wants it any more", .n_args = 1, .run = cancel },
  { .name = "expire",
    .summary = "Take from their workers what took too long; print how many",
    .run = expire },
  { 0 },
};
