/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Two tables side by side in the order of their keys: which rows are missing, extra or different. */
#pragma once

#include "port/sides.h"
#include "port/tables.h"

#define CORM_MAX_DIFFERENCES 20

/* Appends to report->differences, at most CORM_MAX_DIFFERENCES. */
gboolean corm_compare_pair (CormVerify *verify, const CormPair *pair, CormTableReport *report,
                            GError **error);
