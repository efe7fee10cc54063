/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A migration without a transaction around it. Its row of the history says how far it has come: a statement that only
 * changes rows is done together with its record, in one transaction; in front of any other the row says that it is
 * begun, and behind it that it is done. A run that is cut off between the two leaves one statement in doubt, and the next
 * run finds out (doubt.c), or says which one it is.
 * Invariant: a statement that the row counts as done has run, and none behind the one that is begun. */
#include "base/error.h"
#include "engine/connection.h"
#include "evolve/runner.h"

#include <string.h>

typedef struct {
  const CormRunner *runner;
  const CormMigration *migration;
  GPtrArray *statements; /* NULL: a function */
  CormHistoryRow *row;
  gboolean doubted; /* the statement that comes first had been begun by an earlier run */
} Walk;

static guint
count (const Walk *walk)
{
  return walk->statements != NULL ? walk->statements->len : 1;
}

static const CormMigrationStatement *
nth (const Walk *walk, guint i)
{
  return walk->statements->pdata[i];
}

char *
corm_stepwise_sum (const GPtrArray *statements, guint n)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; statements != NULL && i < n; i++) {
    const char *sql = ((const CormMigrationStatement *) statements->pdata[i])->sql;
    g_checksum_update (sum, (const guchar *) sql, (gssize) strlen (sql) + 1);
  }
  return g_strdup (g_checksum_get_string (sum));
}

static char *
sum_of (const Walk *walk, guint i)
{
  return walk->statements != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, nth (walk, i)->sql, -1)
                                  : g_strdup (walk->migration->checksum);
}

/* --- the row ---------------------------------------------------------------------------------------------------- */

static gboolean
write_row (const Walk *walk, GError **error)
{
  g_autofree char *sql = corm_history_sql_update (walk->runner->dialect, walk->row);
  return corm_connection_run (walk->runner->conn, sql, error) ||
         corm_error_prefix (error, "record how far the migration %s has come", walk->migration->version);
}

static void
set_doing (Walk *walk, char *doing, char *schema)
{
  g_free (walk->row->doing);
  g_free (walk->row->doing_schema);
  walk->row->doing = doing;
  walk->row->doing_schema = schema;
}

static gboolean
record_begun (Walk *walk, guint i, char *schema, GError **error)
{
  set_doing (walk, sum_of (walk, i), schema);
  return write_row (walk, error);
}

static gboolean
record_done (Walk *walk, guint i, GError **error)
{
  set_doing (walk, NULL, NULL);
  walk->row->statement = i + 1;
  g_free (walk->row->statement_checksum);
  walk->row->statement_checksum = corm_stepwise_sum (walk->statements, i + 1);
  walk->doubted = FALSE;
  return write_row (walk, error);
}

/* The database refused it: it has not run. Where it was in doubt it stays so. */
static void
record_refused (Walk *walk, const GError *why)
{
  g_autoptr (GError) error = NULL;
  if (walk->doubted || g_error_matches (why, CORM_ERROR, CORM_ERROR_CONNECTION) ||
      g_error_matches (why, CORM_ERROR, CORM_ERROR_UNKNOWN_OUTCOME))
    return;
  set_doing (walk, NULL, NULL);
  if (!write_row (walk, &error))
    corm_note ("%s", error->message);
}

static gboolean
start_row (Walk *walk, const CormHistoryRow *row, GError **error)
{
  const CormRunner *runner = walk->runner;
  CormHistoryState state =
      runner->direction == CORM_MIGRATION_DOWN ? CORM_HISTORY_DOWNGRADING : CORM_HISTORY_UPGRADING;
  walk->row = corm_runner_new_row (walk->migration);
  walk->row->state = state;
  if (row == NULL) {
    g_autofree char *sql = corm_history_sql_insert (runner->dialect, walk->row);
    return corm_connection_run (runner->conn, sql, error) ||
           corm_error_prefix (error, "record the migration %s", walk->migration->version);
  }
  g_free (walk->row->version);
  walk->row->version = g_strdup (row->version);
  if (row->state == CORM_HISTORY_APPLIED)
    return write_row (walk, error);
  walk->row->statement = row->statement;
  walk->row->statement_checksum = g_strdup (row->statement_checksum);
  set_doing (walk, g_strdup (row->doing), g_strdup (row->doing_schema));
  return TRUE;
}

/* --- going on --------------------------------------------------------------------------------------------------- */

static gboolean
refuse_doubt (const Walk *walk, const char *why, GError **error)
{
  guint i = walk->row->statement;
  g_autofree char *words = walk->statements != NULL && i < walk->statements->len
                               ? corm_error_quote (nth (walk, i)->sql, -1)
                               : g_strdup ("its function");
  guint line = walk->statements != NULL && i < walk->statements->len ? nth (walk, i)->line : 0;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_SCHEMA,
      "%s:%u: statement %u, %s, was begun by a run that was cut off, and %s. Look whether it has run; "
      "then say so: \"corm stamp %s:%u\" when it has, \"corm stamp %s:%u\" when it has not",
      corm_migration_describe (walk->migration), line, i + 1, words, why, walk->row->version, i + 1,
      walk->row->version, i);
  return FALSE;
}

/* The statement that was begun: *ran, or it is to be run. */
static gboolean
settle_doubt (Walk *walk, gboolean *ran, GError **error)
{
  guint i = walk->row->statement;
  *ran = FALSE;
  if (walk->statements == NULL)
    return walk->migration->repeatable || refuse_doubt (walk, "nobody can know how far it came", error);
  if (i >= walk->statements->len)
    return refuse_doubt (walk, "it is no longer in the file", error);
  const CormMigrationStatement *statement = nth (walk, i);
  g_autofree char *sum = sum_of (walk, i);
  gboolean same = strcmp (sum, walk->row->doing) == 0;
  CormStatementKind kind = corm_doubt_get_kind (statement->sql);
  if (kind == CORM_STATEMENT_REPEATABLE && same)
    return TRUE;
  if (walk->row->doing_schema == NULL)
    return refuse_doubt (walk, "nobody can know whether it ran", error);
  g_autoptr (GError) local = NULL;
  g_autofree char *now = corm_doubt_look (walk->runner->conn, statement->sql, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (g_strcmp0 (now, walk->row->doing_schema) == 0)
    return TRUE;
  *ran = same;
  return same ||
         refuse_doubt (walk, "the file has another text there now, while the schema has changed", error);
}

/* Where to begin. */
static gboolean
resume (Walk *walk, guint *first, GError **error)
{
  gboolean ran;
  guint done = walk->row->statement;
  *first = done;
  g_autofree char *sum = corm_stepwise_sum (walk->statements, MIN (done, count (walk)));
  if (done > count (walk) || (done > 0 && g_strcmp0 (sum, walk->row->statement_checksum) != 0)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "%s: %u of its statements are done, and one of these was edited since: put them back as "
                 "they were, and change only what stands behind them",
                 corm_migration_describe (walk->migration), done);
    return FALSE;
  }
  if (walk->statements != NULL && done < walk->statements->len &&
      !corm_doubt_drop_invalid (walk->runner->conn, nth (walk, done)->sql, error))
    return FALSE;
  walk->doubted = walk->row->doing != NULL;
  if (!walk->doubted)
    return TRUE;
  if (!settle_doubt (walk, &ran, error))
    return FALSE;
  if (!ran)
    return TRUE;
  corm_runner_tell (walk->runner, walk->migration, walk->statements, done, TRUE);
  *first = done + 1;
  return record_done (walk, done, error);
}

/* --- statements ------------------------------------------------------------------------------------------------- */

static gboolean
run_with_record (Walk *walk, guint i, GError **error)
{
  g_autoptr (CormTransaction) transaction =
      corm_transaction_begin (walk->runner->conn, CORM_TRANSACTION_WRITE, error);
  return transaction != NULL &&
         corm_runner_run_statement (walk->runner, walk->migration, nth (walk, i), error) &&
         record_done (walk, i, error) && corm_transaction_commit (transaction, error);
}

static gboolean
run_between_records (Walk *walk, guint i, GError **error)
{
  const CormRunner *runner = walk->runner;
  g_autoptr (GError) local = NULL;
  char *schema = NULL;
  if (walk->statements != NULL && corm_doubt_get_kind (nth (walk, i)->sql) == CORM_STATEMENT_STRUCTURE)
    schema = corm_doubt_look (runner->conn, nth (walk, i)->sql, &local);
  if (local == NULL && record_begun (walk, i, schema, &local)) {
    gboolean ok = walk->statements != NULL
                      ? corm_runner_run_statement (runner, walk->migration, nth (walk, i), &local)
                      : corm_lock_check (runner->lock, &local) &&
                            walk->migration->parts[runner->direction].function (runner->conn, &local);
    if (ok)
      return record_done (walk, i, error);
    record_refused (walk, local);
  }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
run_from (Walk *walk, guint first, GError **error)
{
  for (guint i = first; i < count (walk); i++) {
    gboolean rows =
        walk->statements != NULL && corm_doubt_get_kind (nth (walk, i)->sql) == CORM_STATEMENT_ROWS;
    corm_runner_tell (walk->runner, walk->migration, walk->statements, i, FALSE);
    if (rows ? !run_with_record (walk, i, error) : !run_between_records (walk, i, error)) {
      g_autofree char *why = error != NULL && *error != NULL ? g_strdup ((*error)->message) : NULL;
      if (why != NULL && walk->statements != NULL) {
        g_free ((*error)->message);
        (*error)->message =
            g_strdup_printf ("%s (%u of %u statements are done and recorded; mend this one, and the next run "
                             "goes on with it)",
                             why, walk->row->statement, count (walk));
      }
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
walk_through (Walk *walk, const CormHistoryRow *row, GError **error)
{
  const CormRunner *runner = walk->runner;
  gint64 start = g_get_monotonic_time ();
  guint first = 0;
  /* A hook that refuses leaves nothing behind, not even a row. */
  if (!corm_runner_hook (runner, CORM_RUNNER_HOOK (before_each), walk->migration, error) ||
      !start_row (walk, row, error) || !resume (walk, &first, error) || !run_from (walk, first, error) ||
      !corm_runner_hook (runner, CORM_RUNNER_HOOK (after_each), walk->migration, error))
    return FALSE;
  return corm_runner_record (runner, walk->migration, walk->row, (g_get_monotonic_time () - start) / 1000,
                             error);
}

gboolean
corm_runner_run_stepwise (const CormRunner *runner, const CormMigration *migration, const CormHistoryRow *row,
                          GError **error)
{
  Walk walk = { .runner = runner, .migration = migration };
  if (migration->parts[runner->direction].function == NULL)
    walk.statements = corm_migration_get_statements (migration, runner->direction, runner->dialect, error);
  gboolean function = migration->parts[runner->direction].function != NULL;
  gboolean ok = (function || walk.statements != NULL) && walk_through (&walk, row, error);
  corm_history_row_free (walk.row);
  g_clear_pointer (&walk.statements, g_ptr_array_unref);
  return ok;
}

gboolean
corm_stepwise_stamp (CormConnection *conn, const CormMigration *migration, const CormHistoryRow *row,
                     guint64 n, GError **error)
{
  CormRunner runner = {
    .conn = conn,
    .dialect = corm_connection_get_dialect (conn),
    .direction = row->state == CORM_HISTORY_DOWNGRADING ? CORM_MIGRATION_DOWN : CORM_MIGRATION_UP,
  };
  Walk walk = { .runner = &runner, .migration = migration };
  if (migration->parts[runner.direction].function == NULL)
    walk.statements = corm_migration_get_statements (migration, runner.direction, runner.dialect, error);
  if (migration->parts[runner.direction].function == NULL && walk.statements == NULL)
    return FALSE;
  gboolean ok = n <= count (&walk);
  if (!ok)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s has %u statements",
                 corm_migration_describe (migration), count (&walk));
  ok = ok && start_row (&walk, row, error);
  if (ok && n > 0)
    ok = record_done (&walk, (guint) n - 1, error);
  else if (ok) {
    set_doing (&walk, NULL, NULL);
    walk.row->statement = 0;
    ok = write_row (&walk, error);
  }
  corm_history_row_free (walk.row);
  g_clear_pointer (&walk.statements, g_ptr_array_unref);
  return ok;
}
