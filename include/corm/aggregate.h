/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Expressions over many rows: aggregates, window functions, subqueries; and lists of expressions. */
#pragma once

#include <corm/function.h>

G_BEGIN_DECLS

/* The rows that a window function sees. The frame runs from .preceding rows before the current one to .following
 * behind it, CORM_UNBOUNDED for all, when .framed is set; else it is the database's: to the last equal row. */
#define CORM_UNBOUNDED G_MAXUINT
struct _CormWindow {
  const CormExpr *partition; /* CORM_EXPRS (…) */
  const CormOrder *order;    /* CORM_ORDER (…) */
  bool framed;
  guint preceding;
  guint following;
};

#ifndef __cplusplus
/* clang-format off */
#define CORM_COUNT_ROWS() CORM_CALL (CormNumberExpr, CORM_FUNCTION_COUNT_ROWS)
#define CORM_COUNT(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_COUNT, CORM_BARE (e))
#define CORM_COUNT_DISTINCT(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_COUNT_DISTINCT, CORM_BARE (e))
#define CORM_SUM(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_SUM, CORM_NUMBER (e))
#define CORM_AVG(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_AVG, CORM_NUMBER (e))
#define CORM_MIN(e) CORM_CALL (CORM_SAME_TYPE (e), CORM_FUNCTION_MIN, CORM_BARE (e))
#define CORM_MAX(e) CORM_CALL (CORM_SAME_TYPE (e), CORM_FUNCTION_MAX, CORM_BARE (e))

#define CORM_ROW_NUMBER() CORM_CALL (CormNumberExpr, CORM_FUNCTION_ROW_NUMBER)
#define CORM_RANK() CORM_CALL (CormNumberExpr, CORM_FUNCTION_RANK)
#define CORM_DENSE_RANK() CORM_CALL (CormNumberExpr, CORM_FUNCTION_DENSE_RANK)
#define CORM_NTILE(n) CORM_CALL (CormNumberExpr, CORM_FUNCTION_NTILE, CORM_NUMBER (n))
#define CORM_LAG(e, n) CORM_CALL (CORM_SAME_TYPE (e), CORM_FUNCTION_LAG, CORM_BARE (e), CORM_NUMBER (n))
#define CORM_LEAD(e, n) CORM_CALL (CORM_SAME_TYPE (e), CORM_FUNCTION_LEAD, CORM_BARE (e), CORM_NUMBER (n))
#define CORM_FIRST_VALUE(e) CORM_CALL (CORM_SAME_TYPE (e), CORM_FUNCTION_FIRST_VALUE, CORM_BARE (e))
#define CORM_LAST_VALUE(e) CORM_CALL (CORM_SAME_TYPE (e), CORM_FUNCTION_LAST_VALUE, CORM_BARE (e))
/* CORM_OVER (CORM_SUM (CORM_COL (Item, price)), .partition = CORM_EXPRS (CORM_COL (Item, kind)), .order = CORM_ORDER (…)) */
#define CORM_OVER(e, ...) \
  ((CORM_SAME_TYPE (e)) { { .kind = CORM_EXPR_OVER, .operands = CORM_OPERANDS (CORM_BARE (e)), \
                            .window = &(const CormWindow) { __VA_ARGS__ } } })

/* Subqueries: a CormQuery that selects one column (IN of a tuple: as many). It is borrowed until the outer one has run. */
#define CORM_EXISTS(q) ((CormExpr) { .kind = CORM_EXPR_EXISTS, .query = (q) })
#define CORM_IN_QUERY(e, q) ((CormExpr) { .kind = CORM_EXPR_IN_QUERY, .operands = CORM_OPERANDS (CORM_BARE (e)), .query = (q) })
#define CORM_NUMBER_QUERY(q) ((CormNumberExpr) { { .kind = CORM_EXPR_QUERY, .query = (q) } })
#define CORM_TEXT_QUERY(q) ((CormTextExpr) { { .kind = CORM_EXPR_QUERY, .query = (q) } })
#define CORM_TIMESTAMP_QUERY(q) ((CormTimestampExpr) { { .kind = CORM_EXPR_QUERY, .query = (q) } })

/* Lists of up to eight expressions of any families, side by side. */
#define CORM_EACH_1(f, a) f (a)
#define CORM_EACH_2(f, a, ...) f (a), CORM_EACH_1 (f, __VA_ARGS__)
#define CORM_EACH_3(f, a, ...) f (a), CORM_EACH_2 (f, __VA_ARGS__)
#define CORM_EACH_4(f, a, ...) f (a), CORM_EACH_3 (f, __VA_ARGS__)
#define CORM_EACH_5(f, a, ...) f (a), CORM_EACH_4 (f, __VA_ARGS__)
#define CORM_EACH_6(f, a, ...) f (a), CORM_EACH_5 (f, __VA_ARGS__)
#define CORM_EACH_7(f, a, ...) f (a), CORM_EACH_6 (f, __VA_ARGS__)
#define CORM_EACH_8(f, a, ...) f (a), CORM_EACH_7 (f, __VA_ARGS__)
#define CORM_EACH(f, ...) CORM_OFFSETS_PICK (__VA_ARGS__, CORM_EACH_8, CORM_EACH_7, CORM_EACH_6, CORM_EACH_5, \
                                             CORM_EACH_4, CORM_EACH_3, CORM_EACH_2, CORM_EACH_1, 0) (f, __VA_ARGS__)
#define CORM_EXPRS(...) CORM_OPERANDS (CORM_EACH (CORM_BARE, __VA_ARGS__))
#define CORM_TUPLE(...) ((CormTupleExpr) { { .kind = CORM_EXPR_TUPLE, .operands = CORM_EXPRS (__VA_ARGS__) } })
/* e is one of the values, all of its family: CORM_ONE_OF (CORM_COL (Job, status), 1, 2). Longer lists: CORM_IN_ARRAY. */
#define CORM_ONE_OF(e, ...) CORM_PREDICATE (CORM_FUNCTION_ONE_OF, CORM_BARE (e), CORM_EACH (CORM_BARE, __VA_ARGS__))

/* Order by an expression; behind it as in CORM_ASC: .nulls = CORM_NULLS_LAST. */
#define CORM_ASC_EXPR(e, ...) { .expr = CORM_EXPRS (e), __VA_ARGS__ }
#define CORM_DESC_EXPR(e, ...) { .expr = CORM_EXPRS (e), .descending = true, __VA_ARGS__ }
/* clang-format on */
#endif

G_END_DECLS
