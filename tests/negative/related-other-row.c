/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* corm_related takes a row of the model that has the relation. */
#include "job.h"

Cluster *run (CormConnection *conn, Job *job, Cluster *cluster);

Cluster *
run (CormConnection *conn, Job *job, Cluster *cluster)
{
  (void) job, (void) cluster, (void) conn;
#ifdef MENDED
  return corm_related (Job, job, cluster, NULL);
#else
  return corm_related (Job, cluster, cluster, NULL);
#endif
}
