/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Who remembers what was read and written on a connection, as a session does, watches it: a transaction that is undone, by
 * whomever, undoes what is remembered from within. A moment is the number of transactions begun by then, savepoints too. */
#pragma once

#include <corm/db.h>

#define CORM_WATCH_NEVER G_MAXUINT64

typedef struct _CormWatch CormWatch;
struct _CormWatch {
  CormConnection *conn; /* NULL: freed meanwhile */
  CormWatch *next;
  guint64 last;   /* what is remembered is of this moment or earlier */
  guint64 undone; /* what is remembered of this moment or later is undone; CORM_WATCH_NEVER: all stands */
};

/* @watch stays where it is until it stops. */
void corm_watch_start (CormWatch *watch, CormConnection *conn);
void corm_watch_stop (CormWatch *watch);
/* Something is read or written, and remembered: at the moment that it returns. */
guint64 corm_watch_note (CormWatch *watch);

/* For transactions and connections: all since @moment is undone; @conn is about to go. */
void corm_watch_undo (CormConnection *conn, guint64 moment);
void corm_watch_part (CormConnection *conn);
