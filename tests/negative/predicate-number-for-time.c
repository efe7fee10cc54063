/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type */
/* A number where the column is a moment: seconds or microseconds? */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_GE (Job, created_at, (CormTimestamp){ 5 });
#else
  return CORM_GE (Job, created_at, 5);
#endif
}
