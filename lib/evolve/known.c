/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema in the server's own words, where most of it stands word for word in the database already: such tables are in
 * its words as they are. Only the others are made in the scratch place, with the tables that they point at. What cannot
 * be made by itself is made with all the rest. */
#include "engine/connection.h"
#include "evolve/scratch.h"
#include "schema/shape.h"

static gboolean
is_known_object (const CormSchema *live, const CormSchemaObject *object)
{
  for (guint i = 0; i < live->objects->len; i++)
    if (corm_shape_equal (&corm_shape_object, live->objects->pdata[i], object))
      return TRUE;
  return FALSE;
}

static gboolean
objects_are_known (const CormSchema *schema, const CormSchema *live)
{
  for (guint i = 0; i < schema->objects->len; i++)
    if (!is_known_object (live, schema->objects->pdata[i]))
      return FALSE;
  return TRUE;
}

static GHashTable *
tables_by_name (const CormSchema *schema)
{
  GHashTable *tables = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < schema->tables->len; i++)
    g_hash_table_insert (tables, ((CormTable *) schema->tables->pdata[i])->name, schema->tables->pdata[i]);
  return tables;
}

static CormTable *
copy_table (CormSchema *schema, const CormTable *table)
{
  CormTable *copy = corm_schema_add_table (schema, NULL);
  corm_shape_copy (&corm_shape_table, copy, table);
  return copy;
}

static void
copy_objects (CormSchema *schema, const CormSchema *from)
{
  for (guint i = 0; i < from->objects->len; i++)
    corm_shape_copy (&corm_shape_object, corm_schema_add_object (schema, NULL, NULL),
                     from->objects->pdata[i]);
}

/* What @new tables need to be made: those that they point at, which themselves point at none. */
static CormSchema *
schema_of_new (const CormSchema *schema, GHashTable *all, GHashTable *new)
{
  CormSchema *part = corm_schema_new (schema->dialect);
  g_autoptr (GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  part->from_models = schema->from_models;
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    if (!g_hash_table_contains (new, table->name))
      continue;
    copy_table (part, table);
    for (guint k = 0; k < table->foreign_keys->len; k++) {
      const char *name = ((const CormForeignKey *) table->foreign_keys->pdata[k])->target_table;
      const CormTable *target = g_hash_table_lookup (all, name);
      if (target != NULL && !g_hash_table_contains (new, name) && g_hash_table_add (there, target->name))
        g_ptr_array_set_size (copy_table (part, target)->foreign_keys, 0);
    }
  }
  copy_objects (part, schema);
  return part;
}

/* The tables of @schema, those of @new from @made. */
static CormSchema *
join (const CormSchema *schema, const CormSchema *made, GHashTable *new, const char *dialect)
{
  CormSchema *joined = corm_schema_new (dialect);
  g_autoptr (GHashTable) tables = tables_by_name (made);
  joined->from_models = schema->from_models;
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    gboolean is_new = g_hash_table_contains (new, table->name);
    const CormTable *source = is_new ? g_hash_table_lookup (tables, table->name) : table;
    if (source != NULL)
      copy_table (joined, source);
  }
  copy_objects (joined, schema);
  return joined;
}

static CormSchema *
make_new (CormConnection *conn, const CormSchema *schema, GHashTable *all, GHashTable *new,
          CormSchema **wanted, GPtrArray *notes, GError **error)
{
  const char *dialect = corm_connection_get_dialect (conn)->name;
  g_autoptr (CormSchema) part = schema_of_new (schema, all, new), fitted = NULL;
  g_autoptr (CormSchema) made = part->tables->len == 0
                                    ? corm_schema_new (dialect)
                                    : corm_evolve_canonical (conn, part, &fitted, notes, error);
  if (made != NULL && wanted != NULL)
    *wanted = join (schema, fitted != NULL ? fitted : made, new, dialect);
  return made != NULL ? join (schema, made, new, dialect) : NULL;
}

CormSchema *
corm_evolve_canonical_like (CormConnection *conn, const CormSchema *schema, const CormSchema *live,
                            CormSchema **wanted, GPtrArray *notes, GError **error)
{
  if (g_strcmp0 (schema->dialect, live->dialect) != 0 || !objects_are_known (schema, live))
    return corm_evolve_canonical (conn, schema, wanted, notes, error);
  g_autoptr (GHashTable) known = tables_by_name (live), all = tables_by_name (schema);
  g_autoptr (GHashTable) new = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) said = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local = NULL;
  for (guint i = 0; i < schema->tables->len; i++) {
    CormTable *table = schema->tables->pdata[i];
    if (!corm_shape_equal (&corm_shape_table, g_hash_table_lookup (known, table->name), table))
      g_hash_table_add (new, table->name);
  }
  CormSchema *canonical = make_new (conn, schema, all, new, wanted, said, &local);
  if (canonical == NULL)
    return corm_evolve_canonical (conn, schema, wanted, notes, error);
  for (guint i = 0; notes != NULL && i < said->len; i++)
    g_ptr_array_add (notes, g_strdup (said->pdata[i]));
  return canonical;
}
