/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What travels between peers: hostile, halved, lost, doubled and late messages; copies of a peer; compaction; sockets. */
#include "peers.h"

#include <sys/socket.h>

#define ADD(id, content) \
  "INSERT INTO tasks (task_id, list_id, content, is_completed) VALUES ('" id "', 'l', '" content "', 0)"

/* --- messages ---------------------------------------------------------------------------------------------------- */

#define P "11111111-1111-4111-8111-111111111111"
#define HELLO \
  "{\"corm_sync\":1,\"peer\":\"" P "\",\"version\":1,\"capabilities\":[],\"have\":{\"" P "\":1}}\n"
#define CHANGE(seq, clock, more) \
  "{\"peer\":\"" P "\",\"seq\":" seq ",\"clock\":\"" clock "\",\"table\":\"lists\",\"row\":\"r\"," more "}" \
  "\n"
#define CREATE "\"op\":\"create\",\"set\":{\"name\":\"n\"}"
#define CLOCK "0180000000000000"
#define END "{\"end\":1,\"from\":{},\"to\":{\"" P "\":1}}\n"

static const char *const hostile[][2] = {
  { "", "ends in the middle" },
  { "not JSON\n", "no JSON" },
  { "\xff\xfe\n", "no JSON" },
  { "[1]\n", "no JSON object" },
  { END, "who speaks" },
  { HELLO, "ends in the middle" },
  { HELLO CHANGE ("1", CLOCK, CREATE), "ends in the middle" },
  { HELLO CHANGE ("1", CLOCK, CREATE) "{\"end\":1,\"from\":{},\"to\"", "no JSON" },
  { HELLO CHANGE ("1", CLOCK, CREATE) "{\"end\":2,\"from\":{},\"to\":{}}\n", "not whole" },
  { HELLO CHANGE ("1", CLOCK, CREATE) END END, "behind the end" },
  { HELLO HELLO, "second message" },
  { "{\"corm_sync\":2,\"peer\":\"" P "\",\"version\":1,\"capabilities\":[],\"have\":{}}\n", "newer Corm" },
  { "{\"corm_sync\":1,\"peer\":\"" P "\",\"version\":-1,\"capabilities\":[],\"have\":{}}\n", "out of range" },
  { "{\"corm_sync\":1,\"peer\":\"me\",\"version\":1,\"capabilities\":[],\"have\":{}}\n", "no UUID" },
  { "{\"corm_sync\":1,\"peer\":\"" P "\",\"version\":1,\"capabilities\":[5],\"have\":{}}\n", "capability" },
  { "{\"corm_sync\":1,\"peer\":\"" P "\",\"version\":1,\"capabilities\":[],\"have\":{\"x\":1}}\n",
    "no UUID" },
  { "{\"corm_sync\":1,\"peer\":\"" P "\",\"version\":1,\"capabilities\":[],\"have\":{},\"more\":1}\n",
    "unknown here" },
  { HELLO CHANGE ("1", CLOCK, CREATE ",\"x\":1") END, "unknown here" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":\"drop\",\"set\":{}") END, "neither create" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":\"update\",\"set\":{}") END, "empty" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":\"update\",\"set\":{\"name\":5}") END, "neither a text nor null" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":\"update\",\"set\":{\"name\":\"a\\u0000b\"}") END, "NUL" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":\"update\",\"set\":{\"\":\"a\"}") END, "column's name" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":\"delete\",\"set\":{}") END, "unknown here" },
  { HELLO CHANGE ("1", CLOCK, "\"op\":[]") END, "another type" },
  { HELLO CHANGE ("0", CLOCK, CREATE) END, "out of range" },
  { HELLO CHANGE ("99999999999999999999", CLOCK, CREATE) END, "\"seq\"" },
  { HELLO CHANGE ("1.5", CLOCK, CREATE) END, "another type" },
  { HELLO CHANGE ("1", "7fffffffffffffff", CREATE) END, "far ahead" },
  { HELLO CHANGE ("1", "ffffffffffffffff", CREATE) END, "16 hexadecimal" },
  { HELLO CHANGE ("1", "12", CREATE) END, "16 hexadecimal" },
  { HELLO CHANGE ("1", "0000000000000000", CREATE) END, "is 0" },
};

static void
assert_message (Peer *peer, const char *path, const char *message, const char *why)
{
  g_autofree char *before = peer_dump (peer, 1);
  gint64 n = peer_number (peer, "SELECT count(*) FROM corm_oplog");
  assert_true (g_file_set_contents (path, message, -1, NULL));
  assert_fails (corm_sync_read (peer->sync, path, NULL, error), CORM_ERROR_INVALID, why);
  g_autofree char *after = peer_dump (peer, 1);
  assert_string_equal (before, after);
  assert_int_equal (peer_number (peer, "SELECT count(*) FROM corm_oplog"), n);
  assert_int_equal (peer_number (peer, "SELECT count(*) FROM corm_sync_peers"), 0);
  assert_int_equal (peer_number (peer, "SELECT count(*) FROM corm_sync_seen"), 0);
  assert_int_equal (peer_number (peer, "SELECT applying FROM corm_sync"), 0);
}

static void
hostile_messages_change_nothing (void **state)
{
  Peer *peer = peer_new (GPOINTER_TO_UINT (*state), 1);
  g_autofree char *path = peer_path ("hostile.jsonl");
  fresh_run (peer->conn, "INSERT INTO lists (list_id, name) VALUES ('mine', 'here')");
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    assert_message (peer, path, hostile[i][0], hostile[i][1]);
  g_unlink (path);
  assert_fails (corm_sync_read (peer->sync, path, NULL, error), CORM_ERROR_DENIED,
                "hostile.jsonl: cannot read it: ");
  assert_fails (corm_sync_write (peer->sync, path, P, NULL, error), CORM_ERROR_INVALID, "heard of");
  assert_fails (corm_sync_write (peer->sync, "/nowhere/at/all", NULL, NULL, error), CORM_ERROR_DENIED,
                "cannot write /nowhere/at/all: ");
  /* The good one is taken in, last line without a newline and all. */
  assert_true (g_file_set_contents (path, HELLO CHANGE ("1", CLOCK, CREATE) END, -1, NULL));
  assert_ok (corm_sync_read (peer->sync, path, NULL, error));
  assert_int_equal (peer_number (peer, "SELECT count(*) FROM lists"), 2);
  g_unlink (path);
  peer_free (peer);
}

/* Every beginning of a message is no message. */
static void
half_a_message_is_none (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *path = peer_path ("half.jsonl");
  fresh_run (a->conn, ADD ("t1", "one"));
  assert_ok (corm_sync_write (a->sync, path, NULL, NULL, error));
  g_autofree char *text = peer_read_file (path);
  for (gsize n = 0; n + 1 < strlen (text); n += 29) {
    assert_true (g_file_set_contents (path, text, (gssize) n, NULL));
    assert_fails (corm_sync_read (b->sync, path, NULL, error), CORM_ERROR_INVALID, "line");
  }
  assert_int_equal (peer_number (b, "SELECT count(*) FROM tasks"), 0);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_ok (corm_sync_read (b->sync, path, NULL, error));
  assert_same (a, b);
  g_unlink (path);
  peer_free (a);
  peer_free (b);
}

static void
assert_read (Peer *peer, const char *path, guint64 received, guint64 known, gboolean has_gap)
{
  CormSyncReport report;
  assert_ok (corm_sync_read (peer->sync, path, &report, error));
  assert_int_equal (report.received, received);
  assert_int_equal (report.known, known);
  assert_int_equal (report.has_gap, has_gap);
}

/* Lost, doubled, in the wrong order. */
static void
messages_come_as_they_like (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *first = peer_path ("first.jsonl"), *second = peer_path ("second.jsonl");
  CormSyncReport report;
  peer_meet (b, a);
  const char *to = corm_sync_get_peer (b->sync);
  fresh_run (a->conn, ADD ("t1", "one"));
  assert_ok (corm_sync_write (a->sync, first, to, &report, error));
  assert_int_equal (report.sent, 1);
  assert_string_equal (report.peer, to);
  /* As if b had said that it has this; the second message then lacks it. */
  g_autofree char *sql = g_strdup_printf ("UPDATE corm_sync_peers SET hello = replace(hello, '\"have\":{', "
                                          "'\"have\":{\"%s\":1')",
                                          corm_sync_get_peer (a->sync));
  fresh_run (a->conn, sql);
  fresh_run (a->conn, ADD ("t2", "two"));
  assert_ok (corm_sync_write (a->sync, second, to, &report, error));
  assert_int_equal (report.sent, 1);

  assert_read (b, second, 1, 0, TRUE);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM tasks"), 1);
  assert_read (b, second, 0, 1, TRUE);
  assert_read (b, first, 1, 0, FALSE);
  assert_read (b, second, 0, 1, FALSE);
  assert_read (b, first, 0, 1, FALSE);
  assert_same (a, b);
  peer_give (b, a);
  assert_ok (corm_sync_write (a->sync, first, to, &report, error));
  assert_int_equal (report.sent, 0);
  g_unlink (first);
  g_unlink (second);
  peer_free (a);
  peer_free (b);
}

/* A copy of a database is not the same peer. */
static void
a_copy_takes_a_new_name (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  g_autofree char *name = g_strdup (corm_sync_get_peer (a->sync)), *path = peer_path ("copy.jsonl");
  g_autofree char *sql = g_strdup_printf ("UPDATE corm_sync SET peer_id = '%s'", name);
  fresh_run (b->conn, sql);
  peer_open (b);
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (b->conn, ADD ("t1", "one"));
  fresh_run (b->conn, ADD ("t2", "two"));
  assert_ok (corm_sync_write (b->sync, path, NULL, NULL, error));
  assert_fails (corm_sync_read (a->sync, path, NULL, error), CORM_ERROR_INVALID, "new_peer");
  peer_open_full (b, &(const CormSyncOptions){ .new_peer = true });
  assert_string_not_equal (corm_sync_get_peer (b->sync), name);
  fresh_run (b->conn, ADD ("t3", "three"));
  peer_open_full (a, &(const CormSyncOptions){ .new_peer = true });
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks"), 3);
  g_unlink (path);
  peer_free (a);
  peer_free (b);
}

/* --- compaction -------------------------------------------------------------------------------------------------- */

static void
compaction_keeps_what_somebody_needs (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1), *late = peer_new (backend, 1);
  guint64 n;
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, ADD ("t2", "two"));
  peer_meet (a, late);
  for (guint i = 0; i < 5; i++) {
    g_autofree char *sql = g_strdup_printf ("UPDATE tasks SET content = 'edit %u' WHERE task_id = 't1'", i);
    fresh_run (i % 2 == 0 ? a->conn : b->conn, sql);
    peer_meet (a, b);
  }
  fresh_run (b->conn, "DELETE FROM tasks WHERE task_id = 't2'");
  peer_meet (a, b);
  gint64 before = peer_number (a, "SELECT count(*) FROM corm_oplog");
  assert_ok (corm_sync_compact (a->sync, &n, error));
  assert_true (n >= 9);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM corm_oplog"), before - (gint64) n);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM corm_oplog"), 6); /* create, four columns; delete */
  assert_ok (corm_sync_compact (a->sync, &n, error));
  assert_int_equal (n, 0);
  fresh_run (late->conn, "UPDATE tasks SET content = 'too late' WHERE task_id = 't2'");
  assert_false (peer_give (a, late).has_gap);
  peer_meet (late, b);
  peer_meet (b, a);
  assert_same (a, late);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks"), 1);
  peer_free (a);
  peer_free (b);
  peer_free (late);
}

/* --- a socket ---------------------------------------------------------------------------------------------------- */

typedef struct {
  Peer *peer;
  int fd;
  gboolean ok;
  CormSyncReport report;
} End;

static gpointer
exchange (gpointer data)
{
  End *end = data;
  g_autoptr (GError) error = NULL;
  end->ok = corm_sync_exchange (end->peer->sync, end->fd, 20000, &end->report, &error);
  if (!end->ok)
    g_printerr ("# %s\n", error->message);
  close (end->fd);
  return NULL;
}

static void
peers_talk_over_a_socket (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 2);
  int fds[2];
  g_autofree char *long_text = g_strnfill (200, 'x');
  for (guint i = 0; i < 40; i++) {
    g_autofree char *sql = g_strdup_printf (ADD ("a%u", "%s"), i, long_text);
    fresh_run (a->conn, sql);
    sql[strlen ("INSERT INTO tasks (task_id, list_id, content, is_completed) VALUES ('")] = 'b';
    fresh_run (b->conn, sql);
  }
  for (guint round = 0; round < 2; round++) {
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), 0);
    End ends[2] = { { .peer = a, .fd = fds[0] }, { .peer = b, .fd = fds[1] } };
    GThread *thread = g_thread_new ("peer", exchange, &ends[1]);
    exchange (&ends[0]);
    g_thread_join (thread);
    assert_true (ends[0].ok && ends[1].ok);
    assert_int_equal (ends[0].report.received, round == 0 ? 40 : 0);
    assert_int_equal (ends[1].report.received, round == 0 ? 40 : 0);
    assert_int_equal (ends[0].report.sent, round == 0 ? 40 : 0);
    assert_int_equal (ends[0].report.version, 2);
    assert_string_equal (ends[1].report.peer, corm_sync_get_peer (a->sync));
  }
  assert_same (a, b);
  g_autoptr (GPtrArray) peers = NULL;
  assert_ok ((peers = corm_sync_list_peers (a->sync, error)) != NULL);
  const CormSyncPeer *peer = peers->pdata[0];
  assert_int_equal (peers->len, 1);
  assert_int_equal (peer->version, 2);
  assert_string_equal (peer->capabilities[0], "tasks");
  assert_int_equal (peer->behind, 0);
  peer_free (a);
  peer_free (b);
}

/* Somebody else, nobody, and a peer that leaves in the middle. */
static void
strangers_on_a_socket (void **state)
{
  static const char *const words[] = { "GET / HTTP/1.1\r\n", "", HELLO, HELLO CHANGE ("1", CLOCK, CREATE),
                                       NULL };
  Peer *peer = peer_new (GPOINTER_TO_UINT (*state), 1);
  int fds[2];
  for (guint i = 0; words[i] != NULL; i++) {
    assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal (write (fds[1], words[i], strlen (words[i])), (int) strlen (words[i]));
    shutdown (fds[1], SHUT_WR);
    assert_fails (corm_sync_exchange (peer->sync, fds[0], 500, NULL, error),
                  i == 0 ? CORM_ERROR_INVALID : CORM_ERROR_CONNECTION, "sync");
    close (fds[0]);
    close (fds[1]);
  }
  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), 0);
  assert_fails (corm_sync_exchange (peer->sync, fds[0], 50, NULL, error), CORM_ERROR_CONNECTION, "silent");
  close (fds[0]);
  close (fds[1]);
  assert_int_equal (peer_number (peer, "SELECT count(*) FROM lists"), 0);
  peer_free (peer);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    NATIVE (hostile_messages_change_nothing),
    NATIVE (half_a_message_is_none),
    FRESH (messages_come_as_they_like),
    FRESH (a_copy_takes_a_new_name),
    FRESH (compaction_keeps_what_somebody_needs),
    FRESH (peers_talk_over_a_socket),
    NATIVE (strangers_on_a_socket),
  };
  return cmocka_run_group_tests_name ("sync-messages", tests, NULL, fresh_end);
}
