/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Functions as PostgreSQL computes them: integers as bigint and floats as double precision, so that nothing overflows
 * earlier than elsewhere; case of ASCII letters alone, which is what the collation C knows; times in UTC. */
#include "../dialects.h"
#include "../functions.h"

/* Of a date, a time without a zone, and a moment. */
#define PART(part) \
  { \
    ANY = "CAST(floor(EXTRACT(" part " FROM {a})) AS bigint)", \
    OF (OF_TIMESTAMP = "CAST(floor(EXTRACT(" part " FROM {a} AT TIME ZONE 'UTC')) AS bigint)") \
  }
/* A quotient of decimals has twelve digits behind the point. More of them are computed first: the server's own choice is
 * sixteen digits in all. */
#define QUOTIENT(a, b) "round((" a " + 0.000000000000000000000000) / NULLIF(" b ", 0), 12)"
/* least() and greatest() pass NULL over. */
#define LIMITED(n, least) \
  "CASE WHEN " n " > 2147483647 THEN 2147483647 WHEN " n " < " least " THEN " least " ELSE " n " END"
#define JSON_AT "(CAST({a} AS json) #> CAST({v} AS text[]))"
#define JSON_TEXT_AT "(CAST({a} AS json) #>> CAST({v} AS text[]))"
#define IN_ARRAY(type) "({a} IN (SELECT unnest(CAST({v} AS " type "[]))))"
/* min() of what has no min(): as text, which has the same order. */
#define AS_TEXT(f, type) "CAST(" f "(CAST({a} AS text) COLLATE \"C\"){w} AS " type ")"
#define AS_HEX(f) "decode(" f "(encode({a}, 'hex') COLLATE \"C\"){w}, 'hex')"

const CormFunctionSql corm_pgsql_functions[CORM_N_TEMPLATES] = {
  F (MATCHES_ANY_CASE) = { ANY = "(lower({a} COLLATE \"C\") LIKE lower({b} COLLATE \"C\") ESCAPE '\\')" },
  F (DIVIDED) = { OF (OF_DECIMAL = QUOTIENT ("{a}", "{b}")) },
  F (ROUND) = { OF (OF_INTEGER = "{a}", OF_DECIMAL = "round({a}, {n})") },
  T (ROUND_TENS) = { ANY = "CAST(round(CAST({a} AS numeric), {n}) AS bigint)" },
  F (LOWER) = { ANY = "lower({a} COLLATE \"C\")" },
  F (UPPER) = { ANY = "upper({a} COLLATE \"C\")" },
  F (LENGTH) = { ANY = "CAST(length({a}) AS bigint)" },
  F (SUBSTR) = { ANY = "substr({a}, CAST(" LIMITED ("{b}", "-2147483647") " AS integer), CAST(" LIMITED (
                     "{c}", "0") " AS integer))" },
  F (POSITION) = { ANY = "CAST(strpos({a}, {b}) AS bigint)" },
  F (CURRENT_TIMESTAMP) = { ANY = "statement_timestamp()" },
  F (YEAR) = PART ("YEAR"),
  F (MONTH) = PART ("MONTH"),
  F (DAY) = PART ("DAY"),
  F (HOUR) = PART ("HOUR"),
  F (MINUTE) = PART ("MINUTE"),
  F (SECOND) = PART ("SECOND"),
  F (WEEKDAY) = PART ("ISODOW"),
  F (DATE_OF) = { ANY = "CAST({a} AS date)", OF (OF_TIMESTAMP = "CAST({a} AT TIME ZONE 'UTC' AS date)") },
  F (ADD_SECONDS) = { ANY = "({a} + CAST({b} AS double precision) * INTERVAL '1 second')" },
  F (JSON_TEXT) = { ANY = "CASE WHEN json_typeof(" JSON_AT ") NOT IN ('object', 'array') THEN " JSON_TEXT_AT
                          " END" },
  F (JSON_NUMBER) = { ANY = "CASE WHEN json_typeof(" JSON_AT ") = 'number' THEN CAST(" JSON_TEXT_AT
                            " AS double precision) END" },
  F (COUNT_DISTINCT) = { OF (OF_JSON = "count(DISTINCT CAST({a} AS text))") },
  F (AVG) = { OF (OF_INTEGER = "(CAST(sum({a}){w} AS double precision) / NULLIF(count({a}){w}, 0))",
                  OF_DECIMAL = QUOTIENT ("sum({a}){w}", "count({a}){w}")) },
  F (MIN) = { OF (OF_UUID = AS_TEXT ("min", "uuid"), OF_BYTES = AS_HEX ("min"),
                  OF_ENUM = "min(CAST({a} AS text) COLLATE \"C\"){w}", OF_RAW = "min({a}){w}") },
  F (MAX) = { OF (OF_UUID = AS_TEXT ("max", "uuid"), OF_BYTES = AS_HEX ("max"),
                  OF_ENUM = "max(CAST({a} AS text) COLLATE \"C\"){w}", OF_RAW = "max({a}){w}") },
  T (TO_TEXT) = { ANY = "CAST({a} AS text)",
                  OF (OF_BOOLEAN = "CASE WHEN {a} THEN 'true' WHEN NOT {a} THEN 'false' END",
                      OF_DECIMAL = "CASE WHEN {a} = 0 THEN '0' WHEN scale({a}) = 0 THEN CAST({a} AS text) "
                                   "ELSE rtrim(rtrim(CAST({a} AS text), '0'), '.') END") },
  T (TO_INT) = { ANY = "CAST({a} AS bigint)",
                 OF (OF_BOOLEAN = "CAST(CAST({a} AS integer) AS bigint)",
                     OF_FLOAT = "CAST(trunc({a}) AS bigint)", OF_DECIMAL = "CAST(trunc({a}) AS bigint)",
                     OF_TEXT = "CASE WHEN {a} ~ '^[-+]?[0-9]{1,18}$' THEN CAST({a} AS bigint) END") },
  T (TO_FLOAT) = { ANY = "CAST({a} AS double precision)" },
  T (TO_DECIMAL) = { ANY = "CAST({a} AS numeric({p}, {s}))",
                     OF (OF_FLOAT = "CAST(CAST(CAST({a} AS double precision) AS text) AS numeric({p}, {s}))",
                         OF_TEXT = "CASE WHEN {a} ~ '^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)$' "
                                   "THEN CAST({a} AS numeric({p}, {s})) END") },
  T (WIDEN_INT) = { ANY = "CAST({a} AS bigint)" },
  T (WIDEN_FLOAT) = { ANY = "CAST({a} AS double precision)" },
  T (WIDEN_DECIMAL) = { ANY = "CAST({a} AS numeric)" },
  T (IN_LIST) = { OF (
      OF_BOOLEAN = IN_ARRAY ("boolean"), OF_INTEGER = IN_ARRAY ("bigint"),
      OF_FLOAT = IN_ARRAY ("double precision"), OF_DECIMAL = IN_ARRAY ("numeric"),
      OF_TEXT = IN_ARRAY ("text"), OF_BYTES = IN_ARRAY ("bytea"), OF_DATE = IN_ARRAY ("date"),
      OF_TIME = IN_ARRAY ("time"), OF_TIMESTAMP = IN_ARRAY ("timestamptz"),
      OF_LOCAL_TIMESTAMP = IN_ARRAY ("timestamp"),
      OF_UUID = IN_ARRAY ("uuid"), /* The server knows the type of the column, and no one here does. */
      OF_ENUM = "({a} = ANY ({v}))", OF_RAW = "({a} = ANY ({v}))") },
};
