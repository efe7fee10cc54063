/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no(n-static data)? member named|does not refer to any field|has no member */
/* An option that columns do not have. */
#include "job.h"

extern const CormColumn columns[];

#ifdef MENDED
const CormColumn columns[] = { CORM_COLUMN (Job, name, .not_null = true) };
#else
const CormColumn columns[] = { CORM_COLUMN (Job, name, .no_null = true) };
#endif
