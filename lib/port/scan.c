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
/* Blocks of a sample: so few keys that they lie all over a table, and so few blocks that they can be kept. */
#ifdef CORM_TINY
enum { FEW_BLOCKS = 600, BLOCK_KEYS = 4, MOST_BLOCKS = 1 << 10 };
#else
enum { FEW_BLOCKS = 1000, BLOCK_KEYS = 128, MOST_BLOCKS = 1 << 18 };
#endif

/* --- what is compared ---------------------------------------------------------------------------------------- */

static gboolean
has_integer_key (const CormPair *pair)
{
  return pair->n_keys == 1 && corm_type_is_integer (pair->source_columns[pair->keys[0]]->type.type) &&
         corm_type_is_integer (pair->target_columns[pair->keys[0]]->type.type);
}

/* A power of two: 1 for a small table. */
static guint64
block_size (guint64 range)
{
  guint64 size = 1;
  while ((size < BLOCK_KEYS && range / size > FEW_BLOCKS) || range / size >= MOST_BLOCKS)
    size *= 2;
  return size;
}

static guint64
hash_of_block (const char *table, gint64 from, GString *scratch)
{
  const CormValue block[] = { corm_value_text (table), corm_value_int (from) };
  return corm_hash_key (block, NULL, 0, G_N_ELEMENTS (block), scratch);
}

static void
append_block (GArray *spans, gint64 from, guint64 size)
{
  CormSpan block = { from, (gint64) ((guint64) from + size - 1) };
  CormSpan *last = spans->len > 0 ? &g_array_index (spans, CormSpan, spans->len - 1) : NULL;
  if (last != NULL && last->until + 1 == from)
    last->until = block.until;
  else
    g_array_append_val (spans, block);
}

/* Blocks of keys between @least and @greatest, by a hash of where they begin: always the same ones, and one at least. They
 * begin at multiples of their size, so that rows which come behind the last one do not change the choice. */
static void
choose_spans (CormExtent *extent, const char *table, guint64 below, gint64 least, gint64 greatest)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  guint64 size = block_size ((guint64) greatest - (guint64) least), lowest = G_MAXUINT64;
  gint64 from = least & ~(gint64) (size - 1), first = from;
  extent->spans = g_array_new (FALSE, FALSE, sizeof (CormSpan));
  for (gboolean is_last = FALSE; !is_last; from = (gint64) ((guint64) from + size)) {
    guint64 hash = hash_of_block (table, from, scratch);
    is_last = (guint64) greatest - (guint64) from < size;
    if (hash < below)
      append_block (extent->spans, from, size);
    if (hash < lowest) {
      lowest = hash;
      first = from;
    }
  }
  if (extent->spans->len == 0)
    append_block (extent->spans, first, size);
}

/* Of both sides together: a row that only one of them has may be in the sample too. */
static gboolean
find_ends (const CormVerify *verify, const CormPair *pair, gint64 *least, gint64 *greatest, gboolean *any,
           GError **error)
{
  guint key = pair->keys[0];
  gint64 low = 0, high = 0;
  gboolean there = FALSE;
  if (!corm_source_ends (verify->source, pair->source, pair->source_columns[key]->name, least, greatest, any,
                         error) ||
      !corm_source_ends (verify->target, pair->target, pair->target_columns[key]->name, &low, &high, &there,
                         error))
    return FALSE;
  if (there) {
    *least = *any ? MIN (*least, low) : low;
    *greatest = *any ? MAX (*greatest, high) : high;
  }
  *any |= there;
  return TRUE;
}

/* By blocks of keys, so that only they are read, where the table is dense enough that each has some; else row by row. */
static gboolean
sample (CormExtent *extent, const CormVerify *verify, const CormPair *pair, GError **error)
{
  gint64 least = 0, greatest = 0;
  guint64 n_rows = 0, below = (guint64) ldexp (verify->sample / 100, 64);
  gboolean any = FALSE;
  if (has_integer_key (pair) && (!find_ends (verify, pair, &least, &greatest, &any, error) ||
                                 !corm_source_count (verify->source, pair->source, &n_rows, error)))
    return FALSE;
  guint64 range = (guint64) greatest - (guint64) least;
  if (any && range / 4 <= n_rows && greatest < G_MAXINT64 - (gint64) block_size (range))
    choose_spans (extent, pair->source->name, below, least, greatest);
  else
    extent->below = MAX (below, 1);
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
    if (!scan->of_target && pair->refused != NULL &&
        g_array_binary_search (pair->refused, &seen.key, corm_hash_compare_keys, NULL))
      continue;
    seen.keyless = !corm_hash_has_key (seen.values, pair->keys, pair->n_keys);
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
