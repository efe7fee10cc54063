/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Predicates as values. CORM_EQ (Job, status, JOB_RUNNING) is a struct on the stack: nothing is allocated, nothing
 * has to be freed, and the compiler checks member and argument: the member's C type picks the constructor.
 * What an expression points to must live until the call that takes it returns; the library copies on entry. */
#pragma once

#include <corm/model.h>

G_BEGIN_DECLS

typedef enum {
  CORM_EXPR_NONE,
  CORM_EXPR_END, /* ends a list of operands */
  CORM_EXPR_EQ,
  CORM_EXPR_NE, /* null-safe for neither: NULL compares as SQL does */
  CORM_EXPR_LT,
  CORM_EXPR_LE,
  CORM_EXPR_GT,
  CORM_EXPR_GE,
  CORM_EXPR_BETWEEN,   /* value and value2, both included */
  CORM_EXPR_IN,        /* list, n_list */
  CORM_EXPR_IN_VALUES, /* list of CormValue, n_list */
  CORM_EXPR_LIKE,      /* % and _, escape \\; case-sensitive in every database */
  CORM_EXPR_IS_NULL,
  CORM_EXPR_IS_NOT_NULL,
  CORM_EXPR_NOT, /* one operand */
  CORM_EXPR_ALL, /* operands; none: true */
  CORM_EXPR_ANY, /* operands; none: false */
  /* What <corm/function.h> makes: expressions of any type, over more than one model. */
  CORM_EXPR_COLUMN,   /* model, offset */
  CORM_EXPR_VALUE,    /* value */
  CORM_EXPR_CALL,     /* function, operands; value and type as the function says */
  CORM_EXPR_TUPLE,    /* operands */
  CORM_EXPR_OVER,     /* one operand, a call of an aggregate or a window function; window */
  CORM_EXPR_QUERY,    /* query: its one value */
  CORM_EXPR_EXISTS,   /* query */
  CORM_EXPR_IN_QUERY, /* one operand, a TUPLE for more columns than one; query */
} CormExprKind;

typedef struct _CormExpr CormExpr;
typedef struct _CormWindow CormWindow;
struct _CormExpr {
  CormExprKind kind;
  guint function; /* CormFunction of a call */
  const CormModel *model;
  gsize offset; /* of the member */
  CormValue value;
  CormValue value2;
  gconstpointer list; /* IN: array of the member's C type (of the value's, for a CormOpt member) */
  gsize n_list;
  const CormExpr *operands; /* ended by CORM_EXPR_END */
  CormQuery *query;
  const CormWindow *window;
  CormSqlType type; /* of a cast */
};

typedef enum {
  CORM_NULLS_SMALLEST, /* before every value when ascending, behind when descending: in every database */
  CORM_NULLS_FIRST,
  CORM_NULLS_LAST,
} CormNulls;

typedef struct {
  const CormModel *model; /* NULL where expr is set */
  gsize offset;
  bool descending;
  CormNulls nulls;
  const CormExpr *expr;
} CormOrder;

#ifndef __cplusplus
/* clang-format off */
/* Value of an enum or integer column: the number; the library writes an enum's label. */
#define CORM_VALUE(T, m, v) _Generic (CORM_MEMBER (T, m), \
  bool: corm_value_bool, CormOptBool: corm_value_bool, \
  gint16: corm_value_int, gint32: corm_value_int, guint32: corm_value_int, gint64: corm_value_int, \
  CormOptInt16: corm_value_int, CormOptInt32: corm_value_int, CormOptEnum: corm_value_int, CormOptInt64: corm_value_int, \
  float: corm_value_double, double: corm_value_double, CormOptFloat: corm_value_double, CormOptDouble: corm_value_double, \
  const char *: corm_value_text, CormBytes: corm_value_bytes, CormDecimal: corm_value_decimal, CormJson: corm_value_json, \
  CormDate: corm_value_date, CormOptDate: corm_value_date, CormTime: corm_value_time, CormOptTime: corm_value_time, \
  CormTimestamp: corm_value_timestamp, CormOptTimestamp: corm_value_timestamp, \
  CormLocalTimestamp: corm_value_local_timestamp, CormOptLocalTimestamp: corm_value_local_timestamp, \
  CormUuid: corm_value_uuid, CormOptUuid: corm_value_uuid) (v)

/* An expression of the type that a list of values for this member has: that of the member, or of its value. */
#define CORM_PLAIN(T, m) _Generic (CORM_MEMBER (T, m), \
  bool: (bool) 0, CormOptBool: (bool) 0, gint16: (gint16) 0, CormOptInt16: (gint16) 0, gint32: (gint32) 0, \
  CormOptInt32: (gint32) 0, guint32: (guint32) 0, CormOptEnum: (guint32) 0, gint64: (gint64) 0, CormOptInt64: (gint64) 0, \
  float: (float) 0, CormOptFloat: (float) 0, double: (double) 0, CormOptDouble: (double) 0, const char *: (const char *) 0, \
  CormBytes: (CormBytes) { 0 }, CormDecimal: (CormDecimal) { 0 }, CormJson: (CormJson) { 0 }, \
  CormDate: (CormDate) { 0 }, CormOptDate: (CormDate) { 0 }, CormTime: (CormTime) { 0 }, CormOptTime: (CormTime) { 0 }, \
  CormTimestamp: (CormTimestamp) { 0 }, CormOptTimestamp: (CormTimestamp) { 0 }, \
  CormLocalTimestamp: (CormLocalTimestamp) { 0 }, CormOptLocalTimestamp: (CormLocalTimestamp) { 0 }, \
  CormUuid: (CormUuid) { { 0 } }, CormOptUuid: (CormUuid) { { 0 } })

#define CORM_COMPARE(k, T, m, v) \
  ((CormExpr) { .kind = (k), .model = &T##_model, .offset = offsetof (T, m), .value = CORM_VALUE (T, m, v) })
#define CORM_EQ(T, m, v) CORM_COMPARE (CORM_EXPR_EQ, T, m, v)
#define CORM_NE(T, m, v) CORM_COMPARE (CORM_EXPR_NE, T, m, v)
#define CORM_LT(T, m, v) CORM_COMPARE (CORM_EXPR_LT, T, m, v)
#define CORM_LE(T, m, v) CORM_COMPARE (CORM_EXPR_LE, T, m, v)
#define CORM_GT(T, m, v) CORM_COMPARE (CORM_EXPR_GT, T, m, v)
#define CORM_GE(T, m, v) CORM_COMPARE (CORM_EXPR_GE, T, m, v)
#define CORM_BETWEEN(T, m, low, high) \
  ((CormExpr) { .kind = CORM_EXPR_BETWEEN, .model = &T##_model, .offset = offsetof (T, m), \
                .value = CORM_VALUE (T, m, low), .value2 = CORM_VALUE (T, m, high) })
/* Only text members: a pattern for another member does not compile. */
#define CORM_LIKE(T, m, pattern) \
  ((CormExpr) { .kind = CORM_EXPR_LIKE, .model = &T##_model, \
                .offset = _Generic (CORM_MEMBER (T, m), const char *: offsetof (T, m)), .value = corm_value_text (pattern) })
#define CORM_IN(T, m, ...) \
  CORM_IN_ARRAY (T, m, ((const __typeof__ (CORM_PLAIN (T, m))[]) { __VA_ARGS__ }), \
                 sizeof ((const __typeof__ (CORM_PLAIN (T, m))[]) { __VA_ARGS__ }) / sizeof (CORM_PLAIN (T, m)))
/* array: n values of the member's type (for a CormOpt member: of its value). n = 0 matches no row. */
#define CORM_IN_ARRAY(T, m, array, n) \
  ((CormExpr) { .kind = CORM_EXPR_IN, .model = &T##_model, .offset = offsetof (T, m), \
                .list = _Generic ((array), __typeof__ (CORM_PLAIN (T, m)) *: (array), \
                                  const __typeof__ (CORM_PLAIN (T, m)) *: (array)), .n_list = (n) })
#define CORM_IS_NULL(T, m) ((CormExpr) { .kind = CORM_EXPR_IS_NULL, .model = &T##_model, .offset = offsetof (T, m) })
#define CORM_IS_NOT_NULL(T, m) \
  ((CormExpr) { .kind = CORM_EXPR_IS_NOT_NULL, .model = &T##_model, .offset = offsetof (T, m) })
#define CORM_OPERANDS(...) ((const CormExpr[]) { __VA_ARGS__ __VA_OPT__ (,) { .kind = CORM_EXPR_END } })
#define CORM_NOT(e) ((CormExpr) { .kind = CORM_EXPR_NOT, .operands = CORM_OPERANDS (e) })
#define CORM_ALL(...) ((CormExpr) { .kind = CORM_EXPR_ALL, .operands = CORM_OPERANDS (__VA_ARGS__) })
#define CORM_ANY(...) ((CormExpr) { .kind = CORM_EXPR_ANY, .operands = CORM_OPERANDS (__VA_ARGS__) })

/* Behind the member: .nulls = CORM_NULLS_LAST. */
#define CORM_ASC(T, m, ...) { .model = &T##_model, .offset = offsetof (T, m), __VA_ARGS__ }
#define CORM_DESC(T, m, ...) { .model = &T##_model, .offset = offsetof (T, m), .descending = true, __VA_ARGS__ }
#define CORM_ORDER(...) ((const CormOrder[]) { __VA_ARGS__, { 0 } })
/* clang-format on */
#endif

G_END_DECLS
