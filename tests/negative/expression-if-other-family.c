/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type for argument|passing .* to parameter of incompatible type */
/* A choice between a text and a number. */
#include "job.h"

CormTextExpr expression (void);

CormTextExpr
expression (void)
{
#ifdef MENDED
  return CORM_IF (CORM_IS_NULL (Job, name), "none", CORM_COL (Job, name));
#else
  return CORM_IF (CORM_IS_NULL (Job, name), "none", CORM_COL (Job, id));
#endif
}
