/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* ALTER TABLE, a clause at a time, and the few other ALTERs that matter. */
#include "lint/reader.h"

#include <string.h>

static CormLintAction *
add_named (CormReader *reader, CormLintActionKind kind, const char *table)
{
  CormLintAction *action = corm_reader_add (reader, kind, table);
  if (corm_reader_accept (reader, "if exists"))
    action->flags |= CORM_FLAG_IF_EXISTS;
  action->name = corm_reader_take_name (reader);
  return action;
}

/* ADD [COLUMN] (a int, b int) has several in parentheses. */
static void
read_add (CormReader *reader, const char *table)
{
  gboolean column = corm_reader_accept (reader, "column");
  if (!corm_reader_is_sign (reader, 0, "(")) {
    if (column && corm_reader_is_word (reader, 0, "constraint"))
      corm_reader_add (reader, CORM_ACTION_OTHER, table);
    else
      corm_read_definition (reader, table, 0);
    return;
  }
  CormReader list = *reader;
  list.at++;
  list.end = corm_reader_find_close (reader) - 1;
  while (list.at < list.end) {
    CormReader item = list;
    item.end = corm_reader_find_comma (&list);
    corm_read_definition (&item, table, 0);
    list.at = item.end + 1;
  }
}

static void
read_drop_clause (CormReader *reader, const char *table)
{
  static const struct {
    const char *words;
    CormLintActionKind kind;
  } kinds[] = {
    { "column", CORM_ACTION_DROP_COLUMN },
    { "constraint", CORM_ACTION_DROP_CONSTRAINT },
    { "foreign key", CORM_ACTION_DROP_CONSTRAINT },
    { "check", CORM_ACTION_DROP_CONSTRAINT },
    { "index", CORM_ACTION_DROP_INDEX },
    { "key", CORM_ACTION_DROP_INDEX },
    { "partition", CORM_ACTION_OTHER },
    { "period", CORM_ACTION_OTHER },
  };
  CormLintAction *action = NULL;
  if (corm_reader_accept (reader, "primary key"))
    action = corm_reader_add (reader, CORM_ACTION_DROP_PRIMARY_KEY, table);
  for (gsize i = 0; action == NULL && i < G_N_ELEMENTS (kinds); i++)
    if (corm_reader_accept (reader, kinds[i].words))
      action = add_named (reader, kinds[i].kind, table);
  if (action == NULL)
    action = add_named (reader, CORM_ACTION_DROP_COLUMN, table);
  if (corm_reader_accept (reader, "cascade"))
    action->flags |= CORM_FLAG_CASCADE;
}

static void
read_rename (CormReader *reader, const char *table)
{
  CormLintActionKind kind = CORM_ACTION_RENAME_COLUMN;
  if (corm_reader_accept (reader, "to") || corm_reader_accept (reader, "as")) {
    CormLintAction *action = corm_reader_add (reader, CORM_ACTION_RENAME_TABLE, table);
    action->other = corm_reader_take_new_name (reader, action);
    return;
  }
  if (corm_reader_accept (reader, "index") || corm_reader_accept (reader, "key") ||
      corm_reader_accept (reader, "constraint"))
    kind = CORM_ACTION_OTHER;
  else
    corm_reader_accept (reader, "column");
  CormLintAction *action = add_named (reader, kind, table);
  if (!corm_reader_accept (reader, "to")) { /* MariaDB: RENAME jobs */
    if (kind == CORM_ACTION_RENAME_COLUMN && reader->at == reader->end) {
      action->kind = CORM_ACTION_RENAME_TABLE;
      action->other = g_steal_pointer (&action->name);
    }
    return;
  }
  action->other = corm_reader_take_new_name (reader, action);
}

/* ALTER [COLUMN] name … */
static void
read_alter_column (CormReader *reader, const char *table)
{
  static const struct {
    const char *words;
    CormLintActionKind kind;
  } kinds[] = {
    { "set data type", CORM_ACTION_SET_TYPE },    { "type", CORM_ACTION_SET_TYPE },
    { "set not null", CORM_ACTION_SET_NOT_NULL }, { "drop not null", CORM_ACTION_DROP_NOT_NULL },
    { "set default", CORM_ACTION_SET_DEFAULT },   { "drop default", CORM_ACTION_DROP_DEFAULT },
  };
  corm_reader_accept (reader, "column");
  CormLintAction *action = add_named (reader, CORM_ACTION_OTHER, table);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (!corm_reader_accept (reader, kinds[i].words))
      continue;
    action->kind = kinds[i].kind;
    if (action->kind == CORM_ACTION_SET_TYPE) {
      guint to = MIN (corm_reader_find_word (reader, "using"), corm_reader_find_word (reader, "collate"));
      g_autofree char *type = corm_reader_join (reader, reader->at, to);
      action->type = g_ascii_strdown (type, -1);
    } else if (action->kind == CORM_ACTION_SET_DEFAULT) {
      action->default_sql = corm_reader_join (reader, reader->at, reader->end);
    }
    return;
  }
}

static void
read_modify (CormReader *reader, const char *table, gboolean change)
{
  corm_reader_accept (reader, "column");
  CormLintAction *action = add_named (reader, CORM_ACTION_MODIFY_COLUMN, table);
  if (change)
    action->other = corm_reader_take_new_name (reader, action);
  corm_read_column (reader, action, 0);
}

static void
read_option (CormReader *reader, const char *table)
{
  static const char *const skipped[] = { "default", "set" };
  for (gsize i = 0; i < G_N_ELEMENTS (skipped); i++)
    corm_reader_accept (reader, skipped[i]);
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_SET_OPTION, table);
  gboolean convert = corm_reader_accept (reader, "convert to");
  if (corm_reader_accept (reader, "character set"))
    action->name = g_strdup ("charset");
  else if (corm_reader_peek (reader, 0) != NULL)
    action->name = g_ascii_strdown (corm_reader_peek (reader, 0)->text, -1), reader->at++;
  if (convert)
    action->object = g_strdup ("convert");
  corm_reader_accept_sign (reader, "=");
  g_autofree char *value = corm_reader_join (reader, reader->at, reader->end);
  action->other = g_ascii_strdown (value, -1);
}

static void
read_clause (CormReader *reader, const char *table)
{
  if (corm_reader_accept (reader, "add"))
    read_add (reader, table);
  else if (corm_reader_accept (reader, "drop"))
    read_drop_clause (reader, table);
  else if (corm_reader_accept (reader, "rename"))
    read_rename (reader, table);
  else if (corm_reader_accept (reader, "alter"))
    read_alter_column (reader, table);
  else if (corm_reader_accept (reader, "modify"))
    read_modify (reader, table, FALSE);
  else if (corm_reader_accept (reader, "change"))
    read_modify (reader, table, TRUE);
  else if (corm_reader_accept (reader, "validate constraint"))
    add_named (reader, CORM_ACTION_VALIDATE, table);
  else if (corm_reader_is_word (reader, 1, "trigger") || corm_reader_is_word (reader, 1, "keys")) {
    CormLintAction *action = corm_reader_add (reader, CORM_ACTION_TRIGGERS, table);
    action->name = g_strdup (corm_reader_peek (reader, 0)->text);
    action->object = g_strdup (corm_reader_peek (reader, 1)->text);
  } else
    read_option (reader, table);
}

static void
read_alter_table (CormReader *reader)
{
  corm_reader_accept (reader, "if exists");
  corm_reader_accept (reader, "only");
  g_autofree char *table = corm_reader_take_name (reader);
  corm_reader_accept_sign (reader, "*");
  while (reader->at < reader->end) {
    CormReader clause = *reader;
    clause.end = corm_reader_find_comma (reader);
    read_clause (&clause, table);
    reader->at = clause.end + 1;
  }
  if (reader->statement->actions->len == 0)
    corm_reader_add (reader, CORM_ACTION_OTHER, table);
}

static void
read_alter_type (CormReader *reader)
{
  g_autofree char *type = corm_reader_take_name (reader);
  gboolean add = corm_reader_accept (reader, "add value");
  gboolean rename = !add && corm_reader_accept (reader, "rename value");
  CormLintAction *action = corm_reader_add (reader,
                                            add      ? CORM_ACTION_ADD_LABEL
                                            : rename ? CORM_ACTION_RENAME_LABEL
                                                     : CORM_ACTION_OTHER,
                                            NULL);
  action->name = g_steal_pointer (&type);
  corm_reader_accept (reader, "if not exists");
  const CormToken *label = corm_reader_peek (reader, 0);
  action->other = label != NULL ? g_strdup (label->text) : NULL;
}

void
corm_read_alter (CormReader *reader)
{
  corm_reader_accept (reader, "online");
  gboolean ignore = corm_reader_accept (reader, "ignore");
  if (corm_reader_accept (reader, "table")) {
    read_alter_table (reader);
    CormLintAction *first = reader->statement->actions->pdata[0];
    first->flags |= ignore ? CORM_FLAG_IGNORE : 0;
  } else if (corm_reader_accept (reader, "type")) {
    read_alter_type (reader);
  } else {
    CormLintAction *action = corm_reader_add (reader, CORM_ACTION_OTHER, NULL);
    if (corm_reader_accept (reader, "sequence")) {
      action->kind = CORM_ACTION_CREATE_SEQUENCE;
      action->name = corm_reader_take_name (reader);
      action->text = corm_reader_join (reader, reader->at, reader->end);
    }
  }
}
