/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* Arithmetic on a text. */
#include "job.h"

CormNumberExpr expression (void);

CormNumberExpr
expression (void)
{
#ifdef MENDED
  return CORM_PLUS (CORM_COL (Job, priority), 1);
#else
  return CORM_PLUS (CORM_COL (Job, name), 1);
#endif
}
