/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Peers of every backend: what is logged, who wins, the matrix of versions, what is kept aside; tables that cannot. */
#include "peers.h"

#define ADD(id, content) \
  "INSERT INTO tasks (task_id, list_id, content, is_completed) VALUES ('" id "', 'l', '" content "', 0)"

/* --- what is logged ---------------------------------------------------------------------------------------------- */

/* However it was changed. */
static void
nothing_is_missed (void **state)
{
  Peer *a = peer_new_empty (GPOINTER_TO_UINT (*state)), *b;
  if (a == NULL)
    skip ();
  peer_upgrade (a, 1);
  b = peer_new (GPOINTER_TO_UINT (*state), 1);
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, ADD ("t2", "two"));
  fresh_run (a->conn, ADD ("t3", "it''s, \"quoted\" \\ back"));
  peer_meet (a, b);
  assert_same (a, b);
  fresh_run (a->conn, "UPDATE tasks SET content = 'TWO' WHERE task_id = 't2'"); /* the case alone */
  fresh_run (a->conn, "UPDATE tasks SET due_date = '2026-01-02' WHERE task_id = 't1'");
  fresh_run (a->conn, "DELETE FROM tasks WHERE task_id = 't3'");
  fresh_run (b->conn, "UPDATE tasks SET is_completed = 1 WHERE task_id = 't1'");
  fresh_run (b->conn, "UPDATE tasks SET task_id = 't9' WHERE task_id = 't2'"); /* a key */
  peer_meet (a, b);
  assert_same (a, b);
  g_autofree char *dump = peer_dump (a, 1);
  assert_string_equal (dump, "-- 0\n-- 1\nt1|l|one|1|2026-01-02|\nt9|l|two|0|NULL|\n");
  fresh_run (a->conn, "DELETE FROM tasks");
  fresh_run (a->conn, ADD ("t1", "again"));
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (
      peer_number (b, "SELECT count(*) FROM tasks WHERE content = 'again' AND is_completed = 0 AND "
                      "due_date IS NULL"),
      1);
  peer_free (a);
  peer_free (b);
}

/* Rows from before the first open, and what was changed while there were no triggers. */
static void
what_no_trigger_saw_is_found (void **state)
{
  Peer *a = peer_new (GPOINTER_TO_UINT (*state), 1), *b = peer_new (GPOINTER_TO_UINT (*state), 1);
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, ADD ("t2", "two"));
  peer_meet (a, b);
  assert_ok (corm_sync_pause (a->conn, NULL, FALSE, NULL, error));
  fresh_run (a->conn, "UPDATE tasks SET content = 'unseen' WHERE task_id = 't1'");
  fresh_run (a->conn, "DELETE FROM tasks WHERE task_id = 't2'");
  fresh_run (a->conn, ADD ("t3", "three"));
  peer_open (a);
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM tasks WHERE content IN ('unseen', 'three')"), 2);
  gint64 n = peer_number (a, "SELECT count(*) FROM corm_oplog");
  peer_open_full (a, &(const CormSyncOptions){ .scan = true });
  assert_int_equal (peer_number (a, "SELECT count(*) FROM corm_oplog"), n);
  peer_free (a);
  peer_free (b);
}

typedef struct {
  Peer *peer;
  guint number;
} Writer;

static gboolean
write_one (CormConnection *conn, gpointer data, GError **error)
{
  return corm_execute (conn, data, NULL, NULL, error);
}

static gpointer
write_many (gpointer data)
{
  const Writer *writer = data;
  for (guint i = 0; i < 12; i++) {
    g_autofree char *add = g_strdup_printf (ADD ("w%u-%u", "new"), writer->number, i);
    g_autofree char *change = g_strdup_printf (
        "UPDATE tasks SET content = 'by %u, %u' WHERE task_id = 'w%u-%u'", writer->number, i, i % 3, i / 2);
    assert_ok (corm_transact (writer->peer->db, write_one, add, NULL, error));
    assert_ok (corm_transact (writer->peer->db, write_one, change, NULL, error));
  }
  return NULL;
}

/* Whatever commits behind whatever: a number that was seen says that all before it were. */
static void
writers_beside_an_exchange (void **state)
{
  Peer *a = peer_new (GPOINTER_TO_UINT (*state), 1), *b = peer_new (GPOINTER_TO_UINT (*state), 1);
  Writer writers[3];
  GThread *threads[3];
  g_clear_pointer (&a->conn, corm_connection_free);
  corm_sync_free (g_steal_pointer (&a->sync));
  corm_db_free (a->db);
  assert_ok ((a->db = corm_db_open_full (a->uri, NULL, &(const CormDbOptions){ .pool_size = 6 }, error)) !=
             NULL);
  assert_ok ((a->conn = corm_db_connect (a->db, error)) != NULL);
  peer_open (a);
  for (guint i = 0; i < 3; i++) {
    writers[i] = (Writer){ a, i };
    threads[i] = g_thread_new ("writer", write_many, &writers[i]);
  }
  for (guint i = 0; i < 6; i++) {
    peer_give (a, b);
    g_usleep (10000);
    peer_give (b, a);
  }
  for (guint i = 0; i < 3; i++)
    g_thread_join (threads[i]);
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM tasks"), 36);
  gint64 n = peer_number (b, "SELECT count(*) FROM corm_oplog");
  peer_open_full (b, &(const CormSyncOptions){ .scan = true });
  assert_int_equal (peer_number (b, "SELECT count(*) FROM corm_oplog"), n);
  peer_free (a);
  peer_free (b);
}

/* A change that is rolled back was none. */
static void
a_rollback_leaves_nothing (void **state)
{
  Peer *a = peer_new (GPOINTER_TO_UINT (*state), 1);
  CormTransaction *transaction = NULL;
  assert_ok ((transaction = corm_transaction_begin (a->conn, CORM_TRANSACTION_DEFAULT, error)) != NULL);
  fresh_run (a->conn, ADD ("t1", "one"));
  assert_ok (corm_transaction_rollback (transaction, error));
  corm_transaction_free (transaction);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM corm_oplog"), 0);
  assert_int_equal (peer_number (a, "SELECT seq FROM corm_sync"), 0);
  peer_free (a);
}

/* --- who wins ---------------------------------------------------------------------------------------------------- */

static void
the_last_writer_wins_by_column (void **state)
{
  Peer *a = peer_new (GPOINTER_TO_UINT (*state), 1), *b = peer_new (GPOINTER_TO_UINT (*state), 1);
  fresh_run (a->conn, ADD ("t1", "one"));
  peer_meet (a, b);
  fresh_run (a->conn, "UPDATE tasks SET content = 'first' WHERE task_id = 't1'");
  fresh_run (a->conn, "UPDATE tasks SET is_completed = 1 WHERE task_id = 't1'");
  g_usleep (3000);
  fresh_run (b->conn, "UPDATE tasks SET content = 'last' WHERE task_id = 't1'");
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks WHERE content = 'last' AND is_completed = 1"),
                    1);

  /* A delete beats what others change meanwhile, also later; until the row is made again. */
  fresh_run (a->conn, "DELETE FROM tasks");
  g_usleep (3000);
  fresh_run (b->conn, "UPDATE tasks SET content = 'later' WHERE task_id = 't1'");
  peer_meet (b, a);
  assert_same (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM tasks"), 0);
  fresh_run (b->conn, ADD ("t1", "anew"));
  peer_meet (b, a);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks WHERE content = 'anew'"), 1);
  peer_free (a);
  peer_free (b);
}

/* A clock that is behind goes on from the one it has seen. */
static void
a_slow_clock_does_not_lose (void **state)
{
  Peer *a = peer_new (GPOINTER_TO_UINT (*state), 1), *b = peer_new (GPOINTER_TO_UINT (*state), 1);
  fresh_run (a->conn, ADD ("t0", "now"));
  fresh_run (a->conn, "UPDATE corm_sync SET clock = clock + 235929600000"); /* an hour */
  fresh_run (a->conn, ADD ("t1", "ahead"));
  peer_meet (a, b);
  fresh_run (b->conn, "UPDATE tasks SET content = 'behind, and later' WHERE task_id = 't1'");
  peer_meet (b, a);
  assert_same (a, b);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM tasks WHERE content = 'behind, and later'"), 1);
  peer_free (a);
  peer_free (b);
}

/* --- versions ---------------------------------------------------------------------------------------------------- */

typedef struct {
  guint from, to;
  guint64 aside; /* operations that the reader keeps aside */
  gboolean advised;
  const char *warns; /* the reader; NULL: not at all */
} Matrix;

static const Matrix matrix[] = {
  { 1, 1, 0, FALSE, NULL },
  { 1, 2, 0, FALSE, NULL },
  { 2, 1, 1, FALSE, "unknown column in oplog: tasks.priority" },
  { 2, 2, 0, FALSE, NULL },
  { 4, 1, 4, FALSE, "unknown table in oplog: notes" },
  { 5, 1, 5, TRUE, "large version gap" },
  { 1, 5, 0, TRUE, "large version gap" },
};

static void
try_pair (guint backend, const Matrix *one)
{
  Peer *from = peer_new (backend, one->from), *to = peer_new (backend, one->to);
  fresh_run (from->conn, ADD ("t1", "Buy eggs"));
  fresh_run (from->conn, "INSERT INTO lists (list_id, name) VALUES ('l', 'Shopping')");
  if (from->version >= 2)
    fresh_run (from->conn, "UPDATE tasks SET priority = 5");
  if (from->version >= 3)
    fresh_run (from->conn, "INSERT INTO notes (note_id, body) VALUES ('n1', 'ripe ones')");
  CormSyncReport report = peer_give (from, to);
  assert_int_equal (report.aside, one->aside);
  assert_int_equal (report.resync_advised, one->advised);
  assert_int_equal (report.version, one->from);
  assert_same (from, to);
  if (one->warns != NULL)
    assert_non_null (strstr (to->warnings->str, one->warns));
  else
    assert_string_equal (to->warnings->str, "");
  if (one->to >= 2)
    assert_int_equal (peer_number (to, "SELECT priority FROM tasks"), one->from >= 2 ? 5 : 0);

  /* Once; and the upgrade brings it all. */
  g_string_truncate (to->warnings, 0);
  if (from->version >= 2)
    fresh_run (from->conn, "UPDATE tasks SET priority = 6");
  peer_give (from, to);
  assert_null (strstr (to->warnings->str, "unknown"));
  peer_upgrade (to, 5);
  peer_upgrade (from, 5);
  assert_same (from, to);
  g_autoptr (GPtrArray) aside = NULL;
  assert_ok ((aside = corm_sync_list_aside (to->sync, error)) != NULL);
  assert_int_equal (aside->len, 0);
  peer_free (from);
  peer_free (to);
}

static void
the_matrix_of_versions (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (matrix); i++)
    try_pair (GPOINTER_TO_UINT (*state), &matrix[i]);
}

/* An old peer in the middle hands on what it does not understand. */
static void
what_is_aside_is_handed_on (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 3), *old = peer_new (backend, 1), *b = peer_new (backend, 3);
  fresh_run (a->conn, ADD ("t1", "one"));
  fresh_run (a->conn, "UPDATE tasks SET priority = 7");
  fresh_run (a->conn, "INSERT INTO notes (note_id, body) VALUES ('n1', 'words')");
  peer_give (a, old);
  assert_ok (corm_sync_compact (old->sync, NULL, error));
  peer_give (old, b);
  assert_same (a, b);
  assert_int_equal (peer_number (b, "SELECT priority FROM tasks"), 7);
  g_autoptr (GPtrArray) aside = NULL;
  assert_ok ((aside = corm_sync_list_aside (old->sync, error)) != NULL);
  assert_int_equal (aside->len, 3); /* notes, notes.body, tasks.priority */
  assert_string_equal (((CormSyncAside *) aside->pdata[2])->column, "priority");
  peer_free (a);
  peer_free (old);
  peer_free (b);
}

/* A column that goes away and comes back, and one that a migration fills. */
static void
a_migration_is_no_writer (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 2), *b = peer_new (backend, 1);
  fresh_run (a->conn, ADD ("t1", "one"));
  peer_meet (a, b);
  fresh_run (a->conn, "UPDATE tasks SET priority = 5");
  fresh_run (b->conn, "ALTER TABLE tasks ADD COLUMN priority INTEGER NOT NULL DEFAULT 0");
  fresh_run (b->conn, "UPDATE tasks SET priority = 1"); /* behind a's, by the clock on the wall */
  b->version = 2;
  peer_open (b);
  peer_meet (a, b);
  assert_same (a, b);
  assert_int_equal (peer_number (b, "SELECT priority FROM tasks"), 5);

  assert_ok (corm_sync_pause (b->conn, NULL, TRUE, NULL, error));
  fresh_run (b->conn, "ALTER TABLE tasks DROP COLUMN priority");
  b->version = 1;
  peer_open (b);
  fresh_run (b->conn, "UPDATE tasks SET content = 'while it was away'");
  peer_upgrade (b, 2);
  assert_int_equal (peer_number (b, "SELECT priority FROM tasks"), 5);
  peer_meet (a, b);
  assert_same (a, b);
  peer_free (a);
  peer_free (b);
}

/* A value that this table does not take waits until it does. */
static void
what_a_table_refuses_is_kept (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  Peer *a = peer_new (backend, 1), *b = peer_new_empty (backend);
  fresh_run (b->conn,
             "CREATE TABLE lists (list_id VARCHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(100), CONSTRAINT "
             "short CHECK (name <> 'bad'))");
  b->version = 1;
  peer_open (b);
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('x', 'bad'), ('y', 'good')");
  CormSyncReport report = peer_give (a, b);
  assert_int_equal (report.aside, 2);
  assert_non_null (strstr (b->warnings->str, "row x of lists"));
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists"), 1);
  peer_open_full (b, &(const CormSyncOptions){ .scan = true }); /* nobody deleted it */
  fresh_run (a->conn, "UPDATE lists SET name = 'better' WHERE list_id = 'x'");
  peer_meet (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists"), 2);
  assert_int_equal (peer_number (a, "SELECT count(*) FROM lists"), 2);
  peer_free (a);
  peer_free (b);
}

/* So does a row that the table's own trigger takes and does not keep. */
static void
what_a_trigger_leaves_out_is_kept (void **state)
{
  guint backend = GPOINTER_TO_UINT (*state);
  const char *name = places_backends ()[backend];
  if (strstr (name, "mysql") != NULL) {
    print_message ("# skip its triggers leave no rows out\n");
    skip ();
  }
  Peer *a = peer_new (backend, 1), *b = peer_new (backend, 1);
  if (strstr (name, "pgsql") != NULL)
    fresh_run (b->conn,
               "CREATE FUNCTION leave_out () RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF new.name = 'bad' "
               "THEN RETURN NULL; END IF; RETURN new; END$$");
  fresh_run (
      b->conn,
      strstr (name, "pgsql") != NULL
          ? "CREATE TRIGGER leave_out BEFORE INSERT ON lists FOR EACH ROW EXECUTE FUNCTION leave_out ()"
          : "CREATE TRIGGER leave_out BEFORE INSERT ON lists WHEN new.name = 'bad' BEGIN SELECT RAISE "
            "(IGNORE); END");
  fresh_run (a->conn, "INSERT INTO lists (list_id, name) VALUES ('x', 'bad'), ('y', 'good')");
  CormSyncReport report = peer_give (a, b);
  assert_int_not_equal (report.aside, 0);
  assert_non_null (strstr (b->warnings->str, "row x of lists"));
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists"), 1);
  fresh_run (a->conn, "UPDATE lists SET name = 'better' WHERE list_id = 'x'");
  peer_meet (a, b);
  assert_int_equal (peer_number (b, "SELECT count(*) FROM lists"), 2);
  peer_free (a);
  peer_free (b);
}

/* --- tables ------------------------------------------------------------------------------------------------------ */

static void
tables_that_cannot (void **state)
{
  static const char *const tables[][2] = {
    { "CREATE TABLE bad (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b))", "not one column" },
    { "CREATE TABLE bad (a VARCHAR(20) PRIMARY KEY, b VARCHAR(20) UNIQUE)", "unique" },
    { "CREATE TABLE bad (a VARCHAR(20) PRIMARY KEY, b VARCHAR(36), FOREIGN KEY (b) REFERENCES lists "
      "(list_id))",
      "foreign key" },
    { "CREATE TABLE bad (a DATE NOT NULL PRIMARY KEY)", "neither a text" },
  };
  Peer *peer = peer_new (GPOINTER_TO_UINT (*state), 1);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++) {
    fresh_run (peer->conn, tables[i][0]);
    assert_fails (corm_sync_open (peer->db, NULL, error), CORM_ERROR_INVALID, tables[i][1]);
    assert_fails (corm_sync_open (peer->db, &(const CormSyncOptions){ .tables = "bad" }, error),
                  CORM_ERROR_INVALID, "bad");
    fresh_run (peer->conn, "DROP TABLE bad");
  }
  peer_free (peer);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    FRESH (nothing_is_missed),
    FRESH (what_no_trigger_saw_is_found),
    FRESH (writers_beside_an_exchange),
    FRESH (a_rollback_leaves_nothing),
    FRESH (the_last_writer_wins_by_column),
    FRESH (a_slow_clock_does_not_lose),
    NATIVE (the_matrix_of_versions),
    FRESH (what_is_aside_is_handed_on),
    FRESH (a_migration_is_no_writer),
    FRESH (what_a_table_refuses_is_kept),
    FRESH (what_a_trigger_leaves_out_is_kept),
    FRESH (tables_that_cannot),
  };
  return cmocka_run_group_tests_name ("sync", tests, NULL, fresh_end);
}
