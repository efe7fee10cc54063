/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The models of a registry as a schema in neutral terms: no type has a name of a database yet, and labels stay with
 * their column. The registry has checked the models, so nothing here can fail. */
#include "model/list.h"
#include "model/mapping.h"
#include "model/name.h"

#include <corm/sys/driver.h>

#include <string.h>

static GStrv
list_names (const char *list)
{
  const char *fault = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) parts = corm_list_parse (list, &fault);
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    g_strv_builder_add (names, ((const CormListPart *) parts->pdata[i])->sql);
  return g_strv_builder_end (names);
}

static GStrv
one_name (const char *name)
{
  GStrv names = g_new0 (char *, 2);
  names[0] = g_strdup (name);
  return names;
}

static GStrv
raw_pairs (const CormRawType *raw)
{
  g_autoptr (GStrvBuilder) pairs = g_strv_builder_new ();
  for (; raw->dialect != NULL; raw++)
    g_strv_builder_add_many (pairs, raw->dialect, raw->type, NULL);
  return g_strv_builder_end (pairs);
}

static void
set_default (CormTableColumn *to, const CormColumn *column)
{
  if (column->default_value != NULL) {
    to->default_kind = CORM_DEFAULT_LITERAL;
    to->default_text = g_strdup (column->default_value);
  } else if (column->default_sql != NULL && strcmp (column->default_sql, CORM_NOW) == 0) {
    to->default_kind = CORM_DEFAULT_NOW;
  } else {
    corm_column_set_default (to, column->default_sql);
    g_clear_pointer (&to->default_sql, g_free); /* these are not a server's words */
  }
}

static void
add_column (CormTable *table, const CormField *field)
{
  const CormColumn *column = field->column;
  CormTableColumn *to = corm_table_add_column (table, field->name);
  to->type = field->type;
  to->not_null = !field->nullable;
  to->auto_increment = field->is_auto;
  to->enum_type = g_strdup (column->enum_type);
  to->was = g_strdup (column->was);
  to->convert = g_strdup (column->convert);
  to->comment = g_strdup (column->comment);
  if (field->type.type == CORM_TYPE_ENUM) {
    to->labels = g_strdupv ((GStrv) column->labels);
    to->labels_check = column->check == NULL ? g_strdup (column->check_name) : NULL;
  }
  if (column->raw != NULL)
    to->raw = raw_pairs (column->raw);
  set_default (to, column);
}

static void
set_reference (CormForeignKey *key, const char *reference, CormAction on_delete, CormAction on_update)
{
  corm_reference_parse (reference, &key->target_table, &key->target_columns);
  key->on_delete = on_delete;
  key->on_update = on_update;
}

/* The constraints that a column brings along. */
static void
add_column_parts (CormTable *table, const CormField *field)
{
  const CormColumn *column = field->column;
  if (column->unique) {
    g_autofree char *name = corm_name_make ("uq", table->name, field->name);
    corm_table_add_unique (table, name)->columns = one_name (field->name);
  }
  if (column->references != NULL) {
    g_autofree char *name = corm_name_make ("fk", table->name, field->name);
    CormForeignKey *key = corm_table_add_foreign_key (table, name);
    key->columns = one_name (field->name);
    set_reference (key, column->references, column->on_delete, column->on_update);
  }
  if (column->check != NULL) {
    g_autofree char *name = corm_name_make ("ck", table->name, field->name);
    corm_table_add_check (table, column->check_name != NULL ? column->check_name : name, column->check);
  }
}

static void
add_index (CormTable *table, const CormIndex *index)
{
  const char *fault = NULL;
  CormTableIndex *to = corm_table_add_index (table, index->name);
  g_autoptr (GPtrArray) parts = corm_list_parse (index->columns, &fault);
  to->unique = index->unique;
  to->where = g_strdup (index->where);
  for (guint i = 0; parts != NULL && i < parts->len; i++) {
    const CormListPart *part = parts->pdata[i];
    CormIndexPart *new_part = corm_index_add_part (to, part->sql);
    new_part->is_expression = part->is_expression;
    new_part->descending = part->descending;
  }
}

static void
add_constraint (CormTable *table, const CormConstraint *constraint)
{
  if (constraint->references == NULL) {
    corm_table_add_unique (table, constraint->name)->columns = list_names (constraint->columns);
    return;
  }
  CormForeignKey *key = corm_table_add_foreign_key (table, constraint->name);
  key->columns = list_names (constraint->columns);
  set_reference (key, constraint->references, constraint->on_delete, constraint->on_update);
}

static void
add_table (CormSchema *schema, const CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  CormTable *table = corm_schema_add_table (schema, model->table);
  table->was = g_strdup (model->was);
  table->comment = g_strdup (model->comment);
  for (guint i = 0; i < mapping->n_fields; i++) {
    add_column (table, &mapping->fields[i]);
    add_column_parts (table, &mapping->fields[i]);
  }
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  for (guint i = 0; i < mapping->n_keys; i++)
    g_strv_builder_add (keys, mapping->fields[mapping->keys[i]].name);
  if (mapping->n_keys > 0)
    corm_table_set_primary_key (table, NULL)->columns = g_strv_builder_end (keys);
  for (gsize i = 0; i < model->n_constraints; i++)
    add_constraint (table, &model->constraints[i]);
  for (gsize i = 0; i < model->n_checks; i++)
    corm_table_add_check (table, model->checks[i].name, model->checks[i].sql);
  for (gsize i = 0; i < model->n_indexes; i++)
    add_index (table, &model->indexes[i]);
}

CormSchema *
corm_schema_from_registry (CormRegistry *registry)
{
  g_return_val_if_fail (registry != NULL, NULL);
  CormSchema *schema = corm_schema_new (NULL);
  schema->from_models = TRUE;
  const CormModel *const *models = corm_registry_get_models (registry);
  for (; *models != NULL; models++)
    add_table (schema, corm_registry_find_mapping (registry, *models));
  return schema;
}
