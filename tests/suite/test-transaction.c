/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Transactions: what is committed stays, what is not goes, whatever ends it; savepoints; read-only; two at a time. */
#include "people.h"

#define BEGIN(conn, mode) begin (conn, CORM_TRANSACTION_##mode)

static CormTransaction *
begin (CormConnection *conn, CormTransactionMode mode)
{
  CormTransaction *transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (conn, mode, error)) != NULL);
  return transaction;
}

static gint64
count_teams (CormConnection *conn)
{
  return suite_number (conn, "SELECT count(*) FROM teams");
}

/* As another connection sees it. */
static gint64
count_elsewhere (Suite *suite)
{
  g_autoptr (CormConnection) other = suite_connect (suite->db);
  return count_teams (other);
}

static void
commit_keeps (Suite *suite)
{
  g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, DEFAULT);
  add_team (suite->conn, "a");
  assert_int_equal (count_teams (suite->conn), 1);
  assert_int_equal (count_elsewhere (suite), 0);
  assert_ok (corm_transaction_commit (transaction, error));
  assert_int_equal (count_elsewhere (suite), 1);
}

static void
rollback_undoes (Suite *suite)
{
  g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, WRITE);
  add_team (suite->conn, "a");
  assert_ok (corm_transaction_rollback (transaction, error));
  assert_int_equal (count_teams (suite->conn), 0);
  add_team (suite->conn, "b");
  assert_int_equal (count_elsewhere (suite), 1);
}

static void
leaving_the_scope_undoes (Suite *suite)
{
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, DEFAULT);
    add_team (suite->conn, "a");
  }
  assert_int_equal (count_teams (suite->conn), 0);
}

static void
giving_the_connection_back_undoes (Suite *suite)
{
  CormConnection *conn = suite_connect (suite->db);
  CormTransaction *transaction = BEGIN (conn, DEFAULT);
  add_team (conn, "a");
  corm_connection_free (conn);
  corm_transaction_free (transaction);
  assert_int_equal (count_teams (suite->conn), 0);
}

static void
savepoints_in_savepoints (Suite *suite)
{
  g_autoptr (CormTransaction) outer = BEGIN (suite->conn, DEFAULT);
  add_team (suite->conn, "outer");
  {
    g_autoptr (CormTransaction) kept = BEGIN (suite->conn, DEFAULT);
    add_team (suite->conn, "kept");
    {
      G_GNUC_UNUSED g_autoptr (CormTransaction) dropped = BEGIN (suite->conn, DEFAULT);
      add_team (suite->conn, "dropped");
      assert_int_equal (count_teams (suite->conn), 3);
    }
    assert_int_equal (count_teams (suite->conn), 2);
    assert_ok (corm_transaction_commit (kept, error));
  }
  {
    g_autoptr (CormTransaction) dropped = BEGIN (suite->conn, DEFAULT);
    add_team (suite->conn, "dropped too");
    assert_ok (corm_transaction_rollback (dropped, error));
  }
  assert_int_equal (count_elsewhere (suite), 0);
  assert_ok (corm_transaction_commit (outer, error));
  g_autofree char *names = suite_text (suite->conn, "SELECT min(name) FROM teams WHERE name <> 'outer'");
  assert_string_equal (names, "kept");
  assert_int_equal (count_elsewhere (suite), 2);
}

static void
rollback_of_the_outer_undoes_the_inner (Suite *suite)
{
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) outer = BEGIN (suite->conn, DEFAULT);
    g_autoptr (CormTransaction) inner = BEGIN (suite->conn, DEFAULT);
    add_team (suite->conn, "a");
    assert_ok (corm_transaction_commit (inner, error));
  }
  assert_int_equal (count_teams (suite->conn), 0);
}

/* PostgreSQL refuses everything after an error until the end; others go on. Nobody may commit half of it unnoticed. */
static void
an_error_inside (Suite *suite)
{
  gboolean goes_on;
  add_team (suite->conn, "there");
  {
    g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, DEFAULT);
    add_team (suite->conn, "first");
    Team twice = { .name = "there" }, second = { .name = "second" };
    assert_fails (team_insert (suite->conn, &twice, error), CORM_ERROR_UNIQUE, "teams");
    goes_on = team_insert (suite->conn, &second, NULL);
    assert_int_equal (corm_transaction_commit (transaction, NULL), goes_on);
  }
  assert_int_equal (count_teams (suite->conn), goes_on ? 3 : 1);
  add_team (suite->conn, "after");
}

static void
a_savepoint_mends_an_error (Suite *suite)
{
  add_team (suite->conn, "there");
  g_autoptr (CormTransaction) outer = BEGIN (suite->conn, DEFAULT);
  add_team (suite->conn, "first");
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) inner = BEGIN (suite->conn, DEFAULT);
    Team twice = { .name = "there" };
    assert_fails (team_insert (suite->conn, &twice, error), CORM_ERROR_UNIQUE, "teams");
  }
  add_team (suite->conn, "second");
  assert_ok (corm_transaction_commit (outer, error));
  assert_int_equal (count_elsewhere (suite), 3);
}

static void
read_only_refuses_writes (Suite *suite)
{
  add_team (suite->conn, "a");
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, READ_ONLY);
    assert_int_equal (count_teams (suite->conn), 1);
    g_autoptr (GError) error = NULL;
    Team team = { .name = "b" };
    assert_false (team_insert (suite->conn, &team, &error));
    assert_int_equal (error->code, CORM_ERROR_DENIED);
    assert_non_null (strstr (error->message, "teams"));
  }
  assert_int_equal (count_teams (suite->conn), 1);
  add_team (suite->conn, "c");
}

static void
a_read_only_database_refuses_writes (Suite *suite)
{
  CormDbOptions options = { .read_only = true, .pool_size = 2 };
  add_team (suite->conn, "a");
  CormDb *db = suite_open (suite, &options);
  CormConnection *conn = suite_connect (db);
  Team team = { .name = "b" };
  assert_int_equal (count_teams (conn), 1);
  assert_fails (team_insert (conn, &team, error), CORM_ERROR_DENIED, "teams");
  assert_fails (corm_execute (conn, "DELETE FROM teams", NULL, NULL, error), CORM_ERROR_DENIED, NULL);
  corm_connection_free (conn);
  corm_db_free (db);
  assert_int_equal (count_teams (suite->conn), 1);
}

/* --- two at a time */

/* A row is locked by one; the other waits no longer than it was told, and says that it is worth another try. */
static void
a_locked_row_is_busy (Suite *suite)
{
  CormDbOptions impatient = { .busy_timeout_ms = 200, .pool_size = 1 };
  Team team = { .name = "a" };
  assert_ok (team_insert (suite->conn, &team, error));
  CormDb *db = suite_open (suite, &impatient);
  CormConnection *other = suite_connect (db);
  g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, WRITE);
  team.name = "b";
  assert_ok (team_update (suite->conn, &team, error));
  Team theirs = { .id = team.id, .name = "c" };
  gint64 start = g_get_monotonic_time ();
  assert_fails (team_update (other, &theirs, error), CORM_ERROR_BUSY, "teams");
  assert_true (g_get_monotonic_time () - start < 10 * G_USEC_PER_SEC);
  assert_ok (corm_transaction_commit (transaction, error));
  assert_ok (team_update (other, &theirs, error));
  corm_connection_free (other);
  corm_db_free (db);
}

typedef struct {
  CormConnection *conn;
  gint64 first, second;
  GMutex *mutex;
  GCond *cond;
  guint *n_ready;
  int code; /* -1: went through */
} Opponent;

/* Both have locked their first row before one asks for the second. */
static void
meet (Opponent *self)
{
  g_mutex_lock (self->mutex);
  ++*self->n_ready;
  g_cond_broadcast (self->cond);
  gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC;
  while (*self->n_ready < 2)
    if (!g_cond_wait_until (self->cond, self->mutex, until))
      break;
  g_mutex_unlock (self->mutex);
}

static gpointer
lock_both (gpointer data)
{
  Opponent *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("locked by %p", data);
  g_autoptr (CormTransaction) transaction =
      corm_transaction_begin (self->conn, CORM_TRANSACTION_WRITE, &error);
  Team first = { .id = self->first, .name = name }, second = { .id = self->second, .name = "second" };
  gboolean ok = transaction != NULL && team_update (self->conn, &first, &error);
  meet (self);
  ok = ok && corm_update (Team, self->conn, &second, &error, name) &&
       corm_transaction_commit (transaction, &error);
  self->code = ok ? -1 : error->code;
  return NULL;
}

/* A deadlock ends by one of the two being told BUSY; which, and whether there is one at all, is the database's. */
static void
a_deadlock_is_busy (Suite *suite)
{
  GMutex mutex;
  GCond cond;
  guint n_ready = 0;
  g_mutex_init (&mutex);
  g_cond_init (&cond);
  CormDbOptions options = { .busy_timeout_ms = 3000, .pool_size = 2 };
  CormDb *db = suite_open (suite, &options);
  gint64 a = add_team (suite->conn, "a"), b = add_team (suite->conn, "b");
  Opponent left = { suite_connect (db), a, b, &mutex, &cond, &n_ready, 0 };
  Opponent right = { suite_connect (db), b, a, &mutex, &cond, &n_ready, 0 };
  GThread *thread = g_thread_new ("right", lock_both, &right);
  lock_both (&left);
  g_thread_join (thread);
  corm_connection_free (left.conn);
  corm_connection_free (right.conn);
  corm_db_free (db);
  g_mutex_clear (&mutex);
  g_cond_clear (&cond);
  assert_true (left.code == -1 || right.code == -1);
  if (left.code != -1 || right.code != -1)
    assert_int_equal (MAX (left.code, right.code), CORM_ERROR_BUSY);
}

/* --- wrong calls */

static void
an_ended_transaction_says_so (Suite *suite)
{
  g_autoptr (CormTransaction) transaction = BEGIN (suite->conn, DEFAULT);
  assert_ok (corm_transaction_commit (transaction, error));
  assert_fails (corm_transaction_commit (transaction, error), CORM_ERROR_INVALID, NULL);
  assert_fails (corm_transaction_rollback (transaction, error), CORM_ERROR_INVALID, NULL);
}

/* The library's own would commit it, or end in a second BEGIN. */
static void
a_begin_by_hand (Suite *suite)
{
  CormLink *link = corm_connection_get_link (suite->conn);
  if (link->driver->in_transaction == NULL)
    suite_leave_out ("nobody tells of its transactions");
  suite_sql (suite->conn, "BEGIN");
  add_team (suite->conn, "by hand");
  assert_null (corm_transaction_begin (suite->conn, CORM_TRANSACTION_WRITE, NULL));
  assert_fails (corm_bulk_insert (Team, suite->conn, &(Team){ .name = "bulk" }, 1, error), CORM_ERROR_INVALID,
                "BEGIN in SQL", "corm_transaction_begin ()");
  suite_sql (suite->conn, "ROLLBACK");
  assert_int_equal (count_teams (suite->conn), 0);
  assert_ok (corm_bulk_insert (Team, suite->conn, &(Team){ .name = "bulk" }, 1, error));
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "commit keeps", commit_keeps, 0 },
    { "rollback undoes", rollback_undoes, 0 },
    { "leaving the scope undoes", leaving_the_scope_undoes, 0 },
    { "giving the connection back undoes", giving_the_connection_back_undoes, 0 },
    { "a BEGIN by hand", a_begin_by_hand, 0 },
    { "savepoints in savepoints", savepoints_in_savepoints, 0 },
    { "rollback of the outer undoes the inner", rollback_of_the_outer_undoes_the_inner, 0 },
    { "an error inside", an_error_inside, 0 },
    { "a savepoint mends an error", a_savepoint_mends_an_error, 0 },
    { "read only refuses writes", read_only_refuses_writes, 0 },
    { "a read-only database refuses writes", a_read_only_database_refuses_writes, 0 },
    { "a locked row is busy", a_locked_row_is_busy, 0 },
    { "a deadlock is busy", a_deadlock_is_busy, 0 },
    { "an ended transaction says so", an_ended_transaction_says_so, 0 },
  };
  return SUITE_RUN (people, cases);
}
