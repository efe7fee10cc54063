/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks of one model: its table, its columns with their options, its primary key. */
#include "model/check.h"
#include "model/ctype.h"

#include <string.h>

/* A name for messages, whatever the field lacks. */
static const char *
say (const CormField *field)
{
  return field->name[0] != '\0' ? field->name : "(no name)";
}

static void
check_name (CormFaults *faults, const CormMapping *mapping, guint i)
{
  const CormField *field = &mapping->fields[i];
  g_autofree char *what = field->column->member != NULL
                              ? g_strdup_printf ("the column of member '%s'", field->column->member)
                              : g_strdup_printf ("column %u", i + 1);
  corm_faults_check_name (faults, mapping->model, what, field->name);
  for (guint j = 0; j < i && field->name[0] != '\0'; j++)
    if (g_ascii_strcasecmp (mapping->fields[j].name, field->name) == 0)
      corm_faults_add (faults, mapping->model,
                       "two columns are called '%s'; rename one with CORM_COLUMN_NAMED", field->name);
}

static gboolean
has_labels_twice (const CormField *field, const char **label)
{
  for (guint i = 1; i < field->n_labels; i++)
    for (guint j = 0; j < i; j++)
      if (strcmp (field->column->labels[i], field->column->labels[j]) == 0) {
        *label = field->column->labels[i];
        return TRUE;
      }
  return FALSE;
}

static void
check_labels (CormFaults *faults, const CormModel *model, const CormField *field)
{
  const CormColumn *column = field->column;
  const char *label = NULL;
  if (column->labels == NULL) {
    if (column->enum_type != NULL)
      corm_faults_add (faults, model, "column '%s' has an .enum_type but no .labels; add the labels",
                       say (field));
    return;
  }
  if (field->type.type != CORM_TYPE_ENUM)
    corm_faults_add (
        faults, model,
        "column '%s' has .labels, but its member is no enum; make it an enum, gint32 or CormOptEnum, "
        "or drop .labels",
        say (field));
  if (field->n_labels == 0)
    corm_faults_add (faults, model, "column '%s' has an empty list of labels; list at least one, then NULL",
                     say (field));
  if (has_labels_twice (field, &label))
    corm_faults_add (faults, model, "column '%s' has the label '%s' twice; make the labels differ",
                     say (field), label);
  for (guint i = 0; column->max_length > 0 && i < field->n_labels; i++)
    if (g_utf8_strlen (column->labels[i], -1) > (glong) column->max_length)
      corm_faults_add (faults, model,
                       "column '%s' has the label '%s', longer than its .max_length = %u; raise it",
                       say (field), column->labels[i], column->max_length);
  if (column->enum_type == NULL)
    return;
  corm_faults_check_name (faults, model, "the .enum_type", column->enum_type);
  for (guint i = 0; i < field->n_labels; i++)
    corm_faults_check_name (faults, model, "a label of an .enum_type", column->labels[i]);
}

/* Options that only some types know. */
static void
check_options (CormFaults *faults, const CormModel *model, const CormField *field)
{
  const CormColumn *column = field->column;
  CormType type = field->type.type;
  if (column->max_length > 0 && type != CORM_TYPE_TEXT &&
      (type != CORM_TYPE_ENUM || column->enum_type != NULL))
    corm_faults_add (faults, model, "column '%s' has a .max_length, which only text has; drop it",
                     say (field));
  if ((column->precision > 0 || column->scale > 0) && type != CORM_TYPE_DECIMAL)
    corm_faults_add (
        faults, model,
        "column '%s' has a .precision or .scale, which only a CormDecimal has; drop it or change the member",
        say (field));
  else if (column->scale > column->precision)
    corm_faults_add (faults, model,
                     "column '%s' has .scale = %u above its .precision = %u; raise the precision",
                     say (field), column->scale, column->precision);
  if (column->raw != NULL && field->ctype != CORM_C_TEXT && field->ctype != CORM_C_JSON)
    corm_faults_add (faults, model,
                     "column '%s' is .raw, but its member is no const char * or CormJson; change the member",
                     say (field));
  if (column->raw != NULL && column->raw[0].type == NULL)
    corm_faults_add (faults, model,
                     "column '%s' has an empty .raw list; name the type in at least one dialect",
                     say (field));
  if (column->check != NULL && column->check[0] == '\0')
    corm_faults_add (faults, model, "column '%s' has an empty .check; write an expression or drop it",
                     say (field));
  if (column->check_name != NULL && column->check == NULL && column->labels == NULL)
    corm_faults_add (faults, model,
                     "column '%s' has a .check_name, but neither .check nor .labels; drop the name",
                     say (field));
  if (column->check_name != NULL)
    corm_faults_check_name (faults, model, "the .check_name", column->check_name);
}

static gboolean
is_label (const CormField *field, const char *text)
{
  return g_strv_contains (field->column->labels, text);
}

static void
check_default_value (CormFaults *faults, const CormModel *model, const CormField *field)
{
  g_autoptr (GError) error = NULL;
  const char *text = field->column->default_value;
  CormValue value;
  if (field->type.type == CORM_TYPE_ENUM) {
    if (!is_label (field, text))
      corm_faults_add (faults, model,
                       "column '%s' has the default '%s', which is none of its labels; use one of them",
                       say (field), text);
  } else if (!corm_value_parse (&field->type, text, -1, &value, &error)) {
    corm_faults_add (faults, model, "column '%s' has a .default_value that does not fit: %s; mend it",
                     say (field), error->message);
  } else if (field->ctype == CORM_C_UINT32 && (value.i < 0 || value.i > G_MAXUINT32)) {
    corm_faults_add (
        faults, model,
        "column '%s' has the default '%s', which its guint32 member cannot hold; mend .default_value",
        say (field), text);
  }
}

static gboolean
is_time (CormType type)
{
  return type == CORM_TYPE_DATE || type == CORM_TYPE_TIME || type == CORM_TYPE_TIMESTAMP ||
         type == CORM_TYPE_LOCAL_TIMESTAMP;
}

static void
check_default (CormFaults *faults, const CormModel *model, const CormField *field)
{
  const CormColumn *column = field->column;
  if (column->default_value != NULL && column->default_sql != NULL)
    corm_faults_add (faults, model, "column '%s' has both .default_value and .default_sql; keep one",
                     say (field));
  if (column->default_sql != NULL && column->default_sql[0] == '\0')
    corm_faults_add (faults, model, "column '%s' has an empty .default_sql; write an expression or drop it",
                     say (field));
  if (g_strcmp0 (column->default_sql, CORM_NOW) == 0 && !is_time (field->type.type))
    corm_faults_add (faults, model,
                     "column '%s' has the default CORM_NOW, but is of type %s; use it on a date or a time",
                     say (field), corm_type_name (field->type.type));
  if (g_strcmp0 (column->default_sql, CORM_NEW_UUID) == 0 && field->type.type != CORM_TYPE_UUID)
    corm_faults_add (faults, model,
                     "column '%s' has the default CORM_NEW_UUID, but is of type %s; use it on a CormUuid",
                     say (field), corm_type_name (field->type.type));
  if (column->default_value != NULL && field->type.type != CORM_TYPE_NONE &&
      field->type.type != CORM_TYPE_RAW)
    check_default_value (faults, model, field);
}

static void
check_action (CormFaults *faults, const CormModel *model, const CormField *field, const char *option,
              CormAction action)
{
  if (action == CORM_NO_ACTION)
    return;
  if (field->column->references == NULL)
    corm_faults_add (faults, model, "column '%s' has %s, but no .references; add the reference or drop it",
                     say (field), option);
  else if (action == CORM_SET_NULL && !field->nullable)
    corm_faults_add (
        faults, model,
        "column '%s' has %s = CORM_SET_NULL, but cannot be NULL; give the member a CormOpt… type, drop "
        ".not_null, or take another action",
        say (field), option);
  else if (action == CORM_SET_DEFAULT && !field->has_default)
    corm_faults_add (faults, model,
                     "column '%s' has %s = CORM_SET_DEFAULT, but no default; add .default_value", say (field),
                     option);
}

static void
check_key (CormFaults *faults, const CormMapping *mapping)
{
  if (mapping->n_keys == 0)
    corm_faults_add (faults, mapping->model, "no column is the primary key; give one .primary_key = true");
  for (guint i = 0; i < mapping->n_keys; i++) {
    const CormField *field = &mapping->fields[mapping->keys[i]];
    if (field->optional)
      corm_faults_add (faults, mapping->model,
                       "column '%s' is in the primary key, but its %s member can be NULL; use the plain type",
                       say (field), corm_ctype_get_info (field->column->ctype)->name);
  }
}

void
corm_check_model (CormFaults *faults, const CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  corm_faults_check_name (faults, model, "the table", model->table);
  if (mapping->n_fields == 0) {
    corm_faults_add (faults, model, "it has no columns; list them with CORM_COLUMNS");
    return;
  }
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    check_name (faults, mapping, i);
    if (corm_ctype_get_info (field->column->ctype) == NULL) {
      corm_faults_add (faults, model, "column '%s' has no C type; write it with CORM_COLUMN or set .ctype",
                       say (field));
      continue;
    }
    check_labels (faults, model, field);
    check_options (faults, model, field);
    check_default (faults, model, field);
    check_action (faults, model, field, ".on_delete", field->column->on_delete);
    check_action (faults, model, field, ".on_update", field->column->on_update);
  }
  check_key (faults, mapping);
}
