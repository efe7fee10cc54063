/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See resume.h. No word of the source's own (a time, a counter) is trusted: its rows are. */
#include "port/resume.h"

#include "base/error.h"
#include "port/canonical.h"
#include "port/hash.h"
#include "port/sift.h"
#include "port/source.h"

#include <string.h>

/* Objects have steps of their own, which say which of them are meant. */
char *
corm_resume_fingerprint (const CormPortJob *job)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  CormSchema tables = *job->target; /* shares everything but the objects */
  tables.objects = none;
  g_autofree char *schema = corm_schema_fingerprint (&tables);
  return g_strdup_printf ("%s %s%s %s", schema, job->options->schema_only ? "schema " : "",
                          job->options->rejects != NULL ? "rejects" : "strict",
                          job->options->tables != NULL ? job->options->tables : "");
}

static gboolean
is_refused (const CormPair *pair, const CormValue *values, GString *scratch)
{
  if (pair->refused == NULL)
    return FALSE;
  guint64 key = corm_hash_key (values, pair->keys, pair->n_keys, pair->n_columns, scratch);
  return g_array_binary_search (pair->refused, &key, corm_hash_compare_keys, NULL);
}

static gboolean
add_rows (CormStatement *statement, const CormPair *pair, gboolean of_target, gboolean skip_misfits,
          CormHash *hash, guint64 *n_read, GError **error)
{
  CormStep step;
  const CormValue *row = NULL;
  g_autoptr (CormCanonical) canonical = corm_canonical_new (pair, of_target);
  g_autoptr (GString) scratch = g_string_new (NULL);
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW) {
    const CormValue *values = corm_canonical_row (canonical, row);
    ++*n_read;
    if ((canonical->fits || !skip_misfits) && (of_target || !is_refused (pair, values, scratch)))
      corm_hash_add (hash, values, pair->n_columns, scratch);
  }
  return step == CORM_STEP_DONE;
}

/* The rows of a range that have been read: from its beginning to the last one, or all of them. */
static gboolean
add_range (CormPortJob *job, const CormPair *pair, const CormPortStep *step, CormHash *hash, GError **error)
{
  CormWalk walk;
  guint64 n_read = 0;
  const char *end = step->state == CORM_STEP_FINISHED ? step->until : step->last;
  if (step->state == CORM_STEP_WAITING)
    return TRUE;
  g_autoptr (CormKeyValues) after = step->after != NULL ? corm_key_values_parse (step->after, error) : NULL;
  g_autoptr (CormKeyValues) until = end != NULL ? corm_key_values_parse (end, error) : NULL;
  if ((step->after != NULL && after == NULL) || (end != NULL && until == NULL))
    return FALSE;
  corm_walk_init (&walk, pair, corm_connection_get_dialect (job->from));
  g_autoptr (CormStatement) rows = corm_source_walk (job->from, &walk, after, until, error);
  return rows != NULL && add_rows (rows, pair, FALSE, job->options->rejects != NULL, hash, &n_read, error);
}

static gboolean
check_table (CormPortJob *job, const CormPair *pair, GPtrArray *steps, GError **error)
{
  guint64 n_read = 0;
  CormHash source = { 0 }, target = { 0 };
  for (guint i = 0; i < steps->len; i++) {
    const CormPortStep *step = g_ptr_array_index (steps, i);
    if (step->kind == CORM_STEP_ROWS && strcmp (step->table, pair->target->name) == 0 &&
        !add_range (job, pair, step, &source, error))
      return FALSE;
  }
  g_autoptr (CormStatement) rows = corm_source_open (job->to, pair, TRUE, NULL, error);
  if (rows == NULL || !add_rows (rows, pair, TRUE, FALSE, &target, &n_read, error))
    return FALSE;
  if (corm_hash_equal (&source, &target))
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_STALE,
      "table %s: what has been copied (%" G_GUINT64_FORMAT " rows) is not what the source holds there "
      "now (%" G_GUINT64_FORMAT " rows): one of them was changed since the port was stopped; restart to "
      "drop what it made and begin anew",
      pair->source->name, target.n_rows, source.n_rows);
  return FALSE;
}

gboolean
corm_resume_check (CormPortJob *job, GPtrArray *filled, GPtrArray *steps, GError **error)
{
  if (!corm_sift_remember (job->to, filled, error))
    return FALSE;
  for (guint i = 0; !job->options->schema_only && i < filled->len; i++)
    if (!check_table (job, g_ptr_array_index (filled, i), steps, error))
      return corm_error_prefix (error, "resume");
  return TRUE;
}
