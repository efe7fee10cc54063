/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Queries over more than one table. */
#include "expressions.h"

CORM_ALIAS (Item, Parent)

typedef struct {
  gint64 item;
  gint64 labels;
} Tally;
CORM_SHAPE (Tally, item, labels)

typedef struct {
  gint64 id;
  gint64 depth;
} Node;
CORM_SHAPE (Node, id, depth)

#define ON CORM_EQUAL (L (item), I (id))
#define NAMES CORM_OUTPUTS (CORM_AS ("name", I (name)), CORM_AS ("label", L (label)))

static CormQuery *
query_of (const CormModel *model, const CormOutput *outputs, CormExpr where)
{
  return corm_query_where (corm_query_select (corm_query_new (model), outputs), where);
}

static void
joins (Table *table)
{
  ROWS ("pear, red; pear, blue; Apple, red", Item, corm_query_join (query, CORM_INNER_JOIN, &Label_model, ON),
        corm_query_select (query, NAMES), corm_query_order (query, (CormOrder) CORM_ASC (Label, id)));
  ROWS ("pear, red; pear, blue; Apple, red; apple, NULL; äpple, NULL; , NULL", Item,
        corm_query_join (query, CORM_LEFT_JOIN, &Label_model, ON), corm_query_select (query, NAMES),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, id)),
        corm_query_order (query, (CormOrder) CORM_ASC (Label, id)));
  ROWS ("pear, red; pear, blue; Apple, red; NULL, lost", Item,
        corm_query_join (query, CORM_RIGHT_JOIN, &Label_model, ON), corm_query_select (query, NAMES),
        corm_query_order (query, (CormOrder) CORM_ASC (Label, id)));
  ROWS ("NULL, lost; pear, red; pear, blue; Apple, red; apple, NULL; äpple, NULL; , NULL", Item,
        corm_query_join (query, CORM_FULL_JOIN, &Label_model, ON), corm_query_select (query, NAMES),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, id)),
        corm_query_order (query, (CormOrder) CORM_ASC (Label, id)));
  ROWS ("20", Item, corm_query_join (query, CORM_CROSS_JOIN, &Label_model, (CormExpr){ 0 }),
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("rows", CORM_COUNT_ROWS ()))));
  ROWS ("3; 4; 5", Item, corm_query_join (query, CORM_LEFT_JOIN, &Label_model, ON),
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("id", I (id)))),
        corm_query_where (query, CORM_MISSING (L (id))),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, id)));
  ROWS (
      "1, NULL; 2, pear; 3, pear; 4, Apple; 5, NULL", Item,
      corm_query_join (query, CORM_LEFT_JOIN, &Parent_model, CORM_EQUAL (I (parent), CORM_COL (Parent, id))),
      corm_query_select (query,
                         CORM_OUTPUTS (CORM_AS ("id", I (id)), CORM_AS ("of", CORM_COL (Parent, name)))),
      corm_query_order (query, (CormOrder) CORM_ASC (Item, id)));
  ROWS ("1, 2; 2, 1; 3, 0; 4, 0; 5, 0", Item, corm_query_join (query, CORM_LEFT_JOIN, &Label_model, ON),
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("id", I (id)), CORM_AS ("n", CORM_COUNT (L (id))))),
        corm_query_group (query, CORM_EXPRS (I (id))),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, id)));
  ROWS ("pear", Item,
        corm_query_join (query, CORM_INNER_JOIN, &Label_model, CORM_ALL (ON, CORM_EQUAL (L (label), "blue"))),
        corm_query_select (query, CORM_OUTPUTS (CORM_AS ("name", I (name)))));
}

static void
limits (Table *table)
{
#define IDS corm_query_select (query, CORM_OUTPUTS (CORM_AS ("id", I (id))))
#define BY_ID corm_query_order (query, (CormOrder) CORM_ASC (Item, id))
  ROWS ("1; 2", Item, IDS, BY_ID, corm_query_limit (query, 2));
  ROWS ("2; 3", Item, IDS, BY_ID, corm_query_limit (query, 2), corm_query_offset (query, 1));
  ROWS ("4; 5", Item, IDS, BY_ID, corm_query_offset (query, 3));
  ROWS ("", Item, IDS, BY_ID, corm_query_offset (query, 5));
  ROWS ("NULL; a; b", Item, corm_query_select (query, CORM_OUTPUTS (CORM_AS ("kind", I (kind)))),
        corm_query_distinct (query), corm_query_order (query, (CormOrder) CORM_ASC (Item, kind)));
  ROWS ("5; 1; 3", Item, IDS, corm_query_distinct_on (query, CORM_EXPRS (I (kind))),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, kind)), BY_ID);
  ROWS ("5; 2; 4", Item, IDS, corm_query_distinct_on (query, CORM_EXPRS (I (kind))),
        corm_query_order (query, (CormOrder) CORM_ASC (Item, kind)),
        corm_query_order (query, (CormOrder) CORM_DESC (Item, id)));
}

static void
sets (Table *table)
{
  g_autoptr (CormQuery) small =
      query_of (&Item_model, CORM_OUTPUTS (CORM_AS ("id", I (id))), CORM_LESS (I (id), 4));
  g_autoptr (CormQuery) labels =
      query_of (&Label_model, CORM_OUTPUTS (CORM_AS ("id", L (item))), CORM_ALL ());
#define SORT corm_query_order (query, (CormOrder) CORM_ASC (Item, id))
  ROWS ("1; 2; 3; 4; 5; 7", Item, IDS, corm_query_combine (query, CORM_UNION, labels), SORT);
  ROWS ("1; 1; 2; 2; 3; 3; 4; 5", Item, IDS, corm_query_combine (query, CORM_UNION_ALL, small), SORT);
  ROWS ("1; 2", Item, IDS, corm_query_combine (query, CORM_INTERSECT, labels), SORT);
  ROWS ("3; 4; 5", Item, IDS, corm_query_combine (query, CORM_EXCEPT, labels), SORT);
  ROWS ("4; 5", Item, IDS, corm_query_combine (query, CORM_EXCEPT, small), SORT);
  ROWS ("1; 1; 2", Item, IDS, corm_query_combine (query, CORM_UNION_ALL, small), SORT,
        corm_query_limit (query, 3));
}

/* Item 1, what belongs to it, what belongs to that, and so on. */
static CormQuery *
tree_of (CormQuery **more)
{
  *more = corm_query_new (&Item_model);
  corm_query_join (*more, CORM_INNER_JOIN, &Node_model, CORM_EQUAL (I (parent), CORM_COL (Node, id)));
  corm_query_select (*more, CORM_OUTPUTS (CORM_OUTPUT (Node, id, I (id)),
                                          CORM_OUTPUT (Node, depth, CORM_PLUS (CORM_COL (Node, depth), 1))));
  CormQuery *tree = query_of (
      &Item_model,
      CORM_OUTPUTS (CORM_OUTPUT (Node, id, I (id)), CORM_OUTPUT (Node, depth, CORM_MINUS (I (id), I (id)))),
      CORM_EQUAL (I (id), 1));
  return corm_query_combine (tree, CORM_UNION_ALL, *more);
}

static void
tables_of_queries (Table *table)
{
  g_autoptr (CormQuery) tallies = corm_query_select (
      corm_query_new (&Label_model),
      CORM_OUTPUTS (CORM_OUTPUT (Tally, item, L (item)), CORM_OUTPUT (Tally, labels, CORM_COUNT_ROWS ())));
  corm_query_group (tallies, CORM_EXPRS (L (item)));
  g_autoptr (CormQuery) more = NULL;
  g_autoptr (CormQuery) tree = tree_of (&more);
#define COUNTS CORM_OUTPUTS (CORM_AS ("name", I (name)), CORM_AS ("labels", CORM_COL (Tally, labels)))
  ROWS ("pear, 2; Apple, 1", Item,
        corm_query_join_query (query, CORM_INNER_JOIN, tallies, &Tally_model,
                               CORM_EQUAL (CORM_COL (Tally, item), I (id))),
        corm_query_select (query, COUNTS), BY_ID);
  ROWS ("pear, 2; Apple, 1; apple, NULL; äpple, NULL; , NULL", Item,
        corm_query_define (query, &Tally_model, tallies),
        corm_query_join (query, CORM_LEFT_JOIN, &Tally_model, CORM_EQUAL (CORM_COL (Tally, item), I (id))),
        corm_query_select (query, COUNTS), BY_ID);
  ROWS ("pear, 0; Apple, 1; apple, 1; äpple, 2", Item, corm_query_define (query, &Node_model, tree),
        corm_query_join (query, CORM_INNER_JOIN, &Node_model, CORM_EQUAL (CORM_COL (Node, id), I (id))),
        corm_query_select (
            query, CORM_OUTPUTS (CORM_AS ("name", I (name)), CORM_AS ("depth", CORM_COL (Node, depth)))),
        BY_ID);
}

void
expressions_join (Table *table)
{
  table_part (
      table, "Joins", &Item_model,
      "`ON` is CORM_EQUAL (L (item), I (id)), `NAMES` the name of the item and the label. `CORM_ALIAS (Item, "
      "Parent)` makes the item that an item belongs to a table of its own.");
  joins (table);
  table_part (table, "Limits, doubles", &Item_model, "`IDS` selects the id, `BY_ID` sorts by it.");
  limits (table);
}

void
expressions_set (Table *table)
{
  table_part (table, "Union, intersection, difference", &Item_model,
              "`labels` are the items that labels name (1, 1, 2, 7), `small` the ids below 4.");
  sets (table);
  table_part (table, "Queries as tables", &Item_model,
              "`tallies` counts the labels of each item that a label names. `tree` is recursive: item 1 at "
              "depth 0, what "
              "belongs to it at depth 1, and so on.");
  tables_of_queries (table);
}

/* --- subqueries ----------------------------------------------------------------------------------------------------- */

static void
lists (Table *table)
{
  g_autoptr (CormQuery) labelled =
      query_of (&Label_model, CORM_OUTPUTS (CORM_AS ("item", L (item))), CORM_ALL ());
  g_autoptr (CormQuery) nothing =
      query_of (&Label_model, CORM_OUTPUTS (CORM_AS ("item", L (item))), CORM_ANY ());
  g_autoptr (CormQuery) parents =
      query_of (&Parent_model, CORM_OUTPUTS (CORM_AS ("parent", CORM_COL (Parent, parent))), CORM_ALL ());
  g_autoptr (CormQuery) pairs = query_of (
      &Label_model, CORM_OUTPUTS (CORM_AS ("item", L (item)), CORM_AS ("label", L (label))), CORM_ALL ());
  FOUND ("1; 2", CORM_IN_QUERY (I (id), labelled));
  FOUND ("3; 4; 5", CORM_NOT (CORM_IN_QUERY (I (id), labelled)));
  FOUND ("", CORM_IN_QUERY (I (id), nothing));
  FOUND ("1; 2; 3; 4; 5", CORM_NOT (CORM_IN_QUERY (I (id), nothing)));
  FOUND ("1; 2", CORM_IN_QUERY (I (id), parents));
  FOUND ("", CORM_NOT (CORM_IN_QUERY (I (id), parents)));
  FOUND ("1", CORM_IN_QUERY (CORM_TUPLE (I (id), CORM_IF (CORM_EQUAL (I (id), 1), "blue", "none")), pairs));
}

static void
scalars (Table *table)
{
  g_autoptr (CormQuery) labels =
      query_of (&Label_model, CORM_OUTPUTS (CORM_AS ("id", L (id))), CORM_EQUAL (L (item), I (id)));
  g_autoptr (CormQuery) count = query_of (&Label_model, CORM_OUTPUTS (CORM_AS ("n", CORM_COUNT_ROWS ())),
                                          CORM_EQUAL (L (item), I (id)));
  g_autoptr (CormQuery) last = query_of (&Label_model, CORM_OUTPUTS (CORM_AS ("label", CORM_MAX (L (label)))),
                                         CORM_EQUAL (L (item), I (id)));
  g_autoptr (CormQuery) greatest =
      query_of (&Parent_model, CORM_OUTPUTS (CORM_AS ("n", CORM_MAX (CORM_COL (Parent, n)))), CORM_ALL ());
  FOUND ("1; 2", CORM_EXISTS (labels));
  FOUND ("3; 4; 5", CORM_NOT (CORM_EXISTS (labels)));
  FOUND ("2; 5", CORM_EQUAL (I (n), CORM_NUMBER_QUERY (greatest)));
  FOUND ("1", CORM_GREATER (CORM_NUMBER_QUERY (count), 1));
  EACH ("2; 1; 0; 0; 0", CORM_NUMBER_QUERY (count));
  EACH ("red; red; NULL; NULL; NULL", CORM_TEXT_QUERY (last));
  EACH ("-10; 0; NULL; -25; 0", CORM_MINUS (I (n), CORM_NUMBER_QUERY (greatest)));
  EACH ("red; red; none; none; none", CORM_COALESCE (CORM_TEXT_QUERY (last), "none"));
}

void
expressions_subquery (Table *table)
{
  table_part (table, "Lists from queries", &Item_model,
              "`labelled` gives the items that labels name (1, 1, 2, 7), `nothing` no row, `parents` the "
              "parents of all items "
              "(NULL, 1, 1, 2, 9), `pairs` item and label of each label. A NULL in the list leaves open what "
              "is not in it.");
  lists (table);
  table_part (table, "Values from queries", &Item_model,
              "For the item that is looked at: `labels` are its labels, `count` their number, `last` the "
              "last by name. "
              "`greatest` is the greatest n of all items.");
  scalars (table);
}
