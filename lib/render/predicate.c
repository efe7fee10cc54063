/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Predicates about one member as SQL. Values become bound parameters, always; the only text that comes from the caller
 * is the names of columns, quoted. */
#include "render/list.h"

#include <corm/error.h>

typedef struct {
  const CormScope *scope;
  const CormScopeTable *table;
  const CormField *field;
} Column;

static const char *const comparisons[] = {
  [CORM_EXPR_EQ] = " = ",  [CORM_EXPR_NE] = " <> ", [CORM_EXPR_LT] = " < ",
  [CORM_EXPR_LE] = " <= ", [CORM_EXPR_GT] = " > ",  [CORM_EXPR_GE] = " >= ",
};

/* The column as it stands in a comparison. */
static gboolean
append_operand (CormSql *sql, const Column *column, GError **error)
{
  corm_render_field (sql, column->scope, column->table, column->field);
  return corm_sql_append_compare (sql, column->field, error);
}

static gboolean
append_param (CormSql *sql, const CormField *field, const CormValue *value, GError **error)
{
  corm_sql_append_param (sql, field->name, &field->type, value);
  return field->type.type != CORM_TYPE_JSON || corm_sql_append_compare (sql, field, error);
}

static gboolean
append_value (CormSql *sql, const Column *column, const CormValue *from, GError **error)
{
  CormValue value;
  if (!corm_field_convert (column->table->mapping, column->field, from, &value, error))
    return FALSE;
  return append_param (sql, column->field, &value, error);
}

static gboolean
append_between (CormSql *sql, const Column *column, const CormExpr *expr, GError **error)
{
  if (!append_operand (sql, column, error))
    return FALSE;
  corm_append (sql->text, " BETWEEN ");
  if (!append_value (sql, column, &expr->value, error))
    return FALSE;
  corm_append (sql->text, " AND ");
  return append_value (sql, column, &expr->value2, error);
}

static gboolean
get_element (const CormList *list, gsize i, CormValue *value, GError **error)
{
  if (list->expr->kind != CORM_EXPR_IN_VALUES)
    return corm_field_get_element (list->mapping, list->field, list->expr->list, i, value, error);
  *value = ((const CormValue *) list->expr->list)[i];
  return TRUE;
}

static gboolean
append_short_list (CormSql *sql, const Column *column, const CormList *list, GError **error)
{
  if (!append_operand (sql, column, error))
    return FALSE;
  corm_append (sql->text, " IN (");
  for (gsize i = 0; i < list->n; i++) {
    CormValue value;
    corm_append (sql->text, i > 0 ? ", " : "");
    if (!get_element (list, i, &value, error) || !append_param (sql, column->field, &value, error))
      return FALSE;
  }
  g_string_append_c (sql->text, ')');
  return TRUE;
}

static gboolean
append_in (CormSql *sql, const Column *column, const CormExpr *expr, GError **error)
{
  const CormExpr operand = { .kind = CORM_EXPR_COLUMN, .model = expr->model, .offset = expr->offset };
  const CormList list = { column->scope,           &operand,     column->field, column->table->mapping,
                          sql->dialect->list_form, expr->n_list, get_element,   expr };
  if (list.n == 0) {
    corm_append (sql->text, "1 = 0");
    return TRUE;
  }
  if (list.n > CORM_SHORT_LIST && corm_list_is_unbounded (sql->dialect, column->field->type.type))
    return corm_render_list (sql, &list, error);
  if (sql->types->len + list.n <= sql->dialect->max_params)
    return append_short_list (sql, column, &list, error);
  g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
               "%s.%s IN a list of %" G_GSIZE_FORMAT " values: a statement takes %u at most; split the list",
               column->table->mapping->model->table, column->field->name, list.n, sql->dialect->max_params);
  return FALSE;
}

/* The dialect's template: {a} LIKE {b} … */
static gboolean
append_like (CormSql *sql, const Column *column, const CormExpr *expr, GError **error)
{
  for (const char *p = sql->dialect->like; *p != '\0';) {
    if (g_str_has_prefix (p, "{a}")) {
      corm_render_field (sql, column->scope, column->table, column->field);
      p += 3;
    } else if (g_str_has_prefix (p, "{b}")) {
      if (!append_value (sql, column, &expr->value, error))
        return FALSE;
      p += 3;
    } else
      g_string_append_c (sql->text, *p++);
  }
  return TRUE;
}

gboolean
corm_render_predicate (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  Column found = { .scope = scope };
  const Column *column = &found;
  found.field = corm_scope_find_field (scope, expr->model, expr->offset, &found.table, error);
  if (found.field == NULL)
    return FALSE;
  switch (expr->kind) {
  case CORM_EXPR_BETWEEN:
    return append_between (sql, column, expr, error);
  case CORM_EXPR_IN:
  case CORM_EXPR_IN_VALUES:
    return append_in (sql, column, expr, error);
  case CORM_EXPR_LIKE:
    return append_like (sql, column, expr, error);
  case CORM_EXPR_IS_NULL:
  case CORM_EXPR_IS_NOT_NULL:
    corm_render_field (sql, scope, column->table, column->field);
    corm_append (sql->text, expr->kind == CORM_EXPR_IS_NULL ? " IS NULL" : " IS NOT NULL");
    return TRUE;
  default:
    if (!append_operand (sql, column, error))
      return FALSE;
    corm_append (sql->text, comparisons[expr->kind]);
    return append_value (sql, column, &expr->value, error);
  }
}
