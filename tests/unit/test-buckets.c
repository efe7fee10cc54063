/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which buckets are looked into: the first that differ, level by level. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "port/buckets.h"

enum { BASE = CORM_N_BUCKETS };

typedef struct {
  CormBuckets *source, *target;
  CormDepth depth;
} Sides;

static Sides
sides_new (void)
{
  return (Sides){ .source = corm_buckets_new (NULL, 1), .target = corm_buckets_new (NULL, 1) };
}

static void
sides_free (Sides *sides)
{
  corm_buckets_free (sides->source);
  corm_buckets_free (sides->target);
}

/* Bucket @bucket has other rows on each side. */
static void
differ (Sides *sides, guint bucket, guint64 n_source, guint64 n_target)
{
  sides->source->buckets[bucket] = (CormHash){ bucket + 1, 5, n_source };
  sides->target->buckets[bucket] = (CormHash){ bucket + 2, 5, n_target };
}

static guint
count_chosen (const CormDepth *depth, guint level)
{
  guint n = 0;
  for (guint i = 0; i < BASE; i++)
    n += depth->chosen[level][i];
  return n;
}

static void
equal_buckets_are_passed_over (G_GNUC_UNUSED void **state)
{
  Sides sides = sides_new ();
  sides.source->buckets[2] = sides.target->buckets[2] = (CormHash){ 1, 2, 3 };
  assert_int_equal (corm_buckets_choose (sides.source, sides.target, 9, &sides.depth), 0);
  assert_int_equal (sides.depth.n_levels, 1);
  assert_int_equal (count_chosen (&sides.depth, 0), 0);
  differ (&sides, 1, 1, 1);
  differ (&sides, BASE - 1, 0, 3);
  assert_int_equal (corm_buckets_choose (sides.source, sides.target, 9, &sides.depth), 5);
  assert_int_equal (sides.depth.n_levels, 2);
  assert_int_equal (count_chosen (&sides.depth, 1), 2);
  assert_true (sides.depth.chosen[1][1] && sides.depth.chosen[1][BASE - 1]);
  sides_free (&sides);
}

static void
as_many_as_are_asked_for (G_GNUC_UNUSED void **state)
{
  Sides sides = sides_new ();
  for (guint i = 1; i < 5; i++)
    differ (&sides, i, 1000000, i);
  assert_int_equal (corm_buckets_choose (sides.source, sides.target, 3, &sides.depth), 3000006);
  assert_int_equal (count_chosen (&sides.depth, 0), 3);
  assert_false (sides.depth.chosen[0][4]);
  assert_int_equal (corm_buckets_choose (sides.source, sides.target, 4, &sides.depth), 4000010);
  assert_int_equal (count_chosen (&sides.depth, 1), 4);
  sides_free (&sides);
}

static void
each_level_has_digits_of_its_own (G_GNUC_UNUSED void **state)
{
  static const CormDepth whole = { 0 },
                         deep = { .n_levels = 2, .chosen = { { [1] = 1, [5] = 1 }, { [2] = 1, [4] = 1 } } };
  guint64 key = 1 + 2 * (guint64) BASE + 3 * (guint64) BASE * BASE;
  for (guint level = 0; level < 3; level++)
    assert_int_equal (corm_bucket_of (key, level), level + 1);
  assert_true (corm_depth_has (&whole, key));
  assert_true (corm_depth_has (&deep, key));
  assert_false (corm_depth_has (&deep, key + 1));
  assert_true (corm_depth_has (&deep, key + 4));
  assert_false (corm_depth_has (&deep, key + BASE));
  assert_true (corm_depth_has (&deep, key + 4 + 2 * (guint64) BASE));
  assert_true (corm_depth_has (&deep, key + (guint64) BASE * BASE));
}

static void
rows_outside_are_not_summed (G_GNUC_UNUSED void **state)
{
  static const CormDepth deep = { .n_levels = 1, .chosen = { { [1] = 1 } } };
  const CormValue value = corm_value_int (5);
  g_autoptr (CormBuckets) buckets = corm_buckets_new (&deep, 1);
  const CormScanRow inside = { .values = &value, .key = 1 + 2 * (guint64) BASE },
                    outside = { .values = &value, .key = 2 + 2 * (guint64) BASE };
  corm_buckets_add (&inside, buckets);
  corm_buckets_add (&outside, buckets);
  assert_int_equal (buckets->all.n_rows, 1);
  assert_int_equal (buckets->buckets[2].n_rows, 1);
  assert_true (corm_hash_equal (&buckets->all, &buckets->buckets[2]));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (equal_buckets_are_passed_over),
    cmocka_unit_test (as_many_as_are_asked_for),
    cmocka_unit_test (each_level_has_digits_of_its_own),
    cmocka_unit_test (rows_outside_are_not_summed),
  };
  return cmocka_run_group_tests_name ("buckets", tests, NULL, NULL);
}
