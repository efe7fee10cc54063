/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Dates, times of day, timestamps; and JSON. */
#include "expressions.h"

static void
days (Table *table)
{
  INT (2024, CORM_YEAR (S (leap)));
  INT (2, CORM_MONTH (S (leap)));
  INT (29, CORM_DAY_OF (S (leap)));
  INT (1, CORM_YEAR (S (first)));
  INT (1, CORM_MONTH (S (first)));
  INT (1, CORM_DAY_OF (S (first)));
  INT (9999, CORM_YEAR (S (last)));
  INT (12, CORM_MONTH (S (last)));
  INT (31, CORM_DAY_OF (S (last)));
  INT (4, CORM_WEEKDAY (S (leap)));
  INT (1, CORM_WEEKDAY (S (first)));
  INT (5, CORM_WEEKDAY (S (last)));
  NIL (CORM_YEAR (S (never)));
  NIL (CORM_WEEKDAY (S (never)));
}

static void
moments (Table *table)
{
  INT (2024, CORM_YEAR (S (moment)));
  INT (29, CORM_DAY_OF (S (moment)));
  INT (23, CORM_HOUR (S (moment)));
  INT (59, CORM_MINUTE (S (moment)));
  INT (59, CORM_SECOND (S (moment)));
  INT (1969, CORM_YEAR (S (before)));
  INT (12, CORM_MONTH (S (before)));
  INT (31, CORM_DAY_OF (S (before)));
  INT (23, CORM_HOUR (S (before)));
  INT (59, CORM_SECOND (S (before)));
  INT (3, CORM_WEEKDAY (S (before)));
  INT (7, CORM_WEEKDAY (CORM_ADD_SECONDS (S (moment), 259200)));
  INT (1, CORM_YEAR (S (earliest)));
  INT (0, CORM_HOUR (S (earliest)));
  INT (9999, CORM_YEAR (S (latest)));
  INT (59, CORM_SECOND (S (latest)));
  INT (1900, CORM_YEAR (S (local)));
  INT (12, CORM_HOUR (S (local)));
  INT (45, CORM_SECOND (S (local)));
  INT (23, CORM_HOUR (S (clock)));
  INT (59, CORM_MINUTE (S (clock)));
  INT (59, CORM_SECOND (S (clock)));
  NIL (CORM_HOUR (S (unset)));
  DATE ("2024-02-29", CORM_DATE_OF (S (moment)));
  DATE ("1969-12-31", CORM_DATE_OF (S (before)));
  DATE ("0001-01-01", CORM_DATE_OF (S (earliest)));
  DATE ("9999-12-31", CORM_DATE_OF (S (latest)));
  DATE ("1900-03-01", CORM_DATE_OF (S (local)));
  DATE ("2024-02-29", CORM_DATE_OF (S (leap)));
  NIL (CORM_DATE_OF (S (unset)));
  YES (CORM_EQUAL (CORM_DATE_OF (S (moment)), S (leap)));
}

static void
sums (Table *table)
{
  TIMESTAMP ("2024-02-29T23:59:59.5Z", S (moment));
  TIMESTAMP ("2024-03-01T00:00:00.5Z", CORM_ADD_SECONDS (S (moment), 1));
  TIMESTAMP ("2024-02-28T23:59:59.5Z", CORM_ADD_SECONDS (S (moment), -86400));
  TIMESTAMP ("1970-01-01T00:00:00.999999Z", CORM_ADD_SECONDS (S (before), 1));
  TIMESTAMP ("1969-12-31T23:59:58.999999Z", CORM_ADD_SECONDS (S (before), -1));
  TIMESTAMP ("0001-01-02T00:00:00Z", CORM_ADD_SECONDS (S (earliest), 86400));
  TIMESTAMP ("9999-12-31T23:59:58.999999Z", CORM_ADD_SECONDS (S (latest), -1));
  TIMESTAMP ("2024-03-01T00:00:06.5Z", CORM_ADD_SECONDS (S (moment), S (seven)));
  TIMESTAMP ("2024-02-29T23:59:59.5Z", CORM_ADD_SECONDS (S (moment), 0));
  NIL (CORM_ADD_SECONDS (S (unset), 1));
  YES (CORM_LESS (S (moment), CORM_ADD_SECONDS (S (moment), 1)));
  INT (3, CORM_MONTH (CORM_ADD_SECONDS (S (moment), 1)));
  YES (CORM_GREATER (CORM_CURRENT (), S (moment)));
  YES (CORM_LESS (CORM_CURRENT (), CORM_ADD_SECONDS (CORM_CURRENT (), 60)));
  YES (CORM_GREATER_EQUAL (CORM_YEAR (CORM_CURRENT ()), 2024));
}

void
expressions_time (Table *table)
{
  table_part (table, "Dates", &Sample_model, "Weekdays are 1 for Monday to 7 for Sunday.");
  days (table);
  table_part (table, "Timestamps and times of day", &Sample_model,
              "In UTC, whatever zone the server lives in.");
  moments (table);
  table_part (table, "Moving in time", &Sample_model, "");
  sums (table);
}

/* --- JSON ----------------------------------------------------------------------------------------------------------- */

static void
json_texts (Table *table)
{
  TEXT ("it's", CORM_JSON_TEXT (S (doc), "$.t"));
  TEXT ("x", CORM_JSON_TEXT (S (doc), "$.a.b[2]"));
  TEXT ("10", CORM_JSON_TEXT (S (doc), "$.a.b[0]"));
  TEXT ("-2.5", CORM_JSON_TEXT (S (doc), "$.a.b[1]"));
  TEXT ("true", CORM_JSON_TEXT (S (doc), "$.yes"));
  TEXT ("é😀", CORM_JSON_TEXT (S (doc), "$.u"));
  TEXT ("12", CORM_JSON_TEXT (S (doc), "$.number"));
  TEXT ("", CORM_JSON_TEXT (S (doc), "$.e"));
  NIL (CORM_JSON_TEXT (S (doc), "$.n"));
  NIL (CORM_JSON_TEXT (S (doc), "$.nowhere"));
  NIL (CORM_JSON_TEXT (S (doc), "$.a.b[3]"));
  NIL (CORM_JSON_TEXT (S (doc), "$.t.x"));
  TEXT ("1", CORM_JSON_TEXT (S (doc), "$.\"odd key\""));
  TEXT ("3", CORM_JSON_TEXT (S (doc), "$.\"é\""));
  TEXT ("5", CORM_JSON_TEXT (S (doc), "$.\"a.b\""));
  TEXT ("1", CORM_JSON_TEXT (S (doc), "$.o.k"));
  TEXT ("9007199254740993", CORM_JSON_TEXT (S (doc), "$.big"));
  YES (CORM_EQUAL (CORM_JSON_TEXT (S (doc), "$.t"), "it's"));
  YES (CORM_MISSING (CORM_JSON_TEXT (S (doc), "$.n")));
  TEXT ("IT'S", CORM_UPPER (CORM_JSON_TEXT (S (doc), "$.t")));
  FAILS (INVALID, CORM_JSON_TEXT (S (doc), "a"));
  FAILS (INVALID, CORM_JSON_TEXT (S (doc), "$.a["));
  FAILS (INVALID, CORM_JSON_TEXT (S (doc), ""));
}

static void
json_numbers (Table *table)
{
  FLOAT ("10.0", CORM_JSON_NUMBER (S (doc), "$.a.b[0]"));
  YES (CORM_EQUAL (CORM_JSON_NUMBER (S (doc), "$.a.b[0]"), 10));
  YES (CORM_EQUAL (CORM_JSON_NUMBER (S (doc), "$.a.b[1]"), -2.5));
  YES (CORM_GREATER (CORM_JSON_NUMBER (S (doc), "$.a.b[0]"), 9));
  YES (CORM_EQUAL (CORM_PLUS (CORM_JSON_NUMBER (S (doc), "$.o.k"), 1), 2));
  INT (10, CORM_TO_INT (CORM_JSON_NUMBER (S (doc), "$.a.b[0]")));
  FLOAT ("-2.5", CORM_TO_DOUBLE (CORM_JSON_NUMBER (S (doc), "$.a.b[1]")));
  NIL (CORM_JSON_NUMBER (S (doc), "$.n"));
  NIL (CORM_JSON_NUMBER (S (doc), "$.nowhere"));
}

void
expressions_json (Table *table)
{
  table_part (table, "JSON", &Sample_model,
              "JSON's null, and what is not there, are NULL. A name with other characters than letters, "
              "digits and `_` "
              "stands in double quotes.");
  json_texts (table);
  json_numbers (table);
}
