/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* B out of A: some changes of every kind. All but the last bear the rows that are there; the last one, now and then, is
 * one that they forbid. */
#include "property.h"

#include <string.h>

CormTable *
mutate_pick_table (Mutation *mutation)
{
  const GPtrArray *tables = mutation->gen.schema->tables;
  return tables->len > 1 ? tables->pdata[1 + random_below (&mutation->gen.random, tables->len - 1)] : NULL;
}

CormTable *
mutate_pick_shared (Mutation *mutation, const CormTable **before)
{
  CormTable *table = mutate_pick_table (mutation);
  for (guint i = 1; table != NULL && i < mutation->a->tables->len; i++) {
    *before = mutation->a->tables->pdata[i];
    if (schema_find_successor (mutation->gen.schema, mutation->a, *before) == table)
      return table;
  }
  return NULL;
}

const CormTableColumn *
mutate_find_former (Mutation *mutation, const CormTable *table, const CormTableColumn *column,
                    const CormTable **before)
{
  for (guint i = 0; i < mutation->a->tables->len; i++) {
    *before = mutation->a->tables->pdata[i];
    if (schema_find_successor (mutation->gen.schema, mutation->a, *before) != table)
      continue;
    for (guint c = 0; c < (*before)->columns->len; c++)
      if (schema_find_next_column (table, *before, (*before)->columns->pdata[c]) == column)
        return (*before)->columns->pdata[c];
    return NULL;
  }
  *before = NULL;
  return NULL;
}

/* The first that finds something to do, from a random one on. */
gboolean
mutate_any (Mutation *mutation, const EditFunc *edits)
{
  guint n = 0;
  while (edits[n] != NULL)
    n++;
  guint start = random_below (&mutation->gen.random, n);
  for (guint i = 0; i < n; i++)
    if (edits[(start + i) % n](mutation))
      return TRUE;
  return FALSE;
}

/* --- objects */

static gboolean
add_object (Mutation *mutation)
{
  guint n = mutation->gen.schema->objects->len;
  generate_objects (&mutation->gen);
  return mutation->gen.schema->objects->len > n;
}

static CormSchemaObject *
pick_object (Mutation *mutation, const char *kind)
{
  const GPtrArray *objects = mutation->gen.schema->objects;
  guint start = random_below (&mutation->gen.random, objects->len);
  for (guint i = 0; i < objects->len; i++) {
    CormSchemaObject *object = objects->pdata[(start + i) % objects->len];
    if (kind == NULL || strcmp (object->kind, kind) == 0)
      return object;
  }
  return NULL;
}

static gboolean
drop_object (Mutation *mutation)
{
  CormSchemaObject *object = pick_object (mutation, NULL);
  if (object == NULL)
    return FALSE;
  schema_remove_object (mutation->gen.dialect, mutation->gen.schema, object);
  return TRUE;
}

static gboolean
change_view (Mutation *mutation)
{
  CormSchemaObject *view = pick_object (mutation, "view");
  if (view == NULL)
    return FALSE;
  char *sql = g_strdup_printf ("%s LIMIT 7", view->sql);
  gboolean again = g_str_has_suffix (view->sql, " LIMIT 7");
  if (again)
    g_free (sql);
  else
    g_free (view->sql), view->sql = sql;
  return !again;
}

static gboolean
change_trigger (Mutation *mutation)
{
  CormSchemaObject *trigger = pick_object (mutation, "trigger");
  if (trigger == NULL)
    return FALSE;
  gboolean inserts = strstr (trigger->sql, "AFTER INSERT") != NULL;
  texts_replace (&trigger->sql, inserts ? "AFTER INSERT" : "AFTER DELETE",
                 inserts ? "AFTER DELETE" : "AFTER INSERT");
  return TRUE;
}

const EditFunc mutate_object_edits[] = { add_object, drop_object, change_view, change_trigger, NULL };

/* --- all */

CormSchema *
mutate_schema (const CormDialect *dialect, const CormSchema *a, const Rows *rows, CormError *refusal)
{
  Mutation mutation = { .gen = { .dialect = dialect,
                                 .texts = texts_of (dialect),
                                 .random = { random_mix (rows->seed + 99) },
                                 .schema = schema_copy (a),
                                 .n_names = 1000 },
                        .a = a,
                        .rows = rows };
  Random *random = &mutation.gen.random;
  guint n_edits = 1 + random_below (random, random_chance (random, 70) ? 4 : 12);
  for (guint i = 0; i < n_edits; i++) {
    guint kind = random_below (random, 100);
    mutate_any (&mutation, kind < 35   ? mutate_table_edits
                           : kind < 85 ? mutate_column_edits
                                       : mutate_object_edits);
  }
  if (rows->n_rows > 0 && random_chance (random, 12))
    mutate_any (&mutation, mutate_breaches);
  *refusal = mutation.refusal;
  return mutation.gen.schema;
}
