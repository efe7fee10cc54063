/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Text to value: each type takes its forms and refuses the rest with the text and the reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/error.h>
#include <corm/value.h>

#include <math.h>
#include <string.h>

typedef struct {
  CormSqlType type;
  const char *text;
  const char *expected; /* canonical; or, where it is refused, a piece of the message */
} Case;

static gboolean
parse (const Case *c, GString *out)
{
  g_autoptr (GError) error = NULL;
  CormValue value;
  g_autofree char *exact = g_memdup2 (c->text, MAX (strlen (c->text), 1)); /* no NUL behind it */
  gboolean ok = corm_value_parse (&c->type, exact, (gssize) strlen (c->text), &value, &error);
  if (ok) {
    assert_int_equal (value.type, c->type.type);
    assert_false (value.is_null);
    corm_value_append_text (&value, out);
    return TRUE;
  }
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
  g_string_append (out, error->message);
  return FALSE;
}

static void
check_good (const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GString) out = g_string_new (NULL);
    if (!parse (&cases[i], out) || strcmp (out->str, cases[i].expected) != 0)
      fail_msg ("'%s' as %s: %s", cases[i].text, corm_type_name (cases[i].type.type), out->str);
  }
}

static void
check_bad (const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GString) out = g_string_new (NULL);
    gboolean taken = parse (&cases[i], out);
    if (taken || strstr (out->str, cases[i].expected) == NULL || strstr (out->str, cases[i].text) == NULL ||
        strstr (out->str, corm_type_name (cases[i].type.type)) == NULL)
      fail_msg ("'%s' as %s: %s", cases[i].text, corm_type_name (cases[i].type.type), out->str);
  }
}

static void
what_each_type_takes (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "t", "true" },
    { { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "FALSE", "false" },
    { { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "1", "true" },
    { { CORM_TYPE_INT16, 0, 0, 0 }, "-32768", "-32768" },
    { { CORM_TYPE_INT32, 0, 0, 0 }, "2147483647", "2147483647" },
    { { CORM_TYPE_INT64, 0, 0, 0 }, "-9223372036854775808", "-9223372036854775808" },
    { { CORM_TYPE_FLOAT32, 0, 0, 0 }, "0.1", "0.1" },
    { { CORM_TYPE_FLOAT32, 0, 0, 0 }, "-Infinity", "-Infinity" },
    { { CORM_TYPE_FLOAT64, 0, 0, 0 }, "0.10000000000000001", "0.1" },
    { { CORM_TYPE_FLOAT64, 0, 0, 0 }, "-0", "-0.0" },
    { { CORM_TYPE_DECIMAL, 0, 0, 0 },
      "12345678901234567890123456789012345678.90",
      "12345678901234567890123456789012345678.9" },
    { { CORM_TYPE_DECIMAL, 0, 5, 2 }, "-999.990", "-999.99" },
    { { CORM_TYPE_DECIMAL, 0, 5, 2 }, "NaN", "NaN" },
    { { CORM_TYPE_TEXT, 3, 0, 0 }, "\u00e9\u20ac\U0001f600", "\u00e9\u20ac\U0001f600" },
    { { CORM_TYPE_TEXT, 0, 0, 0 }, "", "" },
    { { CORM_TYPE_BYTES, 0, 0, 0 }, "\xff\x01", "ff01" },
    { { CORM_TYPE_DATE, 0, 0, 0 }, "2024-02-29", "2024-02-29" },
    { { CORM_TYPE_DATE, 0, 0, 0 }, "2024-02-29 00:00:00", "2024-02-29" },
    { { CORM_TYPE_DATE, 0, 0, 0 }, "1969-12-30T00:00:00Z", "1969-12-30" },
    { { CORM_TYPE_TIME, 0, 0, 0 }, "10:20", "10:20:00" },
    { { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "2024-02-29 10:20:30.5+02", "2024-02-29T08:20:30.5Z" },
    { { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "2024-02-29", "2024-02-29T00:00:00Z" },
    { { CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 }, "2024-02-29 10:20:30.5", "2024-02-29T10:20:30.5" },
    { { CORM_TYPE_UUID, 0, 0, 0 },
      "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
      "f81d4fae-7dec-11d0-a765-00a0c91e6bf6" },
    { { CORM_TYPE_JSON, 0, 0, 0 }, " [1, 2] ", "[1,2]" },
    { { CORM_TYPE_ENUM, 0, 0, 0 }, "RUNNING", "RUNNING" },
    { { CORM_TYPE_RAW, 0, 0, 0 }, "{1,2}", "{1,2}" },
  };
  check_good (cases, G_N_ELEMENTS (cases));
}

static void
what_each_type_refuses (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "yes", "true, false" },
    { { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "2", "true, false" },
    { { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "", "true, false" },
    { { CORM_TYPE_INT16, 0, 0, 0 }, "32768", "-32768 to 32767" },
    { { CORM_TYPE_INT32, 0, 0, 0 }, "-2147483649", "-2147483648 to" },
    { { CORM_TYPE_INT64, 0, 0, 0 }, " 5", "whole number" },
    { { CORM_TYPE_INT64, 0, 0, 0 }, "5.0", "whole number" },
    { { CORM_TYPE_FLOAT32, 0, 0, 0 }, "1e39", "range" },
    { { CORM_TYPE_FLOAT32, 0, 0, 0 }, "1e-60", "range" },
    { { CORM_TYPE_FLOAT64, 0, 0, 0 }, "1e999", "range" },
    { { CORM_TYPE_FLOAT64, 0, 0, 0 }, "abc", "no number" },
    { { CORM_TYPE_DECIMAL, 0, 5, 2 }, "1000", "(5,2): it has more digits" },
    { { CORM_TYPE_DECIMAL, 0, 5, 2 }, "1.239", "more digits" },
    { { CORM_TYPE_DECIMAL, 0, 0, 0 }, "1,5", "no decimal" },
    { { CORM_TYPE_TEXT, 3, 0, 0 }, "abcd", "text(3): it is longer" },
    { { CORM_TYPE_TEXT, 2, 0, 0 }, "\u00e9\u20ac\U0001f600", "longer" },
    { { CORM_TYPE_DATE, 0, 0, 0 }, "2024-02-30", "YYYY-MM-DD" },
    { { CORM_TYPE_DATE, 0, 0, 0 }, "2024-02-29 00:00:01", "time of day" },
    { { CORM_TYPE_DATE, 0, 0, 0 }, "2024-02-29 00:00:00+01", "time of day" },
    { { CORM_TYPE_TIME, 0, 0, 0 }, "24:00:00", "23:59:59" },
    { { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "now", "YYYY-MM-DD" },
    { { CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 }, "2024-02-29 10:20:30Z", "zone" },
    { { CORM_TYPE_UUID, 0, 0, 0 }, "f81d4fae7dec11d0a76500a0c91e6bf6", "36 characters" },
    { { CORM_TYPE_JSON, 0, 0, 0 }, "{a:1}", "double quotes" },
  };
  check_bad (cases, G_N_ELEMENTS (cases));
}

static void
check_refused (const char *text, gsize size, CormType tag, const char *message)
{
  g_autoptr (GError) error = NULL;
  CormSqlType type = { .type = tag };
  CormValue value;
  assert_false (corm_value_parse (&type, text, (gssize) size, &value, &error));
  assert_string_equal (error->message, message);
}

static void
text_is_utf8_without_nul (G_GNUC_UNUSED void **state)
{
  check_refused ("a\0b", 3, CORM_TYPE_TEXT, "text 'a\\x00b' cannot be text: it holds a NUL byte");
  check_refused ("12345678\0abcdefgh", 17, CORM_TYPE_TEXT,
                 "text '12345678\\x00abcdefgh' cannot be text: it holds a NUL byte");
  check_refused ("\u00e9\0", 3, CORM_TYPE_ENUM, "text '\u00e9\\x00' cannot be enum: it holds a NUL byte");
  check_refused ("12345678abc\xff", 12, CORM_TYPE_TEXT,
                 "text '12345678abc\\xff' cannot be text: it is not UTF-8");
  check_refused ("\xc3", 1, CORM_TYPE_RAW, "text '\\xc3' cannot be raw: it is not UTF-8");
  check_refused ("\xed\xa0\x80", 3, CORM_TYPE_TEXT, "text '\\xed\\xa0\\x80' cannot be text: it is not UTF-8");
}

static void
a_long_value_is_cut_in_the_message (G_GNUC_UNUSED void **state)
{
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autoptr (GError) error = NULL;
  CormSqlType type = { .type = CORM_TYPE_INT64 };
  CormValue value;
  assert_false (corm_value_parse (&type, text, -1, &value, &error));
  assert_true (strlen (error->message) < 200);
  assert_non_null (strstr (error->message, "xxx...'"));
}

static void
null_and_the_end_of_the_text (G_GNUC_UNUSED void **state)
{
  CormSqlType type = { .type = CORM_TYPE_INT32 };
  CormValue value;
  assert_true (corm_value_parse (&type, NULL, -1, &value, NULL));
  assert_true (value.is_null);
  assert_int_equal (value.type, CORM_TYPE_INT32);
  assert_true (corm_value_parse (&type, "123", -1, &value, NULL));
  assert_int_equal (value.i, 123);
  assert_true (corm_value_parse (&type, "123", 2, &value, NULL));
  assert_int_equal (value.i, 12);
}

static void
textual_results_borrow (G_GNUC_UNUSED void **state)
{
  static const CormType types[] = { CORM_TYPE_TEXT, CORM_TYPE_BYTES, CORM_TYPE_DECIMAL,
                                    CORM_TYPE_JSON, CORM_TYPE_ENUM,  CORM_TYPE_RAW };
  const char *text = "12.50";
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    CormSqlType type = { .type = types[i] };
    CormValue value;
    assert_true (corm_value_parse (&type, text, -1, &value, NULL));
    assert_ptr_equal (value.data, text);
    assert_int_equal (value.size, 5);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_each_type_takes),         cmocka_unit_test (what_each_type_refuses),
    cmocka_unit_test (text_is_utf8_without_nul),     cmocka_unit_test (a_long_value_is_cut_in_the_message),
    cmocka_unit_test (null_and_the_end_of_the_text), cmocka_unit_test (textual_results_borrow),
  };
  return cmocka_run_group_tests_name ("parse", tests, NULL, NULL);
}
