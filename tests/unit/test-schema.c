/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The builders of a schema give parts that can be filled and found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/schema.h>

static void
parts_are_found_by_name_in_their_order (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = corm_schema_new ("sqlite3");
  CormTable *b = corm_schema_add_table (schema, "b");
  CormTable *a = corm_schema_add_table (schema, "a");
  CormTableColumn *id = corm_table_add_column (a, "id");
  corm_table_add_column (a, "name");
  assert_ptr_equal (corm_schema_find_table (schema, "a"), a);
  assert_ptr_equal (schema->tables->pdata[0], b);
  assert_null (corm_schema_find_table (schema, "A"));
  assert_ptr_equal (corm_table_find_column (a, "id"), id);
  assert_null (corm_table_find_column (b, "id"));
}

static void
every_part_has_a_builder (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  CormTable *table = corm_schema_add_table (schema, "t");
  corm_table_set_primary_key (table, "first");
  CormKey *key = corm_table_set_primary_key (table, "second");
  key->columns = g_strsplit ("a,b", ",", -1);
  assert_string_equal (table->primary_key->name, "second");
  corm_table_add_unique (table, NULL)->columns = g_strsplit ("a", ",", -1);
  corm_table_add_foreign_key (table, "fk")->target_table = g_strdup ("u");
  assert_string_equal (corm_table_add_check (table, "ck", "a > 0")->sql, "a > 0");
  CormTableIndex *index = corm_table_add_index (table, "i");
  corm_index_add_part (index, "lower(a)")->is_expression = TRUE;
  corm_schema_add_object (schema, "view", "v")->sql = g_strdup ("CREATE VIEW v AS SELECT 1");
  assert_int_equal (table->uniques->len + table->foreign_keys->len + table->checks->len + table->indexes->len,
                    4);
  assert_int_equal (index->parts->len, 1);
  assert_int_equal (schema->objects->len, 1);
}

/* What SQLite has stored is no more what the table is to be. */
static void
a_table_that_is_changed_forgets_its_text (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = corm_schema_new ("sqlite3");
  CormTable *table = corm_schema_add_table (schema, "t");
  for (guint i = 0; i < 6; i++) {
    table->sql = g_strdup ("CREATE TABLE t (a)");
    if (i == 0)
      corm_table_add_column (table, "b");
    if (i == 1)
      corm_table_set_primary_key (table, NULL);
    if (i == 2)
      corm_table_add_unique (table, NULL);
    if (i == 3)
      corm_table_add_foreign_key (table, NULL);
    if (i == 4)
      corm_table_add_check (table, NULL, "a > 0");
    if (i < 5)
      assert_null (table->sql);
  }
  corm_table_add_index (table, "i"); /* which has a statement of its own */
  assert_non_null (table->sql);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (parts_are_found_by_name_in_their_order),
    cmocka_unit_test (every_part_has_a_builder),
    cmocka_unit_test (a_table_that_is_changed_forgets_its_text),
  };
  return cmocka_run_group_tests_name ("schema", tests, NULL, NULL);
}
