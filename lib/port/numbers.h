/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The numbers that the source has given: of automatic keys, and of sequences by themselves. */
#pragma once

#include "port/build-work.h"
#include "port/job.h"

/* Of @column of @table, the source's; 0: none, or the target would not remember it. Its row may be deleted. */
gboolean corm_numbers_last (const CormBuild *build, const CormTable *table, const CormTableColumn *column,
                            gint64 *last, GError **error);
/* The target's statement that sets the sequence @name as the source's stands; NULL with @error unset: it has none. */
char *corm_numbers_state (CormConnection *from, const char *name, GError **error);
/* Whether the role may read all of them: better told before the rows than behind them. Errors: DENIED. */
gboolean corm_numbers_check (const CormPortJob *job, GError **error);
