/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite to PostgreSQL: everything arrives exactly, or the port says why and the target is as before. */
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <corm/corm.h>

typedef struct {
  char *path;
  CormDb *source;
  CormDb *target;
} Sides;

static void
must (gboolean ok, GError *error)
{
  if (!ok)
    fail_msg ("%s", error != NULL ? error->message : "failed without an error");
}

static void
run (CormDb *db, const char *script)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  must (conn != NULL, error);
  g_auto (GStrv) statements = g_strsplit (script, ";\n", -1);
  for (guint i = 0; statements[i] != NULL; i++)
    if (*g_strstrip (statements[i]) != '\0')
      must (corm_execute (conn, statements[i], NULL, NULL, &error), error);
}

static gint64
number (CormDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  g_autoptr (CormCursor) cursor = conn != NULL ? corm_query (conn, sql, NULL, &error) : NULL;
  must (cursor != NULL && corm_cursor_next (cursor, &error), error);
  return corm_cursor_get_value (cursor, 0)->i;
}

static char *no_sides; /* why the cases are skipped */

/* TRUE, and says why, when the driver of @uri was left out of the build. */
static gboolean
is_left_out (const char *uri)
{
  g_autoptr (GError) error = NULL;
  corm_db_free (corm_db_open (uri, NULL, &error));
  if (!g_error_matches (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED))
    return FALSE;
  g_free (no_sides);
  no_sides = g_strdup (error->message);
  return TRUE;
}

/* A fresh SQLite file with what @script makes, and a fresh schema of PostgreSQL. */
static int
setup (void **state)
{
  static int count;
  g_autoptr (GError) error = NULL;
  const char *uri = g_getenv ("CORM_TEST_PGSQL"), *folder = g_getenv ("CORM_TEST_TMP");
  *state = NULL;
  if (uri == NULL || is_left_out (uri) || is_left_out ("sqlite::memory:"))
    return 0;
  Sides *sides = g_new0 (Sides, 1);
  g_autofree char *schema = g_strdup_printf ("port_%d_%d", (int) getpid (), ++count);
  g_autofree char *create = g_strdup_printf ("CREATE SCHEMA %s", schema);
  g_autofree char *own = g_strdup_printf ("%s&options=-csearch_path%%3D%s", uri, schema);
  sides->path = g_strdup_printf ("%s/source-%d.db", folder != NULL ? folder : g_get_tmp_dir (), count);
  g_unlink (sides->path);
  g_autofree char *source = g_strconcat ("sqlite:", sides->path, NULL);
  g_autoptr (CormDb) admin = corm_db_open (uri, NULL, &error);
  must (admin != NULL, error);
  run (admin, create);
  sides->source = corm_db_open (source, NULL, &error);
  sides->target = sides->source != NULL ? corm_db_open (own, NULL, &error) : NULL;
  must (sides->target != NULL, error);
  *state = sides;
  return 0;
}

static int
teardown (void **state)
{
  Sides *sides = *state;
  if (sides == NULL)
    return 0;
  corm_db_free (sides->source);
  corm_db_free (sides->target);
  g_free (sides->path);
  g_free (sides);
  return 0;
}

static Sides *
sides_or_skip (void **state)
{
  if (*state == NULL) {
    const char *missing = g_getenv ("CORM_TEST_PGSQL_MISSING");
    print_message ("# skip %s\n", no_sides != NULL  ? no_sides
                                  : missing != NULL ? missing
                                                    : "CORM_TEST_PGSQL is not set");
    skip ();
  }
  return *state;
}

static CormPortReport *
port (Sides *sides, const CormPortOptions *options)
{
  g_autoptr (GError) error = NULL;
  CormPortReport *report = corm_port (sides->source, sides->target, options, &error);
  must (report != NULL, error);
  return report;
}

/* The port stops, the message has all @words (ended by NULL), and the target holds no table. */
static void
assert_stops (Sides *sides, const CormPortOptions *options, CormError code, ...)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPortReport) report = corm_port (sides->source, sides->target, options, &error);
  assert_null (report);
  if (!g_error_matches (error, CORM_ERROR, code))
    fail_msg ("code %d instead of %d: %s", error->code, code, error->message);
  va_list words;
  va_start (words, code);
  for (const char *word = va_arg (words, const char *); word != NULL; word = va_arg (words, const char *))
    if (strstr (error->message, word) == NULL)
      fail_msg ("'%s' does not say '%s'", error->message, word);
  va_end (words);
  assert_int_equal (
      number (sides->target, "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"), 0);
}

static gboolean
has_line (GPtrArray *lines, const char *part)
{
  for (guint i = 0; i < lines->len; i++)
    if (strstr (g_ptr_array_index (lines, i), part) != NULL)
      return TRUE;
  return FALSE;
}

static const char shop[] = "CREATE TABLE \"Person\" (id INTEGER PRIMARY KEY AUTOINCREMENT, name NVARCHAR(40) "
                           "NOT NULL COLLATE NOCASE UNIQUE,"
                           " born DATE, balance NUMERIC(10,2) DEFAULT 0, note, photo BLOB, ratio REAL, "
                           "active BOOLEAN NOT NULL DEFAULT 1,"
                           " at DATETIME DEFAULT CURRENT_TIMESTAMP, CHECK (balance >= -100));\n"
                           "CREATE TABLE item (person INT NOT NULL REFERENCES \"Person\" ON DELETE CASCADE, "
                           "n SMALLINT, word TEXT DEFAULT 'it''s',"
                           " PRIMARY KEY (person, n));\n"
                           "CREATE INDEX item_word ON item (word) WHERE word IS NOT NULL;\n"
                           "CREATE INDEX item_lower ON item (lower(word), n DESC);\n"
                           "CREATE VIEW rich AS SELECT * FROM \"Person\" WHERE balance > 10;\n"
                           "INSERT INTO \"Person\" VALUES (1, 'Ada', '1815-12-10', 12.5, 9007199254740993, "
                           "x'00ff00', 1e308, 1, '2024-02-29 23:59:59.999999'),"
                           " (2, 'Grace 🚢', NULL, 0.1, 'text', x'', -2.5, 0, '0001-01-01 00:00:00'), (900, "
                           "'', '9999-12-31', NULL, NULL, NULL, NULL, 1, NULL);\n"
                           "INSERT INTO item VALUES (1, 1, ''), (1, 2, NULL), (2, -32768, 'x\ny')";

static void
everything_arrives (void **state)
{
  Sides *sides = sides_or_skip (state);
  CormPortOptions options = { .verify = true };
  run (sides->source, shop);
  g_autoptr (CormPortReport) report = port (sides, &options);
  assert_true (report->equal);
  assert_int_equal (report->tables->len, 3); /* and the view */
  assert_int_equal (report->objects->len, 1);
  assert_true (has_line (report->not_moved, "collation"));
  assert_int_equal (
      number (sides->target,
              "SELECT count(*) FROM \"Person\" WHERE balance = 12.50 AND note = '9007199254740993'"),
      1);
  assert_int_equal (
      number (sides->target, "SELECT count(*) FROM \"Person\" WHERE photo = '\\x00ff00' AND ratio = 1e308"),
      1);
  assert_int_equal (number (sides->target,
                            "SELECT count(*) FROM pg_indexes WHERE schemaname = current_schema()"
                            " AND indexname IN ('item_lower', 'item_word')"),
                    2);
  g_autoptr (CormPortReport) again = corm_verify (sides->source, sides->target, NULL, NULL);
  assert_non_null (again);
  assert_true (again->equal);
}

static void
keys_go_on_behind_the_last (void **state)
{
  Sides *sides = sides_or_skip (state);
  run (sides->source, shop);
  G_GNUC_UNUSED g_autoptr (CormPortReport) report = port (sides, NULL);
  run (sides->target, "INSERT INTO \"Person\" (name) VALUES ('new')");
  assert_int_equal (number (sides->target, "SELECT max(id) FROM \"Person\""), 901);
  run (sides->target, "DELETE FROM \"Person\" WHERE id = 1");
  assert_int_equal (number (sides->target, "SELECT count(*) FROM item"), 1);
}

static void
a_value_that_does_not_fit_stops (void **state)
{
  Sides *sides = sides_or_skip (state);
  static const struct {
    const char *type, *value, *said;
  } cases[] = {
    { "INTEGER", "'seven'", "'seven'" },
    { "VARCHAR(3)", "'four'", "4 characters" },
    { "BOOLEAN", "2", "column v" },
    { "DATE", "'2024-02-30'", "2024-02-30" },
    { "NUMERIC(5,2)", "1.005", "digits" },
    { "TEXT", "cast(x'61ff' as text)", "not UTF-8" },
    { "TEXT", "cast(x'610062' as text)", "NUL" },
    { "DATE", "5", "'5'" },
    { "DATETIME", "'yesterday'", "yesterday" },
    { "REAL", "'1,5'", "1,5" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *script =
        g_strdup_printf ("DROP TABLE IF EXISTS t;\nCREATE TABLE t (k TEXT PRIMARY KEY, v %s);\n"
                         "INSERT INTO t VALUES ('a', NULL), ('b', %s)",
                         cases[i].type, cases[i].value);
    run (sides->source, script);
    assert_stops (sides, NULL, CORM_ERROR_CONVERSION, "t, k = 'b', column v", cases[i].said, NULL);
  }
}

static void
rejects_go_to_a_file (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autofree char *path = g_strconcat (sides->path, ".rejects", NULL);
  g_autofree char *text = NULL;
  CormPortOptions options = { .rejects = path, .verify = true };
  g_unlink (path);
  run (sides->source,
       "CREATE TABLE t (k INTEGER PRIMARY KEY, v INT);\nINSERT INTO t VALUES (1, 1), (2, 'two'), (3, 3)");
  g_autoptr (CormPortReport) report = port (sides, &options);
  const CormTableReport *table = g_ptr_array_index (report->tables, 0);
  assert_int_equal (table->rejected, 1);
  assert_int_equal (table->target_rows, 2);
  assert_true (report->equal);
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  assert_non_null (strstr (text, "\"table\":\"t\""));
  assert_non_null (strstr (text, "\"key\":{\"k\":\"2\"}"));
  assert_non_null (strstr (text, "\"column\":\"v\",\"value\":\"two\",\"reason\":"));
}

static void
rows_that_break_their_rules_stop (void **state)
{
  Sides *sides = sides_or_skip (state);
  run (sides->source,
       "PRAGMA foreign_keys = 0;\nCREATE TABLE a (id INTEGER PRIMARY KEY);\n"
       "CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id));\nINSERT INTO b VALUES (1, 77)");
  assert_stops (sides, NULL, CORM_ERROR_FOREIGN_KEY, "foreign key of b (a) to a", "77", NULL);
}

/* PostgreSQL's come behind the rows: a text of 1 and the number are one value there. */
static void
keys_that_rows_share_stop (void **state)
{
  Sides *sides = sides_or_skip (state);
  run (sides->source, "CREATE TABLE a (k PRIMARY KEY, x TEXT, y TEXT, CONSTRAINT pair UNIQUE (x, y));\n"
                      "INSERT INTO a VALUES (1, 'x', 'y'), ('1', 'x', 'z');\nCREATE TABLE b (k)");
  assert_stops (sides, NULL, CORM_ERROR_UNIQUE, "nothing was changed", "primary key of a (k)", "(k)=(1)",
                NULL);
  run (sides->source, "DELETE FROM a WHERE y = 'z'");
  corm_port_report_free (port (sides, NULL));
  assert_int_equal (
      number (sides->target,
              "SELECT count(*) FROM pg_constraint WHERE conrelid = 'a'::regclass AND (contype = 'p' "
              "AND conname = 'a_pkey' OR contype = 'u' AND conname = 'pair')"),
      2);
}

static void
a_target_that_is_not_empty (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autoptr (GError) error = NULL;
  CormPortOptions data_only = { .data_only = true, .verify = true };
  run (sides->source, "CREATE TABLE t (k INTEGER PRIMARY KEY);\nINSERT INTO t VALUES (1), (2)");
  run (sides->target, "CREATE TABLE t (k bigint PRIMARY KEY)");
  assert_null (corm_port (sides->source, sides->target, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_SCHEMA));
  assert_non_null (strstr (error->message, "table t already"));
  g_clear_error (&error);
  g_autoptr (CormPortReport) report = port (sides, &data_only);
  assert_true (report->equal);
  assert_null (corm_port (sides->source, sides->target, &data_only, &error));
  assert_non_null (strstr (error->message, "holds 2 rows already"));
}

static void
tables_by_glob_and_schema_only (void **state)
{
  Sides *sides = sides_or_skip (state);
  CormPortOptions options = { .tables = "item", .schema_only = true };
  run (sides->source, shop);
  g_autoptr (CormPortReport) report = port (sides, &options);
  assert_int_equal (report->tables->len, 1);
  assert_true (has_line (report->not_moved, "foreign key of item (person)"));
  assert_int_equal (number (sides->target, "SELECT count(*) FROM item"), 0);
  CormPortOptions none = { .tables = "nothing*" };
  g_autoptr (GError) error = NULL;
  assert_null (corm_port (sides->source, sides->target, &none, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_NOT_FOUND));
}

/* Each change of the copy is found, and its key and column are named. */
static void
verify_finds_each_difference (void **state)
{
  Sides *sides = sides_or_skip (state);
  static const struct {
    const char *harm, *mend, *said;
  } cases[] = {
    { "UPDATE t SET w = 'Word' WHERE k = 5", "UPDATE t SET w = 'word 5' WHERE k = 5",
      "k = '5': w is 'word 5' in the source, 'Word' in the target" },
    { "UPDATE t SET w = w || ' ' WHERE k = 6", "UPDATE t SET w = 'word 6' WHERE k = 6", "k = '6'" },
    { "UPDATE t SET n = n + 1 WHERE k = 7", "UPDATE t SET n = n - 1 WHERE k = 7", "n is '9007199254740993'" },
    { "UPDATE t SET w = NULL WHERE k = 8", "UPDATE t SET w = 'word 8' WHERE k = 8", "NULL in the target" },
    { "UPDATE t SET at = at + interval '1 microsecond' WHERE k = 9",
      "UPDATE t SET at = '2024-01-01' WHERE k = 9", "k = '9': at" },
    { "UPDATE t SET r = '-0' WHERE k = 10", "UPDATE t SET r = 0 WHERE k = 10", "k = '10': r" },
    { "DELETE FROM t WHERE k = 11", "INSERT INTO t VALUES (11, 'word 11', 9007199254740993, '2024-01-01', 0)",
      "k = '11': only in the source" },
    { "INSERT INTO t VALUES (5000, 'x', 1, NULL, NULL)", "DELETE FROM t WHERE k = 5000",
      "k = '5000': only in the target" },
  };
  run (sides->source,
       "CREATE TABLE t (k INTEGER PRIMARY KEY, w TEXT, n INT, at DATETIME, r REAL);\n"
       "WITH RECURSIVE i (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM i WHERE k < 1000)"
       " INSERT INTO t SELECT k, 'word ' || k, 9007199254740993, '2024-01-01 00:00:00', 0.0 FROM i");
  G_GNUC_UNUSED g_autoptr (CormPortReport) report = port (sides, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    run (sides->target, cases[i].harm);
    g_autoptr (CormPortReport) found = corm_verify (sides->source, sides->target, NULL, NULL);
    const CormTableReport *table = g_ptr_array_index (found->tables, 0);
    assert_false (found->equal);
    assert_int_equal (table->differences->len, 1);
    if (!has_line (table->differences, cases[i].said))
      fail_msg ("%s: %s", cases[i].harm, (char *) g_ptr_array_index (table->differences, 0));
    run (sides->target, cases[i].mend);
    g_autoptr (CormPortReport) mended = corm_verify (sides->source, sides->target, NULL, NULL);
    assert_true (mended->equal);
  }
}

static void
tables_on_one_side_are_differences (void **state)
{
  Sides *sides = sides_or_skip (state);
  run (sides->source,
       "CREATE TABLE a (id INTEGER PRIMARY KEY);\nCREATE TABLE b (id INTEGER PRIMARY KEY, c TEXT)");
  run (sides->target, "CREATE TABLE b (id bigint PRIMARY KEY, d text);\nCREATE TABLE c (id bigint)");
  g_autoptr (CormPortReport) report = corm_verify (sides->source, sides->target, NULL, NULL);
  assert_non_null (report);
  assert_false (report->equal);
  assert_int_equal (report->tables->len, 3);
  for (guint i = 0; i < 3; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    assert_false (table->equal);
    assert_true (has_line (table->differences, "only in the"));
  }
}

static void
generated_columns_are_computed_again (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autoptr (GError) error = NULL;
  CormPortOptions options = { .verify = true };
  run (sides->source,
       "CREATE TABLE g (b INT GENERATED ALWAYS AS (a * 2) STORED, a INTEGER PRIMARY KEY, CHECK (a > 0));\n"
       "INSERT INTO g (a) VALUES (1), (21)");
  g_autoptr (CormDb) memory = corm_db_open ("sqlite::memory:", NULL, &error);
  g_autoptr (CormPortReport) report =
      memory != NULL ? corm_port (sides->source, memory, &options, &error) : NULL;
  must (report != NULL, error);
  assert_true (report->equal);
  assert_int_equal (number (memory, "SELECT max(b) FROM g"), 42);
  g_autoptr (CormPortReport) moved = port (sides, &options);
  assert_true (moved->equal);
  assert_false (has_line (moved->not_moved, "generated column"));
  run (sides->target, "INSERT INTO g (a) VALUES (50)");
  assert_int_equal (number (sides->target, "SELECT max(b) FROM g"), 100);
}

/* What only PostgreSQL says is left out by name; the rows arrive. */
static void
back_to_sqlite (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autoptr (GError) error = NULL;
  CormPortOptions options = { .verify = true };
  run (sides->target,
       "CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text NOT NULL DEFAULT 'x',"
       " u uuid, j jsonb, n numeric(30,10), at timestamptz, CHECK (word ~ '^[a-z]'));\n"
       "INSERT INTO p (u, j, n, at) VALUES ('00112233-4455-6677-8899-aabbccddeeff', '{\"b\": 1, \"a\": [2]}',"
       " 12345678901234567890.0123456789, '2024-05-06 07:08:09.123456+02')");
  g_autoptr (CormDb) memory = corm_db_open ("sqlite::memory:", NULL, &error);
  g_autoptr (CormPortReport) report =
      memory != NULL ? corm_port (sides->target, memory, &options, &error) : NULL;
  must (report != NULL, error);
  assert_true (report->equal);
  assert_true (has_line (report->not_moved, "check"));
}

/* PostgreSQL would cut them to 63 bytes without a word. */
static void
names_that_are_too_long (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autofree char *name = g_strnfill (66, 'n');
  g_autofree char *index = g_strdup_printf ("CREATE TABLE t (k INTEGER PRIMARY KEY, v INT, CONSTRAINT c%s "
                                            "UNIQUE (v));\nCREATE INDEX %s1 ON t (v);\n"
                                            "CREATE INDEX %s2 ON t (v DESC)",
                                            name, name, name);
  run (sides->source, index);
  g_autoptr (CormPortReport) report = port (sides, NULL);
  assert_true (has_line (report->notes, "it is ix_t_n"));
  assert_int_equal (number (sides->target, "SELECT count(*) FROM pg_indexes WHERE schemaname = "
                                           "current_schema() AND indexname LIKE 'ix_t_n%'"),
                    2);
}

/* What only SQLite has goes along from SQLite to SQLite. */
static void
tables_of_a_kind_stay_so (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autoptr (GError) error = NULL;
  run (sides->source, "CREATE TABLE s (k INTEGER PRIMARY KEY, v TEXT) STRICT;\n"
                      "CREATE TABLE w (k TEXT PRIMARY KEY) WITHOUT ROWID");
  g_autoptr (CormDb) memory = corm_db_open ("sqlite::memory:", NULL, &error);
  g_autoptr (CormPortReport) report = memory != NULL ? corm_port (sides->source, memory, NULL, &error) : NULL;
  must (report != NULL, error);
  assert_int_equal (number (memory, "SELECT sum(strict) FROM pragma_table_list WHERE name = 's'"), 1);
  assert_int_equal (number (memory, "SELECT sum(wr) FROM pragma_table_list WHERE name = 'w'"), 1);
}

/* Keys go on behind the rows in tables that were there, too; and nothing is said of a structure that stays. */
static void
data_only_settles_the_keys (void **state)
{
  Sides *sides = sides_or_skip (state);
  CormPortOptions options = { .data_only = true, .verify = true, .tables = "item" };
  run (sides->source,
       "CREATE TABLE other (k INTEGER PRIMARY KEY);\nCREATE TABLE item (k INTEGER PRIMARY KEY, o INT "
       "REFERENCES other (k));\nINSERT INTO item VALUES (7, NULL)");
  run (sides->target, "CREATE TABLE \"Item\" (k bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, o int)");
  g_autoptr (CormPortReport) report = port (sides, &options);
  assert_true (report->equal);
  assert_int_equal (report->not_moved->len, 0);
  run (sides->target, "INSERT INTO \"Item\" (o) VALUES (1)");
  assert_int_equal (number (sides->target, "SELECT max(k) FROM \"Item\""), 8);
}

/* SQLite finds out at the first row; here it is listed, and orphans still stop the port. */
static void
a_foreign_key_to_no_key (void **state)
{
  Sides *sides = sides_or_skip (state);
  run (sides->source,
       "PRAGMA foreign_keys = 0;\nCREATE TABLE a (v INT);\nCREATE TABLE b (v INT REFERENCES a (v));\n"
       "INSERT INTO b VALUES (1)");
  g_autoptr (CormPortReport) report = port (sides, NULL);
  assert_true (has_line (report->not_moved, "foreign key of b (v): its columns in a are not unique"));
}

/* Each integer column is looked at, however many there are. */
static void
a_very_wide_table (void **state)
{
  Sides *sides = sides_or_skip (state);
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE w (k INTEGER PRIMARY KEY");
  for (guint i = 0; i < 1200; i++)
    g_string_append_printf (sql, ", c%u INT", i);
  g_string_append (sql, ");\nINSERT INTO w (k, c0, c1199) VALUES (1, 2147483647, 2147483648)");
  run (sides->source, sql->str);
  CormPortOptions options = { .verify = true };
  g_autoptr (CormPortReport) report = port (sides, &options);
  assert_true (report->equal);
  assert_int_equal (number (sides->target, "SELECT CAST (c1199 - c0 AS int) FROM w"), 1);
}

#define PORT_TEST(f) cmocka_unit_test_setup_teardown (f, setup, teardown)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    PORT_TEST (everything_arrives),
    PORT_TEST (keys_go_on_behind_the_last),
    PORT_TEST (a_value_that_does_not_fit_stops),
    PORT_TEST (rejects_go_to_a_file),
    PORT_TEST (rows_that_break_their_rules_stop),
    PORT_TEST (keys_that_rows_share_stop),
    PORT_TEST (a_target_that_is_not_empty),
    PORT_TEST (tables_by_glob_and_schema_only),
    PORT_TEST (verify_finds_each_difference),
    PORT_TEST (tables_on_one_side_are_differences),
    PORT_TEST (generated_columns_are_computed_again),
    PORT_TEST (back_to_sqlite),
    PORT_TEST (names_that_are_too_long),
    PORT_TEST (tables_of_a_kind_stay_so),
    PORT_TEST (data_only_settles_the_keys),
    PORT_TEST (a_foreign_key_to_no_key),
    PORT_TEST (a_very_wide_table),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
