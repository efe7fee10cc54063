/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer to integer conversion|makes integer from pointer without a cast */
/* Text in the list of a number column. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_IN (Job, priority, 1, 2);
#else
  return CORM_IN (Job, priority, 1, "b");
#endif
}
