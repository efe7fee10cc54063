/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* An update of one model gets a row of another. */
#include "job.h"

gboolean work (CormConnection *conn, Job *job, const Cluster *cluster);

gboolean
work (CormConnection *conn, Job *job, const Cluster *cluster)
{
#ifdef MENDED
  return corm_update (Job, conn, job, NULL, name) && cluster != NULL;
#else
  return corm_update (Job, conn, cluster, NULL, name) && job != NULL;
#endif
}
