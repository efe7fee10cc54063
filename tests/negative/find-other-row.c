/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer type|incompatible return type|from incompatible pointer */
/* The row of a loop over one model is no row of another. */
#include "job.h"

gint64 work (CormRows *rows);

gint64
work (CormRows *rows)
{
  gint64 sum = 0;
  CORM_FOREACH (Job, row, rows) {
#ifdef MENDED
    const Job *other = row;
#else
    const Cluster *other = row;
#endif
    sum += other->id;
  }
  return sum;
}
