/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A cell, as it is stored and as it was asked for. Text and bytes borrow from the statement until its next step. */
#include "sqlite3.h"

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

gboolean
corm_sqlite3_decode (sqlite3_value *cell, const CormSqlType *type, GString **scratch, CormValue *value,
                     GError **error)
{
  read_natural (cell, value);
  if (G_UNLIKELY ((value->type == CORM_TYPE_TEXT || value->type == CORM_TYPE_BYTES) && value->data == NULL)) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_FULL, "out of memory");
    return FALSE;
  }
  if (type != NULL && type->type == value->type && type->type != CORM_TYPE_TEXT) /* most cells */
    return TRUE;
  return corm_sqlite3_convert (value, type, scratch, value, error);
}
