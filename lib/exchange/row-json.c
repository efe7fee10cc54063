/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One row as a JSON object, for a page or another program. Values are written as an export writes them, but for JSON, which
 * here is part of the whole. */
#include "exchange/writer.h"

#include "base/error.h"
#include "model/mapping.h"
#include "value/json.h"

#include <corm/error.h>
#include <string.h>

static gboolean
is_left_out (const CormColumn *column, const gsize *without)
{
  for (; without != NULL && *without != G_MAXSIZE; without++)
    if (*without == column->offset)
      return TRUE;
  return FALSE;
}

static void
append_form (GString *json, const CormForm *form, CormType type)
{
  if (form->kind == CORM_FORM_NULL)
    g_string_append (json, "null");
  else if (form->kind == CORM_FORM_BARE || type == CORM_TYPE_JSON)
    g_string_append_len (json, form->text, (gssize) form->size);
  else
    corm_json_append_string (json, form->text, form->size);
}

/* SQLite keeps any text in a column of JSON; in a whole that is to be JSON it has no place. */
static gboolean
check_json (const CormField *field, const CormForm *form, GError **error)
{
  const char *reason;
  gsize at;
  if (field->type.type != CORM_TYPE_JSON || form->kind == CORM_FORM_NULL ||
      corm_json_check (form->text, form->size, &reason, &at))
    return TRUE;
  g_autofree char *shown = corm_error_quote (form->text, (gssize) form->size);
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "%s is no JSON; corm doctor finds such cells",
               shown);
  return FALSE;
}

/* A member that holds NULL is null here, whether its column may be or not: the row may be on its way still. */
static gboolean
append_member (const CormMapping *mapping, const CormField *field, gconstpointer row, CormRoom *room,
               GString *json, GError **error)
{
  CormForm form;
  CormValue value;
  g_autoptr (GError) why = NULL;
  const CormTableColumn column = { .name = (char *) field->name, .type = field->type };
  if (!corm_field_get (mapping, field, row, &value, &why) &&
      !g_error_matches (why, CORM_ERROR, CORM_ERROR_NOT_NULL)) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  if (!corm_form_from_value (&column, &value, room, &form, error) || !check_json (field, &form, error)) {
    g_prefix_error (error, "column %s.%s: ", mapping->model->table, field->name);
    return FALSE;
  }
  const char *name = field->column->member != NULL ? field->column->member : field->name;
  g_string_append_c (json, json->len > 0 ? ',' : '{');
  corm_json_append_string (json, name, strlen (name));
  g_string_append_c (json, ':');
  append_form (json, &form, field->type.type);
  return TRUE;
}

char *
corm_row_to_json (const CormModel *model, gconstpointer row, const gsize *without, GError **error)
{
  g_return_val_if_fail (model != NULL && row != NULL, NULL);
  g_autoptr (CormMapping) mapping = corm_mapping_new (model);
  g_autoptr (CormRoom) room = corm_room_new ();
  g_autoptr (GString) json = g_string_new (NULL);
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    if (!is_left_out (field->column, without) && !append_member (mapping, field, row, room, json, error))
      return NULL;
  }
  g_string_append (json, json->len > 0 ? "}" : "{}");
  return g_string_free (g_steal_pointer (&json), FALSE);
}
