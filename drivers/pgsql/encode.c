/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Values in the server's binary form, for parameters and COPY alike. Nothing is rounded or cut: what the server's type
 * cannot hold is refused with the reason. Times count from 2000-01-01 there. */
#include "pgsql.h"

#include <math.h>
#include <string.h>

static const char out_of_range[] = "the number is out of the column's range";
static const char out_of_years[] = "the date is not between year 0001 and 9999";

static void
put_fixed (CormPgsqlCell *cell, gconstpointer data, int size)
{
  memcpy (cell->fixed, data, size);
  cell->data = cell->fixed;
  cell->size = size;
}

static void
put32 (CormPgsqlCell *cell, guint32 v)
{
  v = GUINT32_TO_BE (v);
  put_fixed (cell, &v, 4);
}

static void
put64 (CormPgsqlCell *cell, guint64 v)
{
  v = GUINT64_TO_BE (v);
  put_fixed (cell, &v, 8);
}

static GString *
scratch (CormPgsqlCell *cell)
{
  if (cell->scratch == NULL)
    cell->scratch = g_string_new (NULL);
  return g_string_truncate (cell->scratch, 0);
}

static const char *
put_scratch (CormPgsqlCell *cell)
{
  if (cell->scratch->len > G_MAXINT)
    return "the value is larger than 2 GiB";
  cell->data = cell->scratch->str;
  cell->size = (int) cell->scratch->len;
  return NULL;
}

const char *
corm_pgsql_encode_bool (const CormValue *value, CormPgsqlCell *cell)
{
  char v = value->i != 0;
  put_fixed (cell, &v, 1);
  return NULL;
}

const char *
corm_pgsql_encode_int2 (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->i < G_MININT16 || value->i > G_MAXINT16)
    return out_of_range;
  guint16 v = GUINT16_TO_BE ((guint16) value->i);
  put_fixed (cell, &v, 2);
  return NULL;
}

const char *
corm_pgsql_encode_int4 (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->i < G_MININT32 || value->i > G_MAXINT32)
    return out_of_range;
  put32 (cell, (guint32) value->i);
  return NULL;
}

const char *
corm_pgsql_encode_int8 (const CormValue *value, CormPgsqlCell *cell)
{
  put64 (cell, (guint64) value->i);
  return NULL;
}

const char *
corm_pgsql_encode_oid (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->i < 0 || value->i > G_MAXUINT32)
    return out_of_range;
  put32 (cell, (guint32) value->i);
  return NULL;
}

const char *
corm_pgsql_encode_float4 (const CormValue *value, CormPgsqlCell *cell)
{
  union {
    float f;
    guint32 bits;
  } v = { .f = (float) value->d };
  if ((double) v.f != value->d && !isnan (value->d))
    return "the number needs more digits than real has";
  put32 (cell, v.bits);
  return NULL;
}

const char *
corm_pgsql_encode_float8 (const CormValue *value, CormPgsqlCell *cell)
{
  union {
    double d;
    guint64 bits;
  } v = { .d = value->d };
  put64 (cell, v.bits);
  return NULL;
}

const char *
corm_pgsql_encode_numeric (const CormValue *value, CormPgsqlCell *cell)
{
  const char *reason = corm_pgsql_numeric_encode (value->data, value->size, scratch (cell));
  return reason != NULL ? reason : put_scratch (cell);
}

/* Bytes and all that is text. An empty value may have no data, which would mean NULL to libpq. */
const char *
corm_pgsql_encode_bytes (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->size > G_MAXINT)
    return "the value is larger than 2 GiB";
  cell->data = value->size > 0 ? value->data : "";
  cell->size = (int) value->size;
  return NULL;
}

const char *
corm_pgsql_encode_jsonb (const CormValue *value, CormPgsqlCell *cell)
{
  g_string_append_c (scratch (cell), 1);
  g_string_append_len (cell->scratch, value->data, value->size);
  return put_scratch (cell);
}

const char *
corm_pgsql_encode_date (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->i < CORM_FIRST_DAY || value->i > CORM_LAST_DAY)
    return out_of_years;
  put32 (cell, (guint32) (value->i - CORM_PGSQL_DAYS_TO_2000));
  return NULL;
}

const char *
corm_pgsql_encode_time (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->i < 0 || value->i >= CORM_PGSQL_US_PER_DAY)
    return "the time is not within a day";
  put64 (cell, (guint64) value->i);
  return NULL;
}

const char *
corm_pgsql_encode_timestamp (const CormValue *value, CormPgsqlCell *cell)
{
  if (value->i < CORM_PGSQL_US_FIRST || value->i >= CORM_PGSQL_US_END)
    return out_of_years;
  put64 (cell, (guint64) (value->i - CORM_PGSQL_US_TO_2000));
  return NULL;
}

const char *
corm_pgsql_encode_uuid (const CormValue *value, CormPgsqlCell *cell)
{
  put_fixed (cell, value->uuid.bytes, 16);
  return NULL;
}

static void
append_bytea (const CormValue *value, GString *text)
{
  static const char digits[] = "0123456789abcdef";
  g_string_append (text, "\\x");
  for (gsize i = 0; i < value->size; i++) {
    g_string_append_c (text, digits[(guint8) value->data[i] >> 4]);
    g_string_append_c (text, digits[(guint8) value->data[i] & 15]);
  }
}

/* Text form, with a NUL behind it: libpq measures it so. */
static const char *
encode_text (const CormValue *value, CormPgsqlCell *cell)
{
  GString *text = scratch (cell);
  switch (value->type) {
  case CORM_TYPE_BYTES:
    append_bytea (value, text);
    break;
  case CORM_TYPE_DECIMAL:
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    g_string_append_len (text, value->data, value->size);
    break;
  default:
    corm_value_append_text (value, text);
  }
  if (memchr (text->str, '\0', text->len) != NULL)
    return "text in PostgreSQL cannot hold a NUL byte";
  return put_scratch (cell);
}

/* To what @type takes; @from as it is when it fits already. */
static gboolean
convert (const CormPgsqlType *type, const CormValue *from, CormPgsqlCell *cell, CormValue *to, GError **error)
{
  CormSqlType sql_type = { .type = type->type };
  if (cell->converted == NULL)
    cell->converted = g_string_new (NULL);
  if (from->type == CORM_TYPE_RAW)
    return corm_value_parse (&sql_type, from->data, from->size, to, error);
  g_string_truncate (cell->converted, 0);
  return corm_value_convert (from, &sql_type, cell->converted, to, error);
}

/* NULL, or why not. @value is of a type that the target takes. */
static const char *
encode (const CormPgsqlTarget *target, const CormValue *value, CormPgsqlCell *cell)
{
  const CormPgsqlType *type = target->type;
  const char *reason = NULL;
  if (target->modifier >= 0)
    reason = corm_pgsql_check_limits (type->oid, target->modifier, value);
  if (reason == NULL)
    reason = type->encode (value, cell);
  return reason == NULL && target->as_text ? encode_text (value, cell) : reason;
}

gboolean
corm_pgsql_encode (const CormPgsqlTarget *target, const CormValue *value, CormPgsqlCell *cell, GError **error)
{
  CormValue converted;
  const char *reason;
  if (value->is_null) {
    cell->data = NULL;
    cell->size = 0;
    return TRUE;
  }
  if (target->type == NULL) {
    reason = encode_text (value, cell);
  } else {
    if ((target->type->accepts & 1u << value->type) == 0) {
      if (!convert (target->type, value, cell, &converted, error))
        return FALSE;
      value = &converted;
    }
    reason = encode (target, value, cell);
  }
  if (reason == NULL)
    return TRUE;
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (value, text);
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "'%.60s': %s", text->str, reason);
  return FALSE;
}

void
corm_pgsql_cell_clear (CormPgsqlCell *cell)
{
  if (cell->scratch != NULL)
    g_string_free (g_steal_pointer (&cell->scratch), TRUE);
  if (cell->converted != NULL)
    g_string_free (g_steal_pointer (&cell->converted), TRUE);
}
