/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Views, triggers and the rest of a schema move: with their own words between two databases of one kind, translated and
 * proved where they are plain between two kinds, and listed with the reason where they are not. */
#include "../lib/sides.h"

/* --- SQLite to others -------------------------------------------------------------------------------------------- */

static const char *const shop[] = {
  "CREATE TABLE person (id INTEGER PRIMARY KEY, \"Full Name\" TEXT NOT NULL, balance NUMERIC(10,2), active "
  "BOOLEAN NOT "
  "NULL, born DATE, size REAL)",
  "CREATE TABLE item (id INTEGER PRIMARY KEY, person INTEGER REFERENCES person (id), word TEXT, n INTEGER)",
  "CREATE TABLE totals (person INTEGER PRIMARY KEY, n INTEGER NOT NULL)",
  "CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT, person INTEGER, n INTEGER)",
  "INSERT INTO person VALUES (1, 'Ada', 12.5, 1, '1815-12-10', 1.5), (2, 'Grace', 0.1, 0, NULL, -2.25), (3, "
  "'Zoë', "
  "NULL, 1, '2000-02-29', NULL)",
  "INSERT INTO item VALUES (1, 1, 'one', 1), (2, 1, 'none', 2), (3, 2, NULL, 3), (4, 3, 'four', 4), (5, 3, "
  "'', NULL)",
  "INSERT INTO totals VALUES (1, 3), (2, 3)",
  "CREATE VIEW v_all AS SELECT * FROM person",
  "CREATE VIEW v_join AS SELECT p.\"Full Name\", i.word AS \"the word\", i.n * 2 + 1 AS twice FROM person p "
  "JOIN item AS "
  "i ON i.person = p.id WHERE p.active = 1 AND i.word <> 'none' ORDER BY p.\"Full Name\" DESC, twice",
  "CREATE VIEW v_left (id, \"Items\", total, how) AS SELECT p.id, count(i.id), coalesce(sum(i.n), 0), CASE "
  "WHEN max(i.n) > "
  "3 THEN 'much' ELSE 'little' END FROM person p LEFT JOIN item i ON i.person = p.id AND i.n IS NOT NULL "
  "GROUP BY p.id",
  "CREATE VIEW v_view AS SELECT \"Full Name\" AS name FROM v_join WHERE twice IN (3, 9)",
  "CREATE VIEW n_half AS SELECT n / 2 AS half FROM item",
  "CREATE VIEW n_year AS SELECT strftime('%Y', born) AS year FROM person",
  "CREATE VIEW n_behind AS SELECT year FROM n_year",
  "CREATE TRIGGER t_new AFTER INSERT ON item BEGIN INSERT INTO log (what, person, n) VALUES ('new', "
  "NEW.person, NEW.n); "
  "UPDATE totals SET n = n + NEW.n WHERE person = NEW.person; END",
  "CREATE TRIGGER t_changed AFTER UPDATE ON item WHEN NEW.n <> OLD.n BEGIN INSERT INTO log (what, person, n) "
  "VALUES "
  "('changed', NEW.person, NEW.n - OLD.n); END",
  "CREATE TRIGGER t_gone AFTER DELETE ON item BEGIN DELETE FROM totals WHERE person = OLD.person AND n = 0; "
  "INSERT INTO "
  "log (what) VALUES ('gone'); END",
  "CREATE TRIGGER n_raise BEFORE INSERT ON item WHEN NEW.n < 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
  "CREATE TRIGGER n_of_word AFTER UPDATE OF word ON item BEGIN INSERT INTO log (what) VALUES ('word'); END",
  NULL
};

static void
assert_view (const CormPortReport *report, const char *name, guint64 n_rows)
{
  g_autofree char *line = g_strconcat ("view ", name, NULL);
  const CormTableReport *view = sides_find_report (report, line);
  if (view == NULL || !view->verified || !view->equal || view->source_rows != n_rows ||
      view->target_rows != n_rows)
    fail_msg ("%s: %s", line, view == NULL ? "it was not compared" : "not equal, or with other rows");
}

/* The same changes on both sides do the same. */
static void
assert_acts_alike (Sides *sides)
{
  static const char *const changes[] = { "INSERT INTO item VALUES (10, 1, 'ten', 10)",
                                         "UPDATE item SET n = 10 WHERE id = 10", /* it is that already */
                                         "UPDATE item SET n = 4 WHERE id = 10",
                                         "DELETE FROM item WHERE id = 5", NULL };
  static const char *const questions[] = {
    "SELECT count(*) FROM log", "SELECT count(*) FROM log WHERE what = 'new' AND person = 1 AND n = 10",
    "SELECT count(*) FROM log WHERE what = 'changed' AND n = -6", "SELECT n FROM totals WHERE person = 1"
  };
  static const gint64 answers[] = { 3, 1, 1, 13 };
  CormConnection *const both[] = { sides->from, sides->to };
  for (guint side = 0; side < 2; side++) {
    sides_run (both[side], changes);
    for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
      if (suite_number (both[side], questions[i]) != answers[i])
        fail_msg ("the %s: %s", side == 0 ? "source" : "target", questions[i]);
  }
}

static void
from_sqlite (Side side)
{
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_SQLITE3, side))
    return;
  sides_run (sides.from, shop);
  CormPortOptions options = { .plan_only = true };
  g_autoptr (CormPortReport) plan = sides_port (&sides, &options);
  assert_int_equal (plan->objects->len, side == SIDE_PGSQL ? 8 : 7);
  options = (CormPortOptions){ .verify = true };
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  assert_view (report, "v_all", 3);
  assert_view (report, "v_join", 3);
  assert_view (report, "v_left", 3);
  assert_view (report, "v_view", 2);
  assert_int_equal (report->tables->len, 8);
  assert_int_equal (report->objects->len, side == SIDE_PGSQL ? 8 : 7);
  sides_assert_line (report->not_moved, "view n_half: CREATE VIEW n_half",
                     "'/' is not known to mean the same");
  sides_assert_line (report->not_moved, "view n_year", "strftime()");
  sides_assert_line (report->not_moved, "view n_behind", "'n_year' is no table");
  sides_assert_line (report->not_moved, "trigger n_raise", "'SELECT'");
  if (side == SIDE_MYSQL)
    sides_assert_line (report->not_moved, "trigger n_of_word", "UPDATE OF");
  assert_acts_alike (&sides);
}

static void
from_sqlite_to_pgsql (void **state)
{
  (void) state;
  from_sqlite (SIDE_PGSQL);
}

static void
from_sqlite_to_mysql (void **state)
{
  (void) state;
  from_sqlite (SIDE_MYSQL);
}

/* --- others to SQLite and to each other -------------------------------------------------------------------------- */

static const char *const server_tables[] = {
  "CREATE TABLE person (id bigint PRIMARY KEY, name varchar(40) NOT NULL, balance numeric(10,2), size double "
  "precision)",
  "CREATE TABLE item (id bigint PRIMARY KEY, person bigint REFERENCES person (id), word varchar(40), n "
  "bigint)",
  "CREATE TABLE totals (person bigint PRIMARY KEY, n bigint NOT NULL)",
  "CREATE TABLE log (id bigint, what varchar(40), person bigint, n bigint)",
  "INSERT INTO person VALUES (1, 'Ada', 12.5, 1.5), (2, 'Grace', 0.1, -2.25), (3, 'Zoe', NULL, NULL)",
  "INSERT INTO item VALUES (1, 1, 'one', 1), (2, 1, 'none', 2), (3, 2, NULL, 3), (4, 3, 'four', 4), (5, 3, "
  "'', NULL)",
  "INSERT INTO totals VALUES (1, 3), (2, 3)",
  "CREATE VIEW v_join AS SELECT p.name, i.word AS w, i.n * 2 + 1 AS twice FROM person p JOIN item AS i ON "
  "i.person = p.id "
  "WHERE p.balance > 10 AND i.word <> 'none' AND (i.n > 0 OR p.name IN ('Ada', 'Zoe'))",
  "CREATE VIEW v_count AS SELECT p.name, count(*) AS items, count(i.word) AS words, sum(i.n) AS total FROM "
  "person p LEFT "
  "JOIN item i ON i.person = p.id GROUP BY p.name HAVING count(*) > 0",
  "CREATE VIEW v_view AS SELECT DISTINCT name FROM v_join WHERE twice = 3",
  "CREATE VIEW n_upper AS SELECT upper(name) AS name FROM person",
  NULL
};

static const char *const pgsql_triggers[] = {
  "CREATE FUNCTION count_items() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (what, person, "
  "n) VALUES "
  "('new', NEW.person, NEW.n); UPDATE totals SET n = totals.n + NEW.n WHERE totals.person = NEW.person; "
  "RETURN NEW; END $$",
  "CREATE FUNCTION say_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (what, person, "
  "n) VALUES "
  "('changed', NEW.person, NEW.n - OLD.n); RETURN NULL; END $$",
  "CREATE FUNCTION say_gone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log (what) VALUES "
  "('gone'); RETURN "
  "OLD; END $$",
  "CREATE TRIGGER t_new AFTER INSERT ON item FOR EACH ROW EXECUTE FUNCTION count_items()",
  "CREATE TRIGGER t_changed AFTER UPDATE ON item FOR EACH ROW WHEN (NEW.n <> OLD.n) EXECUTE FUNCTION "
  "say_change()",
  "CREATE TRIGGER t_gone AFTER DELETE ON item FOR EACH ROW EXECUTE FUNCTION say_gone()",
  NULL
};

static const char *const mysql_triggers[] = {
  "CREATE TRIGGER t_new AFTER INSERT ON item FOR EACH ROW BEGIN INSERT INTO log (what, person, n) VALUES "
  "('new', "
  "NEW.person, NEW.n); UPDATE totals SET n = n + NEW.n WHERE person = NEW.person; END",
  "CREATE TRIGGER t_gone AFTER DELETE ON item FOR EACH ROW INSERT INTO log (what) VALUES ('gone')",
  "CREATE TRIGGER t_changed BEFORE UPDATE ON totals FOR EACH ROW SET NEW.n = NEW.n + 0",
  "CREATE TRIGGER n_if AFTER UPDATE ON item FOR EACH ROW BEGIN IF NEW.n <> OLD.n THEN INSERT INTO log (what, "
  "person, n) "
  "VALUES ('changed', NEW.person, NEW.n - OLD.n); END IF; END",
  NULL
};

static void
assert_server_views (const CormPortReport *report)
{
  sides_assert_equal (report);
  assert_view (report, "v_join", 1);
  assert_view (report, "v_count", 3);
  assert_view (report, "v_view", 1);
  sides_assert_line (report->not_moved, "view n_upper", "is not known to mean the same");
}

static void
from_pgsql_to_sqlite (void **state)
{
  (void) state;
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  sides_run (sides.from, server_tables);
  sides_run (sides.from, pgsql_triggers);
  const CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  assert_server_views (report);
  assert_int_equal (report->objects->len, 6);
  assert_acts_alike (&sides);
}

static void
from_mysql_to_pgsql (void **state)
{
  (void) state;
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_PGSQL))
    return;
  suite_sql (sides.from,
             "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"); /* else 'a' is equal to 'A' */
  sides_run (sides.from, server_tables);
  sides_run (sides.from, mysql_triggers);
  const CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  assert_server_views (report);
  sides_assert_line (report->not_moved, "trigger n_if", "'IF'");
  assert_int_equal (report->objects->len, 6);
  suite_sql (sides.to, "INSERT INTO item VALUES (10, 1, 'ten', 10)");
  suite_sql (sides.to, "DELETE FROM item WHERE id = 5");
  assert_int_equal (suite_number (sides.to, "SELECT n FROM totals WHERE person = 1"), 13);
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM log"), 2);
}

/* --- two of one kind --------------------------------------------------------------------------------------------- */

static const char *const own_sqlite[] = {
  "CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)",
  "CREATE TABLE log (what TEXT)",
  "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
  "CREATE VIEW v AS SELECT upper(word) AS word, id / 2 AS half FROM t",
  "CREATE TRIGGER g AFTER INSERT ON t WHEN NEW.id > (SELECT count(*) FROM v) BEGIN INSERT INTO log SELECT "
  "'a' || "
  "NEW.word; END",
  "CREATE VIRTUAL TABLE n_words USING fts5 (word)",
  "CREATE TRIGGER n_index AFTER INSERT ON t BEGIN INSERT INTO n_words VALUES (NEW.word); END",
  NULL
};

static const char *const own_pgsql[] = {
  "CREATE SEQUENCE numbers START 5 INCREMENT 3",
  "CREATE DOMAIN short AS text CHECK (length(VALUE) < 10)",
  "CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n * 2 $$",
  "CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval('numbers'), word short, CHECK (twice(id) > 0))",
  "CREATE TABLE log (what text)",
  "INSERT INTO t (word) VALUES ('a'), ('b')",
  "CREATE VIEW v AS SELECT upper(word) AS word, twice(id) / 2 AS half FROM t",
  "CREATE MATERIALIZED VIEW m AS SELECT count(*) AS n FROM v",
  "CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log SELECT 'a' || "
  "NEW.word; RETURN NULL; "
  "END $$",
  "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION say()",
  NULL
};

static const char *const own_mysql[] = {
  "CREATE TABLE t (id integer PRIMARY KEY, word varchar(20))",
  "CREATE TABLE log (what varchar(20))",
  "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
  "CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 3 NOCACHE",
  "CREATE FUNCTION twice(n integer) RETURNS integer DETERMINISTIC RETURN n * 2",
  "CREATE VIEW v AS SELECT upper(word) AS word, twice(id) / 2 AS half FROM t",
  "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW INSERT INTO log VALUES (concat('a', NEW.word))",
  NULL
};

static void
between_two_of_one_kind (Side side, const char *const *statements, guint n_objects)
{
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, side, side))
    return;
  sides_run (sides.from, statements);
  if (side == SIDE_MYSQL)
    assert_int_equal (suite_number (sides.from, "SELECT nextval(numbers)"), 5);
  const CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  if (report->objects->len != n_objects)
    sides_assert_line (report->not_moved, "all of them", "are moved");
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM v WHERE word = 'B'"), 1);
  suite_sql (sides.to, "INSERT INTO t (id, word) VALUES (100, 'x')");
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM log WHERE what = 'ax'"), 1);
  if (side == SIDE_PGSQL)
    assert_int_equal (suite_number (sides.to, "SELECT nextval('numbers')"), 11);
  if (side == SIDE_PGSQL)
    assert_int_equal (suite_number (sides.to, "SELECT n FROM m"), 2);
  if (side == SIDE_MYSQL)
    assert_int_equal (suite_number (sides.to, "SELECT nextval(numbers)"), 8);
  if (side != SIDE_SQLITE3)
    return;
  sides_assert_line (report->not_moved, "virtual table n_words", "its rows");
  sides_assert_line (report->not_moved, "trigger n_index", "it needs n_words");
}

static void
sqlite_to_sqlite (void **state)
{
  (void) state;
  between_two_of_one_kind (SIDE_SQLITE3, own_sqlite, 2);
}

static void
pgsql_to_pgsql (void **state)
{
  (void) state;
  between_two_of_one_kind (SIDE_PGSQL, own_pgsql, 7);
}

static void
mysql_to_mysql (void **state)
{
  (void) state;
  between_two_of_one_kind (SIDE_MYSQL, own_mysql, 4);
}

/* --- what stops it ----------------------------------------------------------------------------------------------- */

static void
assert_empty (Sides *sides)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (sides->to, error)) != NULL);
  assert_int_equal (schema->tables->len, 0);
  assert_int_equal (schema->objects->len, 0);
}

/* Bytes in a column of texts are equal to no text in SQLite, but become one elsewhere: the view reads otherwise. */
static void
a_view_that_reads_otherwise (void **state)
{
  static const Side targets[] = { SIDE_PGSQL, SIDE_MYSQL };
  (void) state;
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_SQLITE3, targets[i]))
      continue;
    sides_run (sides.from, shop);
    suite_sql (sides.from, "INSERT INTO item VALUES (20, 1, x'6f6e65', 1)");
    suite_sql (sides.from, "CREATE VIEW v_ones AS SELECT id FROM item WHERE word = 'one'");
    const CormPortOptions options = { .verify = true };
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    assert_false (report->equal);
    const CormTableReport *view = sides_find_report (report, "view v_ones");
    assert_non_null (view);
    assert_false (view->equal);
    sides_assert_line (view->differences, "20", "only in the target");
    assert_empty (&sides);
  }
}

/* Corm reads SQLite without its way of taking "word" for a text; a view with it can be moved, and is not proved. */
static void
a_view_that_its_own_database_cant_read (void **state)
{
  (void) state;
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_PGSQL))
    return;
  sides_run (sides.from, shop);
  suite_sql (sides.from, "CREATE VIEW v_quoted AS SELECT id FROM item WHERE word = \"one\"");
  const CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  sides_assert_line (report->notes, "view v_quoted is not compared", "no such column: one");
  assert_int_equal (suite_number (sides.to, "SELECT id FROM v_quoted"), 1);
}

/* What the target has stays, whether the port comes to its end or not. */
static void
what_is_there_stays (void **state)
{
  (void) state;
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_PGSQL))
    return;
  sides_run (sides.from, shop);
  suite_sql (sides.to, "CREATE VIEW v_all AS SELECT 7 AS seven");
  suite_sql (sides.to, "CREATE FUNCTION t_gone() RETURNS integer LANGUAGE sql AS 'SELECT 8'");
  suite_sql (sides.from, "INSERT INTO item VALUES (30, 1, x'6f6e65', 1)");
  suite_sql (sides.from, "CREATE VIEW v_ones AS SELECT id FROM item WHERE word = 'one'");
  const CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) undone = sides_port (&sides, &options);
  assert_false (undone->equal);
  assert_int_equal (suite_number (sides.to, "SELECT seven FROM v_all"), 7);
  assert_int_equal (suite_number (sides.to, "SELECT t_gone()"), 8);
  suite_sql (sides.from, "DELETE FROM item WHERE id = 30");
  g_autoptr (CormPortReport) report = sides_port (&sides, NULL);
  sides_assert_line (report->not_moved, "view v_all", "the target has one of that name");
  sides_assert_line (report->not_moved, "trigger t_gone", "a function of that name");
  assert_int_equal (suite_number (sides.to, "SELECT seven FROM v_all"), 7);
  assert_int_equal (suite_number (sides.to, "SELECT t_gone()"), 8);
}

static int
end (void **state)
{
  (void) state;
  sides_end ();
  return 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (from_sqlite_to_pgsql),
    cmocka_unit_test (from_sqlite_to_mysql),
    cmocka_unit_test (from_pgsql_to_sqlite),
    cmocka_unit_test (from_mysql_to_pgsql),
    cmocka_unit_test (sqlite_to_sqlite),
    cmocka_unit_test (pgsql_to_pgsql),
    cmocka_unit_test (mysql_to_mysql),
    cmocka_unit_test (a_view_that_reads_otherwise),
    cmocka_unit_test (a_view_that_its_own_database_cant_read),
    cmocka_unit_test (what_is_there_stays),
  };
  return cmocka_run_group_tests_name ("port objects", tests, NULL, end);
}
