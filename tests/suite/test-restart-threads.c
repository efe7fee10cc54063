/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Sixty-four threads move money on one pool while their server is killed, or stopped, and started again: each transfer that was told
 * to be done is there once, each that was told to have failed is not, no sum that was read was wrong, and the same CormDb goes on
 * as soon as the server does. The program has servers of its own for that. */
#include "config.h"

#include "../lib/suite.h"

#include "../lib/own-servers.h"

#ifdef HAVE_PGSQL
#include <libpq-fe.h>
#endif
#ifdef HAVE_MYSQL
#include <mysql.h>
#endif

enum { N_THREADS = 64, N_CONNECTIONS = 12, N_ACCOUNTS = 50, START = 1000, BEFORE_MS = 700, PATIENCE_S = 120 };
/* Until the last thread goes on; tried again where a machine that is busy elsewhere took longer. */
enum { BOUND_MS = 1000, ATTEMPTS = 3 };

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

typedef struct {
  CormDb *db;
  guint number;
  guint n_done, n_failed; /* transfers; attempts that ended with an error */
  guint n_sums;
  Transfer next;
  GError *wrong; /* an answer that may not be */
  gint first;    /* when this thread had done something that it began behind @opened; atomic */
} Worker;

/* Times are ms since the start; 0: not yet; atomic. */
static gint opened; /* when the server could be had again */
static gint stop;
static gint64 start;

static gint
now_ms (void)
{
  return (gint) ((g_get_monotonic_time () - start) / 1000);
}

/* --- one thread --- */

static gboolean
add (CormConnection *conn, gint64 id, gint64 amount, GError **error)
{
  return corm_execute (conn, "UPDATE accounts SET balance = balance + :n WHERE id = :id",
                       CORM_PARAMS (CORM_PARAM ("n", amount), CORM_PARAM ("id", id)), NULL, error);
}

/* The smaller key first, so that nobody waits in a circle. */
static gboolean
move_money (CormConnection *conn, gpointer data, GError **error)
{
  const Worker *worker = data;
  Transfer next = worker->next;
  gboolean up = next.from_id < next.to_id;
  return add (conn, up ? next.from_id : next.to_id, up ? -next.amount : next.amount, error) &&
         add (conn, up ? next.to_id : next.from_id, up ? next.amount : -next.amount, error) &&
         transfer_insert (conn, &next, error);
}

static gboolean
read_number (CormDb *db, const char *sql, const CormParam *params, gint64 *number, GError **error)
{
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  g_autoptr (CormCursor) cursor = conn != NULL ? corm_query (conn, sql, params, error) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return FALSE;
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  *number = g_ascii_strtoll (text->str, NULL, 10);
  return TRUE;
}

/* As long as the server is away. */
static gboolean
may_try_again (Worker *worker, GError *error)
{
  gboolean may = g_error_matches (error, CORM_ERROR, CORM_ERROR_CONNECTION) ||
                 g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY);
  worker->n_failed++;
  if (may) {
    g_error_free (error);
    g_usleep (5000);
  } else {
    worker->wrong = error;
  }
  return may;
}

/* What a program does that was told nothing of the outcome: it looks. */
static gboolean
look (Worker *worker, gboolean *is_there)
{
  for (;;) {
    GError *error = NULL;
    gint64 n = 0;
    if (read_number (worker->db, "SELECT count(*) FROM transfers WHERE id = :id",
                     CORM_PARAMS (CORM_PARAM ("id", worker->next.id)), &n, &error)) {
      *is_there = n == 1;
      return TRUE;
    }
    if (!may_try_again (worker, error))
      return FALSE;
  }
}

/* Until it is done, once. */
static gboolean
transfer_next (Worker *worker)
{
  const CormTransactOptions options = { .token = worker->number % 2 == 0 };
  for (gboolean is_there = FALSE; !is_there;) {
    GError *error = NULL;
    if (corm_transact (worker->db, move_money, worker, &options, &error))
      return TRUE;
    if (g_error_matches (error, CORM_ERROR, CORM_ERROR_UNKNOWN_OUTCOME)) {
      g_error_free (error);
      worker->n_failed++;
      if (!look (worker, &is_there))
        return FALSE;
    } else if (!may_try_again (worker, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_sum (Worker *worker)
{
  for (;;) {
    GError *error = NULL;
    gint64 sum = 0;
    if (read_number (worker->db, "SELECT sum(balance) FROM accounts", NULL, &sum, &error)) {
      worker->n_sums++;
      if (sum == N_ACCOUNTS * START)
        return TRUE;
      g_set_error (&worker->wrong, CORM_ERROR, CORM_ERROR_DIFFERENT, "the sum was %d", (int) sum);
      return FALSE;
    }
    if (!may_try_again (worker, error))
      return FALSE;
  }
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (worker->number + 1);
  while (!g_atomic_int_get (&stop) && worker->wrong == NULL) {
    gint64 from = g_rand_int_range (rand, 1, N_ACCOUNTS + 1), to = g_rand_int_range (rand, 1, N_ACCOUNTS);
    worker->next = (Transfer){ .id = 1 + worker->number + (gint64) worker->n_done * N_THREADS,
                               .from_id = from,
                               .to_id = to < from ? to : to + 1,
                               .amount = g_rand_int_range (rand, 1, 100) };
    gboolean is_after = g_atomic_int_get (&opened) != 0;
    if (!transfer_next (worker))
      break;
    worker->n_done++;
    if (is_after && worker->first == 0)
      g_atomic_int_set (&worker->first, now_ms ());
    if (worker->n_done % 8 == 0 && !check_sum (worker))
      break;
  }
  return NULL;
}

/* --- all of them --- */

static Worker workers[N_THREADS];

static CormDb *
open_accounts (const char *uri)
{
  static const CormModel *const models[] = { &Account_model, &Transfer_model, NULL };
  const CormDbOptions options = { .pool_size = N_CONNECTIONS };
  g_autoptr (CormRegistry) registry = NULL;
  CormDb *db = NULL;
  assert_ok ((registry = corm_registry_new_array (models, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &options, error)) != NULL);
  assert_ok (corm_db_migrate (db, NULL, error));
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "DELETE FROM transfers");
  suite_sql (conn, "DELETE FROM accounts");
  for (gint64 id = 1; id <= N_ACCOUNTS; id++) {
    Account account = { .id = id, .balance = START };
    assert_ok (account_insert (conn, &account, error));
  }
  return db;
}

/* Whether the server is there, as its own client library sees it: the driver under test must not set its own clock. */
static gboolean
is_there (const char *uri)
{
  gboolean found = FALSE;
#ifdef HAVE_PGSQL
  if (g_str_has_prefix (uri, "postgresql:")) {
    PGconn *conn = PQconnectdb (uri);
    found = PQstatus (conn) == CONNECTION_OK;
    PQfinish (conn);
  }
#endif
#ifdef HAVE_MYSQL
  if (g_str_has_prefix (uri, "mysql:")) {
    g_autoptr (GUri) parts = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);
    g_autoptr (GHashTable) params = g_uri_parse_params (g_uri_get_query (parts), -1, "&", 0, NULL);
    MYSQL *conn = mysql_init (NULL);
    found =
        mysql_real_connect (conn, NULL, g_uri_get_user (parts), g_uri_get_password (parts),
                            g_uri_get_path (parts) + 1, 0, g_hash_table_lookup (params, "socket"), 0) != NULL;
    mysql_close (conn);
  }
#endif
  return found;
}

static gpointer
wait_for_the_server (gpointer uri)
{
  while (!is_there (uri)) {
    if (now_ms () > PATIENCE_S * 1000)
      return NULL;
    g_usleep (2000);
  }
  g_atomic_int_set (&opened, now_ms ());
  return NULL;
}

/* The first and the last thread to go on, behind the opening; FALSE: one has not. */
static gboolean
find_first (gint *first, gint *last)
{
  *first = G_MAXINT;
  *last = 0;
  for (guint i = 0; i < N_THREADS; i++) {
    gint at = g_atomic_int_get (&workers[i].first);
    if (at == 0)
      return FALSE;
    *first = MIN (*first, at - opened);
    *last = MAX (*last, at - opened);
  }
  return TRUE;
}

static void
check_books (CormDb *db, guint n_done)
{
  g_autoptr (CormConnection) conn = suite_connect (db);
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM transfers"), n_done);
  assert_int_equal (suite_number (conn, "SELECT sum(balance) FROM accounts"), N_ACCOUNTS * START);
  assert_int_equal (
      suite_number (conn, "SELECT count(*) FROM accounts WHERE balance <> 1000 "
                          "+ (SELECT coalesce(sum(amount), 0) FROM transfers WHERE to_id = accounts.id) "
                          "- (SELECT coalesce(sum(amount), 0) FROM transfers WHERE from_id = accounts.id)"),
      0);
}

/* How long the last thread took to go on, in ms behind the opening. */
static gint
restart_once (const char *name, char *uri, const char *verb)
{
  GThread *threads[N_THREADS], *probe;
  guint n_done = 0, n_failed = 0, n_sums = 0;
  gint first = 0, last = 0;
  gboolean all = FALSE;
  CormDb *db = open_accounts (uri);
  stop = opened = 0;
  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){ .db = db, .number = i };
    threads[i] = g_thread_new ("mover", work, &workers[i]);
  }
  g_usleep (BEFORE_MS * 1000);
  assert_true (own_servers (verb, name));
  probe = g_thread_new ("probe", wait_for_the_server, uri);
  assert_true (own_servers ("resume", NULL));
  g_thread_join (probe);
  assert_true (opened > 0);
  while (!(all = find_first (&first, &last)) && now_ms () < opened + PATIENCE_S * 1000)
    g_usleep (1000);
  g_atomic_int_set (&stop, 1);
  for (guint i = 0; i < N_THREADS; i++) {
    g_thread_join (threads[i]);
    if (workers[i].wrong != NULL)
      fail_msg ("thread %u: %s", i, workers[i].wrong->message);
    n_done += workers[i].n_done;
    n_failed += workers[i].n_failed;
    n_sums += workers[i].n_sums;
  }
  check_books (db, n_done);
  corm_db_free (db);
  print_message ("# %s, %s: %u transfers and %u sums by %u threads, %u attempts told that it was away; "
                 "behind its opening the first "
                 "thread went on after %d ms, the last after %d ms; 0 wrong\n",
                 name, verb, n_done, n_sums, N_THREADS, n_failed, first, last);
  assert_true (all);
  assert_true (n_failed > 0);
  return last;
}

static void
restart (const char *name, const char *variable, const char *verb)
{
  gint last = G_MAXINT;
  g_autofree char *uri = own_servers_get (variable);
  if (uri == NULL) {
    print_message ("# skip no server\n");
    skip ();
  }
  for (guint i = 0; i < ATTEMPTS && last > BOUND_MS; i++)
    last = restart_once (name, uri, verb);
  assert_in_range (last, 0, BOUND_MS);
}

static void
pgsql_is_killed (G_GNUC_UNUSED void **state)
{
  restart ("pg", "CORM_TEST_PGSQL", "kill");
}

static void
pgsql_is_stopped (G_GNUC_UNUSED void **state)
{
  restart ("pg", "CORM_TEST_PGSQL", "halt");
}

static void
mysql_is_killed (G_GNUC_UNUSED void **state)
{
  restart ("my", "CORM_TEST_MYSQL", "kill");
}

static void
mysql_is_stopped (G_GNUC_UNUSED void **state)
{
  restart ("my", "CORM_TEST_MYSQL", "halt");
}

static int
start_servers (G_GNUC_UNUSED void **state)
{
  g_setenv ("CORM_TEST_DURABLE", "1", TRUE); /* what is told to be committed is written down */
  own_servers_start (FALSE);
  return 0;
}

static int
stop_servers (G_GNUC_UNUSED void **state)
{
  own_servers_stop ();
  return 0;
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (pgsql_is_killed),
    cmocka_unit_test (pgsql_is_stopped),
    cmocka_unit_test (mysql_is_killed),
    cmocka_unit_test (mysql_is_stopped),
  };
  return cmocka_run_group_tests_name ("restart", tests, start_servers, stop_servers);
}
