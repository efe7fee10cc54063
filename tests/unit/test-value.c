/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tagged values: how they are made, when two are equal, and their canonical text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/value.h>

#include <math.h>
#include <string.h>

static void
types_and_their_names (G_GNUC_UNUSED void **state)
{
  for (int type = CORM_TYPE_NONE; type < CORM_N_TYPES; type++)
    assert_int_equal (corm_type_from_name (corm_type_name ((CormType) type)), type);
  assert_string_equal (corm_type_name (CORM_TYPE_LOCAL_TIMESTAMP), "local_timestamp");
  assert_int_equal (corm_type_from_name ("varchar"), CORM_TYPE_NONE);
  assert_int_equal (corm_type_from_name (NULL), CORM_TYPE_NONE);
  assert_string_equal (corm_type_name (CORM_N_TYPES), "none");
}

static void
no_data_is_null (G_GNUC_UNUSED void **state)
{
  assert_true (corm_value_null ().is_null);
  assert_true (corm_value_text (NULL).is_null);
  assert_true (corm_value_bytes ((CormBytes){ NULL, 0 }).is_null);
  assert_true (corm_value_decimal ((CormDecimal){ NULL }).is_null);
  assert_true (corm_value_json ((CormJson){ NULL }).is_null);
  assert_false (corm_value_text ("").is_null);
  assert_false (corm_value_bytes ((CormBytes){ (const guint8 *) "", 0 }).is_null);
}

static void
check_text (CormValue value, CormType type, const char *expected)
{
  g_autoptr (GString) text = g_string_new ("<");
  assert_int_equal (value.type, type);
  corm_value_append_text (&value, text);
  g_autofree char *framed = g_strdup_printf ("<%s", expected);
  assert_string_equal (text->str, framed);
  assert_true (corm_value_equal (&value, &value));
}

static void
canonical_texts (G_GNUC_UNUSED void **state)
{
  static const guint8 bytes[] = { 0x00, 0xab, 0xff };
  CormUuid uuid;
  assert_true (corm_uuid_parse ("00112233-4455-6677-8899-AABBCCDDEEFF", &uuid));
  check_text (corm_value_null (), CORM_TYPE_NONE, "NULL");
  check_text (corm_value_bool (true), CORM_TYPE_BOOLEAN, "true");
  check_text (corm_value_bool (false), CORM_TYPE_BOOLEAN, "false");
  check_text (corm_value_int (G_MININT64), CORM_TYPE_INT64, "-9223372036854775808");
  check_text (corm_value_double (-0.0), CORM_TYPE_FLOAT64, "-0.0");
  check_text (corm_value_double (NAN), CORM_TYPE_FLOAT64, "NaN");
  check_text ((CormValue){ .type = CORM_TYPE_FLOAT32, .d = (double) 0.1f }, CORM_TYPE_FLOAT32, "0.1");
  check_text (corm_value_text ("a\"b'\n"), CORM_TYPE_TEXT, "a\"b'\n");
  check_text (corm_value_text (""), CORM_TYPE_TEXT, "");
  check_text (corm_value_bytes ((CormBytes){ bytes, 3 }), CORM_TYPE_BYTES, "00abff");
  check_text (corm_value_bytes ((CormBytes){ bytes, 0 }), CORM_TYPE_BYTES, "");
  check_text (corm_value_decimal ((CormDecimal){ "+01.500" }), CORM_TYPE_DECIMAL, "1.5");
  check_text (corm_value_decimal ((CormDecimal){ "no number" }), CORM_TYPE_DECIMAL, "no number");
  check_text (corm_value_json ((CormJson){ "{\"b\": 1, \"a\": 2}" }), CORM_TYPE_JSON, "{\"a\":2,\"b\":1}");
  check_text (corm_value_date ((CormDate){ -1 }), CORM_TYPE_DATE, "1969-12-31");
  check_text (corm_value_time ((CormTime){ 1500000 }), CORM_TYPE_TIME, "00:00:01.5");
  check_text (corm_value_timestamp ((CormTimestamp){ -1 }), CORM_TYPE_TIMESTAMP,
              "1969-12-31T23:59:59.999999Z");
  check_text (corm_value_local_timestamp ((CormLocalTimestamp){ 0 }), CORM_TYPE_LOCAL_TIMESTAMP,
              "1970-01-01T00:00:00");
  check_text (corm_value_uuid (uuid), CORM_TYPE_UUID, "00112233-4455-6677-8899-aabbccddeeff");
}

static void
check_equal (CormValue a, CormValue b, gboolean expected)
{
  assert_int_equal (corm_value_equal (&a, &b), expected);
  assert_int_equal (corm_value_equal (&b, &a), expected);
}

static void
equality (G_GNUC_UNUSED void **state)
{
  check_equal (corm_value_null (), corm_value_text (NULL), TRUE);
  check_equal (corm_value_null (), corm_value_int (0), FALSE);
  check_equal (corm_value_text (NULL), corm_value_text (""), FALSE);
  check_equal (corm_value_int (1), corm_value_bool (true), FALSE);
  check_equal (corm_value_int (1), corm_value_int (2), FALSE);
  check_equal (corm_value_double (0.0), corm_value_double (-0.0), FALSE);
  check_equal (corm_value_double (NAN), corm_value_double (-NAN), TRUE);
  check_equal (corm_value_double (NAN), corm_value_double (1), FALSE);
  check_equal (corm_value_text ("a"), corm_value_text ("a"), TRUE);
  check_equal (corm_value_text ("a"), corm_value_text ("A"), FALSE);
  check_equal (corm_value_text ("a"), corm_value_text ("ab"), FALSE);
  check_equal (corm_value_decimal ((CormDecimal){ "1.50" }), corm_value_decimal ((CormDecimal){ "1.5" }),
               TRUE);
  check_equal (corm_value_decimal ((CormDecimal){ "1.50" }), corm_value_decimal ((CormDecimal){ "1.51" }),
               FALSE);
  check_equal (corm_value_json ((CormJson){ "[1, 2]" }), corm_value_json ((CormJson){ "[1,2]" }), TRUE);
  check_equal (corm_value_json ((CormJson){ "[1,2]" }), corm_value_json ((CormJson){ "[2,1]" }), FALSE);
  check_equal (corm_value_uuid ((CormUuid){ { 1 } }), corm_value_uuid ((CormUuid){ { 1 } }), TRUE);
  check_equal (corm_value_uuid ((CormUuid){ { [15] = 1 } }), corm_value_uuid ((CormUuid){ { [15] = 2 } }),
               FALSE);
  check_equal (corm_value_date ((CormDate){ 0 }), corm_value_time ((CormTime){ 0 }), FALSE);
  check_equal (corm_value_bytes ((CormBytes){ (const guint8 *) "a\0b", 3 }),
               corm_value_bytes ((CormBytes){ (const guint8 *) "a\0c", 3 }), FALSE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (types_and_their_names),
    cmocka_unit_test (no_data_is_null),
    cmocka_unit_test (canonical_texts),
    cmocka_unit_test (equality),
  };
  return cmocka_run_group_tests_name ("value", tests, NULL, NULL);
}
