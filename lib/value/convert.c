/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Value to value, where nothing is lost. One function a target type says which types it takes; text goes through
 * corm_value_parse(). Invariant: what comes out, converted back, gives what went in, or there is an error. */
#include "value/check.h"
#include "value/text.h"

#include <math.h>
#include <string.h>

#define US_PER_DAY G_GINT64_CONSTANT (86400000000)
#define WRONG_KIND "no value of this type can be one"

typedef const char *(*Convert) (const CormValue *from, const CormSqlType *type, GString *scratch,
                                CormValue *to);

/* Text that may spell a value of another type; JSON and bytes do not. */
static gboolean
is_textual (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW;
}

static gboolean
is_int (CormType type)
{
  return type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 || type == CORM_TYPE_INT64;
}

static gboolean
is_float (CormType type)
{
  return type == CORM_TYPE_FLOAT32 || type == CORM_TYPE_FLOAT64;
}

/* The canonical text of @from, kept in @scratch. */
static void
borrow_text (const CormValue *from, GString *scratch, CormValue *to)
{
  g_string_truncate (scratch, 0);
  corm_value_append_text (from, scratch);
  to->data = scratch->str;
  to->size = scratch->len;
}

static const char *
to_boolean (const CormValue *from, G_GNUC_UNUSED const CormSqlType *type, G_GNUC_UNUSED GString *scratch,
            CormValue *to)
{
  if (from->type != CORM_TYPE_BOOLEAN && !is_int (from->type))
    return WRONG_KIND;
  to->i = from->i;
  return from->i == 0 || from->i == 1 ? NULL : "only 0 and 1 are booleans";
}

static const char *
int_from_double (double d, gint64 *i)
{
  if (!(d >= -0x1p63 && d < 0x1p63))
    return "it is out of range";
  if (d != floor (d))
    return "it has a fraction";
  if (d == 0 && signbit (d))
    return "a negative zero is no whole number";
  *i = (gint64) d;
  return NULL;
}

static const char *
to_int (const CormValue *from, const CormSqlType *type, GString *scratch, CormValue *to)
{
  const char *reason = NULL;
  if (is_int (from->type) || from->type == CORM_TYPE_BOOLEAN)
    to->i = from->i;
  else if (is_float (from->type))
    reason = int_from_double (from->d, &to->i);
  else if (from->type == CORM_TYPE_DECIMAL) {
    CormValue text;
    borrow_text (from, scratch, &text);
    if (!corm_text_to_int (text.data, text.size, &to->i))
      reason = "it has a fraction, or is out of range";
  } else
    reason = WRONG_KIND;
  return reason != NULL ? reason : corm_check_int (to->i, type->type);
}

/* From the first digit that is not 0 to the last one. */
static guint
significant_digits (const char *text, gsize size)
{
  guint n = 0, zeros = 0;
  for (gsize i = 0; i < size && text[i] != 'e' && text[i] != 'E'; i++) {
    if (text[i] == '0')
      zeros += n > 0;
    else if (g_ascii_isdigit (text[i])) {
      n += zeros + 1;
      zeros = 0;
    }
  }
  return n;
}

/* Is the decimal at @text the one that the float shows, or exactly its value? Text that is no DECIMAL may also be the
 * float with more digits than it needs, 0.10000000000000001. */
static gboolean
keeps_digits (const CormValue *from, CormType type, double d)
{
  guint n = MAX (significant_digits (from->data, from->size), 1);
  if (!isfinite (d) || n > 1000)
    return !isfinite (d);
  gsize size = MAX (n + 32, CORM_TEXT_MAX);
  g_autofree char *shown = g_malloc (size);
  if (from->type == CORM_TYPE_DECIMAL && n <= 17 && type == CORM_TYPE_FLOAT32)
    corm_text_from_float ((float) d, shown);
  else if (from->type == CORM_TYPE_DECIMAL && n <= 17)
    corm_text_from_double (d, shown);
  else {
    char format[16];
    g_snprintf (format, sizeof format, "%%.%ue", n - 1);
    g_ascii_formatd (shown, (int) size, format, d);
  }
  return corm_decimal_compare (from->data, from->size, shown, strlen (shown)) == 0;
}

static const char *
float_from_text (const CormValue *from, const CormSqlType *type, CormValue *to)
{
  if (!corm_text_to_double (from->data, from->size, &to->d))
    return "it is no number, or out of range";
  const char *reason = corm_check_float (&to->d, type->type);
  if (reason != NULL)
    return reason;
  return keeps_digits (from, type->type, to->d) ? NULL : "it has more digits than a float keeps";
}

static const char *
to_float (const CormValue *from, const CormSqlType *type, G_GNUC_UNUSED GString *scratch, CormValue *to)
{
  if (is_textual (from->type) || from->type == CORM_TYPE_DECIMAL)
    return float_from_text (from, type, to);
  if (is_int (from->type))
    to->d = (double) from->i;
  else if (is_float (from->type))
    to->d = from->d;
  else
    return WRONG_KIND;
  if (is_int (from->type) && (to->d >= 0x1p63 || (gint64) to->d != from->i))
    return "a float has fewer digits";
  if (type->type == CORM_TYPE_FLOAT32 && !isnan (to->d) && (double) (float) to->d != to->d)
    return "a float of 32 bits has fewer digits";
  return NULL;
}

static const char *
to_decimal (const CormValue *from, const CormSqlType *type, GString *scratch, CormValue *to)
{
  CormValue source = *from;
  if (is_float (from->type) && from->d == 0 && signbit (from->d))
    return "a decimal has no negative zero";
  if (is_textual (from->type))
    source.type = CORM_TYPE_DECIMAL;
  else if (!is_int (from->type) && !is_float (from->type) && from->type != CORM_TYPE_DECIMAL)
    return WRONG_KIND;
  g_string_truncate (scratch, 0);
  if (source.type != CORM_TYPE_DECIMAL) {
    char buffer[CORM_TEXT_MAX];
    source.size = is_int (from->type)               ? corm_text_from_int (from->i, buffer)
                  : from->type == CORM_TYPE_FLOAT32 ? corm_text_from_float ((float) from->d, buffer)
                                                    : corm_text_from_double (from->d, buffer);
    corm_decimal_append_canonical (buffer, source.size, type->scale, scratch);
  } else if (!corm_decimal_append_canonical (source.data, source.size, type->scale, scratch))
    return "it is no decimal number";
  to->data = scratch->str;
  to->size = scratch->len;
  return corm_check_decimal (to->data, to->size, type);
}

static const char *
to_text (const CormValue *from, const CormSqlType *type, GString *scratch, CormValue *to)
{
  if (corm_type_has_data (from->type)) {
    to->data = from->data;
    to->size = from->size;
  } else if (type->type == CORM_TYPE_ENUM)
    return WRONG_KIND;
  else
    borrow_text (from, scratch, to);
  return corm_check_text (to->data, to->size, type);
}

static const char *
to_bytes (const CormValue *from, G_GNUC_UNUSED const CormSqlType *type, GString *scratch, CormValue *to)
{
  if (from->type == CORM_TYPE_UUID) {
    g_string_truncate (scratch, 0);
    g_string_append_len (scratch, (const char *) from->uuid.bytes, sizeof from->uuid.bytes);
    to->data = scratch->str;
    to->size = scratch->len;
    return NULL;
  }
  if (!is_textual (from->type) && from->type != CORM_TYPE_BYTES && from->type != CORM_TYPE_JSON)
    return WRONG_KIND;
  to->data = from->data;
  to->size = from->size;
  return NULL;
}

static const char *
to_date (const CormValue *from, G_GNUC_UNUSED const CormSqlType *type, G_GNUC_UNUSED GString *scratch,
         CormValue *to)
{
  if (from->type == CORM_TYPE_DATE) {
    to->i = from->i;
    return corm_check_time (to->i, CORM_TYPE_DATE);
  }
  if (from->type != CORM_TYPE_TIMESTAMP && from->type != CORM_TYPE_LOCAL_TIMESTAMP)
    return WRONG_KIND;
  to->i = from->i / US_PER_DAY;
  return from->i % US_PER_DAY == 0 ? NULL : "it has a time of day";
}

static const char *
to_time (const CormValue *from, G_GNUC_UNUSED const CormSqlType *type, G_GNUC_UNUSED GString *scratch,
         CormValue *to)
{
  to->i = from->i;
  return from->type == CORM_TYPE_TIME ? corm_check_time (to->i, CORM_TYPE_TIME) : WRONG_KIND;
}

/* A local timestamp is taken as UTC, as text without a zone is; the other way the zone would be lost. */
static const char *
to_timestamp (const CormValue *from, const CormSqlType *type, G_GNUC_UNUSED GString *scratch, CormValue *to)
{
  const char *reason = corm_check_time (from->i, from->type);
  to->i = from->type == CORM_TYPE_DATE && reason == NULL ? from->i * US_PER_DAY : from->i;
  if (from->type == type->type || from->type == CORM_TYPE_DATE || from->type == CORM_TYPE_LOCAL_TIMESTAMP)
    return reason;
  return from->type == CORM_TYPE_TIMESTAMP ? "its zone would be lost" : WRONG_KIND;
}

static const char *
to_uuid (const CormValue *from, G_GNUC_UNUSED const CormSqlType *type, G_GNUC_UNUSED GString *scratch,
         CormValue *to)
{
  if (from->type == CORM_TYPE_UUID) {
    to->uuid = from->uuid;
    return NULL;
  }
  if (from->type != CORM_TYPE_BYTES)
    return WRONG_KIND;
  if (from->size != sizeof to->uuid.bytes)
    return "a UUID has 16 bytes";
  memcpy (to->uuid.bytes, from->data, sizeof to->uuid.bytes);
  return NULL;
}

static const char *
to_json (const CormValue *from, G_GNUC_UNUSED const CormSqlType *type, G_GNUC_UNUSED GString *scratch,
         CormValue *to)
{
  to->data = from->data;
  to->size = from->size;
  return from->type == CORM_TYPE_JSON ? NULL : WRONG_KIND;
}

/* @reads_text: takes text by itself; the others have corm_value_parse() do it. */
static const struct {
  Convert convert;
  gboolean reads_text;
} converters[CORM_N_TYPES] = {
  [CORM_TYPE_BOOLEAN] = { to_boolean, FALSE },
  [CORM_TYPE_INT16] = { to_int, FALSE },
  [CORM_TYPE_INT32] = { to_int, FALSE },
  [CORM_TYPE_INT64] = { to_int, FALSE },
  [CORM_TYPE_FLOAT32] = { to_float, TRUE },
  [CORM_TYPE_FLOAT64] = { to_float, TRUE },
  [CORM_TYPE_DECIMAL] = { to_decimal, TRUE },
  [CORM_TYPE_TEXT] = { to_text, TRUE },
  [CORM_TYPE_BYTES] = { to_bytes, TRUE },
  [CORM_TYPE_DATE] = { to_date, FALSE },
  [CORM_TYPE_TIME] = { to_time, FALSE },
  [CORM_TYPE_TIMESTAMP] = { to_timestamp, FALSE },
  [CORM_TYPE_LOCAL_TIMESTAMP] = { to_timestamp, FALSE },
  [CORM_TYPE_UUID] = { to_uuid, FALSE },
  [CORM_TYPE_JSON] = { to_json, FALSE },
  [CORM_TYPE_ENUM] = { to_text, TRUE },
  [CORM_TYPE_RAW] = { to_text, TRUE },
};

gboolean
corm_value_convert (const CormValue *from, const CormSqlType *type, GString *scratch, CormValue *value,
                    GError **error)
{
  if (from->is_null || type->type == CORM_TYPE_NONE) {
    *value = *from;
    if (type->type != CORM_TYPE_NONE)
      value->type = type->type;
    return TRUE;
  }
  if (is_textual (from->type) && !converters[type->type].reads_text)
    return corm_value_parse (type, from->size > 0 ? from->data : "", (gssize) from->size, value, error);
  CormValue source = *from; /* @from and @value may be one */
  *value = (CormValue){ .type = type->type };
  const char *reason = from->type == CORM_TYPE_NONE ? WRONG_KIND : NULL;
  if (reason == NULL)
    reason = converters[type->type].convert (&source, type, scratch, value);
  return reason == NULL || corm_value_refuse (error, &source, type, reason);
}
