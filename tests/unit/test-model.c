/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The sentences about one model: its table, its columns, its primary key. */
#include "../lib/faults.h"

#define THING "model Thing (table things): "
#define PART "model Part (table parts): "
#define MANY "123456789-123456789-123456789-123456789-123456789-123456789-1234"

typedef struct {
  gint64 id;
  gint64 value;
} Thing;

typedef enum { RED, GREEN } Color;
static const char *const colors[] = { "RED", "GREEN", NULL };
static const char *const no_labels[] = { NULL };
static const char *const twice[] = { "RED", "RED", NULL };

/* A model of an id and a value of the given type, whose column has the given options. */
#define MODEL_OF(type, ...) \
  typedef struct { \
    gint64 id; \
    type value; \
  } Part; \
  const CormColumn part_columns[] = { CORM_COLUMN (Part, id, .primary_key = true), \
                                      CORM_COLUMN (Part, value, __VA_ARGS__) }; \
  const CormModel part = CORM_MODEL (Part, "parts", CORM_COLUMNS (part_columns));

#define SAYS(type, sentence, ...) \
  G_STMT_START \
  { \
    MODEL_OF (type, __VA_ARGS__) \
    assert_faults (PART sentence, &part); \
  } \
  G_STMT_END

#define TAKES(type, ...) \
  G_STMT_START \
  { \
    MODEL_OF (type, __VA_ARGS__) \
    assert_no_faults (&part); \
  } \
  G_STMT_END

static void
names (G_GNUC_UNUSED void **state)
{
  const CormColumn columns[] = { CORM_COLUMN (Thing, id, .primary_key = true), CORM_COLUMN (Thing, value) };
  const CormModel nameless = CORM_MODEL (Thing, NULL, CORM_COLUMNS (columns));
  const CormModel empty = CORM_MODEL (Thing, "", CORM_COLUMNS (columns));
  const CormModel longest = CORM_MODEL (Thing, MANY, CORM_COLUMNS (columns));
  assert_faults ("model Thing (table without a name): the table has no name; give it one", &nameless);
  assert_faults ("model Thing (table ): the table has no name; give it one", &empty);
  assert_faults ("model Thing (table " MANY "): the table '" MANY
                 "' has a name of 64 bytes, databases take 63; shorten it",
                 &longest);

  const CormColumn unnamed[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                                 CORM_COLUMN_NAMED (Thing, value, "") };
  const CormColumn too_long[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                                  CORM_COLUMN_NAMED (Thing, value, MANY) };
  const CormColumn same[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                              CORM_COLUMN_NAMED (Thing, value, "ID") };
  const CormModel first = CORM_MODEL (Thing, "things", CORM_COLUMNS (unnamed));
  const CormModel second = CORM_MODEL (Thing, "things", CORM_COLUMNS (too_long));
  const CormModel third = CORM_MODEL (Thing, "things", CORM_COLUMNS (same));
  assert_faults (THING "the column of member 'value' has no name; give it one", &first);
  assert_faults (THING "the column of member 'value' '" MANY
                       "' has a name of 64 bytes, databases take 63; shorten it",
                 &second);
  assert_faults (THING "two columns are called 'ID'; rename one with CORM_COLUMN_NAMED", &third);
}

static void
columns_and_types (G_GNUC_UNUSED void **state)
{
  const CormModel bare = CORM_MODEL (Thing, "things");
  assert_faults (THING "it has no columns; list them with CORM_COLUMNS", &bare);
  const CormColumn untyped[] = { CORM_COLUMN (Thing, id, .primary_key = true),
                                 { .name = "value", .offset = offsetof (Thing, value) } };
  const CormModel model = {
    .type = "Thing", .table = "things", .size = offsetof (Thing, value), CORM_COLUMNS (untyped)
  };
  assert_faults (THING "column 'value' has no C type; write it with CORM_COLUMN or set .ctype", &model);
}

static void
primary_key (G_GNUC_UNUSED void **state)
{
  const CormColumn keyless[] = { CORM_COLUMN (Thing, id), CORM_COLUMN (Thing, value) };
  const CormModel model = CORM_MODEL (Thing, "things", CORM_COLUMNS (keyless));
  assert_faults (THING "no column is the primary key; give one .primary_key = true", &model);
  SAYS (CormOptInt64,
        "column 'value' is in the primary key, but its CormOptInt64 member can be NULL; use the plain type",
        .primary_key = true);
  TAKES (const char *, .primary_key = true);
}

static void
labels (G_GNUC_UNUSED void **state)
{
  SAYS (Color, "column 'value' has an empty list of labels; list at least one, then NULL",
        .labels = no_labels);
  SAYS (Color, "column 'value' has the label 'RED' twice; make the labels differ", .labels = twice);
  SAYS (gint64,
        "column 'value' has .labels, but its member is no enum; make it an enum, gint32 or CormOptEnum, or "
        "drop .labels",
        .labels = colors);
  SAYS (Color, "column 'value' has an .enum_type but no .labels; add the labels", .enum_type = "color");
  SAYS (Color, "the .enum_type has no name; give it one", .labels = colors, .enum_type = "");
  static const char *const longest[] = { MANY, NULL };
  SAYS (Color, "a label of an .enum_type '" MANY "' has a name of 64 bytes, databases take 63; shorten it",
        .labels = longest, .enum_type = "color");
  TAKES (Color, .labels = longest);
  TAKES (Color, .labels = colors, .max_length = 20, .check_name = "ck_color_valid");
  SAYS (Color, "column 'value' has the label 'GREEN', longer than its .max_length = 4; raise it",
        .labels = colors, .max_length = 4);
  SAYS (Color, "column 'value' has a .max_length, which only text has; drop it", .labels = colors,
        .enum_type = "color", .max_length = 20);
  SAYS (Color, "column 'value' has a .check_name, but neither .check nor .labels; drop the name",
        .check_name = "ck_color_valid");
  SAYS (Color, "the .check_name has no name; give it one", .labels = colors, .check_name = "");
  TAKES (Color, .labels = colors, .enum_type = "color", .default_value = "GREEN");
  TAKES (CormOptEnum, .labels = colors);
  TAKES (gint32, .labels = colors);
}

static void
options_of_other_types (G_GNUC_UNUSED void **state)
{
  static const CormRawType inet[] = { { "pgsql", "inet" }, { NULL, NULL } };
  static const CormRawType none[] = { { NULL, NULL } };
  SAYS (gint64, "column 'value' has a .max_length, which only text has; drop it", .max_length = 5);
  SAYS (
      double,
      "column 'value' has a .precision or .scale, which only a CormDecimal has; drop it or change the member",
      .precision = 5);
  SAYS (CormDecimal, "column 'value' has .scale = 6 above its .precision = 5; raise the precision",
        .precision = 5, .scale = 6);
  SAYS (CormDecimal, "column 'value' has .scale = 2 above its .precision = 0; raise the precision",
        .scale = 2);
  TAKES (CormDecimal, .precision = 5, .scale = 5);
  TAKES (CormDecimal, .comment = "any");
  SAYS (gint64, "column 'value' is .raw, but its member is no const char * or CormJson; change the member",
        .raw = inet);
  SAYS (const char *, "column 'value' has an empty .raw list; name the type in at least one dialect",
        .raw = none);
  SAYS (const char *, "column 'value' has a .max_length, which only text has; drop it", .raw = inet,
        .max_length = 5);
  TAKES (const char *, .raw = inet);
  SAYS (gint64, "column 'value' has an empty .check; write an expression or drop it", .check = "");
}

static void
defaults (G_GNUC_UNUSED void **state)
{
  SAYS (Color, "column 'value' has the default 'BLUE', which is none of its labels; use one of them",
        .labels = colors, .default_value = "BLUE");
  SAYS (gint16,
        "column 'value' has a .default_value that does not fit: text 'many' cannot be int16: it is no whole "
        "number, or out of "
        "range; mend it",
        .default_value = "many");
  SAYS (guint32,
        "column 'value' has the default '-1', which its guint32 member cannot hold; mend .default_value",
        .default_value = "-1");
  SAYS (gint64, "column 'value' has both .default_value and .default_sql; keep one", .default_value = "1",
        .default_sql = "1 + 1");
  SAYS (gint64, "column 'value' has an empty .default_sql; write an expression or drop it",
        .default_sql = "");
  SAYS (bool, "column 'value' has the default CORM_NOW, but is of type boolean; use it on a date or a time",
        .default_sql = CORM_NOW);
  SAYS (gint64, "column 'value' has the default CORM_NEW_UUID, but is of type int64; use it on a CormUuid",
        .default_sql = CORM_NEW_UUID);
  TAKES (CormUuid, .default_sql = CORM_NEW_UUID);
  TAKES (CormTimestamp, .default_sql = CORM_NOW);
  TAKES (CormOptDate, .default_sql = CORM_NOW);
}

/* Defaults of every type that do not parse, and one that does. */
static void
defaults_that_do_not_parse (G_GNUC_UNUSED void **state)
{
#define REFUSES(type, text, ...) \
  G_STMT_START \
  { \
    MODEL_OF (type, .default_value = text, __VA_ARGS__) \
    const CormModel *const models[] = { &part, NULL }; \
    g_autoptr (GError) error = NULL; \
    assert_null (corm_registry_new_array (models, &error)); \
    assert_non_null (strstr (error->message, PART \
                             "column 'value' has a .default_value that does not fit: text '" text "'")); \
  } \
  G_STMT_END
  REFUSES (bool, "yes indeed");
  REFUSES (gint16, "32768");
  REFUSES (gint32, "-2147483649");
  REFUSES (gint64, "9223372036854775808");
  REFUSES (float, "1e39");
  REFUSES (double, "one");
  REFUSES (CormDecimal, "1.234", .precision = 5, .scale = 2);
  REFUSES (CormDecimal, "12,5");
  REFUSES (const char *, "longer", .max_length = 5);
  REFUSES (CormDate, "2023-02-29");
  REFUSES (CormTime, "25:00:00");
  REFUSES (CormTimestamp, "yesterday");
  REFUSES (CormUuid, "1234");
  REFUSES (CormJson, "{");
#undef REFUSES
  TAKES (bool, .default_value = "true");
  TAKES (gint16, .default_value = "-32768");
  TAKES (guint32, .default_value = "4294967295");
  TAKES (CormDecimal, .default_value = "-123.45", .precision = 5, .scale = 2);
  TAKES (const char *, .default_value = "", .max_length = 5);
  TAKES (CormDate, .default_value = "2024-02-29");
  TAKES (CormUuid, .default_value = "123e4567-e89b-12d3-a456-426614174000");
  TAKES (CormJson, .default_value = "{}");
}

static void
actions (G_GNUC_UNUSED void **state)
{
  SAYS (gint64,
        "column 'value' has .on_delete = CORM_SET_NULL, but cannot be NULL; give the member a CormOpt… type, "
        "drop "
        ".not_null, or take another action\n" PART "foreign keys that cannot be NULL go round in a circle, "
        "parts -> parts, so that no first row can be inserted; "
        "make one of the members a CormOpt… type",
        .references = "parts.id", .on_delete = CORM_SET_NULL);
  SAYS (CormOptInt64, "column 'value' has .on_update = CORM_SET_DEFAULT, but no default; add .default_value",
        .references = "parts.id", .on_update = CORM_SET_DEFAULT);
  SAYS (CormOptInt64, "column 'value' has .on_delete, but no .references; add the reference or drop it",
        .on_delete = CORM_CASCADE);
  TAKES (CormOptInt64, .references = "parts.id", .on_delete = CORM_SET_NULL, .on_update = CORM_CASCADE);
  TAKES (CormOptInt64, .references = "parts.id", .on_delete = CORM_SET_DEFAULT, .default_value = "1");
}

static void
all_faults_at_once (G_GNUC_UNUSED void **state)
{
  SAYS (gint64,
        "column 'value' has a .max_length, which only text has; drop it\n" PART
        "column 'value' has an empty .check; write an expression or drop it\n" PART
        "column 'value' has both .default_value and .default_sql; keep one",
        .max_length = 1, .check = "", .default_value = "1", .default_sql = "1");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (names),
    cmocka_unit_test (columns_and_types),
    cmocka_unit_test (primary_key),
    cmocka_unit_test (labels),
    cmocka_unit_test (options_of_other_types),
    cmocka_unit_test (defaults),
    cmocka_unit_test (defaults_that_do_not_parse),
    cmocka_unit_test (actions),
    cmocka_unit_test (all_faults_at_once),
  };
  return cmocka_run_group_tests_name ("model", tests, NULL, NULL);
}
