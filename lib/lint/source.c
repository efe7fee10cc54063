/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From a file's text to statements. Invariant: a statement's line is that of its first word in the file, also where
 * parts of the file are left out. Marks are read by the migrations' own reader. */
#include "lint/source.h"

#include "evolve/migration.h"
#include "evolve/script.h"

#include <string.h>

/* "-- corm:WORD" with what follows on the line, or NULL. */
static const char *
directive (const char *line, const char *word)
{
  line += strspn (line, " \t");
  if (strncmp (line, "--", 2) != 0)
    return NULL;
  line += 2 + strspn (line + 2, " \t");
  gsize size = strlen (word);
  gboolean here = strncmp (line, word, size) == 0 && !g_ascii_isalnum (line[size]) && line[size] != '-';
  return here ? line + size : NULL;
}

/* The rules that the comments in [@from, @to) turn off. */
static void
read_ignored (const char *from, const char *to, GPtrArray *ignored)
{
  g_autofree char *text = g_strndup (from, (gsize) (to - from));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *rest = directive (lines[i], "corm:lint-ignore");
    if (rest == NULL)
      continue;
    rest += strspn (rest, " \t");
    g_autofree char *first = g_strndup (rest, strcspn (rest, " \t\r"));
    g_auto (GStrv) names = g_strsplit (first, ",", -1);
    for (guint j = 0; names[j] != NULL; j++)
      g_ptr_array_add (ignored, g_strdup (names[j]));
  }
}

static gboolean
read_section (CormLint *lint, const CormMigrationSection *section, GPtrArray *statements, GError **error)
{
  const CormScriptOptions options = { .first_line = section->line, .skip_client = TRUE };
  if (section->whole) {
    g_ptr_array_add (statements, corm_lint_statement_read (lint->dialect, section->sql, section->line));
    return TRUE;
  }
  g_autoptr (GPtrArray) split = corm_script_split (lint->dialect, section->sql, -1, &options, error);
  for (guint i = 0; split != NULL && i < split->len; i++) {
    const CormScriptStatement *part = split->pdata[i];
    CormLintStatement *statement = corm_lint_statement_read (lint->dialect, part->sql, part->line);
    read_ignored (section->sql + part->from, section->sql + part->offset, statement->ignored);
    g_ptr_array_add (statements, statement);
  }
  return split != NULL;
}

static gboolean
is_for (const CormLint *lint, const GStrv only)
{
  return only == NULL || g_strv_contains ((const char *const *) only, lint->dialect->name);
}

/* Nothing but blanks and comments. */
static gboolean
is_empty (const CormLint *lint, const char *script)
{
  const CormScriptOptions options = { .skip_client = TRUE };
  g_autoptr (GPtrArray) split = corm_script_split (lint->dialect, script, -1, &options, NULL);
  return split != NULL && split->len == 0;
}

GPtrArray *
corm_lint_source_read (CormLint *lint, const char *script, GError **error)
{
  GPtrArray *statements = g_ptr_array_new_with_free_func (corm_lint_statement_free);
  g_autoptr (CormMigration) migration = corm_migration_new ("999999999999999999", "script", "script");
  const CormMigrationPart *up = &migration->parts[CORM_MIGRATION_UP];
  if (is_empty (lint, script))
    return statements;
  gboolean ok = corm_migration_parse (migration, script, strlen (script), error);
  if (ok && up->no_transaction)
    lint->transaction = FALSE;
  lint->keys_off = lint->keys_off && !migration->foreign_keys;
  for (guint i = 0; ok && is_for (lint, migration->only) && i < up->sections->len; i++) {
    const CormMigrationSection *section = up->sections->pdata[i];
    ok = !is_for (lint, section->only) || read_section (lint, section, statements, error);
  }
  if (!ok)
    g_clear_pointer (&statements, g_ptr_array_unref);
  return statements;
}
