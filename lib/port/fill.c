/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows into tables that are there: one transaction of the target, so that whatever stops it leaves the target as before. */
#include "port/build.h"
#include "port/job.h"
#include "port/source.h"

#include "base/error.h"
#include "render/sql.h"

/* Children first. */
static gboolean
empty_tables (CormPortJob *job, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (job->to);
  for (guint i = job->pairs->len; i > 0; i--) {
    const CormPair *pair = g_ptr_array_index (job->pairs, i - 1);
    g_autoptr (GString) sql = g_string_new ("DELETE FROM ");
    corm_sql_append_identifier (sql, dialect, pair->target->name);
    if (!corm_connection_run (job->to, sql->str, error))
      return corm_error_prefix (error, "empty table %s", pair->target->name);
  }
  return TRUE;
}

static gboolean
copy_rows (CormPortJob *job, CormRejects *rejects, GError **error)
{
  const CormCopy copy = { .crew = job->crew, .meter = &job->meter, .rejects = rejects };
  CormHand *hand = g_ptr_array_index (job->crew->hands, 0);
  for (guint i = 0; i < job->pairs->len; i++) {
    const CormPair *compared = g_ptr_array_index (job->pairs, i);
    CormTableReport *table = g_ptr_array_index (job->report->tables, i);
    g_autoptr (CormPair) filled = corm_pair_copy (compared);
    g_autoptr (CormPortStep) step = corm_port_step_new (CORM_STEP_ROWS, filled->target->name, 0);
    gint64 began = g_get_monotonic_time ();
    corm_pair_drop_generated (filled);
    if (!corm_copy_range (&copy, hand, filled, table->source_rows, step, error))
      return FALSE;
    table->source_rows = step->rows;
    table->target_rows = step->rows - step->rejected;
    table->rejected = step->rejected;
    table->bytes = step->bytes;
    table->seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  }
  return TRUE;
}

/* Tables keep their structure; their automatic keys go on behind the rows that came. */
static gboolean
settle_tables (CormPortJob *job, GError **error)
{
  CormBuild build = { .conn = job->to, .schema = job->target, .not_moved = job->report->not_moved };
  for (guint i = 0; i < job->pairs->len; i++)
    if (!corm_build_settle (&build, ((const CormPair *) g_ptr_array_index (job->pairs, i))->target, error))
      return FALSE;
  return TRUE;
}

gboolean
corm_port_fill (CormPortJob *job, GError **error)
{
  const CormPortOptions *options = job->options;
  const char *defer = corm_connection_get_dialect (job->to)->defer_keys;
  g_autoptr (CormRejects) rejects = NULL;
  g_autoptr (CormTransaction) write = corm_transaction_begin (job->to, CORM_TRANSACTION_WRITE, error);
  if (write == NULL || (defer != NULL && !corm_connection_run (job->to, defer, error)))
    return FALSE;
  if (options->rejects != NULL &&
      (rejects = corm_rejects_new (options->rejects, options->max_rejects, error)) == NULL)
    return FALSE;
  if ((options->truncate && !empty_tables (job, error)) || !copy_rows (job, rejects, error) ||
      !settle_tables (job, error))
    return FALSE;
  if (options->verify && !corm_port_prove (job, error))
    return FALSE;
  if (rejects != NULL && !corm_rejects_close (g_steal_pointer (&rejects), error))
    return FALSE;
  return (options->verify && !job->report->equal) || corm_transaction_commit (write, error);
}
