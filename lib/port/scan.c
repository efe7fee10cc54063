/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See scan.h. Memory: one row of each side. */
#include "port/scan.h"

#include "base/error.h"
#include "port/hash.h"
#include "port/source.h"
#include "value/check.h"

#include <math.h>

#define ROWS_PER_PROGRESS 1024
#ifdef CORM_TINY
enum { SPAN_KEYS = 4 };
#else
enum { SPAN_KEYS = 1000 };
#endif

/* --- what is compared ---------------------------------------------------------------------------------------- */

static gboolean
has_integer_key (const CormPair *pair)
{
  return pair->n_keys == 1 && corm_type_is_integer (pair->source_columns[pair->keys[0]]->type.type) &&
         corm_type_is_integer (pair->target_columns[pair->keys[0]]->type.type);
}

/* A part of the blocks of SPAN_KEYS keys between @least and @greatest, always the same ones of a table. */
static void
choose_spans (CormExtent *extent, const char *table, double percent, gint64 least, gint64 greatest)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_str_hash (table));
  extent->spans = g_array_new (FALSE, FALSE, sizeof (CormSpan));
  gboolean is_last = FALSE;
  for (gint64 from = least; !is_last; from += SPAN_KEYS) {
    is_last = greatest - from < SPAN_KEYS;
    CormSpan span = { from, is_last ? greatest : from + SPAN_KEYS - 1 };
    if (g_rand_double (rand) * 100 < percent || (is_last && extent->spans->len == 0))
      g_array_append_val (extent->spans, span);
  }
}

/* By blocks of keys, so that only they are read, where the table is dense enough that each has some. */
static gboolean
sample (CormExtent *extent, const CormVerify *verify, const CormPair *pair, GError **error)
{
  CormWalk walk = { .kind = CORM_WALK_KEY, .pair = pair, .is_integer = TRUE };
  gint64 least = 0, greatest = 0;
  guint64 n_rows = 0;
  gboolean any = FALSE;
  if (has_integer_key (pair) && (!corm_source_ends (verify->source, &walk, &least, &greatest, &any, error) ||
                                 !corm_source_count (verify->source, pair->source, &n_rows, error)))
    return FALSE;
  if (any && ((guint64) greatest - (guint64) least) / 4 <= n_rows && greatest < G_MAXINT64 - SPAN_KEYS)
    choose_spans (extent, pair->source->name, verify->sample, least, greatest);
  else
    extent->below = (guint64) ldexp (verify->sample / 100, 64);
  return TRUE;
}

gboolean
corm_extent_init (CormExtent *extent, const CormVerify *verify, const CormPair *pair, GError **error)
{
  *extent = (CormExtent){ 0 };
  if (verify->has_keys && !has_integer_key (pair)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "table %s has no integer key to choose rows by: leave it out, or compare all of it",
                 pair->source->name);
    return FALSE;
  }
  if (verify->has_keys) {
    CormSpan span = { verify->key_from, verify->key_until };
    extent->spans = g_array_new (FALSE, FALSE, sizeof span);
    g_array_append_val (extent->spans, span);
    return TRUE;
  }
  return verify->sample <= 0 || verify->sample >= 100 || sample (extent, verify, pair, error);
}

void
corm_extent_clear (CormExtent *extent)
{
  g_clear_pointer (&extent->spans, g_array_unref);
}

/* --- one side ------------------------------------------------------------------------------------------------- */

typedef struct {
  CormVerify *verify;
  const CormPair *pair;
  const CormExtent *extent;
  gboolean of_target;
  CormScanFunc visit;
  gpointer data;
  CormCanonical *canonical;
  GString *scratch;
  guint64 n_rows;
  guint64 n_told;
  GError *error;
} Scan;

static void
tell (Scan *scan)
{
  if (!scan->of_target)
    return;
  corm_meter_tell (scan->verify->meter, CORM_PORT_VERIFY, scan->pair->source->name, scan->n_rows, 0,
                   scan->n_rows - scan->n_told, 0);
  scan->n_told = scan->n_rows;
}

static gboolean
read_rows (Scan *scan, CormStatement *statement)
{
  CormStep step;
  const CormValue *row = NULL;
  const CormPair *pair = scan->pair;
  while ((step = corm_statement_step (statement, &row, &scan->error)) == CORM_STEP_ROW) {
    CormScanRow seen = { .values = corm_canonical_row (scan->canonical, row) };
    if (!scan->of_target && scan->verify->skip_misfits && !scan->canonical->fits)
      continue;
    seen.key = corm_hash_key (seen.values, pair->keys, pair->n_keys, pair->n_columns, scan->scratch);
    if (scan->extent->below > 0 && seen.key >= scan->extent->below)
      continue;
    seen.number = ++scan->n_rows;
    scan->visit (&seen, scan->data);
    if (scan->n_rows % ROWS_PER_PROGRESS == 0)
      tell (scan);
  }
  return step == CORM_STEP_DONE;
}

static gboolean
read_span (Scan *scan, const CormSpan *span)
{
  CormConnection *conn = scan->of_target ? scan->verify->target : scan->verify->source;
  g_autoptr (CormStatement) statement =
      corm_source_open (conn, scan->pair, scan->of_target, span, &scan->error);
  return statement != NULL && read_rows (scan, statement);
}

static gpointer
scan_side (gpointer data)
{
  Scan *scan = data;
  gboolean done = TRUE;
  scan->canonical = corm_canonical_new (scan->pair, scan->of_target);
  scan->scratch = g_string_new (NULL);
  if (scan->extent->spans == NULL)
    done = read_span (scan, NULL);
  for (guint i = 0; done && scan->extent->spans != NULL && i < scan->extent->spans->len; i++)
    done = read_span (scan, &g_array_index (scan->extent->spans, CormSpan, i));
  tell (scan);
  corm_canonical_free (scan->canonical);
  g_string_free (scan->scratch, TRUE);
  return GINT_TO_POINTER (done);
}

gboolean
corm_scan_side (CormVerify *verify, const CormPair *pair, const CormExtent *extent, gboolean of_target,
                CormScanFunc visit, gpointer data, GError **error)
{
  Scan scan = { verify, pair, extent, of_target, visit, data, NULL, NULL, 0, 0, NULL };
  if (GPOINTER_TO_INT (scan_side (&scan)))
    return TRUE;
  g_propagate_error (error, scan.error);
  return FALSE;
}

gboolean
corm_scan_both (CormVerify *verify, const CormPair *pair, const CormExtent *extent, CormScanFunc visit,
                gpointer source, gpointer target, GError **error)
{
  Scan left = { verify, pair, extent, FALSE, visit, source, NULL, NULL, 0, 0, NULL };
  Scan right = { verify, pair, extent, TRUE, visit, target, NULL, NULL, 0, 0, NULL };
  GThread *thread = g_thread_new ("corm-verify", scan_side, &left);
  gboolean done = GPOINTER_TO_INT (scan_side (&right));
  gboolean both = GPOINTER_TO_INT (g_thread_join (thread)) && done;
  GError *first = left.error != NULL ? left.error : right.error;
  if (left.error != NULL && right.error != NULL)
    g_error_free (right.error);
  if (first != NULL)
    g_propagate_error (error, first);
  return both;
}
