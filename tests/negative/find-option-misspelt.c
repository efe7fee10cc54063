/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no(n-static data)? member named|does not refer to any field|has no member */
/* An option that corm_find does not have. */
#include "job.h"

CormRows *work (CormConnection *conn);

CormRows *
work (CormConnection *conn)
{
#ifdef MENDED
  return corm_find (Job, conn, NULL, .limit = 5);
#else
  return corm_find (Job, conn, NULL, .limits = 5);
#endif
}
