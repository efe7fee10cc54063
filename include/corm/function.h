/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Expressions of every type, for <corm/query.h> and for .where: columns, values, arithmetic, functions, aggregates,
 * windows, subqueries. Each family of types has a struct type of its own around the same CormExpr, so that the
 * compiler checks what is put together: CORM_LOWER (CORM_COL (Job, id)) and CORM_EQUAL (CORM_COL (Job, name), 5) do
 * not compile. A C value may stand wherever an expression of its family may.
 *
 * As predicates they are stack values: what they point to must live until the call that takes them returns. */
#pragma once

#include <corm/family.h>

G_BEGIN_DECLS

/* What a call computes. NULL in gives NULL out, aggregates, COALESCE, SAME and CONCAT apart. */
typedef enum {
  CORM_FUNCTION_NONE,
  /* Comparisons of two expressions of one family, or of two tuples. */
  CORM_FUNCTION_EQUAL,
  CORM_FUNCTION_UNEQUAL,
  CORM_FUNCTION_LESS,
  CORM_FUNCTION_LESS_EQUAL,
  CORM_FUNCTION_GREATER,
  CORM_FUNCTION_GREATER_EQUAL,
  CORM_FUNCTION_SAME,             /* as EQUAL, but NULL is the same as NULL; never NULL */
  CORM_FUNCTION_BETWEEN,          /* three operands, both ends included */
  CORM_FUNCTION_ONE_OF,           /* the first operand is one of the others */
  CORM_FUNCTION_MISSING,          /* IS NULL */
  CORM_FUNCTION_PRESENT,          /* IS NOT NULL */
  CORM_FUNCTION_MATCHES,          /* LIKE: % and _, escape \\; case-sensitive */
  CORM_FUNCTION_MATCHES_ANY_CASE, /* the same without regard to the case of ASCII letters */
  /* Numbers. An integer divided by an integer is cut towards zero, modulo has the sign of the first; division by zero
   * is NULL. */
  CORM_FUNCTION_PLUS,
  CORM_FUNCTION_MINUS,
  CORM_FUNCTION_TIMES,
  CORM_FUNCTION_DIVIDED,
  CORM_FUNCTION_MODULO,
  CORM_FUNCTION_NEGATED,
  CORM_FUNCTION_ABS,
  CORM_FUNCTION_ROUND, /* to as many digits as the second operand says; halves away from zero */
  CORM_FUNCTION_FLOOR,
  CORM_FUNCTION_CEIL,
  /* Text, counted in characters, from 1. */
  CORM_FUNCTION_LOWER, /* of ASCII letters */
  CORM_FUNCTION_UPPER,
  CORM_FUNCTION_LENGTH,
  CORM_FUNCTION_SUBSTR, /* text, first character, number of characters */
  CORM_FUNCTION_TRIM,   /* spaces at both ends */
  CORM_FUNCTION_REPLACE,
  CORM_FUNCTION_POSITION, /* of the second operand in the first; 0: nowhere */
  CORM_FUNCTION_CONCAT,   /* NULL counts as '' */
  /* Any family. */
  CORM_FUNCTION_COALESCE,
  CORM_FUNCTION_NULL_IF,
  CORM_FUNCTION_IF,   /* condition, then, else (left out: NULL) */
  CORM_FUNCTION_CAST, /* to .type */
  /* Times, in UTC. */
  CORM_FUNCTION_CURRENT_TIMESTAMP,
  CORM_FUNCTION_YEAR,
  CORM_FUNCTION_MONTH,
  CORM_FUNCTION_DAY,
  CORM_FUNCTION_HOUR,
  CORM_FUNCTION_MINUTE,
  CORM_FUNCTION_SECOND,  /* whole seconds */
  CORM_FUNCTION_WEEKDAY, /* 1 Monday … 7 Sunday, ISO 8601 */
  CORM_FUNCTION_DATE_OF,
  CORM_FUNCTION_ADD_SECONDS, /* to a timestamp */
  /* JSON: .value is the path, "$.a.b[0]". */
  CORM_FUNCTION_JSON_TEXT,
  CORM_FUNCTION_JSON_NUMBER,
  /* Aggregates; NULLs do not count. */
  CORM_FUNCTION_COUNT_ROWS,
  CORM_FUNCTION_COUNT,
  CORM_FUNCTION_COUNT_DISTINCT,
  CORM_FUNCTION_SUM, /* of integers: a DECIMAL; of no rows: NULL */
  CORM_FUNCTION_AVG, /* a FLOAT64, of decimals a DECIMAL */
  CORM_FUNCTION_MIN,
  CORM_FUNCTION_MAX,
  /* Only with CORM_OVER. */
  CORM_FUNCTION_ROW_NUMBER,
  CORM_FUNCTION_RANK,
  CORM_FUNCTION_DENSE_RANK,
  CORM_FUNCTION_NTILE,
  CORM_FUNCTION_LAG,  /* expression, rows back */
  CORM_FUNCTION_LEAD, /* expression, rows ahead */
  CORM_FUNCTION_FIRST_VALUE,
  CORM_FUNCTION_LAST_VALUE,
  CORM_N_FUNCTIONS
} CormFunction;

#ifndef __cplusplus
/* clang-format off */
#define CORM_PREDICATE(f, ...) \
  ((CormExpr) { .kind = CORM_EXPR_CALL, .function = (f), .operands = CORM_OPERANDS (__VA_ARGS__) })
#define CORM_CALL(Type, f, ...) \
  ((Type) { { .kind = CORM_EXPR_CALL, .function = (f), .operands = CORM_OPERANDS (__VA_ARGS__) } })
#define CORM_SAME_TYPE(e) __typeof__ (CORM_LIFT (e))

#define CORM_EQUAL(a, b) CORM_PREDICATE (CORM_FUNCTION_EQUAL, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_UNEQUAL(a, b) CORM_PREDICATE (CORM_FUNCTION_UNEQUAL, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_LESS(a, b) CORM_PREDICATE (CORM_FUNCTION_LESS, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_LESS_EQUAL(a, b) CORM_PREDICATE (CORM_FUNCTION_LESS_EQUAL, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_GREATER(a, b) CORM_PREDICATE (CORM_FUNCTION_GREATER, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_GREATER_EQUAL(a, b) CORM_PREDICATE (CORM_FUNCTION_GREATER_EQUAL, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_SAME(a, b) CORM_PREDICATE (CORM_FUNCTION_SAME, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_WITHIN(e, low, high) \
  CORM_PREDICATE (CORM_FUNCTION_BETWEEN, CORM_BARE (e), CORM_LIKE_FAMILY (e, low), CORM_LIKE_FAMILY (e, high))
#define CORM_MISSING(e) CORM_PREDICATE (CORM_FUNCTION_MISSING, CORM_BARE (e))
#define CORM_PRESENT(e) CORM_PREDICATE (CORM_FUNCTION_PRESENT, CORM_BARE (e))
#define CORM_MATCHES(e, pattern) CORM_PREDICATE (CORM_FUNCTION_MATCHES, CORM_TEXT (e), CORM_TEXT (pattern))
#define CORM_MATCHES_ANY_CASE(e, pattern) \
  CORM_PREDICATE (CORM_FUNCTION_MATCHES_ANY_CASE, CORM_TEXT (e), CORM_TEXT (pattern))

#define CORM_PLUS(a, b) CORM_CALL (CormNumberExpr, CORM_FUNCTION_PLUS, CORM_NUMBER (a), CORM_NUMBER (b))
#define CORM_MINUS(a, b) CORM_CALL (CormNumberExpr, CORM_FUNCTION_MINUS, CORM_NUMBER (a), CORM_NUMBER (b))
#define CORM_TIMES(a, b) CORM_CALL (CormNumberExpr, CORM_FUNCTION_TIMES, CORM_NUMBER (a), CORM_NUMBER (b))
#define CORM_DIVIDED(a, b) CORM_CALL (CormNumberExpr, CORM_FUNCTION_DIVIDED, CORM_NUMBER (a), CORM_NUMBER (b))
#define CORM_MODULO(a, b) CORM_CALL (CormNumberExpr, CORM_FUNCTION_MODULO, CORM_NUMBER (a), CORM_NUMBER (b))
#define CORM_NEGATED(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_NEGATED, CORM_NUMBER (e))
#define CORM_ABS(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_ABS, CORM_NUMBER (e))
#define CORM_ROUND(e, digits) CORM_CALL (CormNumberExpr, CORM_FUNCTION_ROUND, CORM_NUMBER (e), CORM_NUMBER (digits))
#define CORM_FLOOR(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_FLOOR, CORM_NUMBER (e))
#define CORM_CEIL(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_CEIL, CORM_NUMBER (e))

#define CORM_LOWER(e) CORM_CALL (CormTextExpr, CORM_FUNCTION_LOWER, CORM_TEXT (e))
#define CORM_UPPER(e) CORM_CALL (CormTextExpr, CORM_FUNCTION_UPPER, CORM_TEXT (e))
#define CORM_LENGTH(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_LENGTH, CORM_TEXT (e))
#define CORM_SUBSTR(e, from, n) \
  CORM_CALL (CormTextExpr, CORM_FUNCTION_SUBSTR, CORM_TEXT (e), CORM_NUMBER (from), CORM_NUMBER (n))
#define CORM_TRIM(e) CORM_CALL (CormTextExpr, CORM_FUNCTION_TRIM, CORM_TEXT (e))
#define CORM_REPLACE(e, from, to) \
  CORM_CALL (CormTextExpr, CORM_FUNCTION_REPLACE, CORM_TEXT (e), CORM_TEXT (from), CORM_TEXT (to))
#define CORM_POSITION(e, part) CORM_CALL (CormNumberExpr, CORM_FUNCTION_POSITION, CORM_TEXT (e), CORM_TEXT (part))
#define CORM_CONCAT(a, b) CORM_CALL (CormTextExpr, CORM_FUNCTION_CONCAT, CORM_TEXT (a), CORM_TEXT (b))

#define CORM_COALESCE(a, b) \
  CORM_CALL (CORM_SAME_TYPE (a), CORM_FUNCTION_COALESCE, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
#define CORM_NULL_IF(a, b) \
  CORM_CALL (CORM_SAME_TYPE (a), CORM_FUNCTION_NULL_IF, CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
/* CASE WHEN condition THEN a ELSE b END; nested ones in b are further WHENs. */
#define CORM_IF(condition, a, b) \
  CORM_CALL (CORM_SAME_TYPE (a), CORM_FUNCTION_IF, CORM_BOOL (condition), CORM_BARE (a), CORM_LIKE_FAMILY (a, b))
/* a where the condition is true, else NULL. */
#define CORM_WHEN(condition, a) \
  CORM_CALL (CORM_SAME_TYPE (a), CORM_FUNCTION_IF, CORM_BOOL (condition), CORM_BARE (a))
#define CORM_CAST(Type, e, ...) \
  ((Type) { { .kind = CORM_EXPR_CALL, .function = CORM_FUNCTION_CAST, .operands = CORM_OPERANDS (CORM_BARE (e)), \
              .type = { __VA_ARGS__ } } })
#define CORM_TO_TEXT(e) CORM_CAST (CormTextExpr, e, .type = CORM_TYPE_TEXT)
#define CORM_TO_INT(e) CORM_CAST (CormNumberExpr, e, .type = CORM_TYPE_INT64)
#define CORM_TO_DOUBLE(e) CORM_CAST (CormNumberExpr, e, .type = CORM_TYPE_FLOAT64)
#define CORM_TO_DECIMAL(e, p, s) CORM_CAST (CormNumberExpr, e, .type = CORM_TYPE_DECIMAL, .precision = (p), .scale = (s))

#define CORM_CURRENT() CORM_CALL (CormTimestampExpr, CORM_FUNCTION_CURRENT_TIMESTAMP)
#define CORM_YEAR(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_YEAR, CORM_DAY (e))
#define CORM_MONTH(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_MONTH, CORM_DAY (e))
#define CORM_DAY_OF(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_DAY, CORM_DAY (e))
#define CORM_WEEKDAY(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_WEEKDAY, CORM_DAY (e))
#define CORM_HOUR(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_HOUR, CORM_CLOCK (e))
#define CORM_MINUTE(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_MINUTE, CORM_CLOCK (e))
#define CORM_SECOND(e) CORM_CALL (CormNumberExpr, CORM_FUNCTION_SECOND, CORM_CLOCK (e))
#define CORM_DATE_OF(e) CORM_CALL (CormDateExpr, CORM_FUNCTION_DATE_OF, CORM_DAY (e))
#define CORM_ADD_SECONDS(e, n) \
  CORM_CALL (CormTimestampExpr, CORM_FUNCTION_ADD_SECONDS, _Generic ((e), CormTimestampExpr: corm_timestamp_bare, CormTimestamp: corm_bare_timestamp) (e), \
             CORM_NUMBER (n))

#define CORM_JSON_READ(Type, f, e, path) \
  ((Type) { { .kind = CORM_EXPR_CALL, .function = (f), .value = corm_value_text (path), \
              .operands = CORM_OPERANDS (_Generic ((e), CormJsonExpr: corm_json_bare, CormJson: corm_bare_json) (e)) } })
#define CORM_JSON_TEXT(e, path) CORM_JSON_READ (CormTextExpr, CORM_FUNCTION_JSON_TEXT, e, path)
#define CORM_JSON_NUMBER(e, path) CORM_JSON_READ (CormNumberExpr, CORM_FUNCTION_JSON_NUMBER, e, path)
/* clang-format on */
#endif

G_END_DECLS
