/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: invalid type argument|indirection requires pointer|void value|incompatible type|from incompatible */
/* An edge names a column. */
#include "job.h"

CormRows *run (CormConnection *conn, Job *job, Cluster *cluster);

CormRows *
run (CormConnection *conn, Job *job, Cluster *cluster)
{
  (void) job, (void) cluster, (void) conn;
#ifdef MENDED
  return corm_find (Cluster, conn, NULL, .load = CORM_LOAD (CORM_EDGE (Cluster, jobs)));
#else
  return corm_find (Cluster, conn, NULL, .load = CORM_LOAD (CORM_EDGE (Cluster, id)));
#endif
}
