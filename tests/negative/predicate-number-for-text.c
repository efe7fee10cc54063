/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible integer to pointer conversion|makes pointer from integer without a cast */
/* A number where the column is text. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_NE (Job, name, "5");
#else
  return CORM_NE (Job, name, 5);
#endif
}
