/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of a plan. In one transaction a failure undoes them all; step by step what belongs together is a
 * transaction of its own (gather.c), beside the work of others (gentle.c). What was done then stays done: the next plan
 * begins there. */
#include "evolve/plan-run.h"

#include "base/error.h"
#include "engine/connection.h"
#include "evolve/gather.h"
#include "evolve/gentle.h"

#include <string.h>

enum { ATTEMPTS = 60, PAUSE_MS = 200 };

void
corm_plan_run_tell (const CormPlanRun *run, const CormOp *op)
{
  gboolean is_table = op->kind == CORM_OP_DIFFERS && op->name == NULL;
  if (run->options.on_op != NULL)
    run->options.on_op (op, run->options.data);
  else if (op->kind != CORM_OP_DIFFERS || is_table)
    corm_debug ("%s", op->text);
  else
    corm_warn ("%s", op->text);
}

gboolean
corm_plan_runs_stepwise (const CormPlanRun *run, const CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++)
    if (((const CormOp *) plan->ops->pdata[i])->alone)
      return TRUE;
  return run->options.online;
}

static gboolean
run_statements (const CormPlanRun *run, const CormOp *op, GError **error)
{
  for (guint i = 0; i < op->sql->len; i++)
    if (!corm_lock_run (run->lock, op->sql->pdata[i], error))
      return FALSE;
  return TRUE;
}

static void
note_done (const CormPlanRun *run, const CormOp *op)
{
  if (op->kind != CORM_OP_DIFFERS)
    g_string_append_printf (run->done, "%s%s", run->done->len > 0 ? "; " : "", op->text);
}

/* Inside the caller's transaction, where this database has one for it. */
static gboolean
run_op (CormPlanRun *run, const CormOp *op, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  corm_plan_run_tell (run, op);
  if (!run_statements (run, op, error))
    return corm_error_prefix (error, "%s", op->text);
  if (!(dialect->caps & CORM_CAP_TRANSACTIONAL_DDL))
    note_done (run, op);
  return TRUE;
}

/* Rows of the query that lists violations. */
static gboolean
count_violations (const CormPlanRun *run, guint64 *n, GError **error)
{
  const char *sql = corm_connection_get_dialect (run->conn)->check_rebuild;
  GError *local = NULL;
  *n = 0;
  if (sql == NULL)
    return TRUE;
  g_autoptr (CormCursor) cursor = corm_query (run->conn, sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    (*n)++;
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
run_ops (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    if (op->kind != CORM_OP_DIFFERS && !run_op (run, op, error))
      return FALSE;
  }
  return TRUE;
}

/* What belongs together at a time, where a transaction can hold it together. */
static gboolean
run_steps (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  gboolean holds = (corm_connection_get_dialect (run->conn)->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  for (guint i = 0, end; i < plan->ops->len; i = end) {
    const CormOp *const *ops = (const CormOp *const *) plan->ops->pdata + i;
    end = holds ? corm_plan_step_end (plan, i) : i + 1;
    for (guint n = i; n < end; n++)
      if (((const CormOp *) plan->ops->pdata[n])->kind != CORM_OP_DIFFERS)
        corm_plan_run_tell (run, plan->ops->pdata[n]);
    if (!corm_gentle_run (run->conn, run->lock, run->options.lock_wait, ops, end - i, error))
      return FALSE;
    for (guint n = i; n < end; n++)
      note_done (run, plan->ops->pdata[n]);
  }
  return TRUE;
}

/* --- where foreign keys are off meanwhile: a step ends when all rows point to rows again */

/* No more of them than before. While one of two tables is changed the database may have no answer. */
static gboolean
rows_point_to_rows (const CormPlanRun *run, const CormOp *op, guint64 before, guint64 *now)
{
  g_autoptr (GError) error = NULL;
  *now = before;
  if (op->object != NULL || op->kind == CORM_OP_CREATE_INDEX || op->kind == CORM_OP_DROP_INDEX)
    return TRUE;
  if (count_violations (run, now, &error))
    return *now <= before;
  corm_debug ("%s: %s", op->text, error->message);
  return FALSE;
}

static gboolean
refuse_orphans (const CormPlanRun *run, guint64 n, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
               "migrate: %" G_GUINT64_FORMAT " rows would point to no row; list them: %s", n,
               corm_connection_get_dialect (run->conn)->check_rebuild);
  return FALSE;
}

/* A writer who is there for longer is waited for. */
static CormTransaction *
begin_patiently (const CormPlanRun *run, GError **error)
{
  for (guint attempt = 1;; attempt++) {
    GError *local = NULL;
    CormTransaction *transaction = corm_transaction_begin (run->conn, CORM_TRANSACTION_WRITE, &local);
    if (transaction != NULL)
      return transaction;
    if (attempt == ATTEMPTS || !g_error_matches (local, CORM_ERROR, CORM_ERROR_BUSY)) {
      g_propagate_error (error, local);
      return NULL;
    }
    corm_debug ("%s; trying again", local->message);
    g_error_free (local);
    g_usleep (PAUSE_MS * 1000);
  }
}

/* From @first on, as many operations as it takes, in one transaction; those of a group together. *@n: the violations,
 * before and after. */
static gboolean
run_checked_step (CormPlanRun *run, const CormPlan *plan, guint first, guint *next, guint64 *n,
                  GError **error)
{
  guint64 now = *n;
  guint end = first;
  gboolean whole = FALSE;
  g_autoptr (CormTransaction) transaction = begin_patiently (run, error);
  if (transaction == NULL)
    return FALSE;
  for (*next = first; *next < plan->ops->len && !whole; (*next)++) {
    const CormOp *op = plan->ops->pdata[*next];
    if (op->kind == CORM_OP_DIFFERS)
      continue;
    end = MAX (end, corm_plan_step_end (plan, *next));
    corm_plan_run_tell (run, op);
    if (!run_statements (run, op, error))
      return corm_error_prefix (error, "%s", op->text);
    whole = *next + 1 >= end && rows_point_to_rows (run, op, *n, &now);
  }
  if (!whole && !count_violations (run, &now, error))
    return FALSE;
  if (now > *n)
    return refuse_orphans (run, now - *n, error);
  *n = now;
  if (!corm_transaction_commit (transaction, error))
    return FALSE;
  for (guint i = first; i < *next; i++)
    note_done (run, plan->ops->pdata[i]);
  return TRUE;
}

static gboolean
run_checked_steps (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  guint64 n;
  if (!count_violations (run, &n, error))
    return FALSE;
  for (guint i = 0; i < plan->ops->len;)
    if (((const CormOp *) plan->ops->pdata[i])->kind == CORM_OP_DIFFERS)
      i++;
    else if (!run_checked_step (run, plan, i, &i, &n, error))
      return FALSE;
  return TRUE;
}

static gboolean
run_stepwise (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  gboolean done =
      dialect->check_rebuild != NULL ? run_checked_steps (run, plan, error) : run_steps (run, plan, error);
  corm_gentle_end (run->conn);
  return done;
}

gboolean
corm_plan_run (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  guint64 before, after;
  if (corm_plan_runs_stepwise (run, plan))
    return run_stepwise (run, plan, error);
  if (!count_violations (run, &before, error) || !run_ops (run, plan, error) ||
      !count_violations (run, &after, error))
    return FALSE;
  return after <= before || refuse_orphans (run, after - before, error);
}

void
corm_plan_run_say_done (const CormPlanRun *run, GError **error)
{
  if (error == NULL || *error == NULL || run->done->len == 0)
    return;
  g_autofree char *message = g_strdup ((*error)->message);
  g_free ((*error)->message);
  (*error)->message =
      g_strdup_printf ("%s (%s: done before it: %s)", message,
                       corm_connection_get_dialect (run->conn)->caps & CORM_CAP_TRANSACTIONAL_DDL
                           ? "step by step nothing is undone"
                           : "this database cannot undo DDL",
                       run->done->str);
}
