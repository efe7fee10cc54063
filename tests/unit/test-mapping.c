/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is derived from a column: type, nullability, the automatic key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/mapping.h"

typedef enum { RED, GREEN } Color;
static const char *const colors[] = { "RED", "GREEN", NULL };
static const CormRawType inet[] = { { "pgsql", "inet" }, { NULL, NULL } };

typedef struct {
  bool b;
  gint16 i16;
  gint32 i32;
  guint32 u32;
  gint64 i64;
  float f;
  double d;
  const char *text;
  const char *raw;
  CormBytes bytes;
  CormDecimal decimal;
  CormJson json;
  CormDate date;
  CormTime time;
  CormTimestamp timestamp;
  CormLocalTimestamp local;
  CormUuid uuid;
  Color color;
  CormOptEnum opt_color;
  CormOptInt64 opt;
  CormRows *rows;
} All;

static const CormColumn columns[] = {
  CORM_COLUMN (All, b),
  CORM_COLUMN (All, i16),
  CORM_COLUMN (All, i32),
  CORM_COLUMN (All, u32),
  CORM_COLUMN (All, i64),
  CORM_COLUMN (All, f),
  CORM_COLUMN (All, d),
  CORM_COLUMN_NAMED (All, text, "a text", .max_length = 20),
  CORM_COLUMN (All, raw, .raw = inet, .not_null = true),
  CORM_COLUMN (All, bytes),
  CORM_COLUMN (All, decimal, .precision = 10, .scale = 2),
  CORM_COLUMN (All, json),
  CORM_COLUMN (All, date),
  CORM_COLUMN (All, time),
  CORM_COLUMN (All, timestamp, .default_sql = CORM_NOW),
  CORM_COLUMN (All, local),
  CORM_COLUMN (All, uuid, .primary_key = true),
  CORM_COLUMN (All, color, .labels = colors, .default_value = "RED"),
  CORM_COLUMN (All, opt_color, .labels = colors),
  CORM_COLUMN (All, opt, .not_null = true),
};
static const CormModel All_model = CORM_MODEL (All, "all_types", CORM_COLUMNS (columns));

static void
types (G_GNUC_UNUSED void **state)
{
  static const CormType expected[] = {
    CORM_TYPE_BOOLEAN,         CORM_TYPE_INT16,   CORM_TYPE_INT32, CORM_TYPE_INT64, CORM_TYPE_INT64,
    CORM_TYPE_FLOAT32,         CORM_TYPE_FLOAT64, CORM_TYPE_TEXT,  CORM_TYPE_RAW,   CORM_TYPE_BYTES,
    CORM_TYPE_DECIMAL,         CORM_TYPE_JSON,    CORM_TYPE_DATE,  CORM_TYPE_TIME,  CORM_TYPE_TIMESTAMP,
    CORM_TYPE_LOCAL_TIMESTAMP, CORM_TYPE_UUID,    CORM_TYPE_ENUM,  CORM_TYPE_ENUM,  CORM_TYPE_INT64,
  };
  g_autoptr (CormMapping) mapping = corm_mapping_new (&All_model);
  assert_int_equal (mapping->n_fields, G_N_ELEMENTS (expected));
  for (guint i = 0; i < mapping->n_fields; i++)
    assert_int_equal (mapping->fields[i].type.type, expected[i]);
  assert_int_equal (corm_mapping_find_name (mapping, "a text")->type.length, 20);
  const CormField *decimal = corm_mapping_find_name (mapping, "decimal");
  assert_int_equal (decimal->type.precision, 10);
  assert_int_equal (decimal->type.scale, 2);
}

static void
nullable (G_GNUC_UNUSED void **state)
{
  static const char *const can[] = { "a text", "bytes", "decimal", "json", "opt_color", NULL };
  g_autoptr (CormMapping) mapping = corm_mapping_new (&All_model);
  for (guint i = 0; i < mapping->n_fields; i++)
    assert_int_equal (mapping->fields[i].nullable, g_strv_contains (can, mapping->fields[i].name));
}

static void
places (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormMapping) mapping = corm_mapping_new (&All_model);
  const CormField *opt = corm_mapping_find_field (mapping, offsetof (All, opt));
  assert_true (opt->optional);
  assert_int_equal (opt->ctype, CORM_C_INT64);
  assert_int_equal (opt->offset, offsetof (All, opt.value));
  assert_int_equal (opt->flag_offset, offsetof (All, opt.is_set));
  assert_int_equal (corm_mapping_find_field (mapping, offsetof (All, i64))->offset, offsetof (All, i64));
  assert_null (corm_mapping_find_field (mapping, offsetof (All, rows)));
  assert_null (corm_mapping_find_name (mapping, "text"));
  assert_int_equal (corm_mapping_find_name (mapping, "color")->n_labels, 2);
  assert_true (corm_mapping_find_name (mapping, "color")->has_default);
  assert_true (corm_mapping_find_name (mapping, "timestamp")->has_default);
  assert_false (corm_mapping_find_name (mapping, "date")->has_default);
}

static void
sizes (G_GNUC_UNUSED void **state)
{
  assert_int_equal (corm_ctype_size (CORM_C_BOOL), sizeof (bool));
  assert_int_equal (corm_ctype_size (CORM_C_OPT + CORM_C_INT16), sizeof (gint16));
  assert_int_equal (corm_ctype_size (CORM_C_BYTES), sizeof (CormBytes));
  assert_int_equal (corm_ctype_size (CORM_C_UUID), 16);
  assert_int_equal (corm_ctype_size (CORM_C_NONE), 0);
  assert_int_equal (corm_ctype_size (31), 0);
}

#define ASSERT_AUTO(expected, type, ...) \
  G_STMT_START \
  { \
    typedef struct { \
      type id; \
      gint64 other; \
    } Part; \
    const CormColumn part_columns[] = { CORM_COLUMN (Part, id, .primary_key = true, __VA_ARGS__), \
                                        CORM_COLUMN (Part, other) }; \
    const CormModel model = CORM_MODEL (Part, "parts", CORM_COLUMNS (part_columns)); \
    g_autoptr (CormMapping) mapping = corm_mapping_new (&model); \
    assert_int_equal (mapping->auto_key, expected); \
    assert_int_equal (mapping->fields[0].is_auto, expected == 0); \
  } \
  G_STMT_END

static void
automatic_key (G_GNUC_UNUSED void **state)
{
  ASSERT_AUTO (0, gint64);
  ASSERT_AUTO (0, gint32);
  ASSERT_AUTO (0, gint16);
  ASSERT_AUTO (-1, guint32);
  ASSERT_AUTO (-1, CormOptInt64);
  ASSERT_AUTO (-1, const char *);
  ASSERT_AUTO (-1, CormUuid);
  ASSERT_AUTO (-1, gint64, .default_value = "5");
  ASSERT_AUTO (-1, gint64, .default_sql = "next_id ()");
  ASSERT_AUTO (-1, gint64, .references = "others.id");
  ASSERT_AUTO (-1, gint32, .labels = colors);
}

static void
no_automatic_key_of_two (G_GNUC_UNUSED void **state)
{
  typedef struct {
    gint64 a;
    gint64 b;
  } Pair;
  const CormColumn pair_columns[] = { CORM_COLUMN (Pair, a, .primary_key = true),
                                      CORM_COLUMN (Pair, b, .primary_key = true) };
  const CormModel model = CORM_MODEL (Pair, "pairs", CORM_COLUMNS (pair_columns));
  g_autoptr (CormMapping) mapping = corm_mapping_new (&model);
  assert_int_equal (mapping->n_keys, 2);
  assert_int_equal (mapping->keys[1], 1);
  assert_int_equal (mapping->auto_key, -1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (types), cmocka_unit_test (nullable),      cmocka_unit_test (places),
    cmocka_unit_test (sizes), cmocka_unit_test (automatic_key), cmocka_unit_test (no_automatic_key_of_two),
  };
  return cmocka_run_group_tests_name ("mapping", tests, NULL, NULL);
}
