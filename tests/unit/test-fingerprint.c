/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The same schema has the same fingerprint, whatever way leads to it; another one has another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/schema.h>
#include <string.h>

static CormSchema *
jobs_schema (void)
{
  CormSchema *schema = corm_schema_new ("pgsql");
  CormTable *table = corm_schema_add_table (schema, "jobs");
  CormTableColumn *id = corm_table_add_column (table, "id");
  CormTableColumn *name = corm_table_add_column (table, "name");
  id->type.type = CORM_TYPE_INT64;
  name->type = (CormSqlType){ .type = CORM_TYPE_TEXT, .length = 40 };
  return schema;
}

static CormTableColumn *
name_of (const CormSchema *schema)
{
  return corm_table_find_column (corm_schema_find_table (schema, "jobs"), "name");
}

static void
expect_equal (const CormSchema *schema, gboolean equal)
{
  g_autoptr (CormSchema) plain = jobs_schema ();
  g_autofree char *left = corm_schema_fingerprint (plain);
  g_autofree char *right = corm_schema_fingerprint (schema);
  assert_int_equal (strlen (left), 64);
  assert_int_equal (strcmp (left, right) == 0, equal);
}

static void
the_way_is_no_part_of_it (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = jobs_schema ();
  expect_equal (schema, TRUE);
  schema->from_models = TRUE;
  corm_schema_find_table (schema, "jobs")->was = g_strdup ("tasks");
  name_of (schema)->was = g_strdup ("title");
  name_of (schema)->convert = g_strdup ("lower(title)");
  g_autofree char *before = corm_schema_to_json (schema);
  expect_equal (schema, TRUE);
  g_autofree char *after = corm_schema_to_json (schema);
  assert_string_equal (before, after);
}

static void
everything_else_is (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) longer = jobs_schema (), commented = jobs_schema (), more = jobs_schema (),
                         viewed = jobs_schema ();
  name_of (longer)->type.length = 41;
  name_of (commented)->comment = g_strdup ("it's");
  corm_schema_add_table (more, "hosts");
  corm_schema_add_object (viewed, "view", "v")->sql = g_strdup ("CREATE VIEW v AS SELECT 1");
  expect_equal (longer, FALSE);
  expect_equal (commented, FALSE);
  expect_equal (more, FALSE);
  expect_equal (viewed, FALSE);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (the_way_is_no_part_of_it),
                                      cmocka_unit_test (everything_else_is) };
  return cmocka_run_group_tests_name ("fingerprint", tests, NULL, NULL);
}
