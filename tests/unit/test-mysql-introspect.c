/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A rich schema read back from MariaDB's catalogue, in a constant number of queries; the scratch database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"

#include <string.h>

static const char *const rich_schema[] = {
  "CREATE TABLE people (id bigint PRIMARY KEY AUTO_INCREMENT, name varchar(80) COLLATE utf8mb4_nopad_bin NOT "
  "NULL "
  "UNIQUE COMMENT 'as in the passport', note longtext COLLATE utf8mb4_nopad_bin DEFAULT 'it''s \\', "
  "born date DEFAULT curdate(), seen datetime(6) DEFAULT utc_timestamp(6), "
  "touched timestamp(3) NULL DEFAULT NULL ON UPDATE current_timestamp(3), active boolean NOT NULL DEFAULT "
  "true, "
  "weight decimal(6,2) DEFAULT 1.5, any_number decimal(65,27), big bigint unsigned, "
  "mood enum('good','it''s bad') CHARACTER SET latin1, extra json DEFAULT '{}', key_of uuid DEFAULT uuid(), "
  "twice int AS (length(name) * 2) STORED, shout varchar(90) COLLATE utf8mb4_nopad_bin AS (concat(name, "
  "'!\\')) VIRTUAL, "
  "age int CHECK (age BETWEEN 0 AND 150), CONSTRAINT short_name CHECK (name <> 'a''b\\c'), CHECK (weight > "
  "0)) "
  "COMMENT 'somebody''s people'",
  "CREATE TABLE teams (a int, b int, title varchar(20), PRIMARY KEY (b, a), UNIQUE KEY uk_title (title, a))",
  "CREATE TABLE members (id int PRIMARY KEY, person bigint, boss bigint, team_a int, team_b int, "
  "CONSTRAINT fk_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE ON UPDATE SET NULL, "
  "FOREIGN KEY (boss) REFERENCES people (id) ON DELETE RESTRICT, "
  "CONSTRAINT fk_team FOREIGN KEY (team_b, team_a) REFERENCES teams (b, a) ON UPDATE NO ACTION)",
  "CREATE INDEX idx_born ON people (born DESC, name)",
  "CREATE INDEX idx_note ON people (note)",
  "CREATE INDEX idx_start ON people (name(10))",
  "CREATE FULLTEXT INDEX idx_words ON people (note)",
  "CREATE INDEX idx_boss ON members (boss, person)",
  "CREATE VIEW adults AS SELECT name, 'a\\b' AS x FROM people WHERE age >= 18",
  "CREATE TRIGGER people_ins BEFORE INSERT ON people FOR EACH ROW SET NEW.note = concat(NEW.note, 'x')",
};

/* @scratch: names that the server made up are none. */
static CormSchema *
inspect_as (CormConnection *conn, gboolean scratch)
{
  g_autoptr (GError) error = NULL;
  CormSchema *schema = corm_schema_new ("mysql");
  if (!corm_connection_get_link (conn)->driver->inspect (conn, scratch, schema, &error))
    fail_msg ("%s", error->message);
  return schema;
}

static CormSchema *
inspect (CormConnection *conn)
{
  return inspect_as (conn, FALSE);
}

static CormSchema *
make_and_read (void)
{
  mysql_run ("DROP TABLE IF EXISTS members, teams, people");
  mysql_run ("DROP VIEW IF EXISTS adults");
  for (guint i = 0; i < G_N_ELEMENTS (rich_schema); i++)
    mysql_run (rich_schema[i]);
  return inspect (mysql_fixture ());
}

static const CormTableColumn *
column (const CormSchema *schema, const char *table, const char *name)
{
  const CormTableColumn *found = corm_table_find_column (corm_schema_find_table (schema, table), name);
  assert_non_null (found);
  return found;
}

static void
columns_of_a_table (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  static const struct {
    const char *name;
    CormType type;
    const char *type_sql;
    CormDefaultKind kind;
    const char *text;
  } cases[] = {
    { "id", CORM_TYPE_INT64, "bigint(20)", CORM_DEFAULT_NONE, NULL },
    { "name", CORM_TYPE_TEXT, "varchar(80)", CORM_DEFAULT_NONE, NULL },
    { "note", CORM_TYPE_TEXT, "longtext", CORM_DEFAULT_LITERAL, "it's \\" },
    { "born", CORM_TYPE_DATE, "date", CORM_DEFAULT_NOW, NULL },
    { "seen", CORM_TYPE_LOCAL_TIMESTAMP, "datetime(6)", CORM_DEFAULT_NOW, NULL },
    { "touched", CORM_TYPE_TIMESTAMP, "timestamp(3)", CORM_DEFAULT_NONE, NULL },
    { "active", CORM_TYPE_BOOLEAN, "tinyint(1)", CORM_DEFAULT_LITERAL, "1" },
    { "weight", CORM_TYPE_DECIMAL, "decimal(6,2)", CORM_DEFAULT_LITERAL, "1.50" },
    { "any_number", CORM_TYPE_DECIMAL, "decimal(65,27)", CORM_DEFAULT_NONE, NULL },
    { "big", CORM_TYPE_DECIMAL, "bigint(20) unsigned", CORM_DEFAULT_NONE, NULL },
    { "mood", CORM_TYPE_ENUM, "enum('good','it''s bad')", CORM_DEFAULT_NONE, NULL },
    { "extra", CORM_TYPE_JSON, "json", CORM_DEFAULT_LITERAL, "{}" },
    { "key_of", CORM_TYPE_UUID, "uuid", CORM_DEFAULT_SQL, "uuid()" },
    { "twice", CORM_TYPE_INT32, "int(11)", CORM_DEFAULT_NONE, NULL },
    { "shout", CORM_TYPE_TEXT, "varchar(90)", CORM_DEFAULT_NONE, NULL },
    { "age", CORM_TYPE_INT32, "int(11)", CORM_DEFAULT_NONE, NULL },
  };
  assert_int_equal (corm_schema_find_table (schema, "people")->columns->len, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const CormTableColumn *c = corm_schema_find_table (schema, "people")->columns->pdata[i];
    assert_string_equal (c->name, cases[i].name);
    assert_string_equal (corm_type_name (c->type.type), corm_type_name (cases[i].type));
    assert_string_equal (c->type_sql, cases[i].type_sql);
    assert_int_equal (c->default_kind, cases[i].kind);
    assert_int_equal (g_strcmp0 (c->default_text, cases[i].text), 0);
  }
}

static void
details_of_columns (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  assert_true (column (schema, "people", "id")->auto_increment);
  assert_true (column (schema, "people", "name")->not_null);
  assert_false (column (schema, "people", "note")->not_null);
  assert_int_equal (column (schema, "people", "name")->type.length, 80);
  assert_int_equal (column (schema, "people", "weight")->type.scale, 2);
  assert_int_equal (column (schema, "people", "any_number")->type.precision, 0);
  assert_int_equal (column (schema, "people", "big")->type.precision, 20);
  /* The table has another one, which a column without its own would get. */
  assert_string_equal (column (schema, "people", "name")->collation, "utf8mb4_nopad_bin");
  assert_string_equal (column (schema, "people", "mood")->collation, "latin1_swedish_ci");
  assert_string_equal (column (schema, "people", "mood")->labels[1], "it's bad");
  assert_null (column (schema, "people", "mood")->labels[2]);
  assert_string_equal (column (schema, "people", "twice")->generated_sql, "octet_length(`name`) * 2");
  assert_true (column (schema, "people", "twice")->generated_stored);
  assert_string_equal (column (schema, "people", "shout")->generated_sql, "concat(`name`,'!\\')");
  assert_false (column (schema, "people", "shout")->generated_stored);
  assert_string_equal (column (schema, "people", "name")->comment, "as in the passport");
  assert_string_equal (corm_schema_find_table (schema, "people")->comment, "somebody's people");
}

static void
is_list (GStrv names, const char *expected)
{
  g_autofree char *joined = g_strjoinv (",", names);
  assert_string_equal (joined, expected);
}

static void
keys_and_checks (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  const CormTable *people = corm_schema_find_table (schema, "people"),
                  *teams = corm_schema_find_table (schema, "teams");
  is_list (people->primary_key->columns, "id");
  is_list (teams->primary_key->columns, "b,a");
  assert_int_equal (people->uniques->len, 1);
  const CormKey *unnamed = people->uniques->pdata[0], *named = teams->uniques->pdata[0];
  assert_string_equal (unnamed->name, "name");
  is_list (unnamed->columns, "name");
  assert_string_equal (named->name, "uk_title");
  is_list (named->columns, "title,a");

  assert_int_equal (people->checks->len, 3);
  static const char *const checks[][2] = { { "age", "`age` between 0 and 150" },
                                           { "CONSTRAINT_1", "`weight` > 0" },
                                           { "short_name", "`name` <> 'a''b\\c'" } };
  for (guint i = 0; i < 3; i++) {
    const CormCheck *check = people->checks->pdata[i];
    assert_int_equal (g_strcmp0 (check->name, checks[i][0]), 0);
    assert_string_equal (check->sql, checks[i][1]);
  }
}

static void
foreign_keys (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  static const struct {
    const char *name, *columns, *target, *target_columns;
    CormAction on_delete, on_update;
  } cases[] = {
    { "fk_person", "person", "people", "id", CORM_CASCADE, CORM_SET_NULL },
    { "fk_team", "team_b,team_a", "teams", "b,a", CORM_NO_ACTION, CORM_NO_ACTION },
    { "members_ibfk_1", "boss", "people", "id", CORM_NO_ACTION, CORM_NO_ACTION },
  };
  const CormTable *members = corm_schema_find_table (schema, "members");
  assert_int_equal (members->foreign_keys->len, G_N_ELEMENTS (cases));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const CormForeignKey *key = members->foreign_keys->pdata[i];
    assert_int_equal (g_strcmp0 (key->name, cases[i].name), 0);
    is_list (key->columns, cases[i].columns);
    assert_string_equal (key->target_table, cases[i].target);
    is_list (key->target_columns, cases[i].target_columns);
    assert_int_equal (key->on_delete, cases[i].on_delete);
    assert_int_equal (key->on_update, cases[i].on_update);
  }
}

static void
indexes (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  const CormTable *people = corm_schema_find_table (schema, "people");
  assert_int_equal (people->indexes->len, 4);
  const CormTableIndex *born = people->indexes->pdata[0], *note = people->indexes->pdata[1];
  const CormTableIndex *start = people->indexes->pdata[2], *words = people->indexes->pdata[3];
  assert_string_equal (born->name, "idx_born");
  assert_true (((CormIndexPart *) born->parts->pdata[0])->descending);
  assert_string_equal (((CormIndexPart *) born->parts->pdata[1])->sql, "name");
  assert_string_equal (((CormIndexPart *) note->parts->pdata[0])->sql, "note");
  assert_int_equal (((CormIndexPart *) note->parts->pdata[0])->prefix, 0);
  assert_int_equal (((CormIndexPart *) start->parts->pdata[0])->prefix, 10);
  assert_null (start->method);
  assert_string_equal (words->method, "fulltext");
  /* Those that InnoDB made for the foreign keys are not there. */
  const CormTable *members = corm_schema_find_table (schema, "members");
  assert_int_equal (members->indexes->len, 1);
  assert_string_equal (((CormTableIndex *) members->indexes->pdata[0])->name, "idx_boss");
}

static void
views_and_triggers (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  assert_int_equal (schema->tables->len, 3);
  assert_int_equal (schema->objects->len, 2);
  const CormSchemaObject *view = schema->objects->pdata[0], *trigger = schema->objects->pdata[1];
  assert_string_equal (view->sql,
                       "CREATE VIEW `adults` AS select `people`.`name` AS `name`,'a\\b' AS `x` from `people` "
                       "where `people`.`age` >= 18");
  assert_string_equal (trigger->table, "people");
  assert_non_null (strstr (trigger->sql, "BEFORE INSERT ON `people` FOR EACH ROW SET NEW.note"));
}

static void
constant_number_of_queries (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  CormConnection *conn = mysql_fixture ();
  guint64 before = corm_connection_get_n_statements (conn);
  g_autoptr (CormSchema) again = inspect (conn);
  assert_true (corm_connection_get_n_statements (conn) - before <= 12); /* two for texts that were typed */
  g_autofree char *a = corm_schema_to_json (schema), *b = corm_schema_to_json (again);
  assert_string_equal (a, b);
}

/* Of this name alone: other programs have scratch places of their own. */
static gboolean
has_database (const char *name)
{
  g_autofree char *select =
      g_strdup_printf ("SELECT count(*) FROM information_schema.schemata WHERE schema_name = '%s'", name);
  g_autofree char *n = mysql_text_of (select);
  return g_str_equal (n, "1");
}

static char *
get_database (CormConnection *conn)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, "SELECT database()", NULL, &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    fail_msg ("%s", error->message);
  const CormValue *name = corm_cursor_get_value (cursor, 0);
  return g_strndup (name->data, name->size);
}

/* The same statements in the scratch place read the same, and leave nothing behind. */
static void
scratch_reads_alike (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) live = make_and_read ();
  CormConnection *conn = mysql_fixture (), *scratch = NULL;
  const CormDriver *driver = mysql_fixture_link ()->driver;
  if (!driver->scratch_begin (conn, &scratch, &error))
    fail_msg ("%s", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (rich_schema); i++)
    if (!corm_execute (scratch, rich_schema[i], NULL, NULL, &error))
      fail_msg ("%s", error->message);
  g_autoptr (CormSchema) made = inspect (scratch);
  g_autofree char *name = get_database (scratch);
  assert_true (has_database (name));
  driver->scratch_end (conn, scratch);
  assert_false (has_database (name));
  g_autofree char *a = corm_schema_to_json (live), *b = corm_schema_to_json (made);
  assert_string_equal (a, b);
}

static void
scratch_leftovers_go (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  CormConnection *conn = mysql_fixture (), *one = NULL, *two = NULL;
  const CormDriver *driver = mysql_fixture_link ()->driver;
  mysql_run ("CREATE DATABASE corm_scratch_999999999");
  assert_true (driver->scratch_begin (conn, &one, NULL));
  assert_true (driver->scratch_begin (conn, &two, NULL)); /* the first one is alive and stays */
  assert_true (corm_execute (one, "CREATE TABLE t (a int)", NULL, NULL, NULL));
  g_autofree char *first = get_database (one), *second = get_database (two);
  assert_true (has_database (first) && has_database (second));
  assert_false (has_database ("corm_scratch_999999999"));
  driver->scratch_end (conn, two);
  driver->scratch_end (conn, one);
}

static void
scratch_needs_a_right (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  CormConnection *scratch = NULL;
  g_autoptr (CormConnection) plain = corm_connection_open_uri (g_getenv ("CORM_TEST_MYSQL_PLAIN"), &error);
  assert_non_null (plain);
  assert_false (mysql_fixture_link ()->driver->scratch_begin (plain, &scratch, &error));
  assert_null (scratch);
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_DENIED));
  assert_non_null (strstr (error->message, "GRANT ALL ON `corm\\_scratch\\_%`.* TO corm_plain@localhost"));
}

static void
needs_a_database (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  g_autofree char *uri =
      g_strdup_printf ("mysql://corm:secret@localhost/%s", strchr (g_getenv ("CORM_TEST_MYSQL"), '?'));
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
  g_autoptr (CormSchema) schema = corm_schema_new ("mysql");
  assert_non_null (conn);
  assert_false (mysql_fixture_link ()->driver->inspect (conn, FALSE, schema, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_INVALID));
}

static void
after_load (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = make_and_read ();
  const CormDriver *driver = mysql_fixture_link ()->driver;
  mysql_run ("INSERT INTO people (id, name) VALUES (41, 'x')");
  assert_true (driver->after_load (mysql_fixture (), corm_schema_find_table (schema, "people"), 0, NULL));
  mysql_run ("INSERT INTO people (name) VALUES ('y')");
  g_autofree char *id = mysql_text_of ("SELECT id FROM people WHERE name = 'y'");
  assert_string_equal (id, "42");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (columns_of_a_table),
    cmocka_unit_test (details_of_columns),
    cmocka_unit_test (keys_and_checks),
    cmocka_unit_test (foreign_keys),
    cmocka_unit_test (indexes),
    cmocka_unit_test (views_and_triggers),
    cmocka_unit_test (constant_number_of_queries),
    cmocka_unit_test (scratch_reads_alike),
    cmocka_unit_test (scratch_leftovers_go),
    cmocka_unit_test (scratch_needs_a_right),
    cmocka_unit_test (needs_a_database),
    cmocka_unit_test (after_load),
  };
  return cmocka_run_group_tests_name ("mysql introspect", tests, NULL, mysql_fixture_close);
}
