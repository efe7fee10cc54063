/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* A sum of texts. */
#include "job.h"

CormNumberExpr expression (void);

CormNumberExpr
expression (void)
{
#ifdef MENDED
  return CORM_SUM (CORM_COL (Job, load));
#else
  return CORM_SUM (CORM_COL (Job, name));
#endif
}
