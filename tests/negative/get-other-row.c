/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer type|incompatible return type|from incompatible pointer */
/* A row that was got is no row of another model. */
#include "job.h"

Job *work (CormConnection *conn);

Job *
work (CormConnection *conn)
{
#ifdef MENDED
  return corm_get (Job, conn, NULL, .id = 5);
#else
  return corm_get (Cluster, conn, NULL, .id = 5);
#endif
}
