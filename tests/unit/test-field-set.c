/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A value of the database into its member: a round trip of every C type, NULL, and what does not fit. */
#include "../lib/all-types.h"

#include <string.h>

/* Every member set, to values that differ from zero and from each other. */
static const guint8 blob[] = { 0, 1, 0 };
static const All full = {
  .b = true,
  .i16 = -2,
  .i32 = G_MININT32,
  .u32 = G_MAXUINT32,
  .i64 = G_MAXINT64,
  .f = 0.1f,
  .d = 5e-324,
  .text = "",
  .needed = "grün 🌱",
  .raw = "10.0.0.1",
  .bytes = { blob, sizeof blob },
  .decimal = { "-12.50" },
  .any_decimal = { "12345678901234567890123456789012345678.5" },
  .json = { "[1]" },
  .date = { -719162 },
  .time = { 86399999999 },
  .timestamp = { -62135596800000000 },
  .local = { 253402300799999999 },
  .uuid = { { 1, 2, 3 } },
  .color = BLUE,
  .signed_color = GREEN,
  .opt_b = CORM_SOME (true),
  .opt_i16 = CORM_SOME (G_MAXINT16),
  .opt_i32 = CORM_SOME (-7),
  .opt_i64 = CORM_SOME (9007199254740993),
  .opt_f = CORM_SOME (-1.5f),
  .opt_d = CORM_SOME (0.1),
  .opt_date = { true, { 1 } },
  .opt_time = { true, { 2 } },
  .opt_timestamp = { true, { 3 } },
  .opt_local = { true, { 4 } },
  .opt_uuid = { true, { { 9 } } },
  .opt_color = CORM_SOME (RED),
  .opt_needed = CORM_SOME (5),
};

/* Reads each field of @from and sets it in @to. */
static void
carry (const CormMapping *mapping, const All *from, All *to, CormArena *arena)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    CormValue value;
    GError *error = NULL;
    if (!corm_field_get (mapping, &mapping->fields[i], from, &value, &error) ||
        !corm_field_set (mapping, &mapping->fields[i], to, &value, arena, &error))
      fail_msg ("%s", error->message);
  }
}

static void
every_type_comes_back (void **state)
{
  const CormMapping *mapping = *state;
  g_autoptr (CormArena) arena = corm_arena_new ();
  All row;
  memset (&row, 0x55, sizeof row);
  carry (mapping, &full, &row, arena);
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    CormValue sent, back;
    assert_true (corm_field_get (mapping, field, &full, &sent, NULL));
    assert_true (corm_field_get (mapping, field, &row, &back, NULL));
    if (!corm_value_equal (&sent, &back))
      fail_msg ("%s", field->name);
  }
}

static void
text_is_copied (void **state)
{
  const CormMapping *mapping = *state;
  g_autoptr (CormArena) arena = corm_arena_new ();
  All row = { .i64 = 0 };
  carry (mapping, &full, &row, arena);
  assert_ptr_not_equal (row.needed, full.needed);
  assert_string_equal (row.needed, "grün 🌱");
  assert_ptr_not_equal (row.bytes.data, full.bytes.data);
  assert_ptr_not_equal (row.decimal.text, full.decimal.text);
  assert_ptr_not_equal (row.json.text, full.json.text);
}

static void
without_an_arena_text_stays (void **state)
{
  const CormMapping *mapping = *state;
  All row = { .needed = "mine", .bytes = { blob, 1 } };
  carry (mapping, &full, &row, NULL);
  assert_string_equal (row.needed, "mine");
  assert_ptr_equal (row.bytes.data, blob);
  assert_int_equal (row.bytes.size, 1);
  assert_true (row.i64 == G_MAXINT64);
}

static void
empty_bytes_are_not_null (void **state)
{
  const CormMapping *mapping = *state;
  g_autoptr (CormArena) arena = corm_arena_new ();
  All row = { .i64 = 0 };
  CormValue value = { .type = CORM_TYPE_BYTES, .data = NULL, .size = 0 };
  assert_true (corm_field_set (mapping, FIELD (mapping, bytes), &row, &value, arena, NULL));
  assert_non_null (row.bytes.data);
  value.type = CORM_TYPE_TEXT;
  assert_true (corm_field_set (mapping, FIELD (mapping, text), &row, &value, arena, NULL));
  assert_string_equal (row.text, "");
}

static void
null (void **state)
{
  const CormMapping *mapping = *state;
  g_autoptr (CormArena) arena = corm_arena_new ();
  All row = full;
  const CormValue value = { .is_null = true };
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    g_autoptr (GError) error = NULL;
    gboolean can = field->optional || field->ctype == CORM_C_TEXT || field->ctype == CORM_C_BYTES ||
                   field->ctype == CORM_C_DECIMAL || field->ctype == CORM_C_JSON;
    assert_int_equal (corm_field_set (mapping, field, &row, &value, arena, &error), can);
    assert_true (can || g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
  }
  assert_null (row.text);
  assert_null (row.bytes.data);
  assert_int_equal (row.bytes.size, 0);
  assert_false (row.opt_uuid.is_set);
  assert_int_equal (row.opt_i64.value, 0);
  GError *error = NULL;
  assert_false (corm_field_set (mapping, FIELD (mapping, date), &row, &value, arena, &error));
  assert_said (error, CORM_ERROR_CONVERSION,
               "column every.date: NULL, which the member 'date' cannot say; give it a CormOpt… type");
}

static void
refused_int (const CormMapping *mapping, const CormField *field, gint64 i, const char *message)
{
  All row;
  GError *error = NULL;
  CormValue value = { .type = CORM_TYPE_INT64, .i = i };
  assert_false (corm_field_set (mapping, field, &row, &value, NULL, &error));
  assert_said (error, CORM_ERROR_CONVERSION, message);
}

static void
numbers_that_do_not_fit (void **state)
{
  const CormMapping *mapping = *state;
  refused_int (mapping, FIELD (mapping, i16), 32768,
               "column every.i16: 32768 does not fit into the gint16 member 'i16'");
  refused_int (mapping, FIELD (mapping, opt_i16), -32769,
               "column every.opt_i16: -32769 does not fit into the gint16 member 'opt_i16'");
  refused_int (mapping, FIELD (mapping, i32), 2147483648,
               "column every.i32: 2147483648 does not fit into the gint32 member 'i32'");
  refused_int (mapping, FIELD (mapping, u32), -1,
               "column every.u32: -1 does not fit into the guint32 member 'u32'");
  refused_int (mapping, FIELD (mapping, u32), 4294967296,
               "column every.u32: 4294967296 does not fit into the guint32 member 'u32'");
}

static void
refused_text (const CormMapping *mapping, const CormField *field, const char *text, gsize size,
              const char *message)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  All row;
  GError *error = NULL;
  CormValue value = { .type = field->type.type, .data = text, .size = size };
  assert_false (corm_field_set (mapping, field, &row, &value, arena, &error));
  assert_said (error, CORM_ERROR_CONVERSION, message);
}

static void
text_that_does_not_fit (void **state)
{
  const CormMapping *mapping = *state;
  refused_text (mapping, FIELD (mapping, color), "PINK", 4,
                "column every.color: 'PINK' is none of the model's 3 labels");
  refused_text (mapping, FIELD (mapping, color), "RE", 2,
                "column every.color: 'RE' is none of the model's 3 labels");
  refused_text (mapping, FIELD (mapping, color), "REDDER", 6,
                "column every.color: 'REDDER' is none of the model's 3 labels");
  refused_text (mapping, FIELD (mapping, signed_color), "", 0,
                "column every.signed_color: '' is none of the model's 3 labels");
  refused_text (mapping, FIELD (mapping, decimal), "1,5", 3,
                "column every.decimal: '1,5' is no decimal number");
  refused_text (
      mapping, FIELD (mapping, text), "a\0b", 3,
      "column every.text: 'a\\x00b' holds a NUL byte, which a C string cannot; use a CormBytes member");
}

/* A label is looked up by its size, not to a NUL. */
static void
labels_need_no_end (void **state)
{
  const CormMapping *mapping = *state;
  All row = { .i64 = 0 };
  CormValue value = { .type = CORM_TYPE_ENUM, .data = "GREENISH", .size = 5 };
  assert_true (corm_field_set (mapping, FIELD (mapping, color), &row, &value, NULL, NULL));
  assert_int_equal (row.color, GREEN);
}

static void
assert_decimal (const CormMapping *mapping, const CormField *field, const char *from, const char *expected)
{
  g_autoptr (CormArena) arena = corm_arena_new ();
  All row = { .i64 = 0 };
  CormValue value = { .type = CORM_TYPE_DECIMAL, .data = from, .size = strlen (from) };
  assert_true (corm_field_set (mapping, field, &row, &value, arena, NULL));
  assert_string_equal (*(const char **) ((char *) &row + field->offset), expected);
}

static void
decimals_are_canonical (void **state)
{
  const CormMapping *mapping = *state;
  static const char *const two[][2] = {
    { "12.50", "12.50" }, { "12.5", "12.50" }, { "12", "12.00" },  { "-0", "0.00" },     { "-0.00", "0.00" },
    { "0", "0.00" },      { "0.5", "0.50" },   { ".5", "0.50" },   { "007", "7.00" },    { "+1.25", "1.25" },
    { "1e2", "100.00" },  { "-5.", "-5.00" },  { "0.00", "0.00" }, { "-0.01", "-0.01" }, { "1.500", "1.50" },
  };
  static const char *const any[][2] = {
    { "12", "12" }, { "-7.25", "-7.25" }, { "1.50", "1.5" },    { "0", "0" },
    { "-0", "0" },  { "10", "10" },       { "0.001", "0.001" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (two); i++)
    assert_decimal (mapping, FIELD (mapping, decimal), two[i][0], two[i][1]);
  for (guint i = 0; i < G_N_ELEMENTS (any); i++)
    assert_decimal (mapping, FIELD (mapping, any_decimal), any[i][0], any[i][1]);
}

#define ON_ALL(test) cmocka_unit_test_setup_teardown (test, set_up_all, tear_down_all)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    ON_ALL (every_type_comes_back),
    ON_ALL (text_is_copied),
    ON_ALL (without_an_arena_text_stays),
    ON_ALL (empty_bytes_are_not_null),
    ON_ALL (null),
    ON_ALL (numbers_that_do_not_fit),
    ON_ALL (text_that_does_not_fit),
    ON_ALL (labels_need_no_end),
    ON_ALL (decimals_are_canonical),
  };
  return cmocka_run_group_tests_name ("field-set", tests, NULL, NULL);
}
