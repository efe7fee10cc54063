/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The port: open both sides, read the source at one moment, then one of two ways. Tables that it makes itself are filled
 * batch by batch, with checkpoints (make.c); tables that are there are filled in one transaction (fill.c). */
#include "port/grants.h"
#include "port/job.h"
#include "port/ledger.h"
#include "port/source.h"
#include "port/verify.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "engine/unfinished.h"
#include "render/sql.h"

static void
job_clear (CormPortJob *job)
{
  g_clear_pointer (&job->views, g_ptr_array_unref);
  g_clear_pointer (&job->views_left, corm_schema_free);
  g_clear_pointer (&job->views_right, corm_schema_free);
  g_clear_pointer (&job->pairs, g_ptr_array_unref);
  g_clear_pointer (&job->report, corm_port_report_free);
  g_clear_pointer (&job->source, corm_schema_free);
  g_clear_pointer (&job->target, corm_schema_free);
  g_clear_pointer (&job->names, corm_names_free);
  g_clear_pointer (&job->mapping, corm_port_mapping_free);
  g_clear_pointer (&job->crew, corm_crew_free);
  g_clear_pointer (&job->to, corm_connection_free);
  g_clear_pointer (&job->from, corm_connection_free);
  corm_meter_clear (&job->meter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormPortJob, job_clear)

static gboolean
check_options (const CormPortOptions *options, GError **error)
{
  gboolean fills = corm_port_is_fill (options);
  const char *wrong = NULL;
  if (options->schema_only && fills)
    wrong = "schema-only moves no rows: data-only, append and truncate exclude it";
  else if (options->append && options->truncate)
    wrong = "append keeps the rows that truncate would drop";
  else if (options->append && options->verify)
    wrong = "verify compares whole tables, and append keeps rows that the source does not have";
  else if (options->resume && options->restart)
    wrong = "resume goes on with what restart would drop";
  else if (fills && (options->resume || options->restart))
    wrong = "rows into tables that are there go in one transaction: there is nothing to resume or restart";
  else if (options->max_rejects > 0 && options->rejects == NULL)
    wrong = "a number of rejects needs a reject file";
  if (wrong != NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "port: %s", wrong);
  return wrong == NULL;
}

static gboolean
open_sides (CormPortJob *job, CormDb *source, CormDb *target, GError **error)
{
  const char *why = NULL;
  job->from = corm_db_connect (source, error);
  job->to = job->from != NULL ? corm_db_connect (target, error) : NULL;
  if (job->to == NULL)
    return FALSE;
  job->crew = corm_crew_new (job->from, job->to, MAX (1, job->options->jobs), &why, error);
  if (job->crew == NULL)
    return FALSE;
  if (why != NULL)
    g_ptr_array_add (job->report->notes, g_strdup_printf ("one job at a time: %s", why));
  job->source = corm_schema_inspect (job->from, error);
  if (job->source == NULL ||
      !corm_unfinished_refuse (job->from, job->source, "the source",
                               "what it has is a part of that, and is not moved", error))
    return FALSE;
  corm_unfinished_leave_out (job->source);
  return TRUE;
}

/* Every cell: a count of rows alone computes none of them. */
static gboolean
can_read (CormConnection *conn, const CormTable *view, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) sql = g_string_new ("SELECT count(*)");
  for (guint i = 0; i < view->columns->len; i++) {
    g_string_append (sql, ", count(");
    corm_sql_append_identifier (sql, dialect, ((const CormTableColumn *) view->columns->pdata[i])->name);
    g_string_append (sql, ")");
  }
  g_string_append (sql, " FROM ");
  corm_sql_append_rows_of (sql, dialect, view);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  return cursor != NULL && corm_cursor_next (cursor, error);
}

/* One that its own database can't read (SQLite takes views of what is not there) is no fault of the copy's. */
static gboolean
prove_view (CormPortJob *job, CormVerify *verify, const CormPair *pair, GError **error)
{
  g_autoptr (GError) unread = NULL;
  g_autofree char *name = g_strconcat ("view ", pair->source->name, NULL);
  g_autoptr (CormTransaction) savepoint = corm_transaction_begin (job->from, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (can_read (job->from, pair->source, &unread))
    return corm_transaction_commit (savepoint, error) &&
           corm_verify_pair (verify, pair, corm_port_report_add (job->report, name), error);
  g_ptr_array_add (job->report->notes, g_strdup_printf ("%s is not compared: the source can't read it (%s)",
                                                        name, unread->message));
  return corm_transaction_rollback (savepoint, error);
}

/* A view reads rows that were rejected: it can't be the same. */
static gboolean
prove_views (CormPortJob *job, CormVerify *verify, GError **error)
{
  guint64 rejected = 0;
  for (guint i = 0; i < job->report->tables->len; i++)
    rejected += ((const CormTableReport *) g_ptr_array_index (job->report->tables, i))->rejected;
  for (guint i = 0; job->views != NULL && rejected == 0 && i < job->views->len; i++) {
    const CormPair *pair = g_ptr_array_index (job->views, i);
    if (!prove_view (job, verify, pair, error))
      return FALSE;
  }
  if (rejected > 0 && job->views != NULL && job->views->len > 0)
    g_ptr_array_add (job->report->notes, g_strdup ("views are not compared: rows were rejected"));
  return TRUE;
}

gboolean
corm_port_prove (CormPortJob *job, GError **error)
{
  CormVerify verify = {
    .source = job->from,
    .target = job->to,
    .skip_misfits = job->options->rejects != NULL,
    .meter = &job->meter,
  };
  job->meter.state.all_rows = job->meter.state.all_bytes = 0;
  for (guint i = 0; i < job->pairs->len; i++)
    if (!corm_verify_pair (&verify, g_ptr_array_index (job->pairs, i),
                           g_ptr_array_index (job->report->tables, i), error))
      return FALSE;
  if (!prove_views (job, &verify, error))
    return FALSE;
  corm_verify_sum (job->report);
  return TRUE;
}

/* --- rows into tables that are there --------------------------------------------------------------------------- */

/* A port that was cut off stays to be taken up, whatever rows come in between. */
static gboolean
check_finished (const CormPortJob *job, const CormSchema *live, GError **error)
{
  CormPortRecord record = { 0 };
  gboolean found = FALSE;
  gboolean ok = corm_ledger_find (job->to, live, &record, &found, error) &&
                (!found || corm_ledger_refuse (&record, error));
  corm_port_record_clear (&record);
  return ok;
}

static gboolean
fill (CormPortJob *job, GError **error)
{
  g_autoptr (CormSchema) live = corm_schema_inspect (job->to, error);
  if (live == NULL || !check_finished (job, live, error) || !corm_port_settle (job, live, FALSE, error))
    return FALSE;
  for (guint i = 0; i < job->pairs->len; i++) {
    CormTableReport *table = g_ptr_array_index (job->report->tables, i);
    if (!corm_source_count (job->from, ((const CormPair *) g_ptr_array_index (job->pairs, i))->source,
                            &table->source_rows, error))
      return FALSE;
    job->meter.state.all_total += table->source_rows;
  }
  return corm_port_fill (job, error) || corm_error_prefix (error, "nothing was changed in the target");
}

/* --- the choices alone ----------------------------------------------------------------------------------------- */

static gboolean
plan (CormPortJob *job, GError **error)
{
  g_autoptr (CormSchema) live = corm_schema_inspect (job->to, error);
  return live != NULL && corm_port_settle (job, live, FALSE, error);
}

CormPortReport *
corm_port (CormDb *source, CormDb *target, const CormPortOptions *options, GError **error)
{
  static const CormPortOptions none = { 0 };
  g_return_val_if_fail (source != NULL && target != NULL, NULL);
  const CormPortOptions *use = options != NULL ? options : &none;
  if (!check_options (use, error))
    return NULL;
  g_auto (CormPortJob) job = { .options = use, .report = corm_port_report_new () };
  corm_meter_init (&job.meter, use);
  gboolean fills = corm_port_is_fill (use);
  GError *why = NULL;
  if (open_sides (&job, source, target, &why) && (use->plan_only ? plan (&job, &why)
                                                  : fills        ? fill (&job, &why)
                                                                 : corm_port_make (&job, &why)))
    return g_steal_pointer (&job.report);
  corm_port_tell_grants (&job, why);
  g_propagate_error (error, why);
  return NULL;
}
