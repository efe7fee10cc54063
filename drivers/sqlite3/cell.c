/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A stored value as a value of the type that was asked for. SQLite lets any storage class live in any column, so each
 * type has its natural class, taken as it is, and all others go through corm_value_convert(), which loses nothing or
 * refuses. Nothing here needs SQLite's library. */
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

/* Whether what is stored is a value of @type as it stands. */
static gboolean
is_natural (const CormValue *stored, CormType type)
{
  switch (type) {
  case CORM_TYPE_BOOLEAN:
    return stored->type == CORM_TYPE_INT64 && (stored->i == 0 || stored->i == 1);
  case CORM_TYPE_INT16:
    return stored->type == CORM_TYPE_INT64 && stored->i == (gint16) stored->i;
  case CORM_TYPE_INT32:
    return stored->type == CORM_TYPE_INT64 && stored->i == (gint32) stored->i;
  case CORM_TYPE_INT64:
  case CORM_TYPE_FLOAT64:
    return stored->type == type;
  case CORM_TYPE_FLOAT32:
    return stored->type == CORM_TYPE_FLOAT64 && (double) (float) stored->d == stored->d;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return stored->type == CORM_TYPE_TEXT && memchr (stored->data, '\0', stored->size) == NULL;
  case CORM_TYPE_BYTES:
    return stored->type == CORM_TYPE_BYTES || stored->type == CORM_TYPE_TEXT;
  default:
    return FALSE;
  }
}

gboolean
corm_sqlite3_convert (const CormValue *from, const CormSqlType *type, GString **scratch, CormValue *value,
                      GError **error)
{
  if (type == NULL || type->type == CORM_TYPE_NONE) {
    *value = *from;
    return TRUE;
  }
  if (from->is_null || is_natural (from, type->type)) {
    if (value != from)
      *value = *from;
    value->type = type->type;
    return TRUE;
  }
  CormValue stored = *from; /* @from and @value may be one */
  return convert (&stored, type, scratch, value, error);
}
