/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From a statement's first word to its actions. Invariant: every statement has at least one action, whose tokens are
 * its own, whatever the text; an unfinished statement is read as far as it goes. */
#include "lint/reader.h"

#include <string.h>

const CormToken *
corm_reader_peek (const CormReader *reader, guint ahead)
{
  guint i = reader->at + ahead;
  return i < reader->end ? reader->statement->tokens->pdata[i] : NULL;
}

gboolean
corm_reader_is_word (const CormReader *reader, guint ahead, const char *word)
{
  const CormToken *token = corm_reader_peek (reader, ahead);
  return token != NULL && token->kind == CORM_TOKEN_WORD && strcmp (token->text, word) == 0;
}

gboolean
corm_reader_is_sign (const CormReader *reader, guint ahead, const char *sign)
{
  const CormToken *token = corm_reader_peek (reader, ahead);
  return token != NULL && token->kind == CORM_TOKEN_SIGN && strcmp (token->text, sign) == 0;
}

gboolean
corm_reader_accept (CormReader *reader, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  guint n = g_strv_length (parts);
  for (guint i = 0; i < n; i++)
    if (!corm_reader_is_word (reader, i, parts[i]))
      return FALSE;
  reader->at += n;
  return TRUE;
}

gboolean
corm_reader_accept_sign (CormReader *reader, const char *sign)
{
  if (!corm_reader_is_sign (reader, 0, sign))
    return FALSE;
  reader->at++;
  return TRUE;
}

/* The words as they were written: a bare name keeps its case. */
static char *
name_of (const CormReader *reader, const CormToken *token)
{
  if (token->kind == CORM_TOKEN_NAME)
    return g_strdup (token->text);
  return g_strndup (reader->statement->text + token->from, token->to - token->from);
}

static gboolean
is_name (const CormReader *reader, guint ahead)
{
  const CormToken *token = corm_reader_peek (reader, ahead);
  return token != NULL && (token->kind == CORM_TOKEN_WORD || token->kind == CORM_TOKEN_NAME);
}

char *
corm_reader_take_name (CormReader *reader)
{
  if (!is_name (reader, 0))
    return NULL;
  while (corm_reader_is_sign (reader, 1, ".") && is_name (reader, 2))
    reader->at += 2;
  return name_of (reader, reader->statement->tokens->pdata[reader->at++]);
}

char *
corm_reader_take_new_name (CormReader *reader, CormLintAction *action)
{
  char *name = corm_reader_take_name (reader);
  if (name != NULL)
    g_ptr_array_add (action->names, reader->statement->tokens->pdata[reader->at - 1]);
  return name;
}

guint
corm_reader_find_close (const CormReader *reader)
{
  int depth = 0;
  for (guint i = 0; reader->at + i < reader->end; i++) {
    if (corm_reader_is_sign (reader, i, "("))
      depth++;
    else if (corm_reader_is_sign (reader, i, ")") && --depth <= 0)
      return reader->at + i + 1;
  }
  return reader->end;
}

guint
corm_reader_find_comma (const CormReader *reader)
{
  int depth = 0;
  for (guint i = 0; reader->at + i < reader->end; i++) {
    if (corm_reader_is_sign (reader, i, "("))
      depth++;
    else if (corm_reader_is_sign (reader, i, ")"))
      depth--;
    else if (depth <= 0 && corm_reader_is_sign (reader, i, ","))
      return reader->at + i;
  }
  return reader->end;
}

guint
corm_reader_find_word (const CormReader *reader, const char *word)
{
  int depth = 0;
  for (guint i = 0; reader->at + i < reader->end; i++) {
    if (corm_reader_is_sign (reader, i, "("))
      depth++;
    else if (corm_reader_is_sign (reader, i, ")"))
      depth--;
    else if (depth <= 0 && corm_reader_is_word (reader, i, word))
      return reader->at + i;
  }
  return reader->end;
}

GPtrArray *
corm_reader_take_columns (CormReader *reader)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);
  if (!corm_reader_is_sign (reader, 0, "("))
    return columns;
  CormReader list = *reader;
  reader->at = corm_reader_find_close (reader);
  list.at++;
  list.end = reader->at > list.at ? reader->at - 1 : list.at;
  while (list.at < list.end) {
    guint comma = corm_reader_find_comma (&list);
    gboolean plain = is_name (&list, 0) && (comma == list.at + 1 || !corm_reader_is_sign (&list, 1, "("));
    const CormToken *length = corm_reader_peek (&list, 2);
    gboolean prefix = is_name (&list, 0) && corm_reader_is_sign (&list, 1, "(") && length != NULL &&
                      length->kind == CORM_TOKEN_NUMBER && comma >= list.at + 4;
    g_autofree char *name = plain || prefix ? corm_reader_take_name (&list) : NULL;
    g_ptr_array_add (columns,
                     prefix ? g_strdup_printf ("%s(%s)", name, length->text) : g_steal_pointer (&name));
    list.at = comma + 1;
  }
  return columns;
}

char *
corm_reader_join (const CormReader *reader, guint from, guint to)
{
  return corm_tokens_join (reader->statement->text, reader->statement->tokens, from, MIN (to, reader->end));
}

CormLintAction *
corm_reader_add (CormReader *reader, CormLintActionKind kind, const char *table)
{
  CormLintAction *action = g_new0 (CormLintAction, 1);
  action->kind = kind;
  action->statement = reader->statement;
  action->from = reader->at;
  action->to = reader->end;
  action->table = g_strdup (table);
  action->columns = g_ptr_array_new_with_free_func (g_free);
  action->targets = g_ptr_array_new_with_free_func (g_free);
  action->names = g_ptr_array_new ();
  g_ptr_array_add (reader->statement->actions, action);
  return action;
}

static void
free_action (gpointer data)
{
  CormLintAction *action = data;
  char *const texts[] = { action->table, action->name, action->other,      action->object,
                          action->type,  action->text, action->default_sql };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_ptr_array_unref (action->columns);
  g_ptr_array_unref (action->targets);
  g_ptr_array_unref (action->names);
  g_free (action);
}

void
corm_lint_statement_free (gpointer data)
{
  CormLintStatement *statement = data;
  g_free (statement->text);
  g_ptr_array_unref (statement->actions);
  g_ptr_array_unref (statement->tokens);
  g_ptr_array_unref (statement->ignored);
  g_free (statement);
}

gboolean
corm_action_has (const CormLintAction *action, const char *word)
{
  for (guint i = action->from; i < action->to && i < action->statement->tokens->len; i++) {
    const CormToken *token = action->statement->tokens->pdata[i];
    if (token->kind == CORM_TOKEN_WORD && strcmp (token->text, word) == 0)
      return TRUE;
  }
  return FALSE;
}

CormLintStatement *
corm_lint_statement_read (const CormDialect *dialect, const char *sql, guint line)
{
  CormLintStatement *statement = g_new0 (CormLintStatement, 1);
  statement->text = g_strdup (sql);
  statement->line = line;
  statement->tokens = corm_tokens_split (dialect, sql);
  statement->actions = g_ptr_array_new_with_free_func (free_action);
  statement->ignored = g_ptr_array_new_with_free_func (g_free);
  CormReader reader = { dialect, statement, 0, statement->tokens->len };
  if (corm_reader_accept (&reader, "create"))
    corm_read_create (&reader);
  else if (corm_reader_accept (&reader, "alter"))
    corm_read_alter (&reader);
  else if (corm_reader_accept (&reader, "drop"))
    corm_read_drop (&reader);
  else
    corm_read_command (&reader);
  return statement;
}
