/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The server's binary form, and its text where a type has no binary form here, as values. What a value of the library
 * cannot hold (infinite dates, years before 0001) is an error that names the column. */
#include "pgsql.h"

#include <string.h>

static const char malformed[] = "the server sent a value of an unexpected size";
static const char infinite[] = "infinity is no date";
static const char out_of_years[] = "the date is not between year 0001 and 9999";

static guint32
get32 (const char *data)
{
  guint32 v;
  memcpy (&v, data, 4);
  return GUINT32_FROM_BE (v);
}

static guint64
get64 (const char *data)
{
  guint64 v;
  memcpy (&v, data, 8);
  return GUINT64_FROM_BE (v);
}

const char *
corm_pgsql_decode_bool (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 1)
    return malformed;
  value->i = data[0] != 0;
  return NULL;
}

const char *
corm_pgsql_decode_int2 (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 2)
    return malformed;
  value->i = (gint16) ((guint16) (guint8) data[0] << 8 | (guint8) data[1]);
  return NULL;
}

const char *
corm_pgsql_decode_int4 (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 4)
    return malformed;
  value->i = (gint32) get32 (data);
  return NULL;
}

const char *
corm_pgsql_decode_int8 (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 8)
    return malformed;
  value->i = (gint64) get64 (data);
  return NULL;
}

const char *
corm_pgsql_decode_oid (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 4)
    return malformed;
  value->i = get32 (data);
  return NULL;
}

const char *
corm_pgsql_decode_float4 (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  union {
    guint32 bits;
    float f;
  } v;
  if (size != 4)
    return malformed;
  v.bits = get32 (data);
  value->d = v.f;
  return NULL;
}

const char *
corm_pgsql_decode_float8 (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  union {
    guint64 bits;
    double d;
  } v;
  if (size != 8)
    return malformed;
  v.bits = get64 (data);
  value->d = v.d;
  return NULL;
}

const char *
corm_pgsql_decode_numeric (const char *data, int size, GString *scratch, CormValue *value)
{
  g_string_truncate (scratch, 0);
  const char *reason = corm_pgsql_numeric_decode (data, size, scratch);
  value->data = scratch->str;
  value->size = scratch->len;
  return reason;
}

const char *
corm_pgsql_decode_bytes (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  value->data = data;
  value->size = size;
  return NULL;
}

/* The blanks behind a character(n) are its padding: they mean nothing, and the server drops them when it converts. */
const char *
corm_pgsql_decode_padded (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  while (size > 0 && data[size - 1] == ' ')
    size--;
  value->data = data;
  value->size = size;
  return NULL;
}

const char *
corm_pgsql_decode_jsonb (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size < 1 || data[0] != 1)
    return "jsonb of an unknown version";
  value->data = data + 1;
  value->size = size - 1;
  return NULL;
}

const char *
corm_pgsql_decode_date (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 4)
    return malformed;
  gint32 v = (gint32) get32 (data);
  if (v == G_MAXINT32 || v == G_MININT32)
    return infinite;
  value->i = (gint64) v + CORM_PGSQL_DAYS_TO_2000;
  if (value->i < CORM_FIRST_DAY || value->i > CORM_LAST_DAY)
    return out_of_years;
  return NULL;
}

const char *
corm_pgsql_decode_time (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 8)
    return malformed;
  value->i = (gint64) get64 (data);
  return value->i >= 0 && value->i < CORM_PGSQL_US_PER_DAY ? NULL : "24:00:00 is no time within a day";
}

const char *
corm_pgsql_decode_timestamp (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 8)
    return malformed;
  gint64 v = (gint64) get64 (data);
  if (v == G_MAXINT64 || v == G_MININT64)
    return infinite;
  if (v < CORM_PGSQL_US_FIRST - CORM_PGSQL_US_TO_2000 || v >= CORM_PGSQL_US_END - CORM_PGSQL_US_TO_2000)
    return out_of_years;
  value->i = v + CORM_PGSQL_US_TO_2000;
  return NULL;
}

const char *
corm_pgsql_decode_uuid (const char *data, int size, GString *scratch G_GNUC_UNUSED, CormValue *value)
{
  if (size != 16)
    return malformed;
  memcpy (value->uuid.bytes, data, 16);
  return NULL;
}

/* --- columns --- */

#define BIT(t) (1u << CORM_TYPE_##t)

/* What needs no conversion: the value is kept as it is under another name. By delivered type, bits of wanted ones. */
static const guint direct[CORM_N_TYPES] = {
  [CORM_TYPE_INT16] = BIT (INT32) | BIT (INT64), [CORM_TYPE_INT32] = BIT (INT64),
  [CORM_TYPE_FLOAT32] = BIT (FLOAT64),           [CORM_TYPE_TEXT] = BIT (ENUM) | BIT (RAW),
  [CORM_TYPE_ENUM] = BIT (TEXT) | BIT (RAW),     [CORM_TYPE_JSON] = BIT (TEXT) | BIT (RAW),
  [CORM_TYPE_RAW] = BIT (TEXT) | BIT (ENUM),
};

void
corm_pgsql_column_init (CormPgsqlColumn *column, const char *name, const CormPgsqlType *type,
                        const CormSqlType *wanted, gboolean is_text)
{
  CormType delivered = type != NULL ? type->type : CORM_TYPE_RAW;
  column->name = name;
  column->type = type;
  column->is_text = is_text;
  column->is_asked = wanted != NULL && wanted->type != CORM_TYPE_NONE;
  column->wanted =
      wanted != NULL && wanted->type != CORM_TYPE_NONE ? *wanted : (CormSqlType){ .type = delivered };
  column->is_direct =
      column->wanted.type == delivered || (direct[delivered] & 1u << column->wanted.type) != 0;
  column->plain = !is_text && column->is_direct && type != NULL ? type->decode : NULL;
  column->scratch = g_string_new (NULL);
  column->converted = g_string_new (NULL);
}

void
corm_pgsql_column_clear (CormPgsqlColumn *column)
{
  g_string_free (column->scratch, TRUE);
  g_string_free (column->converted, TRUE);
}

static int
hex_value (char c)
{
  return g_ascii_xdigit_value (c);
}

static const char *
decode_hex (const char *data, int size, GString *out)
{
  if (size < 2 || data[0] != '\\' || data[1] != 'x' || size % 2 != 0)
    return "bytea is not in hex form";
  g_string_truncate (out, 0);
  for (int i = 2; i < size; i += 2) {
    int high = hex_value (data[i]), low = hex_value (data[i + 1]);
    if (high < 0 || low < 0)
      return "bytea is not in hex form";
    g_string_append_c (out, (char) (high << 4 | low));
  }
  return NULL;
}

/* The server's text form; *value gets the column's own type. */
static gboolean
decode_text (CormPgsqlColumn *column, const char *data, int size, CormValue *value, GError **error)
{
  CormSqlType type = { .type = column->type != NULL ? column->type->type : CORM_TYPE_RAW };
  *value = (CormValue){ .type = type.type, .data = data, .size = size };
  switch (type.type) {
  case CORM_TYPE_TEXT: /* the two forms of a text are one */
    column->type->decode (data, size, column->scratch, value);
    return TRUE;
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
  case CORM_TYPE_JSON:
  case CORM_TYPE_DECIMAL:
    return TRUE;
  case CORM_TYPE_BOOLEAN:
    *value = (CormValue){ .type = type.type, .i = data[0] == 't' };
    return TRUE;
  case CORM_TYPE_BYTES: {
    const char *reason = decode_hex (data, size, column->scratch);
    value->data = column->scratch->str;
    value->size = column->scratch->len;
    if (reason != NULL)
      g_set_error_literal (error, CORM_ERROR, CORM_ERROR_CONVERSION, reason);
    return reason == NULL;
  }
  default:
    return corm_value_parse (&type, data, size, value, error);
  }
}

static gboolean
decode_own (CormPgsqlColumn *column, const char *data, int size, CormValue *value, GError **error)
{
  if (column->is_text)
    return decode_text (column, data, size, value, error);
  value->type = column->type->type;
  value->is_null = false;
  const char *reason = column->type->decode (data, size, column->scratch, value);
  if (reason != NULL)
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_CONVERSION, reason);
  return reason == NULL;
}

static gboolean
decode_converted (CormPgsqlColumn *column, const char *data, int size, CormValue *value, GError **error)
{
  CormValue own;
  if (column->is_text && column->wanted.type == CORM_TYPE_RAW) {
    *value = (CormValue){ .type = CORM_TYPE_RAW, .data = data, .size = size };
    return TRUE;
  }
  if (!decode_own (column, data, size, &own, error))
    return FALSE;
  if (own.type == CORM_TYPE_RAW)
    return corm_value_parse (&column->wanted, own.data, own.size, value, error);
  g_string_truncate (column->converted, 0);
  return corm_value_convert (&own, &column->wanted, column->converted, value, error);
}

/* --- times that are none here --- */

/* The year before 1 is 1 BC there, and 0 here. */
static void
append_day (GString *text, gint64 days)
{
  int year, month, day;
  corm_date_to_ymd ((CormDate){ (gint32) days }, &year, &month, &day);
  g_string_append_printf (text, "%04d-%02d-%02d", year > 0 ? year : 1 - year, month, day);
}

/* The server's words for a date or a moment that a value of the library can't hold. FALSE: it is something else. */
static gboolean
say_moment (CormPgsqlColumn *column, const char *data, int size)
{
  CormType type = column->type != NULL ? column->type->type : CORM_TYPE_RAW;
  gboolean is_date = type == CORM_TYPE_DATE && size == 4;
  if (!is_date && !((type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP) && size == 8))
    return FALSE;
  gint64 v = is_date ? (gint32) get32 (data) : (gint64) get64 (data);
  gint64 least = is_date ? G_MININT32 : G_MININT64, greatest = is_date ? G_MAXINT32 : G_MAXINT64;
  g_string_truncate (column->scratch, 0);
  if (v == least || v == greatest) {
    g_string_append (column->scratch, v == least ? "-infinity" : "infinity");
    return TRUE;
  }
  gint64 days = is_date ? v : v / CORM_PGSQL_US_PER_DAY, us = is_date ? 0 : v % CORM_PGSQL_US_PER_DAY;
  if (us < 0) {
    days--;
    us += CORM_PGSQL_US_PER_DAY;
  }
  gint64 seconds = us / G_USEC_PER_SEC;
  days += CORM_PGSQL_DAYS_TO_2000;
  append_day (column->scratch, days);
  if (!is_date)
    g_string_append_printf (column->scratch, " %02d:%02d:%02d", (int) (seconds / 3600),
                            (int) (seconds / 60 % 60), (int) (seconds % 60));
  if (us % G_USEC_PER_SEC != 0)
    g_string_append_printf (column->scratch, ".%06d", (int) (us % G_USEC_PER_SEC));
  g_string_append (column->scratch, type == CORM_TYPE_TIMESTAMP ? "+00" : "");
  g_string_append (column->scratch, days < CORM_FIRST_DAY ? " BC" : "");
  return TRUE;
}

/* Nobody has said which type is wanted: then it may come as text. */
static gboolean
take_as_text (CormPgsqlColumn *column, const char *data, int size, CormValue *value)
{
  CormType type = column->type != NULL ? column->type->type : CORM_TYPE_RAW;
  gboolean is_moment =
      type == CORM_TYPE_DATE || type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP;
  if (column->is_asked || !is_moment || (!column->is_text && !say_moment (column, data, size)))
    return FALSE;
  *value = column->is_text ? (CormValue){ .type = CORM_TYPE_TEXT, .data = data, .size = (gsize) size }
                           : corm_value_text (column->scratch->str);
  return TRUE;
}

gboolean
corm_pgsql_column_decode (CormPgsqlColumn *column, const char *data, int size, CormValue *value,
                          GError **error)
{
  gboolean done = column->is_direct ? decode_own (column, data, size, value, error)
                                    : decode_converted (column, data, size, value, error);
  if (!done && take_as_text (column, data, size, value)) {
    g_clear_error (error);
    return TRUE;
  }
  if (!done) {
    g_prefix_error (error, "column %s: ", column->name);
    return FALSE;
  }
  value->type = column->wanted.type;
  return TRUE;
}
