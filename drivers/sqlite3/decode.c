/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A cell, as it is stored and as it was asked for. Text and bytes borrow from the statement until its next step. */
#include "sqlite3.h"

#include <string.h>

/* As it is stored; without its bytes where there was no memory to hand them out. */
static void
read_natural (sqlite3_value *cell, CormValue *value)
{
  value->is_null = false;
  switch (sqlite3_value_type (cell)) {
  case SQLITE_INTEGER:
    value->type = CORM_TYPE_INT64;
    value->i = sqlite3_value_int64 (cell);
    return;
  case SQLITE_FLOAT:
    value->type = CORM_TYPE_FLOAT64;
    value->d = sqlite3_value_double (cell);
    return;
  case SQLITE_TEXT:
    value->type = CORM_TYPE_TEXT;
    value->data = (const char *) sqlite3_value_text (cell);
    value->size = (gsize) sqlite3_value_bytes (cell);
    return;
  case SQLITE_BLOB:
    value->type = CORM_TYPE_BYTES;
    value->size = (gsize) sqlite3_value_bytes (cell);
    value->data = value->size > 0 ? sqlite3_value_blob (cell) : "";
    return;
  default:
    value->type = CORM_TYPE_NONE;
    value->is_null = true;
    return;
  }
}

static inline gboolean
take_text (sqlite3_value *cell, CormValue *value)
{
  value->data = (const char *) sqlite3_value_text (cell);
  value->size = (gsize) sqlite3_value_bytes (cell);
  return value->data != NULL && memchr (value->data, '\0', value->size) == NULL;
}

static inline gboolean
take_int (sqlite3_value *cell, CormType type, CormValue *value)
{
  gint64 i = value->i = sqlite3_value_int64 (cell);
  if (type == CORM_TYPE_INT32)
    return i == (gint32) i;
  return type == CORM_TYPE_INT64 || (type == CORM_TYPE_INT16 ? i == (gint16) i : i == 0 || i == 1);
}

static inline gboolean
take_moment (sqlite3_value *cell, CormType type, CormValue *value)
{
  gboolean had_zone;
  const char *text = (const char *) sqlite3_value_text (cell);
  return text != NULL &&
         corm_text_to_timestamp (text, (gsize) sqlite3_value_bytes (cell), &value->i, &had_zone) &&
         !(had_zone && type == CORM_TYPE_LOCAL_TIMESTAMP);
}

/* Most cells are stored as their column's type has it by nature. FALSE for all others, and for what is refused. */
static inline gboolean
take_natural (sqlite3_value *cell, CormType type, CormValue *value)
{
  int class = sqlite3_value_type (cell);
  value->type = type;
  value->is_null = class == SQLITE_NULL;
  if (class == SQLITE_NULL)
    return type != CORM_TYPE_NONE;
  switch (type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return class == SQLITE_INTEGER && take_int (cell, type, value);
  case CORM_TYPE_FLOAT64:
    value->d = class == SQLITE_FLOAT ? sqlite3_value_double (cell) : 0;
    return class == SQLITE_FLOAT;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return class == SQLITE_TEXT && take_text (cell, value);
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    return class == SQLITE_TEXT && take_moment (cell, type, value);
  default:
    return FALSE;
  }
}

gboolean
corm_sqlite3_decode (sqlite3_value *cell, const CormSqlType *type, GString **scratch, CormValue *value,
                     GError **error)
{
  if (type != NULL && take_natural (cell, type->type, value))
    return TRUE;
  read_natural (cell, value);
  if (G_UNLIKELY ((value->type == CORM_TYPE_TEXT || value->type == CORM_TYPE_BYTES) && value->data == NULL)) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_FULL, "out of memory");
    return FALSE;
  }
  return corm_sqlite3_convert (value, type, scratch, value, error);
}
