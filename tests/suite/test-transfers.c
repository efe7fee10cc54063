/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sixteen threads that move money between few accounts, at every level of isolation and in every way that the level
 * promises to keep right: the sum holds, each transfer happened exactly once, and nobody starved.
 *
 * CORM_TEST_TRANSFERS=N: transfers a thread instead of 50. */
#include "../lib/suite.h"

enum { N_THREADS = 16, N_ACCOUNTS = 12, START = 1000, A_FEW = 50 };

typedef struct {
  gint64 id;
  gint64 balance;
} Account;

typedef struct {
  gint64 id;
  gint64 from_id, to_id, amount;
} Transfer;

CORM_DECLARE_MODEL (Account, account)
CORM_DECLARE_MODEL (Transfer, transfer)

static const CormColumn account_columns[] = {
  CORM_COLUMN (Account, id, .primary_key = true),
  CORM_COLUMN (Account, balance),
};
const CormModel Account_model = CORM_MODEL (Account, "accounts", CORM_COLUMNS (account_columns));

static const CormColumn transfer_columns[] = {
  CORM_COLUMN (Transfer, id, .primary_key = true),
  CORM_COLUMN (Transfer, from_id),
  CORM_COLUMN (Transfer, to_id),
  CORM_COLUMN (Transfer, amount),
};
const CormModel Transfer_model = CORM_MODEL (Transfer, "transfers", CORM_COLUMNS (transfer_columns));

static const CormModel *const models[] = { &Account_model, &Transfer_model, NULL };

/* How a balance is changed: by the database, or as read by the program and written back. */
typedef enum { BY_DATABASE, READ_AND_WRITE, READ_LOCKED_AND_WRITE } Way;

typedef struct {
  CormDb *db;
  guint number, n_transfers, n_calls;
  Way way;
  CormTransactOptions options;
  GRand *rand;
  Transfer next;
  gint64 longest; /* µs that a transfer took, at worst */
  GError *error;
} Worker;

/* --- one transfer ----------------------------------------------------------------------------------------------- */

static gboolean
read_balance (CormConnection *conn, gint64 id, Way way, gint64 *balance, GError **error)
{
  const char *sql = way == READ_LOCKED_AND_WRITE ? "SELECT balance FROM accounts WHERE id = :id FOR UPDATE"
                                                 : "SELECT balance FROM accounts WHERE id = :id";
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, CORM_PARAMS (CORM_PARAM ("id", id)), error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  *balance = corm_cursor_get_value (cursor, 0)->i;
  return TRUE;
}

static gboolean
book (CormConnection *conn, gint64 id, gint64 amount, Way way, GError **error)
{
  const char *sql = way == BY_DATABASE ? "UPDATE accounts SET balance = balance + :n WHERE id = :id"
                                       : "UPDATE accounts SET balance = :n WHERE id = :id";
  gint64 balance = 0;
  if (way != BY_DATABASE && !read_balance (conn, id, way, &balance, error))
    return FALSE;
  return corm_execute (conn, sql, CORM_PARAMS (CORM_PARAM ("n", balance + amount), CORM_PARAM ("id", id)),
                       NULL, error);
}

static gboolean
transfer (CormConnection *conn, gpointer data, GError **error)
{
  Worker *worker = data;
  Transfer *next = &worker->next;
  worker->n_calls++;
  return book (conn, next->from_id, -next->amount, worker->way, error) &&
         book (conn, next->to_id, next->amount, worker->way, error) && transfer_insert (conn, next, error);
}

static gboolean
transfer_next (Worker *worker, guint i)
{
  gint64 from = g_rand_int_range (worker->rand, 1, N_ACCOUNTS + 1);
  gint64 to = g_rand_int_range (worker->rand, 1, N_ACCOUNTS);
  worker->next = (Transfer){ .id = 1 + worker->number + (gint64) i * N_THREADS,
                             .from_id = from,
                             .to_id = to < from ? to : to + 1,
                             .amount = g_rand_int_range (worker->rand, 1, 100) };
  gint64 start = g_get_monotonic_time ();
  gboolean ok = corm_transact (worker->db, transfer, worker, &worker->options, &worker->error);
  worker->longest = MAX (worker->longest, g_get_monotonic_time () - start);
  return ok;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  worker->rand = g_rand_new_with_seed (worker->number + 1);
  for (guint i = 0; i < worker->n_transfers; i++)
    if (!transfer_next (worker, i))
      break;
  g_rand_free (worker->rand);
  return NULL;
}

/* --- all of them ------------------------------------------------------------------------------------------------ */

static guint
number_wanted (void)
{
  const char *text = g_getenv ("CORM_TEST_TRANSFERS");
  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : A_FEW;
}

static void
check_books (Suite *suite, guint n_transfers)
{
  CormConnection *conn = suite->conn;
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM transfers"), N_THREADS * n_transfers);
  assert_int_equal (suite_number (conn, "SELECT count(DISTINCT id) FROM transfers"), N_THREADS * n_transfers);
  assert_int_equal (suite_number (conn, "SELECT CAST(sum(balance) AS decimal(20)) FROM accounts"),
                    N_ACCOUNTS * START);
  /* Each account alone: what came in and what went out. */
  assert_int_equal (
      suite_number (conn, "SELECT count(*) FROM accounts WHERE balance <> 1000 "
                          "+ (SELECT coalesce(sum(amount), 0) FROM transfers WHERE to_id = accounts.id) "
                          "- (SELECT coalesce(sum(amount), 0) FROM transfers WHERE from_id = accounts.id)"),
      0);
}

static void
open_accounts (CormConnection *conn)
{
  for (gint64 id = 1; id <= N_ACCOUNTS; id++) {
    Account account = { .id = id, .balance = START };
    assert_ok (account_insert (conn, &account, error));
  }
}

static void
report (const Worker *workers, guint n, gint64 elapsed)
{
  guint64 n_calls = 0;
  gint64 longest = 0;
  for (guint i = 0; i < N_THREADS; i++) {
    n_calls += workers[i].n_calls;
    longest = MAX (longest, workers[i].longest);
  }
  print_message ("# %u transfers in %.1f s, %.2f runs each, the slowest %.1f ms\n", n * N_THREADS,
                 (double) elapsed / G_USEC_PER_SEC, (double) n_calls / (n * N_THREADS),
                 (double) longest / 1000);
}

static void
transfer_all (Suite *suite, Way way, CormIsolation isolation)
{
  CormDbOptions options = { .pool_size = N_THREADS / 2, .busy_timeout_ms = 30 * 1000 };
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  guint n = number_wanted ();
  open_accounts (suite->conn);
  CormDb *db = suite_open (suite, &options);
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){
      .db = db, .number = i, .n_transfers = n, .way = way, .options = { .isolation = isolation }
    };
    threads[i] = g_thread_new ("worker", work, &workers[i]);
  }
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  report (workers, n, g_get_monotonic_time () - start);
  corm_db_free (db);
  for (guint i = 0; i < N_THREADS; i++)
    if (workers[i].error != NULL)
      fail_msg ("thread %u: %s", i, workers[i].error->message);
  check_books (suite, n);
}

/* --- what a level promises ---------------------------------------------------------------------------------------- */

/* Whether a value that was read is safe from others until it is written: two connections try. */
static gboolean
keeps_what_was_read (Suite *suite, CormIsolation isolation)
{
  CormDbOptions impatient = { .pool_size = 2, .busy_timeout_ms = 100 };
  CormDb *db = suite_open (suite, &impatient);
  CormConnection *conn = suite_connect (db), *other = suite_connect (db);
  gint64 balance;
  Account account = { .id = 0, .balance = 0 };
  assert_ok (account_insert (conn, &account, error));
  CormTransaction *transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin_at (conn, CORM_TRANSACTION_WRITE, isolation, error)) !=
             NULL);
  assert_ok (read_balance (conn, account.id, READ_AND_WRITE, &balance, error));
  gboolean theirs = book (other, account.id, 1, BY_DATABASE, NULL);
  gboolean ours =
      book (conn, account.id, 1, BY_DATABASE, NULL) && corm_transaction_commit (transaction, NULL);
  corm_transaction_free (transaction);
  assert_ok (account_delete (conn, &account, error));
  corm_connection_free (conn);
  corm_connection_free (other);
  corm_db_free (db);
  return !theirs || !ours;
}

static void
by_database_read_committed (Suite *suite)
{
  transfer_all (suite, BY_DATABASE, CORM_ISOLATION_READ_COMMITTED);
}

static void
by_database_repeatable_read (Suite *suite)
{
  transfer_all (suite, BY_DATABASE, CORM_ISOLATION_REPEATABLE_READ);
}

static void
by_database_serializable (Suite *suite)
{
  transfer_all (suite, BY_DATABASE, CORM_ISOLATION_SERIALIZABLE);
}

static void
locked_read_committed (Suite *suite)
{
  if (corm_connection_get_link (suite->conn)->driver->dialect->in_process)
    return; /* has no FOR UPDATE: all is locked */
  transfer_all (suite, READ_LOCKED_AND_WRITE, CORM_ISOLATION_READ_COMMITTED);
}

static void
read_and_written_repeatable_read (Suite *suite)
{
  if (keeps_what_was_read (suite, CORM_ISOLATION_REPEATABLE_READ))
    transfer_all (suite, READ_AND_WRITE, CORM_ISOLATION_REPEATABLE_READ);
  else
    print_message ("# this database does not promise it at REPEATABLE READ\n");
}

static void
read_and_written_serializable (Suite *suite)
{
  assert_true (keeps_what_was_read (suite, CORM_ISOLATION_SERIALIZABLE));
  transfer_all (suite, READ_AND_WRITE, CORM_ISOLATION_SERIALIZABLE);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "by the database, read committed", by_database_read_committed, 0 },
    { "by the database, repeatable read", by_database_repeatable_read, 0 },
    { "by the database, serializable", by_database_serializable, 0 },
    { "read locked and written, read committed", locked_read_committed, 0 },
    { "read and written, repeatable read", read_and_written_repeatable_read, 0 },
    { "read and written, serializable", read_and_written_serializable, 0 },
  };
  return SUITE_RUN (models, cases);
}
