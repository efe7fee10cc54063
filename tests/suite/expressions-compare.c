/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Comparisons, tuples, and what NULL does to them. */
#include "expressions.h"

static void
numbers (Table *table)
{
  YES (CORM_EQUAL (S (seven), 7));
  NO (CORM_EQUAL (S (seven), 8));
  YES (CORM_EQUAL (S (seven), CORM_PLUS (S (two), 5)));
  YES (CORM_EQUAL (S (big), G_GINT64_CONSTANT (9007199254740993)));
  NO (CORM_EQUAL (S (big), G_GINT64_CONSTANT (9007199254740992)));
  YES (CORM_EQUAL (S (least), G_MININT64));
  YES (CORM_EQUAL (S (greatest), G_MAXINT64));
  YES (CORM_LESS (S (least), S (greatest)));
  YES (CORM_UNEQUAL (S (small), S (seven)));
  YES (CORM_LESS (S (small), S (seven)));
  NO (CORM_LESS (S (seven), 7));
  YES (CORM_LESS_EQUAL (S (seven), 7));
  YES (CORM_GREATER (S (seven), S (small)));
  NO (CORM_GREATER (7, S (seven)));
  YES (CORM_GREATER_EQUAL (7, S (seven)));
  YES (CORM_EQUAL (S (two), 2.0));
  YES (CORM_LESS (S (two), S (half)));
  YES (CORM_LESS (S (minus), S (zero)));
  YES (CORM_EQUAL (S (quarter), 0.25));
  YES (CORM_EQUAL (S (tenth), 0.1));
  NO (CORM_EQUAL (CORM_PLUS (S (tenth), 0.2), 0.3));
  YES (CORM_EQUAL (CORM_MINUS (S (half), S (half)), 0));
  YES (CORM_WITHIN (S (seven), 7, 8));
  YES (CORM_WITHIN (S (seven), S (two), 7));
  NO (CORM_WITHIN (S (seven), 8, 9));
  NO (CORM_WITHIN (S (seven), 9, 1));
  YES (CORM_EQUAL (S (state), STATE_HALF_DONE));
  NO (CORM_EQUAL (S (state), STATE_DONE));
  YES (CORM_UNEQUAL (S (state), STATE_NEW));
}

static void
decimals (Table *table)
{
  YES (CORM_EQUAL (S (price), ((CormDecimal){ "12.5" })));
  YES (CORM_EQUAL (S (price), ((CormDecimal){ "12.5000" })));
  NO (CORM_EQUAL (S (price), ((CormDecimal){ "12.51" })));
  YES (CORM_LESS (S (loss), S (price)));
  YES (CORM_LESS (S (loss), 0));
  YES (CORM_GREATER (S (price), 9));
  YES (CORM_LESS (S (price), 100));
  YES (CORM_EQUAL (S (wide), ((CormDecimal){ "9999999999999999999999999999.9999999999" })));
  NO (CORM_EQUAL (S (wide), ((CormDecimal){ "9999999999999999999999999999.9999999998" })));
  YES (CORM_GREATER (S (wide), ((CormDecimal){ "9999999999999999999999999999.9999999998" })));
  YES (CORM_LESS (S (wide), ((CormDecimal){ "10000000000000000000000000000" })));
}

static void
texts (Table *table)
{
  YES (CORM_EQUAL (S (word), "Corm"));
  NO (CORM_EQUAL (S (word), "corm"));
  NO (CORM_EQUAL (S (word), "Corm "));
  NO (CORM_EQUAL (S (word), ""));
  YES (CORM_EQUAL (S (empty), ""));
  NO (CORM_EQUAL (S (empty), " "));
  YES (CORM_UNEQUAL (S (padded), "a b"));
  YES (CORM_EQUAL (S (exotic), "Ä😀é漢"));
  NO (CORM_EQUAL (S (exotic), "A😀e漢"));
  YES (CORM_EQUAL (S (wild), "100%_\\"));
  YES (CORM_LESS (S (word), "a"));
  YES (CORM_LESS ("a", "ab"));
  YES (CORM_LESS ("", "a"));
  YES (CORM_LESS ("z", S (exotic)));
  YES (CORM_LESS ("é", "😀"));
  YES (CORM_LESS ("10", "9"));
  YES (CORM_WITHIN (S (word), "Co", "Cp"));
}

static void
others (Table *table)
{
  YES (CORM_EQUAL (S (bytes), ((CormBytes){ (const guint8 *) "\0\xff'", 3 })));
  YES (CORM_LESS (S (bytes), ((CormBytes){ (const guint8 *) "\1", 1 })));
  YES (CORM_EQUAL (S (uuid), S (uuid)));
  YES (CORM_GREATER (S (uuid), ((CormUuid){ { 0x01 } })));
  YES (CORM_EQUAL (S (leap), ((CormDate){ 19782 })));
  YES (CORM_LESS (S (first), S (leap)));
  YES (CORM_LESS (S (leap), S (last)));
  YES (CORM_LESS (S (before), ((CormTimestamp){ 0 })));
  YES (CORM_LESS (S (earliest), S (before)));
  YES (CORM_GREATER (S (latest), S (moment)));
  YES (CORM_EQUAL (S (moment), ((CormTimestamp){ G_GINT64_CONSTANT (1709251199500000) })));
  YES (CORM_GREATER (S (clock), ((CormTime){ 0 })));
  YES (CORM_LESS (S (local), ((CormLocalTimestamp){ 0 })));
  YES (CORM_EQ (Sample, yes, true));
  NO (CORM_EQ (Sample, no, true));
  YES (CORM_NE (Sample, word, "corm"));
  YES (CORM_LT (Sample, loss, ((CormDecimal){ "0" })));
  YES (CORM_LE (Sample, seven, 7));
  YES (CORM_GT (Sample, half, 2.25));
  YES (CORM_GE (Sample, big, G_GINT64_CONSTANT (9007199254740993)));
  NO (CORM_GT (Sample, big, G_GINT64_CONSTANT (9007199254740993)));
  YES (CORM_BETWEEN (Sample, leap, ((CormDate){ 19782 }), ((CormDate){ 19783 })));
  YES (CORM_EQ (Sample, state, STATE_HALF_DONE));
}

static void
tuples (Table *table)
{
  YES (CORM_EQUAL (CORM_TUPLE (S (seven), S (word)), CORM_TUPLE (7, "Corm")));
  NO (CORM_EQUAL (CORM_TUPLE (S (seven), S (word)), CORM_TUPLE (7, "corm")));
  YES (CORM_UNEQUAL (CORM_TUPLE (S (seven), S (word)), CORM_TUPLE (7, "corm")));
  YES (CORM_LESS (CORM_TUPLE (S (seven), S (two)), CORM_TUPLE (7, 3)));
  YES (CORM_LESS (CORM_TUPLE (S (two), S (seven)), CORM_TUPLE (3, 0)));
  NO (CORM_LESS (CORM_TUPLE (S (seven), S (two)), CORM_TUPLE (7, 2)));
  YES (CORM_LESS_EQUAL (CORM_TUPLE (S (seven), S (two)), CORM_TUPLE (7, 2)));
  YES (CORM_GREATER (CORM_TUPLE (S (word), S (seven)), CORM_TUPLE ("Corm", 6)));
  NO (CORM_GREATER_EQUAL (CORM_TUPLE (S (word), S (seven)), CORM_TUPLE ("Corm", 8)));
  UNKNOWN (CORM_EQUAL (CORM_TUPLE (S (seven), S (none)), CORM_TUPLE (7, 1)));
  NO (CORM_EQUAL (CORM_TUPLE (S (seven), S (none)), CORM_TUPLE (8, 1)));
  FAILS (INVALID, CORM_EQUAL (CORM_TUPLE (S (seven), S (two)), CORM_TUPLE (7, 2, 1)));
  FAILS (INVALID, CORM_EQUAL (CORM_TUPLE (S (seven), S (two)), CORM_TUPLE (7, "2")));
}

void
expressions_compare (Table *table)
{
  table_part (
      table, "Comparisons", &Sample_model,
      "Text is compared by its bytes: case, accents and blanks at the end count. Decimals are compared as "
      "numbers. A value for a column with labels is the label's number.");
  numbers (table);
  decimals (table);
  texts (table);
  others (table);
  table_part (table, "Tuples", &Sample_model, "Compared from the left; the first part that differs decides.");
  tuples (table);
}
