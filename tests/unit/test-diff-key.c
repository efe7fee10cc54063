/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Primary keys, unique constraints and checks: those that hold the same are no difference, whatever they are called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect plain = { .name = "plain", .quote = '"' };
static const CormDialect folds = { .name = "folds", .quote = '"', .names_fold = true };

#define T(members) \
  "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}]" members "}]"
#define MODELS ", 'from_models': true"
#define PRIMARY(columns, ...) T (", 'primary_key': {'columns': [" columns "]" __VA_ARGS__ "}")
#define UNIQUE(columns, ...) T (", 'uniques': [{'columns': [" columns "]" __VA_ARGS__ "}]")
#define INDEX(parts, ...) \
  T (", 'indexes': [{'name': 'i', 'unique': true, 'parts': [" parts "]" __VA_ARGS__ "}]")

/* Two schemas, and what leads from the first to the second. */
typedef struct {
  const char *from, *to, *lines;
} Case;

static void
expect_all (const CormDialect *dialect, const Case *cases, guint n)
{
  for (guint i = 0; i < n; i++)
    diff_expect (dialect, cases[i].from, cases[i].to, cases[i].lines);
}

static void
primary_keys (G_GNUC_UNUSED void **state)
{
  static const char anew[] = "drop primary key of t | c1\nadd primary key t (b, a) | c1?\n";
  static const Case cases[] = {
    { T (""), PRIMARY ("'a'"), "add primary key t (a) | c0?\n" },
    { PRIMARY ("'a'"), T (""), "drop primary key of t | c0?\n" },
    { PRIMARY ("'a'"), PRIMARY ("'a'"), "" },
    { PRIMARY ("'a'", ", 'name': 'x'"), PRIMARY ("'a'", ", 'name': 'y'"), "" },
    { PRIMARY ("'a'"), PRIMARY ("'b', 'a'"), anew },
    { PRIMARY ("'a', 'c'"), PRIMARY ("'b', 'a'"), anew },
    { PRIMARY ("'a', 'b'"), PRIMARY ("'b', 'a'"), anew },
    { PRIMARY ("'a', 'b'"), PRIMARY ("'b', 'a'") MODELS, "" },
    { PRIMARY ("'b', 'a'"), PRIMARY ("'b', 'a'", ", 'deferrable': 'initially deferred'"), anew },
    { PRIMARY ("'b', 'a'"), PRIMARY ("'b', 'a'", ", 'options': 'x=1'"), anew },
    { PRIMARY ("'b', 'a'", ", 'options': 'x=1'"), PRIMARY ("'b', 'a'") MODELS, "" },
    { PRIMARY ("'b', 'a'"), PRIMARY ("'b', 'a'", ", 'column_options': ['COLLATE NOCASE', '']"), anew },
    { PRIMARY ("'b', 'a'", ", 'column_options': ['', 'COLLATE NOCASE']"),
      PRIMARY ("'b', 'a'", ", 'column_options': ['COLLATE NOCASE', '']"), anew },
    { PRIMARY ("'b', 'a'", ", 'column_options': ['', '']"), PRIMARY ("'b', 'a'"), "" },
    { PRIMARY ("'b', 'a'", ", 'column_options': ['DESC', '']"), PRIMARY ("'b', 'a'"), anew },
    { PRIMARY ("'b', 'a'", ", 'column_options': ['DESC', 'COLLATE X DESC']"),
      PRIMARY ("'b', 'a'", ", 'column_options': ['', 'COLLATE X']") MODELS, "" },
  };
  expect_all (&plain, cases, G_N_ELEMENTS (cases));
}

static void
unique_constraints (G_GNUC_UNUSED void **state)
{
  static const Case cases[] = {
    { T (""), UNIQUE ("'a'", ", 'name': 'x'"), "add unique t.x (a) | -0?\n" },
    { UNIQUE ("'a'", ", 'name': 'x'"), T (""), "drop unique constraint of t (a) | c0?\n" },
    { UNIQUE ("'a', 'b'", ", 'name': 'x'"), UNIQUE ("'b', 'a'", ", 'name': 'y'"), "" },
    { UNIQUE ("'a'"), UNIQUE ("'b'"), "drop unique constraint of t (a) | c0?\nadd unique t (b) | -0?\n" },
    { UNIQUE ("'a'", ", 'name': 'x'"), UNIQUE ("'b'", ", 'name': 'x'"),
      "drop unique constraint of t (a) | c1?\nadd unique t.x (b) | c1?\n" },
    { UNIQUE ("'a'", ", 'name': 'x'"), UNIQUE ("'b'", ", 'name': 'y'"),
      "drop unique constraint of t (a) | c0?\nadd unique t.y (b) | -0?\n" },
    { UNIQUE ("'a'", ", 'name': 'x'"), UNIQUE ("'b'"),
      "drop unique constraint of t (a) | c0?\nadd unique t (b) | -0?\n" },
    { UNIQUE ("'a'"), UNIQUE ("'a'", ", 'deferrable': 'initially deferred'"),
      "drop unique constraint of t (a) | c0?\nadd unique t (a) | -0?\n" },
    { UNIQUE ("'a'"), UNIQUE ("'a'", ", 'options': 'NULLS NOT DISTINCT'"),
      "drop unique constraint of t (a) | c0?\nadd unique t (a) | -0?\n" },
    { UNIQUE ("'a'", ", 'options': 'NULLS NOT DISTINCT'"), UNIQUE ("'a'") MODELS, "" },
    { UNIQUE ("'a'"), PRIMARY ("'a'"), "add primary key t (a) | c0?\n" },
    { PRIMARY ("'a'"), T (", 'primary_key': {'columns': ['a']}, 'uniques': [{'columns': ['a']}]"), "" },
    { PRIMARY ("'a'"), UNIQUE ("'a'"), "drop primary key of t | c0?\nadd unique t (a) | -0?\n" },
    { PRIMARY ("'a'"), T (", 'primary_key': {'columns': ['b']}, 'uniques': [{'columns': ['a']}]"),
      "drop primary key of t | c1\nadd primary key t (b) | c1?\nadd unique t (a) | -0?\n" },
  };
  expect_all (&plain, cases, G_N_ELEMENTS (cases));
  /* of two tables with constraints of one name */
#define TWO(one, other) \
  "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}], 'uniques': [" one \
  "]}, {'name': 'u', 'columns': [{'name': 'a'}, {'name': 'b'}], 'uniques': [" other "]}]"
  diff_expect (&plain, TWO ("", "{'name': 'x', 'columns': ['a']}"),
               TWO ("{'name': 'x', 'columns': ['a']}", ""),
               "drop unique constraint of u (a) | c0?\nadd unique t.x (a) | -0?\n");
  diff_expect (&folds, UNIQUE ("'a'", ", 'name': 'X'"), UNIQUE ("'b'", ", 'name': 'x'"),
               "drop unique constraint of t (a) | c1?\nadd unique t.x (b) | c1?\n");
}

/* Only a whole, plain index holds what a constraint holds. */
static void
a_unique_index_is_a_constraint (G_GNUC_UNUSED void **state)
{
  static const char add[] = "add unique t (a, b) | -0?\n";
  static const struct {
    const char *index;
    gboolean holds;
  } cases[] = {
    { INDEX ("{'sql': 'b'}, {'sql': 'a'}"), TRUE },
    { INDEX ("{'sql': 'a'}, {'sql': 'c'}"), FALSE },
    { INDEX ("{'sql': 'a'}"), FALSE },
    { INDEX ("{'sql': 'a'}, {'sql': 'b', 'is_expression': true}"), FALSE },
    { INDEX ("{'sql': 'a'}, {'sql': 'b', 'prefix': 1}"), FALSE },
    { INDEX ("{'sql': 'a'}, {'sql': 'b', 'collation': 'C'}"), FALSE },
    { INDEX ("{'sql': 'a'}, {'sql': 'b'}", ", 'where': 'a > 0'"), FALSE },
    { INDEX ("{'sql': 'a'}, {'sql': 'b'}", ", 'invalid': true"), FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSchema) is = diff_schema (cases[i].index), should = diff_schema (UNIQUE ("'a', 'b'"));
    g_autoptr (CormDiff) diff = corm_diff_new (&plain, is, should, NULL);
    g_autofree char *text = diff_describe (diff);
    if ((strstr (text, add) == NULL) != cases[i].holds)
      fail_msg ("%s gave:\n%s", cases[i].index, text);
  }
  diff_expect (&plain, INDEX ("{'sql': 'a'}"), UNIQUE ("'a'", ", 'deferrable': 'initially deferred'"),
               "add unique t (a) | -0?\n");
  diff_expect (&plain, UNIQUE ("'a'"), INDEX ("{'sql': 'a'}"), "");
}

static void
a_table_knows_what_is_unique (G_GNUC_UNUSED void **state)
{
  static const char *const ab[] = { "a", "b", NULL }, *const a[] = { "a", NULL },
                           *const abc[] = { "a", "b", "c", NULL };
  static const char *const yes[] = { PRIMARY ("'b', 'a'"), UNIQUE ("'b', 'a'"),
                                     T (", 'uniques': [{'columns': ['c']}, {'columns': ['a', 'b']}]"),
                                     INDEX ("{'sql': 'b'}, {'sql': 'a'}") };
  static const char *const no[] = { T (""), PRIMARY ("'a', 'c'"), UNIQUE ("'c', 'b'"),
                                    INDEX ("{'sql': 'a'}, {'sql': 'b'}", ", 'where': 'a > 0'") };
  for (guint i = 0; i < G_N_ELEMENTS (yes); i++) {
    g_autoptr (CormSchema) schema = diff_schema (yes[i]);
    assert_true (corm_table_has_unique (schema->tables->pdata[0], ab));
    assert_false (corm_table_has_unique (schema->tables->pdata[0], a));
    assert_false (corm_table_has_unique (schema->tables->pdata[0], abc));
  }
  for (guint i = 0; i < G_N_ELEMENTS (no); i++) {
    g_autoptr (CormSchema) schema = diff_schema (no[i]);
    assert_false (corm_table_has_unique (schema->tables->pdata[0], ab));
  }
}

#define CHECK(name, sql, ...) "{" name "'sql': '" sql "'" __VA_ARGS__ "}"
#define CHECKS(list) T (", 'checks': [" list "]")
#define NAMED "'name': 'k', "

static void
checks (G_GNUC_UNUSED void **state)
{
  static const char anew[] = "drop check k of t | c1?\nadd check t.k (a > 1) | c1\n";
  static const Case cases[] = {
    { T (""), CHECKS (CHECK ("", "a > 0")), "add check t (a > 0) | -0?\n" },
    { T (""), CHECKS (CHECK (NAMED, "a > 0")), "add check t.k (a > 0) | -0?\n" },
    { CHECKS (CHECK ("", "a > 0")), T (""), "drop check of t (a > 0) | c0?\n" },
    { CHECKS (CHECK (NAMED, "a > 0")), T (""), "drop check k of t | c0?\n" },
    { CHECKS (CHECK (NAMED, "a > 0")), CHECKS (CHECK ("'name': 'x', ", "a>0")), "" },
    { CHECKS (CHECK (NAMED, "a > 0")), CHECKS (CHECK (NAMED, "a > 1")), anew },
    { CHECKS (CHECK (NAMED, "a > 1")), CHECKS (CHECK (NAMED, "a > 1", ", 'options': 'NO INHERIT'")), anew },
    { CHECKS (CHECK (NAMED, "a > 1", ", 'options': 'NO INHERIT'")), CHECKS (CHECK (NAMED, "a > 1")), anew },
    { CHECKS (CHECK (NAMED, "a > 1", ", 'options': 'NO INHERIT'")), CHECKS (CHECK (NAMED, "a > 1")) MODELS,
      "" },
    { CHECKS (CHECK (NAMED, "a > 1", ", 'options': 'NO INHERIT'")), CHECKS (CHECK ("", "a > 1")) MODELS, "" },
    { CHECKS (CHECK ("", "a > 0")), CHECKS (CHECK ("", "a > 1")),
      "drop check of t (a > 0) | c0?\nadd check t (a > 1) | -0?\n" },
    { CHECKS (CHECK (NAMED, "a > 0")), CHECKS (CHECK ("", "a > 1")),
      "drop check k of t | c0?\nadd check t (a > 1) | -0?\n" },
    { CHECKS (CHECK (NAMED, "a > 0", ", 'not_valid': true")), CHECKS (CHECK (NAMED, "a > 0")),
      "validate check k of t | -0?\n" },
    { CHECKS (CHECK (NAMED, "a > 0")), CHECKS (CHECK (NAMED, "a > 0", ", 'not_valid': true")), "" },
    { CHECKS (CHECK (NAMED, "a > 0", ", 'not_valid': true")),
      CHECKS (CHECK (NAMED, "a > 0", ", 'not_valid': true")), "" },
    { CHECKS (CHECK (NAMED, "a > 0") ", " CHECK ("'name': 'm', ", "a > 1")),
      CHECKS (CHECK ("'name': 'm', ", "a > 1") ", " CHECK (NAMED, "a > 0")), "" },
  };
  expect_all (&plain, cases, G_N_ELEMENTS (cases));
  diff_expect (&folds, CHECKS (CHECK ("'name': 'K', ", "a > 0")), CHECKS (CHECK (NAMED, "a > 1")),
               "drop check k of t | c1?\nadd check t.k (a > 1) | c1\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (primary_keys),
    cmocka_unit_test (unique_constraints),
    cmocka_unit_test (a_unique_index_is_a_constraint),
    cmocka_unit_test (a_table_knows_what_is_unique),
    cmocka_unit_test (checks),
  };
  return cmocka_run_group_tests_name ("diff-key", tests, NULL, NULL);
}
