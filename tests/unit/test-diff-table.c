/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables as a whole: what stands behind their closing parenthesis, their comments, and those that go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect alters = { .name = "alters", .quote = '"', .caps = CORM_CAP_ALTER_ADD_CONSTRAINT };
static const CormDialect folds = { .name = "folds", .quote = '"', .names_fold = true };
static const CormDialect comments = {
  .name = "comments",
  .quote = '"',
  .comment = { [CORM_COMMENT_ON_TABLE] = "c", [CORM_COMMENT_ON_COLUMN] = "c" },
};

#define T(members) "'tables': [{'name': 't', 'columns': [{'name': 'a'}]" members "}]"
#define MODELS ", 'from_models': true"

/* The only change, and how it reads where it is left alone; "": there is none. */
static void
expect_one (const CormDialect *dialect, const char *from, const char *to, const char *difference)
{
  g_autoptr (CormSchema) is = diff_schema (from), should = diff_schema (to);
  g_autoptr (CormDiff) diff = corm_diff_new (dialect, is, should, NULL);
  g_autofree char *text = diff_describe (diff);
  const CormChange *change = diff->changes->len > 0 ? diff->changes->pdata[0] : NULL;
  if (diff->changes->len != (*difference != '\0' ? 1 : 0) ||
      (change != NULL && strcmp (change->difference, difference) != 0))
    fail_msg ("from %s\nto %s\ngave:\n%s%s", from, to, text, change != NULL ? change->difference : "");
}

static void
options_of_a_table (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *from, *to, *difference;
  } cases[] = {
    { T (""), T (", 'strict': true"), "table t: is not STRICT, the schema says STRICT" },
    { T (""), T (", 'strict': true") MODELS, "table t: is not STRICT, the models say STRICT" },
    { T (", 'strict': true"), T (""), "table t: is STRICT, the schema says not STRICT" },
    { T (", 'strict': true"), T ("") MODELS, "" },
    { T (", 'strict': true"), T (", 'strict': true"), "" },
    { T (""), T (", 'without_rowid': true"), "table t: has rowids, the schema says WITHOUT ROWID" },
    { T (""), T (", 'without_rowid': true") MODELS, "table t: has rowids, the models say WITHOUT ROWID" },
    { T (", 'without_rowid': true"), T (""), "table t: has no rowids, the schema says with rowids" },
    { T (", 'without_rowid': true"), T ("") MODELS, "" },
    { T (", 'without_rowid': true"), T (", 'without_rowid': true"), "" },
    { T (""), T (", 'options': 'x=1'"), "table t: no options, the schema says x=1" },
    { T (", 'options': 'x=1'"), T (""), "table t: x=1, the schema says none" },
    { T (", 'options': 'x=1'"), T ("") MODELS, "" },
    { T (", 'options': 'x=1'"), T (", 'options': 'X = 1'"), "" },
    { T (", 'options': 'x=1'"), T (", 'options': 'x=2'") MODELS, "table t: x=1, the models say x=2" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    expect_one (&alters, cases[i].from, cases[i].to, cases[i].difference);
}

static void
comments_and_options_of_columns (G_GNUC_UNUSED void **state)
{
#define A(members) "'tables': [{'name': 't', 'columns': [{'name': 'a'" members "}]}]"
  static const struct {
    const char *from, *to, *difference;
  } cases[] = {
    { T (""), T (", 'comment': 'x'"), "comment of table t: there is none, the schema says x" },
    { T (", 'comment': 'x'"), T (""), "comment of table t: is 'x', the schema says there is none" },
    { T (", 'comment': 'x'"), T ("") MODELS, "" },
    { T (", 'comment': 'x'"), T (", 'comment': 'x'"), "" },
    { T (", 'comment': 'x'"), T (", 'comment': 'X'") MODELS, "comment of table t: is 'x', the models say X" },
    { A (""), A (", 'comment': 'x'"), "comment of t.a: there is none, the schema says x" },
    { A (", 'comment': 'x'"), A (""), "comment of t.a: is 'x', the schema says there is none" },
    { A (", 'comment': 'x'"), A ("") MODELS, "" },
  };
  expect_one (&alters, A (""), A (", 'options': 'x'"),
              "column t.a: what stands behind it is nothing, the schema says x");
  expect_one (&alters, A (", 'options': 'x'"), A (""),
              "column t.a: what stands behind it is x, the schema says nothing");
  expect_one (&alters, A (", 'options': 'x'"), A ("") MODELS, "");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    expect_one (&comments, cases[i].from, cases[i].to, cases[i].difference);
    expect_one (&alters, cases[i].from, cases[i].to, "");
  }
}

#define KEY(column, target) \
  "{'name': 'to_" target "', 'columns': ['" column "'], 'target_table': '" target \
  "', 'target_columns': ['id']}"
#define TABLE(name, keys) \
  "{'name': '" name \
  "', 'columns': [{'name': 'id'}], 'primary_key': {'columns': ['id']}, 'foreign_keys': [" keys "]}"

static void
tables_that_go (G_GNUC_UNUSED void **state)
{
  /* those that others point to go last */
  diff_expect (&alters, "'tables': [" TABLE ("a", "") ", " TABLE ("b", KEY ("id", "a")) "]", "'tables': []",
               "drop table b | d0?\ndrop table a | d0?\n");
  /* in a circle one key goes before, in one group with its table, whatever else points where */
  diff_expect (&alters,
               "'tables': [" TABLE ("a", KEY ("id", "b")) ", " TABLE ("b", KEY ("id", "a")) ", " TABLE (
                   "stays", "") "]",
               "'tables': [" TABLE ("stays", "") "]",
               "drop foreign key of b to a | d1?\ndrop table a | d0?\ndrop table b | d1?\n");
  diff_expect (&folds, "'tables': [" TABLE ("a", KEY ("id", "b")) ", " TABLE ("b", KEY ("id", "a")) "]",
               "'tables': []", "drop table a | d0?\ndrop table b | d0?\n");
  diff_expect (
      &alters,
      "'tables': [" TABLE ("stays", "") ", " TABLE ("a", KEY ("id", "stays") ", " KEY ("id", "a")) "]",
      "'tables': [" TABLE ("stays", "") "]", "drop table a | d0?\n");
  diff_expect (&alters, "'tables': [" TABLE ("a", KEY ("id", "nowhere")) "]", "'tables': []",
               "drop table a | d0?\n");
  /* one of a circle stays, whichever */
  diff_expect (&alters, "'tables': [" TABLE ("a", KEY ("id", "b")) ", " TABLE ("b", KEY ("id", "a")) "]",
               "'tables': [" TABLE ("b", "") "]",
               "drop foreign key of b (id) to a | c0?\ndrop table a | d0?\n");
  diff_expect (&alters, "'tables': [" TABLE ("a", KEY ("id", "b")) ", " TABLE ("b", KEY ("id", "a")) "]",
               "'tables': [" TABLE ("a", "") "]",
               "drop foreign key of a (id) to b | c0?\ndrop table b | d0?\n");
  diff_expect (&folds, "'tables': [" TABLE ("A", "") "]", "'tables': [" TABLE ("a", "") "]", "");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (options_of_a_table),
    cmocka_unit_test (comments_and_options_of_columns),
    cmocka_unit_test (tables_that_go),
  };
  return cmocka_run_group_tests_name ("diff-table", tests, NULL, NULL);
}
