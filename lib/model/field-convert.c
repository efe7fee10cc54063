/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A value of an expression as its column's type. CORM_EQ and its kin make few types of value (every integer is
 * INT64); this gives them the column's, and refuses what the column could never hold. */
#include "model/mapping.h"

#include "base/error.h"
#include "model/field.h"
#include "value/text.h"

#include <string.h>

static gboolean
is_integer (CormType type)
{
  return type == CORM_TYPE_BOOLEAN || type == CORM_TYPE_INT16 || type == CORM_TYPE_INT32 ||
         type == CORM_TYPE_INT64;
}

static gboolean
refuse (const CormMapping *mapping, const CormField *field, const CormValue *from, GError **error)
{
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "a value of type %s for a column of type %s", corm_type_name (from->type),
                          corm_type_name (field->type.type));
}

static gboolean
convert_integer (const CormMapping *mapping, const CormField *field, const CormValue *from, CormValue *to,
                 GError **error)
{
  if (!is_integer (from->type))
    return refuse (mapping, field, from, error);
  gint64 least = field->ctype == CORM_C_INT16   ? G_MININT16
                 : field->ctype == CORM_C_INT32 ? G_MININT32
                 : field->ctype == CORM_C_INT64 ? G_MININT64
                                                : 0;
  gint64 greatest = field->ctype == CORM_C_INT16    ? G_MAXINT16
                    : field->ctype == CORM_C_INT32  ? G_MAXINT32
                    : field->ctype == CORM_C_UINT32 ? G_MAXUINT32
                    : field->ctype == CORM_C_BOOL   ? 1
                                                    : G_MAXINT64;
  to->i = from->i;
  if (to->i >= least && to->i <= greatest)
    return TRUE;
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "%" G_GINT64_FORMAT " is outside %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                          ", what the member holds",
                          to->i, least, greatest);
}

static gboolean
convert_label (const CormMapping *mapping, const CormField *field, const CormValue *from, CormValue *to,
               GError **error)
{
  gboolean is_text = from->type == CORM_TYPE_TEXT || from->type == CORM_TYPE_ENUM;
  if (!is_text && !is_integer (from->type))
    return refuse (mapping, field, from, error);
  gint64 label = is_text ? corm_field_find_label (field, from->data, from->size) : from->i;
  if (label >= 0 && label < field->n_labels) {
    to->data = field->column->labels[label];
    to->size = strlen (to->data);
    return TRUE;
  }
  g_autofree char *shown = is_text ? corm_error_quote (from->data, (gssize) from->size)
                                   : g_strdup_printf ("%" G_GINT64_FORMAT, from->i);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "%s is none of the model's %u labels%s", shown, field->n_labels,
                          is_text ? "" : ", which are numbered from 0");
}

static gboolean
convert_float (const CormMapping *mapping, const CormField *field, const CormValue *from, CormValue *to,
               GError **error)
{
  if (from->type != CORM_TYPE_FLOAT64 && from->type != CORM_TYPE_FLOAT32)
    return refuse (mapping, field, from, error);
  /* 0.1 in a predicate means the float 0.1 that the column has. */
  to->d = field->ctype == CORM_C_FLOAT ? (double) (float) from->d : from->d;
  return TRUE;
}

static gboolean
convert_text (const CormMapping *mapping, const CormField *field, const CormValue *from, CormValue *to,
              GError **error)
{
  gboolean same = from->type == field->type.type;
  if (!same && !(from->type == CORM_TYPE_TEXT && field->type.type == CORM_TYPE_RAW))
    return refuse (mapping, field, from, error);
  to->data = from->data;
  to->size = from->size;
  gboolean is_bytes = from->type == CORM_TYPE_BYTES;
  const char *wrong = NULL;
  if (!is_bytes && !g_utf8_validate_len (from->data, from->size, NULL))
    wrong = "is not UTF-8";
  else if (from->type == CORM_TYPE_DECIMAL && !corm_decimal_fits (from->data, from->size, 0, 0))
    wrong = "is no decimal number";
  if (wrong == NULL)
    return TRUE;
  g_autofree char *shown = corm_error_quote (from->data, (gssize) from->size);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION, "%s %s", shown, wrong);
}

gboolean
corm_field_convert (const CormMapping *mapping, const CormField *field, const CormValue *from, CormValue *to,
                    GError **error)
{
  CormValue value = { .type = field->type.type, .is_null = from->is_null };
  *to = value;
  if (from->is_null)
    return TRUE;
  switch (field->type.type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return convert_integer (mapping, field, from, to, error);
  case CORM_TYPE_ENUM:
    return convert_label (mapping, field, from, to, error);
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return convert_float (mapping, field, from, to, error);
  case CORM_TYPE_TEXT:
  case CORM_TYPE_RAW:
  case CORM_TYPE_JSON:
  case CORM_TYPE_DECIMAL:
  case CORM_TYPE_BYTES:
    return convert_text (mapping, field, from, to, error);
  default:
    if (from->type != field->type.type)
      return refuse (mapping, field, from, error);
    *to = *from;
    return TRUE;
  }
}
