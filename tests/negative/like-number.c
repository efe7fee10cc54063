/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* A pattern for a column that is no text. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_LIKE (Job, name, "scf%");
#else
  return CORM_LIKE (Job, priority, "scf%");
#endif
}
