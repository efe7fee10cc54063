/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL written by hand into structs: columns find their members by name. What the database gives is converted as far as
 * nothing is lost. */
#include "engine/cursor.h"
#include "store/result.h"

#include "base/error.h"

#include <corm/error.h>
#include <corm/query.h>

/* The field of each column. */
static gboolean
match (const CormMapping *mapping, CormCursor *cursor, const CormField **fields, GError **error)
{
  guint n = corm_cursor_get_n_columns (cursor);
  for (guint i = 0; i < n; i++) {
    const char *name = corm_cursor_get_name (cursor, i);
    fields[i] = corm_mapping_find_name (mapping, name);
    if (fields[i] == NULL) {
      g_autofree char *shown = corm_error_quote (name, -1);
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "the result's column %s has no member in %s; name it otherwise (AS), or leave it out",
                   shown, mapping->model->type);
      return FALSE;
    }
    for (guint j = 0; j < i; j++)
      if (fields[j] == fields[i]) {
        g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                     "the result has two columns for the member '%s' of %s; name one of them otherwise (AS)",
                     fields[i]->column->member, mapping->model->type);
        return FALSE;
      }
  }
  return TRUE;
}

static gboolean
check_all (const CormMapping *mapping, const CormField *const *fields, guint n, GError **error)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    guint j = 0;
    while (j < n && fields[j] != &mapping->fields[i])
      j++;
    if (j == n) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "the result has no column %s for the member '%s' of %s; select it",
                   mapping->fields[i].name, mapping->fields[i].column->member, mapping->model->type);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
load (CormRows *rows, CormCursor *cursor, GError **error)
{
  GError *said = NULL;
  const CormMapping *mapping = rows->mapping;
  guint n = corm_cursor_get_n_columns (cursor);
  g_autofree const CormField **fields = g_new0 (const CormField *, n + 1);
  g_autoptr (GString) scratch = g_string_new (NULL);
  if (!match (mapping, cursor, fields, error) || !check_all (mapping, fields, n, error))
    return FALSE;
  while (corm_cursor_next (cursor, &said)) {
    gpointer row = corm_arena_alloc (rows->arena, mapping->model->size);
    for (guint i = 0; i < n; i++)
      if (!corm_result_set (mapping, fields[i], row, corm_cursor_get_value (cursor, i), scratch, rows->arena,
                            error))
        return FALSE;
    corm_rows_append (rows, row);
  }
  if (said != NULL)
    g_propagate_error (error, said);
  return said == NULL;
}

/* The registry's mapping, of a shape one that lives as long as the rows. */
static const CormMapping *
find_mapping (const CormModel *shape, CormConnection *conn, CormArena *arena)
{
  CormRegistry *registry = corm_connection_get_registry (conn);
  const CormMapping *found =
      registry != NULL ? corm_registry_find_mapping (registry, corm_model_resolve (shape)) : NULL;
  if (found != NULL)
    return found;
  g_autoptr (CormMapping) made = corm_mapping_new (shape);
  CormMapping *mapping = (CormMapping *) (gpointer) corm_arena_copy (arena, made, sizeof *made);
  mapping->fields =
      (CormField *) (gpointer) corm_arena_copy (arena, made->fields, made->n_fields * sizeof *made->fields);
  mapping->keys = NULL;
  mapping->n_keys = 0;
  return mapping;
}

CormRows *
corm_load_sql (const CormModel *shape, CormConnection *conn, const char *sql, const CormParam *params,
               GError **error)
{
  g_return_val_if_fail (shape != NULL && conn != NULL && sql != NULL, NULL);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, params, error);
  if (cursor == NULL)
    return NULL;
  g_autoptr (CormRows) rows = corm_rows_new (NULL, NULL);
  rows->mapping = find_mapping (shape, conn, rows->arena);
  rows->model = shape;
  if (load (rows, cursor, error))
    return g_steal_pointer (&rows);
  corm_error_prefix (error, "rows of %s", shape->type);
  return NULL;
}
