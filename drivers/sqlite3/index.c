/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reads a CREATE INDEX: pragma_index_xinfo knows that a part is an expression but not which, and of a partial index
 * only that it is one. */
#include "ddl.h"

#include <string.h>

typedef struct {
  const char *sql;
  const GArray *tokens;
  const char *const *columns;
} Text;

static const CormSqlite3Token *
token_at (const Text *text, guint i)
{
  return &g_array_index (text->tokens, CormSqlite3Token, i);
}

static gboolean
is (const Text *text, guint i, const char *word)
{
  return corm_sqlite3_token_is (text->sql, token_at (text, i), word);
}

static gboolean
is_name (const Text *text, guint i)
{
  CormSqlite3TokenKind kind = token_at (text, i)->kind;
  return kind == CORM_SQLITE3_WORD || kind == CORM_SQLITE3_QUOTED || kind == CORM_SQLITE3_STRING;
}

char *
corm_sqlite3_collation (const char *sql, const CormSqlite3Token *token)
{
  static const char *const known[] = { "BINARY", "NOCASE", "RTRIM" };
  char *name = corm_sqlite3_token_name (sql, token);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (name, known[i]) == 0)
      memcpy (name, known[i], strlen (known[i]));
  return name;
}

static void
add_part (const Text *text, guint first, guint last, CormTableIndex *index)
{
  gboolean descending = is (text, last - 1, "DESC");
  if ((descending || is (text, last - 1, "ASC")) && last - first > 1)
    last--;
  g_autofree char *collation = NULL;
  if (last - first > 2 && is (text, last - 2, "COLLATE")) {
    collation = corm_sqlite3_collation (text->sql, token_at (text, last - 1));
    last -= 2;
  }
  gboolean is_column = last - first == 1 && is_name (text, first);
  g_autofree char *sql = is_column
                             ? corm_sqlite3_token_name (text->sql, token_at (text, first))
                             : corm_sqlite3_expression (text->sql, text->tokens, first, last, text->columns);
  /* As the table writes it. */
  const char *name = sql;
  for (guint i = 0; is_column && text->columns != NULL && text->columns[i] != NULL; i++)
    if (g_ascii_strcasecmp (text->columns[i], sql) == 0)
      name = text->columns[i];
  CormIndexPart *part = corm_index_add_part (index, name);
  part->is_expression = !is_column;
  part->descending = descending;
  part->collation = g_steal_pointer (&collation);
}

/* The parts, from behind the opening parenthesis at @i; behind the closing one, or 0. */
static guint
read_parts (const Text *text, guint i, CormTableIndex *index)
{
  guint depth = 0, first = i;
  for (; token_at (text, i)->kind != CORM_SQLITE3_END; i++) {
    gboolean closes = is (text, i, ")");
    if (depth == 0 && (closes || is (text, i, ",")) && i > first) {
      add_part (text, first, i, index);
      first = i + 1;
      if (closes)
        return i + 1;
    } else if (closes) {
      depth--;
    } else if (is (text, i, "(")) {
      depth++;
    }
  }
  return 0;
}

gboolean
corm_sqlite3_index_parse (const char *sql, const char *const *columns, CormTableIndex *index, GError **error)
{
  g_autoptr (GArray) tokens = corm_sqlite3_tokenize (sql);
  Text text = { sql, tokens, columns };
  guint i = 0;
  while (token_at (&text, i)->kind != CORM_SQLITE3_END && !is (&text, i, "("))
    i++;
  guint behind = i + 1 < tokens->len ? read_parts (&text, i + 1, index) : 0;
  if (behind == 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA, "its SQL can't be read: %s", sql);
    return FALSE;
  }
  index->unique = is (&text, 1, "UNIQUE");
  if (is (&text, behind, "WHERE"))
    index->where = corm_sqlite3_expression (sql, tokens, behind + 1, tokens->len - 1, columns);
  return TRUE;
}
