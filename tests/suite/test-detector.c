/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Queries in a loop are reported, once, with the place and what to write instead; loops that are none are not. */
#include "chinook.h"

typedef struct {
  guint n;
  int line;
  gboolean here; /* this file */
  char *message;
} Heard;

static void
hear (const CormRepeat *repeat, gpointer data)
{
  Heard *heard = data;
  heard->n++;
  heard->line = repeat->line;
  heard->here = repeat->file != NULL && strstr (repeat->file, "test-detector.c") != NULL;
  g_free (heard->message);
  heard->message = g_strdup (repeat->message);
}

/* A pool of its own, that reports from the @repeats-th time on. */
static CormDb *
open_heard (Suite *suite, Heard *heard, guint repeats)
{
  suite_close (suite);
  CormDbOptions options = { .detect_repeats = repeats, .on_repeat = hear, .on_repeat_data = heard };
  CormDb *db = suite_open (suite, &options);
  CormConnection *conn = suite_connect (db);
  chinook_fill (conn);
  corm_connection_free (conn);
  return db;
}

static void
a_get_in_a_loop (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, 10);
  g_autoptr (CormConnection) conn = suite_connect (db);
  int line = 0;
  for (gint64 i = 1; i <= 30; i++) {
    line = __LINE__ + 1;
    g_autoptr (Album) album = corm_get (Album, conn, NULL, .id = 1 + i % 9);
    assert_non_null (album);
    assert_int_equal (heard.n, i < 10 ? 0 : 1);
  }
  assert_int_equal (heard.line, line);
  assert_true (heard.here);
  g_autofree char *message = heard.message;
  assert_non_null (strstr (message, "test-detector.c:"));
  assert_non_null (strstr (message, "the same query of table albums was run 10 times"));
  assert_non_null (strstr (message, ".with = CORM_WITH (Track, album)"));
  assert_non_null (strstr (message, "CORM_IN (Album, id, …)"));
}

/* A session's get is told by its own line, and what it has in memory is no query. */
static void
a_sessions_get_in_a_loop (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, 5);
  g_autoptr (CormConnection) conn = suite_connect (db);
  g_autoptr (CormSession) session = corm_session_new (conn);
  for (guint round = 0; round < 9; round++) {
    assert_non_null (corm_session_get (Album, session, NULL, .id = 1));
    assert_non_null (corm_session_get (Album, session, NULL, .id = 2));
  }
  for (gint64 i = 3; i <= 5; i++)
    assert_non_null (corm_session_get (Album, session, NULL, .id = i));
  assert_int_equal (heard.n, 0);
  int line = 0;
  for (gint64 i = 6; i <= 10; i++) {
    line = __LINE__ + 1;
    assert_non_null (corm_session_get (Album, session, NULL, .id = i));
  }
  assert_int_equal (heard.n, 1);
  assert_int_equal (heard.line, line);
  assert_true (heard.here);
  g_free (heard.message);
}

static void
a_find_by_foreign_key_in_a_loop (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, 5);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (gint64 i = 1; i <= 12; i++) {
    g_autoptr (CormRows) albums = corm_find (
        Album, conn, NULL, .where = CORM_ALL (CORM_EQ (Album, artist_id, i), CORM_GT (Album, id, 0)));
    assert_non_null (albums);
  }
  g_autofree char *message = heard.message;
  assert_int_equal (heard.n, 1);
  assert_non_null (strstr (message, ".with = CORM_WITH (Artist, albums)"));
}

/* job_get () and plain functions have no line: the report says where the call is in the program. */
static void
a_plain_function_in_a_loop (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, 10);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (gint64 i = 1; i <= 12; i++) {
    Genre key = { .id = 1 + i % 4 };
    g_autoptr (Genre) genre = genre_get (conn, &key, NULL);
    assert_non_null (genre);
  }
  g_autofree char *message = heard.message;
  assert_int_equal (heard.n, 1);
  assert_false (heard.here);
  assert_non_null (strstr (message, "+0x"));
}

/* One loop that starts a transaction each time, and queries at many places. */
static void
what_is_no_loop (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, 3);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (guint i = 0; i < 9; i++) {
    g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL);
    g_autoptr (Album) album = corm_get (Album, conn, NULL, .id = 1);
    assert_non_null (album);
    assert_ok (corm_transaction_commit (transaction, error));
  }
  g_autoptr (Album) one = corm_get (Album, conn, NULL, .id = 1);
  g_autoptr (Album) two = corm_get (Album, conn, NULL, .id = 2);
  g_autoptr (Album) three = corm_get (Album, conn, NULL, .id = 3);
  g_autoptr (CormRows) tracks =
      corm_find (Track, conn, NULL, .with = CORM_WITH (Track, album, genre, playlists));
  assert_true (one != NULL && two != NULL && three != NULL && tracks != NULL);
  assert_int_equal (heard.n, 0);
}

static void
a_connection_that_was_given_back (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, 3);
  for (guint i = 0; i < 9; i++) {
    g_autoptr (CormConnection) conn = suite_connect (db);
    g_autoptr (Album) album = corm_get (Album, conn, NULL, .id = 1);
    assert_non_null (album);
  }
  assert_int_equal (heard.n, 0);
}

static void
no_detector (Suite *suite)
{
  Heard heard = { 0 };
  g_autoptr (CormDb) db = open_heard (suite, &heard, G_MAXUINT);
  g_autoptr (CormConnection) conn = suite_connect (db);
  for (guint i = 0; i < 30; i++) {
    g_autoptr (Album) album = corm_get (Album, conn, NULL, .id = 1);
    assert_non_null (album);
  }
  assert_int_equal (heard.n, 0);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "a get in a loop", a_get_in_a_loop, 0 },
    { "a session's get in a loop", a_sessions_get_in_a_loop, 0 },
    { "a find by foreign key in a loop", a_find_by_foreign_key_in_a_loop, 0 },
    { "a plain function in a loop", a_plain_function_in_a_loop, 0 },
    { "what is no loop", what_is_no_loop, 0 },
    { "a connection that was given back", a_connection_that_was_given_back, 0 },
    { "no detector", no_detector, 0 },
  };
  return SUITE_RUN (chinook, cases);
}
