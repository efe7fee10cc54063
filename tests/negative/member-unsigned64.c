/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* No database has an unsigned 64-bit integer: the member's type has no column. */
#include "job.h"

extern const CormColumn columns[];

#ifdef MENDED
typedef struct {
  gint64 id;
  gint64 value;
} Part;
const CormColumn columns[] = { CORM_COLUMN (Part, value) };
#else
typedef struct {
  gint64 id;
  guint64 value;
} Part;
const CormColumn columns[] = { CORM_COLUMN (Part, value) };
#endif
