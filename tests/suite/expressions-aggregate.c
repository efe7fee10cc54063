/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows into one value, and windows over them. */
#include "expressions.h"

static void
aggregates (Table *table)
{
  INT (5, CORM_COUNT_ROWS ());
  INT (4, CORM_COUNT (I (n)));
  INT (3, CORM_COUNT_DISTINCT (I (n)));
  INT (2, CORM_COUNT_DISTINCT (I (kind)));
  INT (5, CORM_COUNT (I (name)));
  DECIMAL ("45", CORM_SUM (I (n)));
  DECIMAL ("4.05", CORM_SUM (I (price)));
  FLOAT ("3.5", CORM_SUM (I (x)));
  FLOAT ("11.25", CORM_AVG (I (n)));
  FLOAT ("3.0", CORM_AVG (I (id)));
  DECIMAL ("1.0125", CORM_AVG (I (price)));
  DECIMAL ("1.283333333333", CORM_AVG (CORM_WHEN (CORM_LESS (I (id), 5), I (price))));
  FLOAT ("0.875", CORM_AVG (I (x)));
  INT (-5, CORM_MIN (I (n)));
  INT (20, CORM_MAX (I (n)));
  DECIMAL ("0.1", CORM_MIN (I (price)));
  DECIMAL ("2.25", CORM_MAX (I (price)));
  FLOAT ("-1.0", CORM_MIN (I (x)));
  TEXT ("", CORM_MIN (I (name)));
  TEXT ("äpple", CORM_MAX (I (name)));
  TEXT ("a", CORM_MIN (I (kind)));
  INT (25, CORM_MINUS (CORM_MAX (I (n)), CORM_MIN (I (n))));
  DECIMAL ("55", CORM_SUM (CORM_PLUS (I (n), CORM_IF (CORM_EQUAL (I (kind), "a"), 5, 0))));
  DECIMAL ("90", CORM_SUM (CORM_TIMES (I (n), 2)));
  INT (2, CORM_COUNT (CORM_WHEN (CORM_EQUAL (I (kind), "a"), I (id))));
  DECIMAL ("0", CORM_COALESCE (CORM_SUM (CORM_WHEN (CORM_LESS (I (id), 0), I (n))), 0));
  NIL (CORM_SUM (CORM_WHEN (CORM_LESS (I (id), 0), I (n))));
  NIL (CORM_MAX (CORM_WHEN (CORM_LESS (I (id), 0), I (name))));
  INT (0, CORM_COUNT (CORM_WHEN (CORM_LESS (I (id), 0), I (n))));
}

static void
groups (Table *table)
{
  ROWS (
      "NULL, 1; a, 2; b, 2", Item,
      corm_query_select (query, CORM_OUTPUTS (CORM_AS ("kind", I (kind)), CORM_AS ("n", CORM_COUNT_ROWS ()))),
      corm_query_group (query, CORM_EXPRS (I (kind))),
      corm_query_order (query, (CormOrder) CORM_ASC (Item, kind)));
  ROWS ("a, 30; b, -5; NULL, 20", Item,
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("kind", I (kind)), CORM_AS ("n", CORM_SUM (I (n))))),
        corm_query_group (query, CORM_EXPRS (I (kind))),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, kind, .nulls = CORM_NULLS_LAST)));
  ROWS ("a", Item, corm_query_select (query, CORM_OUTPUTS (CORM_AS ("kind", I (kind)))),
        corm_query_group (query, CORM_EXPRS (I (kind))),
        corm_query_having (query, CORM_GREATER (CORM_SUM (I (n)), 20)));
  ROWS ("", Item, corm_query_select (query, CORM_OUTPUTS (CORM_AS ("kind", I (kind)))),
        corm_query_group (query, CORM_EXPRS (I (kind))),
        corm_query_having (query, CORM_GREATER (CORM_COUNT_ROWS (), 2)));
  ROWS ("0, 3; 1, 1", Item,
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("odd", CORM_ABS (CORM_MODULO (I (n), 2))),
                                                CORM_AS ("rows", CORM_COUNT_ROWS ()))),
        corm_query_where (query, CORM_PRESENT (I (n))),
        corm_query_group (query, CORM_EXPRS (CORM_ABS (CORM_MODULO (I (n), 2)))),
        corm_query_order (query, (CormOrder) CORM_DESC_EXPR (CORM_COUNT_ROWS ())));
  ROWS ("0, NULL, NULL", Item,
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("count", CORM_COUNT_ROWS ()),
                                                CORM_AS ("sum", CORM_SUM (I (n))),
                                                CORM_AS ("max", CORM_MAX (I (name))))),
        corm_query_where (query, CORM_LESS (I (id), 0)));
}

void
expressions_aggregate (Table *table)
{
  table_part (
      table, "Aggregates", &Item_model,
      "Over the five items. NULL does not count. The sum of integers is a decimal, so that it always fits.");
  aggregates (table);
  table_part (table, "Groups", &Item_model, "The rows of a query, one after the other.");
  groups (table);
}

/* --- windows -------------------------------------------------------------------------------------------------------- */

static void
ranks (Table *table)
{
  EACH ("1; 2; 3; 4; 5", CORM_OVER (CORM_ROW_NUMBER (), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("5; 4; 3; 2; 1", CORM_OVER (CORM_ROW_NUMBER (), .order = CORM_ORDER (CORM_DESC (Item, id))));
  EACH ("1; 2; 1; 2; 1", CORM_OVER (CORM_ROW_NUMBER (), .partition = CORM_EXPRS (I (kind)),
                                    .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("3; 4; 1; 2; 4", CORM_OVER (CORM_RANK (), .order = CORM_ORDER (CORM_ASC (Item, n))));
  EACH ("3; 1; 5; 4; 1", CORM_OVER (CORM_RANK (), .order = CORM_ORDER (CORM_DESC (Item, n))));
  EACH ("3; 4; 1; 2; 4", CORM_OVER (CORM_DENSE_RANK (), .order = CORM_ORDER (CORM_ASC (Item, n))));
  EACH ("2; 1; 4; 3; 1", CORM_OVER (CORM_DENSE_RANK (), .order = CORM_ORDER (CORM_DESC (Item, n))));
  EACH ("2; 3; 5; 1; 3",
        CORM_OVER (CORM_RANK (), .order = CORM_ORDER (CORM_ASC (Item, n, .nulls = CORM_NULLS_LAST))));
  EACH ("1; 1; 1; 2; 2", CORM_OVER (CORM_NTILE (2), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("1; 1; 2; 2; 3", CORM_OVER (CORM_NTILE (3), .order = CORM_ORDER (CORM_ASC (Item, id))));
}

static void
neighbours (Table *table)
{
  EACH ("NULL; 10; 20; NULL; -5", CORM_OVER (CORM_LAG (I (n), 1), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("20; NULL; -5; 20; NULL",
        CORM_OVER (CORM_LEAD (I (n), 1), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("NULL; NULL; pear; Apple; apple",
        CORM_OVER (CORM_LAG (I (name), 2), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("pear; pear; apple; apple; ",
        CORM_OVER (CORM_FIRST_VALUE (I (name)), .partition = CORM_EXPRS (I (kind)),
                   .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("Apple; Apple; äpple; äpple; ",
        CORM_OVER (CORM_LAST_VALUE (I (name)), .partition = CORM_EXPRS (I (kind)),
                   .order = CORM_ORDER (CORM_ASC (Item, id)), .framed = true, .preceding = CORM_UNBOUNDED,
                   .following = CORM_UNBOUNDED));
  EACH ("pear; Apple; apple; äpple; ",
        CORM_OVER (CORM_LAST_VALUE (I (name)), .order = CORM_ORDER (CORM_ASC (Item, id))));
}

static void
running (Table *table)
{
  EACH ("45; 45; 45; 45; 45", CORM_OVER (CORM_SUM (I (n))));
  EACH ("10; 30; 30; 25; 45", CORM_OVER (CORM_SUM (I (n)), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("30; 30; -5; -5; 20", CORM_OVER (CORM_SUM (I (n)), .partition = CORM_EXPRS (I (kind))));
  EACH ("10; 30; 20; -5; 15", CORM_OVER (CORM_SUM (I (n)), .order = CORM_ORDER (CORM_ASC (Item, id)),
                                         .framed = true, .preceding = 1));
  EACH ("30; 30; 15; 15; 15", CORM_OVER (CORM_SUM (I (n)), .order = CORM_ORDER (CORM_ASC (Item, id)),
                                         .framed = true, .preceding = 1, .following = 1));
  EACH ("2; 2; 2; 2; 1", CORM_OVER (CORM_COUNT_ROWS (), .partition = CORM_EXPRS (I (kind))));
  EACH ("1.5; 3.75; 3.75; 3.85; 4.05",
        CORM_OVER (CORM_SUM (I (price)), .order = CORM_ORDER (CORM_ASC (Item, id))));
  EACH ("20; 20; -5; -5; 20", CORM_OVER (CORM_MAX (I (n)), .partition = CORM_EXPRS (I (kind))));
  EACH ("15.0; 15.0; -5.0; -5.0; 20.0", CORM_OVER (CORM_AVG (I (n)), .partition = CORM_EXPRS (I (kind))));
  EACH ("35; 25; NULL; 50; 25", CORM_MINUS (CORM_TO_INT (CORM_OVER (CORM_SUM (I (n)))), I (n)));
}

void
expressions_window (Table *table)
{
  table_part (table, "Windows", &Item_model,
              "The value for each of the five items, in the order of their ids. NULL is the smallest value "
              "unless the "
              "order says otherwise.");
  ranks (table);
  neighbours (table);
  running (table);
}
