/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions as MariaDB computes them. */
#include "../dialects.h"
#include "../functions.h"

/* LOWER() and UPPER() know all letters of a character set; hebrew, whose bytes above 127 have no case, knows those of
 * ASCII alone. The bytes are taken as they are, there and back. */
#define ASCII_CASE(f, a) \
  "CONVERT(CAST(" f "(CONVERT(CAST(" a " AS BINARY) USING hebrew)) AS BINARY) USING utf8mb4) " \
  "COLLATE utf8mb4_nopad_bin"
#define QUOTIENT(a, b) "ROUND((" a " + 0.000000000000000000000000) / NULLIF(" b ", 0), 12)"
#define JSON_AT "JSON_EXTRACT({a}, {v})"
/* A number with a fraction, without the zeros at its end. */
#define TRIMMED(a) "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " a "))"
/* The inner DISTINCT has the list read once and given an index; without it the list is read again for every row. */
#define LIST_OF(type) \
  "(SELECT DISTINCT v FROM JSON_TABLE({v}, '$[*]' COLUMNS (v " type " PATH '$')) AS corm_parts) AS " \
  "corm_list"
#define IN_TABLE(type, value) "({a} IN (SELECT " value " FROM " LIST_OF (type) "))"
#define TEXT(n) "VARCHAR(" n ") CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
#define AS_TEXT(f) "CAST(" f "(CAST({a} AS CHAR)){w} AS UUID)"

/* CAST() takes the nearest number without a word. An integer that overflows is an error. */
#define OVERFLOW "(9223372036854775807 + ABS(SIGN({a})))"
#define INT_OF \
  "CASE WHEN {a} >= -9223372036854775808 AND {a} < 9223372036854775808 THEN CAST(TRUNCATE({a}, 0) AS " \
  "SIGNED) " \
  "WHEN {a} IS NOT NULL THEN " OVERFLOW " END"
/* What was rounded is less than half of the last digit away, and what was cut off more. */
#define DECIMAL_OF(a) \
  "CASE WHEN ABS(" a ") - ABS(CAST(" a \
  " AS DECIMAL({p},{s}))) < CAST(CONCAT('5E-', {s} + 1) AS DECIMAL(65,38)) " \
  "THEN CAST(" a " AS DECIMAL({p},{s})) WHEN {a} IS NOT NULL THEN " OVERFLOW " END"

const CormFunctionSql corm_mysql_functions[CORM_N_TEMPLATES] = {
  F (SAME) = { ANY = "({a} <=> {b})" },
  F (MATCHES_ANY_CASE) = { ANY = "(" ASCII_CASE ("LOWER", "{a}") " LIKE (" ASCII_CASE (
                               "LOWER", "{b}") ") ESCAPE '\\')" },
  /* Explicit collations must not differ. */
  F (MATCHES) = { ANY = "({a} COLLATE utf8mb4_nopad_bin LIKE {b} ESCAPE '\\')" },
  F (NEGATED) = { OF (OF_INTEGER = "(- {a})") },
  F (DIVIDED) = { OF (OF_INTEGER = "({a} DIV NULLIF({b}, 0))", OF_DECIMAL = QUOTIENT ("{a}", "{b}")) },
  F (LOWER) = { ANY = "(" ASCII_CASE ("LOWER", "{a}") ")" },
  F (UPPER) = { ANY = "(" ASCII_CASE ("UPPER", "{a}") ")" },
  F (LENGTH) = { ANY = "CHAR_LENGTH({a})" },
  F (SUBSTR) = { ANY = "SUBSTR({a}, GREATEST({b}, 1), GREATEST(LEAST({c}, 4294967296) + "
                       "GREATEST(LEAST({b}, 1), -4294967296) - 1, 0))" },
  F (POSITION) = { ANY = "LOCATE({b}, {a} COLLATE utf8mb4_nopad_bin)" },
  F (CONCAT) = { ANY = "CONCAT(COALESCE({a}, ''), COALESCE({b}, ''))" },
  F (CURRENT_TIMESTAMP) = { ANY = "UTC_TIMESTAMP(6)" },
  F (YEAR) = { ANY = "YEAR({a})" },
  F (MONTH) = { ANY = "MONTH({a})" },
  F (DAY) = { ANY = "DAYOFMONTH({a})" },
  F (HOUR) = { ANY = "HOUR({a})" },
  F (MINUTE) = { ANY = "MINUTE({a})" },
  F (SECOND) = { ANY = "SECOND({a})" },
  F (WEEKDAY) = { ANY = "(WEEKDAY({a}) + 1)" },
  F (DATE_OF) = { ANY = "CAST({a} AS DATE)" },
  F (ADD_SECONDS) = { ANY = "TIMESTAMPADD(MICROSECOND, ROUND({b} * 1000000), {a})" },
  F (JSON_TEXT) = { ANY = "CASE WHEN JSON_TYPE(" JSON_AT ") NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN "
                          "CONVERT(JSON_UNQUOTE(" JSON_AT ") USING utf8mb4) COLLATE utf8mb4_nopad_bin END" },
  F (JSON_NUMBER) = { ANY = "CASE WHEN JSON_TYPE(" JSON_AT
                            ") IN ('INTEGER', 'DOUBLE', 'DECIMAL') THEN CAST(" JSON_AT " AS DOUBLE) END" },
  F (AVG) = { OF (OF_INTEGER = "(CAST(SUM({a}){w} AS DOUBLE) / NULLIF(COUNT({a}){w}, 0))",
                  OF_DECIMAL = QUOTIENT ("SUM({a}){w}", "COUNT({a}){w}")) },
  F (MIN) = { OF (OF_UUID = AS_TEXT ("MIN")) },
  F (MAX) = { OF (OF_UUID = AS_TEXT ("MAX")) },
  T (TO_TEXT) = { ANY = "CAST({a} AS CHAR)",
                  OF (OF_BOOLEAN = "CASE WHEN {a} THEN 'true' WHEN NOT {a} THEN 'false' END",
                      OF_DECIMAL = TRIMMED ("CAST(CAST({a} AS DECIMAL(65,30)) AS CHAR)")) },
  T (TO_INT) = { OF (OF_FLOAT = INT_OF, OF_DECIMAL = INT_OF,
                     OF_TEXT = "CASE WHEN {a} REGEXP '^[-+]?[0-9]{1,18}(?![[:cntrl:]])$' THEN CAST({a} AS "
                               "SIGNED) END") },
  T (TO_FLOAT) = { ANY = "CAST({a} AS DOUBLE)" },
  T (TO_DECIMAL) = { ANY = DECIMAL_OF ("{a}"),
                     OF (OF_TEXT =
                             "CASE WHEN {a} REGEXP '^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)(?![[:cntrl:]])$' "
                             "THEN " DECIMAL_OF ("CAST({a} AS DECIMAL(65,30))") " END") },
  T (WIDEN_FLOAT) = { OF (OF_INTEGER = "CAST({a} AS DOUBLE)", OF_DECIMAL = "CAST({a} AS DOUBLE)") },
  /* A parameter's own collation takes no notice of case. */
  T (VALUE) = { OF (OF_TEXT = "({a} COLLATE utf8mb4_nopad_bin)") },
  /* The server keeps a UUID's parts in another order, and sorts by that. */
  T (KEY) = { OF (OF_UUID = "CAST({a} AS CHAR)") },
  T (IN_LIST) = { OF (OF_BOOLEAN = IN_TABLE ("BIGINT", "v"), OF_INTEGER = IN_TABLE ("BIGINT", "v"),
                      OF_FLOAT = IN_TABLE ("DOUBLE", "v"), OF_DECIMAL = IN_TABLE ("DECIMAL(65,30)", "v"),
                      OF_TEXT = IN_TABLE (TEXT ("{n}"), "v"),
                      OF_BYTES = "(HEX({a}) IN (SELECT v FROM " LIST_OF (TEXT ("{n}")) "))",
                      OF_DATE = IN_TABLE ("DATE", "v"), OF_TIME = IN_TABLE ("TIME(6)", "v"),
                      OF_TIMESTAMP = IN_TABLE ("DATETIME(6)", "v"),
                      OF_LOCAL_TIMESTAMP = IN_TABLE ("DATETIME(6)", "v"),
                      OF_UUID = IN_TABLE ("VARCHAR(36)", "CAST(v AS UUID)"),
                      OF_ENUM = IN_TABLE (TEXT ("{n}"), "v"), OF_RAW = IN_TABLE (TEXT ("{n}"), "v")) },
};
