/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values in the form of files, and back: what is written is bare, quoted or NULL by the column's type, and reads as the same
 * value; what does not fit a column is refused with the reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exchange/form.h"

#include <corm/error.h>

#include <math.h>
#include <string.h>

static const char *const labels[] = { "on", "off", NULL };

static CormTableColumn
column_of (CormType type, guint length, guint precision, guint scale)
{
  CormTableColumn column = { .type = { type, length, precision, scale } };
  if (type == CORM_TYPE_ENUM)
    column.labels = (GStrv) (gpointer) labels;
  return column;
}

/* What @value of a column of @type is written as, "null", "5" or "'five'"; and it reads as the same value. */
static void
round_trip (CormType type, CormValue value, const char *wanted)
{
  g_autoptr (CormRoom) room = corm_room_new (), other = corm_room_new ();
  CormTableColumn column = column_of (type, 0, 0, 0);
  CormForm form;
  CormValue back;
  g_autoptr (GError) error = NULL;
  value.type = value.is_null ? value.type : type;
  if (!corm_form_from_value (&column, &value, room, &form, &error))
    fail_msg ("%s: %s", wanted, error->message);
  const char *quote = form.kind == CORM_FORM_QUOTED ? "'" : "";
  g_autofree char *shown = form.kind == CORM_FORM_NULL
                               ? g_strdup ("null")
                               : g_strdup_printf ("%s%.*s%s", quote, (int) form.size, form.text, quote);
  assert_string_equal (shown, wanted);
  for (guint words = 0; words < 2; words++) {
    if (!corm_form_to_value (&form, &column, (CormWords) words, other, &back, &error))
      fail_msg ("%s: %s", wanted, error->message);
    assert_true (back.is_null == value.is_null);
    assert_true (value.is_null || corm_value_equal (&back, &value));
  }
}

static void
each_type (G_GNUC_UNUSED void **state)
{
  static const guint8 bytes[] = { 0, 1, 254, 255 };
  round_trip (CORM_TYPE_TEXT, corm_value_null (), "null");
  round_trip (CORM_TYPE_TEXT, corm_value_text ("null"), "'null'");
  round_trip (CORM_TYPE_TEXT, corm_value_text (""), "''");
  round_trip (CORM_TYPE_BOOLEAN, corm_value_bool (true), "true");
  round_trip (CORM_TYPE_INT16, corm_value_int (-5), "-5");
  round_trip (CORM_TYPE_INT64, corm_value_int (G_GINT64_CONSTANT (9007199254740991)), "9007199254740991");
  round_trip (CORM_TYPE_INT64, corm_value_int (G_GINT64_CONSTANT (9007199254740992)), "'9007199254740992'");
  round_trip (CORM_TYPE_INT64, corm_value_int (G_MININT64), "'-9223372036854775808'");
  round_trip (CORM_TYPE_FLOAT64, corm_value_double (-0.0), "-0.0");
  round_trip (CORM_TYPE_FLOAT64, corm_value_double (0.1), "0.1");
  round_trip (CORM_TYPE_FLOAT64, corm_value_double (NAN), "'NaN'");
  round_trip (CORM_TYPE_FLOAT64, corm_value_double (-INFINITY), "'-Infinity'");
  round_trip (CORM_TYPE_DECIMAL, corm_value_decimal ((CormDecimal){ "10.50" }), "'10.5'");
  round_trip (CORM_TYPE_BYTES, corm_value_bytes ((CormBytes){ bytes, 4 }), "'AAH+/w=='");
  round_trip (CORM_TYPE_BYTES, corm_value_bytes ((CormBytes){ bytes, 3 }), "'AAH+'");
  round_trip (CORM_TYPE_BYTES, corm_value_bytes ((CormBytes){ bytes, 0 }), "''");
  round_trip (CORM_TYPE_DATE, corm_value_date ((CormDate){ 0 }), "'1970-01-01'");
  round_trip (CORM_TYPE_TIMESTAMP, corm_value_timestamp ((CormTimestamp){ 1 }),
              "'1970-01-01T00:00:00.000001Z'");
  round_trip (CORM_TYPE_JSON, corm_value_json ((CormJson){ "{\"a\":1}" }), "'{\"a\":1}'");
  round_trip (CORM_TYPE_ENUM, corm_value_text ("off"), "'off'");
}

static void
without_a_type (G_GNUC_UNUSED void **state)
{
  static const guint8 bytes[] = { 'a' };
  round_trip (CORM_TYPE_NONE, corm_value_null (), "null");
  g_autoptr (CormRoom) room = corm_room_new ();
  CormTableColumn column = column_of (CORM_TYPE_NONE, 0, 0, 0);
  CormValue values[] = { corm_value_int (G_MAXINT64), corm_value_double (5), corm_value_text ("5"),
                         corm_value_bytes ((CormBytes){ bytes, 1 }) };
  static const CormFormKind kinds[] = { CORM_FORM_BARE, CORM_FORM_BARE, CORM_FORM_QUOTED, CORM_FORM_BYTES };
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    CormForm form;
    CormValue back;
    g_autoptr (CormRoom) other = corm_room_new ();
    assert_true (corm_form_from_value (&column, &values[i], room, &form, NULL));
    assert_int_equal (form.kind, kinds[i]);
    assert_true (corm_form_to_value (&form, &column, CORM_WORDS_STRICT, other, &back, NULL));
    assert_int_equal (back.type, values[i].type);
    assert_true (corm_value_equal (&back, &values[i]));
  }
}

static void
what_a_file_cannot_hold (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormRoom) room = corm_room_new ();
  static const struct {
    CormType type;
    const char *text;
    gsize size;
    const char *said;
  } cases[] = { { CORM_TYPE_TEXT, "a\xff", 2, "byte 1 of the text is not UTF-8" },
                { CORM_TYPE_TEXT, "a\0b", 3, "byte 1 of the text is NUL" },
                { CORM_TYPE_INT32, "five", 4, "five" },
                { CORM_TYPE_DATE, "2024-02-30", 10, "2024-02-30" } };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    CormTableColumn column = column_of (cases[i].type, 0, 0, 0);
    CormForm form;
    CormValue value = { .type = CORM_TYPE_TEXT };
    value.data = cases[i].text;
    value.size = cases[i].size;
    assert_false (corm_form_from_value (&column, &value, room, &form, &error));
    assert_int_equal (error->code, CORM_ERROR_CONVERSION);
    if (strstr (error->message, cases[i].said) == NULL)
      fail_msg ("'%s' does not say '%s'", error->message, cases[i].said);
  }
}

static void
what_does_not_fit (G_GNUC_UNUSED void **state)
{
  static const struct {
    CormTableColumn column;
    CormFormKind kind;
    const char *text;
    CormWords words;
    gboolean fits;
  } cases[] = {
    { { .type = { CORM_TYPE_TEXT, 3, 0, 0 } }, CORM_FORM_QUOTED, "äöü", CORM_WORDS_STRICT, TRUE },
    { { .type = { CORM_TYPE_TEXT, 3, 0, 0 } }, CORM_FORM_QUOTED, "four", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_TEXT } }, CORM_FORM_BARE, "5", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_TEXT } }, CORM_FORM_BARE, "no", CORM_WORDS_LOOSE, TRUE },
    { { .type = { .type = CORM_TYPE_TEXT } }, CORM_FORM_NESTED, "[]", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_JSON } }, CORM_FORM_NESTED, "[]", CORM_WORDS_STRICT, TRUE },
    { { .type = { .type = CORM_TYPE_JSON } }, CORM_FORM_QUOTED, "[", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_INT16 } }, CORM_FORM_BARE, "32768", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_INT16 } }, CORM_FORM_QUOTED, "32767", CORM_WORDS_STRICT, TRUE },
    { { .type = { .type = CORM_TYPE_BOOLEAN } }, CORM_FORM_BARE, "1", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_BOOLEAN } }, CORM_FORM_BARE, "1", CORM_WORDS_LOOSE, TRUE },
    { { .type = { CORM_TYPE_DECIMAL, 0, 4, 2 } }, CORM_FORM_BARE, "12.34", CORM_WORDS_STRICT, TRUE },
    { { .type = { CORM_TYPE_DECIMAL, 0, 4, 2 } }, CORM_FORM_QUOTED, "1.005", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_ENUM }, .labels = (GStrv) (gpointer) labels },
      CORM_FORM_QUOTED,
      "no",
      CORM_WORDS_STRICT,
      FALSE },
    { { .type = { .type = CORM_TYPE_TEXT }, .not_null = TRUE },
      CORM_FORM_NULL,
      "",
      CORM_WORDS_STRICT,
      FALSE },
    { { .type = { .type = CORM_TYPE_BYTES } }, CORM_FORM_QUOTED, "AA=A", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_BYTES } }, CORM_FORM_QUOTED, "AAA", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_BYTES } },
      CORM_FORM_QUOTED,
      "AB==",
      CORM_WORDS_STRICT,
      FALSE }, /* bits left over */
    { { .type = { .type = CORM_TYPE_BYTES } }, CORM_FORM_QUOTED, "=", CORM_WORDS_STRICT, FALSE },
    { { .type = { .type = CORM_TYPE_BYTES } }, CORM_FORM_QUOTED, "====", CORM_WORDS_STRICT, FALSE },
  };
  g_autoptr (CormRoom) room = corm_room_new ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    CormForm form = { cases[i].kind, cases[i].text, strlen (cases[i].text), 1 };
    CormValue value;
    g_autoptr (GError) error = NULL;
    gboolean fits = corm_form_to_value (&form, &cases[i].column, cases[i].words, room, &value, &error);
    if (fits != cases[i].fits || fits != (error == NULL))
      fail_msg ("case %u, '%s': %s", i, cases[i].text, fits ? "it fits" : error->message);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (each_type),
    cmocka_unit_test (without_a_type),
    cmocka_unit_test (what_a_file_cannot_hold),
    cmocka_unit_test (what_does_not_fit),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
