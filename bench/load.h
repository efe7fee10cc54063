/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A steady load of short statements on a PostgreSQL table, from processes of its own, and how long they had to wait. */
#pragma once

#include <glib.h>

typedef struct _Load Load;

typedef struct {
  guint64 n;         /* statements */
  double longest_ms; /* of one statement */
  double lock_ms;    /* the longest wait for a lock, looked at every few milliseconds */
  double most_ms;    /* that 99 of a hundred took at most */
} LoadFigure;

/* Processes that read and write the tables "orders", which has @n_rows rows with keys from 1 on, and "accounts", which has
 * @n_accounts. Nothing else of this process may be running. */
Load *load_start (const char *place, gsize n_rows, gsize n_accounts);
/* From here on. */
void load_mark (Load *load);
/* Since the mark; waits until every statement that is under way has ended. */
LoadFigure load_read (Load *load);
void load_end (Load *load);
