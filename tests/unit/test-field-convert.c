/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values of expressions as their column's type. */
#include "../lib/all-types.h"

#include <string.h>

static CormValue
convert (const CormMapping *mapping, const CormField *field, CormValue from)
{
  CormValue to;
  GError *error = NULL;
  if (!corm_field_convert (mapping, field, &from, &to, &error))
    fail_msg ("%s", error->message);
  assert_int_equal (to.type, field->type.type);
  return to;
}

static void
refused (const CormMapping *mapping, const CormField *field, CormValue from, const char *message)
{
  CormValue to;
  GError *error = NULL;
  assert_false (corm_field_convert (mapping, field, &from, &to, &error));
  assert_said (error, CORM_ERROR_CONVERSION, message);
}

static void
integers (void **state)
{
  const CormMapping *mapping = *state;
  assert_true (convert (mapping, FIELD (mapping, i16), corm_value_int (G_MININT16)).i == G_MININT16);
  assert_true (convert (mapping, FIELD (mapping, opt_i32), corm_value_int (G_MAXINT32)).i == G_MAXINT32);
  assert_true (convert (mapping, FIELD (mapping, u32), corm_value_int (G_MAXUINT32)).i == G_MAXUINT32);
  assert_true (convert (mapping, FIELD (mapping, i64), corm_value_int (G_MININT64)).i == G_MININT64);
  assert_true (convert (mapping, FIELD (mapping, b), corm_value_bool (true)).i == 1);
  refused (mapping, FIELD (mapping, i16), corm_value_int (32768),
           "column every.i16: 32768 is outside -32768 to 32767, what the member holds");
  refused (mapping, FIELD (mapping, u32), corm_value_int (-1),
           "column every.u32: -1 is outside 0 to 4294967295, what the member holds");
  refused (mapping, FIELD (mapping, b), corm_value_int (2),
           "column every.b: 2 is outside 0 to 1, what the member holds");
  refused (mapping, FIELD (mapping, i64), corm_value_text ("5"),
           "column every.i64: a value of type text for a column of type int64");
}

static void
labels (void **state)
{
  const CormMapping *mapping = *state;
  assert_string_equal (convert (mapping, FIELD (mapping, color), corm_value_int (BLUE)).data, "BLUE");
  assert_string_equal (convert (mapping, FIELD (mapping, opt_color), corm_value_text ("RED")).data, "RED");
  refused (mapping, FIELD (mapping, color), corm_value_int (3),
           "column every.color: 3 is none of the model's 3 labels, which are numbered from 0");
  refused (mapping, FIELD (mapping, signed_color), corm_value_int (-1),
           "column every.signed_color: -1 is none of the model's 3 labels, which are numbered from 0");
  refused (mapping, FIELD (mapping, color), corm_value_text ("PINK"),
           "column every.color: 'PINK' is none of the model's 3 labels");
  refused (mapping, FIELD (mapping, color), corm_value_double (1),
           "column every.color: a value of type float64 for a column of type enum");
}

static void
floats (void **state)
{
  const CormMapping *mapping = *state;
  assert_true (convert (mapping, FIELD (mapping, d), corm_value_double (0.1)).d == 0.1);
  assert_true (convert (mapping, FIELD (mapping, f), corm_value_double (0.1)).d == (double) 0.1f);
  refused (mapping, FIELD (mapping, d), corm_value_int (1),
           "column every.d: a value of type int64 for a column of type float64");
}

static void
text (void **state)
{
  const CormMapping *mapping = *state;
  const guint8 data[] = { 0xff };
  assert_string_equal (
      convert (mapping, FIELD (mapping, text), corm_value_text ("longer than ten, and so what")).data,
      "longer than ten, and so what");
  assert_string_equal (convert (mapping, FIELD (mapping, raw), corm_value_text ("10.0.0.1")).data,
                       "10.0.0.1");
  assert_ptr_equal (convert (mapping, FIELD (mapping, bytes), corm_value_bytes ((CormBytes){ data, 1 })).data,
                    data);
  assert_string_equal (
      convert (mapping, FIELD (mapping, decimal), corm_value_decimal ((CormDecimal){ "0.123456" })).data,
      "0.123456");
  refused (mapping, FIELD (mapping, decimal), corm_value_decimal ((CormDecimal){ "12,5" }),
           "column every.decimal: '12,5' is no decimal number");
  refused (mapping, FIELD (mapping, json), corm_value_text ("{}"),
           "column every.json: a value of type text for a column of type json");
  CormValue to, from = corm_value_text ("a\xff");
  g_autoptr (GError) error = NULL;
  assert_false (corm_field_convert (mapping, FIELD (mapping, text), &from, &to, &error));
  assert_non_null (strstr (error->message, "is not UTF-8"));
}

static void
times_and_uuids (void **state)
{
  const CormMapping *mapping = *state;
  const CormUuid uuid = { { 1 } };
  assert_true (convert (mapping, FIELD (mapping, opt_date), corm_value_date ((CormDate){ 5 })).i == 5);
  assert_true (
      convert (mapping, FIELD (mapping, local), corm_value_local_timestamp ((CormLocalTimestamp){ 5 })).i ==
      5);
  CormValue to = convert (mapping, FIELD (mapping, opt_uuid), corm_value_uuid (uuid));
  assert_memory_equal (&to.uuid, &uuid, 16);
  refused (mapping, FIELD (mapping, local), corm_value_timestamp ((CormTimestamp){ 5 }),
           "column every.local: a value of type timestamp for a column of type local_timestamp");
}

static void
null_keeps_the_type (void **state)
{
  const CormMapping *mapping = *state;
  assert_true (convert (mapping, FIELD (mapping, text), corm_value_null ()).is_null);
  assert_true (convert (mapping, FIELD (mapping, b), corm_value_null ()).is_null);
}

#define ON_ALL(test) cmocka_unit_test_setup_teardown (test, set_up_all, tear_down_all)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    ON_ALL (integers), ON_ALL (labels),          ON_ALL (floats),
    ON_ALL (text),     ON_ALL (times_and_uuids), ON_ALL (null_keeps_the_type),
  };
  return cmocka_run_group_tests_name ("field-convert", tests, NULL, NULL);
}
