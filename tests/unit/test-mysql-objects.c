/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whatever is no table: read from MariaDB, made again from its text in a scratch database, and read back the same. The
 * hostile cases: names with quotes, bodies with semicolons and backslashes, an sql_mode of its own, views in circles of
 * names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"

#include <string.h>

static const char *const tables[] = {
  "CREATE TABLE people (id int PRIMARY KEY, name varchar(80) COLLATE utf8mb4_nopad_bin, age int)",
  "CREATE TABLE `od``d é` (`c``x` int) ENGINE=Aria",
};

static const char *const objects[] = {
  "CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 MINVALUE 1 MAXVALUE 100 CACHE 10 CYCLE",
  "CREATE SEQUENCE `s``2` START WITH -1 INCREMENT BY -1 NOCACHE",
  "CREATE FUNCTION older (x int, `na``me` varchar(10) CHARACTER SET latin1) RETURNS varchar(20) "
  "DETERMINISTIC NO SQL "
  "SQL SECURITY INVOKER COMMENT 'it''s \\ older' RETURN concat(x + 1, 'a\\b')",
  "CREATE FUNCTION many () RETURNS int READS SQL DATA BEGIN DECLARE n int; SELECT count(*) INTO n FROM "
  "people; -- all;\n"
  "RETURN n; END",
  "CREATE AGGREGATE FUNCTION summed (x int) RETURNS int BEGIN DECLARE t int DEFAULT 0; DECLARE CONTINUE "
  "HANDLER FOR NOT "
  "FOUND RETURN t; LOOP FETCH GROUP NEXT ROW; SET t = t + x; END LOOP; END",
  "CREATE PROCEDURE `p``1` (IN a int, OUT b decimal(10,2), INOUT c enum('x','y;')) MODIFIES SQL DATA BEGIN "
  "SET b = 1; "
  "INSERT INTO people (id) VALUES (a); END",
  "CREATE PROCEDURE nothing () BEGIN END",
  /* zz is read by a view whose name comes before it. */
  "CREATE VIEW zz AS SELECT id, name, 'it''s `corm`.' AS t, older(age, 'x') AS o FROM people WHERE name <> "
  "'a\\b'",
  "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW aa AS SELECT id, name FROM zz WHERE id > 3 WITH LOCAL "
  "CHECK OPTION",
  "CREATE VIEW `o``dd é` AS SELECT `c``x` FROM `od``d é` WITH CASCADED CHECK OPTION",
  "CREATE TRIGGER second BEFORE INSERT ON people FOR EACH ROW SET NEW.age = NEW.age + 1",
  "CREATE TRIGGER zfirst BEFORE INSERT ON people FOR EACH ROW PRECEDES second BEGIN SET NEW.name = 'a;b'; "
  "SET @x = "
  "'\\'; END",
  "CREATE TRIGGER third BEFORE INSERT ON people FOR EACH ROW FOLLOWS second SET @y = \"z\"",
  "CREATE TRIGGER after_it AFTER UPDATE ON people FOR EACH ROW UPDATE `od``d é` SET `c``x` = NEW.id",
  "CREATE EVENT often ON SCHEDULE EVERY 1 HOUR STARTS '2035-01-01 00:00:00' ENDS '2036-01-01 00:00:00' ON "
  "COMPLETION "
  "PRESERVE DISABLE COMMENT 'now;then' DO BEGIN DELETE FROM people; DELETE FROM people; END",
  "CREATE EVENT `at``once` ON SCHEDULE AT '2035-01-01 12:30:00' DISABLE DO DELETE FROM people",
  "CREATE EVENT odd ON SCHEDULE EVERY '1:30' HOUR_MINUTE DISABLE DO SELECT 1",
};

/* As a migration runs it: not everything can be prepared. */
static void
run_on (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = corm_connection_get_link (conn);
  if (!link->driver->run (link, sql, &error))
    fail_msg ("%s: %s", sql, error->message);
}

static CormSchema *
inspect (CormConnection *conn)
{
  g_autoptr (GError) error = NULL;
  CormSchema *schema = corm_schema_new ("mysql");
  if (!corm_connection_get_link (conn)->driver->inspect (conn, FALSE, schema, &error))
    fail_msg ("%s", error->message);
  return schema;
}

/* An empty database on a connection of its own. */
static void
start_again (void)
{
  mysql_fixture_close (NULL);
  assert_non_null (mysql_fixture ());
}

/* The tables, and every object out of its text, in a scratch database, read back. */
static CormSchema *
make_again (const CormSchema *schema)
{
  g_autoptr (GError) error = NULL;
  CormConnection *scratch = NULL;
  const CormDriver *driver = mysql_fixture_link ()->driver;
  if (!driver->scratch_begin (mysql_fixture (), &scratch, &error))
    fail_msg ("%s", error->message);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    run_on (scratch, tables[i]);
  for (guint i = 0; i < schema->objects->len; i++)
    run_on (scratch, ((const CormSchemaObject *) schema->objects->pdata[i])->sql);
  CormSchema *again = inspect (scratch);
  driver->scratch_end (mysql_fixture (), scratch);
  return again;
}

static void
made_again_reads_alike (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    mysql_run (tables[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    mysql_run (objects[i]);
  g_autoptr (CormSchema) schema = inspect (mysql_fixture ());
  assert_int_equal (schema->tables->len, G_N_ELEMENTS (tables));
  assert_int_equal (schema->objects->len, G_N_ELEMENTS (objects));
  g_autoptr (CormSchema) again = make_again (schema);
  g_autofree char *a = corm_schema_to_json (schema), *b = corm_schema_to_json (again);
  assert_string_equal (a, b);
}

/* The same through a file: written as a script, and read from it. */
static CormSchema *
read_from_file (const CormSchema *schema)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) nothing = corm_schema_new (schema->dialect);
  g_autoptr (CormPlan) plan = corm_schema_diff (mysql_fixture (), nothing, schema, &error);
  g_autofree char *script = plan != NULL ? corm_plan_to_sql (plan) : NULL;
  CormSchema *read = script != NULL ? corm_schema_from_sql (mysql_fixture (), script, &error) : NULL;
  if (read == NULL)
    fail_msg ("%s", error->message);
  return read;
}

static const CormSchemaObject *
object (const CormSchema *schema, const char *kind, const char *name)
{
  const CormSchemaObject *found = corm_schema_find_object (schema, kind, name);
  if (found == NULL)
    fail_msg ("no %s %s", kind, name);
  return found;
}

/* Behind made_again_reads_alike. */
static void
their_words (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (CormSchema) schema = inspect (mysql_fixture ());
  static const char *const words[][3] = {
    { "sequence", "s",
      "CREATE SEQUENCE `s` START WITH 5 MINVALUE 1 MAXVALUE 100 INCREMENT BY 2 CACHE 10 CYCLE" },
    { "function", "older",
      "CREATE FUNCTION `older`(`x` int(11), `na``me` varchar(10) CHARACTER SET latin1 COLLATE "
      "latin1_swedish_ci) RETURNS "
      "varchar(20) DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s \\ older' RETURN concat(x + 1, "
      "'a\\b')" },
    { "procedure", "nothing", "CREATE PROCEDURE `nothing`() BEGIN END" },
    { "view", "aa",
      "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `aa` AS select `zz`.`id` AS `id`,`zz`.`name` AS "
      "`name` from `zz` "
      "where `zz`.`id` > 3 WITH LOCAL CHECK OPTION" },
    { "trigger", "third",
      "CREATE TRIGGER `third` BEFORE INSERT ON `people` FOR EACH ROW FOLLOWS `second` SET @y = \"z\"" },
    { "trigger", "zfirst",
      "CREATE TRIGGER `zfirst` BEFORE INSERT ON `people` FOR EACH ROW BEGIN SET NEW.name = 'a;b'; SET @x = "
      "'\\'; END" },
    { "event", "odd", "CREATE EVENT `odd` ON SCHEDULE EVERY '1:30' HOUR_MINUTE DISABLE DO SELECT 1" },
    { "event", "at`once",
      "CREATE EVENT `at``once` ON SCHEDULE AT '2035-01-01 12:30:00' DISABLE DO DELETE FROM people" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    assert_string_equal (object (schema, words[i][0], words[i][1])->sql, words[i][2]);
  assert_string_equal (object (schema, "trigger", "third")->table, "people");
  guint aa, zz;
  assert_true (g_ptr_array_find (schema->objects, object (schema, "view", "aa"), &aa));
  assert_true (g_ptr_array_find (schema->objects, object (schema, "view", "zz"), &zz));
  assert_true (zz < aa);
}

/* Made by another client in its own mode: the same text where the mode means nothing to it, else the mode is said, and
 * comes back with the text. */
static void
modes (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  mysql_run (tables[0]);
  mysql_run (tables[1]);
  mysql_run ("SET @was = @@sql_mode");
  mysql_run ("SET sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,"
             "NO_ENGINE_SUBSTITUTION'");
  mysql_run ("CREATE TRIGGER same BEFORE INSERT ON people FOR EACH ROW SET NEW.age = 1");
  mysql_run ("CREATE FUNCTION other () RETURNS varchar(10) RETURN 'a\\'b'");
  mysql_run ("CREATE TRIGGER updates AFTER INSERT ON people FOR EACH ROW UPDATE `od``d é` SET `c``x` = 1");
  mysql_run (
      "CREATE TRIGGER inserts AFTER INSERT ON people FOR EACH ROW BEGIN INSERT INTO `od``d é` VALUES (1); "
      "IF NEW.age > 1 THEN DELETE FROM `od``d é`; END IF; END");
  mysql_run ("SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'");
  mysql_run ("CREATE FUNCTION piped (x int) RETURNS varchar(10) RETURN \"x\" || '\"'");
  mysql_run ("SET sql_mode = 'ORACLE'");
  mysql_run ("CREATE PACKAGE pkg AS FUNCTION f RETURN int; PROCEDURE q; END");
  mysql_run ("CREATE PACKAGE BODY pkg AS FUNCTION f RETURN int AS BEGIN RETURN 1; END; PROCEDURE q AS BEGIN "
             "NULL; END; END");
  mysql_run ("CREATE PROCEDURE bare AS BEGIN NULL; END");
  mysql_run ("CREATE FUNCTION shaped (x int) RETURN int AS BEGIN RETURN x; END");
  mysql_run ("SET sql_mode = @was");
  g_autoptr (CormSchema) schema = inspect (mysql_fixture ());
  assert_string_equal (object (schema, "trigger", "same")->sql,
                       "CREATE TRIGGER `same` BEFORE INSERT ON `people` FOR EACH ROW SET NEW.age = 1");
  const char *piped = object (schema, "function", "piped")->sql;
  assert_true (g_str_has_prefix (piped, "SET STATEMENT sql_mode = 'PIPES_AS_CONCAT,ANSI_QUOTES,"));
  assert_non_null (strstr (piped, "' FOR EXECUTE IMMEDIATE 'CREATE FUNCTION `piped`"));
  const char *updates = object (schema, "trigger", "updates")->sql;
  assert_non_null (strstr (updates, "' FOR CREATE TRIGGER `updates`"));
  g_autoptr (CormSchema) again = make_again (schema);
  g_autofree char *a = corm_schema_to_json (schema), *b = corm_schema_to_json (again);
  assert_string_equal (a, b);
  assert_int_equal (schema->objects->len, 9);
  g_autoptr (CormSchema) read = read_from_file (schema);
  g_autofree char *c = corm_schema_to_json (read);
  assert_string_equal (a, c);
}

/* A script of a server that undoes no CREATE must not touch what is not its own. */
static void
other_databases (G_GNUC_UNUSED void **state)
{
  static const char *const scripts[] = {
    "CREATE TABLE a (id int); DROP TABLE a, corm_other.b",
    "CREATE PROCEDURE corm_other.p () SELECT 1",
    "CREATE DEFINER=`root`@`localhost` TRIGGER t BEFORE INSERT ON corm_other.b FOR EACH ROW SET @x = 1",
    "CREATE UNIQUE INDEX i ON corm_other.b (id)",
    "SET STATEMENT max_statement_time = 1 FOR CREATE TABLE corm_other.c (id int)",
    "CREATE TABLE a (id int); ALTER TABLE a RENAME TO corm_other.a",
  };
  NEEDS_MYSQL ();
  start_again ();
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autoptr (GError) error = NULL;
    assert_null (corm_schema_from_sql (mysql_fixture (), scripts[i], &error));
    if (strstr (error->message, "names another database") == NULL)
      fail_msg ("%s: %s", scripts[i], error->message);
  }
}

/* What a role may not see of a routine is neither made up nor made again. */
static void
hidden_routines (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  mysql_run ("CREATE FUNCTION f () RETURNS int RETURN 1");
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) seen = inspect (mysql_fixture ()), nothing = corm_schema_new ("mysql");
  g_autofree char *whole = corm_schema_to_json (seen);
  g_autoptr (CormSchema) hidden = corm_schema_from_json (whole, NULL);
  g_clear_pointer (&((CormSchemaObject *) hidden->objects->pdata[0])->sql, g_free);
  g_autofree char *json = corm_schema_to_json (hidden);
  g_autoptr (CormSchema) read = corm_schema_from_json (json, &error);
  assert_null (error);
  g_autoptr (CormPlan) made = corm_schema_diff (mysql_fixture (), nothing, read, NULL);
  g_autofree char *script = corm_plan_to_sql (made);
  assert_string_equal (script,
                       "-- differs: function f: the role that read the schema may not see its text: it "
                       "cannot be made\n");
  g_autoptr (CormPlan) there = corm_schema_diff (mysql_fixture (), seen, read, NULL);
  assert_int_equal (corm_plan_get_n_changes (there), 0);
  g_autoptr (CormPlan) back = corm_schema_diff (mysql_fixture (), read, seen, NULL);
  assert_int_equal (corm_plan_get_n_changes (back), 0);
  g_autoptr (CormPlan) gone = corm_schema_diff (mysql_fixture (), read, nothing, NULL);
  assert_int_equal (((CormOp *) gone->ops->pdata[0])->reverse->len, 0);
  g_autoptr (CormPlan) same = corm_schema_diff (mysql_fixture (), read, hidden, NULL);
  assert_int_equal (same->ops->len, 0);
}

/* A default may count: the sequence loses the database's name there too. */
static void
sequence_in_a_default (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  mysql_run ("CREATE SEQUENCE s");
  mysql_run ("CREATE TABLE counted (id bigint DEFAULT nextval(s), x varbinary(4) DEFAULT x'610062')");
  g_autoptr (CormSchema) schema = inspect (mysql_fixture ());
  const CormTable *table = corm_schema_find_table (schema, "counted");
  assert_string_equal (corm_table_find_column (table, "id")->default_sql, "nextval(`s`)");
  assert_string_equal (corm_table_find_column (table, "x")->default_sql, "x'610062'");
}

/* A zone that has a name for UTC is UTC; another one is said. */
static void
zones_of_events (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  mysql_run ("SET time_zone = '+02:00'");
  mysql_run ("CREATE EVENT fixed ON SCHEDULE AT '2035-01-01 12:00:00' DISABLE DO SELECT 1");
  mysql_run ("CREATE EVENT loose ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1");
  mysql_run ("SET time_zone = '+00:00'");
  g_autoptr (CormSchema) schema = inspect (mysql_fixture ());
  assert_string_equal (
      object (schema, "event", "fixed")->sql,
      "SET STATEMENT time_zone = '+02:00' FOR CREATE EVENT `fixed` ON SCHEDULE AT '2035-01-01 12:00:00' "
      "DISABLE DO SELECT 1");
  g_autoptr (CormSchema) again = inspect (mysql_fixture ());
  g_autofree char *a = corm_schema_to_json (schema), *b = corm_schema_to_json (again);
  assert_string_equal (a, b);
  assert_null (strstr (object (schema, "event", "loose")->sql, "STARTS"));
}

/* The server leaves their texts as they are: models rename a table and a column, and both still work. */
static void
renames_are_followed (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  mysql_run ("CREATE TABLE f (id int PRIMARY KEY, a int)");
  mysql_run ("CREATE VIEW fv AS SELECT x.id, x.a, (SELECT max(a) FROM f) AS m FROM f x WHERE 'f.a' <> ''");
  mysql_run ("CREATE TRIGGER ft BEFORE INSERT ON f FOR EACH ROW SET NEW.a = coalesce(NEW.a, 7)");
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) wanted = corm_schema_new (NULL);
  wanted->from_models = TRUE;
  CormTable *table = corm_schema_add_table (wanted, "g");
  table->was = g_strdup ("f");
  CormTableColumn *id = corm_table_add_column (table, "id");
  id->type.type = CORM_TYPE_INT32;
  id->not_null = TRUE;
  corm_table_set_primary_key (table, NULL)->columns = g_strdupv ((char *[]){ (char *) "id", NULL });
  CormTableColumn *column = corm_table_add_column (table, "b");
  column->type.type = CORM_TYPE_INT32;
  column->was = g_strdup ("a");
  g_autoptr (CormPlan) plan = corm_schema_migrate (mysql_fixture (), wanted, NULL, &error);
  if (plan == NULL)
    fail_msg ("%s", error->message);
  mysql_run ("INSERT INTO g (id) VALUES (1)");
  g_autofree char *text = mysql_text_of ("SELECT concat(a, ' ', m) FROM fv");
  assert_string_equal (text, "7 7");
}

/* They are made disabled there, and read back as they were asked for. */
static void
events_of_a_scratch_place_read_as_asked (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  start_again ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema =
      corm_schema_from_sql (mysql_fixture (),
                            "CREATE EVENT a ON SCHEDULE EVERY 1 SECOND DO SELECT 'disable';\n"
                            "CREATE EVENT `b``b` ON SCHEDULE EVERY 1 HOUR ENABLE COMMENT 'do' DO SELECT 1;\n"
                            "CREATE EVENT c ON SCHEDULE EVERY 1 HOUR DISABLE DO SELECT 1;\n",
                            &error);
  if (schema == NULL)
    fail_msg ("%s", error->message);
  static const char *const texts[] = {
    "CREATE EVENT `a` ON SCHEDULE EVERY 1 SECOND DO SELECT 'disable'",
    "CREATE EVENT `b``b` ON SCHEDULE EVERY 1 HOUR COMMENT 'do' DO SELECT 1",
    "CREATE EVENT `c` ON SCHEDULE EVERY 1 HOUR DISABLE DO SELECT 1"
  };
  for (guint i = 0; i < schema->objects->len; i++)
    assert_string_equal (((const CormSchemaObject *) schema->objects->pdata[i])->sql, texts[i]);
  assert_int_equal (schema->objects->len, 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (made_again_reads_alike),
    cmocka_unit_test (their_words),
    cmocka_unit_test (modes),
    cmocka_unit_test (sequence_in_a_default),
    cmocka_unit_test (zones_of_events),
    cmocka_unit_test (other_databases),
    cmocka_unit_test (hidden_routines),
    cmocka_unit_test (renames_are_followed),
    cmocka_unit_test (events_of_a_scratch_place_read_as_asked),
  };
  return cmocka_run_group_tests_name ("mysql objects", tests, NULL, mysql_fixture_close);
}
