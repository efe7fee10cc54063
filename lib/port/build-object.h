/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Making views, triggers and the like, and taking them back. */
#pragma once

#include "port/build-work.h"

/* What the tables need: types, sequences, functions that a column calls. */
gboolean corm_build_early_objects (CormBuild *build, GError **error);
/* A step for each of the others, in their order; and one for a sequence, which is to go on where it is in the source. */
void corm_build_plan_objects (const CormBuild *build, GPtrArray *steps);
gboolean corm_build_object (CormBuild *build, const CormPortStep *step, GError **error);
gboolean corm_build_has_object (const CormBuild *build, const CormPortStep *step, const CormSchema *live);
/* Appends the statements that drop those that stand on tables, or those that tables stand on, each ended by CORM_LEDGER_END. */
gboolean corm_build_undo_objects (const CormBuild *build, gboolean early, GString *text, GError **error);
