/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What happens around a database while the scenarios of faulty.c are at work on it: its disk is full, its file is gone or locked by
 * another process, its file system is for reading, its server is killed. CORM_TEST_FAULTS=all lets it happen in front of every
 * call of the driver, else of a number of them; a server is killed in front of few. */
#include "config.h"

#include "trial.h"

#include "../lib/own-servers.h"
#include "../lib/place.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a disk of our own ------------------------------------------------------------------------------------------ */

static char *disk; /* where a small file system is; NULL: none can be had */
static const char *const endings[] = { "", "-wal", "-shm" };

static int
mount_disk (G_GNUC_UNUSED void **state)
{
  disk = g_dir_make_tmp ("corm-disk-XXXXXX", NULL);
  if (mount ("tmpfs", disk, "tmpfs", 0, "size=4m") == 0)
    return 0;
  print_message ("# a tmpfs cannot be mounted here: %s\n", g_strerror (errno));
  g_rmdir (disk);
  g_clear_pointer (&disk, g_free);
  return 0;
}

static int
unmount_disk (G_GNUC_UNUSED void **state)
{
  if (disk == NULL)
    return 0;
  umount2 (disk, MNT_DETACH);
  g_rmdir (disk);
  g_clear_pointer (&disk, g_free);
  return 0;
}

static char *
get_file (const char *name, const char *ending)
{
  return g_strconcat (disk, "/", name, ending, NULL);
}

static void
clear_disk (void)
{
  g_autoptr (GDir) dir = g_dir_open (disk, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = get_file (name, "");
    g_remove (path);
  }
}

static char *
take_file (void)
{
  clear_disk ();
  return g_strconcat ("sqlite:", disk, "/judged.db", NULL);
}

/* --- the disk is full --- */

static void
fill_disk (G_GNUC_UNUSED gpointer stage)
{
  char page[4096] = { 1 };
  g_autofree char *path = get_file ("ballast", "");
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  while (write (fd, page, sizeof page) > 0)
    ;
  close (fd);
}

static void
make_room (G_GNUC_UNUSED Stage *stage)
{
  g_autofree char *path = get_file ("ballast", "");
  g_remove (path);
}

static gboolean
is_full (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_FULL;
}

/* --- the file is gone: what it held at that moment is put back behind the work --- */

static void
copy_files (const char *from, const char *to)
{
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *source = get_file (from, endings[i]), *target = get_file (to, endings[i]), *bytes = NULL;
    gsize n;
    g_remove (target);
    if (g_file_get_contents (source, &bytes, &n, NULL))
      assert_true (
          g_file_set_contents_full (target, bytes, (gssize) n, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  }
}

static gboolean removed;

/* Before it is open there is nothing that could be lost: then a new one is made. */
static void
remove_files (gpointer data)
{
  const Stage *stage = data;
  removed = stage->db[0] != NULL;
  if (!removed)
    return;
  copy_files ("judged.db", "kept.db");
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    g_autofree char *path = get_file ("judged.db", endings[i]);
    g_remove (path);
  }
}

static void
put_back (Stage *stage)
{
  if (!removed)
    return;
  stage_clear (stage); /* who has the other one open */
  copy_files ("kept.db", "judged.db");
}

static gboolean
is_gone (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_CONNECTION && (strstr (outcome->message, "had been removed") != NULL ||
                                                    strstr (outcome->message, "there is no file") != NULL);
}

/* --- another process has the lock --- */

static GPid holder;
static int reins; /* the holder ends when this is closed */

/* The other process. */
static int
hold_lock (const char *uri)
{
  const CormDbOptions options = { .busy_timeout_ms = 1, .must_exist = true };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &options, NULL);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, NULL) : NULL;
  g_autoptr (CormTransaction) guard =
      conn != NULL ? corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL) : NULL;
  char byte = guard != NULL ? 'h' : '-';
  if (write (STDOUT_FILENO, &byte, 1) == 1 && read (STDIN_FILENO, &byte, 1) < 0)
    return 1;
  return 0;
}

/* Where the work itself has the lock the other process gets none. */
static void
take_lock (gpointer data)
{
  const Stage *stage = data;
  const char *argv[] = { "/proc/self/exe", "--hold", stage->uri, NULL };
  int answer;
  char byte;
  assert_ok (g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                       &holder, &reins, &answer, NULL, error));
  assert_int_equal (read (answer, &byte, 1), 1);
  close (answer);
}

static void
release_lock (G_GNUC_UNUSED Stage *stage)
{
  int status;
  close (reins);
  assert_int_equal (waitpid (holder, &status, 0), holder);
  assert_int_equal (status, 0);
}

static gboolean
is_locked (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_BUSY && strstr (outcome->message, "locked") != NULL;
}

/* --- the file system is for reading --- */

static void
remount (gboolean read_only)
{
  if (mount (NULL, disk, NULL, MS_REMOUNT | (read_only ? MS_RDONLY : 0), NULL) != 0)
    fail_msg ("%s: %s", disk, g_strerror (errno));
}

static void
forbid_writing (G_GNUC_UNUSED gpointer stage)
{
  remount (TRUE);
}

static void
allow_writing (Stage *stage)
{
  stage_clear (stage);
  remount (FALSE);
}

static gboolean
is_read_only (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_DENIED;
}

static const Fault file_faults[] = {
  { "finds the disk full", SEAM_CALL, fill_disk, make_room, is_full, 0, FALSE },
  { "finds the file removed", SEAM_CALL, remove_files, put_back, is_gone, 0, FALSE },
  { "finds the file locked", SEAM_CALL, take_lock, release_lock, is_locked, 2, FALSE },
  { "finds a file system for reading", SEAM_CALL, forbid_writing, allow_writing, is_read_only, 0, TRUE },
};

static void
around_a_file (void **state)
{
  enum { BUSY_MS = 50, FEW = 6 };
  const Site site = {
    .backend = "sqlite3", .in_process = TRUE, .take = take_file, .busy_ms = BUSY_MS, .few = FEW
  };
  const char *missing = disk == NULL ? "no file system can be mounted" : NULL;
#ifndef HAVE_SQLITE3
  missing = "built without sqlite3";
#endif
  if (missing != NULL || !suite_runs_on (0)) {
    print_message ("# skip %s\n", missing != NULL ? missing : "sqlite3 is not asked for");
    skip ();
  }
  trial_run (*state, &site, file_faults, G_N_ELEMENTS (file_faults));
  clear_disk ();
}

/* --- the server is killed, and started again behind the work --- */

static const struct {
  guint backend;
  const char *name, *variable; /* of tests/lib/servers */
} servers[] = { { 1, "pg", "CORM_TEST_PGSQL" }, { 2, "my", "CORM_TEST_MYSQL" } };

static guint server;
static Places *places;

static char *
take_database (void)
{
  places_reconnect (places); /* it may have been killed */
  return places_take (places);
}

static void
kill_server (G_GNUC_UNUSED gpointer stage)
{
  assert_true (own_servers ("kill", servers[server].name));
}

static void
start_server (G_GNUC_UNUSED Stage *stage)
{
  assert_true (own_servers ("resume", NULL));
}

static gboolean
is_down (G_GNUC_UNUSED const Stage *stage, const Outcome *outcome)
{
  return outcome->code == CORM_ERROR_CONNECTION ||
         (outcome->code == CORM_ERROR_UNKNOWN_OUTCOME &&
          strstr (outcome->message, "broke before its answer came") != NULL);
}

static const Fault server_faults[] = {
  { "finds the server killed", SEAM_CALL, kill_server, start_server, is_down, 0, FALSE },
};

static int
start_servers (void **state)
{
  g_setenv ("CORM_TEST_DURABLE", "1", TRUE); /* what is told to be committed is written down */
  own_servers_start (FALSE);
  return mount_disk (state);
}

static int
stop_servers (void **state)
{
  own_servers_stop ();
  return unmount_disk (state);
}

static void
on_a_server (const Scenario *scenario)
{
  const Site site = {
    .backend = places_backends ()[servers[server].backend], .take = take_database, .few = 1, .most = 10
  };
  const char *missing = NULL;
  g_autofree char *uri = own_servers_get (servers[server].variable);
  if (uri == NULL || !suite_runs_on (servers[server].backend)) {
    print_message ("# skip %s is not here\n", site.backend);
    skip ();
  }
  g_setenv (servers[server].variable, uri, TRUE);
  places = places_new (servers[server].backend, &missing);
  assert_non_null (places);
  trial_run (scenario, &site, server_faults, G_N_ELEMENTS (server_faults));
  places_reconnect (places);
  g_clear_pointer (&places, places_free);
}

static void
on_pgsql (void **state)
{
  server = 0;
  on_a_server (*state);
}

static void
on_mysql (void **state)
{
  server = 1;
  on_a_server (*state);
}

/* A server that is killed takes its time to come back: it is in one scenario of three, if CORM_TEST_FAULTS does not say "all". */
static gboolean
is_wanted (guint where, guint scenario)
{
  return where == 0 || g_strcmp0 (g_getenv ("CORM_TEST_FAULTS"), "all") == 0 || scenario % 3 == 0;
}

int
main (int argc, char **argv)
{
  static void (*const where[]) (void **state) = { around_a_file, on_pgsql, on_mysql };
  if (argc == 3 && strcmp (argv[1], "--hold") == 0)
    return hold_lock (argv[2]);
  g_autoptr (GArray) tests = g_array_new (FALSE, TRUE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (where) * n_scenarios; i++) {
    const Scenario *scenario = &scenarios[i % n_scenarios];
    g_ptr_array_add (names, g_strdup_printf ("%s: %s", places_backends ()[i / n_scenarios], scenario->name));
    const struct CMUnitTest test = { .name = names->pdata[i],
                                     .test_func = where[i / n_scenarios],
                                     .initial_state = (gpointer) scenario };
    if (is_wanted (i / n_scenarios, i % n_scenarios))
      g_array_append_val (tests, test);
  }
  const struct CMUnitTest last = cmocka_unit_test (trial_every_fault_struck);
  g_array_append_val (tests, last);
  return _cmocka_run_group_tests ("outages", (const struct CMUnitTest *) (gpointer) tests->data, tests->len,
                                  start_servers, stop_servers);
}
