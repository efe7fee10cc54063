/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See tokens.h. */
#include "port/tokens.h"

#include <string.h>

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* What stands between quotes, each of which is doubled inside. */
static char *
unquote (const char *p, gsize size)
{
  GString *name = g_string_new (NULL);
  char end = p[0] == '[' ? ']' : p[0];
  for (gsize i = 1; i + 1 < size; i++) {
    g_string_append_c (name, p[i]);
    i += p[i] == end;
  }
  return g_string_free (name, FALSE);
}

/* "12", "1.5", ".5", "1e-3"; 0: there is none. */
static gsize
number_size (const char *p)
{
  gsize size = strspn (p, "0123456789");
  gboolean starts = size > 0 || (*p == '.' && g_ascii_isdigit (p[1]));
  if (!starts)
    return 0;
  if (p[size] == '.')
    size += 1 + strspn (p + size + 1, "0123456789");
  if (p[size] == 'e' || p[size] == 'E') {
    gsize sign = p[size + 1] == '+' || p[size + 1] == '-' ? 1 : 0;
    gsize digits = strspn (p + size + 1 + sign, "0123456789");
    size += digits > 0 ? 1 + sign + digits : 0;
  }
  while (is_word (p[size])) /* "0x1f": a number that nobody reads here */
    size++;
  return size;
}

static gsize
sign_size (const char *p)
{
  static const char *const pairs[] = { "==", "<>", "!=", "<=", ">=", "||", "::", ":=" };
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (strncmp (p, pairs[i], 2) == 0)
      return 2;
  return 1;
}

static void
read_quoted (CormPortToken *token)
{
  char quote = *token->at;
  token->kind = quote == '\''                                  ? CORM_PORT_TOKEN_STRING
                : quote == '"' || quote == '`' || quote == '[' ? CORM_PORT_TOKEN_NAME
                                                               : CORM_PORT_TOKEN_OTHER;
  token->text = token->kind == CORM_PORT_TOKEN_OTHER || token->size < 2 ? g_strndup (token->at, token->size)
                                                                        : unquote (token->at, token->size);
}

static void
read_plain (CormPortToken *token)
{
  const char *p = token->at;
  token->kind = CORM_PORT_TOKEN_NUMBER;
  token->size = number_size (p);
  if (token->size == 0) {
    token->kind = CORM_PORT_TOKEN_WORD;
    while (is_word (p[token->size]))
      token->size++;
  }
  if (token->size == 0) {
    token->kind = CORM_PORT_TOKEN_SIGN;
    token->size = sign_size (p);
  }
  token->text = g_strndup (p, token->size);
  if (token->kind == CORM_PORT_TOKEN_SIGN && strcmp (token->text, "!=") == 0)
    token->text = (g_free (token->text), g_strdup ("<>"));
  if (token->kind == CORM_PORT_TOKEN_SIGN && strcmp (token->text, "==") == 0)
    token->text[1] = '\0';
}

static void
token_clear (gpointer token)
{
  g_free (((CormPortToken *) token)->text);
}

static gboolean
is_comment (const char *p)
{
  return p[0] == '#' || (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*');
}

GArray *
corm_port_tokens_split (const char *sql, const CormDialect *dialect)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (CormPortToken));
  g_array_set_clear_func (tokens, token_clear);
  const char *p = sql;
  while (*p != '\0') {
    CormPortToken token = { .at = p, .size = (gsize) (corm_lexer_skip (dialect, p) - p) };
    gsize skipped = g_ascii_isspace (*p) ? 1 : token.size > 0 && is_comment (p) ? token.size : 0;
    p += skipped;
    if (skipped > 0)
      continue;
    if (token.size > 0)
      read_quoted (&token);
    else
      read_plain (&token);
    g_array_append_val (tokens, token);
    p += token.size;
  }
  CormPortToken end = { .kind = CORM_PORT_TOKEN_END, .at = p, .text = g_strdup ("") };
  g_array_append_val (tokens, end);
  return tokens;
}

gboolean
corm_port_token_is (const CormPortToken *token, const char *word)
{
  return (token->kind == CORM_PORT_TOKEN_WORD || token->kind == CORM_PORT_TOKEN_SIGN) &&
         g_ascii_strcasecmp (token->text, word) == 0;
}

gboolean
corm_port_token_is_name (const CormPortToken *token)
{
  return token->kind == CORM_PORT_TOKEN_WORD || token->kind == CORM_PORT_TOKEN_NAME;
}
