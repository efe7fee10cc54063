/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of a plan, one operation after the other. */
#pragma once

#include "engine/lock.h"

#include <corm/migrate.h>

typedef struct {
  CormConnection *conn;
  CormMigratorLock *lock; /* held */
  CormMigrateOptions options;
  GString *done; /* operations that cannot be undone any more, for an error's message */
} CormPlanRun;

/* Whether its operations are transactions of their own: asked for, or needed by one of them. */
gboolean corm_plan_runs_stepwise (const CormPlanRun *run, const CormPlan *plan);
/* Runs all but what only differs. Inside the caller's transaction, unless it runs stepwise. Where the dialect can list rows
 * that point to nothing, there are no more of them behind it. */
gboolean corm_plan_run (CormPlanRun *run, const CormPlan *plan, GError **error);
/* To the message of *@error what has been done for good. */
void corm_plan_run_say_done (const CormPlanRun *run, GError **error);
/* Tells on_op, or the log. */
void corm_plan_run_tell (const CormPlanRun *run, const CormOp *op);
