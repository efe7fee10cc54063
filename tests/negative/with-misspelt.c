/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* With names a relation that the struct does not have. */
#include "job.h"

CormRows *work (CormConnection *conn);

CormRows *
work (CormConnection *conn)
{
#ifdef MENDED
  return corm_find (Job, conn, NULL, .with = CORM_WITH (Job, cluster));
#else
  return corm_find (Job, conn, NULL, .with = CORM_WITH (Job, machine));
#endif
}
