/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The FROM clause of a CormQuery: tables, other queries, relations. Every source is known by its model, so that no model
 * may stand there twice. */
#include "query/query.h"

#include <corm/error.h>

CormQuery *
corm_query_new_from (CormQuery *source, const CormModel *as)
{
  g_return_val_if_fail (source != NULL && as != NULL, NULL);
  CormQuery *query = corm_query_new (as);
  CORM_QUERY_ITEMS (query->sources, CormQuerySource)->query = source;
  return query;
}

static gboolean
has_source (const CormQuery *query, const CormModel *model)
{
  for (guint i = 0; i < query->sources.n; i++)
    if (CORM_QUERY_ITEMS (query->sources, CormQuerySource)[i].model == model)
      return TRUE;
  return FALSE;
}

/* NULL after a fault. */
static CormQuerySource *
add_source (CormQuery *query, CormJoin join, const CormModel *model)
{
  if (query->error != NULL)
    return NULL;
  if ((guint) join > CORM_CROSS_JOIN) {
    corm_query_refuse (query, "%u is no kind of join", (guint) join);
    return NULL;
  }
  if (has_source (query, model)) {
    corm_query_refuse (query, "%s is joined twice; give it another name with CORM_ALIAS (%s, …)", model->type,
                       model->alias_of != NULL ? model->alias_of->type : model->type);
    return NULL;
  }
  CormQuerySource *source = corm_query_list_add (query->arena, &query->sources, sizeof *source);
  source->join = join;
  source->model = model;
  return source;
}

static CormQuery *
join_source (CormQuery *query, CormJoin join, const CormModel *model, CormQuery *rows, const CormExpr *on)
{
  GError *error = NULL;
  CormQuerySource *source = add_source (query, join, model);
  if (source == NULL)
    return query;
  source->query = rows;
  if ((on->kind == CORM_EXPR_NONE) != (join == CORM_CROSS_JOIN))
    return corm_query_refuse (query,
                              join == CORM_CROSS_JOIN
                                  ? "a cross join with %s takes no condition; use CORM_INNER_JOIN"
                                  : "the join with %s has no condition; give one, or use CORM_CROSS_JOIN",
                              model->type);
  if (on->kind == CORM_EXPR_NONE)
    return query;
  source->on = corm_expr_copy (on, query->arena, &error);
  if (source->on == NULL) {
    corm_query_refuse (query, "%s", error->message);
    g_error_free (error);
  }
  return query;
}

CormQuery *
corm_query_join (CormQuery *query, CormJoin join, const CormModel *model, CormExpr on)
{
  g_return_val_if_fail (query != NULL && model != NULL, query);
  return join_source (query, join, model, NULL, &on);
}

CormQuery *
corm_query_join_query (CormQuery *query, CormJoin join, CormQuery *source, const CormModel *as, CormExpr on)
{
  g_return_val_if_fail (query != NULL && source != NULL && as != NULL, query);
  return join_source (query, join, as, source, &on);
}

CormQuery *
corm_query_join_along (CormQuery *query, CormJoin join, const CormModel *owner, gsize slot,
                       const CormModel *as)
{
  g_return_val_if_fail (query != NULL && owner != NULL && as != NULL, query);
  if (join == CORM_CROSS_JOIN)
    return corm_query_refuse (query, "a cross join with %s follows no relation; use CORM_INNER_JOIN",
                              as->type);
  CormQuerySource *source = add_source (query, join, as);
  if (source == NULL)
    return query;
  source->owner = owner;
  source->slot = slot;
  return query;
}
