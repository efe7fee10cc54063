/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A member's value as its column takes it. This runs once a cell: one switch on the C type, and everything that goes
 * wrong in functions of its own. A value borrows from the row. */
#include "model/mapping.h"

#include "base/error.h"
#include "model/field.h"
#include "value/text.h"

#include <string.h>

#define MEMBER(type, p) (*(const type *) (p))

gboolean
corm_field_fail (const CormMapping *mapping, const CormField *field, GError **error, CormError code,
                 const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CORM_ERROR, code, "column %s.%s: %s", mapping->model->table, field->name, reason);
  return FALSE;
}

static inline guint64
word_at (const char *text)
{
  guint64 word;
  memcpy (&word, text, sizeof word);
  return word;
}

/* Word by word, the last one up to the end: nearly all text is ASCII, and then there is nothing to validate. */
static gboolean
is_ascii (const char *text, gsize size)
{
  guint64 bits = 0;
  if (size < sizeof bits) {
    for (gsize i = 0; i < size; i++)
      bits |= (guint8) text[i];
    return (bits & 0x80) == 0;
  }
  for (gsize i = 0; i + sizeof bits < size; i += sizeof bits)
    bits |= word_at (text + i);
  bits |= word_at (text + size - sizeof bits);
  return (bits & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

static gboolean
check_long_text (const CormMapping *mapping, const CormField *field, const char *text, gsize size,
                 GError **error)
{
  if (!is_ascii (text, size) && !g_utf8_validate_len (text, size, NULL)) {
    g_autofree char *shown = corm_error_quote (text, (gssize) size);
    return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                            "%s is not UTF-8; keep other bytes in a CormBytes member", shown);
  }
  glong length = field->type.length > 0 ? g_utf8_strlen (text, (gssize) size) : 0;
  if ((gulong) length <= field->type.length)
    return TRUE;
  g_autofree char *shown = corm_error_quote (text, (gssize) size);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CHECK, "%s has %ld characters, .max_length is %u",
                          shown, length, field->type.length);
}

static inline gboolean
read_text (const CormMapping *mapping, const CormField *field, const char *text, CormValue *value,
           GError **error)
{
  value->data = text;
  value->is_null = text == NULL;
  if (text == NULL)
    return TRUE;
  value->size = strlen (text);
  if (is_ascii (text, value->size) && (field->type.length == 0 || value->size <= field->type.length))
    return TRUE;
  return check_long_text (mapping, field, text, value->size, error);
}

static gboolean
read_decimal (const CormMapping *mapping, const CormField *field, const char *text, CormValue *value,
              GError **error)
{
  value->data = text;
  value->is_null = text == NULL;
  value->size = text != NULL ? strlen (text) : 0;
  if (text == NULL || corm_decimal_fits (text, value->size, field->type.precision, field->type.scale))
    return TRUE;
  g_autofree char *shown = corm_error_quote (text, (gssize) value->size);
  if (field->type.precision == 0)
    return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION, "%s is no decimal number", shown);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "%s is no decimal of at most %u digits, %u of them behind the point", shown,
                          field->type.precision, field->type.scale);
}

static gboolean
read_label (const CormMapping *mapping, const CormField *field, gint64 i, CormValue *value, GError **error)
{
  if (i < 0 || i >= field->n_labels)
    return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                            "%" G_GINT64_FORMAT " has no label; the %u labels are numbered from 0", i,
                            field->n_labels);
  value->data = field->column->labels[i];
  value->size = strlen (value->data);
  return TRUE;
}

/* Years 0001 to 9999; a time of day is less than 24 hours. */
static gboolean
check_range (const CormMapping *mapping, const CormField *field, gint64 i, GError **error)
{
  if (field->ctype == CORM_C_TIME)
    return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                            "%" G_GINT64_FORMAT " µs is no time of day: 0 to 24 hours", i);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "%" G_GINT64_FORMAT " %s from 1970-01-01 is outside the years 0001 to 9999", i,
                          field->ctype == CORM_C_DATE ? "days" : "µs");
}

static inline gboolean
read_ranged (const CormMapping *mapping, const CormField *field, gint64 i, gint64 least, gint64 greatest,
             CormValue *value, GError **error)
{
  value->i = i;
  return G_LIKELY (i >= least && i <= greatest) || check_range (mapping, field, i, error);
}

/* The value at @p, of the plain C type. type and is_null are preset. It runs for every member that is written: without a
 * call of its own. */
static inline __attribute__ ((always_inline)) gboolean
read_plain (const CormMapping *mapping, const CormField *field, gconstpointer p, CormValue *value,
            GError **error)
{
  switch (field->ctype) {
  case CORM_C_BOOL:
    value->i = MEMBER (bool, p);
    return TRUE;
  case CORM_C_INT16:
    value->i = MEMBER (gint16, p);
    return TRUE;
  case CORM_C_INT32:
    value->i = MEMBER (gint32, p);
    return field->n_labels == 0 || read_label (mapping, field, value->i, value, error);
  case CORM_C_UINT32:
    value->i = MEMBER (guint32, p);
    return field->n_labels == 0 || read_label (mapping, field, value->i, value, error);
  case CORM_C_INT64:
    value->i = MEMBER (gint64, p);
    return TRUE;
  case CORM_C_FLOAT:
    value->d = (double) MEMBER (float, p);
    return TRUE;
  case CORM_C_DOUBLE:
    value->d = MEMBER (double, p);
    return TRUE;
  case CORM_C_TEXT:
  case CORM_C_JSON: /* a struct of one pointer */
    return read_text (mapping, field, MEMBER (char *, p), value, error);
  case CORM_C_DECIMAL:
    return read_decimal (mapping, field, MEMBER (char *, p), value, error);
  case CORM_C_BYTES:
    value->data = (const char *) MEMBER (CormBytes, p).data;
    value->size = MEMBER (CormBytes, p).size;
    value->is_null = value->data == NULL;
    return TRUE;
  case CORM_C_DATE:
    return read_ranged (mapping, field, MEMBER (gint32, p), CORM_DATE_LEAST, CORM_DATE_GREATEST, value,
                        error);
  case CORM_C_TIME:
    return read_ranged (mapping, field, MEMBER (gint64, p), 0, CORM_DAY_US - 1, value, error);
  case CORM_C_TIMESTAMP:
  case CORM_C_LOCAL_TIMESTAMP:
    return read_ranged (mapping, field, MEMBER (gint64, p), CORM_DATE_LEAST * CORM_DAY_US,
                        (CORM_DATE_GREATEST + 1) * CORM_DAY_US - 1, value, error);
  case CORM_C_UUID:
    memcpy (&value->uuid, p, sizeof value->uuid);
    return TRUE;
  case CORM_C_NONE:
  case CORM_C_OPT:
    break;
  }
  g_return_val_if_reached (FALSE);
}

static gboolean
refuse_null (const CormMapping *mapping, const CormField *field, GError **error)
{
  return corm_field_fail (mapping, field, error, CORM_ERROR_NOT_NULL,
                          "the member '%s' is not set and the column is NOT NULL",
                          field->column->member ? field->column->member : field->name);
}

gboolean
corm_field_get (const CormMapping *mapping, const CormField *field, gconstpointer row, CormValue *value,
                GError **error)
{
  const char *base = row;
  value->type = field->type.type;
  value->is_null = field->optional && !MEMBER (bool, base + field->flag_offset);
  if (!value->is_null && !read_plain (mapping, field, base + field->offset, value, error))
    return FALSE;
  return !value->is_null || field->nullable || refuse_null (mapping, field, error);
}

gboolean
corm_field_get_element (const CormMapping *mapping, const CormField *field, gconstpointer array, gsize i,
                        CormValue *value, GError **error)
{
  value->type = field->type.type;
  value->is_null = false;
  return read_plain (mapping, field, (const char *) array + i * corm_ctype_size (field->ctype), value, error);
}

static gboolean
is_zero_uuid (gconstpointer p)
{
  static const CormUuid zero;
  return memcmp (p, &zero, sizeof zero) == 0;
}

gboolean
corm_field_is_unset (const CormField *field, gconstpointer row)
{
  const char *p = (const char *) row + field->offset;
  if (field->optional)
    return !MEMBER (bool, (const char *) row + field->flag_offset);
  switch (field->ctype) {
  case CORM_C_TEXT:
  case CORM_C_BYTES:
  case CORM_C_DECIMAL:
  case CORM_C_JSON:
    return MEMBER (char *, p) == NULL;
  case CORM_C_UUID:
    return field->has_default && is_zero_uuid (p);
  case CORM_C_TIMESTAMP:
  case CORM_C_LOCAL_TIMESTAMP:
    return field->has_default && MEMBER (gint64, p) == 0;
  case CORM_C_INT16:
    return (field->is_auto || (field->is_key && field->has_default)) && MEMBER (gint16, p) == 0;
  case CORM_C_INT32:
    return (field->is_auto || (field->is_key && field->has_default)) && MEMBER (gint32, p) == 0;
  case CORM_C_INT64:
    return (field->is_auto || (field->is_key && field->has_default)) && MEMBER (gint64, p) == 0;
  default:
    return FALSE;
  }
}
