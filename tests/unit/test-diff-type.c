/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which types are the same, which hold every value of another (nobody has to agree to lose something), and which defaults say the
 * same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect strict = { .name = "strict", .quote = '"' };
static const CormDialect loose = { .name = "loose", .quote = '"', .loose_types = true };

/* The column @members of a table of models or of a snapshot. */
static CormSchema *
one_column (const char *members, gboolean from_models)
{
  g_autofree char *text =
      g_strdup_printf ("'from_models': %s, 'tables': [{'name': 't', 'columns': [{'name': 'a', %s}]}]",
                       from_models ? "true" : "false", members);
  return diff_schema (text);
}

static const CormTableColumn *
column_of (const CormSchema *schema)
{
  return ((const CormTable *) schema->tables->pdata[0])->columns->pdata[0];
}

#define TYPE(type) "'type': '" type "'"
#define TEXT(n) "'type': 'text', 'length': " #n
#define BYTES(n) "'type': 'bytes', 'length': " #n
#define DECIMAL(p, s) "'type': 'decimal', 'precision': " #p ", 'scale': " #s
#define ENUM(labels) "'type': 'enum', 'enum_type': 'e', 'labels': [" labels "]"

static const struct {
  const char *is, *should;
  gboolean wider;
} types[] = {
  { TYPE ("int16"), TYPE ("int32"), TRUE },
  { TYPE ("int16"), TYPE ("int16"), TRUE },
  { TYPE ("int32"), TYPE ("int32"), TRUE },
  { TYPE ("int64"), TYPE ("int64"), TRUE },
  { TYPE ("int16"), TYPE ("int64"), TRUE },
  { TYPE ("int32"), TYPE ("int64"), TRUE },
  { TYPE ("int64"), TYPE ("int32"), FALSE },
  { TYPE ("int32"), TYPE ("int16"), FALSE },
  { TYPE ("int64"), TYPE ("float64"), FALSE },
  { TYPE ("int16"), TYPE ("decimal"), FALSE },
  { TYPE ("int16"), TYPE ("boolean"), FALSE },
  { TYPE ("boolean"), TYPE ("int16"), FALSE },
  { TYPE ("float32"), TYPE ("float64"), TRUE },
  { TYPE ("float64"), TYPE ("float32"), FALSE },
  { TYPE ("float32"), TYPE ("int64"), FALSE },
  { TYPE ("boolean"), TYPE ("float64"), FALSE },
  { TYPE ("float64"), TYPE ("int64"), FALSE },
  { TYPE ("timestamp"), TYPE ("date"), FALSE },
  { TYPE ("int64"), TYPE ("text"), TRUE },
  { TYPE ("text"), TYPE ("int64"), FALSE },
  { TYPE ("bytes"), TYPE ("text"), FALSE },
  { TYPE ("text"), TYPE ("bytes"), FALSE },
  { TYPE ("raw"), TYPE ("text"), FALSE },
  { TYPE ("text"), TYPE ("raw"), FALSE },
  { TYPE ("raw"), TYPE ("raw"), FALSE },
  { TEXT (5), TYPE ("text"), TRUE },
  { TYPE ("text"), TEXT (5), FALSE },
  { TEXT (5), TEXT (5), TRUE },
  { TEXT (5), TEXT (6), TRUE },
  { TEXT (6), TEXT (5), FALSE },
  { TYPE ("int64"), TEXT (50), FALSE },
  { BYTES (4), BYTES (4), TRUE },
  { BYTES (4), BYTES (5), TRUE },
  { BYTES (5), BYTES (4), FALSE },
  { BYTES (5), TYPE ("bytes"), TRUE },
  { TYPE ("bytes"), BYTES (5), FALSE },
  { DECIMAL (9, 2), DECIMAL (9, 2), TRUE },
  { DECIMAL (9, 2), DECIMAL (10, 2), TRUE },
  { DECIMAL (9, 2), DECIMAL (10, 3), TRUE },
  { DECIMAL (9, 2), DECIMAL (9, 3), FALSE },
  { DECIMAL (9, 2), DECIMAL (9, 1), FALSE },
  { DECIMAL (9, 2), DECIMAL (8, 2), FALSE },
  { DECIMAL (9, 2), DECIMAL (0, 0), TRUE },
  { DECIMAL (0, 0), DECIMAL (0, 0), TRUE },
  { DECIMAL (0, 0), DECIMAL (9, 2), FALSE },
  { DECIMAL (9, 2), TYPE ("int64"), FALSE },
  { TYPE ("float64"), DECIMAL (9, 2), FALSE },
  { ENUM ("'x', 'y'"), ENUM ("'x', 'y'"), TRUE },
  { ENUM ("'x', 'y'"), ENUM ("'z', 'y', 'x'"), TRUE },
  { ENUM ("'x', 'y'"), ENUM ("'x'"), FALSE },
  { ENUM ("'x', 'y'"), "'type': 'enum'", FALSE },
  { "'type': 'enum'", ENUM ("'x', 'y'"), FALSE },
  { ENUM ("'x'"), TYPE ("text"), TRUE },
  { TYPE ("text"), ENUM ("'x'"), FALSE },
};

static void
some_types_hold_all_of_another (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autoptr (CormSchema) is = one_column (types[i].is, FALSE), should = one_column (types[i].should, FALSE);
    if (corm_diff_is_wider (column_of (is), column_of (should)) != types[i].wider)
      fail_msg ("%s to %s", types[i].is, types[i].should);
  }
}

#define SAID(type, sql) "'type': '" type "', 'type_sql': '" sql "'"

/* Where a type is a hint only, and models say another of its kind. */
static const struct {
  const char *is, *should;
  gboolean same;
} families[] = {
  { SAID ("int32", "INT"), SAID ("int64", "BIGINT"), TRUE },
  { SAID ("int16", "TINY"), SAID ("int64", "BIGINT"), TRUE },
  { SAID ("float32", "REAL"), SAID ("float64", "DOUBLE"), TRUE },
  { SAID ("text", "TEXT"), SAID ("enum", "E"), TRUE },
  { SAID ("json", "JSON"), SAID ("text", "TEXT"), TRUE },
  { SAID ("local_timestamp", "DATETIME"), SAID ("timestamp", "TIMESTAMP"), TRUE },
  { SAID ("int64", "BIGINT"), SAID ("float64", "DOUBLE"), FALSE },
  { SAID ("raw", "POINT"), SAID ("raw", "BOX"), FALSE },
  { SAID ("raw", "A  ( 1 )"), SAID ("raw", "a(1)"), TRUE },
};

static gboolean
is_same (const CormDialect *dialect, const char *from, const char *to, gboolean from_models)
{
  g_autoptr (CormSchema) is = one_column (from, FALSE), should = one_column (to, from_models);
  g_autoptr (CormDiff) diff = corm_diff_new (dialect, is, should, NULL);
  gboolean same = corm_diff_same_type (diff, column_of (is), column_of (should));
  assert_int_equal (diff->changes->len, same ? 0 : 1);
  return same;
}

static void
types_of_a_family_are_the_same_where_they_are_hints (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (is_same (&loose, families[i].is, families[i].should, TRUE) != families[i].same)
      fail_msg ("%s to %s", families[i].is, families[i].should);
  assert_false (is_same (&strict, families[0].is, families[0].should, TRUE));
  /* a schema that was read means the words */
  assert_false (is_same (&loose, families[0].is, families[0].should, FALSE));
  /* a column without a type is one with no words, and not one that has not been in a database yet */
  assert_false (is_same (&strict, SAID ("text", ""), TYPE ("text"), FALSE));
  assert_true (is_same (&strict, SAID ("text", "TEXT"), TYPE ("text"), FALSE));
  assert_true (is_same (&strict, SAID ("raw", ""), SAID ("raw", ""), FALSE));
}

#define LITERAL(type, text) \
  "'type': '" type "', 'default_kind': 'literal', 'default_text': '" text "', 'default_sql': 'd'"
#define SQL(text) "'type': 'int64', 'default_kind': 'sql', 'default_text': '" text "'"
#define KIND(kind, ...) "'type': 'int64', 'default_kind': '" kind "'" __VA_ARGS__

static const struct {
  const char *a, *b;
  gboolean same;
} defaults[] = {
  { LITERAL ("boolean", "1"), LITERAL ("boolean", "true"), TRUE },
  { LITERAL ("boolean", "1"), LITERAL ("boolean", "false"), FALSE },
  { LITERAL ("decimal", "1.50"), LITERAL ("decimal", "1.5"), TRUE },
  { LITERAL ("text", "1.50"), LITERAL ("text", "1.5"), FALSE },
  { LITERAL ("int64", "x"), LITERAL ("int64", "x"), TRUE },
  { LITERAL ("int64", "x"), LITERAL ("int64", "1"), FALSE },
  { LITERAL ("int64", "1"), LITERAL ("int64", "x"), FALSE },
  { SQL ("f( 1 )"), SQL ("F(1)"), TRUE },
  { SQL ("f(1)"), SQL ("f(2)"), FALSE },
  { TYPE ("int64"), KIND ("null"), TRUE },
  { KIND ("null"), TYPE ("int64"), TRUE },
  { KIND ("null"), KIND ("now"), FALSE },
  { KIND ("now"), TYPE ("int64"), FALSE },
  { KIND ("now"), KIND ("now", ", 'default_sql': 'now()'"), TRUE },
  { KIND ("now", ", 'default_sql': 'now()'"),
    "'type': 'int64', 'default_kind': 'sql', 'default_text': 'x', 'default_sql': 'NOW ()'", TRUE },
  { KIND ("now", ", 'default_sql': 'now()'"),
    "'type': 'int64', 'default_kind': 'sql', 'default_text': 'x', 'default_sql': 'then()'", FALSE },
};

static void
defaults_that_say_the_same (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++) {
    g_autoptr (CormSchema) a = one_column (defaults[i].a, FALSE), b = one_column (defaults[i].b, FALSE);
    if (corm_diff_same_default (column_of (a), column_of (b)) != defaults[i].same)
      fail_msg ("%s and %s", defaults[i].a, defaults[i].b);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (some_types_hold_all_of_another),
    cmocka_unit_test (types_of_a_family_are_the_same_where_they_are_hints),
    cmocka_unit_test (defaults_that_say_the_same),
  };
  return cmocka_run_group_tests_name ("diff-type", tests, NULL, NULL);
}
