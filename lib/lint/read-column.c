/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column's definition, "name type NOT NULL DEFAULT 0 REFERENCES t (id)", and constraints, in a column or beside it. */
#include "lint/reader.h"

#include <string.h>

/* Words that end a type or an expression. */
static gboolean
ends_part (const CormReader *reader)
{
  static const char *const words[] = {
    "not",        "null",           "default",       "primary",    "unique",    "key",
    "references", "check",          "constraint",    "generated",  "as",        "collate",
    "comment",    "auto_increment", "autoincrement", "on",         "first",     "after",
    "using",      "virtual",        "stored",        "persistent", "invisible", "deferrable",
    "initially",  "charset",        "compression",   "storage",    NULL
  };
  const CormToken *token = corm_reader_peek (reader, 0);
  if (token == NULL || token->kind != CORM_TOKEN_WORD)
    return FALSE;
  if (strcmp (token->text, "character") == 0)
    return corm_reader_is_word (reader, 1, "set");
  return g_strv_contains (words, token->text);
}

/* Passes over one token, or over all in parentheses. */
static void
step (CormReader *reader)
{
  reader->at = corm_reader_is_sign (reader, 0, "(") ? corm_reader_find_close (reader) : reader->at + 1;
}

static char *
take_type (CormReader *reader)
{
  guint from = reader->at;
  while (reader->at < reader->end && !ends_part (reader))
    step (reader);
  g_autofree char *text = corm_reader_join (reader, from, reader->at);
  gboolean quoted = strchr (text, '\'') != NULL; /* labels keep their case */
  char *type = quoted ? g_strdup (text) : g_ascii_strdown (text, -1);
  return type;
}

static char *
take_expression (CormReader *reader)
{
  guint from = reader->at;
  while (reader->at < reader->end && (reader->at == from || !ends_part (reader)))
    step (reader);
  return corm_reader_join (reader, from, reader->at);
}

/* What follows a constraint's name: where it stands among the rows, and whether they are looked at now. */
static void
read_tail (CormReader *reader, CormLintAction *action)
{
  for (; reader->at < reader->end; step (reader)) {
    if (corm_reader_is_word (reader, 0, "not") && corm_reader_is_word (reader, 1, "valid"))
      action->flags |= CORM_FLAG_NOT_VALID;
    if (corm_reader_is_word (reader, 0, "nocheck"))
      action->flags |= CORM_FLAG_NOT_VALID;
  }
}

void
corm_read_references (CormReader *reader, CormLintAction *key)
{
  corm_reader_accept (reader, "references");
  key->other = corm_reader_take_name (reader);
  g_ptr_array_unref (key->targets);
  key->targets = corm_reader_take_columns (reader);
  while (corm_reader_accept (reader, "on") || corm_reader_accept (reader, "match")) {
    if (!corm_reader_accept (reader, "delete"))
      corm_reader_accept (reader, "update");
    if (corm_reader_accept (reader, "cascade"))
      key->flags |= CORM_FLAG_CASCADE;
    else if (!corm_reader_accept (reader, "set null") && !corm_reader_accept (reader, "set default") &&
             !corm_reader_accept (reader, "no action"))
      reader->at++;
  }
}

static CormLintAction *
add_key (CormReader *reader, CormLintActionKind kind, const char *table, guint flags)
{
  CormLintAction *action = corm_reader_add (reader, kind, table);
  action->flags |= flags;
  action->columns = (g_ptr_array_unref (action->columns), corm_reader_take_columns (reader));
  return action;
}

gboolean
corm_read_constraint (CormReader *reader, const char *table, char *name, guint flags)
{
  CormLintAction *action = NULL;
  gboolean primary = corm_reader_accept (reader, "primary key");
  if (primary || corm_reader_accept (reader, "unique index") || corm_reader_accept (reader, "unique key") ||
      corm_reader_accept (reader, "unique")) {
    corm_reader_accept (reader, "nulls not distinct");
    guint using_index = corm_reader_accept (reader, "using index") ? CORM_FLAG_USING_INDEX : 0;
    char *index =
        using_index || !corm_reader_is_sign (reader, 0, "(") ? corm_reader_take_name (reader) : NULL;
    action = add_key (reader, primary ? CORM_ACTION_ADD_PRIMARY_KEY : CORM_ACTION_ADD_UNIQUE, table,
                      flags | using_index);
    action->other = index;
  } else if (corm_reader_accept (reader, "foreign key")) {
    g_free (corm_reader_is_sign (reader, 0, "(") ? NULL : corm_reader_take_name (reader));
    action = add_key (reader, CORM_ACTION_ADD_FOREIGN_KEY, table, flags);
    corm_read_references (reader, action);
  } else if (corm_reader_accept (reader, "check")) {
    action = corm_reader_add (reader, CORM_ACTION_ADD_CHECK, table);
    action->flags |= flags;
    guint from = reader->at + 1;
    step (reader);
    action->text = corm_reader_join (reader, from, reader->at - 1);
  } else if (corm_reader_accept (reader, "exclude")) {
    action = corm_reader_add (reader, CORM_ACTION_ADD_EXCLUSION, table);
    action->flags |= flags;
  }
  if (action == NULL)
    return FALSE;
  action->name = name;
  if (!(flags & CORM_FLAG_INLINE))
    read_tail (reader, action);
  return TRUE;
}

/* A constraint of a single column, as an action of its own. */
static CormLintAction *
add_inline (CormReader *reader, CormLintActionKind kind, const CormLintAction *column, guint flags)
{
  CormLintAction *action = corm_reader_add (reader, kind, column->table);
  action->flags = flags | CORM_FLAG_INLINE;
  if (column->name != NULL)
    g_ptr_array_add (action->columns, g_strdup (column->name));
  return action;
}

static void
read_generated (CormReader *reader, CormLintAction *column)
{
  corm_reader_accept (reader, "always");
  corm_reader_accept (reader, "by default");
  if (corm_reader_accept (reader, "on null"))
    return;
  corm_reader_accept (reader, "as");
  if (corm_reader_accept (reader, "identity")) {
    column->flags |= CORM_FLAG_IDENTITY | CORM_FLAG_AUTO;
    if (corm_reader_is_sign (reader, 0, "("))
      step (reader);
    return;
  }
  column->flags |= CORM_FLAG_GENERATED;
  step (reader);
  if (corm_reader_accept (reader, "stored") || corm_reader_accept (reader, "persistent"))
    column->flags |= CORM_FLAG_STORED;
}

/* Attributes that are constraints; FALSE where none stands. */
static gboolean
read_inline_constraint (CormReader *reader, CormLintAction *column, guint flags)
{
  if (corm_reader_accept (reader, "primary key")) {
    column->flags |= CORM_FLAG_PRIMARY;
    add_inline (reader, CORM_ACTION_ADD_PRIMARY_KEY, column, flags);
  } else if (corm_reader_accept (reader, "unique key") || corm_reader_accept (reader, "unique")) {
    column->flags |= CORM_FLAG_UNIQUE;
    add_inline (reader, CORM_ACTION_ADD_UNIQUE, column, flags);
  } else if (corm_reader_is_word (reader, 0, "references")) {
    column->flags |= CORM_FLAG_REFERENCES;
    corm_read_references (reader, add_inline (reader, CORM_ACTION_ADD_FOREIGN_KEY, column, flags));
  } else if (corm_reader_is_word (reader, 0, "check")) {
    return corm_read_constraint (reader, column->table, NULL, flags | CORM_FLAG_INLINE);
  } else {
    return FALSE;
  }
  return TRUE;
}

static void
read_attribute (CormReader *reader, CormLintAction *column)
{
  if (corm_reader_accept (reader, "not null"))
    column->flags |= CORM_FLAG_NOT_NULL;
  else if (corm_reader_accept (reader, "null"))
    column->flags |= CORM_FLAG_NULL;
  else if (corm_reader_accept (reader, "default")) {
    g_free (column->default_sql);
    column->default_sql = take_expression (reader);
  } else if (corm_reader_accept (reader, "auto_increment") || corm_reader_accept (reader, "autoincrement"))
    column->flags |= CORM_FLAG_AUTO;
  else if (corm_reader_accept (reader, "generated") || corm_reader_is_word (reader, 0, "as"))
    read_generated (reader, column);
  else if (corm_reader_accept (reader, "comment")) {
    column->flags |= CORM_FLAG_COMMENT;
    reader->at++;
  } else if (corm_reader_accept (reader, "on update")) {
    column->flags |= CORM_FLAG_ON_UPDATE;
    g_free (take_expression (reader));
  } else if (corm_reader_accept (reader, "constraint"))
    g_free (corm_reader_take_name (reader));
  else
    step (reader);
}

void
corm_read_column (CormReader *reader, CormLintAction *column, guint flags)
{
  column->type = take_type (reader);
  guint from = reader->at;
  while (reader->at < reader->end)
    if (!read_inline_constraint (reader, column, flags))
      read_attribute (reader, column);
  column->text = corm_reader_join (reader, from, reader->end);
}

void
corm_read_definition (CormReader *reader, const char *table, guint flags)
{
  guint from = reader->at;
  char *name = NULL;
  if (corm_reader_accept (reader, "constraint")) {
    corm_reader_accept (reader, "if not exists");
    name = corm_reader_take_name (reader);
  }
  const CormToken *named = name != NULL ? reader->statement->tokens->pdata[reader->at - 1] : NULL;
  guint before = reader->statement->actions->len;
  if (corm_read_constraint (reader, table, name, flags)) {
    CormLintAction *action = reader->statement->actions->pdata[before];
    action->from = from;
    if (named != NULL)
      g_ptr_array_add (action->names, (gpointer) named);
    return;
  }
  g_free (name);
  guint special = corm_reader_accept (reader, "fulltext") || corm_reader_accept (reader, "spatial")
                      ? CORM_FLAG_SPECIAL
                      : 0;
  if (corm_reader_accept (reader, "index") || corm_reader_accept (reader, "key") || special != 0) {
    corm_read_index (reader, table, flags | special);
    return;
  }
  if (corm_reader_accept (reader, "like") || corm_reader_accept (reader, "period"))
    return;
  CormLintAction *column = corm_reader_add (reader, CORM_ACTION_ADD_COLUMN, table);
  column->flags |= flags;
  if (corm_reader_accept (reader, "if not exists"))
    column->flags |= CORM_FLAG_IF_NOT_EXISTS;
  column->name = corm_reader_take_new_name (reader, column);
  corm_read_column (reader, column, flags & CORM_FLAG_BODY);
}
