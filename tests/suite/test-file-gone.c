/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A SQLite file that is removed, moved or replaced while a program has it open. The system lets the program write on, into
 * what nobody can open any more: none of that may be called done, whichever way it is written. */
#include "config.h"

#include "../lib/suite.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  gint64 id;
  const char *text;
} Line;

CORM_DECLARE_MODEL (Line, line)
static const CormColumn line_columns[] = {
  CORM_COLUMN (Line, id, .primary_key = true),
  CORM_COLUMN (Line, text),
};
const CormModel Line_model = CORM_MODEL (Line, "lines", CORM_COLUMNS (line_columns));

static char *folder, *path, *aside;

static int
make_folder (G_GNUC_UNUSED void **state)
{
  folder = g_dir_make_tmp ("corm-gone-XXXXXX", NULL);
  path = g_build_filename (folder, "lines.db", NULL);
  aside = g_build_filename (folder, "aside.db", NULL);
  return 0;
}

static void
remove_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (folder, name, NULL);
    g_remove (file);
  }
}

static int
remove_folder (G_GNUC_UNUSED void **state)
{
  remove_files ();
  g_rmdir (folder);
  g_free (folder);
  g_free (path);
  g_free (aside);
  return 0;
}

/* --- what becomes of the file --- */

static void
move_aside (void)
{
  assert_int_equal (g_rename (path, aside), 0);
}

static void
remove_log (void)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL), *memory = g_strconcat (path, "-shm", NULL);
  assert_int_equal (g_remove (log), 0);
  assert_int_equal (g_remove (memory), 0);
}

/* As a restored backup would, whose log is none. */
static void
put_another_over (void)
{
  g_autofree char *uri = g_strconcat ("dbi:sqlite3?path=", aside, NULL);
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "CREATE TABLE lines (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)");
  suite_sql (conn, "INSERT INTO lines VALUES (7, 'of the other')");
  suite_sql (conn, "PRAGMA journal_mode = DELETE");
  g_clear_pointer (&conn, corm_connection_free);
  g_clear_pointer (&db, corm_db_free);
  assert_int_equal (g_rename (aside, path), 0);
}

/* The same, with the log of the one before taken away. */
static void
put_another_there (void)
{
  put_another_over ();
  remove_log ();
}

typedef void (*Mishap) (void);
static const Mishap mishaps[] = { remove_files, move_aside, put_another_there, put_another_over };

/* --- ways to write --- */

static gboolean
insert_alone (CormConnection *conn, Mishap mishap, GError **fault)
{
  Line line = { .text = "alone" };
  mishap ();
  return line_insert (conn, &line, fault);
}

static gboolean
make_a_table (CormConnection *conn, Mishap mishap, GError **fault)
{
  mishap ();
  return corm_execute (conn, "CREATE TABLE more (a integer)", NULL, NULL, fault);
}

static gboolean
commit_by_the_guard (CormConnection *conn, Mishap mishap, GError **fault)
{
  Line line = { .text = "guarded" };
  g_autoptr (CormTransaction) guard = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL);
  assert_non_null (guard);
  assert_ok (line_insert (conn, &line, error));
  mishap ();
  return corm_transaction_commit (guard, fault);
}

static gboolean
commit_by_hand (CormConnection *conn, Mishap mishap, GError **fault)
{
  suite_sql (conn, "BEGIN");
  suite_sql (conn, "INSERT INTO lines (text) VALUES ('by hand')");
  mishap ();
  return corm_execute (conn, "COMMIT", NULL, NULL, fault);
}

/* What nobody asks before is asked by SQLite itself. */
static gboolean
insert_by_the_driver (CormConnection *conn, Mishap mishap, GError **fault)
{
  CormLink *link = corm_connection_get_link (conn);
  mishap ();
  return link->driver->run (link, "INSERT INTO lines (text) VALUES ('by the driver')", fault);
}

static gboolean
load_many (CormConnection *conn, Mishap mishap, GError **fault)
{
  Line lines[40] = { 0 };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    lines[i].text = "one of many";
  mishap ();
  return corm_bulk_insert (Line, conn, lines, G_N_ELEMENTS (lines), fault);
}

static gboolean
flush (CormConnection *conn, Mishap mishap, GError **fault)
{
  Line line = { .text = "of a session" };
  g_autoptr (CormSession) session = corm_session_new (conn);
  assert_ok (corm_session_add (Line, session, &line, error));
  assert_ok (corm_session_flush (session, error));
  mishap ();
  return corm_session_commit (session, fault);
}

/* The last one only where SQLite's library speaks. */
static const struct {
  const char *name;
  gboolean (*write) (CormConnection *conn, Mishap mishap, GError **fault);
} ways[] = {
  { "an insert alone", insert_alone },
  { "a table", make_a_table },
  { "the guard's commit", commit_by_the_guard },
  { "a commit by hand", commit_by_hand },
  { "many rows", load_many },
  { "a session", flush },
  { "the driver", insert_by_the_driver },
};

/* --- each with each --- */

static CormDb *
open_lines (gboolean native)
{
  static const CormModel *const models[] = { &Line_model, NULL };
  const CormDbOptions options = { .pool_size = 2 };
  g_autofree char *uri = g_strconcat (native ? "sqlite:" : "dbi:sqlite3?path=", path, NULL);
  g_autoptr (CormRegistry) registry = NULL;
  CormDb *db = NULL;
  assert_ok ((registry = corm_registry_new_array (models, error)) != NULL);
  assert_ok ((db = corm_db_open_full (uri, registry, &options, error)) != NULL);
  assert_ok (corm_db_migrate (db, NULL, error));
  return db;
}

/* Connections that were idle meanwhile are not used on: what is at the name now is what is read, or there is nothing. */
static void
check_the_next (CormDb *db, Mishap mishap)
{
  g_autoptr (GError) fault = NULL;
  /* The log of the one before would be played into it. */
  for (guint i = 0; i < 2 && mishap == put_another_over; i++)
    assert_fails (corm_db_connect (db, error) != NULL, CORM_ERROR_CONNECTION, path, "-wal", "move");
  if (mishap == put_another_over)
    remove_log ();
  g_autoptr (CormConnection) conn = corm_db_connect (db, &fault);
  if (mishap == put_another_there || mishap == put_another_over) {
    assert_null (fault);
    assert_non_null (conn);
    assert_int_equal (suite_number (conn, "SELECT sum(id) FROM lines"), 7);
    suite_sql (conn, "INSERT INTO lines VALUES (8, 'goes on')");
    return;
  }
  assert_null (conn);
  suite_check_error ("opening", fault, CORM_ERROR_CONNECTION, (const char *const[]){ "no", "file", NULL });
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* and none is made in its place */
}

static void
try_way (gboolean native, guint way, Mishap mishap)
{
  g_autoptr (CormDb) db = open_lines (native);
  CormConnection *conn = suite_connect (db), *idle = suite_connect (db);
  assert_int_equal (suite_number (idle, "SELECT count(*) FROM lines"), 0);
  corm_connection_free (idle);
  g_autoptr (GError) fault = NULL;
  if (ways[way].write (conn, mishap, &fault))
    fail_msg ("%s was called done", ways[way].name);
  suite_check_error (ways[way].name, fault, CORM_ERROR_CONNECTION,
                     (const char *const[]){ path, "had been removed", "nothing was", NULL });
  corm_connection_free (conn);
  check_the_next (db, mishap);
  g_clear_pointer (&db, corm_db_free);
  remove_files ();
}

static void
try_all (gboolean native)
{
  for (guint way = 0; way < G_N_ELEMENTS (ways) - !native; way++)
    for (guint i = 0; i < G_N_ELEMENTS (mishaps); i++)
      try_way (native, way, mishaps[i]);
}

#ifdef HAVE_SQLITE3
static void
nothing_is_written_natively (G_GNUC_UNUSED void **state)
{
  try_all (TRUE);
}

/* Others would not see what goes into a log without a name, and nobody would when the process ends. */
static void
a_log_is_missed (G_GNUC_UNUSED void **state)
{
  for (guint way = 0; way < G_N_ELEMENTS (ways); way++) {
    g_autoptr (CormDb) db = open_lines (TRUE);
    g_autoptr (CormConnection) conn = suite_connect (db);
    suite_sql (conn, "INSERT INTO lines VALUES (7, 'before')");
    g_autoptr (GError) fault = NULL;
    if (ways[way].write (conn, remove_log, &fault))
      fail_msg ("%s was called done", ways[way].name);
    suite_check_error (ways[way].name, fault, CORM_ERROR_CONNECTION,
                       (const char *const[]){ path, "the log", "had been removed", "nothing was", NULL });
    corm_connection_free (conn);
    conn = suite_connect (db);
    assert_int_equal (suite_number (conn, "SELECT sum(id) FROM lines"), 7);
    suite_sql (conn, "INSERT INTO lines VALUES (8, 'goes on')");
    g_clear_pointer (&conn, corm_connection_free);
    g_clear_pointer (&db, corm_db_free);
    remove_files ();
  }
}

/* A program that gives up its log itself misses none. */
static void
a_log_is_given_up (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = open_lines (TRUE);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "INSERT INTO lines VALUES (1, 'with a log')");
  suite_sql (conn, "PRAGMA journal_mode = DELETE");
  suite_sql (conn, "INSERT INTO lines VALUES (2, 'without')");
  suite_sql (conn, "PRAGMA journal_mode = WAL");
  suite_sql (conn, "INSERT INTO lines VALUES (3, 'with another')");
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM lines"), 3);
  remove_files ();
}

static void
a_link_leads_elsewhere (G_GNUC_UNUSED void **state)
{
  g_autofree char *one = g_build_filename (folder, "one.db", NULL),
                  *two = g_build_filename (folder, "two.db", NULL);
  Line line = { .text = "of the first" };
  g_autoptr (CormDb) db = open_lines (TRUE);
  g_clear_pointer (&db, corm_db_free);
  assert_int_equal (g_rename (path, two), 0);
  db = open_lines (TRUE);
  g_clear_pointer (&db, corm_db_free);
  assert_int_equal (g_rename (path, one), 0);
  assert_int_equal (symlink (one, path), 0);
  db = open_lines (TRUE);
  g_autoptr (CormConnection) conn = suite_connect (db);
  assert_ok (line_insert (conn, &line, error));
  assert_int_equal (g_remove (path), 0);
  assert_int_equal (symlink (two, path), 0);
  line.id = 0;
  assert_fails (line_insert (conn, &line, error), CORM_ERROR_CONNECTION, "replaced");
  corm_connection_free (conn);
  conn = suite_connect (db);
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM lines"), 0);
  g_clear_pointer (&conn, corm_connection_free);
  g_clear_pointer (&db, corm_db_free);
  remove_files ();
}

static void
an_attached_file_is_missed (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormDb) db = open_lines (TRUE);
  g_autoptr (CormConnection) conn = suite_connect (db);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS other", aside);
  suite_sql (conn, attach);
  suite_sql (conn, "PRAGMA other.journal_mode = WAL");
  suite_sql (conn, "CREATE TABLE other.t (a integer)");
  assert_int_equal (g_remove (aside), 0);
  assert_fails (corm_execute (conn, "INSERT INTO other.t VALUES (1)", NULL, NULL, error),
                CORM_ERROR_CONNECTION, "had been removed");
  suite_sql (conn, "INSERT INTO lines VALUES (1, 'of the other it is not')");
  remove_files ();
}

/* A name without a folder is meant from where the program was. */
static void
another_folder_to_work_in (G_GNUC_UNUSED void **state)
{
  g_autofree char *here = g_get_current_dir ();
  const CormDbOptions options = { .pool_size = 2 };
  g_autoptr (CormDb) db = open_lines (TRUE);
  g_clear_pointer (&db, corm_db_free);
  assert_int_equal (g_chdir (folder), 0);
  assert_ok ((db = corm_db_open_full ("sqlite:lines.db", NULL, &options, error)) != NULL);
  g_autoptr (CormConnection) first = suite_connect (db), second = NULL;
  assert_int_equal (g_chdir (here), 0);
  suite_sql (first, "INSERT INTO lines VALUES (1, 'from elsewhere')");
  second = suite_connect (db);
  assert_int_equal (suite_number (second, "SELECT count(*) FROM lines"), 1);
  remove_files ();
}
#endif

static void
nothing_is_written_generically (G_GNUC_UNUSED void **state)
{
  try_all (FALSE);
}

/* What is not the file's business goes on: reading, a database in memory, another folder to work in. */
static void
no_harm_is_done (G_GNUC_UNUSED void **state)
{
  g_autofree char *here = g_get_current_dir ();
  g_autoptr (CormDb) db = open_lines (FALSE), memory = NULL;
  g_autoptr (CormConnection) conn = suite_connect (db), other = NULL;
  assert_int_equal (g_chdir ("/"), 0);
  suite_sql (conn, "INSERT INTO lines VALUES (1, 'from elsewhere')");
  assert_int_equal (g_chdir (here), 0);
  remove_files ();
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM lines"), 1);
  assert_ok ((memory = corm_db_open ("dbi:sqlite3?path=:memory:", NULL, error)) != NULL);
  other = suite_connect (memory);
  suite_sql (other, "CREATE TABLE t (a integer)");
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
#ifdef HAVE_SQLITE3
    cmocka_unit_test (nothing_is_written_natively),
    cmocka_unit_test (a_log_is_missed),
    cmocka_unit_test (a_log_is_given_up),
    cmocka_unit_test (a_link_leads_elsewhere),
    cmocka_unit_test (an_attached_file_is_missed),
    cmocka_unit_test (another_folder_to_work_in),
#endif
    cmocka_unit_test (nothing_is_written_generically),
    cmocka_unit_test (no_harm_is_done),
  };
  return cmocka_run_group_tests_name ("file gone", tests, make_folder, remove_folder);
}
