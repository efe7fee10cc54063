/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rebuild adds what it was asked to add and changes nothing else: not a byte of any stored SQL, no row, no rowid, no
 * storage class, no counter, and no row of a table that refers to the rebuilt one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/dialects.h"
#include "../../drivers/sqlite3/ddl.h"

#include <string.h>

static void
run (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: %s", sql, error->message);
}

/* All rows as text, a line each. */
static char *
read_all (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &error);
  GString *text = g_string_new (NULL);
  if (cursor == NULL)
    fail_msg ("%s: %s", sql, error->message);
  while (corm_cursor_next (cursor, &error)) {
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      const CormValue *value = corm_cursor_get_value (cursor, i);
      g_string_append_c (text, '|');
      if (value->is_null)
        g_string_append (text, "NULL");
      else
        corm_value_append_text (value, text);
    }
    g_string_append_c (text, '\n');
  }
  if (error != NULL)
    fail_msg ("%s: %s", sql, error->message);
  return g_string_free (text, FALSE);
}

static gboolean
rebuild (CormConnection *conn, const char *table_name, const char *const *add, GError **error)
{
  g_autoptr (CormSchema) live = corm_schema_new ("sqlite3");
  assert_true (corm_sqlite3_inspect (conn, FALSE, live, error));
  const CormTable *table = corm_schema_find_table (live, table_name);
  assert_non_null (table);
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) reverse = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) edits = g_array_new (FALSE, TRUE, sizeof (CormTableEdit));
  for (guint i = 0; add[i] != NULL; i++) {
    gboolean is_column = !corm_sqlite3_is_constraint (add[i]);
    CormTableEdit edit = { .kind = is_column ? CORM_OP_ADD_COLUMN : CORM_OP_ADD_CHECK, .definition = add[i] };
    g_array_append_val (edits, edit);
  }
  assert_true (corm_sqlite3_rebuild (live, table, (const CormTableEdit *) (gpointer) edits->data, edits->len,
                                     sql, reverse, error));
  run (conn, "PRAGMA foreign_keys = OFF");
  gboolean ok = TRUE;
  {
    g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
    assert_non_null (transaction);
    for (guint i = 0; ok && i < sql->len; i++)
      ok = corm_execute (conn, sql->pdata[i], NULL, NULL, error);
    if (ok)
      ok = corm_transaction_commit (transaction, error);
  }
  run (conn, "PRAGMA foreign_keys = ON");
  return ok;
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

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (nothing_but_the_addition_changes),
    cmocka_unit_test (the_new_parts_work),
    cmocka_unit_test (rows_that_break_a_new_constraint_stop_it),
    cmocka_unit_test (rows_of_every_kind_of_table_survive),
  };
  return cmocka_run_group_tests_name ("sqlite3-rebuild", tests, NULL, NULL);
}
