/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a script says around an action: whether it made the table itself, what a column was before, what follows. */
#include "lint/rule.h"

#include <stdlib.h>
#include <string.h>

gboolean
corm_lint_same_name (const char *a, const char *b)
{
  return a != NULL && b != NULL && g_ascii_strcasecmp (a, b) == 0;
}

const CormTable *
corm_lint_live_table (const CormLint *lint, const char *name)
{
  for (guint i = 0; lint->live != NULL && i < lint->live->tables->len; i++) {
    const CormTable *table = lint->live->tables->pdata[i];
    if (corm_lint_same_name (table->name, name))
      return table;
  }
  return NULL;
}

gboolean
corm_lint_is_new (const CormLint *lint, const CormLintAction *action)
{
  const char *name = action->table;
  if (action->flags & CORM_FLAG_BODY)
    return TRUE;
  for (guint i = action->place; i > 0 && name != NULL; i--) {
    const CormLintAction *before = lint->actions->pdata[i - 1];
    if (before->kind == CORM_ACTION_RENAME_TABLE && corm_lint_same_name (before->other, name))
      name = before->table;
    else if (before->kind == CORM_ACTION_CREATE_TABLE && corm_lint_same_name (before->table, name))
      return !(before->flags & CORM_FLAG_IF_NOT_EXISTS) || corm_lint_live_table (lint, name) == NULL;
    else if (before->kind == CORM_ACTION_DROP_TABLE && corm_lint_same_name (before->table, name))
      return FALSE;
  }
  return FALSE;
}

static gboolean
is_wanted (const CormLintAction *other, const CormLintAction *action, guint64 kinds, const char *name)
{
  if (!((kinds >> other->kind) & 1))
    return FALSE;
  if (name != NULL && !corm_lint_same_name (other->name, name))
    return FALSE;
  return action->table == NULL || other->table == NULL || corm_lint_same_name (other->table, action->table);
}

const CormLintAction *
corm_lint_find_before (const CormLint *lint, const CormLintAction *action, guint64 kinds, const char *name)
{
  for (guint i = action->place; i > 0; i--)
    if (is_wanted (lint->actions->pdata[i - 1], action, kinds, name))
      return lint->actions->pdata[i - 1];
  return NULL;
}

const CormLintAction *
corm_lint_find_behind (const CormLint *lint, const CormLintAction *action, guint64 kinds, const char *name)
{
  for (guint i = action->place + 1; i < lint->actions->len; i++)
    if (is_wanted (lint->actions->pdata[i], action, kinds, name))
      return lint->actions->pdata[i];
  return NULL;
}

CormLintColumn
corm_lint_find_column (const CormLint *lint, const CormLintAction *action, const char *name)
{
  guint64 kinds = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN) | CORM_ON (SET_TYPE);
  CormLintColumn column = { corm_lint_find_before (lint, action, kinds, name), NULL };
  const CormTable *table = column.said == NULL ? corm_lint_live_table (lint, action->table) : NULL;
  for (guint i = 0; table != NULL && i < table->columns->len; i++)
    if (corm_lint_same_name (((const CormTableColumn *) table->columns->pdata[i])->name, name))
      column.live = table->columns->pdata[i];
  return column;
}

const char *
corm_lint_column_type (const CormLintColumn *column)
{
  return column->said != NULL ? column->said->type : column->live != NULL ? column->live->type_sql : NULL;
}

const CormLintAction *
corm_lint_beside (const CormLintAction *action, CormLintActionKind kind, const char *name)
{
  for (guint i = 0; i < action->statement->actions->len; i++) {
    const CormLintAction *other = action->statement->actions->pdata[i];
    if (other != action && other->kind == kind && (name == NULL || corm_lint_same_name (other->name, name)))
      return other;
  }
  return NULL;
}

char *
corm_lint_type_base (const char *type)
{
  char *base = g_strndup (type, strcspn (type, "([ "));
  for (char *p = base; *p != '\0'; p++)
    *p = g_ascii_tolower (*p);
  return base;
}

guint
corm_lint_type_length (const char *type)
{
  const char *open = type != NULL ? strchr (type, '(') : NULL;
  return open != NULL ? (guint) strtoul (open + 1, NULL, 10) : 0;
}

gboolean
corm_lint_has_call (const CormLint *lint, const char *expression, const char *const *names)
{
  g_autoptr (GPtrArray) tokens = expression != NULL ? corm_tokens_split (lint->dialect, expression) : NULL;
  for (guint i = 0; tokens != NULL && i + 1 < tokens->len; i++) {
    const CormToken *token = tokens->pdata[i], *open = tokens->pdata[i + 1];
    if (token->kind == CORM_TOKEN_WORD && g_str_equal (open->text, "(") &&
        g_strv_contains (names, token->text))
      return TRUE;
  }
  return FALSE;
}
