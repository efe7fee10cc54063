/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Making a plan. */
#pragma once

#include <corm/migrate.h>

CormPlan *corm_plan_new (const char *dialect);
/* Appends an empty operation, borrowed. Takes @text. */
CormOp *corm_plan_add (CormPlan *plan, CormOpKind kind, const char *table, const char *name, char *text);
/* "drop", "add-column": of the kind alone. */
const char *corm_op_kind_name (CormOpKind kind);
/* @allow (nullable, ended by NULL) names the operation: "drop-column", "drop-column:jobs.pid", "change" for all that can be
 * undone, "destructive" for everything. @subject: what stands behind the colon. */
gboolean corm_allow_names (const char *const *allow, const char *kind, const char *subject,
                           CormApproval approval);
