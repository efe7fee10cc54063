/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Operations that are one step. */
#pragma once

#include <corm/migrate.h>

/* Moves what has nothing to do with a group out of its midst, in front of it. */
void corm_plan_gather (CormPlan *plan);
/* Where the step ends that begins with the operation at @first: behind all of its group and what stands between them, or
 * before one that cannot stand in a transaction. */
guint corm_plan_step_end (const CormPlan *plan, guint first);
