/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A part of a schema, chosen by globs. A foreign key may then point to a table that is not in it; what belongs to a
 * table goes and stays with it. */
#include <corm/schema.h>

#include <string.h>

/* "view:v_*" is for views alone, "v_*" for everything; a name with a colon in it is "table:a:b", or "*:a:b". */
static gboolean
matches (const char *glob, const char *kind, const char *name)
{
  const char *colon = strchr (glob, ':');
  if (colon == NULL)
    return g_pattern_match_simple (glob, name);
  g_autofree char *kinds = g_strndup (glob, (gsize) (colon - glob));
  return g_pattern_match_simple (kinds, kind) && g_pattern_match_simple (colon + 1, name);
}

static gboolean
matches_any (const char *const *globs, const char *kind, const char *name)
{
  for (; *globs != NULL; globs++)
    if (matches (*globs, kind, name))
      return TRUE;
  return FALSE;
}

static gboolean
is_chosen (const char *const *include, const char *const *exclude, const char *kind, const char *name)
{
  return (include == NULL || matches_any (include, kind, name)) &&
         (exclude == NULL || !matches_any (exclude, kind, name));
}

void
corm_schema_filter (CormSchema *schema, const char *const *include, const char *const *exclude)
{
  g_return_if_fail (schema != NULL);
  g_autoptr (GHashTable) gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = schema->tables->len; i-- > 0;) {
    const char *name = ((const CormTable *) schema->tables->pdata[i])->name;
    if (is_chosen (include, exclude, "table", name))
      continue;
    g_hash_table_add (gone, g_strdup (name));
    g_ptr_array_remove_index (schema->tables, i);
  }
  for (guint i = schema->objects->len; i-- > 0;) {
    const CormSchemaObject *object = schema->objects->pdata[i];
    gboolean follows = object->table != NULL && (g_hash_table_contains (gone, object->table) ||
                                                 corm_schema_find_table (schema, object->table) != NULL);
    if (follows ? g_hash_table_contains (gone, object->table) ||
                      (exclude != NULL && matches_any (exclude, object->kind, object->name))
                : !is_chosen (include, exclude, object->kind, object->name))
      g_ptr_array_remove_index (schema->objects, i);
  }
}
