/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Queries put together at run time, with real rows: joins, groups, sets, common table expressions, windows. */
#include "people.h"
#include "rows-text.h"

CORM_ALIAS (Member, Rival)
typedef struct {
  const char *name;
  gint64 n;
} Busy;
CORM_SHAPE (Busy, name, n)
typedef struct {
  Level level;
  gint64 total;
  CormOptInt64 top;
} Summary;
CORM_SHAPE (Summary, level, total, top)
typedef struct {
  gint64 number;
} Count;
CORM_SHAPE (Count, number)

typedef CormQuery Q;

/* Teams red, blue and green, which is empty; ann 5 and bob 3 are red, cat 5 and eve 0 blue, dan 1 of no team. */
static void
fill (Suite *suite)
{
  gint64 red = add_team (suite->conn, "red"), blue = add_team (suite->conn, "blue");
  add_team (suite->conn, "green");
  add_member (suite->conn, "ann", 5, red);
  add_member (suite->conn, "bob", 3, red);
  add_member (suite->conn, "cat", 5, blue);
  add_member (suite->conn, "dan", 1, 0);
  add_member (suite->conn, "eve", 0, blue);
}

static CormExpr
same_team (void)
{
  static CormExpr operands[3];
  operands[0] = CORM_COL (Member, team_id).expr;
  operands[1] = CORM_COL (Team, id).expr;
  operands[2].kind = CORM_EXPR_END;
  return (CormExpr){ .kind = CORM_EXPR_CALL, .function = CORM_FUNCTION_EQUAL, .operands = operands };
}

static void
select_names (Q *query)
{
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("team", CORM_COL (Team, name)),
                                          CORM_AS ("member", CORM_COL (Member, name))));
  corm_query_order (query, (CormOrder) CORM_ASC (Team, name));
  corm_query_order (query, (CormOrder) CORM_ASC (Member, name));
}

static void
joins (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) inner = corm_query_new (&Team_model), left = corm_query_new (&Team_model);
  g_autoptr (CormQuery) right = corm_query_new (&Team_model), cross = corm_query_new (&Team_model);
  select_names (corm_query_join (inner, CORM_INNER_JOIN, &Member_model, same_team ()));
  GIVES (inner, "blue cat|blue eve|red ann|red bob");
  select_names (corm_query_join (left, CORM_LEFT_JOIN, &Member_model, same_team ()));
  GIVES (left, "blue cat|blue eve|green NULL|red ann|red bob");
  select_names (corm_query_join (right, CORM_RIGHT_JOIN, &Member_model, same_team ()));
  GIVES (right, "NULL dan|blue cat|blue eve|red ann|red bob");
  select_names (
      corm_query_join (cross, CORM_CROSS_JOIN, &Member_model, (CormExpr){ .kind = CORM_EXPR_NONE }));
  corm_query_limit (corm_query_where (cross, CORM_EQ (Team, name, "green")), 2);
  GIVES (cross, "green ann|green bob");
}

static void
full_join (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) full = corm_query_new (&Team_model);
  select_names (corm_query_join (full, CORM_FULL_JOIN, &Member_model, same_team ()));
  if ((suite->caps & CORM_CAP_FULL_JOIN) == 0)
    REFUSES (full, CORM_ERROR_UNSUPPORTED, "teams", "full join", "CORM_UNION_ALL");
  else
    GIVES (full, "NULL dan|blue cat|blue eve|green NULL|red ann|red bob");
}

/* Pairs of members of one team: the table joined with itself. */
static void
self_join (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  corm_query_join (query, CORM_INNER_JOIN, &Rival_model,
                   CORM_ALL (CORM_EQUAL (CORM_COL (Rival, team_id), CORM_COL (Member, team_id)),
                             CORM_LESS (CORM_COL (Member, name), CORM_COL (Rival, name))));
  corm_query_select (
      query, CORM_OUTPUTS (CORM_AS ("a", CORM_COL (Member, name)), CORM_AS ("b", CORM_COL (Rival, name))));
  corm_query_order (query, (CormOrder) CORM_ASC (Member, name));
  GIVES (query, "ann bob|cat eve");
}

static void
along_a_relation (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) down = corm_query_new (&Team_model), up = corm_query_new (&Member_model);
  select_names (
      corm_query_join_along (down, CORM_INNER_JOIN, &Team_model, offsetof (Team, members), &Member_model));
  GIVES (down, "blue cat|blue eve|red ann|red bob");
  select_names (
      corm_query_join_along (up, CORM_LEFT_JOIN, &Member_model, offsetof (Member, team), &Team_model));
  GIVES (up, "NULL dan|blue cat|blue eve|red ann|red bob");
  g_autoptr (CormQuery) none = corm_query_new (&Team_model), other = corm_query_new (&Team_model);
  corm_query_join_along (none, CORM_INNER_JOIN, &Team_model, offsetof (Team, name), &Member_model);
  REFUSES (none, CORM_ERROR_INVALID, "is no relation", "CORM_RELATIONS");
  corm_query_join_along (other, CORM_INNER_JOIN, &Team_model, offsetof (Team, members), &Badge_model);
  REFUSES (other, CORM_ERROR_INVALID, "relation members of Team leads to Member, not to Badge");
}

static void
groups (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Team_model);
  corm_query_join (query, CORM_LEFT_JOIN, &Member_model, same_team ());
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Busy, name, CORM_COL (Team, name)),
                                          CORM_OUTPUT (Busy, n, CORM_COUNT (CORM_COL (Member, id)))));
  corm_query_group (query, CORM_EXPRS (CORM_COL (Team, name)));
  corm_query_order (corm_query_order (query, (CormOrder) CORM_DESC (Busy, n)),
                    (CormOrder) CORM_ASC (Busy, name));
  GIVES (query, "blue 2|red 2|green 0");
  g_autoptr (CormRows) rows = NULL;
  assert_ok ((rows = corm_query_find (query, suite->conn, error)) != NULL);
  assert_int_equal (corm_rows_get_length (rows), 3);
  CORM_FOREACH (Busy, row, rows)
    if (strcmp (row->name, "green") == 0)
      assert_int_equal (row->n, 0);
    else
      assert_int_equal (row->n, 2);
  guint64 count = 0;
  assert_ok (corm_query_count (query, suite->conn, &count, error));
  assert_int_equal (count, 3);
  corm_query_having (query, CORM_GREATER (CORM_COUNT (CORM_COL (Member, id)), 1));
  GIVES (query, "blue 2|red 2");
}

/* An enum's labels, a sum and a maximum that may be NULL, in a struct for just these. */
static void
a_shape (Suite *suite)
{
  fill (suite);
  suite_sql (suite->conn, "UPDATE members SET level = 'old hand' WHERE name = 'ann'");
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  corm_query_select (
      query,
      CORM_OUTPUTS (CORM_OUTPUT (Summary, level, CORM_COL (Member, level)),
                    CORM_OUTPUT (Summary, total, CORM_SUM (CORM_COL (Member, score))),
                    CORM_OUTPUT (Summary, top, CORM_NULL_IF (CORM_MAX (CORM_COL (Member, score)), 5))));
  corm_query_group (query, CORM_EXPRS (CORM_COL (Member, level)));
  corm_query_order (query, (CormOrder) CORM_ASC (Summary, level));
  corm_query_where (query, CORM_NE (Member, name, "cat"));
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_query_open (query, suite->conn, error)) != NULL);
  const Summary *row = NULL;
  assert_ok ((row = corm_next (Summary, cursor, error)) != NULL);
  assert_int_equal (row->level, LEVEL_NEW);
  assert_int_equal (row->total, 4);
  assert_true (row->top.is_set && row->top.value == 3);
  assert_ok ((row = corm_next (Summary, cursor, error)) != NULL);
  assert_int_equal (row->level, LEVEL_OLD);
  assert_false (row->top.is_set);
  assert_fails (corm_next (Busy, cursor, error) != NULL, CORM_ERROR_INVALID, "Busy", "Summary");
}

static CormQuery *
levels_of_members (CormExpr output)
{
  CormQuery *query = corm_query_new (&Member_model);
  corm_query_select (query,
                     CORM_OUTPUTS (CORM_AS ("level", CORM_COL (Member, level)), CORM_AS ("x", output)));
  return corm_query_group (query, CORM_EXPRS (CORM_COL (Member, level)));
}

/* Columns with many values in a group, wherever they hide. */
static void
what_no_group_has_one_of (Suite *suite)
{
  g_autoptr (CormQuery) sum =
      levels_of_members (CORM_BARE (CORM_OVER (CORM_SUM (CORM_COL (Member, score)), .order = NULL)));
  g_autoptr (CormQuery) window = levels_of_members (
      CORM_BARE (CORM_OVER (CORM_RANK (), .order = CORM_ORDER (CORM_ASC (Member, score)))));
  g_autoptr (CormQuery) part = levels_of_members (
      CORM_BARE (CORM_OVER (CORM_COUNT_ROWS (), .partition = CORM_EXPRS (CORM_COL (Member, score)))));
  g_autoptr (CormQuery) sorted = levels_of_members (CORM_BARE (CORM_COUNT_ROWS ()));
  REFUSES (sum, CORM_ERROR_INVALID, "selects Member.score", "many values in a group");
  REFUSES (window, CORM_ERROR_INVALID, "selects Member.score", "many values in a group");
  REFUSES (part, CORM_ERROR_INVALID, "selects Member.score", "many values in a group");
  corm_query_order (sorted, (CormOrder) CORM_ASC (Member, score));
  REFUSES (sorted, CORM_ERROR_INVALID, "sorts by Member.score", "many values in a group");
}

static void
an_expression_in_group_and_output (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("half", CORM_DIVIDED (CORM_COL (Member, score), 2)),
                                          CORM_AS ("n", CORM_COUNT_ROWS ())));
  corm_query_group (query, CORM_EXPRS (CORM_DIVIDED (CORM_COL (Member, score), 2)));
  corm_query_order (query, (CormOrder) CORM_ASC_EXPR (CORM_DIVIDED (CORM_COL (Member, score), 2)));
  GIVES (query, "0 2|1 1|2 2");
}

static void
distinct (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("score", CORM_COL (Member, score))));
  corm_query_order (corm_query_distinct (query), (CormOrder) CORM_DESC (Member, score));
  GIVES (query, "5|3|1|0");
  guint64 count = 0;
  assert_ok (corm_query_count (query, suite->conn, &count, error));
  assert_int_equal (count, 4);
  corm_query_order (query, (CormOrder) CORM_ASC (Member, name));
  REFUSES (query, CORM_ERROR_INVALID, "members", "sorts by what it does not select");
}

static void
distinct_on (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model), open = corm_query_new (&Member_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Member, name))));
  corm_query_distinct_on (query, CORM_EXPRS (CORM_COL (Member, team_id)));
  corm_query_order (corm_query_order (query, (CormOrder) CORM_DESC (Member, score)),
                    (CormOrder) CORM_ASC (Member, name));
  GIVES (query, "ann|cat|dan");
  corm_query_limit (corm_query_offset (query, 1), 1);
  GIVES (query, "cat");
  corm_query_distinct_on (open, CORM_EXPRS (CORM_COL (Member, team_id)));
  REFUSES (open, CORM_ERROR_INVALID, "corm_query_distinct_on() needs an order");
}

static Q *
names_like (const char *pattern)
{
  CormQuery *query = corm_query_new (&Member_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Busy, name, CORM_COL (Member, name)),
                                          CORM_OUTPUT (Busy, n, CORM_COL (Member, score))));
  return corm_query_where (query, CORM_LIKE (Member, name, pattern));
}

static void
sets (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) a = names_like ("%a%"), b = names_like ("%n"), c = names_like ("d%"),
                        d = names_like ("%");
  corm_query_order (corm_query_combine (a, CORM_UNION, b), (CormOrder) CORM_ASC (Busy, name));
  GIVES (a, "ann 5|cat 5|dan 1");
  corm_query_combine (a, CORM_EXCEPT, c);
  GIVES (a, "ann 5|cat 5");
  corm_query_combine (a, CORM_INTERSECT, d); /* of all that was before it */
  GIVES (a, "ann 5|cat 5");
  corm_query_limit (corm_query_offset (a, 1), 1);
  GIVES (a, "cat 5");
  guint64 count = 0;
  assert_ok (corm_query_count (a, suite->conn, &count, error));
  assert_int_equal (count, 1);
  g_autoptr (CormQuery) all = names_like ("ann"), ann = names_like ("ann"), first = names_like ("%");
  corm_query_combine (all, CORM_UNION_ALL, ann);
  corm_query_order (corm_query_combine (
                        all, CORM_UNION_ALL,
                        corm_query_limit (corm_query_order (first, (CormOrder) CORM_DESC (Member, name)), 1)),
                    (CormOrder) CORM_ASC (Member, name));
  GIVES (all, "ann 5|ann 5|eve 0");
  g_autoptr (CormRows) rows = NULL;
  assert_ok ((rows = corm_query_find (all, suite->conn, error)) != NULL);
  assert_int_equal (((const Busy *) corm_rows_get (rows, 0))->n, 5);
}

static void
sets_that_do_not_fit (Suite *suite)
{
  g_autoptr (CormQuery) a = names_like ("a"), one = corm_query_new (&Team_model),
                        texts = corm_query_new (&Team_model);
  g_autoptr (CormQuery) again = names_like ("a");
  corm_query_select (one, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Team, name))));
  REFUSES (corm_query_combine (a, CORM_UNION, one), CORM_ERROR_INVALID, "selects 2 columns", "teams",
           "selects 1");
  corm_query_select (
      texts, CORM_OUTPUTS (CORM_AS ("a", CORM_COL (Team, name)), CORM_AS ("b", CORM_COL (Team, name))));
  REFUSES (corm_query_combine (again, CORM_UNION, texts), CORM_ERROR_INVALID, "column n is of type int32",
           "text");
}

/* The first fault is told before anything is sent. */
static void
queries_that_are_parts_of_themselves (Suite *suite)
{
  g_autoptr (CormQuery) a = names_like ("a"), b = names_like ("b");
  g_autoptr (CormQuery) endless = corm_query_new (&Busy_model);
  corm_query_combine (a, CORM_UNION, b);
  REFUSES (corm_query_combine (b, CORM_UNION, a), CORM_ERROR_INVALID, "part of itself");
  REFUSES (a, CORM_ERROR_INVALID, "part of itself");
  REFUSES (corm_query_define (endless, &Busy_model, endless), CORM_ERROR_INVALID, "part of itself");
}

static void
derived_tables (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) inner = corm_query_new (&Member_model);
  corm_query_select (inner, CORM_OUTPUTS (CORM_OUTPUT (Busy, n, CORM_COUNT_ROWS ()),
                                          CORM_OUTPUT (Busy, name, CORM_COL (Member, name))));
  corm_query_group (inner, CORM_EXPRS (CORM_COL (Member, name)));
  g_autoptr (CormQuery) outer = corm_query_new_from (inner, &Busy_model);
  corm_query_order (corm_query_where (outer, CORM_GT (Busy, name, "bob")), (CormOrder) CORM_ASC (Busy, name));
  GIVES (outer, "1 cat|1 dan|1 eve");
  g_autoptr (CormQuery) joined = corm_query_new (&Team_model), teams = corm_query_new (&Member_model);
  corm_query_select (teams, CORM_OUTPUTS (CORM_OUTPUT (Summary, level, CORM_MAX (CORM_COL (Member, level))),
                                          CORM_OUTPUT (Summary, total, CORM_SUM (CORM_COL (Member, score))),
                                          CORM_OUTPUT (Summary, top, CORM_COL (Member, team_id))));
  corm_query_group (teams, CORM_EXPRS (CORM_COL (Member, team_id)));
  corm_query_join_query (joined, CORM_LEFT_JOIN, teams, &Summary_model,
                         CORM_EQUAL (CORM_COL (Summary, top), CORM_COL (Team, id)));
  corm_query_select (joined, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Team, name)),
                                           CORM_AS ("total", CORM_COL (Summary, total))));
  corm_query_order (joined, (CormOrder) CORM_ASC (Team, name));
  GIVES (joined, "blue 5|green NULL|red 8");
}

static void
common_table_expressions (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) body = names_like ("%a%"), query = corm_query_new (&Busy_model);
  corm_query_define (query, &Busy_model, body);
  corm_query_where (corm_query_order (query, (CormOrder) CORM_ASC (Busy, name)), CORM_LT (Busy, n, 5));
  GIVES (query, "dan 1");
  g_autoptr (CormQuery) undefined = corm_query_new (&Busy_model);
  REFUSES (undefined, CORM_ERROR_INVALID, "the shape Busy is no table", "corm_query_define()");
}

static void
recursion (Suite *suite)
{
  add_team (suite->conn, "one");
  g_autoptr (CormQuery) first = corm_query_new (&Team_model), more = corm_query_new (&Count_model);
  g_autoptr (CormQuery) query = corm_query_new (&Count_model);
  corm_query_select (first, CORM_OUTPUTS (CORM_OUTPUT (Count, number, CORM_TO_INT (1))));
  corm_query_select (more,
                     CORM_OUTPUTS (CORM_OUTPUT (Count, number, CORM_PLUS (CORM_COL (Count, number), 1))));
  corm_query_where (more, CORM_LT (Count, number, 10));
  corm_query_define (query, &Count_model, corm_query_combine (first, CORM_UNION_ALL, more));
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("sum", CORM_SUM (CORM_COL (Count, number))),
                                          CORM_AS ("n", CORM_COUNT_ROWS ())));
  GIVES (query, "55 10");
}

static void
windows (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  corm_query_select (
      query, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Member, name)),
                           CORM_AS ("rank", CORM_OVER (CORM_RANK (),
                                                       .order = CORM_ORDER (CORM_DESC (Member, score))))));
  corm_query_order (query, (CormOrder) CORM_ASC (Member, name));
  GIVES (query, "ann 1|bob 3|cat 1|dan 4|eve 5");
}

static void
subqueries (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) most = corm_query_new (&Rival_model), query = corm_query_new (&Member_model);
  corm_query_select (most, CORM_OUTPUTS (CORM_AS ("top", CORM_MAX (CORM_COL (Rival, score)))));
  corm_query_where (most, CORM_EQUAL (CORM_COL (Rival, team_id), CORM_COL (Member, team_id)));
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Member, name)),
                                          CORM_AS ("top", CORM_NUMBER_QUERY (most))));
  corm_query_order (query, (CormOrder) CORM_ASC (Member, name));
  GIVES (query, "ann 5|bob 5|cat 5|dan NULL|eve 5");
  corm_query_where (query, CORM_EQUAL (CORM_COL (Member, score), CORM_NUMBER_QUERY (most)));
  GIVES (query, "ann 5|cat 5");
  g_autoptr (CormQuery) teams = corm_query_new (&Team_model), members = corm_query_new (&Member_model);
  corm_query_where (members, CORM_EQUAL (CORM_COL (Member, team_id), CORM_COL (Team, id)));
  corm_query_where (teams, CORM_NOT (CORM_EXISTS (members)));
  corm_query_select (teams, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Team, name))));
  GIVES (teams, "green");
  g_autoptr (CormQuery) ids = corm_query_new (&Team_model), in = corm_query_new (&Member_model);
  corm_query_select (corm_query_where (ids, CORM_EQ (Team, name, "red")),
                     CORM_OUTPUTS (CORM_AS ("id", CORM_COL (Team, id))));
  corm_query_where (in, CORM_IN_QUERY (CORM_COL (Member, team_id), ids));
  corm_query_select (in, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Member, name))));
  corm_query_order (in, (CormOrder) CORM_ASC (Member, name));
  GIVES (in, "ann|bob");
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "joins", joins, 0 },
    { "full join", full_join, 0 },
    { "a table joined with itself", self_join, 0 },
    { "what no group has one of", what_no_group_has_one_of, 0 },
    { "queries that are parts of themselves", queries_that_are_parts_of_themselves, 0 },
    { "a join along a relation", along_a_relation, 0 },
    { "groups", groups, 0 },
    { "a shape", a_shape, 0 },
    { "an expression in group and output", an_expression_in_group_and_output, 0 },
    { "distinct", distinct, 0 },
    { "distinct on", distinct_on, 0 },
    { "sets", sets, 0 },
    { "sets that do not fit", sets_that_do_not_fit, 0 },
    { "derived tables", derived_tables, 0 },
    { "common table expressions", common_table_expressions, 0 },
    { "recursion", recursion, 0 },
    { "windows", windows, 0 },
    { "subqueries", subqueries, 0 },
  };
  return SUITE_RUN (people, cases);
}
