/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Where a database stands: told, demanded, and set by hand. */
#include "base/error.h"
#include "engine/connection.h"
#include "evolve/ledger.h"
#include "evolve/runner.h"

#include <string.h>

/* --- list -------------------------------------------------------------------------------------------------------- */

static void
info_free (gpointer data)
{
  CormMigrationInfo *info = data;
  g_free (info->version);
  g_free (info->name);
  g_free (info->file);
  g_free (info->checksum);
  g_free (info->after);
  g_free (info);
}

static CormMigrationInfo *
info_new (const CormLedgerEntry *entry)
{
  const CormMigration *migration = entry->migration;
  const CormHistoryRow *row = entry->row;
  CormMigrationInfo *info = g_new0 (CormMigrationInfo, 1);
  info->state = entry->state;
  info->version = g_strdup (migration != NULL ? migration->version : row->version);
  info->name = g_strdup (migration != NULL ? migration->name : row->name);
  info->checksum = g_strdup (migration != NULL ? migration->checksum : row->checksum);
  info->duration_ms = row != NULL ? row->duration_ms : -1;
  if (migration != NULL) {
    info->file = g_strdup (migration->file);
    info->after = g_strdup (migration->after);
    info->has_down = corm_migration_has_way (migration, CORM_MIGRATION_DOWN);
  }
  if (row != NULL) {
    info->applied_at = row->applied_at;
    info->statement = row->statement;
    info->is_undoing = row->state == CORM_HISTORY_DOWNGRADING;
    info->is_in_doubt = row->doing != NULL;
  }
  return info;
}

static GPtrArray *
read_rows (CormDb *db, GError **error)
{
  gboolean exists;
  if (db == NULL)
    return g_ptr_array_new_with_free_func (corm_history_row_free);
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  return conn != NULL ? corm_history_read (conn, &exists, error) : NULL;
}

GPtrArray *
corm_migrations_list (CormMigrations *migrations, CormDb *db, GError **error)
{
  g_return_val_if_fail (migrations != NULL, NULL);
  g_autoptr (GPtrArray) rows = read_rows (db, error);
  if (rows == NULL)
    return NULL;
  g_autoptr (GPtrArray) ledger = corm_ledger_new (migrations, rows);
  GPtrArray *list = g_ptr_array_new_with_free_func (info_free);
  for (guint i = 0; i < ledger->len; i++)
    g_ptr_array_add (list, info_new (ledger->pdata[i]));
  return list;
}

/* --- demand ------------------------------------------------------------------------------------------------------ */

static gboolean
refuse (GError **error, const CormMigration *migration, const char *what)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA, "the migration %s (%s) %s", migration->version,
               migration->name, what);
  return FALSE;
}

static gboolean
check_entry (const CormLedgerEntry *entry, const char *version, gboolean exactly,
             const CormMigrationOptions *options, GError **error)
{
  const CormMigration *migration = entry->migration;
  if (migration == NULL)
    return TRUE; /* looked at already */
  gboolean beyond = version == NULL || corm_version_compare (migration->version, version) > 0;
  if (entry->state == CORM_MIGRATION_HALF)
    return refuse (error, migration, "was cut off in the middle: run \"corm upgrade\"");
  if (entry->row == NULL)
    return beyond || refuse (error, migration, "is missing in the database: run \"corm upgrade\"");
  if (entry->state == CORM_MIGRATION_EDITED && !options->accept_edited)
    return refuse (error, migration, "was edited after it had been applied");
  return !beyond || !exactly ||
         refuse (error, migration, "is applied: the database is further than the program wants");
}

static gboolean
check_standing (CormMigrations *set, CormDb *db, gboolean exactly, const char *target,
                const CormMigrationOptions *options, GError **error)
{
  const char *version;
  g_autoptr (GPtrArray) rows = read_rows (db, error);
  if (rows == NULL)
    return FALSE;
  g_autoptr (GPtrArray) ledger = corm_ledger_new (set, rows);
  if (!corm_ledger_resolve (set, ledger, target, &version, error) ||
      (!options->allow_unknown && !corm_ledger_check_unknown (ledger, error)))
    return FALSE;
  for (guint i = 0; i < ledger->len; i++)
    if (!check_entry (ledger->pdata[i], version, exactly, options, error))
      return FALSE;
  return TRUE;
}

gboolean
corm_migrations_demand (CormMigrations *migrations, CormDb *db, CormMigrationDemand demand,
                        const char *version, const CormMigrationOptions *options, GError **error)
{
  const CormMigrationOptions none = { 0 };
  g_return_val_if_fail (migrations != NULL && db != NULL, FALSE);
  if (demand == CORM_MIGRATIONS_BRING_UP)
    return corm_migrations_upgrade (migrations, db, version, options, error);
  return check_standing (migrations, db, demand == CORM_MIGRATIONS_EXACTLY,
                         version != NULL ? version : "head", options != NULL ? options : &none, error) ||
         corm_error_prefix (error, "%s", corm_db_get_uri (db));
}

/* --- stamp ------------------------------------------------------------------------------------------------------- */

/* @theirs NULL: all up to @version. */
static gboolean
is_wanted (const CormLedgerEntry *entry, const char *version, GPtrArray *theirs)
{
  const char *own = entry->migration != NULL ? entry->migration->version : entry->row->version;
  if (theirs != NULL)
    return entry->migration != NULL && g_ptr_array_find (theirs, entry->migration, NULL);
  return version != NULL && corm_version_compare (own, version) <= 0;
}

static char *
stamp_sql (const CormDialect *dialect, const CormLedgerEntry *entry, gboolean wanted)
{
  if (!wanted)
    return entry->row != NULL ? corm_history_sql_delete (dialect, entry->row->version) : NULL;
  if (entry->migration == NULL || entry->state == CORM_MIGRATION_APPLIED)
    return NULL;
  g_autoptr (CormHistoryRow) row = corm_runner_new_row (entry->migration);
  if (entry->row == NULL)
    return corm_history_sql_insert (dialect, row);
  g_free (row->version);
  row->version = g_strdup (entry->row->version);
  return corm_history_sql_update (dialect, row);
}

static gboolean
stamp_all (CormConnection *conn, const GPtrArray *ledger, const char *version, GPtrArray *theirs,
           GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
  if (transaction == NULL)
    return FALSE;
  for (guint i = 0; i < ledger->len; i++) {
    g_autofree char *sql =
        stamp_sql (dialect, ledger->pdata[i], is_wanted (ledger->pdata[i], version, theirs));
    if (sql != NULL && !corm_connection_run (conn, sql, error))
      return FALSE;
  }
  return corm_transaction_commit (transaction, error);
}

/* "0005:3": three of its statements are done. */
static gboolean
stamp_half (CormConnection *conn, const GPtrArray *ledger, const char *version, const char *number,
            GError **error)
{
  char *end = NULL;
  guint64 n = g_ascii_strtoull (number, &end, 10);
  for (guint i = 0; g_ascii_isdigit (*number) && *end == '\0' && i < ledger->len; i++) {
    const CormLedgerEntry *entry = ledger->pdata[i];
    if (entry->state == CORM_MIGRATION_HALF && entry->migration != NULL &&
        corm_version_compare (entry->migration->version, version) == 0)
      return corm_stepwise_stamp (conn, entry->migration, entry->row, n, error);
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s:%s: the database has no migration %s that was cut off in the middle, or that is no number "
               "of statements",
               version, number, version);
  return FALSE;
}

static gboolean
stamp (CormMigrations *set, CormConnection *conn, const char *target, GError **error)
{
  gboolean exists;
  const char *version = NULL;
  g_auto (GStrv) parts = g_strsplit (target != NULL ? target : "", ":", 2);
  g_autoptr (GPtrArray) rows = corm_history_read (conn, &exists, error);
  g_autoptr (GPtrArray) theirs =
      rows != NULL && target == NULL ? corm_takeover_read (set, conn, error) : NULL;
  if (rows == NULL || (target == NULL && theirs == NULL))
    return FALSE;
  g_autoptr (GPtrArray) ledger = corm_ledger_new (set, rows);
  const char *wanted = parts[0] != NULL ? parts[0] : "";
  if ((target != NULL && !corm_ledger_resolve (set, ledger, wanted, &version, error)) ||
      (!exists && !corm_history_make_table (conn, error)))
    return FALSE;
  return target != NULL && parts[0] != NULL && parts[1] != NULL
             ? stamp_half (conn, ledger, parts[0], parts[1], error)
             : stamp_all (conn, ledger, version, theirs, error);
}

gboolean
corm_migrations_stamp (CormMigrations *migrations, CormDb *db, const char *target,
                       const CormMigrationOptions *options, GError **error)
{
  g_return_val_if_fail (migrations != NULL && db != NULL, FALSE);
  guint wait_ms = options != NULL ? options->wait_ms : 0;
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  g_autoptr (CormMigratorLock) lock = conn != NULL ? corm_lock_take (conn, wait_ms, error) : NULL;
  return (lock != NULL && stamp (migrations, conn, target, error)) ||
         corm_error_prefix (error, "stamp %s", corm_db_get_uri (db));
}
