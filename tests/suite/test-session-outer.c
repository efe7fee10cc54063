/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A session within transactions of the program's own: what these undo behind its back it does not go on believing. */
#include "people.h"

/* A row of the table, by a session that is to be asked for it first. */
static Word *
get_word (CormSession *session)
{
  return corm_session_get (Word, session, NULL, .word = "w");
}

static CormTransaction *
begin (Suite *suite)
{
  CormTransaction *outer = NULL;
  assert_ok ((outer = corm_transaction_begin (suite->conn, CORM_TRANSACTION_WRITE, error)) != NULL);
  return outer;
}

static CormSession *
start (Suite *suite)
{
  suite_sql (suite->conn, "INSERT INTO words (word, count) VALUES ('w', 1)");
  return corm_session_new (suite->conn);
}

static void
set_count (CormSession *session, gint64 count)
{
  Word *word = get_word (session);
  assert_non_null (word);
  word->count = count;
  assert_ok (corm_session_flush (session, error));
}

#define assert_count(suite, n) \
  assert_int_equal (suite_number ((suite)->conn, "SELECT count FROM words WHERE word = 'w'"), (n))

/* Its rows are of a commit that never was: there is nothing left that it knows. */
static void
what_was_committed_inside_is_undone (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Word fresh = { "fresh", 1 };
  CormTransaction *outer = begin (suite);
  set_count (session, 2);
  Word *word = get_word (session);
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_transaction_rollback (outer, error));
  corm_transaction_free (outer);
  assert_fails (corm_session_get (Word, session, error, .word = "w") != NULL, CORM_ERROR_INVALID,
                "rolled back", "free the session");
  assert_fails (corm_session_find (Word, session, error) != NULL, CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_add (Word, session, &fresh, error), CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_refresh (Word, session, word, error), CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_merge (Word, session, &fresh, error) != NULL, CORM_ERROR_INVALID, "free");
  word->count = 3;
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "free the session");
  for (guint i = 0; i < 2; i++)
    assert_fails (corm_session_rollback (session, error), CORM_ERROR_INVALID, "free the session");
  assert_count (suite, 1);
  g_autoptr (CormSession) next = corm_session_new (suite->conn);
  assert_int_equal (get_word (next)->count, 1);
}

/* The session's transaction was one of those that were undone: it rolls back in memory alone. */
static void
what_was_flushed_inside_is_undone (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  Word fresh = { "fresh", 1 };
  assert_ok (corm_session_add (Word, session, &fresh, error));
  CormTransaction *outer = begin (suite);
  set_count (session, 2);
  corm_transaction_free (outer);
  assert_fails (corm_session_get (Word, session, error, .word = "w") != NULL, CORM_ERROR_INVALID,
                "corm_session_rollback()");
  /* Another transaction is nobody's business: what is flushed does not end up in it. */
  outer = begin (suite);
  fresh.count = 5;
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "corm_session_rollback()");
  assert_ok (corm_transaction_commit (outer, error));
  corm_transaction_free (outer);
  assert_ok (corm_session_rollback (session, error));
  assert_int_equal (corm_session_get_state (session, &fresh), CORM_ROW_DETACHED);
  assert_int_equal (get_word (session)->count, 1);
  set_count (session, 4);
  assert_ok (corm_session_commit (session, error));
  assert_count (suite, 4);
}

static void
a_savepoint_within_is_undone (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  set_count (session, 2);
  CormTransaction *inner = begin (suite);
  assert_int_equal (get_word (session)->count, 2);
  corm_transaction_free (inner);
  inner = begin (suite); /* behind the first, in which nothing was written */
  set_count (session, 3);
  assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "begun inside");
  assert_ok (corm_transaction_rollback (inner, error));
  corm_transaction_free (inner);
  assert_count (suite, 2);
  assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "corm_session_rollback()");
  assert_ok (corm_session_rollback (session, error));
  assert_count (suite, 1);
  assert_int_equal (get_word (session)->count, 1);
  set_count (session, 4);
  assert_ok (corm_session_commit (session, error));
  assert_count (suite, 4);
}

/* What the session itself rolls back leaves what it committed before, until that goes as well. */
static void
of_two_commits_both_are_undone (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  CormTransaction *outer = begin (suite);
  set_count (session, 2);
  assert_ok (corm_session_commit (session, error));
  set_count (session, 3);
  assert_ok (corm_session_rollback (session, error));
  assert_int_equal (get_word (session)->count, 2);
  assert_count (suite, 2);
  corm_transaction_free (outer);
  assert_fails (corm_session_get (Word, session, error, .word = "w") != NULL, CORM_ERROR_INVALID, "free");
}

static void
a_commit_and_a_flush_are_undone (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  CormTransaction *outer = begin (suite);
  set_count (session, 2);
  assert_ok (corm_session_commit (session, error));
  set_count (session, 3);
  corm_transaction_free (outer);
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_rollback (session, error), CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "free the session");
  assert_count (suite, 1);
}

static void
what_is_committed_outside_stands (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  CormTransaction *outer = begin (suite);
  set_count (session, 2);
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_transaction_commit (outer, error));
  corm_transaction_free (outer);
  outer = begin (suite); /* behind it, and of somebody else */
  suite_sql (suite->conn, "INSERT INTO words (word, count) VALUES ('other', 1)");
  corm_transaction_free (outer);
  set_count (session, 3);
  assert_ok (corm_session_commit (session, error));
  assert_count (suite, 3);
}

/* The session wrote nothing and read what never was: it reads again. */
static void
what_was_read_inside_is_read_again (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  CormTransaction *outer = begin (suite);
  suite_sql (suite->conn, "UPDATE words SET count = 7");
  const Word *word = get_word (session);
  assert_int_equal (word->count, 7);
  corm_transaction_free (outer);
  assert_ptr_equal (get_word (session), word);
  assert_int_equal (word->count, 1);
}

/* The same of a row that it had flushed before. */
static void
what_was_refreshed_inside_is_read_again (Suite *suite)
{
  g_autoptr (CormSession) session = start (suite);
  set_count (session, 2);
  Word *word = get_word (session);
  CormTransaction *inner = begin (suite);
  suite_sql (suite->conn, "UPDATE words SET count = 7");
  assert_ok (corm_session_refresh (Word, session, word, error));
  assert_int_equal (word->count, 7);
  corm_transaction_free (inner);
  assert_ptr_equal (get_word (session), word);
  assert_int_equal (word->count, 2);
  assert_ok (corm_session_rollback (session, error));
  assert_int_equal (get_word (session)->count, 1);
}

static void
what_another_session_undoes_is_undone (Suite *suite)
{
  g_autoptr (CormSession) outer = start (suite), session = corm_session_new (suite->conn);
  Word fresh = { "fresh", 1 };
  assert_ok (corm_session_add (Word, outer, &fresh, error));
  assert_ok (corm_session_flush (outer, error));
  set_count (session, 2);
  assert_ok (corm_session_commit (session, error));
  assert_ok (corm_session_rollback (outer, error));
  assert_fails (corm_session_flush (session, error), CORM_ERROR_INVALID, "free the session");
  assert_int_equal (get_word (outer)->count, 1);
}

/* It would speak on a connection of somebody else's by then. */
static void
its_connection_is_freed (Suite *suite)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect (suite->db, error)) != NULL);
  Word fresh = { "fresh", 1 };
  g_autoptr (CormSession) session = corm_session_new (conn), other = corm_session_new (conn);
  assert_ok (corm_session_add (Word, session, &fresh, error));
  assert_ok (corm_session_flush (session, error));
  corm_session_free (g_steal_pointer (&other));
  corm_connection_free (conn);
  assert_fails (corm_session_get (Word, session, error, .word = "w") != NULL, CORM_ERROR_INVALID,
                "connection", "free the session");
  assert_fails (corm_session_commit (session, error), CORM_ERROR_INVALID, "free the session");
  assert_fails (corm_session_rollback (session, error), CORM_ERROR_INVALID, "free the session");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM words"), 0);
}

static const SuiteCase cases[] = {
  { "what was committed inside is undone", what_was_committed_inside_is_undone, 0 },
  { "what was flushed inside is undone", what_was_flushed_inside_is_undone, 0 },
  { "a savepoint within is undone", a_savepoint_within_is_undone, 0 },
  { "of two commits both are undone", of_two_commits_both_are_undone, 0 },
  { "a commit and a flush are undone", a_commit_and_a_flush_are_undone, 0 },
  { "what is committed outside stands", what_is_committed_outside_stands, 0 },
  { "what was read inside is read again", what_was_read_inside_is_read_again, 0 },
  { "what was refreshed inside is read again", what_was_refreshed_inside_is_read_again, 0 },
  { "what another session undoes is undone", what_another_session_undoes_is_undone, 0 },
  { "its connection is freed", its_connection_is_freed, 0 },
};

int
main (void)
{
  return SUITE_RUN (people, cases);
}
