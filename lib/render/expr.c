/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Expressions as SQL: conditions joined, and each other kind handed to the file that knows it. */
#include "render/function.h"

static gboolean
append_operands (CormSql *sql, const CormScope *scope, const CormExpr *expr, const char *joiner,
                 GError **error)
{
  g_string_append_c (sql->text, '(');
  for (const CormExpr *operand = expr->operands; operand->kind != CORM_EXPR_END; operand++) {
    if (operand != expr->operands)
      corm_append (sql->text, joiner);
    if (!corm_render_expr (sql, scope, operand, error))
      return FALSE;
  }
  g_string_append_c (sql->text, ')');
  return TRUE;
}

static gboolean
append_logic (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  gboolean empty = expr->operands->kind == CORM_EXPR_END;
  if (expr->kind == CORM_EXPR_NOT) {
    corm_append (sql->text, "NOT ");
    return append_operands (sql, scope, expr, "", error);
  }
  if (empty) {
    corm_append (sql->text, expr->kind == CORM_EXPR_ALL ? "1 = 1" : "1 = 0");
    return TRUE;
  }
  return append_operands (sql, scope, expr, expr->kind == CORM_EXPR_ALL ? " AND " : " OR ", error);
}

void
corm_render_field (CormSql *sql, const CormScope *scope, const CormScopeTable *table, const CormField *field)
{
  if (corm_scope_is_qualified (scope)) {
    corm_sql_append_name (sql, table->name);
    g_string_append_c (sql->text, '.');
  }
  corm_sql_append_name (sql, field->name);
}

static gboolean
append_column (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  const CormScopeTable *table;
  const CormField *field = corm_scope_find_field (scope, expr->model, expr->offset, &table, error);
  if (field != NULL)
    corm_render_field (sql, scope, table, field);
  return field != NULL;
}

static gboolean
append_tuple (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  g_string_append_c (sql->text, '(');
  for (const CormExpr *part = expr->operands; part->kind != CORM_EXPR_END; part++) {
    corm_append (sql->text, part != expr->operands ? ", " : "");
    if (!corm_render_expr (sql, scope, part, error))
      return FALSE;
  }
  g_string_append_c (sql->text, ')');
  return TRUE;
}

static gboolean
append_subquery (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  if (expr->kind == CORM_EXPR_IN_QUERY && !corm_render_expr (sql, scope, expr->operands, error))
    return FALSE;
  corm_append (sql->text, expr->kind == CORM_EXPR_EXISTS     ? "EXISTS ("
                          : expr->kind == CORM_EXPR_IN_QUERY ? " IN ("
                                                             : "(");
  /* MariaDB takes no LIMIT right inside of IN. */
  gboolean wrapped = expr->kind == CORM_EXPR_IN_QUERY && (expr->query->limit > 0 || expr->query->offset > 0);
  corm_append (sql->text, wrapped ? "SELECT * FROM (" : "");
  if (!corm_render_query (sql, expr->query, scope, error))
    return FALSE;
  corm_append (sql->text, wrapped ? ") AS corm_limited)" : ")");
  return TRUE;
}

static gboolean
append_value (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  CormTyping typing;
  return corm_expr_check (scope, expr, 0, &typing, error) &&
         corm_render_operand (sql, scope, expr, &typing, CORM_OPERAND_PLAIN, error);
}

gboolean
corm_render_expr (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  switch (expr->kind) {
  case CORM_EXPR_NOT:
  case CORM_EXPR_ALL:
  case CORM_EXPR_ANY:
    return append_logic (sql, scope, expr, error);
  case CORM_EXPR_COLUMN:
    return append_column (sql, scope, expr, error);
  case CORM_EXPR_VALUE:
    return append_value (sql, scope, expr, error);
  case CORM_EXPR_CALL:
    return corm_render_call (sql, scope, expr, NULL, error);
  case CORM_EXPR_OVER:
    return corm_render_call (sql, scope, expr->operands, expr->window, error);
  case CORM_EXPR_TUPLE:
    return append_tuple (sql, scope, expr, error);
  case CORM_EXPR_QUERY:
  case CORM_EXPR_EXISTS:
  case CORM_EXPR_IN_QUERY:
    return append_subquery (sql, scope, expr, error);
  default:
    return corm_render_predicate (sql, scope, expr, error);
  }
}

gboolean
corm_render_closed (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  gboolean open = expr->kind < CORM_EXPR_COLUMN || expr->kind == CORM_EXPR_IN_QUERY;
  corm_append (sql->text, open ? "(" : "");
  if (!corm_render_expr (sql, scope, expr, error))
    return FALSE;
  corm_append (sql->text, open ? ")" : "");
  return TRUE;
}

gboolean
corm_render_where (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  if (expr == NULL || expr->kind == CORM_EXPR_NONE)
    return TRUE;
  corm_append (sql->text, " WHERE ");
  return corm_render_expr (sql, scope, expr, error);
}
