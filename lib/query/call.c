/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a function's operands must be, and what comes out. */
#include "query/call.h"

typedef struct {
  const CormScope *scope;
  const CormExpr *expr;
  const CormSignature *signature;
  guint n;
  guint allow; /* in the operands */
} Call;

static gboolean
check_one (const Call *call, guint i, CormTyping *typing, GError **error)
{
  return corm_expr_check (call->scope, &call->expr->operands[i], call->allow, typing, error);
}

static gboolean
refuse_operand (const Call *call, guint i, const CormTyping *typing, const char *wanted, GError **error)
{
  g_autofree char *shown = corm_expr_describe (&call->expr->operands[i], typing);
  return corm_scope_refuse (call->scope, error, "%s takes %s; operand %u is %s", call->signature->name,
                            wanted, i + 1, shown);
}

static gboolean
unify (const Call *call, guint first, guint n, gboolean may_be_null, CormTyping *typing, GError **error)
{
  CormUnify unify = { call->scope, call->signature->name, call->allow, may_be_null, { .field = NULL } };
  if (!corm_unify (&unify, call->expr->operands + first, n, error))
    return FALSE;
  *typing = unify.common;
  return TRUE;
}

static gboolean
is_ordering (guint function)
{
  return function != CORM_FUNCTION_EQUAL && function != CORM_FUNCTION_UNEQUAL &&
         function != CORM_FUNCTION_SAME && function != CORM_FUNCTION_ONE_OF;
}

/* Tuples are compared place by place. */
static gboolean
check_tuples (const Call *call, GError **error)
{
  const CormExpr *operands = call->expr->operands;
  guint width = corm_expr_count (operands[0].operands);
  g_autofree CormExpr *place = g_new0 (CormExpr, call->n);
  for (guint i = 0; i < call->n; i++)
    if (operands[i].kind != CORM_EXPR_TUPLE || corm_expr_count (operands[i].operands) != width)
      return corm_scope_refuse (call->scope, error,
                                "%s compares a tuple of %u with %s; both need the same length",
                                call->signature->name, width,
                                operands[i].kind == CORM_EXPR_TUPLE ? "one of another length" : "no tuple");
  for (guint column = 0; column < width; column++) {
    CormUnify unified = { call->scope, call->signature->name, call->allow, FALSE, { .field = NULL } };
    for (guint i = 0; i < call->n; i++)
      place[i] = operands[i].operands[column];
    if (!corm_unify (&unified, place, call->n, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_compare (const Call *call, GError **error)
{
  CormTyping common;
  for (guint i = 0; i < call->n; i++)
    if (call->expr->operands[i].kind == CORM_EXPR_TUPLE)
      return check_tuples (call, error);
  if (!unify (call, 0, call->n, call->expr->function == CORM_FUNCTION_SAME, &common, error))
    return FALSE;
  if (common.type.type == CORM_TYPE_JSON && is_ordering (call->expr->function))
    return corm_scope_refuse (call->scope, error,
                              "%s of JSON, which has no order; compare what CORM_JSON_TEXT reads",
                              call->signature->name);
  return TRUE;
}

static gboolean
is_text (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_RAW;
}

static gboolean
check_like (const Call *call, GError **error)
{
  CormTyping typing;
  for (guint i = 0; i < 2; i++)
    if (!check_one (call, i, &typing, error) ||
        (!is_text (typing.type.type) && !refuse_operand (call, i, &typing, "text", error)))
      return FALSE;
  const CormExpr *pattern = &call->expr->operands[1];
  if (pattern->kind != CORM_EXPR_VALUE)
    return TRUE;
  if (corm_value_says_null (&pattern->value))
    return corm_scope_refuse (call->scope, error,
                              "%s has NULL for a pattern, which never matches; use CORM_MISSING",
                              call->signature->name);
  return !corm_like_ends_in_escape (&pattern->value) ||
         corm_scope_refuse (call->scope, error,
                            "the pattern of %s ends in a single \\, which escapes nothing; double it",
                            call->signature->name);
}

/* The type that numbers of @typing are computed in. */
static CormTyping
promote (CormType type)
{
  CormClass class = corm_class_of (type);
  CormType to = class == CORM_CLASS_INTEGER ? CORM_TYPE_INT64
                : class == CORM_CLASS_FLOAT ? CORM_TYPE_FLOAT64
                                            : CORM_TYPE_DECIMAL;
  return (CormTyping){ .type = { .type = to } };
}

static gboolean
is_number (CormType type)
{
  CormClass class = corm_class_of (type);
  return class == CORM_CLASS_INTEGER || class == CORM_CLASS_FLOAT || class == CORM_CLASS_DECIMAL;
}

/* Numbers @first to @first + @n, promoted. */
static gboolean
check_numbers (const Call *call, guint n, CormTyping *typing, GError **error)
{
  for (guint i = 0; i < n; i++)
    if (!check_one (call, i, typing, error) ||
        (!is_number (typing->type.type) &&
         !refuse_operand (call, i, typing,
                          typing->type.type == CORM_TYPE_ENUM ? "numbers, and an enum's labels are none"
                                                              : "numbers",
                          error)))
      return FALSE;
  if (!unify (call, 0, n, TRUE, typing, error))
    return FALSE;
  *typing = promote (typing->type.type);
  if (call->expr->function == CORM_FUNCTION_MODULO && typing->type.type == CORM_TYPE_FLOAT64)
    return corm_scope_refuse (call->scope, error, "CORM_MODULO takes integers and decimals, no floats");
  return TRUE;
}

static gboolean
check_constant (const Call *call, guint i, gint64 least, gint64 greatest, GError **error)
{
  const CormExpr *operand = &call->expr->operands[i];
  if (operand->kind == CORM_EXPR_VALUE && operand->value.type == CORM_TYPE_INT64 && !operand->value.is_null &&
      operand->value.i >= least && operand->value.i <= greatest)
    return TRUE;
  return corm_scope_refuse (call->scope, error,
                            "operand %u of %s has to be a constant whole number from %" G_GINT64_FORMAT
                            " to %" G_GINT64_FORMAT,
                            i + 1, call->signature->name, least, greatest);
}

/* Digits of ROUND that a double, and every database's decimal, has. */
enum { MAX_DIGITS = 15 };

static gboolean
fits_letter (char letter, CormType type, const char **wanted)
{
  switch (letter) {
  case 't':
    *wanted = "text";
    return is_text (type);
  case 'i':
    *wanted = "a whole number";
    return corm_class_of (type) == CORM_CLASS_INTEGER;
  case 'n':
    *wanted = "a number";
    return is_number (type);
  case 'd':
    *wanted = "a date or a timestamp";
    return type == CORM_TYPE_DATE || type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP;
  case 'c':
    *wanted = "a time or a timestamp";
    return type == CORM_TYPE_TIME || type == CORM_TYPE_TIMESTAMP || type == CORM_TYPE_LOCAL_TIMESTAMP;
  case 's':
    *wanted = "a timestamp";
    return type == CORM_TYPE_TIMESTAMP;
  default:
    *wanted = "one value";
    return type != CORM_TYPE_NONE;
  }
}

static gboolean
check_fixed (const Call *call, CormTyping *typing, GError **error)
{
  for (guint i = 0; i < call->n; i++) {
    CormTyping operand;
    const char *wanted;
    char letter = call->signature->operands[i];
    if (letter == 'k') {
      if (!check_constant (call, i, 1, G_MAXINT32, error))
        return FALSE;
    } else if (!check_one (call, i, &operand, error) || (!fits_letter (letter, operand.type.type, &wanted) &&
                                                         !refuse_operand (call, i, &operand, wanted, error)))
      return FALSE;
  }
  *typing = (CormTyping){ .type = { .type = call->signature->result } };
  return TRUE;
}

static gboolean
check_if (const Call *call, CormTyping *typing, GError **error)
{
  if (!check_one (call, 0, typing, error))
    return FALSE;
  if (typing->type.type != CORM_TYPE_BOOLEAN)
    return refuse_operand (call, 0, typing, "a condition", error);
  return unify (call, 1, call->n - 1, TRUE, typing, error);
}

static gboolean
can_cast (CormClass from, CormType to)
{
  switch (to) {
  case CORM_TYPE_TEXT:
    return from == CORM_CLASS_INTEGER || from == CORM_CLASS_DECIMAL || from == CORM_CLASS_BOOLEAN ||
           from == CORM_CLASS_TEXT || from == CORM_CLASS_DATE || from == CORM_CLASS_UUID ||
           from == CORM_CLASS_ENUM || from == CORM_CLASS_RAW || from == CORM_CLASS_JSON;
  case CORM_TYPE_INT64:
    return from == CORM_CLASS_INTEGER || from == CORM_CLASS_FLOAT || from == CORM_CLASS_DECIMAL ||
           from == CORM_CLASS_TEXT || from == CORM_CLASS_BOOLEAN;
  case CORM_TYPE_FLOAT64:
    return from == CORM_CLASS_INTEGER || from == CORM_CLASS_FLOAT || from == CORM_CLASS_DECIMAL;
  case CORM_TYPE_DECIMAL:
    return from == CORM_CLASS_INTEGER || from == CORM_CLASS_FLOAT || from == CORM_CLASS_DECIMAL ||
           from == CORM_CLASS_TEXT;
  default:
    return FALSE;
  }
}

/* Digits that a decimal has in every database. */
enum { MAX_PRECISION = 65, MAX_SCALE = 30 };

static gboolean
check_cast (const Call *call, CormTyping *typing, GError **error)
{
  const CormSqlType *to = &call->expr->type;
  CormTyping from;
  if (!check_one (call, 0, &from, error))
    return FALSE;
  if (!can_cast (corm_class_of (from.type.type), to->type)) {
    g_autofree char *shown = corm_expr_describe (&call->expr->operands[0], &from);
    return corm_scope_refuse (call->scope, error,
                              "there is no cast of %s to %s that means the same in every database", shown,
                              corm_type_name (to->type));
  }
  if (to->type == CORM_TYPE_DECIMAL &&
      (to->precision < 1 || to->precision > MAX_PRECISION || to->scale > MIN (to->precision, MAX_SCALE)))
    return corm_scope_refuse (
        call->scope, error,
        "a cast to decimal takes a precision of 1 to %d and a scale of at most that and %d", MAX_PRECISION,
        MAX_SCALE);
  *typing = (CormTyping){ .type = *to };
  return TRUE;
}

static gboolean
check_json (const Call *call, CormTyping *typing, GError **error)
{
  const CormValue *path = &call->expr->value;
  if (!check_one (call, 0, typing, error))
    return FALSE;
  if (typing->type.type != CORM_TYPE_JSON)
    return refuse_operand (call, 0, typing, "JSON", error);
  if (path->type != CORM_TYPE_TEXT || corm_value_says_null (path) ||
      !corm_json_path_check (path->data, path->size))
    return corm_scope_refuse (call->scope, error, "%s has a wrong path; write it like $.name.\"a b\"[0]",
                              call->signature->name);
  typing->type.type = call->expr->function == CORM_FUNCTION_JSON_TEXT ? CORM_TYPE_TEXT : CORM_TYPE_FLOAT64;
  typing->field = NULL;
  return TRUE;
}

static gboolean
check_total (const Call *call, CormTyping *typing, GError **error)
{
  if (!check_numbers (call, 1, typing, error))
    return FALSE;
  if (typing->type.type == CORM_TYPE_INT64)
    typing->type.type = call->signature->rule == CORM_RULE_SUM ? CORM_TYPE_DECIMAL : CORM_TYPE_FLOAT64;
  return TRUE;
}

static gboolean
check_extreme (const Call *call, CormTyping *typing, GError **error)
{
  if (!check_one (call, 0, typing, error))
    return FALSE;
  CormType type = typing->type.type;
  return (type != CORM_TYPE_JSON && type != CORM_TYPE_BOOLEAN && type != CORM_TYPE_NONE) ||
         refuse_operand (call, 0, typing, "what has an order", error);
}

static gboolean
check_same (const Call *call, CormTyping *typing, GError **error)
{
  for (guint i = 1; i < call->n; i++)
    if (!check_constant (call, i, 0, G_MAXINT32, error))
      return FALSE;
  return check_one (call, 0, typing, error);
}

static gboolean
check_by_rule (const Call *call, CormTyping *typing, GError **error)
{
  *typing = (CormTyping){ .type = { .type = CORM_TYPE_BOOLEAN } };
  CormTyping operand;
  switch (call->signature->rule) {
  case CORM_RULE_COMPARE:
    return check_compare (call, error);
  case CORM_RULE_NULL_TEST:
    return check_one (call, 0, &operand, error);
  case CORM_RULE_LIKE:
    return check_like (call, error);
  case CORM_RULE_ARITHMETIC:
    return check_numbers (call, call->n, typing, error);
  case CORM_RULE_ROUND:
    return check_constant (call, 1, -MAX_DIGITS, MAX_DIGITS, error) && check_numbers (call, 1, typing, error);
  case CORM_RULE_COALESCE:
    return unify (call, 0, call->n, TRUE, typing, error);
  case CORM_RULE_IF:
    return check_if (call, typing, error);
  case CORM_RULE_CAST:
    return check_cast (call, typing, error);
  case CORM_RULE_JSON:
    return check_json (call, typing, error);
  case CORM_RULE_SUM:
  case CORM_RULE_AVG:
    return check_total (call, typing, error);
  case CORM_RULE_EXTREME:
    return check_extreme (call, typing, error);
  case CORM_RULE_SAME:
    return check_same (call, typing, error);
  default:
    return check_fixed (call, typing, error);
  }
}

static gboolean
check_place (const Call *call, guint allow, gboolean windowed, GError **error)
{
  const CormSignature *signature = call->signature;
  if (signature->allow == CORM_ALLOW_WINDOW && !windowed)
    return corm_scope_refuse (call->scope, error, "%s counts rows of a window; put it into CORM_OVER",
                              signature->name);
  if (signature->allow == CORM_ALLOW_AGGREGATE && !windowed && (allow & CORM_ALLOW_AGGREGATE) == 0)
    return corm_scope_refuse (
        call->scope, error,
        "%s computes over many rows, which a WHERE, an ON and another aggregate cannot; "
        "use corm_query_having () or an output",
        signature->name);
  return TRUE;
}

gboolean
corm_call_check (const CormScope *scope, const CormExpr *expr, guint allow, gboolean windowed,
                 CormTyping *typing, GError **error)
{
  const CormSignature *signature = corm_signature_get (expr->function);
  guint n = corm_expr_count (expr->operands);
  if (signature == NULL)
    return corm_scope_refuse (scope, error, "%u is no function", expr->function);
  if (n < signature->min || n > signature->max)
    return corm_scope_refuse (scope, error, "%s takes %u operands and has %u", signature->name,
                              signature->min, n);
  guint inner = windowed                                   ? allow & CORM_ALLOW_AGGREGATE
                : signature->allow == CORM_ALLOW_AGGREGATE ? 0
                                                           : allow;
  const Call call = { scope, expr, signature, n, inner };
  return check_place (&call, allow, windowed, error) && check_by_rule (&call, typing, error);
}

gboolean
corm_over_check (const CormScope *scope, const CormExpr *expr, guint allow, CormTyping *typing,
                 GError **error)
{
  const CormExpr *call = expr->operands;
  const CormSignature *signature =
      call != NULL && call->kind == CORM_EXPR_CALL ? corm_signature_get (call->function) : NULL;
  CormTyping ignored;
  guint inner = allow & CORM_ALLOW_AGGREGATE;
  if (signature == NULL || signature->allow == 0 || expr->window == NULL ||
      call->function == CORM_FUNCTION_COUNT_DISTINCT)
    return corm_scope_refuse (scope, error, "CORM_OVER takes an aggregate or a window function, not %s",
                              signature != NULL ? signature->name : "another expression");
  if ((allow & CORM_ALLOW_WINDOW) == 0)
    return corm_scope_refuse (
        scope, error,
        "%s in CORM_OVER stands in a condition, which cannot see a window; select it in a query "
        "and read that by corm_query_new_from ()",
        signature->name);
  for (const CormExpr *part = expr->window->partition; part != NULL && part->kind != CORM_EXPR_END; part++)
    if (!corm_expr_check (scope, part, inner, &ignored, error))
      return FALSE;
  for (const CormOrder *order = expr->window->order; order != NULL && !corm_order_is_end (order); order++)
    if (!corm_order_check (scope, order, inner, error))
      return FALSE;
  return corm_call_check (scope, call, allow, TRUE, typing, error);
}
