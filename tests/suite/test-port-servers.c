/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A server is killed with -9 under a port, the target's or the source's: the port ends with an error that says that the
 * connection is lost, and once the server is back, the port is taken up and ends with all rows once. The program has
 * servers of its own for that. CORM_TEST_KILLS: how often. */
#include "config.h"

#include "../lib/suite.h"

#include "../lib/own-servers.h"
#include "porting.h"

#include <glib/gstdio.h>
#include <sys/wait.h>

enum { ROWS = 2500, KILLS = 2, MOST_PORTS = 300 };

typedef struct {
  const char *what, *server; /* the one that is killed */
  char *source, *target;
  guint n_checks; /* PostgreSQL casts in its own words, which MariaDB does not read */
} Way;

static char *pgsql, *mysql;

/* What a server has said that it keeps, it keeps when it is killed: tests/lib/servers lets it lag behind. */
static void
keep_what_is_committed (const char *admin, const char *statement)
{
  g_autoptr (CormDb) db = NULL;
  if (admin == NULL)
    return;
  assert_ok ((db = corm_db_open (admin, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, statement);
}

static void
keep_all (void)
{
  g_autofree char *of_pgsql = own_servers_get ("CORM_TEST_PGSQL_ADMIN");
  g_autofree char *of_mysql = own_servers_get ("CORM_TEST_MYSQL_ADMIN");
  keep_what_is_committed (of_pgsql, "ALTER ROLE corm SET synchronous_commit = on");
  keep_what_is_committed (of_mysql, "SET GLOBAL innodb_flush_log_at_trx_commit = 2");
}

static int
start_servers (G_GNUC_UNUSED void **state)
{
  if (!own_servers_start (FALSE))
    return 0;
#ifdef HAVE_PGSQL
  pgsql = own_servers_get ("CORM_TEST_PGSQL");
#endif
#ifdef HAVE_MYSQL
  mysql = own_servers_get ("CORM_TEST_MYSQL");
#endif
  return 0;
}

static int
stop_servers (G_GNUC_UNUSED void **state)
{
  own_servers_stop ();
  g_free (pgsql);
  g_free (mysql);
  return 0;
}

static void
empty (const char *uri)
{
  static const char *const tables[] = { "things", "owners", "loose" };
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    g_autofree char *drop = g_strconcat ("DROP TABLE IF EXISTS ", tables[i], NULL);
    suite_sql (conn, drop);
  }
}

static int
end_of (pid_t pid)
{
  int status = 0;
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

/* TRUE: the server was killed before the port had come to its end. */
static gboolean
port_and_kill_server (const Way *way, const CormPortOptions *options, gint64 after_us)
{
  int status = 0;
  pid_t pid = porting_start (way->source, way->target, options), ended = 0;
  gint64 end = g_get_monotonic_time () + after_us;
  while (g_get_monotonic_time () < end && (ended = waitpid (pid, &status, WNOHANG)) == 0)
    g_usleep (500);
  if (ended == pid) {
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), 0);
    return FALSE;
  }
  assert_true (own_servers ("kill", way->server));
  status = end_of (pid);
  assert_true (own_servers ("resume", NULL));
  keep_all ();
  if (status != 0)
    assert_int_equal (status, PORTING_LOST);
  return status != 0;
}

static void
kill_under (const Way *way)
{
  guint n_kills = porting_number ("CORM_TEST_KILLS", KILLS), killed = 0;
  g_autoptr (GRand) rand = g_rand_new_with_seed (porting_number ("CORM_TEST_SEED", 11));
  CormPortOptions options = { .jobs = 2, .batch = 60, .resume = true };
  gint64 began = g_get_monotonic_time ();
  assert_int_equal (end_of (porting_start (way->source, way->target, &options)), 0);
  gint64 duration = g_get_monotonic_time () - began;
  porting_assert_whole (way->source, way->target, ROWS, way->n_checks);
  for (guint n = 0; killed < n_kills && n < MOST_PORTS; n++) {
    gboolean lost = TRUE;
    empty (way->target);
    for (guint again = 0; lost && again < 1 + n % 3; again++) { /* more than once in one port */
      lost = port_and_kill_server (way, &options, g_rand_int_range (rand, 0, (gint32) MAX (duration, 2)));
      killed += lost;
    }
    assert_int_equal (lost ? end_of (porting_start (way->source, way->target, &options)) : 0, 0);
    porting_assert_whole (way->source, way->target, ROWS, way->n_checks);
  }
  empty (way->target);
  print_message ("# %s: killed %u times under a port of %d ms, taken up, equal\n", way->what, killed,
                 (int) (duration / 1000));
  assert_true (killed >= n_kills);
}

static void
a_port_outlives_its_servers (G_GNUC_UNUSED void **state)
{
  if (pgsql == NULL && mysql == NULL) {
    print_message ("# skip no server\n");
    skip ();
  }
  keep_all ();
  g_autofree char *path = porting_make_source (ROWS), *file = g_strconcat ("sqlite:", path, NULL);
  if (pgsql != NULL)
    kill_under (&(Way){ "PostgreSQL, the target", "pg", file, pgsql, 1 });
  if (mysql != NULL)
    kill_under (&(Way){ "MariaDB, the target", "my", file, mysql, 1 });
  if (pgsql != NULL && mysql != NULL) {
    CormPortOptions plain = { 0 };
    assert_ok (porting_run (file, pgsql, &plain, error));
    kill_under (&(Way){ "PostgreSQL, the source", "pg", pgsql, mysql, 1 });
  }
  g_unlink (path);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = { cmocka_unit_test (a_port_outlives_its_servers) };
  return cmocka_run_group_tests_name ("port-servers", tests, start_servers, stop_servers);
}
