/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type for argument|passing .* to parameter of incompatible type */
/* A number compared with a text. */
#include "job.h"

CormExpr expression (void);

CormExpr
expression (void)
{
#ifdef MENDED
  return CORM_EQUAL (CORM_COL (Job, name), "scf");
#else
  return CORM_EQUAL (CORM_COL (Job, name), 5);
#endif
}
