/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pairs each migration with its row of the history, and decides what may run. All that can be known to go wrong is said here,
 * before anything runs. */
#include "evolve/ledger.h"

#include "base/error.h"

#include <string.h>

/* --- pairing ---------------------------------------------------------------------------------------------------- */

/* A checkpoint stands for earlier ones, with the checksums that they had. */
static gboolean
is_replaced (const CormMigrations *set, const CormHistoryRow *row)
{
  for (guint i = 0; i < set->all->len; i++) {
    const CormMigration *migration = set->all->pdata[i];
    for (char **pair = migration->replaces; pair != NULL && pair[0] != NULL; pair += 2)
      if (corm_version_compare (pair[0], row->version) == 0 && strcmp (pair[1], row->checksum) == 0)
        return TRUE;
  }
  return FALSE;
}

static CormMigrationState
find_state (const CormMigrations *set, const CormLedgerEntry *entry, const char *newest)
{
  const CormHistoryRow *row = entry->row;
  if (row == NULL)
    return newest != NULL && corm_version_compare (entry->migration->version, newest) < 0
               ? CORM_MIGRATION_LATE
               : CORM_MIGRATION_PENDING;
  if (row->state != CORM_HISTORY_APPLIED)
    return CORM_MIGRATION_HALF;
  if (entry->migration == NULL)
    return CORM_MIGRATION_UNKNOWN;
  return strcmp (entry->migration->checksum, row->checksum) == 0 || is_replaced (set, row)
             ? CORM_MIGRATION_APPLIED
             : CORM_MIGRATION_EDITED;
}

static void
add_entry (GPtrArray *ledger, CormMigration *migration, CormHistoryRow *row)
{
  CormLedgerEntry *entry = g_new0 (CormLedgerEntry, 1);
  entry->migration = migration;
  entry->row = row;
  g_ptr_array_add (ledger, entry);
}

/* Both are sorted. */
static void
pair_up (GPtrArray *ledger, const CormMigrations *set, const GPtrArray *rows)
{
  guint m = 0, r = 0;
  while (m < set->all->len || r < rows->len) {
    CormMigration *migration = m < set->all->len ? set->all->pdata[m] : NULL;
    CormHistoryRow *row = r < rows->len ? rows->pdata[r] : NULL;
    int order = migration == NULL ? 1
                : row == NULL     ? -1
                                  : corm_version_compare (migration->version, row->version);
    if (order > 0 && is_replaced (set, row)) {
      r++;
      continue;
    }
    add_entry (ledger, order <= 0 ? migration : NULL, order >= 0 ? row : NULL);
    m += order <= 0;
    r += order >= 0;
  }
}

GPtrArray *
corm_ledger_new (const CormMigrations *set, const GPtrArray *rows)
{
  GPtrArray *ledger = g_ptr_array_new_with_free_func (g_free);
  const char *newest = NULL;
  pair_up (ledger, set, rows);
  for (guint i = 0; i < rows->len; i++) {
    const CormHistoryRow *row = rows->pdata[i];
    newest = row->state != CORM_HISTORY_UPGRADING ? row->version : newest;
  }
  for (guint i = 0; i < ledger->len; i++) {
    CormLedgerEntry *entry = ledger->pdata[i];
    entry->state = find_state (set, entry, newest);
  }
  return ledger;
}

GPtrArray *
corm_ledger_applied (const GPtrArray *ledger)
{
  GPtrArray *applied = g_ptr_array_new ();
  for (guint i = 0; i < ledger->len; i++) {
    const CormLedgerEntry *entry = ledger->pdata[i];
    if (entry->row != NULL)
      g_ptr_array_add (applied, entry->row->version);
  }
  return applied;
}

gboolean
corm_ledger_resolve (const CormMigrations *set, const GPtrArray *ledger, const char *target,
                     const char **version, GError **error)
{
  g_autoptr (GPtrArray) applied = corm_ledger_applied (ledger);
  return corm_migrations_resolve (set, applied, target, version, error);
}

/* --- what may not be -------------------------------------------------------------------------------------------- */

static gboolean refuse (GError **error, CormError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
refuse (GError **error, CormError code, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CORM_ERROR, code, message);
  return FALSE;
}

static gboolean
refuse_edited (const CormLedgerEntry *entry, GError **error)
{
  return refuse (error, CORM_ERROR_SCHEMA,
                 "%s was edited after it had been applied: put its text back and write a new migration, or "
                 "accept it as it is now (--accept)",
                 corm_migration_describe (entry->migration));
}

static gboolean
is_newest (const GPtrArray *ledger, guint at)
{
  for (guint i = at + 1; i < ledger->len; i++)
    if (((const CormLedgerEntry *) ledger->pdata[i])->migration != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
refuse_unknown (const GPtrArray *ledger, guint at, GError **error)
{
  const CormHistoryRow *row = ((const CormLedgerEntry *) ledger->pdata[at])->row;
  if (is_newest (ledger, at))
    return refuse (error, CORM_ERROR_SCHEMA,
                   "the database has the migration %s (%s), which is newer than all that are known here: "
                   "use the newer program, or say that this one can work with it (--allow-unknown)",
                   row->version, row->name);
  return refuse (error, CORM_ERROR_SCHEMA,
                 "the database has the migration %s (%s), whose file is missing here: put it back, or go on "
                 "without it (--allow-unknown)",
                 row->version, row->name);
}

static gboolean
refuse_half (const CormLedgerEntry *entry, GError **error)
{
  const CormHistoryRow *row = entry->row;
  gboolean undoing = row->state == CORM_HISTORY_DOWNGRADING;
  return refuse (error, CORM_ERROR_SCHEMA,
                 "the migration %s (%s) is half %s: %u of its statements are done; %s goes on from there",
                 row->version, row->name, undoing ? "taken back" : "applied", row->statement,
                 undoing ? "a downgrade" : "an upgrade");
}

gboolean
corm_ledger_check_unknown (const GPtrArray *ledger, GError **error)
{
  for (guint i = 0; i < ledger->len; i++)
    if (((const CormLedgerEntry *) ledger->pdata[i])->migration == NULL)
      return refuse_unknown (ledger, i, error);
  return TRUE;
}

static gboolean
check_all (const GPtrArray *ledger, CormHistoryState other, const CormMigrationOptions *options,
           GError **error)
{
  for (guint i = 0; i < ledger->len; i++) {
    const CormLedgerEntry *entry = ledger->pdata[i];
    if (entry->row != NULL && entry->row->state == other)
      return refuse_half (entry, error);
    if (entry->migration == NULL && (!options->allow_unknown || entry->state == CORM_MIGRATION_HALF))
      return refuse_unknown (ledger, i, error);
    if (entry->state == CORM_MIGRATION_EDITED && !options->accept_edited)
      return refuse_edited (entry, error);
  }
  return TRUE;
}

/* A checkpoint is for databases that have nothing of what it stands for. */
static gboolean
check_checkpoint (const CormMigrations *set, const CormLedgerEntry *entry, const GPtrArray *rows,
                  GError **error)
{
  for (guint i = 0; entry->migration->replaces != NULL && i < rows->len; i++)
    if (is_replaced (set, rows->pdata[i]))
      return refuse (error, CORM_ERROR_SCHEMA,
                     "%s stands for all up to %s, but the database has stopped on the way, at %s: bring it "
                     "there with the migrations as they were before",
                     corm_migration_describe (entry->migration), entry->migration->version,
                     ((const CormHistoryRow *) rows->pdata[rows->len - 1])->version);
  return TRUE;
}

gboolean
corm_ledger_check_branch (const CormMigrations *set, const CormMigration *migration, GError **error)
{
  for (guint i = 0; i < set->all->len; i++) {
    const CormMigration *other = set->all->pdata[i];
    if (other != migration && other->after != NULL && migration->after != NULL &&
        corm_version_compare (other->after, migration->after) == 0)
      return refuse (error, CORM_ERROR_SCHEMA,
                     "%s and %s were both written behind %s: see whether they go together (corm merge)",
                     corm_migration_describe (other), corm_migration_describe (migration), migration->after);
  }
  return TRUE;
}

static gboolean
check_pending (const CormMigrations *set, const CormLedgerEntry *entry, const GPtrArray *rows,
               const CormMigrationOptions *options, GError **error)
{
  if (entry->state == CORM_MIGRATION_LATE && !options->allow_late)
    return refuse (error, CORM_ERROR_SCHEMA,
                   "%s is out of order: a newer one, %s, is applied already; give it a newer version, or run "
                   "it all the same (--allow-late)",
                   corm_migration_describe (entry->migration),
                   ((const CormHistoryRow *) rows->pdata[rows->len - 1])->version);
  return corm_ledger_check_branch (set, entry->migration, error) &&
         check_checkpoint (set, entry, rows, error);
}

static gboolean
check_way_back (const GPtrArray *ledger, guint at, GError **error)
{
  const CormLedgerEntry *entry = ledger->pdata[at];
  if (entry->migration == NULL)
    return refuse (error, CORM_ERROR_UNSUPPORTED,
                   "the migration %s (%s) has no file here that says how it is taken back; nothing was run",
                   entry->row->version, entry->row->name);
  return corm_migration_has_way (entry->migration, CORM_MIGRATION_DOWN) ||
         refuse (error, CORM_ERROR_UNSUPPORTED,
                 "%s has no way back (-- corm:down with its statements); nothing was run",
                 corm_migration_describe (entry->migration));
}

/* --- what is to be done ------------------------------------------------------------------------------------------ */

static gboolean
plan_up (const CormMigrations *set, const GPtrArray *ledger, const char *version,
         const CormMigrationOptions *options, GPtrArray *todo, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  for (guint i = 0; i < ledger->len; i++)
    if (((const CormLedgerEntry *) ledger->pdata[i])->row != NULL)
      g_ptr_array_add (rows, ((const CormLedgerEntry *) ledger->pdata[i])->row);
  for (guint i = 0; i < ledger->len && version != NULL; i++) {
    CormLedgerEntry *entry = ledger->pdata[i];
    if (entry->migration == NULL || corm_version_compare (entry->migration->version, version) > 0 ||
        (entry->row != NULL && entry->state != CORM_MIGRATION_HALF))
      continue;
    if (entry->row == NULL && !check_pending (set, entry, rows, options, error))
      return FALSE;
    g_ptr_array_add (todo, entry);
  }
  return TRUE;
}

static gboolean
plan_down (const GPtrArray *ledger, const char *version, GPtrArray *todo, GError **error)
{
  for (guint i = ledger->len; i-- > 0;) {
    CormLedgerEntry *entry = ledger->pdata[i];
    if (entry->row == NULL || (version != NULL && corm_version_compare (entry->row->version, version) <= 0))
      continue;
    if (!check_way_back (ledger, i, error))
      return FALSE;
    g_ptr_array_add (todo, entry);
  }
  return TRUE;
}

GPtrArray *
corm_ledger_plan (const CormMigrations *set, const GPtrArray *ledger, CormMigrationDirection direction,
                  const char *version, const CormMigrationOptions *options, GError **error)
{
  gboolean down = direction == CORM_MIGRATION_DOWN;
  g_autoptr (GPtrArray) todo = g_ptr_array_new ();
  if (!check_all (ledger, down ? CORM_HISTORY_UPGRADING : CORM_HISTORY_DOWNGRADING, options, error))
    return NULL;
  if (down ? !plan_down (ledger, version, todo, error)
           : !plan_up (set, ledger, version, options, todo, error))
    return NULL;
  return g_steal_pointer (&todo);
}
