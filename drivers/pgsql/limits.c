/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a column's modifier leaves room for. The server rounds digits and fractions of a second, and cuts blanks, without
 * a word; here they are refused before they are sent. */
#include "pgsql.h"

enum { HEADER = 4 }; /* VARHDRSZ, which modifiers of text and numeric count in */

static const char *
check_text (int modifier, const CormValue *value)
{
  gsize length = modifier - HEADER;
  if (value->size <= length || (gsize) g_utf8_strlen (value->data, (gssize) value->size) <= length)
    return NULL;
  return "it is longer than the column";
}

/* Precision in the upper half; in the lower one the scale, 11 bits with a sign. */
static const char *
check_numeric (int modifier, const CormValue *value)
{
  int precision = (modifier - HEADER) >> 16 & 0xffff;
  int scale = (((modifier - HEADER) & 0x7ff) ^ 1024) - 1024;
  if (scale < 0 || corm_decimal_fits (value->data, value->size, precision, scale))
    return NULL;
  return "it has more digits than the column";
}

static const char *
check_fraction (int digits, const CormValue *value)
{
  static const gint64 units[] = { 1000000, 100000, 10000, 1000, 100, 10 };
  if (digits < 6 && value->i % units[digits] != 0)
    return "the column keeps fewer digits of a second";
  return NULL;
}

const char *
corm_pgsql_check_limits (Oid oid, int modifier, const CormValue *value)
{
  if (modifier < 0)
    return NULL;
  switch (oid) {
  case CORM_PGSQL_BPCHAR:
    if (value->size > 0 && value->data[value->size - 1] == ' ')
      return "character(n) keeps no blanks at the end";
    return check_text (modifier, value);
  case CORM_PGSQL_VARCHAR:
    return check_text (modifier, value);
  case CORM_PGSQL_NUMERIC:
    return check_numeric (modifier, value);
  case CORM_PGSQL_TIME:
  case CORM_PGSQL_TIMESTAMP:
  case CORM_PGSQL_TIMESTAMPTZ:
    return check_fraction (modifier, value);
  default:
    return NULL;
  }
}
