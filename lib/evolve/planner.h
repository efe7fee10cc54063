/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From a difference to a plan: the SQL of each change, what undoes it, what may hurt. */
#pragma once

#include "schema/diff.h"
#include "schema/plan.h"

typedef struct {
  const CormDialect *dialect;
  const CormSchema *live; /* as it is */
  const CormSchema *to;   /* as it should be, in the server's words: what is compared */
  const CormSchema
      *wanted; /* the same in the words that it was asked for with: what is written. May be @to. */
} CormPlanner;

/* @changes (nullable): takes the changes behind the plan, which borrow from @live and @to. */
CormPlan *corm_planner_plan (const CormPlanner *planner, GPtrArray **changes, GError **error);

/* alter.c: the parts of a change to a table that is there. */
/* The part of @wanted that @change means, in its words; the change's own where @wanted has none like it. */
const CormTable *corm_planner_wanted_table (const CormPlanner *planner, const CormChange *change);
/* "name type …", "CONSTRAINT name UNIQUE (…)": what follows ADD. NULL: nothing does. */
char *corm_planner_definition (const CormPlanner *planner, const CormChange *change, GError **error);
/* rebuild.c: all additions to one table that ALTER TABLE cannot make one by one; into the operation of the first. */
gboolean corm_planner_add_to_table (const CormPlanner *planner, const GPtrArray *changes,
                                    const CormChange *first, CormOp *op, GError **error);
gboolean corm_change_is_addition (const CormChange *change);
