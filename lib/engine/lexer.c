/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Passes over quotes and comments. What a dialect has beside the standard's own is in CormDialect.lexis. */
#include <corm/sys/driver.h>

#include <string.h>

/* @p stands on the opening quote; a doubled one does not end it. */
static const char *
skip_quoted (const char *p, char close, gboolean backslash)
{
  for (p++; *p != '\0'; p++) {
    if (backslash && *p == '\\' && p[1] != '\0')
      p++;
    else if (*p == close && p[1] == close)
      p++;
    else if (*p == close)
      return p + 1;
  }
  return p;
}

static const char *
skip_line (const char *p)
{
  return p + strcspn (p, "\n");
}

static const char *
skip_block (const char *p, gboolean nested)
{
  guint depth = 1;
  for (p += 2; *p != '\0'; p++) {
    if (p[0] == '*' && p[1] == '/') {
      p++;
      if (--depth == 0)
        return p + 1;
    } else if (nested && p[0] == '/' && p[1] == '*') {
      p++;
      depth++;
    }
  }
  return p;
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (guchar) c >= 0x80;
}

/* Or the end of the text. */
static gboolean
is_blank (char c)
{
  return (guchar) c <= ' ' || c == 127;
}

/* $$…$$ and $tag$…$tag$; a tag starts like an identifier, so $1 is none. */
static const char *
skip_dollar (const char *p)
{
  const char *end = p + 1;
  if (g_ascii_isdigit (*end))
    return p;
  while (is_word (*end))
    end++;
  if (*end != '$')
    return p;
  g_autofree char *tag = g_strndup (p, end + 1 - p);
  const char *close = strstr (end + 1, tag);
  return close != NULL ? close + strlen (tag) : end + 1 + strlen (end + 1);
}

const char *
corm_lexer_skip (const CormDialect *dialect, const char *p)
{
  guint lexis = dialect->lexis;
  switch (*p) {
  case '\'':
    return skip_quoted (p, '\'', lexis & CORM_LEX_BACKSLASH);
  case '"':
    return skip_quoted (p, '"', lexis & CORM_LEX_BACKSLASH);
  case '`':
    return lexis & CORM_LEX_BACKTICK ? skip_quoted (p, '`', FALSE) : p;
  case '[':
    return lexis & CORM_LEX_BRACKET ? p + strcspn (p, "]") + (strchr (p, ']') != NULL) : p;
  case '-':
    return p[1] == '-' && (!(lexis & CORM_LEX_DASH_BLANK) || is_blank (p[2])) ? skip_line (p) : p;
  case '#':
    return lexis & CORM_LEX_HASH_COMMENT ? skip_line (p) : p;
  case '/':
    return p[1] == '*' ? skip_block (p, lexis & CORM_LEX_NESTED_COMMENT) : p;
  case 'e':
  case 'E':
    return lexis & CORM_LEX_ESCAPE_STRING && p[1] == '\'' ? skip_quoted (p + 1, '\'', TRUE) : p;
  case '$':
    return lexis & CORM_LEX_DOLLAR_QUOTE ? skip_dollar (p) : p;
  default:
    return p;
  }
}
