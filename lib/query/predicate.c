/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks of predicates about one member. The macros make none of these mistakes, but structs filled by hand, values that
 * turn out to be NULL and predicates of another model reach this place. */
#include "query/typing.h"

#include <corm/error.h>

typedef struct {
  const CormScope *scope;
  const CormMapping *mapping;
  const CormField *field;
} Column;

gboolean
corm_value_says_null (const CormValue *value)
{
  switch (value->type) {
  case CORM_TYPE_TEXT:
  case CORM_TYPE_DECIMAL:
  case CORM_TYPE_JSON:
  case CORM_TYPE_BYTES:
    return value->is_null || value->data == NULL;
  default:
    return value->is_null || value->type == CORM_TYPE_NONE;
  }
}

/* Takes over what converting said, as a fault of the call. */
static gboolean
refuse_value (const Column *column, GError *said, GError **error)
{
  corm_scope_refuse (column->scope, error, "%s", said->message);
  g_error_free (said);
  return FALSE;
}

static gboolean
check_value (const Column *column, const CormValue *value, GError **error)
{
  GError *said = NULL;
  CormValue converted;
  if (corm_value_says_null (value))
    return corm_scope_refuse (
        column->scope, error,
        "column %s is compared with NULL, which is never true; use CORM_IS_NULL or CORM_IS_NOT_NULL",
        column->field->name);
  return corm_field_convert (column->mapping, column->field, value, &converted, &said) ||
         refuse_value (column, said, error);
}

static gboolean
check_list (const Column *column, const CormExpr *expr, GError **error)
{
  if (expr->list == NULL && expr->n_list > 0)
    return corm_scope_refuse (column->scope, error,
                              "column %s IN has no list; give it an array of n_list values",
                              column->field->name);
  if (expr->kind == CORM_EXPR_IN_VALUES)
    return TRUE;
  for (gsize i = 0; i < expr->n_list; i++) {
    GError *said = NULL;
    CormValue value;
    if (!corm_field_get_element (column->mapping, column->field, expr->list, i, &value, &said))
      return refuse_value (column, said, error);
    if (value.is_null)
      return corm_scope_refuse (column->scope, error,
                                "column %s IN has NULL at place %" G_GSIZE_FORMAT
                                ", which never matches; use CORM_IS_NULL",
                                column->field->name, i);
  }
  return TRUE;
}

static gboolean
check_like (const Column *column, const CormValue *pattern, GError **error)
{
  if (column->field->ctype != CORM_C_TEXT)
    return corm_scope_refuse (column->scope, error, "column %s of type %s takes no LIKE, which is for text",
                              column->field->name, corm_type_name (column->field->type.type));
  if (!check_value (column, pattern, error))
    return FALSE;
  if (!corm_like_ends_in_escape (pattern))
    return TRUE;
  return corm_scope_refuse (
      column->scope, error,
      "the LIKE pattern of column %s ends in a single \\, which escapes nothing; double it",
      column->field->name);
}

gboolean
corm_like_ends_in_escape (const CormValue *pattern)
{
  gsize n = 0;
  while (n < pattern->size && pattern->data[pattern->size - 1 - n] == '\\')
    n++;
  return n % 2 == 1;
}

gboolean
corm_predicate_check (const CormScope *scope, const CormExpr *expr, GError **error)
{
  const CormScopeTable *table;
  const CormField *field = corm_scope_find_field (scope, expr->model, expr->offset, &table, error);
  if (field == NULL)
    return FALSE;
  const Column column = { scope, table->mapping, field };
  switch (expr->kind) {
  case CORM_EXPR_IS_NULL:
  case CORM_EXPR_IS_NOT_NULL:
    return TRUE;
  case CORM_EXPR_IN:
  case CORM_EXPR_IN_VALUES:
    return check_list (&column, expr, error);
  case CORM_EXPR_LIKE:
    return check_like (&column, &expr->value, error);
  case CORM_EXPR_BETWEEN:
    return check_value (&column, &expr->value, error) && check_value (&column, &expr->value2, error);
  default:
    return check_value (&column, &expr->value, error);
  }
}
