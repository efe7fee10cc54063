/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A snapshot gives back the schema, gives the same bytes again, and says where it is broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/sys/driver.h>

#include <string.h>

static void
fill_column (CormTableColumn *column)
{
  column->type = (CormSqlType){ CORM_TYPE_DECIMAL, 0, 12, 3 };
  column->type_sql = g_strdup ("numeric(12,3)");
  column->not_null = TRUE;
  corm_column_set_default (column, "'0.5'::numeric");
  column->collation = g_strdup ("C");
  column->enum_type = g_strdup ("e");
  column->labels = g_strsplit ("A,B\n\"C\",Ü", ",", -1);
  column->raw = g_strsplit ("pgsql,inet", ",", -1);
  column->was = g_strdup ("old");
  column->comment = g_strdup ("über");
}

static CormSchema *
new_schema (void)
{
  CormSchema *schema = corm_schema_new ("pgsql");
  CormTable *table = corm_schema_add_table (schema, "t");
  fill_column (corm_table_add_column (table, "c"));
  CormTableColumn *id = corm_table_add_column (table, "id");
  id->auto_increment = TRUE;
  id->generated_sql = g_strdup ("c + 1");
  id->generated_stored = TRUE;
  corm_table_set_primary_key (table, "t_pkey")->columns = g_strsplit ("id", ",", -1);
  corm_table_add_unique (table, NULL)->columns = g_strsplit ("c,id", ",", -1);
  CormForeignKey *key = corm_table_add_foreign_key (table, "fk");
  key->columns = g_strsplit ("c", ",", -1);
  key->target_table = g_strdup ("u");
  key->target_columns = g_strsplit ("d", ",", -1);
  key->on_delete = CORM_SET_DEFAULT;
  key->on_update = CORM_CASCADE;
  key->deferrable = CORM_INITIALLY_DEFERRED;
  corm_table_add_check (table, "ck", "c > 0");
  CormTableIndex *index = corm_table_add_index (table, "i");
  index->unique = TRUE;
  index->where = g_strdup ("c > 1");
  CormIndexPart *part = corm_index_add_part (index, "lower(c)");
  part->is_expression = part->descending = TRUE;
  table->strict = table->without_rowid = TRUE;
  table->comment = g_strdup ("a table");
  CormSchemaObject *trigger = corm_schema_add_object (schema, "trigger", "tr");
  trigger->table = g_strdup ("t");
  trigger->sql = g_strdup ("CREATE TRIGGER tr …");
  corm_schema_add_table (schema, "u");
  return schema;
}

static void
a_snapshot_gives_the_same_bytes_again (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema = new_schema ();
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (CormSchema) back = corm_schema_from_json (json, &error);
  if (back == NULL)
    fail_msg ("%s", error->message);
  g_autofree char *again = corm_schema_to_json (back);
  assert_string_equal (json, again);
  assert_null (strstr (json, "/")); /* nothing of this machine */
}

static void
every_member_comes_back (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) schema = new_schema ();
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (CormSchema) back = corm_schema_from_json (json, NULL);
  const CormTable *table = corm_schema_find_table (back, "t");
  const CormTableColumn *column = corm_table_find_column (table, "c");
  assert_int_equal (column->type.type, CORM_TYPE_DECIMAL);
  assert_int_equal (column->type.precision, 12);
  assert_int_equal (column->type.scale, 3);
  assert_true (column->not_null && !column->auto_increment);
  assert_int_equal (column->default_kind, CORM_DEFAULT_LITERAL);
  assert_string_equal (column->default_text, "0.5");
  assert_string_equal (column->default_sql, "'0.5'::numeric");
  assert_string_equal (column->labels[1], "B\n\"C\"");
  assert_string_equal (column->labels[2], "Ü");
  const CormForeignKey *key = table->foreign_keys->pdata[0];
  assert_int_equal (key->on_delete, CORM_SET_DEFAULT);
  assert_int_equal (key->on_update, CORM_CASCADE);
  assert_true (key->deferrable);
  assert_null (((CormKey *) table->uniques->pdata[0])->name);
  const CormTableIndex *index = table->indexes->pdata[0];
  assert_true (((CormIndexPart *) index->parts->pdata[0])->descending);
  assert_true (table->strict && table->without_rowid);
  assert_string_equal (((CormSchemaObject *) back->objects->pdata[0])->table, "t");
  assert_string_equal (back->dialect, "pgsql");
}

typedef struct {
  const char *json, *words;
} Broken;

static const Broken broken[] = {
  { "", "snapshot" },
  { "nonsense", "no JSON" },
  { "[]", "corm_schema" },
  { "{\"corm_schema\": 2}", "corm_schema" },
  { "{\"corm_schema\": [1]}", "corm_schema" },
  { "{\"corm_schema\": 1, \"tables\": 5}", "tables: expected a list" },
  { "{\"corm_schema\": 1, \"tables\": [{}]}", "tables[0]: has no member name" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"colums\": []}]}",
    "tables[0].colums: is not known" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"c\", \"type\": "
    "\"words\"}]}]}",
    "tables[0].columns[0].type" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"c\", \"not_null\": "
    "1}]}]}",
    "tables[0].columns[0].not_null: expected true or false" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"foreign_keys\": [{\"on_delete\": \"explode\"}]}]}",
    "tables[0].foreign_keys[0].on_delete" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"uniques\": [{\"columns\": [1]}]}]}",
    "uniques[0].columns" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"checks\": [{\"name\": \"c\"}]}]}",
    "checks[0]: has no member sql" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"c\", \"default_kind\": "
    "\"sql\"}]}]}",
    "has no member default_text" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"c\", \"length\": "
    "4294967301}]}]}",
    "columns[0].length: expected a number from 0" },
  { "{\"corm_schema\": 1, \"tables\": [{\"name\": \"t\", \"columns\": [{\"name\": \"c\", \"scale\": -1}]}]}",
    "columns[0].scale: expected a number from 0" },
};

static void
a_broken_snapshot_says_where (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormSchema) schema = corm_schema_from_json (broken[i].json, &error);
    assert_null (schema);
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_SCHEMA));
    if (strstr (error->message, broken[i].words) == NULL)
      fail_msg ("%s: %s", broken[i].json, error->message);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_snapshot_gives_the_same_bytes_again),
    cmocka_unit_test (every_member_comes_back),
    cmocka_unit_test (a_broken_snapshot_says_where),
  };
  return cmocka_run_group_tests_name ("snapshot", tests, NULL, NULL);
}
