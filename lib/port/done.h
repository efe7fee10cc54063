/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The file by which a comparison that was interrupted goes on: a line of JSON for each table that was found equal. */
#pragma once

#include <corm/port.h>

typedef struct _CormDone CormDone;

/* Reads options->state where it is there, and goes on writing it; with options->restart writes it anew. Errors: INVALID,
 * when it is of other databases or was made with other options, or is no such file. */
CormDone *corm_done_open (const CormPortOptions *options, CormDb *source, CormDb *target,
                          CormPortReport *report, GError **error);
/* TRUE when @table was found equal before. */
gboolean corm_done_has (const CormDone *done, const char *table);
/* TRUE when it had as many rows on both sides as now: then it is in @report. @counts: of the source and of the target. */
gboolean corm_done_recall (const CormDone *done, const char *table, const guint64 counts[2],
                           CormPortReport *report);
/* Adds a table that has been compared. One that was not equal is looked at again the next time. */
gboolean corm_done_add (CormDone *done, const CormTableReport *table, const guint64 counts[2],
                        GError **error);
void corm_done_free (CormDone *done);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormDone, corm_done_free)
