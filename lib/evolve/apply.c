/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One migration in a transaction, and what its other ways share with it: telling the program, hooks, the row of the history. */
#include "evolve/runner.h"

#include "base/error.h"
#include "engine/connection.h"

#include <string.h>

/* --- telling ---------------------------------------------------------------------------------------------------- */

void
corm_runner_tell (const CormRunner *runner, const CormMigration *migration, const GPtrArray *statements,
                  guint statement, gboolean is_skipped)
{
  CormMigrationProgress progress = { .version = migration->version,
                                     .name = migration->name,
                                     .is_down = runner->direction == CORM_MIGRATION_DOWN,
                                     .number = runner->number,
                                     .total = runner->total,
                                     .statement = statement + 1,
                                     .n_statements = statements != NULL ? statements->len : 1,
                                     .is_skipped = is_skipped };
  if (statements != NULL)
    progress.sql = ((const CormMigrationStatement *) statements->pdata[statement])->sql;
  if (runner->options.on_progress != NULL)
    runner->options.on_progress (&progress, runner->options.data);
}

void
corm_runner_tell_done (const CormRunner *runner, const CormMigration *migration)
{
  CormMigrationProgress progress = { .version = migration->version,
                                     .name = migration->name,
                                     .is_down = runner->direction == CORM_MIGRATION_DOWN,
                                     .number = runner->number,
                                     .total = runner->total };
  if (runner->options.on_progress != NULL)
    runner->options.on_progress (&progress, runner->options.data);
}

static gboolean
call_hook (const CormRunner *runner, const CormMigrationOptions *options, gsize at, const char *version,
           GError **error)
{
  const CormMigrationHook hook = G_STRUCT_MEMBER (CormMigrationHook, options, at);
  g_autoptr (GError) local = NULL;
  if (hook == NULL ||
      hook (runner->conn, version, runner->direction == CORM_MIGRATION_DOWN, options->data, &local))
    return TRUE;
  g_set_error (error, local != NULL ? local->domain : CORM_ERROR,
               local != NULL ? local->code : CORM_ERROR_FAILED, "the program's hook stopped %s: %s",
               version != NULL ? version : "the run", local != NULL ? local->message : "it does not say why");
  return FALSE;
}

gboolean
corm_runner_hook (const CormRunner *runner, gsize hook, const CormMigration *migration, GError **error)
{
  const char *version = migration != NULL ? migration->version : NULL;
  return call_hook (runner, &runner->set->hooks, hook, version, error) &&
         call_hook (runner, &runner->options, hook, version, error);
}

gboolean
corm_runner_run_statement (const CormRunner *runner, const CormMigration *migration,
                           const CormMigrationStatement *statement, GError **error)
{
  GError *local = NULL;
  if (corm_lock_run (runner->lock, statement->sql, &local))
    return TRUE;
  const char *advice = strstr (local->message, "inside a transaction block") != NULL
                           ? "; write a line \"-- corm:no-transaction\" in front of it"
                           : "";
  g_set_error (error, local->domain, local->code, "%s:%u: %s%s", corm_migration_describe (migration),
               statement->line, local->message, advice);
  g_error_free (local);
  return FALSE;
}

/* --- the history ------------------------------------------------------------------------------------------------- */

CormHistoryRow *
corm_runner_new_row (const CormMigration *migration)
{
  CormHistoryRow *row = g_new0 (CormHistoryRow, 1);
  row->version = g_strdup (migration->version);
  row->name = g_strdup (migration->name);
  row->checksum = g_strdup (migration->checksum);
  row->duration_ms = -1;
  return row;
}

gboolean
corm_runner_record (const CormRunner *runner, const CormMigration *migration, const CormHistoryRow *row,
                    gint64 duration_ms, GError **error)
{
  g_autoptr (CormHistoryRow) done = corm_runner_new_row (migration);
  g_autofree char *sql = NULL;
  done->duration_ms = duration_ms;
  if (row != NULL) {
    g_free (done->version);
    done->version = g_strdup (row->version);
  }
  if (runner->direction == CORM_MIGRATION_DOWN)
    sql = corm_history_sql_delete (runner->dialect, done->version);
  else if (row != NULL)
    sql = corm_history_sql_update (runner->dialect, done);
  else
    sql = corm_history_sql_insert (runner->dialect, done);
  return corm_connection_run (runner->conn, sql, error) ||
         corm_error_prefix (error, "record the migration %s", migration->version);
}

/* --- one migration in a transaction ------------------------------------------------------------------------------ */

gboolean
corm_runner_count_violations (const CormRunner *runner, guint64 *n, GError **error)
{
  GError *local = NULL;
  *n = 0;
  if (runner->dialect->check_rebuild == NULL)
    return TRUE;
  g_autoptr (CormCursor) cursor = corm_query (runner->conn, runner->dialect->check_rebuild, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local))
    (*n)++;
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

/* BEGIN and COMMIT are the migrator's: one by hand would part the statements from their row of the history. */
static gboolean
check_statement (const CormMigration *migration, const CormMigrationStatement *statement, GError **error)
{
  static const char *const words[] = { "begin", "commit", "rollback", "start", "end", "abort" };
  gsize size = strspn (statement->sql, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == size && g_ascii_strncasecmp (statement->sql, words[i], size) == 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "%s:%u: %.*s: the migration has a transaction already; leave it out, or write a line "
                   "\"-- corm:no-transaction\"",
                   corm_migration_describe (migration), statement->line, (int) size, statement->sql);
      return FALSE;
    }
  return TRUE;
}

static gboolean
run_statements (const CormRunner *runner, const CormMigration *migration, GError **error)
{
  CormMigrationFunc function = migration->parts[runner->direction].function;
  if (function != NULL) {
    corm_runner_tell (runner, migration, NULL, 0, FALSE);
    return function (runner->conn, error) || corm_error_prefix (error, "the function of migration %s (%s)",
                                                                migration->version, migration->name);
  }
  g_autoptr (GPtrArray) statements =
      corm_migration_get_statements (migration, runner->direction, runner->dialect, error);
  for (guint i = 0; statements != NULL && i < statements->len; i++)
    if (!check_statement (migration, statements->pdata[i], error))
      return FALSE;
  for (guint i = 0; statements != NULL && i < statements->len; i++) {
    corm_runner_tell (runner, migration, statements, i, FALSE);
    if (!corm_runner_run_statement (runner, migration, statements->pdata[i], error))
      return FALSE;
  }
  return statements != NULL;
}

gboolean
corm_runner_run_here (const CormRunner *runner, const CormMigration *migration, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  guint64 before, after;
  if (!corm_runner_count_violations (runner, &before, error) ||
      !corm_runner_hook (runner, CORM_RUNNER_HOOK (before_each), migration, error) ||
      !run_statements (runner, migration, error) || !corm_runner_count_violations (runner, &after, error))
    return FALSE;
  if (after > before) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_FOREIGN_KEY,
                 "%s: %" G_GUINT64_FORMAT
                 " rows would point to no row (foreign keys are off while a migration "
                 "runs; one that relies on their actions says \"-- corm:foreign-keys\")",
                 corm_migration_describe (migration), after - before);
    return FALSE;
  }
  return corm_runner_hook (runner, CORM_RUNNER_HOOK (after_each), migration, error) &&
         corm_runner_record (runner, migration, NULL, (g_get_monotonic_time () - start) / 1000, error);
}

gboolean
corm_runner_run_in_transaction (const CormRunner *runner, const CormMigration *migration, GError **error)
{
  g_autoptr (CormTransaction) transaction = corm_lock_begin (runner->conn, runner->options.wait_ms, error);
  return transaction != NULL && corm_runner_run_here (runner, migration, error) &&
         corm_transaction_commit (transaction, error);
}
