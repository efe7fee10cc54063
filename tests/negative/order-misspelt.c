/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* An order names a member that the struct does not have. */
#include "job.h"

CormRows *work (CormConnection *conn);

CormRows *
work (CormConnection *conn)
{
#ifdef MENDED
  return corm_find (Job, conn, NULL, .order = CORM_ORDER (CORM_DESC (Job, created_at)));
#else
  return corm_find (Job, conn, NULL, .order = CORM_ORDER (CORM_DESC (Job, created)));
#endif
}
