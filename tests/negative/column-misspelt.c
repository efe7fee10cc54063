/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: no member named|has no member */
/* A model names a member that the struct does not have. */
#include "job.h"

extern const CormColumn columns[];

#ifdef MENDED
const CormColumn columns[] = { CORM_COLUMN (Job, name) };
#else
const CormColumn columns[] = { CORM_COLUMN (Job, title) };
#endif
