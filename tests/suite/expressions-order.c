/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that a predicate finds, and their order. */
#include "expressions.h"

static void
found (Table *table)
{
  FOUND ("2; 5", CORM_EQUAL (I (n), 20));
  FOUND ("1; 4", CORM_NOT (CORM_EQUAL (I (n), 20)));
  FOUND ("1; 4", CORM_UNEQUAL (I (n), 20));
  FOUND ("1; 3; 4", CORM_NOT (CORM_SAME (I (n), 20)));
  FOUND ("3", CORM_MISSING (I (n)));
  FOUND ("1; 2; 4; 5", CORM_PRESENT (I (n)));
  FOUND ("1; 2; 3; 4; 5", CORM_ALL ());
  FOUND ("", CORM_ANY ());
  FOUND ("2; 3", CORM_MATCHES_ANY_CASE (I (name), "apple"));
  FOUND ("3", CORM_MATCHES (I (name), "apple"));
  FOUND ("2; 3; 4", CORM_MATCHES (I (name), "%pple"));
  FOUND ("5", CORM_EQUAL (I (name), ""));
  FOUND ("1; 2", CORM_EQUAL (I (kind), "a"));
  FOUND ("3; 4", CORM_UNEQUAL (I (kind), "a"));
  FOUND ("3; 4; 5", CORM_UNEQUAL (CORM_COALESCE (I (kind), ""), "a"));
  FOUND ("4; 5", CORM_LESS (I (price), 1));
  FOUND ("1; 5", CORM_WITHIN (I (x), 0, 2));
  FOUND ("1; 2; 5", CORM_GREATER (I (n), I (id)));
  FOUND ("4", CORM_LESS (I (price), CORM_DIVIDED (I (n), -1)));
  FOUND ("1; 4", CORM_IN (Item, id, 1, 4));
  FOUND ("1; 4", CORM_NOT (CORM_IN (Item, n, 20)));
}

static void
sorted (Table *table)
{
  SORTED ("1; 2; 3; 4; 5", CORM_ASC (Item, id));
  SORTED ("5; 4; 3; 2; 1", CORM_DESC (Item, id));
  SORTED ("3; 4; 1; 2; 5", CORM_ASC (Item, n), CORM_ASC (Item, id));
  SORTED ("2; 5; 1; 4; 3", CORM_DESC (Item, n), CORM_ASC (Item, id));
  SORTED ("5; 2; 1; 4; 3", CORM_DESC (Item, n), CORM_DESC (Item, id));
  SORTED ("4; 1; 2; 5; 3", CORM_ASC (Item, n, .nulls = CORM_NULLS_LAST), CORM_ASC (Item, id));
  SORTED ("3; 4; 1; 2; 5", CORM_ASC (Item, n, .nulls = CORM_NULLS_FIRST), CORM_ASC (Item, id));
  SORTED ("3; 2; 5; 1; 4", CORM_DESC (Item, n, .nulls = CORM_NULLS_FIRST), CORM_ASC (Item, id));
  SORTED ("2; 5; 1; 4; 3", CORM_DESC (Item, n, .nulls = CORM_NULLS_LAST), CORM_ASC (Item, id));
  SORTED ("5; 2; 3; 1; 4", CORM_ASC (Item, name));
  SORTED ("4; 1; 3; 2; 5", CORM_DESC (Item, name));
  SORTED ("3; 4; 5; 1; 2", CORM_ASC (Item, price));
  SORTED ("2; 1; 5; 4; 3", CORM_DESC (Item, price));
  SORTED ("2; 4; 5; 1; 3", CORM_ASC (Item, x));
  SORTED ("5; 2; 1; 4; 3", CORM_ASC (Item, kind), CORM_DESC (Item, id));
  SORTED ("3; 4; 1; 2; 5", CORM_ASC_EXPR (CORM_ABS (I (n))), CORM_ASC (Item, id));
  SORTED ("2; 3; 4; 1; 5", CORM_DESC_EXPR (CORM_LENGTH (I (name))), CORM_ASC (Item, id));
  SORTED ("5; 2; 3; 1; 4", CORM_ASC_EXPR (CORM_LOWER (I (name))), CORM_ASC (Item, id));
  SORTED ("4; 1; 3; 2; 5", CORM_ASC_EXPR (CORM_COALESCE (I (n), 15)), CORM_ASC (Item, id));
  SORTED ("2; 1; 5; 4; 3", CORM_DESC_EXPR (CORM_TIMES (I (price), 2)));
  SORTED ("5; 3; 4; 1; 2", CORM_ASC_EXPR (CORM_EQUAL (I (kind), "a")), CORM_ASC (Item, id));
}

void
expressions_order (Table *table)
{
  table_part (table, "Finding", &Item_model, "The ids of the items that are found.");
  found (table);
  table_part (table, "Sorting", &Item_model,
              "The ids of the items in this order. NULL is the smallest value unless `.nulls` says "
              "otherwise; text is "
              "sorted by its bytes.");
  sorted (table);
}
