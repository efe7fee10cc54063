/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The type that operands have in common. Expressions decide, values follow: beside an enum's column a number is one of
 * its labels. Integers give way to decimals, both to floats. */
#include "query/typing.h"

#include <corm/error.h>

#include <string.h>

CormClass
corm_class_of (CormType type)
{
  static const CormClass classes[CORM_N_TYPES] = {
    [CORM_TYPE_BOOLEAN] = CORM_CLASS_BOOLEAN,
    [CORM_TYPE_INT16] = CORM_CLASS_INTEGER,
    [CORM_TYPE_INT32] = CORM_CLASS_INTEGER,
    [CORM_TYPE_INT64] = CORM_CLASS_INTEGER,
    [CORM_TYPE_FLOAT32] = CORM_CLASS_FLOAT,
    [CORM_TYPE_FLOAT64] = CORM_CLASS_FLOAT,
    [CORM_TYPE_DECIMAL] = CORM_CLASS_DECIMAL,
    [CORM_TYPE_TEXT] = CORM_CLASS_TEXT,
    [CORM_TYPE_BYTES] = CORM_CLASS_BYTES,
    [CORM_TYPE_DATE] = CORM_CLASS_DATE,
    [CORM_TYPE_TIME] = CORM_CLASS_TIME,
    [CORM_TYPE_TIMESTAMP] = CORM_CLASS_TIMESTAMP,
    [CORM_TYPE_LOCAL_TIMESTAMP] = CORM_CLASS_LOCAL_TIMESTAMP,
    [CORM_TYPE_UUID] = CORM_CLASS_UUID,
    [CORM_TYPE_JSON] = CORM_CLASS_JSON,
    [CORM_TYPE_ENUM] = CORM_CLASS_ENUM,
    [CORM_TYPE_RAW] = CORM_CLASS_RAW,
  };
  return (guint) type < CORM_N_TYPES ? classes[type] : CORM_CLASS_ANY;
}

static gboolean
is_number (CormClass class)
{
  return class == CORM_CLASS_INTEGER || class == CORM_CLASS_FLOAT || class == CORM_CLASS_DECIMAL;
}

gboolean
corm_typing_is_comparable (const CormTyping *a, const CormTyping *b)
{
  CormClass class_a = corm_class_of (a->type.type), class_b = corm_class_of (b->type.type);
  return class_a == class_b || (is_number (class_a) && is_number (class_b));
}

static gboolean
has_same_labels (const CormTyping *a, const CormTyping *b)
{
  return a->field != NULL && b->field != NULL &&
         (a->field->column->labels == b->field->column->labels ||
          g_strv_equal ((const char *const *) a->field->column->labels,
                        (const char *const *) b->field->column->labels));
}

/* The wider of two types of numbers. */
static CormSqlType
widen (const CormSqlType *a, const CormSqlType *b)
{
  CormClass class_a = corm_class_of (a->type), class_b = corm_class_of (b->type);
  if (class_a == CORM_CLASS_FLOAT || class_b == CORM_CLASS_FLOAT)
    return (CormSqlType){ .type = a->type == CORM_TYPE_FLOAT32 && b->type == CORM_TYPE_FLOAT32
                                      ? CORM_TYPE_FLOAT32
                                      : CORM_TYPE_FLOAT64 };
  if (class_a == CORM_CLASS_DECIMAL && class_b == CORM_CLASS_DECIMAL && a->precision == b->precision &&
      a->scale == b->scale)
    return *a;
  if (class_a == CORM_CLASS_DECIMAL || class_b == CORM_CLASS_DECIMAL)
    return (CormSqlType){ .type = CORM_TYPE_DECIMAL };
  return (CormSqlType){ .type = MAX (a->type, b->type) };
}

char *
corm_expr_describe (const CormExpr *expr, const CormTyping *typing)
{
  const char *type = corm_type_name (typing->type.type);
  if (expr->kind == CORM_EXPR_COLUMN && typing->field != NULL)
    return g_strdup_printf ("column %s of type %s", typing->field->name, type);
  if (expr->kind == CORM_EXPR_TUPLE)
    return g_strdup ("a tuple");
  return g_strdup_printf ("%s of type %s", expr->kind == CORM_EXPR_VALUE ? "a value" : "an expression", type);
}

static gboolean
refuse_pair (const CormUnify *unify, const CormExpr *expr, const CormTyping *typing, GError **error)
{
  g_autofree char *shown = corm_expr_describe (expr, typing);
  const char *type = corm_type_name (unify->common.type.type);
  if (unify->common.type.type == CORM_TYPE_ENUM || typing->type.type == CORM_TYPE_ENUM)
    return corm_scope_refuse (unify->scope, error,
                              "%s puts %s beside %s: an enum goes with its labels' numbers and with a column "
                              "of the same labels; CORM_TO_TEXT makes text of it",
                              unify->name, shown, type);
  return corm_scope_refuse (unify->scope, error,
                            "%s puts %s beside %s, which is of another kind; use CORM_CAST", unify->name,
                            shown, type);
}

static gboolean
merge (CormUnify *unify, const CormExpr *expr, const CormTyping *typing, GError **error)
{
  CormTyping *common = &unify->common;
  CormClass a = corm_class_of (common->type.type), b = corm_class_of (typing->type.type);
  if (a == CORM_CLASS_ANY)
    *common = *typing;
  else if (is_number (a) && is_number (b)) {
    common->type = widen (&common->type, &typing->type);
    common->field = NULL;
  } else if (a == CORM_CLASS_ENUM && b == a && has_same_labels (common, typing))
    return TRUE;
  else if (a == CORM_CLASS_ENUM || (a != b && !(a == CORM_CLASS_TEXT && b == CORM_CLASS_RAW) &&
                                    !(a == CORM_CLASS_RAW && b == CORM_CLASS_TEXT)))
    return refuse_pair (unify, expr, typing, error);
  else if (a == CORM_CLASS_TEXT)
    common->type.length = 0;
  return TRUE;
}

static gboolean
fit_label (const CormUnify *unify, const CormValue *value, GError **error)
{
  GError *said = NULL;
  CormValue converted;
  if (corm_field_convert (unify->common.mapping, unify->common.field, value, &converted, &said))
    return TRUE;
  corm_scope_refuse (unify->scope, error, "%s", said->message);
  g_error_free (said);
  return FALSE;
}

/* A value beside expressions that are all of @unify's type. */
static gboolean
fit_value (CormUnify *unify, const CormExpr *expr, const CormTyping *typing, GError **error)
{
  CormClass common = corm_class_of (unify->common.type.type);
  if (common == CORM_CLASS_ENUM)
    return expr->value.is_null || fit_label (unify, &expr->value, error);
  if (common == CORM_CLASS_RAW && typing->type.type == CORM_TYPE_TEXT)
    return TRUE;
  /* 0.1 beside a column of floats means the float 0.1 that the column has. */
  if (unify->common.type.type == CORM_TYPE_FLOAT32 && typing->type.type == CORM_TYPE_FLOAT64)
    return TRUE;
  /* A number that is given does not make a decimal or an integer column another one. */
  if ((common == CORM_CLASS_DECIMAL || common == CORM_CLASS_FLOAT) && typing->type.type == CORM_TYPE_INT64)
    return TRUE;
  return merge (unify, expr, typing, error);
}

static gboolean
refuse_null (const CormUnify *unify, GError **error)
{
  const CormField *field = unify->common.field;
  return corm_scope_refuse (
      unify->scope, error,
      "%s%s is compared with NULL, which is never true; use CORM_MISSING, CORM_PRESENT or CORM_SAME",
      field != NULL ? "column " : unify->name, field != NULL ? field->name : " of an expression");
}

static gboolean
unify_values (CormUnify *unify, const CormExpr *operands, guint n, GError **error)
{
  for (guint i = 0; i < n; i++) {
    CormTyping typing;
    const CormExpr *operand = &operands[i];
    if (operand->kind != CORM_EXPR_VALUE)
      continue;
    if (!unify->may_be_null && corm_value_says_null (&operand->value))
      return refuse_null (unify, error);
    if (!corm_expr_check (unify->scope, operand, unify->allow, &typing, error) ||
        !fit_value (unify, operand, &typing, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_unify (CormUnify *unify, const CormExpr *operands, guint n, GError **error)
{
  unify->common = (CormTyping){ .type = { .type = CORM_TYPE_NONE } };
  for (guint i = 0; i < n; i++) {
    CormTyping typing;
    const CormExpr *operand = &operands[i];
    if (operand->kind == CORM_EXPR_TUPLE)
      return corm_scope_refuse (unify->scope, error, "%s takes no tuple here; compare it with another tuple",
                                unify->name);
    if (operand->kind != CORM_EXPR_VALUE &&
        (!corm_expr_check (unify->scope, operand, unify->allow, &typing, error) ||
         !merge (unify, operand, &typing, error)))
      return FALSE;
  }
  return unify_values (unify, operands, n, error);
}
