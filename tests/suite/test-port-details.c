/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What keys, checks, indexes and columns have beside their names: between two databases of one kind all of it is there
 * behind the port; between two kinds what would mean something else is listed. And parts of one table that wait for each other. */
#include "../lib/sides.h"

static const char *const in_sqlite[] = {
  "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT, b TEXT COLLATE NOCASE, c INT, CONSTRAINT t_u UNIQUE "
  "(b) ON "
  "CONFLICT IGNORE, "
  "CONSTRAINT t_c CHECK (c > 0))",
  "CREATE TABLE s (x INTEGER PRIMARY KEY, t INT REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)",
  "CREATE TABLE k (id INTEGER PRIMARY KEY DESC, v TEXT, w TEXT COLLATE NOCASE, UNIQUE (v COLLATE NOCASE), "
  "UNIQUE (v, w COLLATE BINARY DESC))",
  "CREATE TABLE l (a TEXT, b TEXT, PRIMARY KEY (b COLLATE RTRIM, a DESC)) WITHOUT ROWID",
  "INSERT INTO k VALUES (NULL, 'n', 'm'), (5, 'o', 'p')",
  "CREATE INDEX t_desc ON t (c DESC, b COLLATE BINARY) WHERE c > 5",
  "INSERT INTO t VALUES (1, 'x', 2)",
  "INSERT INTO s VALUES (1, 1)",
  NULL,
};

static const char *const in_pgsql[] = {
  "CREATE TABLE t (a int, b text, c int, d int, CONSTRAINT t_key PRIMARY KEY (a) INCLUDE (c), CONSTRAINT t_u "
  "UNIQUE NULLS NOT "
  "DISTINCT (b) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT t_c CHECK (c > 0) NO INHERIT)",
  "ALTER TABLE t ALTER COLUMN d SET STATISTICS 50",
  "ALTER TABLE t ADD CONSTRAINT t_old CHECK (d < 5) NOT VALID",
  "CREATE INDEX t_words ON t USING gin (to_tsvector('simple', b))",
  "CREATE INDEX t_like ON t (b text_pattern_ops DESC NULLS LAST) INCLUDE (d) WITH (fillfactor=60)",
  "CREATE TABLE s (x int GENERATED ALWAYS AS IDENTITY (START WITH 7 INCREMENT BY 3) PRIMARY KEY, t int, u "
  "int, CONSTRAINT s_t "
  "FOREIGN KEY (t) REFERENCES t (a) MATCH FULL ON DELETE SET NULL DEFERRABLE, UNIQUE (t, u))",
  "COMMENT ON TABLE t IS 'a table'",
  "COMMENT ON COLUMN t.b IS 'it''s a column'",
  "COMMENT ON CONSTRAINT t_key ON t IS 'a key'",
  "COMMENT ON CONSTRAINT t_u ON t IS 'another'",
  "COMMENT ON CONSTRAINT t_c ON t IS 'a check'",
  "COMMENT ON CONSTRAINT s_t ON s IS 'a reference'",
  "COMMENT ON CONSTRAINT s_pkey ON s IS 'without a name'",
  "COMMENT ON INDEX t_like IS 'an index'",
  "INSERT INTO t VALUES (1, 'x', 2, NULL), (2, NULL, 3, 4)",
  "INSERT INTO s (t, u) VALUES (1, 1), (NULL, 2)",
  NULL,
};

static const char *const in_mysql[] = {
  "CREATE TABLE t (a int AUTO_INCREMENT PRIMARY KEY COMMENT 'a key', b varchar(300) NOT NULL, c text, "
  "changed timestamp NULL "
  "DEFAULT current_timestamp ON UPDATE current_timestamp, UNIQUE KEY u (b(10)), FULLTEXT KEY words (c), KEY "
  "h (b(20)) COMMENT 'an "
  "index', CONSTRAINT ck CHECK (b <> 'none')) COMMENT='a table'",
  "CREATE TABLE s (x int PRIMARY KEY, t int, CONSTRAINT fk FOREIGN KEY (t) REFERENCES t (a) ON DELETE SET "
  "NULL)",
  "INSERT INTO t (b, c) VALUES ('x', 'some words')",
  "INSERT INTO s VALUES (1, 1)",
  NULL,
};

static const char *const *const scripts[N_SIDES] = { in_sqlite, in_pgsql, in_mysql };

static char *
fingerprint (CormConnection *conn)
{
  CormSchema *schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  char *text = corm_schema_fingerprint (schema);
  corm_schema_free (schema);
  return text;
}

static void
within_one_kind (Side side, guint jobs)
{
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true, .jobs = jobs };
  if (!sides_begin (&sides, side, side))
    return;
  sides_run (sides.from, scripts[side]);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  for (guint i = 0; i < report->not_moved->len; i++)
    if (strstr (g_ptr_array_index (report->not_moved, i), "stands in another schema") == NULL)
      fail_msg ("not moved: %s", (char *) g_ptr_array_index (report->not_moved, i));
  g_autofree char *is = fingerprint (sides.to), *was = fingerprint (sides.from);
  assert_string_equal (is, was);
}

static void
sqlite_keeps_all (G_GNUC_UNUSED void **state)
{
  within_one_kind (SIDE_SQLITE3, 1);
}

/* Whatever lives in a column that calls itself something else, it is that there too, and verify knows one from the other. */
static void
sqlite_cells_stay_what_they_are (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "CREATE TABLE e (id INTEGER PRIMARY KEY, name TEXT, h BLOB, at TIME, u UUID, ok BOOLEAN, n NUMERIC, r "
    "REAL, "
    "moment DATETIME, free)",
    "INSERT INTO e VALUES (1, x'416e6e', 'Ann', '10:00', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'true', "
    "1e999, 'inf', '2024-01-02T03:04', '5')",
    "CREATE TABLE k (k TEXT PRIMARY KEY)",
    "INSERT INTO k VALUES ('abc'), (x'616263')",
    NULL,
  };
  static const char *const changes[] = { "name = 'Ann'",
                                         "h = x'416e6e'",
                                         "at = '10:00:00'",
                                         "u = lower(u)",
                                         "ok = 1",
                                         "r = 9e999",
                                         "moment = '2024-01-02 03:04:00'",
                                         "free = 5" };
  for (guint filled = 0; filled < 2; filled++) {
    CormPortOptions options = { .verify = true, .truncate = filled != 0 };
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_SQLITE3))
      return;
    sides_run (sides.from, sql);
    for (guint i = 0; filled && i < 3; i += 2)
      suite_sql (sides.to, sql[i]);
    for (guint i = 0; i < G_N_ELEMENTS (changes); i++, options.truncate = true) {
      g_autofree char *change = g_strdup_printf ("UPDATE e SET %s", changes[i]);
      g_autoptr (CormPortReport) report = sides_port (&sides, &options), looked = NULL;
      sides_assert_equal (report);
      assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM k WHERE typeof(k) = 'blob'"), 1);
      suite_sql (sides.to, change);
      assert_ok ((looked = corm_verify (sides.source, sides.target, NULL, error)) != NULL);
      if (looked->equal)
        fail_msg ("%s: not found", changes[i]);
    }
  }
}

static void
sqlite_leaves_what_points_nowhere (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "CREATE TABLE p (x INT, y INT)", "CREATE TABLE q (r INT REFERENCES p (x), s TEXT DEFAULT \"wo\"\"rd\")",
    "INSERT INTO p VALUES (1, 1)",   "PRAGMA foreign_keys = off",
    "INSERT INTO q (r) VALUES (1)",  NULL
  };
  const CormPortOptions options = { 0 };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_SQLITE3))
    return;
  sides_run (sides.from, sql);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_line (report->not_moved, "foreign key of q (r)", "p are not unique");
  suite_sql (sides.to, "INSERT INTO q (r) VALUES (2)");
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM q WHERE s = 'wo\"rd'"), 2);
}

/* What the table says about a taken key counts for programs. A port loses no row to it, nor does a bulk load. */
static void
no_row_is_ignored (G_GNUC_UNUSED void **state)
{
  static const char *const clashing[] = {
    "CREATE TABLE z (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, UNIQUE (a COLLATE BINARY) "
    "ON CONFLICT IGNORE)",
    "INSERT INTO z VALUES (1, 'A'), (2, 'a')", NULL
  };
  static const char *const taken[] = { "CREATE TABLE z (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, a TEXT)",
                                       "INSERT INTO z VALUES (1, 'kept')", NULL };
  for (guint append = 0; append < 2; append++) {
    g_auto (Sides) sides = { 0 };
    CormPortOptions options = { .append = append != 0 };
    CormPortReport *report = NULL;
    if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_SQLITE3))
      return;
    sides_run (sides.from, clashing);
    if (!append) { /* the key tells them apart as it does in the source */
      corm_port_report_free (sides_port (&sides, &options));
      assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM z"), 2);
      continue;
    }
    sides_run (sides.to, taken);
    assert_fails ((report = corm_port (sides.source, sides.target, &options, error)) != NULL,
                  CORM_ERROR_UNIQUE, "nothing was changed", "z");
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM z WHERE a = 'kept'"), 1);
  }
}

/* The row of the last number is gone. Where the target remembers numbers, none is given twice. */
static void
numbers_go_on (G_GNUC_UNUSED void **state)
{
  static const char *const numbered[N_SIDES] = {
    "CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, v VARCHAR(9))",
    "CREATE TABLE n (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, v varchar(9))",
    "CREATE TABLE n (id bigint AUTO_INCREMENT PRIMARY KEY, v varchar(9))",
  };
  const CormPortOptions options = { 0 };
  for (Side from = 0; from < N_SIDES; from++)
    for (Side to = 0; to < N_SIDES; to++) {
      g_auto (Sides) sides = { 0 };
      if ((to == SIDE_SQLITE3 && from != SIDE_SQLITE3) || !sides_begin (&sides, from, to))
        continue;
      suite_sql (sides.from, numbered[from]);
      suite_sql (sides.from, "INSERT INTO n (v) VALUES ('a'), ('b'), ('c'), ('d')");
      suite_sql (sides.from, "DELETE FROM n WHERE v IN ('c', 'd')");
      corm_port_report_free (sides_port (&sides, &options));
      suite_sql (sides.to, "INSERT INTO n (v) VALUES ('next')");
      assert_int_equal (suite_number (sides.to, "SELECT id FROM n WHERE v = 'next'"), 5);
    }
}

static void
pgsql_keeps_all (G_GNUC_UNUSED void **state)
{
  within_one_kind (SIDE_PGSQL, 1);
  within_one_kind (SIDE_PGSQL, 3);
}

/* A place of one server's: another need not have it. */
static void
no_tablespace_is_asked_for (G_GNUC_UNUSED void **state)
{
  const CormPortOptions options = { 0 };
  const char *admin = g_getenv ("CORM_TEST_PGSQL_ADMIN");
  g_auto (Sides) sides = { 0 };
  g_autoptr (CormDb) db = NULL;
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_PGSQL))
    return;
  assert_ok ((db = corm_db_open (admin, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "SET allow_in_place_tablespaces = on");
  suite_sql (conn, "DROP TABLESPACE IF EXISTS corm_place");
  suite_sql (conn, "CREATE TABLESPACE corm_place LOCATION ''");
  suite_sql (conn, "GRANT CREATE ON TABLESPACE corm_place TO PUBLIC");
  suite_sql (sides.from, "CREATE TABLE p (a int, b int, PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor=50) "
                         "USING INDEX TABLESPACE corm_place)");
  suite_sql (sides.from, "CREATE INDEX p_b ON p (b) TABLESPACE corm_place");
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_line (report->not_moved, "tablespace of the primary key of p (a)", "corm_place");
  sides_assert_line (report->not_moved, "tablespace of the index p_b of p", "corm_place");
  assert_int_equal (
      suite_number (sides.to,
                    "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND "
                    "relname LIKE 'p\\_%' AND reltablespace = 0 AND relkind = 'i'"),
      2);
  suite_sql (sides.from, "DROP TABLE p");
  suite_sql (conn, "DROP TABLESPACE corm_place");
}

static void
mysql_keeps_all (G_GNUC_UNUSED void **state)
{
  within_one_kind (SIDE_MYSQL, 1);
}

/* --- into another kind ----------------------------------------------------------------------------------------- */

static void
mysql_to_pgsql (G_GNUC_UNUSED void **state)
{
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true };
  if (!sides_begin (&sides, SIDE_MYSQL, SIDE_PGSQL))
    return;
  sides_run (sides.from, in_mysql);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  sides_assert_line (report->not_moved, "fulltext index words of t", "");
  sides_assert_line (report->not_moved, "that the index u of t is unique", "first characters");
  sides_assert_line (report->not_moved, "options of t.changed", "UPDATE");
  assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM pg_class WHERE relname = 'words' AND "
                                            "relnamespace = current_schema()::regnamespace"),
                    0);
  assert_int_equal (
      suite_number (sides.to, "SELECT count(*) FROM pg_description WHERE description IN ('a table', 'a key', "
                              "'an index') AND objoid IN (SELECT oid FROM pg_class WHERE relname IN ('t', "
                              "'h') AND relnamespace = current_schema()::regnamespace)"),
      3);
}

/* A sequence that runs down, one that was set forward and not asked yet, one that nobody asked, two of one table. */
static void
odd_sequences_go_on (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE neg (id int GENERATED BY DEFAULT AS IDENTITY (START -1 INCREMENT -1) PRIMARY KEY, v int)",
    "INSERT INTO neg (v) VALUES (1), (2), (3)",
    "DELETE FROM neg WHERE v = 3",
    "CREATE TABLE r (id serial PRIMARY KEY, v int)",
    "INSERT INTO r (v) VALUES (1)",
    "ALTER SEQUENCE r_id_seq RESTART WITH 1000",
    "CREATE TABLE f (id bigserial PRIMARY KEY, v int)",
    "CREATE TABLE two (id bigserial PRIMARY KEY, n serial, v int)",
    "INSERT INTO two (n, v) VALUES (3, 1)",
    "SELECT setval('two_id_seq', 100)",
    NULL
  };
  const CormPortOptions options = { .verify = true };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_PGSQL))
    return;
  sides_run (sides.from, in_source);
  corm_port_report_free (sides_port (&sides, &options));
  assert_int_equal (suite_number (sides.to, "INSERT INTO neg (v) VALUES (4) RETURNING id"), -4);
  assert_int_equal (suite_number (sides.to, "INSERT INTO r (v) VALUES (2) RETURNING id"), 1000);
  assert_int_equal (suite_number (sides.to, "INSERT INTO f (v) VALUES (2) RETURNING id"), 1);
  assert_int_equal (suite_number (sides.to, "INSERT INTO two (v) VALUES (2) RETURNING id * 10 + n"), 1014);
}

/* Elsewhere an automatic key has a sign, and what refers to it too; a key beyond that is told. */
static void
keys_without_a_sign (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE u (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, v int)",
    "CREATE TABLE w (id int unsigned AUTO_INCREMENT PRIMARY KEY, u bigint unsigned, CONSTRAINT fk FOREIGN "
    "KEY (u) "
    "REFERENCES u (id))",
    "INSERT INTO u (v) VALUES (1), (2)", "INSERT INTO w (u) VALUES (2)", NULL
  };
  static const Side kinds[] = { SIDE_SQLITE3, SIDE_PGSQL };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const CormPortOptions options = { .verify = true }, again = { 0 };
    CormPortReport *report = NULL;
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_MYSQL, kinds[i]))
      continue;
    sides_run (sides.from, in_source);
    report = sides_port (&sides, &options);
    sides_assert_equal (report);
    corm_port_report_free (report);
    suite_sql (sides.to, "INSERT INTO u (v) VALUES (3)");
    assert_int_equal (suite_number (sides.to, "SELECT id FROM u WHERE v = 3"), 3);
    suite_sql (sides.to, "DROP TABLE w");
    suite_sql (sides.to, "DROP TABLE u");
    suite_sql (sides.from, "INSERT INTO u VALUES (9223372036854775809, 4)");
    assert_fails ((report = corm_port (sides.source, sides.target, &again, error)) != NULL,
                  CORM_ERROR_CONVERSION, "id = '9223372036854775809'", "nothing was changed");
  }
}

/* PostgreSQL writes casts and arrays where somebody wrote none. */
static void
checks_of_pgsql (G_GNUC_UNUSED void **state)
{
  static const char *const sql[] = {
    "CREATE TABLE t (id int PRIMARY KEY, status varchar(9) CHECK (status IN ('open', 'shut')), price "
    "numeric(8,2) CHECK (price > 0), note text CHECK (note NOT IN ('a', 'b')), n int CHECK (n BETWEEN -5 AND "
    "5))",
    "INSERT INTO t VALUES (1, 'open', 0.01, 'c', -5)",
    NULL,
  };
  static const char *const broken[] = { "status = 'ajar'", "price = 0", "note = 'a'", "n = -6" };
  static const Side sides_of[] = { SIDE_SQLITE3, SIDE_MYSQL };
  for (guint s = 0; s < G_N_ELEMENTS (sides_of); s++) {
    g_auto (Sides) sides = { 0 };
    CormPortOptions options = { .verify = true };
    if (!sides_begin (&sides, SIDE_PGSQL, sides_of[s]))
      return;
    sides_run (sides.from, sql);
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
      g_autofree char *update = g_strconcat ("UPDATE t SET ", broken[i], NULL);
      assert_fails (corm_execute (sides.to, update, NULL, NULL, error), CORM_ERROR_CHECK, NULL);
    }
  }
}

/* Each of them would let other rows in, or refuse good ones, where it was made as it stands. */
static void
conditions_that_may_differ (G_GNUC_UNUSED void **state)
{
  static const char *const conditions[] = {
    "b - a < 30",
    "(x ^ 2) > 0",
    "log(x::numeric) < 9",
    "x::float8 * 0.1 <> 0.3",
    "t > 'Z'",
    "code = 'ab'",
    "a < '10000-01-01'",
    "lower(t) = t",
    "substr(t, -1) = 'x'",
    "at > date '2020-01-01'",
  };
  static const Side sides_of[] = { SIDE_SQLITE3, SIDE_MYSQL };
  for (guint s = 0; s < G_N_ELEMENTS (sides_of); s++) {
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, sides_of[s]))
      return;
    suite_sql (sides.from,
               "CREATE TABLE t (id int PRIMARY KEY, a date, b date, x int, t text, code char(4), at "
               "timestamp, j jsonb)");
    for (guint i = 0; i < G_N_ELEMENTS (conditions); i++) {
      g_autofree char *add = g_strdup_printf ("ALTER TABLE t ADD CHECK (%s)", conditions[i]);
      suite_sql (sides.from, add);
    }
    suite_sql (sides.from, "CREATE UNIQUE INDEX t_part ON t (x) WHERE j ->> 'on' = 'true'");
    g_autoptr (CormPortReport) report = sides_port (&sides, NULL);
    g_autoptr (CormSchema) schema = NULL;
    assert_ok ((schema = corm_schema_inspect (sides.to, error)) != NULL);
    const CormTable *table = corm_schema_find_table (schema, "t");
    assert_int_equal (table->checks->len, 0);
    assert_int_equal (table->indexes->len, 0);
    guint n = 0;
    for (guint i = 0; i < report->not_moved->len; i++)
      n += g_str_has_prefix (g_ptr_array_index (report->not_moved, i), "check of t: ");
    assert_int_equal (n, G_N_ELEMENTS (conditions));
    sides_assert_line (report->not_moved, "index t_part of t", "where");
  }
}

static void
pgsql_to_sqlite (G_GNUC_UNUSED void **state)
{
  g_auto (Sides) sides = { 0 };
  CormPortOptions options = { .verify = true };
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  sides_run (sides.from, in_pgsql);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  sides_assert_line (report->not_moved, "options of the unique key of t (b)", "NULLS NOT DISTINCT");
  sides_assert_line (report->not_moved, "t_words", "");
  sides_assert_line (report->not_moved, "comment on the table t", "a table");
  sides_assert_line (report->not_moved, "comment on the column t.b", "it's a column");
  sides_assert_line (report->not_moved, "comment on the index t_like of t", "an index");
  sides_assert_line (report->not_moved, "comment on the primary key of t", "a key");
}

/* --- parts of one table ------------------------------------------------------------------------------------------ */

/* Each has to wait for those before it, longer than the connection waits for strangers. */
static void
parts_of_one_table (G_GNUC_UNUSED void **state)
{
  static const Side kinds[] = { SIDE_PGSQL, SIDE_MYSQL };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_auto (Sides) sides = { 0 };
    CormPortOptions options = { .jobs = 3 };
    sides_wait_ms = 1;
    gboolean here = sides_begin (&sides, SIDE_SQLITE3, kinds[i]);
    sides_wait_ms = 0;
    if (!here)
      continue;
    suite_sql (sides.from, "CREATE TABLE w (a INTEGER PRIMARY KEY, b TEXT NOT NULL UNIQUE, c INT UNIQUE, d "
                           "INT REFERENCES w (a), "
                           "e INT REFERENCES w (a), CHECK (c > 0))");
    suite_sql (sides.from, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) "
                           "INSERT INTO w SELECT i, "
                           "'text number ' || i, i, i, i FROM n");
    suite_sql (sides.from, "CREATE INDEX w_1 ON w (b, c)");
    suite_sql (sides.from, "CREATE INDEX w_2 ON w (d, b)");
    corm_port_report_free (sides_port (&sides, &options));
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM w"), 30000);
  }
}

/* Rows come as the source's triggers have left them. */
static void
no_trigger_works_twice (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE stock (id INTEGER PRIMARY KEY, n INT NOT NULL)",
    "CREATE TABLE sale (id INTEGER PRIMARY KEY, stock INT REFERENCES stock (id), n INT NOT NULL)",
    "CREATE TRIGGER sold AFTER INSERT ON sale BEGIN UPDATE stock SET n = n - new.n WHERE id = new.stock; END",
    "CREATE TRIGGER kept AFTER UPDATE ON sale BEGIN INSERT INTO stock (n) VALUES (0); END",
    "INSERT INTO stock VALUES (1, 100)",
    "INSERT INTO sale VALUES (1, 1, 30)",
    NULL,
  };
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions schema = { .schema_only = true }, data = { .data_only = true, .verify = true };
    CormPortReport *report = NULL;
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_SQLITE3, to))
      continue;
    sides_run (sides.from, in_source);
    corm_port_report_free (sides_port (&sides, &schema));
    assert_fails ((report = corm_port (sides.source, sides.target, &data, error)) != NULL, CORM_ERROR_SCHEMA,
                  "nothing was changed", "sale", "trigger sold");
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM stock"), 0);
    suite_sql (sides.to, to == SIDE_PGSQL ? "DROP TRIGGER sold ON sale" : "DROP TRIGGER sold");
    report = sides_port (&sides, &data);
    sides_assert_equal (report);
    corm_port_report_free (report);
  }
}

/* A policy of the source hides no row without a word from a role that it is meant for. */
static void
all_rows_or_an_error (G_GNUC_UNUSED void **state)
{
  const CormPortOptions options = { 0 };
  const char *role = g_getenv ("CORM_TEST_PGSQL_PASSWORD");
  CormPortReport *report = NULL;
  g_auto (Sides) sides = { 0 };
  g_autoptr (CormDb) clerk = NULL;
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  suite_sql (sides.from, "CREATE TABLE r (id int PRIMARY KEY, who text)");
  suite_sql (sides.from, "INSERT INTO r VALUES (1, 'somebody'), (2, 'else')");
  suite_sql (sides.from, "ALTER TABLE r ENABLE ROW LEVEL SECURITY");
  suite_sql (sides.from, "CREATE POLICY p ON r USING (who = 'else')");
  suite_sql (sides.from, "GRANT SELECT ON r TO corm_password");
  g_autofree char *schema = suite_text (sides.from, "SELECT current_schema()");
  g_autofree char *grant = g_strdup_printf ("GRANT USAGE ON SCHEMA %s TO corm_password", schema);
  g_autofree char *uri = g_strdup_printf ("%s&options=-csearch_path%%3D%s", role, schema);
  suite_sql (sides.from, grant);
  assert_ok ((clerk = corm_db_open (uri, NULL, error)) != NULL);
  assert_fails ((report = corm_port (clerk, sides.target, &options, error)) != NULL, CORM_ERROR_DENIED,
                "row-level security", "\"r\"");
}

/* Two keys that point at each other's tables would lock these crosswise. */
static void
keys_in_a_circle (G_GNUC_UNUSED void **state)
{
  static const Side kinds[] = { SIDE_PGSQL, SIDE_MYSQL };
  enum { N = 6 };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_auto (Sides) sides = { 0 };
    CormPortOptions options = { .jobs = 3 };
    if (!sides_begin (&sides, SIDE_SQLITE3, kinds[i]))
      continue;
    for (guint t = 0; t < N; t++) {
      g_autofree char *sql =
          g_strdup_printf ("CREATE TABLE c%u (id INTEGER PRIMARY KEY, a INT REFERENCES c%u "
                           "(id), b INT REFERENCES c%u (id))",
                           t, (t + 1) % N, (t + N - 1) % N);
      suite_sql (sides.from, sql);
    }
    suite_sql (sides.from, "PRAGMA foreign_keys = off");
    for (guint t = 0; t < N; t++) {
      g_autofree char *sql =
          g_strdup_printf ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                           "INSERT INTO c%u SELECT i, i, i FROM n",
                           t);
      suite_sql (sides.from, sql);
    }
    corm_port_report_free (sides_port (&sides, &options));
    g_autofree char *keys = g_strdup_printf (
        "SELECT count(*) FROM information_schema.referential_constraints WHERE constraint_schema = %s()",
        kinds[i] == SIDE_PGSQL ? "current_schema" : "database");
    assert_int_equal (suite_number (sides.to, keys), 2 * N);
  }
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
    cmocka_unit_test (sqlite_cells_stay_what_they_are),
    cmocka_unit_test (sqlite_leaves_what_points_nowhere),
    cmocka_unit_test (no_row_is_ignored),
    cmocka_unit_test (sqlite_keeps_all),
    cmocka_unit_test (keys_without_a_sign),
    cmocka_unit_test (odd_sequences_go_on),
    cmocka_unit_test (no_trigger_works_twice),
    cmocka_unit_test (all_rows_or_an_error),
    cmocka_unit_test (no_tablespace_is_asked_for),
    cmocka_unit_test (keys_in_a_circle),
    cmocka_unit_test (numbers_go_on),
    cmocka_unit_test (pgsql_keeps_all),
    cmocka_unit_test (mysql_keeps_all),
    cmocka_unit_test (mysql_to_pgsql),
    cmocka_unit_test (pgsql_to_sqlite),
    cmocka_unit_test (checks_of_pgsql),
    cmocka_unit_test (conditions_that_may_differ),
    cmocka_unit_test (parts_of_one_table),
  };
  return cmocka_run_group_tests_name ("port details", tests, NULL, end);
}
