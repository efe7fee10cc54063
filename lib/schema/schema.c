/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The schema as a value: its parts, their builders, their end. Invariant: every array of a part exists from its
 * first moment on, and the schema owns every string and part that hangs below it. */
#include <corm/schema.h>

#include <string.h>

static void
column_free (gpointer data)
{
  CormTableColumn *column = data;
  g_free (column->name);
  g_free (column->type_sql);
  g_free (column->default_text);
  g_free (column->default_sql);
  g_free (column->generated_sql);
  g_free (column->collation);
  g_free (column->enum_type);
  g_strfreev (column->labels);
  g_free (column->labels_check);
  g_strfreev (column->raw);
  g_free (column->was);
  g_free (column->convert);
  g_free (column->comment);
  g_free (column->options);
  g_free (column);
}

static void
key_free (gpointer data)
{
  CormKey *key = data;
  g_free (key->name);
  g_strfreev (key->columns);
  g_free (key->options);
  g_free (key->comment);
  g_strfreev (key->column_options);
  g_free (key);
}

static void
foreign_key_free (gpointer data)
{
  CormForeignKey *key = data;
  g_free (key->name);
  g_strfreev (key->columns);
  g_free (key->target_table);
  g_strfreev (key->target_columns);
  g_strfreev (key->set_columns);
  g_free (key->index);
  g_free (key->comment);
  g_free (key);
}

static void
check_free (gpointer data)
{
  CormCheck *check = data;
  g_free (check->name);
  g_free (check->sql);
  g_free (check->options);
  g_free (check->comment);
  g_free (check);
}

static void
part_free (gpointer data)
{
  CormIndexPart *part = data;
  g_free (part->sql);
  g_free (part->collation);
  g_free (part->operator_class);
  g_free (part);
}

static void
index_free (gpointer data)
{
  CormTableIndex *index = data;
  g_free (index->name);
  g_ptr_array_unref (index->parts);
  g_free (index->method);
  g_strfreev (index->include);
  g_free (index->where);
  g_free (index->options);
  g_free (index->comment);
  g_free (index->sql);
  g_free (index);
}

static void
table_free (gpointer data)
{
  CormTable *table = data;
  g_free (table->name);
  g_ptr_array_unref (table->columns);
  g_clear_pointer (&table->primary_key, key_free);
  g_ptr_array_unref (table->uniques);
  g_ptr_array_unref (table->foreign_keys);
  g_ptr_array_unref (table->checks);
  g_ptr_array_unref (table->indexes);
  g_free (table->sql);
  g_free (table->options);
  g_free (table->was);
  g_free (table->comment);
  g_free (table);
}

static void
object_free (gpointer data)
{
  CormSchemaObject *object = data;
  g_free (object->kind);
  g_free (object->name);
  g_free (object->table);
  g_free (object->sql);
  g_free (object->comment);
  g_free (object);
}

CormSchema *
corm_schema_new (const char *dialect)
{
  CormSchema *schema = g_new0 (CormSchema, 1);
  schema->dialect = g_strdup (dialect);
  schema->tables = g_ptr_array_new_with_free_func (table_free);
  schema->objects = g_ptr_array_new_with_free_func (object_free);
  return schema;
}

void
corm_schema_free (CormSchema *schema)
{
  if (schema == NULL)
    return;
  g_free (schema->dialect);
  g_ptr_array_unref (schema->tables);
  g_ptr_array_unref (schema->objects);
  g_free (schema);
}

CormTable *
corm_schema_add_table (CormSchema *schema, const char *name)
{
  g_return_val_if_fail (schema != NULL, NULL);
  CormTable *table = g_new0 (CormTable, 1);
  table->name = g_strdup (name);
  table->columns = g_ptr_array_new_with_free_func (column_free);
  table->uniques = g_ptr_array_new_with_free_func (key_free);
  table->foreign_keys = g_ptr_array_new_with_free_func (foreign_key_free);
  table->checks = g_ptr_array_new_with_free_func (check_free);
  table->indexes = g_ptr_array_new_with_free_func (index_free);
  g_ptr_array_add (schema->tables, table);
  return table;
}

CormSchemaObject *
corm_schema_add_object (CormSchema *schema, const char *kind, const char *name)
{
  g_return_val_if_fail (schema != NULL, NULL);
  CormSchemaObject *object = g_new0 (CormSchemaObject, 1);
  object->kind = g_strdup (kind);
  object->name = g_strdup (name);
  g_ptr_array_add (schema->objects, object);
  return object;
}

/* The stored text says what the table was before somebody added to it. */
static void
forget_sql (CormTable *table)
{
  g_clear_pointer (&table->sql, g_free);
}

CormTableColumn *
corm_table_add_column (CormTable *table, const char *name)
{
  g_return_val_if_fail (table != NULL, NULL);
  forget_sql (table);
  CormTableColumn *column = g_new0 (CormTableColumn, 1);
  column->name = g_strdup (name);
  g_ptr_array_add (table->columns, column);
  return column;
}

CormKey *
corm_table_add_unique (CormTable *table, const char *name)
{
  g_return_val_if_fail (table != NULL, NULL);
  forget_sql (table);
  CormKey *key = g_new0 (CormKey, 1);
  key->name = g_strdup (name);
  g_ptr_array_add (table->uniques, key);
  return key;
}

CormKey *
corm_table_set_primary_key (CormTable *table, const char *name)
{
  g_return_val_if_fail (table != NULL, NULL);
  forget_sql (table);
  g_clear_pointer (&table->primary_key, key_free);
  table->primary_key = g_new0 (CormKey, 1);
  table->primary_key->name = g_strdup (name);
  return table->primary_key;
}

CormForeignKey *
corm_table_add_foreign_key (CormTable *table, const char *name)
{
  g_return_val_if_fail (table != NULL, NULL);
  forget_sql (table);
  CormForeignKey *key = g_new0 (CormForeignKey, 1);
  key->name = g_strdup (name);
  g_ptr_array_add (table->foreign_keys, key);
  return key;
}

CormCheck *
corm_table_add_check (CormTable *table, const char *name, const char *sql)
{
  g_return_val_if_fail (table != NULL, NULL);
  forget_sql (table);
  CormCheck *check = g_new0 (CormCheck, 1);
  check->name = g_strdup (name);
  check->sql = g_strdup (sql);
  g_ptr_array_add (table->checks, check);
  return check;
}

CormTableIndex *
corm_table_add_index (CormTable *table, const char *name)
{
  g_return_val_if_fail (table != NULL, NULL);
  CormTableIndex *index = g_new0 (CormTableIndex, 1);
  index->name = g_strdup (name);
  index->parts = g_ptr_array_new_with_free_func (part_free);
  g_ptr_array_add (table->indexes, index);
  return index;
}

CormIndexPart *
corm_index_add_part (CormTableIndex *index, const char *sql)
{
  g_return_val_if_fail (index != NULL, NULL);
  CormIndexPart *part = g_new0 (CormIndexPart, 1);
  part->sql = g_strdup (sql);
  g_ptr_array_add (index->parts, part);
  return part;
}

CormTable *
corm_schema_find_table (const CormSchema *schema, const char *name)
{
  for (guint i = 0; i < schema->tables->len; i++) {
    CormTable *table = schema->tables->pdata[i];
    if (strcmp (table->name, name) == 0)
      return table;
  }
  return NULL;
}

CormTableColumn *
corm_table_find_column (const CormTable *table, const char *name)
{
  for (guint i = 0; i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    if (strcmp (column->name, name) == 0)
      return column;
  }
  return NULL;
}

CormSchemaObject *
corm_schema_find_object (const CormSchema *schema, const char *kind, const char *name)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    CormSchemaObject *object = schema->objects->pdata[i];
    if (strcmp (object->kind, kind) == 0 && strcmp (object->name, name) == 0)
      return object;
  }
  return NULL;
}
