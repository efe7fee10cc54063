/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL expressions compared as words. A server writes what it stored in its own manner, with casts and parentheses that
 * come and go when the text is read again; what is left here is what the expression means. */
#include "schema/words.h"

#include <string.h>

gsize
corm_words_quoted_length (const char *p)
{
  if (*p != '\'')
    return 0;
  for (const char *q = p + 1; *q != '\0'; q++) {
    if (*q != '\'')
      continue;
    if (q[1] != '\'')
      return (gsize) (q + 1 - p);
    q++;
  }
  return 0;
}

gboolean
corm_words_is_wrapped (const char *sql, gsize size)
{
  int depth = 0;
  if (size < 2 || sql[0] != '(' || sql[size - 1] != ')')
    return FALSE;
  for (gsize i = 0; i < size; i++) {
    gsize quoted = corm_words_quoted_length (sql + i);
    if (quoted > 0 && i + quoted <= size)
      i += quoted - 1;
    else if (sql[i] == '(')
      depth++;
    else if (sql[i] == ')' && --depth == 0 && i + 1 < size)
      return FALSE;
  }
  return depth == 0;
}

char *
corm_words_unwrap (const char *sql)
{
  char *text = g_strstrip (g_strdup (sql));
  for (gsize size = strlen (text); corm_words_is_wrapped (text, size); size = strlen (text)) {
    char *inner = g_strstrip (g_strndup (text + 1, size - 2));
    g_free (text);
    text = inner;
  }
  return text;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* Bytes of the name in quotes that @p begins with, where a quote that is doubled is one of the name. "[" opens one only
 * where no name or bracket stands before it. */
static gsize
quoted_name_length (const char *p, gboolean bracket)
{
  char end = *p == '"' || *p == '`' ? *p : *p == '[' && bracket ? ']' : '\0';
  const char *close = end != '\0' ? strchr (p + 1, end) : NULL;
  while (close != NULL && end != ']' && close[1] == end)
    close = strchr (close + 2, end);
  return close != NULL ? (gsize) (close + 1 - p) : 0;
}

static char *
plain_name (const char *p, gsize size)
{
  char *name = g_strndup (p + 1, size - 2);
  gboolean plain = name[0] != '\0' && !g_ascii_isdigit (name[0]);
  for (char *c = name; *c != '\0'; c++)
    plain = plain && is_name_char (*c) && !g_ascii_isupper (*c);
  if (plain)
    return name;
  char *quoted = g_strconcat ("\"", name, "\"", NULL);
  g_free (name);
  return quoted;
}

/* Bytes of blanks and comments at @p. */
static gsize
blank_length (const char *p)
{
  if (g_ascii_isspace (*p))
    return 1;
  if (p[0] == '-' && p[1] == '-')
    return strcspn (p, "\n");
  if (p[0] != '/' || p[1] != '*')
    return 0;
  const char *end = strstr (p + 2, "*/");
  return end != NULL ? (gsize) (end + 2 - p) : strlen (p);
}

GPtrArray *
corm_words_split (const char *sql)
{
  GPtrArray *words = g_ptr_array_new_with_free_func (g_free);
  gboolean after_name = FALSE; /* so that "[" is an array's */
  for (const char *p = sql; *p != '\0';) {
    gsize size = blank_length (p);
    if (size > 0) {
      p += size;
      continue;
    }
    if ((size = corm_words_quoted_length (p)) > 0) {
      g_ptr_array_add (words, g_strndup (p, size));
      after_name = FALSE;
    } else if ((size = quoted_name_length (p, !after_name)) > 0) {
      g_ptr_array_add (words, plain_name (p, size));
      after_name = TRUE;
    } else if (is_name_char (*p)) {
      while (is_name_char (p[size]) || (p[size] == '.' && g_ascii_isdigit (*p)))
        size++;
      size += corm_words_quoted_length (p + size); /* x'00', E'…' */
      g_ptr_array_add (words, g_ascii_strdown (p, (gssize) size));
      after_name = TRUE;
    } else {
      size = p[0] == ':' && p[1] == ':' ? 2 : 1;
      g_ptr_array_add (words, g_strndup (p, size));
      after_name = *p == ']' || *p == ':';
    }
    p += size;
  }
  return words;
}

static const char *
word_at (const GPtrArray *words, guint i)
{
  return i < words->len ? words->pdata[i] : "";
}

/* How many words a type takes that starts at @i: character varying (20) [], timestamp without time zone. */
static guint
type_words (const GPtrArray *words, guint i)
{
  static const char *const more[] = { "varying", "precision", "without", "with", "time", "zone", NULL };
  guint n = 1;
  while (strcmp (word_at (words, i + n), ".") == 0)
    n += 2;
  while (g_strv_contains (more, word_at (words, i + n)))
    n++;
  if (strcmp (word_at (words, i + n), "(") == 0) {
    while (i + n < words->len && strcmp (word_at (words, i + n), ")") != 0)
      n++;
    n++;
  }
  while (strcmp (word_at (words, i + n), "[") == 0 && strcmp (word_at (words, i + n + 1), "]") == 0)
    n += 2;
  return n;
}

static void
drop_casts (GPtrArray *words)
{
  for (guint i = 0; i < words->len;) {
    if (strcmp (words->pdata[i], "::") != 0) {
      i++;
      continue;
    }
    guint n = 1 + type_words (words, i + 1);
    g_ptr_array_remove_range (words, i, MIN (n, words->len - i));
  }
}

/* The index of the word that closes the bracket at @i; words->len: none does. */
static guint
find_close (const GPtrArray *words, guint i)
{
  int depth = 0;
  for (; i < words->len; i++) {
    const char *word = words->pdata[i];
    if (strcmp (word, "(") == 0 || strcmp (word, "[") == 0)
      depth++;
    else if ((strcmp (word, ")") == 0 || strcmp (word, "]") == 0) && --depth == 0)
      return i;
  }
  return words->len;
}

/* A parenthesis behind @word belongs to it: a call, IN (…), ANY (…). */
static gboolean
takes_parenthesis (const char *word)
{
  static const char *const bare[] = { "and",  "or",   "not",     "when", "then", "else",
                                      "case", "like", "between", "is",   NULL };
  return is_name_char (word[0]) ? !g_strv_contains (bare, word) : word[0] == '"';
}

/* (a), ('x') and (array[…]) are what stands in them; and so is the whole. */
static gboolean
is_needless (const GPtrArray *words, guint open, guint close)
{
  if (close >= words->len || close == open + 1)
    return FALSE;
  if (open == 0 && close == words->len - 1)
    return TRUE;
  if (open > 0 && takes_parenthesis (words->pdata[open - 1]))
    return FALSE;
  return close == open + 2 ||
         (strcmp (words->pdata[open + 1], "array") == 0 && find_close (words, open + 2) == close - 1);
}

static void
drop_parentheses (GPtrArray *words)
{
  for (guint i = 0; i < words->len; i++) {
    guint close = strcmp (words->pdata[i], "(") == 0 ? find_close (words, i) : words->len;
    if (close == words->len || !is_needless (words, i, close))
      continue;
    g_ptr_array_remove_index (words, close);
    g_ptr_array_remove_index (words, i);
    i = G_MAXUINT; /* what stood around it may be needless now */
  }
}

gboolean
corm_words_equal (const char *a, const char *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (strcmp (a, b) == 0)
    return TRUE;
  g_autoptr (GPtrArray) left = corm_words_split (a);
  g_autoptr (GPtrArray) right = corm_words_split (b);
  drop_casts (left);
  drop_casts (right);
  drop_parentheses (left);
  drop_parentheses (right);
  if (left->len != right->len)
    return FALSE;
  for (guint i = 0; i < left->len; i++)
    if (strcmp (left->pdata[i], right->pdata[i]) != 0)
      return FALSE;
  return TRUE;
}

/* --- one name in an expression */

/* Bytes of the name at @p, quoted or not; 0: there is none. */
static gsize
name_length (const char *p)
{
  gsize size = quoted_name_length (p, TRUE);
  if (size > 0 || g_ascii_isdigit (*p))
    return size;
  while (is_name_char (p[size]))
    size++;
  return size;
}

static gboolean
is_name (const char *p, gsize size, const char *name)
{
  if (is_name_char (*p))
    return strlen (name) == size && g_ascii_strncasecmp (p, name, size) == 0;
  for (const char *at = p + 1; at < p + size - 1; at++, name++) {
    if (*at != *name)
      return FALSE;
    at += at[0] == p[0] && at[1] == p[0] ? 1 : 0;
  }
  return *name == '\0';
}

/* The name at @p is a function's. */
static gboolean
is_called (const char *end)
{
  while (g_ascii_isspace (*end))
    end++;
  return *end == '(';
}

/* Bytes at @p that are no name: a constant, a number, a comment, one sign. */
static gsize
other_length (const char *p)
{
  gsize size = corm_words_quoted_length (p);
  if (size == 0)
    size = blank_length (p);
  if (size == 0 && g_ascii_isdigit (*p))
    while (is_name_char (p[size]))
      size++;
  return MAX (size, 1);
}

char *
corm_words_rename (const char *sql, const CormDialect *dialect, const char *was, const char *name)
{
  GString *text = g_string_new (NULL);
  for (const char *p = sql; *p != '\0';) {
    gsize size = name_length (p);
    if (size > 0 && is_name (p, size, was) && !is_called (p + size))
      corm_sql_append_identifier (text, dialect, name);
    else
      g_string_append_len (text, p, (gssize) (size > 0 ? size : (size = other_length (p))));
    p += size;
  }
  return g_string_free (text, FALSE);
}

gboolean
corm_words_mention (const char *sql, const char *name)
{
  for (const char *p = sql; p != NULL && *p != '\0';) {
    gsize size = name_length (p);
    if (size > 0 && is_name (p, size, name))
      return TRUE;
    p += size > 0 ? size : other_length (p);
  }
  return FALSE;
}
