/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Connections that only read, on every backend, without replicas: they see what was written, and write nothing.
 * Replicas are in test-replicas.c. */
#include <sys/wait.h>
#include <unistd.h>

#include "people.h"

static CormConnection *
connect_read (CormDb *db, const char *position)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect_read (db, position, error)) != NULL);
  return conn;
}

static gint64
count_teams (CormDb *db)
{
  g_autoptr (CormConnection) conn = connect_read (db, NULL);
  return suite_number (conn, "SELECT count(*) FROM teams");
}

static void
what_was_written_is_read (Suite *suite)
{
  for (guint i = 0; i < 20; i++) {
    assert_int_equal (count_teams (suite->db), i);
    g_autofree char *name = g_strdup_printf ("team %u", i);
    add_team (suite->conn, name);
  }
  assert_int_equal (count_teams (suite->db), 20);
}

static void
it_refuses_to_write (Suite *suite)
{
  add_team (suite->conn, "a");
  g_autoptr (CormConnection) conn = connect_read (suite->db, NULL);
  Team team = { .name = "b" };
  assert_fails (team_insert (conn, &team, error), CORM_ERROR_DENIED, "teams");
  assert_fails (corm_execute (conn, "DELETE FROM teams", NULL, NULL, error), CORM_ERROR_DENIED, NULL);
  assert_fails (corm_execute (conn, "CREATE TABLE more (a integer)", NULL, NULL, error), CORM_ERROR_DENIED,
                NULL);
}

static void
it_refuses_in_transactions_too (Suite *suite)
{
  static const CormTransactionMode modes[] = { CORM_TRANSACTION_READ_ONLY, CORM_TRANSACTION_DEFAULT };
  for (guint i = 0; i < 2; i++) {
    CormConnection *conn = connect_read (suite->db, NULL);
    g_autoptr (CormTransaction) transaction = NULL;
    assert_ok ((transaction = corm_transaction_begin (conn, modes[i], error)) != NULL);
    assert_fails (corm_execute (conn, "DELETE FROM teams", NULL, NULL, error), CORM_ERROR_DENIED, NULL);
    assert_ok (corm_transaction_rollback (transaction, error));
    assert_fails (corm_execute (conn, "DELETE FROM teams", NULL, NULL, error), CORM_ERROR_DENIED, NULL);
    g_clear_pointer (&transaction, corm_transaction_free);
    corm_connection_free (conn);
  }
}

/* A connection that wrote is never the next one's reader, nor the other way round. */
static void
the_two_pools_never_mix (Suite *suite)
{
  CormDbOptions options = { .pool_size = 2 };
  CormDb *db = suite_open (suite, &options);
  for (guint i = 0; i < 8; i++) {
    CormConnection *writer = suite_connect (db), *reader = connect_read (db, NULL);
    g_autofree char *name = g_strdup_printf ("team %u", i);
    add_team (writer, name);
    assert_fails (corm_execute (reader, "DELETE FROM teams", NULL, NULL, error), CORM_ERROR_DENIED, NULL);
    corm_connection_free (i % 2 == 0 ? writer : reader);
    corm_connection_free (i % 2 == 0 ? reader : writer);
  }
  corm_db_free (db);
  assert_int_equal (count_teams (suite->db), 8);
}

static void
one_pool_does_not_wait_for_the_other (Suite *suite)
{
  CormDbOptions options = { .pool_size = 1, .pool_wait_ms = 50 };
  CormDb *db = suite_open (suite, &options);
  CormConnection *writer = suite_connect (db), *reader = connect_read (db, NULL);
  assert_fails (corm_db_connect_read (db, NULL, error), CORM_ERROR_BUSY, "pool_size");
  assert_fails (corm_db_connect (db, error), CORM_ERROR_BUSY, "pool_size");
  corm_connection_free (writer);
  corm_connection_free (reader);
  corm_db_free (db);
}

static void
a_position_comes_and_goes (Suite *suite)
{
  add_team (suite->conn, "a");
  g_autofree char *first = NULL, *second = NULL, *both = NULL;
  GError *failure = NULL;
  first = corm_db_get_position (suite->db, NULL, &failure);
  if (first == NULL) { /* MariaDB keeps no log here */
    assert_int_equal (failure->code, CORM_ERROR_UNSUPPORTED);
    assert_non_null (strstr (failure->message, "log_bin"));
    g_error_free (failure);
    return;
  }
  assert_int_equal (strspn (first, "0123456789ABCDEFabcdef-/,"), strlen (first));
  g_autoptr (CormConnection) conn = connect_read (suite->db, first);
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM teams"), 1);
  add_team (suite->conn, "b");
  assert_ok ((second = corm_db_get_position (suite->db, "", error)) != NULL);
  assert_ok ((both = corm_db_get_position (suite->db, second, error)) != NULL);
}

/* It comes back from a browser, so it may be anything. */
static void
what_is_no_position_is_refused (Suite *suite)
{
  static const char *const bad[] = {
    "x",    " ",     "0/",     "/",       "0/1;",           "0/123456789",
    "0-1",  "0-1-",  "0-1-2,", ",0-1-2",  "0--1-2",         "-1/2",
    "+1/2", "0x1/2", "0/1 ",   "0-1-2 ",  "' OR 1 = 1",     "1/2'); --",
    "µ",    "\xff",  "0/1\n",  "0-1-2\n", "4294967296-1-1", "0-1-99999999999999999999"
  };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    assert_fails (corm_db_connect_read (suite->db, bad[i], error), CORM_ERROR_INVALID, "position");
    assert_fails (corm_db_get_position (suite->db, bad[i], error), CORM_ERROR_INVALID, "position");
  }
}

static int
child (Suite *suite)
{
  CormConnection *conn = corm_db_connect_read (suite->db, NULL, NULL);
  g_autoptr (CormCursor) cursor =
      conn != NULL ? corm_query (conn, "SELECT count(*) FROM teams", NULL, NULL) : NULL;
  if (cursor == NULL || !corm_cursor_next (cursor, NULL) || corm_cursor_get_value (cursor, 0)->i != 1)
    return 1;
  g_clear_pointer (&cursor, corm_cursor_free);
  corm_connection_free (conn);
  return 0;
}

static void
a_child_reads_on_its_own (Suite *suite)
{
  int status = -1;
  add_team (suite->conn, "a");
  g_autoptr (CormConnection) idle = connect_read (suite->db, NULL);
  pid_t pid = fork ();
  if (pid == 0)
    _exit (child (suite));
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFEXITED (status));
  assert_int_equal (WEXITSTATUS (status), 0);
  assert_int_equal (suite_number (idle, "SELECT count(*) FROM teams"), 1);
}

static void
a_cut_reader_is_replaced (Suite *suite)
{
  CormDbOptions options = { .pool_size = 1, .idle_check_ms = 1 };
  CormDb *db = suite_open (suite, &options);
  CormConnection *conn = connect_read (db, NULL);
  suite_cut (conn);
  assert_fails (corm_execute (conn, "SELECT 1", NULL, NULL, error), CORM_ERROR_CONNECTION, NULL);
  corm_connection_free (conn);
  assert_int_equal (count_teams (db), 0);
  corm_db_free (db);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "what was written is read", what_was_written_is_read, 0 },
    { "it refuses to write", it_refuses_to_write, 0 },
    { "it refuses in transactions too", it_refuses_in_transactions_too, 0 },
    { "the two pools never mix", the_two_pools_never_mix, 0 },
    { "one pool does not wait for the other", one_pool_does_not_wait_for_the_other, 0 },
    { "a position comes and goes", a_position_comes_and_goes, 0 },
    { "what is no position is refused", what_is_no_position_is_refused, 0 },
    { "a child reads on its own", a_child_reads_on_its_own, 0 },
    { "a cut reader is replaced", a_cut_reader_is_replaced, SUITE_NEEDS_SERVER },
  };
  return SUITE_RUN (people, cases);
}
