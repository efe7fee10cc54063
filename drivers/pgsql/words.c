/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Edits SQL that the server wrote, so quotes always close and only '…' and "…" (doubled inside) have to be known. */
#include "words.h"

#include <string.h>

/* Length of the quoted text at @p, 0 when there is none. */
static gsize
quoted_length (const char *p)
{
  char quote = *p;
  if (quote != '\'' && quote != '"')
    return 0;
  for (const char *q = p + 1; *q != '\0'; q++) {
    if (*q != quote)
      continue;
    if (q[1] != quote)
      return q + 1 - p;
    q++;
  }
  return strlen (p);
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* Length of "pg_temp_12." or "SCHEMA." at @p, where a name begins; 0 when it is something else. */
static gsize
prefix_length (const char *p, const char *schema)
{
  const char *q = p;
  if (g_str_has_prefix (p, "pg_temp")) {
    q += strlen ("pg_temp");
    if (*q == '_')
      for (q++; g_ascii_isdigit (*q); q++)
        ;
    if (*q == '.')
      return q + 1 - p;
  }
  if (schema != NULL && g_str_has_prefix (p, schema) && p[strlen (schema)] == '.')
    return strlen (schema) + 1;
  return 0;
}

char *
corm_pgsql_words_strip_schema (char *sql, const char *schema)
{
  if (sql == NULL)
    return NULL;
  char *out = sql, previous = ' ';
  for (const char *p = sql; *p != '\0';) {
    gsize skipped = is_name_char (previous) || previous == '.' ? 0 : prefix_length (p, schema);
    gsize kept = skipped > 0 ? 0 : MAX (quoted_length (p), 1);
    p += skipped;
    memmove (out, p, kept);
    out += kept;
    p += kept;
    previous = kept > 0 ? p[-1] : ' ';
  }
  *out = '\0';
  return sql;
}

static gboolean
is_wrapped (const char *sql, gsize size)
{
  int depth = 0;
  if (size < 2 || sql[0] != '(' || sql[size - 1] != ')')
    return FALSE;
  for (gsize i = 0; i < size; i++) {
    gsize quoted = quoted_length (sql + i);
    if (quoted > 0)
      i += quoted - 1;
    else if (sql[i] == '(')
      depth++;
    else if (sql[i] == ')' && --depth == 0 && i + 1 < size)
      return FALSE;
  }
  return TRUE;
}

char *
corm_pgsql_words_unwrap (char *sql)
{
  if (sql == NULL)
    return NULL;
  for (gsize size = strlen (sql); is_wrapped (sql, size); size -= 2) {
    memmove (sql, sql + 1, size - 2);
    sql[size - 2] = '\0';
  }
  return sql;
}
