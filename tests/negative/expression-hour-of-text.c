/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* The hour of what is no time. */
#include "job.h"

CormNumberExpr expression (void);

CormNumberExpr
expression (void)
{
#ifdef MENDED
  return CORM_HOUR (CORM_COL (Job, created_at));
#else
  return CORM_HOUR (CORM_COL (Job, name));
#endif
}
