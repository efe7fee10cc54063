/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* fork() copies the memory of all threads and one thread. So all guarded mutexes are taken before it and freed on both
 * sides, and the child counts itself up: reading a counter is cheap enough for every statement, getpid() is not. */
#include "engine/fork.h"

#include <pthread.h>

guint corm_fork_generation;

static GMutex list_mutex;
static GPtrArray *guarded; /* GMutex, in the order in which they are taken */

static void
before_fork (void)
{
  g_mutex_lock (&list_mutex);
  for (guint i = guarded->len; i > 0; i--)
    g_mutex_lock (guarded->pdata[i - 1]);
}

static void
after_fork (void)
{
  for (guint i = 0; i < guarded->len; i++)
    g_mutex_unlock (guarded->pdata[i]);
  g_mutex_unlock (&list_mutex);
}

static void
after_fork_in_child (void)
{
  corm_fork_generation++;
  after_fork ();
}

void
corm_fork_guard (GMutex *mutex)
{
  g_mutex_lock (&list_mutex);
  if (guarded == NULL) {
    guarded = g_ptr_array_new ();
    pthread_atfork (before_fork, after_fork, after_fork_in_child);
  }
  g_ptr_array_add (guarded, mutex);
  g_mutex_unlock (&list_mutex);
}

void
corm_fork_unguard (GMutex *mutex)
{
  g_mutex_lock (&list_mutex);
  g_ptr_array_remove (guarded, mutex);
  g_mutex_unlock (&list_mutex);
}
