/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A server goes away in the middle and comes back: with rows on their way, inside a transaction, with connections idle in
 * the pool. Everybody is told, nothing that was committed is lost, nothing that was not is kept, and the same CormDb goes
 * on afterwards. The program has servers of its own for that. */
#include "config.h"

#include "../lib/suite.h"

#include "../lib/own-servers.h"
#include "../lib/place.h"

enum { N_ROWS = 16384 };

typedef struct {
  char *uri;
  CormDb *db;
  CormConnection *reader, *writer;
  CormCursor *cursor;
  CormTransaction *transaction;
} Site;

static Site sites[4];
static guint n_sites;

/* --- servers ------------------------------------------------------------------------------------------------------ */

static void
add_sites (const char *uri, const char *dbi, gboolean native)
{
  if (uri == NULL)
    return;
  if (native)
    sites[n_sites++].uri = g_strdup (uri);
  sites[n_sites++].uri = places_dbi_uri (dbi, uri, NULL, NULL);
}

static int
start_servers (G_GNUC_UNUSED void **state)
{
  if (!own_servers_start (FALSE))
    return 0;
  g_autofree char *pgsql = own_servers_get ("CORM_TEST_PGSQL"), *mysql = own_servers_get ("CORM_TEST_MYSQL");
#ifdef HAVE_PGSQL
  add_sites (pgsql, "pgsql", TRUE);
#else
  add_sites (pgsql, "pgsql", FALSE);
#endif
#ifdef HAVE_MYSQL
  add_sites (mysql, "mysql", TRUE);
#else
  add_sites (mysql, "mysql", FALSE);
#endif
  return 0;
}

static int
stop_servers (G_GNUC_UNUSED void **state)
{
  own_servers_stop ();
  for (guint i = 0; i < n_sites; i++)
    g_free (sites[i].uri);
  return 0;
}

/* --- before, while, after ------------------------------------------------------------------------------------------- */

static void
begin (Site *site, guint number)
{
  CormDbOptions options = { .pool_size = 4, .idle_check_ms = 1 };
  assert_ok ((site->db = corm_db_open_full (site->uri, NULL, &options, error)) != NULL);
  site->reader = suite_connect (site->db);
  site->writer = suite_connect (site->db);
  g_autoptr (CormConnection) idle = suite_connect (site->db);
  g_autofree char *create = g_strdup_printf ("CREATE TABLE t%u (id integer, a text)", number);
  g_autofree char *first = g_strdup_printf ("INSERT INTO t%u VALUES (0, :a)", number);
  g_autofree char *select = g_strdup_printf ("SELECT id, a FROM t%u", number);
  g_autofree char *late = g_strdup_printf ("INSERT INTO t%u VALUES (-1, 'not committed')", number);
  g_autofree char *text = g_strnfill (1000, 'r');
  suite_sql (idle, create);
  assert_ok (corm_execute (idle, first, CORM_PARAMS (CORM_PARAM ("a", (const char *) text)), NULL, error));
  for (guint n = 1; n < N_ROWS; n *= 2) {
    g_autofree char *more = g_strdup_printf ("INSERT INTO t%u SELECT id + %u, a FROM t%u", number, n, number);
    suite_sql (idle, more);
  }
  assert_ok ((site->cursor = corm_query (site->reader, select, NULL, error)) != NULL);
  for (guint i = 0; i < 10; i++)
    assert_ok (corm_cursor_next (site->cursor, error));
  assert_ok ((site->transaction = corm_transaction_begin (site->writer, CORM_TRANSACTION_WRITE, error)) !=
             NULL);
  suite_sql (site->writer, late);
}

/* All rows, or an error: never some of them without a word. */
static void
read_on (Site *site)
{
  g_autoptr (GError) fault = NULL;
  guint n = 10;
  while (corm_cursor_next (site->cursor, &fault))
    n++;
  if (fault == NULL) {
    assert_int_equal (n, N_ROWS);
    return;
  }
  print_message ("# behind row %u: %s\n", n, fault->message);
  assert_true (g_error_matches (fault, CORM_ERROR, CORM_ERROR_CONNECTION));
}

static void
meet_the_end (Site *site)
{
  read_on (site);
  g_clear_pointer (&site->cursor, corm_cursor_free);
  assert_fails (corm_execute (site->reader, "SELECT 1", NULL, NULL, error), CORM_ERROR_CONNECTION, NULL);
  assert_fails (corm_transaction_commit (site->transaction, error), CORM_ERROR_CONNECTION, NULL);
  g_clear_pointer (&site->transaction, corm_transaction_free);
  g_clear_pointer (&site->reader, corm_connection_free);
  g_clear_pointer (&site->writer, corm_connection_free);
  g_autoptr (GError) fault = NULL;
  assert_null (corm_db_connect (site->db, &fault));
  print_message ("# %s\n", fault->message);
  assert_true (g_error_matches (fault, CORM_ERROR, CORM_ERROR_CONNECTION));
  assert_null (strstr (fault->message, "secret"));
}

static void
go_on (Site *site, guint number)
{
  g_autofree char *count = g_strdup_printf ("SELECT count(*) FROM t%u", number);
  g_autofree char *insert = g_strdup_printf ("INSERT INTO t%u VALUES (-2, 'after')", number);
  CormConnection *conn = suite_connect (site->db);
  assert_int_equal (suite_number (conn, count), N_ROWS);
  suite_sql (conn, insert);
  corm_connection_free (conn);
  corm_db_free (site->db);
}

static void
a_server_goes_away_and_comes_back (G_GNUC_UNUSED void **state)
{
  if (n_sites == 0) {
    print_message ("# skip no server\n");
    skip ();
  }
  for (guint i = 0; i < n_sites; i++)
    begin (&sites[i], i);
  g_usleep (1500 * 1000); /* tests/lib/servers lets MariaDB write its log once a second */
  assert_true (own_servers ("halt", NULL));
  for (guint i = 0; i < n_sites; i++)
    meet_the_end (&sites[i]);
  assert_true (own_servers ("resume", NULL));
  for (guint i = 0; i < n_sites; i++)
    go_on (&sites[i], i);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = { cmocka_unit_test (a_server_goes_away_and_comes_back) };
  return cmocka_run_group_tests_name ("restart", tests, start_servers, stop_servers);
}
