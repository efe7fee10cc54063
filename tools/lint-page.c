/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rules of lint as a page of Markdown: doc/manual/lint-rules.md is what this prints. */
#include "app.h"

#include <string.h>

static const char *
title_of (CormLintClass kind)
{
  static const char *const titles[CORM_N_LINT_CLASSES] = {
    [CORM_LINT_DESTRUCTIVE] = "Destructive: something is lost",
    [CORM_LINT_BLOCKING] = "Blocking: others wait",
    [CORM_LINT_DATA_DEPENDENT] = "Data-dependent: the rows decide whether it fails",
    [CORM_LINT_INCOMPATIBLE] = "Incompatible: the program's old version does not work with it",
    [CORM_LINT_MISTAKE] = "Mistakes: it fails, or does not do what it seems to",
    [CORM_LINT_TYPES] = "Types: what is stored is not what was given",
    [CORM_LINT_NAMING] = "Naming",
    [CORM_LINT_PERFORMANCE] = "Performance",
    [CORM_LINT_PORTABILITY] = "Portability: another database refuses it (with --portable)",
  };
  return titles[kind];
}

/* "PostgreSQL, MariaDB" */
static char *
databases (const char *dialects)
{
  static const char *const names[][2] = { { "sqlite3", "SQLite" },
                                          { "pgsql", "PostgreSQL" },
                                          { "mysql", "MariaDB" } };
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strstr (dialects, names[i][0]) != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", names[i][1]);
  return g_string_free (text, FALSE);
}

static void
print_rule (const CormLintRule *rule, gboolean again)
{
  static const char *const severities[] = { "note", "warning", "error" };
  g_autofree char *where = databases (rule->dialects);
  if (!again)
    g_print ("### %s\n\n", rule->name);
  g_print ("%s, %s. %s Instead: %s.\n\n", where, severities[rule->severity], rule->reason, rule->advice);
  g_print ("```sql\n-- harmful\n%s\n-- safe\n%s\n```\n\n", rule->bad, rule->safe);
}

/* Rules of one name stand together, also where each database has its own. */
void
app_print_lint_page (void)
{
  g_autoptr (GPtrArray) rules = corm_lint_rules ();
  g_print ("# The rules of lint\n\nWritten by `make lint-page` from the rules themselves; [lint.md](lint.md) "
           "says how they "
           "are used. For every rule\nhere, `tests/suite/test-lint` runs both examples on the real "
           "databases: the first "
           "does the harm, the second does not.\n\n");
  for (guint kind = 0; kind < CORM_N_LINT_CLASSES; kind++) {
    g_autoptr (GHashTable) done = g_hash_table_new (g_str_hash, g_str_equal);
    g_print ("## %s\n\n", title_of (kind));
    for (guint i = 0; i < rules->len; i++) {
      const CormLintRule *first = rules->pdata[i];
      if (first->kind != kind || !g_hash_table_add (done, (gpointer) first->name))
        continue;
      for (guint j = i; j < rules->len; j++) {
        const CormLintRule *rule = rules->pdata[j];
        if (strcmp (rule->name, first->name) == 0)
          print_rule (rule, j != i);
      }
    }
  }
}
