/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where two sides differ: rows fall by the hash of their key into buckets, and a bucket sums the hashes of its rows, in the
 * same memory whatever the table's size. While those that differ are large, their rows are parted again in the next pass, so
 * that a few passes lead from any number of rows to those that are to be shown. */
#pragma once

#include "port/hash.h"
#include "port/scan.h"

#ifdef CORM_TINY
enum { CORM_N_BUCKETS = 64, CORM_MOST_COLLECTED = 60 };
#else
enum { CORM_N_BUCKETS = 1024, CORM_MOST_COLLECTED = 20000 };
#endif
enum { CORM_MOST_LEVELS = 6 };

/* The buckets that are looked into, on each level some: rows of all others are passed over. */
typedef struct {
  guint n_levels;
  guint8 chosen[CORM_MOST_LEVELS][CORM_N_BUCKETS]; /* 1: is looked into */
} CormDepth;

typedef struct {
  CormDepth depth;
  guint n_columns;
  GString *scratch;
  CormHash all; /* of the rows that come through */
  CormHash buckets[CORM_N_BUCKETS];
} CormBuckets;

/* @depth: NULL for all rows. */
CormBuckets *corm_buckets_new (const CormDepth *depth, guint n_columns);
void corm_buckets_free (CormBuckets *buckets);
/* A CormScanFunc; @data: CormBuckets. */
void corm_buckets_add (const CormScanRow *row, gpointer data);
/* Which bucket @key falls into on @level. */
guint corm_bucket_of (guint64 key, guint level);
gboolean corm_depth_has (const CormDepth *depth, guint64 key);
/* Chooses the first buckets that differ, @most of them, as one more level of @depth. Returns the number of their rows, on both
 * sides together. */
guint64 corm_buckets_choose (const CormBuckets *source, const CormBuckets *target, guint most,
                             CormDepth *depth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormBuckets, corm_buckets_free)
