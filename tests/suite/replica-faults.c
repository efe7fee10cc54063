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
  g_usleep (300 * 1000); /* a killed process closes its sockets when it is gone from sight already */
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

/* The server ends all connections of its users; it itself stays. The order, and the connection for it, may themselves be in
 * conflict with replaying. */
static void
cut_all (const Site *site)
{
  static const char *const orders[] = {
    [PGSQL] = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'corm'",
    [MYSQL] = "KILL USER corm@localhost",
  };
  gboolean done = FALSE;
  for (guint i = 0; i < 100 && !done; i++) {
    g_autoptr (CormConnection) admin = corm_connection_open_uri (site->reader_admin, NULL);
    done = admin != NULL && corm_execute (admin, orders[site - sites], NULL, NULL, NULL);
    if (!done)
      g_usleep (50 * 1000);
  }
  assert_true (done);
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
  CormDb *lenient = site_open (site, (CormDbOptions){ .reader_lag_ms = 4 * site->delay_ms });
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
  /* The server gives up the statement, and a moment later, when that does not help at once, the connection. */
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_BUSY) ||
               g_error_matches (error, CORM_ERROR, CORM_ERROR_CONNECTION));
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

/* --- the tables, the writer, everything ----------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  const char *name;
} Late;

static const CormColumn late_columns[] = {
  CORM_COLUMN (Late, id, .primary_key = true),
  CORM_COLUMN (Late, name),
};
static const CormModel Late_model = CORM_MODEL (Late, "late", CORM_COLUMNS (late_columns));

static gpointer
count_late (gpointer db)
{
  GError *error = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect_read (db, NULL, &error);
  guint64 n = 0;
  if (conn != NULL)
    corm_count (Late, conn, &n, &error);
  return error;
}

/* A thread that has written nothing finds the tables that another has just made. */
void
a_migration_is_waited_for_by_all (void **state)
{
  const Site *site = *state;
  const char *const readers[] = { site->reader, NULL };
  CormDbOptions options = { .readers = readers };
  site_need (site);
  g_autoptr (CormRegistry) registry = NULL;
  assert_ok ((registry = corm_registry_new (error, &Late_model, NULL)) != NULL);
  for (guint i = 0; i < 2; i++) { /* the second time there is nothing left to do */
    g_autoptr (CormDb) db = NULL;
    assert_ok ((db = corm_db_open_full (site->writer, registry, &options, error)) != NULL);
    assert_ok (corm_db_migrate (db, NULL, error));
    g_autoptr (GError) late = g_thread_join (g_thread_new ("late", count_late, db));
    if (late != NULL)
      fail_msg ("%s", late->message);
  }
}

typedef struct {
  const Site *site;
  CormDb *db;
  guint id, n_pairs, n_replica, n_stale, n_errors;
  gint *stop;
  GError *other; /* than may be */
} Pairs;

/* A connection may be cut under our hands; that is an error and never an old value. */
static gpointer
write_and_read (gpointer data)
{
  Pairs *pairs = data;
  g_autofree char *select = g_strdup_printf ("SELECT n FROM %s WHERE id = %u", pairs->site->table, pairs->id);
  for (gint64 i = 1; !g_atomic_int_get (pairs->stop) && pairs->other == NULL; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CormCursor) cursor = NULL;
    site_write (pairs->site, pairs->db, pairs->id, i);
    CormConnection *conn = corm_db_connect_read (pairs->db, NULL, &error);
    pairs->n_replica += conn != NULL && site_is_replica (pairs->site, conn);
    cursor = conn != NULL ? corm_query (conn, select, NULL, &error) : NULL;
    if (cursor != NULL && corm_cursor_next (cursor, &error))
      pairs->n_stale += corm_cursor_get_value (cursor, 0)->i != i;
    g_clear_pointer (&cursor, corm_cursor_free);
    corm_connection_free (conn);
    pairs->n_pairs++;
    pairs->n_errors += error != NULL;
    if (error != NULL && error->code != CORM_ERROR_CONNECTION && error->code != CORM_ERROR_BUSY)
      pairs->other = g_steal_pointer (&error);
  }
  return NULL;
}

void
all_goes_wrong_at_once (void **state)
{
  enum { N_THREADS = 8 };
  const Site *site = *state;
  GThread *threads[N_THREADS];
  Pairs pairs[N_THREADS];
  gint stop = 0;
  guint n_pairs = 0, n_errors = 0, n_replica = 0;
  site_need (site);
  CormDb *db = site_open (site, (CormDbOptions){ .pool_size = 3, .max_age_ms = 300, .reader_lag_ms = 6000 });
  CormDb *patient =
      site_open (site, (CormDbOptions){ .pool_size = 3, .max_age_ms = 300, .reader_wait_ms = 6000 });
  for (guint i = 0; i < N_THREADS; i++) {
    pairs[i] = (Pairs){ .site = site, .db = i % 2 == 0 ? db : patient, .id = i, .stop = &stop };
    threads[i] = g_thread_new ("pairs", write_and_read, &pairs[i]);
  }
  for (guint i = 0; i < 6; i++) {
    g_usleep (200 * 1000);
    cut_all (site);
  }
  assert_true (own_servers ("halt", site->replica));
  g_usleep (300 * 1000);
  assert_true (own_servers ("resume", NULL));
  g_usleep ((site->delay_ms + 2000) * 1000);
  g_atomic_int_set (&stop, 1);
  for (guint i = 0; i < N_THREADS; i++) {
    g_thread_join (threads[i]);
    if (pairs[i].other != NULL)
      fail_msg ("%s", pairs[i].other->message);
    assert_int_equal (pairs[i].n_stale, 0);
    n_pairs += pairs[i].n_pairs;
    n_errors += pairs[i].n_errors;
    n_replica += pairs[i].n_replica;
  }
  print_message ("# %s: %u pairs, %u read from the replica, %u cut, none stale\n", site->name, n_pairs,
                 n_replica, n_errors);
  assert_true (n_pairs > 100 && n_replica > 0);
  corm_db_free (db);
  corm_db_free (patient);
}

static gpointer
read_once (gpointer db)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect_read (db, NULL, &error);
  return GINT_TO_POINTER (conn != NULL && corm_execute (conn, "SELECT 1", NULL, NULL, &error));
}

void
without_the_writer_some_read_on (void **state)
{
  const Site *site = *state;
  site_need (site);
  site_catch_up (site);
  CormDb *db = site_open (site, (CormDbOptions){ 0 });
  g_usleep (1500 * 1000); /* tests/lib/servers lets MariaDB write its log once a second */
  CormConnection *writer = suite_connect (db);
  suite_sql (writer, "SELECT 1");
  assert_true (own_servers ("halt", site == &sites[PGSQL] ? "pg" : "my"));
  assert_true (GPOINTER_TO_INT (g_thread_join (g_thread_new ("reader", read_once, db))));
  assert_fails (corm_db_connect_read (db, NULL, error), CORM_ERROR_CONNECTION, "how far the writer has come");
  corm_connection_free (writer);
  assert_true (own_servers ("resume", NULL));
  assert_int_equal (site_read (site, db, NULL, 9, NULL) >= 0, TRUE);
  corm_db_free (db);
}
