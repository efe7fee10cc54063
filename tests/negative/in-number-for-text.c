/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible integer to pointer conversion|makes pointer from integer without a cast */
/* Numbers in the list of a text column. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_IN (Job, name, "a", "b");
#else
  return CORM_IN (Job, name, "a", 2);
#endif
}
