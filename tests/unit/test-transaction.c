/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Transactions: each move of the state machine, savepoints, what happens when the database ends one by itself. */
#include "engine.h"

#include <glib/gstdio.h>

typedef struct {
  char *uri;
  CormDb *db;
  CormConnection *conn;
} Fixture;

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);
  f->uri = test_new_uri ("transaction.db");
  f->db = test_open (f->uri, &(CormDbOptions){ .pool_size = 4, .busy_timeout_ms = 50 });
  f->conn = test_connect (f->db);
  test_run (f->conn, "CREATE TABLE t (a INTEGER PRIMARY KEY)");
  *state = f;
  return 0;
}

static int
tear_down (void **state)
{
  Fixture *f = *state;
  corm_connection_free (f->conn);
  corm_db_free (f->db);
  g_free (f->uri);
  g_free (f);
  return 0;
}

static CormTransaction *
begin (Fixture *f, CormTransactionMode mode)
{
  CormTransaction *transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (f->conn, mode, error)) != NULL);
  return transaction;
}

static gint64
count (Fixture *f)
{
  return test_number (f->conn, "SELECT count(*) FROM t");
}

static void
commit_keeps (void **state)
{
  Fixture *f = *state;
  g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  assert_ok (corm_transaction_commit (transaction, error));
  assert_fails (corm_transaction_commit (transaction, error), CORM_ERROR_INVALID, "committed already");
  assert_fails (corm_transaction_rollback (transaction, error), CORM_ERROR_INVALID, "committed already");
  assert_int_equal (count (f), 1);
}

static void
leaving_the_scope_rolls_back (void **state)
{
  Fixture *f = *state;
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_DEFAULT);
    test_run (f->conn, "INSERT INTO t VALUES (1)");
  }
  assert_int_equal (count (f), 0);
  CormTransaction *transaction = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  assert_ok (corm_transaction_rollback (transaction, error));
  assert_fails (corm_transaction_commit (transaction, error), CORM_ERROR_INVALID, "rolled back already");
  corm_transaction_free (transaction);
  assert_int_equal (count (f), 0);
}

static void
savepoints_nest (void **state)
{
  Fixture *f = *state;
  g_autoptr (CormTransaction) outer = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  {
    g_autoptr (CormTransaction) kept = begin (f, CORM_TRANSACTION_DEFAULT);
    test_run (f->conn, "INSERT INTO t VALUES (2)");
    {
      G_GNUC_UNUSED g_autoptr (CormTransaction) dropped = begin (f, CORM_TRANSACTION_DEFAULT);
      test_run (f->conn, "INSERT INTO t VALUES (3)");
    }
    assert_ok (corm_transaction_commit (kept, error));
  }
  {
    g_autoptr (CormTransaction) dropped = begin (f, CORM_TRANSACTION_DEFAULT);
    test_run (f->conn, "INSERT INTO t VALUES (4)");
    assert_ok (corm_transaction_rollback (dropped, error));
  }
  assert_ok (corm_transaction_commit (outer, error));
  g_autofree char *left = test_text (f->conn, "SELECT group_concat (a) FROM t");
  assert_string_equal (left, "1,2");
}

static void
outer_waits_for_inner (void **state)
{
  Fixture *f = *state;
  g_autoptr (CormTransaction) outer = begin (f, CORM_TRANSACTION_DEFAULT);
  g_autoptr (CormTransaction) inner = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  assert_fails (corm_transaction_commit (outer, error), CORM_ERROR_INVALID, "inside this one");
  assert_ok (corm_transaction_rollback (outer, error)); /* takes the inner one along */
  assert_fails (corm_transaction_commit (inner, error), CORM_ERROR_INVALID, "rolled back already");
  assert_int_equal (count (f), 0);
}

static void
a_failed_statement_leaves_the_rest (void **state)
{
  Fixture *f = *state;
  g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  assert_fails (corm_execute (f->conn, "INSERT INTO t VALUES (1)", NULL, NULL, error), CORM_ERROR_UNIQUE,
                "t.a");
  assert_ok (corm_transaction_commit (transaction, error));
  assert_int_equal (count (f), 1);
}

/* As a deadlock does on MariaDB: the database rolls back and goes on in autocommit. */
static void
ended_by_the_database (void **state)
{
  Fixture *f = *state;
  test_run (
      f->conn,
      "CREATE TRIGGER no BEFORE INSERT ON t WHEN new.a = 9 BEGIN SELECT raise (ROLLBACK, 'no nines'); END");
  {
    g_autoptr (CormTransaction) outer = begin (f, CORM_TRANSACTION_DEFAULT);
    test_run (f->conn, "INSERT INTO t VALUES (1)");
    g_autoptr (CormTransaction) inner = begin (f, CORM_TRANSACTION_DEFAULT);
    assert_fails (corm_execute (f->conn, "INSERT INTO t VALUES (9)", NULL, NULL, error), CORM_ERROR_CHECK,
                  "no nines");
    assert_fails (corm_execute (f->conn, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_BUSY,
                  "rolled the transaction back");
    assert_fails (corm_transaction_commit (inner, error), CORM_ERROR_BUSY, "nothing was committed");
    assert_ok (corm_transaction_rollback (inner, error));
    assert_fails (corm_execute (f->conn, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_BUSY,
                  "rolled the transaction back");
    assert_fails (corm_transaction_commit (outer, error), CORM_ERROR_BUSY, "nothing was committed");
  }
  test_run (f->conn, "INSERT INTO t VALUES (3)");
  assert_int_equal (test_number (f->conn, "SELECT sum (a) FROM t"), 3);
}

static void
read_only_refuses_writes (void **state)
{
  Fixture *f = *state;
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_READ_ONLY);
    assert_fails (corm_execute (f->conn, "INSERT INTO t VALUES (1)", NULL, NULL, error), CORM_ERROR_DENIED,
                  "CORM_TRANSACTION_READ_ONLY");
    assert_int_equal (count (f), 0);
  }
  test_run (f->conn, "INSERT INTO t VALUES (1)");
}

static void
write_takes_the_lock_at_once (void **state)
{
  Fixture *f = *state;
  g_autoptr (CormConnection) other = test_connect (f->db);
  G_GNUC_UNUSED g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_WRITE);
  assert_fails (corm_transaction_begin (other, CORM_TRANSACTION_WRITE, error) != NULL, CORM_ERROR_BUSY,
                "holds the lock");
  assert_fails (corm_execute (other, "INSERT INTO t VALUES (1)", NULL, NULL, error), CORM_ERROR_BUSY,
                "transaction.db");
  assert_int_equal (test_number (other, "SELECT count(*) FROM t"), 0);
}

static void
a_stale_snapshot_is_busy (void **state)
{
  Fixture *f = *state;
  g_autoptr (CormConnection) other = test_connect (f->db);
  G_GNUC_UNUSED g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_DEFAULT);
  assert_int_equal (count (f), 0);
  test_run (other, "INSERT INTO t VALUES (1)");
  assert_fails (corm_execute (f->conn, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_BUSY,
                "CORM_TRANSACTION_WRITE");
}

static void
given_back_open_is_rolled_back (void **state)
{
  Fixture *f = *state;
  CormTransaction *outer = begin (f, CORM_TRANSACTION_DEFAULT);
  CormTransaction *inner = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  corm_connection_free (f->conn);
  f->conn = test_connect (f->db);
  assert_int_equal (count (f), 0);
  assert_fails (corm_transaction_commit (inner, error), CORM_ERROR_INVALID, "rolled back already");
  corm_transaction_free (inner);
  corm_transaction_free (outer);

  test_run (f->conn, "BEGIN"); /* by hand */
  test_run (f->conn, "INSERT INTO t VALUES (1)");
  corm_connection_free (f->conn);
  f->conn = test_connect (f->db);
  assert_int_equal (count (f), 0);
  test_run (f->conn, "INSERT INTO t VALUES (1)");
}

static void
rolled_back_under_an_open_cursor (void **state)
{
  Fixture *f = *state;
  CormTransaction *transaction = begin (f, CORM_TRANSACTION_DEFAULT);
  test_run (f->conn, "INSERT INTO t VALUES (1), (2)");
  g_autoptr (CormCursor) cursor = corm_query (f->conn, "SELECT a FROM t", NULL, NULL);
  assert_ok (corm_cursor_next (cursor, error));
  assert_fails (corm_transaction_commit (transaction, error), CORM_ERROR_BUSY, "cursor");
  corm_transaction_free (transaction);
  assert_fails (corm_cursor_next (cursor, error), CORM_ERROR_INVALID, "no more rows");
  assert_int_equal (count (f), 0);
}

static void
deferred_keys_are_checked_at_commit (void **state)
{
  Fixture *f = *state;
  test_run (f->conn, "CREATE TABLE child (a INTEGER REFERENCES t DEFERRABLE INITIALLY DEFERRED)");
  {
    g_autoptr (CormTransaction) transaction = begin (f, CORM_TRANSACTION_DEFAULT);
    test_run (f->conn, "INSERT INTO child VALUES (5)");
    assert_fails (corm_transaction_commit (transaction, error), CORM_ERROR_FOREIGN_KEY, "FOREIGN KEY");
    test_run (f->conn, "INSERT INTO t VALUES (5)"); /* still open: can be mended */
    assert_ok (corm_transaction_commit (transaction, error));
  }
  assert_int_equal (test_number (f->conn, "SELECT count(*) FROM child"), 1);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    CASE (commit_keeps),
    CASE (leaving_the_scope_rolls_back),
    CASE (savepoints_nest),
    CASE (outer_waits_for_inner),
    CASE (a_failed_statement_leaves_the_rest),
    CASE (ended_by_the_database),
    CASE (read_only_refuses_writes),
    CASE (write_takes_the_lock_at_once),
    CASE (a_stale_snapshot_is_busy),
    CASE (given_back_open_is_rolled_back),
    CASE (rolled_back_under_an_open_cursor),
    CASE (deferred_keys_are_checked_at_commit),
  };
  return cmocka_run_group_tests_name ("transaction", tests, NULL, NULL);
}
