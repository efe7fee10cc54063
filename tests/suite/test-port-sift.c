/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows of SQLite that break a check or refer to nothing, into a database that looks: the first one is named, or all of them
 * are rejected, and with them those that refer to them, and no other; a kill in between changes nothing. */
#include "../lib/suite.h"
#include "porting.h"

#include <glib/gstdio.h>

enum { KILLS = 6, MOST_ROUNDS = 200, N_BROKEN = 9 };

static const char *const broken[] = {
  "CREATE TABLE leaf (id INTEGER PRIMARY KEY, t INT NOT NULL REFERENCES tree (id), s TEXT CHECK (s <> "
  "'bad'))",
  "CREATE TABLE tree (id INTEGER PRIMARY KEY, up INT REFERENCES tree (id), v INT CHECK (v > 0))",
  "CREATE TABLE twin (a INT, b INT, PRIMARY KEY (a, b))",
  "CREATE TABLE keyless (a INT, b INT, c TEXT, FOREIGN KEY (a, b) REFERENCES twin)",
  "PRAGMA foreign_keys = OFF",
  "PRAGMA ignore_check_constraints = ON",
  /* 4 and 5 hang from 3, which breaks the check */
  "INSERT INTO tree VALUES (1, NULL, 1), (2, 1, 2), (3, 2, -1), (4, 3, 5), (5, 4, 6), (6, 99, 1)",
  "INSERT INTO leaf VALUES (1, 1, 'ok'), (2, 3, 'gone'), (3, 5, 'gone'), (4, 1, 'bad'), (5, 2, 'ok')",
  "INSERT INTO twin VALUES (1, 1)",
  "INSERT INTO keyless VALUES (1, 1, 'x'), (1, NULL, 'y'), (1, 2, 'z'), (1, 2, 'z')",
  NULL,
};

static const struct {
  const char *table;
  guint source, rejected;
} expected[] = { { "tree", 6, 4 }, { "leaf", 5, 3 }, { "twin", 1, 0 }, { "keyless", 4, 2 } };

static const char *const lines[] = {
  "{\"id\":\"4\"},\"column\":\"up\",\"value\":\"3\",\"reason\":\"it refers to no row of tree\"",
  "\"table\":\"tree\",\"key\":{\"id\":\"5\"},\"column\":\"up\",\"value\":\"4\"",
  "\"table\":\"tree\",\"key\":{\"id\":\"6\"},\"column\":\"up\",\"value\":\"99\"",
  "\"key\":{\"id\":\"3\"}",
  "v > 0",
  "\"table\":\"leaf\",\"key\":{\"id\":\"2\"},\"column\":\"t\",\"value\":\"3\"",
  "\"table\":\"leaf\",\"key\":{\"id\":\"3\"},\"column\":\"t\",\"value\":\"5\"",
  "s <> 'bad'",
  "\"columns\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"z\"},\"reason\":\"it refers to no row of twin\"",
};

/* The path of the source; free with g_free(). */
static char *
make_source_of (const char *const *statements)
{
  char *path = porting_make_source (100);
  g_unlink (path);
  g_autoptr (CormDb) db = porting_open (path);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (const char *const *sql = statements; *sql != NULL; sql++)
    suite_sql (conn, *sql);
  return path;
}

static char *
make_source (void)
{
  return make_source_of (broken);
}

static void
assert_lines (const char *rejects)
{
  g_autofree char *text = NULL;
  assert_ok (g_file_get_contents (rejects, &text, NULL, error));
  g_auto (GStrv) found = g_strsplit (text, "\n", -1);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (strstr (text, lines[i]) == NULL)
      fail_msg ("not among the rejects: %s\n%s", lines[i], text);
  assert_int_equal (g_strv_length (found), N_BROKEN + 1);
}

static void
assert_rows (CormConnection *conn)
{
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autofree char *sql = g_strconcat ("SELECT count(*) FROM ", expected[i].table, NULL);
    assert_int_equal (suite_number (conn, sql), expected[i].source - expected[i].rejected);
  }
  /* The keys are there, and hold. */
  g_autoptr (GError) orphan = NULL;
  assert_false (corm_execute (conn, "INSERT INTO leaf VALUES (9, 3, 'x')", NULL, NULL, &orphan));
  assert_int_equal (orphan->code, CORM_ERROR_FOREIGN_KEY);
}

static void
they_go_to_the_rejects (Suite *suite)
{
  g_autofree char *path = make_source (), *rejects = g_strconcat (path, ".rejects", NULL);
  CormPortOptions options = { .jobs = 2, .batch = 2, .rejects = rejects, .verify = true };
  CormPortOptions few = { .rejects = rejects, .max_rejects = N_BROKEN - 1 };
  g_autoptr (CormDb) source = porting_open (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) report = NULL;
  assert_fails (corm_port (source, target, &few, error) != NULL, CORM_ERROR_CONVERSION, "more than 8",
                rejects);
  assert_true (g_file_test (rejects, G_FILE_TEST_EXISTS));
  g_unlink (rejects);
  assert_ok ((report = corm_port (source, target, &options, error)) != NULL);
  assert_true (report->equal);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    assert_string_equal (table->table, expected[i].table);
    assert_int_equal (table->source_rows, expected[i].source);
    assert_int_equal (table->rejected, expected[i].rejected);
    assert_int_equal (table->target_rows, expected[i].source - expected[i].rejected);
  }
  g_autoptr (CormConnection) conn = suite_connect (target);
  assert_rows (conn);
  assert_lines (rejects);
  g_unlink (rejects);
  g_unlink (path);
}

/* Each has what the other needs, but for one. */
static void
a_circle (Suite *suite)
{
  static const char *const circle[] = {
    "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b (id), u INT)",
    "CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a (id))",
    "PRAGMA foreign_keys = OFF",
    "INSERT INTO a VALUES (1, 1, 1), (2, 9, 1), (5, 5, 1)",
    "INSERT INTO b VALUES (1, 2), (5, 5)",
    NULL,
  };
  g_autofree char *path = make_source_of (circle), *rejects = g_strconcat (path, ".rejects", NULL);
  CormPortOptions options = { .rejects = rejects, .verify = true };
  g_autoptr (CormDb) source = porting_open (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) report = NULL;
  assert_ok ((report = corm_port (source, target, &options, error)) != NULL);
  assert_true (report->equal);
  g_autoptr (CormConnection) conn = suite_connect (target);
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM a"), 1);
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM b"), 1);
  g_unlink (rejects);
  g_unlink (path);
}

/* One that is rejected hides none of the others whose key is NULL too. */
static void
keys_that_are_null (Suite *suite)
{
  static const char *const nulls[] = {
    "CREATE TABLE t (k TEXT PRIMARY KEY, n INT CHECK (n >= 0))",
    "PRAGMA ignore_check_constraints = ON",
    "WITH RECURSIVE c(i) AS (VALUES (-1) UNION ALL SELECT i + 1 FROM c WHERE i < 299) INSERT INTO t SELECT "
    "NULL, i FROM c",
    NULL,
  };
  if (strcmp (corm_db_get_dialect (suite->db), "sqlite3") != 0)
    suite_leave_out ("only SQLite has such keys");
  g_autofree char *path = make_source_of (nulls), *rejects = g_strconcat (path, ".rejects", NULL);
  CormPortOptions options = { .rejects = rejects, .verify = true, .batch = 50 };
  g_autoptr (CormDb) source = porting_open (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) report = NULL;
  assert_ok ((report = corm_port (source, target, &options, error)) != NULL);
  assert_true (report->equal);
  const CormTableReport *table = g_ptr_array_index (report->tables, 0);
  assert_int_equal (table->rejected, 1);
  assert_int_equal (table->target_rows, 300);
  g_unlink (rejects);
  g_unlink (path);
}

static void
the_first_is_named (Suite *suite)
{
  g_autofree char *path = make_source ();
  g_autoptr (CormDb) source = porting_open (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  assert_fails (corm_port (source, target, NULL, error) != NULL, CORM_ERROR_CHECK,
                "nothing was changed in the target", "id = '", "reject file");
  suite_sql (conn, "UPDATE tree SET v = 1 WHERE v < 0");
  suite_sql (conn, "UPDATE leaf SET s = 'good' WHERE s = 'bad'");
  suite_sql (conn, "DELETE FROM keyless WHERE b = 2");
  assert_fails (corm_port (source, target, NULL, error) != NULL, CORM_ERROR_FOREIGN_KEY,
                "nothing was changed in the target", "tree", "6", "reject file");
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
  assert_int_equal (schema->tables->len, 0);
  g_unlink (path);
}

static void
a_kill_changes_nothing (Suite *suite)
{
  guint n_kills = porting_number ("CORM_TEST_KILLS", KILLS), killed = 0;
  g_autofree char *path = make_source (), *rejects = g_strconcat (path, ".rejects", NULL);
  CormPortOptions options = { .batch = 1, .rejects = rejects, .verify = true, .resume = true };
  g_autoptr (GRand) rand = g_rand_new_with_seed (porting_number ("CORM_TEST_SEED", 7));
  suite_close (suite);
  gint64 began = g_get_monotonic_time ();
  assert_true (porting_and_kill (path, suite->uri, &options, 60 * G_USEC_PER_SEC));
  gint32 duration = (gint32) (g_get_monotonic_time () - began);
  for (guint ports = 0; killed < n_kills && ports < MOST_ROUNDS; ports++) {
    static const char *const tables[] = { "leaf", "tree", "keyless", "twin" };
    g_autoptr (CormDb) target = suite_open (suite, NULL);
    g_autoptr (CormConnection) conn = suite_connect (target);
    for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
      g_autofree char *drop = g_strconcat ("DROP TABLE ", tables[i], NULL);
      suite_sql (conn, drop);
    }
    g_unlink (rejects);
    while (!porting_and_kill (path, suite->uri, &options, g_rand_int_range (rand, 0, duration))) {
      killed++;
      g_unlink (rejects); /* killed behind its last step it is there */
    }
    assert_rows (conn);
  }
  assert_true (killed >= n_kills);
  g_unlink (rejects);
  g_unlink (path);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "they_go_to_the_rejects", they_go_to_the_rejects, 0 }, { "a_circle", a_circle, 0 },
    { "keys_that_are_null", keys_that_are_null, 0 },         { "the_first_is_named", the_first_is_named, 0 },
    { "a_kill_changes_nothing", a_kill_changes_nothing, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
