/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Walks an expression from the leaves to the root: each node's type follows from those below. */
#include "query/call.h"
#include "query/query.h"

#include "base/error.h"
#include "value/text.h"

static const CormTyping boolean_typing = { .type = { .type = CORM_TYPE_BOOLEAN } };

static gboolean
check_operands (const CormScope *scope, const CormExpr *expr, guint allow, GError **error)
{
  const char *name = expr->kind == CORM_EXPR_NOT ? "NOT" : expr->kind == CORM_EXPR_ALL ? "ALL" : "ANY";
  gsize n = 0;
  if (expr->operands == NULL)
    return corm_scope_refuse (scope, error, "%s has no list of operands; end one with CORM_EXPR_END", name);
  for (const CormExpr *operand = expr->operands; operand->kind != CORM_EXPR_END; operand++, n++) {
    CormTyping typing;
    if (!corm_expr_check (scope, operand, allow, &typing, error))
      return FALSE;
    if (typing.type.type != CORM_TYPE_BOOLEAN)
      return corm_scope_refuse (scope, error,
                                "operand %" G_GSIZE_FORMAT " of %s is of type %s and no condition", n + 1,
                                name, corm_type_name (typing.type.type));
  }
  if (expr->kind == CORM_EXPR_NOT && n != 1)
    return corm_scope_refuse (scope, error, "NOT has %" G_GSIZE_FORMAT " operands and takes one", n);
  return TRUE;
}

static gboolean
check_column (const CormScope *scope, const CormExpr *expr, CormTyping *typing, GError **error)
{
  const CormScopeTable *table;
  const CormField *field = corm_scope_find_field (scope, expr->model, expr->offset, &table, error);
  if (field != NULL)
    *typing = (CormTyping){ field->type, field, table->mapping };
  return field != NULL;
}

/* Values that no column vouches for. */
static gboolean
check_value (const CormScope *scope, const CormExpr *expr, CormTyping *typing, GError **error)
{
  const CormValue *value = &expr->value;
  *typing = (CormTyping){ .type = { .type = value->type } };
  if (corm_class_of (value->type) == CORM_CLASS_ANY)
    return corm_scope_refuse (scope, error,
                              "a NULL of no type stands in it; give it one, like corm_value_text (NULL)");
  if (corm_value_says_null (value))
    return TRUE;
  gboolean is_text =
      value->type == CORM_TYPE_TEXT || value->type == CORM_TYPE_JSON || value->type == CORM_TYPE_ENUM;
  if (is_text && !g_utf8_validate_len (value->data, value->size, NULL))
    return corm_scope_refuse (scope, error, "a text in it is not UTF-8");
  if (value->type == CORM_TYPE_DECIMAL && !corm_decimal_fits (value->data, value->size, 0, 0)) {
    g_autofree char *shown = corm_error_quote (value->data, (gssize) value->size);
    return corm_scope_refuse (scope, error, "%s is no decimal number", shown);
  }
  return TRUE;
}

static gboolean
check_in_query (const CormScope *scope, const CormExpr *expr, guint allow, GError **error)
{
  const CormExpr *left = expr->operands;
  if (corm_expr_count (left) != 1)
    return corm_scope_refuse (scope, error, "CORM_IN_QUERY has no expression to look for");
  gboolean is_tuple = left->kind == CORM_EXPR_TUPLE;
  guint n = is_tuple ? corm_expr_count (left->operands) : 1, width = corm_query_get_n_outputs (expr->query);
  if (n != width)
    return corm_scope_refuse (scope, error, "CORM_IN_QUERY looks for %u values in a query of %u columns", n,
                              width);
  for (guint i = 0; i < n; i++) {
    CormTyping a, b = { .field = NULL };
    const CormExpr *part = is_tuple ? &left->operands[i] : left;
    if (!corm_expr_check (scope, part, allow, &a, error) ||
        !corm_query_get_output_type (expr->query, scope, i, &b.type, error))
      return FALSE;
    if (!corm_typing_is_comparable (&a, &b))
      return corm_scope_refuse (scope, error, "CORM_IN_QUERY looks for %s in a column of type %s",
                                corm_type_name (a.type.type), corm_type_name (b.type.type));
  }
  return TRUE;
}

static gboolean
check_query (const CormScope *scope, const CormExpr *expr, guint allow, CormTyping *typing, GError **error)
{
  if (expr->query == NULL)
    return corm_scope_refuse (scope, error, "a subquery in it is NULL");
  if (!corm_query_check_made (expr->query, error))
    return FALSE;
  if (expr->kind == CORM_EXPR_IN_QUERY)
    return check_in_query (scope, expr, allow, error);
  if (expr->kind == CORM_EXPR_EXISTS)
    return TRUE;
  guint n = corm_query_get_n_outputs (expr->query);
  if (n != 1)
    return corm_scope_refuse (scope, error, "a query that stands for one value gives %u columns; select one",
                              n);
  typing->field = NULL;
  return corm_query_get_output_type (expr->query, scope, 0, &typing->type, error);
}

guint
corm_expr_count (const CormExpr *operands)
{
  guint n = 0;
  while (operands != NULL && operands[n].kind != CORM_EXPR_END)
    n++;
  return n;
}

gboolean
corm_expr_check (const CormScope *scope, const CormExpr *expr, guint allow, CormTyping *typing,
                 GError **error)
{
  *typing = boolean_typing;
  switch (expr->kind) {
  case CORM_EXPR_NONE:
  case CORM_EXPR_END:
    return corm_scope_refuse (scope, error, "an operand of it is empty; fill it or leave it out");
  case CORM_EXPR_NOT:
  case CORM_EXPR_ALL:
  case CORM_EXPR_ANY:
    return check_operands (scope, expr, allow, error);
  case CORM_EXPR_COLUMN:
    return check_column (scope, expr, typing, error);
  case CORM_EXPR_VALUE:
    return check_value (scope, expr, typing, error);
  case CORM_EXPR_CALL:
    return corm_call_check (scope, expr, allow, FALSE, typing, error);
  case CORM_EXPR_OVER:
    return corm_over_check (scope, expr, allow, typing, error);
  case CORM_EXPR_TUPLE:
    return corm_scope_refuse (scope, error,
                              "a tuple stands where one value belongs; compare it with another tuple");
  case CORM_EXPR_QUERY:
  case CORM_EXPR_EXISTS:
  case CORM_EXPR_IN_QUERY:
    return check_query (scope, expr, allow, typing, error);
  default:
    if ((guint) expr->kind > CORM_EXPR_ANY)
      return corm_scope_refuse (scope, error, "%u is no kind of expression", (guint) expr->kind);
    return corm_predicate_check (scope, expr, error);
  }
}

gboolean
corm_condition_check (const CormScope *scope, const CormExpr *expr, guint allow, GError **error)
{
  CormTyping typing;
  if (expr == NULL || expr->kind == CORM_EXPR_NONE)
    return TRUE;
  if (!corm_expr_check (scope, expr, allow, &typing, error))
    return FALSE;
  return typing.type.type == CORM_TYPE_BOOLEAN ||
         corm_scope_refuse (scope, error, "an expression of type %s stands where a condition belongs",
                            corm_type_name (typing.type.type));
}

gboolean
corm_order_check (const CormScope *scope, const CormOrder *order, guint allow, GError **error)
{
  CormTyping typing;
  const CormScopeTable *table;
  if (order->expr != NULL)
    return corm_expr_check (scope, order->expr, allow, &typing, error);
  return corm_scope_find_field (scope, order->model, order->offset, &table, error) != NULL;
}
