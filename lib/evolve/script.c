/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The statement splitter. It reads words, not SQL: a statement ends at its delimiter unless that stands in quotes, in a
 * comment, or in the body of a trigger or routine. */
#include "evolve/script.h"

#include <string.h>

typedef struct {
  const CormDialect *dialect;
  const char *delimiter;
  guint n_words;   /* of this statement so far */
  gboolean create; /* it began with CREATE */
  gboolean body;   /* and creates something that has one */
  int depth;       /* BEGIN and CASE that are open */
  gboolean ended;  /* the last word was END */
} Splitter;

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

static gboolean
is_word (const char *p, gsize size, const char *word)
{
  return strlen (word) == size && g_ascii_strncasecmp (p, word, size) == 0;
}

static gboolean
is_one_of (const char *p, gsize size, const char *const *words)
{
  for (; *words != NULL; words++)
    if (is_word (p, size, *words))
      return TRUE;
  return FALSE;
}

/* Keeps count of what a body opens and closes. "END IF", "END LOOP" close what was not counted. */
static void
see_word (Splitter *splitter, const char *p, gsize size)
{
  static const char *const bodies[] = { "trigger", "procedure", "function", "event", NULL };
  static const char *const uncounted[] = { "if", "loop", "while", "repeat", "for", NULL };
  if (splitter->n_words++ == 0)
    splitter->create = is_word (p, size, "create");
  if (splitter->create && !splitter->body)
    splitter->body = is_one_of (p, size, bodies);
  if (!splitter->body)
    return;
  if (splitter->ended && is_one_of (p, size, uncounted))
    splitter->depth++; /* taken back: it was the end of something else */
  else if (splitter->ended && is_word (p, size, "case"))
    ; /* END CASE */
  else if (is_word (p, size, "begin") || is_word (p, size, "case"))
    splitter->depth++;
  splitter->ended = is_word (p, size, "end");
  if (splitter->ended)
    splitter->depth--;
}

/* Behind blanks and comments. */
static const char *
skip_blank (const CormDialect *dialect, const char *p)
{
  for (;;) {
    gboolean comment = (p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*') || p[0] == '#';
    const char *end = g_ascii_isspace (*p) ? p + 1 : comment ? corm_lexer_skip (dialect, p) : p;
    if (end == p)
      return p;
    p = end;
  }
}

static void
add_statement (GPtrArray *statements, const Splitter *splitter, const char *from, const char *to)
{
  from = skip_blank (splitter->dialect, from);
  if (from >= to)
    return;
  char *text = g_strchomp (g_strndup (from, (gsize) (to - from)));
  if (text[0] != '\0')
    g_ptr_array_add (statements, text);
  else
    g_free (text);
}

/* "DELIMITER //" at the start of a statement; returns what stands behind its line. */
static const char *
take_delimiter (Splitter *splitter, const char *p, char **own)
{
  const char *word = skip_blank (splitter->dialect, p);
  if (g_ascii_strncasecmp (word, "delimiter", 9) != 0 || (word[9] != ' ' && word[9] != '\t'))
    return p;
  gsize size = strcspn (word + 9, "\r\n");
  char *line = g_strstrip (g_strndup (word + 9, size));
  if (line[0] == '\0') {
    g_free (line);
    return p;
  }
  g_free (*own);
  *own = line;
  splitter->delimiter = line;
  return word + 9 + size;
}

/* The end of the statement that starts at @p: its delimiter, or the end of the text. */
static const char *
find_end (Splitter *splitter, const char *p)
{
  gsize size = strlen (splitter->delimiter);
  splitter->n_words = 0;
  splitter->create = splitter->body = splitter->ended = FALSE;
  splitter->depth = 0;
  while (*p != '\0') {
    const char *end = corm_lexer_skip (splitter->dialect, p);
    if (end != p) {
      p = end;
    } else if (strncmp (p, splitter->delimiter, size) == 0 && splitter->depth <= 0) {
      return p;
    } else if (is_word_char (*p)) {
      while (is_word_char (*end))
        end++;
      see_word (splitter, p, (gsize) (end - p));
      p = end;
    } else {
      p++;
    }
  }
  return p;
}

GPtrArray *
corm_script_split (const CormDialect *dialect, const char *script)
{
  GPtrArray *statements = g_ptr_array_new_with_free_func (g_free);
  Splitter splitter = { .dialect = dialect, .delimiter = ";" };
  g_autofree char *own = NULL;
  const char *p = script;
  while (*p != '\0') {
    p = take_delimiter (&splitter, p, &own);
    const char *end = find_end (&splitter, p);
    add_statement (statements, &splitter, p, end);
    p = *end != '\0' ? end + strlen (splitter.delimiter) : end;
  }
  return statements;
}
