/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A seam between the library and its native drivers: it counts the calls that ask a database for something, and lets one
 * of them fail. The drivers and the databases are the real ones: what fails is the connection under them.
 *
 * The program is linked with tests/lib/seam.c and -Wl,--wrap=corm_driver_find. SQLite has no connection that could break:
 * there a call that fails is one that the disk refused, and the answer to one gets lost with the process. */
#pragma once

#include <corm/sys/driver.h>

typedef enum {
  SEAM_PASS,
  SEAM_FAIL,  /* the connection is cut, then the call is made: nothing reaches the database */
  SEAM_LOSE,  /* the database gets it, and no answer comes back; on SQLite the process ends behind the call */
  SEAM_STALL, /* the database is busy until behind the deadline, or the call comes that late */
  SEAM_CALL   /* a function of the test is called, and then the call is made */
} SeamFault;

/* Begins to count anew; call @nth (0: none) meets @fault. */
void seam_arm (SeamFault fault, guint nth);
/* With SEAM_CALL, on the thread that makes the call. */
void seam_arm_call (void (*function) (gpointer data), gpointer data, guint nth);
/* Ends that. The calls that were counted. */
guint seam_disarm (void);
/* Which of them was the last COMMIT; 0: none. */
guint seam_get_commit (void);
/* The call that met the fault, "pgsql run COMMIT"; "" while none has. */
const char *seam_get_struck (void);
/* Links, prepared statements and bulk loads that were begun since and not ended, free with g_free(); NULL: none. */
char *seam_find_left (void);
/* Waits until the servers have ended the sessions of all links that were closed, as @conn (to one of them) sees it: FALSE
 * when one of them stays for some seconds. */
gboolean seam_wait_for_sessions (CormConnection *conn);
