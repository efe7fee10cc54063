/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One value or another, and values as other types. */
#include "expressions.h"

static void
choices (Table *table)
{
  INT (7, CORM_COALESCE (S (seven), 0));
  INT (5, CORM_COALESCE (S (none), 5));
  INT (2, CORM_COALESCE (CORM_COALESCE (S (none), S (none)), S (two)));
  NIL (CORM_COALESCE (S (none), S (none)));
  TEXT ("", CORM_COALESCE (S (empty), "x"));
  TEXT ("x", CORM_COALESCE (S (missing), "x"));
  FLOAT ("2.5", CORM_COALESCE (S (nothing), 2.5));
  DECIMAL ("0", CORM_COALESCE (S (unpriced), 0));
  DATE ("2024-02-29", CORM_COALESCE (S (never), S (leap)));
  TIMESTAMP ("1969-12-31T23:59:59.999999Z", CORM_COALESCE (S (unset), S (before)));
  INT (7, CORM_NULL_IF (S (seven), 8));
  NIL (CORM_NULL_IF (S (seven), 7));
  NIL (CORM_NULL_IF (S (none), 7));
  NIL (CORM_NULL_IF (S (empty), ""));
  TEXT ("Corm", CORM_NULL_IF (S (word), "corm"));
  INT (3, CORM_DIVIDED (S (seven), CORM_NULL_IF (S (two), 0)));
  TEXT ("more", CORM_IF (CORM_GREATER (S (seven), 5), "more", "less"));
  TEXT ("less", CORM_IF (CORM_GREATER (S (seven), 9), "more", "less"));
  TEXT ("less", CORM_IF (CORM_GREATER (S (none), 5), "more", "less"));
  TEXT ("Corm", CORM_IF (S (yes), S (word), S (missing)));
  NIL (CORM_IF (S (no), S (word), S (missing)));
  INT (2, CORM_IF (CORM_LESS (S (seven), 0), -1, CORM_IF (CORM_EQUAL (S (seven), 0), 0, S (two))));
  INT (7, CORM_WHEN (S (yes), S (seven)));
  NIL (CORM_WHEN (S (no), S (seven)));
  NIL (CORM_WHEN (S (unsure), S (seven)));
  FLOAT ("7.0", CORM_IF (S (yes), S (seven), S (half)));
  YES (CORM_EQUAL (CORM_IF (S (no), 1, 2), 2));
}

void
expressions_choice (Table *table)
{
  table_part (table, "One or the other", &Sample_model,
              "`CORM_IF` takes its second value when the condition is false or NULL. Numbers of different "
              "types become "
              "the wider of them.");
  choices (table);
}

/* --- casts ---------------------------------------------------------------------------------------------------------- */

static void
to_text (Table *table)
{
  TEXT ("7", CORM_TO_TEXT (S (seven)));
  TEXT ("-7", CORM_TO_TEXT (S (small)));
  TEXT ("9007199254740993", CORM_TO_TEXT (S (big)));
  TEXT ("-9223372036854775808", CORM_TO_TEXT (S (least)));
  TEXT ("Corm", CORM_TO_TEXT (S (word)));
  FAILS (INVALID, CORM_TO_TEXT (S (half)));
  FAILS (INVALID, CORM_TO_TEXT (S (moment)));
  TEXT ("2024-02-29", CORM_TO_TEXT (S (leap)));
  TEXT ("0001-01-01", CORM_TO_TEXT (S (first)));
  TEXT ("01234567-89ab-cdef-fedc-ba9876543210", CORM_TO_TEXT (S (uuid)));
  NIL (CORM_TO_TEXT (S (none)));
  TEXT ("no. 7", CORM_CONCAT ("no. ", CORM_TO_TEXT (S (seven))));
}

static void
to_numbers (Table *table)
{
  INT (12, CORM_TO_INT ("12"));
  INT (-12, CORM_TO_INT ("-12"));
  INT (9007199254740993, CORM_TO_INT ("9007199254740993"));
  INT (7, CORM_TO_INT (S (seven)));
  NIL (CORM_TO_INT ("twelve"));
  NIL (CORM_TO_INT (""));
  NIL (CORM_TO_INT ("1x"));
  INT (2, CORM_TO_INT (2.0));
  INT (2, CORM_TO_INT (S (half)));
  INT (-2, CORM_TO_INT (S (minus)));
  INT (12, CORM_TO_INT (((CormDecimal){ "12.00" })));
  NIL (CORM_TO_INT (S (missing)));
  FLOAT ("7.0", CORM_TO_DOUBLE (S (seven)));
  FAILS (INVALID, CORM_TO_DOUBLE ("2.5"));
  FLOAT ("12.5", CORM_TO_DOUBLE (S (price)));
  FLOAT ("9007199254740992.0", CORM_TO_DOUBLE (S (big)));
  FLOAT ("0.25", CORM_TO_DOUBLE (S (quarter)));
  NIL (CORM_TO_DOUBLE (S (none)));
  DECIMAL ("7", CORM_TO_DECIMAL (S (seven), 10, 2));
  DECIMAL ("12.35", CORM_TO_DECIMAL ("12.345", 10, 2));
  DECIMAL ("-12.35", CORM_TO_DECIMAL ("-12.345", 10, 2));
  DECIMAL ("12.5", CORM_TO_DECIMAL (S (price), 10, 1));
  DECIMAL ("13", CORM_TO_DECIMAL (S (price), 10, 0));
  DECIMAL ("2.5", CORM_TO_DECIMAL (S (half), 10, 2));
  DECIMAL ("9007199254740993", CORM_TO_DECIMAL (S (big), 20, 2));
  NIL (CORM_TO_DECIMAL ("x", 10, 2));
  NIL (CORM_TO_DECIMAL (S (none), 10, 2));
  FLOAT ("3.5", CORM_DIVIDED (CORM_TO_DOUBLE (S (seven)), S (two)));
  INT (4, CORM_LENGTH (CORM_TO_TEXT (1234)));
}

void
expressions_cast (Table *table)
{
  table_part (table, "To text", &Sample_model,
              "Floats and times have no text that is the same everywhere: they are refused.");
  to_text (table);
  table_part (table, "To numbers", &Sample_model,
              "Decimals are rounded to the scale, halves away from zero.");
  to_numbers (table);
}
