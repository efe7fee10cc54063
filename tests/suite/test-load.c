/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows: bulk insert, all or nothing; cursors in constant memory. */
#include "config.h"

#include <unistd.h>

#include "people.h"

static guint64
count_of (Suite *suite, const char *table)
{
  g_autofree char *sql = g_strconcat ("SELECT count(*) FROM ", table, NULL);
  return (guint64) suite_number (suite->conn, sql);
}

/* --- bulk insert */

static void
rows_with_and_without_defaults (Suite *suite)
{
  Seat seats[] = {
    { .room = 1, .number = 1, .holder = "a" },
    { .room = 1, .number = 2, .holder = "b", .price = CORM_SOME (0) },
    { .room = 1, .number = 3, .price = CORM_SOME (5) },
    { .room = 1, .number = 4 },
    { .room = 1, .number = 5, .price = CORM_SOME (6) },
  };
  static const gint32 prices[] = { 7, 0, 5, 7, 6 };
  assert_ok (corm_bulk_insert (Seat, suite->conn, seats, G_N_ELEMENTS (seats), error));
  g_autoptr (CormRows) found =
      corm_find (Seat, suite->conn, NULL, .order = CORM_ORDER (CORM_ASC (Seat, number)));
  for (guint i = 0; i < G_N_ELEMENTS (seats); i++) {
    const Seat *seat = corm_rows_get (found, i);
    assert_true (seat->price.is_set);
    assert_int_equal (seat->price.value, prices[i]);
    assert_true ((seat->holder == NULL) == (seats[i].holder == NULL));
  }
}

static void
automatic_keys_are_made (Suite *suite)
{
  Team teams[] = { { .name = "a" }, { .name = "b" }, { .id = 500, .name = "c" }, { .name = "d" } };
  assert_ok (corm_bulk_insert (Team, suite->conn, teams, G_N_ELEMENTS (teams), error));
  assert_int_equal (count_of (suite, "teams"), 4);
  assert_int_equal (suite_number (suite->conn, "SELECT count(DISTINCT id) FROM teams WHERE id > 0"), 4);
  assert_int_equal (suite_number (suite->conn, "SELECT id FROM teams WHERE name = 'c'"), 500);
}

static void
no_rows_are_no_work (Suite *suite)
{
  assert_ok (corm_bulk_insert (Team, suite->conn, (const Team *) NULL, 0, error));
  assert_int_equal (count_of (suite, "teams"), 0);
}

static void
more_rows_than_a_batch (Suite *suite)
{
  enum { N = 20000 };
  g_autofree Word *words = g_new0 (Word, N);
  for (guint i = 0; i < N; i++)
    words[i] = (Word){ .word = g_strdup_printf ("word %u", i), .count = i };
  assert_ok (corm_bulk_insert (Word, suite->conn, words, N, error));
  assert_int_equal (count_of (suite, "words"), N);
  assert_int_equal (suite_number (suite->conn, "SELECT sum(count) FROM words"), (gint64) N * (N - 1) / 2);
  for (guint i = 0; i < N; i++)
    g_free ((char *) words[i].word);
}

/* Whatever refuses it and wherever it stands. */
static void
a_failure_leaves_none (Suite *suite)
{
  enum { N = 5000 };
  g_autofree Member *members = g_new0 (Member, N);
  for (guint i = 0; i < N; i++)
    members[i] = (Member){ .id = i + 1, .name = "m" };
  static const guint places[] = { 0, N / 2, N - 1 };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    Member *bad = &members[places[i]];
    bad->name = "a name of more than 20 characters";
    assert_fails (corm_bulk_insert (Member, suite->conn, members, N, error), CORM_ERROR_CHECK, "members",
                  "name");
    bad->name = "m";
    bad->score = -1;
    assert_fails (corm_bulk_insert (Member, suite->conn, members, N, error), CORM_ERROR_CHECK, "members");
    bad->score = 0;
    bad->team_id = (CormOptInt64){ true, 77 };
    assert_fails (corm_bulk_insert (Member, suite->conn, members, N, error), CORM_ERROR_FOREIGN_KEY,
                  "members");
    bad->team_id.is_set = false;
    assert_int_equal (count_of (suite, "members"), 0);
  }
  members[N - 1].id = 1;
  assert_fails (corm_bulk_insert (Member, suite->conn, members, N, error), CORM_ERROR_UNIQUE, "members");
  assert_int_equal (count_of (suite, "members"), 0);
  members[N - 1].id = N;
  assert_ok (corm_bulk_insert (Member, suite->conn, members, N, error));
  assert_int_equal (count_of (suite, "members"), N);
}

/* As one of @widest rows at most; MariaDB refuses as many as it was sent at once. */
static void
check_named (Suite *suite, const Word *words, guint n, CormError code, guint bad, guint widest)
{
  guint first = 0, last = G_MAXUINT;
  g_autoptr (GError) error = NULL;
  assert_false (corm_bulk_insert (Word, suite->conn, words, n, &error));
  assert_int_equal (error->code, code);
  if (sscanf (error->message, "bulk insert into words: one of the rows %u to %u: ", &first, &last) != 2 &&
      sscanf (error->message, "bulk insert into words: row %u: ", &first) == 1)
    last = first;
  if (bad < first || bad > last ||
      (strcmp (suite->backend, "mysql") != 0 ? last - first >= widest : last >= n))
    fail_msg ("of row %u it says: %s", bad, error->message);
  assert_int_equal (count_of (suite, "words"), 0);
}

static void
the_row_that_is_refused_is_named (Suite *suite)
{
  enum { N = 1000 };
  static const guint places[] = { 1, 299, 300, 303, N - 2, N - 1 };
  g_autofree Word *words = g_new0 (Word, N);
  g_autoptr (GStringChunk) texts = g_string_chunk_new (4096);
  for (guint i = 0; i < N; i++) {
    g_autofree char *text = g_strdup_printf ("word %u", i);
    words[i] = (Word){ .word = g_string_chunk_insert (texts, text), .count = i };
  }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    const char *kept = words[places[i]].word;
    words[places[i]].word = words[0].word;
    check_named (suite, words, N, CORM_ERROR_UNIQUE, places[i], 1);
    words[places[i]].word = kept;
  }
  assert_ok (corm_bulk_insert (Word, suite->conn, words, N, error));
}

/* What a trigger of PostgreSQL has to say stands in front of the place. */
static void
the_row_that_a_trigger_refuses_is_named (Suite *suite)
{
  if (strcmp (suite->backend, "pgsql") != 0)
    suite_leave_out ("the trigger is PostgreSQL's");
  suite_sql (
      suite->conn,
      "CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF new.count = 5 THEN RAISE "
      "check_violation USING MESSAGE = 'no five'; END IF; RETURN new; END$$");
  suite_sql (suite->conn,
             "CREATE TRIGGER refuse BEFORE INSERT ON words FOR EACH ROW EXECUTE FUNCTION refuse ()");
  const Word words[] = { { .word = "a", .count = 1 },
                         { .word = "b", .count = 5 },
                         { .word = "c", .count = 3 } };
  assert_fails (corm_bulk_insert (Word, suite->conn, words, 3, error), CORM_ERROR_CHECK,
                "words: row 1: ", "no five");
  suite_sql (suite->conn, "DROP TRIGGER refuse ON words");
  suite_sql (suite->conn, "DROP FUNCTION refuse ()");
}

/* SQLite's triggers may leave a row out, keep the rows before it, or end the transaction. */
static void
a_trigger_among_many_rows (Suite *suite)
{
  enum { N = 1000, BAD = 500 };
  static const struct {
    const char *raise, *said;
    CormError code;
    gboolean ends;
  } triggers[] = {
    { "IGNORE", "inserted nothing", CORM_ERROR_CHECK, FALSE },
    { "ABORT, 'no such'", "row 500: ", CORM_ERROR_CHECK, FALSE },
    { "FAIL, 'no such'", "no such", CORM_ERROR_CHECK, FALSE },
    { "ROLLBACK, 'no such'", "no such", CORM_ERROR_CHECK, TRUE },
  };
  if (strcmp (suite->backend, "sqlite3") != 0)
    suite_leave_out ("the triggers are SQLite's");
  g_autofree Ticket *tickets = g_new0 (Ticket, N);
  for (guint i = 0; i < N; i++)
    tickets[i].id = i + 1;
  for (guint i = 0; i < G_N_ELEMENTS (triggers); i++) {
    g_autoptr (CormTransaction) transaction = NULL;
    g_autofree char *sql = g_strdup_printf (
        "CREATE TRIGGER refuse BEFORE INSERT ON tickets WHEN new.id = %d BEGIN SELECT RAISE (%s); END",
        BAD + 1, triggers[i].raise);
    suite_sql (suite->conn, sql);
    assert_ok ((transaction = corm_transaction_begin (suite->conn, CORM_TRANSACTION_DEFAULT, error)) != NULL);
    add_team (suite->conn, "before");
    assert_fails (corm_bulk_insert (Ticket, suite->conn, tickets, N, error), triggers[i].code, "tickets",
                  triggers[i].said);
    if (!triggers[i].ends)
      assert_int_equal (count_of (suite, "tickets"), 0);
    g_clear_pointer (&transaction, corm_transaction_free);
    assert_int_equal (count_of (suite, "tickets") + count_of (suite, "teams"), 0);
    suite_sql (suite->conn, "DROP TRIGGER refuse");
  }
  assert_ok (corm_bulk_insert (Ticket, suite->conn, tickets, N, error));
  assert_int_equal (count_of (suite, "tickets"), N);
}

/* Nobody would miss it before it is asked for. */
static void
a_row_that_a_trigger_leaves_out (Suite *suite)
{
  enum { N = 10 };
  static const char *const letters[N] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
  Word words[N];
  for (guint i = 0; i < N; i++)
    words[i] = (Word){ .word = letters[i], .count = i };
  suite_drop_rows ("words", "new.count IN (6, 7)");
  if (strcmp (suite->backend, "pgsql") == 0)
    assert_fails (corm_bulk_insert (Word, suite->conn, words, N, error), CORM_ERROR_CHECK, "words",
                  "of 10 rows the database inserted 8");
  else
    check_named (suite, words, N, CORM_ERROR_CHECK, 6, 16); /* of SQLite it may be a block */
  assert_int_equal (count_of (suite, "words"), 0);
  suite_keep_rows ("words");
  assert_ok (corm_bulk_insert (Word, suite->conn, words, N, error));
  assert_int_equal (count_of (suite, "words"), N);
}

/* It writes the rows elsewhere: they are there. */
static void
a_view_whose_trigger_writes (Suite *suite)
{
  if (strcmp (suite->backend, "sqlite3") != 0)
    suite_leave_out ("only SQLite's own driver tells what triggers wrote");
  suite_sql (suite->conn, "ALTER TABLE words RENAME TO real_words");
  suite_sql (suite->conn, "CREATE VIEW words AS SELECT word, count FROM real_words");
  suite_sql (suite->conn, "CREATE TRIGGER put INSTEAD OF INSERT ON words BEGIN INSERT INTO real_words (word, "
                          "count) VALUES (new.word, new.count); END");
  const Word words[] = { { .word = "a", .count = 1 }, { .word = "b", .count = 2 } };
  assert_ok (corm_bulk_insert (Word, suite->conn, words, 2, error));
  assert_int_equal (count_of (suite, "real_words"), 2);
  suite_sql (suite->conn, "DROP VIEW words");
  suite_sql (suite->conn, "ALTER TABLE real_words RENAME TO words");
}

static void
a_failure_inside_a_transaction_keeps_what_was_before (Suite *suite)
{
  g_autoptr (CormTransaction) transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (suite->conn, CORM_TRANSACTION_DEFAULT, error)) != NULL);
  add_team (suite->conn, "kept");
  Team teams[] = { { .name = "a" }, { .name = "kept" } };
  assert_fails (corm_bulk_insert (Team, suite->conn, teams, 2, error), CORM_ERROR_UNIQUE, "teams");
  add_team (suite->conn, "later");
  assert_ok (corm_transaction_commit (transaction, error));
  assert_int_equal (count_of (suite, "teams"), 2);
}

/* --- cursors */

static void
a_cursor_gives_row_by_row (Suite *suite)
{
  for (guint i = 0; i < 5; i++)
    add_member (suite->conn, "m", (gint32) i, 0);
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_cursor (Member, suite->conn, error, .where = CORM_GT (Member, score, 0),
                                    .order = CORM_ORDER (CORM_DESC (Member, score)), .limit = 3)) != NULL);
  g_autoptr (GError) error = NULL;
  for (gint32 want = 4; want >= 2; want--)
    assert_int_equal (corm_next (Member, cursor, &error)->score, want);
  assert_null (corm_next (Member, cursor, &error));
  assert_null (error);
  assert_null (corm_next (Member, cursor, &error));
}

static void
a_cursor_left_in_the_middle_frees_the_connection (Suite *suite)
{
  for (guint i = 0; i < 100; i++)
    assert_ok (word_insert (
        suite->conn, &(Word){ .word = (char[]){ (char) ('0' + i % 10), (char) ('0' + i / 10), 0 } }, error));
  CormCursor *cursor = corm_cursor (Word, suite->conn, NULL, );
  assert_non_null (corm_next (Word, cursor, NULL));
  corm_cursor_free (cursor);
  assert_int_equal (count_of (suite, "words"), 100);
}

/* KB of memory in use; 0 where the system does not say. */
static gsize
resident_kb (void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  const char *second = strchr (text, ' ');
  return (gsize) g_ascii_strtoull (second, NULL, 10) * (gsize) sysconf (_SC_PAGESIZE) / 1024;
}

/* 2^19 rows of about 100 bytes: 50 MB, if somebody kept them. */
static void
memory_stays_constant (Suite *suite)
{
  enum { N = 1 << 19, MAX_GROWTH_KB = 4096 };
  Seat seat = { .room = 1,
                .number = 0,
                .holder = "a name that is long enough to be seen in memory: "
                          "fifty letters more, or a few of them" };
  assert_ok (seat_insert (suite->conn, &seat, error));
  for (guint n = 1; n < N; n *= 2) {
    g_autofree char *sql = g_strdup_printf (
        "INSERT INTO seats (room, number, holder, price) SELECT room, number + %u, holder, price FROM seats",
        n);
    suite_sql (suite->conn, sql);
  }
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_cursor (Seat, suite->conn, error, )) != NULL);
  gsize n = 0, first = 0, most = 0;
  gint64 sum = 0;
  for (const Seat *row; (row = corm_next (Seat, cursor, NULL)) != NULL; n++) {
    sum += row->number;
    if (n % 1000 == 999)
      most = MAX (most, resident_kb ());
    if (n == 999)
      first = most;
  }
  assert_int_equal (n, N);
  assert_int_equal (sum, (gint64) N * (N - 1) / 2);
  g_clear_pointer (&cursor, corm_cursor_free);
  suite_sql (suite->conn, "DELETE FROM seats");
#ifdef CORM_SANITIZED
  first = most; /* a sanitizer's own memory grows */
#endif
  if (most - first > MAX_GROWTH_KB)
    fail_msg ("the cursor grew by %zu kB over %d rows", most - first, (int) N);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "rows with and without defaults", rows_with_and_without_defaults, 0 },
    { "automatic keys are made", automatic_keys_are_made, 0 },
    { "no rows are no work", no_rows_are_no_work, 0 },
    { "more rows than a batch", more_rows_than_a_batch, 0 },
    { "a failure leaves none", a_failure_leaves_none, 0 },
    { "the row that is refused is named", the_row_that_is_refused_is_named, 0 },
    { "the row that a trigger refuses is named", the_row_that_a_trigger_refuses_is_named, 0 },
    { "a trigger among many rows", a_trigger_among_many_rows, 0 },
    { "a row that a trigger leaves out", a_row_that_a_trigger_leaves_out, 0 },
    { "a view whose trigger writes", a_view_whose_trigger_writes, 0 },
    { "a failure inside a transaction keeps what was before",
      a_failure_inside_a_transaction_keeps_what_was_before, 0 },
    { "a cursor gives row by row", a_cursor_gives_row_by_row, 0 },
    { "a cursor left in the middle frees the connection", a_cursor_left_in_the_middle_frees_the_connection,
      0 },
    { "memory stays constant", memory_stays_constant, CORM_CAP_STREAMING },
  };
  return SUITE_RUN (people, cases);
}
