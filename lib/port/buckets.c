/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See buckets.h. A level takes digits of its own of the key's hash. */
#include "port/buckets.h"

CormBuckets *
corm_buckets_new (const CormDepth *depth, guint n_columns)
{
  CormBuckets *buckets = g_new0 (CormBuckets, 1);
  if (depth != NULL)
    buckets->depth = *depth;
  buckets->n_columns = n_columns;
  buckets->scratch = g_string_new (NULL);
  return buckets;
}

void
corm_buckets_free (CormBuckets *buckets)
{
  g_string_free (buckets->scratch, TRUE);
  g_free (buckets);
}

guint
corm_bucket_of (guint64 key, guint level)
{
  for (; level > 0; level--)
    key /= CORM_N_BUCKETS;
  return (guint) (key % CORM_N_BUCKETS);
}

gboolean
corm_depth_has (const CormDepth *depth, guint64 key)
{
  for (guint level = 0; level < depth->n_levels; level++)
    if (depth->chosen[level][corm_bucket_of (key, level)] == 0)
      return FALSE;
  return TRUE;
}

void
corm_buckets_add (const CormScanRow *row, gpointer data)
{
  CormBuckets *buckets = data;
  if (!corm_depth_has (&buckets->depth, row->key))
    return;
  CormHash one = { 0 };
  corm_hash_add (&one, row->values, buckets->n_columns, buckets->scratch);
  corm_hash_join (&buckets->all, &one);
  corm_hash_join (&buckets->buckets[corm_bucket_of (row->key, buckets->depth.n_levels)], &one);
}

guint64
corm_buckets_choose (const CormBuckets *source, const CormBuckets *target, guint most, CormDepth *depth)
{
  guint64 n_rows = 0;
  guint8 *chosen = depth->chosen[depth->n_levels++];
  for (guint i = 0, n = 0; i < CORM_N_BUCKETS && n < most; i++) {
    if (corm_hash_equal (&source->buckets[i], &target->buckets[i]))
      continue;
    n_rows += source->buckets[i].n_rows + target->buckets[i].n_rows;
    chosen[i] = 1;
    n++;
  }
  return n_rows;
}
