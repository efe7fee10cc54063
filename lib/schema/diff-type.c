/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Types and defaults of two columns: are they the same, and does every value of the one fit the other? */
#include "schema/diff.h"
#include "schema/words.h"

#include <string.h>

const char *
corm_diff_type_words (const CormTableColumn *column)
{
  return column->type_sql == NULL      ? corm_type_name (column->type.type)
         : column->type_sql[0] == '\0' ? "none"
                                       : column->type_sql;
}

/* Where a type is a hint only, what counts is the family. */
static CormType
family (CormType type)
{
  switch (type) {
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
    return CORM_TYPE_INT64;
  case CORM_TYPE_FLOAT32:
    return CORM_TYPE_FLOAT64;
  case CORM_TYPE_ENUM:
  case CORM_TYPE_JSON: /* hardly a hand writes another type than TEXT for it */
    return CORM_TYPE_TEXT;
  case CORM_TYPE_LOCAL_TIMESTAMP:
    return CORM_TYPE_TIMESTAMP;
  default:
    return type;
  }
}

gboolean
corm_diff_same_type (const CormDiff *diff, const CormTableColumn *a, const CormTableColumn *b)
{
  if (corm_words_equal (corm_diff_type_words (a), corm_diff_type_words (b)))
    return TRUE;
  return diff->dialect->loose_types && diff->to->from_models && a->type.type != CORM_TYPE_RAW &&
         family (a->type.type) == family (b->type.type);
}

static gboolean
is_wider_decimal (const CormSqlType *is, const CormSqlType *should)
{
  if (should->precision == 0)
    return TRUE;
  return is->precision != 0 && should->scale >= is->scale &&
         should->precision - should->scale >= is->precision - is->scale;
}

static gboolean
has_all (GStrv labels, GStrv wanted)
{
  for (; labels != NULL && wanted != NULL && *wanted != NULL; wanted++)
    if (!g_strv_contains ((const char *const *) labels, *wanted))
      return FALSE;
  return labels != NULL && wanted != NULL;
}

/* Of any length where it is 0. */
static gboolean
is_longer (const CormSqlType *is, const CormSqlType *should)
{
  return should->length == 0 || (is->length != 0 && is->length <= should->length);
}

/* Texts hold each other, and everything else as it reads, but not the other way round. */
gboolean
corm_diff_is_wider (const CormTableColumn *is, const CormTableColumn *should)
{
  CormType from = is->type.type, to = should->type.type;
  if (from == CORM_TYPE_RAW || to == CORM_TYPE_RAW)
    return FALSE;
  if (to == CORM_TYPE_TEXT)
    return should->type.length == 0 ? from != CORM_TYPE_BYTES
                                    : from == CORM_TYPE_TEXT && is_longer (&is->type, &should->type);
  if (to == CORM_TYPE_ENUM)
    return has_all (should->labels, is->labels);
  if (from == CORM_TYPE_DECIMAL && to == CORM_TYPE_DECIMAL)
    return is_wider_decimal (&is->type, &should->type);
  if (from >= CORM_TYPE_INT16 && from <= CORM_TYPE_INT64)
    return to >= from && to <= CORM_TYPE_INT64;
  return from == to ? is_longer (&is->type, &should->type)
                    : from == CORM_TYPE_FLOAT32 && to == CORM_TYPE_FLOAT64;
}

/* true is 1 and 1.50 is 1.5, for a column of that type. */
static gboolean
is_same_literal (const CormTableColumn *a, const CormTableColumn *b)
{
  CormValue left, right;
  if (strcmp (a->default_text, b->default_text) == 0)
    return TRUE;
  return corm_value_parse (&b->type, a->default_text, -1, &left, NULL) &&
         corm_value_parse (&b->type, b->default_text, -1, &right, NULL) && corm_value_equal (&left, &right);
}

gboolean
corm_diff_has_default (const CormTableColumn *column)
{
  return column->default_kind != CORM_DEFAULT_NONE && column->default_kind != CORM_DEFAULT_NULL;
}

/* DEFAULT NULL is no default, and every way to say now says the same. */
gboolean
corm_diff_same_default (const CormTableColumn *a, const CormTableColumn *b)
{
  CormDefaultKind left = a->default_kind == CORM_DEFAULT_NULL ? CORM_DEFAULT_NONE : a->default_kind;
  CormDefaultKind right = b->default_kind == CORM_DEFAULT_NULL ? CORM_DEFAULT_NONE : b->default_kind;
  if (left != right)
    return a->default_sql != NULL && corm_words_equal (a->default_sql, b->default_sql);
  if (left == CORM_DEFAULT_LITERAL)
    return is_same_literal (a, b);
  return left != CORM_DEFAULT_SQL || corm_words_equal (a->default_text, b->default_text);
}
