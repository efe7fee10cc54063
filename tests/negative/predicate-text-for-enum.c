/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer to integer conversion|makes integer from pointer without a cast */
/* A label as text where the member is an enum. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_EQ (Job, status, JOB_RUNNING);
#else
  return CORM_EQ (Job, status, "RUNNING");
#endif
}
