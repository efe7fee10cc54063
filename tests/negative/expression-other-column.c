/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible type for argument|passing .* to parameter of incompatible type */
/* Columns of two families compared. */
#include "job.h"

CormExpr expression (void);

CormExpr
expression (void)
{
#ifdef MENDED
  return CORM_EQUAL (CORM_COL (Job, cluster_id), CORM_COL (Cluster, id));
#else
  return CORM_EQUAL (CORM_COL (Job, name), CORM_COL (Cluster, id));
#endif
}
