/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Statements of the MariaDB driver: streams and leaving them in the middle, errors by class, cut values, locks. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/mysql-fixture.h"
#include "../lib/watched.h"

#include <string.h>
#include <sys/resource.h>

static gpointer
prepare (const char *sql)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  const CormStatementSpec spec = { .sql = sql };
  gpointer statement = link->driver->prepare (link, &spec, &error);
  if (statement == NULL)
    fail_msg ("%s: %s", sql, error->message);
  return statement;
}

static void
execute (gpointer statement, gboolean stream)
{
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  if (!link->driver->execute (link, statement, NULL, stream, &error))
    fail_msg ("%s", error->message);
}

static void
left_in_the_middle (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  CormLink *link = mysql_fixture_link ();
  CormValue row[1];
  gpointer rows = prepare ("SELECT seq FROM seq_1_to_1000");
  gpointer once = prepare ("SELECT 1");
  for (int stream = 0; stream < 2; stream++) {
    execute (rows, stream);
    for (int i = 1; i <= 3; i++) {
      assert_int_equal (link->driver->step (link, rows, row, NULL), CORM_STEP_ROW);
      assert_int_equal (row[0].i, i);
    }
    assert_false (link->driver->in_transaction (link));
    link->driver->reset (link, rows);
    execute (once, stream);
    assert_int_equal (link->driver->step (link, once, row, NULL), CORM_STEP_ROW);
    assert_int_equal (link->driver->step (link, once, row, NULL), CORM_STEP_DONE);
    assert_int_equal (link->driver->step (link, once, row, NULL), CORM_STEP_DONE);
  }
  link->driver->finalize (link, once);
  link->driver->finalize (link, rows);
}

static void
one_reader_at_a_time (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  CormValue row[1];
  int n = 1;
  gpointer rows = prepare ("SELECT seq FROM seq_1_to_100"), other = prepare ("SELECT 1");
  execute (rows, TRUE);
  assert_int_equal (link->driver->step (link, rows, row, NULL), CORM_STEP_ROW);
  assert_false (link->driver->execute (link, other, NULL, FALSE, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY));
  link->driver->finalize (link, other); /* swallows none of the rows */
  while (link->driver->step (link, rows, row, NULL) == CORM_STEP_ROW)
    n++;
  assert_int_equal (n, 100);
  link->driver->finalize (link, rows);
  mysql_run ("SET @ok = 1");
}

static void
a_stream_is_small (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  struct rusage before, after;
  CormLink *link = mysql_fixture_link ();
  CormValue row[2];
  guint n = 0;
  gpointer rows = prepare ("SELECT seq, repeat('x', 100) FROM seq_1_to_300000");
  getrusage (RUSAGE_SELF, &before);
  execute (rows, TRUE);
  while (link->driver->step (link, rows, row, NULL) == CORM_STEP_ROW)
    n++;
  getrusage (RUSAGE_SELF, &after);
  assert_int_equal (n, 300000);
  link->driver->finalize (link, rows);
  assert_true (after.ru_maxrss - before.ru_maxrss < 4096 || !has_own_memory ());
}

static void
table_changes_under_a_statement (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  CormLink *link = mysql_fixture_link ();
  CormValue row[3];
  mysql_run ("CREATE OR REPLACE TABLE t (a int)");
  mysql_run ("INSERT INTO t VALUES (1)");
  gpointer all = prepare ("SELECT * FROM t");
  execute (all, FALSE);
  assert_int_equal (link->driver->n_columns (link, all), 1);
  link->driver->reset (link, all);
  mysql_run ("ALTER TABLE t ADD b json DEFAULT '{}'");
  execute (all, FALSE);
  assert_int_equal (link->driver->n_columns (link, all), 2);
  assert_int_equal (link->driver->step (link, all, row, NULL), CORM_STEP_ROW);
  assert_int_equal (row[1].type, CORM_TYPE_JSON);
  link->driver->reset (link, all);
  mysql_run ("ALTER TABLE t MODIFY a varchar(5), MODIFY b longtext");
  execute (all, FALSE);
  assert_string_equal (link->driver->column_name (link, all, 1), "b");
  assert_int_equal (link->driver->step (link, all, row, NULL), CORM_STEP_ROW);
  assert_int_equal (row[0].type, CORM_TYPE_TEXT);
  assert_int_equal (row[1].type, CORM_TYPE_TEXT);
  link->driver->finalize (link, all);
}

static void
changed_rows (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  CormConnection *conn = mysql_fixture ();
  guint64 n = 0;
  mysql_run ("CREATE OR REPLACE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int)");
  assert_true (corm_execute (conn, "INSERT INTO t (a) VALUES (1), (2), (3)", NULL, &n, NULL));
  assert_int_equal (n, 3);
  assert_int_equal (mysql_fixture_link ()->driver->last_id (mysql_fixture_link ()), 1);
  /* Found, though nothing is other than before. */
  assert_true (corm_execute (conn, "UPDATE t SET a = a", NULL, &n, NULL));
  assert_int_equal (n, 3);
  assert_true (corm_execute (conn, "INSERT INTO t (a) VALUES (4), (5) RETURNING id", NULL, &n, NULL));
  assert_int_equal (n, 2);
  assert_true (corm_execute (conn, "DELETE FROM t WHERE a > 2", NULL, &n, NULL));
  assert_int_equal (n, 3);
  /* A zero is a key as any other. */
  assert_true (corm_execute (conn, "INSERT INTO t (id) VALUES (0)", NULL, &n, NULL));
  g_autofree char *zero = mysql_text_of ("SELECT id FROM t WHERE id = 0");
  assert_string_equal (zero, "0");
}

static void
errors_by_class (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *sql;
    CormError code;
    const char *words;
  } cases[] = {
    { "INSERT INTO c (id, p) VALUES (1, 1)", CORM_ERROR_UNIQUE, "PRIMARY" },
    { "INSERT INTO c (id, p) VALUES (2, 7)", CORM_ERROR_FOREIGN_KEY, "fk_c" },
    { "DELETE FROM p", CORM_ERROR_FOREIGN_KEY, "fk_c" },
    { "INSERT INTO c (id, p) VALUES (NULL, 1)", CORM_ERROR_NOT_NULL, "id" },
    { "INSERT INTO c (p) VALUES (1)", CORM_ERROR_NOT_NULL, "id" },
    { "INSERT INTO c (id, p, n) VALUES (2, 1, 0)", CORM_ERROR_CHECK, "positive" },
    { "INSERT INTO c (id, p, n) VALUES (2, 1, 'x')", CORM_ERROR_CONVERSION, "x" },
    { "INSERT INTO c (id, p, n) VALUES (2, 1, 5000000000)", CORM_ERROR_CONVERSION, "n" },
    { "INSERT INTO c (id, p, s) VALUES (2, 1, 'abcd')", CORM_ERROR_CONVERSION, "s" },
    { "UPDATE c SET s = 1 / 0", CORM_ERROR_CONVERSION, "0" },
    { "SELEC 1", CORM_ERROR_SYNTAX, "SELEC" },
    { "SELECT * FROM nosuch", CORM_ERROR_SCHEMA, "nosuch" },
    { "SELECT nosuch FROM c", CORM_ERROR_SCHEMA, "nosuch" },
    { "CREATE TABLE c (a int)", CORM_ERROR_SCHEMA, "c" },
    { "DROP DATABASE mysql", CORM_ERROR_DENIED, "mysql" },
    { "SET GLOBAL read_only = 1", CORM_ERROR_DENIED, "privilege" },
    { "SELECT * FROM no_such_db.t", CORM_ERROR_DENIED, "no_such_db" },
  };
  mysql_run ("CREATE OR REPLACE TABLE p (id int PRIMARY KEY)");
  mysql_run ("CREATE OR REPLACE TABLE c (id int PRIMARY KEY, p int, n int, s varchar(3), CONSTRAINT positive "
             "CHECK (n > 0), "
             "CONSTRAINT fk_c FOREIGN KEY (p) REFERENCES p (id))");
  mysql_run ("INSERT INTO p VALUES (1)");
  mysql_run ("INSERT INTO c (id, p) VALUES (1, 1)");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *message = NULL;
    int code = mysql_error_of (cases[i].sql, &message);
    if (code != (int) cases[i].code || strstr (message, cases[i].words) == NULL)
      fail_msg ("%s: %s: %s", cases[i].sql, corm_error_name (code), message);
  }
  mysql_run ("DROP TABLE c, p");
}

/* The error comes when the columns of RETURNING have been announced already. */
static void
error_behind_the_columns (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  CormLink *link = mysql_fixture_link ();
  const CormSqlType type = { .type = CORM_TYPE_TEXT };
  const CormStatementSpec spec = { "INSERT INTO t (a) VALUES (?) RETURNING id, a", 1, &type, 0, NULL, false };
  mysql_run ("CREATE OR REPLACE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(9) COLLATE "
             "utf8mb4_nopad_bin UNIQUE)");
  mysql_run ("INSERT INTO t (a) VALUES ('there')");
  gpointer insert = link->driver->prepare (link, &spec, NULL);
  static const char *const texts[] = { "there", "there ", "there", "new", "there", "there", "newer " };
  static const gboolean fits[] = { FALSE, TRUE, FALSE, TRUE, FALSE, FALSE, TRUE };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    const CormValue value = corm_value_text (texts[i]);
    CormValue row[2];
    gboolean ok = link->driver->execute (link, insert, &value, FALSE, &error);
    assert_int_equal (ok, fits[i]);
    assert_true (ok || g_error_matches (error, CORM_ERROR, CORM_ERROR_UNIQUE));
    if (ok) {
      assert_int_equal (link->driver->step (link, insert, row, NULL), CORM_STEP_ROW);
      assert_string_equal (row[1].data, texts[i]);
    }
    g_clear_error (&error);
    link->driver->reset (link, insert);
  }
  link->driver->finalize (link, insert);
  mysql_run ("SET @ok = 1");
}

/* Within a transaction of the caller a cut value leaves only the way back. */
static void
cut_value_spoils_the_transaction (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  CormConnection *conn = mysql_fixture ();
  g_autoptr (GError) error = NULL;
  const CormParam *cut = CORM_PARAMS (CORM_PARAM ("v", ((CormDecimal){ "1.239" })));
  mysql_run ("CREATE OR REPLACE TABLE t (v decimal(10,2))");
  g_autoptr (CormTransaction) outer = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, NULL);
  mysql_run ("INSERT INTO t VALUES (1)");
  g_autoptr (CormTransaction) inner = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, NULL);
  assert_false (corm_execute (conn, "INSERT INTO t VALUES (:v)", cut, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONVERSION));
  assert_int_equal (mysql_error_of ("INSERT INTO t VALUES (2)", NULL), CORM_ERROR_CONVERSION);
  assert_false (corm_transaction_commit (inner, NULL));
  assert_true (corm_transaction_rollback (inner, NULL));
  mysql_run ("INSERT INTO t VALUES (3)");
  assert_true (corm_transaction_commit (outer, NULL));
  g_autofree char *sum = mysql_text_of ("SELECT group_concat(v ORDER BY v) FROM t");
  assert_string_equal (sum, "1.00,3.00");
}

static void
a_lock_waits_no_longer_than_told (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = mysql_text_of ("SELECT DATABASE()");
  g_autofree char *use = g_strdup_printf ("USE %s", name);
  g_autoptr (CormConnection) other = corm_connection_open_uri (g_getenv ("CORM_TEST_MYSQL"), NULL);
  assert_true (corm_execute (other, use, NULL, NULL, NULL));
  assert_true (corm_execute (other, "SET innodb_lock_wait_timeout = 1", NULL, NULL, NULL));
  mysql_run ("CREATE OR REPLACE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB");
  mysql_run ("INSERT INTO t VALUES (1)");
  G_GNUC_UNUSED g_autoptr (CormTransaction) holder =
      corm_transaction_begin (mysql_fixture (), CORM_TRANSACTION_WRITE, NULL);
  mysql_run ("UPDATE t SET id = 2");
  assert_false (corm_execute (other, "UPDATE t SET id = 3", NULL, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY));
}

static gpointer
update_other_row (gpointer data)
{
  return GINT_TO_POINTER (corm_execute (data, "UPDATE t SET n = n + 1 WHERE id = 1", NULL, NULL, NULL));
}

/* The server rolls one of two back by itself: its connection knows that no transaction is open any more. */
static void
deadlock (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  CormConnection *conn = mysql_fixture ();
  g_autofree char *name = mysql_text_of ("SELECT DATABASE()");
  g_autofree char *use = g_strdup_printf ("USE %s", name);
  g_autoptr (CormConnection) other = corm_connection_open_uri (g_getenv ("CORM_TEST_MYSQL"), NULL);
  assert_true (corm_execute (other, use, NULL, NULL, NULL));
  mysql_run ("CREATE OR REPLACE TABLE t (id int PRIMARY KEY, n int) ENGINE=InnoDB");
  mysql_run ("INSERT INTO t SELECT seq, 0 FROM seq_1_to_50");
  g_autoptr (CormTransaction) mine = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, NULL);
  g_autoptr (CormTransaction) its = corm_transaction_begin (other, CORM_TRANSACTION_DEFAULT, NULL);
  mysql_run ("UPDATE t SET n = 7 WHERE id = 1");
  /* The lighter transaction is the victim: that is ours. */
  assert_true (corm_execute (other, "UPDATE t SET n = 8 WHERE id > 1", NULL, NULL, NULL));
  GThread *thread = g_thread_new ("other", update_other_row, other);
  gboolean waits = FALSE;
  for (int i = 0; i < 1000 && !waits; i++) {
    g_usleep (10000);
    g_autofree char *n =
        mysql_text_of ("SELECT count(*) FROM information_schema.processlist WHERE state = 'Updating'");
    waits = strcmp (n, "1") == 0;
  }
  assert_true (waits);
  gboolean ok = corm_execute (conn, "UPDATE t SET n = 9 WHERE id = 2", NULL, NULL, &error);
  assert_true (GPOINTER_TO_INT (g_thread_join (thread)) || ok);
  assert_false (ok);
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY));
  assert_false (mysql_fixture_link ()->driver->in_transaction (mysql_fixture_link ()));
  g_clear_error (&error);
  assert_false (corm_transaction_commit (mine, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY));
  assert_true (corm_transaction_commit (its, NULL));
}

static void
server_that_goes_away (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  g_autoptr (GError) error = NULL;
  CormConnection *other = corm_connection_open_uri (g_getenv ("CORM_TEST_MYSQL"), NULL);
  CormLink *link = corm_connection_get_link (other);
  g_autoptr (CormCursor) id = corm_query (other, "SELECT CAST(CONNECTION_ID() AS CHAR)", NULL, NULL);
  assert_true (corm_cursor_next (id, NULL));
  g_autofree char *kill = g_strdup_printf ("KILL %s", corm_cursor_get_value (id, 0)->data);
  g_clear_pointer (&id, corm_cursor_free);
  assert_true (link->driver->is_alive (link));
  mysql_run (kill);
  assert_false (corm_execute (other, "SELECT 1", NULL, NULL, &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_CONNECTION));
  assert_false (link->driver->is_alive (link));
  assert_false (link->driver->ping (link, NULL));
  corm_connection_free (other);
}

static void
patterns_match_by_bytes (G_GNUC_UNUSED void **state)
{
  NEEDS_MYSQL ();
  static const struct {
    const char *pattern;
    const char *matches;
  } cases[] = {
    { "abcd%", "abcd" }, { "ABC%", NULL }, { "a_c\\%", "abc%" }, { "%\\\\%", "x\\y" }, { "caf_", "café" }
  };
  mysql_run ("CREATE OR REPLACE TABLE t (v varchar(20) CHARACTER SET latin1, w varchar(20))");
  mysql_run ("INSERT INTO t VALUES ('abcd', 'abcd'), ('abc%', 'abc%'), ('x\\y', 'x\\y'), ('café', 'café')");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (char column = 'v'; column <= 'w'; column++) {
      const CormDialect *dialect = mysql_fixture_link ()->driver->dialect;
      const char name[] = { column, '\0' };
      g_autoptr (GString) sql = g_string_new ("SELECT min(w) FROM t WHERE ");
      g_string_append (sql, dialect->like);
      g_string_replace (sql, "{a}", name, 1);
      g_string_replace (sql, "{b}", ":p", 1);
      g_autoptr (CormCursor) cursor =
          corm_query (mysql_fixture (), sql->str, CORM_PARAMS (CORM_PARAM ("p", cases[i].pattern)), NULL);
      assert_true (corm_cursor_next (cursor, NULL));
      const CormValue *value = corm_cursor_get_value (cursor, 0);
      if (cases[i].matches == NULL)
        assert_true (value->is_null);
      else
        assert_string_equal (value->data, cases[i].matches);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (left_in_the_middle),
    cmocka_unit_test (one_reader_at_a_time),
    cmocka_unit_test (a_stream_is_small),
    cmocka_unit_test (table_changes_under_a_statement),
    cmocka_unit_test (changed_rows),
    cmocka_unit_test (errors_by_class),
    cmocka_unit_test (error_behind_the_columns),
    cmocka_unit_test (cut_value_spoils_the_transaction),
    cmocka_unit_test (a_lock_waits_no_longer_than_told),
    cmocka_unit_test (deadlock),
    cmocka_unit_test (server_that_goes_away),
    cmocka_unit_test (patterns_match_by_bytes),
  };
  return cmocka_run_group_tests_name ("mysql statements", tests, NULL, mysql_fixture_close);
}
