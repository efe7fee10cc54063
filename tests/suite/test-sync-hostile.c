/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is done to a peer behind its back: backups that are brought back, copies, keys that are alike, tables of its own beside those that take
 * part, values that do not fit. Nothing may be lost or differ without a word. */
#include "peers.h"

#include <sys/socket.h>

#define ADD(id, content) \
  "INSERT INTO tasks (task_id, list_id, content, is_completed) VALUES ('" id "', 'l', '" content "', 0)"
#define EDIT(id, content) "UPDATE tasks SET content = '" content "' WHERE task_id = '" id "'"

/* --- a past that comes back -------------------------------------------------------------------------------------- */

/* As if a backup from when it had done @seq changes had been brought back. */
static void
peer_turn_back (Peer *peer, gint64 seq, const char *lost)
{
  g_autofree char *log =
      g_strdup_printf ("DELETE FROM corm_oplog WHERE seq > %" G_GINT64_FORMAT " AND peer_id = '%s'", seq,
                       corm_sync_get_peer (peer->sync));
  g_autofree char *row =
      g_strdup_printf ("UPDATE corm_sync SET applying = 0, seq = %" G_GINT64_FORMAT ", clock = 1", seq);
  fresh_run (peer->conn, "UPDATE corm_sync SET applying = 1");
  fresh_run (peer->conn, lost);
  fresh_run (peer->conn, log);
  fresh_run (peer->conn, row);
  fresh_run (peer->conn, "DELETE FROM corm_sync_peers");
  peer_open (peer);
}

static void
a_backup_brought_back_is_noticed (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *path = peer_path ("back.jsonl");
  fresh_run (a->conn, ADD ("t1", "one"));
  peer_meet (a, b);
  fresh_run (a->conn, ADD ("t2", "lost in the backup"));
  fresh_run (a->conn, ADD ("t3", "this too"));
  peer_meet (a, b);
  peer_turn_back (a, 1, "DELETE FROM tasks WHERE task_id <> 't1'");
  fresh_run (a->conn, ADD ("t4", "under a number that t2 had"));
  fresh_run (a->conn, ADD ("t5", "of t3"));
  fresh_run (a->conn, ADD ("t6", "new"));
  assert_ok (corm_sync_write (a->sync, path, NULL, NULL, error));
  assert_fails (corm_sync_read (b->sync, path, NULL, error), CORM_ERROR_INVALID, "new_peer");
  assert_ok (corm_sync_write (b->sync, path, NULL, NULL, error));
  assert_fails (corm_sync_read (a->sync, path, NULL, error), CORM_ERROR_INVALID, "new_peer");
  peer_open_full (a, &(const CormSyncOptions){ .new_peer = true });
  peer_meet (a, b);
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks"), 6);
  g_unlink (path);
  peer_free (a);
  peer_free (b);
}

typedef struct {
  Peer *peer;
  int fd;
  GError *error;
} End;

static gpointer
exchange (gpointer data)
{
  End *end = data;
  corm_sync_exchange (end->peer->sync, end->fd, 5000, NULL, &end->error);
  g_clear_error (&end->error);
  close (end->fd);
  return NULL;
}

/* The same, where only what is new would be told. */
static void
a_backup_brought_back_is_noticed_on_a_socket (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  int fds[2];
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, ADD ("t2", "lost in the backup"));
  peer_meet (a, b);
  peer_meet (a, b);
  peer_turn_back (a, 1, "DELETE FROM tasks WHERE task_id <> 't1'");
  fresh_run (a->conn, ADD ("t4", "under a number that t2 had"));
  fresh_run (a->conn, ADD ("t5", "new"));
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), 0);
  End end = { b, fds[1], NULL };
  GThread *thread = g_thread_new ("peer", exchange, &end);
  gboolean ok = corm_sync_exchange (a->sync, fds[0], 5000, NULL, NULL);
  close (fds[0]);
  g_thread_join (thread);
  assert_false (ok);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM tasks"), 2);
  peer_open_full (a, &(const CormSyncOptions){ .new_peer = true });
  peer_meet (a, b);
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks"), 4);
  peer_free (a);
  peer_free (b);
}

/* Two files of one name, that each go on, and meet a third one only. */
static void
two_of_one_name_are_noticed (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *copy = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *path = peer_path ("two.jsonl");
  g_autofree char *sql =
      g_strdup_printf ("UPDATE corm_sync SET peer_id = '%s'", corm_sync_get_peer (a->sync));
  fresh_run (copy->conn, sql);
  peer_open (copy);
  fresh_run (a->conn, ADD ("t1", "of the first"));
  g_usleep (3000);
  fresh_run (copy->conn, ADD ("t2", "of the second"));
  peer_give (a, b);
  assert_ok (corm_sync_write (copy->sync, path, NULL, NULL, error));
  assert_fails (corm_sync_read (b->sync, path, NULL, error), CORM_ERROR_INVALID, "new_peer");
  peer_open_full (copy, &(const CormSyncOptions){ .new_peer = true });
  peer_meet (copy, b);
  peer_meet (a, b);
  peer_meet (copy, b);
  assert_same (a, b);
  assert_same (a, copy);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks"), 2);
  g_unlink (path);
  peer_free (a);
  peer_free (copy);
  peer_free (b);
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

/* Which a collation may take for one. */
static void
keys_that_are_alike (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *b = peer_new (backend, 1), *a = peer_new_empty (0);
  if (a == NULL) {
    peer_free (b);
    skip ();
  }
  peer_upgrade (a, 1);
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('t1', 'small')");
  peer_give (a, b);
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('T1', 'tall')");
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('t1 ', 'wide')");
  peer_give (a, b);
  fresh_run (a->conn, "UPDATE lists SET name = 'taller' WHERE list_id = 'T1'");
  peer_give (a, b);
  fresh_run (a->conn, "DELETE FROM lists WHERE list_id <> 't1'");
  peer_give (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists WHERE name = 'small'"), 1);
  peer_open (b);
  assert_same (a, b);
  peer_free (a);
  peer_free (b);
}

/* A UUID that somebody wrote in capitals, in a database that keeps it as a text. */
static void
keys_of_uuids (void **state)
{
  static const char table[] = "CREATE TABLE lists (list_id UUID NOT NULL PRIMARY KEY, name VARCHAR(100))";
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new_empty (backend), *b = peer_new_empty (0);
  if (a == NULL) {
    peer_free (b);
    skip ();
  }
  g_autofree char *path = peer_path ("uuid.jsonl");
  fresh_run (a->conn, table);
  fresh_run (b->conn, table);
  fresh_run (b->conn,
             "INSERT INTO lists (list_id, name) VALUES ('AAAAAAAA-1111-4111-8111-11111111111A', 'a')");
  peer_open (a);
  assert_fails (corm_sync_open (b->db, &(const CormSyncOptions){ .tables = "lists" }, error),
                CORM_ERROR_INVALID, "small letters");
  fresh_run (b->conn, "UPDATE lists SET list_id = lower(list_id)");
  peer_open (b);
  fresh_run (b->conn,
             "INSERT INTO lists (list_id, name) VALUES ('BBBBBBBB-1111-4111-8111-11111111111B', 'b')");
  assert_fails (corm_sync_write (b->sync, path, NULL, NULL, error), CORM_ERROR_INVALID, "small letters");
  fresh_run (b->conn, "UPDATE lists SET list_id = lower(list_id)");
  peer_meet (b, a);
  fresh_run (a->conn, "UPDATE lists SET name = 'c'");
  peer_meet (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists WHERE name = 'c'"), 2);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM lists WHERE name = 'c'"), 2);
  peer_free (a);
  peer_free (b);
}

static void
assert_no_key (Peer *peer, const char *insert, const char *way_out)
{
  const CormSyncOptions options = { .tables = "words" };
  assert_ok (corm_sync_pause (peer->conn, NULL, FALSE, NULL, error));
  if (!corm_execute (peer->conn, insert, NULL, NULL, NULL))
    return; /* the database refuses it by itself */
  assert_fails (corm_sync_open (peer->db, &options, error), CORM_ERROR_INVALID, "table words, key word");
  fresh_run (peer->conn, way_out);
  peer_open_full (peer, &options);
  assert_false (corm_execute (peer->conn, insert, NULL, NULL, NULL));
}

/* SQLite takes NULL for a key, and a text of any length for a short one. */
static void
keys_that_are_none (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  const CormSyncOptions options = { .tables = "words" };
  static const char table[] = "CREATE TABLE words (word VARCHAR(400) PRIMARY KEY, n INTEGER)";
  g_autofree char *long_key = g_strnfill (256, 'k'), *longest_key = g_strnfill (255, 'k');
  g_autofree char *too_long = g_strdup_printf ("INSERT INTO words (word) VALUES ('%s')", long_key);
  g_autofree char *longest = g_strdup_printf ("INSERT INTO words (word) VALUES ('%s')", longest_key);
  fresh_run (a->conn, table);
  fresh_run (b->conn, table);
  assert_no_key (a, "INSERT INTO words (n) VALUES (1)", "DELETE FROM words WHERE word IS NULL");
  assert_no_key (a, too_long, "DELETE FROM words WHERE word <> ''");
  peer_open_full (a, &options);
  peer_open_full (b, &options);
  fresh_run (a->conn, longest);
  fresh_run (a->conn, "INSERT INTO words (word) VALUES ('')");
  fresh_run (a->conn, "INSERT INTO words (word) VALUES ('  ''\"  ')");
  peer_meet (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM words"), 3);
  fresh_run (b->conn, "UPDATE words SET n = 5");
  peer_meet (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM words WHERE n = 5"), 3);
  peer_free (a);
  peer_free (b);
}

/* --- beside what takes part -------------------------------------------------------------------------------------- */

/* A row that was deleted and made again is not taken away whenever somebody changes it. */
static void
rows_of_ones_own_stay (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  fresh_run (b->conn, "CREATE TABLE local_marks (mark VARCHAR(20) NOT NULL PRIMARY KEY, task_id VARCHAR(36), "
                      "FOREIGN KEY (task_id) REFERENCES tasks (task_id) ON DELETE CASCADE)");
  peer_open (b);
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, "DELETE FROM tasks");
  fresh_run (a->conn, ADD ("t1", "one"));
  peer_meet (a, b);
  fresh_run (b->conn, "INSERT INTO local_marks (mark, task_id) VALUES ('red', 't1')");
  fresh_run (a->conn, EDIT ("t1", "two"));
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM local_marks"), 1);
  peer_free (a);
  peer_free (b);
}

/* A table that was left out for a while. */
static void
a_table_comes_back (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, ADD ("t2", "two"));
  fresh_run (a->conn, ADD ("t3", "three"));
  peer_meet (a, b);
  peer_open_full (b, &(const CormSyncOptions){ .tables = "lists" });
  fresh_run (b->conn, EDIT ("t1", "changed meanwhile"));
  fresh_run (b->conn, "DELETE FROM tasks WHERE task_id = 't2'");
  fresh_run (a->conn, EDIT ("t3", "changed elsewhere"));
  peer_meet (a, b);
  peer_open (b);
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks WHERE content = 'changed meanwhile'"), 1);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks WHERE content = 'changed elsewhere'"), 1);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks"), 2);
  peer_free (a);
  peer_free (b);
}

/* A program that runs on while another one brings the database up. */
static void
an_old_sync_is_told_to_open_again (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 2), *b = peer_new (backend, 1);
  g_autofree char *path = peer_path ("old.jsonl");
  CormSync *old = NULL;
  assert_ok ((old = corm_sync_open (b->db, &(const CormSyncOptions){ .tables = "lists,tasks,notes" },
                                    error)) != NULL);
  fresh_run (b->conn, ADD ("t1", "one"));
  assert_ok (corm_sync_write (old, path, NULL, NULL, error));
  peer_upgrade (b, 2);
  fresh_run (b->conn, "UPDATE tasks SET priority = 5");
  assert_fails (corm_sync_write (old, path, NULL, NULL, error), CORM_ERROR_INVALID, "open the sync again");
  peer_meet (b, a);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT priority FROM tasks"), 5);
  corm_sync_free (old);
  g_unlink (path);
  peer_free (a);
  peer_free (b);
}

/* --- what does not fit ------------------------------------------------------------------------------------------- */

static void
values_that_do_not_fit (void **state)
{
  static const char *const sql[] = { "INSERT INTO lists (list_id, name) VALUES ('long', 'longer than ten')",
                                     "INSERT INTO lists (list_id, n) VALUES ('big', 3000000000)",
                                     "INSERT INTO lists (list_id, d) VALUES ('late', '9999-12-31')" };
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *b = peer_new_empty (backend), *a = peer_new_empty (0);
  if (b == NULL) {
    peer_free (a);
    skip ();
  }
  fresh_run (
      a->conn,
      "CREATE TABLE lists (list_id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(100), n BIGINT, d DATE)");
  fresh_run (
      b->conn,
      "CREATE TABLE lists (list_id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(10), n SMALLINT, d DATE)");
  peer_open (a);
  peer_open (b);
  for (guint i = 0; i < G_N_ELEMENTS (sql); i++)
    fresh_run (a->conn, sql[i]);
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('fits', 'short')");
  peer_give (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists WHERE name = 'short'"), 1);
  fresh_run (a->conn, "UPDATE lists SET name = 'ok', n = 1");
  peer_meet (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists WHERE name = 'ok' AND n = 1"), 4);
  peer_free (a);
  peer_free (b);
}

/* A zero with a minus, which only PostgreSQL keeps. */
static void
a_zero_is_a_zero (void **state)
{
  static const char table[] =
      "CREATE TABLE lists (list_id VARCHAR(36) NOT NULL PRIMARY KEY, x DOUBLE PRECISION)";
  Peer *a = peer_new_empty (GPOINTER_TO_UINT (*state)), *b = peer_new_empty (0);
  if (a == NULL || b == NULL) {
    peer_free (a);
    peer_free (b);
    skip ();
  }
  fresh_run (a->conn, table);
  fresh_run (b->conn, table);
  peer_open (a);
  peer_open (b);
  fresh_run (a->conn, "INSERT INTO lists (list_id, x) VALUES ('zero', -0e0), ('one', -1e0)");
  fresh_run (a->conn, "UPDATE lists SET x = -0e0 WHERE list_id = 'one'");
  peer_meet (a, b);
  assert_string_equal (b->warnings->str, "");
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists WHERE x = 0"), 2);
  peer_open_full (a, &(const CormSyncOptions){ .scan = true });
  CormSyncReport report = peer_give (a, b);
  assert_int_equal (report.received, 0);
  peer_free (a);
  peer_free (b);
}

/* --- a column that is renamed ------------------------------------------------------------------------------------- */

static void
a_column_is_renamed (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('x', 'old')");
  peer_meet (a, b);
  assert_ok (corm_sync_pause (b->conn, NULL, FALSE, NULL, error));
  fresh_run (b->conn, "ALTER TABLE lists RENAME COLUMN name TO title");
  peer_open (b);
  fresh_run (a->conn, "UPDATE lists SET name = 'new' WHERE list_id = 'x'");
  peer_meet (a, b);
  assert_ok (corm_sync_pause (a->conn, NULL, FALSE, NULL, error));
  fresh_run (a->conn, "ALTER TABLE lists RENAME COLUMN name TO title");
  peer_open (a);
  peer_meet (a, b);
  g_autofree char *one = fresh_text (a->conn, "SELECT title FROM lists");
  g_autofree char *other = fresh_text (b->conn, "SELECT title FROM lists");
  assert_string_equal (one, other);
  peer_free (a);
  peer_free (b);
}

/* --- clocks ------------------------------------------------------------------------------------------------------ */

/* Set to the year 2101 by mistake, and back. */
static void
a_clock_that_was_wrong (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *path = peer_path ("clock.jsonl");
  fresh_run (a->conn, "UPDATE corm_sync SET clock = 4134000000000 * 65536");
  fresh_run (a->conn, ADD ("t1", "one"));
  assert_ok (corm_sync_write (a->sync, path, NULL, NULL, error));
  assert_fails (corm_sync_read (b->sync, path, NULL, error), CORM_ERROR_INVALID, "far ahead");
  peer_open_full (a, &(const CormSyncOptions){ .max_ahead_ms = G_MAXUINT64 });
  peer_open_full (b, &(const CormSyncOptions){ .max_ahead_ms = G_MAXUINT64 });
  peer_meet (a, b);
  fresh_run (b->conn, EDIT ("t1", "two"));
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks WHERE content = 'two'"), 1);
  g_unlink (path);
  peer_free (a);
  peer_free (b);
}

/* At the same moment the names decide, also when one of the names becomes another. */
static void
clocks_that_are_equal (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *peers[] = { peer_new (backend, 1), peer_new (backend, 1), peer_new (backend, 1) };
  g_autofree char *sql = g_strdup_printf ("UPDATE corm_sync SET clock = %" G_GINT64_FORMAT,
                                          (g_get_real_time () / 1000 + 3600000) * 65536);
  fresh_run (peers[0]->conn, ADD ("t1", "one"));
  fresh_run (peers[0]->conn, ADD ("t2", "two"));
  peer_give (peers[0], peers[1]);
  peer_give (peers[0], peers[2]);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *edit = g_strdup_printf (EDIT ("t1", "by %u"), i);
    fresh_run (peers[i]->conn, sql);
    fresh_run (peers[i]->conn, edit);
    fresh_run (peers[i]->conn, i > 0 ? EDIT ("t2", "lives") : "DELETE FROM tasks WHERE task_id = 't2'");
  }
  for (guint i = 0; i < 6; i++) {
    if (i > 0)
      peer_open_full (peers[i % 3], &(const CormSyncOptions){ .new_peer = true });
    peer_meet (peers[0], peers[1]);
    peer_meet (peers[1], peers[2]);
    peer_meet (peers[0], peers[1]);
    assert_same (peers[0], peers[1]);
    assert_same (peers[0], peers[2]);
  }
  for (guint i = 0; i < 3; i++)
    peer_free (peers[i]);
}

/* --- a message that has been bent --------------------------------------------------------------------------------- */

static void
a_bent_message_is_refused (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *path = peer_path ("bent.jsonl");
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, ADD ("t2", "two"));
  assert_ok (corm_sync_write (a->sync, path, NULL, NULL, error));
  g_autofree char *text = peer_read_file (path);
  gsize size = strlen (text);
  for (gsize i = strcspn (text, "\n") + 1; i < size; i += 13) {
    char was = text[i];
    text[i] = (char) (was ^ 1);
    assert_true (g_file_set_contents (path, text, -1, NULL));
    if (corm_sync_read (b->sync, path, NULL, NULL))
      fail_msg ("taken: %c for %c at %u", text[i], was, (guint) i);
    text[i] = was;
  }
  g_unlink (path);
  peer_free (a);
  peer_free (b);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    NATIVE (a_backup_brought_back_is_noticed),
    NATIVE (a_backup_brought_back_is_noticed_on_a_socket),
    NATIVE (two_of_one_name_are_noticed),
    FRESH (keys_that_are_alike),
    NATIVE (keys_of_uuids),
    NATIVE (keys_that_are_none),
    NATIVE (rows_of_ones_own_stay),
    NATIVE (a_table_comes_back),
    NATIVE (an_old_sync_is_told_to_open_again),
    NATIVE (values_that_do_not_fit),
    NATIVE (a_zero_is_a_zero),
    NATIVE (a_column_is_renamed),
    NATIVE (a_clock_that_was_wrong),
    NATIVE (clocks_that_are_equal),
    FRESH_ON (a_bent_message_is_refused, 0),
  };
  return cmocka_run_group_tests_name ("sync-hostile", tests, NULL, fresh_end);
}
