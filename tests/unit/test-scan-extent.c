/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which rows a sample is of: blocks of keys where a table is dense enough, over both sides together; else rows by their hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "port/scan.h"

#include "sqlite3.h"

enum { ALL, BY_HASH, BY_BLOCKS };

typedef struct {
  CormConnection *source, *target;
  Rebuilt left, right;
  CormPair *pair;
  CormExtent extent;
} Sides;

static void
sides_clear (Sides *sides)
{
  corm_extent_clear (&sides->extent);
  g_clear_pointer (&sides->pair, corm_pair_free);
  rebuilt_clear (&sides->left);
  rebuilt_clear (&sides->right);
  g_clear_pointer (&sides->source, corm_connection_free);
  g_clear_pointer (&sides->target, corm_connection_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sides, sides_clear)

/* The keys @source and @target of a table with the columns @columns, each nullable. */
static void
open_sides (Sides *sides, const char *columns, const char *source, const char *target)
{
  g_autofree char *create = g_strdup_printf ("CREATE TABLE t (%s)", columns);
  CormConnection **conns[] = { &sides->source, &sides->target };
  const char *keys[] = { source, target };
  for (guint i = 0; i < 2; i++) {
    *conns[i] = open_memory ();
    run (*conns[i], create);
    g_autofree char *fill = g_strdup_printf ("INSERT INTO t (id) %s", keys[i] != NULL ? keys[i] : "");
    if (keys[i] != NULL)
      run (*conns[i], fill);
  }
  look (sides->source, &sides->left);
  look (sides->target, &sides->right);
  sides->pair = corm_pair_new (sides->left.live->tables->pdata[0], sides->right.live->tables->pdata[0]);
}

static int
choose (Sides *sides, double sample)
{
  g_autoptr (GError) error = NULL;
  const CormVerify verify = { .source = sides->source, .target = sides->target, .sample = sample };
  corm_extent_clear (&sides->extent);
  if (!corm_extent_init (&sides->extent, &verify, sides->pair, &error))
    fail_msg ("%s", error->message);
  assert_true (sides->extent.spans == NULL || sides->extent.below == 0);
  return sides->extent.spans != NULL ? BY_BLOCKS : sides->extent.below > 0 ? BY_HASH : ALL;
}

static int
chosen_of (const char *columns, const char *source, const char *target, double sample)
{
  g_auto (Sides) sides = { 0 };
  open_sides (&sides, columns, source, target);
  return choose (&sides, sample);
}

#define COUNT(least, greatest) \
  "WITH RECURSIVE c (i) AS (SELECT " #least " UNION ALL SELECT i + 1 FROM c WHERE i < " #greatest \
  ") SELECT i FROM c"
#define INTEGER "id INTEGER PRIMARY KEY, n INT"

static const CormSpan *
span_at (const Sides *sides, guint i)
{
  return &g_array_index (sides->extent.spans, CormSpan, i);
}

static gboolean
holds (const Sides *sides, gint64 key)
{
  for (guint i = 0; i < sides->extent.spans->len; i++)
    if (key >= span_at (sides, i)->from && key <= span_at (sides, i)->until)
      return TRUE;
  return FALSE;
}

static guint
count (const Sides *sides, gint64 least, gint64 greatest)
{
  guint n = 0;
  for (gint64 key = least; key <= greatest; key++)
    n += holds (sides, key) ? 1 : 0;
  return n;
}

static void
no_sample_is_everything (G_GNUC_UNUSED void **state)
{
  assert_int_equal (chosen_of (INTEGER, COUNT (1, 100), COUNT (1, 100), 0), ALL);
  assert_int_equal (chosen_of (INTEGER, COUNT (1, 100), COUNT (1, 100), 100), ALL);
  assert_int_equal (chosen_of (INTEGER, COUNT (1, 100), COUNT (1, 100), 99.9), BY_BLOCKS);
}

static void
blocks_are_of_whole_numbers_side_by_side (G_GNUC_UNUSED void **state)
{
  static const char hundred[] = COUNT (1, 100);
  assert_int_equal (chosen_of ("id TEXT PRIMARY KEY", hundred, hundred, 50), BY_HASH);
  assert_int_equal (chosen_of ("id INT, n INT DEFAULT 1, PRIMARY KEY (id, n)", hundred, hundred, 50),
                    BY_HASH);
  assert_int_equal (chosen_of ("id INT", hundred, hundred, 50), BY_HASH);
  assert_int_equal (chosen_of (INTEGER, NULL, NULL, 50), BY_HASH);
  /* four keys for each row at most: 101 rows over 404, and over 408 */
  assert_int_equal (chosen_of (INTEGER, COUNT (1, 100) " UNION ALL VALUES (405)", NULL, 50), BY_BLOCKS);
  assert_int_equal (chosen_of (INTEGER, COUNT (1, 100) " UNION ALL VALUES (409)", NULL, 50), BY_HASH);
  assert_int_equal (chosen_of (INTEGER, COUNT (1, 100), "VALUES (100000)", 50), BY_HASH);
  /* where there is no next block */
  assert_int_equal (chosen_of (INTEGER, "VALUES (9223372036854775807), (9223372036854775806)", NULL, 50),
                    BY_HASH);
  assert_int_equal (chosen_of (INTEGER, "VALUES (9223372036854775804), (9223372036854775805)", NULL, 50),
                    BY_BLOCKS);
  assert_int_equal (chosen_of (INTEGER, "VALUES (9223372036854775807), (-9223372036854775808)", NULL, 50),
                    BY_HASH);
}

/* What one side has at its ends, and the other has not, can be in the sample too. */
static void
both_sides_are_covered (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *source, *target;
    gint64 least, greatest;
  } cases[] = {
    { COUNT (1, 40), COUNT (30, 60), 1, 60 },
    { COUNT (30, 60), COUNT (1, 40), 1, 60 },
    { COUNT (1, 60), COUNT (20, 30), 1, 60 },
    { COUNT (20, 40), COUNT (1, 60), 1, 60 },
    { COUNT (1, 60), NULL, 1, 60 },
    { NULL, COUNT (5, 7), 5, 7 },
    { COUNT (-30, 30), COUNT (0, 1), -30, 30 },
    { "VALUES (9)", "VALUES (9)", 9, 9 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Sides) sides = { 0 };
    open_sides (&sides, INTEGER, cases[i].source, cases[i].target);
    assert_int_equal (choose (&sides, 99.999999), BY_BLOCKS);
    assert_int_equal (sides.extent.spans->len, 1); /* neighbours are read at once */
    assert_int_equal (span_at (&sides, 0)->from, cases[i].least);
    assert_int_equal (span_at (&sides, 0)->until, cases[i].greatest);
  }
}

static void
a_larger_sample_holds_the_smaller (G_GNUC_UNUSED void **state)
{
  guint last = 0;
  static const double samples[] = { 0.000001, 0.1, 1, 10, 30, 60, 90 };
  g_auto (Sides) sides = { 0 };
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (gint64));
  open_sides (&sides, INTEGER, COUNT (1, 500), COUNT (1, 500));
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    assert_int_equal (choose (&sides, samples[i]), BY_BLOCKS);
    guint n = count (&sides, 1, 500);
    for (guint k = 0; k < before->len; k++)
      assert_true (holds (&sides, g_array_index (before, gint64, k)));
    g_array_set_size (before, 0);
    for (gint64 key = 1; key <= 500; key++)
      if (holds (&sides, key))
        g_array_append_val (before, key);
    assert_true (n >= last && n > 0);
    if (samples[i] >= 10)
      assert_in_range (n, (guint) (5 * samples[i] * 0.7), (guint) (5 * samples[i] * 1.3));
    if (i == 0)
      assert_int_equal (n, 1);
    last = n;
  }
}

/* In a larger table a block is of several keys, from a multiple of their number on. */
static void
blocks_begin_at_multiples (G_GNUC_UNUSED void **state)
{
  enum { SIZE = 8 };
  g_auto (Sides) sides = { 0 };
  open_sides (&sides, INTEGER, COUNT (3, 5000), COUNT (3, 5000));
  assert_int_equal (choose (&sides, 30), BY_BLOCKS);
  for (guint i = 0; i < sides.extent.spans->len; i++) {
    assert_int_equal (span_at (&sides, i)->from % SIZE, 0);
    assert_int_equal ((span_at (&sides, i)->until + 1) % SIZE, 0);
  }
  assert_in_range (count (&sides, 3, 5000), 1200, 1800);
  assert_int_equal (choose (&sides, 99.9999999), BY_BLOCKS);
  assert_int_equal (span_at (&sides, 0)->from, 0);
  assert_int_equal (span_at (&sides, sides.extent.spans->len - 1)->until, 5000 + SIZE - 1);
}

static void
a_range_of_keys_is_one_span (G_GNUC_UNUSED void **state)
{
  static const char *const others[] = { "id TEXT PRIMARY KEY", "id INT, n INT DEFAULT 1, PRIMARY KEY (id, n)",
                                        "id INT" };
  g_auto (Sides) sides = { 0 };
  g_autoptr (GError) error = NULL;
  open_sides (&sides, INTEGER, COUNT (1, 9), COUNT (1, 9));
  CormVerify verify = {
    .source = sides.source, .target = sides.target, .has_keys = TRUE, .key_from = 3, .key_until = 7
  };
  assert_true (corm_extent_init (&sides.extent, &verify, sides.pair, &error));
  assert_int_equal (sides.extent.spans->len, 1);
  assert_int_equal (span_at (&sides, 0)->from, 3);
  assert_int_equal (span_at (&sides, 0)->until, 7);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_auto (Sides) other = { 0 };
    open_sides (&other, others[i], NULL, NULL);
    assert_false (corm_extent_init (&other.extent, &verify, other.pair, &error));
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
    g_clear_error (&error);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (no_sample_is_everything),   cmocka_unit_test (blocks_are_of_whole_numbers_side_by_side),
    cmocka_unit_test (both_sides_are_covered),    cmocka_unit_test (a_larger_sample_holds_the_smaller),
    cmocka_unit_test (blocks_begin_at_multiples), cmocka_unit_test (a_range_of_keys_is_one_span),
  };
  return cmocka_run_group_tests_name ("scan-extent", tests, NULL, NULL);
}
