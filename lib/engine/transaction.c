/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Transactions and, inside them, savepoints: a stack per connection. A guard is OPEN until one of the allowed moves
 * ends it. A database may end the transaction by itself (conn->lost): then nothing can be committed any more. */
#include "engine/transaction.h"

#include "base/error.h"
#include "engine/fork.h"
#include "engine/connection.h"
#include "engine/detector.h"
#include "engine/private.h"
#include "engine/watch.h"

typedef enum { OPEN, COMMITTED, ROLLED_BACK, UNKNOWN } State;

struct _CormTransaction {
  CormConnection *conn; /* NULL once it has ended */
  CormTransaction *outer;
  CormTransactionKind kind;
  State state;
  guint depth;    /* 0: the transaction; else the savepoint corm_DEPTH */
  guint64 moment; /* at which it began */
};

/* FROM -> TO: everything else is refused. */
static const gboolean allowed[4][4] = {
  [OPEN] = { [COMMITTED] = TRUE, [ROLLED_BACK] = TRUE, [UNKNOWN] = TRUE },
};
static const char *const state_names[] = { "open", "committed", "rolled back",
                                           "ended, with an unknown outcome," };

/* Sends one or more statements, parted by ';'. */
static gboolean
send_all (CormConnection *conn, const char *sql, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (sql, ";", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (!corm_connection_send (conn, g_strstrip (parts[i]), error))
      return FALSE;
  return TRUE;
}

static gboolean
send_savepoint (CormConnection *conn, const char *verb, guint depth, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("%s corm_%u", verb, depth);
  return corm_connection_send (conn, sql, error);
}

/* What a READ_ONLY transaction set, taken back; a read-only CormDb keeps it. */
static void
end_read_only (CormConnection *conn, CormTransactionMode mode)
{
  const char *sql = conn->link.driver->dialect->end_read_only;
  if (mode == CORM_TRANSACTION_READ_ONLY && sql != NULL && !conn->options.read_only)
    corm_connection_send (conn, sql, NULL);
}

/* The statements that begin a transaction; NULL where there is no such level. */
static char *
render_begin (const CormDialect *dialect, const CormTransactionKind *kind)
{
  static const char *const levels[] = { "", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE" };
  const char *begin = dialect->begin[kind->mode] != NULL ? dialect->begin[kind->mode] : "BEGIN";
  if (kind->isolation == CORM_ISOLATION_DEFAULT)
    return g_strdup (begin);
  if (dialect->isolate == NULL)
    return NULL;
  GString *sql = g_string_new (dialect->isolate);
  g_string_replace (sql, "{b}", begin, 0);
  g_string_replace (sql, "{l}", levels[kind->isolation], 0);
  if (kind->deferrable && dialect->deferrable != NULL)
    g_string_append (sql, dialect->deferrable);
  return g_string_free (sql, FALSE);
}

/* One that SQL began would be committed by ours, or with it. */
static gboolean
check_begun (CormConnection *conn, GError **error)
{
  const CormDriver *driver = conn->link.driver;
  if (driver->in_transaction == NULL || !driver->in_transaction (&conn->link))
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "a BEGIN in SQL has begun a transaction on this connection, of which Corm knows nothing: begin it with "
      "corm_transaction_begin (), or end it first");
  return FALSE;
}

static gboolean
begin_outermost (CormConnection *conn, const CormTransactionKind *kind, GError **error)
{
  g_autofree char *sql = render_begin (conn->link.driver->dialect, kind);
  if (sql == NULL) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "%s: Corm does not know how this database is asked for a level of isolation; leave it at the "
        "default",
        corm_uri_get_public_text (conn->link.uri));
    return FALSE;
  }
  if (!check_begun (conn, error))
    return FALSE;
  if (send_all (conn, sql, error))
    return TRUE;
  end_read_only (conn, kind->mode);
  return FALSE;
}

gboolean
corm_connection_stop_writing (CormConnection *conn, GError **error)
{
  gboolean ok = begin_outermost (conn, &(CormTransactionKind){ .mode = CORM_TRANSACTION_READ_ONLY }, error);
  if (ok && !corm_connection_send (conn, "ROLLBACK", error)) {
    end_read_only (conn, CORM_TRANSACTION_READ_ONLY);
    ok = FALSE;
  }
  conn->options.read_only = ok;
  return ok;
}

void
corm_connection_resume_writing (CormConnection *conn)
{
  conn->options.read_only = FALSE;
  end_read_only (conn, CORM_TRANSACTION_READ_ONLY);
}

static gboolean
begin_inside (CormConnection *conn, const CormTransactionKind *kind, guint depth, GError **error)
{
  if (kind->isolation > conn->transaction->kind.isolation) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "a transaction inside another one cannot be isolated more strictly than that: ask for the level "
        "where the outermost one begins");
    return FALSE;
  }
  return send_savepoint (conn, "SAVEPOINT", depth, error);
}

CormTransaction *
corm_transaction_begin_kind (CormConnection *conn, const CormTransactionKind *kind, GError **error)
{
  if (!corm_connection_check_free (conn, error))
    return NULL;
  CormTransaction *outer = conn->transaction;
  guint depth = outer != NULL ? outer->depth + 1 : 0;
  if (depth == 0 ? !begin_outermost (conn, kind, error) : !begin_inside (conn, kind, depth, error)) {
    corm_connection_notice_error (conn);
    return NULL;
  }
  CormTransaction *transaction = g_new0 (CormTransaction, 1);
  *transaction = (CormTransaction){
    .conn = conn, .outer = outer, .kind = *kind, .depth = depth, .moment = ++conn->n_begun
  };
  if (outer != NULL)
    transaction->kind.isolation = outer->kind.isolation;
  conn->transaction = transaction;
  if (depth == 0)
    corm_detector_reset (conn);
  return transaction;
}

CormTransaction *
corm_transaction_begin (CormConnection *conn, CormTransactionMode mode, GError **error)
{
  return corm_transaction_begin_at (conn, mode, CORM_ISOLATION_DEFAULT, error);
}

CormTransaction *
corm_transaction_begin_at (CormConnection *conn, CormTransactionMode mode, CormIsolation isolation,
                           GError **error)
{
  g_return_val_if_fail (conn != NULL && mode <= CORM_TRANSACTION_READ_ONLY, NULL);
  g_return_val_if_fail (isolation <= CORM_ISOLATION_SERIALIZABLE, NULL);
  return corm_transaction_begin_kind (conn, &(CormTransactionKind){ .mode = mode, .isolation = isolation },
                                      error);
}

gboolean
corm_transaction_see_all (CormConnection *conn, GError **error)
{
  const char *all_rows = conn->link.driver->dialect->all_rows;
  return all_rows == NULL || corm_connection_send (conn, all_rows, error);
}

CormTransaction *
corm_transaction_begin_whole (CormConnection *conn, GError **error)
{
  CormTransaction *read =
      corm_transaction_begin_at (conn, CORM_TRANSACTION_READ_ONLY, CORM_ISOLATION_REPEATABLE_READ, error);
  if (read != NULL && !corm_transaction_see_all (conn, error))
    g_clear_pointer (&read, corm_transaction_free);
  return read;
}

gboolean
corm_transaction_is_innermost (const CormTransaction *transaction)
{
  return transaction->conn != NULL && transaction->conn->transaction == transaction;
}

gboolean
corm_transaction_was_rolled_back (const CormTransaction *transaction)
{
  return transaction->state == ROLLED_BACK;
}

gboolean
corm_transaction_is_unknown (const CormTransaction *transaction)
{
  return transaction->state == UNKNOWN;
}

/* --- ending -------------------------------------------------------------------------------------------------- */

/* Takes @transaction and all inside it off the stack. */
static void
end (CormTransaction *transaction, State state)
{
  CormConnection *conn = transaction->conn;
  CormTransaction *top;
  do {
    top = conn->transaction;
    conn->transaction = top->outer;
    top->state = top == transaction || state == UNKNOWN ? state : ROLLED_BACK;
    top->conn = NULL;
  } while (top != transaction);
  if (state != COMMITTED)
    corm_watch_undo (conn, transaction->moment);
  if (conn->transaction == NULL) {
    conn->lost = conn->ended = FALSE;
    corm_detector_reset (conn);
    if (conn->generation == corm_fork_generation)
      end_read_only (conn, transaction->kind.mode);
  }
}

static gboolean
check_move (const CormTransaction *transaction, State to, GError **error)
{
  if (allowed[transaction->state][to])
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "the transaction is %s already",
               state_names[transaction->state]);
  return FALSE;
}

static gboolean
is_known_lost (CormConnection *conn)
{
  corm_connection_notice_error (conn);
  return conn->lost;
}

static gboolean
refuse_ended (GError **error)
{
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "the transaction was ended by a statement inside of it, a COMMIT or ROLLBACK by hand or one that "
      "commits by itself, as CREATE TABLE does on some databases: what was written before that statement may "
      "be committed, what came behind it was in no transaction; leave the end to the guard");
  return FALSE;
}

static gboolean
may_commit (CormTransaction *transaction, GError **error)
{
  CormConnection *conn = transaction->conn;
  gboolean was_lost = conn->lost;
  if (conn->transaction != transaction) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "a transaction begun inside this one is still open: commit or roll it back first");
    return FALSE;
  }
  gboolean loses =
      transaction->kind.mode != CORM_TRANSACTION_READ_ONLY || !conn->link.driver->dialect->in_process;
  if (loses && corm_connection_is_broken (conn)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION,
                 "%s: nothing was committed: %s before COMMIT was sent",
                 corm_uri_get_public_text (conn->link.uri), corm_connection_describe_break (conn));
    return FALSE;
  }
  if (!is_known_lost (conn))
    return corm_connection_check_free (conn, error);
  if (!was_lost || conn->ended)
    return refuse_ended (error);
  g_set_error (error, CORM_ERROR, CORM_ERROR_BUSY,
               "nothing was committed: the database rolled the transaction back after an earlier error");
  return FALSE;
}

/* An answer that does not come leaves it open whether the server ran the COMMIT. One that was never sent does not. */
static gboolean
send_commit (CormConnection *conn, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (corm_connection_send (conn, "COMMIT", &local))
    return TRUE;
  if (conn->link.driver->dialect->in_process || !g_error_matches (local, CORM_ERROR, CORM_ERROR_CONNECTION)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_UNKNOWN_OUTCOME,
      "%s: COMMIT was sent, and the connection broke before its answer came (%s): all of the transaction is "
      "committed, or nothing of it; look for its rows before it is run again, or let corm_transact() find "
      "out (option token)",
      corm_uri_get_public_text (conn->link.uri), local->message);
  return FALSE;
}

gboolean
corm_transaction_commit (CormTransaction *transaction, GError **error)
{
  g_return_val_if_fail (transaction != NULL, FALSE);
  if (!check_move (transaction, COMMITTED, error) || !may_commit (transaction, error))
    return FALSE;
  CormConnection *conn = transaction->conn;
  g_autoptr (GError) local = NULL;
  gboolean ok = transaction->depth == 0
                    ? send_commit (conn, &local)
                    : send_savepoint (conn, "RELEASE SAVEPOINT", transaction->depth, &local);
  if (ok)
    end (transaction, COMMITTED);
  else if (g_error_matches (local, CORM_ERROR, CORM_ERROR_UNKNOWN_OUTCOME))
    end (transaction, UNKNOWN);
  else if (is_known_lost (conn) && transaction->depth == 0)
    end (transaction, ROLLED_BACK);
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&local));
  return ok;
}

static gboolean
send_rollback (CormTransaction *transaction, GError **error)
{
  CormConnection *conn = transaction->conn;
  if (transaction->depth == 0)
    return corm_connection_send (conn, "ROLLBACK", error);
  return send_savepoint (conn, "ROLLBACK TO SAVEPOINT", transaction->depth, error) &&
         send_savepoint (conn, "RELEASE SAVEPOINT", transaction->depth, error);
}

/* No error has said so, and the connection stands: what was written may be committed, and can't be undone. */
static gboolean
was_ended_inside (const CormTransaction *transaction)
{
  CormConnection *conn = transaction->conn;
  if (!conn->lost && is_known_lost (conn) && !corm_connection_is_broken (conn))
    conn->ended = TRUE;
  return conn->ended && transaction->kind.mode != CORM_TRANSACTION_READ_ONLY;
}

gboolean
corm_transaction_rollback (CormTransaction *transaction, GError **error)
{
  g_return_val_if_fail (transaction != NULL, FALSE);
  if (!check_move (transaction, ROLLED_BACK, error))
    return FALSE;
  CormConnection *conn = transaction->conn;
  if (was_ended_inside (transaction)) {
    end (transaction, UNKNOWN);
    return refuse_ended (error);
  }
  gboolean lost = conn->lost;
  if (lost && transaction->depth > 0) { /* the outermost still has to learn of it */
    end (transaction, ROLLED_BACK);
    return TRUE;
  }
  if (!lost && !corm_connection_check_free (conn, error))
    return FALSE;
  gboolean ok = lost || send_rollback (transaction, error);
  if (ok || is_known_lost (conn))
    end (transaction, ROLLED_BACK);
  return ok;
}

void
corm_transaction_free (CormTransaction *transaction)
{
  if (transaction == NULL)
    return;
  CormConnection *conn = transaction->conn;
  if (conn != NULL && conn->generation != corm_fork_generation) {
    end (transaction, ROLLED_BACK);
  } else if (conn != NULL) {
    corm_statement_cut (conn);
    g_autoptr (GError) error = NULL;
    if (!corm_transaction_rollback (transaction, &error)) {
      corm_note ("%s: a transaction could not be rolled back: %s", corm_uri_get_public_text (conn->link.uri),
                 error->message);
      if (transaction->conn != NULL)
        end (transaction, ROLLED_BACK);
    }
  }
  g_free (transaction);
}

gboolean
corm_transaction_end_all (CormConnection *conn, GError **error)
{
  if (conn->transaction == NULL)
    return TRUE;
  CormTransaction *outermost = conn->transaction;
  while (outermost->outer != NULL)
    outermost = outermost->outer;
  gboolean ok = is_known_lost (conn) || corm_connection_send (conn, "ROLLBACK", error);
  end (outermost, ROLLED_BACK);
  return ok;
}
