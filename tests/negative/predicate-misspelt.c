/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* A predicate names a member that the struct does not have. */
#include "job.h"

CormExpr predicate (void);

CormExpr
predicate (void)
{
#ifdef MENDED
  return CORM_EQ (Job, name, "scf");
#else
  return CORM_EQ (Job, title, "scf");
#endif
}
