/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Ten peers of mixed versions change what they like, are parted and brought together at random; messages are lost, doubled and late.
 * After the last upgrade and the last exchange all are equal, and are what an oracle makes of all that was ever logged.
 *
 * CORM_TEST_OPERATIONS: how many operations (default 120; the figure in doc/manual/sync.md is 10 000), CORM_TEST_SEED: which. */
#include "peers.h"

enum { N_PEERS = 10, LAST_VERSION = 5, MAX_MESSAGES = 12, N_ROWS = 30 };

typedef struct {
  char *path;
  guint from, to;
} Message;

typedef struct {
  GRand *rand;
  Peer *peers[N_PEERS];
  guint side[N_PEERS]; /* of the partition */
  GPtrArray *messages; /* under way */
  guint n_files, n_changes, n_sent, n_read, n_lost, n_doubled, n_upgrades, n_compactions;
  GHashTable *oracle; /* "table/row/column" -> what counts */
} World;

static guint
env_number (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);
  return text != NULL && *text != '\0' ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

static guint
dice (World *world, guint n)
{
  return (guint) g_rand_int_range (world->rand, 0, (gint32) n);
}

/* --- what happens ------------------------------------------------------------------------------------------------ */

static gboolean change (Peer *peer, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A row that is there already, or not, is no failure. */
static gboolean
change (Peer *peer, const char *format, ...)
{
  va_list args;
  g_autoptr (GError) error = NULL;
  va_start (args, format);
  g_autofree char *sql = g_strdup_vprintf (format, args);
  va_end (args);
  gboolean ok = corm_execute (peer->conn, sql, NULL, NULL, &error);
  if (!ok && error->code != CORM_ERROR_UNIQUE)
    fail_msg ("%s: %s", sql, error->message);
  return ok;
}

static void
change_something (World *world)
{
  Peer *peer = world->peers[dice (world, N_PEERS)];
  guint row = dice (world, N_ROWS), value = world->n_changes++;
  switch (dice (world, 9)) {
  case 0:
  case 1:
    change (peer,
            "INSERT INTO tasks (task_id, list_id, content, is_completed) VALUES ('t%u', 'l%u', 'new %u', 0)",
            row, row % 3, value);
    break;
  case 2:
    change (peer, "UPDATE tasks SET content = 'text %u' WHERE task_id = 't%u'", value, row);
    break;
  case 3:
    change (peer, "UPDATE tasks SET is_completed = %u, due_date = '2026-01-%02u' WHERE task_id = 't%u'",
            value % 2, value % 28 + 1, row);
    break;
  case 4:
    change (peer, "DELETE FROM tasks WHERE task_id = 't%u'", row);
    break;
  case 5:
    if (peer->version >= 2)
      change (peer, "UPDATE tasks SET priority = %u WHERE task_id = 't%u'", value, row);
    break;
  case 6:
    if (peer->version >= 3)
      change (peer, "INSERT INTO notes (note_id, body) VALUES ('n%u', 'note %u')", row, value);
    break;
  case 7:
    if (peer->version >= 5)
      change (peer, "UPDATE lists SET color = 'c%u' WHERE list_id = 'l%u'", value, row % 3);
    else if (peer->version >= 4)
      change (peer, "UPDATE tasks SET tags = NULL WHERE task_id = 't%u'", row);
    break;
  default:
    if (!change (peer, "INSERT INTO lists (list_id, name) VALUES ('l%u', 'list %u')", row % 3, value))
      change (peer, "UPDATE lists SET name = 'list %u' WHERE list_id = 'l%u'", value, row % 3);
  }
}

static void
message_free (gpointer data)
{
  Message *message = data;
  g_unlink (message->path);
  g_free (message->path);
  g_free (message);
}

static void
send_something (World *world)
{
  guint from = dice (world, N_PEERS), to = dice (world, N_PEERS);
  if (from == to || world->side[from] != world->side[to])
    return;
  Message *message = g_new0 (Message, 1);
  g_autofree char *name = g_strdup_printf ("peers-%u.jsonl", world->n_files++);
  *message = (Message){ .path = peer_path (name), .from = from, .to = to };
  /* To somebody who has been heard of, or everything. */
  if (!corm_sync_write (world->peers[from]->sync, message->path, corm_sync_get_peer (world->peers[to]->sync),
                        NULL, NULL))
    assert_ok (corm_sync_write (world->peers[from]->sync, message->path, NULL, NULL, error));
  world->n_sent++;
  g_ptr_array_add (world->messages, message);
}

/* Whichever of those under way; some are lost, some come twice, and some are read by a third peer. */
static void
receive_something (World *world)
{
  if (world->messages->len == 0)
    return;
  guint i = dice (world, world->messages->len), luck = dice (world, 10);
  const Message *message = world->messages->pdata[i];
  guint to = luck == 9 ? dice (world, N_PEERS) : message->to;
  if (luck > 0) {
    assert_ok (corm_sync_read (world->peers[to]->sync, message->path, NULL, error));
    world->n_read++;
  }
  world->n_lost += luck == 0;
  world->n_doubled += luck == 1;
  if (luck != 1)
    g_ptr_array_remove_index (world->messages, i);
}

static void
step (World *world)
{
  guint luck = dice (world, 200);
  Peer *peer = world->peers[dice (world, N_PEERS)];
  change_something (world);
  if (luck < 60)
    send_something (world);
  if (luck < 50 || world->messages->len > MAX_MESSAGES)
    receive_something (world);
  if (luck == 60 && peer->version < LAST_VERSION) {
    peer_upgrade (peer, peer->version + 1);
    world->n_upgrades++;
  }
  if (luck == 61) {
    assert_ok (corm_sync_compact (peer->sync, NULL, error));
    world->n_compactions++;
  }
  if (luck == 62)
    for (guint i = 0; i < N_PEERS; i++)
      world->side[i] = dice (world, 2);
}

/* --- the oracle -------------------------------------------------------------------------------------------------- */

/* The latest of a kind: "clock peer value", which sorts as the operations do. */
static void
keep_latest (World *world, char *key, char *entry)
{
  const char *known = g_hash_table_lookup (world->oracle, key);
  if (known != NULL && strcmp (known, entry) >= 0) {
    g_free (key);
    g_free (entry);
    return;
  }
  g_hash_table_insert (world->oracle, key, entry);
}

/* All that this peer has logged or heard, and nothing that only another one has. */
static void
tell_oracle (World *world, Peer *peer)
{
  g_autoptr (CormCursor) cursor = NULL;
  assert_ok ((cursor = corm_query (
                  peer->conn,
                  "SELECT table_name, row_id, op, column_name, clock, peer_id, new_value FROM corm_oplog",
                  NULL, error)) != NULL);
  while (corm_cursor_next (cursor, NULL)) {
    GString *cells[7];
    for (guint i = 0; i < 7; i++) {
      cells[i] = g_string_new (NULL);
      corm_value_append_text (corm_cursor_get_value (cursor, i), cells[i]);
    }
    keep_latest (world,
                 g_strdup_printf ("%s/%s/%s%s", cells[0]->str, cells[1]->str, cells[2]->str, cells[3]->str),
                 g_strdup_printf ("%020" G_GINT64_FORMAT " %s %s", g_ascii_strtoll (cells[4]->str, NULL, 10),
                                  cells[5]->str, cells[6]->str));
    for (guint i = 0; i < 7; i++)
      g_string_free (cells[i], TRUE);
  }
}

static const char *
ask_oracle (World *world, const char *table, const char *row, const char *what)
{
  g_autofree char *key = g_strdup_printf ("%s/%s/%s", table, row, what);
  return g_hash_table_lookup (world->oracle, key);
}

static gboolean
is_newer (const char *a, const char *b)
{
  return a != NULL && (b == NULL || strcmp (a, b) > 0);
}

/* Clock and peer take 20 + 1 + 36 + 1 characters. */
static void
append_cell (World *world, GString *text, const char *table, const char *row, const char *column,
             const char *otherwise)
{
  g_autofree char *what = g_strconcat ("2", column, NULL);
  const char *set = ask_oracle (world, table, row, what);
  gboolean counts = is_newer (set, ask_oracle (world, table, row, "3"));
  g_string_append_printf (text, "%s|", counts ? set + 58 : otherwise);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* In the form of peer_dump(). */
static void
foretell (World *world, GString *text, const char *table, char letter, const char *const *columns,
          const char *const *otherwise)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < N_ROWS; i++)
    g_ptr_array_add (ids, g_strdup_printf ("%c%u", letter, i));
  g_ptr_array_sort (ids, compare_texts);
  for (guint i = 0; i < ids->len; i++) {
    const char *id = ids->pdata[i];
    if (!is_newer (ask_oracle (world, table, id, "1"), ask_oracle (world, table, id, "3")))
      continue;
    g_string_append_printf (text, "%s|", id);
    for (guint c = 0; columns[c] != NULL; c++)
      append_cell (world, text, table, id, columns[c], otherwise[c]);
    g_string_append_c (text, '\n');
  }
}

static char *
foretell_all (World *world)
{
  static const char *const list[] = { "name", NULL };
  static const char *const task[] = { "list_id", "content", "is_completed", "due_date", NULL };
  static const char *const priority[] = { "priority", NULL }, *const note[] = { "body", NULL };
  static const char *const nulls[] = { "NULL", "NULL", "NULL", "NULL" }, *const zero[] = { "0" };
  GString *text = g_string_new ("-- 0\n");
  foretell (world, text, "lists", 'l', list, nulls);
  g_string_append (text, "-- 1\n");
  foretell (world, text, "tasks", 't', task, nulls);
  g_string_append (text, "-- 2\n");
  foretell (world, text, "tasks", 't', priority, zero);
  g_string_append (text, "-- 3\n");
  foretell (world, text, "notes", 'n', note, nulls);
  return g_string_free (text, FALSE);
}

/* --- the end ----------------------------------------------------------------------------------------------------- */

static void
bring_together (World *world)
{
  for (guint i = 0; i < N_PEERS; i++)
    peer_upgrade (world->peers[i], LAST_VERSION);
  for (guint i = 0; i < N_PEERS; i++)
    tell_oracle (world, world->peers[i]);
  for (guint i = 1; i < N_PEERS; i++)
    peer_give (world->peers[i], world->peers[0]);
  for (guint i = 1; i < N_PEERS; i++)
    assert_false (peer_give (world->peers[0], world->peers[i]).has_gap);
}

/* What it has seen of each peer, and what it has done itself; free with g_free(). */
static char *
vector (Peer *peer)
{
  g_autoptr (CormCursor) cursor = NULL;
  GString *text = g_string_new (NULL);
  assert_ok ((cursor = corm_query (peer->conn,
                                   "SELECT peer_id, seq FROM corm_sync_seen UNION SELECT peer_id, seq FROM "
                                   "corm_sync WHERE seq > 0 ORDER BY peer_id",
                                   NULL, error)) != NULL);
  while (corm_cursor_next (cursor, NULL))
    for (guint i = 0; i < 2; i++) {
      corm_value_append_text (corm_cursor_get_value (cursor, i), text);
      g_string_append_c (text, i == 0 ? ' ' : '\n');
    }
  return g_string_free (text, FALSE);
}

static void
check_peer (World *world, guint i, const char *wanted)
{
  Peer *peer = world->peers[i];
  g_autofree char *is = peer_dump (peer, LAST_VERSION);
  g_autofree char *more = fresh_text (peer->conn, "SELECT count(*) FROM tasks WHERE tags IS NULL");
  g_autofree char *first =
      fresh_text (world->peers[0]->conn, "SELECT count(*) FROM tasks WHERE tags IS NULL");
  assert_string_equal (is, wanted);
  assert_string_equal (more, first);
  assert_int_equal (peer_number (peer, "SELECT count(*) FROM corm_oplog WHERE state <> 0"), 0);
  peer_open_full (peer, &(const CormSyncOptions){ .scan = true }); /* the log says what the tables hold */
  g_autofree char *seen = vector (peer), *wanted_seen = vector (world->peers[0]);
  assert_string_equal (seen, wanted_seen);
}

static void
all_end_equal (void **state)
{
  guint seed = env_number ("CORM_TEST_SEED", g_random_int ()), n = env_number ("CORM_TEST_OPERATIONS", 120);
  World world = { .rand = g_rand_new_with_seed (seed) };
  world.messages = g_ptr_array_new_with_free_func (message_free);
  world.oracle = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  print_message ("# CORM_TEST_SEED=%u CORM_TEST_OPERATIONS=%u\n", seed, n);
  for (guint i = 0; i < N_PEERS; i++)
    world.peers[i] = peer_new (GPOINTER_TO_UINT (*state), i % 3 + 1);
  while (world.n_changes < n)
    step (&world);
  bring_together (&world);
  g_autofree char *wanted = foretell_all (&world);
  for (guint i = 0; i < N_PEERS; i++)
    check_peer (&world, i, wanted);
  print_message ("# %u changes, %u messages sent, %u read, %u lost, %u doubled, %u upgrades, %u compactions: "
                 "%d peers equal\n",
                 world.n_changes, world.n_sent, world.n_read, world.n_lost, world.n_doubled, world.n_upgrades,
                 world.n_compactions, N_PEERS);
  for (guint i = 0; i < N_PEERS; i++)
    peer_free (world.peers[i]);
  g_ptr_array_unref (world.messages);
  g_hash_table_unref (world.oracle);
  g_rand_free (world.rand);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { NATIVE (all_end_equal) };
  return cmocka_run_group_tests_name ("sync-peers", tests, NULL, fresh_end);
}
