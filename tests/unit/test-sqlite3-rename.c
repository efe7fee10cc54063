/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A renamed table or column is renamed wherever it is named, whatever else is broken; a dropped one is missed by nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlite3.h"

static const char *const shop[] = {
  "CREATE TABLE Jobs(id INTEGER PRIMARY KEY AUTOINCREMENT, pay INT CHECK (pay > 0), [work dir] TEXT, boss "
  "REFERENCES "
  "jobs(id), twice AS (pay * 2), note TEXT)",
  "CREATE TABLE notes(job REFERENCES jobs(id) ON DELETE CASCADE, pay INT)",
  "CREATE TABLE \"corm_rebuild\"(a, pay)",
  "CREATE INDEX by_pay ON jobs(pay DESC, abs(pay)) WHERE pay > 1",
  "CREATE VIEW paid AS SELECT j.id, j.pay AS p, (SELECT max(pay) FROM notes WHERE job = j.id) FROM jobs j -- "
  "pay",
  "CREATE VIEW above AS SELECT * FROM paid WHERE p > 3",
  "CREATE VIEW broken AS SELECT pay FROM nowhere",
  "CREATE TRIGGER on_paid INSTEAD OF INSERT ON paid BEGIN INSERT INTO jobs (pay) VALUES (new.p); END",
  "CREATE TRIGGER on_broken INSTEAD OF DELETE ON broken BEGIN SELECT 1; END",
  "CREATE TRIGGER on_job AFTER UPDATE OF pay ON jobs BEGIN UPDATE notes SET pay = new.pay WHERE job = "
  "new.id; END",
  "CREATE TRIGGER on_note AFTER INSERT ON notes BEGIN UPDATE jobs SET pay = pay + 1 WHERE id = new.job; END",
  "INSERT INTO jobs (id, pay, note) VALUES (3, 10, 'x'), (5, 20, x'00'), (9, 1, NULL)",
  "DELETE FROM jobs WHERE id = 9",
  "INSERT INTO notes VALUES (3, 4)",
  "UPDATE jobs SET pay = 10 WHERE id = 3",
  "UPDATE notes SET pay = 4",
  NULL,
};

static CormConnection *
open_shop (void)
{
  CormConnection *conn = open_memory ();
  for (guint i = 0; shop[i] != NULL; i++)
    run (conn, shop[i]);
  return conn;
}

static const char schema_sql[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name";
static const char objects_sql[] =
    "SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name";
static const char rows_sql[] =
    "SELECT id, quote(pay), quote(\"work dir\"), boss, quote(note) FROM jobs ORDER BY id";

static void
check_rebuild (CormConnection *conn, Rebuilt *rebuilt, const char *table, const CormTableEdit *edits, guint n)
{
  g_autoptr (GError) error = NULL;
  if (!rebuild_table (conn, rebuilt, table, edits, n, &error))
    fail_msg ("%s", error->message);
}

static void
go_back (CormConnection *conn, const Rebuilt *rebuilt)
{
  g_autoptr (GError) error = NULL;
  if (!run_statements (conn, rebuilt->reverse, &error))
    fail_msg ("%s", error->message);
}

static void
a_column_is_renamed_everywhere (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit rename = { .kind = CORM_OP_RENAME_COLUMN, .name = "wage", .was = "pay" };
  g_autoptr (CormConnection) conn = open_shop ();
  g_auto (Rebuilt) rebuilt = { 0 };
  g_autofree char *schema = read_all (conn, schema_sql), *rows = read_all (conn, rows_sql);
  check_rebuild (conn, &rebuilt, "Jobs", &rename, 1);
  assert_reads (
      conn,
      "SELECT sql FROM sqlite_schema WHERE name IN ('Jobs', 'by_pay', 'paid', 'on_job', 'on_note', 'broken')",
      "|CREATE TABLE Jobs(id INTEGER PRIMARY KEY AUTOINCREMENT, wage INT CHECK (wage > 0), [work dir] TEXT, "
      "boss "
      "REFERENCES jobs(id), twice AS (wage * 2), note TEXT)\n"
      "|CREATE INDEX by_pay ON jobs(wage DESC, abs(wage)) WHERE wage > 1\n"
      "|CREATE VIEW paid AS SELECT j.id, j.wage AS p, (SELECT max(pay) FROM notes WHERE job = j.id) FROM "
      "jobs j "
      "-- pay\n"
      "|CREATE TRIGGER on_job AFTER UPDATE OF wage ON jobs BEGIN UPDATE notes SET pay = new.wage WHERE job = "
      "new.id; END\n"
      "|CREATE TRIGGER on_note AFTER INSERT ON notes BEGIN UPDATE jobs SET wage = wage + 1 WHERE id = "
      "new.job; END\n"
      "|CREATE VIEW broken AS SELECT pay FROM nowhere\n");
  go_back (conn, &rebuilt);
  g_autofree char *schema_back = read_all (conn, schema_sql), *rows_back = read_all (conn, rows_sql);
  assert_string_equal (schema_back, schema);
  assert_string_equal (rows_back, rows);
}

static void
a_table_is_renamed_everywhere (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit edits[] = {
    { .kind = CORM_OP_RENAME_TABLE, .name = "work items", .was = "Jobs" },
    { .kind = CORM_OP_SET_TYPE, .name = "note", .definition = "BLOB" },
    { .kind = CORM_OP_RENAME_COLUMN, .name = "dir", .was = "work dir" },
  };
  g_autoptr (CormConnection) conn = open_shop ();
  g_auto (Rebuilt) rebuilt = { 0 };
  g_autofree char *objects = read_all (conn, objects_sql), *rows = read_all (conn, rows_sql);
  check_rebuild (conn, &rebuilt, "Jobs", edits, G_N_ELEMENTS (edits));
  assert_reads (conn, "SELECT id, pay, dir, boss, typeof(note), twice FROM \"work items\" ORDER BY id",
                "|3|10|NULL|NULL|text|20\n|5|20|NULL|NULL|blob|40\n");
  assert_reads (conn, "SELECT seq FROM sqlite_sequence", "|9\n");
  assert_reads (conn, "SELECT \"table\" FROM pragma_foreign_key_list ('notes')", "|work items\n");
  assert_reads (conn, "SELECT * FROM above", "|3|10|4\n|5|20|NULL\n");
  run (conn, "INSERT INTO notes (job, pay) VALUES (5, 1)");
  run (conn, "INSERT INTO paid (p) VALUES (7)");
  assert_reads (conn, "SELECT id, pay FROM \"work items\" WHERE id > 3 ORDER BY id", "|5|21\n|10|7\n");
  run (conn, "DELETE FROM \"work items\" WHERE id = 10");
  run (conn, "UPDATE notes SET pay = 9");
  go_back (conn, &rebuilt);
  g_autofree char *objects_back = read_all (conn, objects_sql);
  assert_string_equal (objects_back, objects);
  run (conn, "UPDATE jobs SET pay = 20 WHERE id = 5");
  g_autofree char *rows_back = read_all (conn, rows_sql);
  assert_string_equal (rows_back, rows);
  assert_reads (conn, "PRAGMA foreign_key_check", "");
}

static void
columns_take_each_others_names (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit edits[] = {
    { .kind = CORM_OP_RENAME_COLUMN, .name = "note", .was = "pay" },
    { .kind = CORM_OP_RENAME_COLUMN, .name = "pay", .was = "note" },
    { .kind = CORM_OP_SET_DEFAULT, .name = "note", .definition = "7" },
  };
  g_autoptr (CormConnection) conn = open_shop ();
  g_auto (Rebuilt) rebuilt = { 0 };
  g_autofree char *schema = read_all (conn, schema_sql), *rows = read_all (conn, rows_sql);
  check_rebuild (conn, &rebuilt, "Jobs", edits, G_N_ELEMENTS (edits));
  assert_reads (conn, "SELECT id, note, quote(pay), twice FROM jobs ORDER BY id",
                "|3|10|'x'|20\n|5|20|X'00'|40\n");
  assert_reads (
      conn, "SELECT sql FROM sqlite_schema WHERE name = 'Jobs'",
      "|CREATE TABLE Jobs(id INTEGER PRIMARY KEY AUTOINCREMENT, note INT DEFAULT 7 CHECK (note > 0), [work "
      "dir] TEXT, boss REFERENCES jobs(id), twice AS (note * 2), pay TEXT)\n");
  go_back (conn, &rebuilt);
  g_autofree char *schema_back = read_all (conn, schema_sql), *rows_back = read_all (conn, rows_sql);
  assert_string_equal (schema_back, schema);
  assert_string_equal (rows_back, rows);
}

static void
a_name_goes_from_one_column_to_another (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit edits[] = {
    { .kind = CORM_OP_DROP_COLUMN, .name = "note" },
    { .kind = CORM_OP_RENAME_COLUMN, .name = "note", .was = "work dir" },
    { .kind = CORM_OP_ADD_COLUMN,
      .name = "work dir",
      .definition = "\"work dir\" INT",
      .convert = "id * 100" },
  };
  g_autoptr (CormConnection) conn = open_shop ();
  g_auto (Rebuilt) rebuilt = { 0 };
  g_autofree char *schema = read_all (conn, schema_sql);
  run (conn, "UPDATE jobs SET \"work dir\" = 'dir' || id");
  check_rebuild (conn, &rebuilt, "Jobs", edits, G_N_ELEMENTS (edits));
  assert_reads (conn, "SELECT id, note, \"work dir\" FROM jobs ORDER BY id", "|3|dir3|300\n|5|dir5|500\n");
  go_back (conn, &rebuilt);
  g_autofree char *schema_back = read_all (conn, schema_sql);
  assert_string_equal (schema_back, schema);
  assert_reads (conn, "SELECT id, note, \"work dir\" FROM jobs ORDER BY id", "|3|NULL|dir3\n|5|NULL|dir5\n");
}

/* --- drops --------------------------------------------------------------------------------------------------------------- */

static void
check_refused (const CormTableEdit *edits, guint n, const char *words)
{
  g_autoptr (CormConnection) conn = open_shop ();
  g_autoptr (GError) error = NULL;
  g_auto (Rebuilt) rebuilt = { 0 };
  g_autofree char *schema = read_all (conn, schema_sql);
  assert_false (rebuild_table (conn, &rebuilt, "Jobs", edits, n, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_SCHEMA));
  if (strstr (error->message, words) == NULL)
    fail_msg ("%s", error->message);
  assert_reads (conn, schema_sql, schema);
}

static void
what_is_still_named_is_not_dropped (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit edits[] = {
    { .kind = CORM_OP_DROP_COLUMN, .name = "pay" },    { .kind = CORM_OP_DROP_COLUMN, .name = "twice" },
    { .kind = CORM_OP_DROP_OBJECT, .name = "on_job" }, { .kind = CORM_OP_DROP_OBJECT, .name = "on_note" },
    { .kind = CORM_OP_DROP_OBJECT, .name = "above" },  { .kind = CORM_OP_DROP_OBJECT, .name = "on_paid" },
    { .kind = CORM_OP_DROP_OBJECT, .name = "paid" },
  };
  g_autoptr (CormConnection) conn = open_shop ();
  g_auto (Rebuilt) rebuilt = { 0 };
  check_refused (edits, 1, "a generated column");
  check_refused (edits, 2, "trigger on_job waits for its updates");
  check_refused (edits, 4, "paid");
  check_refused (edits, 6, "view paid would no longer work");
  run (conn, "DROP TRIGGER on_job");
  run (conn, "DROP TRIGGER on_note");
  run (conn, "DROP VIEW above");
  run (conn, "DROP VIEW paid");
  look (conn, &rebuilt);
  check_rebuild (conn, &rebuilt, "Jobs", edits, G_N_ELEMENTS (edits));
  /* The index stood on nothing else. */
  assert_reads (conn, "SELECT name FROM sqlite_schema WHERE type = 'index'", "");
  go_back (conn, &rebuilt);
  assert_reads (conn, "SELECT id, pay, twice FROM jobs ORDER BY id", "|3|NULL|NULL\n|5|NULL|NULL\n");
}

static void
what_stands_on_others_too_is_named (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *table, *words;
  } cases[] = {
    { "CREATE TABLE t(a, b, UNIQUE (a, b))", "UNIQUE (a, b)" },
    { "CREATE TABLE t(a, b, CHECK (a > b))", "CHECK (a > b)" },
    { "CREATE TABLE t(a, b CHECK (b > a))", "CHECK (b > a)" },
    { "CREATE TABLE t(a, b, PRIMARY KEY (a, b))", "its primary key" },
    { "CREATE TABLE t(a, b, FOREIGN KEY (b, a) REFERENCES t)", "a foreign key" },
    { "CREATE TABLE t(a)", "no column left" },
  };
  static const CormTableEdit drop = { .kind = CORM_OP_DROP_COLUMN, .name = "a" };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormConnection) conn = open_memory ();
    g_autoptr (GError) error = NULL;
    g_auto (Rebuilt) rebuilt = { 0 };
    run (conn, cases[i].table);
    assert_false (rebuild_table (conn, &rebuilt, "t", &drop, 1, &error));
    if (strstr (error->message, cases[i].words) == NULL)
      fail_msg ("%s", error->message);
  }
}

static void
what_is_not_there_is_an_error (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit edits[] = {
    { .kind = CORM_OP_DROP_COLUMN, .name = "nothing" },
    { .kind = CORM_OP_DROP_CHECK, .name = "nothing" },
    { .kind = CORM_OP_DROP_UNIQUE },
    { .kind = CORM_OP_DROP_FOREIGN_KEY, .name = "nothing" },
    { .kind = CORM_OP_RENAME_COLUMN, .name = "new", .was = "nothing" },
    { .kind = CORM_OP_SET_TYPE, .name = "nothing", .definition = "TEXT" },
  };
  g_autoptr (CormConnection) conn = open_shop ();
  for (guint i = 0; i < G_N_ELEMENTS (edits); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (Rebuilt) rebuilt = { 0 };
    assert_false (rebuild_table (conn, &rebuilt, "Jobs", &edits[i], 1, &error));
    assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_NOT_FOUND));
  }
}

static void
foreign_keys_that_are_on_stop_it (G_GNUC_UNUSED void **state)
{
  static const CormTableEdit edit = { .kind = CORM_OP_SET_DEFAULT, .name = "note", .definition = "'x'" };
  g_autoptr (CormConnection) conn = open_shop ();
  g_autoptr (GError) error = NULL;
  g_auto (Rebuilt) rebuilt = { 0 };
  look (conn, &rebuilt);
  assert_true (corm_sqlite3_rebuild (rebuilt.live, corm_schema_find_table (rebuilt.live, "Jobs"), &edit, 1,
                                     rebuilt.sql, rebuilt.reverse, NULL));
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < rebuilt.sql->len; i++)
    ok = corm_execute (conn, rebuilt.sql->pdata[i], NULL, NULL, &error);
  assert_false (ok);
  assert_non_null (strstr (error->message, "foreign_keys_are_off"));
  assert_reads (conn, "SELECT count(*) FROM notes", "|1\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_column_is_renamed_everywhere),
    cmocka_unit_test (a_table_is_renamed_everywhere),
    cmocka_unit_test (columns_take_each_others_names),
    cmocka_unit_test (a_name_goes_from_one_column_to_another),
    cmocka_unit_test (what_is_still_named_is_not_dropped),
    cmocka_unit_test (what_stands_on_others_too_is_named),
    cmocka_unit_test (what_is_not_there_is_an_error),
    cmocka_unit_test (foreign_keys_that_are_on_stop_it),
  };
  return cmocka_run_group_tests_name ("sqlite3-rename", tests, NULL, NULL);
}
