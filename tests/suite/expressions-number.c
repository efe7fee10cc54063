/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Arithmetic of integers, floats and decimals. */
#include "expressions.h"

static void
integers (Table *table)
{
  INT (9, CORM_PLUS (S (seven), S (two)));
  INT (5, CORM_MINUS (S (seven), S (two)));
  INT (-9, CORM_MINUS (S (small), S (two)));
  INT (14, CORM_TIMES (S (seven), S (two)));
  INT (-49, CORM_TIMES (S (small), S (seven)));
  INT (9007199254740994, CORM_PLUS (S (big), 1));
  INT (9007199254740993, CORM_TIMES (S (big), 1));
  INT (-9007199254740993, CORM_NEGATED (S (big)));
  INT (9223372030926249001, CORM_TIMES (G_GINT64_CONSTANT (3037000499), G_GINT64_CONSTANT (3037000499)));
  INT (9223372036854775806, CORM_MINUS (S (greatest), 1));
  INT (-9223372036854775807, CORM_PLUS (S (least), 1));
  INT (-1, CORM_PLUS (S (least), S (greatest)));
  INT (7, CORM_NEGATED (S (small)));
  INT (0, CORM_NEGATED (S (zero)));
  INT (7, CORM_ABS (S (small)));
  INT (9223372036854775807, CORM_ABS (S (greatest)));
  INT (20, CORM_PLUS (CORM_TIMES (S (seven), S (two)), CORM_MINUS (S (seven), 1)));
  INT (12, CORM_MINUS (S (seven), CORM_MINUS (S (two), S (seven))));
  INT (63, CORM_TIMES (S (seven), CORM_PLUS (S (seven), S (two))));
  FAILS (CONVERSION, CORM_PLUS (S (greatest), 1));
  FAILS (CONVERSION, CORM_MINUS (S (least), 1));
  FAILS (CONVERSION, CORM_TIMES (S (greatest), 2));
  FAILS (CONVERSION, CORM_NEGATED (S (least)));
  FAILS (CONVERSION, CORM_ABS (S (least)));
  INT (7, CORM_FLOOR (S (seven)));
  INT (-7, CORM_CEIL (S (small)));
  NIL (CORM_PLUS (S (seven), S (none)));
  NIL (CORM_TIMES (S (zero), S (none)));
  NIL (CORM_NEGATED (S (none)));
  NIL (CORM_ABS (S (none)));
}

static void
division (Table *table)
{
  INT (3, CORM_DIVIDED (S (seven), S (two)));
  INT (-3, CORM_DIVIDED (S (small), S (two)));
  INT (-3, CORM_DIVIDED (S (seven), -2));
  INT (3, CORM_DIVIDED (S (small), -2));
  INT (0, CORM_DIVIDED (S (two), S (seven)));
  INT (0, CORM_DIVIDED (-1, S (two)));
  INT (9007199254740993, CORM_DIVIDED (S (big), 1));
  INT (3002399751580331, CORM_DIVIDED (S (big), 3));
  INT (4611686018427387903, CORM_DIVIDED (S (greatest), 2));
  INT (-4611686018427387904, CORM_DIVIDED (S (least), 2));
  FAILS (CONVERSION, CORM_DIVIDED (S (least), -1));
  NIL (CORM_DIVIDED (S (seven), S (zero)));
  NIL (CORM_DIVIDED (S (zero), S (zero)));
  NIL (CORM_DIVIDED (S (half), 0));
  NIL (CORM_DIVIDED (S (price), S (zero)));
  NIL (CORM_DIVIDED (S (seven), S (none)));
  INT (1, CORM_MODULO (S (seven), S (two)));
  INT (-1, CORM_MODULO (S (small), S (two)));
  INT (1, CORM_MODULO (S (seven), -2));
  INT (-1, CORM_MODULO (S (small), -2));
  INT (-1, CORM_MODULO (S (small), 3));
  INT (0, CORM_MODULO (S (seven), 7));
  INT (1, CORM_MODULO (S (big), 2));
  INT (7, CORM_MODULO (S (greatest), 10));
  INT (-8, CORM_MODULO (S (least), 10));
  INT (0, CORM_MODULO (S (least), -1));
  NIL (CORM_MODULO (S (seven), S (zero)));
  NIL (CORM_MODULO (S (none), S (two)));
  FLOAT ("3.5", CORM_DIVIDED (S (seven), 2.0));
  FLOAT ("-3.5", CORM_DIVIDED (CORM_TO_DOUBLE (S (small)), S (two)));
}

static void
floats (Table *table)
{
  FLOAT ("2.5", S (half));
  FLOAT ("0.25", S (quarter));
  FLOAT ("4.5", CORM_PLUS (S (half), S (two)));
  FLOAT ("0.0", CORM_PLUS (S (half), S (minus)));
  FLOAT ("0.30000000000000004", CORM_PLUS (S (tenth), 0.2));
  FLOAT ("-6.25", CORM_TIMES (S (half), S (minus)));
  FLOAT ("-1.0", CORM_DIVIDED (S (half), S (minus)));
  FLOAT ("0.3333333333333333", CORM_DIVIDED (1.0, 3));
  FAILS (INVALID, CORM_MODULO (S (half), 2));
  FLOAT ("2.5", CORM_NEGATED (S (minus)));
  FLOAT ("2.5", CORM_ABS (S (minus)));
  FLOAT ("1e300", CORM_TIMES (1e200, 1e100));
  FLOAT ("2.0", CORM_FLOOR (S (half)));
  FLOAT ("-3.0", CORM_FLOOR (S (minus)));
  FLOAT ("3.0", CORM_CEIL (S (half)));
  FLOAT ("-2.0", CORM_CEIL (S (minus)));
  FLOAT ("4.0", CORM_FLOOR (4.0));
  FLOAT ("0.0", CORM_CEIL (-0.5));
  NIL (CORM_PLUS (S (half), S (nothing)));
  NIL (CORM_FLOOR (S (nothing)));
  NIL (CORM_ROUND (S (nothing), 1));
}

static void
rounding (Table *table)
{
  FLOAT ("3.0", CORM_ROUND (S (half), 0));
  FLOAT ("-3.0", CORM_ROUND (S (minus), 0));
  FLOAT ("1.0", CORM_ROUND (0.5, 0));
  FLOAT ("2.0", CORM_ROUND (1.5, 0));
  FLOAT ("-1.0", CORM_ROUND (-0.5, 0));
  FLOAT ("0.0", CORM_ROUND (-0.4, 0));
  FLOAT ("4503599627370497.0", CORM_ROUND (4503599627370497.0, 0));
  FLOAT ("0.13", CORM_ROUND (0.125, 2));
  FLOAT ("-0.13", CORM_ROUND (-0.125, 2));
  FLOAT ("0.38", CORM_ROUND (0.375, 2));
  FLOAT ("0.1", CORM_ROUND (S (tenth), 5));
  FLOAT ("2.0", CORM_ROUND (2.4999, 0));
  FLOAT ("1200.0", CORM_ROUND (1234.5, -2));
  INT (10, CORM_ROUND (S (seven), -1));
  INT (-10, CORM_ROUND (S (small), -1));
  INT (20, CORM_ROUND (15, -1));
  INT (-20, CORM_ROUND (-15, -1));
  INT (30, CORM_ROUND (25, -1));
  INT (7, CORM_ROUND (S (seven), 0));
  INT (7, CORM_ROUND (S (seven), 3));
  INT (9007199254740990, CORM_ROUND (S (big), -1));
  DECIMAL ("13", CORM_ROUND (S (price), 0));
  DECIMAL ("12.5", CORM_ROUND (S (price), 1));
  DECIMAL ("10", CORM_ROUND (S (price), -1));
  DECIMAL ("-0.1", CORM_ROUND (S (loss), 1));
  DECIMAL ("0", CORM_ROUND (S (loss), 0));
  DECIMAL ("10000000000000000000000000000", CORM_ROUND (S (wide), 2));
  DECIMAL ("2.68", CORM_ROUND (((CormDecimal){ "2.675" }), 2));
  DECIMAL ("-1.01", CORM_ROUND (((CormDecimal){ "-1.005" }), 2));
}

void
expressions_number (Table *table)
{
  table_part (table, "Integers", &Sample_model,
              "64 bits; what does not fit is an error, never another number.");
  integers (table);
  table_part (table, "Division", &Sample_model,
              "An integer divided by an integer is cut towards zero, and the rest has the sign of the first. "
              "By zero it "
              "is NULL. One float makes it a division of floats.");
  division (table);
  table_part (table, "Floats", &Sample_model, "To the last bit of a double.");
  floats (table);
  table_part (table, "Rounding", &Sample_model,
              "Halves go away from zero. The result has the type of the number.");
  rounding (table);
}

/* --- decimals ------------------------------------------------------------------------------------------------------- */

void
expressions_decimal (Table *table)
{
  table_part (table, "Decimals", &Sample_model,
              "Exact. With an integer the result is a decimal, with a float a float.");
  DECIMAL ("12.5", S (price));
  DECIMAL ("9999999999999999999999999999.9999999999", S (wide));
  DECIMAL ("12.45", CORM_PLUS (S (price), S (loss)));
  DECIMAL ("12.55", CORM_MINUS (S (price), S (loss)));
  DECIMAL ("-0.625", CORM_TIMES (S (price), S (loss)));
  DECIMAL ("19.5", CORM_PLUS (S (price), S (seven)));
  DECIMAL ("87.5", CORM_TIMES (S (price), S (seven)));
  DECIMAL ("25", CORM_TIMES (S (price), 2));
  DECIMAL ("5", CORM_DIVIDED (S (price), ((CormDecimal){ "2.5" })));
  DECIMAL ("6.25", CORM_DIVIDED (S (price), S (two)));
  DECIMAL ("1.79", CORM_ROUND (CORM_DIVIDED (S (price), S (seven)), 2));
  DECIMAL ("1.785714285714", CORM_DIVIDED (S (price), S (seven)));
  DECIMAL ("0.666666666667", CORM_DIVIDED (((CormDecimal){ "2" }), 3));
  DECIMAL ("-0.666666666667", CORM_DIVIDED (((CormDecimal){ "-2" }), 3));
  DECIMAL ("2.5", CORM_MODULO (S (price), 5));
  DECIMAL ("-0.01", CORM_MODULO (S (loss), ((CormDecimal){ "0.02" })));
  NIL (CORM_MODULO (S (price), 0));
  DECIMAL ("0.05", CORM_NEGATED (S (loss)));
  DECIMAL ("0.05", CORM_ABS (S (loss)));
  DECIMAL ("12", CORM_FLOOR (S (price)));
  DECIMAL ("13", CORM_CEIL (S (price)));
  DECIMAL ("-1", CORM_FLOOR (S (loss)));
  DECIMAL ("0", CORM_CEIL (S (loss)));
  DECIMAL ("10000000000000000000000000000", CORM_PLUS (S (wide), ((CormDecimal){ "0.0000000001" })));
  DECIMAL ("9999999999999999999999999999", CORM_FLOOR (S (wide)));
  DECIMAL ("0", CORM_MINUS (S (wide), S (wide)));
  DECIMAL ("0.3", CORM_PLUS (((CormDecimal){ "0.1" }), ((CormDecimal){ "0.2" })));
  YES (CORM_EQUAL (CORM_PLUS (((CormDecimal){ "0.1" }), ((CormDecimal){ "0.2" })), ((CormDecimal){ "0.3" })));
  YES (CORM_LESS (CORM_TIMES (S (price), 2), CORM_PLUS (S (price), 13)));
  FLOAT ("15.0", CORM_PLUS (S (price), S (half)));
  FLOAT ("-31.25", CORM_TIMES (S (price), S (minus)));
  NIL (CORM_PLUS (S (price), S (unpriced)));
  NIL (CORM_ROUND (S (unpriced), 1));
}
