/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pauses are doubled up to a longest one, and scattered over half of their length: transactions that failed by meeting
 * each other would meet again. */
#include "engine/retry.h"

#define MS G_GINT64_CONSTANT (1000)

static void
fill (guint *option, guint value)
{
  if (*option == 0)
    *option = value;
}

CormTransactOptions
corm_transact_options_complete (const CormTransactOptions *options)
{
  CormTransactOptions all = options != NULL ? *options : (CormTransactOptions){ 0 };
  fill (&all.attempts, G_MAXUINT);
  fill (&all.retry_ms, 30 * 1000);
  fill (&all.first_wait_ms, 2);
  fill (&all.longest_wait_ms, 500);
  return all;
}

gint64
corm_retry_get_pause (const CormTransactOptions *options, guint done, gint64 elapsed, guint32 dice)
{
  enum { MOST_DOUBLINGS = 31 };
  if (done >= options->attempts)
    return -1;
  guint doublings = MIN (done - 1, MOST_DOUBLINGS);
  gint64 longest = MIN ((gint64) options->first_wait_ms << doublings, (gint64) options->longest_wait_ms) * MS;
  gint64 pause = longest - longest / 2 * (gint64) dice / G_MAXUINT32;
  return elapsed + pause <= options->retry_ms * MS ? pause : -1;
}
