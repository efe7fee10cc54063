/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is free is handed to the first in line and never left lying: a thread that gives and takes in a loop would be back
 * before the one that it woke had run. */
#include "engine/line.h"

#include "engine/fork.h"

typedef struct {
  GCond cond;
  gboolean called;
  gpointer gift;
} Waiter;

gboolean
corm_line_wait (CormLine *line, GMutex *mutex, gint64 deadline, gpointer *gift)
{
  Waiter self = { .called = FALSE };
  g_cond_init (&self.cond);
  g_queue_push_tail (&line->waiting, &self);
  while (!self.called)
    if (!g_cond_wait_until (&self.cond, mutex, deadline))
      break;
  if (!self.called)
    g_queue_remove (&line->waiting, &self);
  g_cond_clear (&self.cond);
  *gift = self.gift;
  return self.called;
}

gboolean
corm_line_call (CormLine *line, gpointer gift)
{
  Waiter *first = g_queue_pop_head (&line->waiting);
  if (first == NULL)
    return FALSE;
  first->gift = gift;
  first->called = TRUE;
  g_cond_signal (&first->cond);
  return TRUE;
}

void
corm_turn_init (CormTurn *turn)
{
  *turn = (CormTurn){ .line = CORM_LINE_INIT, .generation = corm_fork_generation };
  g_mutex_init (&turn->mutex);
  corm_fork_guard (&turn->mutex);
}

void
corm_turn_clear (CormTurn *turn)
{
  corm_fork_unguard (&turn->mutex);
  g_mutex_clear (&turn->mutex);
}

/* In a child of fork() nobody has it, and nobody waits: those threads are the parent's. Call with the mutex held. */
static void
leave_to_parent (CormTurn *turn)
{
  if (turn->generation == corm_fork_generation)
    return;
  g_queue_init (&turn->line.waiting);
  turn->taken = FALSE;
  turn->generation = corm_fork_generation;
}

gboolean
corm_turn_take (CormTurn *turn, gint64 deadline)
{
  gpointer nothing;
  g_mutex_lock (&turn->mutex);
  leave_to_parent (turn);
  gboolean got = !turn->taken || corm_line_wait (&turn->line, &turn->mutex, deadline, &nothing);
  turn->taken = TRUE;
  g_mutex_unlock (&turn->mutex);
  return got;
}

void
corm_turn_give (CormTurn *turn)
{
  g_mutex_lock (&turn->mutex);
  leave_to_parent (turn);
  if (!corm_line_call (&turn->line, NULL))
    turn->taken = FALSE;
  g_mutex_unlock (&turn->mutex);
}
