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
  guint place;            /* of tuples: the one that parts and common are about */
  const CormExpr **parts; /* the operands, or what they have at that place */
  CormTyping common;      /* of the parts */
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
find_use (const Compare *compare)
{
  CormType type = compare->common.type.type;
  if (type == CORM_TYPE_DECIMAL && !is_plain (compare->parts, compare->n))
    return CORM_OPERAND_KEY;
  if (type == CORM_TYPE_UUID && is_ordering (compare->expr->function))
    return CORM_OPERAND_KEY;
  for (guint i = 0; i < compare->n; i++)
    if (compare->parts[i]->kind == CORM_EXPR_COLUMN)
      return CORM_OPERAND_COMPARED;
  /* Without a column that says how, values are compared as values of their type. */
  return type == CORM_TYPE_JSON ? CORM_OPERAND_COMPARED : CORM_OPERAND_PLAIN;
}

/* Finds the parts at @place, and what they have in common; unless these are the ones it has found. */
static gboolean
unify (Compare *compare, guint place, GError **error)
{
  CormExpr few[CORM_TEMPLATE_OPERANDS];
  if (compare->place == place)
    return TRUE;
  g_autofree CormExpr *many = compare->n > CORM_TEMPLATE_OPERANDS ? g_new (CormExpr, compare->n) : NULL;
  CormExpr *all = many != NULL ? many : few;
  for (guint i = 0; i < compare->n; i++) {
    const CormExpr *operand = &compare->expr->operands[i];
    compare->parts[i] = operand->kind == CORM_EXPR_TUPLE ? &operand->operands[place] : operand;
    all[i] = *compare->parts[i];
  }
  CormUnify unified = {
    compare->scope, compare->name, CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW, TRUE, { .field = NULL }
  };
  if (!corm_unify (&unified, all, compare->n, error))
    return FALSE;
  compare->common = unified.common;
  compare->place = place;
  return TRUE;
}

static gboolean
append_part (Compare *compare, guint i, guint place, GError **error)
{
  return unify (compare, place, error) &&
         corm_render_operand (compare->sql, compare->scope, compare->parts[i], &compare->common,
                              find_use (compare), error);
}

static gboolean
append_operand (Compare *compare, guint i, GError **error)
{
  const CormExpr *operand = &compare->expr->operands[i];
  if (operand->kind != CORM_EXPR_TUPLE)
    return append_part (compare, i, 0, error);
  guint width = corm_expr_count (operand->operands);
  g_string_append_c (compare->sql->text, '(');
  for (guint place = 0; place < width; place++) {
    corm_append (compare->sql->text, place > 0 ? ", " : "");
    if (!append_part (compare, i, place, error))
      return FALSE;
  }
  g_string_append_c (compare->sql->text, ')');
  return TRUE;
}

static gboolean
append_one_of (Compare *compare, GError **error)
{
  GString *text = compare->sql->text;
  g_string_append_c (text, '(');
  for (guint i = 0; i < compare->n; i++) {
    corm_append (text, i == 0 ? "" : i == 1 ? " IN (" : ", ");
    if (!append_operand (compare, i, error))
      return FALSE;
  }
  corm_append (text, "))");
  return TRUE;
}

static gboolean
append_template (Compare *compare, GError **error)
{
  const char *template =
      corm_function_find_sql (compare->sql->dialect, compare->expr->function, CORM_CLASS_ANY);
  for (; *template != '\0'; template ++) {
    if (*template != '{')
      g_string_append_c (compare->sql->text, *template);
    else if (!append_operand (compare, (guint) (template[1] - 'a'), error))
      return FALSE;
    else
      template += 2;
  }
  return TRUE;
}

gboolean
corm_render_compare (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  const CormExpr *few[CORM_TEMPLATE_OPERANDS];
  Compare compare = { .sql = sql,
                      .scope = scope,
                      .expr = expr,
                      .name = corm_signature_get (expr->function)->name,
                      .n = corm_expr_count (expr->operands),
                      .place = G_MAXUINT };
  g_autofree const CormExpr **many =
      compare.n > CORM_TEMPLATE_OPERANDS ? g_new (const CormExpr *, compare.n) : NULL;
  compare.parts = many != NULL ? many : few;
  return expr->function == CORM_FUNCTION_ONE_OF ? append_one_of (&compare, error)
                                                : append_template (&compare, error);
}
