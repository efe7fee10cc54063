/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan counts, and says itself as a script and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/plan.h"

static CormPlan *
new_plan (void)
{
  CormPlan *plan = corm_plan_new ("sqlite3");
  CormOp *op = corm_plan_add (plan, CORM_OP_CREATE_TABLE, "t", NULL, g_strdup ("create table t"));
  g_ptr_array_add (op->sql, g_strdup ("CREATE TABLE t (\n  a INTEGER\n)"));
  g_ptr_array_add (op->reverse, g_strdup ("DROP TABLE t"));
  op = corm_plan_add (plan, CORM_OP_CREATE_INDEX, "t", "i", g_strdup ("create index i"));
  op->hazard = g_strdup ("writers wait");
  g_ptr_array_add (op->sql, g_strdup ("CREATE INDEX i ON t (a)"));
  corm_plan_add (plan, CORM_OP_DIFFERS, "u", NULL, g_strdup ("table u: is not in\nthe models"));
  return plan;
}

static void
changes_and_differences_are_counted (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormPlan) plan = new_plan ();
  assert_int_equal (corm_plan_get_n_changes (plan), 2);
  assert_int_equal (corm_plan_get_n_differences (plan), 1);
}

static void
the_script_holds_all_of_it (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormPlan) plan = new_plan ();
  g_autofree char *sql = corm_plan_to_sql (plan);
  assert_string_equal (sql, "-- create table t\nCREATE TABLE t (\n  a INTEGER\n);\n\n"
                            "-- create index i\n-- hazard: writers wait\nCREATE INDEX i ON t (a);\n\n"
                            "-- differs: table u: is not in\n-- the models\n");
}

static void
json_has_every_member (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormPlan) plan = corm_plan_new ("pgsql");
  CormOp *op = corm_plan_add (plan, CORM_OP_ADD_COLUMN, "t", "c", g_strdup ("add column t.c"));
  g_ptr_array_add (op->sql, g_strdup ("ALTER …"));
  g_autofree char *json = corm_plan_to_json (plan);
  assert_string_equal (json,
                       "{\n  \"dialect\" : \"pgsql\",\n  \"changes\" : 1,\n  \"differences\" : 0,\n"
                       "  \"ops\" : [\n    {\n      \"kind\" : \"add-column\",\n      \"table\" : \"t\",\n"
                       "      \"name\" : \"c\",\n      \"text\" : \"add column t.c\",\n"
                       "      \"sql\" : [\n        \"ALTER …\"\n      ],\n      \"reverse\" : [],\n"
                       "      \"hazard\" : null\n    }\n  ]\n}\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (changes_and_differences_are_counted),
    cmocka_unit_test (the_script_holds_all_of_it),
    cmocka_unit_test (json_has_every_member),
  };
  return cmocka_run_group_tests_name ("plan", tests, NULL, NULL);
}
