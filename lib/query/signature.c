/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table of functions. A function that is not in it does not exist. */
#include "query/signature.h"

enum { MANY = 255 };

#define ROW(f, words, r, least, most, ...) \
  [CORM_FUNCTION_##f] = { .name = words, .rule = r, .min = least, .max = most, __VA_ARGS__ }
#define COMPARE(f, name) ROW (f, name, CORM_RULE_COMPARE, 2, 2)
#define ARITHMETIC(f, name, n) ROW (f, name, CORM_RULE_ARITHMETIC, n, n)
#define FIXED(f, name, n, letters, type) \
  ROW (f, name, CORM_RULE_FIXED, n, n, .operands = letters, .result = CORM_TYPE_##type)
#define AGGREGATE(f, name, rule, n) ROW (f, name, rule, n, n, .allow = CORM_ALLOW_AGGREGATE)
#define RANKING(f, name, n, letters) \
  ROW (f, name, CORM_RULE_FIXED, n, n, .allow = CORM_ALLOW_WINDOW, .operands = letters, \
       .result = CORM_TYPE_INT64)
#define WINDOW(f, name, n) ROW (f, name, CORM_RULE_SAME, n, n, .allow = CORM_ALLOW_WINDOW)

static const CormSignature signatures[CORM_N_FUNCTIONS] = {
  COMPARE (EQUAL, "CORM_EQUAL"),
  COMPARE (UNEQUAL, "CORM_UNEQUAL"),
  COMPARE (LESS, "CORM_LESS"),
  COMPARE (LESS_EQUAL, "CORM_LESS_EQUAL"),
  COMPARE (GREATER, "CORM_GREATER"),
  COMPARE (GREATER_EQUAL, "CORM_GREATER_EQUAL"),
  COMPARE (SAME, "CORM_SAME"),
  ROW (BETWEEN, "CORM_WITHIN", CORM_RULE_COMPARE, 3, 3),
  ROW (ONE_OF, "CORM_ONE_OF", CORM_RULE_COMPARE, 2, MANY),
  ROW (MISSING, "CORM_MISSING", CORM_RULE_NULL_TEST, 1, 1),
  ROW (PRESENT, "CORM_PRESENT", CORM_RULE_NULL_TEST, 1, 1),
  ROW (MATCHES, "CORM_MATCHES", CORM_RULE_LIKE, 2, 2),
  ROW (MATCHES_ANY_CASE, "CORM_MATCHES_ANY_CASE", CORM_RULE_LIKE, 2, 2),
  ARITHMETIC (PLUS, "CORM_PLUS", 2),
  ARITHMETIC (MINUS, "CORM_MINUS", 2),
  ARITHMETIC (TIMES, "CORM_TIMES", 2),
  ARITHMETIC (DIVIDED, "CORM_DIVIDED", 2),
  ARITHMETIC (MODULO, "CORM_MODULO", 2),
  ARITHMETIC (NEGATED, "CORM_NEGATED", 1),
  ARITHMETIC (ABS, "CORM_ABS", 1),
  ROW (ROUND, "CORM_ROUND", CORM_RULE_ROUND, 2, 2),
  ARITHMETIC (FLOOR, "CORM_FLOOR", 1),
  ARITHMETIC (CEIL, "CORM_CEIL", 1),
  FIXED (LOWER, "CORM_LOWER", 1, "t", TEXT),
  FIXED (UPPER, "CORM_UPPER", 1, "t", TEXT),
  FIXED (LENGTH, "CORM_LENGTH", 1, "t", INT64),
  FIXED (SUBSTR, "CORM_SUBSTR", 3, "tii", TEXT),
  FIXED (TRIM, "CORM_TRIM", 1, "t", TEXT),
  FIXED (REPLACE, "CORM_REPLACE", 3, "ttt", TEXT),
  FIXED (POSITION, "CORM_POSITION", 2, "tt", INT64),
  FIXED (CONCAT, "CORM_CONCAT", 2, "tt", TEXT),
  ROW (COALESCE, "CORM_COALESCE", CORM_RULE_COALESCE, 2, 2),
  ROW (NULL_IF, "CORM_NULL_IF", CORM_RULE_COALESCE, 2, 2),
  ROW (IF, "CORM_IF", CORM_RULE_IF, 2, 3),
  ROW (CAST, "CORM_CAST", CORM_RULE_CAST, 1, 1),
  FIXED (CURRENT_TIMESTAMP, "CORM_CURRENT", 0, "", TIMESTAMP),
  FIXED (YEAR, "CORM_YEAR", 1, "d", INT64),
  FIXED (MONTH, "CORM_MONTH", 1, "d", INT64),
  FIXED (DAY, "CORM_DAY_OF", 1, "d", INT64),
  FIXED (HOUR, "CORM_HOUR", 1, "c", INT64),
  FIXED (MINUTE, "CORM_MINUTE", 1, "c", INT64),
  FIXED (SECOND, "CORM_SECOND", 1, "c", INT64),
  FIXED (WEEKDAY, "CORM_WEEKDAY", 1, "d", INT64),
  FIXED (DATE_OF, "CORM_DATE_OF", 1, "d", DATE),
  FIXED (ADD_SECONDS, "CORM_ADD_SECONDS", 2, "sn", TIMESTAMP),
  ROW (JSON_TEXT, "CORM_JSON_TEXT", CORM_RULE_JSON, 1, 1),
  ROW (JSON_NUMBER, "CORM_JSON_NUMBER", CORM_RULE_JSON, 1, 1),
  ROW (COUNT_ROWS, "CORM_COUNT_ROWS", CORM_RULE_FIXED, 0, 0, .allow = CORM_ALLOW_AGGREGATE, .operands = "",
       .result = CORM_TYPE_INT64),
  ROW (COUNT, "CORM_COUNT", CORM_RULE_FIXED, 1, 1, .allow = CORM_ALLOW_AGGREGATE, .operands = "*",
       .result = CORM_TYPE_INT64),
  ROW (COUNT_DISTINCT, "CORM_COUNT_DISTINCT", CORM_RULE_FIXED, 1, 1, .allow = CORM_ALLOW_AGGREGATE,
       .operands = "*", .result = CORM_TYPE_INT64),
  AGGREGATE (SUM, "CORM_SUM", CORM_RULE_SUM, 1),
  AGGREGATE (AVG, "CORM_AVG", CORM_RULE_AVG, 1),
  AGGREGATE (MIN, "CORM_MIN", CORM_RULE_EXTREME, 1),
  AGGREGATE (MAX, "CORM_MAX", CORM_RULE_EXTREME, 1),
  RANKING (ROW_NUMBER, "CORM_ROW_NUMBER", 0, ""),
  RANKING (RANK, "CORM_RANK", 0, ""),
  RANKING (DENSE_RANK, "CORM_DENSE_RANK", 0, ""),
  RANKING (NTILE, "CORM_NTILE", 1, "k"),
  WINDOW (LAG, "CORM_LAG", 2),
  WINDOW (LEAD, "CORM_LEAD", 2),
  WINDOW (FIRST_VALUE, "CORM_FIRST_VALUE", 1),
  WINDOW (LAST_VALUE, "CORM_LAST_VALUE", 1),
};

const CormSignature *
corm_signature_get (guint function)
{
  return function < CORM_N_FUNCTIONS && signatures[function].rule != CORM_RULE_NONE ? &signatures[function]
                                                                                    : NULL;
}
