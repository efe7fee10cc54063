/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A member's value as its column takes it: every C type, its edges, and what is refused. */
#include "../lib/all-types.h"

#include <math.h>
#include <string.h>

static CormValue
get (const CormMapping *mapping, const CormField *field, const All *row)
{
  CormValue value;
  GError *error = NULL;
  if (!corm_field_get (mapping, field, row, &value, &error))
    fail_msg ("%s", error->message);
  assert_int_equal (value.type, field->type.type);
  return value;
}

static void
refused (const CormMapping *mapping, const CormField *field, const All *row, CormError code,
         const char *message)
{
  CormValue value;
  GError *error = NULL;
  assert_false (corm_field_get (mapping, field, row, &value, &error));
  assert_said (error, code, message);
}

#define ASSERT_INT(m, expected) \
  G_STMT_START \
  { \
    CormValue got = get (mapping, FIELD (mapping, m), &row); \
    assert_false (got.is_null); \
    assert_true (got.i == (expected)); \
  } \
  G_STMT_END

#define ASSERT_TEXT(m, expected) \
  G_STMT_START \
  { \
    CormValue got = get (mapping, FIELD (mapping, m), &row); \
    assert_false (got.is_null); \
    assert_int_equal (got.size, strlen (expected)); \
    assert_memory_equal (got.data, expected, got.size); \
  } \
  G_STMT_END

#define ASSERT_NULL(m) assert_true (get (mapping, FIELD (mapping, m), &row).is_null)

static void
least_numbers (void **state)
{
  const CormMapping *mapping = *state;
  const All row = {
    .i16 = G_MININT16,
    .i32 = G_MININT32,
    .i64 = G_MININT64,
    .opt_i16 = CORM_SOME (G_MININT16),
    .opt_i32 = CORM_SOME (0),
    .opt_i64 = CORM_SOME (G_MININT64),
    .opt_b = CORM_SOME (false),
  };
  ASSERT_INT (b, 0);
  ASSERT_INT (i16, G_MININT16);
  ASSERT_INT (i32, G_MININT32);
  ASSERT_INT (u32, 0);
  ASSERT_INT (i64, G_MININT64);
  ASSERT_INT (opt_b, 0);
  ASSERT_INT (opt_i16, G_MININT16);
  ASSERT_INT (opt_i32, 0);
  ASSERT_INT (opt_i64, G_MININT64);
}

static void
greatest_numbers (void **state)
{
  const CormMapping *mapping = *state;
  const All row = {
    .b = true,
    .i16 = G_MAXINT16,
    .i32 = G_MAXINT32,
    .u32 = G_MAXUINT32,
    .i64 = G_MAXINT64,
    .opt_b = CORM_SOME (true),
  };
  ASSERT_INT (b, 1);
  ASSERT_INT (i16, G_MAXINT16);
  ASSERT_INT (i32, G_MAXINT32);
  ASSERT_INT (u32, G_MAXUINT32);
  ASSERT_INT (i64, G_MAXINT64);
  ASSERT_INT (opt_b, 1);
}

static void
floats (void **state)
{
  const CormMapping *mapping = *state;
  const All row = {
    .f = 0.1f, .d = -0.0, .opt_f = CORM_SOME (-1.5f), .opt_d = CORM_SOME (9007199254740993.0)
  };
  assert_true (get (mapping, FIELD (mapping, f), &row).d == (double) 0.1f);
  assert_true (signbit (get (mapping, FIELD (mapping, d), &row).d));
  assert_true (get (mapping, FIELD (mapping, opt_f), &row).d == -1.5);
  assert_true (get (mapping, FIELD (mapping, opt_d), &row).d == 9007199254740992.0);
}

static void
unset_is_null (void **state)
{
  const CormMapping *mapping = *state;
  const All row = { .i64 = 0 };
  ASSERT_NULL (text);
  ASSERT_NULL (raw);
  ASSERT_NULL (bytes);
  ASSERT_NULL (decimal);
  ASSERT_NULL (json);
  ASSERT_NULL (opt_b);
  ASSERT_NULL (opt_i16);
  ASSERT_NULL (opt_i32);
  ASSERT_NULL (opt_i64);
  ASSERT_NULL (opt_f);
  ASSERT_NULL (opt_d);
  ASSERT_NULL (opt_date);
  ASSERT_NULL (opt_time);
  ASSERT_NULL (opt_timestamp);
  ASSERT_NULL (opt_local);
  ASSERT_NULL (opt_uuid);
  ASSERT_NULL (opt_color);
}

static void
unset_where_null_is_refused (void **state)
{
  const CormMapping *mapping = *state;
  const All row = { .i64 = 0 };
  refused (mapping, FIELD (mapping, needed), &row, CORM_ERROR_NOT_NULL,
           "column every.needed: the member 'needed' is not set and the column is NOT NULL");
  refused (mapping, FIELD (mapping, opt_needed), &row, CORM_ERROR_NOT_NULL,
           "column every.opt_needed: the member 'opt_needed' is not set and the column is NOT NULL");
}

static void
text (void **state)
{
  const CormMapping *mapping = *state;
  All row = {
    .text = "", .needed = "grün 🌱, and as long as it likes", .raw = "10.0.0.1", .json = { "{\"a\": 1}" }
  };
  ASSERT_TEXT (text, "");
  ASSERT_TEXT (needed, "grün 🌱, and as long as it likes");
  ASSERT_TEXT (raw, "10.0.0.1");
  ASSERT_TEXT (json, "{\"a\": 1}");
  row.text = "1234567890";
  ASSERT_TEXT (text, "1234567890");
  row.text = "αβγδεζηθικ"; /* ten characters, twenty bytes */
  ASSERT_TEXT (text, "αβγδεζηθικ");
}

static void
text_refused (void **state)
{
  const CormMapping *mapping = *state;
  All row = { .text = "12345678901", .needed = "12345678\xff" };
  refused (mapping, FIELD (mapping, text), &row, CORM_ERROR_CHECK,
           "column every.text: '12345678901' has 11 characters, .max_length is 10");
  row.text = "αβγδεζηθικλ";
  refused (mapping, FIELD (mapping, text), &row, CORM_ERROR_CHECK,
           "column every.text: 'αβγδεζηθικλ' has 11 characters, .max_length is 10");
  CormValue value;
  GError *error = NULL;
  assert_false (corm_field_get (mapping, FIELD (mapping, needed), &row, &value, &error));
  assert_int_equal (error->code, CORM_ERROR_CONVERSION);
  assert_non_null (strstr (error->message, "column every.needed: "));
  assert_non_null (strstr (error->message, "is not UTF-8; keep other bytes in a CormBytes member"));
  g_error_free (error);
}

/* The fast look for ASCII goes by words; a stray byte anywhere in one must be seen. */
static void
bad_bytes_in_any_place (void **state)
{
  const CormMapping *mapping = *state;
  for (guint length = 1; length < 20; length++)
    for (guint at = 0; at < length; at++) {
      g_autofree char *bad = g_strnfill (length, 'x');
      bad[at] = (char) 0x80;
      const All row = { .needed = bad };
      CormValue value;
      g_autoptr (GError) error = NULL;
      assert_false (corm_field_get (mapping, FIELD (mapping, needed), &row, &value, &error));
      assert_int_equal (error->code, CORM_ERROR_CONVERSION);
    }
}

static void
bytes (void **state)
{
  const CormMapping *mapping = *state;
  const guint8 data[] = { 0, 0xff, 0 };
  All row = { .bytes = { data, sizeof data } };
  CormValue value = get (mapping, FIELD (mapping, bytes), &row);
  assert_ptr_equal (value.data, data);
  assert_int_equal (value.size, 3);
  row.bytes.size = 0;
  value = get (mapping, FIELD (mapping, bytes), &row);
  assert_false (value.is_null);
  assert_int_equal (value.size, 0);
}

static void
decimals (void **state)
{
  const CormMapping *mapping = *state;
  All row = { .decimal = { "-123456.78" }, .any_decimal = { "12345678901234567890123456789012345678.5" } };
  ASSERT_TEXT (decimal, "-123456.78");
  ASSERT_TEXT (any_decimal, "12345678901234567890123456789012345678.5");
  row.decimal.text = "1.500"; /* zeros are no digits that get lost */
  ASSERT_TEXT (decimal, "1.500");
  row.decimal.text = "1.555";
  refused (mapping, FIELD (mapping, decimal), &row, CORM_ERROR_CONVERSION,
           "column every.decimal: '1.555' is no decimal of at most 8 digits, 2 of them behind the point");
  row.decimal.text = "1234567";
  refused (mapping, FIELD (mapping, decimal), &row, CORM_ERROR_CONVERSION,
           "column every.decimal: '1234567' is no decimal of at most 8 digits, 2 of them behind the point");
  row.any_decimal.text = "12,5";
  refused (mapping, FIELD (mapping, any_decimal), &row, CORM_ERROR_CONVERSION,
           "column every.any_decimal: '12,5' is no decimal number");
}

static void
times_at_their_edges (void **state)
{
  const CormMapping *mapping = *state;
  const All row = {
    .date = { -719162 },
    .time = { 86399999999 },
    .timestamp = { -62135596800000000 },
    .local = { 253402300799999999 },
    .opt_date = { true, { 2932896 } },
    .opt_time = { true, { 0 } },
  };
  ASSERT_INT (date, -719162);
  ASSERT_INT (time, 86399999999);
  ASSERT_INT (timestamp, -62135596800000000);
  ASSERT_INT (local, 253402300799999999);
  ASSERT_INT (opt_date, 2932896);
  ASSERT_INT (opt_time, 0);
}

static void
times_over_their_edges (void **state)
{
  const CormMapping *mapping = *state;
  const All row = {
    .date = { -719163 },
    .time = { 86400000000 },
    .timestamp = { -62135596800000001 },
    .local = { 253402300800000000 },
  };
  refused (mapping, FIELD (mapping, date), &row, CORM_ERROR_CONVERSION,
           "column every.date: -719163 days from 1970-01-01 is outside the years 0001 to 9999");
  refused (mapping, FIELD (mapping, time), &row, CORM_ERROR_CONVERSION,
           "column every.time: 86400000000 µs is no time of day: 0 to 24 hours");
  refused (mapping, FIELD (mapping, timestamp), &row, CORM_ERROR_CONVERSION,
           "column every.timestamp: -62135596800000001 µs from 1970-01-01 is outside the years 0001 to 9999");
  refused (mapping, FIELD (mapping, local), &row, CORM_ERROR_CONVERSION,
           "column every.local: 253402300800000000 µs from 1970-01-01 is outside the years 0001 to 9999");
}

static void
uuids (void **state)
{
  const CormMapping *mapping = *state;
  const All row = { .uuid = { { 1, 2, 3 } }, .opt_uuid = { true, { { 0 } } } };
  CormValue value = get (mapping, FIELD (mapping, uuid), &row);
  assert_memory_equal (&value.uuid, &row.uuid, 16);
  value = get (mapping, FIELD (mapping, opt_uuid), &row);
  assert_false (value.is_null);
}

static void
labels (void **state)
{
  const CormMapping *mapping = *state;
  All row = { .color = GREEN, .signed_color = BLUE, .opt_color = CORM_SOME (RED) };
  ASSERT_TEXT (color, "GREEN");
  ASSERT_TEXT (signed_color, "BLUE");
  ASSERT_TEXT (opt_color, "RED");
  row.color = 3;
  row.signed_color = -1;
  refused (mapping, FIELD (mapping, color), &row, CORM_ERROR_CONVERSION,
           "column every.color: 3 has no label; the 3 labels are numbered from 0");
  refused (mapping, FIELD (mapping, signed_color), &row, CORM_ERROR_CONVERSION,
           "column every.signed_color: -1 has no label; the 3 labels are numbered from 0");
}

static void
unset (void **state)
{
  const CormMapping *mapping = *state;
  const All row = { .text = "", .opt_i64 = CORM_SOME (0), .opt_uuid = { true, { { 0 } } }, .b = false };
  static const char *const set[] = { "b",     "i16",          "i32",     "u32",      "f",    "d",
                                     "text",  "date",         "time",    "local",    "uuid", /* no default */
                                     "color", "signed_color", "opt_i64", "opt_uuid", NULL };
  for (guint i = 0; i < mapping->n_fields; i++)
    if (corm_field_is_unset (&mapping->fields[i], &row) == g_strv_contains (set, mapping->fields[i].name))
      fail_msg ("%s", mapping->fields[i].name);
  const All full = { .i64 = 1, .timestamp = { 1 } };
  assert_false (corm_field_is_unset (FIELD (mapping, i64), &full));
  assert_false (corm_field_is_unset (FIELD (mapping, timestamp), &full));
}

static void
elements (void **state)
{
  const CormMapping *mapping = *state;
  const gint16 numbers[] = { 5, -5 };
  const Color colors[] = { BLUE, RED };
  const char *const texts[] = { "a", NULL };
  CormValue value;
  assert_true (corm_field_get_element (mapping, FIELD (mapping, opt_i16), numbers, 1, &value, NULL));
  assert_true (value.i == -5 && value.type == CORM_TYPE_INT16 && !value.is_null);
  assert_true (corm_field_get_element (mapping, FIELD (mapping, opt_color), colors, 0, &value, NULL));
  assert_string_equal (value.data, "BLUE");
  assert_true (corm_field_get_element (mapping, FIELD (mapping, text), texts, 0, &value, NULL));
  assert_string_equal (value.data, "a");
  assert_true (corm_field_get_element (mapping, FIELD (mapping, needed), texts, 1, &value, NULL));
  assert_true (value.is_null);
}

#define ON_ALL(test) cmocka_unit_test_setup_teardown (test, set_up_all, tear_down_all)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    ON_ALL (least_numbers),
    ON_ALL (greatest_numbers),
    ON_ALL (floats),
    ON_ALL (unset_is_null),
    ON_ALL (unset_where_null_is_refused),
    ON_ALL (text),
    ON_ALL (text_refused),
    ON_ALL (bad_bytes_in_any_place),
    ON_ALL (bytes),
    ON_ALL (decimals),
    ON_ALL (times_at_their_edges),
    ON_ALL (times_over_their_edges),
    ON_ALL (uuids),
    ON_ALL (labels),
    ON_ALL (unset),
    ON_ALL (elements),
  };
  return cmocka_run_group_tests_name ("field", tests, NULL, NULL);
}
