/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statements of a migration for one dialect, each with its line in the file. */
#include "evolve/migration.h"
#include "evolve/script.h"

static void
statement_free (gpointer data)
{
  CormMigrationStatement *statement = data;
  g_free (statement->sql);
  g_free (statement);
}

static void
add_statement (GPtrArray *statements, char *sql, guint line)
{
  CormMigrationStatement *statement = g_new0 (CormMigrationStatement, 1);
  statement->sql = sql;
  statement->line = line;
  g_ptr_array_add (statements, statement);
}

static gboolean
add_section (GPtrArray *statements, const CormMigration *migration, const CormMigrationSection *section,
             const CormDialect *dialect, GError **error)
{
  const CormScriptOptions options = { .file = migration->file, .first_line = section->line };
  if (section->whole) {
    g_autofree char *sql = g_strstrip (g_strdup (section->sql));
    if (*sql != '\0')
      add_statement (statements, g_steal_pointer (&sql), section->line);
    return TRUE;
  }
  g_autoptr (GPtrArray) found = corm_script_split (dialect, section->sql, -1, &options, error);
  for (guint i = 0; found != NULL && i < found->len; i++) {
    const CormScriptStatement *statement = found->pdata[i];
    add_statement (statements, g_strdup (statement->sql), statement->line);
  }
  return found != NULL;
}

static gboolean
is_for (const GStrv only, const CormDialect *dialect)
{
  return only == NULL || g_strv_contains ((const char *const *) only, dialect->name);
}

GPtrArray *
corm_migration_get_statements (const CormMigration *migration, CormMigrationDirection direction,
                               const CormDialect *dialect, GError **error)
{
  g_autoptr (GPtrArray) statements = g_ptr_array_new_with_free_func (statement_free);
  const GPtrArray *sections = migration->parts[direction].sections;
  for (guint i = 0; is_for (migration->only, dialect) && i < sections->len; i++) {
    const CormMigrationSection *section = sections->pdata[i];
    if (is_for (section->only, dialect) && !add_section (statements, migration, section, dialect, error))
      return NULL;
  }
  return g_steal_pointer (&statements);
}
