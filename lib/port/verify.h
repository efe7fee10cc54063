/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Comparing the rows of two databases, on connections that somebody else opened. */
#pragma once

#include "port/sides.h"
#include "port/tables.h"

/* Hashes both sides of @pair and, when they differ, finds the keys. FALSE only when it could not be done. */
gboolean corm_verify_pair (CormVerify *verify, const CormPair *pair, CormTableReport *report, GError **error);
/* Rows of the chosen tables of the source, into state.all_total. */
gboolean corm_verify_total (CormVerify *verify, const CormSchema *schema, const char *globs, GError **error);
/* Sets report->equal from its tables, and returns it. */
gboolean corm_verify_sum (CormPortReport *report);
