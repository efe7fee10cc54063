/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Transactions and, inside them, savepoints: a stack per connection. A guard is OPEN until one of the allowed moves
 * ends it. A database may end the transaction by itself (conn->lost): then nothing can be committed any more. */
#include "engine/fork.h"
#include "engine/connection.h"
#include "engine/private.h"

typedef enum { OPEN, COMMITTED, ROLLED_BACK } State;

struct _CormTransaction {
  CormConnection *conn; /* NULL once it has ended */
  CormTransaction *outer;
  CormTransactionMode mode;
  State state;
  guint depth; /* 0: the transaction; else the savepoint corm_DEPTH */
};

/* FROM -> TO: everything else is refused. */
static const gboolean allowed[3][3] = {
  [OPEN] = { [COMMITTED] = TRUE, [ROLLED_BACK] = TRUE },
};
static const char *const state_names[] = { "open", "committed", "rolled back" };

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

static gboolean
begin_outermost (CormConnection *conn, CormTransactionMode mode, GError **error)
{
  const char *sql = conn->link.driver->dialect->begin[mode];
  if (send_all (conn, sql != NULL ? sql : "BEGIN", error))
    return TRUE;
  end_read_only (conn, mode);
  return FALSE;
}

gboolean
corm_connection_stop_writing (CormConnection *conn, GError **error)
{
  gboolean ok = begin_outermost (conn, CORM_TRANSACTION_READ_ONLY, error);
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

CormTransaction *
corm_transaction_begin (CormConnection *conn, CormTransactionMode mode, GError **error)
{
  g_return_val_if_fail (conn != NULL, NULL);
  if (!corm_connection_check_free (conn, error))
    return NULL;
  CormTransaction *outer = conn->transaction;
  guint depth = outer != NULL ? outer->depth + 1 : 0;
  if (depth == 0 ? !begin_outermost (conn, mode, error) : !send_savepoint (conn, "SAVEPOINT", depth, error)) {
    corm_connection_notice_error (conn);
    return NULL;
  }
  CormTransaction *transaction = g_new0 (CormTransaction, 1);
  *transaction = (CormTransaction){ .conn = conn, .outer = outer, .mode = mode, .depth = depth };
  conn->transaction = transaction;
  return transaction;
}

/* Takes @transaction and all inside it off the stack. */
static void
end (CormTransaction *transaction, State state)
{
  CormConnection *conn = transaction->conn;
  CormTransaction *top;
  do {
    top = conn->transaction;
    conn->transaction = top->outer;
    top->state = top == transaction ? state : ROLLED_BACK;
    top->conn = NULL;
  } while (top != transaction);
  if (conn->transaction == NULL) {
    conn->lost = FALSE;
    if (conn->generation == corm_fork_generation)
      end_read_only (conn, transaction->mode);
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

gboolean
corm_transaction_commit (CormTransaction *transaction, GError **error)
{
  g_return_val_if_fail (transaction != NULL, FALSE);
  if (!check_move (transaction, COMMITTED, error))
    return FALSE;
  CormConnection *conn = transaction->conn;
  if (conn->transaction != transaction) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "a transaction begun inside this one is still open: commit or roll it back first");
    return FALSE;
  }
  if (!is_known_lost (conn) && !corm_connection_check_free (conn, error))
    return FALSE;
  if (conn->lost) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_BUSY,
                 "nothing was committed: the database rolled the transaction back after an earlier error");
    return FALSE;
  }
  gboolean ok = transaction->depth == 0
                    ? corm_connection_send (conn, "COMMIT", error)
                    : send_savepoint (conn, "RELEASE SAVEPOINT", transaction->depth, error);
  if (ok)
    end (transaction, COMMITTED);
  else if (is_known_lost (conn) && transaction->depth == 0)
    end (transaction, ROLLED_BACK);
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

gboolean
corm_transaction_rollback (CormTransaction *transaction, GError **error)
{
  g_return_val_if_fail (transaction != NULL, FALSE);
  if (!check_move (transaction, ROLLED_BACK, error))
    return FALSE;
  CormConnection *conn = transaction->conn;
  gboolean lost = is_known_lost (conn);
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
      g_message ("%s: a transaction could not be rolled back: %s", corm_uri_get_public_text (conn->link.uri),
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
