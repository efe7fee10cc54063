/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row as a JSON object: every kind of value, NULLs, members left out, names of members, and what can't be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/corm.h>
#include <string.h>

static const char *const colours[] = { "red", "green", NULL };

typedef struct {
  gint64 key;
  const char *text;
  bool flag;
  double number;
  CormDecimal price;
  CormBytes bytes;
  CormJson json;
  CormTimestamp at;
  CormOptInt32 maybe;
  guint32 colour;
  CormUuid uuid;
  CormRows *others;
} Thing;

static const CormColumn thing_columns[] = {
  CORM_COLUMN_NAMED (Thing, key, "id", .primary_key = true),
  CORM_COLUMN (Thing, text, .not_null = true),
  CORM_COLUMN (Thing, flag),
  CORM_COLUMN (Thing, number),
  CORM_COLUMN (Thing, price, .precision = 10, .scale = 2),
  CORM_COLUMN (Thing, bytes),
  CORM_COLUMN (Thing, json),
  CORM_COLUMN (Thing, at),
  CORM_COLUMN (Thing, maybe),
  CORM_COLUMN (Thing, colour, .labels = colours),
  CORM_COLUMN (Thing, uuid),
};
static const CormModel Thing_model = CORM_MODEL (Thing, "things", CORM_COLUMNS (thing_columns));

static void
assert_json (const Thing *thing, const gsize *without, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = corm_to_json (Thing, thing, without, &error);
  if (json == NULL)
    fail_msg ("%s", error->message);
  assert_string_equal (json, wanted);
}

static void
each_kind (G_GNUC_UNUSED void **state)
{
  static const guint8 bytes[] = { 0, 255 };
  Thing thing = { .key = 7,
                  .text = "a \"b\"\n\xc3\xa4",
                  .flag = true,
                  .number = 0.1,
                  .price = { "1.50" },
                  .bytes = { bytes, sizeof bytes },
                  .json = { "{ \"b\": [1, 2], \"a\": null }" },
                  .at = { 1500000 },
                  .maybe = CORM_SOME (-3),
                  .colour = 1 };
  assert_json (
      &thing, NULL,
      "{\"key\":7,\"text\":\"a \\\"b\\\"\\n\xc3\xa4\",\"flag\":true,\"number\":0.1,\"price\":\"1.5\","
      "\"bytes\":\"AP8=\",\"json\":{\"a\":null,\"b\":[1,2]},\"at\":\"1970-01-01T00:00:01.5Z\",\"maybe\":-3,"
      "\"colour\":\"green\",\"uuid\":\"00000000-0000-0000-0000-000000000000\"}");
}

static void
nothing_set (G_GNUC_UNUSED void **state)
{
  Thing thing = { .key = G_GINT64_CONSTANT (9007199254740993) };
  assert_json (&thing, CORM_MEMBERS (Thing, flag, number, at, uuid, colour),
               "{\"key\":\"9007199254740993\",\"text\":null,\"price\":null,\"bytes\":null,\"json\":null,"
               "\"maybe\":null}");
}

static void
everything_left_out (G_GNUC_UNUSED void **state)
{
  Thing thing = { 0 };
  static const gsize all[] = { offsetof (Thing, key),    offsetof (Thing, text),  offsetof (Thing, flag),
                               offsetof (Thing, number), offsetof (Thing, price), offsetof (Thing, bytes),
                               offsetof (Thing, json),   offsetof (Thing, at),    offsetof (Thing, maybe),
                               offsetof (Thing, colour), offsetof (Thing, uuid),  G_MAXSIZE };
  assert_json (&thing, all, "{}");
}

static void
what_a_column_cannot_hold (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  Thing thing = { .colour = 9 };
  assert_null (corm_to_json (Thing, &thing, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_CONVERSION);
  assert_non_null (strstr (error->message, "things.colour"));
  g_clear_error (&error);
  thing = (Thing){ .json = { "{\"a\":" } };
  assert_null (corm_to_json (Thing, &thing, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_CONVERSION);
  assert_non_null (strstr (error->message, "things.json"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (each_kind),
    cmocka_unit_test (nothing_set),
    cmocka_unit_test (everything_left_out),
    cmocka_unit_test (what_a_column_cannot_hold),
  };
  return cmocka_run_group_tests_name ("row-json", tests, NULL, NULL);
}
