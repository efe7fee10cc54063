/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Threads in line: served in the order in which they came, one at a time, none forgotten when one gives up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/line.h"

#include <sys/wait.h>
#include <unistd.h>

enum { N_THREADS = 8, N_TURNS = 2000 };

typedef struct {
  CormTurn *turn;
  guint n_turns;
  guint *total; /* guarded by the turn alone */
  guint at_end; /* of all turns, when this thread had its only one */
  gboolean got;
  int gave_up; /* atomic */
} Worker;

static gint64
soon (guint ms)
{
  return g_get_monotonic_time () + ms * 1000;
}

static gpointer
take_turns (gpointer data)
{
  Worker *self = data;
  for (guint i = 0; i < N_TURNS; i++) {
    g_assert_true (corm_turn_take (self->turn, soon (60000)));
    ++*self->total;
    self->n_turns++;
    corm_turn_give (self->turn);
  }
  return NULL;
}

static guint
count_waiting (CormTurn *turn)
{
  g_mutex_lock (&turn->mutex);
  guint n = turn->line.waiting.length;
  g_mutex_unlock (&turn->mutex);
  return n;
}

static void
one_at_a_time (G_GNUC_UNUSED void **state)
{
  CormTurn turn;
  guint total = 0;
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  corm_turn_init (&turn);
  assert_true (corm_turn_take (&turn, soon (1000))); /* all are there before the first begins */
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){ .turn = &turn, .total = &total };
    threads[i] = g_thread_new ("worker", take_turns, &workers[i]);
  }
  while (count_waiting (&turn) < N_THREADS)
    g_usleep (1000);
  corm_turn_give (&turn);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  assert_int_equal (total, N_THREADS * N_TURNS);
  corm_turn_clear (&turn);
}

static gpointer
take_one_turn (gpointer data)
{
  Worker *self = data;
  self->got = corm_turn_take (self->turn, soon (60000));
  self->at_end = (*self->total)++;
  corm_turn_give (self->turn);
  return NULL;
}

static void
who_came_first_is_first (G_GNUC_UNUSED void **state)
{
  CormTurn turn;
  guint total = 0;
  Worker workers[N_THREADS];
  GThread *threads[N_THREADS];
  corm_turn_init (&turn);
  assert_true (corm_turn_take (&turn, 0));
  for (guint i = 0; i < N_THREADS; i++) {
    workers[i] = (Worker){ .turn = &turn, .total = &total };
    threads[i] = g_thread_new ("worker", take_one_turn, &workers[i]);
    while (count_waiting (&turn) < i + 1)
      g_usleep (100);
  }
  corm_turn_give (&turn);
  for (guint i = 0; i < N_THREADS; i++) {
    g_thread_join (threads[i]);
    assert_true (workers[i].got);
    assert_int_equal (workers[i].at_end, i);
  }
  corm_turn_clear (&turn);
}

static gpointer
wait_briefly (gpointer data)
{
  Worker *self = data;
  self->got = corm_turn_take (self->turn, soon (200));
  g_atomic_int_set (&self->gave_up, 1);
  return NULL;
}

static gpointer
wait_long (gpointer data)
{
  Worker *self = data;
  self->got = corm_turn_take (self->turn, soon (60000));
  return NULL;
}

static void
who_gives_up_is_passed_over (G_GNUC_UNUSED void **state)
{
  CormTurn turn;
  corm_turn_init (&turn);
  Worker brief = { .turn = &turn }, patient = { .turn = &turn };
  assert_true (corm_turn_take (&turn, 0));
  GThread *first = g_thread_new ("brief", wait_briefly, &brief);
  while (count_waiting (&turn) < 1 && !g_atomic_int_get (&brief.gave_up))
    g_usleep (100);
  GThread *second = g_thread_new ("patient", wait_long, &patient);
  g_thread_join (first);
  assert_false (brief.got);
  while (count_waiting (&turn) < 1)
    g_usleep (100);
  corm_turn_give (&turn);
  g_thread_join (second);
  assert_true (patient.got);
  assert_false (corm_turn_take (&turn, soon (1)));
  corm_turn_give (&turn);
  assert_true (corm_turn_take (&turn, soon (1)));
  corm_turn_give (&turn);
  corm_turn_clear (&turn);
}

/* The thread that has it does not exist there. */
static void
a_child_begins_with_a_free_one (G_GNUC_UNUSED void **state)
{
  CormTurn turn;
  int status = -1;
  corm_turn_init (&turn);
  assert_true (corm_turn_take (&turn, 0));
  pid_t pid = fork ();
  if (pid == 0) {
    gboolean ok = corm_turn_take (&turn, 0) && !corm_turn_take (&turn, 0);
    _exit (ok ? 0 : 1);
  }
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_int_equal (status, 0);
  assert_false (corm_turn_take (&turn, soon (1)));
  corm_turn_give (&turn);
  corm_turn_clear (&turn);
}

static void
calling_nobody (G_GNUC_UNUSED void **state)
{
  CormLine line = CORM_LINE_INIT;
  assert_false (corm_line_call (&line, NULL));
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (one_at_a_time),
    cmocka_unit_test (who_came_first_is_first),
    cmocka_unit_test (who_gives_up_is_passed_over),
    cmocka_unit_test (a_child_begins_with_a_free_one),
    cmocka_unit_test (calling_nobody),
  };
  return cmocka_run_group_tests_name ("line", tests, NULL, NULL);
}
