/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Changes of tables, their keys, checks and indexes. */
#include "property.h"

#include <string.h>

static gboolean
add_table (Mutation *mutation)
{
  Gen *gen = &mutation->gen;
  generate_table (gen);
  CormTable *table = gen->schema->tables->pdata[gen->schema->tables->len - 1];
  if (random_chance (&gen->random, 60))
    generate_foreign_key (gen, table);
  generate_generated (gen, table);
  generate_check (gen, table);
  generate_index (gen, table);
  return TRUE;
}

static gboolean
drop_table (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL)
    return FALSE;
  schema_remove_table (mutation->gen.dialect, mutation->gen.schema, table);
  return TRUE;
}

static gboolean
rename_table (Mutation *mutation)
{
  const CormTable *before;
  CormTable *table = mutate_pick_shared (mutation, &before);
  if (table == NULL || table->was != NULL)
    return FALSE;
  g_autofree char *name = generate_name (&mutation->gen, "t");
  table->was = g_strdup (before->name);
  schema_rename_table (mutation->gen.dialect, mutation->gen.schema, table, name);
  return TRUE;
}

static gboolean
change_comment (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || !mutation->gen.texts->comments || !generate_wants (&mutation->gen, "comment", 100))
    return FALSE;
  g_free (table->comment);
  table->comment = random_chance (&mutation->gen.random, 30) ? NULL : g_strdup ("another, it's \\ so; --");
  return TRUE;
}

static gboolean
change_kind (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || mutation->gen.texts->strict == NULL)
    return FALSE;
  if (table->strict && random_chance (&mutation->gen.random, 50)) {
    table->strict = FALSE;
    return TRUE;
  }
  for (guint i = 0; i < table->columns->len; i++)
    if (((const CormTableColumn *) table->columns->pdata[i])->auto_increment)
      return FALSE;
  table->without_rowid = !table->without_rowid && table->primary_key != NULL;
  return TRUE;
}

/* --- keys */

static gboolean
is_always_there (const CormTable *table, const CormKey *key)
{
  for (char **p = key->columns; *p != NULL; p++)
    if (!corm_table_find_column (table, *p)->not_null)
      return FALSE;
  return TRUE;
}

/* The rows that are there all get the same in it, or those without a value do. */
static gboolean
is_filled_alike (Mutation *mutation, const CormTable *table, const char *name)
{
  const CormTableColumn *column = corm_table_find_column (table, name);
  const CormTable *before;
  if (column != NULL && column->convert != NULL)
    return TRUE;
  return column != NULL && mutate_find_former (mutation, table, column, &before) == NULL && before != NULL &&
         mutation->rows->n_rows > 1 && column->default_kind != CORM_DEFAULT_NONE &&
         column->default_kind != CORM_DEFAULT_NULL;
}

static gboolean
repeats_rows (Mutation *mutation, const CormTable *table, const CormKey *key)
{
  for (char **p = key->columns; *p != NULL; p++)
    if (!is_filled_alike (mutation, table, *p))
      return FALSE;
  return TRUE;
}

static gboolean
drop_primary_key (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->primary_key == NULL ||
      schema_is_target (mutation->gen.schema, table, table->primary_key))
    return FALSE;
  schema_remove_primary_key (table);
  return TRUE;
}

/* A unique constraint whose columns are never NULL becomes the key. */
static gboolean
add_primary_key (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  for (guint i = 0; table != NULL && table->primary_key == NULL && i < table->uniques->len; i++) {
    const CormKey *key = table->uniques->pdata[i];
    if (!is_always_there (table, key) || schema_is_target (mutation->gen.schema, table, key) ||
        repeats_rows (mutation, table, key))
      continue;
    corm_table_set_primary_key (table, NULL)->columns = g_strdupv (key->columns);
    g_ptr_array_remove_index (table->uniques, i);
    return TRUE;
  }
  return FALSE;
}

static gboolean
add_unique (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  guint n = table != NULL ? table->uniques->len : 0;
  if (table != NULL)
    generate_unique (&mutation->gen, table);
  if (table == NULL || table->uniques->len == n)
    return FALSE;
  gboolean repeats = repeats_rows (mutation, table, table->uniques->pdata[n]);
  if (repeats)
    g_ptr_array_remove_index (table->uniques, n);
  return !repeats;
}

static gboolean
drop_unique (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->uniques->len == 0 ||
      schema_is_target (mutation->gen.schema, table, table->uniques->pdata[0]))
    return FALSE;
  g_ptr_array_remove_index (table->uniques, 0);
  return TRUE;
}

static gboolean
add_foreign_key (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  guint n = table != NULL ? table->foreign_keys->len : 0;
  if (table == NULL)
    return FALSE;
  generate_foreign_key (&mutation->gen, table);
  if (table->foreign_keys->len == n)
    return FALSE;
  const CormForeignKey *key = table->foreign_keys->pdata[n];
  for (char **p = key->columns; *p != NULL; p++)
    corm_table_find_column (table, *p)->not_null = FALSE;
  return TRUE;
}

static gboolean
drop_foreign_key (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->foreign_keys->len == 0)
    return FALSE;
  g_ptr_array_remove_index (table->foreign_keys,
                            random_below (&mutation->gen.random, table->foreign_keys->len));
  return TRUE;
}

static gboolean
change_foreign_key (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->foreign_keys->len == 0)
    return FALSE;
  CormForeignKey *key = table->foreign_keys->pdata[0];
  if (random_chance (&mutation->gen.random, 50) && (mutation->gen.dialect->caps & CORM_CAP_DEFERRABLE))
    key->deferrable = (key->deferrable + 1) % 3;
  else
    key->on_delete = key->on_delete == CORM_CASCADE ? CORM_NO_ACTION : CORM_CASCADE;
  return TRUE;
}

/* --- checks and indexes */

static gboolean
add_check (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  guint n = table != NULL ? table->checks->len : 0;
  if (table != NULL)
    generate_check (&mutation->gen, table);
  return table != NULL && table->checks->len > n;
}

static gboolean
drop_check (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->checks->len == 0)
    return FALSE;
  g_ptr_array_remove_index (table->checks, 0);
  return TRUE;
}

static gboolean
change_check (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->checks->len == 0)
    return FALSE;
  CormCheck *check = table->checks->pdata[0];
  char *sql = g_strdup_printf ("(%s) OR 1 = 0", check->sql);
  g_free (check->sql);
  check->sql = sql;
  return TRUE;
}

static gboolean
repeats_parts (Mutation *mutation, const CormTable *table, const CormTableIndex *index)
{
  for (guint i = 0; i < index->parts->len; i++)
    if (!is_filled_alike (mutation, table, ((const CormIndexPart *) index->parts->pdata[i])->sql))
      return FALSE;
  return index->unique;
}

static gboolean
add_index (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  guint n = table != NULL ? table->indexes->len : 0;
  if (table != NULL)
    generate_index (&mutation->gen, table);
  if (table == NULL || table->indexes->len == n)
    return FALSE;
  gboolean repeats = repeats_parts (mutation, table, table->indexes->pdata[n]);
  if (repeats)
    g_ptr_array_remove_index (table->indexes, n);
  return !repeats;
}

static gboolean
drop_index (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->indexes->len == 0)
    return FALSE;
  g_ptr_array_remove_index (table->indexes, 0);
  return TRUE;
}

static gboolean
change_index (Mutation *mutation)
{
  CormTable *table = mutate_pick_table (mutation);
  if (table == NULL || table->indexes->len == 0)
    return FALSE;
  CormTableIndex *index = table->indexes->pdata[0];
  if (index->method != NULL)
    return FALSE;
  CormIndexPart *part = index->parts->pdata[index->parts->len - 1];
  part->descending = !part->descending;
  return TRUE;
}

const EditFunc mutate_table_edits[] = { add_table,
                                        drop_table,
                                        rename_table,
                                        change_comment,
                                        change_kind,
                                        drop_primary_key,
                                        add_primary_key,
                                        add_unique,
                                        drop_unique,
                                        add_foreign_key,
                                        change_foreign_key,
                                        drop_foreign_key,
                                        add_check,
                                        drop_check,
                                        change_check,
                                        add_index,
                                        drop_index,
                                        change_index,
                                        NULL };
