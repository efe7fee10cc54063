/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Text to value: what a database sends as text, what a file or a default says. Invariant: on success the value is
 * within its type's limits, and no digit, zone or byte of the text was dropped (a float is the nearest one). */
#include "value/check.h"
#include "value/json.h"
#include "value/text.h"

#include <string.h>

/* Fill @value from @text; NULL, or the reason why not. */
typedef const char *(*Parse) (const CormSqlType *type, const char *text, gsize size, CormValue *value);

static const char *
parse_boolean (G_GNUC_UNUSED const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  static const char *const words[] = { "0", "1", "f", "t", "false", "true" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == size && g_ascii_strncasecmp (words[i], text, size) == 0) {
      value->i = i % 2;
      return NULL;
    }
  return "it is none of true, false, t, f, 1, 0";
}

static const char *
parse_int (const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  if (!corm_text_to_int (text, size, &value->i))
    return "it is no whole number, or out of range";
  return corm_check_int (value->i, type->type);
}

static const char *
parse_float (const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  if (!corm_text_to_double (text, size, &value->d))
    return "it is no number, or out of range";
  return corm_check_float (&value->d, type->type);
}

static const char *
parse_decimal (const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  value->data = text;
  value->size = size;
  return corm_check_decimal (text, size, type);
}

static const char *
parse_text (const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  value->data = text;
  value->size = size;
  return corm_check_text (text, size, type);
}

static const char *
parse_bytes (G_GNUC_UNUSED const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  value->data = text;
  value->size = size;
  return NULL;
}

static const char *
parse_date (G_GNUC_UNUSED const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  const gint64 us_per_day = G_GINT64_CONSTANT (86400000000);
  CormDate date;
  gint64 us;
  gboolean had_zone;
  if (corm_text_to_date (text, size, &date)) {
    value->i = date.days;
    return NULL;
  }
  if (!corm_text_to_timestamp (text, size, &us, &had_zone))
    return "a date is written YYYY-MM-DD, year 0001 to 9999";
  if (us % us_per_day != 0)
    return "it has a time of day";
  value->i = us / us_per_day;
  return NULL;
}

static const char *
parse_time (G_GNUC_UNUSED const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  CormTime time;
  if (!corm_text_to_time (text, size, &time))
    return "a time is written HH:MM:SS with up to six digits of a fraction, 00:00:00 to 23:59:59.999999";
  value->i = time.us;
  return NULL;
}

static const char *
parse_timestamp (const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  gboolean had_zone;
  if (!corm_text_to_timestamp (text, size, &value->i, &had_zone))
    return "a timestamp is written YYYY-MM-DD HH:MM:SS with up to six digits of a fraction, year 0001 to "
           "9999";
  return had_zone && type->type == CORM_TYPE_LOCAL_TIMESTAMP ? "it has a zone" : NULL;
}

static const char *
parse_uuid (G_GNUC_UNUSED const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  return corm_text_to_uuid (text, size, &value->uuid)
             ? NULL
             : "a UUID has 36 characters, 8-4-4-4-12 hexadecimal digits";
}

static const char *
parse_json (G_GNUC_UNUSED const CormSqlType *type, const char *text, gsize size, CormValue *value)
{
  const char *reason;
  gsize at;
  value->data = text;
  value->size = size;
  return corm_json_check (text, size, &reason, &at) ? NULL : reason;
}

static const Parse parsers[CORM_N_TYPES] = {
  [CORM_TYPE_BOOLEAN] = parse_boolean,
  [CORM_TYPE_INT16] = parse_int,
  [CORM_TYPE_INT32] = parse_int,
  [CORM_TYPE_INT64] = parse_int,
  [CORM_TYPE_FLOAT32] = parse_float,
  [CORM_TYPE_FLOAT64] = parse_float,
  [CORM_TYPE_DECIMAL] = parse_decimal,
  [CORM_TYPE_TEXT] = parse_text,
  [CORM_TYPE_BYTES] = parse_bytes,
  [CORM_TYPE_DATE] = parse_date,
  [CORM_TYPE_TIME] = parse_time,
  [CORM_TYPE_TIMESTAMP] = parse_timestamp,
  [CORM_TYPE_LOCAL_TIMESTAMP] = parse_timestamp,
  [CORM_TYPE_UUID] = parse_uuid,
  [CORM_TYPE_JSON] = parse_json,
  [CORM_TYPE_ENUM] = parse_text,
  [CORM_TYPE_RAW] = parse_text,
};

gboolean
corm_value_parse (const CormSqlType *type, const char *text, gssize size, CormValue *value, GError **error)
{
  CormType tag = type->type == CORM_TYPE_NONE ? CORM_TYPE_TEXT : type->type;
  *value = (CormValue){ .type = tag, .is_null = text == NULL };
  if (text == NULL)
    return TRUE;
  gsize length = size < 0 ? strlen (text) : (gsize) size;
  const char *reason = parsers[tag](type, text, length, value);
  if (reason == NULL)
    return TRUE;
  CormValue from = { .type = CORM_TYPE_TEXT, .data = text, .size = length };
  return corm_value_refuse (error, &from, type, reason);
}
