/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* A function of texts on a number. */
#include "job.h"

CormTextExpr expression (void);

CormTextExpr
expression (void)
{
#ifdef MENDED
  return CORM_LOWER (CORM_COL (Job, name));
#else
  return CORM_LOWER (CORM_COL (Job, id));
#endif
}
