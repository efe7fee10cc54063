/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions as all dialects write them; a dialect's own table goes first. An operator stands in parentheses of its own,
 * so that templates can be put into each other. */
#include "render/function.h"

#include <corm/error.h>

#define ANY .any
#define OF(...) \
  .of = (const char *const[CORM_N_CLASSES]) \
  { \
    __VA_ARGS__ \
  }
#define INTEGER CORM_CLASS_INTEGER
#define FLOAT CORM_CLASS_FLOAT
#define DECIMAL CORM_CLASS_DECIMAL
#define F(name) [CORM_FUNCTION_##name]
#define T(name) [CORM_TEMPLATE_##name]

/* Away from zero at the half, in the arithmetic of doubles, which is the same everywhere; from 2^52 on a double has no
 * fraction. "+ 0" takes the sign from a zero. */
#define ROUND_FLOAT \
  "(CASE WHEN abs({a}) {up} >= 4503599627370496 THEN {a} WHEN {a} < 0 THEN 0 - floor(0.5 - ({a} {up})) " \
  "{down} " \
  "ELSE floor(({a} {up}) + 0.5) {down} END + 0)"

static const CormFunctionSql defaults[CORM_N_TEMPLATES] = {
  F (EQUAL) = { ANY = "({a} = {b})" },
  F (UNEQUAL) = { ANY = "({a} <> {b})" },
  F (LESS) = { ANY = "({a} < {b})" },
  F (LESS_EQUAL) = { ANY = "({a} <= {b})" },
  F (GREATER) = { ANY = "({a} > {b})" },
  F (GREATER_EQUAL) = { ANY = "({a} >= {b})" },
  F (SAME) = { ANY = "({a} IS NOT DISTINCT FROM {b})" },
  F (BETWEEN) = { ANY = "({a} BETWEEN {b} AND {c})" },
  F (MISSING) = { ANY = "({a} IS NULL)" },
  F (PRESENT) = { ANY = "({a} IS NOT NULL)" },
  F (PLUS) = { ANY = "({a} + {b})" },
  F (MINUS) = { ANY = "({a} - {b})" },
  F (TIMES) = { ANY = "({a} * {b})" },
  F (DIVIDED) = { ANY = "({a} / NULLIF({b}, 0))" },
  F (MODULO) = { ANY = "({a} % NULLIF({b}, 0))" },
  F (NEGATED) = { ANY = "(0 - {a})" },
  F (ABS) = { ANY = "abs({a})" },
  F (ROUND) = { OF ([INTEGER] = "{a}", [FLOAT] = ROUND_FLOAT, [DECIMAL] = "round({a}, {n})") },
  T (ROUND_TENS) = { ANY = "round({a}, {n})" },
  F (FLOOR) = { OF ([INTEGER] = "{a}", [FLOAT] = "(floor({a}) + 0)", [DECIMAL] = "floor({a})") },
  F (CEIL) = { OF ([INTEGER] = "{a}", [FLOAT] = "(ceil({a}) + 0)", [DECIMAL] = "ceil({a})") },
  F (LOWER) = { ANY = "lower({a})" },
  F (UPPER) = { ANY = "upper({a})" },
  F (LENGTH) = { ANY = "length({a})" },
  F (TRIM) = { ANY = "trim({a})" },
  F (REPLACE) = { ANY = "replace({a}, {b}, {c})" },
  F (CONCAT) = { ANY = "(coalesce({a}, '') || coalesce({b}, ''))" },
  F (COALESCE) = { ANY = "coalesce({a}, {b})" },
  F (NULL_IF) = { ANY = "nullif({a}, {b})" },
  F (IF) = { ANY = "CASE WHEN {a} THEN {b} ELSE {c} END" },
  F (COUNT_ROWS) = { ANY = "count(*){w}" },
  F (COUNT) = { ANY = "count({a}){w}" },
  F (COUNT_DISTINCT) = { ANY = "count(DISTINCT {a})" },
  F (SUM) = { ANY = "sum({a}){w}" },
  F (AVG) = { ANY = "avg({a}){w}" },
  F (MIN) = { ANY = "min({a}){w}" },
  F (MAX) = { ANY = "max({a}){w}" },
  F (ROW_NUMBER) = { ANY = "row_number(){w}" },
  F (RANK) = { ANY = "rank(){w}" },
  F (DENSE_RANK) = { ANY = "dense_rank(){w}" },
  F (NTILE) = { ANY = "ntile({n}){w}" },
  F (LAG) = { ANY = "lag({a}, {n}){w}" },
  F (LEAD) = { ANY = "lead({a}, {n}){w}" },
  F (FIRST_VALUE) = { ANY = "first_value({a}){w}" },
  F (LAST_VALUE) = { ANY = "last_value({a}){w}" },
  T (TO_TEXT) = { ANY = "CAST({a} AS varchar(4000))",
                  OF ([CORM_CLASS_BOOLEAN] = "CASE WHEN {a} THEN 'true' WHEN NOT {a} THEN 'false' END",
                      [CORM_CLASS_TEXT] = "{a}") },
  T (TO_INT) = { OF ([INTEGER] = "{a}", [CORM_CLASS_BOOLEAN] =
                                            "CASE WHEN {a} THEN 1 WHEN NOT {a} THEN 0 END") },
};

static const char *
find_of (const CormFunctionSql *sql, CormClass class)
{
  return sql->of != NULL ? sql->of[class] : NULL;
}

const char *
corm_function_find_sql (const CormDialect *dialect, guint function, CormClass class)
{
  static const CormFunctionSql none;
  const CormFunctionSql *own = dialect->functions != NULL ? &dialect->functions[function] : &none;
  const CormFunctionSql *shared = &defaults[function];
  const char *sql = find_of (own, class) ?: find_of (shared, class);
  return sql ?: own->any ?: shared->any;
}

gboolean
corm_function_refuse (const char *name, CormClass class, GError **error)
{
  const char *what = class == DECIMAL   ? " of decimals"
                     : class == FLOAT   ? " of floats"
                     : class == INTEGER ? " of integers"
                                        : "";
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
      "%s%s cannot be computed exactly by this driver; use the database's native driver, or compute it "
      "in C from the rows",
      name, what);
  return FALSE;
}
