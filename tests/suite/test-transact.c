/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Transactions as functions: what commits, what rolls back, what is run again and what is not; nested ones; deadlines;
 * functions that leave something open or end the transaction by hand. */
#include "people.h"

/* --- what a function may do */

typedef struct {
  CormDb *db;
  guint n_calls;
  const char *sql;
  CormTransactFunc inner;
  CormTransaction *guard;
  CormCursor *cursor;
  gint64 id;
} Work;

#define TRANSACT(work, function, ...) \
  corm_transact ((work)->db, function, work, &(const CormTransactOptions){ __VA_ARGS__ }, error)

static gboolean
add_one (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  g_autofree char *name = g_strdup_printf ("call %u", ++work->n_calls);
  Team team = { .name = name };
  return team_insert (conn, &team, error);
}

static gboolean
add_one_and_fail (CormConnection *conn, gpointer data, GError **error)
{
  if (add_one (conn, data, error))
    g_set_error (error, CORM_ERROR, CORM_ERROR_CHECK, "changed its mind");
  return FALSE;
}

static gboolean
fail_without_a_word (G_GNUC_UNUSED CormConnection *conn, gpointer data, G_GNUC_UNUSED GError **error)
{
  ((Work *) data)->n_calls++;
  return FALSE;
}

static gint64
count_teams (Suite *suite)
{
  return suite_number (suite->conn, "SELECT count(*) FROM teams");
}

static void
true_commits (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_ok (corm_transact (suite->db, add_one, &work, NULL, error));
  assert_int_equal (work.n_calls, 1);
  assert_int_equal (count_teams (suite), 1);
}

static void
false_rolls_back (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, add_one_and_fail), CORM_ERROR_CHECK, "changed its mind");
  assert_fails (TRANSACT (&work, fail_without_a_word), CORM_ERROR_FAILED, "without an error");
  assert_int_equal (work.n_calls, 2);
  assert_int_equal (count_teams (suite), 0);
}

static gboolean
clash (CormConnection *conn, gpointer data, GError **error)
{
  Team team = { .name = "there" };
  return add_one (conn, data, error) && team_insert (conn, &team, error);
}

static void
other_errors_are_not_run_again (Suite *suite)
{
  Work work = { .db = suite->db };
  add_team (suite->conn, "there");
  assert_fails (TRANSACT (&work, clash), CORM_ERROR_UNIQUE, "teams");
  assert_int_equal (work.n_calls, 1);
  assert_int_equal (count_teams (suite), 1);
}

static void
read_only_refuses (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, add_one, .read_only = true), CORM_ERROR_DENIED, "teams");
  assert_fails (TRANSACT (&work, add_one, .deferrable = true), CORM_ERROR_INVALID, "deferrable");
  assert_fails (TRANSACT (&work, add_one, .isolation = 9), CORM_ERROR_INVALID, "9");
  assert_int_equal (work.n_calls, 1);
}

static gboolean
count_in (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  guint64 n;
  work->n_calls++;
  return corm_count (Team, conn, &n, error);
}

static void
every_level_begins (Suite *suite)
{
  Work work = { .db = suite->db };
  for (guint level = 0; level <= CORM_ISOLATION_SERIALIZABLE; level++) {
    assert_ok (TRANSACT (&work, add_one, .isolation = level));
    assert_ok (TRANSACT (&work, count_in, .isolation = level, .read_only = true));
  }
  assert_ok (TRANSACT (&work, count_in, .isolation = CORM_ISOLATION_SERIALIZABLE, .read_only = true,
                       .deferrable = true));
  assert_int_equal (work.n_calls, 9);
  assert_int_equal (count_teams (suite), 4);
}

/* --- nested */

static gboolean
inside (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  g_autoptr (GError) local = NULL;
  guint64 before = corm_connection_get_n_statements (conn);
  if (!add_one (conn, work, error))
    return FALSE;
  gboolean ok = corm_transact (work->db, work->inner, work, NULL, &local);
  assert_true (corm_connection_get_n_statements (conn) > before + 2); /* it was this connection that worked */
  if (ok || local->code != CORM_ERROR_CHECK) {
    if (!ok)
      g_propagate_error (error, g_steal_pointer (&local));
    return ok;
  }
  return add_one (conn, work, error);
}

static void
an_inner_one_is_a_savepoint (Suite *suite)
{
  Work work = { .db = suite->db, .inner = add_one };
  assert_ok (TRANSACT (&work, inside));
  assert_int_equal (count_teams (suite), 2);
  work.inner = add_one_and_fail; /* calls 3, 4 and 5: the fourth is undone */
  assert_ok (TRANSACT (&work, inside));
  assert_int_equal (count_teams (suite), 4);
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM teams WHERE name = 'call 4'"), 0);
}

static gboolean
ask_for_more (G_GNUC_UNUSED CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  return TRANSACT (work, add_one, .isolation = CORM_ISOLATION_SERIALIZABLE);
}

static void
an_inner_one_cannot_be_stricter (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, ask_for_more, .isolation = CORM_ISOLATION_REPEATABLE_READ),
                CORM_ERROR_INVALID, "outermost");
  assert_ok (TRANSACT (&work, ask_for_more, .isolation = CORM_ISOLATION_SERIALIZABLE));
  assert_int_equal (work.n_calls, 1);
}

/* --- run again */

/* The first @n_failures calls find that somebody else wrote in between. */
typedef struct {
  CormConnection *other;
  gint64 id;
  guint n_calls, n_failures;
} Contest;

static gboolean
rename_team (CormConnection *conn, gint64 id, const char *name, GError **error)
{
  return corm_execute (conn, "UPDATE teams SET name = :name WHERE id = :id",
                       CORM_PARAMS (CORM_PARAM ("name", name), CORM_PARAM ("id", id)), NULL, error);
}

static void
interfere (Contest *contest)
{
  const char *name = contest->n_calls == 1 ? "theirs" : "theirs again";
  assert_ok (rename_team (contest->other, contest->id, name, error));
}

/* Reads, then somebody else writes: at REPEATABLE READ that is a conflict where the database has snapshots that it
 * guards; elsewhere it is none. */
static gboolean
read_then_write (CormConnection *conn, gpointer data, GError **error)
{
  Contest *contest = data;
  guint64 n;
  if (!corm_count (Team, conn, &n, error))
    return FALSE;
  if (contest->n_calls++ < contest->n_failures)
    interfere (contest);
  return rename_team (conn, contest->id, "ours", error);
}

static void
a_conflict_is_run_again (Suite *suite)
{
  g_autoptr (CormConnection) other = suite_connect (suite->db);
  Contest contest = { .other = other, .id = add_team (suite->conn, "a"), .n_failures = 2 };
  CormTransactOptions options = { .isolation = CORM_ISOLATION_REPEATABLE_READ };
  if (corm_connection_get_link (other)->driver->dialect->in_process)
    return; /* the write lock is taken first: nobody else can write in between */
  assert_ok (corm_transact (suite->db, read_then_write, &contest, &options, error));
  print_message ("# %u calls\n", contest.n_calls);
  assert_in_range (contest.n_calls, 1, 3);
  g_autofree char *name = suite_text (suite->conn, "SELECT name FROM teams");
  assert_string_equal (name, "ours");
  if (contest.n_calls == 1)
    return;
  contest.n_calls = 0;
  contest.n_failures = G_MAXUINT;
  options.attempts = 1;
  assert_fails (corm_transact (suite->db, read_then_write, &contest, &options, error), CORM_ERROR_BUSY, NULL);
  assert_int_equal (contest.n_calls, 1);
}

typedef struct {
  CormDb *db;
  CormTransactFunc function;
  gint64 first, second;
  GMutex *mutex;
  GCond *cond;
  guint *n_ready;
  guint n_calls;
  GError *error;
} Opponent;

static void
meet (Opponent *self)
{
  g_mutex_lock (self->mutex);
  ++*self->n_ready;
  g_cond_broadcast (self->cond);
  gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC / 2;
  while (*self->n_ready < 2)
    if (!g_cond_wait_until (self->cond, self->mutex, until))
      break;
  g_mutex_unlock (self->mutex);
}

static gboolean
add_points (CormConnection *conn, gint64 id, GError **error)
{
  return corm_execute (conn, "UPDATE members SET score = score + 1 WHERE id = :id",
                       CORM_PARAMS (CORM_PARAM ("id", id)), NULL, error);
}

static gboolean
lock_both (CormConnection *conn, gpointer data, GError **error)
{
  Opponent *self = data;
  self->n_calls++;
  if (!add_points (conn, self->first, error))
    return FALSE;
  meet (self);
  return add_points (conn, self->second, error);
}

static gboolean
lock_second (CormConnection *conn, gpointer data, GError **error)
{
  return add_points (conn, ((Opponent *) data)->second, error);
}

/* The second row is locked by a transaction inside: its deadlock is the outer one's. */
static gboolean
lock_both_nested (CormConnection *conn, gpointer data, GError **error)
{
  Opponent *self = data;
  self->n_calls++;
  if (!add_points (conn, self->first, error))
    return FALSE;
  meet (self);
  return corm_transact (self->db, lock_second, self, NULL, error);
}

static gpointer
fight (gpointer data)
{
  Opponent *self = data;
  corm_transact (self->db, self->function, self, NULL, &self->error);
  return NULL;
}

static void
run_deadlock (Suite *suite, CormTransactFunc function)
{
  GMutex mutex;
  GCond cond;
  guint n_ready = 0;
  g_mutex_init (&mutex);
  g_cond_init (&cond);
  gint64 a = add_member (suite->conn, "a", 0, 0), b = add_member (suite->conn, "b", 0, 0);
  Opponent left = { suite->db, function, a, b, &mutex, &cond, &n_ready, 0, NULL };
  Opponent right = { suite->db, function, b, a, &mutex, &cond, &n_ready, 0, NULL };
  GThread *thread = g_thread_new ("right", fight, &right);
  fight (&left);
  g_thread_join (thread);
  g_mutex_clear (&mutex);
  g_cond_clear (&cond);
  if (left.error != NULL || right.error != NULL)
    fail_msg ("%s", left.error != NULL ? left.error->message : right.error->message);
  print_message ("# calls: %u and %u\n", left.n_calls, right.n_calls);
  assert_in_range (left.n_calls + right.n_calls, 2, 6);
  assert_int_equal (suite_number (suite->conn, "SELECT min(score) + 10 * max(score) FROM members"), 22);
}

static void
a_deadlock_is_run_again (Suite *suite)
{
  run_deadlock (suite, lock_both);
}

static void
a_deadlock_inside_runs_all_of_it_again (Suite *suite)
{
  run_deadlock (suite, lock_both_nested);
}

/* --- the server ends the connection in the middle */

static gboolean
add_and_lose (CormConnection *conn, gpointer data, GError **error)
{
  if (!add_one (conn, data, error))
    return FALSE;
  suite_cut (conn);
  return add_one (conn, data, error);
}

static void
a_cut_connection_is_not_run_again (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, add_and_lose), CORM_ERROR_CONNECTION, NULL);
  assert_fails (TRANSACT (&work, add_and_lose, .token = true), CORM_ERROR_CONNECTION, NULL);
  assert_int_equal (work.n_calls, 4);
  assert_int_equal (count_teams (suite), 0);
  assert_ok (TRANSACT (&work, add_one));
}

/* --- bad functions */

static gboolean
leave_cursor (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  if (!add_one (conn, work, error))
    return FALSE;
  work->cursor = corm_query (conn, "SELECT name FROM teams", NULL, error);
  return work->cursor != NULL;
}

static void
an_open_cursor_is_an_error (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, leave_cursor), CORM_ERROR_INVALID, "cursor");
  assert_int_equal (count_teams (suite), 0);
  assert_fails (corm_cursor_next (work.cursor, error), CORM_ERROR_INVALID, "transaction");
  corm_cursor_free (work.cursor);
  assert_ok (TRANSACT (&work, add_one));
}

static gboolean
leave_transaction (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  work->guard = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  return work->guard != NULL && add_one (conn, work, error);
}

static void
an_open_transaction_is_an_error (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, leave_transaction), CORM_ERROR_INVALID, "transaction open");
  assert_int_equal (count_teams (suite), 0);
  assert_fails (corm_transaction_commit (work.guard, error), CORM_ERROR_INVALID, "rolled back");
  corm_transaction_free (work.guard);
  assert_ok (TRANSACT (&work, add_one));
}

static gboolean
run_sql (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  return add_one (conn, work, error) && corm_execute (conn, work->sql, NULL, NULL, error);
}

static void
ending_it_by_hand_is_an_error (Suite *suite)
{
  static const char *const words[] = { "COMMIT",          " /* now */ commit work", "BEGIN",
                                       "-- so\nROLLBACK", "START TRANSACTION",      "END" };
  Work work = { .db = suite->db };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    work.sql = words[i];
    assert_fails (TRANSACT (&work, run_sql), CORM_ERROR_INVALID, "by hand");
    assert_int_equal (count_teams (suite), 0);
  }
  assert_ok (TRANSACT (&work, add_one));
}

/* Such a statement commits by itself where structure is not part of a transaction. */
static void
structure_commits_by_itself (Suite *suite)
{
  Work work = { .db = suite->db, .sql = "CREATE TABLE beside (a integer)" };
  if ((suite->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0) {
    assert_ok (TRANSACT (&work, run_sql));
  } else {
    g_autoptr (GError) error = NULL;
    assert_false (corm_transact (suite->db, run_sql, &work, NULL, &error));
    assert_non_null (strstr (error->message, "CREATE TABLE"));
    assert_int_equal (error->code, CORM_ERROR_INVALID);
  }
  suite_sql (suite->conn, "DROP TABLE beside");
}

static void
an_empty_pool_is_not_run_again (Suite *suite)
{
  CormDbOptions options = { .pool_size = 1, .pool_wait_ms = 50 };
  Work work = { .db = suite_open (suite, &options) };
  CormConnection *held = suite_connect (work.db);
  assert_fails (TRANSACT (&work, add_one), CORM_ERROR_BUSY, "pool_size");
  assert_int_equal (work.n_calls, 0);
  corm_connection_free (held);
  assert_ok (TRANSACT (&work, add_one));
  corm_db_free (work.db);
}

/* --- deadlines */

static gboolean
dawdle (CormConnection *conn, gpointer data, GError **error)
{
  g_usleep (80 * 1000);
  return add_one (conn, data, error);
}

static gboolean
dawdle_afterwards (CormConnection *conn, gpointer data, GError **error)
{
  gboolean ok = add_one (conn, data, error);
  g_usleep (80 * 1000);
  return ok;
}

static void
a_deadline_passes (Suite *suite)
{
  Work work = { .db = suite->db };
  assert_fails (TRANSACT (&work, dawdle, .deadline_ms = 60), CORM_ERROR_CANCELLED, "60 ms");
  assert_fails (TRANSACT (&work, dawdle_afterwards, .deadline_ms = 60), CORM_ERROR_CANCELLED, "60 ms");
  assert_int_equal (count_teams (suite), 0);
  assert_ok (TRANSACT (&work, dawdle, .deadline_ms = 60 * 1000));
  assert_int_equal (count_teams (suite), 1);
  assert_ok (TRANSACT (&work, dawdle)); /* nothing of it is left on the connection */
}

static gboolean
rename_it (CormConnection *conn, gpointer data, GError **error)
{
  Work *work = data;
  work->n_calls++;
  return rename_team (conn, work->id, "mine", error);
}

/* It waits for a lock when its time is over. */
static void
a_deadline_ends_a_wait (Suite *suite)
{
  Work work = { .db = suite->db, .id = add_team (suite->conn, "a") };
  if (corm_connection_get_link (suite->conn)->driver->set_deadline == NULL)
    return;
  g_autoptr (CormTransaction) lock = NULL;
  assert_ok ((lock = corm_transaction_begin (suite->conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  assert_ok (rename_team (suite->conn, work.id, "theirs", error));
  gint64 start = g_get_monotonic_time ();
  assert_fails (TRANSACT (&work, rename_it, .deadline_ms = 300), CORM_ERROR_CANCELLED, "300 ms");
  print_message ("# stopped after %d ms\n", (int) ((g_get_monotonic_time () - start) / 1000));
  assert_true (g_get_monotonic_time () - start < 2500 * 1000);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "true commits", true_commits, 0 },
    { "false rolls back", false_rolls_back, 0 },
    { "other errors are not run again", other_errors_are_not_run_again, 0 },
    { "read only refuses", read_only_refuses, 0 },
    { "every level begins", every_level_begins, 0 },
    { "an inner one is a savepoint", an_inner_one_is_a_savepoint, 0 },
    { "an inner one cannot be stricter", an_inner_one_cannot_be_stricter, 0 },
    { "a conflict is run again", a_conflict_is_run_again, 0 },
    { "a deadlock is run again", a_deadlock_is_run_again, 0 },
    { "a deadlock inside runs all of it again", a_deadlock_inside_runs_all_of_it_again, 0 },
    { "a cut connection is not run again", a_cut_connection_is_not_run_again, SUITE_NEEDS_SERVER },
    { "an open cursor is an error", an_open_cursor_is_an_error, 0 },
    { "an open transaction is an error", an_open_transaction_is_an_error, 0 },
    { "ending it by hand is an error", ending_it_by_hand_is_an_error, 0 },
    { "structure commits by itself", structure_commits_by_itself, 0 },
    { "an empty pool is not run again", an_empty_pool_is_not_run_again, 0 },
    { "a deadline passes", a_deadline_passes, 0 },
    { "a deadline ends a wait", a_deadline_ends_a_wait, 0 },
  };
  return SUITE_RUN (people, cases);
}
