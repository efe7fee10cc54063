/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Migrations as a script for a database's own client: the statements, and those that write the history. The row comes
 * first, so that a script that is run a second time stops at once. */
#include "base/error.h"
#include "base/uri.h"
#include "engine/drivers.h"
#include "evolve/runner.h"

#include <string.h>

typedef struct {
  const CormDialect *dialect;
  CormMigrationDirection direction;
  GString *text;
} Script;

/* One statement with its end. A semicolon inside it would end it too early, where the client does not see through. */
static void
add (Script *script, const char *sql)
{
  static const char *const ends[] = { ";;", "//", "$$", "||", "@@" };
  const char *end = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (ends) && end == NULL && strchr (sql, ';') != NULL; i++)
    end = strstr (sql, ends[i]) == NULL ? ends[i] : NULL;
  if (script->dialect->script_delimiter && end != NULL)
    g_string_append_printf (script->text, "DELIMITER %s\n%s\n%s\nDELIMITER ;\n", end, sql, end);
  else /* a comment may stand on its last line */
    g_string_append_printf (script->text, "%s%s;\n", sql, strpbrk (sql, "-#") != NULL ? "\n" : "");
}

static void
add_and_free (Script *script, char *sql)
{
  add (script, sql);
  g_free (sql);
}

static void
add_begin (Script *script)
{
  const char *begin = script->dialect->begin[CORM_TRANSACTION_WRITE];
  add (script, begin != NULL ? begin : "BEGIN");
}

static void
add_whole (Script *script, const CormMigration *migration, const GPtrArray *statements)
{
  g_autoptr (CormHistoryRow) row = corm_runner_new_row (migration);
  add_begin (script);
  if (script->direction == CORM_MIGRATION_UP)
    add_and_free (script, corm_history_sql_insert (script->dialect, row));
  for (guint i = 0; i < statements->len; i++)
    add (script, ((const CormMigrationStatement *) statements->pdata[i])->sql);
  if (script->direction == CORM_MIGRATION_DOWN)
    add_and_free (script, corm_history_sql_delete (script->dialect, row->version));
  add (script, "COMMIT");
}

/* What the history says behind each statement, as a run of the migrator would say it. */
static void
add_step (Script *script, CormHistoryRow *row, const GPtrArray *statements, guint i)
{
  const char *sql = ((const CormMigrationStatement *) statements->pdata[i])->sql;
  gboolean rows = corm_doubt_get_kind (sql) == CORM_STATEMENT_ROWS;
  row->statement = i + 1;
  g_free (row->statement_checksum);
  row->statement_checksum = corm_stepwise_sum (statements, i + 1);
  if (rows)
    add_begin (script);
  add (script, sql);
  add_and_free (script, corm_history_sql_update (script->dialect, row));
  if (rows)
    add (script, "COMMIT");
}

static void
add_steps (Script *script, const CormMigration *migration, const GPtrArray *statements)
{
  gboolean up = script->direction == CORM_MIGRATION_UP;
  g_autoptr (CormHistoryRow) row = corm_runner_new_row (migration), done = corm_runner_new_row (migration);
  row->state = up ? CORM_HISTORY_UPGRADING : CORM_HISTORY_DOWNGRADING;
  add_and_free (script, up ? corm_history_sql_insert (script->dialect, row)
                           : corm_history_sql_update (script->dialect, row));
  for (guint i = 0; i < statements->len; i++)
    add_step (script, row, statements, i);
  add_and_free (script, up ? corm_history_sql_update (script->dialect, done)
                           : corm_history_sql_delete (script->dialect, done->version));
}

static gboolean
add_migration (Script *script, const CormMigration *migration, GError **error)
{
  const CormMigrationPart *part = &migration->parts[script->direction];
  const CormDialect *dialect = script->dialect;
  if (part->function != NULL || !corm_migration_has_way (migration, script->direction)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED, "%s %s", corm_migration_describe (migration),
                 part->function != NULL ? "is a function of the program: a script cannot run it"
                                        : "has no way back (-- corm:down with its statements)");
    return FALSE;
  }
  g_autoptr (GPtrArray) statements =
      corm_migration_get_statements (migration, script->direction, dialect, error);
  if (statements == NULL)
    return FALSE;
  const char *keys = migration->foreign_keys ? dialect->after_rebuild : dialect->before_rebuild;
  g_autofree char *name = g_strdelimit (g_strdup (migration->name), "\r\n", ' ');
  g_string_append_printf (script->text, "\n-- %s %s\n", migration->version, name);
  if (keys != NULL)
    add (script, keys);
  if ((dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) && !part->no_transaction)
    add_whole (script, migration, statements);
  else
    add_steps (script, migration, statements);
  return TRUE;
}

static gboolean
lies_between (const char *version, const char *above, const char *up_to)
{
  return up_to != NULL && corm_version_compare (version, up_to) <= 0 &&
         (above == NULL || corm_version_compare (version, above) > 0);
}

static gboolean
write_script (Script *script, const CormMigrations *set, const char *from, const char *to, GError **error)
{
  const CormDialect *dialect = script->dialect;
  gboolean down = to == NULL || (from != NULL && corm_version_compare (to, from) < 0);
  guint n = set->all->len;
  script->direction = down ? CORM_MIGRATION_DOWN : CORM_MIGRATION_UP;
  g_string_append_printf (script->text, "-- Migrations from %s to %s, for %s.\n%s",
                          from != NULL ? from : "base", to != NULL ? to : "base", dialect->name,
                          dialect->script_begin != NULL ? dialect->script_begin : "");
  add_and_free (script, corm_history_sql_create (dialect));
  for (guint i = 0; i < n; i++) {
    const CormMigration *migration = set->all->pdata[down ? n - 1 - i : i];
    if (lies_between (migration->version, down ? to : from, down ? from : to) &&
        !((down || corm_ledger_check_branch (set, migration, error)) &&
          add_migration (script, migration, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
resolve (const CormMigrations *set, const char *from, const char *to, const char **first, const char **last,
         GError **error)
{
  g_autoptr (GPtrArray) applied = g_ptr_array_new ();
  if (!corm_migrations_resolve (set, applied, from, first, error))
    return FALSE;
  for (guint i = 0; i < set->all->len; i++) {
    CormMigration *migration = set->all->pdata[i];
    if (lies_between (migration->version, NULL, *first))
      g_ptr_array_add (applied, migration->version);
  }
  return corm_migrations_resolve (set, applied, to, last, error);
}

/* The statements alone, all that lead up to @to. */
static gboolean
write_plain (Script *script, const CormMigrations *set, const char *to, GError **error)
{
  for (guint i = 0; i < set->all->len; i++) {
    const CormMigration *migration = set->all->pdata[i];
    if (!lies_between (migration->version, NULL, to))
      continue;
    g_autoptr (GPtrArray) statements =
        corm_migration_get_statements (migration, CORM_MIGRATION_UP, script->dialect, error);
    for (guint s = 0; statements != NULL && s < statements->len; s++)
      add (script, ((const CormMigrationStatement *) statements->pdata[s])->sql);
    if (statements == NULL)
      return FALSE;
  }
  return TRUE;
}

char *
corm_migrations_to_sql (CormMigrations *migrations, const char *uri, const char *from, const char *to,
                        GError **error)
{
  const char *first, *last;
  g_return_val_if_fail (migrations != NULL && uri != NULL && to != NULL, NULL);
  g_autoptr (CormUri) parsed = corm_uri_parse (uri, error);
  const CormDriver *driver = parsed != NULL ? corm_driver_find (parsed, error) : NULL;
  if (driver == NULL || !resolve (migrations, from != NULL ? from : "base", to, &first, &last, error))
    return NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  Script script = { .dialect = driver->dialect, .text = text };
  gboolean ok = from != NULL ? write_script (&script, migrations, first, last, error)
                             : write_plain (&script, migrations, last, error);
  return ok ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
