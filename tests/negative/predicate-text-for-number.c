/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer to integer conversion|makes integer from pointer without a cast */
/* Text where the column is a number. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_EQ (Job, priority, 5);
#else
  return CORM_EQ (Job, priority, "5");
#endif
}
