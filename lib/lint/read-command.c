/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Statements that change data, take locks, change settings, or begin and end transactions. */
#include "lint/reader.h"

#include <string.h>

static void
read_update (CormReader *reader, CormLintActionKind kind)
{
  CormLintAction *action = corm_reader_add (reader, kind, NULL);
  static const char *const before[] = { "low_priority", "quick", "ignore", "from", "only", "into" };
  if (corm_reader_accept (reader, "or")) /* SQLite: UPDATE OR IGNORE */
    action->flags |= corm_reader_is_word (reader, 0, "ignore") ? CORM_FLAG_IGNORE : 0;
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    if (corm_reader_accept (reader, before[i]) && strcmp (before[i], "ignore") == 0)
      action->flags |= CORM_FLAG_IGNORE;
  action->table = corm_reader_take_name (reader);
  if (corm_reader_find_word (reader, "where") < reader->end ||
      corm_reader_find_word (reader, "limit") < reader->end)
    action->flags |= CORM_FLAG_WHERE;
}

/* INSERT [OR x] [IGNORE] [INTO] t …, REPLACE [INTO] t … */
static void
read_insert (CormReader *reader, gboolean replace)
{
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_INSERT, NULL);
  static const char *const before[] = { "low_priority", "delayed", "high_priority" };
  if (replace || corm_reader_accept (reader, "or replace"))
    action->flags |= CORM_FLAG_REPLACE;
  for (gsize i = 0; i < G_N_ELEMENTS (before); i++)
    corm_reader_accept (reader, before[i]);
  if (corm_reader_accept (reader, "ignore") || corm_reader_accept (reader, "or ignore"))
    action->flags |= CORM_FLAG_IGNORE;
  corm_reader_accept (reader, "into");
  action->table = corm_reader_take_name (reader);
  if (corm_reader_find_word (reader, "select") < reader->end)
    action->flags |= CORM_FLAG_AS_SELECT;
}

static void
read_truncate (CormReader *reader)
{
  corm_reader_accept (reader, "table");
  corm_reader_accept (reader, "only");
  gboolean cascade = corm_reader_find_word (reader, "cascade") < reader->end;
  do {
    CormLintAction *action = corm_reader_add (reader, CORM_ACTION_TRUNCATE, NULL);
    action->flags = cascade ? CORM_FLAG_CASCADE : 0;
    action->table = corm_reader_take_name (reader);
    reader->at = corm_reader_find_comma (reader);
  } while (corm_reader_accept_sign (reader, ","));
}

/* Behind a comma, another setting: MariaDB's SET a = 1, b = 2. */
static gboolean
starts_setting (const CormReader *reader)
{
  for (guint i = 1; i <= 4 && corm_reader_peek (reader, i) != NULL; i++)
    if (corm_reader_is_sign (reader, i, "="))
      return TRUE;
  return FALSE;
}

/* PRAGMA name = value, PRAGMA name (value); SET [SESSION|GLOBAL|LOCAL] name = value, name TO value. */
static void
read_one_setting (CormReader *reader)
{
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_SET, NULL);
  while (corm_reader_accept_sign (reader, "@"))
    ;
  if (corm_reader_accept (reader, "session") || corm_reader_accept (reader, "global") ||
      corm_reader_accept (reader, "local"))
    corm_reader_accept_sign (reader, ".");
  g_autofree char *name = corm_reader_take_name (reader);
  action->name = name != NULL ? g_ascii_strdown (name, -1) : NULL;
  if (!corm_reader_accept_sign (reader, "=") && !corm_reader_accept_sign (reader, "("))
    corm_reader_accept (reader, "to");
  guint end = reader->end;
  if (end > reader->at && corm_reader_is_sign (reader, end - 1 - reader->at, ")"))
    end--;
  g_autofree char *value = corm_reader_join (reader, reader->at, end);
  action->other = g_ascii_strdown (value, -1);
}

static void
read_setting (CormReader *reader)
{
  for (;;) {
    CormReader rest = *reader, one = *reader;
    rest.at = corm_reader_find_comma (reader);
    one.end = rest.at < reader->end && starts_setting (&rest) ? rest.at : reader->end;
    read_one_setting (&one);
    if (one.end >= reader->end)
      return;
    reader->at = one.end + 1;
  }
}

/* LOCK TABLE t IN … MODE, LOCK TABLES t WRITE, u READ */
static void
read_lock (CormReader *reader)
{
  if (!corm_reader_accept (reader, "table"))
    corm_reader_accept (reader, "tables");
  corm_reader_accept (reader, "only");
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_LOCK, NULL);
  action->table = corm_reader_take_name (reader);
  action->text = corm_reader_join (reader, reader->at, reader->end);
}

static void
read_vacuum (CormReader *reader)
{
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_VACUUM, NULL);
  if (corm_action_has (action, "full"))
    action->flags |= CORM_FLAG_FULL;
  if (corm_reader_is_sign (reader, 0, "("))
    reader->at = corm_reader_find_close (reader);
  while (corm_reader_accept (reader, "full") || corm_reader_accept (reader, "freeze") ||
         corm_reader_accept (reader, "verbose") || corm_reader_accept (reader, "analyze"))
    ;
  action->table = corm_reader_take_name (reader);
}

static void
read_reindex (CormReader *reader)
{
  static const char *const kinds[] = { "table", "index", "schema", "database", "system" };
  CormLintAction *action = corm_reader_add (reader, CORM_ACTION_REINDEX, NULL);
  if (corm_action_has (action, "concurrently"))
    action->flags |= CORM_FLAG_CONCURRENTLY;
  if (corm_reader_is_sign (reader, 0, "("))
    reader->at = corm_reader_find_close (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (corm_reader_accept (reader, kinds[i]))
      action->object = g_strdup (kinds[i]);
  corm_reader_accept (reader, "concurrently");
  g_autofree char *name = corm_reader_take_name (reader);
  if (g_strcmp0 (action->object, "index") == 0)
    action->name = g_steal_pointer (&name);
  else
    action->table = g_steal_pointer (&name);
}

/* MariaDB: RENAME TABLE a TO b, c TO d */
static void
read_rename (CormReader *reader)
{
  do {
    CormLintAction *action = corm_reader_add (reader, CORM_ACTION_RENAME_TABLE, NULL);
    corm_reader_accept (reader, "if exists");
    action->table = corm_reader_take_name (reader);
    corm_reader_accept (reader, "to");
    action->other = corm_reader_take_new_name (reader, action);
    reader->at = corm_reader_find_comma (reader);
  } while (corm_reader_accept_sign (reader, ","));
}

static void
read_transaction (CormReader *reader, CormLintActionKind kind)
{
  gboolean savepoint = corm_reader_find_word (reader, "to") < reader->end ||
                       corm_reader_find_word (reader, "prepared") < reader->end;
  corm_reader_add (reader, kind == CORM_ACTION_ROLLBACK && savepoint ? CORM_ACTION_OTHER : kind, NULL);
}

void
corm_read_command (CormReader *reader)
{
  if (corm_reader_accept (reader, "with")) { /* the statement behind the named queries */
    static const char *const verbs[] = { "update", "delete", "insert" };
    for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++) {
      guint at = corm_reader_find_word (reader, verbs[i]);
      if (at < reader->end)
        reader->at = at;
    }
  }
  if (corm_reader_accept (reader, "update"))
    read_update (reader, CORM_ACTION_UPDATE);
  else if (corm_reader_accept (reader, "delete"))
    read_update (reader, CORM_ACTION_DELETE);
  else if (corm_reader_accept (reader, "insert"))
    read_insert (reader, FALSE);
  else if (corm_reader_accept (reader, "replace"))
    read_insert (reader, TRUE);
  else if (corm_reader_accept (reader, "truncate"))
    read_truncate (reader);
  else if (corm_reader_accept (reader, "set") || corm_reader_accept (reader, "pragma"))
    read_setting (reader);
  else if (corm_reader_accept (reader, "lock"))
    read_lock (reader);
  else if (corm_reader_accept (reader, "vacuum"))
    read_vacuum (reader);
  else if (corm_reader_accept (reader, "reindex"))
    read_reindex (reader);
  else if (corm_reader_accept (reader, "cluster"))
    corm_reader_add (reader, CORM_ACTION_CLUSTER, NULL)->table = corm_reader_take_name (reader);
  else if (corm_reader_accept (reader, "rename table") || corm_reader_accept (reader, "rename tables"))
    read_rename (reader);
  else if (corm_reader_accept (reader, "refresh materialized view")) {
    CormLintAction *action = corm_reader_add (reader, CORM_ACTION_REFRESH, NULL);
    action->flags = corm_reader_accept (reader, "concurrently") ? CORM_FLAG_CONCURRENTLY : 0;
    action->table = corm_reader_take_name (reader);
  } else if (corm_reader_accept (reader, "begin") || corm_reader_accept (reader, "start transaction"))
    read_transaction (reader, CORM_ACTION_BEGIN);
  else if (corm_reader_accept (reader, "commit") || corm_reader_accept (reader, "end"))
    read_transaction (reader, CORM_ACTION_COMMIT);
  else if (corm_reader_accept (reader, "rollback") || corm_reader_accept (reader, "abort"))
    read_transaction (reader, CORM_ACTION_ROLLBACK);
  else
    corm_reader_add (reader, CORM_ACTION_OTHER, NULL);
}
