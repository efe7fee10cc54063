/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A table or column of another name: all that names it goes with it and is no difference, and what bears the same name elsewhere
 * stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect plain = { .name = "plain", .quote = '"', .caps = CORM_CAP_ALTER_ADD_CONSTRAINT };
static const CormDialect folds = {
  .name = "folds", .quote = '"', .caps = CORM_CAP_ALTER_ADD_CONSTRAINT, .names_fold = true
};

#define COLUMN(name) "{'name': '" name "', 'type': 'int64'}"
#define WAS(name, was) "{'name': '" name "', 'was': '" was "', 'type': 'int64'}"
#define TABLES(list) "'tables': [" list "]"
#define TABLE(name, columns, ...) "{'name': '" name "', 'columns': [" columns "]" __VA_ARGS__ "}"

/* All that can name the column @a of a table, beside @b. */
#define KEYS(a, b) \
  ", 'primary_key': {'columns': ['" b "', '" a "']}, " \
  "'uniques': [{'columns': ['" a "', 'c']}, {'columns': ['" b "', 'c']}], " \
  "'checks': [{'sql': '" a " > 0'}, {'sql': '" b " > 0'}], 'foreign_keys': [" \
  "{'columns': ['" a "'], 'target_table': 'other', 'target_columns': ['a']}, " \
  "{'columns': ['" b "'], 'target_table': 'other', 'target_columns': ['b']}]"
#define INDEXES(a, b) \
  ", 'indexes': [{'name': 'i', 'unique': true, 'parts': [{'sql': '" b "'}, {'sql': '" a "'}], " \
  "'include': ['" a "', '" b "'], 'where': '" a " > 1'}, {'name': 'j', 'where': 'c > 1', 'parts': [" \
  "{'sql': 'abs(" a ")', 'is_expression': true}, {'sql': '" b "', 'descending': true}]}]"
#define PARTS(a, b) KEYS (a, b) INDEXES (a, b)
/* Tables around t that have columns a and b of their own, and point to @a and @b of t. */
#define OTHER \
  "{'name': 'other', 'columns': [{'name': 'a'}, {'name': 'b'}], 'checks': [{'sql': 'a > 3'}], " \
  "'uniques': [{'columns': ['a']}, {'columns': ['b']}]}"
#define THIRD(a, b) \
  "{'name': 'third', 'columns': [{'name': 'a'}, {'name': 'b'}], 'foreign_keys': [" \
  "{'columns': ['a'], 'target_table': 't', 'target_columns': ['" a "']}, " \
  "{'columns': ['b'], 'target_table': 't', 'target_columns': ['" b "']}]}"
#define AROUND(a, b) ", " OTHER ", " THIRD (a, b)

static void
all_that_names_a_column_goes_with_it (G_GNUC_UNUSED void **state)
{
  diff_expect (
      &plain,
      TABLES (TABLE ("t", COLUMN ("a") ", " COLUMN ("b") ", {'name': 'c', 'generated_sql': 'a + b'}",
                     PARTS ("a", "b")) AROUND ("a", "b")),
      TABLES (TABLE ("t", WAS ("x", "a") ", " COLUMN ("b") ", {'name': 'c', 'generated_sql': 'x + b'}",
                     PARTS ("x", "b")) AROUND ("x", "b")),
      "rename column t.a to x | -0?\n");
  diff_expect (
      &plain,
      TABLES (TABLE ("t", COLUMN ("a") ", " COLUMN ("b") ", {'name': 'c', 'generated_sql': 'a + b'}",
                     PARTS ("a", "b")) AROUND ("a", "b")),
      TABLES (TABLE ("t", WAS ("x", "a") ", " WAS ("y", "b") ", {'name': 'c', 'generated_sql': 'x + y'}",
                     PARTS ("x", "y")) AROUND ("x", "y")),
      "rename column t.a to x | -0?\nrename column t.b to y | -0?\n");
}

#define POINTS(table) \
  ", 'foreign_keys': [{'columns': ['a'], 'target_table': '" table \
  "', 'target_columns': ['a']}, {'columns': ['b'], 'target_table': 'other', 'target_columns': ['a']}]"
#define TRIGGERS(table) \
  ", 'objects': [{'kind': 'trigger', 'name': 'g', 'table': '" table \
  "', 'sql': 'x'}, {'kind': 'trigger', 'name': 'g', 'table': 'other', 'sql': 'y'}, {'kind': 'view', " \
  "'name': 'v', " \
  "'sql': 'z'}]"

static void
all_that_names_a_table_goes_with_it (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain,
               TABLES (TABLE ("t", COLUMN ("a") ", " COLUMN ("b"), POINTS ("t")) ", " TABLE (
                   "other", COLUMN ("a") ", " COLUMN ("b"), POINTS ("t"))) TRIGGERS ("t"),
               TABLES (TABLE ("n", COLUMN ("a") ", " COLUMN ("b"), ", 'was': 't'" POINTS ("n")) ", " TABLE (
                   "other", COLUMN ("a") ", " COLUMN ("b"), POINTS ("n"))) TRIGGERS ("n"),
               "rename table t to n | -0?\n");
  diff_expect (&plain, TABLES (TABLE ("t", COLUMN ("a")) ", " TABLE ("u", COLUMN ("a") ", " COLUMN ("b"))),
               TABLES (TABLE ("n", WAS ("x", "a"), ", 'was': 't'") ", " TABLE (
                   "m", WAS ("y", "b") ", " COLUMN ("a"), ", 'was': 'u'")),
               "rename table t to n | -0?\nrename table u to m | -0?\nrename column n.a to x | -0?\nrename "
               "column m.b to y | -0?\n");
}

/* Whoever keeps the former name in the models for good is not asked twice. */
static void
a_name_that_was_changed_is_left_alone (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, TABLES (TABLE ("n", COLUMN ("x"))),
               TABLES (TABLE ("n", WAS ("x", "a"), ", 'was': 't'")), "");
  /* not even when there is something of the former name again, which is another one then */
  diff_expect (&plain, TABLES (TABLE ("t", COLUMN ("a")) ", " TABLE ("n", COLUMN ("x") ", " COLUMN ("a"))),
               TABLES (TABLE ("n", WAS ("x", "a"), ", 'was': 't'")),
               "drop column n.a | d0?\ndrop table t | d0?\n");
  /* and what never was is made */
  diff_expect (
      &plain, TABLES (TABLE ("m", COLUMN ("b"))),
      TABLES (TABLE ("n", COLUMN ("x"), ", 'was': 't'") ", " TABLE ("m", COLUMN ("b") ", " WAS ("x", "a"))),
      "create table n | -0?\nadd column m.x | -0?\n");
}

static void
names_in_another_case_are_the_same_where_they_fold (G_GNUC_UNUSED void **state)
{
  diff_expect (
      &folds, TABLES (TABLE ("T", COLUMN ("A") ", " COLUMN ("b"), ", 'uniques': [{'columns': ['a']}]")),
      TABLES (TABLE ("n", WAS ("x", "a") ", " COLUMN ("B"), ", 'was': 't', 'uniques': [{'columns': ['x']}]")),
      "rename table T to n | -0?\nrename column n.A to x | -0?\n");
  diff_expect (&folds, TABLES (TABLE ("T", COLUMN ("A"))),
               TABLES (TABLE ("t", WAS ("a", "A"), ", 'was': 'T'")), "");
  diff_expect (&plain, TABLES (TABLE ("T", COLUMN ("A"))),
               TABLES (TABLE ("t", WAS ("a", "A"), ", 'was': 'T'")),
               "rename table T to t | -0?\nrename column t.A to a | -0?\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (all_that_names_a_column_goes_with_it),
    cmocka_unit_test (all_that_names_a_table_goes_with_it),
    cmocka_unit_test (a_name_that_was_changed_is_left_alone),
    cmocka_unit_test (names_in_another_case_are_the_same_where_they_fold),
  };
  return cmocka_run_group_tests_name ("diff-rename", tests, NULL, NULL);
}
