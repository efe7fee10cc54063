/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Pieces of a text replaced, all at once: places are those of the old text. */
#include "edit.h"

#include <string.h>

typedef struct {
  gsize start, end;
  char *text;
  guint number; /* those at one place stand in the order in which they came */
} Patch;

static void
clear_patch (gpointer data)
{
  g_free (((Patch *) data)->text);
}

void
corm_patches_init (CormSqlite3Patches *patches, const char *sql, const GArray *tokens)
{
  patches->sql = sql;
  patches->tokens = tokens;
  patches->patches = g_array_new (FALSE, FALSE, sizeof (Patch));
  g_array_set_clear_func (patches->patches, clear_patch);
}

static void
add (CormSqlite3Patches *patches, gsize start, gsize end, const char *text)
{
  Patch patch = { start, end, g_strdup (text != NULL ? text : ""), patches->patches->len };
  g_array_append_val (patches->patches, patch);
}

static const CormSqlite3Token *
token_at (const CormSqlite3Patches *patches, guint i)
{
  return &g_array_index (patches->tokens, CormSqlite3Token, i);
}

/* Insertions before what is taken away from there, and what is taken away whole before its parts. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const Patch *left = a, *right = b;
  if (left->start != right->start)
    return left->start < right->start ? -1 : 1;
  gboolean left_empty = left->end == left->start, right_empty = right->end == right->start;
  if (left_empty != right_empty)
    return left_empty ? -1 : 1;
  if (left->end != right->end)
    return left->end > right->end ? -1 : 1;
  return left->number < right->number ? -1 : 1;
}

char *
corm_patches_apply (CormSqlite3Patches *patches)
{
  GString *text = g_string_new (NULL);
  gsize at = 0;
  g_array_sort (patches->patches, compare);
  for (guint i = 0; i < patches->patches->len; i++) {
    const Patch *patch = &g_array_index (patches->patches, Patch, i);
    if (patch->start < at && patch->end <= at)
      continue;
    gsize start = MAX (patch->start, at);
    g_string_append_len (text, patches->sql + at, (gssize) (start - at));
    g_string_append (text, patch->text);
    at = patch->end;
  }
  g_string_append (text, patches->sql + at);
  g_array_unref (patches->patches);
  return g_string_free (text, FALSE);
}

static gboolean
is_blank (char c)
{
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Do the tokens on both sides of a hole at @p stay apart without a space? */
static gboolean
stays_apart (const char *p)
{
  return *p == '\0' || *p == ',' || *p == ')' || is_blank (*p) || g_str_has_prefix (p, "/*") ||
         g_str_has_prefix (p, "--");
}

/* Where the space in front of a token begins that may go with it: what a line comment before it would swallow stays
 * apart. @rest: what will stand behind. */
static gsize
space_before (const CormSqlite3Patches *patches, guint token, const char *rest)
{
  const char *sql = patches->sql;
  gsize before = token > 0 ? token_at (patches, token - 1)->end : 0, start = token_at (patches, token)->start;
  gsize first = start;
  while (first > before && is_blank (sql[first - 1]))
    first--;
  g_autofree char *gap = g_strndup (sql + before, first - before);
  rest += strspn (rest, " \t\r");
  return strstr (gap, "--") != NULL && *rest != '\n' ? start : first;
}

void
corm_patches_remove (CormSqlite3Patches *patches, CormSqlite3Span span)
{
  gsize start = token_at (patches, span.first)->start, end = token_at (patches, span.last - 1)->end;
  const char *rest = patches->sql + end;
  gsize first = space_before (patches, span.first, rest);
  add (patches, first, end, first < start && !stays_apart (rest) ? " " : NULL);
}

void
corm_patches_remove_element (CormSqlite3Patches *patches, CormSqlite3Span span)
{
  const CormSqlite3Token *comma = token_at (patches, span.last);
  gsize start = token_at (patches, span.first)->start, end = token_at (patches, span.last - 1)->end;
  gboolean close = strspn (patches->sql + end, " \t\r\n") == comma->start - end;
  gsize first = space_before (patches, span.first, patches->sql + (close ? comma->end : end));
  gsize behind = comma->end;
  if (first == start && close && patches->sql[behind] != '\n')
    behind += strspn (patches->sql + behind, " \t");
  add (patches, first, end, NULL);
  add (patches, comma->start, behind, NULL);
}

void
corm_patches_replace (CormSqlite3Patches *patches, CormSqlite3Span span, const char *text)
{
  gsize start = token_at (patches, span.first)->start, end = token_at (patches, span.last - 1)->end;
  add (patches, start, end, text);
}

void
corm_patches_insert (CormSqlite3Patches *patches, guint token, const char *text, gboolean apart)
{
  gsize place = token_at (patches, token - 1)->end;
  g_autofree char *words =
      apart ? g_strconcat (" ", text, stays_apart (patches->sql + place) ? "" : " ", NULL) : g_strdup (text);
  add (patches, place, place, words);
}
