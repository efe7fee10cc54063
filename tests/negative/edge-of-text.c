/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: void value|incompatible type|invalid use of void */
/* An edge names a text column, which is a pointer too. */
#include "job.h"

CormRows *run (CormConnection *conn, Job *job, Cluster *cluster);

CormRows *
run (CormConnection *conn, Job *job, Cluster *cluster)
{
  (void) job, (void) cluster, (void) conn;
#ifdef MENDED
  return corm_find (Cluster, conn, NULL, .load = CORM_LOAD (CORM_EDGE (Cluster, jobs)));
#else
  return corm_find (Cluster, conn, NULL, .load = CORM_LOAD (CORM_EDGE (Cluster, name)));
#endif
}
