/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Messages are put together as promised, values in them are safe to print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/sys/driver.h>

#include "base/error.h"

static void
every_code_has_a_name_of_its_own (G_GNUC_UNUSED void **state)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (int code = CORM_ERROR_FAILED; code <= CORM_ERROR_DIFFERENT; code++) {
    const char *name = corm_error_name ((CormError) code);
    assert_non_null (name);
    assert_true (g_hash_table_add (seen, (gpointer) name));
  }
  assert_string_equal (corm_error_name (CORM_ERROR_FOREIGN_KEY), "foreign-key");
  assert_string_equal (corm_error_name ((CormError) 999), "failed");
}

static void
a_prefix_keeps_the_code (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  assert_false (corm_error_prefix (&error, "nothing"));
  assert_null (error);
  assert_false (corm_error_prefix (NULL, "nothing"));
  g_set_error_literal (&error, CORM_ERROR, CORM_ERROR_BUSY, "locked");
  assert_false (corm_error_prefix (&error, "table %s, row %d", "jobs", 5));
  assert_string_equal (error->message, "table jobs, row 5: locked");
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY));
}

static void
check_quote (const char *text, gssize size, const char *expected)
{
  g_autofree char *quoted = corm_error_quote (text, size);
  assert_string_equal (quoted, expected);
  assert_true (g_utf8_validate (quoted, -1, NULL));
}

static void
values_are_quoted_for_a_terminal (G_GNUC_UNUSED void **state)
{
  check_quote ("plain", -1, "'plain'");
  check_quote ("", -1, "''");
  check_quote (NULL, -1, "NULL");
  check_quote ("cut here", 3, "'cut'");
  check_quote ("a\nb\tc", -1, "'a\\nb\\tc'");
  check_quote ("\033[31m", -1, "'\\x1b[31m'");
  check_quote ("a\0b", 3, "'a\\x00b'");
  check_quote ("\xff\xc3", -1, "'\\xff\\xc3'");
  check_quote ("\u00e9\u20ac\U0001f600", -1, "'\u00e9\u20ac\U0001f600'");
  check_quote ("\u202e", -1, "'\\u202e'"); /* turns the writing direction of all that follows */
}

static void
long_values_are_cut_after_60_characters (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (int i = 0; i < 60; i++)
    g_string_append (text, "\u00e9");
  g_autofree char *whole = g_strdup_printf ("'%s'", text->str);
  g_autofree char *cut = g_strdup_printf ("'%s...'", text->str);
  check_quote (text->str, -1, whole);
  g_string_append (text, "x");
  check_quote (text->str, -1, cut);
}

static void
check_driver_error (const char *doing, const char *words, const char *hint, const char *expected)
{
  g_autoptr (GError) error = NULL;
  corm_driver_error (&error, CORM_ERROR_UNIQUE, doing, words, hint);
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_UNIQUE));
  assert_string_equal (error->message, expected);
}

static void
drivers_put_doing_words_and_hint_together (G_GNUC_UNUSED void **state)
{
  check_driver_error ("insert into jobs", "duplicate key \n\n", NULL, "insert into jobs: duplicate key");
  check_driver_error ("open", "not a file", "give a file", "open: not a file; give a file");
  check_driver_error ("open", "Not a file.", "Give a file.", "open: Not a file. Give a file.");
  check_driver_error ("open", NULL, "", "open: no reason given");
  check_driver_error (NULL, "100 %s of it", NULL, "100 %s of it");
  corm_driver_error (NULL, CORM_ERROR_UNIQUE, "open", "words", NULL);
}

static void
a_row_is_at_fault_or_not (G_GNUC_UNUSED void **state)
{
  static const CormError rows[] = { CORM_ERROR_UNIQUE, CORM_ERROR_FOREIGN_KEY, CORM_ERROR_NOT_NULL,
                                    CORM_ERROR_CHECK, CORM_ERROR_CONVERSION };
  static const CormError others[] = { CORM_ERROR_CONNECTION, CORM_ERROR_BUSY, CORM_ERROR_DENIED,
                                      CORM_ERROR_FULL, CORM_ERROR_STORAGE };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = g_error_new_literal (CORM_ERROR, (int) rows[i], "refused");
    assert_true (corm_error_is_about_row (error));
    assert_false (corm_error_may_pass (error));
    error->domain = G_FILE_ERROR;
    assert_false (corm_error_is_about_row (error));
  }
  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    g_autoptr (GError) error = g_error_new_literal (CORM_ERROR, (int) others[i], "failed");
    assert_false (corm_error_is_about_row (error));
    assert_int_equal (corm_error_may_pass (error),
                      others[i] != CORM_ERROR_DENIED && others[i] != CORM_ERROR_STORAGE);
    assert_int_equal (corm_error_is_outside (error), others[i] != CORM_ERROR_DENIED);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_code_has_a_name_of_its_own),
    cmocka_unit_test (a_prefix_keeps_the_code),
    cmocka_unit_test (values_are_quoted_for_a_terminal),
    cmocka_unit_test (long_values_are_cut_after_60_characters),
    cmocka_unit_test (drivers_put_doing_words_and_hint_together),
    cmocka_unit_test (a_row_is_at_fault_or_not),
  };
  return cmocka_run_group_tests_name ("error", tests, NULL, NULL);
}
