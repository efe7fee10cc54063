/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: has no member named|no member named */
/* A member that the struct does not have. */
#include "job.h"

CormTextExpr expression (void);

CormTextExpr
expression (void)
{
#ifdef MENDED
  return CORM_COL (Job, name);
#else
  return CORM_COL (Job, title);
#endif
}
