/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See faulty.h. Keys are given by the program, so that a second attempt makes the same rows. */
#include "faulty.h"

#include "porting.h"

#include <glib/gstdio.h>
#include <unistd.h>

enum { N_BOOKS = 4, N_SOURCE_ROWS = 50 };

CormDb *
stage_open (Stage *stage, guint which, const CormModel *const *models, GError **error)
{
  const CormDbOptions options = { .pool_size = 2,
                                  .pool_wait_ms = 2000,
                                  .busy_timeout_ms = stage->busy_ms > 0 ? stage->busy_ms : 2000 };
  g_autoptr (CormRegistry) registry = models != NULL ? corm_registry_new_array (models, error) : NULL;
  if (models != NULL && registry == NULL)
    return NULL;
  g_assert (stage->db[which] == NULL);
  stage->db[which] = corm_db_open_full (which == 0 ? stage->uri : stage->other, registry, &options, error);
  return stage->db[which];
}

void
stage_clear (Stage *stage)
{
  g_clear_pointer (&stage->db[0], corm_db_free);
  g_clear_pointer (&stage->db[1], corm_db_free);
}

gboolean
stage_check_pools (Stage *stage, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (stage->db); i++) {
    if (stage->db[i] == NULL)
      continue;
    g_autoptr (CormConnection) one = corm_db_connect (stage->db[i], error);
    g_autoptr (CormConnection) other = one != NULL ? corm_db_connect (stage->db[i], error) : NULL;
    if (other == NULL || !corm_connection_ping (one, error) || !corm_connection_ping (other, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
run_all (CormConnection *conn, const char *const *statements, GError **error)
{
  for (; *statements != NULL; statements++)
    if (!corm_execute (conn, *statements, NULL, NULL, error))
      return FALSE;
  return TRUE;
}

/* --- insert, flush --------------------------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  const char *name;
} Shelf;

typedef struct {
  gint64 id;
  const char *title;
  CormOptInt64 shelf_id;
  Shelf *shelf;
} Book;

typedef struct {
  const char *word;
  gint64 count;
} Word;

CORM_DECLARE_MODEL (Shelf, shelf)
CORM_DECLARE_MODEL (Book, book)
CORM_DECLARE_MODEL (Word, word)

static const CormColumn shelf_columns[] = {
  CORM_COLUMN (Shelf, id, .primary_key = true),
  CORM_COLUMN (Shelf, name, .not_null = true, .unique = true, .max_length = 40),
};
const CormModel Shelf_model = CORM_MODEL (Shelf, "shelves", CORM_COLUMNS (shelf_columns));
static const CormColumn book_columns[] = {
  CORM_COLUMN (Book, id, .primary_key = true),
  CORM_COLUMN (Book, title, .not_null = true, .max_length = 40),
  CORM_COLUMN (Book, shelf_id, .references = "shelves.id"),
};
static const CormRelation book_relations[] = { CORM_BELONGS_TO (Book, shelf, Shelf, shelf_id) };
const CormModel Book_model =
    CORM_MODEL (Book, "books", CORM_COLUMNS (book_columns), CORM_RELATIONS (book_relations));
static const CormColumn word_columns[] = {
  CORM_COLUMN (Word, word, .primary_key = true, .max_length = 60),
  CORM_COLUMN (Word, count),
};
const CormModel Word_model = CORM_MODEL (Word, "words", CORM_COLUMNS (word_columns));
static const CormModel *const library[] = { &Shelf_model, &Book_model, &Word_model, NULL };

static gboolean
prepare_library (Stage *stage, GError **error)
{
  static const char *const sql[] = {
    "CREATE TABLE shelves (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL UNIQUE)",
    "CREATE TABLE books (id BIGINT NOT NULL PRIMARY KEY, title VARCHAR(40), shelf_id BIGINT "
    "REFERENCES shelves (id))",
    "CREATE TABLE words (word VARCHAR(60) NOT NULL PRIMARY KEY, count BIGINT NOT NULL)",
    "INSERT INTO shelves (id, name) VALUES (1, 'first')",
    "INSERT INTO words (word, count) VALUES ('old', 1)",
    NULL
  };
  CormDb *db = stage_open (stage, 0, library, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  return conn != NULL && run_all (conn, sql, error);
}

static gboolean
insert_all (CormConnection *conn, G_GNUC_UNUSED gpointer data, GError **error)
{
  Shelf shelf = { .id = 2, .name = "second" };
  Word words[3] = { { .word = "a" }, { .word = "b" }, { .word = "c" } };
  if (!shelf_insert (conn, &shelf, error))
    return FALSE;
  for (gint64 i = 0; i < N_BOOKS; i++) {
    Book book = { .id = 10 + i, .title = "inserted", .shelf_id = { .is_set = true, .value = 1 + i % 2 } };
    if (!book_insert (conn, &book, error))
      return FALSE;
  }
  g_autoptr (Word) old = corm_get (Word, conn, error, .word = "old");
  if (old == NULL)
    return FALSE;
  old->count = 2;
  return word_update (conn, old, error) && corm_bulk_insert (Word, conn, words, G_N_ELEMENTS (words), error);
}

static gboolean
insert_in_a_transaction (Stage *stage, GError **error)
{
  const CormTransactOptions options = { .deadline_ms = stage->deadline_ms, .attempts = 1 };
  CormDb *db = stage_open (stage, 0, library, error);
  return db != NULL && corm_transact (db, insert_all, NULL, &options, error);
}

static gboolean
insert_with_a_token (Stage *stage, GError **error)
{
  const CormTransactOptions options = { .deadline_ms = stage->deadline_ms,
                                        .retry_ms = stage->busy_ms,
                                        .token = true };
  CormDb *db = stage_open (stage, 0, library, error);
  return db != NULL && corm_transact (db, insert_all, NULL, &options, error);
}

/* Without a transaction around it. */
static gboolean
insert_alone (Stage *stage, GError **error)
{
  Word word = { .word = "new", .count = 5 };
  CormDb *db = stage_open (stage, 0, library, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  return conn != NULL && word_insert (conn, &word, error);
}

static gboolean
flush (Stage *stage, GError **error)
{
  Shelf shelf = { .id = 3, .name = "third" };
  Book books[N_BOOKS] = { 0 };
  CormDb *db = stage_open (stage, 0, library, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL)
    return FALSE;
  g_autoptr (CormSession) session = corm_session_new (conn);
  Shelf *first = corm_session_get (Shelf, session, error, .id = 1);
  Word *old = first != NULL ? corm_session_get (Word, session, error, .word = "old") : NULL;
  if (old == NULL || !corm_session_add (Shelf, session, &shelf, error))
    return FALSE;
  for (gint64 i = 0; i < N_BOOKS; i++) {
    books[i] = (Book){ .id = 20 + i, .title = "flushed", .shelf = i % 2 == 0 ? &shelf : first };
    if (!corm_session_add (Book, session, &books[i], error))
      return FALSE;
  }
  first->name = "renamed";
  return corm_session_delete (Word, session, old, error) && corm_session_commit (session, error);
}

/* --- migrate --------------------------------------------------------------------------------------------------- */

typedef struct {
  gint64 id;
  const char *name;
  gint64 size;
} Item;

typedef struct {
  gint64 id;
  gint64 item_id;
} Note;

static const CormColumn item_columns[] = {
  CORM_COLUMN (Item, id, .primary_key = true),
  CORM_COLUMN (Item, name, .max_length = 40, .not_null = true, .unique = true),
  CORM_COLUMN (Item, size, .default_value = "3", .check = "size > 0"),
};
static const CormIndex item_indexes[] = { { .name = "idx_size", .columns = "size" } };
static const CormModel Item_model =
    CORM_MODEL (Item, "items", CORM_COLUMNS (item_columns), CORM_INDEXES (item_indexes));
static const CormColumn note_columns[] = {
  CORM_COLUMN (Note, id, .primary_key = true),
  CORM_COLUMN (Note, item_id, .references = "items.id"),
};
static const CormModel Note_model = CORM_MODEL (Note, "notes", CORM_COLUMNS (note_columns));
static const CormModel *const new_models[] = { &Item_model, &Note_model, NULL };

static gboolean
prepare_items (Stage *stage, GError **error)
{
  static const char *const sql[] = { "CREATE TABLE items (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40))",
                                     "INSERT INTO items (id, name) VALUES (1, 'one'), (2, 'two')", NULL };
  CormDb *db = stage_open (stage, 0, NULL, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  return conn != NULL && run_all (conn, sql, error);
}

static gboolean
migrate (Stage *stage, GError **error)
{
  static const char *const allow[] = { "change", "destructive", NULL };
  const CormMigrateOptions options = { .allow = allow,
                                       .wait_ms = stage->busy_ms > 0 ? stage->busy_ms : 2000 };
  CormDb *db = stage_open (stage, 0, new_models, error);
  return db != NULL && corm_db_migrate (db, &options, error);
}

/* It ends with an empty difference. */
static gboolean
migrate_again (Stage *stage, GError **error)
{
  if (!migrate (stage, error))
    return FALSE;
  g_autoptr (CormPlan) plan = corm_db_plan (stage->db[0], error);
  if (plan != NULL && plan->ops->len > 0)
    g_set_error (error, CORM_ERROR, CORM_ERROR_DIFFERENT, "the plan behind the migration is not empty: %s",
                 ((const CormOp *) plan->ops->pdata[0])->text);
  return plan != NULL && plan->ops->len == 0;
}

/* --- versioned migrations -------------------------------------------------------------------------------------- */

static gboolean
make_shelves (CormConnection *conn, GError **error)
{
  static const char *const sql[] = {
    "CREATE TABLE shelves (name VARCHAR(20) NOT NULL PRIMARY KEY, width INTEGER)",
    "INSERT INTO shelves (name, width) VALUES ('low', 5)", NULL
  };
  return run_all (conn, sql, error);
}

static gboolean
make_books (CormConnection *conn, GError **error)
{
  static const char *const sql[] = { "CREATE TABLE IF NOT EXISTS books (title VARCHAR(20) NOT NULL PRIMARY "
                                     "KEY, shelf VARCHAR(20) REFERENCES shelves (name))",
                                     "DELETE FROM books",
                                     "INSERT INTO books (title, shelf) VALUES ('one', 'low')",
                                     "UPDATE shelves SET width = 6", NULL };
  return run_all (conn, sql, error);
}

static const CormMigrationStep steps[] = {
  { .version = "1", .name = "shelves", .up = make_shelves, .repeatable = true },
  { .version = "2", .name = "books", .up = make_books, .repeatable = true },
  { 0 },
};

static gboolean
upgrade_to (Stage *stage, const char *target, GError **error)
{
  const CormMigrationOptions options = { .wait_ms = stage->busy_ms };
  g_autoptr (CormMigrations) set = corm_migrations_new ();
  CormDb *db = stage_open (stage, 0, NULL, error);
  return db != NULL && corm_migrations_add_steps (set, steps, error) &&
         corm_migrations_upgrade (set, db, target, &options, error);
}

static gboolean
prepare_shelves (Stage *stage, GError **error)
{
  return upgrade_to (stage, "1", error);
}

static gboolean
upgrade (Stage *stage, GError **error)
{
  return upgrade_to (stage, "head", error);
}

/* --- port, verify ---------------------------------------------------------------------------------------------- */

static gboolean
prepare_source (Stage *stage, G_GNUC_UNUSED GError **error)
{
  g_autofree char *path = porting_make_source (N_SOURCE_ROWS);
  stage->other = g_strconcat ("sqlite:", path, NULL);
  return TRUE;
}

static gboolean
port_with (Stage *stage, gboolean resume, GError **error)
{
  const CormPortOptions options = { .batch = 20, .resume = resume };
  CormDb *source = stage_open (stage, 1, NULL, error);
  CormDb *target = source != NULL ? stage_open (stage, 0, NULL, error) : NULL;
  g_autoptr (CormPortReport) report = target != NULL ? corm_port (source, target, &options, error) : NULL;
  return report != NULL;
}

static gboolean
port (Stage *stage, GError **error)
{
  return port_with (stage, FALSE, error);
}

static gboolean
resume_port (Stage *stage, GError **error)
{
  return port_with (stage, TRUE, error);
}

/* One row differs. */
static gboolean
prepare_ported (Stage *stage, GError **error)
{
  if (!prepare_source (stage, error) || !port (stage, error))
    return FALSE;
  g_autoptr (CormConnection) conn = corm_db_connect (stage->db[0], error);
  return conn != NULL &&
         corm_execute (conn, "UPDATE owners SET note = 'other' WHERE name = 'o''7'", NULL, NULL, error);
}

/* It may fail; it must not be wrong. */
static gboolean
verify (Stage *stage, GError **error)
{
  const CormPortOptions options = { .jobs = 1 };
  CormDb *source = stage_open (stage, 1, NULL, error);
  CormDb *target = source != NULL ? stage_open (stage, 0, NULL, error) : NULL;
  g_autoptr (CormPortReport) report = target != NULL ? corm_verify (source, target, &options, error) : NULL;
  if (report != NULL && (report->equal || report->tables->len != 3))
    g_error ("what differs was called equal");
  return report != NULL;
}

/* --- sync ------------------------------------------------------------------------------------------------------ */

static CormSync *
open_sync (Stage *stage, guint which, GError **error)
{
  const CormSyncOptions options = { .tables = "tasks", .version = 1 };
  CormDb *db = stage->db[which] != NULL ? stage->db[which] : stage_open (stage, which, NULL, error);
  return db != NULL ? corm_sync_open (db, &options, error) : NULL;
}

static gboolean
make_peer (Stage *stage, guint which, const char *const *statements, GError **error)
{
  CormDb *db = stage_open (stage, which, NULL, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (conn == NULL || !corm_execute (conn,
                                     "CREATE TABLE tasks (task_id VARCHAR(36) NOT NULL PRIMARY KEY, content "
                                     "VARCHAR(200), n INTEGER)",
                                     NULL, NULL, error))
    return FALSE;
  g_autoptr (CormSync) sync = open_sync (stage, which, error);
  return sync != NULL && run_all (conn, statements, error);
}

static gboolean
prepare_peers (Stage *stage, GError **error)
{
  static const char *const here[] = { "INSERT INTO tasks (task_id, content, n) VALUES ('a', 'mine', 1)",
                                      NULL };
  static const char *const there[] = { "INSERT INTO tasks (task_id, content, n) VALUES ('b', 'theirs', 2)",
                                       "INSERT INTO tasks (task_id, content, n) VALUES ('c', 'theirs', 3)",
                                       "UPDATE tasks SET content = 'changed' WHERE task_id = 'b'",
                                       "DELETE FROM tasks WHERE task_id = 'c'", NULL };
  const char *tmp = g_getenv ("CORM_TEST_TMP");
  g_autofree char *file = g_strdup_printf ("faulty-%d", (int) getpid ());
  g_autofree char *path = g_build_filename (tmp != NULL ? tmp : g_get_tmp_dir (), file, NULL);
  stage->message = g_strconcat (path, ".jsonl", NULL);
  stage->other = g_strconcat ("sqlite:", path, NULL);
  return make_peer (stage, 0, here, error) && make_peer (stage, 1, there, error);
}

static gboolean
tell (Stage *stage, guint from, guint to, GError **error)
{
  g_autoptr (CormSync) sender = open_sync (stage, from, error);
  g_autoptr (CormSync) receiver = sender != NULL ? open_sync (stage, to, error) : NULL;
  gboolean ok = receiver != NULL && corm_sync_write (sender, stage->message, NULL, NULL, error) &&
                corm_sync_read (receiver, stage->message, NULL, error);
  g_unlink (stage->message);
  return ok;
}

static gboolean
sync_once (Stage *stage, GError **error)
{
  return tell (stage, 1, 0, error);
}

static gboolean
sync_again (Stage *stage, GError **error)
{
  return tell (stage, 1, 0, error) && tell (stage, 0, 1, error);
}

const Scenario scenarios[] = {
  { "insert", prepare_library, insert_in_a_transaction, insert_in_a_transaction, FALSE, FALSE },
  { "insert, token", prepare_library, insert_with_a_token, insert_with_a_token, FALSE, FALSE },
  { "insert alone", prepare_library, insert_alone, insert_alone, FALSE, FALSE },
  { "flush", prepare_library, flush, flush, FALSE, FALSE },
  { "migrate", prepare_items, migrate, migrate_again, FALSE, TRUE },
  { "upgrade", prepare_shelves, upgrade, upgrade, FALSE, TRUE },
  { "port", prepare_source, port, resume_port, TRUE, FALSE },
  { "verify", prepare_ported, verify, verify, FALSE, FALSE },
  { "sync", prepare_peers, sync_once, sync_again, FALSE, FALSE },
};
const guint n_scenarios = G_N_ELEMENTS (scenarios);
