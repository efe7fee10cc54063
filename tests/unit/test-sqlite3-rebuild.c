/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rebuild adds what it was asked to add and changes nothing else: not a byte of any stored SQL, no row, no rowid, no
 * storage class, no counter, and no row of a table that refers to the rebuilt one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/sqlite3/ddl.h"
#include "sqlite3.h"

static gboolean
rebuild (CormConnection *conn, const char *table_name, const char *const *add, GError **error)
{
  g_auto (Rebuilt) rebuilt = { 0 };
  g_autoptr (GArray) edits = g_array_new (FALSE, TRUE, sizeof (CormTableEdit));
  for (guint i = 0; add[i] != NULL; i++) {
    gboolean is_column = !corm_sqlite3_is_constraint (add[i]);
    CormTableEdit edit = { .kind = is_column ? CORM_OP_ADD_COLUMN : CORM_OP_ADD_CHECK, .definition = add[i] };
    g_array_append_val (edits, edit);
  }
  return rebuild_table (conn, &rebuilt, table_name, (const CormTableEdit *) (gpointer) edits->data,
                        edits->len, error);
}

static const char *const shop[] = {
  "CREATE TABLE [Jobs] ( -- the jobs\n"
  "  id   INTEGER /* key */ PRIMARY KEY AUTOINCREMENT,\n"
  "  `name` TEXT NOT NULL ON CONFLICT REPLACE COLLATE nocase DEFAULT ('a,b)'),\n"
  "  \"team id\" INT REFERENCES teams ON DELETE CASCADE,\n"
  "  price DECIMAL(10,2) CHECK(price > 0),\n"
  "  loud AS (upper(name)) VIRTUAL, any\t-- the last\n"
  "  , UNIQUE(name, any) ON CONFLICT IGNORE -- both\n"
  ") -- done\n",
  "CREATE TABLE teams (id INTEGER PRIMARY KEY)",
  "CREATE TABLE notes(job REFERENCES jobs(id) ON DELETE CASCADE ON UPDATE CASCADE, text)",
  "CREATE INDEX  by_price  ON jobs ( price DESC ) WHERE price>1 -- partial",
  "CREATE UNIQUE INDEX \"by loud\" ON jobs(lower(loud))",
  "CREATE TRIGGER on_job AFTER INSERT ON jobs BEGIN INSERT INTO log VALUES (new.id || ';'); END",
  "CREATE TRIGGER on_note AFTER INSERT ON notes BEGIN UPDATE jobs SET any = 1 WHERE id = new.job; END",
  "CREATE TABLE log(line)",
  "CREATE VIEW cheap AS SELECT id, name FROM Jobs WHERE price < 10",
  "CREATE VIEW broken AS SELECT * FROM nowhere",
  "INSERT INTO teams VALUES (1), (2)",
  "INSERT INTO jobs (id, name, \"team id\", price, any) VALUES (1, 'a', 1, 1.5, x'00ff'), (5, 'b', NULL, 2, "
  "'7'), "
  "(9, 'c''', 2, 'text', 7), (12, 'd', 1, 9e999, 0.1)",
  "DELETE FROM jobs WHERE id = 12",
  "INSERT INTO notes VALUES (1, 'one'), (5, 'five'), (5, 'five again')",
  NULL,
};

static CormConnection *
open_shop (void)
{
  CormConnection *conn = corm_connection_open_uri ("sqlite::memory:", NULL);
  assert_non_null (conn);
  for (guint i = 0; shop[i] != NULL; i++)
    run (conn, shop[i]);
  return conn;
}

/* Everything that a rebuild must not change. */
static const char *const kept[] = {
  "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name <> 'Jobs' ORDER BY type, name",
  "SELECT rowid, id, name, \"team id\", price, loud, typeof(price), quote(any) FROM jobs ORDER BY id",
  "SELECT rowid, job, text FROM notes ORDER BY rowid",
  "SELECT line FROM log ORDER BY rowid",
  "SELECT name, seq FROM sqlite_sequence ORDER BY name",
  "SELECT * FROM cheap ORDER BY id",
};

static void
nothing_but_the_addition_changes (G_GNUC_UNUSED void **state)
{
  static const char *const add[] = { "cluster INT REFERENCES teams (id)", "CONSTRAINT named CHECK (id > 0)",
                                     "\"check\" TEXT DEFAULT 'x'", "UNIQUE (\"check\", id)", NULL };
  g_autoptr (CormConnection) conn = open_shop ();
  g_autoptr (GError) error = NULL;
  char *before[G_N_ELEMENTS (kept)];
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    before[i] = read_all (conn, kept[i]);
  if (!rebuild (conn, "Jobs", add, &error))
    fail_msg ("%s", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    g_autofree char *was = before[i], *is = read_all (conn, kept[i]);
    if (i == 0) {
      /* The new constraint's own index. */
      char *added = strstr (is, "|index|sqlite_autoindex_Jobs_2|Jobs|NULL\n");
      assert_non_null (added);
      char *rest = strchr (added, '\n') + 1;
      memmove (added, rest, strlen (rest) + 1);
    }
    assert_string_equal (is, was);
  }

  /* What was stored, with the additions taken out, is what was given. */
  g_autofree char *stored = read_all (conn, "SELECT sql FROM sqlite_schema WHERE name = 'Jobs'");
  g_auto (GStrv) without_columns =
      g_strsplit (stored, ", cluster INT REFERENCES teams (id), \"check\" TEXT DEFAULT 'x'", -1);
  assert_int_equal (g_strv_length (without_columns), 2);
  g_autofree char *joined = g_strjoinv ("", without_columns);
  g_auto (GStrv) without_all =
      g_strsplit (joined, ", CONSTRAINT named CHECK (id > 0), UNIQUE (\"check\", id)", -1);
  assert_int_equal (g_strv_length (without_all), 2);
  g_autofree char *bare = g_strjoinv ("", without_all);
  g_autofree char *expected = g_strdup_printf ("|%s\n", shop[0]);
  g_strchomp (expected);
  g_strchomp (bare);
  assert_true (g_str_has_prefix (expected, bare) && g_str_has_suffix (bare, ")"));
  g_autofree char *checks = read_all (conn, "PRAGMA foreign_key_check");
  assert_string_equal (checks, "");
}

static void
the_new_parts_work (G_GNUC_UNUSED void **state)
{
  static const char *const add[] = { "cluster INT NOT NULL DEFAULT 3", "CHECK (cluster < 10)", NULL };
  g_autoptr (CormConnection) conn = open_shop ();
  g_autoptr (GError) error = NULL;
  assert_true (rebuild (conn, "Jobs", add, NULL));
  g_autofree char *values = read_all (conn, "SELECT DISTINCT cluster FROM jobs");
  assert_string_equal (values, "|3\n");
  assert_false (corm_execute (conn, "UPDATE jobs SET cluster = 10", NULL, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CHECK));
  /* The counter goes on behind the highest key there ever was; triggers and cascades fire. */
  run (conn, "INSERT INTO jobs (name, price) VALUES ('e', 4)");
  g_autofree char *last = read_all (conn, "SELECT max(id) FROM jobs");
  assert_string_equal (last, "|13\n");
  g_autofree char *line = read_all (conn, "SELECT line FROM log ORDER BY rowid DESC LIMIT 1");
  assert_string_equal (line, "|13;\n");
  run (conn, "DELETE FROM jobs WHERE id = 5");
  g_autofree char *notes = read_all (conn, "SELECT job FROM notes");
  assert_string_equal (notes, "|1\n");
}

static void
rows_that_break_a_new_constraint_stop_it (G_GNUC_UNUSED void **state)
{
  static const char *const add[] = { "UNIQUE (\"team id\") ON CONFLICT REPLACE", NULL };
  g_autoptr (CormConnection) conn = open_shop ();
  g_autoptr (GError) error = NULL;
  run (conn, "UPDATE jobs SET \"team id\" = 1");
  g_autofree char *before = read_all (conn, kept[1]),
                  *schema = read_all (conn, "SELECT * FROM sqlite_schema");
  assert_false (rebuild (conn, "Jobs", add, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_UNIQUE));
  g_autofree char *after = read_all (conn, kept[1]),
                  *schema_after = read_all (conn, "SELECT * FROM sqlite_schema");
  assert_string_equal (after, before);
  assert_string_equal (schema_after, schema);
  assert_true (corm_execute (conn, "CREATE TEMP TABLE corm_rebuild (a)", NULL, NULL, NULL));
}

/* Tables of every kind: the rows, with the rowid where there is one, must come out as they were. */
static void
rows_of_every_kind_of_table_survive (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *create, *insert, *select;
  } cases[] = {
    { "CREATE TABLE t(a, b TEXT)",
      "INSERT INTO t(rowid, a, b) VALUES (7, 1, 'x'), (-3, 'y', NULL), (100, 0.5, '')",
      "SELECT rowid, typeof(a), a, b FROM t ORDER BY rowid" },
    { "CREATE TABLE t(a TEXT PRIMARY KEY, b) WITHOUT ROWID",
      "INSERT INTO t VALUES ('k', x'00'), ('j', 1e300)", "SELECT a, quote(b) FROM t ORDER BY a" },
    { "CREATE TABLE t(a INTEGER, b ANY) STRICT",
      "INSERT INTO t(rowid, a, b) VALUES (3, 1, '123'), (2, 2, 123)",
      "SELECT rowid, a, typeof(b) FROM t ORDER BY rowid" },
    { "CREATE TABLE t(rowid TEXT, _rowid_ INT, b)", "INSERT INTO t(oid, rowid, _rowid_) VALUES (9, 'x', 1)",
      "SELECT oid, rowid, _rowid_ FROM t" },
    { "CREATE TABLE t(rowid, _rowid_, oid)", "INSERT INTO t VALUES (1, 2, 3), (4, 5, 6)",
      "SELECT rowid, _rowid_, oid FROM t ORDER BY 1" },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY DESC, b)", "INSERT INTO t(rowid, id) VALUES (8, NULL), (9, 1)",
      "SELECT rowid, id FROM t ORDER BY rowid" },
    { "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT)", "DELETE FROM t",
      "SELECT * FROM sqlite_sequence" },
    { "CREATE TABLE t(g INT AS (a + 1) STORED, a INT)", "INSERT INTO t(rowid, a) VALUES (4, 1)",
      "SELECT rowid, g, a FROM t" },
    { "CREATE TABLE t(a REAL, b NUMERIC, c TEXT, d BLOB, e INT)",
      "INSERT INTO t VALUES (1, '1.0', 5, '5', 'abc'), (9007199254740993, 1e20, x'61', 5, 5.5)",
      "SELECT rowid, typeof(a), quote(a), quote(b), quote(c), quote(d), quote(e) FROM t" },
  };
  static const char *const add[] = { "\"new one\" INT", "CHECK (1)", NULL };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormConnection) conn = corm_connection_open_uri ("sqlite::memory:", NULL);
    g_autoptr (GError) error = NULL;
    run (conn, cases[i].create);
    run (conn, cases[i].insert);
    g_autofree char *before = read_all (conn, cases[i].select);
    if (!rebuild (conn, "t", add, &error))
      fail_msg ("%s: %s", cases[i].create, error->message);
    g_autofree char *after = read_all (conn, cases[i].select);
    assert_string_equal (after, before);
  }
}

/* What rows look like after edits, and after the way back. */
static const struct {
  const char *create, *insert;
  CormTableEdit edits[3];
  const char *select, *there, *select_back, *back;
} ways[] = {
  { "CREATE TABLE t(a TEXT, b)",
    "INSERT INTO t VALUES ('12', 1), ('x', 2), (NULL, 3)",
    { { .kind = CORM_OP_SET_TYPE, .name = "a", .definition = "INT" } },
    "SELECT typeof(a), a FROM t",
    "|integer|12\n|text|x\n|null|NULL\n",
    "SELECT typeof(a), a FROM t",
    "|text|12\n|text|x\n|null|NULL\n" },
  { "CREATE TABLE t(a TEXT, b)",
    "INSERT INTO t VALUES ('12 EUR', 1), (NULL, 2)",
    { { .kind = CORM_OP_SET_TYPE, .name = "a", .definition = "INT", .convert = "CAST(a AS INT)" },
      { .kind = CORM_OP_SET_NOT_NULL, .name = "a", .convert = "b * 100" } },
    "SELECT a, b FROM t",
    "|12|1\n|200|2\n",
    "SELECT a, b FROM t",
    "|12|1\n|200|2\n" },
  { "CREATE TABLE t(a, b AS (a + 1) STORED)",
    "INSERT INTO t VALUES (1), (2)",
    { { .kind = CORM_OP_DROP_GENERATED, .name = "b" }, { .kind = CORM_OP_DROP_COLUMN, .name = "a" } },
    "SELECT rowid, b FROM t",
    "|1|2\n|2|3\n",
    "SELECT a, b FROM t",
    "|NULL|NULL\n|NULL|NULL\n" },
  { "CREATE TABLE t(a, b INT, c)",
    "INSERT INTO t VALUES (1, 5, 0), (2, 6, 0)",
    { { .kind = CORM_OP_SET_GENERATED, .name = "b", .definition = "AS (a * 2)" } },
    "SELECT a, b FROM t",
    "|1|2\n|2|4\n",
    "SELECT a, b FROM t",
    "|1|2\n|2|4\n" },
  { "CREATE TABLE t(a TEXT NOT NULL UNIQUE, s TEXT NOT NULL CHECK (s IN ('on', 'off')), d INT DEFAULT 7, "
    "k)",
    "INSERT INTO t VALUES ('x', 'off', 1, 'p'), ('y', 'on', 2, 'q')",
    { { .kind = CORM_OP_DROP_COLUMN, .name = "a" },
      { .kind = CORM_OP_DROP_COLUMN, .name = "s" },
      { .kind = CORM_OP_DROP_COLUMN, .name = "d" } },
    "SELECT * FROM t",
    "|p\n|q\n",
    "SELECT * FROM t",
    "|1|on|7|p\n|2|on|7|q\n" },
  { "CREATE TABLE t(a INTEGER, b)",
    "INSERT INTO t(rowid, a, b) VALUES (7, 3, 'x'), (9, 4, 'y')",
    { { .kind = CORM_OP_ADD_COLUMN, .definition = "id INTEGER PRIMARY KEY" } },
    "SELECT id, a, b FROM t",
    "|7|3|x\n|9|4|y\n",
    "SELECT rowid, a, b FROM t",
    "|7|3|x\n|9|4|y\n" },
  { "CREATE TABLE t(id INTEGER PRIMARY KEY, b)",
    "INSERT INTO t VALUES (7, 'x'), (9, 'y')",
    { { .kind = CORM_OP_DROP_PRIMARY_KEY } },
    "SELECT rowid, id, b FROM t",
    "|7|7|x\n|9|9|y\n",
    "SELECT rowid, id FROM t",
    "|7|7\n|9|9\n" },
  { "CREATE TABLE t(k TEXT PRIMARY KEY, b ANY) STRICT",
    "INSERT INTO t VALUES ('x', '5'), ('y', 5)",
    { { .kind = CORM_OP_SET_OPTIONS, .definition = "STRICT, WITHOUT ROWID" } },
    "SELECT k, typeof(b) FROM t",
    "|x|text\n|y|integer\n",
    "SELECT rowid, typeof(b) FROM t",
    "|1|text\n|2|integer\n" },
  { "CREATE TABLE t(a)",
    "INSERT INTO t VALUES (1), (2)",
    { { .kind = CORM_OP_ADD_COLUMN, .definition = "b INT NOT NULL", .convert = "a + 10" } },
    "SELECT a, b FROM t",
    "|1|11\n|2|12\n",
    "SELECT * FROM t",
    "|1\n|2\n" },
};

static void
rows_take_the_way_that_edits_say (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (CormConnection) conn = open_memory ();
    g_autoptr (GError) error = NULL;
    g_auto (Rebuilt) rebuilt = { 0 };
    guint n = 1;
    run (conn, ways[i].create);
    run (conn, ways[i].insert);
    while (n < 3 && ways[i].edits[n].kind != 0)
      n++;
    if (!rebuild_table (conn, &rebuilt, "t", ways[i].edits, n, &error))
      fail_msg ("%s: %s", ways[i].create, error->message);
    assert_reads (conn, ways[i].select, ways[i].there);
    if (!run_statements (conn, rebuilt.reverse, &error))
      fail_msg ("back to %s: %s", ways[i].create, error->message);
    assert_reads (conn, ways[i].select_back, ways[i].back);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_but_the_addition_changes),
    cmocka_unit_test (the_new_parts_work),
    cmocka_unit_test (rows_that_break_a_new_constraint_stop_it),
    cmocka_unit_test (rows_of_every_kind_of_table_survive),
    cmocka_unit_test (rows_take_the_way_that_edits_say),
  };
  return cmocka_run_group_tests_name ("sqlite3-rebuild", tests, NULL, NULL);
}
