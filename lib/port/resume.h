/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Is the source still what a port that was killed has copied of it? */
#pragma once

#include "port/job.h"

/* What has to be the same when a port is taken up; free with g_free(). */
char *corm_resume_fingerprint (const CormPortJob *job);
/* Hashes what @steps say has been read of each table, in the source as it is now, and all that the target's table holds.
 * Errors: STALE, naming the table. */
gboolean corm_resume_check (CormPortJob *job, GPtrArray *filled, GPtrArray *steps, GError **error);
