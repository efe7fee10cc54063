/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions as SQLite computes them, the native driver with functions of its own (arithmetic.c), the generic driver
 * without: decimals, which are text or doubles here, are then no matter of SQL. Times are ISO text. */
#include "../dialects.h"
#include "../functions.h"

#define NUMBER_AT(day, time, moment) \
  { \
    OF (OF_DATE = "CAST(substr({a}, " day ") AS INTEGER)", \
        OF_TIME = "CAST(substr({a}, " time ") AS INTEGER)", \
        OF_TIMESTAMP = "CAST(substr({a}, " moment ") AS INTEGER)", \
        OF_LOCAL_TIMESTAMP = "CAST(substr({a}, " moment ") AS INTEGER)") \
  }
/* Halves away from zero, as in lib/render/function.c, without the functions that an SQLite may lack. */
#define ROUND_FLOAT \
  "(CASE WHEN abs({a}) {up} >= 4503599627370496 THEN {a} WHEN {a} < 0 " \
  "THEN 0.0 - CAST(0.5 - ({a} {up}) AS INTEGER) {down} ELSE 0.0 + CAST(({a} {up}) + 0.5 AS INTEGER) {down} " \
  "END)"
/* Towards negative infinity: cut, and one less where that was too much. */
#define FLOOR_FLOAT \
  "(CASE WHEN abs({a}) >= 4503599627370496 THEN {a} " \
  "ELSE CAST(CAST({a} AS INTEGER) - ({a} < CAST({a} AS INTEGER)) AS REAL) END)"
#define CEIL_FLOAT \
  "(CASE WHEN abs({a}) >= 4503599627370496 THEN {a} " \
  "ELSE CAST(CAST({a} AS INTEGER) + ({a} > CAST({a} AS INTEGER)) AS REAL) END)"
#define IN_JSON(a) "(" a " IN (SELECT value FROM json_each({v})))"
#define LITERALLY "{a}"

#define COMMON \
  F (SAME) = { ANY = "({a} IS {b})" }, F (MATCHES_ANY_CASE) = { ANY = "({a} LIKE {b} ESCAPE '\\')" }, \
    F (SUBSTR) = { ANY = "substr({a}, min(max({b}, 1), 2147483647), " \
                         "max(min({c}, 1073741824) + max(min({b}, 1), -1073741824) - 1, 0))" }, \
    F (POSITION) = { ANY = "instr({a}, {b})" }, \
    F (CURRENT_TIMESTAMP) = { ANY = "rtrim(rtrim(strftime('%Y-%m-%d %H:%M:%f','now'),'0'),'.')" }, \
    F (YEAR) = NUMBER_AT ("1, 4", "1, 0", "1, 4"), F (MONTH) = NUMBER_AT ("6, 2", "1, 0", "6, 2"), \
    F (DAY) = NUMBER_AT ("9, 2", "1, 0", "9, 2"), F (HOUR) = NUMBER_AT ("1, 0", "1, 2", "12, 2"), \
    F (MINUTE) = NUMBER_AT ("1, 0", "4, 2", "15, 2"), F (SECOND) = NUMBER_AT ("1, 0", "7, 2", "18, 2"), \
    F (WEEKDAY) = { ANY = "((CAST(strftime('%w', substr({a}, 1, 10)) AS INTEGER) + 6) % 7 + 1)" }, \
    F (DATE_OF) = { ANY = "substr({a}, 1, 10)" }, \
    F (JSON_TEXT) = { ANY = "CASE json_type({a}, {v}) WHEN 'text' THEN json_extract({a}, {v}) WHEN " \
                            "'object' THEN NULL " \
                            "WHEN 'array' THEN NULL WHEN 'null' THEN NULL ELSE {a} -> {v} END" }, \
    F (JSON_NUMBER) = { ANY = "CASE WHEN json_type({a}, {v}) IN ('integer', 'real') " \
                              "THEN CAST(json_extract({a}, {v}) AS REAL) END" }, \
    F (FLOOR) = { OF (OF_INTEGER = LITERALLY, OF_FLOAT = FLOOR_FLOAT, OF_DECIMAL = DECIMAL_1 ("floor")) }, \
    F (CEIL) = { OF (OF_INTEGER = LITERALLY, OF_FLOAT = CEIL_FLOAT, OF_DECIMAL = DECIMAL_1 ("ceil")) }, \
    T (WIDEN_FLOAT) = { OF (OF_INTEGER = "CAST({a} AS REAL)", OF_DECIMAL = "CAST({a} AS REAL)") }, \
    T (TO_FLOAT) = { ANY = "CAST({a} AS REAL)" }, \
    T (IN_LIST) = { ANY = IN_JSON ("{a}"), \
                    OF (OF_BYTES = IN_JSON ("CASE WHEN {a} IS NOT NULL THEN hex({a}) END")) }

#define DECIMAL_1(name) "corm_decimal_" name "({a})"
#define BOTH(name) \
  { \
    OF (OF_INTEGER = "corm_int_" name "({a}, {b})", OF_DECIMAL = "corm_decimal_" name "({a}, {b})") \
  }
#define KEY_OF(a) "corm_decimal(" a ") COLLATE corm_decimal"

const CormFunctionSql corm_sqlite3_functions[CORM_N_TEMPLATES] = {
  COMMON,
  F (PLUS) = BOTH ("plus"),
  F (MINUS) = BOTH ("minus"),
  F (TIMES) = BOTH ("times"),
  F (DIVIDED) = BOTH ("divided"),
  F (MODULO) = { ANY = "({a} % {b})", OF (OF_DECIMAL = "corm_decimal_modulo({a}, {b})") },
  F (NEGATED) = { OF (OF_INTEGER = "corm_int_minus(0, {a})", OF_DECIMAL = "corm_decimal_minus(0, {a})") },
  F (ABS) = { OF (OF_DECIMAL = DECIMAL_1 ("abs")) },
  F (ROUND) = { OF (OF_INTEGER = LITERALLY, OF_FLOAT = ROUND_FLOAT,
                    OF_DECIMAL = "corm_decimal_round({a}, {n})") },
  T (ROUND_TENS) = { ANY = "CAST(corm_decimal_round({a}, {n}) AS INTEGER)" },
  F (ADD_SECONDS) = { ANY = "corm_add_seconds({a}, {b})" },
  F (SUM) = { OF (OF_INTEGER = "corm_decimal_sum({a}){w}", OF_DECIMAL = "corm_decimal_sum({a}){w}") },
  F (AVG) = { OF (OF_DECIMAL = "corm_decimal_avg({a}){w}") },
  T (TO_TEXT) = { ANY = "CAST({a} AS TEXT)",
                  OF (OF_BOOLEAN = "CASE WHEN {a} THEN 'true' WHEN NOT {a} THEN 'false' END",
                      OF_DECIMAL = "corm_decimal({a})") },
  T (TO_INT) = { OF (OF_FLOAT = "corm_to_int({a})", OF_DECIMAL = "corm_to_int({a})",
                     OF_TEXT = "corm_text_to_int({a})") },
  T (TO_DECIMAL) = { ANY = "corm_to_decimal({a}, {p}, {s})",
                     OF (OF_TEXT = "corm_text_to_decimal({a}, {p}, {s})") },
  T (WIDEN_DECIMAL) = { OF (OF_INTEGER = "corm_decimal({a})") },
  T (KEY) = { OF (OF_DECIMAL = KEY_OF ("{a}")) },
  T (FIT) = { OF (OF_INTEGER = "corm_fit_int({a}, {p})", OF_DECIMAL = "corm_to_decimal({a}, {p}, {s})") },
};

#undef DECIMAL_1
#define DECIMAL_1(name) ""

/* An overflow makes a double of the result. abs() of the least integer is how an expression says "integer overflow". */
#define FAIL "abs(-9223372036854775807 - 1)"
#define CHECKED(o) "(CASE typeof({a} " o " {b}) WHEN 'real' THEN " FAIL " ELSE {a} " o " {b} END)"
#define NO_DECIMAL(name) F (name) = { OF (OF_DECIMAL = "") }

const CormFunctionSql corm_sqlite3_plain_functions[CORM_N_TEMPLATES] = {
  COMMON,
  F (PLUS) = { OF (OF_INTEGER = CHECKED ("+"), OF_DECIMAL = "") },
  F (MINUS) = { OF (OF_INTEGER = CHECKED ("-"), OF_DECIMAL = "") },
  F (TIMES) = { OF (OF_INTEGER = CHECKED ("*"), OF_DECIMAL = "") },
  F (DIVIDED) = { OF (OF_INTEGER = CHECKED ("/"), OF_DECIMAL = "") },
  F (MODULO) = { ANY = "({a} % {b})", OF (OF_DECIMAL = "") },
  F (NEGATED) = { OF (OF_INTEGER = "(CASE typeof(- {a}) WHEN 'real' THEN " FAIL " ELSE - {a} END)",
                      OF_DECIMAL = "") },
  NO_DECIMAL (ABS),
  F (ROUND) = { OF (OF_INTEGER = LITERALLY, OF_FLOAT = ROUND_FLOAT, OF_DECIMAL = "") },
  T (ROUND_TENS) = { ANY = "" },
  F (ADD_SECONDS) = { ANY = "", OF (OF_INTEGER = "(strftime('%Y-%m-%d %H:%M:%S', substr({a}, 1, 19), "
                                                 "printf('%+d seconds', {b})) || "
                                                 "substr({a}, 20))") },
  F (SUM) = { OF (OF_DECIMAL = "") },
  F (AVG) = { OF (OF_DECIMAL = "") },
  F (MIN) = { OF (OF_DECIMAL = "") },
  F (MAX) = { OF (OF_DECIMAL = "") },
  T (TO_TEXT) = { ANY = "CAST({a} AS TEXT)",
                  OF (OF_BOOLEAN = "CASE WHEN {a} THEN 'true' WHEN NOT {a} THEN 'false' END",
                      OF_DECIMAL = "") },
  T (TO_INT) = { OF (OF_FLOAT = "CAST({a} AS INTEGER)", OF_DECIMAL = "", OF_TEXT = "") },
  T (TO_DECIMAL) = { ANY = "" },
  T (WIDEN_DECIMAL) = { OF (OF_INTEGER = "") },
  T (KEY) = { OF (OF_DECIMAL = "") },
  T (FIT) = { OF (OF_INTEGER = "(CASE WHEN {a} < -(1 << ({p} - 1)) OR {a} >= 1 << ({p} - 1) THEN " FAIL
                               " ELSE {a} END)") },
};
