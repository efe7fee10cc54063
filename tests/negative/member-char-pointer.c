/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: not compatible with any (generic )?association */
/* Text members are const char *, because Corm never frees what a program assigned. */
#include "job.h"

extern const CormColumn columns[];

#ifdef MENDED
typedef struct {
  gint64 id;
  const char *value;
} Part;
const CormColumn columns[] = { CORM_COLUMN (Part, value) };
#else
typedef struct {
  gint64 id;
  char *value;
} Part;
const CormColumn columns[] = { CORM_COLUMN (Part, value) };
#endif
