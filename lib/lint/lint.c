/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A script is read into actions, and every rule looks at every action. Invariant: nothing is written to the database. */
#include <corm/lint.h>

#include "engine/connection.h"
#include "engine/drivers.h"
#include "lint/findings.h"
#include "lint/source.h"

#include <string.h>

static void
free_lint (CormLint *lint)
{
  g_clear_pointer (&lint->actions, g_ptr_array_unref);
  g_clear_pointer (&lint->statements, g_ptr_array_unref);
  g_clear_pointer ((CormSchema **) &lint->live, corm_schema_free);
}

/* Everything between BEGIN and its end has one number. */
static void
number_actions (CormLint *lint)
{
  guint transactions = 0, current = lint->transaction ? ++transactions : 0;
  lint->actions = g_ptr_array_new ();
  for (guint i = 0; i < lint->statements->len; i++) {
    const CormLintStatement *statement = lint->statements->pdata[i];
    for (guint j = 0; j < statement->actions->len; j++) {
      CormLintAction *action = statement->actions->pdata[j];
      if (action->kind == CORM_ACTION_BEGIN && current == 0)
        current = ++transactions;
      action->transaction = current;
      if (action->kind == CORM_ACTION_COMMIT || action->kind == CORM_ACTION_ROLLBACK)
        current = 0;
      action->place = lint->actions->len;
      g_ptr_array_add (lint->actions, action);
    }
  }
}

static gboolean
prepare (CormLint *lint, const CormLintOptions *options, GError **error)
{
  const CormDriver *driver = options->dialect != NULL ? corm_driver_by_name (options->dialect) : NULL;
  if (options->dialect == NULL && options->conn == NULL) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID,
                         "lint wants a dialect, sqlite3, pgsql or mysql, or a database");
    return FALSE;
  }
  if (options->dialect != NULL && (driver == NULL || driver->dialect == NULL)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "lint knows no dialect '%s'; it has to be one of sqlite3, pgsql and mysql that is built in",
                 options->dialect);
    return FALSE;
  }
  if (driver != NULL && options->conn != NULL &&
      driver->dialect != corm_connection_get_dialect (options->conn)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "the dialect is to be %s, but the database speaks %s",
                 options->dialect, corm_connection_get_dialect (options->conn)->name);
    return FALSE;
  }
  lint->conn = options->conn;
  lint->dialect = driver != NULL ? driver->dialect : corm_connection_get_dialect (options->conn);
  lint->keys_off = options->transaction;
  lint->transaction = options->transaction && (lint->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL);
  if (options->conn == NULL)
    return TRUE;
  lint->live = corm_schema_inspect (options->conn, error);
  return lint->live != NULL;
}

GPtrArray *
corm_lint_sql (const char *script, const CormLintOptions *options, GError **error)
{
  static const CormLintOptions none;
  CormLint lint = { 0 };
  GPtrArray *findings = NULL;
  if (prepare (&lint, options != NULL ? options : &none, error)) {
    lint.statements = corm_lint_source_read (&lint, script, error);
    if (lint.statements != NULL) {
      number_actions (&lint);
      findings = corm_lint_findings (&lint, options);
    }
  }
  free_lint (&lint);
  return findings;
}

/* A column that goes in a rebuild of its table is named in no statement: it is looked at as if ALTER TABLE dropped it. */
static void
add_dropped_column (CormLint *lint, const CormOp *op, guint place)
{
  if (op->kind != CORM_OP_DROP_COLUMN || lint->dialect->rebuild == NULL)
    return;
  g_autoptr (GString) sql = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (sql, lint->dialect, op->table);
  g_string_append (sql, " DROP COLUMN ");
  corm_sql_append_identifier (sql, lint->dialect, op->name);
  g_ptr_array_add (lint->statements, corm_lint_statement_read (lint->dialect, sql->str, place));
}

GPtrArray *
corm_lint_plan (const CormPlan *plan, const CormLintOptions *options, GError **error)
{
  CormLintOptions in_dialect = options != NULL ? *options : (CormLintOptions){ 0 };
  CormLint lint = { 0 };
  GPtrArray *findings = NULL;
  in_dialect.dialect = plan->dialect;
  lint.plan = TRUE;
  if (prepare (&lint, &in_dialect, error)) {
    lint.statements = g_ptr_array_new_with_free_func (corm_lint_statement_free);
    for (guint i = 0; i < plan->ops->len; i++) {
      const CormOp *op = plan->ops->pdata[i];
      add_dropped_column (&lint, op, i + 1);
      for (guint j = 0; op->kind != CORM_OP_DIFFERS && j < op->sql->len; j++)
        g_ptr_array_add (lint.statements, corm_lint_statement_read (lint.dialect, op->sql->pdata[j], i + 1));
    }
    number_actions (&lint);
    findings = corm_lint_findings (&lint, &in_dialect);
  }
  free_lint (&lint);
  return findings;
}
