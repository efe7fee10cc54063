/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* refused: incompatible pointer type|incompatible pointer types */
/* Labels are a list of text. */
#include "job.h"

extern const CormColumn columns[];

#ifdef MENDED
static const char *const labels[] = { "PENDING", "RUNNING", NULL };
const CormColumn columns[] = { CORM_COLUMN (Job, status, .labels = labels) };
#else
static const int labels[] = { 1, 2, 0 };
const CormColumn columns[] = { CORM_COLUMN (Job, status, .labels = labels) };
#endif
