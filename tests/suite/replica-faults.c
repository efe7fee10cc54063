/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Replicas that are down, late, full, or too busy replaying; and a child of fork(). Reading goes on each time, and soon. */
#include <sys/wait.h>
#include <unistd.h>

#include "replicas.h"

static gboolean
reads_from_replica (const Site *site, CormDb *db)
{
  gboolean on_replica = FALSE;
  site_read (site, db, NULL, 1, &on_replica);
  return on_replica;
}

/* Within @ms. */
static gboolean
comes_back (const Site *site, CormDb *db, guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;
  while (g_get_monotonic_time () < end) {
    if (reads_from_replica (site, db))
      return TRUE;
    g_usleep (50 * 1000);
  }
  return FALSE;
}

/* --- down --------------------------------------------------------------------------------------------------------- */

void
a_dead_replica_is_left_alone (void **state)
{
  const Site *site = *state;
  site_need (site);
  site_catch_up (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ 0 });
  assert_true (reads_from_replica (site, db));
  assert_true (own_servers ("halt", site->replica));
  gint64 start = g_get_monotonic_time ();
  for (guint i = 0; i < 100; i++)
    assert_false (reads_from_replica (site, db));
  gint64 taken = g_get_monotonic_time () - start;
  g_autoptr (CormDb) late = site_open (site, (CormDbOptions){ 0 }); /* and one that never knew it alive */
  assert_false (reads_from_replica (site, late));
  site_write (site, db, 1, 4711);
  assert_int_equal (site_read (site, db, NULL, 1, NULL), 4711);
  assert_true (taken < 2 * G_USEC_PER_SEC);
  assert_true (own_servers ("resume", NULL));
  assert_true (comes_back (site, db, 20 * 1000));
  assert_true (comes_back (site, late, 20 * 1000));
}

/* The server ends all connections of its users; it itself stays. */
static void
cut_all (const Site *site)
{
  g_autoptr (CormConnection) admin = NULL;
  assert_ok ((admin = corm_connection_open_uri (site->reader_admin, error)) != NULL);
  if (site == &sites[PGSQL])
    suite_sql (admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'corm'");
  else
    suite_sql (admin, "KILL USER corm@localhost");
  g_usleep (100 * 1000);
}

void
connections_that_died_are_passed_over (void **state)
{
  const Site *site = *state;
  CormConnection *taken[3];
  site_need (site);
  site_catch_up (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ .reader_wait_ms = 10000 });
  site_write (site, db, 1, 1);
  for (guint i = 0; i < 3; i++)
    assert_ok ((taken[i] = corm_db_connect_read (db, NULL, error)) != NULL);
  for (guint i = 0; i < 3; i++)
    corm_connection_free (taken[i]);
  cut_all (site);
  for (guint i = 0; i < 5; i++)
    assert_true (reads_from_replica (site, db));
}

/* Cut while it is taken: told by an error, and the replica is left alone for a second. */
static void
cut_in_use (const Site *site, CormDb *db)
{
  g_autoptr (CormConnection) conn = NULL;
  assert_ok ((conn = corm_db_connect_read (db, NULL, error)) != NULL);
  cut_all (site);
  assert_fails (corm_execute (conn, "SELECT 1", NULL, NULL, error), CORM_ERROR_CONNECTION, NULL);
}

/* --- late --------------------------------------------------------------------------------------------------------- */

typedef struct {
  const Site *site;
  CormDb *db;
  gint stop;
} Busy;

static gpointer
write_on_and_on (gpointer data)
{
  Busy *busy = data;
  for (gint64 n = 0; !g_atomic_int_get (&busy->stop); n++) {
    site_write (busy->site, busy->db, 2, n);
    g_usleep (2000);
  }
  return NULL;
}

void
a_replica_too_far_behind_is_not_read_from (void **state)
{
  const Site *site = *state;
  guint n_strict = 0;
  site_need (site);
  site_catch_up (site);
  CormDb *strict = site_open (site, (CormDbOptions){ .reader_lag_ms = 100 });
  CormDb *lenient = site_open (site, (CormDbOptions){ .reader_lag_ms = 6 * site->delay_ms });
  CormDb *writer = site_open (site, (CormDbOptions){ 0 });
  Busy busy = { .site = site, .db = writer };
  GThread *thread = g_thread_new ("writer", write_on_and_on, &busy);
  g_usleep (200 * 1000);
  gint64 end = g_get_monotonic_time () + (gint64) site->delay_ms * 2000;
  while (g_get_monotonic_time () < end) {
    n_strict += reads_from_replica (site, strict);
    reads_from_replica (site, lenient);
    g_usleep (20 * 1000);
  }
  gboolean is_lenient = comes_back (site, lenient, site->delay_ms * 2);
  g_atomic_int_set (&busy.stop, 1);
  g_thread_join (thread);
  assert_int_equal (n_strict, 0);
  assert_true (is_lenient);
  site_catch_up (site);
  assert_true (comes_back (site, strict, 5000));
  corm_db_free (strict);
  corm_db_free (lenient);
  corm_db_free (writer);
}

/* --- in conflict ---------------------------------------------------------------------------------------------------- */

static gpointer
sleep_on_replica (gpointer data)
{
  GError *error = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect_read (data, NULL, &error);
  if (conn != NULL)
    corm_execute (conn, "SELECT pg_sleep(20)", NULL, NULL, &error);
  return error;
}

/* Rows that a long query on a hot standby may still see are removed on the primary: the standby cancels the query. */
void
a_conflict_with_replaying_leads_elsewhere (G_GNUC_UNUSED void **state)
{
  const Site *site = &sites[PGSQL];
  site_need (site);
  site_catch_up (site);
  CormDb *db = site_open (site, (CormDbOptions){ 0 });
  GThread *thread = g_thread_new ("reader", sleep_on_replica, db);
  g_usleep (300 * 1000);
  {
    g_autoptr (CormDb) other = site_open (site, (CormDbOptions){ 0 });
    g_autoptr (CormConnection) conn = suite_connect (other);
    suite_sql (conn, "UPDATE marks SET n = n + 1");
    suite_sql (conn, "VACUUM marks");
  }
  g_autoptr (GError) error = g_thread_join (thread);
  assert_non_null (error);
  print_message ("# %s\n", error->message);
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY));
  assert_false (reads_from_replica (site, db));
  assert_true (comes_back (site, db, 5000));
  corm_db_free (db);
}

/* --- full, or no reader at all ------------------------------------------------------------------------------------- */

void
a_pool_that_is_full_leads_elsewhere (void **state)
{
  const Site *site = *state;
  site_need (site);
  site_catch_up (site);
  g_autoptr (CormDb) db = site_open (site, (CormDbOptions){ .pool_size = 1, .pool_wait_ms = 5000 });
  g_autoptr (CormConnection) first = NULL, second = NULL;
  gint64 start = g_get_monotonic_time ();
  assert_ok ((first = corm_db_connect_read (db, NULL, error)) != NULL);
  assert_ok ((second = corm_db_connect_read (db, NULL, error)) != NULL);
  assert_true (site_is_replica (site, first));
  assert_false (site_is_replica (site, second));
  assert_true (g_get_monotonic_time () - start < 2 * G_USEC_PER_SEC);
}

static void
refuse (const char *writer, const char *reader, CormError code, const char *word)
{
  const char *const readers[] = { reader, NULL };
  CormDbOptions options = { .readers = readers };
  assert_fails (corm_db_open_full (writer, NULL, &options, error), code, word);
}

void
what_can_be_no_reader_is_said_at_once (G_GNUC_UNUSED void **state)
{
  site_need (&sites[PGSQL]);
  refuse (sites[PGSQL].writer, "nonsense", CORM_ERROR_INVALID, "nonsense");
  refuse (sites[PGSQL].writer, sites[DBI_PGSQL].reader, CORM_ERROR_INVALID, "same kind of database");
  refuse (sites[DBI_PGSQL].reader, sites[PGSQL].reader, CORM_ERROR_INVALID, "same kind of database");
  /* A standby as the writer. */
  refuse (sites[PGSQL].reader, sites[PGSQL].reader, CORM_ERROR_FAILED, "as a writer with readers");
  if (sites[MYSQL].writer != NULL)
    refuse (sites[MYSQL].reader, sites[MYSQL].reader, CORM_ERROR_UNSUPPORTED, "log_bin");
  /* The writer as a reader: it has replayed nothing, so it is asked in vain. */
  const char *const itself[] = { sites[PGSQL].writer, NULL };
  CormDbOptions options = { .readers = itself };
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open_full (sites[PGSQL].writer, NULL, &options, error)) != NULL);
  site_write (&sites[PGSQL], db, 3, 33);
  assert_int_equal (site_read (&sites[PGSQL], db, NULL, 3, NULL), 33);
}

/* --- fork --------------------------------------------------------------------------------------------------------- */

static int
child (const Site *site, CormDb *db, CormConnection *inherited)
{
  gboolean on_replica = FALSE;
  if (corm_execute (inherited, "SELECT 1", NULL, NULL, NULL))
    return 1;
  for (guint i = 0; i < 3; i++) {
    CormConnection *conn = corm_db_connect_read (db, NULL, NULL);
    if (conn == NULL || conn == inherited || !corm_execute (conn, "SELECT 1", NULL, NULL, NULL))
      return 2;
    on_replica = site_is_replica (site, conn);
    corm_connection_free (conn);
  }
  corm_connection_free (inherited);
  return on_replica ? 0 : 3;
}

void
a_child_reads_from_the_replica (void **state)
{
  const Site *site = *state;
  int status = -1;
  site_need (site);
  site_catch_up (site);
  CormDb *db = site_open (site, (CormDbOptions){ 0 });
  CormConnection *conn = NULL;
  reads_from_replica (site, db);
  assert_ok ((conn = corm_db_connect_read (db, NULL, error)) != NULL);
  pid_t pid = fork ();
  if (pid == 0)
    _exit (child (site, db, conn));
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFEXITED (status));
  assert_int_equal (WEXITSTATUS (status), 0);
  suite_sql (conn, "SELECT 1");
  assert_true (site_is_replica (site, conn));
  corm_connection_free (conn);
  cut_in_use (site, db);
  assert_false (reads_from_replica (site, db));
  assert_true (comes_back (site, db, 5000));
  corm_db_free (db);
}
