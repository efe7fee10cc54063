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
