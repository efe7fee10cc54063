/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Cells. Where a cast in the SQL has made text of a column, that text is read as the type that was asked for; where none
 * has, libdbi's type is taken when it cannot have changed the value, and else refused by name. */
#include "generic.h"

#include <string.h>

static gboolean
has_no_nul (const char *text, gsize size, GError **error)
{
  if (strlen (text) == size)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "the text has a NUL in it; read it as bytes");
  return FALSE;
}

gboolean
corm_generic_unhex (const char *text, gsize size, GString **scratch, CormValue *value, GError **error)
{
  if (*scratch == NULL)
    *scratch = g_string_new (NULL);
  g_string_truncate (*scratch, 0);
  for (gsize i = 0; i + 1 < size; i += 2) {
    int high = g_ascii_xdigit_value (text[i]), low = g_ascii_xdigit_value (text[i + 1]);
    if (high < 0 || low < 0)
      break;
    g_string_append_c (*scratch, (char) (high * 16 + low));
  }
  if ((*scratch)->len * 2 != size) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "bytes did not come in hexadecimal form");
    return FALSE;
  }
  *value = (CormValue){ .type = CORM_TYPE_BYTES, .data = (*scratch)->str, .size = (*scratch)->len };
  return TRUE;
}

/* Nobody has asked for the type, or whoever did takes what there is: the server's words then. */
static gboolean
is_moment (CormType type)
{
  return type == CORM_TYPE_DATE || type == CORM_TYPE_TIME || type == CORM_TYPE_TIMESTAMP ||
         type == CORM_TYPE_LOCAL_TIMESTAMP;
}

gboolean
corm_generic_decode (const char *text, gsize size, const CormGenericColumn *column, GString **scratch,
                     CormValue *value, GError **error)
{
  const CormSqlType *type = &column->type;
  if (type->type == CORM_TYPE_BYTES)
    return corm_generic_unhex (text, size, scratch, value, error);
  if (!has_no_nul (text, size, error))
    return FALSE;
  switch (type->type) {
  case CORM_TYPE_NONE:
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    *value = (CormValue){ .type = type->type == CORM_TYPE_NONE ? CORM_TYPE_TEXT : type->type,
                          .data = text,
                          .size = size };
    return TRUE;
  default:
    if (corm_value_parse (type, text, (gssize) size, value, error))
      return TRUE;
    if (!column->as_found && (column->is_asked || !is_moment (type->type)))
      return FALSE;
    g_clear_error (error);
    *value = (CormValue){ .type = CORM_TYPE_TEXT, .data = text, .size = size };
    return TRUE;
  }
}

static gboolean
decode_integer (dbi_result result, guint column, CormValue *value, GError **error)
{
  guint attributes = dbi_result_get_field_attribs_idx (result, column);
  gboolean is_unsigned = (attributes & DBI_INTEGER_UNSIGNED) != 0;
  *value = (CormValue){ .type = CORM_TYPE_INT64 };
  switch (attributes & (DBI_INTEGER_SIZE1 | DBI_INTEGER_SIZE2 | DBI_INTEGER_SIZE3 | DBI_INTEGER_SIZE4 |
                        DBI_INTEGER_SIZE8)) {
  case DBI_INTEGER_SIZE1:
    value->i = is_unsigned ? (gint64) dbi_result_get_uchar_idx (result, column)
                           : dbi_result_get_char_idx (result, column);
    return TRUE;
  case DBI_INTEGER_SIZE2:
    value->i = is_unsigned ? (gint64) dbi_result_get_ushort_idx (result, column)
                           : dbi_result_get_short_idx (result, column);
    return TRUE;
  case DBI_INTEGER_SIZE8:
    value->i = dbi_result_get_longlong_idx (result, column);
    /* libdbi stops at the largest signed number. */
    if (!is_unsigned || (value->i >= 0 && value->i < G_MAXINT64))
      return TRUE;
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "an unsigned number is too large; cast the column to text");
    return FALSE;
  default:
    value->i = is_unsigned ? (gint64) dbi_result_get_uint_idx (result, column)
                           : dbi_result_get_int_idx (result, column);
    return TRUE;
  }
}

static gboolean
decode_text (dbi_result result, guint column, CormValue *value, GError **error)
{
  const char *text = dbi_result_get_string_idx (result, column);
  gsize size = dbi_result_get_field_length_idx (result, column);
  *value = (CormValue){ .type = CORM_TYPE_TEXT, .data = text, .size = size };
  return has_no_nul (text, size, error);
}

gboolean
corm_generic_decode_direct (dbi_result result, guint column, CormValue *value, GError **error)
{
  gushort type = dbi_result_get_field_type_idx (result, column);
  switch (type) {
  case DBI_TYPE_INTEGER:
    return decode_integer (result, column, value, error);
  case DBI_TYPE_STRING:
    return decode_text (result, column, value, error);
  case DBI_TYPE_BINARY:
    *value = (CormValue){ .type = CORM_TYPE_BYTES,
                          .data = (const char *) dbi_result_get_binary_idx (result, column),
                          .size = dbi_result_get_field_length_idx (result, column) };
    return TRUE;
  case DBI_TYPE_DECIMAL:
    if (dbi_result_get_field_attribs_idx (result, column) & DBI_DECIMAL_SIZE8) {
      *value = (CormValue){ .type = CORM_TYPE_FLOAT64, .d = dbi_result_get_double_idx (result, column) };
      return TRUE;
    }
    break;
  default:
    break;
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "libdbi would change this %s; cast the column to text",
               type == DBI_TYPE_DATETIME ? "time" : "number");
  return FALSE;
}
