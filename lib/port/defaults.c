/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See defaults.h. A constant goes the way of the column's values, so a default is what a row with it would have become. The
 * moment of the insert is said in the form that the column keeps: a time, a text, a number of seconds. */
#include "port/defaults.h"

#include "port/cell.h"
#include "port/conversion.h"
#include "render/ddl.h"

#include <string.h>

/* Lower case, without blanks and the parentheses around it all. */
static char *
squeeze (const char *sql)
{
  GString *text = g_string_new (NULL);
  for (const char *p = sql; *p != '\0'; p++)
    if (!g_ascii_isspace (*p))
      g_string_append_c (text, g_ascii_tolower (*p));
  while (text->len > 2 && text->str[0] == '(' && strchr (text->str, ')') == text->str + text->len - 1 &&
         strchr (text->str + 1, '(') == NULL) {
    g_string_truncate (text, text->len - 1);
    g_string_erase (text, 0, 1);
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_one_of (const char *text, const char *const *list)
{
  return g_strv_contains (list, text);
}

/* Which moment an expression of SQLite's or a common one asks for; CORM_N_MOMENTS: none that is known. */
static CormMoment
moment_of (const char *sql)
{
  static const char *const seconds[] = { "strftime('%s','now')",
                                         "unixepoch()",
                                         "unixepoch('now')",
                                         "cast(strftime('%s','now')asint)",
                                         "cast(strftime('%s','now')asinteger)",
                                         "strftime('%s',current_timestamp)",
                                         "unix_timestamp()",
                                         NULL };
  static const char *const dates[] = { "date('now')",
                                       "current_date",
                                       "strftime('%y-%m-%d','now')",
                                       "current_date()",
                                       "date('now','utc')",
                                       "curdate()",
                                       "utc_date()",
                                       "date()",
                                       NULL };
  static const char *const times[] = { "time('now')",    "current_time", "strftime('%h:%m:%s','now')",
                                       "current_time()", "time()",       NULL };
  static const char *const here[] = { "datetime('now','localtime')",
                                      "datetime(current_timestamp,'localtime')",
                                      "strftime('%y-%m-%d%h:%m:%s','now','localtime')",
                                      "strftime('%y-%m-%dt%h:%m:%s','now','localtime')",
                                      "strftime('%y-%m-%d%h:%m:%f','now','localtime')",
                                      NULL };
  g_autofree char *text = squeeze (sql);
  return is_one_of (text, seconds)                                                     ? CORM_MOMENT_SECONDS
         : is_one_of (text, dates)                                                     ? CORM_MOMENT_DATE
         : is_one_of (text, times)                                                     ? CORM_MOMENT_TIME
         : is_one_of (text, here)                                                      ? CORM_MOMENT_HERE
         : strcmp (text, "julianday('now')") == 0 || strcmp (text, "julianday()") == 0 ? CORM_MOMENT_JULIAN
                                                                                       : CORM_N_MOMENTS;
}

static gboolean
say (CormTableColumn *to, const char *sql)
{
  if (sql == NULL)
    return FALSE;
  to->default_kind = CORM_DEFAULT_SQL;
  to->default_text = g_strdup (sql);
  return TRUE;
}

static gboolean
say_now (CormTableColumn *to)
{
  to->default_kind = CORM_DEFAULT_NOW;
  return TRUE;
}

/* Where the source's clock shows UTC, the target's has to: a column without a zone keeps what it is told. */
static gboolean
set_utc (CormTableColumn *to, CormMoment moment, const CormDialect *target)
{
  CormType type = to->type.type;
  gboolean is_day = moment == CORM_MOMENT_TEXT || moment == CORM_MOMENT_DATE;
  if (type == CORM_TYPE_LOCAL_TIMESTAMP && moment == CORM_MOMENT_TEXT)
    return say (to, target->moments[CORM_MOMENT_UTC]);
  if (type == CORM_TYPE_DATE && is_day)
    return say (to, target->moments[CORM_MOMENT_UTC_DATE]);
  return type == CORM_TYPE_TIME && moment == CORM_MOMENT_TIME &&
         say (to, target->moments[CORM_MOMENT_UTC_TIME]);
}

/* Of a number, a text or a time, each in its form. */
static gboolean
set_moment (CormTableColumn *to, CormMoment moment, const CormDialect *source, const CormDialect *target)
{
  CormType type = to->type.type;
  if (source->now_is_utc && set_utc (to, moment, target))
    return TRUE;
  gboolean is_number = type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64 || type == CORM_TYPE_FLOAT64 ||
                       type == CORM_TYPE_DECIMAL;
  gboolean is_real = type == CORM_TYPE_FLOAT64 || type == CORM_TYPE_DECIMAL;
  gboolean is_moment = type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP;
  if (moment == CORM_MOMENT_SECONDS && is_number)
    return say (to, target->moments[moment]);
  if (moment == CORM_MOMENT_JULIAN && is_real)
    return say (to, target->moments[moment]);
  if (moment == CORM_MOMENT_HERE && type == CORM_TYPE_LOCAL_TIMESTAMP)
    return say (to, target->moments[moment]);
  if (moment == CORM_MOMENT_DATE && is_moment)
    return say (to, target->now_date);
  if (moment != CORM_MOMENT_JULIAN && moment != CORM_MOMENT_SECONDS && moment != CORM_MOMENT_HERE &&
      type == CORM_TYPE_TEXT)
    return say (to, target->moments[moment]);
  if (moment == CORM_MOMENT_HERE || (moment == CORM_MOMENT_TIME) != (type == CORM_TYPE_TIME))
    return FALSE;
  return (is_moment || type == CORM_TYPE_DATE || type == CORM_TYPE_TIME) && say_now (to);
}

/* The constant as @sql says it, where it stands for more than its text. */
static gboolean
read_constant (const CormTableColumn *from, GString *text, CormValue *value)
{
  const char *sql = from->default_text;
  gsize size = strlen (sql);
  const char *words = from->default_sql != NULL ? from->default_sql : sql;
  gint64 number = 0;
  *value = corm_value_text (sql);
  if (from->type.type == CORM_TYPE_BYTES && sql[0] == '\\') /* bytes in one database's own writing */
    return FALSE;
  if (from->default_kind == CORM_DEFAULT_LITERAL) {
    gboolean is_word = g_ascii_isalpha (*words);
    if (is_word && (strcmp (sql, "true") == 0 || strcmp (sql, "false") == 0))
      *value = corm_value_bool (*sql == 't');
    else if (g_ascii_isdigit (*words) && corm_text_to_int (sql, size, &number))
      *value = corm_value_int (number);
    return TRUE;
  }
  if (size >= 2 && sql[0] == '"' && strchr (sql + 1, '"') == sql + size - 1) {
    g_string_append_len (text, sql + 1, (gssize) size - 2);
    *value = corm_value_text (text->str);
    return TRUE;
  }
  if (g_ascii_strncasecmp (sql, "0x", 2) == 0 && strspn (sql + 2, "0123456789abcdefABCDEF") == size - 2) {
    *value = corm_value_int ((gint64) g_ascii_strtoull (sql + 2, NULL, 16));
    return size <= 18;
  }
  return FALSE;
}

static gboolean
set_constant (const CormTableColumn *from, CormTableColumn *to, guint conversion)
{
  CormValue value, converted, fit;
  CormTableColumn nullable = *to;
  g_autoptr (GString) text = g_string_new (NULL), scratch = g_string_new (NULL), out = g_string_new (NULL);
  nullable.not_null = FALSE;
  if (!read_constant (from, text, &value) ||
      !corm_conversion_apply (conversion, &value, scratch, &converted, NULL) ||
      !corm_cell_convert (&converted, &nullable, scratch, &fit, NULL))
    return FALSE;
  if (fit.is_null)
    return TRUE;
  corm_value_append_text (&fit, out);
  to->default_kind = CORM_DEFAULT_LITERAL;
  to->default_text = g_string_free (g_steal_pointer (&out), FALSE);
  return TRUE;
}

static gboolean
set_default (const CormTableColumn *from, CormTableColumn *to, guint conversion, const CormDialect *source,
             const CormDialect *target)
{
  const char *sql = from->default_sql != NULL ? from->default_sql : from->default_text;
  CormMoment moment = sql != NULL ? moment_of (sql) : CORM_N_MOMENTS;
  if (from->default_kind == CORM_DEFAULT_NONE || from->default_kind == CORM_DEFAULT_NULL)
    return TRUE;
  if (moment == CORM_MOMENT_SECONDS && (conversion & CORM_CONVERSION_TIMES) != 0)
    moment = CORM_MOMENT_TEXT;
  if (moment == CORM_N_MOMENTS && from->default_kind == CORM_DEFAULT_NOW)
    moment = CORM_MOMENT_TEXT;
  return moment < CORM_N_MOMENTS ? set_moment (to, moment, source, target)
                                 : set_constant (from, to, conversion);
}

static void
leave (const CormPair *pair, const CormTableColumn *from, GPtrArray *not_moved)
{
  g_ptr_array_add (not_moved,
                   g_strdup_printf ("default of %s.%s: %s", pair->source->name, from->name,
                                    from->default_sql != NULL ? from->default_sql : from->default_text));
}

/* FALSE: the target has no words for it ("not a number"); then it has none. */
static gboolean
can_say (CormTableColumn *to, const CormDialect *target)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean odd = to->default_kind == CORM_DEFAULT_LITERAL && to->type.type == CORM_TYPE_DECIMAL &&
                 strpbrk (to->default_text, "NnIi") != NULL && (target->caps & CORM_CAP_NAN) == 0;
  if (to->default_kind == CORM_DEFAULT_NONE || to->default_kind == CORM_DEFAULT_NULL ||
      (!odd && corm_render_default (text, target, to, NULL)))
    return TRUE;
  to->default_kind = CORM_DEFAULT_NONE;
  g_clear_pointer (&to->default_text, g_free);
  return FALSE;
}

void
corm_port_set_defaults (const CormPair *pair, const CormDialect *source, const CormDialect *target,
                        GPtrArray *not_moved)
{
  for (guint i = 0; i < pair->n_columns; i++) {
    const CormTableColumn *from = pair->source_columns[i];
    CormTableColumn *to = (CormTableColumn *) pair->target_columns[i];
    if (!to->auto_increment && to->generated_sql == NULL &&
        (!set_default (from, to, pair->conversions[i], source, target) || !can_say (to, target)))
      leave (pair, from, not_moved);
  }
}

void
corm_port_keep_defaults (const CormPair *pair, const CormDialect *target, GPtrArray *not_moved)
{
  for (guint i = 0; i < pair->n_columns && !target->loose_types; i++) {
    const CormTableColumn *from = pair->source_columns[i];
    CormTableColumn *to = (CormTableColumn *) pair->target_columns[i];
    if (from->default_kind != CORM_DEFAULT_LITERAL || from->type.type == CORM_TYPE_TEXT ||
        !g_str_has_prefix (from->default_text, "0000-00-00"))
      continue;
    leave (pair, from, not_moved);
    corm_column_set_default (to, NULL);
  }
}
