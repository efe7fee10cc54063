/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows in an arena. Invariant: a row, its text and its related rows lie in the arena of the result they came with and
 * go with it in one free; a single row from get carries its arena in front of itself. */
#include "store/rows.h"

#include "model/ctype.h"

CormRows *
corm_rows_new (const CormMapping *mapping, CormArena *arena)
{
  gboolean own = arena == NULL;
  CormArena *home = own ? corm_arena_new () : arena;
  CormRows *rows = corm_arena_alloc (home, sizeof (CormRows));
  rows->arena = home;
  rows->owns_arena = own;
  rows->mapping = mapping;
  rows->model = mapping != NULL ? mapping->model : NULL;
  return rows;
}

void
corm_rows_append (CormRows *rows, gpointer row)
{
  if (rows->n_rows == rows->n_allocated) {
    gsize n = rows->n_allocated > 0 ? rows->n_allocated * 2 : 8;
    gpointer *grown = corm_arena_alloc (rows->arena, n * sizeof (gpointer));
    if (rows->n_rows > 0)
      memcpy (grown, rows->rows, rows->n_rows * sizeof (gpointer));
    rows->rows = grown;
    rows->n_allocated = n;
  }
  rows->rows[rows->n_rows++] = row;
}

gboolean
corm_rows_fill (const CormMapping *mapping, gpointer row, const CormValue *values, CormArena *arena,
                GError **error)
{
  for (guint i = 0; i < mapping->n_fields; i++)
    if (!corm_field_set (mapping, &mapping->fields[i], row, &values[i], arena, error))
      return FALSE;
  return TRUE;
}

/* Room for the struct and its text; what turns out longer takes one more block. */
static gsize
measure (const CormMapping *mapping, const CormValue *values)
{
  gsize size = mapping->model->size + CORM_ARENA_ALIGN;
  for (guint i = 0; i < mapping->n_fields; i++)
    if (corm_ctype_is_pointer (mapping->fields[i].ctype) && !values[i].is_null)
      size += values[i].size + CORM_ARENA_ALIGN;
  return size;
}

gpointer
corm_row_new (const CormMapping *mapping, const CormValue *values, GError **error)
{
  g_autoptr (CormArena) arena = corm_arena_new_sized (measure (mapping, values));
  gpointer row = corm_arena_alloc (arena, mapping->model->size);
  if (!corm_rows_fill (mapping, row, values, arena, error))
    return NULL;
  g_steal_pointer (&arena);
  return row;
}

gboolean
corm_rows_load (CormRows *rows, CormStatement *statement, GError **error)
{
  const CormMapping *mapping = rows->mapping;
  const CormValue *values = NULL;
  CormStep step;
  while ((step = corm_statement_step (statement, &values, error)) == CORM_STEP_ROW) {
    gpointer row = corm_arena_alloc (rows->arena, mapping->model->size);
    if (!corm_rows_fill (mapping, row, values, rows->arena, error))
      return FALSE;
    corm_rows_append (rows, row);
  }
  return step == CORM_STEP_DONE;
}

gsize
corm_rows_get_length (const CormRows *rows)
{
  return rows != NULL ? rows->n_rows : 0;
}

gpointer
corm_rows_get (const CormRows *rows, gsize i)
{
  return rows != NULL && i < rows->n_rows ? rows->rows[i] : NULL;
}

gpointer
corm_rows_get_as (const CormRows *rows, const CormModel *model, gsize i)
{
  if (rows == NULL || i >= rows->n_rows)
    return NULL;
  if (G_UNLIKELY (rows->model != model && corm_model_resolve (rows->model) != corm_model_resolve (model))) {
    g_critical ("rows of %s are read as rows of %s", rows->model->type, model->type);
    return NULL;
  }
  return rows->rows[i];
}

/* The rows of a relation are borrowed from their owner's result: freeing them does nothing. */
void
corm_rows_free (CormRows *rows)
{
  if (rows != NULL && rows->owns_arena)
    corm_arena_free (rows->arena);
}

void
corm_row_free (gpointer row)
{
  if (row != NULL)
    corm_arena_free (corm_arena_from_first (row));
}
