/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* A struct that Corm does not know has no column. */
#include "job.h"

extern const CormColumn columns[];

#ifdef MENDED
typedef struct {
  gint64 id;
  CormDate value;
} Part;
const CormColumn columns[] = { CORM_COLUMN (Part, value) };
#else
typedef struct {
  gint64 id;
  GDate value;
} Part;
const CormColumn columns[] = { CORM_COLUMN (Part, value) };
#endif
