/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changes of a schema that leave nothing in it which speaks of what is gone or has another name. */
#include "property.h"

#include <string.h>

CormSchema *
schema_copy (const CormSchema *schema)
{
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (GError) error = NULL;
  CormSchema *copy = corm_schema_from_json (json, &error);
  if (copy == NULL)
    g_error ("%s", error->message);
  return copy;
}

/* --- what speaks of what */

static gboolean
lists (GStrv names, const char *name)
{
  return names != NULL && g_strv_contains ((const char *const *) names, name);
}

static gboolean
index_speaks_of (const CormDialect *dialect, const CormTableIndex *index, const char *name)
{
  for (guint i = 0; i < index->parts->len; i++) {
    const CormIndexPart *part = index->parts->pdata[i];
    if (part->is_expression ? texts_mention (dialect, part->sql, name) : strcmp (part->sql, name) == 0)
      return TRUE;
  }
  return lists (index->include, name) || texts_mention (dialect, index->where, name);
}

static gboolean
object_speaks_of (const CormDialect *dialect, const CormSchemaObject *object, const char *table,
                  const char *column)
{
  return texts_mention (dialect, object->sql, table) &&
         (column == NULL || texts_mention (dialect, object->sql, column));
}

/* An object and whatever speaks of it. */
static void
remove_object (const CormDialect *dialect, CormSchema *schema, guint at)
{
  const CormSchemaObject *object = schema->objects->pdata[at];
  g_autofree char *name = g_strdup (object->name);
  g_ptr_array_remove_index (schema->objects, at);
  /* A function's name is quoted already, and has its arguments behind it. */
  char *end = strrchr (name, '(');
  if (end != NULL && name[0] == dialect->quote)
    *end = '\0';
  for (guint i = schema->objects->len; i-- > 0;) {
    if (i >= schema->objects->len)
      continue;
    const CormSchemaObject *other = schema->objects->pdata[i];
    if (end != NULL ? strstr (other->sql, name) != NULL : texts_mention (dialect, other->sql, name))
      remove_object (dialect, schema, i);
  }
}

static void
forget_in_objects (const CormDialect *dialect, CormSchema *schema, const char *table, const char *column)
{
  for (guint i = schema->objects->len; i-- > 0;)
    if (i < schema->objects->len && object_speaks_of (dialect, schema->objects->pdata[i], table, column))
      remove_object (dialect, schema, i);
}

void
schema_remove_primary_key (CormTable *table)
{
  CormKey *key = g_steal_pointer (&table->primary_key);
  if (key == NULL)
    return;
  g_free (key->name);
  g_strfreev (key->columns);
  g_free (key->options);
  g_free (key->comment);
  g_free (key);
  table->without_rowid = FALSE;
  for (guint i = 0; i < table->columns->len; i++)
    ((CormTableColumn *) table->columns->pdata[i])->auto_increment = FALSE;
}

static void
forget_key (CormTable *table, const char *name)
{
  if (table->primary_key != NULL && lists (table->primary_key->columns, name))
    schema_remove_primary_key (table);
  for (guint i = table->uniques->len; i-- > 0;)
    if (lists (((const CormKey *) table->uniques->pdata[i])->columns, name))
      g_ptr_array_remove_index (table->uniques, i);
}

static void
forget_in_table (const CormDialect *dialect, CormTable *table, const char *name)
{
  forget_key (table, name);
  for (guint i = table->foreign_keys->len; i-- > 0;)
    if (lists (((const CormForeignKey *) table->foreign_keys->pdata[i])->columns, name))
      g_ptr_array_remove_index (table->foreign_keys, i);
  for (guint i = table->checks->len; i-- > 0;)
    if (texts_mention (dialect, ((const CormCheck *) table->checks->pdata[i])->sql, name))
      g_ptr_array_remove_index (table->checks, i);
  for (guint i = table->indexes->len; i-- > 0;)
    if (index_speaks_of (dialect, table->indexes->pdata[i], name))
      g_ptr_array_remove_index (table->indexes, i);
}

/* --- foreign keys to what is gone */

static gboolean
holds (GStrv a, GStrv b)
{
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

static gboolean
has_target (const CormSchema *schema, const CormForeignKey *key)
{
  const CormTable *target = corm_schema_find_table (schema, key->target_table);
  if (target == NULL)
    return FALSE;
  if (target->primary_key != NULL && holds (target->primary_key->columns, key->target_columns))
    return TRUE;
  for (guint i = 0; i < target->uniques->len; i++)
    if (holds (((const CormKey *) target->uniques->pdata[i])->columns, key->target_columns))
      return TRUE;
  return FALSE;
}

gboolean
schema_is_target (const CormSchema *schema, const CormTable *table, const CormKey *key)
{
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *other = schema->tables->pdata[t];
    for (guint i = 0; i < other->foreign_keys->len; i++) {
      const CormForeignKey *pointing = other->foreign_keys->pdata[i];
      if (strcmp (pointing->target_table, table->name) == 0 && holds (pointing->target_columns, key->columns))
        return TRUE;
    }
  }
  return FALSE;
}

void
schema_forget_column (const CormDialect *dialect, CormSchema *schema, CormTable *table, const char *name)
{
  forget_in_table (dialect, table, name);
  for (guint i = table->columns->len; i-- > 0;) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (texts_mention (dialect, column->generated_sql, name)) {
      g_autofree char *generated = g_strdup (column->name);
      g_ptr_array_remove_index (table->columns, i);
      schema_forget_column (dialect, schema, table, generated);
    }
  }
  forget_in_objects (dialect, schema, table->name, name);
}

void
schema_repair (CormSchema *schema)
{
  for (guint t = 0; t < schema->tables->len; t++) {
    CormTable *table = schema->tables->pdata[t];
    for (guint i = table->foreign_keys->len; i-- > 0;)
      if (!has_target (schema, table->foreign_keys->pdata[i]))
        g_ptr_array_remove_index (table->foreign_keys, i);
  }
}

void
schema_remove_table (const CormDialect *dialect, CormSchema *schema, CormTable *table)
{
  forget_in_objects (dialect, schema, table->name, NULL);
  g_ptr_array_remove (schema->tables, table);
  schema_repair (schema);
}

void
schema_remove_column (const CormDialect *dialect, CormSchema *schema, CormTable *table,
                      CormTableColumn *column)
{
  schema_forget_column (dialect, schema, table, column->name);
  g_ptr_array_remove (table->columns, column);
  schema_repair (schema);
}

void
schema_remove_object (const CormDialect *dialect, CormSchema *schema, CormSchemaObject *object)
{
  guint at;
  if (g_ptr_array_find (schema->objects, object, &at))
    remove_object (dialect, schema, at);
}

/* --- other names */

static void
rename_in (GStrv names, const char *old, const char *new)
{
  for (; names != NULL && *names != NULL; names++)
    if (strcmp (*names, old) == 0) {
      g_free (*names);
      *names = g_strdup (new);
    }
}

static void
set_text (char **text, const char *to)
{
  char *copy = g_strdup (to);
  g_free (*text);
  *text = copy;
}

static void
rename_in_objects (CormSchema *schema, const char *table, const char *old, const char *new)
{
  for (guint i = 0; i < schema->objects->len; i++) {
    CormSchemaObject *object = schema->objects->pdata[i];
    if (strstr (object->sql, table) != NULL)
      texts_replace (&object->sql, old, new);
  }
}

void
schema_rename_table (const CormDialect *dialect, CormSchema *schema, CormTable *table, const char *name)
{
  g_autofree char *old = texts_quote (dialect, table->name);
  g_autofree char *new = texts_quote (dialect, name);
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *other = schema->tables->pdata[t];
    for (guint i = 0; i < other->foreign_keys->len; i++) {
      CormForeignKey *key = other->foreign_keys->pdata[i];
      if (strcmp (key->target_table, table->name) == 0)
        set_text (&key->target_table, name);
    }
  }
  for (guint i = 0; i < schema->objects->len; i++) {
    CormSchemaObject *object = schema->objects->pdata[i];
    if (g_strcmp0 (object->table, table->name) == 0)
      set_text (&object->table, name);
  }
  rename_in_objects (schema, old, old, new);
  set_text (&table->name, name);
}

static void
rename_in_table (CormTable *table, const char *old_name, const char *name, const char *old, const char *new)
{
  if (table->primary_key != NULL)
    rename_in (table->primary_key->columns, old_name, name);
  for (guint i = 0; i < table->uniques->len; i++)
    rename_in (((CormKey *) table->uniques->pdata[i])->columns, old_name, name);
  for (guint i = 0; i < table->foreign_keys->len; i++)
    rename_in (((CormForeignKey *) table->foreign_keys->pdata[i])->columns, old_name, name);
  for (guint i = 0; i < table->checks->len; i++)
    texts_replace (&((CormCheck *) table->checks->pdata[i])->sql, old, new);
  for (guint i = 0; i < table->columns->len; i++)
    texts_replace (&((CormTableColumn *) table->columns->pdata[i])->generated_sql, old, new);
  for (guint i = 0; i < table->indexes->len; i++) {
    CormTableIndex *index = table->indexes->pdata[i];
    rename_in (index->include, old_name, name);
    texts_replace (&index->where, old, new);
    for (guint p = 0; p < index->parts->len; p++) {
      CormIndexPart *part = index->parts->pdata[p];
      if (part->is_expression)
        texts_replace (&part->sql, old, new);
      else if (strcmp (part->sql, old_name) == 0)
        set_text (&part->sql, name);
    }
  }
}

void
schema_rename_column (const CormDialect *dialect, CormSchema *schema, CormTable *table,
                      CormTableColumn *column, const char *name)
{
  g_autofree char *old_name = g_strdup (column->name);
  g_autofree char *old = texts_quote (dialect, old_name);
  g_autofree char *new = texts_quote (dialect, name);
  g_autofree char *where = texts_quote (dialect, table->name);
  rename_in_table (table, old_name, name, old, new);
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *other = schema->tables->pdata[t];
    for (guint i = 0; i < other->foreign_keys->len; i++) {
      CormForeignKey *key = other->foreign_keys->pdata[i];
      if (strcmp (key->target_table, table->name) == 0)
        rename_in (key->target_columns, old_name, name);
    }
  }
  rename_in_objects (schema, where, old, new);
  set_text (&column->name, name);
}

/* --- the same thing in the other schema */

const CormTable *
schema_find_successor (const CormSchema *b, const CormSchema *a, const CormTable *table)
{
  for (guint i = 0; i < b->tables->len; i++) {
    const CormTable *other = b->tables->pdata[i];
    if (other->was != NULL && strcmp (other->was, table->name) == 0 &&
        corm_schema_find_table (a, other->name) == NULL)
      return other;
  }
  return corm_schema_find_table (b, table->name);
}

const CormTableColumn *
schema_find_next_column (const CormTable *b, const CormTable *a, const CormTableColumn *column)
{
  for (guint i = 0; i < b->columns->len; i++) {
    const CormTableColumn *other = b->columns->pdata[i];
    if (other->was != NULL && strcmp (other->was, column->name) == 0 &&
        corm_table_find_column (a, other->name) == NULL)
      return other;
  }
  return corm_table_find_column (b, column->name);
}
