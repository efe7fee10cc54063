/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The comments that turn rules off are looked at too. */
#include "lint/rule.h"

static gboolean
is_rule (const char *name)
{
  g_autoptr (GPtrArray) rules = corm_lint_rules ();
  for (guint i = 0; i < rules->len; i++)
    if (g_strcmp0 (((const CormLintRule *) rules->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
names_no_rule (CormLint *lint, const CormLintAction *action)
{
  const GPtrArray *ignored = action->statement->ignored;
  for (guint i = 0; i < ignored->len && action == action->statement->actions->pdata[0]; i++) {
    if (is_rule (ignored->pdata[i]))
      continue;
    g_free (lint->detail);
    lint->detail = g_strdup (ignored->pdata[i]);
    return TRUE;
  }
  return FALSE;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "ignored-rule-unknown", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "sqlite3 pgsql mysql",
      "A comment that turns off a rule which does not exist turns off nothing; the rule that was meant still speaks.",
      "corm lint --rules lists the names",
      "-- corm:lint-ignore drop-tabel nobody uses it\nDROP TABLE jobs;",
      "-- corm:lint-ignore drop-table nobody uses it\nDROP TABLE jobs;" },
    .on = ~G_GUINT64_CONSTANT (0), .new_too = TRUE, .when = names_no_rule,
    .says = "there is no rule '{d}'" },
};
/* clang-format on */

const CormLintTable corm_lint_comments = { checks, G_N_ELEMENTS (checks) };
