/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows changed by a query, with the changed rows back; INSERT … SELECT; locks; SQL and plans; SQL by hand into structs. */
#include "people.h"
#include "rows-text.h"

typedef struct {
  const char *name;
  CormOptInt64 n;
} Line;
CORM_SHAPE (Line, name, n)

static void
fill (Suite *suite)
{
  add_member (suite->conn, "ann", 5, 0);
  add_member (suite->conn, "bob", 3, 0);
  add_member (suite->conn, "cat", 1, 0);
}

static CormQuery *
scores (void)
{
  CormQuery *query = corm_query_new (&Member_model);
  corm_query_select (query, CORM_OUTPUTS (CORM_AS ("name", CORM_COL (Member, name)),
                                          CORM_AS ("score", CORM_COL (Member, score))));
  return corm_query_order (query, (CormOrder) CORM_ASC (Member, name));
}

static void
update (Suite *suite)
{
  guint64 n = 0;
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model), all = scores ();
  corm_query_where (query, CORM_GT (Member, score, 2));
  assert_ok (
      corm_query_update (query, suite->conn,
                         CORM_SETS (CORM_SET (Member, score, CORM_TIMES (CORM_COL (Member, score), 10)),
                                    CORM_SET (Member, level, LEVEL_OLD), CORM_CLEAR (Member, email)),
                         &n, error));
  assert_int_equal (n, 2);
  GIVES (all, "ann 50|bob 30|cat 1");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members WHERE level = 'old hand'"), 2);
}

/* Each assignment sees the row as it was, in every database. */
static void
update_swaps (Suite *suite)
{
  g_autoptr (CormQuery) query = corm_query_new (&Seat_model);
  Seat seat = { .room = 1, .number = 2, .holder = "x", .price = CORM_SOME (5) };
  assert_ok (seat_insert (suite->conn, &seat, error));
  corm_query_where (query, CORM_ALL ());
  assert_ok (corm_query_update (query, suite->conn,
                                CORM_SETS (CORM_SET (Seat, room, CORM_COL (Seat, number)),
                                           CORM_SET (Seat, number, CORM_COL (Seat, room))),
                                NULL, error));
  assert_int_equal (suite_number (suite->conn, "SELECT room * 10 + number FROM seats"), 21);
}

static void
writes_that_are_refused (Suite *suite)
{
  g_autoptr (CormQuery) all = corm_query_new (&Member_model), some = corm_query_new (&Member_model);
  g_autoptr (CormQuery) join = corm_query_new (&Member_model), cut = corm_query_new (&Member_model);
  const CormSet *sets = CORM_SETS (CORM_SET (Member, score, 1));
  assert_fails (corm_query_delete (all, suite->conn, NULL, error), CORM_ERROR_INVALID, "members",
                "has no where", "CORM_ALL ()");
  assert_fails (corm_query_update (all, suite->conn, sets, NULL, error), CORM_ERROR_INVALID, "has no where");
  corm_query_where (some, CORM_EQ (Member, id, 1));
  assert_fails (corm_query_update (some, suite->conn, (const CormSet[]){ { 0 } }, NULL, error),
                CORM_ERROR_INVALID, "sets nothing");
  assert_fails (corm_query_update (some, suite->conn, CORM_SETS (CORM_SET (Team, name, "x")), NULL, error),
                CORM_ERROR_INVALID, "sets a member of Team");
  assert_fails (corm_query_update (some, suite->conn, CORM_SETS (CORM_CLEAR (Member, name)), NULL, error),
                CORM_ERROR_INVALID, "column name is NOT NULL");
  assert_fails (corm_query_update (some, suite->conn, CORM_SETS (CORM_SET (Member, level, 77)), NULL, error),
                CORM_ERROR_CONVERSION, "level");
  assert_fails (
      corm_query_update (some, suite->conn,
                         CORM_SETS (CORM_SET (Member, score, CORM_TIMES (CORM_COL (Member, weight), 2.5))),
                         NULL, error),
      CORM_ERROR_INVALID, "column score is of type int32", "CORM_TO_INT");
  corm_query_join (corm_query_where (join, CORM_ALL ()), CORM_CROSS_JOIN, &Team_model,
                   (CormExpr){ .kind = CORM_EXPR_NONE });
  assert_fails (corm_query_delete (join, suite->conn, NULL, error), CORM_ERROR_INVALID, "has a join",
                "CORM_IN_QUERY");
  corm_query_limit (corm_query_where (cut, CORM_ALL ()), 3);
  assert_fails (corm_query_delete (cut, suite->conn, NULL, error), CORM_ERROR_INVALID, "a limit");
}

static void delete (Suite *suite)
{
  guint64 n = 0;
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model), all = scores ();
  corm_query_where (query, CORM_LIKE (Member, name, "%a%"));
  assert_ok (corm_query_delete (query, suite->conn, &n, error));
  assert_int_equal (n, 2);
  GIVES (all, "bob 3");
}

static void
returning (Suite *suite)
{
  fill (suite);
  gint64 sum = 0;
  g_autoptr (CormQuery) query = corm_query_new (&Member_model), all = scores ();
  g_autoptr (CormRows) changed = NULL, deleted = NULL;
  corm_query_where (query, CORM_GE (Member, score, 3));
  assert_ok (corm_query_update_returning (
      query, suite->conn, CORM_SETS (CORM_SET (Member, score, CORM_MINUS (CORM_COL (Member, score), 3))),
      &changed, error));
  assert_int_equal (corm_rows_get_length (changed), 2);
  CORM_FOREACH (Member, row, changed)
    sum += row->score;
  assert_int_equal (sum, 2);
  GIVES (all, "ann 2|bob 0|cat 1");
  g_autoptr (CormQuery) rest = corm_query_new (&Member_model);
  corm_query_where (rest, CORM_LE (Member, score, 1));
  assert_ok (corm_query_delete_returning (rest, suite->conn, &deleted, error));
  assert_int_equal (corm_rows_get_length (deleted), 2);
  GIVES (all, "ann 2");
}

typedef struct {
  const char *word;
  gint32 count;
} Small;

CORM_DECLARE_MODEL (Small, small)
static const CormColumn small_columns[] = {
  CORM_COLUMN (Small, word, .primary_key = true),
  CORM_COLUMN (Small, count),
};
const CormModel Small_model = CORM_MODEL (Small, "words", CORM_COLUMNS (small_columns));

/* What no struct can hold is neither deleted nor changed, nor are the rows before it. */
static void
returned_rows_that_do_not_fit (Suite *suite)
{
  g_autoptr (CormRegistry) registry = NULL;
  suite_sql (suite->conn, "INSERT INTO words (word, count) VALUES ('a', 1), ('b', 5000000000), ('c', 3)");
  assert_ok ((registry = corm_registry_new (error, &Small_model, NULL)) != NULL);
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (suite->uri, registry, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (guint within = 0; within < 2; within++) {
    g_autoptr (CormRows) changed = NULL, deleted = NULL;
    g_autoptr (CormTransaction) transaction = NULL;
    g_autoptr (CormQuery) query = corm_query_new (&Small_model);
    corm_query_where (query, CORM_NE (Small, word, "z"));
    if (within)
      assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
    assert_fails (corm_query_delete_returning (query, conn, &deleted, error), CORM_ERROR_CONVERSION,
                  "5000000000");
    assert_fails (corm_query_update_returning (
                      query, conn,
                      CORM_SETS (CORM_SET (Small, count, CORM_PLUS (CORM_COL (Small, count), 1))), &changed,
                      error),
                  CORM_ERROR_CONVERSION, "words");
    if (within)
      assert_ok (corm_transaction_commit (transaction, error));
    assert_int_equal (suite_number (suite->conn, "SELECT sum(count) FROM words"), 5000000004);
  }
}

static void
insert_select (Suite *suite)
{
  guint64 n = 0;
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_new (&Member_model), other = corm_query_new (&Member_model);
  corm_query_where (query, CORM_GT (Member, score, 1));
  corm_query_select (query,
                     CORM_OUTPUTS (CORM_OUTPUT (Word, word, CORM_CONCAT (CORM_COL (Member, name), "!")),
                                   CORM_OUTPUT (Word, count, CORM_COL (Member, score))));
  assert_ok (corm_query_insert (query, suite->conn, &Word_model, &n, error));
  assert_int_equal (n, 2);
  g_autofree char *first = suite_text (suite->conn, "SELECT word FROM words WHERE count = 5");
  assert_string_equal (first, "ann!");
  corm_query_select (other, CORM_OUTPUTS (CORM_OUTPUT (Member, name, "copy"),
                                          CORM_OUTPUT (Member, level, LEVEL_KNOWN),
                                          CORM_OUTPUT (Member, score, 9), CORM_OUTPUT (Member, weight, 1.5)));
  corm_query_where (other, CORM_EQ (Member, name, "ann"));
  assert_ok (corm_query_insert (other, suite->conn, &Member_model, &n, error));
  assert_int_equal (
      suite_number (suite->conn, "SELECT score FROM members WHERE name = 'copy' AND level = 'known'"), 9);
  assert_fails (corm_query_insert (other, suite->conn, &Team_model, NULL, error), CORM_ERROR_INVALID,
                "go into teams", "members of Member");
}

static void
locks (Suite *suite)
{
  fill (suite);
  g_autoptr (CormQuery) query = corm_query_lock (scores (), CORM_LOCK_UPDATE),
                        group = corm_query_new (&Member_model);
  REFUSES (query, CORM_ERROR_INVALID, "lasts until its transaction ends", "corm_transaction_begin()");
  g_autoptr (CormTransaction) guard = NULL;
  assert_ok ((guard = corm_transaction_begin (suite->conn, CORM_TRANSACTION_DEFAULT, error)) != NULL);
  GIVES (query, "ann 5|bob 3|cat 1");
  g_autoptr (CormQuery) skip = corm_query_lock (scores (), CORM_LOCK_UPDATE_SKIP_LOCKED);
  g_autoptr (CormQuery) share = corm_query_lock (scores (), CORM_LOCK_SHARE);
  g_autoptr (CormQuery) at_once = corm_query_lock (scores (), CORM_LOCK_UPDATE_NO_WAIT);
  GIVES (skip, "ann 5|bob 3|cat 1");
  GIVES (share, "ann 5|bob 3|cat 1");
  GIVES (at_once, "ann 5|bob 3|cat 1");
  corm_query_lock (corm_query_select (group, CORM_OUTPUTS (CORM_AS ("n", CORM_COUNT_ROWS ()))),
                   CORM_LOCK_UPDATE);
  REFUSES (group, CORM_ERROR_INVALID, "not rows of a table");
}

static void
sql_and_plan (Suite *suite)
{
  g_autoptr (CormQuery) query = scores ();
  g_autofree char *sql = NULL, *plan = NULL;
  corm_query_where (query, CORM_EQ (Member, name, "o'hara"));
  assert_ok ((sql = corm_query_sql (query, suite->conn, error)) != NULL);
  assert_non_null (strstr (sql, "SELECT "));
  assert_non_null (strstr (sql, "\n-- 1: 'o'hara'"));
  assert_ok ((plan = corm_query_explain (query, suite->conn, error)) != NULL);
  assert_non_null (strstr (plan, "members"));
}

static void
sql_into_structs (Suite *suite)
{
  fill (suite);
  g_autoptr (CormRows) lines = NULL, members = NULL;
  assert_ok (
      (lines = corm_load_sql (&Line_model, suite->conn,
                              "SELECT score AS n, name FROM members WHERE score > :least ORDER BY name",
                              CORM_PARAMS (CORM_PARAM ("least", 1)), error)) != NULL);
  assert_int_equal (corm_rows_get_length (lines), 2);
  const Line *bob = corm_rows_get (lines, 1);
  assert_string_equal (bob->name, "bob");
  assert_int_equal (bob->n.value, 3);
  assert_ok ((members = corm_load_sql (&Member_model, suite->conn, "SELECT * FROM members ORDER BY name",
                                       NULL, error)) != NULL);
  const Member *ann = corm_rows_get (members, 0);
  assert_string_equal (ann->name, "ann");
  assert_int_equal (ann->level, LEVEL_NEW);
  assert_true (ann->joined.us > 0);
  CormRows *rows = NULL;
  assert_fails ((rows = corm_load_sql (&Line_model, suite->conn, "SELECT name FROM members", NULL, error)) !=
                    NULL,
                CORM_ERROR_INVALID, "rows of Line", "no column n", "'n'");
  assert_fails ((rows = corm_load_sql (&Line_model, suite->conn,
                                       "SELECT name, score AS n, weight FROM members", NULL, error)) != NULL,
                CORM_ERROR_INVALID, "column 'weight' has no member in Line");
  assert_fails ((rows = corm_load_sql (&Line_model, suite->conn, "SELECT name, name AS n FROM members", NULL,
                                       error)) != NULL,
                CORM_ERROR_CONVERSION, "column n");
}

/* A narrow column takes no number that its member could not read again. */
static void
numbers_that_do_not_fit (Suite *suite)
{
  Seat seat = { .room = 1, .number = 2, .price = CORM_SOME (3) };
  assert_ok (seat_insert (suite->conn, &seat, error));
  g_autoptr (CormQuery) query = corm_query_where (corm_query_new (&Seat_model), CORM_EQ (Seat, room, 1));
  for (gint64 more = 2147483645; more <= 2147483646; more++) {
    const CormSet *sets = CORM_SETS (CORM_SET (Seat, price, CORM_PLUS (CORM_COL (Seat, number), more)));
    if (more == 2147483645)
      assert_ok (corm_query_update (query, suite->conn, sets, NULL, error));
    else
      assert_fails (corm_query_update (query, suite->conn, sets, NULL, error), CORM_ERROR_CONVERSION, NULL);
  }
  assert_int_equal (suite_number (suite->conn, "SELECT price FROM seats"), 2147483647);
  assert_fails (corm_query_update (query, suite->conn,
                                   CORM_SETS (CORM_SET (Seat, price, 1), CORM_SET (Seat, price, 2)), NULL,
                                   error),
                CORM_ERROR_INVALID, "price", "twice");
  assert_fails (corm_find (Seat, suite->conn, error, .limit = (gsize) -1) != NULL, CORM_ERROR_INVALID,
                "limit");
}

/* A cast says so where its type does not hold the number; the nearest one would find other rows. */
static void
casts_that_do_not_fit (Suite *suite)
{
  enum { N = 3 };
  static const double sizes[N] = { 99.994, 100.5, 9.3e18 };
  if ((suite->caps & CORM_CAP_STREAMING) == 0) /* what libdbi alone cannot cast is another test's */
    return;
  for (guint i = 0; i < N; i++) {
    guint64 n = 0;
    char name[] = { (char) ('a' + i), '\0' };
    Member member = { .name = name, .weight = sizes[i] };
    assert_ok (member_insert (suite->conn, &member, error));
    g_autoptr (CormQuery) query =
        corm_query_where (corm_query_new (&Member_model), CORM_EQ (Member, id, member.id));
    corm_query_where (
        query, CORM_EQUAL (CORM_TO_DECIMAL (CORM_COL (Member, weight), 4, 2), ((CormDecimal){ "99.99" })));
    if (i == 0) {
      assert_ok (corm_query_count (query, suite->conn, &n, error));
      assert_int_equal (n, 1);
    } else
      assert_fails (corm_query_delete (query, suite->conn, NULL, error), CORM_ERROR_CONVERSION, NULL);
    g_autoptr (CormQuery) whole =
        corm_query_where (corm_query_new (&Member_model), CORM_EQ (Member, id, member.id));
    corm_query_where (whole, CORM_GREATER (CORM_TO_INT (CORM_COL (Member, weight)), 1));
    if (i < 2)
      assert_ok (corm_query_count (whole, suite->conn, &n, error));
    else
      assert_fails (corm_query_count (whole, suite->conn, &n, error), CORM_ERROR_CONVERSION, NULL);
  }
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members"), N);
}

static void
upsert_on (Suite *suite)
{
  Member ann = { .name = "ann", .email = "a@x", .score = 5 },
         again = { .name = "anna", .email = "a@x", .score = 7 };
  assert_ok (corm_upsert_on (Member, suite->conn, &ann, error, .key = CORM_MEMBERS (Member, email)));
  assert_true (ann.id > 0 && ann.joined.us > 0);
  assert_ok (corm_upsert_on (Member, suite->conn, &again, error, .key = CORM_MEMBERS (Member, email),
                             .set = CORM_MEMBERS (Member, score)));
  assert_int_equal (again.id, ann.id);
  g_autofree char *name = suite_text (suite->conn, "SELECT name FROM members WHERE score = 7");
  assert_string_equal (name, "ann");
  again.id = 0;
  assert_ok (corm_upsert_on (Member, suite->conn, &again, error, .key = CORM_MEMBERS (Member, email)));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM members WHERE name = 'anna'"), 1);
  Seat seat = { .room = 1, .number = 2, .holder = "x" };
  assert_ok (corm_upsert_on (Seat, suite->conn, &seat, error, .key = CORM_MEMBERS (Seat, number, room)));
  assert_int_equal (suite_number (suite->conn, "SELECT price FROM seats"), 7);
  assert_fails (corm_upsert_on (Member, suite->conn, &again, error, .key = CORM_MEMBERS (Member, name)),
                CORM_ERROR_INVALID, "members", "not unique");
  assert_fails (corm_upsert_on (Member, suite->conn, &again, error, .set = CORM_MEMBERS (Member, name)),
                CORM_ERROR_INVALID, "has no key");
  again.email = NULL;
  assert_fails (corm_upsert_on (Member, suite->conn, &again, error, .key = CORM_MEMBERS (Member, email)),
                CORM_ERROR_INVALID, "email", "NULL");
  Member other = { .id = ann.id,
                   .name = "bob",
                   .email = "b@x" }; /* collides on the primary key, not on the one that is meant */
  assert_fails (corm_upsert_on (Member, suite->conn, &other, error, .key = CORM_MEMBERS (Member, email)),
                CORM_ERROR_UNIQUE, "members");
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "update", update, 0 },
    { "update swaps", update_swaps, 0 },
    { "writes that are refused", writes_that_are_refused, 0 },
    { "delete", delete, 0 },
    { "changed rows come back", returning, 0 },
    { "returned rows that do not fit", returned_rows_that_do_not_fit, 0 },
    { "insert select", insert_select, 0 },
    { "upsert on a key of choice", upsert_on, 0 },
    { "numbers that do not fit", numbers_that_do_not_fit, 0 },
    { "casts that do not fit", casts_that_do_not_fit, 0 },
    { "locks", locks, 0 },
    { "SQL and plan", sql_and_plan, 0 },
    { "SQL into structs", sql_into_structs, 0 },
  };
  return SUITE_RUN (people, cases);
}
