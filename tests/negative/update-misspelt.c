/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* An update names a member that the struct does not have. */
#include "job.h"

gboolean work (CormConnection *conn, Job *job);

gboolean
work (CormConnection *conn, Job *job)
{
#ifdef MENDED
  return corm_update (Job, conn, job, NULL, status, name);
#else
  return corm_update (Job, conn, job, NULL, status, title);
#endif
}
