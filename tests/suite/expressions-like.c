/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Patterns. In C's text a backslash is written twice. */
#include "expressions.h"

static void
plain (Table *table)
{
  YES (CORM_LIKE (Sample, word, "Corm"));
  NO (CORM_LIKE (Sample, word, "corm"));
  YES (CORM_LIKE (Sample, word, "C%"));
  NO (CORM_LIKE (Sample, word, "c%"));
  YES (CORM_LIKE (Sample, word, "%m"));
  YES (CORM_LIKE (Sample, word, "%or%"));
  YES (CORM_LIKE (Sample, word, "C__m"));
  NO (CORM_LIKE (Sample, word, "C_m"));
  YES (CORM_LIKE (Sample, word, "%"));
  NO (CORM_LIKE (Sample, word, "or"));
  NO (CORM_LIKE (Sample, word, ""));
  YES (CORM_LIKE (Sample, empty, ""));
  YES (CORM_LIKE (Sample, empty, "%"));
  NO (CORM_LIKE (Sample, empty, "_"));
  UNKNOWN (CORM_LIKE (Sample, missing, "%"));
  NO (CORM_LIKE (Sample, word, "Corm "));
  YES (CORM_LIKE (Sample, padded, "  a b "));
  NO (CORM_LIKE (Sample, padded, "  a b"));
  YES (CORM_LIKE (Sample, exotic, "____"));
  YES (CORM_LIKE (Sample, exotic, "Ä_é%"));
  NO (CORM_LIKE (Sample, exotic, "ä%"));
  NO (CORM_LIKE (Sample, exotic, "A%"));
  YES (CORM_NOT (CORM_LIKE (Sample, word, "x%")));
}

static void
escapes (Table *table)
{
  YES (CORM_LIKE (Sample, wild, "100\\%\\_\\\\"));
  YES (CORM_LIKE (Sample, wild, "100%\\_%"));
  NO (CORM_LIKE (Sample, word, "Cor\\_"));
  NO (CORM_LIKE (Sample, word, "Cor\\%"));
  YES (CORM_LIKE (Sample, wild, "%\\\\"));
  NO (CORM_LIKE (Sample, word, "%\\\\"));
  YES (CORM_MATCHES (S (wild), "___\\%%"));
  FAILS (INVALID, CORM_LIKE (Sample, word, "Corm\\"));
  FAILS (INVALID, CORM_MATCHES (S (word), "\\"));
}

static void
expressions (Table *table)
{
  YES (CORM_MATCHES (S (word), "C%"));
  NO (CORM_MATCHES (S (word), "c%"));
  YES (CORM_MATCHES (CORM_LOWER (S (word)), "c%"));
  YES (CORM_MATCHES (CORM_CONCAT (S (word), "!"), "%!"));
  YES (CORM_MATCHES (S (word), S (word)));
  YES (CORM_MATCHES (S (word), CORM_CONCAT ("Co", "%")));
  UNKNOWN (CORM_MATCHES (S (word), S (missing)));
  UNKNOWN (CORM_MATCHES (S (missing), "%"));
  YES (CORM_MATCHES_ANY_CASE (S (word), "corm"));
  YES (CORM_MATCHES_ANY_CASE (S (word), "CO%"));
  NO (CORM_MATCHES_ANY_CASE (S (word), "co"));
  YES (CORM_MATCHES_ANY_CASE (S (word), "_O__"));
  NO (CORM_MATCHES_ANY_CASE (S (exotic), "ä%"));
  YES (CORM_MATCHES_ANY_CASE (S (exotic), "Ä%"));
  NO (CORM_MATCHES_ANY_CASE (S (exotic), "A%"));
  YES (CORM_MATCHES_ANY_CASE (S (wild), "100\\%\\_\\\\"));
  NO (CORM_MATCHES_ANY_CASE (S (word), "corm "));
  UNKNOWN (CORM_MATCHES_ANY_CASE (S (missing), "%"));
}

void
expressions_like (Table *table)
{
  table_part (
      table, "Patterns", &Sample_model,
      "`%` stands for any text, `_` for one character, and a backslash takes the next character as it is. "
      "`CORM_MATCHES_ANY_CASE` takes the letters A to Z and a to z alike, and no others.");
  plain (table);
  escapes (table);
  expressions (table);
}
