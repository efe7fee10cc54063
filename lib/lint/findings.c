/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every rule against every action. What a comment turns off is left out; so is what no such rule exists for, which is a
 * finding by itself. */
#include "lint/findings.h"

#include "lint/rows.h"

#include <string.h>

static const CormLintTable *const tables[] = {
  &corm_lint_change,       &corm_lint_objects,        &corm_lint_keys,          &corm_lint_naming,
  &corm_lint_pgsql_locks,  &corm_lint_pgsql_rewrites, &corm_lint_pgsql_types,   &corm_lint_mysql,
  &corm_lint_mysql_copies, &corm_lint_sqlite3,        &corm_lint_sqlite3_types, &corm_lint_rows,
  &corm_lint_comments,     &corm_lint_portable,
};

#define SHOWN 120  /* characters of a statement */
#define SMALL 1000 /* rows; a table of no more blocks nobody for long */

static void
free_finding (gpointer data)
{
  CormFinding *finding = data;
  g_free (finding->statement);
  g_free (finding->message);
  g_free (finding);
}

GPtrArray *
corm_lint_rules (void)
{
  GPtrArray *rules = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (guint j = 0; j < tables[i]->n; j++)
      g_ptr_array_add (rules, (gpointer) &tables[i]->checks[j].rule);
  return rules;
}

const char *
corm_lint_class_name (CormLintClass kind)
{
  static const char *const names[CORM_N_LINT_CLASSES] = {
    "destructive", "blocking", "data-dependent", "incompatible", "mistake",
    "types",       "naming",   "performance",    "portability",
  };
  return kind < CORM_N_LINT_CLASSES ? names[kind] : "unknown";
}

/* @words, parted by blanks, hold @word. */
static gboolean
holds (const char *words, const char *word)
{
  g_auto (GStrv) all = g_strsplit (words, " ", -1);
  return word != NULL && g_strv_contains ((const char *const *) all, word);
}

static gboolean
matches (CormLint *lint, const CormLintCheck *check, const CormLintAction *action)
{
  if (!((check->on >> action->kind) & 1) || (action->flags & check->flags) != check->flags ||
      (action->flags & check->without) != 0)
    return FALSE;
  if (check->only != NULL && !holds (check->only, action->name) && !holds (check->only, action->object))
    return FALSE;
  if (!check->new_too && corm_lint_is_new (lint, action))
    return FALSE;
  return check->when == NULL || check->when (lint, action);
}

static char *
say (const char *template, const CormLintAction *action, const char *detail)
{
  GString *text = g_string_new (NULL);
  for (const char *p = template; *p != '\0'; p++) {
    if (p[0] != '{' || p[1] == '\0' || p[2] != '}') {
      g_string_append_c (text, *p);
      continue;
    }
    const char *value = p[1] == 't'   ? action->table
                        : p[1] == 'n' ? action->name
                        : p[1] == 'o' ? action->other
                        : p[1] == 'y' ? action->type
                                      : detail;
    g_string_append (text, value != NULL ? value : p[1] == 'n' ? "without a name" : "it");
    p += 2;
  }
  return g_string_free (text, FALSE);
}

/* On one line, of bounded length, cut between characters. */
static char *
show (const CormLintStatement *statement)
{
  g_autofree char *line = corm_tokens_join (statement->text, statement->tokens, 0, statement->tokens->len);
  g_autofree char *valid = g_utf8_make_valid (line, -1);
  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  if (g_utf8_strlen (valid, -1) <= SHOWN)
    return g_steal_pointer (&valid);
  g_autofree char *cut = g_utf8_substring (valid, 0, SHOWN);
  return g_strconcat (cut, " …", NULL);
}

static gboolean
is_ignored (const CormLintRule *rule, const CormLintStatement *statement, const CormLintOptions *options)
{
  for (guint i = 0; i < statement->ignored->len; i++)
    if (strcmp (statement->ignored->pdata[i], rule->name) == 0)
      return TRUE;
  return options->ignore != NULL && g_strv_contains (options->ignore, rule->name);
}

/* Where the table is small, others wait for a moment only. */
static void
weigh (CormLint *lint, const CormLintAction *action, CormFinding *finding)
{
  gint64 rows = corm_lint_count_rows (lint, action, SMALL);
  if (rows < 0 || rows > SMALL)
    return;
  g_autofree char *message = finding->message;
  finding->message = g_strdup_printf ("%s (now %" G_GINT64_FORMAT " rows)", message, rows);
  finding->severity = CORM_SEVERITY_NOTE;
}

static void
add_finding (CormLint *lint, GPtrArray *findings, const CormLintCheck *check, const CormLintAction *action)
{
  g_autofree char *detail = g_steal_pointer (&lint->detail);
  CormFinding *finding = g_new0 (CormFinding, 1);
  finding->rule = &check->rule;
  finding->severity = check->rule.severity;
  finding->line = action->statement->line;
  finding->statement = show (action->statement);
  finding->message = say (check->says, action, detail);
  if (check->rule.kind == CORM_LINT_BLOCKING)
    weigh (lint, action, finding);
  g_ptr_array_add (findings, finding);
}

/* The same rule says the same of one statement once. */
static gboolean
is_said (const GPtrArray *findings, const CormLintCheck *check, const CormLintAction *action,
         const char *detail)
{
  g_autofree char *message = say (check->says, action, detail);
  for (guint i = findings->len; i > 0; i--) {
    const CormFinding *finding = findings->pdata[i - 1];
    if (finding->line != action->statement->line)
      return FALSE;
    if (strcmp (finding->rule->name, check->rule.name) == 0 && strcmp (finding->message, message) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
look_at (CormLint *lint, const CormLintOptions *options, const CormLintAction *action, GPtrArray *findings)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (guint j = 0; j < tables[i]->n; j++) {
      const CormLintCheck *check = &tables[i]->checks[j];
      gboolean wanted = check->rule.kind != CORM_LINT_PORTABILITY || options->portable;
      if (wanted && holds (check->rule.dialects, lint->dialect->name) &&
          !is_ignored (&check->rule, action->statement, options) && matches (lint, check, action) &&
          !is_said (findings, check, action, lint->detail))
        add_finding (lint, findings, check, action);
      g_clear_pointer (&lint->detail, g_free);
    }
}

GPtrArray *
corm_lint_findings (CormLint *lint, const CormLintOptions *options)
{
  static const CormLintOptions none;
  GPtrArray *findings = g_ptr_array_new_with_free_func (free_finding);
  for (guint i = 0; i < lint->actions->len; i++)
    look_at (lint, options != NULL ? options : &none, lint->actions->pdata[i], findings);
  return findings;
}
