/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a repeated find allocates: its result and nothing else. Counted are the calls that come from Corm and from GLib, which
 * allocates for it; not those of the databases' own libraries, and not the generic driver's, which prepares nothing. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr() */
#endif
#include "config.h"

#include "people.h"

#include <dlfcn.h>

#if !defined CORM_SANITIZED && !defined CORM_TINY

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *block, size_t size);

static _Thread_local guint n_counted;
static _Thread_local gboolean counting;

/* A call from Corm, from GLib or from this program. */
static void
count (const void *caller)
{
  Dl_info info;
  if (!counting)
    return;
  counting = FALSE;
  if (dladdr (caller, &info) != 0 && info.dli_fname != NULL &&
      (strstr (info.dli_fname, "libcorm") != NULL || strstr (info.dli_fname, "libglib") != NULL))
    n_counted++;
  counting = TRUE;
}

/* For the libraries to find them. */
#define SEEN __attribute__ ((visibility ("default")))

SEEN void *
malloc (size_t size)
{
  count (__builtin_return_address (0));
  return __libc_malloc (size);
}

SEEN void *
calloc (size_t n, size_t size)
{
  count (__builtin_return_address (0));
  return __libc_calloc (n, size);
}

SEEN void *
realloc (void *block, size_t size)
{
  count (__builtin_return_address (0));
  return __libc_realloc (block, size);
}

static void
begin_counting (void)
{
  n_counted = 0;
  counting = TRUE;
}

static guint
end_counting (void)
{
  counting = FALSE;
  return n_counted;
}

enum { N_ROWS = 100 };

static void
fill (Suite *suite)
{
  Word words[N_ROWS];
  char names[N_ROWS][40];
  for (guint i = 0; i < N_ROWS; i++) {
    g_snprintf (names[i], sizeof names[i], "a word of some length, and %u", i);
    words[i] = (Word){ .word = names[i], .count = (gint32) i };
  }
  assert_ok (corm_bulk_insert (Word, suite->conn, words, N_ROWS, error));
}

static guint
count_find (Suite *suite, gint32 most)
{
  begin_counting ();
  CormRows *rows = corm_find (Word, suite->conn, NULL, .where = CORM_LT (Word, count, most),
                              .order = CORM_ORDER (CORM_ASC (Word, count)));
  guint n = end_counting ();
  assert_int_equal (corm_rows_get_length (rows), most);
  corm_rows_free (rows);
  return n;
}

static void
a_repeated_find_allocates_its_result (Suite *suite)
{
  fill (suite);
  guint first = count_find (suite, 1);
  guint one = 0, many = 0;
  for (guint i = 0; i < 3; i++)
    one = count_find (suite, 1), many = count_find (suite, N_ROWS);
  print_message ("# %s: %u at first, then %u for one row and %u for %d\n", suite->backend, first, one, many,
                 N_ROWS);
  assert_int_equal (one, 1); /* rows and their texts lie in one block, as long as they are few */
  assert_true (many <= 2);
}

static void
a_repeated_get_allocates_its_row (Suite *suite)
{
  fill (suite);
  guint n = 0;
  for (guint i = 0; i < 3; i++) {
    begin_counting ();
    Word *word = corm_get (Word, suite->conn, NULL, .word = "a word of some length, and 7");
    n = end_counting ();
    assert_int_equal (word->count, 7);
    word_free (word);
  }
  print_message ("# %s: %u\n", suite->backend, n);
  assert_int_equal (n, 1);
}

static const SuiteCase cases[] = {
  { "a repeated find allocates its result", a_repeated_find_allocates_its_result, CORM_CAP_STREAMING },
  { "a repeated get allocates its row", a_repeated_get_allocates_its_row, CORM_CAP_STREAMING },
};

int
main (void)
{
  return SUITE_RUN (people, cases);
}
#else
int
main (void)
{
  puts ("1..1\nok 1 - allocations # SKIP a sanitizer has an allocator of its own, and shrunken blocks are "
        "many");
  return 0;
}
#endif
