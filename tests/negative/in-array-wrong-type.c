/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* An array of another integer type has elements of another size. */
#include "job.h"

CormExpr work (const gint32 *priorities, const gint64 *ids);

CormExpr
work (const gint32 *priorities, const gint64 *ids)
{
#ifdef MENDED
  return CORM_IN_ARRAY (Job, priority, priorities, ids != NULL);
#else
  return CORM_IN_ARRAY (Job, priority, ids, priorities != NULL);
#endif
}
