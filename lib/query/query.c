/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query put together at run time. It owns copies of all that it is given; the first fault waits until it runs, so
 * that calls can be chained without asking after each. */
#include "query/query.h"

#include <corm/error.h>

struct _CormQuery {
  CormArena *arena;
  CormMapping *mapping; /* of the model alone: no registry is known yet */
  GArray *where;        /* CormExpr, joined by AND, ended by CORM_EXPR_END */
  CormExpr all;         /* over where */
  GArray *order;        /* CormOrder, ended by zeros */
  GArray *with;         /* gsize, ended by G_MAXSIZE */
  gsize limit;
  gsize offset;
  GError *error;
};

CormQuery *
corm_query_new (const CormModel *model)
{
  static const CormExpr end = { .kind = CORM_EXPR_END };
  static const gsize last = G_MAXSIZE;
  g_return_val_if_fail (model != NULL, NULL);
  CormQuery *query = g_new0 (CormQuery, 1);
  query->arena = corm_arena_new ();
  query->mapping = corm_mapping_new (model);
  query->where = g_array_new (FALSE, FALSE, sizeof (CormExpr));
  g_array_append_val (query->where, end);
  query->order = g_array_new (TRUE, TRUE, sizeof (CormOrder));
  query->with = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_array_append_val (query->with, last);
  return query;
}

void
corm_query_free (CormQuery *query)
{
  if (query == NULL)
    return;
  g_array_unref (query->where);
  g_array_unref (query->order);
  g_array_unref (query->with);
  corm_mapping_free (query->mapping);
  corm_arena_free (query->arena);
  g_clear_error (&query->error);
  g_free (query);
}

CormQuery *
corm_query_where (CormQuery *query, CormExpr expr)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (query->error != NULL || expr.kind == CORM_EXPR_NONE)
    return query;
  const CormExpr *copy = corm_expr_copy (query->mapping, &expr, query->arena, &query->error);
  if (copy != NULL)
    g_array_insert_val (query->where, query->where->len - 1, *copy);
  return query;
}

CormQuery *
corm_query_order (CormQuery *query, CormOrder order)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (query->error == NULL &&
      corm_select_find_field (query->mapping, order.model, order.offset, &query->error) != NULL)
    g_array_append_val (query->order, order);
  return query;
}

CormQuery *
corm_query_with (CormQuery *query, gsize slot)
{
  g_return_val_if_fail (query != NULL, NULL);
  const CormModel *model = query->mapping->model;
  if (query->error != NULL)
    return query;
  if (corm_mapping_find_relation (query->mapping, slot) != NULL)
    g_array_insert_val (query->with, query->with->len - 1, slot);
  else
    g_set_error (&query->error, CORM_ERROR, CORM_ERROR_INVALID,
                 "query of %s: the member at byte %" G_GSIZE_FORMAT
                 " of %s is no relation of the model; name one of CORM_RELATIONS",
                 model->table, slot, model->type);
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

gboolean
corm_query_get_select (CormQuery *query, CormSelectKind kind, const CormMapping *mapping, CormSelect *select,
                       GError **error)
{
  if (query->error != NULL) {
    g_propagate_error (error, g_error_copy (query->error));
    return FALSE;
  }
  const CormExpr *where = (const CormExpr *) (gpointer) query->where->data;
  query->all = (CormExpr){ .kind = CORM_EXPR_ALL, .operands = where };
  *select = (CormSelect){
    .kind = kind,
    .mapping = mapping,
    .where = query->where->len == 1   ? NULL
             : query->where->len == 2 ? where
                                      : &query->all,
    .order = query->order->len > 0 ? (const CormOrder *) (gpointer) query->order->data : NULL,
    .limit = query->limit,
    .offset = query->offset,
  };
  return TRUE;
}

const CormModel *
corm_query_get_model (const CormQuery *query)
{
  return query->mapping->model;
}

const gsize *
corm_query_get_with (const CormQuery *query)
{
  return query->with->len > 1 ? (const gsize *) (gpointer) query->with->data : NULL;
}
