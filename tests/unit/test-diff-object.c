/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Views, triggers, functions, types: what is made and dropped where, what is replaced and what goes before it comes, and what is
 * only reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diff.h"

static const CormDialect plain = { .name = "plain", .quote = '"' };
static const CormDialect folds = { .name = "folds", .quote = '"', .names_fold = true };

#define O(kind, name, sql) "{'kind': '" kind "', 'name': '" name "', 'sql': '" sql "'}"
#define ON(kind, name, table, sql) \
  "{'kind': '" kind "', 'name': '" name "', 'table': '" table "', 'sql': '" sql "'}"
#define HIDDEN(kind, name) "{'kind': '" kind "', 'name': '" name "'}"
/* The tables t and u beside these objects. */
#define WITH(objects) "'tables': [{'name': 't'}, {'name': 'u'}], 'objects': [" objects "]"
#define COLUMN(members) "'tables': [{'name': 't', 'columns': [{'name': 'a'" members "}]}]"

static void
objects_come_and_go (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, WITH (""), WITH (O ("view", "v", "x") ", " O ("view", "w", "x")),
               "create view v | -0?\ncreate view w | -0?\n");
  diff_expect (&plain, WITH (O ("view", "v", "x") ", " O ("view", "w", "x")), WITH (""),
               "drop view w | d0?\ndrop view v | d0?\n");
  diff_expect (&plain, WITH (O ("view", "v", "x")), WITH ("") ", 'from_models': true", "");
  diff_expect (&plain, WITH (O ("view", "v", "x + 1")), WITH (O ("view", "v", "X+1")), "");
  diff_expect (&plain, WITH (O ("view", "v", "x")), WITH (O ("trigger", "v", "x")),
               "drop view v | d0?\ncreate trigger v | -0?\n");
  diff_expect (&plain, WITH (O ("view", "V", "x")), WITH (O ("view", "v", "x")),
               "drop view V | d0?\ncreate view v | -0?\n");
  diff_expect (&folds, WITH (O ("view", "V", "x")), WITH (O ("view", "v", "x")), "");
}

/* Triggers of two tables may have one name. */
static void
each_table_has_triggers_of_its_own (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, WITH (ON ("trigger", "g", "t", "x") ", " ON ("trigger", "g", "u", "y")),
               WITH (ON ("trigger", "g", "u", "y") ", " ON ("trigger", "g", "t", "x")), "");
  diff_expect (&plain, WITH (ON ("trigger", "g", "t", "x")), WITH (ON ("trigger", "g", "u", "x")),
               "drop trigger g | d0?\ncreate trigger g | -0?\n");
  diff_expect (&plain, WITH (ON ("trigger", "g", "t", "x")), WITH (O ("trigger", "g", "x")), "");
  diff_expect (&plain, WITH (ON ("trigger", "g", "t", "x")), "'tables': [{'name': 'u'}]",
               "drop table t | d0?\n");
  diff_expect (&plain, WITH (ON ("trigger", "g", "v", "x") ", " O ("view", "v", "x")), WITH (""),
               "drop view v | d0?\ndrop trigger g | d0?\n");
}

static void
what_differs_is_replaced_or_made_anew (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, WITH (O ("view", "v", "create view v as 1")),
               WITH (O ("view", "v", "create view v as 2")), "drop view v | c1\ncreate view v | c1?\n");
  diff_expect (&plain, WITH (O ("view", "v", "create view v as 1")),
               WITH (O ("view", "v", "create or replace view v as 2")), "change view v | c0?\n");
  diff_expect (&plain, WITH (O ("view", "v", "create view v")), WITH (O ("view", "v", "create or")),
               "drop view v | c1\ncreate view v | c1?\n");
  diff_expect (&plain, WITH (O ("sequence", "s", "start 1")), WITH (O ("sequence", "s", "start 2")),
               "change sequence s | c0?\n");
  /* rows go with it */
  diff_expect (&plain, WITH (O ("virtual table", "v", "using a")), WITH (O ("virtual table", "v", "using b")),
               "drop virtual table v | d1\ncreate virtual table v | d1?\n");
}

static void
types_and_what_tables_call_come_before_them (G_GNUC_UNUSED void **state)
{
  const char *none = "'tables': []";
  diff_expect (&plain, none,
               COLUMN ("") ", 'objects': [" O ("domain", "d", "x") ", " O ("view", "v", "x") "]",
               "create domain d | -0?\ncreate table t | -0?\ncreate view v | -0?\n");
  diff_expect (&plain,
               COLUMN ("") ", 'objects': [" O ("domain", "d", "x") ", " O ("view", "v", "x") ", " O (
                   "function", "f()", "x") "]",
               none, "drop view v | d0?\ndrop table t | d0?\ndrop function f() | d0?\ndrop domain d | d0?\n");
  static const char *const callers[] = { ", 'default_kind': 'sql', 'default_text': 'f(1)'",
                                         ", 'default_sql': 'f(1)'", ", 'generated_sql': 'f(1)'",
                                         ", 'type_sql': 'f'" };
  for (guint i = 0; i < G_N_ELEMENTS (callers); i++) {
    g_autofree char *to = g_strdup_printf (
        "'tables': [{'name': 't', 'columns': [{'name': 'b'}, {'name': 'a'%s}]}], 'objects': [%s]", callers[i],
        O ("function", "f(integer)", "x"));
    diff_expect (&plain, none, to, "create function f(integer) | -0?\ncreate table t | -0?\n");
  }
  diff_expect (&plain, none,
               "'tables': [{'name': 't', 'checks': [{'sql': 'a > 0'}, {'sql': 'f(a)'}]}], 'objects': [" O (
                   "function", "f()", "x") "]",
               "create function f() | -0?\ncreate table t | -0?\n");
  diff_expect (
      &plain, none,
      COLUMN ("") ", 'objects': [" O ("function", "f()", "x") ", " O ("domain", "d", "check (f(value))") "]",
      "create function f() | -0?\ncreate domain d | -0?\ncreate table t | -0?\n");
  diff_expect (
      &plain, none,
      COLUMN ("") ", 'objects': [" O ("function", "f()", "x") ", " O ("view", "d", "select f(value)") "]",
      "create table t | -0?\ncreate function f() | -0?\ncreate view d | -0?\n");
  diff_expect (&plain, none, COLUMN (", 'generated_sql': 'v'") ", 'objects': [" O ("view", "v", "x") "]",
               "create table t | -0?\ncreate view v | -0?\n");
}

/* A type cannot be made anew under the columns that have it. */
static void
a_type_in_use_is_only_reported (G_GNUC_UNUSED void **state)
{
  diff_expect (&plain, COLUMN (", 'type_sql': 'd'") ", 'objects': [" O ("domain", "d", "x") "]",
               COLUMN (", 'type_sql': 'd'") ", 'objects': [" O ("domain", "d", "y") "]",
               "domain d: x, the schema says y | -0?\n");
  /* in its own words it is not in use; in anybody else's it is */
  diff_expect (&plain, COLUMN ("") ", 'objects': [" O ("domain", "d", "domain d 1") "]",
               COLUMN ("") ", 'objects': [" O ("domain", "d", "domain d 2") "]",
               "drop domain d | c1\ncreate domain d | c1?\n");
  diff_expect (&plain,
               COLUMN ("") ", 'objects': [" O ("domain", "d", "1") ", " O ("function", "f", "f (d)") "]",
               COLUMN ("") ", 'objects': [" O ("domain", "d", "2") ", " O ("function", "f", "f (d)") "]",
               "domain d: 1, the schema says 2 | -0?\n");
  diff_expect (&plain,
               COLUMN ("") ", 'objects': [" O ("domain", "d", "1") ", " O ("function", "f", "f (e)") "]",
               COLUMN ("") ", 'objects': [" O ("domain", "d", "2") ", " O ("function", "f", "f (e)") "]",
               "drop domain d | c1\ncreate domain d | c1?\n");
  diff_expect (&plain,
               COLUMN (", 'default_sql': 'nextval(s)', 'generated_sql': 's'") ", 'objects': [" O (
                   "sequence", "s", "x") "]",
               COLUMN (", 'default_sql': 'nextval(s)', 'generated_sql': 's'") ", 'objects': [" O (
                   "sequence", "s", "y") "]",
               "change sequence s | c0?\n");
}

static void
what_the_role_may_not_see_is_reported (G_GNUC_UNUSED void **state)
{
  static const char cannot[] =
      "view v: the role that read the schema may not see its text: it cannot be made | -0?\n";
  static const char stays[] =
      "view v: the role that read the schema may not see its text: it is not compared, and stays "
      "as it is | -0?\n";
  diff_expect (&plain, WITH (HIDDEN ("view", "v")), WITH (HIDDEN ("view", "v")), "");
  diff_expect (&plain, WITH (""), WITH (HIDDEN ("view", "v")), cannot);
  diff_expect (&plain, WITH (O ("view", "v", "x")), WITH (HIDDEN ("view", "v")), stays);
  diff_expect (&plain, WITH (HIDDEN ("view", "v")), WITH (O ("view", "v", "x")), stays);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (objects_come_and_go),
    cmocka_unit_test (each_table_has_triggers_of_its_own),
    cmocka_unit_test (what_differs_is_replaced_or_made_anew),
    cmocka_unit_test (types_and_what_tables_call_come_before_them),
    cmocka_unit_test (a_type_in_use_is_only_reported),
    cmocka_unit_test (what_the_role_may_not_see_is_reported),
  };
  return cmocka_run_group_tests_name ("diff-object", tests, NULL, NULL);
}
