/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Decimals of any length: canonical form, what fits, and order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/text.h"

#include <string.h>

static void
check_canonical (const char *text, guint scale, const char *expected)
{
  g_autoptr (GString) out = g_string_new ("<");
  assert_true (corm_decimal_append_canonical (text, strlen (text), scale, out));
  if (strcmp (out->str + 1, expected) != 0)
    fail_msg ("%s is %s instead of %s", text, out->str + 1, expected);
}

static void
canonical_form (G_GNUC_UNUSED void **state)
{
  static const char *const forms[][2] = {
    { "0", "0" },
    { "-0", "0" },
    { "-0.00", "0" },
    { "+5", "5" },
    { "007", "7" },
    { "1.50", "1.5" },
    { ".5", "0.5" },
    { "5.", "5" },
    { "-.5", "-0.5" },
    { "100", "100" },
    { "1e3", "1000" },
    { "1.25E+1", "12.5" },
    { "125e-2", "1.25" },
    { "5e-3", "0.005" },
    { "0e99", "0" },
    { "1200e-2", "12" },
    { "0.000", "0" },
    { "00.10", "0.1" },
    { "1e0", "1" },
    { "-1e-1", "-0.1" },
    { "nan", "NaN" },
    { "-INFINITY", "-Infinity" },
    { "infinity", "Infinity" },
    { "99999999999999999999999999999999999999", "99999999999999999999999999999999999999" },
    { "0.00000000000000000000000000000000000001", "0.00000000000000000000000000000000000001" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    check_canonical (forms[i][0], 0, forms[i][1]);
}

static void
at_least_as_many_digits_as_the_scale (G_GNUC_UNUSED void **state)
{
  check_canonical ("1", 2, "1.00");
  check_canonical ("1.5", 2, "1.50");
  check_canonical ("1.500", 2, "1.50");
  check_canonical ("1.2345", 2, "1.2345");
  check_canonical ("0", 2, "0.00");
  check_canonical ("-0.0", 2, "0.00");
  check_canonical ("12e1", 1, "120.0");
  check_canonical ("NaN", 2, "NaN");
}

static void
thousands_of_digits (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) text = g_string_new ("-1");
  for (int i = 0; i < 100000; i++)
    g_string_append_c (text, (char) ('0' + i % 10));
  g_string_append (text, ".5");
  check_canonical (text->str, 0, text->str);
  assert_true (corm_decimal_fits (text->str, text->len, 0, 0));
  assert_false (corm_decimal_fits (text->str, text->len, 1000, 10));
}

static void
what_is_no_decimal (G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = { "",
                                       "-",
                                       ".",
                                       "-.",
                                       "e5",
                                       "1e",
                                       "1e+",
                                       "1e5.0",
                                       "1.2.3",
                                       " 1",
                                       "1 ",
                                       "1,5",
                                       "0x1",
                                       "--1",
                                       "1e1000000",
                                       "1e-1000000",
                                       "1e99999999999999999999",
                                       "inf",
                                       "-nan",
                                       "NaN1",
                                       "12a" };
  g_autoptr (GString) out = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    if (corm_decimal_append_canonical (wrong[i], strlen (wrong[i]), 0, out))
      fail_msg ("'%s' is taken", wrong[i]);
    assert_false (corm_decimal_fits (wrong[i], strlen (wrong[i]), 10, 2));
  }
  assert_string_equal (out->str, "");
}

static void
what_fits (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *text;
    guint precision, scale;
    gboolean fits;
  } cases[] = {
    { "99999999.99", 10, 2, TRUE },  { "100000000", 10, 2, FALSE },
    { "1.239", 10, 2, FALSE },       { "1.2300", 10, 2, TRUE },
    { "-99999999.99", 10, 2, TRUE }, { "0", 1, 1, TRUE },
    { "0.9", 1, 1, TRUE },           { "1", 1, 1, FALSE },
    { "000001", 1, 0, TRUE },        { "1e9", 10, 0, TRUE },
    { "1e10", 10, 0, FALSE },        { "10e-1", 1, 0, TRUE },
    { "1e-3", 10, 2, FALSE },        { "0.001", 2, 4, TRUE },
    { "0.1", 2, 4, FALSE },          { "NaN", 10, 2, TRUE },
    { "Infinity", 10, 2, FALSE },    { "Infinity", 0, 0, TRUE },
    { "123.456", 0, 0, TRUE },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (corm_decimal_fits (cases[i].text, strlen (cases[i].text), cases[i].precision, cases[i].scale) !=
        cases[i].fits)
      fail_msg ("%s in (%u,%u)", cases[i].text, cases[i].precision, cases[i].scale);
}

static void
order_is_numeric (G_GNUC_UNUSED void **state)
{
  /* Each line is less than the next; the texts of one line are equal. */
  static const char *const order[][3] = {
    { "-Infinity", "-infinity", "-INFINITY" },
    { "-1e10", "-10000000000", "-1e+10" },
    { "-10", "-1e1", "-10.0" },
    { "-9.99", "-9.990", "-999e-2" },
    { "-1", "-1.0", "-01" },
    { "-0.001", "-1e-3", "-.001" },
    { "0", "-0", "0e5" },
    { "0.00099", "99e-5", ".00099" },
    { "0.001", "1e-3", "+0.001" },
    { "1", "1.000", "10e-1" },
    { "1.01", "1.010", "101e-2" },
    { "1.1", "1.10", "+1.1" },
    { "9", "9.", "09" },
    { "10", "1e1", "10.00" },
    { "99999999999999999999999999999999999998", "99999999999999999999999999999999999998.0",
      "+99999999999999999999999999999999999998" },
    { "99999999999999999999999999999999999999", "99999999999999999999999999999999999999.0",
      "+99999999999999999999999999999999999999" },
    { "Infinity", "infinity", "+INFINITY" },
    { "NaN", "nan", "NAN" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (order); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (order); j++)
      for (gsize k = 0; k < 9; k++) {
        const char *a = order[i][k / 3], *b = order[j][k % 3];
        int got = corm_decimal_compare (a, strlen (a), b, strlen (b));
        if ((got > 0) - (got < 0) != (i > j) - (i < j))
          fail_msg ("%s and %s compare as %d", a, b, got);
      }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (canonical_form),      cmocka_unit_test (at_least_as_many_digits_as_the_scale),
    cmocka_unit_test (thousands_of_digits), cmocka_unit_test (what_is_no_decimal),
    cmocka_unit_test (what_fits),           cmocka_unit_test (order_is_numeric),
  };
  return cmocka_run_group_tests_name ("decimal", tests, NULL, NULL);
}
