/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A guarded mutex that another thread holds at the fork is free in the child; the count of forks goes up in it only. */
#include "engine.h"

#include "engine/fork.h"

#include <sys/wait.h>
#include <unistd.h>

static GMutex mutex;
static gint holding;

static gpointer
hold_for_a_while (G_GNUC_UNUSED gpointer data)
{
  g_mutex_lock (&mutex);
  g_atomic_int_set (&holding, 1);
  g_usleep (50 * 1000);
  g_mutex_unlock (&mutex);
  return NULL;
}

static int
wait_for (pid_t child)
{
  int status;
  assert_int_equal (waitpid (child, &status, 0), child);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
a_mutex_is_free_in_the_child (G_GNUC_UNUSED void **state)
{
  corm_fork_guard (&mutex);
  GThread *thread = g_thread_new ("holder", hold_for_a_while, NULL);
  while (!g_atomic_int_get (&holding))
    g_usleep (1000);
  pid_t child = fork ();
  if (child == 0)
    _exit (g_mutex_trylock (&mutex) ? 0 : 1);
  assert_int_equal (wait_for (child), 0);
  g_thread_join (thread);
  assert_true (g_mutex_trylock (&mutex)); /* and in the parent */
  g_mutex_unlock (&mutex);
  corm_fork_unguard (&mutex);
}

static void
only_children_count (G_GNUC_UNUSED void **state)
{
  corm_fork_guard (&mutex);
  guint before = corm_fork_generation;
  pid_t child = fork ();
  if (child == 0)
    _exit (corm_fork_generation == before + 1 ? 0 : 1);
  assert_int_equal (wait_for (child), 0);
  assert_int_equal (corm_fork_generation, before);
  corm_fork_unguard (&mutex);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_mutex_is_free_in_the_child),
    cmocka_unit_test (only_children_count),
  };
  return cmocka_run_group_tests_name ("fork", tests, NULL, NULL);
}
