/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opening: every wrong file says what, where and what to do, and is left as it was; the options hold. */
#include "engine.h"

#include "engine/private.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
path_of (const char *uri)
{
  return g_strdup (uri + strlen ("sqlite:"));
}

static gboolean
try (const char *uri, const CormDbOptions *options, GError **error)
{
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, options, error);
  return db != NULL;
}

static void
says_what_it_is (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("says.db");
  g_autoptr (CormDb) db = test_open (uri, NULL);
  assert_string_equal (corm_db_get_uri (db), uri);
  assert_string_equal (corm_db_get_dialect (db), "sqlite3");
  assert_null (corm_db_get_registry (db));
  g_autoptr (CormConnection) conn = test_connect (db);
  assert_true (g_str_has_prefix (corm_connection_get_server (conn), "SQLite 3."));
  assert_ok (corm_connection_ping (conn, error));
  guint64 before = corm_connection_get_n_statements (conn);
  test_run (conn, "SELECT 1");
  assert_int_equal (corm_connection_get_n_statements (conn) - before, 1);
}

static void
wrong_places_are_named (G_GNUC_UNUSED void **state)
{
  g_autofree char *missing = test_new_uri ("missing.db"), *path = path_of (missing);
  g_autofree char *below = g_strconcat (missing, "/no/x.db", NULL);
  g_autofree char *folder = test_uri (".");
  CormDbOptions must_exist = { .must_exist = true }, read_only = { .read_only = true };
  assert_fails (try (missing, &must_exist, error), CORM_ERROR_CONNECTION, path);
  assert_fails (try (missing, &read_only, error), CORM_ERROR_CONNECTION, "there is no file");
  assert_fails (try (below, NULL, error), CORM_ERROR_CONNECTION, "does not exist; create it first");
  assert_fails (try (folder, NULL, error), CORM_ERROR_CONNECTION, "is a folder");
  assert_fails (try ("sqlite:/dev/null", NULL, error), CORM_ERROR_CONNECTION, "not a regular file");
  assert_fails (try ("oracle:x", NULL, error), CORM_ERROR_INVALID, "sqlite:PATH");
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
another_kind_of_file_stays_as_it_is (G_GNUC_UNUSED void **state)
{
  static const char text[] =
      "Dear diary, this is no database at all, but a long enough text to look like one.";
  g_autofree char *uri = test_new_uri ("diary.db"), *path = path_of (uri), *after = NULL;
  assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_fails (try (uri, NULL, error), CORM_ERROR_CONNECTION, "another kind of file, or encrypted");
  assert_true (g_file_get_contents (path, &after, NULL, NULL));
  assert_string_equal (after, text);
}

static void
a_damaged_file_is_no_silence (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("damaged.db"), *path = path_of (uri);
  {
    g_autoptr (CormDb) db = test_open (uri, NULL);
    g_autoptr (CormConnection) conn = test_connect (db);
    test_run (conn, "CREATE TABLE t (a TEXT)");
    test_run (conn, "INSERT INTO t VALUES (zeroblob (9000))");
  }
  g_autofree char *bytes = NULL;
  gsize size;
  assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  assert_true (size > 8192);
  memset (bytes + 4096, 0xff, 4096); /* the table's first page */
  assert_true (g_file_set_contents (path, bytes, (gssize) size, NULL));
  g_autoptr (CormDb) db = test_open (uri, NULL);
  g_autoptr (CormConnection) conn = test_connect (db);
  assert_fails (corm_execute (conn, "SELECT * FROM t", NULL, NULL, error), CORM_ERROR_STORAGE, "corm doctor");
}

static gboolean
same_file (const char *path, const char *bytes, gsize size)
{
  g_autofree char *now = NULL;
  gsize now_size;
  return g_file_get_contents (path, &now, &now_size, NULL) && now_size == size &&
         memcmp (now, bytes, size) == 0;
}

static void
read_only_changes_nothing (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("read-only.db"), *path = path_of (uri), *bytes = NULL;
  gsize size;
  {
    g_autoptr (CormDb) db = test_open (uri, NULL);
    g_autoptr (CormConnection) conn = test_connect (db);
    test_run (conn, "CREATE TABLE t (a)");
  }
  assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  {
    g_autoptr (CormDb) db = test_open (uri, &(CormDbOptions){ .read_only = true });
    g_autoptr (CormConnection) conn = test_connect (db);
    assert_fails (corm_execute (conn, "INSERT INTO t VALUES (1)", NULL, NULL, error), CORM_ERROR_DENIED,
                  "opened with read_only");
    assert_fails (corm_execute (conn, "CREATE TABLE u (a)", NULL, NULL, error), CORM_ERROR_DENIED,
                  "read_only");
    g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_READ_ONLY, NULL);
    assert_ok (corm_transaction_commit (transaction, error)); /* and it is read-only still */
    assert_fails (corm_execute (conn, "INSERT INTO t VALUES (1)", NULL, NULL, error), CORM_ERROR_DENIED,
                  "read_only");
  }
  assert_true (same_file (path, bytes, size));
}

/* Root may do everything, so root becomes nobody for a while. */
static void
a_file_without_permission (G_GNUC_UNUSED void **state)
{
  gboolean is_root = geteuid () == 0;
  g_autofree char *folder = g_dir_make_tmp ("corm-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "closed.db", NULL),
                  *uri = g_strconcat ("sqlite:", path, NULL);
  g_autofree char *other = g_strconcat ("sqlite:", folder, "/other.db", NULL);
  assert_true (g_file_set_contents (path, "", 0, NULL));
  assert_int_equal (g_chmod (path, 0), 0);
  assert_int_equal (g_chmod (folder, 0555), 0);
  assert_int_equal (is_root ? seteuid (65534) : 0, 0);
  assert_fails (try (uri, NULL, error), CORM_ERROR_DENIED, "cannot be read");
  assert_fails (try (other, NULL, error), CORM_ERROR_DENIED, "no file can be created");
  assert_int_equal (is_root ? seteuid (0) : 0, 0);
  assert_int_equal (g_chmod (path, 0444), 0);
  assert_int_equal (is_root ? seteuid (65534) : 0, 0);
  CormDb *db = test_open (uri, NULL);
  CormConnection *conn = test_connect (db);
  assert_fails (corm_execute (conn, "CREATE TABLE t (a)", NULL, NULL, error), CORM_ERROR_DENIED, "writable");
  corm_connection_free (conn);
  corm_db_free (db);
  assert_int_equal (is_root ? seteuid (0) : 0, 0);
  g_chmod (folder, 0755);
  g_remove (path);
  g_rmdir (folder);
}

static void
a_locked_file_is_busy (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("locked.db");
  CormDbOptions options = { .pool_size = 1, .busy_timeout_ms = 30 };
  g_autoptr (CormDb) db = test_open (uri, &options);
  g_autoptr (CormConnection) conn = test_connect (db);
  test_run (conn, "PRAGMA locking_mode = EXCLUSIVE");
  test_run (conn, "CREATE TABLE t (a)");
  assert_fails (try (uri, &options, error), CORM_ERROR_BUSY, "holds the lock");
}

static void
a_full_disk_is_full (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("full.db");
  g_autoptr (CormDb) db = test_open (uri, NULL);
  g_autoptr (CormConnection) conn = test_connect (db);
  test_run (conn, "CREATE TABLE t (a)");
  test_run (conn, "PRAGMA max_page_count = 5");
  assert_fails (corm_execute (conn, "INSERT INTO t VALUES (zeroblob (90000))", NULL, NULL, error),
                CORM_ERROR_FULL, "make room");
  assert_int_equal (test_number (conn, "SELECT count(*) FROM t"), 0);
}

static void
the_session_has_its_defaults (G_GNUC_UNUSED void **state)
{
  g_autofree char *uri = test_new_uri ("defaults.db");
  g_autoptr (CormDb) db = test_open (uri, &(CormDbOptions){ .busy_timeout_ms = 1234 });
  g_autoptr (CormConnection) conn = test_connect (db);
  g_autofree char *journal = test_text (conn, "PRAGMA journal_mode");
  assert_string_equal (journal, "wal");
  assert_int_equal (test_number (conn, "PRAGMA foreign_keys"), 1);
  assert_int_equal (test_number (conn, "PRAGMA busy_timeout"), 1234);
  assert_int_equal (test_number (conn, "PRAGMA synchronous"), 1);
  test_run (conn, "CREATE TABLE t (a)");
  test_run (conn, "INSERT INTO t VALUES (1)");
  assert_fails (corm_execute (conn, "SELECT \"no_such_name\" FROM t", NULL, NULL, error), CORM_ERROR_SCHEMA,
                "no_such_name");
}

static void
options_are_completed (G_GNUC_UNUSED void **state)
{
  CormDbOptions none = corm_db_options_complete (NULL);
  assert_int_equal (none.pool_wait_ms, 30000);
  assert_int_equal (none.busy_timeout_ms, 5000);
  assert_true (none.pool_size > 0 && none.statement_cache > 0);
  CormDbOptions some = corm_db_options_complete (&(CormDbOptions){ .pool_size = 3, .read_only = true });
  assert_int_equal (some.pool_size, 3);
  assert_true (some.read_only);
  assert_int_equal (some.max_age_ms, 3600000);
}

static void
note_statement (const char *sql, gpointer list)
{
  g_ptr_array_add (list, g_strdup (sql));
}

static void
statements_are_told (G_GNUC_UNUSED void **state)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  CormDbOptions options = { .on_statement = note_statement, .on_statement_data = told };
  g_autoptr (CormDb) db = test_open ("sqlite::memory:", &options);
  g_autoptr (CormConnection) conn = test_connect (db);
  guint64 before = corm_connection_get_n_statements (conn);
  g_ptr_array_set_size (told, 0);
  test_run (conn, "CREATE TABLE t (a TEXT)");
  assert_ok (corm_execute (conn, "INSERT INTO t VALUES (:a)", CORM_PARAMS (CORM_PARAM ("a", "secret")), NULL,
                           error));
  assert_int_equal (told->len, corm_connection_get_n_statements (conn) - before);
  assert_string_equal (told->pdata[0], "CREATE TABLE t (a TEXT)");
  for (guint i = 0; i < told->len; i++)
    assert_null (strstr (told->pdata[i], "secret"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (says_what_it_is),
    cmocka_unit_test (wrong_places_are_named),
    cmocka_unit_test (another_kind_of_file_stays_as_it_is),
    cmocka_unit_test (a_damaged_file_is_no_silence),
    cmocka_unit_test (read_only_changes_nothing),
    cmocka_unit_test (a_file_without_permission),
    cmocka_unit_test (a_locked_file_is_busy),
    cmocka_unit_test (a_full_disk_is_full),
    cmocka_unit_test (the_session_has_its_defaults),
    cmocka_unit_test (options_are_completed),
    cmocka_unit_test (statements_are_told),
  };
  return cmocka_run_group_tests_name ("db", tests, NULL, NULL);
}
