/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* COMMIT and its answer on a line that breaks: in front of the server, behind it, with the server at work on it still. What
 * was committed is committed once, and nobody is told otherwise. */
#include "people.h"

#include "../lib/proxy.h"

typedef struct {
  Suite *suite;
  Proxy *proxy;
  CormDb *db;
  guint n_calls;
} Line;

static gboolean
open_line (Suite *suite, Line *line)
{
  *line = (Line){ .suite = suite, .proxy = proxy_new (suite->uri) };
  if (line->proxy == NULL) {
    print_message ("# not tried: the server is not on a Unix socket\n");
    return FALSE;
  }
  CormDbOptions options = { .pool_size = 3 };
  assert_ok ((line->db = corm_db_open_full (proxy_get_uri (line->proxy), suite->registry, &options, error)) !=
             NULL);
  return TRUE;
}

static void
close_line (Line *line)
{
  corm_db_free (line->db);
  proxy_free (line->proxy);
}

static gboolean
add_one (CormConnection *conn, gpointer data, GError **error)
{
  Line *line = data;
  g_autofree char *name = g_strdup_printf ("call %u", ++line->n_calls);
  Team team = { .name = name };
  return team_insert (conn, &team, error);
}

static gboolean
add_one_and_break (CormConnection *conn, gpointer data, GError **error)
{
  gboolean ok = add_one (conn, data, error);
  proxy_cut (((Line *) data)->proxy);
  return ok;
}

#define TRANSACT(line, ...) \
  corm_transact ((line)->db, add_one, line, &(const CormTransactOptions){ __VA_ARGS__ }, error)

/* As seen past the proxy. */
static void
assert_teams (const Line *line, gint64 n, guint n_calls)
{
  g_usleep (20 * 1000); /* a server needs a moment to see that its client has gone */
  assert_int_equal (suite_number (line->suite->conn, "SELECT count(*) FROM teams"), n);
  assert_int_equal (line->n_calls, n_calls);
}

static void
without_a_token (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  proxy_arm (line.proxy, PROXY_CUT_BEFORE_COMMIT);
  assert_fails (TRANSACT (&line), CORM_ERROR_UNKNOWN_OUTCOME, "COMMIT", "option token");
  assert_teams (&line, 0, 1);
  proxy_arm (line.proxy, PROXY_CUT_BEHIND_COMMIT);
  assert_fails (TRANSACT (&line), CORM_ERROR_UNKNOWN_OUTCOME, "COMMIT", "option token");
  assert_teams (&line, 1, 2);
  assert_ok (TRANSACT (&line));
  assert_teams (&line, 2, 3);
  close_line (&line);
}

static void
a_guard_says_so_too (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  CormConnection *conn = suite_connect (line.db);
  CormTransaction *guard = NULL;
  assert_ok ((guard = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  add_team (conn, "a");
  proxy_arm (line.proxy, PROXY_CUT_BEHIND_COMMIT);
  assert_fails (corm_transaction_commit (guard, error), CORM_ERROR_UNKNOWN_OUTCOME, "look for its rows");
  assert_fails (corm_transaction_commit (guard, error), CORM_ERROR_INVALID, "unknown outcome");
  assert_fails (corm_transaction_rollback (guard, error), CORM_ERROR_INVALID, "unknown outcome");
  corm_transaction_free (guard);
  corm_connection_free (conn);
  assert_teams (&line, 1, 0);
  close_line (&line);
}

/* A COMMIT that was not even sent is no riddle. */
static void
broken_before_it_is_sent (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  CormTransactOptions options = { .token = false };
  assert_fails (corm_transact (line.db, add_one_and_break, &line, &options, error), CORM_ERROR_CONNECTION,
                "nothing was committed");
  assert_teams (&line, 0, 1);
  close_line (&line);
}

static void
with_a_token (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  proxy_arm (line.proxy, PROXY_CUT_BEHIND_COMMIT);
  assert_ok (TRANSACT (&line, .token = true));
  assert_teams (&line, 1, 1);
  proxy_arm (line.proxy, PROXY_CUT_BEFORE_COMMIT);
  assert_ok (TRANSACT (&line, .token = true)); /* calls 2 and 3 */
  assert_teams (&line, 2, 3);
  proxy_arm (line.proxy, PROXY_CUT_BEFORE_COMMIT);
  assert_fails (TRANSACT (&line, .token = true, .attempts = 1), CORM_ERROR_CONNECTION,
                "nothing was committed");
  assert_teams (&line, 2, 4);
  close_line (&line);
}

/* Whoever only looked for the row would not find it, and run all of it again. */
static void
the_server_is_at_work_still (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  proxy_arm (line.proxy, PROXY_CUT_AND_COMMIT_LATE);
  assert_ok (TRANSACT (&line, .token = true));
  assert_teams (&line, 1, 1);
  close_line (&line);
}

static void
the_server_is_away_for_a_while (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  proxy_refuse (line.proxy, 300);
  proxy_arm (line.proxy, PROXY_CUT_BEHIND_COMMIT);
  assert_ok (TRANSACT (&line, .token = true));
  assert_teams (&line, 1, 1);
  proxy_refuse (line.proxy, G_MAXUINT);
  proxy_arm (line.proxy, PROXY_CUT_BEHIND_COMMIT);
  assert_fails (TRANSACT (&line, .token = true, .retry_ms = 200), CORM_ERROR_UNKNOWN_OUTCOME,
                "could not be found out");
  assert_teams (&line, 2, 2);
  close_line (&line);
}

/* The function has a second connection, whose answer is lost: that is no word about its own transaction. */
static gboolean
commit_elsewhere (CormConnection *conn, gpointer data, GError **error)
{
  Line *line = data;
  if (!add_one (conn, line, error))
    return FALSE;
  g_autoptr (CormConnection) other = corm_db_connect (line->db, error);
  g_autoptr (CormTransaction) guard =
      other != NULL ? corm_transaction_begin (other, CORM_TRANSACTION_WRITE, error) : NULL;
  proxy_arm (line->proxy, PROXY_CUT_BEHIND_COMMIT);
  return guard != NULL && corm_transaction_commit (guard, error);
}

static void
an_answer_lost_elsewhere (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  CormTransactOptions options = { .token = true };
  assert_fails (corm_transact (line.db, commit_elsewhere, &line, &options, error), CORM_ERROR_UNKNOWN_OUTCOME,
                "COMMIT");
  assert_teams (&line, 0, 1);
  close_line (&line);
}

/* Rows of tokens do not pile up. */
static void
tokens_are_swept (Suite *suite)
{
  Line line;
  if (!open_line (suite, &line))
    return;
  suite_sql (suite->conn, "DELETE FROM corm_transactions");
  for (guint i = 0; i < 150; i++)
    assert_ok (TRANSACT (&line, .token = true, .isolation = CORM_ISOLATION_SERIALIZABLE));
  assert_true (suite_number (suite->conn, "SELECT count(*) FROM corm_transactions") < 64);
  suite_sql (suite->conn, "UPDATE corm_transactions SET written_at = '2001-01-01 00:00:00'");
  close_line (&line);
  assert_true (open_line (suite, &line));
  line.n_calls = 1000;
  assert_ok (TRANSACT (&line, .token = true));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM corm_transactions"), 1);
  close_line (&line);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "without a token", without_a_token, SUITE_NEEDS_SERVER },
    { "a guard says so too", a_guard_says_so_too, SUITE_NEEDS_SERVER },
    { "broken before it is sent", broken_before_it_is_sent, SUITE_NEEDS_SERVER },
    { "with a token", with_a_token, SUITE_NEEDS_SERVER },
    { "the server is at work still", the_server_is_at_work_still, SUITE_NEEDS_SERVER },
    { "the server is away for a while", the_server_is_away_for_a_while, SUITE_NEEDS_SERVER },
    { "an answer lost elsewhere", an_answer_lost_elsewhere, SUITE_NEEDS_SERVER },
    { "tokens are swept", tokens_are_swept, SUITE_NEEDS_SERVER },
  };
  return SUITE_RUN (people, cases);
}
