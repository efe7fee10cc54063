/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type for argument|to parameter of incompatible type */
/* Text where the column is a floating-point number. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_LT (Job, load, 0.5);
#else
  return CORM_LT (Job, load, "0.5");
#endif
}
