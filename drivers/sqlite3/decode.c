/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A cell as it is stored. Text and bytes borrow from the statement until its next step. */
#include "../dialects.h"
#include "sqlite3.h"

/* As it is stored. */
static void
read_natural (sqlite3_stmt *stmt, int column, CormValue *value)
{
  value->is_null = false;
  switch (sqlite3_column_type (stmt, column)) {
  case SQLITE_INTEGER:
    value->type = CORM_TYPE_INT64;
    value->i = sqlite3_column_int64 (stmt, column);
    return;
  case SQLITE_FLOAT:
    value->type = CORM_TYPE_FLOAT64;
    value->d = sqlite3_column_double (stmt, column);
    return;
  case SQLITE_TEXT:
    value->type = CORM_TYPE_TEXT;
    value->data = (const char *) sqlite3_column_text (stmt, column);
    break;
  case SQLITE_BLOB:
    value->type = CORM_TYPE_BYTES;
    value->data = sqlite3_column_blob (stmt, column);
    break;
  default:
    value->type = CORM_TYPE_NONE;
    value->is_null = true;
    return;
  }
  value->size = (gsize) sqlite3_column_bytes (stmt, column);
  if (value->data == NULL) /* an empty blob */
    value->data = "";
}

gboolean
corm_sqlite3_decode (sqlite3_stmt *stmt, int column, const CormSqlType *type, GString **scratch,
                     CormValue *value, GError **error)
{
  CormValue from;
  read_natural (stmt, column, &from);
  return corm_sqlite3_convert (&from, type, scratch, value, error);
}
