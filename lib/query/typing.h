/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The type of every expression, and what makes no sense: found before any SQL is made of it. */
#pragma once

#include "query/scope.h"

#include <corm/aggregate.h>
#include <corm/sys/function.h>

/* What may stand where an expression stands. */
typedef enum {
  CORM_ALLOW_AGGREGATE = 1 << 0, /* outputs, HAVING, ORDER BY */
  CORM_ALLOW_WINDOW = 1 << 1,    /* outputs, ORDER BY */
} CormAllow;

/* The type of an expression. An enum's labels and a raw type's name are those of @field, of @mapping; NULL: neither. */
typedef struct {
  CormSqlType type;
  const CormField *field;
  const CormMapping *mapping;
} CormTyping;

/* Checks @expr and all in it, and says its type. Errors: INVALID, naming the culprit and the mend. */
gboolean corm_expr_check (const CormScope *scope, const CormExpr *expr, guint allow, CormTyping *typing,
                          GError **error);
/* The same for a condition, which is a boolean; NULL or kind NONE: nothing to refuse. */
gboolean corm_condition_check (const CormScope *scope, const CormExpr *expr, guint allow, GError **error);
/* The same for an order: its column, or its expression. */
gboolean corm_order_check (const CormScope *scope, const CormOrder *order, guint allow, GError **error);

/* An order ends with an item that names neither column nor expression. */
static inline gboolean
corm_order_is_end (const CormOrder *order)
{
  return order->model == NULL && order->expr == NULL;
}

CormClass corm_class_of (CormType type);

/* For infer.c: a predicate of <corm/expr.h> about one member. */
gboolean corm_predicate_check (const CormScope *scope, const CormExpr *expr, GError **error);
/* NULL, also as a text, bytes, decimal or json without data. */
gboolean corm_value_says_null (const CormValue *value);
/* A LIKE pattern that ends in a single backslash. */
gboolean corm_like_ends_in_escape (const CormValue *pattern);

/* The common type of the operands of the function @name. */
typedef struct {
  const CormScope *scope;
  const char *name;
  guint allow;
  gboolean may_be_null; /* values may be NULL */
  CormTyping common;    /* the result */
} CormUnify;

gboolean corm_unify (CormUnify *unify, const CormExpr *operands, guint n, GError **error);
/* "column id of type int64"; free with g_free(). */
char *corm_expr_describe (const CormExpr *expr, const CormTyping *typing);
/* The number of operands in a list; a list may be NULL. */
guint corm_expr_count (const CormExpr *operands);
/* Two types whose values can be compared. */
gboolean corm_typing_is_comparable (const CormTyping *a, const CormTyping *b);
