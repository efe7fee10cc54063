/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading into shapes. A column of another type than the member's is converted exactly, or not at all. */
#include "store/result.h"

#include "base/error.h"

static gboolean
is_textual (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_RAW || type == CORM_TYPE_ENUM;
}

static gboolean
converts (const CormField *field, CormType type, const CormModel *model, gboolean *needed, GError **error)
{
  CormType own = field->type.type;
  *needed = own != type && !(is_textual (own) && is_textual (type));
  if (type != CORM_TYPE_ENUM || is_textual (own))
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the member '%s' of %s can't hold the labels of an enum: give it the enum's type",
               field->column->member, model->type);
  return FALSE;
}

gboolean
corm_result_init (CormResult *result, const CormQueryOutput *outputs, guint n, CormArena *arena,
                  GError **error)
{
  const CormModel *model = outputs[0].model;
  CormMapping *mapping = corm_outputs_new_mapping (outputs, n, model, arena);
  gboolean *needed = corm_arena_alloc (arena, n * sizeof *needed);
  *result = (CormResult){ .mapping = mapping };
  for (guint i = 0; i < n; i++) {
    if (!converts (&mapping->fields[i], outputs[i].typing.type.type, model, &needed[i], error))
      return FALSE;
    if (needed[i])
      result->converts = needed;
  }
  return TRUE;
}

void
corm_result_clear (CormResult *result)
{
  if (result->scratch != NULL)
    g_string_free (result->scratch, TRUE);
  result->scratch = NULL;
}

gboolean
corm_result_set (const CormMapping *mapping, const CormField *field, gpointer row, const CormValue *value,
                 GString *scratch, CormArena *arena, GError **error)
{
  CormValue converted = *value;
  CormSqlType type = { .type = field->type.type };
  g_string_truncate (scratch, 0);
  if (!value->is_null && !is_textual (type.type) &&
      !corm_value_convert (value, &type, scratch, &converted, error))
    return corm_error_prefix (error, "column %s", field->name);
  return corm_field_set (mapping, field, row, &converted, arena, error);
}

gboolean
corm_result_fill (CormResult *result, gpointer row, const CormValue *values, CormArena *arena, GError **error)
{
  const CormMapping *mapping = result->mapping;
  if (result->converts == NULL)
    return corm_rows_fill (mapping, row, values, arena, error);
  if (result->scratch == NULL)
    result->scratch = g_string_new (NULL);
  for (guint i = 0; i < mapping->n_fields; i++)
    if (!(result->converts[i]
              ? corm_result_set (mapping, &mapping->fields[i], row, &values[i], result->scratch, arena, error)
              : corm_field_set (mapping, &mapping->fields[i], row, &values[i], arena, error)))
      return FALSE;
  return TRUE;
}

gboolean
corm_result_load (CormResult *result, CormRows *rows, CormStatement *statement, GError **error)
{
  const CormValue *values = NULL;
  CormStep step;
  while ((step = corm_statement_step (statement, &values, error)) == CORM_STEP_ROW) {
    gpointer row = corm_arena_alloc (rows->arena, result->mapping->model->size);
    if (!corm_result_fill (result, row, values, rows->arena, error))
      return FALSE;
    corm_rows_append (rows, row);
  }
  return step == CORM_STEP_DONE;
}
