/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Strict mode refuses most of what does not fit a column's new type, but not all: fractions are rounded, moments cut,
 * numbers taken for the position of a label. Here is the condition that finds such rows before anything is changed; what
 * the server refuses by itself is left to it (tests/unit/test-mysql-alter.c). */
#include "catalogue.h"

#include <stdio.h>
#include <string.h>

typedef enum { OTHER, INTEGER, DECIMAL, FLOATING, TEXT, BYTES, DATE, TIME, MOMENT, LABELS } Family;

static const struct {
  const char *word;
  Family family;
} words[] = {
  { "tinyint", INTEGER },  { "smallint", INTEGER }, { "mediumint", INTEGER }, { "int", INTEGER },
  { "bigint", INTEGER },   { "year", INTEGER },     { "decimal", DECIMAL },   { "float", FLOATING },
  { "double", FLOATING },  { "char", TEXT },        { "varchar", TEXT },      { "tinytext", TEXT },
  { "text", TEXT },        { "mediumtext", TEXT },  { "longtext", TEXT },     { "binary", BYTES },
  { "varbinary", BYTES },  { "tinyblob", BYTES },   { "blob", BYTES },        { "mediumblob", BYTES },
  { "longblob", BYTES },   { "date", DATE },        { "time", TIME },         { "datetime", MOMENT },
  { "timestamp", MOMENT }, { "enum", LABELS },      { "set", LABELS },
};

typedef struct {
  Family family;
  gboolean is_float, is_binary, has_length;
  guint first, second; /* numbers in parentheses */
} Type;

static Type
read_type (const CormTableColumn *column)
{
  const char *sql = column->type_sql != NULL ? column->type_sql : "";
  gsize size = strspn (sql, "abcdefghijklmnopqrstuvwxyz");
  Type type = { OTHER, FALSE, FALSE, FALSE, 0, 0 };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i].word) == size && strncmp (words[i].word, sql, size) == 0)
      type.family = words[i].family;
  type.is_float = g_str_has_prefix (sql, "float");
  type.is_binary = g_str_has_prefix (sql, "binary");
  type.has_length = sscanf (sql + size, "(%u,%u)", &type.first, &type.second) > 0;
  return type;
}

static gboolean
is_numeric (Family family)
{
  return family == INTEGER || family == DECIMAL || family == FLOATING;
}

static gboolean
all_rows (GString *sql, const char *name)
{
  g_string_append_printf (sql, "%s IS NOT NULL", name);
  return TRUE;
}

/* ROUND, as WHERE takes two casts of one thing to DECIMAL for equal whatever their digits. */
static gboolean
to_number (GString *sql, const char *name, const Type *is, const Type *should)
{
  const char *what = should->is_float ? "FLOAT" : "DOUBLE";
  if (is->family == LABELS)
    return all_rows (sql, name); /* the label's position */
  if (should->family == INTEGER && (is->family == DECIMAL || is->family == FLOATING))
    g_string_append_printf (sql, "%s <> TRUNCATE(%s, 0)", name, name);
  else if (should->family == DECIMAL && (is->family != DECIMAL || is->second > should->second) &&
           (is->family == DECIMAL || is->family == FLOATING || is->family == TEXT))
    g_string_append_printf (sql, "CAST(%s AS DECIMAL(65,30)) <> ROUND(CAST(%s AS DECIMAL(65,30)), %u)", name,
                            name, should->second);
  else if (should->family == FLOATING &&
           (is->family == INTEGER || is->family == DECIMAL || is->family == TEXT ||
            (is->family == FLOATING && should->is_float && !is->is_float)))
    g_string_append_printf (sql, "CAST(CAST(%s AS %s) AS DECIMAL(65,30)) <> CAST(%s AS DECIMAL(65,30))", name,
                            what, name);
  else
    return FALSE;
  return TRUE;
}

/* Digits of the second that go; a text may have all six. */
static gboolean
cut_digits (GString *sql, const char *name, const Type *is, const Type *should)
{
  guint digits = is->family == TEXT ? 6 : is->first;
  if (digits <= should->first || is->family == DATE)
    return FALSE;
  g_string_append_printf (sql, "MICROSECOND(%s) %% %.0f <> 0", name,
                          (double[]){ 1e6, 1e5, 1e4, 1e3, 1e2, 1e1 }[MIN (should->first, 5)]);
  return TRUE;
}

static gboolean
to_time (GString *sql, const char *name, const Type *is, const Type *should)
{
  gboolean timed = is->family == MOMENT || is->family == TIME || is->family == TEXT || is->family == DATE;
  if (!timed || (is->family == DATE && should->family != TIME))
    return FALSE;
  if ((should->family == TIME) != (is->family == TIME) && is->family != TEXT)
    return all_rows (sql, name); /* the day goes, or is made up */
  if (should->family != DATE)
    return cut_digits (sql, name, is, should);
  g_string_append_printf (sql, "CAST(%s AS DATETIME(6)) <> CAST(%s AS DATE)", name, name);
  return TRUE;
}

static gboolean
to_labels (GString *sql, const char *name, const Type *is, const CormTableColumn *should)
{
  if (is_numeric (is->family))
    return all_rows (sql, name);
  if (is->family != TEXT || should->labels == NULL)
    return FALSE;
  g_string_append_printf (sql, "CAST(%s AS BINARY) NOT IN (", name);
  for (char **label = should->labels; *label != NULL; label++) {
    g_string_append (sql, label == should->labels ? "" : ", ");
    corm_mysql_append_text (sql, *label);
  }
  g_string_append_c (sql, ')');
  return TRUE;
}

gboolean
corm_mysql_append_loss (GString *sql, const char *name, const CormTableColumn *from,
                        const CormTableColumn *to)
{
  Type is = read_type (from), should = read_type (to);
  switch (should.family) {
  case INTEGER:
  case DECIMAL:
  case FLOATING:
    return to_number (sql, name, &is, &should);
  case DATE:
  case TIME:
  case MOMENT:
    return to_time (sql, name, &is, &should);
  case LABELS:
    return to_labels (sql, name, &is, to);
  case TEXT: /* blanks at the end are cut */
    if (is.family != TEXT || !should.has_length || (is.has_length && is.first <= should.first))
      return FALSE;
    g_string_append_printf (sql, "CHAR_LENGTH(%s) > %u", name, should.first);
    return TRUE;
  case BYTES: /* filled up with zeros */
    if (is.family != BYTES || !should.is_binary || (is.is_binary && is.first == should.first))
      return FALSE;
    g_string_append_printf (sql, "OCTET_LENGTH(%s) <> %u", name, should.first);
    return TRUE;
  default:
    return FALSE;
  }
}
