/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A value of the database into its member. This runs once a cell, and trusts a driver to deliver the type that was
 * asked for; what the member cannot hold is an error, never another value. */
#include "model/mapping.h"

#include "base/error.h"
#include "model/ctype.h"
#include "model/field.h"
#include "value/text.h"

#include <string.h>

#define MEMBER(type, p) (*(type *) (p))

static gboolean
set_null (const CormMapping *mapping, const CormField *field, char *row, GError **error)
{
  if (field->optional || corm_ctype_is_pointer (field->ctype)) {
    memset (row + field->column->offset, 0, corm_ctype_get_info (field->column->ctype)->size);
    return TRUE;
  }
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "NULL, which the member '%s' cannot say; give it a CormOpt… type",
                          field->column->member ? field->column->member : field->name);
}

static gboolean
refuse_number (const CormMapping *mapping, const CormField *field, gint64 i, GError **error)
{
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION,
                          "%" G_GINT64_FORMAT " does not fit into the %s member '%s'", i,
                          corm_ctype_get_info (field->ctype)->name,
                          field->column->member ? field->column->member : field->name);
}

static gboolean
refuse_label (const CormMapping *mapping, const CormField *field, const CormValue *value, GError **error)
{
  g_autofree char *shown = corm_error_quote (value->data, (gssize) value->size);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION, "%s is none of the model's %u labels",
                          shown, field->n_labels);
}

static gboolean
refuse_text (const CormMapping *mapping, const CormField *field, const CormValue *value, const char *reason,
             GError **error)
{
  g_autofree char *shown = corm_error_quote (value->data, (gssize) value->size);
  return corm_field_fail (mapping, field, error, CORM_ERROR_CONVERSION, "%s %s", shown, reason);
}

int
corm_field_find_label (const CormField *field, const char *text, gsize size)
{
  const char *const *labels = field->column->labels;
  for (guint i = 0; i < field->n_labels; i++)
    if (strncmp (labels[i], text, size) == 0 && labels[i][size] == '\0')
      return (int) i;
  return -1;
}

static inline gboolean
set_enum (const CormMapping *mapping, const CormField *field, gpointer p, const CormValue *value,
          GError **error)
{
  int label = corm_field_find_label (field, value->data, value->size);
  if (label < 0)
    return refuse_label (mapping, field, value, error);
  MEMBER (guint32, p) = (guint32) label; /* gint32 has the same size and the same bytes */
  return TRUE;
}

/* Whether @text is what corm_decimal_append_canonical() would make of it. */
static gboolean
is_canonical (const char *text, gsize size, guint scale)
{
  const char *end = text + size;
  const char *point = memchr (text, '.', size);
  gboolean negative = size > 0 && *text == '-';
  const char *digits = text + negative;
  const char *whole_end = point != NULL ? point : end;
  if (digits == whole_end || (*digits == '0' && whole_end - digits > 1))
    return FALSE;
  gboolean zero = TRUE;
  for (const char *p = digits; p < end; p++) {
    if (!g_ascii_isdigit (*p) && p != point)
      return FALSE;
    zero = zero && (*p == '0' || p == point);
  }
  gsize n_behind = point != NULL ? (gsize) (end - point - 1) : 0;
  if (zero && negative)
    return FALSE;
  return n_behind == scale ? point == NULL || scale > 0 : n_behind > scale && end[-1] != '0';
}

static gboolean
set_decimal (const CormMapping *mapping, const CormField *field, gpointer p, const CormValue *value,
             CormArena *arena, GError **error)
{
  if (is_canonical (value->data, value->size, field->type.scale)) {
    MEMBER (const char *, p) = corm_arena_copy (arena, value->data, value->size);
    return TRUE;
  }
  g_autoptr (GString) text = g_string_sized_new (CORM_TEXT_MAX);
  if (!corm_decimal_append_canonical (value->data, value->size, field->type.scale, text))
    return refuse_text (mapping, field, value, "is no decimal number", error);
  MEMBER (const char *, p) = corm_arena_copy (arena, text->str, text->len);
  return TRUE;
}

static inline gboolean
set_text (const CormMapping *mapping, const CormField *field, gpointer p, const CormValue *value,
          CormArena *arena, GError **error)
{
  if (G_UNLIKELY (value->size > 0 && memchr (value->data, '\0', value->size) != NULL))
    return refuse_text (mapping, field, value,
                        "holds a NUL byte, which a C string cannot; use a CormBytes member", error);
  MEMBER (const char *, p) = corm_arena_copy (arena, value->data, value->size);
  return TRUE;
}

/* Into the textual member at @p. */
static gboolean
set_copied (const CormMapping *mapping, const CormField *field, gpointer p, const CormValue *value,
            CormArena *arena, GError **error)
{
  if (field->ctype == CORM_C_DECIMAL)
    return set_decimal (mapping, field, p, value, arena, error);
  if (field->ctype != CORM_C_BYTES)
    return set_text (mapping, field, p, value, arena, error);
  MEMBER (CormBytes, p).data = (const guint8 *) corm_arena_copy (arena, value->data, value->size);
  MEMBER (CormBytes, p).size = value->size;
  return TRUE;
}

static inline gboolean
set_plain (const CormMapping *mapping, const CormField *field, gpointer p, const CormValue *value,
           CormArena *arena, GError **error)
{
  switch (field->ctype) {
  case CORM_C_BOOL:
    MEMBER (bool, p) = value->i != 0;
    return TRUE;
  case CORM_C_INT16:
    MEMBER (gint16, p) = (gint16) value->i;
    return G_LIKELY (value->i == (gint16) value->i) || refuse_number (mapping, field, value->i, error);
  case CORM_C_INT32:
    if (field->n_labels > 0)
      return set_enum (mapping, field, p, value, error);
    MEMBER (gint32, p) = (gint32) value->i;
    return G_LIKELY (value->i == (gint32) value->i) || refuse_number (mapping, field, value->i, error);
  case CORM_C_UINT32:
    if (field->n_labels > 0)
      return set_enum (mapping, field, p, value, error);
    MEMBER (guint32, p) = (guint32) value->i;
    return G_LIKELY (value->i == (guint32) value->i) || refuse_number (mapping, field, value->i, error);
  case CORM_C_FLOAT:
    MEMBER (float, p) = (float) value->d;
    return TRUE;
  case CORM_C_DOUBLE:
    MEMBER (double, p) = value->d;
    return TRUE;
  case CORM_C_DATE:
    MEMBER (gint32, p) = (gint32) value->i;
    return G_LIKELY (value->i == (gint32) value->i) || refuse_number (mapping, field, value->i, error);
  case CORM_C_INT64:
  case CORM_C_TIME:
  case CORM_C_TIMESTAMP:
  case CORM_C_LOCAL_TIMESTAMP:
    MEMBER (gint64, p) = value->i;
    return TRUE;
  case CORM_C_UUID:
    memcpy (p, &value->uuid, sizeof value->uuid);
    return TRUE;
  case CORM_C_TEXT:
  case CORM_C_JSON:
  case CORM_C_DECIMAL:
  case CORM_C_BYTES:
    return set_copied (mapping, field, p, value, arena, error);
  case CORM_C_NONE:
  case CORM_C_OPT:
    break;
  }
  g_return_val_if_reached (FALSE);
}

gboolean
corm_field_set (const CormMapping *mapping, const CormField *field, gpointer row, const CormValue *value,
                CormArena *arena, GError **error)
{
  char *base = row;
  if (arena == NULL && corm_ctype_is_pointer (field->ctype))
    return TRUE;
  if (value->is_null)
    return set_null (mapping, field, base, error);
  if (field->optional)
    MEMBER (bool, base + field->flag_offset) = true;
  return set_plain (mapping, field, base + field->offset, value, arena, error);
}
