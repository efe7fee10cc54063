/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan that somebody has looked at runs as it stands, all of it, and only on the database that it was made for. */
#include "base/error.h"
#include "engine/connection.h"
#include "evolve/plan-run.h"
#include "evolve/scratch.h"
#include "schema/plan.h"

#include <string.h>

/* What stands behind the colon of an --allow; free with g_free(). */
static char *
subject_of (const CormOp *op)
{
  if (op->table == NULL || op->object != NULL)
    return g_strdup (op->name);
  return op->name != NULL ? g_strdup_printf ("%s.%s", op->table, op->name) : g_strdup (op->table);
}

static gboolean
check_approvals (const CormPlan *plan, const CormMigrateOptions *options, GError **error)
{
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_autofree char *kind = corm_op_get_kind_name (op);
    g_autofree char *subject = subject_of (op);
    if (op->approval < CORM_APPROVAL_DESTRUCTIVE || op->kind == CORM_OP_DIFFERS ||
        corm_allow_names (options != NULL ? options->allow : NULL, kind, subject, op->approval))
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED,
                 "apply the plan: %s: something is lost by it; allow it by name: --allow %s:%s", op->text,
                 kind, subject);
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_database (CormConnection *conn, const CormPlan *plan, GError **error)
{
  g_autoptr (CormSchema) live = corm_schema_inspect (conn, error);
  if (live == NULL)
    return FALSE;
  g_autofree char *now = corm_schema_fingerprint (live);
  if (g_strcmp0 (now, plan->from) == 0)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_STALE,
      "apply the plan: the database is not as it was when the plan was made; make a new one (corm diff)");
  return FALSE;
}

static gboolean
run_in_place (CormPlanRun *run, const CormPlan *plan, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (run->conn);
  g_autoptr (CormTransaction) transaction = NULL;
  if (!check_database (run->conn, plan, error))
    return FALSE;
  if ((dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) && !corm_plan_runs_stepwise (run, plan)) {
    transaction = corm_transaction_begin (run->conn, CORM_TRANSACTION_WRITE, error);
    if (transaction == NULL)
      return FALSE;
  }
  gboolean done = corm_plan_run (run, plan, error) &&
                  (transaction == NULL || corm_transaction_commit (transaction, error));
  corm_plan_run_say_done (run, error);
  return done;
}

static gboolean
check_connection (CormConnection *conn, const CormPlan *plan, GError **error)
{
  const char *dialect = corm_connection_get_dialect (conn)->name;
  if (corm_connection_in_transaction (conn)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "apply the plan: the connection is inside a transaction; commit it first");
    return FALSE;
  }
  if (strcmp (dialect, plan->dialect) == 0)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "apply the plan: it is in the words of %s, this database speaks %s; make one for this database",
      plan->dialect, dialect);
  return FALSE;
}

gboolean
corm_plan_apply (CormConnection *conn, const CormPlan *plan, const CormMigrateOptions *options,
                 GError **error)
{
  g_return_val_if_fail (conn != NULL && plan != NULL, FALSE);
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) done = g_string_new (NULL);
  g_autoptr (GError) after = NULL;
  if (!check_connection (conn, plan, error) || !check_approvals (plan, options, error))
    return FALSE;
  g_autoptr (CormMigratorLock) lock = corm_lock_take (conn, 0, error);
  if (lock == NULL)
    return FALSE;
  CormPlanRun run = { conn, lock, options != NULL ? *options : (CormMigrateOptions){ 0 }, done };
  if (dialect->before_rebuild != NULL && !corm_connection_run (conn, dialect->before_rebuild, error))
    return FALSE;
  gboolean ok = run_in_place (&run, plan, error);
  if (dialect->after_rebuild != NULL && !corm_connection_run (conn, dialect->after_rebuild, &after))
    corm_warn ("migrate: %s: %s", dialect->after_rebuild, after->message);
  return ok;
}
