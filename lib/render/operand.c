/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An operand in its place: a value becomes what stands beside it, a narrow number as wide as the result. */
#include "render/function.h"

#include "value/text.h"

#include <corm/error.h>

#include <string.h>

/* A number that was given, as a decimal or a float. Text that is made is kept by @sql. */
static gboolean
convert_number (CormSql *sql, const CormValue *from, CormType to, CormValue *value, GError **error)
{
  const CormSqlType type = { .type = to };
  g_autoptr (GString) scratch = g_string_new (NULL);
  if (to == CORM_TYPE_FLOAT32) {
    *value = (CormValue){ .type = CORM_TYPE_FLOAT32,
                          .d = from->type == CORM_TYPE_INT64 ? (double) (float) from->i
                                                             : (double) (float) from->d };
    return TRUE;
  }
  if (to == CORM_TYPE_FLOAT64 && from->type == CORM_TYPE_INT64) {
    *value = corm_value_double ((double) from->i);
    return TRUE;
  }
  if (to == CORM_TYPE_FLOAT64 && from->type == CORM_TYPE_DECIMAL) {
    double d;
    if (corm_text_to_double (from->data, from->size, &d)) {
      *value = corm_value_double (d);
      return TRUE;
    }
  }
  if (!corm_value_convert (from, &type, scratch, value, error))
    return FALSE;
  if (value->type == CORM_TYPE_DECIMAL && value->data == scratch->str)
    corm_sql_keep (sql, g_string_free (g_steal_pointer (&scratch), FALSE));
  return TRUE;
}

static CormClass
class_of (const CormSqlType *type)
{
  return corm_class_of (type->type);
}

static gboolean
convert_value (CormSql *sql, const CormValue *from, const CormTyping *wanted, CormValue *value,
               GError **error)
{
  CormType type = wanted->type.type;
  *value = *from;
  if (corm_value_says_null (from)) {
    *value = (CormValue){ .type = type, .is_null = true };
    return TRUE;
  }
  if (type == CORM_TYPE_ENUM && wanted->field != NULL)
    return corm_field_convert (wanted->mapping, wanted->field, from, value, error);
  if (type == CORM_TYPE_FLOAT32 || class_of (&wanted->type) != corm_class_of (from->type)) {
    if (type == CORM_TYPE_DECIMAL || type == CORM_TYPE_FLOAT32 || type == CORM_TYPE_FLOAT64)
      return convert_number (sql, from, type, value, error);
    if (type == CORM_TYPE_RAW || type == CORM_TYPE_ENUM)
      value->type = type;
  }
  return TRUE;
}

static gboolean
append_value (CormSql *sql, const CormExpr *expr, const CormTyping *wanted, CormOperandUse use,
              GError **error)
{
  CormValue value;
  CormSqlType type = { .type = wanted->type.type };
  if (class_of (&type) == CORM_CLASS_INTEGER)
    type.type = CORM_TYPE_INT64;
  if (!convert_value (sql, &expr->value, wanted, &value, error))
    return FALSE;
  const char *template = use != CORM_OPERAND_PLAIN
                             ? NULL
                             : corm_function_find_sql (sql->dialect, CORM_TEMPLATE_VALUE, class_of (&type));
  const char *gap = template != NULL ? strstr (template, "{a}") : NULL;
  if (gap != NULL)
    g_string_append_len (sql->text, template, gap - template);
  corm_sql_append_param (sql, wanted->field != NULL ? wanted->field->name : "of a value", &type, &value);
  corm_append (sql->text, gap != NULL ? gap + strlen ("{a}") : "");
  if (type.type == CORM_TYPE_JSON && use == CORM_OPERAND_COMPARED && sql->dialect->json_compare != NULL)
    corm_append (sql->text, sql->dialect->json_compare);
  return TRUE;
}

/* The template that makes @from as wide as @to, NULL: none is needed. */
static guint
find_widening (const CormSqlType *from, const CormSqlType *to, CormOperandUse use)
{
  CormClass a = class_of (from), b = class_of (to);
  if (a == CORM_CLASS_RAW && b == CORM_CLASS_TEXT)
    return CORM_TEMPLATE_TO_TEXT;
  if (a == b && (use != CORM_OPERAND_PLAIN || from->type == to->type))
    return CORM_FUNCTION_NONE;
  return b == CORM_CLASS_INTEGER             ? CORM_TEMPLATE_WIDEN_INT
         : b == CORM_CLASS_FLOAT             ? CORM_TEMPLATE_WIDEN_FLOAT
         : b == CORM_CLASS_DECIMAL && a != b ? CORM_TEMPLATE_WIDEN_DECIMAL
                                             : CORM_FUNCTION_NONE;
}

static gboolean
append_widened (CormSql *sql, const CormScope *scope, const CormExpr *expr, const CormTyping *typing,
                const CormTyping *wanted, CormOperandUse use, GError **error)
{
  guint widening = find_widening (&typing->type, &wanted->type, use);
  const char *template = NULL;
  if (widening != CORM_FUNCTION_NONE)
    template = corm_function_find_sql (sql->dialect, widening, class_of (&typing->type));
  if (template != NULL && *template == '\0')
    return corm_function_refuse ("a number put beside another kind of number", class_of (&typing->type),
                                 error);
  return template != NULL ? corm_render_around (sql, template, scope, expr, typing, error)
                          : corm_render_closed (sql, scope, expr, error);
}

gboolean
corm_render_operand (CormSql *sql, const CormScope *scope, const CormExpr *expr, const CormTyping *wanted,
                     CormOperandUse use, GError **error)
{
  CormTyping typing;
  if (use == CORM_OPERAND_KEY) {
    const char *template = corm_function_find_sql (sql->dialect, CORM_TEMPLATE_KEY, class_of (&wanted->type));
    if (template != NULL && *template == '\0')
      return corm_function_refuse ("a comparison or an order", class_of (&wanted->type), error);
    if (template != NULL)
      return corm_render_around (sql, template, scope, expr, wanted, error);
  }
  if (expr->kind == CORM_EXPR_VALUE)
    return append_value (sql, expr, wanted, use, error);
  if (!corm_expr_check (scope, expr, CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW, &typing, error) ||
      !append_widened (sql, scope, expr, &typing, wanted, use, error))
    return FALSE;
  if (use == CORM_OPERAND_COMPARED && expr->kind == CORM_EXPR_COLUMN)
    return corm_sql_append_compare (sql, typing.field, error);
  if (use == CORM_OPERAND_COMPARED && typing.type.type == CORM_TYPE_JSON &&
      sql->dialect->json_compare != NULL)
    corm_append (sql->text, sql->dialect->json_compare);
  return TRUE;
}
