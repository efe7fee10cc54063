/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a comparison says of whole tables: those that one side alone has, how many differences, and what it refuses to do. */
#include "../lib/suite.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* A new file with these statements run in it. */
static char *
make_source (const char *const *statements)
{
  static int count;
  const char *folder = g_getenv ("CORM_TEST_TMP");
  char *path = g_strdup_printf ("%s/report-%d-%d.db", folder != NULL ? folder : g_get_tmp_dir (),
                                (int) getpid (), ++count);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_unlink (path);
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (; *statements != NULL; statements++)
    suite_sql (conn, *statements);
  return path;
}

static CormDb *
open_file (const char *path)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  CormDb *db = NULL;
  const CormDbOptions options = { .pool_size = 4 };
  assert_ok ((db = corm_db_open_full (uri, NULL, &options, error)) != NULL);
  return db;
}

/* The tables, each with = or its differences, a line each. */
static char *
verify (CormDb *source, CormDb *target, const CormPortOptions *options)
{
  g_autoptr (CormPortReport) report = NULL;
  gboolean equal = TRUE;
  assert_ok ((report = corm_verify (source, target, options, error)) != NULL);
  GString *text = g_string_new (NULL);
  for (guint t = 0; t < report->tables->len; t++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, t);
    assert_true (table->verified);
    assert_int_equal (table->equal, table->differences->len == 0);
    equal = equal && table->equal;
    if (table->equal)
      g_string_append_printf (text, "%s %u =\n", table->table, (guint) table->source_rows);
    for (guint i = 0; i < table->differences->len; i++)
      g_string_append_printf (text, "%s %u %s\n", table->table, (guint) table->source_rows,
                              (char *) g_ptr_array_index (table->differences, i));
  }
  assert_int_equal (report->equal, equal);
  return g_string_free (text, FALSE);
}

static void
assert_says (CormDb *source, CormDb *target, const CormPortOptions *options, const char *text)
{
  g_autofree char *said = verify (source, target, options);
  assert_string_equal (said, text);
}

static const char *const two_tables[] = { "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT)",
                                          "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT)",
                                          "INSERT INTO a VALUES (1, 'one'), (2, 'two')",
                                          "INSERT INTO b VALUES (1, 'one')", NULL };

static void
tables_of_one_side_are_told (Suite *suite)
{
  g_autofree char *path = make_source (two_tables);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  assert_says (source, target, NULL, "a 2 =\nb 1 =\n");
  suite_sql (conn, "CREATE TABLE here (id INTEGER PRIMARY KEY)");
  suite_sql (conn, "INSERT INTO here VALUES (1), (2), (3)");
  suite_sql (suite->conn, "CREATE TABLE there (id BIGINT)");
  assert_says (
      source, target, NULL,
      "a 2 =\nb 1 =\nhere 3 the table is only in the source\nthere 0 the table is only in the target\n");
  CormPortOptions some = { .tables = "a,there" }, none = { .tables = "b" };
  assert_says (source, target, &some, "a 2 =\nthere 0 the table is only in the target\n");
  assert_says (source, target, &none, "b 1 =\n");
  /* and what is on one side is no table found equal, however often it is asked */
  g_autofree char *state = g_strconcat (path, ".state", NULL);
  CormPortOptions kept = { .tables = "a,here", .state = state };
  for (guint i = 0; i < 2; i++)
    assert_says (source, target, &kept, "a 2 =\nhere 3 the table is only in the source\n");
  g_unlink (state);
  g_unlink (path);
}

/* Twenty differences of a table are enough to see what is wrong. */
static void
so_many_differences_are_told (Suite *suite)
{
  static const char *const statements[] = { "CREATE TABLE a (id INTEGER PRIMARY KEY, x BIGINT)",
                                            "CREATE TABLE bag (x BIGINT)",
                                            "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c "
                                            "WHERE i < 30) INSERT INTO a SELECT i, i FROM c",
                                            "INSERT INTO bag SELECT x FROM a", NULL };
  static const struct {
    const char *set;
    guint n;
  } changes[] = { { "x = 1000 + x WHERE x <= 19", 19 },
                  { "x = 1000 + x WHERE x = 20", 20 },
                  { "x = 1000 + x WHERE x = 21", 20 },
                  { "x = 0", 20 } };
  g_autofree char *path = make_source (statements);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    for (guint t = 0; t < 2; t++) {
      g_autofree char *sql = g_strdup_printf ("UPDATE %s SET %s", t == 0 ? "a" : "bag", changes[i].set);
      suite_sql (suite->conn, sql);
    }
    g_autoptr (CormPortReport) report = NULL;
    assert_ok ((report = corm_verify (source, target, NULL, error)) != NULL);
    const CormTableReport *keyed = g_ptr_array_index (report->tables, 0),
                          *bag = g_ptr_array_index (report->tables, 1);
    assert_int_equal (keyed->differences->len, changes[i].n);
    assert_int_equal (bag->differences->len, MIN (2 * changes[i].n, 20)); /* each row on both sides */
  }
  g_unlink (path);
}

typedef struct {
  GThread *thread;
  guint n_told;
  guint64 last;
} Told;

static void
take_progress (const CormProgress *progress, gpointer data)
{
  Told *told = data;
  assert_ptr_equal (g_thread_self (), told->thread);
  assert_true (progress->phase == CORM_PORT_VERIFY && progress->all_rows >= told->last);
  told->last = progress->all_rows;
  told->n_told++;
}

#ifdef CORM_TINY
#define N_MANY 2200
#else
#define N_MANY 22000
#endif
#define MANY G_STRINGIFY (N_MANY)

/* More rows than are kept of a side, and those that differ are the first, the last and two between. */
static void
few_differences_of_many_rows (Suite *suite)
{
  static const char *const statements[] = { "CREATE TABLE a (id INTEGER PRIMARY KEY, x BIGINT)",
                                            "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c "
                                            "WHERE i < " MANY ") INSERT INTO a SELECT i, i FROM c",
                                            NULL };
  g_autofree char *path = make_source (statements);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  suite_sql (suite->conn, "UPDATE a SET x = 0 WHERE id IN (1, 700, 1400, " MANY ")");
  Told told = { g_thread_self (), 0, 0 };
  CormPortOptions options = { .progress = take_progress, .data = &told };
  assert_says (source, target, &options,
               "a " MANY " id = '1': x is '1' in the source, '0' in the target\n"
               "a " MANY " id = '700': x is '700' in the source, '0' in the target\n"
               "a " MANY " id = '1400': x is '1400' in the source, '0' in the target\n"
               "a " MANY " id = '" MANY "': x is '" MANY "' in the source, '0' in the target\n");
  /* it is told now and then, to whoever asked, how far all passes are */
  assert_int_equal (told.last % N_MANY, 0);
  assert_in_range (told.last, 2 * N_MANY, 8 * N_MANY);
  assert_in_range (told.n_told, N_MANY / 2200, N_MANY / 22);
  g_unlink (path);
}

/* Long texts are shown by their beginning, which may be the same. */
static void
a_difference_behind_what_is_shown (Suite *suite)
{
  static const char *const statements[] = { "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, y TEXT)",
                                            "INSERT INTO a VALUES (1, printf ('%.300c', 'x') || 'a', NULL)",
                                            NULL };
  g_autofree char *path = make_source (statements);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  assert_says (source, target, NULL, "a 1 =\n");
  suite_sql (suite->conn, "UPDATE a SET x = replace (x, 'a', 'b')");
  g_autofree char *behind = verify (source, target, NULL);
  assert_true (g_str_has_prefix (behind, "a 1 id = '1': x is 'xxx"));
  assert_true (g_str_has_suffix (behind, "xxx...' in the target (they differ behind that)\n"));
  suite_sql (suite->conn, "UPDATE a SET x = 'b', y = ''");
  g_autofree char *plain = verify (source, target, NULL);
  assert_true (g_str_has_suffix (plain,
                                 "xxx...' in the source, 'b' in the target; y is NULL in the source, '' in "
                                 "the target\n"));
  g_unlink (path);
}

static void
what_cannot_be_compared_is_refused (Suite *suite)
{
  static const CormPortOptions wrong[] = { { .sample = -1 },
                                           { .sample = 100.5 },
                                           { .has_keys = true, .key_from = 2, .key_until = 1 } };
  static const CormPortOptions right[] = { { .sample = 100 },
                                           { .has_keys = true, .key_from = 1, .key_until = 1 },
                                           { .key_from = 2, .key_until = 1 } };
  static const char *const found[] = { "a 2 =\nb 1 =\n", "a 1 =\nb 1 =\n", "a 2 =\nb 1 =\n" };
  CormPortOptions no_mapping = { .mapping = "/nowhere/mapping.yaml" },
                  no_state = { .state = "/nowhere/state" };
  g_autofree char *path = make_source (two_tables);
  g_autoptr (CormDb) source = open_file (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autoptr (CormPortReport) ported = NULL;
  assert_ok ((ported = corm_port (source, target, NULL, error)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_fails (corm_verify (source, target, &wrong[i], error) != NULL, CORM_ERROR_INVALID, "per cent");
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    assert_says (source, target, &right[i], found[i]);
  assert_fails (corm_verify (source, target, &no_mapping, error) != NULL, CORM_ERROR_NOT_FOUND, "nowhere");
  assert_fails (corm_verify (source, target, &no_state, error) != NULL, CORM_ERROR_DENIED, "nowhere");
  suite_sql (conn, "CREATE TABLE named (id TEXT PRIMARY KEY)");
  suite_sql (suite->conn, "CREATE TABLE named (id VARCHAR(20) PRIMARY KEY)");
  assert_fails (corm_verify (source, target, &right[1], error) != NULL, CORM_ERROR_INVALID,
                "named has no integer key");
  g_unlink (path);
}

/* The table's page is no page any more. */
static void
damage (const char *path, const char *table)
{
  gint64 page = 0, size = 0;
  static const char nothing[64] = { 0x7f, 0x7f, 0x7f };
  {
    g_autoptr (CormDb) db = open_file (path);
    g_autoptr (CormConnection) conn = suite_connect (db);
    g_autofree char *sql = g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    page = suite_number (conn, sql);
    size = suite_number (conn, "PRAGMA page_size");
  }
  FILE *file = fopen (path, "r+b");
  assert_non_null (file);
  assert_int_equal (fseek (file, (long) ((page - 1) * size), SEEK_SET), 0);
  assert_int_equal (fwrite (nothing, 1, sizeof nothing, file), sizeof nothing);
  assert_int_equal (fclose (file), 0);
}

/* Whichever statement it is that cannot be answered: there is no report, and the error is about that statement. */
static void
a_damaged_file_is_an_error (Suite *suite)
{
  static const char *const statements[] = {
    "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT)", "INSERT INTO a VALUES (1, 'one')",
    "CREATE TABLE corm_port (source TEXT, fingerprint TEXT, began TEXT, made TEXT, has_tables TEXT)",
    "INSERT INTO corm_port VALUES ('x', 'x', 'x', 'x', '1')", NULL
  };
  static const struct {
    guint side;
    const char *table;
    gboolean with_state;
    double sample;
    const char *begins;
  } cases[] = {
    { 0, "corm_port", FALSE, 0, "cannot run 'SELECT source" },
    { 1, "corm_port", FALSE, 0, "cannot run 'SELECT source" },
    { 0, "a", FALSE, 0, "cannot run 'SELECT count" },
    { 1, "a", FALSE, 0, "verify a: " },
    { 1, "a", TRUE, 0, "cannot run 'SELECT count" },
    { 1, "a", FALSE, 50, "cannot run 'SELECT " },
  };
  if (g_strcmp0 (corm_db_get_dialect (suite->db), "sqlite3") != 0 ||
      g_str_has_prefix (suite->backend, "dbi:"))
    suite_leave_out ("its files are the server's own");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    char *paths[] = { make_source (statements), make_source (statements) };
    g_autofree char *state = g_strconcat (paths[0], ".state", NULL);
    CormPortOptions options = { .tables = "a",
                                .sample = cases[i].sample,
                                .state = cases[i].with_state ? state : NULL };
    g_autoptr (GError) error = NULL;
    damage (paths[cases[i].side], cases[i].table);
    g_autoptr (CormDb) source = open_file (paths[0]), target = open_file (paths[1]);
    g_autoptr (CormPortReport) report = corm_verify (source, target, &options, &error);
    assert_null (report);
    assert_non_null (error);
    if (!g_str_has_prefix (error->message, cases[i].begins) || strstr (error->message, "malformed") == NULL)
      fail_msg ("%s of %u: %s", cases[i].table, cases[i].side, error->message);
    for (guint side = 0; side < 2; side++) {
      g_unlink (paths[side]);
      g_free (paths[side]);
    }
    g_unlink (state);
  }
}

/* SQLite lets a key be NULL in any number of rows: they are told apart by their cells, in whatever order they lie. */
static void
keys_that_are_null (Suite *suite)
{
  static const char *const statements[2][4] = {
    { "CREATE TABLE a (id TEXT PRIMARY KEY, x INTEGER)",
      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO a SELECT "
      "NULL, i FROM n",
      "INSERT INTO a VALUES ('k', 1)", NULL },
    { "CREATE TABLE a (id TEXT PRIMARY KEY, x INTEGER)",
      "WITH RECURSIVE n(i) AS (VALUES (3000) UNION ALL SELECT i - 1 FROM n WHERE i > 1) INSERT INTO a SELECT "
      "NULL, CASE i WHEN 77 "
      "THEN -1 ELSE i END FROM n",
      "INSERT INTO a VALUES ('k', 2)", NULL },
  };
  if (strcmp (suite->backend, "sqlite3") != 0)
    suite_leave_out ("only SQLite has such keys");
  g_autofree char *one = make_source (statements[0]), *two = make_source (statements[1]);
  g_autoptr (CormDb) source = open_file (one), target = open_file (two);
  g_autofree char *said = verify (source, target, NULL);
  g_auto (GStrv) lines = g_strsplit (said, "\n", -1);
  assert_int_equal (g_strv_length (lines), 4);
  assert_non_null (strstr (said, "a 3001 the row id = NULL, x = '77': only in the source\n"));
  assert_non_null (strstr (said, "a 3001 the row id = NULL, x = '-1': only in the target\n"));
  assert_non_null (strstr (said, "a 3001 id = 'k': x is '1' in the source, '2' in the target\n"));
  g_unlink (one);
  g_unlink (two);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "tables_of_one_side_are_told", tables_of_one_side_are_told, 0 },
    { "so_many_differences_are_told", so_many_differences_are_told, 0 },
    { "few_differences_of_many_rows", few_differences_of_many_rows, 0 },
    { "a_difference_behind_what_is_shown", a_difference_behind_what_is_shown, 0 },
    { "what_cannot_be_compared_is_refused", what_cannot_be_compared_is_refused, 0 },
    { "keys_that_are_null", keys_that_are_null, 0 },
    { "a_damaged_file_is_an_error", a_damaged_file_is_an_error, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
