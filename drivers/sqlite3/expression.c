/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One form for an expression, whoever wrote it: SQLite keeps a CHECK or an index predicate as it was typed, so two
 * texts that mean the same differ in spaces, comments, case and needless quotes. Invariant: the result means what the
 * tokens meant, and rewriting it changes nothing more. */
#include "../dialects.h"
#include "tokenizer.h"

#include <string.h>

/* Words that never stand for a name where an expression may stand (or, like CAST, only in front of a parenthesis). */
static const char *const keywords[] = {
  "AND",    "AS",   "BETWEEN", "CASE",   "CAST", "COLLATE", "DISTINCT", "ELSE",  "END", "ESCAPE",
  "EXISTS", "FROM", "GLOB",    "IN",     "IS",   "ISNULL",  "LIKE",     "MATCH", "NOT", "NOTNULL",
  "NULL",   "OR",   "REGEXP",  "SELECT", "THEN", "WHEN",    "WHERE",    NULL,
};

static const char *
find_keyword (const char *sql, const CormSqlite3Token *token)
{
  if (token->kind != CORM_SQLITE3_WORD)
    return NULL;
  for (guint i = 0; keywords[i] != NULL; i++)
    if (corm_sqlite3_token_is (sql, token, keywords[i]))
      return keywords[i];
  return NULL;
}

static gboolean
is_operator (const char *sql, const CormSqlite3Token *token, const char *set)
{
  return token->kind == CORM_SQLITE3_OPERATOR && token->end == token->start + 1 &&
         strchr (set, sql[token->start]) != NULL;
}

/* A plus or minus at @i that belongs to the operand behind it. */
static gboolean
is_sign (const char *sql, const GArray *tokens, guint first, guint i)
{
  const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i);
  if (!is_operator (sql, token, "+-~"))
    return FALSE;
  if (i == first)
    return TRUE;
  const CormSqlite3Token *before = token - 1;
  if (before->kind == CORM_SQLITE3_OPERATOR)
    return !is_operator (sql, before, ")");
  return find_keyword (sql, before) != NULL && !corm_sqlite3_token_is (sql, before, "END") &&
         !corm_sqlite3_token_is (sql, before, "NULL");
}

static gboolean
needs_space (const char *sql, const GArray *tokens, guint first, guint i)
{
  const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i), *before = token - 1;
  if (is_operator (sql, before, "(.") || is_operator (sql, token, "),."))
    return FALSE;
  /* Two signs stay apart: "--" would begin a comment. */
  if (is_sign (sql, tokens, first, i - 1))
    return is_operator (sql, token, "+-");
  if (is_operator (sql, token, "(") && before->kind != CORM_SQLITE3_OPERATOR)
    return find_keyword (sql, before) != NULL && !corm_sqlite3_token_is (sql, before, "CAST");
  return TRUE;
}

static const char *
find_column (const char *const *columns, const char *name)
{
  for (const char *const *column = columns; column != NULL && *column != NULL; column++)
    if (g_ascii_strcasecmp (*column, name) == 0)
      return *column;
  return NULL;
}

static void
append_token (GString *text, const char *sql, const CormSqlite3Token *token, const char *const *columns)
{
  const char *keyword = find_keyword (sql, token);
  if (keyword != NULL) {
    g_string_append (text, keyword);
    return;
  }
  gboolean is_name = token->kind == CORM_SQLITE3_WORD || token->kind == CORM_SQLITE3_QUOTED;
  /* A word in front of "(" is a function, whatever the columns are called. */
  if (is_name && !is_operator (sql, token + 1, "(")) {
    g_autofree char *name = corm_sqlite3_token_name (sql, token);
    const char *column = find_column (columns, name);
    if (column != NULL) {
      corm_sql_append_identifier (text, &corm_sqlite3_dialect, column);
      return;
    }
  }
  g_string_append_len (text, sql + token->start, (gssize) (token->end - token->start));
}

char *
corm_sqlite3_expression (const char *sql, const GArray *tokens, guint first, guint last,
                         const char *const *columns)
{
  GString *text = g_string_new (NULL);
  for (guint i = first; i < last; i++) {
    if (i > first && needs_space (sql, tokens, first, i))
      g_string_append_c (text, ' ');
    append_token (text, sql, &g_array_index (tokens, CormSqlite3Token, i), columns);
  }
  return g_string_free (text, FALSE);
}

gboolean
corm_sqlite3_names_column (const char *sql, const GArray *tokens, CormSqlite3Span span, const char *name)
{
  for (guint i = span.first; i < span.last; i++) {
    const CormSqlite3Token *token = &g_array_index (tokens, CormSqlite3Token, i);
    gboolean is_name = token->kind == CORM_SQLITE3_QUOTED ||
                       (token->kind == CORM_SQLITE3_WORD && find_keyword (sql, token) == NULL);
    /* A function; the table in front of a column; a collation; a type. */
    if (!is_name || is_operator (sql, token + 1, "(.") ||
        (i > 0 &&
         (corm_sqlite3_token_is (sql, token - 1, "COLLATE") || corm_sqlite3_token_is (sql, token - 1, "AS"))))
      continue;
    g_autofree char *text = corm_sqlite3_token_name (sql, token);
    if (g_ascii_strcasecmp (text, name) == 0)
      return TRUE;
  }
  return FALSE;
}
