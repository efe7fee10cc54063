/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every reader of text that others wrote: no input ends the program, an error is set if and only if there is no result,
 * and what was read, written and read again is the same. Each target takes its kept inputs and CORM_FUZZ_CASES (2000)
 * changed ones from CORM_TEST_SEED (1); an input that ends the program is left in a file.
 *
 *   fuzz-readers            every target
 *   fuzz-readers TARGET     one
 *   fuzz-readers TARGET FILE…   these inputs alone
 *
 * With clang's libFuzzer CORM_FUZZ_TARGET names the target: README.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mutate.h"
#include "target.h"

#include <corm/error.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const FuzzTarget *const tables[] = { fuzz_text_targets, fuzz_value_targets, fuzz_schema_targets,
                                            fuzz_file_targets, fuzz_cell_targets };

/* --- what targets say ------------------------------------------------------------------------------------------------ */

void
fuzz_complain (const char *what, const char *text)
{
  g_autofree char *shown = g_strescape (text, NULL);
  g_printerr ("%s: \"%s\"\n", what, shown);
  abort ();
}

void
fuzz_check_error (gboolean succeeded, const GError *error, const char *text)
{
  if (succeeded && error != NULL)
    fuzz_complain ("an error beside a result", text);
  if (!succeeded && error == NULL)
    fuzz_complain ("neither a result nor an error", text);
  if (error != NULL && (error->domain != CORM_ERROR || error->message[0] == '\0'))
    fuzz_complain ("an error that is none of Corm's, or without words", text);
  if (error != NULL && g_utf8_validate (text, -1, NULL) && !g_utf8_validate (error->message, -1, NULL))
    fuzz_complain ("an error that is not UTF-8", text);
}

void
fuzz_check_same (const char *what, const char *a, const char *b, const char *text)
{
  if (g_strcmp0 (a, b) == 0)
    return;
  g_printerr ("first:  %s\nsecond: %s\n", a != NULL ? a : "(none)", b != NULL ? b : "(none)");
  fuzz_complain (what, text);
}

/* NULL: there is none of that name. */
static const FuzzTarget *
find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const FuzzTarget *target = tables[i]; target->name != NULL; target++)
      if (g_strcmp0 (target->name, name) == 0)
        return target;
  return NULL;
}

/* --- libFuzzer -------------------------------------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* GLib ends a program so, of which libFuzzer knows nothing. */
static void
abort_instead (int sig G_GNUC_UNUSED)
{
  abort ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const FuzzTarget *target;
  if (target == NULL && (target = find (g_getenv ("CORM_FUZZ_TARGET"))) == NULL)
    g_error ("CORM_FUZZ_TARGET names no target");
  signal (SIGTRAP, abort_instead);
  target->run (data, size);
  return 0;
}

#ifndef CORM_LIBFUZZER

/* --- what is run, in case that it ends the program ---------------------------------------------------------------------- */

static char *found; /* the file's name */
static const guint8 *current;
static volatile gsize current_size;

static void
keep_input (int sig)
{
  int fd = open (found, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  signal (sig, SIG_DFL);
  if (fd >= 0 && write (fd, current, current_size) == (gssize) current_size &&
      write (2, found, strlen (found)) > 0 && write (2, " has the input\n", 15) > 0)
    close (fd);
  raise (sig);
}

static void
run (const FuzzTarget *target, const guint8 *data, gsize size)
{
  current = data;
  current_size = size;
  target->run (data, size);
}

/* --- the plain runner ----------------------------------------------------------------------------------------------------- */

static guint64
number_from (const char *variable, guint64 otherwise)
{
  const char *text = g_getenv (variable);
  return text != NULL ? g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static void
run_file (const FuzzTarget *target, const char *path, GPtrArray *inputs)
{
  char *text;
  gsize size;
  if (!g_file_get_contents (path, &text, &size, NULL))
    fail_msg ("cannot read %s", path);
  run (target, (const guint8 *) text, size);
  g_ptr_array_add (inputs, g_bytes_new_take (text, size));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* In the order of their names, so that a seed says which inputs come. */
static GPtrArray *
kept_inputs (const FuzzTarget *target)
{
  const char *top = g_getenv ("CORM_TEST_SRCDIR");
  g_autofree char *folder =
      g_build_filename (top != NULL ? top : ".", "tests/fuzz/corpus", target->name, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  for (guint i = 0; i < paths->len; i++)
    run_file (target, paths->pdata[i], inputs);
  guint n = inputs->len;
  if (target->seed != NULL)
    target->seed (inputs);
  for (guint i = n; i < inputs->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (inputs->pdata[i], &size);
    run (target, data, size);
  }
  if (inputs->len == 0)
    fail_msg ("%s has no input: set CORM_TEST_SRCDIR to the source tree", folder);
  return inputs;
}

/* Over cmocka's handlers, which would go on. */
static void
keep_what_ends_it (const FuzzTarget *target)
{
  static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
  const char *build = g_getenv ("CORM_TEST_BUILDDIR");
  g_autofree char *folder =
      build != NULL ? g_build_filename (build, "tests/log", NULL) : g_strdup (g_get_tmp_dir ());
  g_free (found);
  found = g_strdup_printf ("%s/fuzz-readers-%s", folder, target->name);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    signal (signals[i], keep_input);
}

/* However deep something is nested, the stack lasts. */
static void
run_deep (const FuzzTarget *target)
{
  static const char *const nests[] = { "[", "(", "{\"a\":", "/*", "- ", "BEGIN ", "((a)", "\"" };
  enum { DEPTH = 50000 };
  for (guint i = 0; i < G_N_ELEMENTS (nests); i++) {
    g_autoptr (GString) text = g_string_new (target->deep);
    for (guint n = 0; n < DEPTH; n++)
      g_string_append (text, nests[i]);
    run (target, (const guint8 *) text->str, text->len);
  }
}

static void
hold (void **state)
{
  const FuzzTarget *target = *state;
  guint64 n = number_from ("CORM_FUZZ_CASES", 2000), seed = number_from ("CORM_TEST_SEED", 1);
  Hostile hostile = { seed };
  gint64 start = g_get_monotonic_time ();
  keep_what_ends_it (target);
  g_autoptr (GPtrArray) inputs = kept_inputs (target);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  for (guint64 i = 0; i < n; i++) {
    mutate (&hostile, inputs, input);
    run (target, input->data, input->len);
  }
  run_deep (target);
  print_message ("# %s: %u kept inputs and %" G_GUINT64_FORMAT " changed ones from seed %" G_GUINT64_FORMAT
                 ", %.1f s\n",
                 target->name, inputs->len, n, seed, (double) (g_get_monotonic_time () - start) / 1e6);
}

static int
run_files (const FuzzTarget *target, char **paths)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (; *paths != NULL; paths++)
    run_file (target, *paths, inputs);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GArray) tests = g_array_new (FALSE, TRUE, sizeof (struct CMUnitTest));
  if (argc > 2)
    return run_files (find (argv[1]), argv + 2);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const FuzzTarget *target = tables[i]; target->name != NULL; target++) {
      struct CMUnitTest test = { .name = target->name, .test_func = hold, .initial_state = (void *) target };
      if (argc < 2 || strcmp (argv[1], target->name) == 0)
        g_array_append_val (tests, test);
    }
  return _cmocka_run_group_tests ("fuzz-readers", (const struct CMUnitTest *) (gpointer) tests->data,
                                  tests->len, NULL, NULL);
}
#endif
