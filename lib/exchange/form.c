/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Value to form. An integer that a reader of JSON may round (beyond 2^53 - 1) is quoted, and so is every decimal: only
 * what a double holds is ever bare. Bytes are base64. Invariant: what is read back from the form is the same value. */
#include "exchange/form.h"

#include <corm/error.h>
#include <corm/sys/text.h>

#include <math.h>

#define EXACT_MAX G_GINT64_CONSTANT (9007199254740991) /* 2^53 - 1: RFC 8259, 6 */

CormRoom *
corm_room_new (void)
{
  CormRoom *room = g_new0 (CormRoom, 1);
  room->made = g_string_new (NULL);
  room->text = g_string_new (NULL);
  return room;
}

void
corm_room_free (CormRoom *room)
{
  g_string_free (room->made, TRUE);
  g_string_free (room->text, TRUE);
  g_free (room);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_CONVERSION, reason);
  return FALSE;
}

static gboolean
check_utf8 (const CormValue *value, GError **error)
{
  const char *end = NULL;
  if (g_utf8_validate_len (value->data, value->size, &end))
    return TRUE;
  gsize at = (gsize) (end - value->data);
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "byte %" G_GSIZE_FORMAT " of the text is %s", at,
               at < value->size && *end == '\0' ? "NUL, which text can't hold" : "not UTF-8");
  return FALSE;
}

/* A database without decimals keeps them as doubles: what it means is the shortest decimal that reads as that double. */
static gboolean
decimal_from_double (const CormValue *value, const CormTableColumn *column, GString *made, CormValue *decimal,
                     GError **error)
{
  char text[CORM_TEXT_MAX];
  gsize size = corm_text_from_double (value->d, text);
  g_string_truncate (made, 0);
  if (!corm_decimal_append_canonical (text, size, 0, made))
    return corm_value_convert (value, &column->type, made, decimal, error);
  *decimal = (CormValue){ .type = CORM_TYPE_DECIMAL };
  decimal->data = made->str;
  decimal->size = made->len;
  return TRUE;
}

/* The value as the column's type has it; its length and digits do not matter here. */
static gboolean
as_declared (const CormTableColumn *column, const CormValue *value, GString *made, CormValue *declared,
             GError **error)
{
  CormType type = column->type.type;
  CormSqlType bare = { .type = type };
  *declared = *value;
  if (value->type == type || corm_form_is_untyped (column))
    return TRUE;
  if (type == CORM_TYPE_DECIMAL && value->type == CORM_TYPE_FLOAT64)
    return decimal_from_double (value, column, made, declared, error);
  return corm_value_convert (value, &bare, made, declared, error);
}

static void
base64 (const CormValue *value, GString *text)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *) value->data, value->size);
  g_string_assign (text, encoded);
}

static CormFormKind
kind_of_number (const CormTableColumn *column, const CormValue *value)
{
  if (value->type == CORM_TYPE_FLOAT32 || value->type == CORM_TYPE_FLOAT64)
    return isfinite (value->d) ? CORM_FORM_BARE : CORM_FORM_QUOTED;
  /* In a column without a type a quoted one would be a text. */
  return corm_form_is_untyped (column) || (value->i >= -EXACT_MAX && value->i <= EXACT_MAX)
             ? CORM_FORM_BARE
             : CORM_FORM_QUOTED;
}

static gboolean
append_form (const CormTableColumn *column, const CormValue *value, GString *text, CormForm *form,
             GError **error)
{
  form->kind = CORM_FORM_QUOTED;
  g_string_truncate (text, 0);
  switch (value->type) {
  case CORM_TYPE_TEXT:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    form->text = value->data;
    form->size = value->size;
    return check_utf8 (value, error);
  case CORM_TYPE_BYTES:
    form->kind = corm_form_is_untyped (column) ? CORM_FORM_BYTES : CORM_FORM_QUOTED;
    base64 (value, text);
    break;
  case CORM_TYPE_BOOLEAN:
    form->kind = CORM_FORM_BARE;
    corm_value_append_text (value, text);
    break;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    form->kind = kind_of_number (column, value);
    corm_value_append_text (value, text);
    break;
  case CORM_TYPE_JSON:
    if (!check_utf8 (value, error))
      return FALSE;
    corm_value_append_text (value, text);
    break;
  default:
    corm_value_append_text (value, text);
  }
  form->text = text->str;
  form->size = text->len;
  return !corm_form_is_untyped (column) || form->kind != CORM_FORM_QUOTED ||
         refuse (error, "the column has no type, and the value is no text, number or bytes");
}

gboolean
corm_form_from_value (const CormTableColumn *column, const CormValue *value, CormRoom *room, CormForm *form,
                      GError **error)
{
  CormValue declared;
  *form = (CormForm){ .kind = CORM_FORM_NULL, .text = "" };
  return value->is_null || (as_declared (column, value, room->made, &declared, error) &&
                            append_form (column, &declared, room->text, form, error));
}
