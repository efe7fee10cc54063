/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Cuts SQL text as SQLite does (sqlite.org/lang_keywords.html, lang_comment.html, syntax diagrams of literals).
 * Invariant: tokens stand in order, do not overlap, and what lies between two of them is space or comment. */
#include "tokenizer.h"

#include <string.h>

static gboolean
is_space (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* Behind the space and comments at @p. */
static const char *
skip_space (const char *p)
{
  for (;;) {
    if (is_space (*p)) {
      p++;
    } else if (p[0] == '-' && p[1] == '-') {
      p += strcspn (p, "\n");
    } else if (p[0] == '/' && p[1] == '*') {
      const char *end = strstr (p + 2, "*/");
      p = end != NULL ? end + 2 : p + strlen (p);
    } else {
      return p;
    }
  }
}

/* Behind a quoted text; a doubled quote stands for itself. */
static const char *
skip_quoted (const char *p, char quote)
{
  for (p++; *p != '\0'; p++) {
    if (*p != quote)
      continue;
    if (p[1] != quote || quote == ']')
      return p + 1;
    p++;
  }
  return p;
}

static const char *
skip_word (const char *p)
{
  while (is_word (*p))
    p++;
  return p;
}

static const char *
skip_number (const char *p)
{
  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X') && g_ascii_isxdigit (p[2]))
    return skip_word (p + 2);
  while (g_ascii_isdigit (*p) || *p == '.')
    p++;
  if (*p == 'e' || *p == 'E') {
    const char *digits = p[1] == '+' || p[1] == '-' ? p + 2 : p + 1;
    if (g_ascii_isdigit (*digits))
      p = digits;
  }
  return skip_word (p);
}

static const char *
skip_operator (const char *p)
{
  static const char *const longer[] = { "->>", "->", "||", "<<", ">>", "<=", ">=", "==", "!=", "<>" };
  for (guint i = 0; i < G_N_ELEMENTS (longer); i++)
    if (g_str_has_prefix (p, longer[i]))
      return p + strlen (longer[i]);
  return p + 1;
}

static const char *
read_token (const char *p, CormSqlite3TokenKind *kind)
{
  switch (*p) {
  case '\'':
    *kind = CORM_SQLITE3_STRING;
    return skip_quoted (p, '\'');
  case '"':
  case '`':
    *kind = CORM_SQLITE3_QUOTED;
    return skip_quoted (p, *p);
  case '[':
    *kind = CORM_SQLITE3_QUOTED;
    return skip_quoted (p, ']');
  case '?':
  case ':':
  case '@':
  case '$':
  case '#':
    *kind = CORM_SQLITE3_VARIABLE;
    return skip_word (p + 1);
  case 'x':
  case 'X':
    if (p[1] == '\'') {
      *kind = CORM_SQLITE3_BLOB;
      return skip_quoted (p + 1, '\'');
    }
    break;
  default:
    break;
  }
  if (g_ascii_isdigit (*p) || (*p == '.' && g_ascii_isdigit (p[1]))) {
    *kind = CORM_SQLITE3_NUMBER;
    return skip_number (p);
  }
  *kind = is_word (*p) ? CORM_SQLITE3_WORD : CORM_SQLITE3_OPERATOR;
  return is_word (*p) ? skip_word (p) : skip_operator (p);
}

GArray *
corm_sqlite3_tokenize (const char *sql)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (CormSqlite3Token));
  const char *p = skip_space (sql);
  while (*p != '\0') {
    CormSqlite3Token token = { .start = (gsize) (p - sql) };
    p = read_token (p, &token.kind);
    token.end = (gsize) (p - sql);
    g_array_append_val (tokens, token);
    p = skip_space (p);
  }
  CormSqlite3Token end = { CORM_SQLITE3_END, (gsize) (p - sql), (gsize) (p - sql) };
  g_array_append_val (tokens, end);
  return tokens;
}

gboolean
corm_sqlite3_token_is (const char *sql, const CormSqlite3Token *token, const char *text)
{
  gsize size = token->end - token->start;
  return (token->kind == CORM_SQLITE3_WORD || token->kind == CORM_SQLITE3_OPERATOR) &&
         strlen (text) == size && g_ascii_strncasecmp (sql + token->start, text, size) == 0;
}

char *
corm_sqlite3_token_name (const char *sql, const CormSqlite3Token *token)
{
  const char *start = sql + token->start, *end = sql + token->end;
  if (token->kind != CORM_SQLITE3_QUOTED && token->kind != CORM_SQLITE3_STRING)
    return g_strndup (start, (gsize) (end - start));
  char quote = *start;
  GString *name = g_string_new (NULL);
  for (const char *p = start + 1; p < end - 1; p++) {
    g_string_append_c (name, *p);
    if (*p == quote && quote != '[')
      p++;
  }
  return g_string_free (name, FALSE);
}
