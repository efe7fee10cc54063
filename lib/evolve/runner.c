/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Runs migrations. A first look at the history takes no lock and writes nothing; when something is to be done the lock is
 * taken and the look repeated, as another migrator may have done it meanwhile.
 * Invariant: where a transaction holds a migration, its row of the history is in it. */
#include "evolve/runner.h"

#include "base/error.h"
#include "engine/connection.h"

#include <string.h>

/* --- a run ------------------------------------------------------------------------------------------------------- */

static gboolean
is_stepwise (const CormRunner *runner, const CormLedgerEntry *entry)
{
  return entry->row != NULL && entry->row->state != CORM_HISTORY_APPLIED
             ? TRUE
             : runner->options.mode == CORM_MIGRATION_NONE ||
                   !(runner->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) ||
                   entry->migration->parts[runner->direction].no_transaction;
}

static void
switch_keys (const CormRunner *runner, const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (sql != NULL && !corm_connection_run (runner->conn, sql, &error))
    corm_warn ("migrations: %s: %s", sql, error->message);
}

static gboolean
run_entry (CormRunner *runner, const CormLedgerEntry *entry, GError **error)
{
  const CormMigration *migration = entry->migration;
  const CormDialect *dialect = runner->dialect;
  gboolean keys_off = !migration->foreign_keys && runner->options.mode != CORM_MIGRATION_RUN;
  gboolean ok;
  runner->number++;
  switch_keys (runner, keys_off ? dialect->before_rebuild : NULL);
  if (runner->options.mode == CORM_MIGRATION_RUN)
    ok = corm_runner_run_here (runner, migration, error);
  else if (is_stepwise (runner, entry))
    ok = corm_runner_run_stepwise (runner, migration, entry->row, error);
  else
    ok = corm_runner_run_in_transaction (runner, migration, error);
  switch_keys (runner, keys_off ? dialect->after_rebuild : NULL);
  if (ok)
    corm_runner_tell_done (runner, migration);
  return ok;
}

static gboolean
run_entries (CormRunner *runner, const GPtrArray *todo, GError **error)
{
  runner->total = todo->len;
  if (!corm_runner_hook (runner, CORM_RUNNER_HOOK (before_run), NULL, error))
    return FALSE;
  for (guint i = 0; i < todo->len; i++)
    if (!run_entry (runner, todo->pdata[i], error))
      return FALSE;
  return corm_runner_hook (runner, CORM_RUNNER_HOOK (after_run), NULL, error);
}

static gboolean
check_one_transaction (const CormRunner *runner, const GPtrArray *todo, GError **error)
{
  if (!(runner->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "all migrations in one transaction: this database commits every change of its structure by "
                 "itself; run them one by one");
    return FALSE;
  }
  for (guint i = 0; i < todo->len; i++) {
    const CormLedgerEntry *entry = todo->pdata[i];
    if (entry->migration->parts[runner->direction].no_transaction) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                   "all migrations in one transaction: %s must not run in any (corm:no-transaction)",
                   corm_migration_describe (entry->migration));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
run_in_one (CormRunner *runner, const GPtrArray *todo, GError **error)
{
  if (!check_one_transaction (runner, todo, error))
    return FALSE;
  switch_keys (runner, runner->dialect->before_rebuild);
  g_autoptr (CormTransaction) transaction = corm_lock_begin (runner->conn, runner->options.wait_ms, error);
  gboolean ok = transaction != NULL && run_entries (runner, todo, error) &&
                corm_transaction_commit (transaction, error);
  g_clear_pointer (&transaction, corm_transaction_free);
  switch_keys (runner, runner->dialect->after_rebuild);
  return ok;
}

/* --- the public face --------------------------------------------------------------------------------------------- */

/* What was edited and accepted: the history gets its checksum of today. */
static gboolean
accept_edited (const CormRunner *runner, const GPtrArray *ledger, GError **error)
{
  for (guint i = 0; i < ledger->len; i++) {
    const CormLedgerEntry *entry = ledger->pdata[i];
    if (entry->state != CORM_MIGRATION_EDITED)
      continue;
    g_free (entry->row->checksum);
    entry->row->checksum = g_strdup (entry->migration->checksum);
    g_autofree char *sql = corm_history_sql_update (runner->dialect, entry->row);
    if (!corm_connection_run (runner->conn, sql, error))
      return corm_error_prefix (error, "accept the edited migration %s", entry->row->version);
  }
  return TRUE;
}

static gboolean
has_edited (const GPtrArray *ledger)
{
  for (guint i = 0; i < ledger->len; i++)
    if (((const CormLedgerEntry *) ledger->pdata[i])->state == CORM_MIGRATION_EDITED)
      return TRUE;
  return FALSE;
}

/* Reads all statements, before anything runs; and tells of them. */
static gboolean
read_plan (CormRunner *runner, const GPtrArray *todo, gboolean tell, GError **error)
{
  runner->total = todo->len;
  for (guint i = 0; i < todo->len; i++) {
    const CormMigration *migration = ((const CormLedgerEntry *) todo->pdata[i])->migration;
    g_autoptr (GPtrArray) statements =
        corm_migration_get_statements (migration, runner->direction, runner->dialect, error);
    if (statements == NULL)
      return FALSE;
    if (!tell)
      continue;
    runner->number = i + 1;
    for (guint s = 0; s < statements->len; s++)
      corm_runner_tell (runner, migration, statements, s, FALSE);
    if (migration->parts[runner->direction].function != NULL)
      corm_runner_tell (runner, migration, NULL, 0, FALSE);
    corm_runner_tell_done (runner, migration);
  }
  return TRUE;
}

/* Looks, and where @run says so does what is to be done. *is_done: there was nothing. */
static gboolean
look (CormRunner *runner, char **target, gboolean run, gboolean *is_done, GError **error)
{
  gboolean exists;
  const char *version;
  g_autoptr (GPtrArray) rows = corm_history_read (runner->conn, &exists, error);
  if (rows == NULL)
    return FALSE;
  g_autoptr (GPtrArray) ledger = corm_ledger_new (runner->set, rows);
  if (!corm_ledger_resolve (runner->set, ledger, *target, &version, error))
    return FALSE;
  g_free (*target); /* "-1" means something else when another migrator has been at work */
  *target = g_strdup (version != NULL ? version : "base");
  g_autoptr (GPtrArray) todo =
      corm_ledger_plan (runner->set, ledger, runner->direction, version, &runner->options, error);
  if (todo == NULL)
    return FALSE;
  *is_done = todo->len == 0 && !has_edited (ledger);
  if (*is_done)
    return TRUE;
  if (!run)
    return read_plan (runner, todo, runner->options.dry_run, error);
  if ((!exists && !corm_history_make_table (runner->conn, error)) || !accept_edited (runner, ledger, error))
    return FALSE;
  if (todo->len == 0)
    return TRUE;
  return runner->options.mode == CORM_MIGRATION_RUN ? run_in_one (runner, todo, error)
                                                    : run_entries (runner, todo, error);
}

static gboolean
run_on (CormRunner *runner, const char *wanted, GError **error)
{
  gboolean is_done = FALSE;
  g_autofree char *target = g_strdup (wanted);
  if (corm_connection_in_transaction (runner->conn)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "migrations: the connection is inside a transaction; commit it first");
    return FALSE;
  }
  if (!look (runner, &target, FALSE, &is_done, error))
    return FALSE;
  if (is_done || runner->options.dry_run)
    return TRUE;
  runner->lock = corm_lock_take (runner->conn, runner->options.wait_ms, error);
  gboolean ok = runner->lock != NULL && look (runner, &target, TRUE, &is_done, error);
  g_clear_pointer (&runner->lock, corm_lock_free);
  return ok;
}

static gboolean
run (CormMigrations *set, CormDb *db, CormMigrationDirection direction, const char *target,
     const CormMigrationOptions *options, GError **error)
{
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  if (conn == NULL)
    return FALSE;
  CormRunner runner = {
    .conn = conn, .dialect = corm_connection_get_dialect (conn), .set = set, .direction = direction
  };
  if (options != NULL)
    runner.options = *options;
  gboolean ok = run_on (&runner, target, error);
  corm_db_expect_on_readers (db);
  return ok;
}

gboolean
corm_migrations_upgrade (CormMigrations *migrations, CormDb *db, const char *target,
                         const CormMigrationOptions *options, GError **error)
{
  g_return_val_if_fail (migrations != NULL && db != NULL, FALSE);
  if (target != NULL && target[0] == '-') {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "an upgrade to '%s': that is the way down", target);
    return FALSE;
  }
  return run (migrations, db, CORM_MIGRATION_UP, target != NULL ? target : "head", options, error);
}

gboolean
corm_migrations_downgrade (CormMigrations *migrations, CormDb *db, const char *target,
                           const CormMigrationOptions *options, GError **error)
{
  g_return_val_if_fail (migrations != NULL && db != NULL && target != NULL, FALSE);
  if (target[0] == '+') {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "a downgrade to '%s': that is the way up", target);
    return FALSE;
  }
  return run (migrations, db, CORM_MIGRATION_DOWN, target, options, error);
}
