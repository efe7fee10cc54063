/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One text that two schemas share when they are the same: in whatever order their parts were made, and however the
 * statements were written that made them. */
#include <corm/schema.h>

/* All parts begin with their name. */
static int
by_name (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (**(char ***) a, **(char ***) b);
}

static int
by_kind (gconstpointer a, gconstpointer b)
{
  const CormSchemaObject *left = *(CormSchemaObject *const *) a, *right = *(CormSchemaObject *const *) b;
  int kinds = g_strcmp0 (left->kind, right->kind);
  int names = kinds != 0 ? kinds : g_strcmp0 (left->name, right->name);
  return names != 0 ? names : g_strcmp0 (left->table, right->table);
}

static void
sort_table (CormTable *table)
{
  g_ptr_array_sort (table->uniques, by_name);
  g_ptr_array_sort (table->foreign_keys, by_name);
  g_ptr_array_sort (table->checks, by_name);
  g_ptr_array_sort (table->indexes, by_name);
  g_clear_pointer (&table->sql, g_free);
  for (guint i = 0; i < table->indexes->len; i++)
    g_clear_pointer (&((CormTableIndex *) table->indexes->pdata[i])->sql, g_free);
}

static void
forget_the_order (CormSchema *schema)
{
  g_ptr_array_sort (schema->tables, by_name);
  g_ptr_array_sort (schema->objects, by_kind);
  for (guint i = 0; i < schema->tables->len; i++)
    sort_table (schema->tables->pdata[i]);
}

/* What leads from one schema to another is no part of either. */
static void
forget_the_way (CormSchema *schema)
{
  schema->from_models = FALSE;
  for (guint i = 0; i < schema->tables->len; i++) {
    CormTable *table = schema->tables->pdata[i];
    g_clear_pointer (&table->was, g_free);
    for (guint c = 0; c < table->columns->len; c++) {
      CormTableColumn *column = table->columns->pdata[c];
      g_clear_pointer (&column->was, g_free);
      g_clear_pointer (&column->convert, g_free);
    }
  }
}

static gboolean
says_a_way (const CormSchema *schema)
{
  for (guint i = 0; i < schema->tables->len; i++) {
    const CormTable *table = schema->tables->pdata[i];
    gboolean says = table->was != NULL;
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = table->columns->pdata[c];
      says = says || column->was != NULL || column->convert != NULL;
    }
    if (says)
      return TRUE;
  }
  return FALSE;
}

/* Without a copy, which takes twice as long as all else together. */
static char *
plain_fingerprint (const CormSchema *schema)
{
  CormSchema same = *schema;
  same.from_models = FALSE;
  g_autofree char *json = corm_schema_to_json (&same);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, -1);
}

char *
corm_schema_fingerprint (const CormSchema *schema)
{
  g_return_val_if_fail (schema != NULL, NULL);
  if (!says_a_way (schema))
    return plain_fingerprint (schema);
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) copy = corm_schema_from_json (json, &error);
  if (copy == NULL)
    g_error ("a schema is not read back: %s", error->message);
  forget_the_way (copy);
  forget_the_order (copy);
  g_autofree char *bare = corm_schema_to_json (copy);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, bare, -1);
}
