/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Predicates of three values, and lists. */
#include "expressions.h"

static void
nulls (Table *table)
{
  UNKNOWN (CORM_EQUAL (S (none), 1));
  UNKNOWN (CORM_UNEQUAL (S (none), 1));
  UNKNOWN (CORM_LESS (S (none), 1));
  UNKNOWN (CORM_EQUAL (S (none), S (none)));
  UNKNOWN (CORM_EQUAL (S (missing), ""));
  UNKNOWN (CORM_UNEQUAL (S (missing), "x"));
  UNKNOWN (CORM_WITHIN (S (none), 1, 2));
  UNKNOWN (CORM_WITHIN (S (seven), S (none), 8));
  NO (CORM_WITHIN (S (seven), S (none), 6));
  UNKNOWN (CORM_EQUAL (S (unpriced), ((CormDecimal){ "0" })));
  UNKNOWN (CORM_EQUAL (S (mood), STATE_NEW));
  UNKNOWN (CORM_EQ (Sample, none, 1));
  UNKNOWN (CORM_NE (Sample, none, 1));
  YES (CORM_SAME (S (none), S (nothing)));
  YES (CORM_SAME (S (none), S (none)));
  NO (CORM_SAME (S (none), 0));
  YES (CORM_SAME (S (seven), 7));
  NO (CORM_SAME (S (seven), 8));
  YES (CORM_SAME (S (missing), S (missing)));
  NO (CORM_SAME (S (missing), ""));
  YES (CORM_SAME (S (never), S (never)));
  NO (CORM_SAME (S (never), S (leap)));
  YES (CORM_MISSING (S (none)));
  NO (CORM_MISSING (S (zero)));
  NO (CORM_MISSING (S (empty)));
  YES (CORM_MISSING (S (missing)));
  YES (CORM_PRESENT (S (empty)));
  NO (CORM_PRESENT (S (unset)));
  YES (CORM_MISSING (CORM_PLUS (S (seven), S (none))));
  YES (CORM_IS_NULL (Sample, unsure));
  NO (CORM_IS_NULL (Sample, empty));
  YES (CORM_IS_NOT_NULL (Sample, bytes));
  FAILS (INVALID, CORM_EQUAL (S (word), (const char *) NULL));
  FAILS (INVALID, CORM_EQ (Sample, word, NULL));
}

static void
logic (Table *table)
{
  YES (S (yes));
  NO (S (no));
  UNKNOWN (S (unsure));
  NO (CORM_NOT (S (yes)));
  YES (CORM_NOT (S (no)));
  UNKNOWN (CORM_NOT (S (unsure)));
  YES (CORM_NOT (CORM_NOT (S (yes))));
  UNKNOWN (CORM_NOT (CORM_EQUAL (S (none), 1)));
  YES (CORM_ALL (S (yes), S (yes)));
  NO (CORM_ALL (S (yes), S (no)));
  UNKNOWN (CORM_ALL (S (yes), S (unsure)));
  NO (CORM_ALL (S (no), S (unsure)));
  YES (CORM_ANY (S (no), S (yes)));
  NO (CORM_ANY (S (no), S (no)));
  YES (CORM_ANY (S (unsure), S (yes)));
  UNKNOWN (CORM_ANY (S (unsure), S (no)));
  YES (CORM_ALL ());
  NO (CORM_ANY ());
  NO (CORM_NOT (CORM_ALL ()));
  YES (CORM_NOT (CORM_ANY ()));
  YES (CORM_ANY (CORM_ALL (S (no), S (yes)), S (yes)));
  NO (CORM_ALL (S (no), CORM_ANY (S (yes), S (yes))));
  YES (CORM_NOT (CORM_ALL (S (yes), S (no))));
  YES (CORM_ALL (CORM_NOT (CORM_EQUAL (S (seven), 8)), CORM_ANY (CORM_MISSING (S (none)), S (no))));
}

void
expressions_null (Table *table)
{
  table_part (table, "NULL", &Sample_model,
              "A comparison with NULL is neither true nor false: it finds no row, and neither does its NOT. "
              "`CORM_SAME`, `CORM_MISSING` and `CORM_PRESENT` are never NULL. Empty text is not NULL.");
  nulls (table);
  table_part (table, "And, or, not", &Sample_model, "NULL stands for a truth that is not known.");
  logic (table);
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

static void
values (Table *table)
{
  static const gint64 keys[] = { 1, 2, G_MAXINT64 };
  static const char *const words[] = { "corm", "Corm", "it's", "" };
  static const CormDecimal prices[] = { { "12.5" }, { "1" } };
  YES (CORM_IN (Sample, seven, 1, 7));
  NO (CORM_IN (Sample, seven, 1, 8));
  YES (CORM_IN (Sample, seven, 7));
  UNKNOWN (CORM_IN (Sample, none, 1, 2));
  UNKNOWN (CORM_NOT (CORM_IN (Sample, none, 1, 2)));
  YES (CORM_NOT (CORM_IN (Sample, seven, 1, 2)));
  YES (CORM_IN_ARRAY (Sample, greatest, keys, 3));
  NO (CORM_IN_ARRAY (Sample, greatest, keys, 2));
  YES (CORM_IN_ARRAY (Sample, word, words, 4));
  NO (CORM_IN_ARRAY (Sample, word, words, 1));
  YES (CORM_IN_ARRAY (Sample, empty, words, 4));
  YES (CORM_IN_ARRAY (Sample, price, prices, 2));
  YES (CORM_IN (Sample, big, G_GINT64_CONSTANT (9007199254740993)));
  NO (CORM_IN (Sample, big, G_GINT64_CONSTANT (9007199254740992)));
  YES (CORM_IN (Sample, leap, { 0 }, { 19782 }));
  YES (CORM_IN (Sample, state, STATE_NEW, STATE_HALF_DONE));
  YES (CORM_IN (Sample, half, 2.5));
  YES (CORM_IN (Sample, word, "Corm"));
  YES (CORM_IN (Sample, yes, true));
}

static void
empty_lists (Table *table)
{
  NO (CORM_IN_ARRAY (Sample, seven, (const gint32 *) NULL, 0));
  YES (CORM_NOT (CORM_IN_ARRAY (Sample, seven, (const gint32 *) NULL, 0)));
  NO (CORM_IN_ARRAY (Sample, none, (const gint64 *) NULL, 0));
  YES (CORM_NOT (CORM_IN_ARRAY (Sample, none, (const gint64 *) NULL, 0)));
  NO (CORM_IN_ARRAY (Sample, word, (const char *const *) NULL, 0));
}

static void
of_expressions (Table *table)
{
  YES (CORM_ONE_OF (S (seven), 1, 7));
  NO (CORM_ONE_OF (S (seven), 1, 8));
  YES (CORM_ONE_OF (S (seven), S (two), CORM_PLUS (S (two), 5)));
  YES (CORM_ONE_OF (CORM_LOWER (S (word)), "corm", "db"));
  NO (CORM_ONE_OF (S (word), "corm"));
  UNKNOWN (CORM_ONE_OF (S (none), 1, 2));
  UNKNOWN (CORM_ONE_OF (S (seven), 1, S (none)));
  YES (CORM_ONE_OF (S (seven), 7, S (none)));
  YES (CORM_ONE_OF (S (state), STATE_HALF_DONE, STATE_DONE));
  YES (CORM_ONE_OF (CORM_TUPLE (S (seven), S (two)), CORM_TUPLE (1, 2), CORM_TUPLE (7, 2)));
}

void
expressions_list (Table *table)
{
  table_part (
      table, "Lists", &Sample_model,
      "An empty list holds nothing: nothing is in it, not even NULL, and everything is not in it. `keys` is "
      "{ 1, 2, G_MAXINT64 }, `words` is { \"corm\", \"Corm\", \"it's\", \"\" }, `prices` is { 12.5, 1 }.");
  values (table);
  empty_lists (table);
  of_expressions (table);
}
