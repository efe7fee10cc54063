/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Keyset pages: over all pages of a random table every row comes exactly once and in order, whatever the order's columns,
 * directions, NULLs and ties; and a token that is not one is refused. */
#include "people.h"
#include "rows-text.h"

enum { ROWS = 60, ORDERS = 12 };

typedef struct {
  CormOptInt64 team;
  gint64 n;
} Size;
CORM_SHAPE (Size, team, n)

/* Few different values, so that there are ties and NULLs. */
static void
fill (Suite *suite, GRand *random)
{
  const gint64 teams[] = { 0, add_team (suite->conn, "red"), add_team (suite->conn, "blue") };
  for (int i = 0; i < ROWS; i++) {
    g_autofree char *name =
        g_strdup_printf ("n%d%s", g_rand_int_range (random, 0, 4), g_rand_boolean (random) ? "é" : "");
    g_autofree char *email = g_rand_boolean (random) ? NULL : g_strdup_printf ("m%02d", i);
    Member member = { .name = name,
                      .email = email,
                      .score = g_rand_int_range (random, 0, 3),
                      .weight = g_rand_int_range (random, 0, 4) / 3.0,
                      .level = (Level) g_rand_int_range (random, 0, 3) };
    gint64 team = teams[g_rand_int_range (random, 0, 3)];
    member.team_id = (CormOptInt64){ .is_set = team != 0, .value = team };
    assert_ok (member_insert (suite->conn, &member, error));
  }
}

static const gsize columns[] = { offsetof (Member, name),    offsetof (Member, email),
                                 offsetof (Member, score),   offsetof (Member, weight),
                                 offsetof (Member, team_id), offsetof (Member, joined),
                                 offsetof (Member, level) };

static CormQuery *
random_query (guint32 seed)
{
  GRand *random = g_rand_new_with_seed (seed);
  CormQuery *query = corm_query_new (&Member_model);
  guint used = 0;
  for (int i = g_rand_int_range (random, 0, 4); i > 0; i--) {
    guint column = (guint) g_rand_int_range (random, 0, G_N_ELEMENTS (columns));
    if ((used & 1u << column) == 0)
      corm_query_order (query, (CormOrder){ .model = &Member_model,
                                            .offset = columns[column],
                                            .descending = g_rand_boolean (random),
                                            .nulls = (CormNulls) g_rand_int_range (random, 0, 3) });
    used |= 1u << column;
  }
  corm_query_order (query, (CormOrder){ .model = &Member_model,
                                        .offset = offsetof (Member, id),
                                        .descending = g_rand_boolean (random) });
  g_rand_free (random);
  return query;
}

/* The ids of all rows by pages of @limit, and how many pages there were. */
static GArray *
read_pages (Suite *suite, guint32 seed, gsize limit, guint *n_pages)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *token = NULL;
  for (*n_pages = 0; *n_pages <= ROWS; (*n_pages)++) {
    g_autoptr (CormQuery) query = corm_query_page (random_query (seed), token, limit);
    g_autoptr (CormRows) rows = NULL;
    assert_ok ((rows = corm_query_find (query, suite->conn, error)) != NULL);
    gsize n = corm_rows_get_length (rows);
    assert_true (n <= limit);
    if (n == 0)
      return ids;
    CORM_FOREACH (Member, row, rows)
      g_array_append_val (ids, row->id);
    g_clear_pointer (&token, g_free);
    assert_ok ((token = corm_query_page_token (query, corm_rows_get (rows, n - 1), error)) != NULL);
    assert_int_equal (strspn (token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                      strlen (token));
  }
  fail_msg ("the pages do not end (order %u)", seed);
  return ids;
}

static void
every_row_once_and_in_order (Suite *suite)
{
  GRand *random = g_rand_new_with_seed (20);
  fill (suite, random);
  for (guint32 seed = 0; seed < ORDERS; seed++) {
    guint n_pages;
    gsize limit = (gsize) g_rand_int_range (random, 4, 20);
    g_autoptr (GArray) ids = read_pages (suite, seed, limit, &n_pages);
    g_autoptr (CormQuery) query = random_query (seed);
    g_autoptr (CormRows) rows = NULL;
    assert_ok ((rows = corm_query_find (query, suite->conn, error)) != NULL);
    assert_int_equal (ids->len, ROWS);
    assert_int_equal (n_pages, (ROWS + limit - 1) / limit);
    for (guint i = 0; i < ROWS; i++)
      if (g_array_index (ids, gint64, i) != ((const Member *) corm_rows_get (rows, i))->id)
        fail_msg ("order %u, row %u is another one", seed, i);
  }
  g_rand_free (random);
}

static CormQuery *
sizes (const char *token, gsize limit)
{
  CormQuery *query = corm_query_new (&Member_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_OUTPUT (Size, team, CORM_COL (Member, team_id)),
                                          CORM_OUTPUT (Size, n, CORM_COUNT_ROWS ())));
  corm_query_group (query, CORM_EXPRS (CORM_COL (Member, team_id)));
  corm_query_order (corm_query_order (query, (CormOrder) CORM_DESC (Size, n)),
                    (CormOrder) CORM_ASC (Size, team));
  return limit > 0 ? corm_query_page (query, token, limit) : query;
}

/* The order is an aggregate, so that the page's predicate stands around the groups. */
static void
pages_of_groups (Suite *suite)
{
  GRand *random = g_rand_new_with_seed (21);
  fill (suite, random);
  g_rand_free (random);
  g_autofree char *token = NULL;
  g_autoptr (CormQuery) all = sizes (NULL, 0);
  g_autoptr (CormRows) whole = NULL;
  assert_ok ((whole = corm_query_find (all, suite->conn, error)) != NULL);
  assert_int_equal (corm_rows_get_length (whole), 3);
  for (gsize i = 0; i < 3; i++) {
    g_autoptr (CormQuery) query = sizes (token, 1);
    g_autoptr (CormRows) rows = NULL;
    assert_ok ((rows = corm_query_find (query, suite->conn, error)) != NULL);
    const Size *row = corm_rows_get (rows, 0), *want = corm_rows_get (whole, i);
    assert_int_equal (row->n, want->n);
    assert_int_equal (row->team.is_set, want->team.is_set);
    assert_int_equal (row->team.value, want->team.value);
    g_free (token);
    assert_ok ((token = corm_query_page_token (query, row, error)) != NULL);
  }
}

static void
tokens_that_are_none (Suite *suite)
{
  static const char *const tokens[] = { "",     "A",       "x' OR 1=1 --", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "====", "\xff\xfe" };
  add_member (suite->conn, "ann", 1, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_autoptr (CormQuery) query = corm_query_page (random_query (1), tokens[i], 3);
    REFUSES (query, CORM_ERROR_INVALID, "page of members", "token", "corm_query_page_token()");
  }
  Member row = { .id = 7, .name = "x" };
  g_autoptr (CormQuery) first = random_query (1), other = corm_query_new (&Member_model);
  g_autofree char *token = NULL;
  assert_ok ((token = corm_query_page_token (first, &row, error)) != NULL);
  corm_query_page (corm_query_order (other, (CormOrder) CORM_ASC (Member, id)), token, 3);
  REFUSES (other, CORM_ERROR_INVALID, "of another query or order");
  for (gsize i = 0; i < strlen (token); i++) { /* each change is seen */
    g_autofree char *forged = g_strdup (token);
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    g_autoptr (CormQuery) query = corm_query_page (random_query (1), forged, 3);
    REFUSES (query, CORM_ERROR_INVALID, "token");
  }
}

static void
orders_that_tell_too_little (Suite *suite)
{
  g_autoptr (CormQuery) loose = corm_query_new (&Member_model), join = corm_query_new (&Team_model);
  corm_query_page (corm_query_order (loose, (CormOrder) CORM_ASC (Member, name)), NULL, 3);
  REFUSES (loose, CORM_ERROR_INVALID, "does not tell all rows apart", "add CORM_ASC (Member, id)");
  corm_query_join_along (join, CORM_INNER_JOIN, &Team_model, offsetof (Team, members), &Member_model);
  corm_query_page (corm_query_order (join, (CormOrder) CORM_ASC (Team, id)), NULL, 3);
  REFUSES (join, CORM_ERROR_INVALID, "add CORM_ASC (Member, id)");
  corm_query_order (join, (CormOrder) CORM_ASC (Member, id)); /* each member has one team */
  GIVES (join, "");
  g_autoptr (CormQuery) group = corm_query_page (sizes (NULL, 0), NULL, 3),
                        zero = corm_query_new (&Member_model);
  GIVES (group, "");
  corm_query_offset (corm_query_page (corm_query_order (zero, (CormOrder) CORM_ASC (Member, id)), NULL, 3),
                     3);
  REFUSES (zero, CORM_ERROR_INVALID, "leave the offset out");
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "every row once and in order", every_row_once_and_in_order, 0 },
    { "pages of groups", pages_of_groups, 0 },
    { "tokens that are none", tokens_that_are_none, 0 },
    { "orders that tell too little", orders_that_tell_too_little, 0 },
  };
  return SUITE_RUN (people, cases);
}
