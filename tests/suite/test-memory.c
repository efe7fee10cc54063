/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Memory ends in the middle of the scenarios of faulty.c, on SQLite: one allocation of Corm, of GLib for it or of SQLite fails, or
 * all from it on. The process reports an error or is ended by GLib; the database is as before or as after, sound, and free.
 * CORM_TEST_ALLOCATIONS=all tries every allocation, else so many of each scenario; CORM_TEST_CASES=GLOB these scenarios. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr() */
#endif
#include "config.h"

#include "faulty.h"

#if defined HAVE_SQLITE3 && !defined CORM_SANITIZED
#include "../lib/place.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *block, size_t size);

enum { SQLITE3, FEW = 8 };

/* Shared with the process that works. */
static struct {
  gint armed, seen; /* atomic */
  gint nth;         /* 0: none fails */
  gboolean for_good;
  gboolean ok;
  char message[400];
} * memory;

static _Thread_local gboolean looking;

/* Whether the call from @caller is to fail. */
static gboolean
ends (const void *caller)
{
  static const char *const libraries[] = { "libcorm", "libglib", "libsqlite3.so" };
  Dl_info info = { 0 };
  gboolean counts = FALSE;
  if (memory == NULL || !g_atomic_int_get (&memory->armed) || looking)
    return FALSE;
  looking = TRUE;
  if (dladdr (caller, &info) != 0 && info.dli_fname != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (libraries); i++)
      counts |= strstr (info.dli_fname, libraries[i]) != NULL;
  looking = FALSE;
  gint at = counts ? g_atomic_int_add (&memory->seen, 1) + 1 : 0;
  if (at == 0 || memory->nth == 0 || (memory->for_good ? at < memory->nth : at != memory->nth))
    return FALSE;
  errno = ENOMEM;
  return TRUE;
}

/* For the libraries to find them. */
#define SEEN __attribute__ ((visibility ("default")))

SEEN void *
malloc (size_t size)
{
  return ends (__builtin_return_address (0)) ? NULL : __libc_malloc (size);
}

SEEN void *
calloc (size_t n, size_t size)
{
  return ends (__builtin_return_address (0)) ? NULL : __libc_calloc (n, size);
}

SEEN void *
realloc (void *block, size_t size)
{
  return ends (__builtin_return_address (0)) ? NULL : __libc_realloc (block, size);
}

/* --- one attempt ----------------------------------------------------------------------------------------------- */

static guint
count_files (void)
{
  guint n = 0;
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Behind an error each connection can be had again, and none is left where all are freed. */
static gboolean
is_free (Stage *stage, guint n_files)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = stage_check_pools (stage, &error);
  stage_clear (stage);
  guint left = count_files ();
  if (!ok || left != n_files)
    g_printerr ("left behind: %s, %u files where %u were\n", ok ? "nothing" : error->message, left, n_files);
  return ok && left == n_files;
}

/* Does not return. Its last words go to the file @words. */
static void
work_apart (const Scenario *scenario, Stage *stage, const char *words)
{
  const struct rlimit none = { 0, 0 };
  g_autoptr (GError) error = NULL;
  int fd = open (words, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  setrlimit (RLIMIT_CORE, &none);
  dup2 (fd, STDERR_FILENO);
  guint n_files = count_files ();
  g_atomic_int_set (&memory->armed, TRUE);
  gboolean ok = scenario->work (stage, &error);
  g_atomic_int_set (&memory->armed, FALSE);
  memory->ok = ok;
  if (error != NULL)
    g_strlcpy (memory->message, error->message, sizeof memory->message);
  _exit (ok != (error == NULL) ? 3 : is_free (stage, n_files) ? 0 : 4);
}

/* TRUE: it came to an end by itself. */
static gboolean
attempt (const Scenario *scenario, Stage *stage, gint nth, gboolean for_good)
{
  int status = 0;
  g_autofree char *words = g_strconcat (strchr (stage->uri, ':') + 1, ".words", NULL), *said = NULL;
  memset (memory, 0, sizeof *memory);
  memory->nth = nth;
  memory->for_good = for_good;
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0)
    work_apart (scenario, stage, words);
  assert_int_equal (waitpid (pid, &status, 0), pid);
  memory->armed = FALSE;
  assert_true (g_file_get_contents (words, &said, NULL, NULL));
  g_unlink (words);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;
  gboolean by_glib =
      WIFSIGNALED (status) && (WTERMSIG (status) == SIGTRAP || WTERMSIG (status) == SIGABRT) &&
      (strstr (said, "failed to allocate") != NULL || strstr (said, "Cannot allocate memory") != NULL);
  if (!by_glib)
    fail_msg ("%s, allocation %d%s: status %x: %s", scenario->name, nth, for_good ? " and all behind it" : "",
              (guint) status, said);
  return FALSE;
}

/* --- its judge ------------------------------------------------------------------------------------------------- */

static void
assert_sound (const char *uri)
{
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  g_autofree char *says = suite_text (conn, "PRAGMA integrity_check");
  assert_string_equal (says, "ok");
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

typedef struct {
  const Scenario *scenario;
  char *before, *after;
  guint n_tried, n_aborted, n_errors, n_after;
} Trial;

/* libdbi tells no more of an open that failed, SQLite of a temporary file, and the planner of a measure that it could do
 * without. */
static gboolean
says_why (const char *message)
{
  return strstr (message, "memory") != NULL ||
         strstr (message, "libdbi could not establish a connection") != NULL ||
         strstr (message, "unable to open a temporary database file") != NULL ||
         strstr (message, "rolled the transaction back after an error") != NULL;
}

static void
judge (Trial *trial, Stage *stage, gint nth, gboolean ended)
{
  const Scenario *scenario = trial->scenario;
  assert_sound (stage->uri);
  if (stage->other != NULL)
    assert_sound (stage->other);
  g_autofree char *now = stage_observe (stage, NULL);
  gboolean is_before = strcmp (now, trial->before) == 0, is_after = strcmp (now, trial->after) == 0;
  if ((!is_before && !is_after && !scenario->in_steps) || (ended && memory->ok && !is_after) ||
      (ended && !memory->ok && !is_before && !scenario->in_steps))
    fail_msg ("%s, allocation %d: %s: %s", scenario->name, nth,
              !ended       ? "aborted"
              : memory->ok ? "success"
                           : memory->message,
              now);
  if (ended && !memory->ok && !says_why (memory->message))
    fail_msg ("%s, allocation %d: the error does not say what happened: %s", scenario->name, nth,
              memory->message);
  trial->n_tried++;
  trial->n_aborted += !ended;
  trial->n_errors += ended && !memory->ok;
  trial->n_after += is_after;
  if (!is_after)
    assert_ok (scenario->go_on (stage, error));
  stage_clear (stage);
  g_autofree char *then = stage_observe (stage, NULL);
  assert_string_equal (then, trial->after);
}

static void
each_allocation (void **state)
{
  static Places *places;
  const char *missing, *text = g_getenv ("CORM_TEST_ALLOCATIONS");
  const Scenario *scenario = *state;
  Trial trial = { .scenario = scenario };
  gint n = 0, step = 1;
  if (places == NULL)
    places = places_new (SQLITE3, &missing);
  for (gint nth = 0; nth == 0 || nth <= n; nth += nth == 0 ? 1 + step / 2 : step) {
    Stage stage = { .uri = places_take (places) };
    assert_ok (scenario->prepare (&stage, error));
    stage_clear (&stage);
    if (nth == 0)
      trial.before = stage_observe (&stage, NULL);
    gboolean ended = attempt (scenario, &stage, nth, nth / step % 2 == 1);
    if (nth > 0) {
      judge (&trial, &stage, nth, ended);
    } else {
      assert_true (memory->ok);
      trial.after = stage_observe (&stage, NULL);
      n = memory->seen;
      gint few = text != NULL ? (gint) g_ascii_strtoll (text, NULL, 10) : FEW;
      step = g_strcmp0 (text, "all") == 0 ? 1 : MAX (n / MAX (few, 1), 1);
    }
    stage_end (&stage);
  }
  print_message ("# %s: one of %d allocations failed, or all from it on: %u tried, %u ended by GLib, %u "
                 "errors; %u as after, all others as before or to be taken up\n",
                 scenario->name, n, trial.n_tried, trial.n_aborted, trial.n_errors, trial.n_after);
  assert_true (trial.n_aborted > 0);
  g_free (trial.before);
  g_free (trial.after);
  if (scenario == &scenarios[n_scenarios - 1])
    g_clear_pointer (&places, places_free);
}

int
main (void)
{
  struct CMUnitTest tests[20] = { 0 };
  memory = mmap (NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert (n_scenarios <= G_N_ELEMENTS (tests));
  if (g_getenv ("CORM_TEST_CASES") != NULL)
    cmocka_set_test_filter (g_getenv ("CORM_TEST_CASES"));
  for (guint i = 0; i < n_scenarios; i++)
    tests[i] = (struct CMUnitTest){ .name = scenarios[i].name,
                                    .test_func = each_allocation,
                                    .initial_state = (gpointer) &scenarios[i] };
  return _cmocka_run_group_tests ("memory", tests, n_scenarios, NULL, NULL);
}
#else
int
main (void)
{
  puts ("1..1\nok 1 - memory # SKIP a sanitizer has an allocator of its own, or there is no native driver of "
        "SQLite");
  return 0;
}
#endif
