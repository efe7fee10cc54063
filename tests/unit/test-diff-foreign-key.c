/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A foreign key of a new table stands in its CREATE TABLE where the key that it points to is there by then, as it will be; else
 * it is made behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/diff.h"

static const CormDialect strict = { .name = "strict", .quote = '"', .caps = CORM_CAP_ALTER_ADD_CONSTRAINT };

/* @tables: the list in a snapshot, with ' for ". */
static CormSchema *
schema_of (const char *tables)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("{'corm_schema': 1, 'from_models': true, 'tables': [%s]}", tables);
  g_strdelimit (text, "'", '"');
  CormSchema *schema = corm_schema_from_json (text, &error);
  if (schema == NULL)
    fail_msg ("%s: %s", text, error->message);
  return schema;
}

static const struct {
  const char *what, *from, *to, *lines;
} cases[] = {
  { "the key is there",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/0\n" },
  { "and named",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/0\n" },
  { "it becomes of another type",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int32', 'type_sql': 'int32'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/1\n"
    "change type of column t.id/0\n"
    "add foreign key u (x) to t/1\n" },
  { "another column does",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int32', 'type_sql': 'int32'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/0\n"
    "change type of column t.a/0\n" },
  { "a column of that name of another table does",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'w', 'columns': [{'name': 'id', 'type': 'int32', 'type_sql': 'int32'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'w', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "create table u/0\n"
    "change type of column w.id/0\n" },
  { "the key comes",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/1\n"
    "add primary key t (id)/0\n"
    "add foreign key u (x) to t/1\n" },
  { "the key goes",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "drop primary key of t/0\n"
    "create table u/1\n"
    "add foreign key u (x) to t/1\n" },
  { "unique",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'uniques': [{'columns': ['a']}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'uniques': [{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table u/0\n" },
  { "a unique index",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'indexes': [{'name': 'i', 'unique': true, "
    "'parts': [{'sql': 'a'}]}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'indexes': [{'name': 'i', 'unique': true, "
    "'parts': [{'sql': 'a'}]}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table u/0\n" },
  { "unique, another column",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/0\n" },
  { "the table comes, with a unique", "",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'uniques': [{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table t/0\n"
    "create table u/0\n" },
  { "the table comes, with a unique index that is made behind", "",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'indexes': [{'name': 'i', 'unique': true, "
    "'parts': [{'sql': 'a'}]}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "create table t/0\n"
    "create table u/1\n"
    "create index i on t UNIQUE (a)/0\n"
    "add foreign key u (x) to t/1\n" },
  { "the table is not in the models",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}",
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/1\n"
    "add foreign key u (x) to t/1\n"
    "drop table t/0\n" },
  { "the table is nowhere", "",
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "create table u/1\n"
    "add foreign key u (x) to t/1\n" },
  { "it named none and names the primary key",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "" },
  { "it points to another",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}], 'primary_key': {'columns': ['id']}, 'uniques': "
    "[{'columns': ['a']}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['a']}]}",
    "drop foreign key of u (x)/1\n"
    "add foreign key u (x) to t/1\n" },
  { "there is no primary key to point to",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't'}]}",
    "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'int64'}, "
    "{'name': 'a', 'type': 'int64', 'type_sql': 'int64'}]}, "
    "{'name': 'u', 'columns': [{'name': 'x', 'type': 'int64', 'type_sql': 'int64'}], 'foreign_keys': "
    "[{'columns': ['x'], 'target_table': 't', 'target_columns': ['id']}]}",
    "drop foreign key of u (x)/1\n"
    "add foreign key u (x) to t/1\n" },
};

static void
keys_stand_where_they_can (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSchema) from = schema_of (cases[i].from), to = schema_of (cases[i].to);
    g_autoptr (CormDiff) diff = corm_diff_new (&strict, from, to, NULL);
    g_autoptr (GString) text = g_string_new (NULL);
    for (guint c = 0; c < diff->changes->len; c++) {
      const CormChange *change = diff->changes->pdata[c];
      g_string_append_printf (text, "%s/%u\n", change->text, change->group);
    }
    if (!g_str_equal (text->str, cases[i].lines))
      fail_msg ("%s: %s", cases[i].what, text->str);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (keys_stand_where_they_can),
  };
  return cmocka_run_group_tests_name ("diff-foreign-key", tests, NULL, NULL);
}
