/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* A bulk insert of one model gets rows of another. */
#include "job.h"

gboolean work (CormConnection *conn, const Job *jobs, const Cluster *clusters);

gboolean
work (CormConnection *conn, const Job *jobs, const Cluster *clusters)
{
#ifdef MENDED
  return corm_bulk_insert (Job, conn, jobs, 2, NULL) && clusters != NULL;
#else
  return corm_bulk_insert (Job, conn, clusters, 2, NULL) && jobs != NULL;
#endif
}
