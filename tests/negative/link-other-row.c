/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* corm_link takes a row of the model that it is told. */
#include "job.h"

gboolean run (CormConnection *conn, Job *job, Cluster *cluster);

gboolean
run (CormConnection *conn, Job *job, Cluster *cluster)
{
  (void) job, (void) cluster, (void) conn;
#ifdef MENDED
  return corm_link (Cluster, jobs, conn, cluster, Job, job, NULL);
#else
  return corm_link (Cluster, jobs, conn, cluster, Job, cluster, NULL);
#endif
}
