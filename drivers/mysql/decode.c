/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Cells of the binary protocol as values. Each column has one decoder, picked when the statement's columns are known;
 * it gives the natural type, and only what is wanted otherwise is converted. Text borrows from the network buffer.
 * Source: MariaDB manual, "Resultset row (binary)". */
#include "mysql.h"

#include <string.h>

enum { BINARY_CHARSET = 63 };

static inline guint64
read_little_endian (const guint8 *data, gsize size)
{
  guint64 v = 0;
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN && (size == 8 || size == 4)) {
    memcpy (&v, data, size == 8 ? 8 : 4);
    return v;
  }
  for (gsize i = size; i-- > 0;)
    v = v << 8 | data[i];
  return v;
}

static gboolean
refuse (CormMysqlColumn *column, const char *what, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "column %s: %s", column->name, what);
  return FALSE;
}

/* --- numbers --- */

static gboolean
decode_int (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
            GError **error G_GNUC_UNUSED)
{
  guint64 bits = read_little_endian (data, size);
  guint unused = 64 - 8 * (guint) size;
  value->type = column->natural;
  value->i = column->is_unsigned ? (gint64) bits : (gint64) (bits << unused) >> unused;
  /* TINYINT(1) is a boolean by custom only. */
  if (value->type == CORM_TYPE_BOOLEAN && (value->i & ~1) != 0)
    value->type = CORM_TYPE_INT16;
  return TRUE;
}

static void
set_unsigned (CormMysqlColumn *column, guint64 v, CormValue *value)
{
  value->type = CORM_TYPE_INT64;
  value->i = (gint64) v;
  if (v <= G_MAXINT64)
    return;
  g_string_printf (column->scratch, "%" G_GUINT64_FORMAT, v);
  value->type = CORM_TYPE_DECIMAL;
  value->data = column->scratch->str;
  value->size = column->scratch->len;
}

static gboolean
decode_unsigned (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
                 GError **error G_GNUC_UNUSED)
{
  set_unsigned (column, read_little_endian (data, size), value);
  return TRUE;
}

/* Most significant byte first. */
static gboolean
decode_bit (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
            GError **error G_GNUC_UNUSED)
{
  guint64 v = 0;
  for (gsize i = 0; i < size; i++)
    v = v << 8 | data[i];
  set_unsigned (column, v, value);
  if (column->natural == CORM_TYPE_BOOLEAN)
    value->type = CORM_TYPE_BOOLEAN;
  return TRUE;
}

static gboolean
decode_float (CormMysqlColumn *column G_GNUC_UNUSED, const guint8 *data, gsize size G_GNUC_UNUSED,
              CormValue *value, GError **error G_GNUC_UNUSED)
{
  guint32 bits = (guint32) read_little_endian (data, 4);
  float f;
  memcpy (&f, &bits, sizeof f);
  value->type = CORM_TYPE_FLOAT32;
  value->d = f;
  return TRUE;
}

static gboolean
decode_double (CormMysqlColumn *column G_GNUC_UNUSED, const guint8 *data, gsize size G_GNUC_UNUSED,
               CormValue *value, GError **error G_GNUC_UNUSED)
{
  guint64 bits = read_little_endian (data, 8);
  value->type = CORM_TYPE_FLOAT64;
  memcpy (&value->d, &bits, sizeof value->d);
  return TRUE;
}

/* --- times --- */

static gint64
read_time_of_day (const guint8 *data, gsize size)
{
  gint64 seconds = data[0] * 3600 + data[1] * 60 + data[2];
  return seconds * G_USEC_PER_SEC + (size > 3 ? (gint64) read_little_endian (data + 3, 4) : 0);
}

static void
set_scratch (CormMysqlColumn *column, CormValue *value)
{
  value->type = CORM_TYPE_TEXT;
  value->data = column->scratch->str;
  value->size = column->scratch->len;
}

static void
append_time_of_day (GString *text, guint hours, const guint8 *data, gint64 us)
{
  g_string_append_printf (text, "%02u:%02u:%02u", hours, data[1], data[2]);
  if (us % G_USEC_PER_SEC != 0)
    g_string_append_printf (text, ".%06u", (guint) (us % G_USEC_PER_SEC));
}

/* FALSE: the server's zero date, or one with a month or day of zero, stands in column->scratch. */
static gboolean
read_date (CormMysqlColumn *column, const guint8 *data, gsize size, CormDate *date)
{
  guint year = size >= 4 ? (guint) read_little_endian (data, 2) : 0;
  guint month = size >= 4 ? data[2] : 0, day = size >= 4 ? data[3] : 0;
  if (corm_date_from_ymd ((int) year, (int) month, (int) day, date))
    return TRUE;
  g_string_printf (column->scratch, "%04u-%02u-%02u", year, month, day);
  return FALSE;
}

/* What is no date comes as text. */
static gboolean
decode_date (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
             GError **error G_GNUC_UNUSED)
{
  CormDate date;
  if (read_date (column, data, size, &date))
    *value = corm_value_date (date);
  else
    set_scratch (column, value);
  return TRUE;
}

static gboolean
decode_datetime (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
                 GError **error G_GNUC_UNUSED)
{
  static const guint8 midnight[3];
  CormDate date;
  gint64 us = size > 4 ? read_time_of_day (data + 4, size - 4) : 0;
  if (read_date (column, data, size, &date)) {
    value->type = column->natural;
    value->i = date.days * (gint64) (24 * 3600) * G_USEC_PER_SEC + us;
    return TRUE;
  }
  g_string_append_c (column->scratch, ' ');
  append_time_of_day (column->scratch, size > 4 ? data[4] : 0, size > 4 ? data + 4 : midnight, us);
  set_scratch (column, value);
  return TRUE;
}

/* A TIME of MariaDB is a span of up to 838 hours; one that is no time of day comes as text. */
static gboolean
decode_time (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
             GError **error G_GNUC_UNUSED)
{
  guint64 days = size > 0 ? read_little_endian (data + 1, 4) : 0;
  gint64 us = size > 0 ? read_time_of_day (data + 5, size - 5) : 0;
  if (days == 0 && (us == 0 || data[0] == 0)) {
    *value = corm_value_time ((CormTime){ us });
    return TRUE;
  }
  g_string_assign (column->scratch, data[0] ? "-" : "");
  append_time_of_day (column->scratch, (guint) days * 24 + data[5], data + 5, us);
  set_scratch (column, value);
  return TRUE;
}

/* --- text --- */

static gboolean
decode_text (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
             GError **error G_GNUC_UNUSED)
{
  value->type = column->natural;
  value->data = (const char *) data;
  value->size = size;
  return TRUE;
}

static gboolean
decode_uuid (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value, GError **error)
{
  value->type = CORM_TYPE_UUID;
  return corm_text_to_uuid ((const char *) data, size, &value->uuid) ||
         refuse (column, "the text is no UUID", error);
}

/* --- picking a decoder --- */

static void
set_int (CormMysqlColumn *column, int size, CormType natural, CormType natural_unsigned)
{
  column->fixed_size = size;
  column->decode = column->is_unsigned && size == 8 ? decode_unsigned : decode_int;
  column->natural = column->is_unsigned ? natural_unsigned : natural;
}

static void
set_plain (CormMysqlColumn *column, int size, CormMysqlDecode decode, CormType natural)
{
  column->fixed_size = size;
  column->decode = decode;
  column->natural = natural;
}

static gboolean
has_attribute (const MYSQL_FIELD *field, enum mariadb_field_attr_t attribute, const char *word)
{
  MARIADB_CONST_STRING text = { 0 };
  return mariadb_field_attr (&text, field, attribute) == 0 && text.length == strlen (word) &&
         memcmp (text.str, word, text.length) == 0;
}

static void
set_textual (CormMysqlColumn *column, const MYSQL_FIELD *field)
{
  if (has_attribute (field, MARIADB_FIELD_ATTR_DATA_TYPE_NAME, "uuid"))
    set_plain (column, -1, decode_uuid, CORM_TYPE_UUID);
  else if (field->charsetnr == BINARY_CHARSET)
    set_plain (column, -1, decode_text, CORM_TYPE_BYTES);
  else if (field->type == MYSQL_TYPE_JSON || has_attribute (field, MARIADB_FIELD_ATTR_FORMAT_NAME, "json"))
    set_plain (column, -1, decode_text, CORM_TYPE_JSON);
  else
    set_plain (column, -1, decode_text, CORM_TYPE_TEXT);
}

static void
pick_decoder (CormMysqlColumn *column, const MYSQL_FIELD *field)
{
  column->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
  switch (field->type) {
  case MYSQL_TYPE_TINY:
    set_int (column, 1, field->length == 1 ? CORM_TYPE_BOOLEAN : CORM_TYPE_INT16,
             field->length == 1 ? CORM_TYPE_BOOLEAN : CORM_TYPE_INT16);
    break;
  case MYSQL_TYPE_YEAR:
  case MYSQL_TYPE_SHORT:
    set_int (column, 2, CORM_TYPE_INT16, field->type == MYSQL_TYPE_YEAR ? CORM_TYPE_INT16 : CORM_TYPE_INT32);
    break;
  case MYSQL_TYPE_INT24:
  case MYSQL_TYPE_LONG:
    set_int (column, 4, CORM_TYPE_INT32, CORM_TYPE_INT64);
    break;
  case MYSQL_TYPE_LONGLONG:
    set_int (column, 8, CORM_TYPE_INT64, CORM_TYPE_INT64);
    break;
  case MYSQL_TYPE_FLOAT:
    set_plain (column, 4, decode_float, CORM_TYPE_FLOAT32);
    break;
  case MYSQL_TYPE_DOUBLE:
    set_plain (column, 8, decode_double, CORM_TYPE_FLOAT64);
    break;
  case MYSQL_TYPE_BIT:
    set_plain (column, -1, decode_bit, field->length == 1 ? CORM_TYPE_BOOLEAN : CORM_TYPE_INT64);
    break;
  case MYSQL_TYPE_DECIMAL:
  case MYSQL_TYPE_NEWDECIMAL:
    set_plain (column, -1, decode_text, CORM_TYPE_DECIMAL);
    break;
  case MYSQL_TYPE_DATE:
  case MYSQL_TYPE_NEWDATE:
    set_plain (column, -1, decode_date, CORM_TYPE_DATE);
    break;
  case MYSQL_TYPE_TIME:
    set_plain (column, -1, decode_time, CORM_TYPE_TIME);
    break;
  case MYSQL_TYPE_DATETIME:
    set_plain (column, -1, decode_datetime, CORM_TYPE_LOCAL_TIMESTAMP);
    break;
  case MYSQL_TYPE_TIMESTAMP: /* the session's time zone is UTC */
    set_plain (column, -1, decode_datetime, CORM_TYPE_TIMESTAMP);
    break;
  case MYSQL_TYPE_NULL:
    set_plain (column, -1, decode_text, CORM_TYPE_TEXT);
    break;
  default:
    set_textual (column, field);
  }
}

gboolean
corm_mysql_column_is (const CormMysqlColumn *column, const MYSQL_FIELD *field)
{
  const MYSQL_FIELD *old = &column->field;
  return old->type == field->type && old->flags == field->flags && old->length == field->length &&
         old->charsetnr == field->charsetnr && strcmp (column->name, field->name) == 0;
}

void
corm_mysql_column_init (CormMysqlColumn *column, const MYSQL_FIELD *field)
{
  if (column->decode != NULL && corm_mysql_column_is (column, field))
    return;
  column->field = *field;
  g_free (column->name);
  column->name = g_strdup (field->name);
  if (column->scratch == NULL) {
    column->scratch = g_string_new (NULL);
    column->made = g_string_new (NULL);
  }
  pick_decoder (column, field);
}

void
corm_mysql_column_clear (CormMysqlColumn *column)
{
  g_free (column->name);
  if (column->scratch == NULL)
    return;
  g_string_free (column->scratch, TRUE);
  g_string_free (column->made, TRUE);
}

/* --- wanted types --- */

static gboolean
is_int (CormType type)
{
  return type == CORM_TYPE_BOOLEAN || type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 ||
         type == CORM_TYPE_INT64;
}

static gboolean
int_fits (gint64 i, CormType type)
{
  switch (type) {
  case CORM_TYPE_BOOLEAN:
    return i == 0 || i == 1;
  case CORM_TYPE_INT16:
    return i >= G_MININT16 && i <= G_MAXINT16;
  case CORM_TYPE_INT32:
    return i >= G_MININT32 && i <= G_MAXINT32;
  default:
    return TRUE;
  }
}

static gboolean
is_textual (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_JSON || type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW;
}

static gboolean
is_moment (CormType type)
{
  return type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP;
}

/* A DECIMAL without precision lives in a column of fixed scale: the zeros that fill it are not the value's. */
static void
trim_zeros (CormValue *value)
{
  if (memchr (value->data, '.', value->size) == NULL)
    return;
  while (value->data[value->size - 1] == '0')
    value->size--;
  if (value->data[value->size - 1] == '.')
    value->size--;
}

/* The conversions that change no byte; FALSE when it takes more. */
static gboolean
retype (CormMysqlColumn *column, CormValue *value)
{
  CormType from = value->type, to = column->wanted.type;
  if (from == to && to != CORM_TYPE_DECIMAL)
    return TRUE;
  gboolean same = from == to || (is_int (from) && is_int (to) && int_fits (value->i, to)) ||
                  (is_textual (from) && is_textual (to)) || (is_moment (from) && is_moment (to)) ||
                  (from == CORM_TYPE_FLOAT32 && to == CORM_TYPE_FLOAT64);
  if (!same)
    return FALSE;
  value->type = to;
  if (to == CORM_TYPE_DECIMAL && column->wanted.precision == 0)
    trim_zeros (value);
  return TRUE;
}

gboolean
corm_mysql_column_read (CormMysqlColumn *column, const guint8 *data, gsize size, CormValue *value,
                        GError **error)
{
  value->is_null = FALSE;
  if (!column->decode (column, data, size, value, error))
    return FALSE;
  if (column->wanted.type == CORM_TYPE_NONE || retype (column, value))
    return TRUE;
  CormValue natural = *value;
  g_string_truncate (column->made, 0);
  if (corm_value_convert (&natural, &column->wanted, column->made, value, error))
    return TRUE;
  g_prefix_error (error, "column %s: ", column->name);
  return FALSE;
}
