/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What MariaDB's catalogue doesn't tell as it is: backslashes and characters of four bytes in what somebody typed, and all
 * that a role has no right to see. */
#include "../lib/sides.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* Typed in the mode that most clients have, where a backslash in a literal is one. */
static const char *const typed[] = {
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES'",
  "CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT 'x😀\\\\y?', b varchar(90), "
  "label enum('b\\\\c', 'it''s') DEFAULT 'b\\\\c', e varchar(20) DEFAULT (concat('😀', '\\\\n')), "
  "g varchar(40) AS (concat(a, '😀')) STORED, what varchar(20) DEFAULT 'what?', "
  "ch varchar(20) CHECK (ch <> '😀\\\\n'), CONSTRAINT ck CHECK (b <> '🙂\\\\n'))",
  "CREATE FUNCTION f(x enum('a\\nb', 'it''s')) RETURNS enum('r\\\\s', 'q''') DETERMINISTIC COMMENT 'k\\\\ 1' "
  "RETURN 'r\\\\s'",
  "CREATE FUNCTION made(`a)` int) RETURNS varchar(99) DETERMINISTIC NO SQL\n  RETURN concat('a\\\\b😀', "
  "\"it's\", 'x\\'y', 'n\\nn')",
  "CREATE PROCEDURE p(IN x varchar(20), OUT y varchar(99)) MODIFIES SQL DATA SQL SECURITY INVOKER COMMENT "
  "'k\\\\ ''a''\\n b' BEGIN /* 😀 */ SET y = 'a\\\\b😀'; END",
  "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.b = concat('for each row \\\\', '😀?')",
  "CREATE TRIGGER later BEFORE INSERT ON t FOR EACH ROW FOLLOWS tr SET NEW.b = concat(NEW.b, '\\\\2')",
  "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2031-01-01 00:00:00' DISABLE COMMENT 'do it' DO UPDATE t "
  "SET b = 'a\\\\b😀' WHERE id < 0",
  "CREATE VIEW v AS SELECT a, 'a\\\\b😀' AS x, 'it''s' AS y, 'n\\nn' AS z FROM t",
  "CREATE VIEW w AS SELECT char_length(_utf8mb4 x'F09F9880') AS n, _latin1'a' = 'A' AS l",
  "CREATE FUNCTION n() RETURNS int DETERMINISTIC RETURN char_length(_utf8mb4 x'F09F9880')",
  "SET SESSION sql_mode = 'ORACLE'",
  "CREATE FUNCTION o(a varchar2(10)) RETURN varchar2(20) AS BEGIN RETURN a || 'a\\\\b😀'; END",
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES'",
  NULL,
};

/* All of it in one text. */
static const char *const answers[] = {
  "INSERT INTO t (id) VALUES (1)",
  "CALL p ('', @y)",
  NULL,
};

static char *
ask (CormConnection *conn)
{
  sides_run (conn, answers);
  return suite_text (
      conn, "SELECT hex(concat_ws('|', a, b, label, label + 0, e, g, what, f('it''s'), made(1), @y, o('x'), "
            "(SELECT concat_ws('|', x, y, z) FROM v), (SELECT concat(n, l) FROM w), n())) FROM t");
}

static void
what_was_typed (G_GNUC_UNUSED void **state)
{
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_MYSQL))
    return;
  sides_run (sides.from, typed);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  assert_int_equal (report->not_moved->len, 0);
  g_autofree char *was = ask (sides.from), *is = ask (sides.to);
  assert_string_equal (is, was);
  /* "a" ends with a "?" of its own, and so does the trigger's text. */
  assert_non_null (strstr (was, "78F09F98805C793F7C"));
  assert_non_null (strstr (was, "666F72206561636820726F77205CF09F98803F5C32"));
}

/* What is compared by nobody's value: comments, events, checks. */
static void
what_is_only_seen (G_GNUC_UNUSED void **state)
{
  static const char *const queries[] = {
    "SELECT group_concat(hex(check_clause) ORDER BY constraint_name) FROM "
    "information_schema.check_constraints "
    "WHERE constraint_schema = DATABASE()",
    "SELECT group_concat(hex(routine_comment), hex(routine_definition) ORDER BY specific_name) FROM "
    "information_schema.routines WHERE routine_schema = DATABASE()",
    "SELECT group_concat(concat_ws('|', hex(event_definition), event_comment, status, starts, sql_mode)) "
    "FROM "
    "information_schema.events WHERE event_schema = DATABASE()",
    "SELECT hex(group_concat(parameter_name, dtd_identifier ORDER BY specific_name, ordinal_position)) FROM "
    "information_schema.parameters WHERE specific_schema = DATABASE()",
  };
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_MYSQL))
    return;
  sides_run (sides.from, typed);
  corm_port_report_free (sides_port (&sides, &options));
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autofree char *was = suite_text (sides.from, queries[i]), *is = suite_text (sides.to, queries[i]);
    assert_string_equal (is, was);
  }
  static const char *const refused[] = { "INSERT INTO t (id, ch) VALUES (2, '😀\\n')",
                                         "UPDATE t SET b = '🙂\\n'" };
  suite_sql (sides.to, "INSERT INTO t (id) VALUES (3)");
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    assert_false (corm_execute (sides.to, refused[i], NULL, NULL, &error));
    assert_int_equal (error->code, CORM_ERROR_CHECK);
  }
}

static void
collations_of_literals (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "CREATE TABLE t (a int)",
    "SET collation_connection = utf8mb4_general_ci",
    "CREATE VIEW said AS SELECT a, IF(a > 0, 'open', 'closed') AS state FROM t",
    "CREATE VIEW unsaid AS SELECT a + 1 AS b FROM t",
    "SET collation_connection = utf8mb4_nopad_bin",
    "CREATE VIEW same AS SELECT a, 'x' AS c FROM t",
    NULL,
  };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_MYSQL))
    return;
  sides_run (sides.from, sql);
  g_autoptr (CormPortReport) report = sides_port (&sides, NULL);
  assert_int_equal (report->not_moved->len, 1);
  sides_assert_line (report->not_moved, "collation utf8mb4_general_ci of the literals in view said", "");
}

/* --- what a role may not see -------------------------------------------------------------------------------------- */

/* Runs @format with the database's name, then the role's, as the superuser. */
static void
administer (const char *format, const char *database, const char *role)
{
  g_autoptr (CormConnection) admin = NULL;
  g_autoptr (GString) sql = g_string_new (format);
  g_string_replace (sql, "{d}", database, 0);
  g_string_replace (sql, "{r}", role, 0);
  assert_ok ((admin = corm_connection_open_uri (g_getenv ("CORM_TEST_MYSQL_ADMIN"), error)) != NULL);
  suite_sql (admin, sql->str);
}

static const char *const shop[] = {
  "CREATE TABLE people (id int PRIMARY KEY, name varchar(20), secret varchar(20))",
  "CREATE TABLE orders (id int PRIMARY KEY, person int, other int, CONSTRAINT `on delete x` FOREIGN KEY "
  "(person) REFERENCES people (id) ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT fk_other FOREIGN KEY "
  "(other) REFERENCES people (id) ON UPDATE CASCADE)",
  "INSERT INTO people VALUES (1, 'Ann', 'x')",
  "INSERT INTO orders VALUES (1, 1, 1)",
  "CREATE TRIGGER tr BEFORE INSERT ON people FOR EACH ROW SET NEW.name = 'x'",
  NULL,
};

static const struct {
  const char *grants[3];
  const char *told[5]; /* of a line's beginning */
  const char *key;     /* that the target has */
} roles[] = {
  { { "GRANT SELECT ON {d}.* TO {r}@localhost" },
    { "triggers, if the source has any", "functions and procedures, if", "events, if" },
    "CASCADE|SET NULL,RESTRICT|CASCADE" },
  { { "GRANT SELECT, EXECUTE, EVENT, TRIGGER ON `{d}`.* TO {r}@localhost" },
    { NULL },
    "CASCADE|SET NULL,RESTRICT|CASCADE" },
  { { "GRANT SELECT (id, name) ON {d}.people TO {r}@localhost",
      "GRANT SELECT ON {d}.orders TO {r}@localhost" },
    { "other columns of table people", "other tables, if", "triggers, if", "functions and procedures, if",
      "events, if" },
    "CASCADE|SET NULL,RESTRICT|CASCADE" },
};

static void
port_as (guint which)
{
  static const char rules[] =
      "SELECT group_concat(concat_ws('|', delete_rule, update_rule) ORDER BY constraint_name DESC) FROM "
      "information_schema.referential_constraints WHERE constraint_schema = DATABASE()";
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_MYSQL))
    return;
  sides_run (sides.from, shop);
  g_autofree char *database = suite_text (sides.from, "SELECT DATABASE()");
  g_autofree char *role = g_strdup_printf ("corm_reader_%d_%u", (int) getpid (), which);
  g_autofree char *uri = places_change_uri (g_getenv ("CORM_TEST_MYSQL"), role, "", database);
  administer ("CREATE USER {r}@localhost", database, role);
  for (guint i = 0; i < G_N_ELEMENTS (roles[which].grants) && roles[which].grants[i] != NULL; i++)
    administer (roles[which].grants[i], database, role);
  g_clear_pointer (&sides.from, corm_connection_free);
  corm_db_free (sides.source);
  assert_ok ((sides.source = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  guint n = 0;
  for (; n < G_N_ELEMENTS (roles[which].told) && roles[which].told[n] != NULL; n++)
    sides_assert_line (report->not_moved, roles[which].told[n], role);
  assert_int_equal (report->not_moved->len, n);
  g_autofree char *key = suite_text (sides.to, rules);
  assert_string_equal (key, roles[which].key);
  administer ("DROP USER {r}@localhost", database, role);
}

static void
what_a_role_may_not_see (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    port_as (i);
}

/* It could make nothing, so nothing is left, and nothing is to be dropped. */
static void
a_role_that_may_make_nothing (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = { "CREATE TABLE t (id INTEGER PRIMARY KEY)", NULL };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_MYSQL))
    return;
  sides_run (sides.from, sql);
  g_autofree char *database = suite_text (sides.to, "SELECT DATABASE()");
  g_autofree char *role = g_strdup_printf ("corm_writer_%d", (int) getpid ());
  g_autofree char *uri = places_change_uri (g_getenv ("CORM_TEST_MYSQL"), role, "", database);
  administer ("CREATE USER {r}@localhost", database, role);
  administer ("GRANT SELECT, INSERT, UPDATE, DELETE ON {d}.* TO {r}@localhost", database, role);
  g_autoptr (CormDb) target = NULL;
  g_autoptr (GError) error = NULL;
  target = corm_db_open (uri, NULL, &error);
  assert_null (corm_port (sides.source, target, NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_DENIED);
  assert_null (strstr (error->message, "still has"));
  assert_non_null (strstr (error->message, "GRANT CREATE"));
  administer ("DROP USER {r}@localhost", database, role);
}

/* --- what the target has no place for ----------------------------------------------------------------------------------- */

static void
a_key_of_long_text (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "CREATE TABLE words (word text PRIMARY KEY, n bigint)",
    "CREATE TABLE uses (id bigint PRIMARY KEY, word text REFERENCES words (word))",
    "INSERT INTO words VALUES ('short', 1)",
    "INSERT INTO uses VALUES (1, 'short'), (2, 'short')",
    NULL,
  };
  static const Side from[] = { SIDE_SQLITE3, SIDE_PGSQL };
  for (guint i = 0; i < G_N_ELEMENTS (from); i++) {
    g_auto (Sides) sides = { 0 };
    g_autofree char *path = g_strdup_printf ("%s/rejects.%d.%u", g_get_tmp_dir (), (int) getpid (), i);
    CormPortOptions options = { .verify = true, .rejects = path };
    if (!sides_begin (&sides, from[i], SIDE_MYSQL))
      return;
    sides_run (sides.from, sql);
    g_autofree char *text = g_strnfill (256, 'x'), *fits = g_strnfill (255, 'y');
    g_autofree char *too_long = g_strdup_printf ("INSERT INTO words VALUES ('%s', 2), ('%s', 3)", text, fits);
    suite_sql (sides.from, too_long);
    assert_fails (corm_port (sides.source, sides.target, NULL, error) != NULL, CORM_ERROR_CONVERSION,
                  "words, word = 'xxx", "256 characters, the column takes 255", "reject file");
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    assert_int_equal (sides_find_report (report, "words")->rejected, 1);
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM words WHERE char_length(word) = 255"), 1);
    g_unlink (path);
  }
}

/* What a port made in ORACLE mode, it can take away again. */
static void
a_package_is_undone (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "SET SESSION sql_mode = ''",
    "CREATE TABLE t (id int PRIMARY KEY, d date)",
    "INSERT INTO t VALUES (1, '2020-00-00')",
    "SET SESSION sql_mode = 'ORACLE'",
    "CREATE PACKAGE pk AS FUNCTION f RETURN int; END",
    "CREATE PACKAGE BODY pk AS FUNCTION f RETURN int AS BEGIN RETURN 1; END; END",
    NULL,
  };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_MYSQL))
    return;
  sides_run (sides.from, sql);
  assert_fails (corm_port (sides.source, sides.target, NULL, error) != NULL, CORM_ERROR_CONVERSION,
                "nothing was changed in the target");
  suite_sql (sides.from, "DELETE FROM t");
  corm_port_report_free (sides_port (&sides, NULL));
}

static void
dates_of_zeros (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "SET SESSION sql_mode = ''",
    "CREATE TABLE z (id int PRIMARY KEY, d datetime DEFAULT '0000-00-00 00:00:00', e date DEFAULT "
    "'0000-00-00', v varchar(20) DEFAULT '0000-00-00')",
    "INSERT INTO z (id, d, e) VALUES (1, '2024-01-01', '2024-01-01')",
    NULL,
  };
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_MYSQL))
    return;
  sides_run (sides.from, sql);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  assert_int_equal (report->not_moved->len, 2);
  sides_assert_line (report->not_moved, "default of z.d", "0000-00-00");
  sides_assert_line (report->not_moved, "default of z.e", "0000-00-00");
  suite_sql (sides.to, "INSERT INTO z (id) VALUES (2)");
  g_autofree char *text = suite_text (sides.to, "SELECT concat_ws('|', d IS NULL, e IS NULL, v) FROM z "
                                                "WHERE id = 2");
  assert_string_equal (text, "1|1|0000-00-00");
}

static int
end (G_GNUC_UNUSED void **state)
{
  sides_end ();
  return 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_was_typed),
    cmocka_unit_test (what_is_only_seen),
    cmocka_unit_test (collations_of_literals),
    cmocka_unit_test (what_a_role_may_not_see),
    cmocka_unit_test (a_role_that_may_make_nothing),
    cmocka_unit_test (a_key_of_long_text),
    cmocka_unit_test (dates_of_zeros),
    cmocka_unit_test (a_package_is_undone),
  };
  return cmocka_run_group_tests_name ("port mysql", tests, NULL, end);
}
