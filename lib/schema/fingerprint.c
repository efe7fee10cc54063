/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One text that two schemas share when they are the same: in whatever order their parts were made, and however the
 * statements were written that made them. It is written from a shallow copy: copies of the parts that say something else,
 * which borrow all that is below them. */
#include <corm/schema.h>

/* All parts begin with their name. */
static int
by_name (gconstpointer a, gconstpointer b)
{
  const char *const *left = *(const char *const *const *) a, *const *right = *(const char *const *const *) b;
  return g_strcmp0 (*left, *right);
}

static int
by_kind (gconstpointer a, gconstpointer b)
{
  const CormSchemaObject *left = *(CormSchemaObject *const *) a, *right = *(CormSchemaObject *const *) b;
  int kinds = g_strcmp0 (left->kind, right->kind);
  int names = kinds != 0 ? kinds : g_strcmp0 (left->name, right->name);
  return names != 0 ? names : g_strcmp0 (left->table, right->table);
}

/* The same parts in another array. */
static GPtrArray *
sorted (const GPtrArray *parts, GCompareFunc compare)
{
  GPtrArray *copy = g_ptr_array_sized_new (parts->len);
  for (guint i = 0; i < parts->len; i++)
    g_ptr_array_add (copy, parts->pdata[i]);
  g_ptr_array_sort (copy, compare);
  return copy;
}

/* What leads from one schema to another is no part of either. */
static GPtrArray *
bare_columns (const GPtrArray *columns)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < columns->len; i++) {
    CormTableColumn *copy = g_memdup2 (columns->pdata[i], sizeof (CormTableColumn));
    copy->was = copy->convert = NULL;
    g_ptr_array_add (copies, copy);
  }
  return copies;
}

static GPtrArray *
bare_indexes (const GPtrArray *indexes)
{
  g_autoptr (GPtrArray) ordered = sorted (indexes, by_name);
  GPtrArray *copies = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < ordered->len; i++) {
    CormTableIndex *copy = g_memdup2 (ordered->pdata[i], sizeof (CormTableIndex));
    copy->sql = NULL;
    g_ptr_array_add (copies, copy);
  }
  return copies;
}

static CormTable *
bare_table (const CormTable *table)
{
  CormTable *copy = g_memdup2 (table, sizeof (CormTable));
  copy->columns = bare_columns (table->columns);
  copy->uniques = sorted (table->uniques, by_name);
  copy->foreign_keys = sorted (table->foreign_keys, by_name);
  copy->checks = sorted (table->checks, by_name);
  copy->indexes = bare_indexes (table->indexes);
  copy->sql = copy->was = NULL;
  return copy;
}

static void
bare_table_free (gpointer data)
{
  CormTable *copy = data;
  g_ptr_array_unref (copy->columns);
  g_ptr_array_unref (copy->uniques);
  g_ptr_array_unref (copy->foreign_keys);
  g_ptr_array_unref (copy->checks);
  g_ptr_array_unref (copy->indexes);
  g_free (copy);
}

char *
corm_schema_fingerprint (const CormSchema *schema)
{
  g_return_val_if_fail (schema != NULL, NULL);
  g_autoptr (GPtrArray) ordered = sorted (schema->tables, by_name);
  g_autoptr (GPtrArray) objects = sorted (schema->objects, by_kind);
  g_autoptr (GPtrArray) tables = g_ptr_array_new_with_free_func (bare_table_free);
  for (guint i = 0; i < ordered->len; i++)
    g_ptr_array_add (tables, bare_table (ordered->pdata[i]));
  CormSchema bare = *schema;
  bare.from_models = FALSE;
  bare.tables = tables;
  bare.objects = objects;
  g_autofree char *json = corm_schema_to_json (&bare);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, -1);
}
