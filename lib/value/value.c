/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The tagged value: names of types, constructors, equality, canonical text. Two values are equal exactly when their
 * types and their canonical texts are. */
#include "value/text.h"

#include "value/json.h"

#include <math.h>
#include <string.h>

static const char *const type_names[CORM_N_TYPES] = {
  [CORM_TYPE_NONE] = "none",           [CORM_TYPE_BOOLEAN] = "boolean",
  [CORM_TYPE_INT16] = "int16",         [CORM_TYPE_INT32] = "int32",
  [CORM_TYPE_INT64] = "int64",         [CORM_TYPE_FLOAT32] = "float32",
  [CORM_TYPE_FLOAT64] = "float64",     [CORM_TYPE_DECIMAL] = "decimal",
  [CORM_TYPE_TEXT] = "text",           [CORM_TYPE_BYTES] = "bytes",
  [CORM_TYPE_DATE] = "date",           [CORM_TYPE_TIME] = "time",
  [CORM_TYPE_TIMESTAMP] = "timestamp", [CORM_TYPE_LOCAL_TIMESTAMP] = "local_timestamp",
  [CORM_TYPE_UUID] = "uuid",           [CORM_TYPE_JSON] = "json",
  [CORM_TYPE_ENUM] = "enum",           [CORM_TYPE_RAW] = "raw",
};

const char *
corm_type_name (CormType type)
{
  return (guint) type < CORM_N_TYPES ? type_names[type] : type_names[CORM_TYPE_NONE];
}

CormType
corm_type_from_name (const char *name)
{
  for (guint i = 0; name != NULL && i < CORM_N_TYPES; i++)
    if (strcmp (type_names[i], name) == 0)
      return (CormType) i;
  return CORM_TYPE_NONE;
}

/* --- constructors --- */

static CormValue
textual (CormType type, const char *data, gsize size)
{
  return (CormValue){ .type = type, .is_null = data == NULL, .data = data, .size = data != NULL ? size : 0 };
}

CormValue
corm_value_null (void)
{
  return (CormValue){ .type = CORM_TYPE_NONE, .is_null = true };
}

CormValue
corm_value_bool (bool v)
{
  return (CormValue){ .type = CORM_TYPE_BOOLEAN, .i = v };
}

CormValue
corm_value_int (gint64 v)
{
  return (CormValue){ .type = CORM_TYPE_INT64, .i = v };
}

CormValue
corm_value_double (double v)
{
  return (CormValue){ .type = CORM_TYPE_FLOAT64, .d = v };
}

CormValue
corm_value_text (const char *v)
{
  return textual (CORM_TYPE_TEXT, v, v != NULL ? strlen (v) : 0);
}

CormValue
corm_value_bytes (CormBytes v)
{
  return textual (CORM_TYPE_BYTES, (const char *) v.data, v.size);
}

CormValue
corm_value_decimal (CormDecimal v)
{
  return textual (CORM_TYPE_DECIMAL, v.text, v.text != NULL ? strlen (v.text) : 0);
}

CormValue
corm_value_json (CormJson v)
{
  return textual (CORM_TYPE_JSON, v.text, v.text != NULL ? strlen (v.text) : 0);
}

CormValue
corm_value_date (CormDate v)
{
  return (CormValue){ .type = CORM_TYPE_DATE, .i = v.days };
}

CormValue
corm_value_time (CormTime v)
{
  return (CormValue){ .type = CORM_TYPE_TIME, .i = v.us };
}

CormValue
corm_value_timestamp (CormTimestamp v)
{
  return (CormValue){ .type = CORM_TYPE_TIMESTAMP, .i = v.us };
}

CormValue
corm_value_local_timestamp (CormLocalTimestamp v)
{
  return (CormValue){ .type = CORM_TYPE_LOCAL_TIMESTAMP, .i = v.us };
}

CormValue
corm_value_uuid (CormUuid v)
{
  return (CormValue){ .type = CORM_TYPE_UUID, .uuid = v };
}

/* --- equality --- */

static gboolean
equal_doubles (double a, double b)
{
  if (isnan (a) || isnan (b))
    return isnan (a) && isnan (b);
  return a == b && signbit (a) == signbit (b);
}

static gboolean
equal_bytes (const CormValue *a, const CormValue *b)
{
  return a->size == b->size && (a->size == 0 || memcmp (a->data, b->data, a->size) == 0);
}

static gboolean
equal_json (const CormValue *a, const CormValue *b)
{
  g_autoptr (GString) x = g_string_new (NULL);
  g_autoptr (GString) y = g_string_new (NULL);
  corm_value_append_text (a, x);
  corm_value_append_text (b, y);
  return g_string_equal (x, y);
}

gboolean
corm_value_equal (const CormValue *a, const CormValue *b)
{
  if (a->is_null || b->is_null)
    return a->is_null && b->is_null;
  if (a->type != b->type)
    return FALSE;
  switch (a->type) {
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return equal_doubles (a->d, b->d);
  case CORM_TYPE_DECIMAL:
    return equal_bytes (a, b) || corm_decimal_compare (a->data, a->size, b->data, b->size) == 0;
  case CORM_TYPE_JSON:
    return equal_bytes (a, b) || equal_json (a, b);
  case CORM_TYPE_TEXT:
  case CORM_TYPE_BYTES:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return equal_bytes (a, b);
  case CORM_TYPE_UUID:
    return memcmp (a->uuid.bytes, b->uuid.bytes, sizeof a->uuid.bytes) == 0;
  default:
    return a->i == b->i;
  }
}

/* --- canonical text --- */

static void
append_hex (const CormValue *value, GString *text)
{
  static const char hex[] = "0123456789abcdef";
  gsize start = text->len;
  g_string_set_size (text, start + 2 * value->size);
  for (gsize i = 0; i < value->size; i++) {
    guint8 byte = (guint8) value->data[i];
    text->str[start + 2 * i] = hex[byte >> 4];
    text->str[start + 2 * i + 1] = hex[byte & 15];
  }
}

/* Of the types whose text fits a buffer. */
static gsize
short_text (const CormValue *value, char *buffer)
{
  switch (value->type) {
  case CORM_TYPE_FLOAT32:
    return corm_text_from_float ((float) value->d, buffer);
  case CORM_TYPE_FLOAT64:
    return corm_text_from_double (value->d, buffer);
  case CORM_TYPE_DATE:
    return corm_text_from_date ((CormDate){ (gint32) value->i }, buffer);
  case CORM_TYPE_TIME:
    return corm_text_from_time ((CormTime){ value->i }, buffer);
  case CORM_TYPE_TIMESTAMP:
    return corm_text_from_timestamp (value->i, 'T', "Z", buffer);
  case CORM_TYPE_LOCAL_TIMESTAMP:
    return corm_text_from_timestamp (value->i, 'T', NULL, buffer);
  case CORM_TYPE_UUID:
    return corm_text_from_uuid (&value->uuid, buffer);
  default:
    return corm_text_from_int (value->i, buffer);
  }
}

void
corm_value_append_text (const CormValue *value, GString *text)
{
  if (value->is_null) {
    g_string_append (text, "NULL");
    return;
  }
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
    g_string_append (text, value->i ? "true" : "false");
    return;
  case CORM_TYPE_DECIMAL:
    if (!corm_decimal_append_canonical (value->data, value->size, 0, text))
      g_string_append_len (text, value->data, (gssize) value->size);
    return;
  case CORM_TYPE_JSON:
    corm_json_append_canonical (value->data, value->size, text);
    return;
  case CORM_TYPE_BYTES:
    append_hex (value, text);
    return;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    g_string_append_len (text, value->data, (gssize) value->size);
    return;
  default: {
    char buffer[CORM_TEXT_MAX];
    gsize size = short_text (value, buffer);
    g_string_append_len (text, buffer, (gssize) size);
  }
  }
}
