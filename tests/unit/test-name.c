/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Made-up names: they stand in databases, so their exact text is fixed here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/name.h"

#include <string.h>

#define FORTY "abcdefghij_abcdefghij_abcdefghij_abcdefg"

static void
assert_name (const char *table, const char *rest, const char *expected)
{
  g_autofree char *name = corm_name_make ("fk", table, rest);
  assert_string_equal (name, expected);
  assert_in_range (strlen (name), 1, CORM_NAME_MAX);
  assert_true (g_utf8_validate (name, -1, NULL));
}

static void
short_names_are_whole (G_GNUC_UNUSED void **state)
{
  assert_name ("jobs", "cluster_id", "fk_jobs_cluster_id");
  assert_name (FORTY, "abcdefghij_abcdefgh", "fk_" FORTY "_abcdefghij_abcdefgh");
}

/* The digits are part of the contract: another hash would make every long name a difference. */
static void
long_names_are_cut_and_hashed (G_GNUC_UNUSED void **state)
{
  g_autofree char *first = corm_name_make ("fk", FORTY, "abcdefghij_abcdefghij_first");
  g_autofree char *second = corm_name_make ("fk", FORTY, "abcdefghij_abcdefghij_second");
  assert_int_equal (strlen (first), CORM_NAME_MAX);
  assert_string_not_equal (first, second);
  assert_string_equal (first, "fk_abcdefghij_abcdefghij_abcdefghij_abcdefg_abcdefghij_8b4144d2");
}

static void
characters_stay_whole (G_GNUC_UNUSED void **state)
{
  for (guint n = 1; n < 9; n++) {
    g_autofree char *letters = g_strnfill (n, 'x');
    g_autofree char *table = g_strconcat (letters, "ααααααααααααααααααααααααααααααααααααααααααα", NULL);
    g_autofree char *name = corm_name_make ("fk", table, "id");
    assert_in_range (strlen (name), CORM_NAME_MAX - 3, CORM_NAME_MAX);
    assert_true (g_utf8_validate (name, -1, NULL));
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (short_names_are_whole),
                                      cmocka_unit_test (long_names_are_cut_and_hashed),
                                      cmocka_unit_test (characters_stay_whole) };
  return cmocka_run_group_tests_name ("name", tests, NULL, NULL);
}
