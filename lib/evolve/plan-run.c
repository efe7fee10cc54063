/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of a plan. In one transaction a failure undoes them all; step by step each operation that can be is a
 * transaction of its own, and a statement that does not get its lock in time lets the others pass and tries again, so
 * that nobody queues up behind it. What was done then stays done: the next plan begins there. */
#include "evolve/plan-run.h"

#include "base/error.h"
#include "engine/connection.h"
#include "evolve/runner.h"
#include "render/alter.h"

#include <string.h>

enum { LOCK_WAIT_MS = 1000, ATTEMPTS = 60, PAUSE_MS = 200 };

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

/* All of @op, or statement @i of it. */
typedef gboolean (*Attempt) (const CormPlanRun *run, const CormOp *op, guint i, GError **error);

/* A lock that was not to be had is asked for again, a little later each time. An index that is built beside the users and
 * did not get it is there already, and is not valid. */
static gboolean
try_patiently (const CormPlanRun *run, Attempt attempt, const CormOp *op, guint i, GError **error)
{
  for (guint n = 1;; n++) {
    GError *local = NULL;
    if ((n == 1 || !op->alone || corm_doubt_drop_invalid (run->conn, op->sql->pdata[i], &local)) &&
        attempt (run, op, i, &local))
      return TRUE;
    if (n == ATTEMPTS || !g_error_matches (local, CORM_ERROR, CORM_ERROR_BUSY)) {
      g_propagate_error (error, local);
      return FALSE;
    }
    g_info ("%s; trying again", local->message);
    g_error_free (local);
    g_usleep ((gulong) (PAUSE_MS + g_random_int_range (0, PAUSE_MS)) * 1000);
  }
}

static gboolean
run_statement (const CormPlanRun *run, const CormOp *op, guint i, GError **error)
{
  return corm_lock_run (run->lock, op->sql->pdata[i], error);
}

/* A part of the rows each time, until none is left. */
static gboolean
run_until_done (const CormPlanRun *run, const CormOp *op, guint i, GError **error)
{
  guint64 n_changed = 1;
  while (n_changed > 0)
    if (!corm_lock_check (run->lock, error) ||
        !corm_execute (run->conn, op->sql->pdata[i], NULL, &n_changed, error))
      return FALSE;
  return TRUE;
}

static gboolean
run_all (const CormPlanRun *run, const CormOp *op, GError **error)
{
  for (guint i = 0; i < op->sql->len; i++)
    if (!run_statement (run, op, i, error))
      return FALSE;
  return TRUE;
}

static gboolean
run_together (const CormPlanRun *run, const CormOp *op, G_GNUC_UNUSED guint i, GError **error)
{
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (run->conn, CORM_TRANSACTION_WRITE, error);
  return transaction != NULL && run_all (run, op, error) && corm_transaction_commit (transaction, error);
}

/* Several statements of one operation belong together, unless they have to stand alone. */
static gboolean
run_step (const CormPlanRun *run, const CormOp *op, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  if (op->sql->len > 1 && !op->alone && !op->repeat && (dialect->caps & CORM_CAP_TRANSACTIONAL_DDL))
    return try_patiently (run, run_together, op, 0, error);
  for (guint i = 0; i < op->sql->len; i++)
    if (!(op->repeat ? run_until_done (run, op, i, error) : try_patiently (run, run_statement, op, i, error)))
      return FALSE;
  return TRUE;
}

static gboolean
run_op (CormPlanRun *run, const CormOp *op, gboolean stepwise, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  corm_plan_run_tell (run, op);
  if (!(stepwise ? run_step (run, op, error) : run_all (run, op, error)))
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
set_lock_wait (const CormPlanRun *run, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  guint ms = run->options.lock_wait != 0 ? run->options.lock_wait : LOCK_WAIT_MS;
  g_autofree char *value = g_strdup_printf ("%u", ms);
  const CormAlterParts parts = { .value = value };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if (dialect->lock_wait == NULL)
    return TRUE;
  corm_render_alter (sql, dialect, dialect->lock_wait, &parts);
  return corm_connection_run (run->conn, sql->pdata[0], error);
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
    if (!run_all (run, op, error))
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
  g_autoptr (GError) reset = NULL;
  gboolean done =
      set_lock_wait (run, error) && (dialect->check_rebuild != NULL ? run_checked_steps (run, plan, error)
                                                                    : run_ops (run, plan, TRUE, error));
  if (dialect->lock_wait_end != NULL && !corm_connection_run (run->conn, dialect->lock_wait_end, &reset))
    g_info ("%s: %s", dialect->lock_wait_end, reset->message);
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
