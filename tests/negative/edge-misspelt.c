/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* An edge names a relation that the struct does not have. */
#include "job.h"

CormRows *run (CormConnection *conn, Job *job, Cluster *cluster);

CormRows *
run (CormConnection *conn, Job *job, Cluster *cluster)
{
  (void) job, (void) cluster, (void) conn;
#ifdef MENDED
  return corm_find (Cluster, conn, NULL, .load = CORM_LOAD (CORM_EDGE (Cluster, jobs, .limit = 3)));
#else
  return corm_find (Cluster, conn, NULL, .load = CORM_LOAD (CORM_EDGE (Cluster, tasks, .limit = 3)));
#endif
}
