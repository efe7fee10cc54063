/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values as parameters of the binary protocol. Invariant: what the server would round or cut without an error is
 * refused here where it can be seen, and else marked, so that guard.c looks at the server's notes. */
#include "mysql.h"

#include <math.h>
#include <string.h>

enum enum_field_types
corm_mysql_wire_type (CormType type)
{
  switch (type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return MYSQL_TYPE_LONGLONG;
  case CORM_TYPE_FLOAT32:
    return MYSQL_TYPE_FLOAT;
  case CORM_TYPE_FLOAT64:
    return MYSQL_TYPE_DOUBLE;
  case CORM_TYPE_DECIMAL:
    return MYSQL_TYPE_NEWDECIMAL; /* as text it would be compared as a double */
  case CORM_TYPE_BYTES:
    return MYSQL_TYPE_BLOB;
  case CORM_TYPE_DATE:
    return MYSQL_TYPE_DATE;
  case CORM_TYPE_TIME:
    return MYSQL_TYPE_TIME;
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    return MYSQL_TYPE_DATETIME;
  default:
    return MYSQL_TYPE_STRING;
  }
}

gboolean
corm_mysql_is_textual (CormType type)
{
  switch (type) {
  case CORM_TYPE_DECIMAL:
  case CORM_TYPE_TEXT:
  case CORM_TYPE_BYTES:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return TRUE;
  default:
    return FALSE;
  }
}

gboolean
corm_mysql_check_zero (const CormValue *value, GError **error)
{
  if ((value->type != CORM_TYPE_FLOAT64 && value->type != CORM_TYPE_FLOAT32) || value->is_null ||
      value->d != 0.0 || !signbit (value->d))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "MariaDB has no negative zero: it would store 0");
  return FALSE;
}

static gboolean
encode_float (const CormSqlType *type, const CormValue *value, CormMysqlParam *param, MYSQL_BIND *bind,
              GError **error)
{
  if (!isfinite (value->d)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "MariaDB has no value for %s",
                 isnan (value->d) ? "NaN" : "infinity");
    return FALSE;
  }
  gboolean narrow = value->type == CORM_TYPE_FLOAT32 ||
                    (type->type == CORM_TYPE_FLOAT32 && (double) (float) value->d == value->d);
  if (narrow)
    param->f = (float) value->d;
  else
    param->d = value->d;
  bind->buffer_type = narrow ? MYSQL_TYPE_FLOAT : MYSQL_TYPE_DOUBLE;
  bind->buffer = narrow ? (void *) &param->f : (void *) &param->d;
  return TRUE;
}

static gboolean
encode_decimal (const CormSqlType *type, const CormValue *value, CormMysqlParam *param, MYSQL_BIND *bind,
                gboolean *may_be_cut, GError **error)
{
  gboolean is_typed = type->type == CORM_TYPE_DECIMAL && type->precision > 0;
  if (!corm_mysql_check_decimal (type, value, error))
    return FALSE;
  *may_be_cut |= !is_typed && memchr (value->data, '.', value->size) != NULL;
  param->length = value->size;
  bind->buffer = (void *) value->data;
  return TRUE;
}

static void
encode_text (const CormValue *value, CormMysqlParam *param, MYSQL_BIND *bind, gboolean *may_be_cut)
{
  /* Blanks at the end are cut to the length of a VARCHAR, with a note only. */
  *may_be_cut |= value->type != CORM_TYPE_BYTES && value->size > 0 && value->data[value->size - 1] == ' ';
  param->length = value->size;
  bind->buffer = value->data != NULL ? (void *) value->data : (void *) "";
}

static void
encode_uuid (const CormValue *value, CormMysqlParam *param, MYSQL_BIND *bind)
{
  param->length = corm_text_from_uuid (&value->uuid, param->text);
  bind->buffer = param->text;
}

static void
fill_time_of_day (gint64 us, MYSQL_TIME *time)
{
  time->second_part = us % G_USEC_PER_SEC;
  gint64 seconds = us / G_USEC_PER_SEC;
  time->second = seconds % 60;
  time->minute = seconds / 60 % 60;
  time->hour = seconds / 3600;
}

static gboolean
fill_date (gint64 days, MYSQL_TIME *time, GError **error)
{
  int year, month, day;
  if (days < G_MININT32 || days > G_MAXINT32) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "the date is outside the years 0001 to 9999");
    return FALSE;
  }
  corm_date_to_ymd ((CormDate){ (gint32) days }, &year, &month, &day);
  if (year < 1 || year > 9999) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "the date is outside the years 0001 to 9999");
    return FALSE;
  }
  time->year = year;
  time->month = month;
  time->day = day;
  return TRUE;
}

static gboolean
encode_time (const CormValue *value, CormMysqlParam *param, MYSQL_BIND *bind, GError **error)
{
  const gint64 day = G_GINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC;
  MYSQL_TIME *time = &param->time;
  memset (time, 0, sizeof *time);
  bind->buffer = time;
  if (value->type == CORM_TYPE_DATE)
    return fill_date (value->i, time, error);
  gint64 days = value->i / day, rest = value->i % day;
  if (rest < 0) {
    days--;
    rest += day;
  }
  if (value->type == CORM_TYPE_TIME && days != 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "a time of day lies between 00:00 and 24:00");
    return FALSE;
  }
  fill_time_of_day (rest, time);
  return value->type == CORM_TYPE_TIME || fill_date (days, time, error);
}

gboolean
corm_mysql_encode (const CormSqlType *type, const CormValue *value, CormMysqlParam *param, MYSQL_BIND *bind,
                   gboolean *may_be_cut, GError **error)
{
  bind->is_null = &param->is_null;
  bind->length = &param->length;
  param->is_null = value->is_null;
  if (value->is_null)
    return TRUE;
  bind->buffer_type = corm_mysql_wire_type (value->type);
  switch (bind->buffer_type) {
  case MYSQL_TYPE_LONGLONG:
    param->i = value->i;
    bind->buffer = &param->i;
    return TRUE;
  case MYSQL_TYPE_FLOAT:
  case MYSQL_TYPE_DOUBLE:
    return encode_float (type, value, param, bind, error);
  case MYSQL_TYPE_NEWDECIMAL:
    return encode_decimal (type, value, param, bind, may_be_cut, error);
  case MYSQL_TYPE_DATE:
  case MYSQL_TYPE_TIME:
  case MYSQL_TYPE_DATETIME:
    return encode_time (value, param, bind, error);
  default:
    if (value->type == CORM_TYPE_UUID)
      encode_uuid (value, param, bind);
    else
      encode_text (value, param, bind, may_be_cut);
    return TRUE;
  }
}
