/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Calls as SQL: what each operand has to become, and which template they go into. What is checked in lib/query/call.c is
 * not checked again here. */
#include "render/template.h"

#include <string.h>

enum { ALL = CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW };

typedef struct {
  CormSql *sql;
  const CormExpr *expr;
  const CormSignature *signature;
  guint n;
  CormFilling filling;
  CormTyping typings[CORM_TEMPLATE_OPERANDS];
} Call;

/* Picks the template for @class and fills it. */
static gboolean
append (Call *call, guint function, CormClass class, GError **error)
{
  const char *template = corm_function_find_sql (call->sql->dialect, function, class);
  call->filling.typings = call->typings;
  if (template == NULL || *template == '\0')
    return corm_function_refuse (call->signature->name, class, error);
  return corm_template_append (call->sql, template, &call->filling, error);
}

static gboolean
check_own (Call *call, guint i, GError **error)
{
  return corm_expr_check (call->filling.scope, &call->expr->operands[i], ALL, &call->typings[i], error);
}

/* Operands @first and on get the type that they have in common. */
static gboolean
unify (Call *call, guint first, CormTyping *common, GError **error)
{
  CormUnify unify = { call->filling.scope, call->signature->name, ALL, TRUE, { .field = NULL } };
  if (!corm_unify (&unify, call->expr->operands + first, call->n - first, error))
    return FALSE;
  for (guint i = first; i < call->n; i++)
    call->typings[i] = unify.common;
  *common = unify.common;
  return TRUE;
}

static gboolean
append_numbers (Call *call, GError **error)
{
  CormTyping common;
  guint n = call->n;
  guint function = call->expr->function;
  call->n = function == CORM_FUNCTION_ROUND ? 1 : n;
  if (!unify (call, 0, &common, error))
    return FALSE;
  CormClass class = corm_class_of (common.type.type);
  CormType wide = class == CORM_CLASS_INTEGER ? CORM_TYPE_INT64
                  : class == CORM_CLASS_FLOAT ? CORM_TYPE_FLOAT64
                                              : CORM_TYPE_DECIMAL;
  for (guint i = 0; i < call->n; i++)
    call->typings[i] = (CormTyping){ .type = { .type = wide } };
  if (function == CORM_FUNCTION_ROUND) {
    call->filling.number = call->expr->operands[1].value.i;
    if (class == CORM_CLASS_INTEGER && call->filling.number < 0)
      function = CORM_TEMPLATE_ROUND_TENS;
  }
  return append (call, function, class, error);
}

/* A column beside a pattern stays as it is, so that its index helps. */
static gboolean
append_like (Call *call, GError **error)
{
  guint function = call->expr->function;
  call->typings[0] = call->typings[1] = (CormTyping){ .type = { .type = CORM_TYPE_TEXT } };
  call->filling.typings = call->typings;
  if (function == CORM_FUNCTION_MATCHES &&
      (call->expr->operands[0].kind == CORM_EXPR_COLUMN ||
       corm_function_find_sql (call->sql->dialect, function, CORM_CLASS_TEXT) == NULL)) {
    call->filling.use = CORM_OPERAND_COMPARED;
    return corm_template_append (call->sql, call->sql->dialect->like, &call->filling, error);
  }
  return append (call, function, CORM_CLASS_TEXT, error);
}

static gboolean
append_fixed (Call *call, GError **error)
{
  CormClass class = CORM_CLASS_ANY;
  for (guint i = 0; i < call->n; i++) {
    char letter = call->signature->operands[i];
    if (letter == 'k')
      call->filling.number = call->expr->operands[i].value.i;
    else if (letter == 't')
      call->typings[i] = (CormTyping){ .type = { .type = CORM_TYPE_TEXT } };
    else if (!check_own (call, i, error))
      return FALSE;
    if (letter == 'i')
      call->typings[i] = (CormTyping){ .type = { .type = CORM_TYPE_INT64 } };
    /* What is added to a timestamp decides how. */
    if (i == 0 || letter == 'n')
      class = corm_class_of (call->typings[i].type.type);
  }
  if (call->expr->function == CORM_FUNCTION_COUNT_DISTINCT)
    call->filling.use = CORM_OPERAND_KEY;
  return append (call, call->expr->function, class, error);
}

/* A chain of CORM_IF in the last operand is one CASE of many WHENs. */
static gboolean
append_if (Call *call, GError **error)
{
  CormTyping common;
  CormSql *sql = call->sql;
  const CormScope *scope = call->filling.scope;
  const CormExpr *expr = call->expr;
  if (!unify (call, 1, &common, error))
    return FALSE;
  corm_append (sql->text, "CASE");
  for (;;) {
    corm_append (sql->text, " WHEN ");
    if (!corm_render_expr (sql, scope, &expr->operands[0], error))
      return FALSE;
    corm_append (sql->text, " THEN ");
    if (!corm_render_operand (sql, scope, &expr->operands[1], &common, CORM_OPERAND_PLAIN, error))
      return FALSE;
    const CormExpr *other = &expr->operands[2];
    if (other->kind != CORM_EXPR_CALL || other->function != CORM_FUNCTION_IF)
      break;
    expr = other;
  }
  if (expr->operands[2].kind != CORM_EXPR_END) {
    corm_append (sql->text, " ELSE ");
    if (!corm_render_operand (sql, scope, &expr->operands[2], &common, CORM_OPERAND_PLAIN, error))
      return FALSE;
  }
  corm_append (sql->text, " END");
  return TRUE;
}

static gboolean
append_cast (Call *call, GError **error)
{
  CormType to = call->expr->type.type;
  guint template = to == CORM_TYPE_TEXT      ? CORM_TEMPLATE_TO_TEXT
                   : to == CORM_TYPE_INT64   ? CORM_TEMPLATE_TO_INT
                   : to == CORM_TYPE_FLOAT64 ? CORM_TEMPLATE_TO_FLOAT
                                             : CORM_TEMPLATE_TO_DECIMAL;
  if (!check_own (call, 0, error))
    return FALSE;
  call->filling.type = call->expr->type;
  return append (call, template, corm_class_of (call->typings[0].type.type), error);
}

/* {"a","b c","0"} for $.a."b c"[0] */
static char *
path_to_array (const CormValue *path)
{
  GString *text = g_string_new ("{");
  for (const char *p = path->data + 1, *end = path->data + path->size; p < end;) {
    gboolean quoted = p[0] == '.' && p[1] == '"';
    const char *start = p + (quoted ? 2 : 1);
    for (p = start; p < end && (quoted ? *p != '"' : *p != '.' && *p != '[' && *p != ']'); p++)
      ;
    corm_append (text, text->len > 1 ? ",\"" : "\"");
    g_string_append_len (text, start, p - start);
    g_string_append_c (text, '"');
    p += p < end && (*p == '"' || *p == ']');
  }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static gboolean
append_json (Call *call, GError **error)
{
  CormValue array;
  call->filling.text = &call->expr->value;
  if (call->sql->dialect->list_form == CORM_LIST_ARRAY) {
    char *text = path_to_array (&call->expr->value);
    corm_sql_keep (call->sql, text);
    array = corm_value_text (text);
    call->filling.text = &array;
  }
  return check_own (call, 0, error) && append (call, call->expr->function, CORM_CLASS_JSON, error);
}

static gboolean
append_extreme (Call *call, GError **error)
{
  if (!check_own (call, 0, error))
    return FALSE;
  CormClass class = corm_class_of (call->typings[0].type.type);
  if (class == CORM_CLASS_DECIMAL)
    call->filling.use = CORM_OPERAND_KEY;
  return append (call, call->expr->function, class, error);
}

static gboolean
append_same (Call *call, GError **error)
{
  call->filling.number = call->n > 1 ? call->expr->operands[1].value.i : 0;
  return check_own (call, 0, error) && append (call, call->expr->function, CORM_CLASS_ANY, error);
}

static gboolean
append_coalesce (Call *call, GError **error)
{
  CormTyping common;
  if (!unify (call, 0, &common, error))
    return FALSE;
  CormClass class = corm_class_of (common.type.type);
  /* NULLIF compares. */
  if (call->expr->function == CORM_FUNCTION_NULL_IF && class == CORM_CLASS_DECIMAL)
    call->filling.use = CORM_OPERAND_KEY;
  return append (call, call->expr->function, class, error);
}

static gboolean
append_by_rule (Call *call, GError **error)
{
  switch (call->signature->rule) {
  case CORM_RULE_NULL_TEST:
    return check_own (call, 0, error) && append (call, call->expr->function, CORM_CLASS_ANY, error);
  case CORM_RULE_LIKE:
    return append_like (call, error);
  case CORM_RULE_ARITHMETIC:
  case CORM_RULE_ROUND:
  case CORM_RULE_SUM:
  case CORM_RULE_AVG:
    return append_numbers (call, error);
  case CORM_RULE_COALESCE:
    return append_coalesce (call, error);
  case CORM_RULE_IF:
    return append_if (call, error);
  case CORM_RULE_CAST:
    return append_cast (call, error);
  case CORM_RULE_JSON:
    return append_json (call, error);
  case CORM_RULE_EXTREME:
    return append_extreme (call, error);
  case CORM_RULE_SAME:
    return append_same (call, error);
  default:
    return append_fixed (call, error);
  }
}

gboolean
corm_render_call (CormSql *sql, const CormScope *scope, const CormExpr *expr, const CormWindow *window,
                  GError **error)
{
  Call call = {
    .sql = sql,
    .expr = expr,
    .signature = corm_signature_get (expr->function),
    .n = corm_expr_count (expr->operands),
    .filling = { .scope = scope, .operands = expr->operands, .window = window },
  };
  return call.signature->rule == CORM_RULE_COMPARE ? corm_render_compare (sql, scope, expr, error)
                                                   : append_by_rule (&call, error);
}
