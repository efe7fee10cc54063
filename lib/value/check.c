/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Does a value keep to the limits of its type? */
#include "value/check.h"

#include "base/error.h"
#include "value/text.h"

#include <math.h>
#include <string.h>

#define SHOWN_BYTES 256 /* of a value that a message may show: more than corm_error_quote() keeps */

static void
append_type (GString *text, const CormSqlType *type)
{
  g_string_append (text, corm_type_name (type->type));
  if (type->type == CORM_TYPE_DECIMAL && type->precision > 0)
    g_string_append_printf (text, "(%u,%u)", type->precision, type->scale);
  if (type->type == CORM_TYPE_TEXT && type->length > 0)
    g_string_append_printf (text, "(%u)", type->length);
}

gboolean
corm_value_refuse (GError **error, const CormValue *from, const CormSqlType *type, const char *reason)
{
  if (error == NULL)
    return FALSE;
  g_autoptr (GString) text = g_string_new (NULL);
  CormValue shown = *from;
  if (corm_type_has_data (from->type))
    shown.size = MIN (from->size, SHOWN_BYTES);
  if (corm_type_has_data (from->type) && from->type != CORM_TYPE_BYTES)
    g_string_append_len (text, shown.data, (gssize) shown.size);
  else
    corm_value_append_text (&shown, text);
  g_autofree char *quoted = corm_error_quote (text->str, (gssize) text->len);
  g_autoptr (GString) name = g_string_new (NULL);
  append_type (name, type);
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "%s %s cannot be %s: %s",
               corm_type_name (from->type), quoted, name->str, reason);
  return FALSE;
}

/* The bytes up to the first that is no ASCII or is NUL, eight at a time. */
static gsize
ascii_length (const char *text, gsize size)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101), highs = ones << 7;
  gsize i = 0;
  for (; i + 8 <= size; i += 8) {
    guint64 word;
    memcpy (&word, text + i, 8);
    if (((word | (word - ones)) & highs) != 0)
      break;
  }
  while (i < size && (signed char) text[i] > 0)
    i++;
  return i;
}

const char *
corm_check_text (const char *text, gsize size, const CormSqlType *type)
{
  gsize ascii = ascii_length (text, size);
  gsize characters = size;
  if (ascii < size) {
    const char *end;
    if (!g_utf8_validate_len (text + ascii, size - ascii, &end))
      return *end == '\0' ? "it holds a NUL byte" : "it is not UTF-8";
    if (type->length > 0)
      characters = ascii + (gsize) g_utf8_strlen (text + ascii, (gssize) (size - ascii));
  }
  return type->length > 0 && characters > type->length ? "it is longer" : NULL;
}

const char *
corm_check_decimal (const char *text, gsize size, const CormSqlType *type)
{
  if (corm_decimal_fits (text, size, type->precision, type->scale))
    return NULL;
  if (!corm_decimal_fits (text, size, 0, 0))
    return "it is no decimal number";
  return "it has more digits";
}

const char *
corm_check_int (gint64 i, CormType type)
{
  if (type == CORM_TYPE_INT16 && (i < G_MININT16 || i > G_MAXINT16))
    return "the range is -32768 to 32767";
  if (type == CORM_TYPE_INT32 && (i < G_MININT32 || i > G_MAXINT32))
    return "the range is -2147483648 to 2147483647";
  return NULL;
}

const char *
corm_check_float (double *d, CormType type)
{
  double rounded = type == CORM_TYPE_FLOAT32 ? (double) (float) *d : *d;
  if (isinf (rounded) != isinf (*d) || (rounded == 0 && *d != 0))
    return "it is out of range";
  *d = rounded;
  return NULL;
}

const char *
corm_check_time (gint64 i, CormType type)
{
  const gint64 us_per_day = G_GINT64_CONSTANT (86400000000);
  if (type == CORM_TYPE_TIME)
    return i >= 0 && i < us_per_day ? NULL : "a time is from 00:00:00 to 23:59:59.999999";
  gint64 unit = type == CORM_TYPE_DATE ? 1 : us_per_day;
  return i >= CORM_FIRST_DAY * unit && i < (CORM_LAST_DAY + 1) * unit ? NULL
                                                                      : "the year is from 0001 to 9999";
}
