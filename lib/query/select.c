/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks of a query before it becomes SQL. The macros make none of these mistakes, but structs filled by hand, values
 * that turn out to be NULL and predicates of another model reach this place. */
#include "query/select.h"

#include "base/error.h"

#include <string.h>

static gboolean check_expr (const CormMapping *mapping, const CormExpr *expr, GError **error);

static gboolean refuse (const CormMapping *mapping, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static gboolean
refuse (const CormMapping *mapping, GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "query of %s: %s", mapping->model->table, reason);
  return FALSE;
}

const CormField *
corm_select_find_field (const CormMapping *mapping, const CormModel *model, gsize offset, GError **error)
{
  if (model != mapping->model) {
    refuse (mapping, error, "a part of it is about model %s; the query reads %s, use members of that",
            model != NULL ? model->type : "(none)", mapping->model->type);
    return NULL;
  }
  const CormField *field = corm_mapping_find_field (mapping, offset);
  const CormRelation *relation = corm_mapping_find_relation (mapping, offset);
  if (field == NULL && relation != NULL)
    refuse (mapping, error, "'%s' is a relation, which has no column; use its key", relation->name);
  else if (field == NULL)
    refuse (mapping, error,
            "the member at byte %" G_GSIZE_FORMAT
            " of %s is no column of the model; add a CORM_COLUMN for it",
            offset, model->type);
  return field;
}

static gboolean
is_null (const CormValue *value)
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
refuse_value (const CormMapping *mapping, GError *said, GError **error)
{
  refuse (mapping, error, "%s", said->message);
  g_error_free (said);
  return FALSE;
}

static gboolean
check_value (const CormMapping *mapping, const CormField *field, const CormValue *value, GError **error)
{
  GError *said = NULL;
  CormValue converted;
  if (is_null (value))
    return refuse (
        mapping, error,
        "column %s is compared with NULL, which is never true; use CORM_IS_NULL or CORM_IS_NOT_NULL",
        field->name);
  return corm_field_convert (mapping, field, value, &converted, &said) || refuse_value (mapping, said, error);
}

static gboolean
check_list (const CormMapping *mapping, const CormField *field, const CormExpr *expr, GError **error)
{
  if (expr->list == NULL && expr->n_list > 0)
    return refuse (mapping, error, "column %s IN has no list; give it an array of n_list values",
                   field->name);
  for (gsize i = 0; i < expr->n_list; i++) {
    GError *said = NULL;
    CormValue value;
    if (!corm_field_get_element (mapping, field, expr->list, i, &value, &said))
      return refuse_value (mapping, said, error);
    if (value.is_null)
      return refuse (mapping, error,
                     "column %s IN has NULL at place %" G_GSIZE_FORMAT
                     ", which never matches; use CORM_IS_NULL",
                     field->name, i);
  }
  return TRUE;
}

static gboolean
check_like (const CormMapping *mapping, const CormField *field, const CormValue *pattern, GError **error)
{
  if (field->ctype != CORM_C_TEXT)
    return refuse (mapping, error, "column %s of type %s takes no LIKE, which is for text", field->name,
                   corm_type_name (field->type.type));
  if (!check_value (mapping, field, pattern, error))
    return FALSE;
  gsize n = 0;
  while (n < pattern->size && pattern->data[pattern->size - 1 - n] == '\\')
    n++;
  if (n % 2 == 0)
    return TRUE;
  return refuse (mapping, error,
                 "the LIKE pattern of column %s ends in a single \\, which escapes nothing; double it",
                 field->name);
}

static gboolean
check_predicate (const CormMapping *mapping, const CormExpr *expr, GError **error)
{
  const CormField *field = corm_select_find_field (mapping, expr->model, expr->offset, error);
  if (field == NULL)
    return FALSE;
  switch (expr->kind) {
  case CORM_EXPR_IS_NULL:
  case CORM_EXPR_IS_NOT_NULL:
    return TRUE;
  case CORM_EXPR_IN_VALUES:
    return expr->list != NULL || expr->n_list == 0 || check_list (mapping, field, expr, error);
  case CORM_EXPR_IN:
    return check_list (mapping, field, expr, error);
  case CORM_EXPR_LIKE:
    return check_like (mapping, field, &expr->value, error);
  case CORM_EXPR_BETWEEN:
    return check_value (mapping, field, &expr->value, error) &&
           check_value (mapping, field, &expr->value2, error);
  default:
    return check_value (mapping, field, &expr->value, error);
  }
}

static gboolean
check_operands (const CormMapping *mapping, const CormExpr *expr, GError **error)
{
  const char *name = expr->kind == CORM_EXPR_NOT ? "NOT" : expr->kind == CORM_EXPR_ALL ? "ALL" : "ANY";
  gsize n = 0;
  if (expr->operands == NULL)
    return refuse (mapping, error, "%s has no list of operands; end one with CORM_EXPR_END", name);
  for (const CormExpr *operand = expr->operands; operand->kind != CORM_EXPR_END; operand++, n++)
    if (!check_expr (mapping, operand, error))
      return FALSE;
  if (expr->kind == CORM_EXPR_NOT && n != 1)
    return refuse (mapping, error, "NOT has %" G_GSIZE_FORMAT " operands and takes one", n);
  return TRUE;
}

static gboolean
check_expr (const CormMapping *mapping, const CormExpr *expr, GError **error)
{
  if (expr->kind == CORM_EXPR_NOT || expr->kind == CORM_EXPR_ALL || expr->kind == CORM_EXPR_ANY)
    return check_operands (mapping, expr, error);
  if (expr->kind == CORM_EXPR_NONE || expr->kind == CORM_EXPR_END)
    return refuse (mapping, error, "an operand of it is empty; fill it or leave it out");
  if ((guint) expr->kind > CORM_EXPR_ANY)
    return refuse (mapping, error, "%u is no kind of expression", (guint) expr->kind);
  return check_predicate (mapping, expr, error);
}

gboolean
corm_select_check (const CormSelect *select, GError **error)
{
  const CormMapping *mapping = select->mapping;
  if (select->where != NULL && select->where->kind != CORM_EXPR_NONE &&
      !check_expr (mapping, select->where, error))
    return FALSE;
  for (const CormOrder *order = select->order; order != NULL && order->model != NULL; order++)
    if (corm_select_find_field (mapping, order->model, order->offset, error) == NULL)
      return FALSE;
  return TRUE;
}
