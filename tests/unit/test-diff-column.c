/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns that differ, on a database with enum types of its own: what is made together, who has to agree, what is at risk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static gboolean
keeps_integers (const CormTableColumn *is, const CormTableColumn *should)
{
  return is->type.type == CORM_TYPE_INT32 && should->type.type == CORM_TYPE_INT64;
}

static const CormDialect own = {
  .name = "own", .quote = '"', .caps = CORM_CAP_NATIVE_ENUM, .keeps_rows = keeps_integers
};
static const CormDialect anew = { .name = "anew", .quote = '"', .alter = { [CORM_OP_SET_GENERATED] = "" } };
static const CormDialect none = { .name = "none", .quote = '"', .identity_is_key = true };

/* One table t; @from and @to are lists of columns. */
static void
expect (const CormDialect *dialect, gboolean from_models, const char *from, const char *to, const char *lines)
{
  g_autofree char *is = g_strdup_printf ("'tables': [{'name': 't', 'columns': [%s]}]", from);
  g_autofree char *should = g_strdup_printf ("'from_models': %s, 'tables': [{'name': 't', 'columns': [%s]}]",
                                             from_models ? "true" : "false", to);
  diff_expect (dialect, is, should, lines);
}

#define ENUM(name, labels, ...) \
  "{'name': 'a', 'type': 'enum', 'enum_type': '" name "', 'labels': [" labels "]" __VA_ARGS__ "}"
#define A(type, ...) "{'name': 'a', 'type': '" type "', 'type_sql': '" type "'" __VA_ARGS__ "}"
#define B(type, ...) "{'name': 'b', 'type': '" type "', 'type_sql': '" type "'" __VA_ARGS__ "}"
#define C(type, ...) "{'name': 'c', 'type': '" type "', 'type_sql': '" type "'" __VA_ARGS__ "}"
#define IS(kind, text) ", 'default_kind': '" kind "', 'default_text': '" text "'"

static void
a_default_steps_aside_for_a_type (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, A ("text", IS ("literal", "1")), A ("int64", IS ("literal", "1")),
          "drop default of column t.a | d1\n"
          "change type of column t.a | d1?\n"
          "set default of column t.a | d1\n");
  expect (&own, TRUE, A ("text", IS ("literal", "1")), A ("int64"),
          "drop default of column t.a | d1?\n"
          "change type of column t.a | d1?\n");
  expect (&own, TRUE, A ("text"), A ("int64", IS ("literal", "1")),
          "change type of column t.a | d0?\n"
          "set default of column t.a | c0?\n");
  expect (&own, TRUE, A ("int32", IS ("literal", "1")), A ("int64", IS ("literal", "1")),
          "change type of column t.a | c0?\n");
  expect (&own, TRUE, A ("int32"), A ("int64", ", 'convert': 'a + 1'"), "change type of column t.a | d0?\n");
  expect (&own, TRUE, A ("int32", ", 'default_kind': 'now'"), A ("int64", ", 'default_kind': 'now'"),
          "drop default of column t.a | c1\n"
          "change type of column t.a | c1?\n"
          "set default of column t.a | c1\n");
  expect (&none, TRUE, A ("text", IS ("literal", "1")), A ("int64", IS ("literal", "1")),
          "change type of column t.a | d0?\n");
  expect (&own, TRUE, A ("text", IS ("literal", "1")), A ("text", IS ("literal", "2")),
          "set default of column t.a | c0?\n");
  expect (&own, TRUE, A ("text", IS ("literal", "1")), A ("text"), "drop default of column t.a | c0?\n");
  expect (&own, TRUE, A ("text"), A ("text", IS ("literal", "1")), "set default of column t.a | c0?\n");
  expect (&own, TRUE, A ("text", ", 'default_kind': 'null'"), A ("int64"),
          "change type of column t.a | d0?\n");
  expect (&own, TRUE, A ("text", IS ("literal", "1")), A ("text", IS ("literal", "1") ", 'collation': 'C'"),
          "change type of column t.a | c0?\n");
}

static void
labels_change_with_what_uses_them (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, ENUM ("e", "'x', 'y'"), ENUM ("e", "'x', 'y', 'z'"),
          "add labels to type e: x, y, z | -0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'"), ENUM ("e", "'z', 'x', 'y'"),
          "add labels to type e: z, x, y | -0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'"), ENUM ("e", "'y', 'x'"), "change type e: y, x | c0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'"), ENUM ("e", "'x'"), "change type e: x | d0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'", IS ("literal", "y")),
          ENUM ("e", "'x', 'z'", IS ("literal", "z")),
          "drop default of column t.a | c1\n"
          "change type e: x, z | d0?\n"
          "set default of column t.a | c1?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'", IS ("literal", "y")), ENUM ("e", "'x', 'z'"),
          "drop default of column t.a | c0?\n"
          "change type e: x, z | d0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'"), ENUM ("e", "'x', 'z'", IS ("literal", "z")),
          "change type e: x, z | d0?\n"
          "set default of column t.a | c0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'", IS ("literal", "y")),
          ENUM ("e", "'x', 'y'", IS ("literal", "x")), "set default of column t.a | c0?\n");
  expect (&own, FALSE, ENUM ("e", "'x', 'y'"), A ("text"),
          "change type of column t.a | c0?\n"
          "drop type e | c0?\n");
  expect (&own, TRUE, ENUM ("e", "'x', 'y'"), A ("text"),
          "change type of column t.a | c0?\n"
          "drop type e | c0\n");
  expect (&none, TRUE, ENUM ("e", "'x', 'y'"), ENUM ("e", "'x', 'z'"), "");
}

static void
collations_are_compared_where_somebody_says_one (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, A ("text", ", 'collation': 'C'"), A ("text"), "");
  expect (&own, FALSE, A ("text", ", 'collation': 'C'"), A ("text"), "change type of column t.a | c0?\n");
  expect (&own, FALSE, A ("text"), A ("text", ", 'collation': 'C'"), "change type of column t.a | c0?\n");
  expect (&own, FALSE, A ("text", ", 'collation': 'C'"), A ("text", ", 'collation': 'C'"), "");
}

static void
what_numbers_itself (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, A ("int64", ", 'auto_increment': true"),
          A ("int64", ", 'auto_increment': true, 'not_null': true"), "");
  expect (&own, TRUE, A ("int64", ", 'auto_increment': true"), A ("int64", ", 'not_null': true"),
          "set the numbering of column t.a | c0?\n"
          "set NOT NULL of column t.a | c0?\n");
  expect (&none, TRUE, A ("int64", ", 'auto_increment': true, 'not_null': true"),
          A ("int64", ", 'not_null': true"),
          "set the numbering of column t.a | c0?\n"
          "set NOT NULL of column t.a | c0?\n");
  expect (&none, TRUE, A ("int64", ", 'auto_increment': true, 'not_null': true"), A ("int64"),
          "set the numbering of column t.a | c0?\n"
          "drop NOT NULL of column t.a | c0?\n");
  expect (&own, TRUE, A ("int64", ", 'auto_increment': true, 'not_null': true"),
          A ("int64", ", 'not_null': true"), "set the numbering of column t.a | c0?\n");
  expect (&own, TRUE, A ("int64", IS ("literal", "1")), A ("int64", ", 'auto_increment': true"),
          "drop default of column t.a | c0\n"
          "set the numbering of column t.a | c0?\n");
  expect (&own, TRUE, A ("int64", ", 'auto_increment': true"),
          A ("int64", ", 'auto_increment': true, 'identity_always': true"),
          "set the numbering of column t.a | c0?\n");
}

static void
null_and_not_null (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, A ("int64", ", 'not_null': true"), A ("int64"), "drop NOT NULL of column t.a | c0?\n");
  expect (&own, TRUE, A ("int64"), A ("int64", ", 'not_null': true, 'convert': '0'"),
          "fill NULLs of column t.a | c1\n"
          "set NOT NULL of column t.a | c1?\n");
  expect (&own, TRUE, A ("int64"), A ("text", ", 'not_null': true, 'convert': '0'"),
          "change type of column t.a | d0?\n"
          "set NOT NULL of column t.a | c0?\n");
}

static void
columns_that_go (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, A ("int64") ", {'name': 'b', 'generated_sql': 'a + 1'}", A ("int64"),
          "drop column t.b | c0?\n");
  expect (&own, TRUE, A ("int64") ", {'name': 'b', 'generated_sql': 'a + 1', 'generated_stored': true}",
          A ("int64"), "drop column t.b | d0?\n");
  /* those that read others go before them */
  expect (&own, FALSE, A ("int64") ", " B ("int64") ", " C ("int64", ", 'generated_sql': 'a + 1'"),
          B ("int64"), "drop column t.c | c0?\ndrop column t.a | d0?\n");
  expect (&own, TRUE, A ("int64") ", {'name': 'b', 'not_null': true}", A ("int64"),
          "drop column t.b | d0?!\n");
  expect (&own, TRUE, A ("int64") ", {'name': 'b', 'not_null': true, 'default_kind': 'now'}", A ("int64"),
          "drop column t.b | d0?\n");
  expect (&own, TRUE, A ("int64") ", {'name': 'b', 'not_null': true, 'auto_increment': true}", A ("int64"),
          "drop column t.b | d0?\n");
  expect (&own, TRUE, A ("int64") ", {'name': 'b', 'not_null': true, 'generated_sql': '1'}", A ("int64"),
          "drop column t.b | c0?\n");
}

static void
expressions (G_GNUC_UNUSED void **state)
{
  expect (&own, TRUE, A ("int64", ", 'generated_sql': 'b + 1'"),
          A ("int64", ", 'generated_sql': 'b + 1', 'generated_stored': true"),
          "set the expression of column t.a | c0?\n");
  expect (&own, TRUE, A ("int64", ", 'generated_sql': 'b + 1'"), A ("int64", ", 'generated_sql': 'b + 2'"),
          "set the expression of column t.a | c0?\n");
  expect (&own, TRUE, A ("int64"), A ("int64", ", 'generated_sql': 'b + 2'"),
          "set the expression of column t.a | d0?\n");
  expect (&own, TRUE, A ("int64", ", 'generated_sql': 'b + 2'"), A ("int64"),
          "drop the expression of column t.a | c0?\n");
}

static void
generated_columns_step_aside_for_types (G_GNUC_UNUSED void **state)
{
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int64") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          "drop generated column t.b for a while | c1\n"
          "change type of column t.a | c1?\n"
          "put generated column t.b back | c1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int64") ", " B ("int32", ", 'generated_sql': 'a + 2'"),
          "drop column t.b to make it anew | c1?\n"
          "change type of column t.a | c1?\n"
          "add column t.b anew | c1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int64") ", " B ("int64", ", 'generated_sql': 'a + 1'"),
          "drop generated column t.b for a while | c1?\n"
          "change type of column t.a | c1?\n"
          "put generated column t.b back | c1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int64") ", " B ("int64", ", 'generated_sql': 'a + 2'"),
          "drop column t.b to make it anew | c1?\n"
          "change type of column t.a | c1?\n"
          "add column t.b anew | c1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int64") ", " B ("int64", ", 'generated_sql': '7'"),
          "drop column t.b to make it anew | c1?\n"
          "add column t.b anew | c1\n"
          "change type of column t.a | c1?\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int64") ", " B ("int32"),
          "drop the expression of column t.b | c1?\n"
          "change type of column t.a | c1?\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32"),
          A ("int64") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          "drop column t.b to make it anew | d1?\n"
          "change type of column t.a | c0?\n"
          "add column t.b anew | d1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32"),
          A ("int64") ", " B ("int64", ", 'generated_sql': 'a + 1'"),
          "drop column t.b to make it anew | d1?\n"
          "change type of column t.a | c0?\n"
          "add column t.b anew | d1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"), A ("int64"),
          "drop column t.b | c1?\n"
          "change type of column t.a | c1?\n");
  expect (&anew, TRUE, A ("int32"), A ("int64") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          "change type of column t.a | c0?\n"
          "add column t.b | -0?\n");
  expect (&anew, TRUE, A ("int32"), A ("int64") ", " B ("int32", ", 'generated_sql': '7'"),
          "add column t.b | -0?\n"
          "change type of column t.a | c0?\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': '7'"),
          A ("int64") ", " B ("int32", ", 'generated_sql': '7'"), "change type of column t.a | c0?\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int32") ", " B ("int64", ", 'generated_sql': 'a + 1'"), "change type of column t.b | c0?\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1', 'generated_stored': true"),
          "drop column t.b to make it anew | c1?\n"
          "add column t.b anew | c1\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32", ", 'generated_sql': 'a + 1'"),
          B ("int32", ", 'generated_sql': '1'"),
          "drop column t.b to make it anew | c1?\n"
          "add column t.b anew | c1\n"
          "drop column t.a | d0?\n");
  expect (&anew, TRUE, A ("int32") ", " B ("int32") ", " C ("int32"),
          A ("int64") ", " B ("int64", ", 'generated_sql': 'a + 1'") ", " C ("int64",
                                                                             ", 'generated_sql': 'a + 2'"),
          "drop column t.b to make it anew | d1?\n"
          "drop column t.c to make it anew | d2?\n"
          "change type of column t.a | c0?\n"
          "add column t.b anew | d1\n"
          "add column t.c anew | d2\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_default_steps_aside_for_a_type),
    cmocka_unit_test (labels_change_with_what_uses_them),
    cmocka_unit_test (collations_are_compared_where_somebody_says_one),
    cmocka_unit_test (what_numbers_itself),
    cmocka_unit_test (null_and_not_null),
    cmocka_unit_test (columns_that_go),
    cmocka_unit_test (expressions),
    cmocka_unit_test (generated_columns_step_aside_for_types),
  };
  return cmocka_run_group_tests_name ("diff-column", tests, NULL, NULL);
}
