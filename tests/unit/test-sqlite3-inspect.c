/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A SQLite database is read as it is: what the pragmas say and what only the stored SQL says, in three queries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/dialects.h"

#include <string.h>

static CormConnection *
open_with (const char *const *statements)
{
  g_autoptr (GError) error = NULL;
  CormConnection *conn = corm_connection_open_uri ("sqlite::memory:", &error);
  if (conn == NULL)
    fail_msg ("%s", error->message);
  for (guint i = 0; statements[i] != NULL; i++)
    if (!corm_execute (conn, statements[i], NULL, NULL, &error))
      fail_msg ("%s: %s", statements[i], error->message);
  return conn;
}

static CormSchema *
inspect (CormConnection *conn)
{
  g_autoptr (GError) error = NULL;
  CormSchema *schema = corm_schema_new ("sqlite3");
  if (!corm_sqlite3_inspect (conn, FALSE, schema, &error))
    fail_msg ("%s", error->message);
  return schema;
}

static const char *const shop[] = {
  "CREATE TABLE teams (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL COLLATE NOCASE CONSTRAINT "
  "one_name UNIQUE)",
  "CREATE TABLE [mem bers\"](id INTEGER, Team INT CONSTRAINT in_team REFERENCES TEAMS ON DELETE CASCADE "
  "DEFERRABLE INITIALLY "
  "DEFERRED, \"full name\" VARCHAR(20) DEFAULT 'nobody', age SMALLINT CHECK (age>=0), since TIMESTAMP "
  "DEFAULT "
  "CURRENT_TIMESTAMP, twice int as (age*2) stored, boss, boss_team, PRIMARY KEY (id, team), UNIQUE (team, "
  "\"full name\"), "
  "UNIQUE (TEAM, [Full Name]), CONSTRAINT chain FOREIGN KEY (boss, boss_team) REFERENCES \"MEM "
  "BERS\"\"\"(ID, team) ON UPDATE "
  "SET NULL, CONSTRAINT \"not both\" CHECK (id <> boss OR Age is null)) WITHOUT ROWID",
  "CREATE TABLE typed (k TEXT PRIMARY KEY, v ANY) STRICT",
  "CREATE UNIQUE INDEX by_name ON \"mem bers\"\"\"(lower(\"full name\") DESC, AGE) WHERE age>18",
  "CREATE INDEX by_age ON [mem bers\"](age)",
  "CREATE VIEW adults AS SELECT * FROM [mem bers\"] WHERE age > 17",
  "CREATE TRIGGER stamp AFTER INSERT ON teams BEGIN UPDATE teams SET name = trim(name) WHERE id = new.id; "
  "END",
  "CREATE VIRTUAL TABLE words USING fts5(word)",
  "CREATE VIEW broken AS SELECT * FROM nowhere",
  NULL,
};

static void
check_names (char **names, const char *expected)
{
  g_autofree char *text = g_strjoinv (",", names);
  assert_string_equal (text, expected);
}

static void
columns_are_read (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormConnection) conn = open_with (shop);
  g_autoptr (CormSchema) schema = inspect (conn);
  const CormTable *teams = corm_schema_find_table (schema, "teams");
  const CormTable *members = corm_schema_find_table (schema, "mem bers\"");
  const CormTable *typed = corm_schema_find_table (schema, "typed");
  assert_non_null (teams);
  assert_non_null (members);
  assert_non_null (typed);
  assert_int_equal (schema->tables->len, 3);

  const CormTableColumn *id = corm_table_find_column (teams, "id");
  assert_true (id->auto_increment && id->not_null);
  assert_string_equal (id->type_sql, "INTEGER");
  const CormTableColumn *name = corm_table_find_column (teams, "name");
  assert_true (name->not_null && !name->auto_increment);
  assert_int_equal (name->type.type, CORM_TYPE_TEXT);
  assert_string_equal (name->collation, "NOCASE");

  assert_int_equal (members->columns->len, 8);
  assert_false (corm_table_find_column (members, "id")->auto_increment);
  const CormTableColumn *full = corm_table_find_column (members, "full name");
  assert_string_equal (full->type_sql, "VARCHAR(20)");
  assert_int_equal (full->type.length, 20);
  assert_int_equal (full->default_kind, CORM_DEFAULT_LITERAL);
  assert_string_equal (full->default_text, "nobody");
  assert_int_equal (corm_table_find_column (members, "since")->default_kind, CORM_DEFAULT_NOW);
  const CormTableColumn *twice = corm_table_find_column (members, "twice");
  assert_string_equal (twice->generated_sql, "age * 2");
  assert_true (twice->generated_stored);
  assert_true (members->without_rowid && !members->strict);
  assert_true (typed->strict && !typed->without_rowid);
}

static void
keys_are_read (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormConnection) conn = open_with (shop);
  g_autoptr (CormSchema) schema = inspect (conn);
  const CormTable *teams = corm_schema_find_table (schema, "teams");
  const CormTable *members = corm_schema_find_table (schema, "mem bers\"");
  check_names (members->primary_key->columns, "id,Team");
  assert_null (members->primary_key->name);
  assert_int_equal (teams->uniques->len, 1);
  const CormKey *one = teams->uniques->pdata[0];
  assert_string_equal (one->name, "one_name");
  check_names (one->columns, "name");
  assert_int_equal (members->uniques->len, 1);
  check_names (((const CormKey *) members->uniques->pdata[0])->columns, "Team,full name");

  assert_int_equal (members->foreign_keys->len, 2);
  const CormForeignKey *in_team = members->foreign_keys->pdata[0], *chain = members->foreign_keys->pdata[1];
  assert_string_equal (in_team->name, "in_team");
  check_names (in_team->columns, "Team");
  assert_string_equal (in_team->target_table, "teams");
  check_names (in_team->target_columns, "id");
  assert_int_equal (in_team->on_delete, CORM_CASCADE);
  assert_int_equal (in_team->on_update, CORM_NO_ACTION);
  assert_true (in_team->deferrable);
  assert_string_equal (chain->name, "chain");
  check_names (chain->columns, "boss,boss_team");
  assert_string_equal (chain->target_table, "mem bers\"");
  check_names (chain->target_columns, "id,Team");
  assert_int_equal (chain->on_update, CORM_SET_NULL);
  assert_false (chain->deferrable);

  assert_int_equal (members->checks->len, 2);
  const CormCheck *age = members->checks->pdata[0], *both = members->checks->pdata[1];
  assert_null (age->name);
  assert_string_equal (age->sql, "age >= 0");
  assert_string_equal (both->name, "not both");
  assert_string_equal (both->sql, "id <> boss OR age IS NULL");
}

static void
indexes_and_objects_are_read (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormConnection) conn = open_with (shop);
  g_autoptr (CormSchema) schema = inspect (conn);
  const CormTable *members = corm_schema_find_table (schema, "mem bers\"");
  assert_int_equal (members->indexes->len, 2);
  const CormTableIndex *by_name = members->indexes->pdata[0], *by_age = members->indexes->pdata[1];
  assert_string_equal (by_name->name, "by_name");
  assert_true (by_name->unique && !by_age->unique);
  assert_string_equal (by_name->where, "age > 18");
  assert_string_equal (by_name->sql, shop[3]);
  const CormIndexPart *lower = by_name->parts->pdata[0], *age = by_name->parts->pdata[1];
  assert_string_equal (lower->sql, "lower(\"full name\")");
  assert_true (lower->is_expression && lower->descending);
  assert_string_equal (age->sql, "age");
  assert_true (!age->is_expression && !age->descending);

  g_autoptr (GString) objects = g_string_new (NULL);
  for (guint i = 0; i < schema->objects->len; i++) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    g_string_append_printf (objects, "%s %s %s;", object->kind, object->name,
                            object->table != NULL ? object->table : "-");
    assert_non_null (object->sql);
  }
  assert_string_equal (objects->str,
                       "virtual table words -;view adults -;view broken -;trigger stamp teams;");
}

static void
the_number_of_queries_does_not_grow (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormConnection) conn = open_with (shop);
  guint64 before = corm_connection_get_n_statements (conn);
  G_GNUC_UNUSED g_autoptr (CormSchema) small = inspect (conn);
  guint64 few = corm_connection_get_n_statements (conn) - before;
  for (guint i = 0; i < 60; i++) {
    g_autofree char *sql =
        g_strdup_printf ("CREATE TABLE t%u (id INTEGER PRIMARY KEY, b REFERENCES teams, UNIQUE (b))", i);
    assert_true (corm_execute (conn, sql, NULL, NULL, NULL));
  }
  before = corm_connection_get_n_statements (conn);
  g_autoptr (CormSchema) large = inspect (conn);
  assert_int_equal (large->tables->len, 63);
  assert_int_equal (corm_connection_get_n_statements (conn) - before, few);
}

static void
names_of_any_bytes_survive (G_GNUC_UNUSED void **state)
{
  static const char *const statements[] = {
    "CREATE TABLE \"a'b\"\"c`d[e]f;g--h\" (\"x\ny\" INTEGER PRIMARY KEY, \"größe €\" TEXT, \"%s\" INT "
    "REFERENCES \"a'b\"\"c`d[e]f;g--h\")",
    NULL,
  };
  g_autoptr (CormConnection) conn = open_with (statements);
  g_autoptr (CormSchema) schema = inspect (conn);
  const CormTable *table = corm_schema_find_table (schema, "a'b\"c`d[e]f;g--h");
  assert_non_null (table);
  assert_true (corm_table_find_column (table, "x\ny")->auto_increment);
  assert_non_null (corm_table_find_column (table, "größe €"));
  const CormForeignKey *key = table->foreign_keys->pdata[0];
  check_names (key->columns, "%s");
  check_names (key->target_columns, "x\ny");
}

/* Written by two hands, in memory and in a file. */
static void
texts_that_mean_the_same_read_alike (G_GNUC_UNUSED void **state)
{
  static const char *const one[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, \"status\" TEXT CHECK (\"status\" IN ('a', 'b')))",
    "CREATE INDEX i ON t (\"status\") WHERE \"status\" IS NOT NULL",
    NULL,
  };
  static const char *const two[] = {
    "create table t(\n  id integer primary key, -- key\n  status text check(status in('a','b')))",
    "create index i on t(STATUS)where status is not null",
    NULL,
  };
  g_autoptr (CormConnection) a = open_with (one), b = open_with (two);
  g_autoptr (CormSchema) left = inspect (a), right = inspect (b);
  const CormTable *l = left->tables->pdata[0], *r = right->tables->pdata[0];
  assert_string_equal (((const CormCheck *) l->checks->pdata[0])->sql,
                       ((const CormCheck *) r->checks->pdata[0])->sql);
  const CormTableIndex *li = l->indexes->pdata[0], *ri = r->indexes->pdata[0];
  assert_string_equal (li->where, ri->where);
  assert_string_equal (((const CormIndexPart *) li->parts->pdata[0])->sql,
                       ((const CormIndexPart *) ri->parts->pdata[0])->sql);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (columns_are_read),
    cmocka_unit_test (keys_are_read),
    cmocka_unit_test (indexes_and_objects_are_read),
    cmocka_unit_test (the_number_of_queries_does_not_grow),
    cmocka_unit_test (names_of_any_bytes_survive),
    cmocka_unit_test (texts_that_mean_the_same_read_alike),
  };
  return cmocka_run_group_tests_name ("sqlite3-inspect", tests, NULL, NULL);
}
