/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Grouping. PostgreSQL refuses a column that has more than one value a group, SQLite and MariaDB take any of them: Corm
 * refuses it everywhere. */
#include "query/group.h"

#include <corm/error.h>

/* --- expressions --------------------------------------------------------------------------------------------- */

static gboolean
equal_lists (const CormExpr *a, const CormExpr *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  for (; a->kind != CORM_EXPR_END && b->kind != CORM_EXPR_END; a++, b++)
    if (!corm_expr_equal (a, b))
      return FALSE;
  return a->kind == b->kind;
}

static gboolean
equal_orders (const CormOrder *a, const CormOrder *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  for (; !corm_order_is_end (a) && !corm_order_is_end (b); a++, b++) {
    if (a->model != b->model || a->offset != b->offset || a->descending != b->descending ||
        a->nulls != b->nulls)
      return FALSE;
    if ((a->expr == NULL) != (b->expr == NULL) || (a->expr != NULL && !corm_expr_equal (a->expr, b->expr)))
      return FALSE;
  }
  return corm_order_is_end (a) && corm_order_is_end (b);
}

static gboolean
equal_windows (const CormWindow *a, const CormWindow *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return equal_lists (a->partition, b->partition) && equal_orders (a->order, b->order) &&
         a->framed == b->framed && a->preceding == b->preceding && a->following == b->following;
}

gboolean
corm_expr_equal (const CormExpr *a, const CormExpr *b)
{
  return a->kind == b->kind && a->function == b->function && a->model == b->model && a->offset == b->offset &&
         a->query == b->query && a->list == b->list && a->n_list == b->n_list &&
         a->type.type == b->type.type && a->type.precision == b->type.precision &&
         a->type.scale == b->type.scale && a->type.length == b->type.length &&
         corm_value_equal (&a->value, &b->value) && corm_value_equal (&a->value2, &b->value2) &&
         equal_lists (a->operands, b->operands) && equal_windows (a->window, b->window);
}

static gboolean
is_aggregate (const CormExpr *expr)
{
  return expr->kind == CORM_EXPR_CALL && expr->function >= CORM_FUNCTION_COUNT_ROWS &&
         expr->function <= CORM_FUNCTION_MAX;
}

gboolean
corm_expr_has_aggregate (const CormExpr *expr)
{
  if (is_aggregate (expr))
    return TRUE;
  if (expr->operands == NULL || expr->kind == CORM_EXPR_OVER)
    return FALSE;
  for (const CormExpr *operand = expr->operands; operand->kind != CORM_EXPR_END; operand++)
    if (corm_expr_has_aggregate (operand))
      return TRUE;
  return FALSE;
}

gboolean
corm_expr_has_window (const CormExpr *expr)
{
  if (expr->kind == CORM_EXPR_OVER)
    return TRUE;
  for (const CormExpr *operand = expr->operands; operand != NULL && operand->kind != CORM_EXPR_END; operand++)
    if (corm_expr_has_window (operand))
      return TRUE;
  return FALSE;
}

gboolean
corm_query_is_grouped (CormQuery *query)
{
  if (query->group.n > 0 || query->having.n > 0)
    return TRUE;
  for (guint i = 0; i < query->outputs.n; i++)
    if (corm_expr_has_aggregate (&CORM_QUERY_ITEMS (query->outputs, CormOutput)[i].expr))
      return TRUE;
  for (guint i = 0; i < query->order.n; i++) {
    const CormExpr *expr = CORM_QUERY_ITEMS (query->order, CormOrder)[i].expr;
    if (expr != NULL && corm_expr_has_aggregate (expr))
      return TRUE;
  }
  return FALSE;
}

/* --- the check ----------------------------------------------------------------------------------------------- */

typedef struct {
  CormQuery *query;
  const CormScope *scope;
  const char *where; /* "selects", "sorts by", "filters groups by" */
} Check;

static gboolean
is_group (const CormQuery *query, const CormExpr *expr)
{
  for (guint i = 0; i < query->group.n; i++)
    if (corm_expr_equal (&CORM_QUERY_ITEMS (query->group, CormExpr)[i], expr))
      return TRUE;
  return FALSE;
}

/* The primary key of the column's table is grouped by, so that a group has one row of it. */
static gboolean
follows_from_key (const Check *check, const CormModel *model)
{
  const CormScopeTable *table = corm_scope_find (check->scope, model);
  if (table == NULL || table->mapping->n_keys == 0 || table->mapping->registry == NULL)
    return FALSE;
  for (guint i = 0; i < table->mapping->n_keys; i++) {
    const CormField *key = &table->mapping->fields[table->mapping->keys[i]];
    const CormExpr column = { .kind = CORM_EXPR_COLUMN, .model = model, .offset = key->column->offset };
    if (!is_group (check->query, &column))
      return FALSE;
  }
  return TRUE;
}

/* A table of the query around it has one value for all rows. */
static gboolean
is_own (const Check *check, const CormModel *model)
{
  for (guint i = 0; i < check->scope->n_tables; i++)
    if (check->scope->tables[i].model == model)
      return TRUE;
  return FALSE;
}

static gboolean
refuse_column (const Check *check, const CormModel *model, gsize offset, GError **error)
{
  const CormScopeTable *table;
  const CormField *field = corm_scope_find_field (check->scope, model, offset, &table, error);
  return field != NULL &&
         corm_scope_refuse (
             check->scope, error,
             "it %s %s.%s, which has many values in a group; add it to corm_query_group() or put "
             "it into an aggregate, CORM_MAX (…)",
             check->where, model->type, field->name);
}

static gboolean check_expr (const Check *check, const CormExpr *expr, GError **error);

static gboolean
check_list (const Check *check, const CormExpr *list, GError **error)
{
  for (; list != NULL && list->kind != CORM_EXPR_END; list++)
    if (!check_expr (check, list, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_order (const Check *check, const CormOrder *order, GError **error)
{
  const CormExpr column = { .kind = CORM_EXPR_COLUMN, .model = order->model, .offset = order->offset };
  return check_expr (check, order->expr != NULL ? order->expr : &column, error);
}

/* A window is over groups: what it sorts by and parts by, and what its aggregate adds up, has one value in each. */
static gboolean
check_window (const Check *check, const CormExpr *over, GError **error)
{
  const CormWindow *window = over->window;
  for (const CormExpr *call = over->operands; call != NULL && call->kind != CORM_EXPR_END; call++)
    if (!(is_aggregate (call) ? check_list (check, call->operands, error) : check_expr (check, call, error)))
      return FALSE;
  for (const CormOrder *order = window != NULL ? window->order : NULL;
       order != NULL && !corm_order_is_end (order); order++)
    if (!check_order (check, order, error))
      return FALSE;
  return window == NULL || check_list (check, window->partition, error);
}

static gboolean
check_expr (const Check *check, const CormExpr *expr, GError **error)
{
  if (is_aggregate (expr) || is_group (check->query, expr))
    return TRUE;
  gboolean is_column =
      expr->kind == CORM_EXPR_COLUMN || (expr->kind >= CORM_EXPR_EQ && expr->kind <= CORM_EXPR_IS_NOT_NULL);
  const CormExpr column = { .kind = CORM_EXPR_COLUMN, .model = expr->model, .offset = expr->offset };
  if (is_column)
    return is_group (check->query, &column) || !is_own (check, expr->model) ||
           follows_from_key (check, expr->model) || refuse_column (check, expr->model, expr->offset, error);
  return expr->kind == CORM_EXPR_OVER ? check_window (check, expr, error)
                                      : check_list (check, expr->operands, error);
}

gboolean
corm_query_check_groups (CormQuery *query, const CormScope *scope, const CormQueryOutput *outputs, guint n,
                         GError **error)
{
  Check check = { query, scope, "selects" };
  for (guint i = 0; i < n; i++)
    if (!check_expr (&check, outputs[i].expr, error))
      return FALSE;
  check.where = "filters groups by";
  for (guint i = 0; i < query->having.n; i++)
    if (!check_expr (&check, &CORM_QUERY_ITEMS (query->having, CormExpr)[i], error))
      return FALSE;
  check.where = "sorts by";
  for (guint i = 0; i < query->order.n && query->parts.n == 0; i++)
    if (!check_order (&check, &CORM_QUERY_ITEMS (query->order, CormOrder)[i], error))
      return FALSE;
  return TRUE;
}
