/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Proof that two databases hold the same rows: one pass over both sides at once, per table the count and the sum of row
 * hashes, in constant memory; where they differ, a few more passes lead to the keys. */
#include "port/verify.h"

#include "base/error.h"
#include "engine/transaction.h"
#include "engine/unfinished.h"
#include "port/choose.h"
#include "port/compare.h"
#include "port/done.h"
#include "port/names.h"
#include "port/source.h"

/* Columns that only one side has are a difference of their own. */
static gboolean
check_columns (const CormPair *pair, CormTableReport *report)
{
  for (guint side = 0; side < 2; side++) {
    const CormTable *table = side == 0 ? pair->source : pair->target;
    const CormTable *other = side == 0 ? pair->target : pair->source;
    for (guint i = 0; i < table->columns->len; i++) {
      const CormTableColumn *column = g_ptr_array_index (table->columns, i);
      gboolean found =
          side == 0 ? corm_pair_find_target (other, column->name) != NULL
                    : corm_pair_find_column (other, column->was != NULL ? column->was : column->name) != NULL;
      if (!found)
        g_ptr_array_add (report->differences, g_strdup_printf ("column %s: only in the %s", column->name,
                                                               side == 0 ? "source" : "target"));
    }
  }
  return report->differences->len == 0;
}

static void
report_sums (CormTableReport *report, const CormBuckets *source, const CormBuckets *target,
             gboolean same_columns)
{
  report->source_rows = source->all.n_rows + report->rejected;
  report->target_rows = target->all.n_rows;
  corm_hash_get (&source->all, report->source_hash);
  corm_hash_get (&target->all, report->target_hash);
  report->verified = TRUE;
  report->equal = same_columns && corm_hash_equal (&source->all, &target->all);
}

static gboolean
verify_extent (CormVerify *verify, const CormPair *pair, const CormExtent *extent, CormTableReport *report,
               GError **error)
{
  gboolean same_columns = check_columns (pair, report);
  g_autoptr (CormBuckets) source = corm_buckets_new (NULL, pair->n_columns);
  g_autoptr (CormBuckets) target = corm_buckets_new (NULL, pair->n_columns);
  if (!corm_scan_both (verify, pair, extent, corm_buckets_add, source, target, error))
    return corm_error_prefix (error, "verify %s", pair->source->name);
  report_sums (report, source, target, same_columns);
  if (corm_hash_equal (&source->all, &target->all))
    return TRUE;
  return corm_compare_pair (verify, pair, extent, source, target, report, error) ||
         corm_error_prefix (error, "compare %s", pair->source->name);
}

gboolean
corm_verify_pair (CormVerify *verify, const CormPair *pair, CormTableReport *report, GError **error)
{
  CormExtent extent;
  gint64 began = g_get_monotonic_time ();
  gboolean done =
      corm_extent_init (&extent, verify, pair, error) && verify_extent (verify, pair, &extent, report, error);
  corm_extent_clear (&extent);
  report->seconds += (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  return done;
}

/* --- two databases ----------------------------------------------------------------------------------------- */

static gboolean
verify_table (CormVerify *verify, const CormTable *source, const CormSchema *target, CormPortReport *report,
              GError **error)
{
  CormTableReport *table = corm_port_report_add (report, source->name);
  const CormTable *other = corm_find_target_table (target, source->name);
  if (other == NULL) {
    table->verified = TRUE;
    g_ptr_array_add (table->differences, g_strdup ("the table is only in the source"));
    return corm_source_count (verify->source, source, &table->source_rows, error);
  }
  g_autoptr (CormPair) pair = corm_pair_new (source, other);
  return corm_choose_compared (verify->source, verify->target, verify->mapping, pair, error) &&
         corm_verify_pair (verify, pair, table, error);
}

static gboolean
count_both (CormVerify *verify, const CormTable *source, const CormSchema *target, guint64 counts[2],
            GError **error)
{
  const CormTable *other = corm_find_target_table (target, source->name);
  return corm_source_count (verify->source, source, &counts[0], error) &&
         (other == NULL || corm_source_count (verify->target, other, &counts[1], error));
}

/* What an interrupted comparison has found already is not read again, but counted: that costs little, and tells of most
 * changes. */
static gboolean
verify_or_recall (CormVerify *verify, const CormTable *source, const CormSchema *target, CormDone *done,
                  CormPortReport *report, GError **error)
{
  guint64 counts[2] = { 0 };
  if (done == NULL)
    return verify_table (verify, source, target, report, error);
  if (!count_both (verify, source, target, counts, error))
    return FALSE;
  if (corm_done_recall (done, source->name, counts, report))
    return TRUE;
  if (corm_done_has (done, source->name))
    g_ptr_array_add (report->notes,
                     g_strdup_printf ("%s has not as many rows as when it was found equal: it is read again",
                                      source->name));
  return verify_table (verify, source, target, report, error) &&
         corm_done_add (done, g_ptr_array_index (report->tables, report->tables->len - 1), counts, error);
}

static void
add_extra_tables (const CormSchema *source, const CormSchema *target, const char *globs,
                  CormPortReport *report)
{
  for (guint i = 0; i < target->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (target->tables, i);
    if (!corm_globs_match (globs, table->name) ||
        corm_find_table_any_case (source, table->was != NULL ? table->was : table->name) != NULL)
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
    verify->meter->state.all_total += count;
  }
  return TRUE;
}

/* Of both sides, each at one moment. */
typedef struct {
  CormConnection *from, *to;
  CormTransaction *read_from, *read_to;
  CormSchema *left, *right;
} Sides;

static void
sides_clear (Sides *sides)
{
  g_clear_pointer (&sides->left, corm_schema_free);
  g_clear_pointer (&sides->right, corm_schema_free);
  g_clear_pointer (&sides->read_from, corm_transaction_free);
  g_clear_pointer (&sides->read_to, corm_transaction_free);
  g_clear_pointer (&sides->from, corm_connection_free);
  g_clear_pointer (&sides->to, corm_connection_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

static gboolean
open_sides (Sides *sides, CormDb *source, CormDb *target, GError **error)
{
  sides->from = corm_db_connect (source, error);
  sides->to = sides->from != NULL ? corm_db_connect (target, error) : NULL;
  sides->read_from = sides->to != NULL ? corm_transaction_begin_whole (sides->from, error) : NULL;
  sides->read_to = sides->read_from != NULL ? corm_transaction_begin_whole (sides->to, error) : NULL;
  sides->left = sides->read_to != NULL ? corm_schema_inspect (sides->from, error) : NULL;
  sides->right = sides->left != NULL ? corm_schema_inspect (sides->to, error) : NULL;
  return sides->right != NULL;
}

static gboolean
check_options (const CormPortOptions *options, GError **error)
{
  if (options->sample >= 0 && options->sample <= 100 &&
      (!options->has_keys || options->key_from <= options->key_until))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "verify: a sample is 0 to 100 per cent, and keys go from the lower to the higher");
  return FALSE;
}

/* Equal rows prove nothing of a database that is not whole yet. */
static gboolean
look_for_unfinished (CormConnection *conn, CormSchema *live, const char *who, gboolean *whole,
                     CormPortReport *report, GError **error)
{
  g_autofree char *says = NULL;
  if (!corm_unfinished_find (conn, live, &says, error))
    return FALSE;
  corm_unfinished_leave_out (live);
  if (says == NULL)
    return TRUE;
  *whole = FALSE;
  g_ptr_array_add (report->notes, g_strdup_printf ("no proof: %s holds %s", who, says));
  return TRUE;
}

static gboolean
verify_all (CormVerify *verify, const Sides *sides, const CormPortOptions *options, CormDone *done,
            CormPortReport *report, GError **error)
{
  gboolean whole = TRUE;
  if (!look_for_unfinished (sides->from, sides->left, "the source", &whole, report, error) ||
      !look_for_unfinished (sides->to, sides->right, "the target", &whole, report, error) ||
      !corm_source_tell_elsewhere (sides->from, options->tables, "not compared: ", NULL, report->notes,
                                   error))
    return FALSE;
  g_autoptr (CormNames) names =
      corm_names_new (sides->left, corm_connection_get_dialect (sides->to), verify->mapping);
  corm_names_mark (names, sides->left, sides->right);
  if (!corm_verify_total (verify, sides->left, options->tables, error))
    return FALSE;
  for (guint i = 0; i < sides->left->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (sides->left->tables, i);
    if (corm_globs_match (options->tables, table->name) &&
        !verify_or_recall (verify, table, sides->right, done, report, error))
      return FALSE;
  }
  add_extra_tables (sides->left, sides->right, options->tables, report);
  report->equal = corm_verify_sum (report) && whole;
  return TRUE;
}

CormPortReport *
corm_verify (CormDb *source, CormDb *target, const CormPortOptions *options, GError **error)
{
  static const CormPortOptions none = { 0 };
  g_return_val_if_fail (source != NULL && target != NULL, NULL);
  const CormPortOptions *use = options != NULL ? options : &none;
  g_auto (Sides) sides = { 0 };
  g_autoptr (CormDone) done = NULL;
  g_autoptr (CormPortMapping) mapping = NULL;
  g_autoptr (CormPortReport) report = corm_port_report_new ();
  if (!check_options (use, error) ||
      (use->mapping != NULL && (mapping = corm_port_mapping_load (use->mapping, error)) == NULL) ||
      (use->state != NULL && (done = corm_done_open (use, source, target, report, error)) == NULL) ||
      !open_sides (&sides, source, target, error))
    return NULL;
  CormMeter meter;
  corm_meter_init (&meter, use);
  CormVerify verify = {
    .source = sides.from,
    .target = sides.to,
    .has_keys = use->has_keys,
    .key_from = use->key_from,
    .key_until = use->key_until,
    .sample = use->sample,
    .mapping = mapping,
    .meter = &meter,
  };
  gboolean ok = verify_all (&verify, &sides, use, done, report, error);
  corm_meter_clear (&meter);
  return ok ? g_steal_pointer (&report) : NULL;
}
