/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer type|incompatible return type|from incompatible pointer */
/* A cursor's row is no row of another model. */
#include "job.h"

const Job *work (CormCursor *cursor);

const Job *
work (CormCursor *cursor)
{
#ifdef MENDED
  return corm_next (Job, cursor, NULL);
#else
  return corm_next (Cluster, cursor, NULL);
#endif
}
