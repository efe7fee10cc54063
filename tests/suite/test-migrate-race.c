/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many programs upgrade a database at once: one applies, the others wait and find nothing to do. Whoever is at it is
 * killed at odd moments: the next goes on within two seconds, and in the end history and schema are those of an upgrade
 * that nobody disturbed. CORM_TEST_RACERS and CORM_TEST_KILLS say how many. */
#include "config.h"

#include "../lib/fresh.h"

#include "race.h"

#include <corm/corm.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RACERS = 8, KILLS = 4, PATIENCE_MS = 60000 };
/* Where each process takes many times as long to start. */
#if defined CORM_TINY || defined CORM_SANITIZED
enum { GOES_ON_MS = 10000 };
#else
enum { GOES_ON_MS = 2000 };
#endif

/* What the processes tell, one write each, so that they stay whole. */
typedef struct {
  pid_t pid;
  enum { BEGINS, DONE, FAILED } what;
  gint64 at; /* monotonic, the same for all processes */
} Event;

static char *folder, *long_folder;
static const char *verb;         /* that the processes are started with */
static int ends[2] = { -1, -1 }; /* of the pipe that they tell it through */

/* --- a process that upgrades -------------------------------------------------------------------------------------- */

static void
tell (int fd, int what)
{
  Event event = { .pid = getpid (), .what = what, .at = g_get_monotonic_time () };
  if (write (fd, &event, sizeof event) != sizeof event)
    _exit (3);
}

static void
on_progress (const CormMigrationProgress *progress, gpointer data)
{
  if (progress->statement > 0 && !progress->is_skipped)
    tell (GPOINTER_TO_INT (data), BEGINS);
}

/* test-migrate-race --upgrade URI FOLDER FD */
static int
upgrade (char **argv)
{
  int fd = (int) g_ascii_strtoll (argv[4], NULL, 10);
  g_autoptr (GError) error = NULL;
  CormMigrationOptions options = { .on_progress = on_progress, .data = GINT_TO_POINTER (fd) };
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (argv[3], &error);
  g_autoptr (CormDb) db = set != NULL ? corm_db_open (argv[2], NULL, &error) : NULL;
  gboolean ok = db != NULL && corm_migrations_upgrade (set, db, NULL, &options, &error);
  if (!ok)
    fprintf (stderr, "# process %d: %s\n", (int) getpid (), error->message);
  tell (fd, ok ? DONE : FAILED);
  return ok ? 0 : 1;
}

static void
on_op (const CormOp *op, gpointer data)
{
  if (op->kind != CORM_OP_DIFFERS)
    tell (GPOINTER_TO_INT (data), BEGINS);
}

/* test-migrate-race --migrate URI FOLDER FD, or --online */
static int
migrate (char **argv)
{
  static const char *const allowed[] = { "change", NULL };
  gboolean online = strcmp (argv[1], "--online") == 0;
  int fd = (int) g_ascii_strtoll (argv[4], NULL, 10);
  g_autoptr (GError) error = NULL;
  CormMigrateOptions options = { .on_op = on_op, .data = GINT_TO_POINTER (fd), .online = online };
  options.allow = online ? allowed : NULL;
  g_autoptr (CormConnection) conn = corm_connection_open_uri (argv[2], &error);
  g_autoptr (CormSchema) to =
      conn != NULL ? corm_schema_from_sql (conn, online ? online_schema : schema, &error) : NULL;
  g_autoptr (CormPlan) plan = to != NULL ? corm_schema_migrate (conn, to, &options, &error) : NULL;
  if (plan == NULL)
    fprintf (stderr, "# process %d: %s\n", (int) getpid (), error->message);
  tell (fd, plan != NULL ? DONE : FAILED);
  return plan != NULL ? 0 : 1;
}

static pid_t
start (const char *uri)
{
  g_autofree char *fd = g_strdup_printf ("%d", ends[1]);
  char *argv[] = { (char *) "test-migrate-race", (char *) verb, (char *) uri, folder, fd, NULL };
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0) {
    execv ("/proc/self/exe", argv);
    _exit (2);
  }
  assert_true (pid > 0);
  return pid;
}

static int
end_of (pid_t pid)
{
  int status = -1;
  assert_int_equal (waitpid (pid, &status, 0), pid);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}

/* The next event until @until (monotonic); FALSE: none came. */
static gboolean
next_event (Event *event, gint64 until)
{
  struct pollfd in = { .fd = ends[0], .events = POLLIN };
  for (;;) {
    gint64 left = until - g_get_monotonic_time ();
    int n = poll (&in, 1, left > 0 ? (int) ((left + 999) / 1000) : 0);
    if (n > 0)
      return read (ends[0], event, sizeof *event) == sizeof *event;
    if (n == 0 && g_get_monotonic_time () >= until)
      return FALSE;
    assert_true (n == 0 || errno == EINTR);
  }
}

/* --- what is left behind ------------------------------------------------------------------------------------------ */

static void
describe_rows (CormConnection *conn, GString *text)
{
  gboolean online = strcmp (verb, "--online") == 0;
  static const char *const queries[] = { "SELECT count(*) FROM people", "SELECT sum(id) FROM people",
                                         "SELECT count(*) FROM places", "SELECT count(*) FROM visits",
                                         "SELECT sum(id) FROM tags" };
  for (guint i = 0; i < (online ? 3 : G_N_ELEMENTS (queries)); i++) {
    g_autofree char *value = fresh_text (conn, queries[i]);
    g_string_append_printf (text, "%s: %s\n", queries[i], value);
  }
}

static void
describe_history (CormDb *db, GString *text)
{
  g_autoptr (CormMigrations) set = NULL;
  g_autoptr (GPtrArray) list = NULL;
  assert_ok ((set = corm_migrations_open_folder (folder, error)) != NULL);
  assert_ok ((list = corm_migrations_list (set, db, error)) != NULL);
  for (guint i = 0; i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    g_string_append_printf (text, "%s %s: %d\n", info->version, info->name, info->state);
  }
}

static int
by_text (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* An index that was built for a constraint when its migrator was killed is as good, and stays an index. */
static void
describe_uniques (CormSchema *live, GString *text)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (guint t = 0; t < live->tables->len; t++) {
    CormTable *table = live->tables->pdata[t];
    for (guint i = 0; i < table->uniques->len; i++)
      g_ptr_array_add (names, g_strdup (((CormKey *) table->uniques->pdata[i])->name));
    g_ptr_array_set_size (table->uniques, 0);
    for (guint i = table->indexes->len; i-- > 0;) {
      const CormTableIndex *index = table->indexes->pdata[i];
      assert_false (index->invalid);
      if (!index->unique)
        continue;
      g_ptr_array_add (names, g_strdup (index->name));
      g_ptr_array_remove_index (table->indexes, i);
    }
  }
  g_ptr_array_sort (names, by_text);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "unique %s\n", (char *) names->pdata[i]);
}

/* The schema, the history without its times, and what the rows amount to. */
static char *
describe (const char *uri)
{
  GString *text = g_string_new (NULL);
  g_autoptr (CormDb) db = NULL;
  g_autoptr (CormSchema) live = NULL;
  CormConnection *conn = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  if (strcmp (verb, "--upgrade") == 0)
    describe_history (db, text);
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  if (strcmp (verb, "--migrate") != 0)
    describe_rows (conn, text);
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  gboolean online = strcmp (verb, "--online") == 0;
  if (online)
    describe_uniques (live, text);
  g_autofree char *whole = online ? corm_schema_fingerprint (live) : corm_schema_to_json (live);
  g_string_append (text, whole);
  corm_connection_free (conn);
  return g_string_free (text, FALSE);
}

static guint
number_from (const char *variable, guint usual)
{
  const char *wish = g_getenv (variable);
  return wish != NULL ? (guint) g_ascii_strtoull (wish, NULL, 10) : usual;
}

/* --- the cases ---------------------------------------------------------------------------------------------------- */

static void
race (const char *uri, const char *backend)
{
  guint n = number_from ("CORM_TEST_RACERS", RACERS), n_done = 0;
  g_autofree pid_t *pids = g_new0 (pid_t, n);
  g_autoptr (GHashTable) appliers = g_hash_table_new (NULL, NULL);
  gint64 first = 0, last = 0, begun = g_get_monotonic_time ();
  Event event;
  for (guint i = 0; i < n; i++)
    pids[i] = start (uri);
  while (n_done < n && next_event (&event, begun + PATIENCE_MS * G_TIME_SPAN_MILLISECOND)) {
    if (event.what == BEGINS) {
      g_hash_table_add (appliers, GINT_TO_POINTER ((int) event.pid));
      first = first == 0 ? event.at : first;
    }
    n_done += event.what != BEGINS;
    last = event.at;
  }
  for (guint i = 0; i < n; i++)
    assert_int_equal (end_of (pids[i]), 0);
  assert_int_equal (n_done, n);
  assert_int_equal (g_hash_table_size (appliers), 1);
  print_message ("# %s: %u processes: one applied, the others found nothing to do; %d ms from the first "
                 "statement to the "
                 "last one's end\n",
                 backend, n, (int) ((last - first) / 1000));
}

/* Two processes; the one that is at it is killed @after_us behind its first statement. -1: it had ended before; else the
 * time until the other goes on, in µs. */
static gint64
kill_holder (const char *uri, gint64 after_us)
{
  pid_t pids[2] = { start (uri), start (uri) }, holder = 0;
  gint64 patience = g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND, moment = patience;
  gboolean ended = FALSE;
  Event event;
  while (!ended && next_event (&event, moment)) {
    if (event.what == BEGINS && holder == 0)
      moment = event.at + after_us;
    holder = event.pid;
    ended = event.what != BEGINS;
  }
  assert_true (holder != 0);
  pid_t other = holder == pids[0] ? pids[1] : pids[0];
  if (ended) {
    assert_int_equal (end_of (holder), 0);
    assert_int_equal (end_of (other), 0);
    while (next_event (&event, 0))
      ;
    return -1;
  }
  gint64 killed = g_get_monotonic_time (), went_on = 0;
  kill (holder, SIGKILL);
  while (next_event (&event, patience)) {
    if (event.pid == other && went_on == 0)
      went_on = event.at;
    if (event.pid == other && event.what != BEGINS)
      break;
  }
  assert_int_equal (end_of (holder), -SIGKILL);
  assert_int_equal (end_of (other), 0);
  return MAX (went_on - killed, 0);
}

/* How long an upgrade takes, from its first statement on. */
static gint64
measure (const char *uri)
{
  Event event;
  gint64 first = 0, last = 0;
  pid_t pid = start (uri);
  while (next_event (&event, g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND)) {
    first = first == 0 ? event.at : first;
    last = event.at;
    if (event.what != BEGINS)
      break;
  }
  assert_int_equal (end_of (pid), 0);
  return last - first;
}

typedef char *(*Take) (gpointer data);

static void
kill_many (Take take, gpointer data, const char *backend)
{
  guint n = number_from ("CORM_TEST_KILLS", KILLS), n_killed = 0;
  g_autofree char *uri = take (data);
  gint64 duration = measure (uri), longest = 0, sum = 0;
  g_autofree char *expected = describe (uri);
  g_autoptr (GRand) rand = g_rand_new_with_seed (number_from ("CORM_TEST_SEED", 4));
  for (guint i = 0; n_killed < n && i < n * 10; i++) {
    g_free (uri);
    uri = take (data);
    gint64 took = kill_holder (uri, (gint64) (g_rand_double (rand) * (double) duration));
    g_autofree char *left = describe (uri);
    assert_string_equal (left, expected);
    n_killed += took >= 0;
    longest = MAX (longest, took);
    sum += MAX (took, 0);
  }
  print_message ("# %s: %u holders killed within %d ms of work: the next went on after %d ms at most, %d ms "
                 "on average\n",
                 backend, n_killed, (int) (duration / 1000), (int) (longest / 1000),
                 (int) (sum / MAX (n_killed, 1) / 1000));
  assert_int_equal (n_killed, n);
  assert_true (longest < GOES_ON_MS * G_TIME_SPAN_MILLISECOND);
}

/* The holder is killed in a statement that would go on for half a minute, in the server too. */
static void
kill_in_long_statement (const char *uri, const char *backend)
{
  char *usual = folder;
  folder = long_folder;
  pid_t pids[2] = { start (uri), 0 }, holder = pids[0];
  gint64 patience = g_get_monotonic_time () + PATIENCE_MS * G_TIME_SPAN_MILLISECOND, went_on = 0;
  Event event;
  for (guint i = 0; i < 4; i++) /* the statement is the fourth */
    assert_true (next_event (&event, patience) && event.what == BEGINS);
  pids[1] = start (uri);
  g_usleep (500000);
  gint64 killed = g_get_monotonic_time ();
  kill (holder, SIGKILL);
  while (went_on == 0 && next_event (&event, patience))
    went_on = event.pid == pids[1] ? event.at : 0;
  kill (pids[1], SIGKILL);
  assert_int_equal (end_of (holder), -SIGKILL);
  end_of (pids[1]);
  assert_int_equal (event.what, BEGINS);
  folder = usual;
  print_message ("# %s: killed in a long statement: the next went on after %d ms\n", backend,
                 (int) ((went_on - killed) / 1000));
  assert_true (went_on - killed < GOES_ON_MS * G_TIME_SPAN_MILLISECOND);
}

static const char *
name_of (void **state)
{
  return places_backends ()[GPOINTER_TO_UINT (*state)];
}

static void
many_upgrade_at_once (void **state)
{
  verb = "--upgrade";
  g_autofree char *uri = fresh_uri (state);
  race (uri, name_of (state));
}

static void
many_migrate_at_once (void **state)
{
  verb = "--migrate";
  g_autofree char *uri = fresh_uri (state);
  race (uri, name_of (state));
}

static char *
take_fresh (gpointer state)
{
  return fresh_uri (state);
}

static void
a_holder_that_upgrades_is_killed (void **state)
{
  verb = "--upgrade";
  kill_many (take_fresh, state, name_of (state));
}

static void
a_holder_that_migrates_is_killed (void **state)
{
  verb = "--migrate";
  kill_many (take_fresh, state, name_of (state));
}

/* @uri with what is to be changed. */
static char *
filled (char *uri)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (online_before); i++)
    fresh_run (conn, online_before[i]);
  corm_connection_free (conn);
  return uri;
}

static char *
take_filled (gpointer state)
{
  return filled (fresh_uri (state));
}

/* An index that was half built is made anew, what is NOT VALID validated, nothing made twice: describe() tells. */
static void
a_holder_is_killed_step_by_step (void **state)
{
  verb = "--online";
  kill_many (take_filled, state, name_of (state));
}

static void
a_holder_is_killed_in_a_long_statement (void **state)
{
  verb = "--upgrade";
  g_autofree char *uri = fresh_uri (state);
  kill_in_long_statement (uri, name_of (state));
}

/* --- through a pooler that gives a connection for a transaction --------------------------------------------------- */

static char *
take_pooled (G_GNUC_UNUSED gpointer data)
{
  const char *uri = g_getenv ("CORM_TEST_PGSQL_POOLED");
  CormConnection *conn = NULL;
  if (uri == NULL) {
    print_message ("# skip pgbouncer or PostgreSQL is not installed\n");
    skip ();
  }
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  fresh_run (conn, "DROP SCHEMA public CASCADE");
  fresh_run (conn, "CREATE SCHEMA public");
  corm_connection_free (conn);
  return g_strdup (uri);
}

static void
many_start_at_once_through_a_pooler (G_GNUC_UNUSED void **state)
{
  verb = "--upgrade";
  g_autofree char *uri = take_pooled (NULL);
  race (uri, "pgsql through pgbouncer");
}

static void
the_holder_is_killed_behind_a_pooler (G_GNUC_UNUSED void **state)
{
  verb = "--upgrade";
  kill_many (take_pooled, NULL, "pgsql through pgbouncer");
}

static char *
take_pooled_filled (gpointer data)
{
  return filled (take_pooled (data));
}

static void
a_holder_is_killed_step_by_step_behind_a_pooler (G_GNUC_UNUSED void **state)
{
  verb = "--online";
  kill_many (take_pooled_filled, NULL, "pgsql through pgbouncer");
}

static void
a_long_statement_is_killed_behind_a_pooler (G_GNUC_UNUSED void **state)
{
  verb = "--upgrade";
  g_autofree char *uri = take_pooled (NULL);
  kill_in_long_statement (uri, "pgsql through pgbouncer");
}

static char *
make_folder (const File *list, guint n)
{
  const char *place = g_getenv ("CORM_TEST_TMP");
  char *path = g_build_filename (place != NULL ? place : g_get_tmp_dir (), "race-XXXXXX", NULL);
  gboolean ok = g_mkdtemp (path) != NULL;
  for (guint i = 0; ok && i < n; i++) {
    g_autofree char *file = g_build_filename (path, list[i].name, NULL);
    ok = g_file_set_contents (file, list[i].text, -1, NULL);
  }
  return ok ? path : NULL;
}

static int
begin (G_GNUC_UNUSED void **state)
{
  folder = make_folder (files, G_N_ELEMENTS (files));
  long_folder = make_folder (long_files, G_N_ELEMENTS (long_files));
  return folder != NULL && long_folder != NULL && pipe (ends) == 0 ? 0 : -1;
}

static int
end (void **state)
{
  g_free (folder);
  g_free (long_folder);
  return fresh_end (state);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--upgrade") == 0)
    return upgrade (argv);
  if (argc == 5 && (strcmp (argv[1], "--migrate") == 0 || strcmp (argv[1], "--online") == 0))
    return migrate (argv);
  const struct CMUnitTest tests[] = {
    FRESH_ON (many_upgrade_at_once, 0),
    FRESH_ON (many_upgrade_at_once, 1),
    FRESH_ON (many_upgrade_at_once, 2),
    FRESH_ON (many_migrate_at_once, 0),
    FRESH_ON (many_migrate_at_once, 1),
    FRESH_ON (many_migrate_at_once, 2),
    FRESH_ON (a_holder_that_upgrades_is_killed, 0),
    FRESH_ON (a_holder_that_upgrades_is_killed, 1),
    FRESH_ON (a_holder_that_upgrades_is_killed, 2),
    FRESH_ON (a_holder_that_migrates_is_killed, 0),
    FRESH_ON (a_holder_that_migrates_is_killed, 1),
    FRESH_ON (a_holder_that_migrates_is_killed, 2),
    FRESH_ON (a_holder_is_killed_step_by_step, 0),
    FRESH_ON (a_holder_is_killed_step_by_step, 1),
    FRESH_ON (a_holder_is_killed_step_by_step, 2),
    FRESH_ON (a_holder_is_killed_in_a_long_statement, 1),
    FRESH_ON (a_holder_is_killed_in_a_long_statement, 2),
    cmocka_unit_test (many_start_at_once_through_a_pooler),
    cmocka_unit_test (the_holder_is_killed_behind_a_pooler),
    cmocka_unit_test (a_holder_is_killed_step_by_step_behind_a_pooler),
    cmocka_unit_test (a_long_statement_is_killed_behind_a_pooler),
  };
  return cmocka_run_group_tests_name ("migrate-race", tests, begin, end);
}
