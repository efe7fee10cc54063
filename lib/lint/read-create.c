/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* CREATE and DROP. */
#include "lint/reader.h"

#include <string.h>

/* The items of CREATE TABLE (…), each with the end of its own. */
static void
read_body (CormReader *reader, const char *table)
{
  guint behind = corm_reader_find_close (reader);
  CormReader body = *reader;
  body.at++;
  body.end = behind > body.at ? behind - 1 : body.at;
  while (body.at < body.end) {
    CormReader item = body;
    item.end = corm_reader_find_comma (&body);
    corm_read_definition (&item, table, CORM_FLAG_BODY);
    body.at = item.end + 1;
  }
  reader->at = behind;
}

/* "ENGINE=MyISAM DEFAULT CHARSET=utf8", "STRICT, WITHOUT ROWID" */
static void
read_table_options (CormReader *reader, CormLintAction *table)
{
  static const char *const settings[] = { "engine", "charset", "set", "collate", NULL };
  for (; reader->at < reader->end; reader->at++) {
    const CormToken *token = corm_reader_peek (reader, 0);
    if (corm_reader_is_word (reader, 0, "strict"))
      table->flags |= CORM_FLAG_STRICT;
    if (corm_reader_is_word (reader, 0, "without") && corm_reader_is_word (reader, 1, "rowid"))
      table->flags |= CORM_FLAG_WITHOUT_ROWID;
    if (token->kind != CORM_TOKEN_WORD || !g_strv_contains (settings, token->text))
      continue;
    CormLintAction *option = corm_reader_add (reader, CORM_ACTION_SET_OPTION, table->table);
    option->flags = CORM_FLAG_BODY;
    option->name = g_strdup (strcmp (token->text, "set") == 0 ? "charset" : token->text);
    guint value = corm_reader_is_sign (reader, 1, "=") ? 2 : 1;
    const CormToken *other = corm_reader_peek (reader, value);
    option->other = other != NULL ? g_ascii_strdown (other->text, -1) : NULL;
  }
}

static void
read_create_table (CormReader *reader, guint flags)
{
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_CREATE_TABLE, NULL);
  action->flags = flags | (corm_reader_accept (reader, "if not exists") ? CORM_FLAG_IF_NOT_EXISTS : 0);
  action->table = corm_reader_take_new_name (reader, action);
  if (corm_reader_is_sign (reader, 0, "("))
    read_body (reader, action->table);
  if (corm_reader_find_word (reader, "select") < reader->end)
    action->flags |= CORM_FLAG_AS_SELECT;
  else
    read_table_options (reader, action);
}

void
corm_read_index (CormReader *reader, const char *table, guint flags)
{
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_CREATE_INDEX, table);
  action->flags = flags;
  if (corm_reader_accept (reader, "concurrently"))
    action->flags |= CORM_FLAG_CONCURRENTLY;
  if (corm_reader_accept (reader, "if not exists"))
    action->flags |= CORM_FLAG_IF_NOT_EXISTS;
  if (!corm_reader_is_word (reader, 0, "on") && !corm_reader_is_sign (reader, 0, "("))
    action->name = corm_reader_take_new_name (reader, action);
  if (corm_reader_accept (reader, "on")) {
    corm_reader_accept (reader, "only");
    g_free (action->table);
    action->table = corm_reader_take_name (reader);
  }
  if (corm_reader_accept (reader, "using")) {
    g_autofree char *method = corm_reader_take_name (reader);
    if (method != NULL && g_ascii_strcasecmp (method, "btree") != 0)
      action->flags |= CORM_FLAG_SPECIAL;
  }
  g_ptr_array_unref (action->columns);
  action->columns = corm_reader_take_columns (reader);
  guint where = corm_reader_find_word (reader, "where");
  if (where < reader->end) {
    action->flags |= CORM_FLAG_WHERE;
    action->text = corm_reader_join (reader, where + 1, reader->end);
  }
  if (corm_reader_find_word (reader, "include") < reader->end)
    action->flags |= CORM_FLAG_SPECIAL;
}

/* Named so that its words can be looked at: a view, a trigger, a function. */
static void
read_create_object (CormReader *reader, CormLintActionKind kind, const char *object)
{
  CormLintAction *action = corm_reader_add (reader, kind, NULL);
  action->object = g_strdup (object);
  if (corm_reader_accept (reader, "if not exists"))
    action->flags |= CORM_FLAG_IF_NOT_EXISTS;
  action->name = corm_reader_take_new_name (reader, action);
  action->text = corm_reader_join (reader, reader->at, reader->end);
  if (kind != CORM_ACTION_CREATE_TYPE || !corm_reader_accept (reader, "as enum"))
    return;
  for (; reader->at < reader->end; reader->at++) {
    const CormToken *label = corm_reader_peek (reader, 0);
    if (label->kind == CORM_TOKEN_STRING)
      g_ptr_array_add (action->columns, g_strdup (label->text));
  }
}

static guint
read_create_flags (CormReader *reader)
{
  guint flags = 0;
  corm_reader_accept (reader, "or replace");
  for (;;) {
    if (corm_reader_accept (reader, "global") || corm_reader_accept (reader, "local"))
      continue;
    if (corm_reader_accept (reader, "temporary") || corm_reader_accept (reader, "temp"))
      flags |= CORM_FLAG_TEMPORARY;
    else if (corm_reader_accept (reader, "unlogged"))
      flags |= CORM_FLAG_UNLOGGED;
    else if (corm_reader_accept (reader, "unique"))
      flags |= CORM_FLAG_UNIQUE;
    else if (corm_reader_accept (reader, "fulltext") || corm_reader_accept (reader, "spatial"))
      flags |= CORM_FLAG_SPECIAL;
    else
      return flags;
  }
}

void
corm_read_create (CormReader *reader)
{
  static const struct {
    const char *words;
    CormLintActionKind kind;
  } objects[] = {
    { "materialized view", CORM_ACTION_CREATE_VIEW }, { "view", CORM_ACTION_CREATE_VIEW },
    { "sequence", CORM_ACTION_CREATE_SEQUENCE },      { "type", CORM_ACTION_CREATE_TYPE },
    { "trigger", CORM_ACTION_CREATE_TRIGGER },        { "schema", CORM_ACTION_CREATE_OTHER },
    { "database", CORM_ACTION_CREATE_OTHER },         { "function", CORM_ACTION_CREATE_OTHER },
    { "procedure", CORM_ACTION_CREATE_OTHER },
  };
  guint flags = read_create_flags (reader);
  if (corm_reader_accept (reader, "table")) {
    read_create_table (reader, flags);
    return;
  }
  if (corm_reader_accept (reader, "index")) {
    corm_read_index (reader, NULL, flags);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    if (corm_reader_accept (reader, objects[i].words)) {
      read_create_object (reader, objects[i].kind, objects[i].words);
      return;
    }
  corm_reader_add (reader, CORM_ACTION_OTHER, NULL);
}

/* DROP KIND [CONCURRENTLY] [IF EXISTS] a, b [ON t] [CASCADE] */
void
corm_read_drop (CormReader *reader)
{
  guint flags = corm_reader_accept (reader, "temporary") ? CORM_FLAG_TEMPORARY : 0;
  g_autofree char *object =
      corm_reader_accept (reader, "materialized") ? g_strdup ("materialized view") : NULL;
  const CormToken *kind = corm_reader_peek (reader, 0);
  if (kind == NULL) {
    corm_reader_add (reader, CORM_ACTION_OTHER, NULL);
    return;
  }
  if (object == NULL)
    object = g_strdup (kind->text);
  reader->at++;
  flags |= corm_reader_accept (reader, "concurrently") ? CORM_FLAG_CONCURRENTLY : 0;
  flags |= corm_reader_accept (reader, "if exists") ? CORM_FLAG_IF_EXISTS : 0;
  flags |= corm_reader_find_word (reader, "cascade") < reader->end ? CORM_FLAG_CASCADE : 0;
  do {
    gboolean table = strcmp (object, "table") == 0, index = strcmp (object, "index") == 0;
    CormLintAction *action = corm_reader_add (reader,
                                              table   ? CORM_ACTION_DROP_TABLE
                                              : index ? CORM_ACTION_DROP_INDEX
                                                      : CORM_ACTION_DROP_OTHER,
                                              NULL);
    action->flags = flags;
    action->object = g_strdup (object);
    if (table)
      action->table = corm_reader_take_name (reader);
    else
      action->name = corm_reader_take_name (reader);
    if (corm_reader_accept (reader, "on"))
      action->table = (g_free (action->table), corm_reader_take_name (reader));
    reader->at = corm_reader_find_comma (reader);
  } while (corm_reader_accept_sign (reader, ","));
}
