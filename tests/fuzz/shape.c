/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite: sqlite.org/lang_expr.html, "tokens"; PostgreSQL: manual 4.1 with standard_conforming_strings; MariaDB: "String
 * literals", "Identifier names", "Comment syntax" in the mode NO_BACKSLASH_ESCAPES, which Corm's sessions have. */
#include "shape.h"

#include <string.h>

/* What the databases read in different ways. */
typedef enum {
  BACKTICKS = 1 << 0,      /* quote a name */
  BRACKETS = 1 << 1,       /* so do these */
  TEXT_IN_QUOTES = 1 << 2, /* double quotes are a string's */
  DOLLARS = 1 << 3,        /* $1 is a placeholder, $tag$ a quote */
  QUESTION_MARKS = 1 << 4, /* are placeholders */
  DOLLAR_IN_WORD = 1 << 5, /* words go on with it */
  NESTED_COMMENTS = 1 << 6,
  RUNNING_COMMENTS = 1 << 7, /* those with an exclamation mark are run */
  HASH_COMMENTS = 1 << 8,
  DASHES_AND_BLANK = 1 << 9, /* -- begins a comment only in front of a blank */
  ESCAPE_STRINGS = 1 << 10,  /* E'…' */
} Lexis;

static const Lexis lexes[] = {
  [SHAPE_SQLITE3] = BACKTICKS | BRACKETS | QUESTION_MARKS,
  [SHAPE_PGSQL] = DOLLARS | DOLLAR_IN_WORD | NESTED_COMMENTS | ESCAPE_STRINGS,
  [SHAPE_MYSQL] = BACKTICKS | TEXT_IN_QUOTES | QUESTION_MARKS | DOLLAR_IN_WORD | RUNNING_COMMENTS |
                  HASH_COMMENTS | DASHES_AND_BLANK,
};

typedef struct {
  const char *p;
  GString *shape;
  Lexis lexis;
  const char *name;
} Lexer;

static void
put (Lexer *lexer, char kind)
{
  g_string_append_c (lexer->shape, kind);
  g_string_append_c (lexer->shape, ' ');
}

/* Up to the closing @quote; doubled it stands for itself, and so does what follows a backslash where those escape. */
static void
quoted (Lexer *lexer, char quote, gboolean backslash, char kind)
{
  for (lexer->p++; *lexer->p != '\0'; lexer->p++) {
    if (backslash && *lexer->p == '\\' && lexer->p[1] != '\0')
      lexer->p++;
    else if (*lexer->p == quote && lexer->p[1] == quote)
      lexer->p++;
    else if (*lexer->p == quote) {
      lexer->p++;
      put (lexer, kind);
      return;
    }
  }
  put (lexer, '!');
}

static void
line_comment (Lexer *lexer)
{
  lexer->p += strcspn (lexer->p, "\n");
  put (lexer, 'c');
}

/* PostgreSQL's go into one another; MariaDB runs what stands in those that begin with an exclamation mark. */
static void
block_comment (Lexer *lexer)
{
  guint depth = 1;
  gboolean runs =
      (lexer->lexis & RUNNING_COMMENTS) && (lexer->p[2] == '!' || g_str_has_prefix (lexer->p + 2, "M!"));
  for (lexer->p += 2; *lexer->p != '\0' && depth > 0; lexer->p++)
    if (g_str_has_prefix (lexer->p, "*/")) {
      depth--;
      lexer->p++;
    } else if ((lexer->lexis & NESTED_COMMENTS) && g_str_has_prefix (lexer->p, "/*")) {
      depth++;
      lexer->p++;
    }
  put (lexer, depth > 0 || runs ? '!' : 'c');
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (guint8) c >= 0x80;
}

/* $tag$ … $tag$, or $1 */
static void
dollar (Lexer *lexer)
{
  const char *end = lexer->p + 1;
  if (g_ascii_isdigit (*end)) {
    lexer->p += 1 + strspn (lexer->p + 1, "0123456789");
    put (lexer, 'p');
    return;
  }
  while (is_word (*end))
    end++;
  g_autofree char *tag = g_strndup (lexer->p, (gsize) (end - lexer->p) + 1);
  const char *close = *end == '$' ? strstr (end + 1, tag) : NULL;
  if (*end != '$') {
    lexer->p++;
    put (lexer, '$');
    return;
  }
  lexer->p = close != NULL ? close + strlen (tag) : lexer->p + strlen (lexer->p);
  put (lexer, close != NULL ? 's' : '!');
}

/* :name, as SQLite and the library write a parameter, or ::, PostgreSQL's cast. */
static void
colon (Lexer *lexer)
{
  gboolean cast = lexer->p[1] == ':';
  lexer->p += cast ? 2 : 1;
  if (cast)
    put (lexer, ':');
  if (cast || !(g_ascii_isalpha (*lexer->p) || *lexer->p == '_')) {
    put (lexer, ':');
    return;
  }
  while (g_ascii_isalnum (*lexer->p) || *lexer->p == '_')
    lexer->p++;
  put (lexer, 'p');
}

static void
number (Lexer *lexer)
{
  while (is_word (*lexer->p) || *lexer->p == '.' ||
         ((*lexer->p == '+' || *lexer->p == '-') && (lexer->p[-1] == 'e' || lexer->p[-1] == 'E')))
    lexer->p++;
  put (lexer, 'n');
}

/* A word, or the letters in front of a string that say how to read it. */
static void
word (Lexer *lexer)
{
  const char *start = lexer->p;
  while (is_word (*lexer->p) || (*lexer->p == '$' && (lexer->lexis & DOLLAR_IN_WORD)))
    lexer->p++;
  g_autofree char *text = g_ascii_strdown (start, lexer->p - start);
  if (*lexer->p == '\'' && strlen (text) == 1 && strchr ("xbne", *text) != NULL) {
    quoted (lexer, '\'', (lexer->lexis & ESCAPE_STRINGS) && *text == 'e', 's');
    return;
  }
  if (lexer->name != NULL && strlen (lexer->name) == (gsize) (lexer->p - start) &&
      strncmp (lexer->name, start, (gsize) (lexer->p - start)) == 0) {
    put (lexer, 'q');
    return;
  }
  g_string_append (lexer->shape, text);
  g_string_append_c (lexer->shape, ' ');
}

/* Quotes and comments. FALSE: none stands here. */
static gboolean
enclosed (Lexer *lexer)
{
  const char *p = lexer->p;
  gboolean blank =
      p[0] != '\0' && p[1] != '\0' && (p[2] == '\0' || g_ascii_isspace (p[2]) || g_ascii_iscntrl (p[2]));
  if (*p == '\'')
    quoted (lexer, '\'', FALSE, 's');
  else if (*p == '"')
    quoted (lexer, '"', FALSE, lexer->lexis & TEXT_IN_QUOTES ? 's' : 'q');
  else if (*p == '`' && (lexer->lexis & BACKTICKS))
    quoted (lexer, '`', FALSE, 'q');
  else if (*p == '[' && (lexer->lexis & BRACKETS))
    quoted (lexer, ']', FALSE, 'q');
  else if (g_str_has_prefix (p, "--") && (blank || !(lexer->lexis & DASHES_AND_BLANK)))
    line_comment (lexer);
  else if (*p == '#' && (lexer->lexis & HASH_COMMENTS))
    line_comment (lexer);
  else if (g_str_has_prefix (p, "/*"))
    block_comment (lexer);
  else
    return FALSE;
  return TRUE;
}

static void
token (Lexer *lexer)
{
  const char *p = lexer->p;
  if (enclosed (lexer))
    return;
  if (*p == ':')
    colon (lexer);
  else if (*p == '$' && (lexer->lexis & DOLLARS))
    dollar (lexer);
  else if (*p == '?' && (lexer->lexis & QUESTION_MARKS)) {
    lexer->p += 1 + strspn (p + 1, "0123456789");
    put (lexer, 'p');
  } else if (g_ascii_isdigit (*p))
    number (lexer);
  else if (is_word (*p))
    word (lexer);
  else {
    put (lexer, *p);
    lexer->p++;
  }
}

void
shape_append (GString *shape, ShapeDialect dialect, const char *sql, const char *name)
{
  Lexer lexer = { sql, shape, lexes[dialect], name };
  while (*lexer.p != '\0')
    if (g_ascii_isspace (*lexer.p) || *lexer.p == '\v')
      lexer.p++;
    else
      token (&lexer);
}
