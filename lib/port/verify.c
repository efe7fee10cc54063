/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Proof that two databases hold the same rows: per table the count and the sum of row hashes of both sides, in constant
 * memory; where they differ, the keys. */
#include "port/verify.h"

#include "base/error.h"
#include "port/canonical.h"
#include "port/compare.h"
#include "port/hash.h"
#include "port/source.h"

#define ROWS_PER_PROGRESS 1024

static void
tell (CormVerify *verify, guint64 rows)
{
  verify->state.rows = rows;
  if (verify->progress != NULL)
    verify->progress (&verify->state, verify->data);
}

static gboolean
hash_side (CormVerify *verify, const CormPair *pair, gboolean of_target, CormHash *hash, GError **error)
{
  CormStep step;
  const CormValue *row = NULL;
  g_autoptr (CormCanonical) canonical = corm_canonical_new (pair);
  g_autoptr (GString) scratch = g_string_new (NULL);
  g_autoptr (CormStatement) statement =
      corm_source_open (of_target ? verify->target : verify->source, pair, of_target, FALSE, error);
  if (statement == NULL)
    return FALSE;
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW) {
    const CormValue *values = corm_canonical_row (canonical, row);
    if (!of_target && verify->skip_misfits && !canonical->fits)
      continue;
    corm_hash_add (hash, values, pair->n_columns, scratch);
    if (of_target && hash->n_rows % ROWS_PER_PROGRESS == 0) {
      verify->state.all_rows += ROWS_PER_PROGRESS;
      tell (verify, hash->n_rows);
    }
  }
  return step == CORM_STEP_DONE;
}

/* Columns that only one side has are a difference of their own. */
static gboolean
check_columns (const CormPair *pair, CormTableReport *report)
{
  for (guint side = 0; side < 2; side++) {
    const CormTable *table = side == 0 ? pair->source : pair->target;
    const CormTable *other = side == 0 ? pair->target : pair->source;
    for (guint i = 0; i < table->columns->len; i++) {
      const CormTableColumn *column = g_ptr_array_index (table->columns, i);
      if (corm_pair_find_column (other, column->name) == NULL)
        g_ptr_array_add (report->differences, g_strdup_printf ("column %s: only in the %s", column->name,
                                                               side == 0 ? "source" : "target"));
    }
  }
  return report->differences->len == 0;
}

gboolean
corm_verify_pair (CormVerify *verify, const CormPair *pair, CormTableReport *report, GError **error)
{
  CormHash source = { 0 }, target = { 0 };
  verify->state.phase = CORM_PORT_VERIFY;
  verify->state.table = pair->source->name;
  guint64 before = verify->state.all_rows;
  gboolean same_columns = check_columns (pair, report);
  if (!hash_side (verify, pair, FALSE, &source, error) || !hash_side (verify, pair, TRUE, &target, error))
    return corm_error_prefix (error, "verify %s", pair->source->name);
  report->source_rows = source.n_rows + report->rejected;
  report->target_rows = target.n_rows;
  corm_hash_get (&source, report->source_hash);
  corm_hash_get (&target, report->target_hash);
  report->verified = TRUE;
  report->equal = same_columns && corm_hash_equal (&source, &target);
  verify->state.all_rows = before + source.n_rows;
  tell (verify, target.n_rows);
  if (corm_hash_equal (&source, &target))
    return TRUE;
  return corm_compare_pair (verify, pair, report, error) ||
         corm_error_prefix (error, "compare %s", pair->source->name);
}

/* --- two databases ----------------------------------------------------------------------------------------- */

static gboolean
verify_table (CormVerify *verify, const CormTable *source, const CormSchema *target, CormPortReport *report,
              GError **error)
{
  CormTableReport *table = corm_port_report_add (report, source->name);
  const CormTable *other = corm_find_table_any_case (target, source->name);
  if (other == NULL) {
    table->verified = TRUE;
    g_ptr_array_add (table->differences, g_strdup ("the table is only in the source"));
    return corm_source_count (verify->source, source, &table->source_rows, error);
  }
  g_autoptr (CormPair) pair = corm_pair_new (source, other);
  return corm_verify_pair (verify, pair, table, error);
}

static void
add_extra_tables (const CormSchema *source, const CormSchema *target, const char *globs,
                  CormPortReport *report)
{
  for (guint i = 0; i < target->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (target->tables, i);
    if (!corm_globs_match (globs, table->name) || corm_find_table_any_case (source, table->name) != NULL)
      continue;
    CormTableReport *extra = corm_port_report_add (report, table->name);
    extra->verified = TRUE;
    g_ptr_array_add (extra->differences, g_strdup ("the table is only in the target"));
  }
}

gboolean
corm_verify_sum (CormPortReport *report)
{
  report->equal = TRUE;
  for (guint i = 0; i < report->tables->len; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    report->equal &= table->verified && table->equal;
  }
  return report->equal;
}

gboolean
corm_verify_total (CormVerify *verify, const CormSchema *schema, const char *globs, GError **error)
{
  for (guint i = 0; i < schema->tables->len; i++) {
    guint64 count = 0;
    const CormTable *table = g_ptr_array_index (schema->tables, i);
    if (!corm_globs_match (globs, table->name))
      continue;
    if (!corm_source_count (verify->source, table, &count, error))
      return FALSE;
    verify->state.all_total += count;
  }
  return TRUE;
}

CormPortReport *
corm_verify (CormDb *source, CormDb *target, const CormPortOptions *options, GError **error)
{
  static const CormPortOptions none = { 0 };
  g_return_val_if_fail (source != NULL && target != NULL, NULL);
  const CormPortOptions *use = options != NULL ? options : &none;
  g_autoptr (CormConnection) from = corm_db_connect (source, error);
  g_autoptr (CormConnection) to = from != NULL ? corm_db_connect (target, error) : NULL;
  g_autoptr (CormTransaction) read =
      to != NULL ? corm_transaction_begin (from, CORM_TRANSACTION_READ_ONLY, error) : NULL;
  g_autoptr (CormTransaction) read_too =
      read != NULL ? corm_transaction_begin (to, CORM_TRANSACTION_READ_ONLY, error) : NULL;
  g_autoptr (CormSchema) left = read_too != NULL ? corm_schema_inspect (from, error) : NULL;
  g_autoptr (CormSchema) right = left != NULL ? corm_schema_inspect (to, error) : NULL;
  g_autoptr (CormPortReport) report = corm_port_report_new ();
  CormVerify verify = { .source = from, .target = to, .progress = use->progress, .data = use->data };
  if (right == NULL || !corm_verify_total (&verify, left, use->tables, error))
    return NULL;
  for (guint i = 0; i < left->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (left->tables, i);
    if (corm_globs_match (use->tables, table->name) && !verify_table (&verify, table, right, report, error))
      return NULL;
  }
  add_extra_tables (left, right, use->tables, report);
  corm_verify_sum (report);
  return g_steal_pointer (&report);
}
