/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See expression.h. Works word by word, without a grammar: names of columns and quotes change, the rest stays as it is. */
#include "port/expression.h"

#include "port/tables.h"

#include <string.h>

/* What an exact expression may hold beside columns, numbers, strings and + - * ( ) , = < >. */
static const char *const exact_words[] = { "and",      "or",   "not",    "is",   "null", "in",
                                           "between",  "case", "when",   "then", "else", "end",
                                           "coalesce", "abs",  "nullif", NULL };

typedef struct {
  const CormDialect *from, *to;
  const CormTable *table;
  const CormNames *names;
  gboolean exact;
  GString *text;
} Translation;

static void
append_column (const Translation *translation, const CormTableColumn *column)
{
  corm_sql_append_identifier (translation->text, translation->to,
                              corm_names_column (translation->names, translation->table->name, column->name));
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* What one of the two reads otherwise than others do, is no common word of theirs. */
static gboolean
means_otherwise (const Translation *translation, const char *word)
{
  const char *const *there = translation->to->other_meaning, *const *here = translation->from->other_meaning;
  if (translation->to == translation->from) /* only names change */
    return FALSE;
  return (there != NULL && g_strv_contains (there, word)) || (here != NULL && g_strv_contains (here, word));
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

static void
append_string (GString *text, const char *string)
{
  g_string_append_c (text, '\'');
  for (const char *p = string; *p != '\0'; p++) {
    g_string_append_c (text, *p);
    if (*p == '\'')
      g_string_append_c (text, *p);
  }
  g_string_append_c (text, '\'');
}

/* A name in quotes; SQLite reads one that names no column as a string. */
static gboolean
take_quoted (const Translation *translation, const char *p, gsize size)
{
  g_autofree char *name = unquote (p, size);
  const CormTableColumn *column = corm_pair_find_column (translation->table, name);
  if (column != NULL)
    append_column (translation, column);
  else if (*p == '"' && translation->from->loose_types)
    append_string (translation->text, name);
  else
    return FALSE;
  return TRUE;
}

static gboolean
take_word (const Translation *translation, const char *p, gsize size)
{
  g_autofree char *word = g_strndup (p, size);
  g_autofree char *small = g_ascii_strdown (word, -1);
  const char *next = p + size + strspn (p + size, " \t\r\n");
  gboolean is_reserved =
      translation->from->reserved != NULL && g_strv_contains (translation->from->reserved, small);
  const CormTableColumn *column =
      *next != '(' && !is_reserved ? corm_pair_find_column (translation->table, word) : NULL;
  if (column != NULL) {
    append_column (translation, column);
    return TRUE;
  }
  if (means_otherwise (translation, small) ||
      (translation->exact && !g_ascii_isdigit (*p) && !g_strv_contains (exact_words, small)))
    return FALSE;
  g_string_append (translation->text, word);
  return TRUE;
}

static gboolean
take_operator (const Translation *translation, const char *p, gsize *size)
{
  char pair[3] = { p[0], p[1], '\0' }, single[2] = { p[0], '\0' };
  gboolean is_pair = memcmp (pair, "==", 2) == 0 || memcmp (pair, "||", 2) == 0 ||
                     memcmp (pair, "!=", 2) == 0 || memcmp (pair, "<>", 2) == 0;
  const char *operator= is_pair ? pair : single;
  *size = strlen (operator);
  if (means_otherwise (translation, operator))
    return FALSE;
  if (translation->exact && strchr ("+-*(),=<>.!", *p) == NULL)
    return FALSE;
  g_string_append (translation->text, strcmp (operator, "==") == 0   ? "="
                                      : strcmp (operator, "!=") == 0 ? "<>"
                                                                     :
                                                                     operator);
  return TRUE;
}

static gboolean
take (const Translation *translation, const char *p, gsize *size)
{
  *size = (gsize) (corm_lexer_skip (translation->from, p) - p);
  if (*size > 0 && *p == '\'') {
    g_string_append_len (translation->text, p, (gssize) *size);
    return TRUE;
  }
  if (*size > 0 && (*p == '"' || *p == '`' || *p == '['))
    return take_quoted (translation, p, *size);
  if (*size > 0) /* a comment */
    return TRUE;
  while (is_word (p[*size]))
    ++*size;
  if (*size > 0)
    return take_word (translation, p, *size);
  if (!g_ascii_isspace (*p))
    return take_operator (translation, p, size);
  *size = 1;
  g_string_append_c (translation->text, ' ');
  return TRUE;
}

char *
corm_expression_translate (const char *sql, const CormDialect *from, const CormDialect *to,
                           const CormTable *table, gboolean exact)
{
  return corm_expression_translate_named (sql, from, to, table, NULL, exact);
}

char *
corm_expression_translate_named (const char *sql, const CormDialect *from, const CormDialect *to,
                                 const CormTable *table, const CormNames *names, gboolean exact)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *standard =
      from != to && from->standard_sql != NULL ? from->standard_sql (sql, table) : NULL;
  const Translation translation = { from, to, table, names, exact, text };
  gsize size = 0;
  for (const char *p = standard != NULL ? standard : sql; *p != '\0'; p += size)
    if (!take (&translation, p, &size))
      return NULL;
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_operand (const CormTable *table, const char *name, gboolean *has_integer)
{
  const CormTableColumn *column = corm_pair_find_column (table, name);
  *has_integer |= column != NULL && column->type.type == CORM_TYPE_INT64;
  return column != NULL && (column->type.type == CORM_TYPE_INT64 || column->type.type == CORM_TYPE_FLOAT64);
}

gboolean
corm_expression_is_arithmetic (const char *sql, const CormDialect *dialect, const CormTable *table)
{
  gboolean has_integer = FALSE, has_fraction = FALSE;
  gsize size = 0;
  for (const char *p = sql; *p != '\0'; p += size) {
    g_autofree char *name = NULL;
    size = (gsize) (corm_lexer_skip (dialect, p) - p);
    if (size > 0 && *p == '\'')
      return FALSE;
    if (size > 0)
      name = unquote (p, size);
    while (name == NULL && is_word (p[size]))
      size++;
    if (size == 0) {
      has_fraction |= *p == '.';
      size = 1;
      continue;
    }
    if (name == NULL)
      name = g_strndup (p, size);
    if (!g_ascii_isdigit (*name) && !is_operand (table, name, &has_integer))
      return FALSE;
  }
  return !has_integer || !has_fraction;
}
