/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query put together at run time. It owns copies of all that it is given; the first fault waits until it runs, so
 * that calls can be chained without asking after each. */
#include "query/query.h"

#include <corm/error.h>

static const CormExpr end = { .kind = CORM_EXPR_END };

gpointer
corm_query_list_add (CormArena *arena, CormQueryList *list, gsize size)
{
  if (list->n + 1 >= list->n_allocated) {
    guint n = list->n_allocated > 0 ? list->n_allocated * 2 : 4;
    char *grown = corm_arena_take (arena, n * size, CORM_ARENA_ALIGN);
    if (list->n > 0)
      memcpy (grown, list->items, list->n * size);
    list->items = grown;
    list->n_allocated = n;
  }
  char *item = (char *) list->items + list->n++ * size;
  return memset (item, 0, 2 * size);
}

CormQuery *
corm_query_refuse (CormQuery *query, const char *format, ...)
{
  va_list args;
  if (query->error != NULL)
    return query;
  va_start (args, format);
  g_autofree char *reason = g_strdup_vprintf (format, args);
  va_end (args);
  query->error = g_error_new (CORM_ERROR, CORM_ERROR_INVALID, "query of %s: %s", query->model->table, reason);
  return query;
}

gboolean
corm_query_add_expr (CormQuery *query, CormQueryList *list, const CormExpr *expr)
{
  GError *error = NULL;
  const CormExpr *copy = corm_expr_copy (expr, query->arena, &error);
  if (copy == NULL) {
    corm_query_refuse (query, "%s", error->message);
    g_error_free (error);
    return FALSE;
  }
  CormExpr *item = corm_query_list_add (query->arena, list, sizeof *item);
  item[0] = *copy;
  item[1] = end;
  return TRUE;
}

gboolean
corm_query_check_made (const CormQuery *query, GError **error)
{
  if (query->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (query->error));
  return FALSE;
}

gboolean
corm_query_enter (const CormQuery *query, gboolean *flag, GError **error)
{
  if (!corm_query_check_made (query, error))
    return FALSE;
  if (*flag) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "query of %s: it is a part of itself; make a second query", query->model->table);
    return FALSE;
  }
  *flag = TRUE;
  return TRUE;
}

CormQuery *
corm_query_new (const CormModel *model)
{
  g_return_val_if_fail (model != NULL, NULL);
  CormArena *arena = corm_arena_new ();
  CormQuery *query = corm_arena_alloc (arena, sizeof *query);
  query->arena = arena;
  query->model = model;
  CormQuerySource *source = corm_query_list_add (arena, &query->sources, sizeof *source);
  source->model = model;
  return query;
}

void
corm_query_free (CormQuery *query)
{
  if (query == NULL)
    return;
  g_clear_error (&query->error);
  corm_arena_free (query->arena);
}

CormQuery *
corm_query_where (CormQuery *query, CormExpr expr)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (query->error == NULL && expr.kind != CORM_EXPR_NONE)
    corm_query_add_expr (query, &query->where, &expr);
  return query;
}

CormQuery *
corm_query_order (CormQuery *query, CormOrder order)
{
  g_return_val_if_fail (query != NULL, NULL);
  GError *error = NULL;
  if (query->error != NULL)
    return query;
  if (order.model == NULL && order.expr == NULL)
    return corm_query_refuse (query, "an order names neither a member nor an expression; use CORM_ASC or "
                                     "CORM_DESC");
  if (order.expr != NULL && (order.expr = corm_expr_copy (order.expr, query->arena, &error)) == NULL) {
    corm_query_refuse (query, "%s", error->message);
    g_error_free (error);
    return query;
  }
  *(CormOrder *) corm_query_list_add (query->arena, &query->order, sizeof order) = order;
  return query;
}

static gboolean
has_relation (const CormModel *model, gsize slot)
{
  for (gsize i = 0; i < model->n_relations; i++)
    if (model->relations[i].slot == slot)
      return TRUE;
  return model->alias_of != NULL && has_relation (model->alias_of, slot);
}

CormQuery *
corm_query_with (CormQuery *query, gsize slot)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (!has_relation (query->model, slot))
    return corm_query_refuse (query,
                              "the member at byte %" G_GSIZE_FORMAT
                              " of %s is no relation of the model; name one of CORM_RELATIONS",
                              slot, query->model->type);
  gsize *item = corm_query_list_add (query->arena, &query->with, sizeof slot);
  item[0] = slot;
  item[1] = G_MAXSIZE;
  return query;
}

CormQuery *
corm_query_with_deleted (CormQuery *query)
{
  g_return_val_if_fail (query != NULL, NULL);
  query->with_deleted = TRUE;
  return query;
}

CormQuery *
corm_query_limit (CormQuery *query, gsize limit)
{
  g_return_val_if_fail (query != NULL, NULL);
  query->limit = limit;
  return query;
}

CormQuery *
corm_query_offset (CormQuery *query, gsize offset)
{
  g_return_val_if_fail (query != NULL, NULL);
  query->offset = offset;
  return query;
}
