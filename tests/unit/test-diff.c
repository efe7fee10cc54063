/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What differs becomes a change, in an order that can run; what only looks different becomes none. Schemas are written as
 * snapshots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/diff.h"

#include <string.h>

static const CormDialect strict = { .name = "strict",
                                    .quote = '"',
                                    .caps = CORM_CAP_ALTER_ADD_CONSTRAINT | CORM_CAP_NATIVE_ENUM };
static const CormDialect loose = { .name = "loose", .quote = '"', .names_fold = true, .loose_types = true };

/* @tables: the list in a snapshot, with ' for ". */
static CormSchema *
schema_of (const char *tables)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("{'corm_schema': 1, 'from_models': true, 'tables': [%s]}", tables);
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  CormSchema *schema = corm_schema_from_json (json, &error);
  if (schema == NULL)
    fail_msg ("%s: %s", text, error->message);
  return schema;
}

/* The lines, each with a newline: what is done, and behind a bar how it reads where it is left alone. */
static char *
compare (const CormDialect *dialect, const char *from, const char *to)
{
  g_autoptr (CormSchema) left = schema_of (from);
  g_autoptr (CormSchema) right = schema_of (to);
  g_autoptr (CormDiff) diff = corm_diff_new (dialect, left, right, NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    g_string_append_printf (text, "%s%s%s\n", change->text, change->difference != NULL ? " | " : "",
                            change->difference != NULL ? change->difference : "");
  }
  return g_string_free (text, FALSE);
}

static void
expect (const CormDialect *dialect, const char *from, const char *to, const char *lines)
{
  g_autofree char *text = compare (dialect, from, to);
  assert_string_equal (text, lines);
}

/* One table t with these columns, and these other members. */
#define T(columns, ...) "{'name': 't', 'columns': [" columns "]" __VA_ARGS__ "}"
#define ID "{'name': 'id', 'type': 'int64', 'type_sql': 'bigint', 'not_null': true}"

static void
the_same_schema_has_no_difference (G_GNUC_UNUSED void **state)
{
  const char *table =
      T (ID ", {'name': 'a', 'type': 'text', 'default_kind': 'now'}",
         ", 'primary_key': {'columns': ['id']}, 'uniques': [{'columns': ['a']}],"
         "'foreign_keys': [{'columns': ['a'], 'target_table': 't', 'target_columns': ['id']}],"
         "'checks': [{'sql': 'a > 0'}], 'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}]}]");
  expect (&strict, table, table, "");
  expect (&loose, table, table, "");
}

static void
tables_come_in_the_order_of_their_references (G_GNUC_UNUSED void **state)
{
  const char *to = "{'name': 'a', 'columns': [" ID "], 'primary_key': {'columns': ['id']}, 'foreign_keys':"
                   "[{'name': 'to_b', 'columns': ['id'], 'target_table': 'b', 'target_columns': ['id']}],"
                   "'indexes': [{'name': 'i', 'parts': [{'sql': 'id', 'descending': true}]}]},"
                   "{'name': 'b', 'columns': [" ID "], 'primary_key': {'columns': ['id']}}";
  expect (&strict, "", to, "create table b\ncreate table a\ncreate index i on a (id desc)\n");
}

#define CIRCLE \
  "{'name': 'a', 'columns': [" ID "], 'primary_key': {'columns': ['id']}, 'foreign_keys':" \
  "[{'columns': ['id'], 'target_table': 'b', 'target_columns': ['id']}]}," \
  "{'name': 'b', 'columns': [" ID "], 'primary_key': {'columns': ['id']}, 'foreign_keys':" \
  "[{'columns': ['id'], 'target_table': 'a', 'target_columns': ['id']}]}"

static void
a_circle_is_closed_afterwards (G_GNUC_UNUSED void **state)
{
  expect (&strict, "", CIRCLE, "create table b\ncreate table a\nadd foreign key b (id) to a\n");
  expect (&loose, "", CIRCLE, "create table b\ncreate table a\n");
}

static void
a_key_waits_for_the_unique_that_it_points_to (G_GNUC_UNUSED void **state)
{
  const char *from = T ("{'name': 'a', 'type': 'int64'}");
  const char *to =
      T ("{'name': 'a', 'type': 'int64'}",
         ", 'uniques': [{'name': 'uq', 'columns': ['a']}]") ", {'name': 'u', 'columns': [{'name': 'a', "
                                                            "'type': 'int64'}], 'foreign_keys':"
                                                            "[{'columns': ['a'], 'target_table': 't', "
                                                            "'target_columns': ['a']}]}";
  expect (&strict, from, to, "create table u\nadd unique t.uq (a)\nadd foreign key u (a) to t\n");
}

static void
additions_to_a_table_are_changes (G_GNUC_UNUSED void **state)
{
  const char *to =
      T (ID ", {'name': 'b', 'type': 'text'}",
         ", 'indexes': [{'name': 'i', 'parts': [{'sql': 'b'}]}], 'checks': [{'name': 'ck', 'sql': 'b > 0'}],"
         "'foreign_keys': [{'columns': ['b'], 'target_table': 't', 'target_columns': ['id']}],"
         "'uniques': [{'name': 'uq', 'columns': ['b', 'id']}]");
  expect (&strict, T (ID), to,
          "add column t.b\nadd unique t.uq (b, id)\nadd foreign key t (b) to t\nadd check t.ck (b > 0)\n"
          "create index i on t (b)\n");
}

static void
traits_of_a_column_that_differ_are_named (G_GNUC_UNUSED void **state)
{
  expect (
      &strict,
      T ("{'name': 'a', 'type': 'text', 'type_sql': 'text', 'default_kind': 'literal', 'default_text': 'x'}"),
      T ("{'name': 'a', 'type': 'text', 'type_sql': 'varchar(9)', 'not_null': true, 'collation': 'C'}"),
      "drop default of column t.a | column t.a: default is x, the models say none\n"
      "change type of column t.a | column t.a: type is text, the models say varchar(9)\n"
      "set NOT NULL of column t.a | column t.a: may be NULL, the models say NOT NULL\n");
  expect (&strict, T ("{'name': 'a', 'type': 'text'}"), T ("{'name': 'a', 'type': 'text', 'collation': 'C'}"),
          "change type of column t.a | column t.a: collation is the database's, the models say C\n");
  expect (&strict, T ("{'name': 'a', 'type': 'int64', 'generated_sql': 'b + 1'}"),
          T ("{'name': 'a', 'type': 'int64', 'auto_increment': true}"),
          "drop the expression of column t.a | column t.a: its expression is b + 1, the models say none\n"
          "set the numbering of column t.a | column t.a: does not number itself, the models say it does\n");
}

static void
what_the_models_do_not_have_is_named (G_GNUC_UNUSED void **state)
{
  const char *from = T (
      ID ", {'name': 'pid', 'type': 'int64', 'not_null': true}",
      ", 'primary_key': {'columns': ['id']}, 'uniques': [{'columns': ['pid']}],"
      "'checks': [{'name': 'ck', 'sql': 'pid > 0'}], 'indexes': [{'name': 'i', 'parts': [{'sql': 'pid'}]}],"
      "'foreign_keys': [{'columns': ['pid'], 'target_table': 'old'}]") ", {'name': 'old'}";
  expect (&strict, from, T (ID),
          "drop foreign key of t (pid) to old | foreign key of t (pid) to old: is not in the models\n"
          "drop primary key of t | primary key of t: is (id), the models say there is none\n"
          "drop unique constraint of t (pid) | unique constraint of t (pid): is not in the models\n"
          "drop check ck of t | check ck of t: is not in the models\n"
          "drop index i of t | index i of t (pid): is not in the models\n"
          "drop column t.pid | column t.pid: is not in the models\n"
          "drop table old | table old: is not in the models\n");
}

static void
changed_keys_checks_and_indexes_are_named (G_GNUC_UNUSED void **state)
{
  const char *from = T (
      ID,
      ", 'checks': [{'name': 'ck', 'sql': 'id > 0'}], 'indexes': [{'name': 'i', 'parts': [{'sql': 'id'}]}],"
      "'foreign_keys': [{'columns': ['id'], 'target_table': 'u', 'target_columns': ['x']}]");
  const char *to = T (ID, ", 'checks': [{'name': 'ck', 'sql': 'id > 1'}],"
                          "'indexes': [{'name': 'i', 'unique': true, 'parts': [{'sql': 'id'}]}],"
                          "'foreign_keys': [{'columns': ['id'], 'target_table': 'u', 'target_columns': ['x'],"
                          "'on_delete': 'cascade'}]");
  expect (
      &strict, from, to,
      "drop foreign key of t (id) | foreign key of t (id): REFERENCES u (x), the models say REFERENCES u (x) "
      "ON DELETE CASCADE\n"
      "drop check ck of t | check ck of t: is id > 0, the models say id > 1\n"
      "drop index i of t | index i of t: is on (id), the models say UNIQUE (id)\n"
      "create index i on t UNIQUE (id) | \n"
      "add foreign key t (id) to u | \n"
      "add check t.ck (id > 1) | \n");
}

static void
what_only_looks_different_is_silent (G_GNUC_UNUSED void **state)
{
  /* names that the database made up, the order of a key's columns, spelling, an index of another name */
  expect (
      &strict,
      T (ID, ", 'uniques': [{'name': 't_id_key', 'columns': ['id', 'a']}], 'checks': [{'name': 'c1', 'sql': "
             "'(id > 0)'}],"
             "'indexes': [{'name': 'mine', 'parts': [{'sql': 'id'}]}]"),
      T (ID,
         ", 'uniques': [{'name': 'uq', 'columns': ['a', 'id']}], 'checks': [{'name': 'ck', 'sql': 'ID>0'}],"
         "'indexes': [{'name': 'yours', 'parts': [{'sql': 'id'}]}]"),
      "");
  /* a unique index is a unique constraint */
  expect (&strict, T (ID, ", 'indexes': [{'name': 'i', 'unique': true, 'parts': [{'sql': 'id'}]}]"),
          T (ID, ", 'uniques': [{'name': 'uq', 'columns': ['id']}]"), "");
  expect (&strict, T (ID, ", 'uniques': [{'name': 'uq', 'columns': ['id']}]"),
          T (ID, ", 'indexes': [{'name': 'i', 'unique': true, 'parts': [{'sql': 'id'}]}]"), "");
  /* one of another name does, but not while it makes room */
  expect (&strict, T (ID, ", 'indexes': [{'name': 'i', 'parts': [{'sql': 'id'}]}]"),
          T (ID, ", 'indexes': [{'name': 'i', 'parts': [{'sql': 'id', 'descending': true}]},"
                 " {'name': 'k', 'parts': [{'sql': 'id'}]}]"),
          "drop index i of t | index i of t: is on (id), the models say (id desc)\n"
          "create index i on t (id desc) | \n"
          "create index k on t (id)\n");
  /* and so is a primary key, but not one that goes */
  expect (&strict, T (ID, ", 'primary_key': {'columns': ['id']}"),
          T (ID, ", 'primary_key': {'columns': ['id']}, 'uniques': [{'columns': ['id']}]"), "");
  expect (
      &strict, T (ID, ", 'primary_key': {'columns': ['id']}"), T (ID, ", 'uniques': [{'columns': ['id']}]"),
      "drop primary key of t | primary key of t: is (id), the models say there is none\nadd unique t (id)\n");
  /* the index that a foreign key makes */
  expect (&strict,
          T (ID, ", 'foreign_keys': [{'name': 'fk', 'columns': ['id'], 'target_table': 't', "
                 "'target_columns': ['id']}],"
                 "'indexes': [{'name': 'fk', 'parts': [{'sql': 'id'}]}]"),
          T (ID, ", 'foreign_keys': [{'name': 'fk', 'columns': ['id'], 'target_table': 't', "
                 "'target_columns': ['id']}]"),
          "");
  /* defaults: NULL and none, true and 1, one now and another */
  expect (&strict,
          T ("{'name': 'a', 'type': 'text', 'default_kind': 'null'}, {'name': 'b', 'type': 'boolean', "
             "'default_kind':"
             "'literal', 'default_text': '1'}, {'name': 'c', 'type': 'timestamp', 'default_kind': 'now', "
             "'default_sql': 'now()'}"),
          T ("{'name': 'a', 'type': 'text'}, {'name': 'b', 'type': 'boolean', 'default_kind':"
             "'literal', 'default_text': 'true'}, {'name': 'c', 'type': 'timestamp', 'default_kind': 'now'}"),
          "");
}

static void
a_loose_dialect_sees_less (G_GNUC_UNUSED void **state)
{
  const char *from = "{'name': 'T', 'columns': [{'name': 'Id', 'type': 'int32', 'type_sql': 'INT'}]}";
  const char *to = "{'name': 't', 'columns': [{'name': 'id', 'type': 'int64', 'type_sql': 'BIGINT'}]}";
  expect (&loose, from, to, "");
  expect (&loose, T ("{'name': 'a', 'type': 'text', 'type_sql': 'TEXT'}"),
          T ("{'name': 'a', 'type': 'json', 'type_sql': 'JSON_TEXT'}"), "");
  expect (&strict, from, to, "create table t\ndrop table T | table T: is not in the models\n");
  expect (&loose, T ("{'name': 'a', 'type': 'text', 'type_sql': 'TEXT'}"),
          T ("{'name': 'a', 'type': 'bytes', 'type_sql': 'BLOB'}"),
          "change type of column t.a | column t.a: type is TEXT, the models say BLOB\n");
}

static void
a_former_name_is_changed (G_GNUC_UNUSED void **state)
{
  expect (&strict, T ("{'name': 'name', 'type': 'text'}"),
          T ("{'name': 'title', 'type': 'text', 'was': 'name'}"),
          "rename column t.name to title | column t.title: is still called name\n");
  expect (&strict, T (ID), "{'name': 'u', 'was': 't', 'columns': [" ID "]}",
          "rename table t to u | table u: is still called t\n");
  /* the name of once is anybody's again */
  expect (&strict, T ("{'name': 'title', 'type': 'text'}"),
          T ("{'name': 'title', 'type': 'text', 'was': 'name'}"), "");
}

static void
an_enum_type_is_made_once (G_GNUC_UNUSED void **state)
{
  const char *column = "{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A']}";
  g_autofree char *two =
      g_strdup_printf ("{'name': 't', 'columns': [%s]}, {'name': 'u', 'columns': [%s]}", column, column);
  expect (&strict, "", two, "create type e\ncreate table t\ncreate table u\n");
  expect (&strict, T ("{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A']}"), two,
          "create table u\n");
  expect (&strict, T ("{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A', 'B']}"),
          T ("{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A']}"),
          "change type e: A | column t.a: list of labels is A, B, the models say A\n");
  expect (&strict, T ("{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A']}"),
          T ("{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A', 'B']}"),
          "add labels to type e: A, B | column t.a: list of labels is A, the models say A, B\n");
}

/* What is renamed is compared, and changed, under its new name. */
static void
names_change_first (G_GNUC_UNUSED void **state)
{
  expect (&strict,
          "{'name': 'old', 'columns': [{'name': 'nm', 'type': 'text', 'type_sql': 'text'}],"
          "'checks': [{'name': 'ck', 'sql': 'length(nm) > 0'}], 'indexes': [{'name': 'i', 'parts': [{'sql': "
          "'nm'}]}]},"
          "{'name': 'v', 'columns': [" ID
          "], 'foreign_keys': [{'name': 'fk', 'columns': ['id'], 'target_table': 'old',"
          "'target_columns': ['nm']}]}",
          "{'name': 'new', 'was': 'old', 'columns': [{'name': 'name', 'was': 'nm', 'type': 'text', "
          "'type_sql': 'text',"
          "'not_null': true}], 'checks': [{'name': 'ck', 'sql': 'length(name) > 0'}],"
          "'indexes': [{'name': 'i', 'parts': [{'sql': 'name'}]}]},"
          "{'name': 'v', 'columns': [" ID
          "], 'foreign_keys': [{'name': 'fk', 'columns': ['id'], 'target_table': 'new',"
          "'target_columns': ['name']}]}",
          "rename table old to new | table new: is still called old\n"
          "rename column new.nm to name | column new.name: is still called nm\n"
          "set NOT NULL of column new.name | column new.name: may be NULL, the models say NOT NULL\n");
}

/* A key that points to a column steps aside while the column's type changes, and nobody has to allow that by itself. */
static void
what_stands_in_the_way_is_put_back (G_GNUC_UNUSED void **state)
{
  const char *from =
      "{'name': 'a', 'columns': [{'name': 'id', 'type': 'int32', 'type_sql': 'int', 'not_null': true}],"
      "'primary_key': {'columns': ['id']}}, {'name': 'b', 'columns': [{'name': 'a', 'type': 'int64',"
      "'type_sql': 'bigint'}], 'foreign_keys': [{'name': 'fk', 'columns': ['a'], 'target_table': 'a'}]}";
  const char *to =
      "{'name': 'a', 'columns': [" ID "], 'primary_key': {'columns': ['id']}}, {'name': 'b', 'columns':"
      "[{'name': 'a', 'type': 'int64', 'type_sql': 'bigint'}], 'foreign_keys': [{'name': 'fk', 'columns':"
      "['a'], 'target_table': 'a'}]}";
  expect (&strict, from, to,
          "drop foreign key fk of b for a while | \n"
          "change type of column a.id | column a.id: type is int, the models say bigint\n"
          "put foreign key fk of b back | \n");
  g_autoptr (CormSchema) left = schema_of (from);
  g_autoptr (CormSchema) right = schema_of (to);
  g_autoptr (CormDiff) diff = corm_diff_new (&strict, left, right, NULL);
  const CormChange *first = diff->changes->pdata[0], *second = diff->changes->pdata[1];
  assert_int_not_equal (first->group, 0);
  assert_int_equal (first->group, second->group);
  assert_int_equal (first->approval, CORM_APPROVAL_CHANGE);
}

/* A list of labels that only gets longer is an addition. */
static void
a_longer_list_of_labels_needs_nobody (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *is, *should;
    CormApproval approval;
  } cases[] = {
    { "id IN ('a', 'b')", "id IN ('b', 'c', 'a')", CORM_APPROVAL_NONE },
    { "(id = ANY (ARRAY['a'::text]))", "(id = ANY (ARRAY['a'::text, 'b'::text]))", CORM_APPROVAL_NONE },
    { "id IN ('a', 'b')", "id IN ('a')", CORM_APPROVAL_CHANGE },
    { "id NOT IN ('a')", "id NOT IN ('a', 'b')", CORM_APPROVAL_CHANGE },
    { "id IN ('a')", "x IN ('a', 'b')", CORM_APPROVAL_CHANGE },
    { "id IN ('a')", "id > 0", CORM_APPROVAL_CHANGE },
    { "id > 0", "id IN ('a')", CORM_APPROVAL_CHANGE },
    { "id", "id IN ('a')", CORM_APPROVAL_CHANGE },
    { "('a' = 'a')", "(id = 'a')", CORM_APPROVAL_CHANGE },
    { "id IN ('a') OR x = 'b'", "id IN ('a', 'c') OR x = 'b'", CORM_APPROVAL_CHANGE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSchema) left = schema_of (T (ID));
    g_autoptr (CormSchema) right = schema_of (T (ID));
    corm_table_add_check (left->tables->pdata[0], "ck", cases[i].is);
    corm_table_add_check (right->tables->pdata[0], "ck", cases[i].should);
    g_autoptr (CormDiff) diff = corm_diff_new (&strict, left, right, NULL);
    assert_int_equal (diff->changes->len, 2);
    assert_int_equal (((CormChange *) diff->changes->pdata[0])->approval, cases[i].approval);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_same_schema_has_no_difference),
    cmocka_unit_test (tables_come_in_the_order_of_their_references),
    cmocka_unit_test (a_circle_is_closed_afterwards),
    cmocka_unit_test (a_key_waits_for_the_unique_that_it_points_to),
    cmocka_unit_test (additions_to_a_table_are_changes),
    cmocka_unit_test (traits_of_a_column_that_differ_are_named),
    cmocka_unit_test (what_the_models_do_not_have_is_named),
    cmocka_unit_test (changed_keys_checks_and_indexes_are_named),
    cmocka_unit_test (what_only_looks_different_is_silent),
    cmocka_unit_test (a_loose_dialect_sees_less),
    cmocka_unit_test (a_former_name_is_changed),
    cmocka_unit_test (an_enum_type_is_made_once),
    cmocka_unit_test (names_change_first),
    cmocka_unit_test (what_stands_in_the_way_is_put_back),
    cmocka_unit_test (a_longer_list_of_labels_needs_nobody),
  };
  return cmocka_run_group_tests_name ("diff", tests, NULL, NULL);
}
