/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The clauses of a CormQuery beside FROM, WHERE and ORDER BY: each is copied into the query's arena. */
#include "query/query.h"

#include <corm/error.h>

/* Adds a list that CORM_EXPR_END ends; @what: "GROUP BY". */
static CormQuery *
add_exprs (CormQuery *query, CormQueryList *list, const CormExpr *exprs, const char *what)
{
  if (query->error != NULL)
    return query;
  if (exprs == NULL || exprs->kind == CORM_EXPR_END)
    return corm_query_refuse (query, "%s has an empty list; name an expression, CORM_EXPRS (…)", what);
  for (; exprs->kind != CORM_EXPR_END; exprs++)
    if (!corm_query_add_expr (query, list, exprs))
      break;
  return query;
}

CormQuery *
corm_query_group (CormQuery *query, const CormExpr *exprs)
{
  g_return_val_if_fail (query != NULL, NULL);
  return add_exprs (query, &query->group, exprs, "GROUP BY");
}

CormQuery *
corm_query_distinct_on (CormQuery *query, const CormExpr *exprs)
{
  g_return_val_if_fail (query != NULL, NULL);
  return add_exprs (query, &query->distinct_on, exprs, "DISTINCT ON");
}

CormQuery *
corm_query_having (CormQuery *query, CormExpr expr)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (query->error == NULL && expr.kind != CORM_EXPR_NONE)
    corm_query_add_expr (query, &query->having, &expr);
  return query;
}

CormQuery *
corm_query_distinct (CormQuery *query)
{
  g_return_val_if_fail (query != NULL, NULL);
  query->distinct = TRUE;
  return query;
}

static gboolean
is_end (const CormOutput *output)
{
  return output->model == NULL && output->name == NULL && output->expr.kind == CORM_EXPR_NONE;
}

static gboolean
add_output (CormQuery *query, const CormOutput *output)
{
  GError *error = NULL;
  const CormOutput *first = query->outputs.items;
  const CormExpr *copy = corm_expr_copy (&output->expr, query->arena, &error);
  if (copy == NULL) {
    corm_query_refuse (query, "%s", error->message);
    g_error_free (error);
    return FALSE;
  }
  if (output->expr.kind == CORM_EXPR_NONE || output->expr.kind == CORM_EXPR_END) {
    corm_query_refuse (query, "output %u has no expression; CORM_OUTPUT and CORM_AS give it one",
                       query->outputs.n + 1);
    return FALSE;
  }
  if (first != NULL && first->model != output->model) {
    corm_query_refuse (query, "its outputs mix %s and %s; name members of one shape, or names alone",
                       first->model != NULL ? first->model->type : "names",
                       output->model != NULL ? output->model->type : "names");
    return FALSE;
  }
  CormOutput *added = corm_query_list_add (query->arena, &query->outputs, sizeof *added);
  *added = *output;
  added->expr = *copy;
  if (output->name != NULL)
    added->name = corm_arena_copy (query->arena, output->name, strlen (output->name));
  return TRUE;
}

/* No member and no name twice. */
static CormQuery *
check_twice (CormQuery *query)
{
  const CormOutput *outputs = query->outputs.items;
  for (guint i = 0; i < query->outputs.n; i++)
    for (guint j = 0; j < i; j++)
      if (outputs[i].model != NULL ? outputs[i].offset == outputs[j].offset
                                   : g_strcmp0 (outputs[i].name, outputs[j].name) == 0)
        return corm_query_refuse (query, "outputs %u and %u are the same %s; give each its own", j + 1, i + 1,
                                  outputs[i].model != NULL ? "member" : "name");
  return query;
}

CormQuery *
corm_query_select (CormQuery *query, const CormOutput *outputs)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (query->error != NULL)
    return query;
  if (outputs == NULL || is_end (outputs))
    return corm_query_refuse (query, "it selects nothing; name an output, CORM_OUTPUTS (…)");
  for (; !is_end (outputs); outputs++)
    if (!add_output (query, outputs))
      return query;
  return check_twice (query);
}

CormQuery *
corm_query_define (CormQuery *query, const CormModel *as, CormQuery *body)
{
  g_return_val_if_fail (query != NULL && as != NULL && body != NULL, query);
  for (guint i = 0; i < query->definitions.n; i++)
    if (CORM_QUERY_ITEMS (query->definitions, CormQueryDefinition)[i].as == as)
      return corm_query_refuse (query, "%s is defined twice", as->type);
  if (!as->is_shape)
    return corm_query_refuse (query, "%s is a table; define a shape, CORM_SHAPE (%s, …)", as->type, as->type);
  CormQueryDefinition *definition =
      corm_query_list_add (query->arena, &query->definitions, sizeof *definition);
  *definition = (CormQueryDefinition){ .as = as, .body = body };
  return query;
}

CormQuery *
corm_query_combine (CormQuery *query, CormSetOperation operation, CormQuery *other)
{
  g_return_val_if_fail (query != NULL && other != NULL, query);
  if ((guint) operation > CORM_EXCEPT)
    return corm_query_refuse (query, "%u is no set operation", (guint) operation);
  if (query == other)
    return corm_query_refuse (query, "it is combined with itself; make a second query");
  CormQueryPart *part = corm_query_list_add (query->arena, &query->parts, sizeof *part);
  *part = (CormQueryPart){ .operation = operation, .query = other };
  return query;
}

CormQuery *
corm_query_lock (CormQuery *query, CormLock lock)
{
  g_return_val_if_fail (query != NULL, NULL);
  if ((guint) lock > CORM_LOCK_UPDATE_SKIP_LOCKED)
    return corm_query_refuse (query, "%u is no kind of lock", (guint) lock);
  query->lock = lock;
  return query;
}

CormQuery *
corm_query_page (CormQuery *query, const char *token, gsize limit)
{
  g_return_val_if_fail (query != NULL, NULL);
  if (limit == 0)
    return corm_query_refuse (query, "a page of no rows; give its limit");
  query->is_page = TRUE;
  query->token = token != NULL ? corm_arena_copy (query->arena, token, strlen (token)) : NULL;
  query->limit = limit;
  return query;
}
