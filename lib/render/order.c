/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* ORDER BY, the same order in every database, and the windows of CORM_OVER. NULL is smaller than every value unless the
 * order says otherwise; where the database thinks so too, nothing is written. */
#include "render/template.h"

/* Whether no row can have NULL there: a column that is NOT NULL, of a query's only table. */
static gboolean
is_never_null (const CormScope *scope, const CormField *field)
{
  return field != NULL && !field->nullable && scope->n_tables == 1;
}

gboolean
corm_render_key (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  CormTyping typing;
  if (!corm_expr_check (scope, expr, CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW, &typing, error))
    return FALSE;
  CormType type = typing.type.type;
  gboolean computed = type == CORM_TYPE_UUID || (type == CORM_TYPE_DECIMAL && expr->kind != CORM_EXPR_COLUMN);
  return corm_render_operand (sql, scope, expr, &typing, computed ? CORM_OPERAND_KEY : CORM_OPERAND_COMPARED,
                              error);
}

static gboolean
append_item (CormSql *sql, const CormScope *scope, const CormExpr *expr, const CormOrder *order,
             gboolean never_null, GError **error)
{
  const CormDialect *dialect = sql->dialect;
  CormNulls nulls = order->nulls != CORM_NULLS_SMALLEST ? order->nulls
                    : order->descending                 ? CORM_NULLS_LAST
                                                        : CORM_NULLS_FIRST;
  gboolean first = nulls == CORM_NULLS_FIRST;
  gboolean natural = (first == order->descending) == dialect->nulls_largest || never_null;
  const char *words = first ? dialect->nulls_first : dialect->nulls_last;
  if (!natural && words == NULL) {
    if (!corm_render_closed (sql, scope, expr, error))
      return FALSE;
    corm_append (sql->text, first ? " IS NOT NULL, " : " IS NULL, ");
  }
  if (!corm_render_key (sql, scope, expr, error))
    return FALSE;
  corm_append (sql->text, order->descending ? " DESC" : "");
  corm_append (sql->text, natural || words == NULL ? "" : words);
  return TRUE;
}

static gboolean
append_items (CormSql *sql, const CormScope *scope, const CormOrder *orders, GError **error)
{
  for (const CormOrder *order = orders; order != NULL && !corm_order_is_end (order); order++) {
    const CormScopeTable *table;
    const CormExpr column = { .kind = CORM_EXPR_COLUMN, .model = order->model, .offset = order->offset };
    const CormExpr *expr = order->expr != NULL ? order->expr : &column;
    const CormField *field = NULL;
    if (expr->kind == CORM_EXPR_COLUMN)
      field = corm_scope_find_field (scope, expr->model, expr->offset, &table, error);
    if (expr->kind == CORM_EXPR_COLUMN && field == NULL)
      return FALSE;
    corm_append (sql->text, order == orders ? "ORDER BY " : ", ");
    if (!append_item (sql, scope, expr, order, is_never_null (scope, field), error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_render_order (CormSql *sql, const CormScope *scope, const CormOrder *orders, GError **error)
{
  corm_append (sql->text, orders != NULL && !corm_order_is_end (orders) ? " " : "");
  return append_items (sql, scope, orders, error);
}

static void
append_bound (GString *text, guint rows, const char *direction)
{
  if (rows == CORM_UNBOUNDED)
    g_string_append_printf (text, "UNBOUNDED %s", direction);
  else if (rows == 0)
    corm_append (text, "CURRENT ROW");
  else
    g_string_append_printf (text, "%u %s", rows, direction);
}

gboolean
corm_render_window (CormSql *sql, const CormScope *scope, const CormWindow *window, GError **error)
{
  const char *space = "";
  corm_append (sql->text, " OVER (");
  for (const CormExpr *part = window->partition; part != NULL && part->kind != CORM_EXPR_END; part++) {
    corm_append (sql->text, part == window->partition ? "PARTITION BY " : ", ");
    if (!corm_render_key (sql, scope, part, error))
      return FALSE;
    space = " ";
  }
  if (window->order != NULL && !corm_order_is_end (window->order)) {
    corm_append (sql->text, space);
    if (!append_items (sql, scope, window->order, error))
      return FALSE;
    space = " ";
  }
  if (window->framed) {
    g_string_append_printf (sql->text, "%sROWS BETWEEN ", space);
    append_bound (sql->text, window->preceding, "PRECEDING");
    corm_append (sql->text, " AND ");
    append_bound (sql->text, window->following, "FOLLOWING");
  }
  g_string_append_c (sql->text, ')');
  return TRUE;
}
