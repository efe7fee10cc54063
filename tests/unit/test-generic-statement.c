/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is written by hand goes through libdbi unharmed, over each database: queries of any shape, names of any length,
 * errors with their class, transactions that end by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../drivers/dialects.h"
#include "../lib/generic-fixture.h"

#include <string.h>

static void
make_table (CormConnection *conn)
{
  generic_run (conn, "DROP TABLE IF EXISTS generic_rows");
  generic_run (
      conn, "CREATE TABLE generic_rows (id INT PRIMARY KEY, name VARCHAR(200) NOT NULL, big BIGINT, f REAL, "
            "CHECK (big <> 13))");
  generic_run (
      conn,
      "INSERT INTO generic_rows VALUES (3, 'c', 5000000000, 0.5), (1, 'a', NULL, NULL), (2, 'b', -7, 1.25)");
}

static void
check_queries (CormConnection *conn, G_GNUC_UNUSED const char *name)
{
  static const struct {
    const char *sql, *rows;
  } cases[] = {
    { "SELECT id, name FROM generic_rows ORDER BY id DESC", "3|c\n2|b\n1|a\n" },
    { "SELECT id, id, name AS id FROM generic_rows WHERE id = 1", "1|1|a\n" },
    { "SELECT max(big), count(*), sum(id) FROM generic_rows", "5000000000|3|6\n" },
    { "SELECT CASE WHEN big IS NULL THEN 'none (' ELSE 'some ((' END FROM generic_rows ORDER BY id",
      "none (\nsome ((\nsome ((\n" },
    { "SELECT (SELECT count(*) FROM generic_rows), 'select (select from ('", "3|select (select from (\n" },
    { "WITH w AS (SELECT id FROM generic_rows WHERE id > 1) SELECT id FROM w ORDER BY 1;", "2\n3\n" },
    { "SELECT id FROM generic_rows WHERE id = 77", "" },
    { "SELECT f FROM generic_rows WHERE f IS NOT NULL ORDER BY f -- the end", "0.5\n1.25\n" },
    { "SELECT a.id FROM generic_rows a JOIN generic_rows b ON a.id = b.id", NULL },
    { "SELECT NULL", "NULL\n" },
    { "SELECT name FROM generic_rows WHERE name IN ('a', 'it''s', ')') UNION ALL SELECT '😀'", "a\n😀\n" },
  };
  make_table (conn);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *rows = generic_read (conn, cases[i].sql);
    if (cases[i].rows != NULL)
      assert_string_equal (rows, cases[i].rows);
    else
      assert_int_equal (strlen (rows), 6);
  }
}

static void
queries_of_any_shape_give_their_rows (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_queries);
}

/* libdbi's SQLite driver has buffers of 128 bytes for names and reads SQL without regard to quotes. */
static void
check_long_names (CormConnection *conn, G_GNUC_UNUSED const char *name)
{
  g_autofree char *many = g_strnfill (1000, '(');
  g_autofree char *rows =
      generic_read (conn, "SELECT 1 AS a_name_of_some_sixty_bytes_that_all_databases_take_0123456");
  assert_string_equal (rows, "1\n");
  make_table (conn);
  const CormParam params[] = { CORM_PARAM ("name", many), { 0 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (
      conn, "SELECT id, :name || '' FROM generic_rows WHERE name <> :name AND id < 2", params, &error);
  if (cursor == NULL)
    fail_msg ("%s", error->message);
  assert_true (corm_cursor_next (cursor, NULL));
  assert_int_equal (corm_cursor_get_value (cursor, 0)->i, 1);
}

static void
long_and_unbalanced_texts_do_no_harm (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_long_names);
}

static void
names_longer_than_libdbi_takes_do_no_harm (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormConnection) conn = corm_connection_open_uri ("dbi:sqlite3?path=:memory:", NULL);
  g_autofree char *long_name = g_strnfill (5000, 'n');
  g_autofree char *create =
      g_strdup_printf ("CREATE TABLE t (\"%s\" INT, \"my select ( table\" TEXT)", long_name);
  g_autofree char *select = g_strdup_printf ("SELECT * FROM t WHERE \"%s\" = 5", long_name);
  assert_non_null (conn);
  generic_run (conn, create);
  generic_run (conn, "INSERT INTO t VALUES (5, 'x')");
  g_autofree char *rows = generic_read (conn, select);
  assert_string_equal (rows, "5|x\n");
  g_autoptr (CormCursor) cursor = corm_query (conn, "SELECT * FROM t", NULL, NULL);
  assert_string_equal (corm_cursor_get_name (cursor, 0), long_name);
  assert_string_equal (corm_cursor_get_name (cursor, 1), "my select ( table");
}

static void
pragmas_give_their_rows (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormConnection) conn = corm_connection_open_uri ("dbi:sqlite3?path=:memory:", NULL);
  assert_non_null (conn);
  generic_run (conn, "CREATE TABLE \"my table\" (a INT NOT NULL, b TEXT DEFAULT 'x')");
  g_autofree char *info = generic_read (conn, "PRAGMA table_info(\"my table\");");
  assert_string_equal (info, "0|a|INT|1|NULL|0\n1|b|TEXT|0|'x'|0\n");
  g_autofree char *keys = generic_read (conn, "pragma foreign_keys");
  assert_string_equal (keys, "1\n");
  g_autofree char *check = generic_read (conn, "PRAGMA foreign_key_check");
  assert_string_equal (check, "");
  g_autofree char *mode = generic_read (conn, "PRAGMA journal_mode = MEMORY");
  assert_string_equal (mode, "memory\n");
  g_autofree char *plan = generic_read (conn, "EXPLAIN QUERY PLAN SELECT 1");
  assert_non_null (strstr (plan, "SCAN"));
}

static void
expect (CormConnection *conn, const char *sql, CormError code)
{
  g_autoptr (GError) error = NULL;
  if (corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: works", sql);
  if (!g_error_matches (error, CORM_ERROR, code))
    fail_msg ("%s: %s: %s", sql, corm_error_name (error->code), error->message);
}

static void
check_errors (CormConnection *conn, const char *name)
{
  make_table (conn);
  expect (conn, "INSERT INTO generic_rows VALUES (1, 'x', 1, 1)", CORM_ERROR_UNIQUE);
  expect (conn, "INSERT INTO generic_rows VALUES (9, NULL, 1, 1)", CORM_ERROR_NOT_NULL);
  expect (conn, "INSERT INTO generic_rows VALUES (9, 'x', 13, 1)", CORM_ERROR_CHECK);
  expect (conn, "INSERT INTO nowhere VALUES (1)", CORM_ERROR_SCHEMA);
  expect (conn, "SELECT no_such FROM generic_rows", CORM_ERROR_SCHEMA);
  expect (conn, "SELEC 1", CORM_ERROR_SYNTAX);
  generic_run (conn, "DROP TABLE IF EXISTS generic_children");
  generic_run (
      conn, "CREATE TABLE generic_children (parent INT, FOREIGN KEY (parent) REFERENCES generic_rows (id))");
  expect (conn, "INSERT INTO generic_children VALUES (77)", CORM_ERROR_FOREIGN_KEY);
  generic_run (conn, "DROP TABLE generic_children");
  if (!g_str_equal (name, "sqlite3"))
    expect (conn, "INSERT INTO generic_rows VALUES (99999999999, 'x', 1, 1)", CORM_ERROR_CONVERSION);
}

static void
errors_have_their_class (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_errors);
}

static void
check_transactions (CormConnection *conn, G_GNUC_UNUSED const char *name)
{
  g_autoptr (GError) error = NULL;
  guint64 n = 0;
  make_table (conn);
  {
    g_autoptr (CormTransaction) outer = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL);
    generic_run (conn, "DELETE FROM generic_rows WHERE id = 1");
    {
      G_GNUC_UNUSED g_autoptr (CormTransaction) inner =
          corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, NULL);
      generic_run (conn, "DELETE FROM generic_rows WHERE id = 2");
    }
    assert_true (corm_transaction_commit (outer, &error));
  }
  g_autofree char *rows = generic_read (conn, "SELECT id FROM generic_rows ORDER BY id");
  assert_string_equal (rows, "2\n3\n");
  assert_true (corm_execute (conn, "UPDATE generic_rows SET name = name", NULL, &n, NULL));
  assert_int_equal (n, 2);
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction =
        corm_transaction_begin (conn, CORM_TRANSACTION_READ_ONLY, NULL);
    g_autofree char *read = generic_read (conn, "SELECT count(*) FROM generic_rows");
    assert_string_equal (read, "2\n");
    assert_false (corm_execute (conn, "DELETE FROM generic_rows", NULL, NULL, NULL));
  }
  generic_run (conn, "DELETE FROM generic_rows");
}

static void
transactions_begin_and_end (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_transactions);
}

/* PostgreSQL answers COMMIT with ROLLBACK, and libdbi does not tell. */
static void
check_failed_commit (CormConnection *conn, const char *name)
{
  g_autoptr (GError) error = NULL;
  make_table (conn);
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL);
  generic_run (conn, "DELETE FROM generic_rows WHERE id = 1");
  assert_false (corm_execute (conn, "INSERT INTO nowhere VALUES (1)", NULL, NULL, NULL));
  gboolean committed = corm_transaction_commit (transaction, &error);
  if (!committed)
    assert_true (corm_transaction_rollback (transaction, NULL));
  g_autofree char *count = generic_read (conn, "SELECT count(*) FROM generic_rows");
  assert_string_equal (count, committed ? "2\n" : "3\n");
  assert_int_equal (committed, !g_str_equal (name, "pgsql"));
}

static void
a_commit_that_kept_nothing_is_an_error (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_failed_commit);
}

static void
check_reads_structure (CormConnection *conn, G_GNUC_UNUSED const char *name)
{
  g_autoptr (GError) error = NULL;
  make_table (conn);
  g_autoptr (CormSchema) schema = corm_schema_new (corm_connection_get_link (conn)->driver->dialect->name);
  const CormDriver *driver = corm_connection_get_link (conn)->driver;
  if (!driver->inspect (conn, FALSE, schema, &error))
    fail_msg ("%s", error->message);
  const CormTable *table = corm_schema_find_table (schema, "generic_rows");
  assert_non_null (table);
  assert_int_equal (table->columns->len, 4);
  assert_int_equal (table->checks->len, 1);
  assert_int_equal (corm_table_find_column (table, "big")->type.type, CORM_TYPE_INT64);
  assert_true (corm_table_find_column (table, "name")->not_null);
  assert_string_equal (table->primary_key->columns[0], "id");
}

static void
structure_is_read_by_the_native_driver_s_queries (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_reads_structure);
}

/* The pattern is :b, its escape a backslash, and letters are compared by bytes. */
static void
check_like (CormConnection *conn, G_GNUC_UNUSED const char *name)
{
  static const struct {
    const char *text, *pattern;
    gboolean matches;
  } cases[] = {
    { "abc", "a%", TRUE },      { "Abc", "a%", FALSE },     { "abc", "a_c", TRUE },
    { "abc", "_", FALSE },      { "a%c", "a\\%c", TRUE },   { "abc", "a\\%c", FALSE },
    { "a_c", "a\\_c", TRUE },   { "abc", "a\\_c", FALSE },  { "a\\c", "a\\\\c", TRUE },
    { "a*c", "a*c", TRUE },     { "abc", "a*c", FALSE },    { "a?c", "a?c", TRUE },
    { "abc", "a?c", FALSE },    { "a[b]c", "a[b]c", TRUE }, { "abc", "a[b]c", FALSE },
    { "größe", "gr_ße", TRUE }, { "a", "", FALSE },         { "", "%", TRUE },
  };
  const char *template = corm_connection_get_link (conn)->driver->dialect->like;
  g_auto (GStrv) left = g_strsplit (template, "{a}", -1);
  g_autofree char *with_text = g_strjoinv (":a", left);
  g_auto (GStrv) right = g_strsplit (with_text, "{b}", -1);
  g_autofree char *condition = g_strjoinv (":b", right);
  g_autofree char *sql = g_strdup_printf ("SELECT CASE WHEN %s THEN 1 ELSE 0 END", condition);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const CormParam params[] = { CORM_PARAM ("a", cases[i].text), CORM_PARAM ("b", cases[i].pattern), { 0 } };
    g_autoptr (GError) error = NULL;
    g_autoptr (CormCursor) cursor = corm_query (conn, sql, params, &error);
    if (cursor == NULL || !corm_cursor_next (cursor, &error))
      fail_msg ("%s: %s", sql, error->message);
    if (corm_cursor_get_value (cursor, 0)->i != cases[i].matches)
      fail_msg ("%s: '%s' like '%s'", name, cases[i].text, cases[i].pattern);
  }
}

static void
like_compares_bytes (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_like);
}

/* The server ends the session: the connection is known to be past use. */
static void
check_lost (CormConnection *conn, const char *name)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = corm_connection_get_link (conn);
  assert_true (link->driver->is_alive (link));
  if (g_str_equal (name, "sqlite3"))
    return;
  gboolean is_pgsql = g_str_equal (name, "pgsql");
  corm_execute (conn, is_pgsql ? "SELECT pg_terminate_backend (pg_backend_pid ())" : "KILL CONNECTION_ID()",
                NULL, NULL, NULL);
  assert_false (corm_execute (conn, "SELECT 1", NULL, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONNECTION));
  assert_false (link->driver->is_alive (link));
}

static void
a_lost_connection_is_known (G_GNUC_UNUSED void **state)
{
  generic_for_each (check_lost);
}

static void
other_databases_speak_standard_sql (G_GNUC_UNUSED void **state)
{
  const CormDriver *driver = corm_generic_find ("firebird");
  CormValue text = corm_value_text ("it's");
  g_autoptr (GString) sql = g_string_new (NULL);
  assert_string_equal (driver->dialect->name, "generic");
  assert_null (driver->dbi_name);
  corm_sql_append_identifier (sql, driver->dialect, "order");
  assert_true (corm_sql_append_literal (sql, driver->dialect, &text, NULL));
  assert_string_equal (sql->str, "\"order\"'it''s'");
}

static CormError
open_error (const char *uri)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_connection_open_uri (uri, &error);
  assert_null (conn);
  assert_non_null (strstr (error->message, "dbi:"));
  assert_null (strstr (error->message, "sesame"));
  return (CormError) error->code;
}

static void
opening_says_what_is_wrong (G_GNUC_UNUSED void **state)
{
  assert_int_equal (open_error ("dbi:sqlite3?path=/no/such/folder/x.db"), CORM_ERROR_CONNECTION);
  assert_int_equal (open_error ("dbi:sqlite3?path=/"), CORM_ERROR_CONNECTION);
  assert_int_equal (open_error ("dbi:sqlite3"), CORM_ERROR_INVALID);
  assert_int_equal (open_error ("dbi:sqlite3?path=:memory:&pathh=x"), CORM_ERROR_INVALID);
  assert_int_equal (open_error ("dbi:pgsql?host=/nowhere&dbname=x&username=u&password=sesame"),
                    CORM_ERROR_CONNECTION);
  assert_int_equal (open_error ("dbi:mysql?host=localhost&socket=/nowhere&dbname=x&user=u&password=sesame"),
                    CORM_ERROR_CONNECTION);
  assert_int_equal (open_error ("dbi:nosuchdriver?dbname=x"), CORM_ERROR_UNSUPPORTED);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (queries_of_any_shape_give_their_rows),
    cmocka_unit_test (long_and_unbalanced_texts_do_no_harm),
    cmocka_unit_test (names_longer_than_libdbi_takes_do_no_harm),
    cmocka_unit_test (pragmas_give_their_rows),
    cmocka_unit_test (errors_have_their_class),
    cmocka_unit_test (transactions_begin_and_end),
    cmocka_unit_test (a_commit_that_kept_nothing_is_an_error),
    cmocka_unit_test (structure_is_read_by_the_native_driver_s_queries),
    cmocka_unit_test (like_compares_bytes),
    cmocka_unit_test (a_lost_connection_is_known),
    cmocka_unit_test (other_databases_speak_standard_sql),
    cmocka_unit_test (opening_says_what_is_wrong),
  };
  return cmocka_run_group_tests_name ("generic-statement", tests, NULL, NULL);
}
