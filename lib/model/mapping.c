/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A model's columns as the other floors need them. Derived from the column alone, and safe for a model with faults. */
#include "model/mapping.h"

#include "base/error.h"
#include "model/ctype.h"

#include <string.h>

#define OPTIONAL(type) \
  { \
#type, sizeof(type), G_ALIGNOF(type), offsetof(type, value) \
  }
#define PLAIN(type) \
  { \
#type, sizeof(type), G_ALIGNOF(type), 0 \
  }

static const CormCTypeInfo plain_types[] = {
  [CORM_C_BOOL] = PLAIN (bool),
  [CORM_C_INT16] = PLAIN (gint16),
  [CORM_C_INT32] = PLAIN (gint32),
  [CORM_C_UINT32] = PLAIN (guint32),
  [CORM_C_INT64] = PLAIN (gint64),
  [CORM_C_FLOAT] = PLAIN (float),
  [CORM_C_DOUBLE] = PLAIN (double),
  [CORM_C_TEXT] = PLAIN (const char *),
  [CORM_C_BYTES] = PLAIN (CormBytes),
  [CORM_C_DECIMAL] = PLAIN (CormDecimal),
  [CORM_C_JSON] = PLAIN (CormJson),
  [CORM_C_DATE] = PLAIN (CormDate),
  [CORM_C_TIME] = PLAIN (CormTime),
  [CORM_C_TIMESTAMP] = PLAIN (CormTimestamp),
  [CORM_C_LOCAL_TIMESTAMP] = PLAIN (CormLocalTimestamp),
  [CORM_C_UUID] = PLAIN (CormUuid),
};

static const CormCTypeInfo optional_types[] = {
  [CORM_C_BOOL] = OPTIONAL (CormOptBool),
  [CORM_C_INT16] = OPTIONAL (CormOptInt16),
  [CORM_C_INT32] = OPTIONAL (CormOptInt32),
  [CORM_C_UINT32] = OPTIONAL (CormOptEnum),
  [CORM_C_INT64] = OPTIONAL (CormOptInt64),
  [CORM_C_FLOAT] = OPTIONAL (CormOptFloat),
  [CORM_C_DOUBLE] = OPTIONAL (CormOptDouble),
  [CORM_C_DATE] = OPTIONAL (CormOptDate),
  [CORM_C_TIME] = OPTIONAL (CormOptTime),
  [CORM_C_TIMESTAMP] = OPTIONAL (CormOptTimestamp),
  [CORM_C_LOCAL_TIMESTAMP] = OPTIONAL (CormOptLocalTimestamp),
  [CORM_C_UUID] = OPTIONAL (CormOptUuid),
};

/* Members without labels and raw. */
static const CormType column_types[] = {
  [CORM_C_BOOL] = CORM_TYPE_BOOLEAN,   [CORM_C_INT16] = CORM_TYPE_INT16,
  [CORM_C_INT32] = CORM_TYPE_INT32,    [CORM_C_UINT32] = CORM_TYPE_INT64,
  [CORM_C_INT64] = CORM_TYPE_INT64,    [CORM_C_FLOAT] = CORM_TYPE_FLOAT32,
  [CORM_C_DOUBLE] = CORM_TYPE_FLOAT64, [CORM_C_TEXT] = CORM_TYPE_TEXT,
  [CORM_C_BYTES] = CORM_TYPE_BYTES,    [CORM_C_DECIMAL] = CORM_TYPE_DECIMAL,
  [CORM_C_JSON] = CORM_TYPE_JSON,      [CORM_C_DATE] = CORM_TYPE_DATE,
  [CORM_C_TIME] = CORM_TYPE_TIME,      [CORM_C_TIMESTAMP] = CORM_TYPE_TIMESTAMP,
  [CORM_C_UUID] = CORM_TYPE_UUID,      [CORM_C_LOCAL_TIMESTAMP] = CORM_TYPE_LOCAL_TIMESTAMP,
};

const CormCTypeInfo *
corm_ctype_get_info (CormCType ctype)
{
  guint plain = ctype & ~(guint) CORM_C_OPT;
  gboolean optional = (ctype & CORM_C_OPT) != 0;
  gsize n = optional ? G_N_ELEMENTS (optional_types) : G_N_ELEMENTS (plain_types);
  const CormCTypeInfo *info = optional ? optional_types : plain_types;
  return plain < n && info[plain].name != NULL ? &info[plain] : NULL;
}

gsize
corm_ctype_size (CormCType ctype)
{
  const CormCTypeInfo *info = corm_ctype_get_info (ctype & ~(guint) CORM_C_OPT);
  return info != NULL ? info->size : 0;
}

gboolean
corm_ctype_is_pointer (CormCType ctype)
{
  return ctype == CORM_C_TEXT || ctype == CORM_C_BYTES || ctype == CORM_C_DECIMAL || ctype == CORM_C_JSON;
}

static gboolean
can_be_auto (const CormField *field)
{
  return (field->ctype == CORM_C_INT16 || field->ctype == CORM_C_INT32 || field->ctype == CORM_C_INT64) &&
         !field->optional && !field->has_default && field->column->references == NULL && field->n_labels == 0;
}

static CormSqlType
find_type (const CormColumn *column, CormCType ctype)
{
  CormSqlType type = { ctype < G_N_ELEMENTS (column_types) ? column_types[ctype] : CORM_TYPE_NONE, 0, 0, 0 };
  if ((ctype == CORM_C_UINT32 || ctype == CORM_C_INT32) && column->labels != NULL)
    type = (CormSqlType){ .type = CORM_TYPE_ENUM, .length = column->max_length };
  else if (ctype == CORM_C_TEXT && column->raw != NULL)
    type.type = CORM_TYPE_RAW;
  else if (ctype == CORM_C_TEXT)
    type.length = column->max_length;
  else if (ctype == CORM_C_DECIMAL) {
    type.precision = column->precision;
    type.scale = column->scale;
  }
  return type;
}

static gboolean
is_plain_number (CormCType ctype)
{
  return ctype == CORM_C_BOOL || ctype == CORM_C_INT16 || ctype == CORM_C_INT32 || ctype == CORM_C_UINT32 ||
         ctype == CORM_C_INT64 || ctype == CORM_C_FLOAT || ctype == CORM_C_DOUBLE;
}

void
corm_field_init (CormField *field, const CormColumn *column)
{
  const CormCTypeInfo *info = corm_ctype_get_info (column->ctype);
  field->column = column;
  field->name = column->name != NULL ? column->name : "";
  field->optional = (column->ctype & CORM_C_OPT) != 0;
  field->ctype = column->ctype & ~(guint) CORM_C_OPT;
  field->offset = column->offset + (info != NULL ? info->value_offset : 0);
  field->flag_offset = column->offset; /* is_set stands first */
  field->size = info != NULL ? info->size : 0;
  field->is_key = column->primary_key;
  field->nullable =
      (field->optional || corm_ctype_is_pointer (field->ctype)) && !column->not_null && !field->is_key;
  field->has_default = column->default_value != NULL || column->default_sql != NULL;
  field->n_labels = column->labels != NULL ? g_strv_length ((char **) column->labels) : 0;
  field->type = find_type (column, field->ctype);
  field->always_fits = is_plain_number (field->ctype) && field->n_labels == 0 &&
                       column->role == CORM_ROLE_NONE && (!field->optional || field->nullable);
}

/* The first of a role counts; the registry refuses a second one. */
static void
fill_role (CormMapping *mapping, guint i)
{
  CormRole role = mapping->fields[i].column->role;
  if (role == CORM_ROLE_NONE || (guint) role >= CORM_N_ROLES || mapping->roles[role] >= 0)
    return;
  mapping->roles[role] = (int) i;
  mapping->has_roles = true;
}

CormMapping *
corm_mapping_new (const CormModel *model)
{
  CormMapping *mapping = g_new0 (CormMapping, 1);
  const CormModel *own = corm_model_resolve (model);
  mapping->model = model;
  mapping->n_fields = own->columns != NULL ? (guint) own->n_columns : 0;
  mapping->fields = g_new0 (CormField, mapping->n_fields);
  mapping->keys = g_new0 (guint, mapping->n_fields);
  mapping->pointers = g_new0 (guint, mapping->n_fields);
  mapping->checked = g_new0 (guint, mapping->n_fields);
  mapping->auto_key = -1;
  for (guint i = 0; i < CORM_N_ROLES; i++)
    mapping->roles[i] = -1;
  for (guint i = 0; i < mapping->n_fields; i++) {
    corm_field_init (&mapping->fields[i], &own->columns[i]);
    if (mapping->fields[i].is_key)
      mapping->keys[mapping->n_keys++] = i;
    if (corm_ctype_is_pointer (mapping->fields[i].ctype))
      mapping->pointers[mapping->n_pointers++] = i;
    if (!mapping->fields[i].always_fits)
      mapping->checked[mapping->n_checked++] = i;
    fill_role (mapping, i);
  }
  if (mapping->n_keys == 1 && can_be_auto (&mapping->fields[mapping->keys[0]])) {
    mapping->auto_key = (int) mapping->keys[0];
    mapping->fields[mapping->auto_key].is_auto = true;
  }
  for (guint i = 0; i < mapping->n_fields; i++) {
    CormField *field = &mapping->fields[i];
    field->is_made = (field->has_default || field->is_auto) && !corm_field_is_stamped (field);
  }
  return mapping;
}

void
corm_mapping_free (CormMapping *mapping)
{
  if (mapping == NULL)
    return;
  g_free (mapping->fields);
  g_free (mapping->keys);
  g_free (mapping->pointers);
  g_free (mapping->checked);
  g_free (mapping->paths);
  g_free (mapping);
}

const CormField *
corm_mapping_find_field (const CormMapping *mapping, gsize offset)
{
  for (guint i = 0; i < mapping->n_fields; i++)
    if (mapping->fields[i].column->offset == offset)
      return &mapping->fields[i];
  return NULL;
}

const CormField *
corm_mapping_find_name (const CormMapping *mapping, const char *column)
{
  for (guint i = 0; i < mapping->n_fields; i++)
    if (strcmp (mapping->fields[i].name, column) == 0)
      return &mapping->fields[i];
  return NULL;
}

const CormRelation *
corm_mapping_find_relation (const CormMapping *mapping, gsize slot)
{
  const CormModel *model = corm_model_resolve (mapping->model);
  for (gsize i = 0; i < model->n_relations; i++)
    if (model->relations[i].slot == slot)
      return &model->relations[i];
  return NULL;
}

char *
corm_mapping_describe_key (const CormMapping *mapping, gconstpointer row)
{
  g_autoptr (GString) key = g_string_new (NULL);
  for (guint i = 0; i < mapping->n_keys; i++) {
    const CormField *field = &mapping->fields[mapping->keys[i]];
    CormValue value;
    g_autoptr (GString) text = g_string_new (NULL);
    if (corm_field_get (mapping, field, row, &value, NULL))
      corm_value_append_text (&value, text);
    g_autofree char *quoted = corm_error_quote (text->str, (gssize) text->len);
    g_string_append_printf (key, "%s%s = %s", i > 0 ? ", " : "", field->name, quoted);
  }
  return g_string_free (g_steal_pointer (&key), FALSE);
}
