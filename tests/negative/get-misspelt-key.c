/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no(n-static data)? member named|does not refer to any field|has no member */
/* A key that the struct does not have. */
#include "job.h"

Job *work (CormConnection *conn);

Job *
work (CormConnection *conn)
{
#ifdef MENDED
  return corm_get (Job, conn, NULL, .id = 5);
#else
  return corm_get (Job, conn, NULL, .key = 5);
#endif
}
