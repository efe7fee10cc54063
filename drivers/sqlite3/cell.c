/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a cell holds as the type that was asked for. SQLite lets any storage class live in any column, so each type has
 * its natural class, taken as it is, and all others go through corm_value_convert(), which loses nothing or refuses.
 * Needs no SQLite: the generic driver gets its cells here too. */
#include "../dialects.h"

#include <string.h>

/* A moment as a number is seconds, milliseconds, a Julian day: SQLite's own functions take them all, so guessing is
 * out of the question. */
static gboolean
refuse_number (const CormValue *from, const CormSqlType *type, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (from, text);
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_CONVERSION,
      "the number %s is no %s: it does not say its unit; convert the column first, e.g. with datetime (…, "
      "'unixepoch')",
      text->str, corm_type_name (type->type));
  return FALSE;
}

static gboolean
is_temporal (CormType type)
{
  return type == CORM_TYPE_DATE || type == CORM_TYPE_TIME || type == CORM_TYPE_TIMESTAMP ||
         type == CORM_TYPE_LOCAL_TIMESTAMP;
}

static gboolean
convert (const CormValue *from, const CormSqlType *type, GString **scratch, CormValue *value, GError **error)
{
  CormSqlType text_type = { .type = CORM_TYPE_TEXT };
  CormValue text;
  if (*scratch == NULL)
    *scratch = g_string_new (NULL);
  g_string_truncate (*scratch, 0);
  if (from->type == CORM_TYPE_INT64 || from->type == CORM_TYPE_FLOAT64) {
    if (is_temporal (type->type))
      return refuse_number (from, type, error);
    if (type->type == CORM_TYPE_RAW || type->type == CORM_TYPE_JSON || type->type == CORM_TYPE_ENUM) {
      if (!corm_value_convert (from, &text_type, *scratch, &text, error))
        return FALSE;
      *value = text;
      value->type = type->type;
      return TRUE;
    }
  }
  if (from->type == CORM_TYPE_BYTES && type->type == CORM_TYPE_UUID &&
      from->size == sizeof value->uuid.bytes) {
    CormUuid uuid;
    memcpy (uuid.bytes, from->data, sizeof uuid.bytes);
    *value = (CormValue){ .type = CORM_TYPE_UUID, .uuid = uuid };
    return TRUE;
  }
  return corm_value_convert (from, type, *scratch, value, error);
}

static gboolean
read_text (const CormValue *from, CormType type, CormValue *value, GError **error)
{
  *value = *from;
  value->type = type;
  if (G_LIKELY (memchr (from->data, '\0', from->size) == NULL))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "the text has a NUL in it; read it as bytes");
  return FALSE;
}

/* The natural class of each type; FALSE in *done when it is another one. */
static gboolean
read_typed (const CormValue *from, const CormSqlType *type, CormValue *value, gboolean *done, GError **error)
{
  gint64 limit = type->type == CORM_TYPE_INT16 ? G_MAXINT16 : G_MAXINT32;
  *done = TRUE;
  switch (type->type) {
  case CORM_TYPE_BOOLEAN:
    *done = from->type == CORM_TYPE_INT64 && (from->i == 0 || from->i == 1);
    break;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
    *done = from->type == CORM_TYPE_INT64 && from->i <= limit && from->i >= -limit - 1;
    break;
  case CORM_TYPE_INT64:
  case CORM_TYPE_FLOAT64:
  case CORM_TYPE_BYTES:
    *done = from->type == type->type || (type->type == CORM_TYPE_BYTES && from->type == CORM_TYPE_TEXT);
    break;
  case CORM_TYPE_FLOAT32:
    *done = from->type == CORM_TYPE_FLOAT64 && (double) (float) from->d == from->d;
    break;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    if (from->type == CORM_TYPE_TEXT)
      return read_text (from, type->type, value, error);
    *done = FALSE;
    break;
  default:
    *done = FALSE;
    break;
  }
  if (*done) {
    *value = *from;
    value->type = type->type;
  }
  return TRUE;
}

gboolean
corm_sqlite3_convert (const CormValue *from, const CormSqlType *type, GString **scratch, CormValue *value,
                      GError **error)
{
  gboolean done;
  if (type == NULL || type->type == CORM_TYPE_NONE) {
    *value = *from;
    return TRUE;
  }
  if (from->is_null) {
    *value = (CormValue){ .type = type->type, .is_null = true };
    return TRUE;
  }
  if (!read_typed (from, type, value, &done, error))
    return FALSE;
  return done || convert (from, type, scratch, value, error);
}
