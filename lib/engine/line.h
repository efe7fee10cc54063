/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Threads that wait in line: first come, first served, so that nobody starves beside one that asks again and again. */
#pragma once

#include <glib.h>

typedef struct {
  GQueue waiting;
} CormLine;

#define CORM_LINE_INIT \
  { \
    G_QUEUE_INIT \
  }

/* Waits to be called, with @mutex held, which guards the line. FALSE when @deadline (monotonic µs) passed before that. */
gboolean corm_line_wait (CormLine *line, GMutex *mutex, gint64 deadline, gpointer *gift);
/* Gives @gift to who has waited longest; FALSE when nobody waits. Call with the mutex held. */
gboolean corm_line_call (CormLine *line, gpointer gift);

/* A right that one thread has at a time. */
typedef struct {
  GMutex mutex;
  CormLine line;
  gboolean taken;
  guint generation;
} CormTurn;

void corm_turn_init (CormTurn *turn);
void corm_turn_clear (CormTurn *turn);
gboolean corm_turn_take (CormTurn *turn, gint64 deadline);
void corm_turn_give (CormTurn *turn);
