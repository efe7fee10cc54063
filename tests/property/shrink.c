/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A pair that fails, made as small as it gets: one table, column, constraint or trait after the other is left out, in
 * both schemas or in one of them, for as long as it fails at the same stage. */
#include "property.h"

#include <string.h>

typedef struct {
  Pair *pair;
  guint left; /* possible reductions to pass over */
} Reduction;

static gboolean
here (Reduction *reduction)
{
  return reduction->left-- == 0;
}

static const CormDialect *
dialect_of (const Reduction *reduction)
{
  return reduction->pair->rows.dialect;
}

static CormTable *
successor (const Reduction *reduction, const CormTable *table)
{
  return reduction->pair->b != NULL
             ? (CormTable *) schema_find_successor (reduction->pair->b, reduction->pair->a, table)
             : NULL;
}

/* --- whole tables and objects */

static gboolean
reduce_tables (Reduction *reduction)
{
  CormSchema *a = reduction->pair->a, *b = reduction->pair->b;
  for (guint i = 1; i < a->tables->len; i++) {
    CormTable *table = a->tables->pdata[i], *next = successor (reduction, table);
    gboolean both = here (reduction);
    if (both && next != NULL)
      schema_remove_table (dialect_of (reduction), b, next);
    if (both || here (reduction)) {
      schema_remove_table (dialect_of (reduction), a, table);
      return TRUE;
    }
  }
  for (guint i = 1; b != NULL && i < b->tables->len; i++)
    if (here (reduction)) {
      schema_remove_table (dialect_of (reduction), b, b->tables->pdata[i]);
      return TRUE;
    }
  return FALSE;
}

static gboolean
reduce_objects (Reduction *reduction)
{
  CormSchema *a = reduction->pair->a, *b = reduction->pair->b;
  for (guint i = 0; i < a->objects->len; i++) {
    CormSchemaObject *object = a->objects->pdata[i];
    CormSchemaObject *next = b != NULL ? corm_schema_find_object (b, object->kind, object->name) : NULL;
    gboolean both = here (reduction);
    if (both && next != NULL)
      schema_remove_object (dialect_of (reduction), b, next);
    if (both || here (reduction)) {
      schema_remove_object (dialect_of (reduction), a, object);
      return TRUE;
    }
  }
  for (guint i = 0; b != NULL && i < b->objects->len; i++)
    if (here (reduction)) {
      schema_remove_object (dialect_of (reduction), b, b->objects->pdata[i]);
      return TRUE;
    }
  return FALSE;
}

/* --- columns */

static gboolean
reduce_columns_of (Reduction *reduction, CormSchema *schema, CormTable *table, CormTable *next)
{
  for (guint i = 0; table->columns->len > 1 && i < table->columns->len; i++) {
    CormTableColumn *column = table->columns->pdata[i];
    CormTableColumn *after =
        next != NULL ? (CormTableColumn *) schema_find_next_column (next, table, column) : NULL;
    gboolean both = here (reduction);
    if (both && after != NULL && next->columns->len > 1)
      schema_remove_column (dialect_of (reduction), reduction->pair->b, next, after);
    if (both || here (reduction)) {
      schema_remove_column (dialect_of (reduction), schema, table, column);
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
reduce_columns (Reduction *reduction)
{
  CormSchema *a = reduction->pair->a, *b = reduction->pair->b;
  for (guint i = 1; i < a->tables->len; i++)
    if (reduce_columns_of (reduction, a, a->tables->pdata[i], successor (reduction, a->tables->pdata[i])))
      return TRUE;
  for (guint i = 1; b != NULL && i < b->tables->len; i++)
    if (reduce_columns_of (reduction, b, b->tables->pdata[i], NULL))
      return TRUE;
  return FALSE;
}

/* --- constraints */

/* The @at-th of @parts and, where there are as many, that of @others. */
static gboolean
reduce_parts (Reduction *reduction, GPtrArray *parts, GPtrArray *others)
{
  for (guint i = 0; i < parts->len; i++) {
    gboolean both = here (reduction);
    if (both && others != NULL && i < others->len)
      g_ptr_array_remove_index (others, i);
    if (both || here (reduction)) {
      g_ptr_array_remove_index (parts, i);
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
reduce_constraints_of (Reduction *reduction, CormTable *table, CormTable *next)
{
  if (table->primary_key != NULL && here (reduction)) {
    schema_remove_primary_key (table);
    if (next != NULL)
      schema_remove_primary_key (next);
    return TRUE;
  }
  return reduce_parts (reduction, table->foreign_keys, next != NULL ? next->foreign_keys : NULL) ||
         reduce_parts (reduction, table->uniques, next != NULL ? next->uniques : NULL) ||
         reduce_parts (reduction, table->checks, next != NULL ? next->checks : NULL) ||
         reduce_parts (reduction, table->indexes, next != NULL ? next->indexes : NULL);
}

static gboolean
reduce_constraints (Reduction *reduction)
{
  CormSchema *a = reduction->pair->a, *b = reduction->pair->b;
  gboolean done = FALSE;
  for (guint i = 1; !done && i < a->tables->len; i++)
    done = reduce_constraints_of (reduction, a->tables->pdata[i], successor (reduction, a->tables->pdata[i]));
  for (guint i = 1; !done && b != NULL && i < b->tables->len; i++)
    done = reduce_constraints_of (reduction, b->tables->pdata[i], NULL);
  schema_repair (a);
  if (b != NULL)
    schema_repair (b);
  return done;
}

/* --- traits */

static gboolean
clear (Reduction *reduction, char **text, char **other)
{
  if (*text == NULL || !here (reduction))
    return FALSE;
  g_clear_pointer (text, g_free);
  if (other != NULL)
    g_clear_pointer (other, g_free);
  return TRUE;
}

static gboolean
reduce_column_traits (Reduction *reduction, CormTableColumn *column, CormTableColumn *next)
{
  if (column->default_kind != CORM_DEFAULT_NONE && here (reduction)) {
    column->default_kind = CORM_DEFAULT_NONE;
    if (next != NULL)
      next->default_kind = CORM_DEFAULT_NONE;
    return TRUE;
  }
  if (column->auto_increment && here (reduction)) {
    column->auto_increment = FALSE;
    if (next != NULL)
      next->auto_increment = FALSE;
    return TRUE;
  }
  return clear (reduction, &column->collation, next != NULL ? &next->collation : NULL) ||
         clear (reduction, &column->comment, next != NULL ? &next->comment : NULL);
}

static gboolean
reduce_index_traits (Reduction *reduction, CormTableIndex *index)
{
  if (index->parts->len > 1 && here (reduction)) {
    g_ptr_array_remove_index (index->parts, 0);
    return TRUE;
  }
  return clear (reduction, &index->where, NULL) || clear (reduction, &index->options, NULL);
}

static gboolean
reduce_table_traits (Reduction *reduction, CormTable *table, CormTable *next)
{
  if (clear (reduction, &table->comment, next != NULL ? &next->comment : NULL) ||
      clear (reduction, &table->options, next != NULL ? &next->options : NULL))
    return TRUE;
  if (table->without_rowid && here (reduction)) {
    table->without_rowid = FALSE;
    if (next != NULL)
      next->without_rowid = FALSE;
    return TRUE;
  }
  for (guint i = 0; i < table->columns->len; i++)
    if (reduce_column_traits (
            reduction, table->columns->pdata[i],
            next != NULL ? (CormTableColumn *) schema_find_next_column (next, table, table->columns->pdata[i])
                         : NULL))
      return TRUE;
  for (guint i = 0; i < table->indexes->len; i++)
    if (reduce_index_traits (reduction, table->indexes->pdata[i]))
      return TRUE;
  return FALSE;
}

static gboolean
reduce_traits (Reduction *reduction)
{
  CormSchema *a = reduction->pair->a, *b = reduction->pair->b;
  for (guint i = 1; i < a->tables->len; i++)
    if (reduce_table_traits (reduction, a->tables->pdata[i], successor (reduction, a->tables->pdata[i])))
      return TRUE;
  for (guint i = 1; b != NULL && i < b->tables->len; i++)
    if (reduce_table_traits (reduction, b->tables->pdata[i], NULL))
      return TRUE;
  return FALSE;
}

static gboolean
reduce_rows (Reduction *reduction)
{
  if (reduction->pair->rows.n_rows == 0 || !here (reduction))
    return FALSE;
  reduction->pair->rows.n_rows--;
  return TRUE;
}

/* --- the loop */

static void
pair_copy (const Pair *pair, Pair *copy)
{
  *copy = *pair;
  copy->a = schema_copy (pair->a);
  copy->b = pair->b != NULL ? schema_copy (pair->b) : NULL;
}

void
pair_clear (Pair *pair)
{
  corm_schema_free (pair->a);
  corm_schema_free (pair->b);
  pair->a = pair->b = NULL;
}

static gboolean
reduce (Pair *pair, guint n)
{
  Reduction reduction = { pair, n };
  return reduce_tables (&reduction) || reduce_objects (&reduction) || reduce_columns (&reduction) ||
         reduce_constraints (&reduction) || reduce_traits (&reduction) || reduce_rows (&reduction);
}

/* The words of a reason in front of the first name: "set comment of", "unique: add unique". */
static gsize
count_words (const char *why)
{
  gsize end = 0;
  for (gsize i = 0; g_ascii_isalpha (why[i]) || strchr (" :-()", why[i]) != NULL; i++) {
    if (why[i] == '\0')
      return i;
    if (why[i] == ' ')
      end = i;
  }
  return end;
}

static gboolean
is_same_reason (const char *a, const char *b)
{
  gsize size = count_words (a);
  return size == count_words (b) && strncmp (a, b, size) == 0;
}

static gboolean
still_fails (const Pair *pair, PairStage stage, const char *reason, PairPlace place, gpointer data)
{
  g_autofree char *why = NULL;
  g_autofree char *uri = place (data);
  return pair_run (pair, uri, &why) == stage && is_same_reason (why, reason);
}

void
pair_shrink (Pair *pair, PairStage stage, const char *why, guint seconds, PairPlace place, gpointer data)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  gboolean smaller = stage != PAIR_NOT_REFUSED;
  while (smaller) {
    Pair candidate;
    smaller = FALSE;
    for (guint n = 0;; n++) {
      pair_copy (pair, &candidate);
      if (g_get_monotonic_time () > end || !reduce (&candidate, n))
        break;
      if (still_fails (&candidate, stage, why, place, data)) {
        smaller = TRUE;
        n--;
        Pair former = *pair;
        *pair = candidate;
        candidate = former;
      }
      pair_clear (&candidate);
    }
    pair_clear (&candidate);
    smaller = smaller && g_get_monotonic_time () <= end;
  }
}
