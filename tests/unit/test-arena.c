/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What an arena gives is aligned, apart, zeroed where promised, and stays where it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

static void
allocations_are_aligned_zeroed_and_apart (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  guint8 *pieces[500];
  for (guint i = 0; i < 500; i++) {
    pieces[i] = corm_arena_alloc (arena, i);
    assert_int_equal ((guintptr) pieces[i] % 16, 0);
    for (guint j = 0; j < i; j++)
      assert_int_equal (pieces[i][j], 0);
    memset (pieces[i], (int) (i % 251 + 1), i);
  }
  for (guint i = 0; i < 500; i++)
    for (guint j = 0; j < i; j++)
      assert_int_equal (pieces[i][j], i % 251 + 1);
}

static void
zeroed_again_after_clear (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < 100; i++) {
      guint64 *words = corm_arena_alloc (arena, 8 * sizeof (guint64));
      for (int j = 0; j < 8; j++)
        assert_int_equal (words[j], 0);
      memset (words, 0xff, 8 * sizeof (guint64));
    }
    corm_arena_clear (arena);
  }
}

static void
copies_end_in_nul_and_keep_nuls (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  for (int i = 0; i < 3000; i++) {
    char *copy = corm_arena_copy (arena, "a\0bc", 4);
    assert_memory_equal (copy, "a\0bc\0", 5);
    assert_string_equal (corm_arena_copy (arena, NULL, 0), "");
  }
}

static void
copies_of_arrays_are_aligned_for_their_type (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  const gint64 numbers[3] = { 1, -2, G_MAXINT64 };
  const long double wide[1] = { 3.5L };
  for (int i = 0; i < 50; i++) {
    corm_arena_copy (arena, "odd", 3);
    char *copy = corm_arena_copy (arena, numbers, sizeof numbers);
    assert_int_equal ((guintptr) copy % G_ALIGNOF (gint64), 0);
    assert_memory_equal (copy, numbers, sizeof numbers);
    corm_arena_copy (arena, "x", 1);
    copy = corm_arena_copy (arena, wide, sizeof wide);
    assert_int_equal ((guintptr) copy % G_ALIGNOF (long double), 0);
  }
}

static void
the_first_allocation_finds_its_arena (G_GNUC_UNUSED void **state)
{
  static const gsize sizes[] = { 0, 1, 15, 16, 17, 48, 64, 200, 1000, 4000, 4096, 5000, 3000000 };
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (CormArena) plain = corm_arena_new ();
    gpointer row = corm_arena_alloc (plain, sizes[i]);
    memset (row, 0xff, sizes[i]);
    corm_arena_copy (plain, "text", 4);
    assert_ptr_equal (corm_arena_from_first (row), plain);
    corm_arena_clear (plain);
    assert_ptr_equal (corm_arena_from_first (corm_arena_alloc (plain, sizes[i])), plain);
    g_autoptr (CormArena) sized = corm_arena_new_sized (sizes[i]);
    assert_ptr_equal (corm_arena_from_first (corm_arena_alloc (sized, sizes[i])), sized);
  }
}

static void
what_was_given_stays_in_place (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  GPtrArray *copies = g_ptr_array_new ();
  for (int i = 0; i < 200000; i++) {
    char text[16];
    int n = g_snprintf (text, sizeof text, "%d", i);
    g_ptr_array_add (copies, corm_arena_copy (arena, text, (gsize) n));
    if (i % 10000 == 0)
      memset (corm_arena_alloc (arena, 2000000), 'x', 2000000);
  }
  for (int i = 0; i < 200000; i++)
    assert_int_equal (g_ascii_strtoll (copies->pdata[i], NULL, 10), i);
  g_ptr_array_free (copies, TRUE);
}

static void
nothing_to_free_is_no_error (G_GNUC_UNUSED void **state)
{
  corm_arena_free (NULL);
  g_autoptr (CormArena) arena = corm_arena_new ();
  corm_arena_clear (arena);
  assert_non_null (corm_arena_alloc (arena, 1));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (allocations_are_aligned_zeroed_and_apart),
    cmocka_unit_test (zeroed_again_after_clear),
    cmocka_unit_test (copies_end_in_nul_and_keep_nuls),
    cmocka_unit_test (copies_of_arrays_are_aligned_for_their_type),
    cmocka_unit_test (the_first_allocation_finds_its_arena),
    cmocka_unit_test (what_was_given_stays_in_place),
    cmocka_unit_test (nothing_to_free_is_no_error),
  };
  return cmocka_run_group_tests_name ("arena", tests, NULL, NULL);
}
