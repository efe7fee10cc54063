/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See compare.h. Keys are matched by their canonical text, so that it does not matter how either database sorts; rows without
 * a key by their hash. Of a cell its hash and its beginning are kept, and equal rows are counted: memory is bounded by
 * CORM_MOST_COLLECTED rows, however long their texts and however often they are there. */
#include "port/compare.h"

#include "base/error.h"

#include <string.h>

typedef struct {
  CormHash hash;
  char *shown;
} Cell;

typedef struct {
  CormHash hash; /* of the row */
  gboolean keyless;
  Cell *cells; /* n_columns of the pair */
  guint64 n;   /* how often it is there, less those that the other side has too and those that were told */
} Row;

/* Of the chosen buckets, which are chosen so that there are no more than CORM_MOST_COLLECTED. */
typedef struct {
  const CormPair *pair;
  CormDepth depth;
  GHashTable *groups[2]; /* key -> GPtrArray of Row; a table for each side, as each has its thread */
  GPtrArray *order[2];   /* keys as they came */
  guint n_rows[2];
} Collection;

typedef struct {
  Collection *collection;
  guint side;
  GString *scratch;
} Collector;

static void
row_free (gpointer data)
{
  Row *row = data;
  for (Cell *cell = row->cells; cell->shown != NULL; cell++)
    g_free (cell->shown);
  g_free (row->cells);
  g_free (row);
}

static void
rows_unref (gpointer rows)
{
  g_ptr_array_unref (rows);
}

/* --- collecting ------------------------------------------------------------------------------------------------ */

static char *
show (const CormValue *value, GString *scratch)
{
  if (value->is_null)
    return g_strdup ("NULL");
  g_string_truncate (scratch, 0);
  corm_value_append_text (value, scratch);
  return corm_error_quote (scratch->str, (gssize) scratch->len);
}

static Row *
row_new (const CormPair *pair, const CormHash *hash, const CormScanRow *from, GString *scratch)
{
  Row *row = g_new0 (Row, 1);
  row->hash = *hash;
  row->keyless = from->keyless;
  row->n = 1;
  row->cells = g_new0 (Cell, pair->n_columns + 1);
  for (guint i = 0; i < pair->n_columns; i++) {
    corm_hash_add (&row->cells[i].hash, &from->values[i], 1, scratch);
    row->cells[i].shown = show (&from->values[i], scratch);
  }
  return row;
}

static Row *
find_same (const GPtrArray *rows, const CormHash *hash)
{
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    Row *row = rows->pdata[i];
    if (corm_hash_equal (&row->hash, hash))
      return row;
  }
  return NULL;
}

static char *
group_of (const CormPair *pair, const CormScanRow *row, const CormHash *hash)
{
  if (!row->keyless)
    return corm_cell_key_text (pair, row->values, 0);
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", hash->high, hash->low);
}

static void
collect (const CormScanRow *row, gpointer data)
{
  Collector *collector = data;
  Collection *collection = collector->collection;
  guint side = collector->side;
  CormHash hash = { 0 };
  if (!corm_depth_has (&collection->depth, row->key))
    return;
  corm_hash_add (&hash, row->values, collection->pair->n_columns, collector->scratch);
  g_autofree char *key = group_of (collection->pair, row, &hash);
  GPtrArray *rows = g_hash_table_lookup (collection->groups[side], key);
  Row *same = find_same (rows, &hash);
  if (same != NULL)
    same->n++;
  if (same != NULL || collection->n_rows[side] >= CORM_MOST_COLLECTED)
    return;
  collection->n_rows[side]++;
  if (rows == NULL) {
    rows = g_ptr_array_new_with_free_func (row_free);
    g_ptr_array_add (collection->order[side], g_strdup (key));
    g_hash_table_insert (collection->groups[side], g_strdup (key), rows);
  }
  g_ptr_array_add (rows, row_new (collection->pair, &hash, row, collector->scratch));
}

/* --- saying it ------------------------------------------------------------------------------------------------- */

static void
add_columns (CormTableReport *report, const CormPair *pair, const char *key, const Row *source,
             const Row *target)
{
  g_autoptr (GString) text = g_string_new (key);
  const char *between = ": ";
  for (guint i = 0; i < pair->n_columns; i++) {
    if (corm_hash_equal (&source->cells[i].hash, &target->cells[i].hash))
      continue;
    g_string_append_printf (text, "%s%s is %s in the source, %s in the target", between,
                            pair->source_columns[i]->name, source->cells[i].shown, target->cells[i].shown);
    if (strcmp (source->cells[i].shown, target->cells[i].shown) == 0)
      g_string_append (text, " (they differ behind that)");
    between = "; ";
  }
  g_ptr_array_add (report->differences, g_string_free (g_steal_pointer (&text), FALSE));
}

static char *
show_row (const CormPair *pair, const Row *row)
{
  GString *text = g_string_new ("the row");
  for (guint i = 0; i < pair->n_columns; i++)
    g_string_append_printf (text, "%s %s = %s", i > 0 ? "," : "", pair->source_columns[i]->name,
                            row->cells[i].shown);
  return g_string_free (text, FALSE);
}

static void
add_one_sided (CormTableReport *report, const CormPair *pair, const char *key, const Row *row,
               const char *where)
{
  g_autofree char *whole = row->keyless ? show_row (pair, row) : NULL;
  g_ptr_array_add (report->differences,
                   g_strdup_printf ("%s: only in the %s", whole != NULL ? whole : key, where));
}

/* Rows that are on both sides are no difference, however often they are on both. */
static void
match (GPtrArray *source, GPtrArray *target)
{
  for (guint i = 0; i < source->len; i++) {
    Row *row = source->pdata[i], *other = find_same (target, &row->hash);
    guint64 n_both = other != NULL ? MIN (row->n, other->n) : 0;
    row->n -= n_both;
    if (other != NULL)
      other->n -= n_both;
  }
}

static Row *
next_unmatched (GPtrArray *rows)
{
  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    Row *row = rows->pdata[i];
    if (row->n == 0)
      continue;
    row->n--;
    return row;
  }
  return NULL;
}

/* Rows without a key are matched by all of their cells: those that are left are on one side. */
static void
report_key (CormTableReport *report, const CormPair *pair, const char *key, GPtrArray *source,
            GPtrArray *target)
{
  if (source != NULL && target != NULL)
    match (source, target);
  while (report->differences->len < CORM_MAX_DIFFERENCES) {
    const Row *left = next_unmatched (source), *right = next_unmatched (target);
    if (left == NULL && right == NULL)
      return;
    if (left != NULL && right != NULL)
      add_columns (report, pair, key, left, right);
    else
      add_one_sided (report, pair, key, left != NULL ? left : right, left != NULL ? "source" : "target");
  }
}

static void
report_all (CormTableReport *report, Collection *collection)
{
  for (guint side = 0; side < 2; side++)
    for (guint i = 0; i < collection->order[side]->len; i++) {
      const char *key = g_ptr_array_index (collection->order[side], i);
      GPtrArray *source = g_hash_table_lookup (collection->groups[0], key);
      GPtrArray *target = g_hash_table_lookup (collection->groups[1], key);
      if (side == 0 || source == NULL)
        report_key (report, collection->pair, key, source, target);
    }
}

/* --- from buckets to keys --------------------------------------------------------------------------------------- */

static gboolean
collect_both (CormVerify *verify, const CormExtent *extent, Collection *collection, GError **error)
{
  Collector collectors[2];
  for (guint side = 0; side < 2; side++) {
    collection->groups[side] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, rows_unref);
    collection->order[side] = g_ptr_array_new_with_free_func (g_free);
    collectors[side] = (Collector){ collection, side, g_string_new (NULL) };
  }
  gboolean done =
      corm_scan_both (verify, collection->pair, extent, collect, &collectors[0], &collectors[1], error);
  for (guint side = 0; side < 2; side++)
    g_string_free (collectors[side].scratch, TRUE);
  return done;
}

static void
collection_clear (Collection *collection)
{
  for (guint side = 0; side < 2; side++) {
    g_clear_pointer (&collection->groups[side], g_hash_table_unref);
    g_clear_pointer (&collection->order[side], g_ptr_array_unref);
  }
}

/* One level deeper. *@n_rows: of the chosen buckets. */
static gboolean
look_deeper (CormVerify *verify, const CormPair *pair, const CormExtent *extent, CormDepth *depth,
             guint64 *n_rows, GError **error)
{
  g_autoptr (CormBuckets) source = corm_buckets_new (depth, pair->n_columns);
  g_autoptr (CormBuckets) target = corm_buckets_new (depth, pair->n_columns);
  if (!corm_scan_both (verify, pair, extent, corm_buckets_add, source, target, error))
    return FALSE;
  *n_rows = corm_buckets_choose (source, target, CORM_MAX_DIFFERENCES, depth);
  return TRUE;
}

/* Each bucket that differs has a difference at least: so many are enough. */
gboolean
corm_compare_pair (CormVerify *verify, const CormPair *pair, const CormExtent *extent,
                   const CormBuckets *source, const CormBuckets *target, CormTableReport *report,
                   GError **error)
{
  Collection collection = { .pair = pair };
  CormDepth *depth = &collection.depth;
  guint64 n_rows = corm_buckets_choose (source, target, CORM_MAX_DIFFERENCES, depth);
  while (n_rows > CORM_MOST_COLLECTED && depth->n_levels < CORM_MOST_LEVELS)
    if (!look_deeper (verify, pair, extent, depth, &n_rows, error))
      return FALSE;
  gboolean done = collect_both (verify, extent, &collection, error);
  if (done)
    report_all (report, &collection);
  collection_clear (&collection);
  if (done && report->differences->len == 0)
    g_ptr_array_add (report->differences,
                     g_strdup ("the rows differ, and were changed while they were compared"));
  return done;
}
