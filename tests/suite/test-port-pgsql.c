/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is PostgreSQL's own in a source: nothing of it is lost without a word, whatever the target is and whoever reads. */
#include "../lib/sides.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* The source as a role reads it that owns nothing there and may see the tables in @tables; NULL: all. */
static CormDb *
open_clerk (Sides *sides, const char *tables)
{
  CormDb *clerk = NULL;
  g_autofree char *schema = suite_text (sides->from, "SELECT current_schema()");
  g_autofree char *usage = g_strdup_printf ("GRANT USAGE ON SCHEMA %s TO corm_password", schema);
  g_autofree char *all =
      tables != NULL ? g_strdup_printf ("GRANT SELECT ON %s TO corm_password", tables)
                     : g_strdup_printf ("GRANT SELECT ON ALL TABLES IN SCHEMA %s TO corm_password", schema);
  g_autofree char *uri =
      g_strdup_printf ("%s&options=-csearch_path%%3D%s", g_getenv ("CORM_TEST_PGSQL_PASSWORD"), schema);
  suite_sql (sides->from, usage);
  suite_sql (sides->from, all);
  assert_ok ((clerk = corm_db_open (uri, NULL, error)) != NULL);
  return clerk;
}

/* --- who reads --------------------------------------------------------------------------------------------------- */

static void
sequences_that_nobody_may_read (G_GNUC_UNUSED void **state)
{
  static const char *const of_column[] = { "CREATE TABLE n (id bigserial PRIMARY KEY, v int)",
                                           "INSERT INTO n (v) VALUES (1), (2), (3)",
                                           "DELETE FROM n WHERE v = 3", NULL },
                           *const alone[] = { "CREATE SEQUENCE \"Alone\"", "SELECT setval('\"Alone\"', 77)",
                                              "CREATE TABLE n (id int PRIMARY KEY)", NULL };
  const CormPortOptions options = { 0 };
  for (guint i = 0; i < 2; i++) {
    CormPortReport *report = NULL;
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, SIDE_PGSQL))
      return;
    sides_run (sides.from, i == 0 ? of_column : alone);
    g_autoptr (CormDb) clerk = open_clerk (&sides, "n");
    assert_fails ((report = corm_port (clerk, sides.target, &options, error)) != NULL, CORM_ERROR_DENIED,
                  i == 0 ? "n_id_seq" : "sequence Alone",
                  i == 0 ? "GRANT SELECT ON SEQUENCE" : "GRANT SELECT ON ");
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM pg_class WHERE relnamespace = "
                                              "current_schema()::regnamespace"),
                      0);
    suite_sql (sides.from, i == 0 ? "GRANT SELECT ON SEQUENCE n_id_seq TO corm_password"
                                  : "GRANT SELECT ON SEQUENCE \"Alone\" TO corm_password");
    assert_ok ((report = corm_port (clerk, sides.target, &options, error)) != NULL);
    corm_port_report_free (report);
    assert_int_equal (suite_number (sides.to, i == 0 ? "INSERT INTO n (v) VALUES (4) RETURNING id"
                                                     : "SELECT nextval('\"Alone\"')"),
                      i == 0 ? 4 : 78);
  }
}

/* A file gives its next number by itself: there nobody needs the source's. */
static void
no_right_is_asked_for_in_vain (G_GNUC_UNUSED void **state)
{
  const CormPortOptions options = { .verify = true };
  g_auto (Sides) sides = { 0 };
  g_autoptr (CormPortReport) report = NULL;
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  suite_sql (sides.from, "CREATE TABLE n (id bigserial PRIMARY KEY, v int)");
  suite_sql (sides.from, "INSERT INTO n (v) VALUES (1), (2)");
  g_autoptr (CormDb) clerk = open_clerk (&sides, "n");
  assert_ok ((report = corm_port (clerk, sides.target, &options, error)) != NULL);
  sides_assert_equal (report);
}

/* Its rows may have gone, of each of them. */
static void
each_number_of_a_table_goes_on (G_GNUC_UNUSED void **state)
{
  static const char *const table =
      "CREATE TABLE n (id bigserial PRIMARY KEY, a serial, b int GENERATED ALWAYS AS IDENTITY, v int)";
  const CormPortOptions options[] = { { 0 }, { .data_only = true } };
  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, SIDE_PGSQL))
      return;
    suite_sql (sides.from, table);
    suite_sql (sides.from, "INSERT INTO n (v) VALUES (1), (2), (3)");
    suite_sql (sides.from, "DELETE FROM n");
    if (options[i].data_only)
      suite_sql (sides.to, table);
    corm_port_report_free (sides_port (&sides, &options[i]));
    assert_int_equal (suite_number (sides.to, "INSERT INTO n (v) VALUES (4) RETURNING id * 100 + a * 10 + b"),
                      444);
  }
}

/* Two customers, one of which a policy hides from the clerk, who sees both of their orders. */
static const char *const guarded[] = { "CREATE TABLE r (id int PRIMARY KEY, who text)",
                                       "CREATE TABLE o (id int PRIMARY KEY, r int REFERENCES r (id))",
                                       "INSERT INTO r VALUES (1, 'somebody'), (2, 'else')",
                                       "INSERT INTO o VALUES (1, 1), (2, 2)",
                                       "ALTER TABLE r ENABLE ROW LEVEL SECURITY",
                                       "CREATE POLICY p ON r USING (who = 'else')",
                                       "GRANT DELETE ON o, r TO corm_password",
                                       NULL };

static void
no_reader_leaves_rows_out (G_GNUC_UNUSED void **state)
{
  CormPortReport *compared = NULL;
  CormExchangeReport *exported = NULL;
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  sides_run (sides.from, guarded);
  g_autofree char *path = g_strdup_printf ("%s/guarded-%d.json", g_get_tmp_dir (), (int) getpid ());
  corm_port_report_free (sides_port (&sides, NULL));
  g_autoptr (CormDb) clerk = open_clerk (&sides, NULL);
  assert_fails ((exported = corm_export (clerk, path, NULL, error)) != NULL, CORM_ERROR_DENIED,
                "row-level security", "\"r\"");
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_fails ((compared = corm_verify (clerk, sides.target, NULL, error)) != NULL, CORM_ERROR_DENIED,
                "row-level security", "\"r\"");
  assert_fails ((compared = corm_verify (sides.target, clerk, NULL, error)) != NULL, CORM_ERROR_DENIED,
                "row-level security", "\"r\"");
  const CormPortOptions refill = { .truncate = true };
  assert_fails ((compared = corm_port (sides.target, clerk, &refill, error)) != NULL, CORM_ERROR_DENIED,
                "row-level security", "nothing was changed");
  assert_int_equal (suite_number (sides.from, "SELECT count(*) FROM r"), 2);
}

/* A parent that is hidden is there: its child is no orphan, and is not deleted as one. */
static void
no_orphan_of_a_hidden_row (G_GNUC_UNUSED void **state)
{
  const CormDoctorOptions look = { 0 }, mend = { .orphans = CORM_ORPHANS_DELETE };
  g_auto (Sides) sides = { 0 };
  CormDiagnosis *diagnosis = NULL;
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  sides_run (sides.from, guarded);
  g_autoptr (CormDb) clerk = open_clerk (&sides, NULL);
  g_autoptr (CormConnection) conn = suite_connect (clerk);
  assert_ok ((diagnosis = corm_doctor (conn, &look, error)) != NULL);
  for (guint i = 0; i < diagnosis->ailments->len; i++)
    assert_int_not_equal (((const CormAilment *) diagnosis->ailments->pdata[i])->kind, CORM_AILMENT_ORPHANS);
  sides_assert_line (diagnosis->unseen, "orphans of o", "row-level security");
  sides_assert_line (diagnosis->unseen, "of r", "row-level security");
  corm_diagnosis_free (diagnosis);
  g_autoptr (GError) refused = NULL;
  diagnosis = corm_doctor (conn, &mend, &refused);
  g_clear_pointer (&diagnosis, corm_diagnosis_free);
  assert_int_equal (suite_number (sides.from, "SELECT count(*) FROM o"), 2);
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

/* The table was called otherwise when its sequence was made; another takes from it, and one of its own columns. */
static void
a_sequence_of_several_columns (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE old (id serial PRIMARY KEY, v text)",
    "ALTER TABLE old RENAME TO anew",
    "CREATE TABLE a (id int PRIMARY KEY DEFAULT nextval('old_id_seq'), v text)",
    "CREATE TABLE two (id serial PRIMARY KEY, n int DEFAULT nextval('two_id_seq'), k serial, v int)",
    "INSERT INTO anew (v) VALUES ('a'), ('b')",
    "INSERT INTO a (v) VALUES ('c')",
    "INSERT INTO two DEFAULT VALUES",
    "DELETE FROM a",
    NULL
  };
  const CormPortOptions options = { .verify = true };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_PGSQL))
    return;
  sides_run (sides.from, in_source);
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  assert_null (sides_find_line (report->not_moved, "_seq"));
  assert_int_equal (suite_number (sides.to, "INSERT INTO a (v) VALUES ('d') RETURNING id"), 4);
  assert_int_equal (suite_number (sides.to, "INSERT INTO anew (v) VALUES ('e') RETURNING id"), 5);
  assert_int_equal (suite_number (sides.to, "INSERT INTO two (v) VALUES (1) RETURNING id * 100 + n * 10 + k"),
                    342);
  suite_sql (sides.to, "DROP TABLE anew CASCADE");
  assert_int_equal (suite_number (sides.to,
                                  "SELECT count(*) FROM pg_sequences WHERE sequencename = 'old_id_seq' AND "
                                  "schemaname = current_schema()"),
                    0);
}

/* What a sequence had given is told where the target has no sequences; and that one was called as nobody expects. */
static void
sequences_that_are_left (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = { "CREATE SEQUENCE alone START 5", "SELECT setval('alone', 77)",
                                           "CREATE TABLE old (id serial PRIMARY KEY)",
                                           "ALTER TABLE old RENAME TO anew", NULL };
  for (Side to = 0; to < N_SIDES; to++) {
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    sides_run (sides.from, in_source);
    g_autoptr (CormPortReport) report = sides_port (&sides, NULL);
    sides_assert_line (report->not_moved, "that the sequence of anew.id is called old_id_seq", "");
    if (to != SIDE_PGSQL)
      sides_assert_line (report->not_moved, "sequence alone: CREATE SEQUENCE alone START WITH 5", "77, true");
  }
}

/* Elsewhere few columns number themselves: each that no longer does is told. */
static void
numbers_beside_the_key (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE two (id serial PRIMARY KEY, k serial, j smallint GENERATED ALWAYS AS IDENTITY (START 50))",
    "CREATE TABLE u (a int PRIMARY KEY, id bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE)",
    "CREATE TABLE x (id bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 100 CYCLE))",
    "INSERT INTO two DEFAULT VALUES",
    "INSERT INTO u VALUES (5)",
    "INSERT INTO x DEFAULT VALUES",
    NULL
  };
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true };
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    sides_run (sides.from, in_source);
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    if (to == SIDE_PGSQL) {
      assert_null (sides_find_line (report->not_moved, "itself"));
      assert_int_equal (suite_number (sides.to, "INSERT INTO two DEFAULT VALUES RETURNING id * 100 + k + j"),
                        253);
      continue;
    }
    sides_assert_line (report->not_moved, "that two.k numbers itself", "serial");
    sides_assert_line (report->not_moved, "that two.j numbers itself", "START WITH 50");
    sides_assert_line (report->not_moved, "that x.id numbers itself", "MAXVALUE 100");
    if (to == SIDE_SQLITE3)
      sides_assert_line (report->not_moved, "that u.id numbers itself", "");
    else
      assert_int_equal (suite_number (sides.to, "INSERT INTO u (a) VALUES (6) RETURNING id"), 2);
  }
}

static void
defaults_that_are_no_numbers (G_GNUC_UNUSED void **state)
{
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true };
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    suite_sql (sides.from,
               "CREATE TABLE f (id int PRIMARY KEY, a float8 DEFAULT 'NaN', b real DEFAULT '-Infinity', "
               "c numeric DEFAULT 'NaN')");
    suite_sql (sides.from, "INSERT INTO f VALUES (1, 2, 3, 4)");
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    if (to == SIDE_PGSQL) {
      assert_int_equal (suite_number (sides.to,
                                      "INSERT INTO f (id) VALUES (2) RETURNING CAST(a = 'NaN' AND b = "
                                      "'-Infinity' AND c = 'NaN' AS int)"),
                        1);
      continue;
    }
    sides_assert_line (report->not_moved, "default of f.a", "NaN");
    sides_assert_line (report->not_moved, "default of f.c", "NaN");
    if (to == SIDE_MYSQL)
      sides_assert_line (report->not_moved, "default of f.b", "-Infinity");
    else
      assert_int_equal (suite_number (sides.to, "INSERT INTO f (id) VALUES (2) RETURNING b < -1e300"), 1);
  }
}

/* MariaDB has room for 65 digits, 38 of them behind the point: a value that does not fit is told, a type never stops it. */
static void
decimals_of_any_size (G_GNUC_UNUSED void **state)
{
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true };
    CormPortReport *again = NULL;
    g_auto (Sides) sides = { 0 };
    if (to == SIDE_PGSQL || !sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    suite_sql (sides.from,
               "CREATE TABLE d (id int PRIMARY KEY, a numeric(3,5), b numeric(3,-2), c numeric(40,39), d "
               "numeric(1000,0), e numeric(100,50))");
    suite_sql (sides.from, "INSERT INTO d VALUES (1, 0.00123, 12345, 1.1, 10::numeric ^ 60, 2.5)");
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    suite_sql (sides.to, "DROP TABLE d");
    suite_sql (sides.from, "UPDATE d SET c = 1.000000000000000000000000000000000000001");
    if (to == SIDE_MYSQL)
      assert_fails ((again = corm_port (sides.source, sides.target, &options, error)) != NULL,
                    CORM_ERROR_CONVERSION, "d, id = '1', column c", "nothing was changed");
  }
}

/* Each with its text, where the target can't have it. */
static void
odd_tables_and_indexes (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE nothing ()",
    "INSERT INTO nothing DEFAULT VALUES",
    "CREATE TABLE guarded (id int PRIMARY KEY, a text, b int, j jsonb)",
    "ALTER TABLE guarded ENABLE ROW LEVEL SECURITY",
    "CREATE UNIQUE INDEX lowered ON guarded (lower(a), b)",
    "CREATE INDEX within ON guarded USING gin (j)",
    NULL
  };
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true };
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    sides_run (sides.from, in_source);
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    sides_assert_line (report->not_moved, "options of guarded", "ENABLE ROW LEVEL SECURITY");
    if (to == SIDE_PGSQL) {
      assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM nothing"), 1);
      continue;
    }
    sides_assert_line (report->not_moved, "table nothing, which has no columns", "");
    sides_assert_line (report->not_moved, "gin index within of guarded", "USING gin (j)");
    sides_assert_line (report->not_moved, "index lowered of guarded: UNIQUE (lower(a), b)", "(lower");
  }
}

/* What is unique there would not be here, or the other way round: each is told, and none is made. */
static void
odd_unique_indexes_of_sqlite (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b INTEGER, d TEXT)",
    "INSERT INTO t VALUES (1, 'x', 4000000000, 'p')",
    "CREATE UNIQUE INDEX of_lower ON t (lower(d))",
    "CREATE UNIQUE INDEX of_nocase ON t (coalesce(d, '') COLLATE NOCASE)",
    "CREATE UNIQUE INDEX of_column ON t ((a))",
    "CREATE UNIQUE INDEX of_product ON t (b * b)",
    "CREATE UNIQUE INDEX plain ON t (coalesce(d, ''))",
    NULL
  };
  static const char *const told[] = { "of_lower", "of_nocase", "of_column", "of_product" };
  g_auto (Sides) sides = { 0 };
  if (!sides_begin (&sides, SIDE_SQLITE3, SIDE_PGSQL))
    skip ();
  sides_run (sides.from, in_source);
  g_autoptr (CormPortReport) report = sides_port (&sides, &(CormPortOptions){ .verify = true });
  sides_assert_equal (report);
  for (guint i = 0; i < G_N_ELEMENTS (told); i++) {
    g_autofree char *line = g_strdup_printf ("index %s of t: UNIQUE (", told[i]);
    sides_assert_line (report->not_moved, line, "");
  }
  assert_int_equal (
      suite_number (sides.to,
                    "SELECT count(*) FROM pg_indexes WHERE tablename = 't' AND schemaname = current_schema"),
      2);
}

/* --- what has no place in a schema ------------------------------------------------------------------------------- */

static const char *const unread[] = {
  "CREATE TYPE mood AS ENUM ('glad', 'sad')",
  "COMMENT ON TYPE mood IS 'how one is'",
  "CREATE TABLE t (id int PRIMARY KEY, m mood)",
  "INSERT INTO t VALUES (1, 'sad')",
  "CREATE TYPE pair AS (a int, b text)",
  "COMMENT ON COLUMN pair.a IS 'the first'",
  "CREATE DOMAIN more AS int CONSTRAINT is_more CHECK (VALUE > 0)",
  "COMMENT ON CONSTRAINT is_more ON DOMAIN more IS 'more than none'",
  "CREATE FUNCTION level (mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
  "CREATE FUNCTION less (int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2'",
  "CREATE TYPE state AS (m mood, at date)",
  "CREATE TABLE states (id int PRIMARY KEY, s state)",
  "CREATE CAST (mood AS int) WITH FUNCTION level (mood)",
  "CREATE OPERATOR @- (LEFTARG = int, RIGHTARG = int, FUNCTION = less)",
  "COMMENT ON OPERATOR @- (int, int) IS 'less than that'",
  "CREATE TEXT SEARCH CONFIGURATION words (COPY = simple)",
  "CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple, STOPWORDS = english)",
  "CREATE VIEW v AS SELECT id FROM t",
  "ALTER VIEW v ALTER COLUMN id SET DEFAULT 7",
  "CREATE MATERIALIZED VIEW full_one AS SELECT id FROM t",
  "CREATE INDEX full_id ON full_one (id)",
  "COMMENT ON INDEX full_id IS 'of a view'",
  "CREATE MATERIALIZED VIEW empty_one AS SELECT id, ';' AS s FROM t WITH NO DATA",
  "CREATE INDEX empty_id ON empty_one (id)",
  "GRANT SELECT ON t TO corm_password",
  NULL
};

static void
what_no_schema_has (G_GNUC_UNUSED void **state)
{
  static const char *const told[][2] = {
    { "cast: CREATE CAST (mood AS integer)", "WITH FUNCTION level(mood)" },
    { "operator: CREATE OPERATOR @- (FUNCTION = less", "comment: less than that" },
    { "CREATE TEXT SEARCH CONFIGURATION words (PARSER = \"default\")", "ADD MAPPING FOR" },
    { "CREATE TEXT SEARCH DICTIONARY stems", "stopwords = 'english'" },
    { "what is said of the type mood", "how one is" },
    { "GRANT SELECT ON t TO corm_password", "rights" },
  };
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true },
                          some = { .tables = "nothing_of_it,t", .plan_only = true };
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    sides_run (sides.from, unread);
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    for (guint i = 0; i < G_N_ELEMENTS (told); i++)
      sides_assert_line (report->not_moved, told[i][0], told[i][1]);
    if (to != SIDE_PGSQL) {
      sides_assert_line (report->not_moved, "empty_one", "WITH NO DATA");
      sides_assert_line (report->not_moved, "view v", "SET DEFAULT 7");
      sides_assert_line (report->not_moved, "type pair", "the first");
    } else {
      assert_int_equal (suite_number (sides.to,
                                      "SELECT sum(CAST(relispopulated AS int)) FROM pg_class WHERE relkind "
                                      "= 'm' AND relnamespace = current_schema()::regnamespace"),
                        1);
      assert_int_equal (suite_number (sides.to,
                                      "SELECT count(*) FROM pg_class WHERE relname = 'empty_id' AND "
                                      "relnamespace = current_schema()::regnamespace"),
                        1);
      assert_int_equal (
          suite_number (sides.to, "SELECT count(*) FROM pg_attrdef WHERE adrelid = 'v'::regclass"), 1);
      assert_int_equal (suite_number (sides.to,
                                      "SELECT count(*) FROM pg_description WHERE objoid IN ("
                                      "'full_id'::regclass, 'pair'::regclass, (SELECT oid FROM pg_constraint "
                                      "WHERE contypid = 'more'::regtype))"),
                        3);
    }
    suite_sql (sides.from,
               "SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE lomowner = (SELECT oid FROM "
               "pg_roles WHERE rolname = current_user)");
    suite_sql (sides.to, to == SIDE_PGSQL ? "DROP TABLE t CASCADE" : "DROP TABLE t");
    g_autoptr (CormPortReport) plan = sides_port (&sides, &some);
    assert_null (sides_find_line (plan->not_moved, "CREATE CAST"));
    suite_sql (sides.from, "DROP CAST (mood AS int)");
  }
}

/* What is no schema's, but the whole database's: it takes one that no other test sees. */
static void
what_the_whole_database_has (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = {
    "CREATE TABLE t (id int PRIMARY KEY)",
    "SELECT lo_from_bytea(0, 'kept'), lo_from_bytea(0, 'too')",
    "CREATE FUNCTION seen () RETURNS event_trigger LANGUAGE plpgsql AS "
    "'BEGIN END'",
    "CREATE EVENT TRIGGER seeing ON ddl_command_start EXECUTE FUNCTION seen ()",
    "COMMENT ON EVENT TRIGGER seeing IS 'who did it'",
    "SET client_min_messages = error",
    "CREATE PUBLICATION news FOR TABLE t",
    NULL
  };
  const char *uri = g_getenv ("CORM_TEST_PGSQL_ADMIN"), *at = uri != NULL ? strstr (uri, "corm_test") : NULL;
  g_auto (Sides) sides = { 0 };
  CormPortReport *report = NULL;
  CormDb *own = NULL;
  if (at == NULL || !sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  g_autoptr (CormDb) admin = NULL;
  assert_ok ((admin = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (admin);
  g_autofree char *name = g_strdup_printf ("corm_own_%d", (int) getpid ());
  g_autofree char *create = g_strconcat ("CREATE DATABASE ", name, NULL),
                  *drop = g_strconcat ("DROP DATABASE ", name, NULL);
  g_autofree char *own_uri =
      g_strdup_printf ("%.*s%s%s", (int) (at - uri), uri, name, at + strlen ("corm_test"));
  suite_sql (conn, create);
  assert_ok ((own = corm_db_open (own_uri, NULL, error)) != NULL);
  CormConnection *inside = suite_connect (own);
  sides_run (inside, in_source);
  corm_connection_free (inside);
  assert_ok ((report = corm_port (own, sides.target, NULL, error)) != NULL);
  corm_db_free (own);
  suite_sql (conn, drop);
  sides_assert_line (report->not_moved, "2 large objects", "");
  sides_assert_line (report->not_moved, "CREATE EVENT TRIGGER seeing ON ddl_command_start",
                     "comment: who did it");
  sides_assert_line (report->not_moved, "CREATE PUBLICATION news FOR TABLE t", "");
  corm_port_report_free (report);
}

/* --- texts, checks, views ---------------------------------------------------------------------------------------- */

/* Without a length nothing is padded: the blanks at the end are the value's own. */
static void
blanks_of_bpchar (G_GNUC_UNUSED void **state)
{
  static const char *const length[N_SIDES] = { "length", "octet_length", "char_length" };
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true };
    g_auto (Sides) sides = { 0 };
    if (!sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    suite_sql (sides.from, "CREATE TABLE b (id int PRIMARY KEY, p bpchar, q character(5))");
    suite_sql (sides.from, "INSERT INTO b VALUES (1, 'ab  ', 'ab')");
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    g_autofree char *sql = g_strdup_printf ("SELECT %s(p) FROM b", length[to]);
    assert_int_equal (suite_number (sides.to, sql), 4);
    g_autofree char *padded = suite_text (sides.from, "SELECT q FROM b");
    assert_string_equal (padded, "ab");
  }
}

static void
one_check_that_is_not_understood (G_GNUC_UNUSED void **state)
{
  const CormPortOptions options = { .verify = true };
  CormTable *table = NULL;
  g_auto (Sides) sides = { 0 };
  g_autoptr (CormSchema) schema = NULL;
  if (!sides_begin (&sides, SIDE_PGSQL, SIDE_SQLITE3))
    return;
  suite_sql (
      sides.from,
      "CREATE TABLE c (id int PRIMARY KEY, a int CHECK (a > 0), b text CHECK (b ~ '^[a-z]+$'), d date, "
      "CHECK (a < 9), CHECK (CAST(b AS date) > d))");
  suite_sql (sides.from, "INSERT INTO c VALUES (1, 2, NULL, NULL)");
  g_autoptr (CormPortReport) report = sides_port (&sides, &options);
  sides_assert_equal (report);
  sides_assert_line (report->not_moved, "check of c: b ~ '^[a-z]+$'", "");
  sides_assert_line (report->not_moved, "check of c: (b)::date > d", "");
  assert_null (sides_find_line (report->not_moved, "checks of c"));
  assert_ok ((schema = corm_schema_inspect (sides.to, error)) != NULL);
  assert_non_null (table = corm_schema_find_table (schema, "c"));
  assert_int_equal (table->checks->len, 2);
}

/* What is said of a view is no part of what it reads. One that its own database can't read is not compared. */
static void
views_with_remarks (G_GNUC_UNUSED void **state)
{
  static const char *const in_source[] = { "CREATE TABLE n (id int PRIMARY KEY, s smallint)",
                                           "INSERT INTO n VALUES (1, -32768), (2, 3)",
                                           "CREATE VIEW said AS SELECT id, s FROM n",
                                           "COMMENT ON VIEW said IS 'a ; comment'",
                                           "ALTER VIEW said ALTER COLUMN s SET DEFAULT 5",
                                           "CREATE VIEW broken AS SELECT id, abs(s) AS x FROM n",
                                           NULL };
  for (Side to = 0; to < N_SIDES; to++) {
    const CormPortOptions options = { .verify = true };
    g_auto (Sides) sides = { 0 };
    if (to == SIDE_PGSQL || !sides_begin (&sides, SIDE_PGSQL, to))
      continue;
    sides_run (sides.from, in_source);
    g_autoptr (CormPortReport) report = sides_port (&sides, &options);
    sides_assert_equal (report);
    assert_non_null (sides_find_report (report, "view said"));
    sides_assert_line (report->not_moved, "with the view said: ALTER VIEW said",
                       "COMMENT ON VIEW said IS 'a ; comment'");
    sides_assert_line (report->notes, "view broken is not compared", "out of range");
    assert_int_equal (suite_number (sides.to, "SELECT count(*) FROM said"), 2);
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
    cmocka_unit_test (sequences_that_nobody_may_read),
    cmocka_unit_test (no_right_is_asked_for_in_vain),
    cmocka_unit_test (each_number_of_a_table_goes_on),
    cmocka_unit_test (no_reader_leaves_rows_out),
    cmocka_unit_test (no_orphan_of_a_hidden_row),
    cmocka_unit_test (a_sequence_of_several_columns),
    cmocka_unit_test (numbers_beside_the_key),
    cmocka_unit_test (sequences_that_are_left),
    cmocka_unit_test (defaults_that_are_no_numbers),
    cmocka_unit_test (decimals_of_any_size),
    cmocka_unit_test (odd_tables_and_indexes),
    cmocka_unit_test (odd_unique_indexes_of_sqlite),
    cmocka_unit_test (what_no_schema_has),
    cmocka_unit_test (what_the_whole_database_has),
    cmocka_unit_test (blanks_of_bpchar),
    cmocka_unit_test (one_check_that_is_not_understood),
    cmocka_unit_test (views_with_remarks),
  };
  return cmocka_run_group_tests_name ("port from pgsql", tests, NULL, end);
}
