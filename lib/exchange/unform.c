/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Form to value. The column's type decides how a form is read, never its looks: "5" is a text in a text column and a
 * number in another. Invariant: a value that comes out of here fits its column. */
#include "exchange/form.h"

#include <corm/error.h>

#include <string.h>

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_CONVERSION, reason);
  return FALSE;
}

static int
base64_digit (char c)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *at = c != '\0' ? strchr (digits, c) : NULL;
  return at != NULL ? (int) (at - digits) : -1;
}

/* RFC 4648, 4, without blanks; the one spelling that a value has. */
static gboolean
read_base64 (const CormForm *form, GString *made, CormValue *value, GError **error)
{
  gsize n_pad = 0;
  while (n_pad < 2 && n_pad < form->size && form->text[form->size - 1 - n_pad] == '=')
    n_pad++;
  guint32 bits = 0;
  g_string_truncate (made, 0);
  gboolean ok = form->size % 4 == 0;
  for (gsize i = 0; ok && i < form->size; i++) {
    int digit = i < form->size - n_pad ? base64_digit (form->text[i]) : 0;
    ok = digit >= 0;
    bits = bits << 6 | (guint32) (digit & 63);
    if (i % 4 != 3)
      continue;
    for (int shift = 16; shift >= 0; shift -= 8)
      g_string_append_c (made, (char) (bits >> shift & 0xff));
    bits = 0;
  }
  for (gsize i = 0; ok && i < n_pad; i++)
    ok = made->str[made->len - 1 - i] == '\0';
  if (!ok)
    return refuse (error, "the bytes are not written as base64");
  g_string_truncate (made, made->len - n_pad);
  *value = (CormValue){ .type = CORM_TYPE_BYTES };
  value->data = made->str;
  value->size = made->len;
  return TRUE;
}

/* A number becomes a number, a text a text, as they stand. A bare word is a text where words are taken so. */
static gboolean
read_untyped (const CormForm *form, CormWords words, CormValue *value, GError **error)
{
  static const CormSqlType text = { .type = CORM_TYPE_TEXT }, number = { .type = CORM_TYPE_INT64 },
                           real = { .type = CORM_TYPE_FLOAT64 };
  const CormSqlType *type = form->kind != CORM_FORM_BARE          ? &text
                            : strpbrk (form->text, ".eE") == NULL ? &number
                                                                  : &real;
  if (form->kind == CORM_FORM_BARE && words == CORM_WORDS_LOOSE &&
      corm_value_parse (type, form->text, (gssize) form->size, value, NULL))
    return TRUE;
  if (words == CORM_WORDS_LOOSE)
    type = &text;
  return corm_value_parse (type, form->text, (gssize) form->size, value, error);
}

static gboolean
check_label (const CormValue *value, const CormTableColumn *column, GError **error)
{
  if (column->labels == NULL)
    return TRUE;
  for (guint i = 0; column->labels[i] != NULL; i++)
    if (strlen (column->labels[i]) == value->size &&
        memcmp (column->labels[i], value->data, value->size) == 0)
      return TRUE;
  g_autofree char *labels = g_strjoinv (", ", column->labels);
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "no label of the column, which are %s", labels);
  return FALSE;
}

static gboolean
is_textual (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_ENUM || type == CORM_TYPE_RAW;
}

/* FALSE: the form is of a kind that no value of the column is written in. */
static gboolean
check_kind (const CormForm *form, const CormTableColumn *column, CormWords words, GError **error)
{
  CormType type = corm_form_is_untyped (column) ? CORM_TYPE_NONE : column->type.type;
  if (form->kind == CORM_FORM_NESTED && type != CORM_TYPE_JSON)
    return refuse (error, "an array or object where a single value belongs");
  if (form->kind == CORM_FORM_BYTES && type != CORM_TYPE_NONE && type != CORM_TYPE_BYTES)
    return refuse (error, "bytes where another value belongs");
  if (form->kind == CORM_FORM_BARE && words == CORM_WORDS_STRICT &&
      (is_textual (type) || type == CORM_TYPE_BYTES))
    return refuse (error, "a number or word without quotes where a text belongs");
  if (words == CORM_WORDS_STRICT && type == CORM_TYPE_BOOLEAN &&
      (form->kind == CORM_FORM_QUOTED || strchr ("tf", *form->text) == NULL))
    return refuse (error, "something else where true or false belongs");
  return TRUE;
}

gboolean
corm_form_to_value (const CormForm *form, const CormTableColumn *column, CormWords words, CormRoom *room,
                    CormValue *value, GError **error)
{
  CormType type = column->type.type;
  if (form->kind == CORM_FORM_NULL) {
    *value = corm_value_null ();
    if (!column->not_null)
      return TRUE;
    g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_NULL, "the column takes no NULL");
    return FALSE;
  }
  if (!check_kind (form, column, words, error))
    return FALSE;
  if (form->kind == CORM_FORM_BYTES || type == CORM_TYPE_BYTES)
    return read_base64 (form, room->made, value, error);
  if (corm_form_is_untyped (column))
    return read_untyped (form, words, value, error);
  if (!corm_value_parse (&column->type, form->text, (gssize) form->size, value, error))
    return FALSE;
  return column->labels == NULL || !is_textual (type) || check_label (value, column, error);
}
