/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column's default, from the catalogue's words to what another dialect can say too: a constant, NULL, the moment of
 * the insert, or an expression that only this dialect understands. The words themselves are kept in default_sql. */
#include "schema/words.h"

#include <corm/sys/driver.h>

#include <string.h>

/* Forms of "now", lower case, without blanks. A precision in parentheses is allowed behind those of the second list;
 * without parentheses stand only those that the standard has, and MariaDB's utc_… */
static const char *const now_calls[] = { "now()",
                                         "datetime('now')",
                                         "date('now')",
                                         "time('now')",
                                         "datetime('now','utc')",
                                         "julianday('now')",
                                         "current_timestamp()",
                                         "current_date()",
                                         "current_time()",
                                         "curdate()",
                                         "curtime()",
                                         "localtimestamp()",
                                         "localtime()",
                                         "sysdate()",
                                         "utc_timestamp()",
                                         "utc_date()",
                                         "utc_time()",
                                         "transaction_timestamp()",
                                         "statement_timestamp()",
                                         "clock_timestamp()",
                                         "timezone('utc',now())",
                                         "timezone('utc'::text,now())",
                                         "timezone('utc'::text,current_timestamp)",
                                         "now()attimezone'utc'",
                                         "now()attimezone'utc'::text",
                                         "current_timestampattimezone'utc'",
                                         "current_timestampattimezone'utc'::text",
                                         "'now'::text::date",
                                         NULL };
static const char *const now_words[] = { "current_timestamp", "current_date", "current_time",
                                         "localtimestamp",    "localtime",    "utc_timestamp",
                                         "utc_date",          "utc_time",     "now",
                                         "curtime",           "sysdate",      NULL };

/* TRUE when nothing but type casts, "::character varying(20)", stands at @p. */
static gboolean
is_casts (const char *p)
{
  while (g_ascii_isspace (*p))
    p++;
  if (*p == '\0')
    return TRUE;
  if (!g_str_has_prefix (p, "::"))
    return FALSE;
  for (p += 2; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr ("_ \".,()[]:", *p) == NULL && (guchar) *p < 0x80)
      return FALSE;
  return TRUE;
}

static char *
unquoted (const char *p, gsize size)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 1; i + 1 < size; i++) {
    if (p[i] == '\'')
      i++;
    g_string_append_c (text, p[i]);
  }
  return g_string_free (text, FALSE);
}

/* Length of the number that @p begins with. */
static gsize
number_length (const char *p)
{
  const char *q = p;
  gsize digits = 0;
  if (*q == '-' || *q == '+')
    q++;
  for (; g_ascii_isdigit (*q) || *q == '.'; q++)
    digits += g_ascii_isdigit (*q);
  if (digits == 0)
    return 0;
  if (*q == 'e' || *q == 'E') {
    const char *e = q + 1;
    if (*e == '-' || *e == '+')
      e++;
    if (!g_ascii_isdigit (*e))
      return 0;
    while (g_ascii_isdigit (*e))
      e++;
    q = e;
  }
  return q - p;
}

/* Lower case and without blanks, outside quotes. */
static char *
squeezed (const char *sql)
{
  GString *text = g_string_new (NULL);
  for (const char *p = sql; *p != '\0'; p++) {
    gsize quoted = corm_words_quoted_length (p);
    if (quoted > 0) {
      g_string_append_len (text, p, quoted);
      p += quoted - 1;
    } else if (!g_ascii_isspace (*p)) {
      g_string_append_c (text, g_ascii_tolower (*p));
    }
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_now_word (const char *text)
{
  for (const char *const *word = now_words; *word != NULL; word++) {
    gsize length = strlen (*word);
    if (strncmp (text, *word, length) != 0)
      continue;
    const char *p = text + length;
    if (*p == '\0')
      return strchr (*word, '_') != NULL || g_str_has_prefix (*word, "local");
    if (*p == '(' && g_ascii_isdigit (p[1]) && strcmp (p + 2, ")") == 0)
      return TRUE;
  }
  return FALSE;
}

/* strftime() of a whole date or time of day: not '%s', which is a number. */
static gboolean
is_strftime_now (const char *text)
{
  return (g_str_has_prefix (text, "strftime('%Y-%m-%d") || g_str_has_prefix (text, "strftime('%H:%M")) &&
         g_str_has_suffix (text, "','now')") && strchr (text + strlen ("strftime('"), '(') == NULL;
}

/* Takes rtrim(…,'0') off: a fraction without its trailing zeros is the same moment. */
static void
peel_trim (char *text)
{
  gsize size = strlen (text);
  while (g_str_has_prefix (text, "rtrim(") &&
         (g_str_has_suffix (text, ",'0')") || g_str_has_suffix (text, ",'.')"))) {
    size -= strlen ("rtrim(") + strlen (",'0')");
    memmove (text, text + strlen ("rtrim("), size);
    text[size] = '\0';
  }
}

static gboolean
is_now (const char *sql)
{
  g_autofree char *text = squeezed (sql);
  char *cast = strstr (text, ")::");
  if (cast != NULL && is_casts (cast + 1))
    cast[1] = '\0';
  g_autofree char *bare = corm_words_unwrap (text);
  peel_trim (bare);
  return g_strv_contains (now_calls, bare) || is_now_word (bare) || is_strftime_now (bare);
}

static gboolean
set_literal (CormTableColumn *column, const char *sql)
{
  gsize size = corm_words_quoted_length (sql);
  if (size > 0 && is_casts (sql + size)) {
    column->default_text = unquoted (sql, size);
    return TRUE;
  }
  size = number_length (sql);
  if (size > 0 && is_casts (sql + size)) {
    column->default_text = g_strndup (sql + (sql[0] == '+'), size - (sql[0] == '+'));
    return TRUE;
  }
  if (g_ascii_strcasecmp (sql, "true") == 0 || g_ascii_strcasecmp (sql, "false") == 0) {
    column->default_text = g_ascii_strdown (sql, -1);
    return TRUE;
  }
  return FALSE;
}

/* "(-1)::numeric" is -1; "(a + b)::text" is left alone. */
static gboolean
set_wrapped_literal (CormTableColumn *column, const char *sql)
{
  const char *cast = sql[0] == '(' ? strstr (sql, ")::") : NULL;
  if (cast == NULL || !is_casts (cast + 1))
    return FALSE;
  g_autofree char *head = g_strndup (sql, cast + 1 - sql);
  g_autofree char *inner = corm_words_unwrap (head);
  return set_literal (column, inner);
}

void
corm_column_set_default (CormTableColumn *column, const char *sql)
{
  g_return_if_fail (column != NULL);
  g_autofree char *words = g_strdup (sql); /* @sql may be column->default_sql */
  g_clear_pointer (&column->default_text, g_free);
  g_clear_pointer (&column->default_sql, g_free);
  column->default_kind = CORM_DEFAULT_NONE;
  if (words == NULL)
    return;
  g_autofree char *text = corm_words_unwrap (words);
  column->default_sql = g_steal_pointer (&words);
  if (g_ascii_strncasecmp (text, "null", 4) == 0 && is_casts (text + 4)) {
    column->default_kind = CORM_DEFAULT_NULL;
  } else if (set_literal (column, text) || set_wrapped_literal (column, text)) {
    column->default_kind = CORM_DEFAULT_LITERAL;
  } else if (is_now (text)) {
    column->default_kind = CORM_DEFAULT_NOW;
  } else {
    column->default_kind = CORM_DEFAULT_SQL;
    column->default_text = g_steal_pointer (&text);
  }
}
