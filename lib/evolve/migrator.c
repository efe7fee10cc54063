/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Brings a database to a schema. A first plan is made without any lock, so that a database that is up to date costs
 * nothing and may be read-only; when there is something to do the lock is taken and the plan made again, as another
 * migrator may have done it meanwhile.
 * Invariant: it ends with all changes made and an empty second plan, or, where DDL has transactions, with the database
 * as before; where it has none, the error says what was done. */
#include "base/error.h"
#include "engine/connection.h"
#include "evolve/data.h"
#include "engine/lock.h"
#include "evolve/plan-run.h"
#include "evolve/planner.h"
#include "evolve/scratch.h"

#include <string.h>

typedef struct {
  CormConnection *conn;
  const CormDialect *dialect;
  CormPlanRun run;
  CormSchema *to;     /* in the server's words */
  CormSchema *wanted; /* in those it was asked for with */
} Migrator;

static CormPlanner
planner_of (const Migrator *migrator, const CormSchema *live)
{
  return (CormPlanner){ .dialect = migrator->dialect,
                        .live = live,
                        .to = migrator->to,
                        .wanted = migrator->wanted,
                        .level = CORM_APPROVAL_NONE,
                        .allow = migrator->run.options.allow,
                        .online = migrator->run.options.online,
                        .conn = migrator->conn };
}

/* The plan from the database as it is now. */
static CormPlan *
make_plan (const Migrator *migrator, CormSchema **live, CormDiff **diff, GError **error)
{
  g_autoptr (CormSchema) schema = corm_schema_inspect (migrator->conn, error);
  if (schema == NULL)
    return NULL;
  CormPlanner planner = planner_of (migrator, schema);
  CormPlan *plan = corm_planner_plan (&planner, diff, error);
  if (plan != NULL) {
    plan->from = corm_schema_fingerprint (schema);
    plan->to = corm_schema_fingerprint (migrator->to);
  }
  if (plan != NULL && live != NULL)
    *live = g_steal_pointer (&schema);
  return plan;
}

static void
tell_differences (const Migrator *migrator, const CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++)
    if (((const CormOp *) plan->ops->pdata[i])->kind == CORM_OP_DIFFERS)
      corm_plan_run_tell (&migrator->run, plan->ops->pdata[i]);
}

/* The promise: after all changes there is none left to make. */
static gboolean
verify (const Migrator *migrator, GError **error)
{
  g_autoptr (CormPlan) rest = make_plan (migrator, NULL, NULL, error);
  if (rest == NULL)
    return corm_error_prefix (error, "look at the result of the migration");
  if (corm_plan_get_n_changes (rest) == 0)
    return TRUE;
  const CormOp *op = rest->ops->pdata[0];
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "migrate: the statements ran, but the database still lacks what they add (%s): it took it "
               "otherwise than "
               "it was written",
               op->text);
  return FALSE;
}

/* In a transaction where it helps. @transaction: begun already, where it is the lock. */
static CormPlan *
plan_and_run (Migrator *migrator, CormTransaction *lock, GError **error)
{
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormDiff) diff = NULL;
  g_autoptr (CormTransaction) own = NULL;
  g_autoptr (CormPlan) plan = make_plan (migrator, &live, &diff, error);
  CormPlanner planner = planner_of (migrator, live);
  if (plan == NULL || !corm_data_check (migrator->conn, &planner, diff, error))
    return NULL;
  if (lock == NULL && (migrator->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) &&
      !corm_plan_runs_stepwise (&migrator->run, plan)) {
    own = corm_transaction_begin (migrator->conn, CORM_TRANSACTION_WRITE, error);
    if (own == NULL)
      return NULL;
  }
  CormTransaction *transaction = lock != NULL ? lock : own;
  if (!corm_plan_run (&migrator->run, plan, error) || !verify (migrator, error) ||
      (transaction != NULL && !corm_transaction_commit (transaction, error)))
    return NULL;
  return g_steal_pointer (&plan);
}

static CormPlan *
run_locked (Migrator *migrator, GError **error)
{
  if (!corm_lock_is_transaction (migrator->conn))
    return plan_and_run (migrator, NULL, error);
  g_autoptr (CormTransaction) lock = corm_lock_begin (migrator->conn, migrator->run.options.wait_ms, error);
  return lock != NULL ? plan_and_run (migrator, lock, error) : NULL;
}

static CormPlan *
run_surrounded (Migrator *migrator, GError **error)
{
  const CormDialect *dialect = migrator->dialect;
  if (dialect->before_rebuild != NULL &&
      !corm_connection_run (migrator->conn, dialect->before_rebuild, error))
    return NULL;
  CormPlan *plan = run_locked (migrator, error);
  g_autoptr (GError) after = NULL;
  if (dialect->after_rebuild != NULL && !corm_connection_run (migrator->conn, dialect->after_rebuild, &after))
    corm_warn ("migrate: %s: %s", dialect->after_rebuild, after->message);
  corm_plan_run_say_done (&migrator->run, error);
  return plan;
}

static CormPlan *
bring_up_to_date (Migrator *migrator, GError **error)
{
  g_autoptr (CormPlan) plan = make_plan (migrator, NULL, NULL, error);
  if (plan == NULL || migrator->run.options.dry_run)
    return g_steal_pointer (&plan);
  if (corm_plan_get_n_changes (plan) > 0) {
    g_clear_pointer (&plan, corm_plan_free);
    migrator->run.lock = corm_lock_take (migrator->conn, migrator->run.options.wait_ms, error);
    if (migrator->run.lock != NULL)
      plan = run_surrounded (migrator, error);
    g_clear_pointer (&migrator->run.lock, corm_lock_free);
  }
  if (plan != NULL)
    tell_differences (migrator, plan);
  return g_steal_pointer (&plan);
}

/* Models speak for no database, so that nothing of them can stand there word for word. */
static CormSchema *
find_canonical (CormConnection *conn, const CormSchema *to, CormSchema **wanted, GPtrArray *notes,
                GError **error)
{
  if (g_strcmp0 (to->dialect, corm_connection_get_dialect (conn)->name) != 0)
    return corm_evolve_canonical (conn, to, wanted, notes, error);
  g_autoptr (CormSchema) live = corm_schema_inspect (conn, error);
  return live != NULL ? corm_evolve_canonical_like (conn, to, live, wanted, notes, error) : NULL;
}

CormPlan *
corm_schema_migrate (CormConnection *conn, const CormSchema *to, const CormMigrateOptions *options,
                     GError **error)
{
  g_return_val_if_fail (conn != NULL && to != NULL, NULL);
  g_autoptr (CormSchema) wanted = NULL;
  g_autoptr (GString) done = g_string_new (NULL);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  if (corm_connection_in_transaction (conn)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "migrate: the connection is inside a transaction; commit it first");
    return NULL;
  }
  g_autoptr (CormSchema) canonical = find_canonical (conn, to, &wanted, notes, error);
  if (canonical == NULL)
    return NULL;
  /* Models say the same at every start of a program: there it would nag. */
  for (guint i = 0; i < notes->len; i++)
    g_log (G_LOG_DOMAIN, to->from_models ? G_LOG_LEVEL_INFO : G_LOG_LEVEL_MESSAGE, "%s",
           (char *) notes->pdata[i]);
  Migrator migrator = { .conn = conn,
                        .dialect = corm_connection_get_dialect (conn),
                        .to = canonical,
                        .wanted = wanted,
                        .run = { .conn = conn, .done = done } };
  if (options != NULL)
    migrator.run.options = *options;
  return bring_up_to_date (&migrator, error);
}

static CormPlan *
migrate_models (CormDb *db, const CormMigrateOptions *options, GError **error)
{
  CormRegistry *registry = corm_db_get_registry (db);
  if (registry == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "migrate: the database was opened without models; give corm_db_open() a registry");
    return NULL;
  }
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  g_autoptr (CormSchema) to = conn != NULL ? corm_schema_from_registry (registry) : NULL;
  return to != NULL ? corm_schema_migrate (conn, to, options, error) : NULL;
}

gboolean
corm_db_migrate (CormDb *db, const CormMigrateOptions *options, GError **error)
{
  g_return_val_if_fail (db != NULL, FALSE);
  g_autoptr (CormPlan) plan = migrate_models (db, options, error);
  corm_db_expect_on_readers (db); /* also what another process has just done */
  return plan != NULL;
}

CormPlan *
corm_db_plan (CormDb *db, GError **error)
{
  const CormMigrateOptions options = { .dry_run = true };
  g_return_val_if_fail (db != NULL, NULL);
  return migrate_models (db, &options, error);
}
