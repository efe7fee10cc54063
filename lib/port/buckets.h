/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where two sides differ: rows fall by the hash of their key into buckets, and a bucket sums the hashes of its rows, in the
 * same memory whatever the table's size. A bucket that differs and is still large is parted again in the next pass, so that
 * a few passes lead from any number of rows to those that are to be shown. */
#pragma once

#include "port/hash.h"
#include "port/scan.h"

#ifdef CORM_TINY
enum { CORM_N_BUCKETS = 4, CORM_MOST_COLLECTED = 6 };
#else
enum { CORM_N_BUCKETS = 1024, CORM_MOST_COLLECTED = 20000 };
#endif
enum { CORM_MOST_LEVELS = 6 };

/* Buckets that are looked into, a level in the last: rows of all other buckets are passed over. */
typedef struct {
  guint n_levels;
  guint chosen[CORM_MOST_LEVELS]; /* on all levels but the last, one bucket */
} CormDepth;

typedef struct {
  CormDepth depth;
  guint n_columns;
  GString *scratch;
  CormHash all; /* of the rows that come through */
  CormHash buckets[CORM_N_BUCKETS];
} CormBuckets;

CormBuckets *corm_buckets_new (const CormDepth *depth, guint n_columns);
void corm_buckets_free (CormBuckets *buckets);
/* A CormScanFunc; @data: CormBuckets. */
void corm_buckets_add (const CormScanRow *row, gpointer data);
/* Which bucket @key falls into on @level; FALSE from corm_depth_has(): it lies outside of the chosen ones. */
guint corm_bucket_of (guint64 key, guint level);
gboolean corm_depth_has (const CormDepth *depth, guint64 key);
/* The differing buckets in *@chosen (n of them, CORM_N_BUCKETS at most), as many as hold CORM_MOST_COLLECTED rows together;
 * 0: the first one that differs holds more, in chosen[0]. */
guint corm_buckets_choose (const CormBuckets *source, const CormBuckets *target, guint *chosen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormBuckets, corm_buckets_free)
