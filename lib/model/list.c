/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Column lists and references as models write them. Commas and spaces inside parentheses and quotes part nothing. */
#include "model/list.h"

#include <string.h>

static void
free_part (gpointer data)
{
  CormListPart *part = data;
  g_free (part->sql);
  g_free (part);
}

/* The end of the part that starts at @text: a comma or the NUL. NULL when parentheses or quotes are left open. */
static const char *
find_part_end (const char *text)
{
  int depth = 0;
  char quote = '\0';
  for (; *text != '\0'; text++) {
    if (quote != '\0')
      quote = *text == quote ? '\0' : quote;
    else if (*text == '\'' || *text == '"')
      quote = *text;
    else if (*text == '(')
      depth++;
    else if (*text == ')' && --depth < 0)
      return NULL;
    else if (*text == ',' && depth == 0)
      break;
  }
  return depth == 0 && quote == '\0' ? text : NULL;
}

/* Takes " desc" or " asc" off the end of @sql. */
static gboolean
cut_direction (char *sql)
{
  gsize size = strlen (sql);
  gboolean descending = size > 5 && g_ascii_strcasecmp (sql + size - 5, " desc") == 0;
  if (descending)
    sql[size - 5] = '\0';
  else if (size > 4 && g_ascii_strcasecmp (sql + size - 4, " asc") == 0)
    sql[size - 4] = '\0';
  g_strchomp (sql);
  return descending;
}

GPtrArray *
corm_list_parse (const char *text, const char **fault)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (free_part);
  for (;;) {
    const char *end = find_part_end (text);
    if (end == NULL) {
      *fault = "a parenthesis or a quote is left open";
      return NULL;
    }
    CormListPart *part = g_new0 (CormListPart, 1);
    g_ptr_array_add (parts, part);
    part->sql = g_strstrip (g_strndup (text, (gsize) (end - text)));
    part->descending = cut_direction (part->sql);
    part->is_expression = part->sql[0] == '(';
    if (part->sql[0] == '\0') {
      *fault = "a column is missing";
      return NULL;
    }
    if (*end == '\0')
      return g_steal_pointer (&parts);
    text = end + 1;
  }
}

gboolean
corm_reference_parse (const char *text, char **table, GStrv *columns)
{
  const char *open = strchr (text, '(');
  const char *dot = strrchr (text, '.');
  gsize size = strlen (text);
  if (open != NULL && text[size - 1] == ')') {
    g_autofree char *list = g_strndup (open + 1, size - (gsize) (open - text) - 2);
    *table = g_strstrip (g_strndup (text, (gsize) (open - text)));
    *columns = g_strsplit (list, ",", -1);
    for (char **column = *columns; *column != NULL; column++)
      g_strstrip (*column);
  } else if (open == NULL && dot != NULL) {
    *table = g_strstrip (g_strndup (text, (gsize) (dot - text)));
    *columns = g_new0 (char *, 2);
    (*columns)[0] = g_strstrip (g_strdup (dot + 1));
  } else {
    return FALSE;
  }
  gboolean whole = (*table)[0] != '\0' && (*columns)[0] != NULL;
  for (char **column = *columns; *column != NULL; column++)
    whole = whole && (*column)[0] != '\0';
  if (whole)
    return TRUE;
  g_clear_pointer (table, g_free);
  g_clear_pointer (columns, g_strfreev);
  return FALSE;
}
