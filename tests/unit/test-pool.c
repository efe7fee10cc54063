/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The pool: never more than its size, waiting and being woken, old and idle connections, threads, fork(). */
#include "engine.h"

#include <sys/wait.h>
#include <unistd.h>

static CormDb *
open_file (const char *name, CormDbOptions options)
{
  g_autofree char *uri = test_new_uri (name);
  options.busy_timeout_ms = 20 * 1000;
  CormDb *db = test_open (uri, &options);
  g_autoptr (CormConnection) conn = test_connect (db);
  test_run (conn, "CREATE TABLE t (a INTEGER)");
  return db;
}

static void
its_size_is_the_bound (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = open_file ("bound.db", (CormDbOptions){ .pool_size = 2, .pool_wait_ms = 30 });
  g_autoptr (CormConnection) one = test_connect (db);
  CormConnection *two = test_connect (db);
  assert_ptr_not_equal (one, two);
  gint64 begin = g_get_monotonic_time ();
  assert_fails (corm_db_connect (db, error) != NULL, CORM_ERROR_BUSY, "all 2 of the pool are taken");
  assert_true (g_get_monotonic_time () - begin >= 30 * 1000);
  corm_connection_free (two);
  g_autoptr (CormConnection) again = test_connect (db);
  assert_ptr_equal (again, two); /* not a new one */
}

/* Two are kept, a third comes and goes. */
static void
a_rush_opens_more_and_keeps_none (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db =
      open_file ("rush.db", (CormDbOptions){ .pool_size = 2, .pool_overflow = 1, .pool_wait_ms = 30 });
  CormConnection *conns[3];
  for (int i = 0; i < 3; i++) {
    conns[i] = test_connect (db);
    test_run (conns[i], "CREATE TEMP TABLE mine (a INTEGER)"); /* a new one has none */
  }
  assert_fails (corm_db_connect (db, error) != NULL, CORM_ERROR_BUSY, "all 3 of the pool are taken");
  for (int i = 0; i < 3; i++)
    corm_connection_free (conns[i]);
  guint n_new = 0;
  for (int i = 0; i < 3; i++) {
    conns[i] = test_connect (db);
    n_new += corm_execute (conns[i], "CREATE TEMP TABLE mine (a INTEGER)", NULL, NULL, NULL);
  }
  assert_int_equal (n_new, 1);
  for (int i = 0; i < 3; i++)
    corm_connection_free (conns[i]);
}

static gpointer
give_back_later (gpointer conn)
{
  g_usleep (50 * 1000);
  corm_connection_free (conn);
  return NULL;
}

static void
a_waiter_is_woken (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db =
      open_file ("woken.db", (CormDbOptions){ .pool_size = 1, .pool_wait_ms = 20 * 1000 });
  gint64 begin = g_get_monotonic_time ();
  GThread *thread = g_thread_new ("giver", give_back_later, test_connect (db));
  G_GNUC_UNUSED g_autoptr (CormConnection) conn = test_connect (db);
  g_thread_join (thread);
  assert_in_range (g_get_monotonic_time () - begin, 50 * 1000, 10 * 1000 * 1000);
}

#define N_THREADS 6
#define N_ROUNDS 40

static gint n_taken, most_taken;

static gpointer
hammer (gpointer data)
{
  for (int i = 0; i < N_ROUNDS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormConnection) conn = corm_db_connect (data, &error);
    if (conn == NULL)
      return g_strdup (error->message);
    gint now = g_atomic_int_add (&n_taken, 1) + 1;
    gint most = g_atomic_int_get (&most_taken);
    while (now > most && !g_atomic_int_compare_and_exchange (&most_taken, most, now))
      most = g_atomic_int_get (&most_taken);
    gboolean ok =
        corm_execute (conn, "INSERT INTO t VALUES (:a)", CORM_PARAMS (CORM_PARAM ("a", i)), NULL, &error);
    g_atomic_int_add (&n_taken, -1);
    if (!ok)
      return g_strdup (error->message);
  }
  return NULL;
}

static void
threads_share_it (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = open_file ("threads.db", (CormDbOptions){ .pool_size = 3 });
  GThread *threads[N_THREADS];
  n_taken = most_taken = 0;
  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("hammer", hammer, db);
  for (int i = 0; i < N_THREADS; i++) {
    g_autofree char *failure = g_thread_join (threads[i]);
    if (failure != NULL)
      fail_msg ("%s", failure);
  }
  assert_in_range (most_taken, 1, 3);
  g_autoptr (CormConnection) conn = test_connect (db);
  assert_int_equal (test_number (conn, "SELECT count(*) FROM t"), N_THREADS * N_ROUNDS);
}

/* A temporary table lives as long as its connection. */
static gboolean
is_the_same (CormDb *db)
{
  g_autoptr (CormConnection) conn = test_connect (db);
  gboolean same = test_number (conn, "SELECT count(*) FROM temp.sqlite_schema") > 0;
  if (!same)
    test_run (conn, "CREATE TEMP TABLE mark (a)");
  return same;
}

static void
an_old_one_is_replaced (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) young = open_file ("young.db", (CormDbOptions){ .pool_size = 1 });
  assert_false (is_the_same (young));
  assert_true (is_the_same (young));
  g_autoptr (CormDb) old = open_file ("old.db", (CormDbOptions){ .pool_size = 1, .max_age_ms = 1 });
  assert_false (is_the_same (old));
  g_usleep (5000);
  assert_false (is_the_same (old));
}

static void
memory_is_one_connection_for_ever (G_GNUC_UNUSED void **state)
{
  CormDbOptions options = { .pool_size = 5, .pool_wait_ms = 10, .max_age_ms = 1, .idle_check_ms = 1 };
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", &options);
  CormConnection *conn = test_connect (db);
  test_run (conn, "CREATE TABLE t (a)");
  assert_fails (corm_db_connect (db, error) != NULL, CORM_ERROR_BUSY, "memory");
  corm_connection_free (conn);
  g_usleep (5000);
  g_autoptr (CormConnection) again = test_connect (db);
  assert_int_equal (test_number (again, "SELECT count(*) FROM t"), 0);
}

static void
freed_early_it_waits_for_the_last (G_GNUC_UNUSED void **state)
{
  CormDb *db = open_file ("early.db", (CormDbOptions){ .pool_size = 1 });
  CormConnection *conn = test_connect (db);
  g_test_expect_message ("corm", G_LOG_LEVEL_CRITICAL, "*1 of its connections*");
  corm_db_free (db);
  g_test_assert_expected_messages ();
  test_run (conn, "INSERT INTO t VALUES (1)");
  corm_connection_free (conn);
}

static void
freed_under_a_cursor_it_waits (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = open_file ("cursor.db", (CormDbOptions){ .pool_size = 1, .pool_wait_ms = 10 });
  CormConnection *conn = test_connect (db);
  test_run (conn, "INSERT INTO t VALUES (5)");
  CormCursor *cursor = corm_query (conn, "SELECT a FROM t", NULL, NULL);
  g_test_expect_message ("corm", G_LOG_LEVEL_CRITICAL, "*cursor is open*");
  corm_connection_free (conn);
  g_test_assert_expected_messages ();
  assert_fails (corm_db_connect (db, error) != NULL, CORM_ERROR_BUSY, "taken");
  assert_ok (corm_cursor_next (cursor, error));
  assert_int_equal (corm_cursor_get_value (cursor, 0)->i, 5);
  corm_cursor_free (cursor);
  g_autoptr (CormConnection) again = test_connect (db);
  assert_ptr_equal (again, conn);
}

/* Runs @check in a child, which says what is wrong by its status. */
static int
in_child (int (*check) (CormDb *db, CormConnection *conn), CormDb *db, CormConnection *conn)
{
  fflush (NULL);
  pid_t child = fork ();
  if (child == 0)
    _exit (check (db, conn));
  int status;
  assert_int_equal (waitpid (child, &status, 0), child);
  assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static int
use_after_fork (CormDb *db, CormConnection *conn)
{
  g_autoptr (GError) error = NULL;
  if (corm_execute (conn, "INSERT INTO t VALUES (1)", NULL, NULL, &error))
    return 1; /* the parent's connection must not be used */
  if (error->code != CORM_ERROR_CONNECTION || strstr (error->message, "fork()") == NULL)
    return 2;
  corm_connection_free (conn);
  g_clear_error (&error);
  for (int i = 0; i < 2; i++) {
    g_autoptr (CormConnection) own = corm_db_connect (db, &error);
    if (own == NULL || own == conn || !corm_execute (own, "INSERT INTO t VALUES (2)", NULL, NULL, &error))
      return 3;
  }
  corm_db_free (db);
  return 0;
}

static void
a_child_opens_its_own (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = open_file ("fork.db", (CormDbOptions){ .pool_size = 1, .pool_wait_ms = 1000 });
  g_autoptr (CormConnection) conn = test_connect (db);
  g_autoptr (CormTransaction) transaction = NULL;
  assert_int_equal (in_child (use_after_fork, db, conn), 0);
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  test_run (conn, "INSERT INTO t VALUES (3)");
  assert_ok (corm_transaction_commit (transaction, error));
  assert_int_equal (test_number (conn, "SELECT sum(a) FROM t"), 7);
}

static int
take_after_fork (CormDb *db, G_GNUC_UNUSED CormConnection *conn)
{
  for (int i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    if (corm_db_connect (db, &error) != NULL)
      return 1; /* it would be an empty database */
    if (error->code != CORM_ERROR_CONNECTION || strstr (error->message, "memory") == NULL)
      return 2;
  }
  return 0;
}

static void
memory_stays_with_its_process (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", NULL);
  assert_int_equal (in_child (take_after_fork, db, NULL), 0);
  g_autoptr (CormConnection) conn = test_connect (db);
  assert_int_equal (test_number (conn, "SELECT 1"), 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (its_size_is_the_bound),
    cmocka_unit_test (a_rush_opens_more_and_keeps_none),
    cmocka_unit_test (a_waiter_is_woken),
    cmocka_unit_test (threads_share_it),
    cmocka_unit_test (an_old_one_is_replaced),
    cmocka_unit_test (memory_is_one_connection_for_ever),
    cmocka_unit_test (freed_early_it_waits_for_the_last),
    cmocka_unit_test (freed_under_a_cursor_it_waits),
    cmocka_unit_test (a_child_opens_its_own),
    cmocka_unit_test (memory_stays_with_its_process),
  };
  return cmocka_run_group_tests_name ("pool", tests, NULL, NULL);
}
