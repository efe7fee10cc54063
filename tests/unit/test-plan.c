/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan counts, and says itself as a script and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/plan.h"

#include <corm/error.h>
#include <string.h>

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

static CormPlan *
sample (void)
{
  CormPlan *plan = corm_plan_new ("pgsql");
  CormOp *op = corm_plan_add (plan, CORM_OP_DROP_COLUMN, "t", "c", g_strdup ("drop column t.c"));
  g_ptr_array_add (op->sql, g_strdup ("ALTER …"));
  g_ptr_array_add (op->reverse, g_strdup ("ALTER \"back\""));
  op->approval = CORM_APPROVAL_DESTRUCTIVE;
  op->hazards = CORM_HAZARD_LOSES_DATA | CORM_HAZARD_INCOMPATIBLE;
  op->lock = g_strdup ("ACCESS EXCLUSIVE");
  op->rows = 12;
  op->alone = TRUE;
  plan->from = g_strdup ("abc");
  op = corm_plan_add (plan, CORM_OP_CREATE_OBJECT, NULL, "v", g_strdup ("create view v"));
  op->object = g_strdup ("view");
  return plan;
}

static void
json_has_every_member (G_GNUC_UNUSED void **state)
{
  static const char *const members[] = { "\"dialect\" : \"pgsql\"",
                                         "\"from\" : \"abc\"",
                                         "\"to\" : null",
                                         "\"changes\" : 2",
                                         "\"differences\" : 0",
                                         "\"kind\" : \"drop-column\"",
                                         "\"kind\" : \"create\"",
                                         "\"object\" : \"view\"",
                                         "\"table\" : \"t\"",
                                         "\"name\" : \"c\"",
                                         "\"approval\" : \"destructive\"",
                                         "\"loses-data\",\n        \"incompatible\"",
                                         "\"lock\" : \"ACCESS EXCLUSIVE\"",
                                         "\"rows\" : 12",
                                         "\"bytes\" : null",
                                         "\"alone\" : true",
                                         "\"repeat\" : false",
                                         "\"hash\" : \"" };
  g_autoptr (CormPlan) plan = sample ();
  g_autofree char *json = corm_plan_to_json (plan);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (strstr (json, members[i]) == NULL)
      fail_msg ("no %s in %s", members[i], json);
}

static void
json_is_read_to_the_byte (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPlan) plan = sample ();
  g_autofree char *json = corm_plan_to_json (plan);
  g_autoptr (CormPlan) back = corm_plan_from_json (json, &error);
  assert_null (error);
  g_autofree char *again = corm_plan_to_json (back);
  assert_string_equal (again, json);
}

/* Whatever byte of it is another one. */
static void
a_plan_that_was_edited_is_refused (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormPlan) plan = sample ();
  g_autofree char *json = corm_plan_to_json (plan);
  for (gsize i = 0; json[i] != '\0'; i++) {
    g_autoptr (GError) error = NULL;
    char was = json[i];
    if (g_ascii_isspace (was) && strspn (json + i, "\n ") == strlen (json + i))
      continue; /* blanks at its end */
    json[i] = was == 'x' ? 'y' : 'x';
    g_autoptr (CormPlan) back = corm_plan_from_json (json, &error);
    if (back != NULL || !g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID))
      fail_msg ("byte %" G_GSIZE_FORMAT " was not missed: %s", i, json);
    json[i] = was;
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (changes_and_differences_are_counted),
    cmocka_unit_test (the_script_holds_all_of_it),
    cmocka_unit_test (json_has_every_member),
    cmocka_unit_test (json_is_read_to_the_byte),
    cmocka_unit_test (a_plan_that_was_edited_is_refused),
  };
  return cmocka_run_group_tests_name ("plan", tests, NULL, NULL);
}
