/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Numbers keep every bit through their text, in any locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
check_double (double d, const char *expected)
{
  char buffer[CORM_TEXT_MAX];
  assert_int_equal (corm_text_from_double (d, buffer), strlen (expected));
  assert_string_equal (buffer, expected);
}

static void
integers (G_GNUC_UNUSED void **state)
{
  static const gint64 numbers[] = { 0, 1, -1, 9, 10, -10, 1234567890, G_MAXINT64, G_MININT64 };
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    char buffer[CORM_TEXT_MAX], expected[CORM_TEXT_MAX];
    gsize size = corm_text_from_int (numbers[i], buffer);
    g_snprintf (expected, sizeof expected, "%" G_GINT64_FORMAT, numbers[i]);
    assert_string_equal (buffer, expected);
    gint64 back = 99;
    assert_true (corm_text_to_int (buffer, size, &back));
    assert_int_equal (back, numbers[i]);
  }
  gint64 i;
  assert_true (corm_text_to_int ("+007", 4, &i));
  assert_int_equal (i, 7);
  assert_true (corm_text_to_int ("12345", 3, &i));
  assert_int_equal (i, 123);
}

static void
what_is_no_integer (G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = { "",
                                       "-",
                                       "+",
                                       " 5",
                                       "5 ",
                                       "5.0",
                                       "1e3",
                                       "0x5",
                                       "--5",
                                       "5-",
                                       "\xb2",
                                       "9223372036854775808",
                                       "-9223372036854775809",
                                       "18446744073709551617",
                                       "99999999999999999999999" };
  gint64 i;
  for (gsize n = 0; n < G_N_ELEMENTS (wrong); n++)
    if (corm_text_to_int (wrong[n], strlen (wrong[n]), &i))
      fail_msg ("'%s' is taken", wrong[n]);
}

static void
doubles_have_one_text (G_GNUC_UNUSED void **state)
{
  check_double (0.0, "0.0");
  check_double (-0.0, "-0.0");
  check_double (2, "2.0");
  check_double (-1.5, "-1.5");
  check_double (0.1, "0.1");
  check_double (0.05, "0.05");
  check_double (0.1 + 0.2, "0.30000000000000004");
  check_double (1.0 / 3, "0.3333333333333333");
  check_double (1e300, "1e300");
  check_double (1.25e-7, "1.25e-7");
  check_double (0.0001, "0.0001");
  check_double (0.000012, "1.2e-5");
  check_double (123456.789012, "123456.789012");
  check_double (999999999999999, "999999999999999.0");
  check_double (1e15, "1e15");
  check_double (9007199254740993.0, "9007199254740992.0");
  check_double (1e22, "1e22");
  check_double (5e-324, "5e-324");
  check_double (G_MINDOUBLE, "2.2250738585072014e-308");
  check_double (G_MAXDOUBLE, "1.7976931348623157e308");
  check_double (NAN, "NaN");
  check_double (-NAN, "NaN");
  check_double (INFINITY, "Infinity");
  check_double (-INFINITY, "-Infinity");
}

static void
floats_have_one_text (G_GNUC_UNUSED void **state)
{
  static const struct {
    float f;
    const char *text;
  } expected[] = { { 0.1f, "0.1" },
                   { 2, "2.0" },
                   { -0.0f, "-0.0" },
                   { 16777216, "16777216.0" },
                   { 1e-45f, "1e-45" },
                   { 3.4028235e38f, "3.4028235e38" },
                   { 1.0f / 3, "0.33333334" },
                   { INFINITY, "Infinity" } };
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    char buffer[CORM_TEXT_MAX];
    gsize size = corm_text_from_float (expected[i].f, buffer);
    assert_int_equal (size, strlen (buffer));
    assert_string_equal (buffer, expected[i].text);
  }
}

static guint64
bits_of (double d)
{
  guint64 bits;
  memcpy (&bits, &d, sizeof bits);
  return bits;
}

/* The first of %.1g … %.17g that reads back, as a number: the shortest there is. */
static void
check_shortest (double d, const char *text)
{
  for (int digits = 1; digits <= 17; digits++) {
    char shown[64];
    snprintf (shown, sizeof shown, "%.*g", digits, d);
    if (strtod (shown, NULL) != d)
      continue;
    if (corm_decimal_compare (shown, strlen (shown), text, strlen (text)) != 0)
      fail_msg ("%s instead of %s", text, shown);
    return;
  }
  fail_msg ("%s", text);
}

static void
check_round_trip (double d)
{
  char buffer[CORM_TEXT_MAX];
  double back = 99;
  gsize size = corm_text_from_double (d, buffer);
  assert_int_equal (size, strlen (buffer));
  assert_true (corm_text_to_double (buffer, size, &back));
  if (bits_of (back) != bits_of (d))
    fail_msg ("%.17g became %s, then %.17g", d, buffer, back);
  check_shortest (d, buffer);
  assert_true (strpbrk (buffer, ".e") != NULL);
}

static void
random_doubles_round_trip (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260102);
  for (int i = 0; i < 20000; i++) {
    guint64 bits = (guint64) g_rand_int (random) << 32 | g_rand_int (random);
    double d;
    memcpy (&d, &bits, sizeof d);
    if (isfinite (d))
      check_round_trip (d);
    check_round_trip (g_rand_double_range (random, -1000, 1000));
    check_round_trip (g_rand_int_range (random, -100000000, 100000000) / 100.0);
    check_round_trip (g_rand_int (random) * 1e-6);
    memcpy (&d, &(guint64){ bits & 0xffffffff }, sizeof d); /* subnormal */
    check_round_trip (d);
  }
}

static void
random_floats_round_trip (G_GNUC_UNUSED void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20260103);
  for (int i = 0; i < 50000; i++) {
    guint32 bits = g_rand_int (random);
    float f;
    memcpy (&f, &bits, sizeof f);
    if (!isfinite (f))
      continue;
    char buffer[CORM_TEXT_MAX];
    double back;
    assert_true (corm_text_to_double (buffer, corm_text_from_float (f, buffer), &back));
    assert_true ((float) back == f && !signbit (back) == !signbit (f));
  }
}

static void
reading_rounds_to_the_nearest (G_GNUC_UNUSED void **state)
{
  static const char *const texts[] = { "0.1",
                                       ".5",
                                       "5.",
                                       "1e22",
                                       "123456789012345e22",
                                       "123456789012345e-22",
                                       "9007199254740993",
                                       "1.7976931348623157e308",
                                       "4.9e-324",
                                       "0.000000000000000000000000000001",
                                       "100000000000000000000000000000000000000",
                                       "12345678901234567890.5",
                                       "2.2250738585072011e-308",
                                       "-1E+5",
                                       "00012.50",
                                       "0.1000000000000000055511151231257827021181583404541015625" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    double d;
    assert_true (corm_text_to_double (texts[i], strlen (texts[i]), &d));
    if (bits_of (d) != bits_of (strtod (texts[i], NULL)))
      fail_msg ("%s is %.17g", texts[i], d);
  }
  double d;
  assert_true (corm_text_to_double ("-0e5", 4, &d));
  assert_true (d == 0 && signbit (d));
  assert_true (corm_text_to_double ("-infinity", 9, &d));
  assert_true (d == -INFINITY);
  assert_true (corm_text_to_double ("nAn", 3, &d));
  assert_true (isnan (d));
}

static void
what_is_no_double (G_GNUC_UNUSED void **state)
{
  static const char *const wrong[] = { "",    "-",     ".",      "e5",     "1e",           "1e+",  " 1",
                                       "1 ",  "1,5",   "0x1",    "1.2.3",  "nan(1)",       "infi", "1f",
                                       "--1", "1e400", "-1e400", "1e-400", "1e99999999999" };
  double d;
  for (gsize n = 0; n < G_N_ELEMENTS (wrong); n++)
    if (corm_text_to_double (wrong[n], strlen (wrong[n]), &d))
      fail_msg ("'%s' is taken", wrong[n]);
}

static void
a_decimal_comma_changes_nothing (G_GNUC_UNUSED void **state)
{
  static const char *const commas[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_AT.UTF-8",
                                        "es_ES.UTF-8" };
  const char *found = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (commas) && found == NULL; i++)
    found = setlocale (LC_NUMERIC, commas[i]);
  if (found == NULL) {
    print_message ("# skip: no locale with a decimal comma is installed\n");
    skip ();
  }
  check_double (1.0 / 3, "0.3333333333333333");
  double d;
  assert_true (corm_text_to_double ("12345678901234567.5", 19, &d));
  assert_true (d == 12345678901234568.0);
  setlocale (LC_NUMERIC, "C");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (integers),
    cmocka_unit_test (what_is_no_integer),
    cmocka_unit_test (doubles_have_one_text),
    cmocka_unit_test (floats_have_one_text),
    cmocka_unit_test (random_doubles_round_trip),
    cmocka_unit_test (random_floats_round_trip),
    cmocka_unit_test (reading_rounds_to_the_nearest),
    cmocka_unit_test (what_is_no_double),
    cmocka_unit_test (a_decimal_comma_changes_nothing),
  };
  return cmocka_run_group_tests_name ("text", tests, NULL, NULL);
}
