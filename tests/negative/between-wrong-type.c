/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer to integer conversion|makes integer from pointer without a cast */
/* The far end of a range is of another type. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_BETWEEN (Job, priority, 1, 5);
#else
  return CORM_BETWEEN (Job, priority, 1, "5");
#endif
}
