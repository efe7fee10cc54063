/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of a plan. In one transaction a failure undoes them all; step by step each operation that can be is a
 * transaction of its own, beside the work of others (gentle.c). What was done then stays done: the next plan begins there. */
#include "evolve/plan-run.h"

#include "base/error.h"
#include "engine/connection.h"
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
    g_info ("%s", op->text);
  else
    g_warning ("%s", op->text);
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

static gboolean
run_op (CormPlanRun *run, const CormOp *op, gboolean stepwise, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  corm_plan_run_tell (run, op);
  if (!(stepwise ? corm_gentle_run (run->conn, run->lock, run->options.lock_wait, op, error)
                 : run_statements (run, op, error)))
    return corm_error_prefix (error, "%s", op->text);
  if (stepwise || !(dialect->caps & CORM_CAP_TRANSACTIONAL_DDL))
    g_string_append_printf (run->done, "%s%s", run->done->len > 0 ? "; " : "", op->text);
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
run_ops (CormPlanRun *run, const CormPlan *plan, gboolean stepwise, GError **error)
{
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    if (op->kind != CORM_OP_DIFFERS && !run_op (run, op, stepwise, error))
      return FALSE;
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
  g_info ("%s: %s", op->text, error->message);
  return FALSE;
}

static void
note_done (const CormPlanRun *run, const CormPlan *plan, guint first, guint last)
{
  for (guint i = first; i <= last; i++) {
    const CormOp *op = plan->ops->pdata[i];
    if (op->kind != CORM_OP_DIFFERS)
      g_string_append_printf (run->done, "%s%s", run->done->len > 0 ? "; " : "", op->text);
  }
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
    g_info ("%s; trying again", local->message);
    g_error_free (local);
    g_usleep (PAUSE_MS * 1000);
  }
}

/* From @first on, as many operations as it takes, in one transaction. *@n: the violations, before and after. */
static gboolean
run_checked_step (CormPlanRun *run, const CormPlan *plan, guint first, guint *next, guint64 *n,
                  GError **error)
{
  guint64 now = *n;
  gboolean whole = FALSE;
  g_autoptr (CormTransaction) transaction = begin_patiently (run, error);
  if (transaction == NULL)
    return FALSE;
  for (*next = first; *next < plan->ops->len && !whole; (*next)++) {
    const CormOp *op = plan->ops->pdata[*next];
    if (op->kind == CORM_OP_DIFFERS)
      continue;
    corm_plan_run_tell (run, op);
    if (!run_statements (run, op, error))
      return corm_error_prefix (error, "%s", op->text);
    whole = rows_point_to_rows (run, op, *n, &now);
  }
  if (!whole && !count_violations (run, &now, error))
    return FALSE;
  if (now > *n)
    return refuse_orphans (run, now - *n, error);
  *n = now;
  if (!corm_transaction_commit (transaction, error))
    return FALSE;
  note_done (run, plan, first, *next - 1);
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
  gboolean done = dialect->check_rebuild != NULL ? run_checked_steps (run, plan, error)
                                                 : run_ops (run, plan, TRUE, error);
  corm_gentle_end (run->conn);
  return done;
}

gboolean
corm_plan_run (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  guint64 before, after;
  if (corm_plan_runs_stepwise (run, plan))
    return run_stepwise (run, plan, error);
  if (!count_violations (run, &before, error) || !run_ops (run, plan, FALSE, error) ||
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
