/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The lexer of lint. Invariant: tokens stand in the order of the text and do not overlap. */
#include "lint/tokens.h"

#include <string.h>

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

static void
free_token (gpointer data)
{
  CormToken *token = data;
  g_free (token->text);
  g_free (token);
}

/* Without the quotes, a doubled one once. */
static char *
unquote (const char *from, const char *to)
{
  char close = *from == '[' ? ']' : *from;
  GString *name = g_string_new (NULL);
  for (const char *p = from + 1; p < to; p++) {
    if (*p == close && p + 1 < to && p[1] == close)
      p++;
    else if (*p == close)
      break;
    g_string_append_c (name, *p);
  }
  return g_string_free (name, FALSE);
}

/* Behind a blank, a comment, or the bounds of one that is run; @p itself where none of them starts. */
static const char *
skip_blank (const CormDialect *dialect, const char *p, guint *runs)
{
  gboolean hash = dialect->lexis & CORM_LEX_HASH_COMMENT;
  if (g_ascii_isspace (*p))
    return p + 1;
  if (hash && p[0] == '/' && p[1] == '*' && (p[2] == '!' || (p[2] == 'M' && p[3] == '!'))) {
    p += p[2] == '!' ? 3 : 4;
    ++*runs;
    return p + strspn (p, "0123456789");
  }
  if (*runs > 0 && p[0] == '*' && p[1] == '/') {
    --*runs;
    return p + 2;
  }
  gboolean comment = (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*') || (hash && p[0] == '#');
  return comment ? corm_lexer_skip (dialect, p) : p;
}

static CormTokenKind
kind_of_quoted (const CormDialect *dialect, char quote)
{
  gboolean name = quote == '`' || quote == '[' || (quote == '"' && dialect->quote == '"');
  return name ? CORM_TOKEN_NAME : CORM_TOKEN_STRING;
}

/* "a [1]" and "int[]" are of an array, not of a name in brackets. */
static gboolean
opens_quote (const CormDialect *dialect, const char *p)
{
  return corm_lexer_skip (dialect, p) != p;
}

static const char *
find_end (const CormDialect *dialect, const char *p, CormTokenKind *kind)
{
  const char *end = p;
  if (opens_quote (dialect, p)) {
    *kind = kind_of_quoted (dialect, *p);
    return corm_lexer_skip (dialect, p);
  }
  if (g_ascii_isdigit (*p) || (*p == '.' && g_ascii_isdigit (p[1]))) {
    *kind = CORM_TOKEN_NUMBER;
    while (is_name_char (*end) || *end == '.')
      end++;
    return end;
  }
  if (is_name_char (*p)) {
    *kind = CORM_TOKEN_WORD;
    while (is_name_char (*end))
      end++;
    return end;
  }
  *kind = CORM_TOKEN_SIGN;
  return p[0] == ':' && p[1] == ':' ? p + 2 : p + 1;
}

GPtrArray *
corm_tokens_split (const CormDialect *dialect, const char *sql)
{
  GPtrArray *tokens = g_ptr_array_new_with_free_func (free_token);
  guint runs = 0;
  for (const char *p = sql; *p != '\0';) {
    const char *behind = skip_blank (dialect, p, &runs);
    if (behind != p) {
      p = behind;
      continue;
    }
    CormToken *token = g_new0 (CormToken, 1);
    const char *end = find_end (dialect, p, &token->kind);
    token->from = (guint) (p - sql);
    token->to = (guint) (end - sql);
    if (token->kind == CORM_TOKEN_NAME)
      token->text = unquote (p, end);
    else if (token->kind == CORM_TOKEN_WORD)
      token->text = g_ascii_strdown (p, end - p);
    else
      token->text = g_strndup (p, (gsize) (end - p));
    g_ptr_array_add (tokens, token);
    p = end;
  }
  return tokens;
}

char *
corm_tokens_join (const char *sql, const GPtrArray *tokens, guint from, guint to)
{
  GString *text = g_string_new (NULL);
  for (guint i = from; i < to && i < tokens->len; i++) {
    const CormToken *token = tokens->pdata[i];
    const CormToken *before = i > from ? tokens->pdata[i - 1] : NULL;
    if (before != NULL && before->to < token->from)
      g_string_append_c (text, ' ');
    g_string_append_len (text, sql + token->from, (gssize) (token->to - token->from));
  }
  return g_string_free (text, FALSE);
}
