/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows out: order, limit, offset, count, exists, delete where, relations, queries made at run time. */
#include "people.h"

/* Names of the rows, joined by blanks; free with g_free(). */
static char *
names_of (const CormRows *rows)
{
  GString *names = g_string_new (NULL);
  CORM_FOREACH (Member, row, rows)
    g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", row->name);
  return g_string_free (names, FALSE);
}

#define FINDS(want, ...) \
  do { \
    g_autoptr (CormRows) found = NULL; \
    assert_ok ((found = corm_find (Member, suite->conn, error, __VA_ARGS__)) != NULL); \
    g_autofree char *names = names_of (found); \
    assert_string_equal (names, want); \
  } while (0)

#define COUNTS(want, ...) \
  do { \
    guint64 count = 999; \
    assert_ok (corm_count (Member, suite->conn, &count, error, __VA_ARGS__)); \
    assert_int_equal (count, want); \
  } while (0)

#define EXISTS(want, ...) \
  do { \
    gboolean exists = 2; \
    assert_ok (corm_exists (Member, suite->conn, &exists, error, __VA_ARGS__)); \
    assert_int_equal (exists, want); \
  } while (0)

static void
insert_members (Suite *suite)
{
  add_member (suite->conn, "c", 2, 0);
  add_member (suite->conn, "a", 1, 0);
  add_member (suite->conn, "d", 1, 0);
  add_member (suite->conn, "B", 2, 0);
}

static void
order_limit_offset (Suite *suite)
{
  insert_members (suite);
  const CormOrder *by_name = CORM_ORDER (CORM_ASC (Member, name));
  FINDS ("B a c d", .order = by_name);
  FINDS ("d c a B", .order = CORM_ORDER (CORM_DESC (Member, name)));
  FINDS ("d a c B", .order = CORM_ORDER (CORM_ASC (Member, score), CORM_DESC (Member, name)));
  FINDS ("B a", .order = by_name, .limit = 2);
  FINDS ("a c", .order = by_name, .limit = 2, .offset = 1);
  FINDS ("c d", .order = by_name, .offset = 2);
  FINDS ("d", .order = by_name, .limit = 10, .offset = 3);
  FINDS ("", .order = by_name, .limit = 1, .offset = 4);
  FINDS ("B c", .where = CORM_EQ (Member, score, 2), .order = by_name);
  FINDS ("", .where = CORM_EQ (Member, score, 3));
}

static void
count_and_exists (Suite *suite)
{
  COUNTS (0, );
  EXISTS (FALSE, );
  insert_members (suite);
  COUNTS (4, );
  COUNTS (2, .where = CORM_EQ (Member, score, 2));
  COUNTS (3, .limit = 3);
  COUNTS (1, .limit = 3, .offset = 3);
  COUNTS (0, .where = CORM_IN_ARRAY (Member, name, (const char *const *) NULL, 0));
  EXISTS (TRUE, .where = CORM_LIKE (Member, name, "d%"));
  EXISTS (FALSE, .where = CORM_LIKE (Member, name, "D%"));
}

static void
delete_where (Suite *suite)
{
  guint64 n = 99;
  insert_members (suite);
  assert_ok (corm_delete_where (Member, suite->conn, &n, error, .where = CORM_EQ (Member, score, 9)));
  assert_int_equal (n, 0);
  assert_ok (corm_delete_where (Member, suite->conn, &n, error, .where = CORM_EQ (Member, score, 2)));
  assert_int_equal (n, 2);
  FINDS ("a d", .order = CORM_ORDER (CORM_ASC (Member, name)));
  assert_fails (corm_delete_where (Member, suite->conn, &n, error, ), CORM_ERROR_INVALID, "members",
                "CORM_ALL ()");
  assert_fails (corm_delete_where (Member, suite->conn, &n, error, .where = CORM_ALL (), .limit = 1),
                CORM_ERROR_INVALID, "members");
  COUNTS (2, );
  assert_ok (corm_delete_where (Member, suite->conn, &n, error, .where = CORM_ALL ()));
  assert_int_equal (n, 2);
}

/* What is found outlives the connection's next statements, and the connection. */
static void
rows_are_their_own (Suite *suite)
{
  insert_members (suite);
  CormConnection *conn = suite_connect (suite->db);
  g_autoptr (CormRows) found = corm_find (Member, conn, NULL, .order = CORM_ORDER (CORM_ASC (Member, name)));
  Member change = { .id = ((Member *) corm_rows_get (found, 0))->id, .name = "changed" };
  assert_ok (corm_update (Member, conn, &change, error, name));
  corm_connection_free (conn);
  g_autofree char *names = names_of (found);
  assert_string_equal (names, "B a c d");
  assert_null (corm_rows_get (found, 4));
  assert_null (corm_rows_get (NULL, 0));
}

/* --- relations */

typedef struct {
  gint64 red, blue, empty;
} Teams;

static Teams
insert_teams (Suite *suite)
{
  Teams teams = { add_team (suite->conn, "red"), add_team (suite->conn, "blue"),
                  add_team (suite->conn, "empty") };
  add_member (suite->conn, "r1", 1, teams.red);
  add_member (suite->conn, "b1", 2, teams.blue);
  add_member (suite->conn, "r2", 3, teams.red);
  add_member (suite->conn, "alone", 4, 0);
  Badge badge = { .motto = "fast", .team_id = CORM_SOME (teams.red) }, spare = { .motto = "of nobody" };
  assert_ok (badge_insert (suite->conn, &badge, error));
  assert_ok (badge_insert (suite->conn, &spare, error));
  return teams;
}

static void
belongs_to (Suite *suite)
{
  insert_teams (suite);
  guint64 before = corm_connection_get_n_statements (suite->conn);
  g_autoptr (CormRows) found = corm_find (Member, suite->conn, NULL, .with = CORM_WITH (Member, team),
                                          .order = CORM_ORDER (CORM_ASC (Member, id)));
  assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 2);
  static const char *const teams[] = { "red", "blue", "red", NULL };
  for (guint i = 0; i < 4; i++) {
    const Member *member = corm_rows_get (found, i);
    if (teams[i] == NULL)
      assert_null (member->team);
    else
      assert_string_equal (member->team->name, teams[i]);
  }
}

static void
has_many_and_has_one (Suite *suite)
{
  insert_teams (suite);
  guint64 before = corm_connection_get_n_statements (suite->conn);
  g_autoptr (CormRows) found = corm_find (Team, suite->conn, NULL, .with = CORM_WITH (Team, members, badge),
                                          .order = CORM_ORDER (CORM_ASC (Team, id)));
  assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 3);
  const Team *red = corm_rows_get (found, 0), *blue = corm_rows_get (found, 1),
             *empty = corm_rows_get (found, 2);
  assert_int_equal (corm_rows_get_length (red->members), 2);
  assert_int_equal (corm_rows_get_length (blue->members), 1);
  assert_string_equal (((const Member *) corm_rows_get (blue->members, 0))->name, "b1");
  assert_non_null (empty->members);
  assert_int_equal (corm_rows_get_length (empty->members), 0);
  assert_string_equal (red->badge->motto, "fast");
  assert_null (blue->badge);
  assert_null (empty->badge);
}

static void
relations_that_nobody_asked_for_stay_null (Suite *suite)
{
  insert_teams (suite);
  g_autoptr (CormRows) found = corm_find (Team, suite->conn, NULL, .with = CORM_WITH (Team, badge));
  CORM_FOREACH (Team, team, found)
    assert_null (team->members);
}

static void
relations_of_no_rows_ask_nothing (Suite *suite)
{
  guint64 before = corm_connection_get_n_statements (suite->conn);
  g_autoptr (CormRows) none = corm_find (Team, suite->conn, NULL, .with = CORM_WITH (Team, members, badge));
  assert_int_equal (corm_rows_get_length (none), 0);
  assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 1);
  add_member (suite->conn, "alone", 1, 0);
  before = corm_connection_get_n_statements (suite->conn);
  g_autoptr (CormRows) alone = corm_find (Member, suite->conn, NULL, .with = CORM_WITH (Member, team));
  assert_int_equal (corm_rows_get_length (alone), 1);
  assert_null (((const Member *) corm_rows_get (alone, 0))->team);
  assert_int_equal (corm_connection_get_n_statements (suite->conn) - before, 1);
}

/* More parents than a statement takes parameters in some databases. */
static void
relations_of_many_rows (Suite *suite)
{
  enum { N = 3000 };
  Team *teams = g_new0 (Team, N);
  Member *members = g_new0 (Member, N);
  for (guint i = 0; i < N; i++) {
    teams[i] = (Team){ .id = i + 1, .name = g_strdup_printf ("team %u", i) };
    members[i] = (Member){ .id = i + 1, .name = "m", .team_id = CORM_SOME ((gint64) (N - i)) };
  }
  assert_ok (corm_bulk_insert (Team, suite->conn, teams, N, error));
  assert_ok (corm_bulk_insert (Member, suite->conn, members, N, error));
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_find (Member, suite->conn, error, .with = CORM_WITH (Member, team))) != NULL);
  CORM_FOREACH (Member, member, found)
    assert_int_equal (member->team->id, N + 1 - member->id);
  assert_int_equal (corm_rows_get_length (found), N);
  for (guint i = 0; i < N; i++)
    g_free ((char *) teams[i].name);
  g_free (teams);
  g_free (members);
}

/* --- queries made at run time */

static void
a_query_made_at_run_time (Suite *suite)
{
  insert_teams (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  {
    g_autofree char *name = g_strdup ("r%");
    corm_query_where (query, CORM_LIKE (Member, name, name));
  }
  corm_query_where (query, CORM_GT (Member, score, 0));
  corm_query_order (query, (CormOrder) CORM_DESC (Member, score));
  corm_query_with (query, offsetof (Member, team));
  guint64 count = 0;
  assert_ok (corm_query_count (query, suite->conn, &count, error));
  assert_int_equal (count, 2);
  corm_query_limit (corm_query_offset (query, 1), 1);
  g_autoptr (CormRows) found = NULL;
  assert_ok ((found = corm_query_find (query, suite->conn, error)) != NULL);
  assert_int_equal (corm_rows_get_length (found), 1);
  const Member *first = corm_rows_get (found, 0);
  assert_string_equal (first->name, "r1");
  assert_string_equal (first->team->name, "red");
  g_autofree char *sql = NULL;
  assert_ok ((sql = corm_query_sql (query, suite->conn, error)) != NULL);
  assert_non_null (strstr (sql, "members"));
  const char *parameters = strstr (sql, "\n-- 1: 'r%'");
  assert_non_null (parameters);
  assert_ptr_equal (strstr (sql, "r%"),
                    parameters + strlen ("\n-- 1: '")); /* there, and nowhere in the SQL */
}

static void
a_wrong_query_says_so_when_it_runs (Suite *suite)
{
  g_autoptr (CormQuery) query = corm_query_new (&Member_model);
  corm_query_where (query, CORM_EQ (Team, name, "x"));
  corm_query_limit (query, 1);
  assert_fails (corm_query_find (query, suite->conn, error), CORM_ERROR_INVALID, "Team");
  assert_fails (
      corm_find (Member, suite->conn, error, .with = (const gsize[]){ offsetof (Member, name), G_MAXSIZE }),
      CORM_ERROR_INVALID, "members");
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "order, limit, offset", order_limit_offset, 0 },
    { "count and exists", count_and_exists, 0 },
    { "delete where", delete_where, 0 },
    { "rows are their own", rows_are_their_own, 0 },
    { "belongs to", belongs_to, 0 },
    { "has many and has one", has_many_and_has_one, 0 },
    { "relations that nobody asked for stay NULL", relations_that_nobody_asked_for_stay_null, 0 },
    { "relations of no rows ask nothing", relations_of_no_rows_ask_nothing, 0 },
    { "relations of many rows", relations_of_many_rows, 0 },
    { "a query made at run time", a_query_made_at_run_time, 0 },
    { "a wrong query says so when it runs", a_wrong_query_says_so_when_it_runs, 0 },
  };
  return SUITE_RUN (people, cases);
}
