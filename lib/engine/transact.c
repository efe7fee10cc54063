/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A transaction given as a function. Invariant: it is run again only when the one before is known to be rolled back, by
 * the database's own word or, behind a COMMIT without an answer, by its token. */
#include <corm/transact.h>

#include "base/error.h"
#include "engine/private.h"
#include "engine/retry.h"
#include "engine/token.h"
#include "engine/transaction.h"

#define MS G_GINT64_CONSTANT (1000)

typedef struct _Run Run;
struct _Run {
  CormDb *db;
  CormTransactFunc function;
  gpointer data;
  CormTransactOptions options;
  CormConnection *conn; /* of the attempt */
  gint64 start, deadline;
  gboolean writes_token;
  gboolean commits; /* the attempt came so far; before that an unknown outcome is another transaction's */
  gboolean was_cut; /* connections of the pool may be broken */
  gboolean is_over; /* no time for another attempt */
  char token[CORM_TOKEN_SIZE];
  Run *outer; /* in this thread */
};

typedef enum { DONE, FAILED, AGAIN, LOST } Outcome;

static GPrivate running; /* the innermost Run of this thread */

static Run *
find_running (CormDb *db)
{
  Run *run = g_private_get (&running);
  while (run != NULL && run->db != db)
    run = run->outer;
  return run;
}

/* --- one call of the function --------------------------------------------------------------------------------- */

/* Whether what the function says goes with how it left the connection. */
static gboolean
check_end (CormConnection *conn, CormTransaction *transaction, gboolean ok, GError **error)
{
  if (!ok && *error == NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_FAILED,
                 "the transaction's function returned FALSE without an error: rolled back");
  else if (ok && *error != NULL)
    g_prefix_error (error,
                    "the transaction's function returned TRUE with an error set, and was rolled back: ");
  else if (ok && conn->holder != NULL)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "the transaction's function left a cursor open, and was rolled back: free the cursor before the end");
  else if (ok && !corm_transaction_is_innermost (transaction))
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "the transaction's function left a transaction open that it began, and was rolled back: commit it or "
        "roll it back before the end");
  return *error == NULL;
}

static gboolean
call (Run *run, CormConnection *conn, CormTransaction *transaction, GError **error)
{
  GError *local = NULL;
  gboolean ok = run->function (conn, run->data, &local);
  if (conn->holder != NULL)
    conn->left_open = conn->holder;
  ok = check_end (conn, transaction, ok, &local);
  if (!ok)
    g_propagate_error (error, local);
  return ok;
}

/* In a savepoint of @outer. */
static gboolean
call_inside (Run *run, Run *outer, GError **error)
{
  CormConnection *conn = outer->conn;
  CormTransactionKind kind = { .isolation = run->options.isolation };
  g_autoptr (CormTransaction) savepoint = corm_transaction_begin_kind (conn, &kind, error);
  return savepoint != NULL && call (run, conn, savepoint, error) &&
         corm_transaction_commit (savepoint, error);
}

/* --- one attempt ---------------------------------------------------------------------------------------------- */

static gboolean
set_deadline (Run *run, CormConnection *conn, GError **error)
{
  const CormDriver *driver = conn->link.driver;
  if (run->deadline == 0)
    return TRUE;
  gint64 left = run->deadline - g_get_monotonic_time ();
  conn->link.deadline = run->deadline;
  if (!corm_connection_check_deadline (conn, error))
    return FALSE;
  return driver->set_deadline == NULL ||
         driver->set_deadline (&conn->link, (guint) MAX (left / MS, 1), error);
}

static void
end_deadline (CormConnection *conn)
{
  if (conn->link.deadline == 0)
    return;
  conn->link.deadline = 0;
  if (conn->link.driver->set_deadline != NULL)
    conn->link.driver->set_deadline (&conn->link, 0, NULL);
}

static gboolean
work (Run *run, CormConnection *conn, CormTransaction *transaction, GError **error)
{
  run->outer = g_private_get (&running);
  conn->is_lent = TRUE;
  g_private_set (&running, run);
  gboolean ok = call (run, conn, transaction, error);
  g_private_set (&running, run->outer);
  conn->is_lent = FALSE;
  return ok && corm_connection_check_deadline (conn, error) &&
         (!run->writes_token || corm_token_write (conn, run->token, error));
}

static gboolean
run_transaction (Run *run, CormConnection *conn, GError **error)
{
  gboolean reads = run->options.read_only || conn->options.read_only;
  CormTransactionKind kind = { .mode = reads ? CORM_TRANSACTION_READ_ONLY : CORM_TRANSACTION_WRITE,
                               .isolation = run->options.isolation,
                               .deferrable = run->options.deferrable };
  if (!set_deadline (run, conn, error))
    return FALSE;
  g_autoptr (CormTransaction) transaction = corm_transaction_begin_kind (conn, &kind, error);
  if (transaction == NULL || !set_deadline (run, conn, error) || !work (run, conn, transaction, error))
    return FALSE;
  run->commits = TRUE;
  return corm_transaction_commit (transaction, error);
}

/* Once for a CormDb. */
static gboolean
prepare_token (Run *run, CormConnection *conn, GError **error)
{
  CormDbTransact *shared = corm_db_get_transact (run->db);
  if (!run->writes_token || g_atomic_int_get (&shared->has_tokens))
    return TRUE;
  if (!corm_token_make_table (conn, error))
    return FALSE;
  g_atomic_int_set (&shared->has_tokens, TRUE);
  return TRUE;
}

/* A cursor that the function forgot still has a statement of the connection, which goes back to the pool with it. */
static void
give_back (CormConnection *conn)
{
  conn->given_back = conn->left_open != NULL;
  conn->holder = g_steal_pointer (&conn->left_open);
  if (!conn->given_back)
    corm_connection_free (conn);
}

static Outcome
judge (const Run *run, CormConnection *conn, const GError *error)
{
  if (run->commits && g_error_matches (error, CORM_ERROR, CORM_ERROR_UNKNOWN_OUTCOME))
    return LOST;
  gboolean over = run->deadline != 0 && g_get_monotonic_time () >= run->deadline;
  return conn->link.again && !over && g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY) ? AGAIN : FAILED;
}

static Outcome
attempt_on (Run *run, CormConnection *conn, GError **error)
{
  GError *local = NULL;
  run->conn = conn;
  run->commits = FALSE;
  conn->link.again = false;
  gboolean ok = prepare_token (run, conn, &local) && run_transaction (run, conn, &local);
  end_deadline (conn);
  Outcome outcome = ok ? DONE : judge (run, conn, local);
  if (ok && run->writes_token)
    corm_token_forget (conn, run->token);
  run->conn = NULL;
  give_back (conn);
  if (!ok)
    g_propagate_error (error, local);
  return outcome;
}

/* What only reads is a replica's work; but none of them takes a serializable transaction. */
static gboolean
reads_from_replica (const Run *run)
{
  return run->options.read_only && run->options.isolation != CORM_ISOLATION_SERIALIZABLE &&
         corm_db_has_replicas (run->db);
}

/* After the server went away the pool may hold more such connections. */
static CormConnection *
connect (Run *run, GError **error)
{
  for (;;) {
    CormConnection *conn = reads_from_replica (run) ? corm_db_connect_read (run->db, NULL, error)
                                                    : corm_db_connect (run->db, error);
    if (conn == NULL || !run->was_cut || corm_connection_ping (conn, NULL))
      return conn;
    corm_connection_free (conn);
  }
}

static Outcome
attempt (Run *run, GError **error)
{
  CormDbTransact *shared = corm_db_get_transact (run->db);
  const CormDbOptions *options = corm_db_get_options (run->db);
  gboolean writes = !run->options.read_only && !options->read_only;
  gboolean needs_turn = writes && corm_db_get_driver (run->db)->dialect->in_process;
  gint64 until = g_get_monotonic_time () + options->pool_wait_ms * MS;
  if (needs_turn &&
      !corm_turn_take (&shared->writer, run->deadline != 0 ? MIN (until, run->deadline) : until)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_BUSY, "%s: other transactions that write did not end in time",
                 corm_db_get_uri (run->db));
    return FAILED;
  }
  CormConnection *conn = connect (run, error);
  Outcome outcome = conn != NULL ? attempt_on (run, conn, error) : FAILED;
  if (needs_turn)
    corm_turn_give (&shared->writer);
  return outcome;
}

/* --- a lost answer -------------------------------------------------------------------------------------------- */

static gboolean
may_ask_again (const Run *run, gint64 since)
{
  gint64 now = g_get_monotonic_time ();
  return now - since < run->options.retry_ms * MS && (run->deadline == 0 || now < run->deadline);
}

static CormTokenState
ask_once (Run *run, GError **error)
{
  g_autoptr (CormConnection) conn = connect (run, error);
  return conn != NULL ? corm_token_look_up (conn, run->token, error) : CORM_TOKEN_UNDECIDED;
}

/* What became of the COMMIT is known; @error still says that it is not. */
static Outcome
settle (CormTokenState state, GError **error)
{
  if (state == CORM_TOKEN_COMMITTED) {
    g_clear_error (error);
    return DONE;
  }
  (*error)->code = CORM_ERROR_CONNECTION;
  g_prefix_error (error, "nothing was committed, as its token says: ");
  return AGAIN;
}

/* The server may need time to come back. @error holds what was said about the COMMIT. */
static Outcome
resolve (Run *run, GError **error)
{
  enum { FIRST_PAUSE = 20, LONGEST_PAUSE = 500 };
  gint64 since = g_get_monotonic_time (), pause = FIRST_PAUSE * MS;
  run->was_cut = TRUE;
  for (;;) {
    g_autoptr (GError) local = NULL;
    CormTokenState state = ask_once (run, &local);
    if (state != CORM_TOKEN_UNDECIDED)
      return settle (state, error);
    if (!may_ask_again (run, since)) {
      g_prefix_error (error, "what became of it could not be found out (%s): ", local->message);
      return LOST;
    }
    g_usleep ((gulong) pause);
    pause = MIN (pause * 2, LONGEST_PAUSE * MS);
  }
}

/* --- all of it ------------------------------------------------------------------------------------------------ */

/* Sleeps before the next attempt. FALSE, with what @error says made longer, when there is to be none. */
static gboolean
pause_before_next (Run *run, guint done, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  gint64 pause = corm_retry_get_pause (&run->options, done, now - run->start, g_random_int ());
  run->is_over = run->deadline != 0 && pause >= 0 && now + pause >= run->deadline;
  if (pause >= 0 && !run->is_over) {
    g_usleep ((gulong) pause);
    return TRUE;
  }
  if (!run->is_over && run->options.attempts > 1)
    g_prefix_error (error, "gave up after %u attempts in %" G_GINT64_FORMAT " ms: ", done,
                    (now - run->start) / MS);
  return FALSE;
}

/* Whatever stopped it then: the caller set a time, and that is over. */
static void
blame_deadline (const Run *run, GError **error)
{
  gint64 left = run->deadline - g_get_monotonic_time () - 2 * MS; /* servers count whole milliseconds */
  if (run->deadline == 0 || (left > 0 && !run->is_over))
    return;
  if (!g_error_matches (*error, CORM_ERROR, CORM_ERROR_BUSY) &&
      !g_error_matches (*error, CORM_ERROR, CORM_ERROR_CANCELLED))
    return;
  (*error)->code = CORM_ERROR_CANCELLED;
  g_prefix_error (error, "nothing was committed within the %u ms given: ", run->options.deadline_ms);
}

static gboolean
run_outermost (Run *run, GError **error)
{
  GError *local = NULL;
  for (guint done = 1;; done++) {
    Outcome outcome = attempt (run, &local);
    if (outcome == LOST && run->writes_token)
      outcome = resolve (run, &local);
    if (outcome == DONE)
      return TRUE;
    if (outcome != AGAIN || !pause_before_next (run, done, &local))
      break;
    g_clear_error (&local);
  }
  blame_deadline (run, &local);
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
check_options (const CormTransactOptions *options, GError **error)
{
  if (options->isolation > CORM_ISOLATION_SERIALIZABLE) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "corm_transact(): there is no isolation level %d",
                 (int) options->isolation);
    return FALSE;
  }
  if (options->deferrable && (!options->read_only || options->isolation != CORM_ISOLATION_SERIALIZABLE)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "corm_transact(): deferrable is for transactions that are serializable and read_only");
    return FALSE;
  }
  return TRUE;
}

gboolean
corm_transact (CormDb *db, CormTransactFunc function, gpointer data, const CormTransactOptions *options,
               GError **error)
{
  g_return_val_if_fail (db != NULL && function != NULL, FALSE);
  Run run = { .db = db, .function = function, .data = data, .start = g_get_monotonic_time () };
  run.options = corm_transact_options_complete (options);
  Run *outer = find_running (db);
  if (!check_options (&run.options, error))
    return FALSE;
  if (outer != NULL)
    return call_inside (&run, outer, error);
  if (run.options.deadline_ms > 0)
    run.deadline = run.start + run.options.deadline_ms * MS;
  run.writes_token = run.options.token && !run.options.read_only && !corm_db_get_options (db)->read_only &&
                     !corm_db_get_driver (db)->dialect->in_process;
  return run_outermost (&run, error);
}
