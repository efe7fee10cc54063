/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A cursor: names and values of the row it stands on, its end, what hangs on it, a long result in little memory. */
#include "engine.h"

#include "config.h"
#include "engine/cursor.h"

#include "../lib/watched.h"

#include <sys/resource.h>

static CormDb *db;
static CormConnection *conn;

static int
set_up (G_GNUC_UNUSED void **state)
{
  db = test_open ("sqlite::memory:", NULL);
  conn = test_connect (db);
  return 0;
}

static int
tear_down (G_GNUC_UNUSED void **state)
{
  corm_connection_free (conn);
  corm_db_free (db);
  return 0;
}

static CormCursor *
query (const char *sql)
{
  CormCursor *cursor = NULL;
  assert_ok ((cursor = corm_query (conn, sql, NULL, error)) != NULL);
  return cursor;
}

static void
shows_the_row_it_stands_on (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormCursor) cursor =
      query ("SELECT 7 AS seven, 'x' AS \"Name\", NULL AS none, x'00ff' AS bytes, 0.5");
  assert_int_equal (corm_cursor_get_n_columns (cursor), 5);
  assert_string_equal (corm_cursor_get_name (cursor, 0), "seven");
  assert_string_equal (corm_cursor_get_name (cursor, 1), "Name");
  assert_null (corm_cursor_get_row (cursor));
  assert_ok (corm_cursor_next (cursor, error));
  assert_int_equal (corm_cursor_get_value (cursor, 0)->type, CORM_TYPE_INT64);
  assert_int_equal (corm_cursor_get_value (cursor, 0)->i, 7);
  assert_string_equal (corm_cursor_get_value (cursor, 1)->data, "x");
  assert_true (corm_cursor_get_value (cursor, 2)->is_null);
  assert_int_equal (corm_cursor_get_value (cursor, 3)->size, 2);
  assert_true (corm_cursor_get_value (cursor, 4)->d == 0.5);
  g_autoptr (GError) error = NULL;
  assert_false (corm_cursor_next (cursor, &error));
  assert_null (error);
  assert_null (corm_cursor_get_row (cursor));
}

static void
a_statement_without_rows_ends_at_once (G_GNUC_UNUSED void **state)
{
  test_run (conn, "CREATE TABLE t (a)");
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormCursor) insert = query ("INSERT INTO t VALUES (1)");
    assert_int_equal (corm_cursor_get_n_columns (insert), 0);
    assert_false (corm_cursor_next (insert, &error));
    assert_null (error);
  }
  assert_int_equal (test_number (conn, "SELECT count(*) FROM t"), 1);
}

static void
a_failure_in_the_middle_is_said (G_GNUC_UNUSED void **state)
{
  test_run (conn, "CREATE TABLE t (a)");
  test_run (conn, "INSERT INTO t VALUES (1), (2), (-9223372036854775808)");
  {
    g_autoptr (CormCursor) cursor = query ("SELECT abs (a) FROM t");
    assert_ok (corm_cursor_next (cursor, error));
    assert_ok (corm_cursor_next (cursor, error));
    assert_fails (corm_cursor_next (cursor, error), CORM_ERROR_CONVERSION, "overflow");
    g_autoptr (GError) error = NULL;
    assert_false (corm_cursor_next (cursor, &error));
  }
  test_run (conn, "DELETE FROM t");
}

static void
parameters_live_as_long_as_the_rows (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormCursor) cursor = NULL;
  {
    g_autofree char *text = g_strdup ("a text of the caller");
    cursor = corm_query (conn,
                         "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) "
                         "SELECT :text || i FROM n",
                         CORM_PARAMS (CORM_PARAM ("text", text)), NULL);
    memset (text, '!', strlen (text));
  }
  for (int i = 1; i <= 3; i++) {
    g_autofree char *want = g_strdup_printf ("a text of the caller%d", i);
    assert_ok (corm_cursor_next (cursor, error));
    assert_string_equal (corm_cursor_get_value (cursor, 0)->data, want);
  }
}

static void
count_free (gpointer counter)
{
  (*(int *) counter)++;
}

static void
what_hangs_on_it_is_freed_once (G_GNUC_UNUSED void **state)
{
  int first = 0, second = 0;
  CormCursor *cursor = query ("SELECT 1");
  corm_cursor_set_data (cursor, &first, count_free);
  assert_ptr_equal (corm_cursor_get_data (cursor), &first);
  corm_cursor_set_data (cursor, &second, count_free);
  assert_int_equal (first, 1);
  corm_cursor_free (cursor);
  assert_int_equal (first, 1);
  assert_int_equal (second, 1);
  corm_cursor_free (NULL);
}

static void
a_long_result_stays_small (G_GNUC_UNUSED void **state)
{
  struct rusage before, after;
  gint64 n = 0;
  g_autoptr (CormCursor) cursor =
      query ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) "
             "SELECT i, 'some text of a row that has a certain length ' || i FROM n");
  getrusage (RUSAGE_SELF, &before);
  while (corm_cursor_next (cursor, NULL))
    n++;
  getrusage (RUSAGE_SELF, &after);
  assert_int_equal (n, 200000);
  /* KiB; the rows are 10 MiB */
  assert_true (after.ru_maxrss - before.ru_maxrss < 4096 || !has_own_memory ());
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    CASE (shows_the_row_it_stands_on),      CASE (a_statement_without_rows_ends_at_once),
    CASE (a_failure_in_the_middle_is_said), CASE (parameters_live_as_long_as_the_rows),
    CASE (what_hangs_on_it_is_freed_once),  CASE (a_long_result_stays_small),
  };
  return cmocka_run_group_tests_name ("cursor", tests, NULL, NULL);
}
