/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Value to value: what is taken, what is refused and why, and that nothing is lost on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/error.h>
#include <corm/value.h>

#include <math.h>
#include <string.h>

#define TEXT(v) \
  { \
    .type = CORM_TYPE_TEXT, .data = v, .size = sizeof (v) - 1 \
  }
#define BYTES(v) \
  { \
    .type = CORM_TYPE_BYTES, .data = v, .size = sizeof (v) - 1 \
  }
#define DECIMAL(v) \
  { \
    .type = CORM_TYPE_DECIMAL, .data = v, .size = sizeof (v) - 1 \
  }
#define JSON(v) \
  { \
    .type = CORM_TYPE_JSON, .data = v, .size = sizeof (v) - 1 \
  }
#define ENUM(v) \
  { \
    .type = CORM_TYPE_ENUM, .data = v, .size = sizeof (v) - 1 \
  }
#define RAW(v) \
  { \
    .type = CORM_TYPE_RAW, .data = v, .size = sizeof (v) - 1 \
  }
#define INT(v) \
  { \
    .type = CORM_TYPE_INT64, .i = v \
  }
#define BOOLEAN(v) \
  { \
    .type = CORM_TYPE_BOOLEAN, .i = v \
  }
#define DOUBLE(v) \
  { \
    .type = CORM_TYPE_FLOAT64, .d = v \
  }
#define FLOAT(v) \
  { \
    .type = CORM_TYPE_FLOAT32, .d = (double) v \
  }
#define DATE(v) \
  { \
    .type = CORM_TYPE_DATE, .i = v \
  }
#define TIME(v) \
  { \
    .type = CORM_TYPE_TIME, .i = v \
  }
#define TIMESTAMP(v) \
  { \
    .type = CORM_TYPE_TIMESTAMP, .i = v \
  }
#define LOCAL(v) \
  { \
    .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = v \
  }
#define UUID \
  { \
    .type = CORM_TYPE_UUID, .uuid = { "0123456789abcde" } \
  } /* and a NUL */
#define UUID_TEXT "30313233-3435-3637-3839-616263646500"
#define DAY G_GINT64_CONSTANT (86400000000)

typedef struct {
  CormValue from;
  CormSqlType to;
  const char *expected; /* canonical text; or a piece of the message */
} Case;

static void
check_taken (const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GString) scratch = g_string_new ("old");
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    CormValue to;
    if (!corm_value_convert (&cases[i].from, &cases[i].to, scratch, &to, &error))
      fail_msg ("case %zu: %s", i, error->message);
    assert_int_equal (to.type, cases[i].to.type);
    corm_value_append_text (&to, text);
    if (to.is_null || strcmp (text->str, cases[i].expected) != 0)
      fail_msg ("case %zu: %s instead of %s", i, text->str, cases[i].expected);
  }
}

static void
check_refused (const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autoptr (GString) scratch = g_string_new (NULL);
    g_autoptr (GError) error = NULL;
    CormValue to;
    if (corm_value_convert (&cases[i].from, &cases[i].to, scratch, &to, &error))
      fail_msg ("case %zu is taken, instead of %s", i, cases[i].expected);
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
    if (strstr (error->message, cases[i].expected) == NULL)
      fail_msg ("case %zu: %s", i, error->message);
  }
}

static void
to_numbers (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { INT (1), { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "true" },
    { TEXT ("f"), { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "false" },
    { BOOLEAN (1), { CORM_TYPE_INT16, 0, 0, 0 }, "1" },
    { INT (-32768), { CORM_TYPE_INT16, 0, 0, 0 }, "-32768" },
    { DOUBLE (2.0), { CORM_TYPE_INT64, 0, 0, 0 }, "2" },
    { DOUBLE (0.0), { CORM_TYPE_INT64, 0, 0, 0 }, "0" },
    { DOUBLE (-0x1p63), { CORM_TYPE_INT64, 0, 0, 0 }, "-9223372036854775808" },
    { DECIMAL ("500.00"), { CORM_TYPE_INT32, 0, 0, 0 }, "500" },
    { DECIMAL ("5e2"), { CORM_TYPE_INT32, 0, 0, 0 }, "500" },
    { TEXT ("-7"), { CORM_TYPE_INT64, 0, 0, 0 }, "-7" },
    { INT (G_GINT64_CONSTANT (9007199254740992)), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "9007199254740992.0" },
    { INT (G_MININT64), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "-9.223372036854776e18" },
    { INT (16777216), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "16777216.0" },
    { FLOAT (0.1f), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "0.10000000149011612" },
    { DOUBLE (0.5), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "0.5" },
    { DOUBLE (NAN), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "NaN" },
    { DOUBLE (-INFINITY), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "-Infinity" },
    { TEXT ("0.1"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "0.1" },
    { TEXT ("-0.0"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "-0.0" },
    { TEXT ("NaN"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "NaN" },
    { TEXT ("0.1000000000000000055511151231257827021181583404541015625"),
      { CORM_TYPE_FLOAT64, 0, 0, 0 },
      "0.1" },
    { TEXT ("0.100000000000000000000000"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "0.1" },
    { TEXT ("0.10000000000000001"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "0.1" },
    { DECIMAL ("1e22"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "1e22" },
    { DECIMAL ("0.1"), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "0.1" },
    { INT (-5), { CORM_TYPE_DECIMAL, 0, 10, 2 }, "-5" },
    { DOUBLE (1.25), { CORM_TYPE_DECIMAL, 0, 3, 2 }, "1.25" },
    { DOUBLE (1e21), { CORM_TYPE_DECIMAL, 0, 0, 0 }, "1000000000000000000000" },
    { FLOAT (0.1f), { CORM_TYPE_DECIMAL, 0, 0, 0 }, "0.1" },
    { DOUBLE (NAN), { CORM_TYPE_DECIMAL, 0, 5, 2 }, "NaN" },
    { TEXT ("+1.50"), { CORM_TYPE_DECIMAL, 0, 2, 1 }, "1.5" },
  };
  check_taken (cases, G_N_ELEMENTS (cases));
}

static void
to_numbers_refused (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { INT (2), { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "int64 '2' cannot be boolean: only 0 and 1" },
    { DOUBLE (1.0), { CORM_TYPE_BOOLEAN, 0, 0, 0 }, "no value of this type" },
    { INT (32768), { CORM_TYPE_INT16, 0, 0, 0 }, "int64 '32768' cannot be int16: the range" },
    { INT (G_MAXINT64), { CORM_TYPE_INT32, 0, 0, 0 }, "the range" },
    { DOUBLE (2.5), { CORM_TYPE_INT64, 0, 0, 0 }, "float64 '2.5' cannot be int64: it has a fraction" },
    { DOUBLE (-0.0), { CORM_TYPE_INT64, 0, 0, 0 }, "negative zero" },
    { DOUBLE (0x1p63), { CORM_TYPE_INT64, 0, 0, 0 }, "out of range" },
    { DOUBLE (NAN), { CORM_TYPE_INT64, 0, 0, 0 }, "out of range" },
    { DOUBLE (-INFINITY), { CORM_TYPE_INT64, 0, 0, 0 }, "out of range" },
    { DECIMAL ("5.5"), { CORM_TYPE_INT64, 0, 0, 0 }, "fraction" },
    { DECIMAL ("9223372036854775808"), { CORM_TYPE_INT64, 0, 0, 0 }, "out of range" },
    { TEXT (" 5"), { CORM_TYPE_INT64, 0, 0, 0 }, "text ' 5' cannot be int64" },
    { TEXT (""), { CORM_TYPE_INT64, 0, 0, 0 }, "text '' cannot be int64" },
    { { .type = CORM_TYPE_TEXT }, { CORM_TYPE_INT64, 0, 0, 0 }, "text '' cannot be int64" },
    { DATE (1), { CORM_TYPE_INT64, 0, 0, 0 }, "date '1970-01-02' cannot be int64" },
    { JSON ("5"), { CORM_TYPE_INT64, 0, 0, 0 }, "no value of this type" },
    { BYTES ("5"), { CORM_TYPE_INT64, 0, 0, 0 }, "bytes '35' cannot be int64" },
    { INT (G_GINT64_CONSTANT (9007199254740993)), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "fewer digits" },
    { INT (G_MAXINT64), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "fewer digits" },
    { INT (16777217), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "fewer digits" },
    { DOUBLE (0.1), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "fewer digits" },
    { DOUBLE (1e300), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "fewer digits" },
    { TEXT ("0.12345678901234567"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "more digits" },
    { TEXT ("9007199254740993"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "more digits" },
    { DECIMAL ("0.10000000000000001"), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "more digits" },
    { TEXT ("1e39"), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "range" },
    { DECIMAL ("0.123456789"), { CORM_TYPE_FLOAT32, 0, 0, 0 }, "more digits" },
    { BOOLEAN (1), { CORM_TYPE_FLOAT64, 0, 0, 0 }, "no value of this type" },
    { DOUBLE (-0.0), { CORM_TYPE_DECIMAL, 0, 0, 0 }, "negative zero" },
    { DOUBLE (INFINITY), { CORM_TYPE_DECIMAL, 0, 5, 2 }, "more digits" },
    { INT (1000), { CORM_TYPE_DECIMAL, 0, 5, 2 }, "decimal(5,2): it has more digits" },
    { TEXT ("1.555"), { CORM_TYPE_DECIMAL, 0, 5, 2 }, "more digits" },
    { TEXT ("x"), { CORM_TYPE_DECIMAL, 0, 5, 2 }, "no decimal" },
  };
  check_refused (cases, G_N_ELEMENTS (cases));
}

static void
to_text_and_bytes (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { INT (5), { CORM_TYPE_TEXT, 0, 0, 0 }, "5" },
    { BOOLEAN (0), { CORM_TYPE_TEXT, 0, 0, 0 }, "false" },
    { DOUBLE (-0.0), { CORM_TYPE_TEXT, 0, 0, 0 }, "-0.0" },
    { DECIMAL ("1.50"), { CORM_TYPE_TEXT, 0, 0, 0 }, "1.50" },
    { JSON ("{\"b\": 1}"), { CORM_TYPE_TEXT, 0, 0, 0 }, "{\"b\": 1}" },
    { BYTES ("\xc3\xa9"), { CORM_TYPE_TEXT, 1, 0, 0 }, "\u00e9" },
    { TIMESTAMP (0), { CORM_TYPE_TEXT, 0, 0, 0 }, "1970-01-01T00:00:00Z" },
    { UUID, { CORM_TYPE_TEXT, 36, 0, 0 }, UUID_TEXT },
    { ENUM ("A"), { CORM_TYPE_TEXT, 0, 0, 0 }, "A" },
    { TEXT ("A"), { CORM_TYPE_ENUM, 0, 0, 0 }, "A" },
    { TEXT ("{1}"), { CORM_TYPE_RAW, 0, 0, 0 }, "{1}" },
    { INT (5), { CORM_TYPE_RAW, 0, 0, 0 }, "5" },
    { TEXT ("a\xff"), { CORM_TYPE_BYTES, 0, 0, 0 }, "61ff" },
    { UUID, { CORM_TYPE_BYTES, 0, 0, 0 }, "30313233343536373839616263646500" },
    { BYTES ("a\0b"), { CORM_TYPE_BYTES, 0, 0, 0 }, "610062" },
    { TEXT ("[1, 2]"), { CORM_TYPE_JSON, 0, 0, 0 }, "[1,2]" },
    { RAW ("[1, 2]"), { CORM_TYPE_JSON, 0, 0, 0 }, "[1,2]" },
  };
  check_taken (cases, G_N_ELEMENTS (cases));
}

static void
to_text_and_bytes_refused (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { BYTES ("\xff"), { CORM_TYPE_TEXT, 0, 0, 0 }, "bytes 'ff' cannot be text: it is not UTF-8" },
    { BYTES ("a\0b"), { CORM_TYPE_TEXT, 0, 0, 0 }, "NUL" },
    { TEXT ("a\0b"), { CORM_TYPE_TEXT, 0, 0, 0 }, "NUL" },
    { TEXT ("\xff"), { CORM_TYPE_TEXT, 0, 0, 0 }, "not UTF-8" },
    { TEXT ("abc"), { CORM_TYPE_TEXT, 2, 0, 0 }, "text(2): it is longer" },
    { INT (100), { CORM_TYPE_TEXT, 2, 0, 0 }, "longer" },
    { INT (1), { CORM_TYPE_ENUM, 0, 0, 0 }, "no value of this type" },
    { INT (1), { CORM_TYPE_BYTES, 0, 0, 0 }, "no value of this type" },
    { TEXT ("{a}"), { CORM_TYPE_JSON, 0, 0, 0 }, "double quotes" },
    { INT (1), { CORM_TYPE_JSON, 0, 0, 0 }, "no value of this type" },
  };
  check_refused (cases, G_N_ELEMENTS (cases));
}

static void
to_times (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { TEXT ("2024-01-01"), { CORM_TYPE_DATE, 0, 0, 0 }, "2024-01-01" },
    { TEXT ("2024-01-01 00:00:00"), { CORM_TYPE_DATE, 0, 0, 0 }, "2024-01-01" },
    { LOCAL (-DAY), { CORM_TYPE_DATE, 0, 0, 0 }, "1969-12-31" },
    { TIMESTAMP (DAY), { CORM_TYPE_DATE, 0, 0, 0 }, "1970-01-02" },
    { DATE (-719162), { CORM_TYPE_DATE, 0, 0, 0 }, "0001-01-01" },
    { TIME (DAY - 1), { CORM_TYPE_TIME, 0, 0, 0 }, "23:59:59.999999" },
    { TEXT ("2024-01-01 10:00:00+02"), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "2024-01-01T08:00:00Z" },
    { TEXT ("2024-01-01 10:00:00"), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "2024-01-01T10:00:00Z" },
    { LOCAL (1), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "1970-01-01T00:00:00.000001Z" },
    { DATE (2932896), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "9999-12-31T00:00:00Z" },
    { DATE (0), { CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 }, "1970-01-01T00:00:00" },
    { TEXT (UUID_TEXT), { CORM_TYPE_UUID, 0, 0, 0 }, UUID_TEXT },
    { BYTES ("0123456789abcde\0"), { CORM_TYPE_UUID, 0, 0, 0 }, UUID_TEXT },
  };
  check_taken (cases, G_N_ELEMENTS (cases));
}

static void
to_times_refused (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { TEXT ("2024-01-01 00:00:01"), { CORM_TYPE_DATE, 0, 0, 0 }, "time of day" },
    { LOCAL (1), { CORM_TYPE_DATE, 0, 0, 0 }, "time of day" },
    { DATE (2932897), { CORM_TYPE_DATE, 0, 0, 0 }, "0001 to 9999" },
    { DATE (G_MAXINT32), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "0001 to 9999" },
    { TIMESTAMP (G_MININT64), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "0001 to 9999" },
    { INT (0), { CORM_TYPE_DATE, 0, 0, 0 }, "no value of this type" },
    { INT (0), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "no value of this type" },
    { TIME (DAY), { CORM_TYPE_TIME, 0, 0, 0 }, "23:59:59" },
    { TIME (-1), { CORM_TYPE_TIME, 0, 0, 0 }, "00:00:00" },
    { TEXT ("24:00:00"), { CORM_TYPE_TIME, 0, 0, 0 }, "23:59:59" },
    { LOCAL (0), { CORM_TYPE_TIME, 0, 0, 0 }, "no value of this type" },
    { TIMESTAMP (0), { CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 }, "zone" },
    { TEXT ("2024-01-01 00:00:00Z"), { CORM_TYPE_LOCAL_TIMESTAMP, 0, 0, 0 }, "zone" },
    { TIME (0), { CORM_TYPE_TIMESTAMP, 0, 0, 0 }, "no value of this type" },
    { BYTES ("0123"), { CORM_TYPE_UUID, 0, 0, 0 }, "16 bytes" },
    { INT (0), { CORM_TYPE_UUID, 0, 0, 0 }, "no value of this type" },
  };
  check_refused (cases, G_N_ELEMENTS (cases));
}

static void
null_stays_null (G_GNUC_UNUSED void **state)
{
  for (int type = CORM_TYPE_BOOLEAN; type < CORM_N_TYPES; type++) {
    CormValue null = corm_value_null (), to;
    CormSqlType target = { .type = (CormType) type };
    assert_true (corm_value_convert (&null, &target, NULL, &to, NULL));
    assert_true (to.is_null);
    assert_int_equal (to.type, type);
  }
}

static void
a_decimal_is_written_with_its_scale (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  CormValue from = corm_value_int (5), to;
  CormSqlType type = { .type = CORM_TYPE_DECIMAL, .precision = 10, .scale = 2 };
  assert_true (corm_value_convert (&from, &type, scratch, &to, NULL));
  assert_int_equal (to.size, 4);
  assert_memory_equal (to.data, "5.00", 4);
  assert_ptr_equal (to.data, scratch->str);
}

static void
source_and_result_may_be_one (G_GNUC_UNUSED void **state)
{
  g_autoptr (GString) scratch = g_string_new (NULL);
  CormValue value = corm_value_text ("2024-02-29");
  assert_true (corm_value_convert (&value, &(CormSqlType){ .type = CORM_TYPE_DATE }, scratch, &value, NULL));
  assert_true (
      corm_value_convert (&value, &(CormSqlType){ .type = CORM_TYPE_TIMESTAMP }, scratch, &value, NULL));
  assert_true (corm_value_convert (&value, &(CormSqlType){ .type = CORM_TYPE_TEXT }, scratch, &value, NULL));
  assert_memory_equal (value.data, "2024-02-29T00:00:00Z", 20);
}

/* Whatever converts there, converts back to what it was. */
static void
nothing_is_lost (G_GNUC_UNUSED void **state)
{
  static const CormValue values[] = {
    BOOLEAN (0),
    BOOLEAN (1),
    INT (0),
    INT (1),
    INT (-1),
    INT (32767),
    INT (16777217),
    INT (G_GINT64_CONSTANT (9007199254740993)),
    INT (G_MAXINT64),
    INT (G_MININT64),
    DOUBLE (0.0),
    DOUBLE (-0.0),
    DOUBLE (1.0),
    DOUBLE (0.1),
    DOUBLE (1e300),
    DOUBLE (5e-324),
    DOUBLE (1e15),
    DOUBLE (NAN),
    DOUBLE (INFINITY),
    FLOAT (0.1f),
    FLOAT (16777216.f),
    DECIMAL ("0"),
    DECIMAL ("1.5"),
    DECIMAL ("-0.000000000000000001"),
    DECIMAL ("99999999999999999999999999999999999999"),
    DECIMAL ("1e20"),
    DECIMAL ("NaN"),
    TEXT (""),
    TEXT ("1"),
    TEXT ("true"),
    TEXT ("0.1"),
    TEXT ("2024-01-01"),
    TEXT ("\u00e9"),
    BYTES (""),
    BYTES ("\xff"),
    BYTES ("0123456789abcdef"),
    DATE (0),
    DATE (-719162),
    TIME (0),
    TIME (DAY - 1),
    TIMESTAMP (0),
    TIMESTAMP (-1),
    LOCAL (0),
    LOCAL (DAY),
    UUID,
    JSON ("[1]"),
    ENUM ("A"),
    RAW ("{}"),
  };
  guint n_taken = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    for (int tag = CORM_TYPE_BOOLEAN; tag < CORM_N_TYPES; tag++) {
      g_autoptr (GString) there = g_string_new (NULL);
      g_autoptr (GString) back = g_string_new (NULL);
      CormSqlType type = { .type = (CormType) tag }, home = { .type = values[i].type };
      CormValue to, again;
      if (!corm_value_convert (&values[i], &type, there, &to, NULL))
        continue;
      n_taken++;
      /* Only these change the spelling or forget that there was no zone: text of another canonical form is text. */
      if (values[i].type == CORM_TYPE_TEXT ||
          (values[i].type == CORM_TYPE_LOCAL_TIMESTAMP && tag == CORM_TYPE_TIMESTAMP) ||
          (values[i].type == CORM_TYPE_DATE && tag == CORM_TYPE_TIMESTAMP))
        continue;
      g_autoptr (GError) error = NULL;
      if (!corm_value_convert (&to, &home, back, &again, &error)) {
        /* A small integer as boolean, and so on: the way back may be closed for the type, never for the value. */
        if (strstr (error->message, "no value of this type") == NULL)
          fail_msg ("%s to %s: %s", corm_type_name (home.type), corm_type_name (type.type), error->message);
      } else if (!corm_value_equal (&values[i], &again))
        fail_msg ("value %zu, by way of %s, is another one", i, corm_type_name (type.type));
    }
  assert_true (n_taken > 150);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (to_numbers),
    cmocka_unit_test (to_numbers_refused),
    cmocka_unit_test (to_text_and_bytes),
    cmocka_unit_test (to_text_and_bytes_refused),
    cmocka_unit_test (to_times),
    cmocka_unit_test (to_times_refused),
    cmocka_unit_test (null_stays_null),
    cmocka_unit_test (a_decimal_is_written_with_its_scale),
    cmocka_unit_test (source_and_result_may_be_one),
    cmocka_unit_test (nothing_is_lost),
  };
  return cmocka_run_group_tests_name ("convert", tests, NULL, NULL);
}
