/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The policy of retry as a table: when the next attempt is made, and when none is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/retry.h"

#define MS 1000
#define HIGH G_MAXUINT32

typedef struct {
  const char *what;
  CormTransactOptions options;
  guint done;
  gint64 elapsed; /* ms */
  guint32 dice;
  gint64 pause; /* µs; -1: no other attempt */
} Row;

static const Row rows[] = {
  { "the first pause is short", { 0 }, 1, 0, 0, 2 * MS },
  { "and at least half of that", { 0 }, 1, 0, HIGH, 1 * MS },
  { "doubled", { 0 }, 2, 0, 0, 4 * MS },
  { "doubled again", { 0 }, 3, 10, 0, 8 * MS },
  { "scattered over its half", { 0 }, 3, 10, HIGH / 2 + 1, 6 * MS },
  { "up to the longest", { 0 }, 9, 1000, 0, 500 * MS },
  { "and not beyond, however often", { 0 }, 4000000000u, 1000, 0, 500 * MS },
  { "until the time is over", { 0 }, 100, 29500, 0, 500 * MS },
  { "nothing that would end later", { 0 }, 100, 29501, 0, -1 },
  { "nor long behind", { 0 }, 1, 1000 * 1000, HIGH, -1 },
  { "one attempt is one attempt", { .attempts = 1 }, 1, 0, 0, -1 },
  { "three: a pause behind the second", { .attempts = 3 }, 2, 0, 0, 4 * MS },
  { "three: none behind the third", { .attempts = 3 }, 3, 0, 0, -1 },
  { "pauses of the caller's", { .first_wait_ms = 100, .longest_wait_ms = 250 }, 2, 0, 0, 200 * MS },
  { "the longest of the caller's", { .first_wait_ms = 100, .longest_wait_ms = 250 }, 3, 0, 0, 250 * MS },
  { "the first longer than the longest", { .first_wait_ms = 100, .longest_wait_ms = 10 }, 1, 0, 0, 10 * MS },
  { "the widest numbers",
    { .first_wait_ms = G_MAXUINT, .longest_wait_ms = G_MAXUINT, .retry_ms = G_MAXUINT },
    40,
    0,
    0,
    (gint64) G_MAXUINT *MS },
  { "a time of the caller's", { .retry_ms = 10 }, 1, 8, 0, 2 * MS },
  { "which is over", { .retry_ms = 10 }, 1, 9, 0, -1 },
};

static void
the_table (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    CormTransactOptions options = corm_transact_options_complete (&rows[i].options);
    gint64 pause = corm_retry_get_pause (&options, rows[i].done, rows[i].elapsed * MS, rows[i].dice);
    if (ABS (pause - rows[i].pause) > 1)
      fail_msg ("%s: %d instead of %d", rows[i].what, (int) pause, (int) rows[i].pause);
  }
}

static void
no_options_are_the_defaults (G_GNUC_UNUSED void **state)
{
  CormTransactOptions options = corm_transact_options_complete (NULL);
  assert_int_equal (options.attempts, G_MAXUINT);
  assert_int_equal (options.retry_ms, 30000);
  assert_int_equal (options.deadline_ms, 0);
  assert_false (options.token);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_table),
    cmocka_unit_test (no_options_are_the_defaults),
  };
  return cmocka_run_group_tests_name ("retry", tests, NULL, NULL);
}
