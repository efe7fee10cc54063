/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Comparisons of two expressions, of tuples, and with a list. A column beside values is compared as it stands, so that
 * its index helps; what is computed goes through CORM_TEMPLATE_KEY where the database needs that. */
#include "render/template.h"

typedef struct {
  CormSql *sql;
  const CormScope *scope;
  const CormExpr *expr;
  const char *name;
  guint n;
} Compare;

/* One column, and values beside it. */
static gboolean
is_plain (const CormExpr *const *operands, guint n)
{
  guint n_columns = 0;
  for (guint i = 0; i < n; i++) {
    if (operands[i]->kind != CORM_EXPR_COLUMN && operands[i]->kind != CORM_EXPR_VALUE)
      return FALSE;
    n_columns += operands[i]->kind == CORM_EXPR_COLUMN;
  }
  return n_columns == 1;
}

static gboolean
is_ordering (guint function)
{
  return function != CORM_FUNCTION_EQUAL && function != CORM_FUNCTION_UNEQUAL &&
         function != CORM_FUNCTION_SAME && function != CORM_FUNCTION_ONE_OF;
}

static CormOperandUse
find_use (const Compare *compare, const CormExpr *const *operands, CormType type)
{
  if (type == CORM_TYPE_DECIMAL && !is_plain (operands, compare->n))
    return CORM_OPERAND_KEY;
  if (type == CORM_TYPE_UUID && is_ordering (compare->expr->function))
    return CORM_OPERAND_KEY;
  for (guint i = 0; i < compare->n; i++)
    if (operands[i]->kind == CORM_EXPR_COLUMN)
      return CORM_OPERAND_COMPARED;
  /* Without a column that says how, values are compared as values of their type. */
  return type == CORM_TYPE_JSON ? CORM_OPERAND_COMPARED : CORM_OPERAND_PLAIN;
}

static gboolean
unify (const Compare *compare, const CormExpr *const *operands, CormTyping *common, GError **error)
{
  CormExpr few[CORM_TEMPLATE_OPERANDS];
  g_autofree CormExpr *many = compare->n > CORM_TEMPLATE_OPERANDS ? g_new (CormExpr, compare->n) : NULL;
  CormExpr *all = many != NULL ? many : few;
  for (guint i = 0; i < compare->n; i++)
    all[i] = *operands[i];
  CormUnify unified = {
    compare->scope, compare->name, CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW, TRUE, { .field = NULL }
  };
  if (!corm_unify (&unified, all, compare->n, error))
    return FALSE;
  *common = unified.common;
  return TRUE;
}

/* Operand @i, or place @place of the tuple that it is. */
static const CormExpr *
get_part (const Compare *compare, guint i, guint place)
{
  const CormExpr *operand = &compare->expr->operands[i];
  return operand->kind == CORM_EXPR_TUPLE ? &operand->operands[place] : operand;
}

static gboolean
append_part (const Compare *compare, guint i, guint place, GError **error)
{
  CormTyping common;
  g_autofree const CormExpr **parts = g_new (const CormExpr *, compare->n);
  for (guint other = 0; other < compare->n; other++)
    parts[other] = get_part (compare, other, place);
  return unify (compare, parts, &common, error) &&
         corm_render_operand (compare->sql, compare->scope, parts[i], &common,
                              find_use (compare, parts, common.type.type), error);
}

static gboolean
append_operand (const Compare *compare, guint i, GError **error)
{
  const CormExpr *operand = &compare->expr->operands[i];
  if (operand->kind != CORM_EXPR_TUPLE)
    return append_part (compare, i, 0, error);
  guint width = corm_expr_count (operand->operands);
  g_string_append_c (compare->sql->text, '(');
  for (guint place = 0; place < width; place++) {
    g_string_append (compare->sql->text, place > 0 ? ", " : "");
    if (!append_part (compare, i, place, error))
      return FALSE;
  }
  g_string_append_c (compare->sql->text, ')');
  return TRUE;
}

static gboolean
append_one_of (const Compare *compare, GError **error)
{
  GString *text = compare->sql->text;
  g_string_append_c (text, '(');
  for (guint i = 0; i < compare->n; i++) {
    g_string_append (text, i == 0 ? "" : i == 1 ? " IN (" : ", ");
    if (!append_operand (compare, i, error))
      return FALSE;
  }
  g_string_append (text, "))");
  return TRUE;
}

gboolean
corm_render_compare (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  const Compare compare = { sql, scope, expr, corm_signature_get (expr->function)->name,
                            corm_expr_count (expr->operands) };
  if (expr->function == CORM_FUNCTION_ONE_OF)
    return append_one_of (&compare, error);
  const char *template = corm_function_find_sql (sql->dialect, expr->function, CORM_CLASS_ANY);
  for (; *template != '\0'; template ++) {
    if (*template != '{')
      g_string_append_c (sql->text, *template);
    else if (!append_operand (&compare, (guint) (template[1] - 'a'), error))
      return FALSE;
    else
      template += 2;
  }
  return TRUE;
}
