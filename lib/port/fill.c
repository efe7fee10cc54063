/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows into tables that are there: one transaction of the target, so that whatever stops it leaves the target as before. */
#include "port/build.h"
#include "port/empty.h"
#include "port/hash.h"
#include "port/refusal.h"
#include "port/job.h"
#include "port/source.h"

#include "base/error.h"
#include "engine/transaction.h"
#include "render/sql.h"
#include "schema/words.h"

#include <string.h>

/* --- which rows refer to which ---------------------------------------------------------------------------------- */

static guint
position (const CormPortJob *job, const char *target)
{
  guint i = 0;
  while (i < job->pairs->len &&
         strcmp (((const CormPair *) g_ptr_array_index (job->pairs, i))->target->name, target) != 0)
    i++;
  return i;
}

/* Rows of pair @at refer to rows that come with them, or behind them. */
static gboolean
looks_ahead (const CormPortJob *job, guint at)
{
  const CormTable *table = ((const CormPair *) g_ptr_array_index (job->pairs, at))->target;
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    guint to =
        position (job, ((const CormForeignKey *) g_ptr_array_index (table->foreign_keys, i))->target_table);
    if (to >= at && to < job->pairs->len)
      return TRUE;
  }
  return FALSE;
}

/* A table that stays as it is refers to one that is emptied. */
static gboolean
is_referred_to (const CormPortJob *job)
{
  for (guint t = 0; t < job->target->tables->len; t++) {
    const CormTable *table = g_ptr_array_index (job->target->tables, t);
    if (position (job, table->name) < job->pairs->len)
      continue;
    for (guint i = 0; i < table->foreign_keys->len; i++) {
      const CormForeignKey *key = g_ptr_array_index (table->foreign_keys, i);
      if (position (job, key->target_table) < job->pairs->len)
        return TRUE;
    }
  }
  return FALSE;
}

/* Where it is not needed, keys are looked at row by row, and the row that breaks one has a name. */
static gboolean
defer_keys (CormPortJob *job, GError **error)
{
  const char *defer = corm_connection_get_dialect (job->to)->defer_keys;
  gboolean is_needed = job->options->truncate && is_referred_to (job);
  for (guint i = 0; i < job->pairs->len; i++)
    is_needed |= looks_ahead (job, i);
  return defer == NULL || !is_needed || corm_connection_run (job->to, defer, error);
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

/* In one load; should the target refuse it, that is undone, and *@refused says why. */
static gboolean
copy_at_once (const CormCopy *copy, CormHand *hand, const CormPair *pair, guint64 n_rows, CormPortStep *step,
              GError **refused, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (CormTransaction) savepoint = corm_transaction_begin (hand->to, CORM_TRANSACTION_DEFAULT, error);
  if (savepoint == NULL)
    return FALSE;
  if (corm_copy_range (copy, hand, pair, n_rows, step, &why))
    return corm_transaction_commit (savepoint, error);
  gboolean is_worth_a_look = corm_refusal_is (why); /* lot by lot it tells more */
  g_propagate_error (is_worth_a_look ? refused : error, g_steal_pointer (&why));
  return is_worth_a_look && corm_transaction_rollback (savepoint, error);
}

/* Where rows may be rejected, lot by lot. Else, and where rows need others behind them, at once; then lot by lot to find the
 * row, if the target has refused one. */
static gboolean
copy_table (CormCopy *copy, CormHand *hand, const CormPair *pair, guint64 n_rows, CormPortStep *step,
            GError **error)
{
  g_autoptr (GError) refused = NULL, why = NULL;
  copy->lots = copy->rejects != NULL && !copy->ahead;
  if (!copy->lots) {
    if (!copy_at_once (copy, hand, pair, n_rows, step, &refused, error))
      return FALSE;
    if (refused == NULL)
      return TRUE;
    step->rows = step->bytes = step->rejected = 0;
    copy->lots = TRUE;
  }
  if (corm_copy_range (copy, hand, pair, n_rows, step, &why))
    return TRUE;
  gboolean is_misled = refused != NULL && copy->ahead && why->code == CORM_ERROR_FOREIGN_KEY;
  g_propagate_error (error, is_misled ? g_steal_pointer (&refused) : g_steal_pointer (&why));
  return FALSE;
}

static gboolean
copy_rows (CormPortJob *job, CormRejects *rejects, GError **error)
{
  CormHand *hand = g_ptr_array_index (job->crew->hands, 0);
  for (guint i = 0; i < job->pairs->len; i++) {
    CormCopy copy = {
      .crew = job->crew, .meter = &job->meter, .rejects = rejects, .ahead = looks_ahead (job, i)
    };
    CormTableReport *table = g_ptr_array_index (job->report->tables, i);
    CormPair *compared = g_ptr_array_index (job->pairs, i);
    g_autoptr (CormPair) filled = corm_pair_copy (compared);
    if (job->options->verify)
      copy.refused = compared->refused = g_array_new (FALSE, FALSE, sizeof (guint64));
    g_autoptr (CormPortStep) step = corm_port_step_new (CORM_STEP_ROWS, filled->target->name, 0);
    gint64 began = g_get_monotonic_time ();
    corm_pair_drop_generated (filled);
    if (!copy_table (&copy, hand, filled, table->source_rows, step, error))
      return FALSE;
    if (compared->refused != NULL)
      g_array_sort (compared->refused, corm_hash_compare_keys);
    table->source_rows = step->rows;
    table->target_rows = step->rows - step->rejected;
    table->rejected = step->rejected;
    table->bytes = step->bytes;
    table->seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  }
  return TRUE;
}

/* Tables keep their structure; their automatic keys go on behind those that the source gave. */
static gboolean
settle_tables (CormPortJob *job, GError **error)
{
  CormBuild build = { .conn = job->to,
                      .from = job->from,
                      .source = job->source,
                      .schema = job->target,
                      .not_moved = job->report->not_moved };
  for (guint i = 0; i < job->pairs->len; i++)
    if (!corm_build_settle (&build, ((const CormPair *) g_ptr_array_index (job->pairs, i))->target, error))
      return FALSE;
  return TRUE;
}

/* The words in front of ON say when it comes. */
static gboolean
fires (const CormSchemaObject *trigger, gboolean truncates)
{
  if (trigger->sql == NULL)
    return TRUE;
  g_autoptr (GPtrArray) words = corm_words_split (trigger->sql);
  for (guint i = 0; i < words->len && strcmp (words->pdata[i], "on") != 0; i++) {
    const char *word = words->pdata[i];
    if (strcmp (word, "insert") == 0 ||
        (truncates && (strcmp (word, "delete") == 0 || strcmp (word, "truncate") == 0)))
      return TRUE;
  }
  return FALSE;
}

/* The source's triggers have done their work on the rows that come: the target's would do it again, or another. */
static gboolean
refuse_triggers (const CormPortJob *job, GError **error)
{
  for (guint i = 0; i < job->target->objects->len; i++) {
    const CormSchemaObject *object = g_ptr_array_index (job->target->objects, i);
    if (strcmp (object->kind, "trigger") != 0 || object->table == NULL ||
        position (job, object->table) == job->pairs->len || !fires (object, job->options->truncate))
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "table %s of the target has the trigger %s, which would change what is moved: drop it, and "
                 "make it again behind the port",
                 object->table, object->name);
    return FALSE;
  }
  return TRUE;
}

gboolean
corm_port_fill (CormPortJob *job, GError **error)
{
  GError *why = NULL;
  const CormPortOptions *options = job->options;
  g_autoptr (CormRejects) rejects = NULL;
  if (!refuse_triggers (job, error))
    return FALSE;
  g_autoptr (CormTransaction) write = corm_transaction_begin (job->to, CORM_TRANSACTION_WRITE, error);
  if (write == NULL || !defer_keys (job, error) ||
      (options->truncate && !corm_transaction_see_all (job->to, error)))
    return FALSE;
  if (options->rejects != NULL &&
      (rejects = corm_rejects_new (options->rejects, options->max_rejects, error)) == NULL)
    return FALSE;
  if ((options->truncate && !corm_port_empty (job, error)) || !copy_rows (job, rejects, error) ||
      !settle_tables (job, error))
    return FALSE;
  if (options->verify && !corm_port_prove (job, error))
    return FALSE;
  if (rejects != NULL && !corm_rejects_close (g_steal_pointer (&rejects), error))
    return FALSE;
  if ((options->verify && !job->report->equal) || corm_transaction_commit (write, &why))
    return TRUE;
  corm_port_name_orphan (job, why, error);
  return FALSE;
}
