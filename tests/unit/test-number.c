/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Exact decimals, digit by digit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../drivers/sqlite3/number.h"

static CormNumber
number (const char *text)
{
  CormNumber made;
  if (!corm_number_parse (text, strlen (text), &made))
    fail_msg ("%s is no number", text);
  return made;
}

static void
is (const CormNumber *made, const char *wanted)
{
  char text[CORM_NUMBER_DIGITS * 2 + 4];
  assert_int_equal (corm_number_print (made, text), strlen (wanted));
  assert_string_equal (text, wanted);
}

#define COMPUTES(f, a, b, wanted, ...) \
  do { \
    const CormNumber x = number (a), y = number (b); \
    CormNumber made; \
    assert_true (f (&x, &y, ##__VA_ARGS__, &made)); \
    is (&made, wanted); \
  } while (0)

static void
texts (G_GNUC_UNUSED void **state)
{
  static const char *const pairs[][2] = { { "0", "0" },     { "-0.00", "0" },  { "+007.50", "7.5" },
                                          { ".5", "0.5" },  { "1e3", "1000" }, { "0.001", "0.001" },
                                          { "-12", "-12" }, { "100", "100" } };
  CormNumber made;
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    made = number (pairs[i][0]);
    is (&made, pairs[i][1]);
  }
  assert_false (corm_number_parse ("x", 1, &made));
  assert_false (corm_number_parse ("NaN", 3, &made));
  assert_false (corm_number_parse ("", 0, &made));
}

static void
sums (G_GNUC_UNUSED void **state)
{
  COMPUTES (corm_number_add, "999.9", "0.1", "1000");
  COMPUTES (corm_number_add, "1", "-1", "0");
  COMPUTES (corm_number_add, "-5", "3", "-2");
  COMPUTES (corm_number_add, "3", "-5.25", "-2.25");
  COMPUTES (corm_number_add, "0", "0.0000001", "0.0000001");
}

static void
products (G_GNUC_UNUSED void **state)
{
  COMPUTES (corm_number_multiply, "12.5", "-12.5", "-156.25");
  COMPUTES (corm_number_multiply, "0", "-12.5", "0");
  COMPUTES (corm_number_multiply, "99999999999", "99999999999", "9999999999800000000001");
}

static void
quotients (G_GNUC_UNUSED void **state)
{
  COMPUTES (corm_number_divide, "1", "3", "0.3333", 4);
  COMPUTES (corm_number_divide, "-2", "3", "-0.6667", 4);
  COMPUTES (corm_number_divide, "1", "8", "0.13", 2);
  COMPUTES (corm_number_divide, "0.125", "1", "0.13", 2);
  COMPUTES (corm_number_divide, "1000000", "0.001", "1000000000", 2);
  COMPUTES (corm_number_divide, "1", "1000", "0", 2);
  COMPUTES (corm_number_modulo, "-7.5", "2", "-1.5");
  COMPUTES (corm_number_modulo, "7", "-4", "3");
  COMPUTES (corm_number_modulo, "0.3", "0.1", "0");
}

static void
rounds (const char *text, int scale, CormRounding rounding, const char *wanted)
{
  const CormNumber a = number (text);
  CormNumber made;
  assert_true (corm_number_round (&a, scale, rounding, &made));
  is (&made, wanted);
}

static void
rounding (G_GNUC_UNUSED void **state)
{
  rounds ("2.345", 2, CORM_ROUND_HALF_AWAY, "2.35");
  rounds ("-2.5", 0, CORM_ROUND_HALF_AWAY, "-3");
  rounds ("-2.4", 0, CORM_ROUND_HALF_AWAY, "-2");
  rounds ("0.4", 0, CORM_ROUND_HALF_AWAY, "0");
  rounds ("0.05", 0, CORM_ROUND_HALF_AWAY, "0");
  rounds ("99.5", 0, CORM_ROUND_HALF_AWAY, "100");
  rounds ("1250", -2, CORM_ROUND_HALF_AWAY, "1300");
  rounds ("49", -2, CORM_ROUND_HALF_AWAY, "0");
  rounds ("50", -2, CORM_ROUND_HALF_AWAY, "100");
  rounds ("-2.1", 0, CORM_ROUND_DOWN, "-3");
  rounds ("-2.1", 0, CORM_ROUND_UP, "-2");
  rounds ("0.01", 0, CORM_ROUND_UP, "1");
  rounds ("-0.9", 0, CORM_ROUND_CUT, "0");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (texts),     cmocka_unit_test (sums),     cmocka_unit_test (products),
    cmocka_unit_test (quotients), cmocka_unit_test (rounding),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
