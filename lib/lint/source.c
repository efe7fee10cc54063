/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From a file's text to statements. Invariant: a statement's line is that of its first word in the file, also where
 * parts of the file are left out. */
#include "lint/source.h"

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

/* The script with every line of the down part empty. */
static char *
keep_up_part (CormLint *lint, const char *script)
{
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);
  gboolean down = FALSE;
  for (guint i = 0; lines[i] != NULL; i++) {
    if (directive (lines[i], "corm:up") != NULL)
      down = FALSE;
    else if (directive (lines[i], "corm:down") != NULL)
      down = TRUE;
    else if (directive (lines[i], "corm:no-transaction") != NULL)
      lint->transaction = FALSE;
    if (down)
      lines[i][0] = '\0';
  }
  return g_strjoinv ("\n", lines);
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

GPtrArray *
corm_lint_source_read (CormLint *lint, const char *script, GError **error)
{
  g_autofree char *text = keep_up_part (lint, script);
  g_autoptr (GPtrArray) split = corm_script_split (lint->dialect, text, -1, NULL, error);
  if (split == NULL)
    return NULL;
  GPtrArray *statements = g_ptr_array_new_with_free_func (corm_lint_statement_free);
  for (guint i = 0; i < split->len; i++) {
    const CormScriptStatement *part = split->pdata[i];
    CormLintStatement *statement = corm_lint_statement_read (lint->dialect, part->sql, part->line);
    read_ignored (text + part->from, text + part->offset, statement->ignored);
    g_ptr_array_add (statements, statement);
  }
  return statements;
}
