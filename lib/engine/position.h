/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What each thread has done on writers, so that it finds that again on replicas. Traces stand for one CormDb; a thread
 * that is gone takes its own along. */
#pragma once

#include <glib.h>

/* For a new CormDb; never 0. */
guint corm_position_new_traces (void);
/* This thread may have written, and that is over now: its position is not known any more. */
void corm_position_touch (guint traces);
/* When that was, the last time, in µs of the monotonic clock; 0: the position is known. */
gint64 corm_position_get_touch (guint traces);
/* Behind this thread's last write, as far as it is known; NULL: it has not written. Borrowed. */
const char *corm_position_get (guint traces);
/* Takes over @position, which is known from now on. */
void corm_position_set (guint traces, char *position);
/* Forgets what this thread did. */
void corm_position_forget (guint traces);
