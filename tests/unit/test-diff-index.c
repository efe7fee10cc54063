/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Indexes: which do the same work, which make room for another of their name, and which nobody asked for but something needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect plain = { .name = "plain", .quote = '"' };
static const CormDialect folds = { .name = "folds", .quote = '"', .names_fold = true };
static const CormDialect comments = { .name = "comments",
                                      .quote = '"',
                                      .comment = { [CORM_COMMENT_ON_INDEX] = "c" } };

#define T(members) \
  "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}]" members "}]"
#define INDEXES(list) T (", 'indexes': [" list "]")
#define I(name, members) "{'name': '" name "', " members "}"
#define A "'parts': [{'sql': 'a'}]"
#define PART(members) "'parts': [{'sql': 'a'" members "}]"

/* Two that do other work. */
static const struct {
  const char *one, *other, *one_words, *other_words;
} pairs[] = {
  { I ("i", A), I ("i", A ", 'unique': true"), "(a)", "UNIQUE (a)" },
  { I ("i", A), I ("i", "'parts': [{'sql': 'b'}]"), "(a)", "(b)" },
  { I ("i", A), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}]"), "(a)", "(a, b)" },
  { I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}]"), I ("i", "'parts': [{'sql': 'b'}, {'sql': 'a'}]"),
    "(a, b)", "(b, a)" },
  { I ("i", A), I ("i", PART (", 'descending': true")), "(a)", "(a desc)" },
  { I ("i", A), I ("i", PART (", 'nulls_otherwise': true")), "(a)", "(a nulls last)" },
  { I ("i", A), I ("i", PART (", 'prefix': 9")), "(a)", "(a(9))" },
  { I ("i", A), I ("i", PART (", 'collation': 'C'")), "(a)", "(a collate C)" },
  { I ("i", A), I ("i", PART (", 'operator_class': 'o'")), "(a)", "(a o)" },
  { I ("i", A), I ("i", PART (", 'is_expression': true")), "(a)", "(a)" },
  { I ("i", "'parts': [{'sql': 'a+1', 'is_expression': true}]"),
    I ("i", "'parts': [{'sql': 'a+2', 'is_expression': true}]"), "(a+1)", "(a+2)" },
  { I ("i", A), I ("i", A ", 'where': 'a > 0'"), "(a)", "(a) where a > 0" },
  { I ("i", A), I ("i", A ", 'method': 'gin'"), "(a)", "(a) using gin" },
  { I ("i", A), I ("i", A ", 'options': 'x=1'"), "(a)", "(a) x=1" },
  { I ("i", A), I ("i", A ", 'include': ['b', 'c']"), "(a)", "(a) include (b, c)" },
  { I ("i", A ", 'include': ['c', 'b']"), I ("i", A ", 'include': ['b', 'c']"), "(a) include (c, b)",
    "(a) include (b, c)" },
};

static void
expect_other (const char *one, const char *other, const char *words)
{
  g_autofree char *from = g_strdup_printf (INDEXES ("%s"), one),
                  *to = g_strdup_printf (INDEXES ("%s"), other);
  g_autofree char *lines = g_strdup_printf ("drop index i of t | c1?\ncreate index i on t %s | c1\n", words);
  diff_expect (&plain, from, to, lines);
}

static void
one_that_does_other_work_makes_room (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    expect_other (pairs[i].one, pairs[i].other, pairs[i].other_words);
    expect_other (pairs[i].other, pairs[i].one, pairs[i].one_words);
    g_autofree char *one = g_strdup_printf (INDEXES ("%s"), pairs[i].one),
                    *other = g_strdup_printf (INDEXES ("%s"), pairs[i].other);
    diff_expect (&plain, one, one, "");
    diff_expect (&plain, other, other, "");
  }
}

static void
spelling_and_names_are_no_difference (G_GNUC_UNUSED void **state)
{
  diff_expect (
      &plain, INDEXES (I ("i", "'parts': [{'sql': 'lower(a)', 'is_expression': true}], 'where': 'a>0'")),
      INDEXES (I ("i", "'parts': [{'sql': 'LOWER( a )', 'is_expression': true}], 'where': 'A > 0'")), "");
  diff_expect (&plain, INDEXES (I ("i", A)), INDEXES (I ("k", A)), "");
  diff_expect (&folds, INDEXES (I ("I", "'parts': [{'sql': 'A'}]")), INDEXES (I ("i", A)), "");
  diff_expect (&plain, INDEXES (I ("i", A)), INDEXES (I ("k", "'parts': [{'sql': 'b'}]")),
               "drop index i of t | c0?\ncreate index k on t (b) | -0?\n");
  diff_expect (&plain, INDEXES (I ("i", A)), T (""), "drop index i of t | c0?\n");
  diff_expect (&plain, INDEXES (I ("i", A)), INDEXES (I ("i", A) ", " I ("k", A)), "");
}

static void
an_index_that_was_not_built_is_built_again (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, INDEXES (I ("i", A ", 'invalid': true")), INDEXES (I ("i", A)),
               "drop index i of t | -1?\ncreate index i on t (a) | -1\n");
  diff_expect (&plain, INDEXES (I ("i", A ", 'unique': true, 'invalid': true")),
               T (", 'uniques': [{'columns': ['a']}]"), "drop index i of t | c0?\nadd unique t (a) | -0?\n");
}

/* Which end NULLs are at in an index that has them where the database does not put them. */
static void
nulls_are_at_the_other_end (G_GNUC_UNUSED void **state)
{
  static const CormDialect largest = { .name = "largest", .quote = '"', .nulls_largest = true };
#define NULLS(more) INDEXES (I ("i", PART (", 'nulls_otherwise': true" more)))
  diff_expect (&plain, T (""), NULLS (""), "create index i on t (a nulls last) | -0?\n");
  diff_expect (&plain, T (""), NULLS (", 'descending': true"),
               "create index i on t (a desc nulls first) | -0?\n");
  diff_expect (&largest, T (""), NULLS (""), "create index i on t (a nulls first) | -0?\n");
  diff_expect (&largest, T (""), NULLS (", 'descending': true"),
               "create index i on t (a desc nulls last) | -0?\n");
}

/* While k makes room for other work it cannot stand for i. */
static void
one_that_goes_does_nobody_s_work (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, INDEXES (I ("k", A)), INDEXES (I ("i", A) ", " I ("k", "'parts': [{'sql': 'b'}]")),
               "drop index k of t | c1?\ncreate index i on t (a) | -0?\ncreate index k on t (b) | c1\n");
  diff_expect (&plain, INDEXES (I ("k", A) ", " I ("m", A)),
               INDEXES (I ("i", A) ", " I ("k", "'parts': [{'sql': 'b'}]")),
               "drop index k of t | c1?\ncreate index k on t (b) | c1\n");
}

static void
constraints_and_foreign_keys_have_indexes (G_GNUC_UNUSED void **state)
{
  const char *unique = INDEXES (I ("i", "'unique': true, 'parts': [{'sql': 'b'}, {'sql': 'a'}]"));
  diff_expect (&plain, unique, T (", 'uniques': [{'columns': ['c']}, {'columns': ['a', 'b']}]"),
               "add unique t (c) | -0?\n");
  diff_expect (&plain, unique, T (", 'primary_key': {'columns': ['a', 'b']}"),
               "add primary key t (a, b) | c0?\n");
  diff_expect (&plain, unique, T (", 'primary_key': {'columns': ['a', 'c']}"),
               "drop index i of t | c0?\nadd primary key t (a, c) | c0?\n");
  diff_expect (&plain, T (", 'primary_key': {'columns': ['a', 'b']}"),
               T (", 'primary_key': {'columns': ['a', 'b']}, 'indexes': [" I (
                   "i", "'unique': true, 'parts': [{'sql': 'b'}, {'sql': 'a'}]") "]"),
               "");
#define KEY(name) \
  ", 'foreign_keys': [{" name "'columns': ['a', 'b'], 'target_table': 'u', 'target_columns': ['x', 'y']}]"
#define U ", {'name': 'u', 'columns': [{'name': 'x'}, {'name': 'y'}]}]"
  static const struct {
    const char *key, *index;
    gboolean stays;
  } cases[] = {
    { KEY (""), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}]"), TRUE },
    { KEY ("'name': 'i', "), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}]"), TRUE },
    { KEY ("'name': 'k', "), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}]"), FALSE },
    { KEY (""), I ("i", "'parts': [{'sql': 'b'}, {'sql': 'a'}]"), FALSE },
    { KEY (""), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'c'}]"), FALSE },
    { KEY (""), I ("i", "'parts': [{'sql': 'a'}]"), FALSE },
    { KEY (""), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}], 'where': 'a > 0'"), FALSE },
    { KEY (""), I ("i", "'parts': [{'sql': 'a'}, {'sql': 'b'}], 'unique': true"), FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *from = g_strdup_printf (
        "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}]%s, "
        "'indexes': [%s]}" U,
        cases[i].key, cases[i].index);
    g_autofree char *to = g_strdup_printf (
        "'tables': [{'name': 't', 'columns': [{'name': 'a'}, {'name': 'b'}, {'name': 'c'}]%s}" U,
        cases[i].key);
    diff_expect (&plain, from, to, cases[i].stays ? "" : "drop index i of t | c0?\n");
  }
}

/* The one that stays is the one that bears the comment. */
static void
comments_of_indexes (G_GNUC_UNUSED void **state)
{
  diff_expect (&comments, INDEXES (I ("i", A)), INDEXES (I ("i", A ", 'comment': 'x'")),
               "set comment of t.i | c0?\n");
  diff_expect (&comments, INDEXES (I ("i", A ", 'comment': 'x'")), INDEXES (I ("k", A)),
               "set comment of t.i | c0?\n");
  diff_expect (&comments, INDEXES (I ("i", A ", 'comment': 'x'")),
               INDEXES (I ("i", A)) ", 'from_models': true", "");
  diff_expect (&comments, INDEXES (I ("i", A ", 'comment': 'x'")), INDEXES (I ("i", A ", 'comment': 'x'")),
               "");
  diff_expect (&plain, INDEXES (I ("i", A ", 'comment': 'x'")), INDEXES (I ("i", A)), "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (one_that_does_other_work_makes_room),
    cmocka_unit_test (spelling_and_names_are_no_difference),
    cmocka_unit_test (an_index_that_was_not_built_is_built_again),
    cmocka_unit_test (nulls_are_at_the_other_end),
    cmocka_unit_test (one_that_goes_does_nobody_s_work),
    cmocka_unit_test (constraints_and_foreign_keys_have_indexes),
    cmocka_unit_test (comments_of_indexes),
  };
  return cmocka_run_group_tests_name ("diff-index", tests, NULL, NULL);
}
