/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many threads, few connections; servers that end them; processes that fork. */
#include <sys/wait.h>
#include <unistd.h>

#include "people.h"

static gint64
count_teams (CormConnection *conn)
{
  return suite_number (conn, "SELECT count(*) FROM teams");
}

/* --- threads */

enum { N_THREADS = 16, N_ROWS = 25 };

typedef struct {
  CormDb *db;
  guint number;
  GError *error;
} Worker;

/* A row, another in a transaction, a look at both: with a connection taken and given back each time. */
static gboolean
work_once (const Worker *worker, guint i, GError **error)
{
  g_autofree char *one = g_strdup_printf ("%u-%u", worker->number, i);
  g_autofree char *two = g_strdup_printf ("%u-%u in a transaction", worker->number, i);
  Team a = { .name = one }, b = { .name = two };
  g_autoptr (CormConnection) conn = corm_db_connect (worker->db, error);
  if (conn == NULL || !team_insert (conn, &a, error))
    return FALSE;
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (transaction == NULL || !team_insert (conn, &b, error) || !corm_transaction_commit (transaction, error))
    return FALSE;
  guint64 n = 0;
  if (!corm_count (Team, conn, &n, error, .where = CORM_IN (Team, id, a.id, b.id)))
    return FALSE;
  g_assert_cmpuint (n, ==, 2);
  return TRUE;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  for (guint i = 0; i < N_ROWS && worker->error == NULL; i++)
    if (!work_once (worker, i, &worker->error))
      break;
  return NULL;
}

static void
sixteen_threads_on_four_connections (Suite *suite)
{
  CormDbOptions options = { .pool_size = 4, .busy_timeout_ms = 30000 };
  CormDb *db = suite_open (suite, &options);
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){ .db = db, .number = i };
    threads[i] = g_thread_new ("worker", work, &workers[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  corm_db_free (db);
  for (guint i = 0; i < N_THREADS; i++)
    if (workers[i].error != NULL)
      fail_msg ("thread %u: %s", i, workers[i].error->message);
  assert_int_equal (count_teams (suite->conn), 2 * N_THREADS * N_ROWS);
}

static void
an_empty_pool_is_busy (Suite *suite)
{
  CormDbOptions options = { .pool_size = 2, .pool_wait_ms = 100 };
  CormDb *db = suite_open (suite, &options);
  CormConnection *one = suite_connect (db), *two = suite_connect (db);
  gint64 start = g_get_monotonic_time ();
  assert_fails (corm_db_connect (db, error), CORM_ERROR_BUSY, "2", "pool_size");
  gint64 waited = g_get_monotonic_time () - start;
  assert_true (waited >= 90 * 1000 && waited < 5 * G_USEC_PER_SEC);
  corm_connection_free (one);
  one = suite_connect (db);
  corm_connection_free (one);
  corm_connection_free (two);
  corm_db_free (db);
}

static gpointer
give_back_later (gpointer conn)
{
  g_usleep (100 * 1000);
  corm_connection_free (conn);
  return NULL;
}

static void
who_waits_gets_the_next_one (Suite *suite)
{
  CormDbOptions options = { .pool_size = 1, .pool_wait_ms = 10000 };
  CormDb *db = suite_open (suite, &options);
  GThread *thread = g_thread_new ("giver", give_back_later, suite_connect (db));
  CormConnection *conn = suite_connect (db);
  assert_int_equal (count_teams (conn), 0);
  g_thread_join (thread);
  corm_connection_free (conn);
  corm_db_free (db);
}

/* --- the server goes away */

static void
a_cut_connection_says_so (Suite *suite)
{
  add_team (suite->conn, "a");
  CormConnection *conn = suite_connect (suite->db);
  suite_cut (conn);
  Team team = { .name = "b" };
  assert_fails (team_insert (conn, &team, error), CORM_ERROR_CONNECTION, "teams");
  assert_fails (corm_connection_ping (conn, error), CORM_ERROR_CONNECTION, NULL);
  corm_connection_free (conn);
  CormConnection *next = suite_connect (suite->db);
  assert_ok (team_insert (next, &team, error));
  corm_connection_free (next);
  assert_int_equal (count_teams (suite->conn), 2);
}

static void
cut_inside_a_transaction (Suite *suite)
{
  CormConnection *conn = suite_connect (suite->db);
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  add_team (conn, "lost");
  suite_cut (conn);
  assert_fails (corm_transaction_commit (transaction, error), CORM_ERROR_CONNECTION, NULL);
  g_clear_pointer (&transaction, corm_transaction_free);
  corm_connection_free (conn);
  conn = suite_connect (suite->db);
  assert_int_equal (count_teams (conn), 0);
  corm_connection_free (conn);
}

/* Whoever comes behind a rollback that did not arrive is told the same. */
static void
cut_in_front_of_a_rollback (Suite *suite)
{
  CormConnection *conn = suite_connect (suite->db);
  g_autoptr (CormTransaction) outer = NULL;
  CormTransaction *inner = NULL;
  assert_ok ((outer = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  assert_ok ((inner = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  suite_cut (conn);
  corm_transaction_free (inner);
  assert_fails (corm_execute (conn, "SELECT 1", NULL, NULL, error), CORM_ERROR_CONNECTION, NULL);
  g_clear_pointer (&outer, corm_transaction_free);
  corm_connection_free (conn);
}

static void
idle_connections_are_asked_before_use (Suite *suite)
{
  CormDbOptions options = { .pool_size = 1, .idle_check_ms = 1 };
  CormDb *db = suite_open (suite, &options);
  CormConnection *conn = suite_connect (db);
  suite_cut (conn);
  corm_connection_free (conn);
  g_usleep (20 * 1000);
  conn = suite_connect (db);
  add_team (conn, "a");
  corm_connection_free (conn);
  corm_db_free (db);
  assert_int_equal (count_teams (suite->conn), 1);
}

static void
old_connections_are_replaced (Suite *suite)
{
  CormDbOptions options = { .pool_size = 1, .max_age_ms = 1 };
  CormDb *db = suite_open (suite, &options);
  for (guint i = 0; i < 5; i++) {
    CormConnection *conn = suite_connect (db);
    assert_int_equal (corm_connection_get_n_statements (conn), 0);
    count_teams (conn);
    corm_connection_free (conn);
    g_usleep (5 * 1000);
  }
  corm_db_free (db);
}

/* --- fork */

/* 0, or the line that failed. */
static int
child (Suite *suite)
{
  g_autoptr (GError) error = NULL;
  Team team = { .name = "of the child" };
  if (team_insert (suite->conn, &team, &error)) /* the parent's */
    return 1;
  CormConnection *own = corm_db_connect (suite->db, NULL);
  if (own == NULL || !team_insert (own, &team, NULL))
    return 2;
  corm_connection_free (own);
  corm_connection_free (suite->conn);
  return 0;
}

static void
a_child_has_its_own_connections (Suite *suite)
{
  int status = -1;
  add_team (suite->conn, "before");
  pid_t pid = fork ();
  if (pid == 0)
    _exit (child (suite));
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFEXITED (status));
  assert_int_equal (WEXITSTATUS (status), 0);
  add_team (suite->conn, "after");
  assert_int_equal (count_teams (suite->conn), 3);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "sixteen threads on four connections", sixteen_threads_on_four_connections, 0 },
    { "an empty pool is busy", an_empty_pool_is_busy, 0 },
    { "who waits gets the next one", who_waits_gets_the_next_one, 0 },
    { "a cut connection says so", a_cut_connection_says_so, SUITE_NEEDS_SERVER },
    { "cut inside a transaction", cut_inside_a_transaction, SUITE_NEEDS_SERVER },
    { "cut in front of a rollback", cut_in_front_of_a_rollback, SUITE_NEEDS_SERVER },
    { "idle connections are asked before use", idle_connections_are_asked_before_use, SUITE_NEEDS_SERVER },
    { "old connections are replaced", old_connections_are_replaced, 0 },
    { "a child has its own connections", a_child_has_its_own_connections, 0 },
  };
  return SUITE_RUN (people, cases);
}
