/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* A test for NULL names a member that the struct does not have. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_IS_NULL (Job, cluster_id);
#else
  return CORM_IS_NULL (Job, machine_id);
#endif
}
