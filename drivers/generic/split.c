/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* There is no preparing through libdbi: a statement's text is cut at its placeholders once, and each execution puts
 * literals between the pieces. Invariant: a placeholder inside quotes or comments is none. */
#include "split.h"

#include <string.h>

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || (guchar) c >= 0x80;
}

/* The length of the placeholder at @p, 0: none; *number is its parameter, @next for one without a number. */
static gsize
placeholder (const CormDialect *dialect, const char *sql, const char *p, guint next, guint *number)
{
  *number = next;
  if (dialect->placeholder == CORM_PLACEHOLDER_QUESTION)
    return *p == '?' ? 1 : 0;
  if (*p != '$' || !g_ascii_isdigit (p[1]) || (p > sql && is_word (p[-1])))
    return 0;
  gsize digits = strspn (p + 1, "0123456789");
  *number = (guint) g_ascii_strtoull (p + 1, NULL, 10) - 1;
  return digits + 1;
}

char **
corm_generic_split (const CormDialect *dialect, const char *sql, guint **order)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new ();
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  const char *start = sql;
  for (const char *p = sql; *p != '\0';) {
    guint number;
    const char *behind = corm_lexer_skip (dialect, p);
    gsize size = behind == p ? placeholder (dialect, sql, p, numbers->len, &number) : 0;
    if (size > 0) {
      g_ptr_array_add (pieces, g_strndup (start, (gsize) (p - start)));
      g_array_append_val (numbers, number);
      start = p + size;
    }
    p = behind != p ? behind : p + MAX (size, 1);
  }
  g_ptr_array_add (pieces, g_strdup (start));
  g_ptr_array_add (pieces, NULL);
  *order = (guint *) (gpointer) g_array_free (g_steal_pointer (&numbers), FALSE);
  return (char **) g_ptr_array_free (g_steal_pointer (&pieces), FALSE);
}

static const char *
match (const char *p, gsize size, const char *const *words)
{
  for (; *words != NULL; words++)
    if (strlen (*words) == size && g_ascii_strncasecmp (p, *words, size) == 0)
      return *words;
  return NULL;
}

const char *
corm_generic_first_word (const CormDialect *dialect, const char *sql, const char *const *words)
{
  guint depth = 0;
  for (const char *p = sql; *p != '\0';) {
    const char *behind = corm_lexer_skip (dialect, p);
    if (behind != p) {
      p = behind;
      continue;
    }
    gsize size = 0;
    while (is_word (p[size]))
      size++;
    const char *word = depth == 0 && size > 0 ? match (p, size, words) : NULL;
    if (word != NULL)
      return word;
    if (*p == '(')
      depth++;
    else if (*p == ')' && depth > 0)
      depth--;
    p += MAX (size, 1);
  }
  return NULL;
}

gboolean
corm_generic_has_word (const CormDialect *dialect, const char *sql, const char *word)
{
  const char *const words[] = { word, NULL };
  return corm_generic_first_word (dialect, sql, words) != NULL;
}
