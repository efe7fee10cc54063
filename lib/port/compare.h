/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Naming what differs: the rows of the buckets that do, side by side by their keys, column by column. */
#pragma once

#include "port/buckets.h"

#define CORM_MAX_DIFFERENCES 20

/* @source, @target: sums of the whole table, which differ. Appends to report->differences, at most CORM_MAX_DIFFERENCES. */
gboolean corm_compare_pair (CormVerify *verify, const CormPair *pair, const CormExtent *extent,
                            const CormBuckets *source, const CormBuckets *target, CormTableReport *report,
                            GError **error);
