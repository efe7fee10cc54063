/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The migrator's lock: one has it, the others wait and learn who; a lost one is noticed; what a killed holder has left
 * running ends. */
#include "../lib/fresh.h"

#include "engine/lock.h"

#include <glib/gstdio.h>
#include <unistd.h>

static CormConnection *
open_one (const char *uri)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  return conn;
}

static CormMigratorLock *
take (CormConnection *conn, guint wait_ms)
{
  CormMigratorLock *lock = NULL;
  assert_ok ((lock = corm_lock_take (conn, wait_ms, error)) != NULL);
  return lock;
}

static gboolean
is_server (CormMigratorLock *lock)
{
  return corm_lock_get_connection (lock) != NULL;
}

/* The file of a SQLite database's lock. */
static char *
lock_file (CormConnection *conn)
{
  g_autofree char *path = fresh_text (conn, "SELECT file FROM pragma_database_list WHERE name = 'main'");
  return g_strconcat (path, "-corm-lock", NULL);
}

static void
one_has_it_and_the_others_wait (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (CormMigratorLock) lock = take (a, 0);
  gint64 start = g_get_monotonic_time ();
  assert_fails (corm_lock_take (b, 300, error) != NULL, CORM_ERROR_BUSY,
                "wait for the migrator's lock: another migration");
  gint64 waited_ms = (g_get_monotonic_time () - start) / 1000;
  assert_in_range (waited_ms, 300, 3000);
  assert_ok (corm_lock_check (lock, error));
  assert_ok (corm_lock_run (lock, "CREATE TABLE t (a integer)", error));
  g_clear_pointer (&lock, corm_lock_free);
  g_autoptr (CormMigratorLock) other = take (b, 300);
  assert_ok (corm_lock_check (other, error));
}

static void
a_migration_waits_as_long_as_it_is_told (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (CormSchema) to = NULL;
  const CormMigrateOptions options = { .wait_ms = 100 };
  assert_ok ((to = corm_schema_from_sql (b, "CREATE TABLE t (a integer)", error)) != NULL);
  G_GNUC_UNUSED g_autoptr (CormMigratorLock) lock = take (a, 0);
  gint64 start = g_get_monotonic_time ();
  assert_fails (corm_schema_migrate (b, to, &options, error) != NULL, CORM_ERROR_BUSY, "within 0.1 seconds");
  assert_in_range ((g_get_monotonic_time () - start) / 1000, 100, 10000);
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((plan = corm_schema_migrate (a, to, &options, error)) != NULL);
}

static void
who_has_it_is_told (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autofree char *me = g_strdup_printf ("process %d on %.20s", (int) getpid (), g_get_host_name ());
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (CormMigratorLock) lock = take (a, 0);
  gboolean by_number =
      is_server (lock) && corm_connection_get_link (a)->driver->dialect->lock->publish == NULL;
  assert_fails (corm_lock_take (b, 1, error) != NULL, CORM_ERROR_BUSY, by_number ? "run by connection" : me);
}

static void
it_can_be_taken_twice_on_a_connection (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (CormMigratorLock) outer = take (a, 0);
  corm_lock_free (take (a, 1));
  assert_ok (corm_lock_check (outer, error));
  assert_fails (corm_lock_take (b, 1, error) != NULL, CORM_ERROR_BUSY, "another migration");
}

static void
a_lost_lock_is_noticed (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (CormMigratorLock) lock = take (a, 0);
  if (is_server (lock)) {
    places_cut (fresh_places[GPOINTER_TO_UINT (*state)], corm_lock_get_connection (lock));
  } else {
    g_autofree char *path = lock_file (a);
    assert_int_equal (g_unlink (path), 0);
  }
  g_autoptr (CormMigratorLock) next = take (b, 2000);
  assert_fails (corm_lock_check (lock, error), CORM_ERROR_CONNECTION, "the migrator's lock was lost");
  assert_fails (corm_lock_run (lock, "CREATE TABLE t (a integer)", error), CORM_ERROR_CONNECTION,
                "nothing more is run");
  g_clear_pointer (&lock, corm_lock_free);
  assert_ok (corm_lock_check (next, error));
}

/* Of a statement that takes long, in a thread. */
static gpointer
run_long (gpointer data)
{
  CormMigratorLock *lock = data;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  if (corm_lock_run (lock, "SELECT pg_sleep (20)", &error) || error->code != CORM_ERROR_SYNTAX)
    return GINT_TO_POINTER ((int) ((g_get_monotonic_time () - start) / 1000) + 1);
  start = g_get_monotonic_time ();
  corm_lock_run (lock, "SELECT SLEEP (20)", NULL);
  return GINT_TO_POINTER ((int) ((g_get_monotonic_time () - start) / 1000) + 1);
}

static void
what_a_gone_holder_left_running_ends (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (CormMigratorLock) lock = take (a, 0);
  if (!is_server (lock))
    return;
  Places *places = fresh_places[GPOINTER_TO_UINT (*state)];
  gint64 number = places_ask_number (places, corm_lock_get_connection (lock));
  GThread *thread = g_thread_new ("long", run_long, lock);
  g_usleep (300000);
  /* The lock alone is cut: the other connection lives, so nothing but the next holder ends its statement. */
  places_cut_number (places, number);
  gint64 start = g_get_monotonic_time ();
  G_GNUC_UNUSED g_autoptr (CormMigratorLock) next = take (b, 5000);
  int ran_ms = GPOINTER_TO_INT (g_thread_join (thread));
  assert_in_range ((g_get_monotonic_time () - start) / 1000, 0, 2000);
  assert_in_range (ran_ms, 1, 5000);
}

/* The holder's transaction is idle, without a snapshot: nobody waits for it. */
static void
an_index_is_made_concurrently (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autoptr (GError) unknown = NULL;
  fresh_run (a, "CREATE TABLE t (a integer)");
  g_autoptr (CormMigratorLock) lock = take (a, 0);
  gint64 start = g_get_monotonic_time ();
  if (!corm_lock_run (lock, "CREATE INDEX CONCURRENTLY i ON t (a)", &unknown)) {
    assert_int_equal (unknown->code, CORM_ERROR_SYNTAX);
    return;
  }
  assert_fails (corm_lock_take (b, 1, error) != NULL, CORM_ERROR_BUSY, "another migration");
  fresh_run (a, "DROP INDEX CONCURRENTLY i");
  assert_in_range ((g_get_monotonic_time () - start) / 1000, 0, 3000);
  assert_ok (corm_lock_check (lock, error));
}

static void
schemas_of_a_database_do_not_wait (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  g_autoptr (CormConnection) a = open_one (uri);
  g_autoptr (CormConnection) b = open_one (uri);
  g_autofree char *make = g_strdup_printf ("CREATE SCHEMA corm_%d", (int) getpid ());
  g_autofree char *use = g_strdup_printf ("SET search_path TO corm_%d", (int) getpid ());
  if (corm_connection_get_link (a)->driver->dialect->lock == NULL || !corm_execute (b, use, NULL, NULL, NULL))
    return;
  fresh_run (b, make);
  g_autoptr (CormMigratorLock) lock = take (a, 0);
  g_autoptr (CormMigratorLock) other = take (b, 1);
  assert_ok (corm_lock_check (lock, error));
  assert_ok (corm_lock_check (other, error));
  g_autofree char *drop = g_strdup_printf ("DROP SCHEMA corm_%d", (int) getpid ());
  fresh_run (b, drop);
}

static void
a_database_in_memory_is_nobody_elses (G_GNUC_UNUSED void **state)
{
  const char *missing;
  if (fresh_find (0, &missing) == NULL)
    skip ();
  g_autoptr (CormConnection) a = open_one ("sqlite::memory:");
  g_autoptr (CormConnection) b = open_one ("sqlite::memory:");
  g_autoptr (CormMigratorLock) lock = take (a, 1);
  G_GNUC_UNUSED g_autoptr (CormMigratorLock) other = take (b, 1);
  assert_ok (corm_lock_check (lock, error));
}

/* A killed holder leaves its file, which nobody has locked; a folder that takes no file is named. */
static void
a_file_that_is_left_locks_nobody_out (void **state)
{
  const char *missing;
  if (fresh_find (0, &missing) == NULL)
    skip ();
  g_autofree char *uri = places_take (fresh_places[0]);
  g_autoptr (CormConnection) a = open_one (uri);
  fresh_run (a, "CREATE TABLE t (a integer)");
  g_autofree char *path = lock_file (a);
  assert_true (g_file_set_contents (path, "corm, process 1 on nowhere", -1, NULL));
  g_clear_pointer (&a, corm_connection_free);
  a = open_one (uri);
  corm_lock_free (take (a, 1));
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  assert_int_equal (symlink ("/nonexistent/elsewhere", path), 0);
  assert_fails (corm_lock_take (a, 1, error) != NULL, CORM_ERROR_FAILED, "make the lock's file");
  assert_int_equal (g_unlink (path), 0);
  (void) state;
}

enum { N_THREADS = 32, N_ROUNDS = 50 };

static gpointer
lock_again_and_again (gpointer data)
{
  CormConnection *conn = data;
  guint n = 0;
  for (guint i = 0; i < N_ROUNDS; i++) {
    CormMigratorLock *one = corm_lock_take (conn, 1, NULL), *two = corm_lock_take (conn, 1, NULL);
    n += one != NULL && one == two;
    corm_lock_free (two);
    corm_lock_free (one);
  }
  return GUINT_TO_POINTER (n);
}

/* All of a process are in one table. */
static void
threads_lock_databases_of_their_own (G_GNUC_UNUSED void **state)
{
  const char *missing;
  if (fresh_find (0, &missing) == NULL)
    skip ();
  CormConnection *conns[N_THREADS];
  GThread *threads[N_THREADS];
  for (guint i = 0; i < N_THREADS; i++)
    conns[i] = open_one ("sqlite::memory:");
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("migrator", lock_again_and_again, conns[i]);
  for (guint i = 0; i < N_THREADS; i++) {
    assert_int_equal (GPOINTER_TO_UINT (g_thread_join (threads[i])), N_ROUNDS);
    corm_connection_free (conns[i]);
  }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (one_has_it_and_the_others_wait),
    FRESH (a_migration_waits_as_long_as_it_is_told),
    FRESH (who_has_it_is_told),
    FRESH (it_can_be_taken_twice_on_a_connection),
    FRESH (a_lost_lock_is_noticed),
    FRESH (what_a_gone_holder_left_running_ends),
    FRESH (an_index_is_made_concurrently),
    FRESH (schemas_of_a_database_do_not_wait),
    cmocka_unit_test (a_database_in_memory_is_nobody_elses),
    cmocka_unit_test (a_file_that_is_left_locks_nobody_out),
    cmocka_unit_test (threads_lock_databases_of_their_own),
  };
  return cmocka_run_group_tests_name ("lock", tests, NULL, fresh_end);
}
