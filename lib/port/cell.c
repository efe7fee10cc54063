/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Converting one value. Invariant: what comes out reads back as what went in, or there is an error; nothing is cut,
 * rounded or turned into NULL. */
#include "port/cell.h"

#include "base/error.h"
#include "port/conversion.h"
#include "value/text.h"

#include <string.h>

CormCells *
corm_cells_new (guint n)
{
  CormCells *cells = g_new0 (CormCells, 1);
  cells->n = n;
  cells->texts = g_new0 (GString *, n);
  for (guint i = 0; i < n; i++)
    cells->texts[i] = g_string_new (NULL);
  return cells;
}

void
corm_cells_free (CormCells *cells)
{
  for (guint i = 0; i < cells->n; i++)
    g_string_free (cells->texts[i], TRUE);
  g_free (cells->texts);
  g_free (cells);
}

/* A database without decimals keeps them as doubles: what it means is the shortest decimal that reads as that double. */
static gboolean
decimal_from_double (const CormValue *from, const CormTableColumn *column, GString *scratch, CormValue *to,
                     GError **error)
{
  char text[CORM_TEXT_MAX];
  CormValue decimal;
  gsize size = corm_text_from_double (from->d, text);
  g_string_truncate (scratch, 0);
  if (!corm_decimal_append_canonical (text, size, column->type.scale, scratch))
    return corm_value_convert (from, &column->type, scratch, to, error); /* NaN and its like say why not */
  decimal = (CormValue){ .type = CORM_TYPE_DECIMAL };
  decimal.data = scratch->str;
  decimal.size = scratch->len;
  *to = decimal;
  return TRUE;
}

static gboolean
check_text (const CormValue *value, const CormTableColumn *column, GError **error)
{
  const char *end = NULL;
  if (!g_utf8_validate_len (value->data, value->size, &end)) {
    gsize at = (gsize) (end - value->data);
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "byte %" G_GSIZE_FORMAT " of the text is %s", at,
                 at < value->size && *end == '\0' ? "NUL, which text can't hold" : "not UTF-8");
    return FALSE;
  }
  if (column->type.length == 0 || value->size <= column->type.length)
    return TRUE;
  glong n_chars = g_utf8_strlen (value->data, (gssize) value->size);
  if (n_chars <= (glong) column->type.length)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "%ld characters, the column takes %u", n_chars,
               column->type.length);
  return FALSE;
}

static gboolean
check_decimal (const CormValue *value, const CormTableColumn *column, GError **error)
{
  if (corm_decimal_fits (value->data, value->size, column->type.precision, column->type.scale))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "more digits than decimal(%u,%u) takes",
               column->type.precision, column->type.scale);
  return FALSE;
}

static gboolean
check_label (const CormValue *value, const CormTableColumn *column, GError **error)
{
  for (guint i = 0; column->labels != NULL && column->labels[i] != NULL; i++)
    if (strlen (column->labels[i]) == value->size &&
        memcmp (column->labels[i], value->data, value->size) == 0)
      return TRUE;
  if (column->labels == NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "no label of the column");
  return FALSE;
}

gboolean
corm_cell_convert (const CormValue *from, const CormTableColumn *column, GString *scratch, CormValue *to,
                   GError **error)
{
  CormType type = column->type.type;
  if (from->is_null) {
    *to = corm_value_null ();
    if (!column->not_null)
      return TRUE;
    g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_NULL, "the column takes no NULL");
    return FALSE;
  }
  if (from->type == type)
    *to = *from;
  else if (from->type == CORM_TYPE_FLOAT64 && type == CORM_TYPE_DECIMAL) {
    if (!decimal_from_double (from, column, scratch, to, error))
      return FALSE;
  } else if (!corm_value_convert (from, &column->type, scratch, to, error))
    return FALSE;
  switch (type) {
  case CORM_TYPE_TEXT:
    return check_text (to, column, error);
  case CORM_TYPE_DECIMAL:
    return check_decimal (to, column, error);
  case CORM_TYPE_ENUM:
    return check_label (to, column, error);
  default:
    return TRUE;
  }
}

gboolean
corm_cell_move (const CormPair *pair, guint i, const CormValue *from, GString *scratch, CormValue *to,
                GError **error)
{
  CormValue converted;
  if (pair->conversions[i] == 0)
    return corm_cell_convert (from, pair->target_columns[i], scratch, to, error);
  return corm_conversion_apply (pair->conversions[i], from, scratch, &converted, error) &&
         corm_cell_convert (&converted, pair->target_columns[i], scratch, to, error);
}

char *
corm_cell_key_text (const CormPair *pair, const CormValue *row, guint64 number)
{
  GString *text = g_string_new (NULL);
  for (guint k = 0; k < pair->n_keys; k++) {
    g_autoptr (GString) value = g_string_new (NULL);
    corm_value_append_text (&row[pair->keys[k]], value);
    g_autofree char *quoted = corm_error_quote (value->str, (gssize) value->len);
    g_string_append_printf (text, "%s%s = %s", k > 0 ? ", " : "", pair->source_columns[pair->keys[k]]->name,
                            quoted);
  }
  if (pair->n_keys == 0)
    g_string_append_printf (text, "row %" G_GINT64_FORMAT, (gint64) number);
  return g_string_free (text, FALSE);
}
