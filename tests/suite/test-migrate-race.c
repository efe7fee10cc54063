/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many programs upgrade a database at once: one applies, the others wait and find nothing to do. Whoever is at it is
 * killed at odd moments: the next goes on within two seconds, and in the end history and schema are those of an upgrade
 * that nobody disturbed. CORM_TEST_RACERS and CORM_TEST_KILLS say how many. */
#include "../lib/fresh.h"

#include <corm/corm.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RACERS = 8, KILLS = 8, PATIENCE_MS = 60000, GOES_ON_MS = 2000 };

static const struct {
  const char *name, *text;
} files[] = {
  { "01_people.sql",
    "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40));\n"
    "INSERT INTO people (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');\n"
    "INSERT INTO people (id, name) SELECT id + 4, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT id + 8, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT id + 16, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT id + 32, name FROM people;\n"
    "INSERT INTO people (id, name) SELECT a.id * 64 + b.id, b.name FROM people a CROSS JOIN people b;\n" },
  { "02_places.sql",
    "CREATE TABLE places (id INTEGER NOT NULL PRIMARY KEY, label VARCHAR(40) NOT NULL);\n"
    "CREATE INDEX places_label ON places (label);\nINSERT INTO places VALUES (1, 'here');\n" },
  { "03_visits.sql",
    "CREATE TABLE visits (id INTEGER NOT NULL PRIMARY KEY, place_id INTEGER);\n"
    "ALTER TABLE visits ADD COLUMN note VARCHAR(10);\nINSERT INTO visits VALUES (1, 1, 'x');\n" },
  { "04_index.sql",
    "-- corm:only pgsql\n-- corm:no-transaction\nCREATE INDEX CONCURRENTLY people_name ON people (name);\n"
    "CREATE INDEX CONCURRENTLY people_both ON people (name, id);\n" },
  { "05_index.sql", "-- corm:only sqlite3 mysql\nCREATE INDEX people_name ON people (name);\n"
                    "CREATE INDEX people_both ON people (name, id);\n" },
  { "06_steps.sql",
    "-- corm:no-transaction\nINSERT INTO places VALUES (2, 'there');\nCREATE TABLE tags (id INTEGER NOT NULL "
    "PRIMARY KEY);\nINSERT INTO tags VALUES (1);\nUPDATE tags SET id = id + 1;\n" },
};

/* What the processes tell, one write each, so that they stay whole. */
typedef struct {
  pid_t pid;
  enum { BEGINS, DONE, FAILED } what;
  gint64 at; /* monotonic, the same for all processes */
} Event;

static const char *folder;
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

static pid_t
start (const char *uri)
{
  g_autofree char *fd = g_strdup_printf ("%d", ends[1]);
  char *argv[] = {
    (char *) "test-migrate-race", (char *) "--upgrade", (char *) uri, (char *) folder, fd, NULL
  };
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

/* The schema, the history without its times, and what the rows amount to. */
static char *
describe (const char *uri)
{
  static const char *const queries[] = { "SELECT count(*) FROM people", "SELECT sum(id) FROM people",
                                         "SELECT count(*) FROM places", "SELECT count(*) FROM visits",
                                         "SELECT sum(id) FROM tags" };
  GString *text = g_string_new (NULL);
  g_autoptr (CormDb) db = NULL;
  g_autoptr (CormSchema) schema = NULL;
  g_autoptr (CormMigrations) set = NULL;
  g_autoptr (GPtrArray) list = NULL;
  CormConnection *conn = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  assert_ok ((set = corm_migrations_open_folder (folder, error)) != NULL);
  assert_ok ((list = corm_migrations_list (set, db, error)) != NULL);
  for (guint i = 0; i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    g_string_append_printf (text, "%s %s: %d\n", info->version, info->name, info->state);
  }
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autofree char *value = fresh_text (conn, queries[i]);
    g_string_append_printf (text, "%s: %s\n", queries[i], value);
  }
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  g_autofree char *json = corm_schema_to_json (schema);
  g_string_append (text, json);
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

static void
many_start_at_once (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  race (uri, places_backends ()[GPOINTER_TO_UINT (*state)]);
}

static char *
take_fresh (gpointer state)
{
  return fresh_uri (state);
}

static void
the_holder_is_killed (void **state)
{
  kill_many (take_fresh, state, places_backends ()[GPOINTER_TO_UINT (*state)]);
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
  g_autofree char *uri = take_pooled (NULL);
  race (uri, "pgsql through pgbouncer");
}

static void
the_holder_is_killed_behind_a_pooler (G_GNUC_UNUSED void **state)
{
  kill_many (take_pooled, NULL, "pgsql through pgbouncer");
}

static int
begin (G_GNUC_UNUSED void **state)
{
  const char *place = g_getenv ("CORM_TEST_TMP");
  g_autofree char *template =
      g_build_filename (place != NULL ? place : g_get_tmp_dir (), "race-XXXXXX", NULL);
  folder = g_mkdtemp (g_steal_pointer (&template));
  for (guint i = 0; folder != NULL && i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (folder, files[i].name, NULL);
    if (!g_file_set_contents (path, files[i].text, -1, NULL))
      return -1;
  }
  return folder != NULL && pipe (ends) == 0 ? 0 : -1;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "--upgrade") == 0)
    return upgrade (argv);
  const struct CMUnitTest tests[] = {
    FRESH_ON (many_start_at_once, 0),
    FRESH_ON (many_start_at_once, 1),
    FRESH_ON (many_start_at_once, 2),
    FRESH_ON (the_holder_is_killed, 0),
    FRESH_ON (the_holder_is_killed, 1),
    FRESH_ON (the_holder_is_killed, 2),
    cmocka_unit_test (many_start_at_once_through_a_pooler),
    cmocka_unit_test (the_holder_is_killed_behind_a_pooler),
  };
  return cmocka_run_group_tests_name ("migrate-race", tests, begin, fresh_end);
}
