/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The limits of the types, each from both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/error.h>

#include "value/check.h"
#include "value/text.h"

#include <math.h>
#include <string.h>

/* A NUL or a bad byte at every place of texts around the eight bytes that are looked at together. */
static void
no_place_hides_a_bad_byte (G_GNUC_UNUSED void **state)
{
  const CormSqlType any = { .type = CORM_TYPE_TEXT };
  for (gsize size = 1; size <= 40; size++)
    for (gsize at = 0; at < size; at++) {
      g_autofree char *text = g_memdup2 ("abcdefghijklmnopqrstuvwxyz0123456789ABCD", size);
      assert_null (corm_check_text (text, size, &any));
      text[at] = '\0';
      assert_string_equal (corm_check_text (text, size, &any), "it holds a NUL byte");
      text[at] = '\x80';
      assert_string_equal (corm_check_text (text, size, &any), "it is not UTF-8");
      text[at] = '\x7f';
      assert_null (corm_check_text (text, size, &any));
    }
}

static void
length_counts_characters (G_GNUC_UNUSED void **state)
{
  const CormSqlType five = { .type = CORM_TYPE_TEXT, .length = 5 };
  assert_null (corm_check_text ("abcde", 5, &five));
  assert_non_null (corm_check_text ("abcdef", 6, &five));
  assert_null (corm_check_text ("ab\u00e9\u20ac\U0001f600", 11, &five));
  assert_non_null (corm_check_text ("abc\u00e9\u20ac\U0001f600", 12, &five));
  assert_null (corm_check_text (NULL, 0, &five));
}

static void
integers_have_a_range (G_GNUC_UNUSED void **state)
{
  assert_null (corm_check_int (G_MININT16, CORM_TYPE_INT16));
  assert_null (corm_check_int (G_MAXINT16, CORM_TYPE_INT16));
  assert_non_null (corm_check_int ((gint64) G_MININT16 - 1, CORM_TYPE_INT16));
  assert_non_null (corm_check_int ((gint64) G_MAXINT16 + 1, CORM_TYPE_INT16));
  assert_null (corm_check_int (G_MININT32, CORM_TYPE_INT32));
  assert_null (corm_check_int (G_MAXINT32, CORM_TYPE_INT32));
  assert_non_null (corm_check_int ((gint64) G_MININT32 - 1, CORM_TYPE_INT32));
  assert_non_null (corm_check_int ((gint64) G_MAXINT32 + 1, CORM_TYPE_INT32));
  assert_null (corm_check_int (G_MININT64, CORM_TYPE_INT64));
}

static void
times_have_a_range (G_GNUC_UNUSED void **state)
{
  const gint64 day = G_GINT64_CONSTANT (86400000000);
  assert_null (corm_check_time (0, CORM_TYPE_TIME));
  assert_null (corm_check_time (day - 1, CORM_TYPE_TIME));
  assert_non_null (corm_check_time (-1, CORM_TYPE_TIME));
  assert_non_null (corm_check_time (day, CORM_TYPE_TIME));
  assert_null (corm_check_time (CORM_FIRST_DAY, CORM_TYPE_DATE));
  assert_non_null (corm_check_time (CORM_FIRST_DAY - 1, CORM_TYPE_DATE));
  assert_non_null (corm_check_time (CORM_LAST_DAY + 1, CORM_TYPE_DATE));
  assert_null (corm_check_time (CORM_FIRST_DAY * day, CORM_TYPE_TIMESTAMP));
  assert_non_null (corm_check_time (CORM_FIRST_DAY * day - 1, CORM_TYPE_TIMESTAMP));
  assert_null (corm_check_time ((CORM_LAST_DAY + 1) * day - 1, CORM_TYPE_LOCAL_TIMESTAMP));
  assert_non_null (corm_check_time ((CORM_LAST_DAY + 1) * day, CORM_TYPE_LOCAL_TIMESTAMP));
}

static void
floats_are_rounded_but_not_to_infinity_or_zero (G_GNUC_UNUSED void **state)
{
  double d = 0.1;
  assert_null (corm_check_float (&d, CORM_TYPE_FLOAT32));
  assert_true (d == (double) 0.1f);
  d = 1e39;
  assert_non_null (corm_check_float (&d, CORM_TYPE_FLOAT32));
  assert_null (corm_check_float (&d, CORM_TYPE_FLOAT64));
  d = -1e-60;
  assert_non_null (corm_check_float (&d, CORM_TYPE_FLOAT32));
  d = -INFINITY;
  assert_null (corm_check_float (&d, CORM_TYPE_FLOAT32));
  d = NAN;
  assert_null (corm_check_float (&d, CORM_TYPE_FLOAT32));
  assert_true (isnan (d));
}

static void
a_refusal_shows_type_value_and_reason (G_GNUC_UNUSED void **state)
{
  const CormSqlType type = { .type = CORM_TYPE_DECIMAL, .precision = 5, .scale = 2 };
  const guint8 bytes[1000] = { 0xab };
  const CormValue values[] = { corm_value_int (70000), corm_value_text ("x\ny"), corm_value_null (),
                               corm_value_bytes ((CormBytes){ bytes, 2 }) };
  static const char *const messages[] = { "int64 '70000' cannot be decimal(5,2): because",
                                          "text 'x\\ny' cannot be decimal(5,2): because",
                                          "none 'NULL' cannot be decimal(5,2): because",
                                          "bytes 'ab00' cannot be decimal(5,2): because" };
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GError) error = NULL;
    assert_false (corm_value_refuse (&error, &values[i], &type, "because"));
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
    assert_string_equal (error->message, messages[i]);
  }
  assert_false (corm_value_refuse (NULL, &values[0], &type, "because"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (no_place_hides_a_bad_byte),
    cmocka_unit_test (length_counts_characters),
    cmocka_unit_test (integers_have_a_range),
    cmocka_unit_test (times_have_a_range),
    cmocka_unit_test (floats_are_rounded_but_not_to_infinity_or_zero),
    cmocka_unit_test (a_refusal_shows_type_value_and_reason),
  };
  return cmocka_run_group_tests_name ("check", tests, NULL, NULL);
}
