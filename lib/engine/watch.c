/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A list per connection, mostly of one session. */
#include "engine/watch.h"

#include "engine/private.h"

void
corm_watch_start (CormWatch *watch, CormConnection *conn)
{
  *watch = (CormWatch){ .conn = conn, .next = conn->watches, .undone = CORM_WATCH_NEVER };
  conn->watches = watch;
}

void
corm_watch_stop (CormWatch *watch)
{
  if (watch->conn == NULL)
    return;
  CormWatch **link = &watch->conn->watches;
  while (*link != watch)
    link = &(*link)->next;
  *link = watch->next;
  watch->conn = NULL;
}

guint64
corm_watch_note (CormWatch *watch)
{
  return watch->last = watch->conn->n_begun;
}

void
corm_watch_undo (CormConnection *conn, guint64 moment)
{
  for (CormWatch *watch = conn->watches; watch != NULL; watch = watch->next)
    if (watch->last >= moment)
      watch->undone = MIN (watch->undone, moment);
}

void
corm_watch_part (CormConnection *conn)
{
  while (conn->watches != NULL)
    corm_watch_stop (conn->watches);
}
