/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer type|incompatible return type|from incompatible pointer */
/* An insert of one model gets a row of another. */
#include "job.h"

gboolean work (CormConnection *conn, Job *job, Cluster *cluster);

gboolean
work (CormConnection *conn, Job *job, Cluster *cluster)
{
#ifdef MENDED
  return job_insert (conn, job, NULL) && cluster != NULL;
#else
  return job_insert (conn, cluster, NULL) && job != NULL;
#endif
}
