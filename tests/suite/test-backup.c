/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Copies and the way back, each database by its own means: the rows are the same, nothing is written over, nothing half-done
 * is left, no password is shown, and a failure speaks in the tool's own words. */
#include "../lib/fresh.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SQLITE, PGSQL, MYSQL };

/* Two databases of the case's own, and a folder for copies. */
typedef struct {
  guint kind;
  char *folder;
  char *uri, *other; /* the one with the rows, and an empty one */
  char *names[2];
  CormConnection *admin;
} Place;

static void
admin_run (const Place *place, const char *format, const char *name)
{
  g_autoptr (GString) sql = g_string_new (format);
  g_string_replace (sql, "{}", name, 0);
  assert_ok (corm_execute (place->admin, sql->str, NULL, NULL, error));
}

static char *
make_database (Place *place, const char *server, guint n)
{
  place->names[n] = g_strdup_printf ("corm_copy_%d_%u_%u", (int) getpid (), place->kind, n);
  if (place->kind == SQLITE)
    return g_strdup_printf ("sqlite:%s/%s.db", place->folder, place->names[n]);
  admin_run (place, place->kind == PGSQL ? "CREATE DATABASE {} OWNER corm" : "CREATE DATABASE {}",
             place->names[n]);
  return places_change_uri (server, NULL, NULL, place->names[n]);
}

static void
remove_folder (const char *folder)
{
  const char *name;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
}

static void
place_free (Place *place)
{
  for (guint i = 0; i < 2; i++) {
    if (place->kind != SQLITE)
      admin_run (place, "DROP DATABASE {}", place->names[i]);
    g_free (place->names[i]);
  }
  if (place->admin != NULL)
    corm_connection_free (place->admin);
  remove_folder (place->folder);
  g_free (place->folder);
  g_free (place->uri);
  g_free (place->other);
  g_free (place);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

static Place *
place_new (void **state)
{
  static const char *const servers[] = { NULL, "CORM_TEST_PGSQL", "CORM_TEST_MYSQL" };
  static const char *const admins[] = { NULL, "CORM_TEST_PGSQL_ADMIN", "CORM_TEST_MYSQL_ADMIN" };
  guint kind = GPOINTER_TO_UINT (*state);
  const char *missing = NULL, *server = kind != SQLITE ? g_getenv (servers[kind]) : NULL;
  if (fresh_find (kind, &missing) == NULL) {
    print_message ("# skip %s\n", missing);
    skip ();
  }
  Place *place = g_new0 (Place, 1);
  place->kind = kind;
  place->folder = g_dir_make_tmp ("corm copy's XXXXXX", NULL);
  if (kind != SQLITE)
    assert_ok ((place->admin = corm_connection_open_uri (g_getenv (admins[kind]), error)) != NULL);
  place->uri = make_database (place, server, 0);
  place->other = make_database (place, server, 1);
  return place;
}

static CormConnection *
open_uri (const char *uri)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  return conn;
}

static void
seed (const char *uri)
{
  g_autoptr (CormConnection) conn = open_uri (uri);
  const CormDialect *dialect = corm_connection_get_link (conn)->driver->dialect;
  g_autoptr (GString) name = g_string_new (NULL);
  corm_sql_append_identifier (name, dialect, "It's \"a\" T");
  g_autofree char *create =
      g_strdup_printf ("CREATE TABLE %s (id INTEGER NOT NULL PRIMARY KEY, w VARCHAR(100))", name->str);
  g_autofree char *rows =
      g_strdup_printf ("INSERT INTO %s VALUES (1, 'it''s'), (2, NULL), (3, 'schön \\n')", name->str);
  fresh_run (conn, create);
  fresh_run (conn, rows);
}

static void
assert_equal_rows (const char *a, const char *b)
{
  g_autoptr (CormDb) left = NULL, right = NULL;
  g_autoptr (CormPortReport) report = NULL;
  assert_ok ((left = corm_db_open (a, NULL, error)) != NULL);
  assert_ok ((right = corm_db_open (b, NULL, error)) != NULL);
  assert_ok ((report = corm_verify (left, right, NULL, error)) != NULL);
  assert_int_equal (report->tables->len, 1);
  assert_true (report->equal);
}

static guint
count_files (const char *folder)
{
  guint n = 0;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static char *
backup (const char *uri, const char *file, const CormBackupOptions *options)
{
  char *command = NULL;
  assert_ok ((command = corm_backup (uri, file, options, error)) != NULL);
  return command;
}

static void
a_copy_comes_back_as_it_was (void **state)
{
  g_autoptr (Place) place = place_new (state);
  g_autofree char *file = g_strconcat (place->folder, "/a 'copy'", NULL);
  CormBackupOptions force = { .force = true }, dry = { .dry_run = true };
  struct stat info;
  seed (place->uri);
  g_autofree char *shown = backup (place->uri, file, &dry);
  assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  g_autofree char *command = backup (place->uri, file, NULL);
  assert_string_equal (command, shown);
  assert_null (strstr (command, "secret"));
  assert_int_equal (stat (file, &info), 0);
  assert_int_equal (info.st_mode & 0777, 0600);
  assert_fails (corm_backup (place->uri, file, NULL, error), CORM_ERROR_INVALID, "is there already");
  g_free (backup (place->uri, file, &force));
  g_autofree char *restored = NULL, *anew = NULL;
  assert_ok ((restored = corm_restore (place->other, file, NULL, error)) != NULL);
  assert_null (strstr (restored, "secret"));
  assert_equal_rows (place->uri, place->other);
  assert_fails (corm_restore (place->other, file, NULL, error), CORM_ERROR_INVALID, "--force");
  {
    g_autoptr (CormConnection) conn = open_uri (place->other);
    fresh_run (conn, "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY)");
    fresh_run (conn, "DROP TABLE more");
  }
  assert_ok ((anew = corm_restore (place->other, file, &force, error)) != NULL);
  assert_equal_rows (place->uri, place->other);
  assert_int_equal (count_files (place->folder), place->kind == SQLITE ? 3 : 1);
}

static void
a_failure_gives_the_words_and_leaves_nothing (void **state)
{
  g_autoptr (Place) place = place_new (state);
  g_autofree char *file = g_strconcat (place->folder, "/copy", NULL);
  g_autofree char *missing = place->kind == SQLITE ? g_strconcat ("sqlite:", place->folder, "/none.db", NULL)
                                                   : places_change_uri (place->uri, NULL, NULL, "corm_none");
  assert_fails (corm_backup (missing, file, NULL, error),
                place->kind == SQLITE ? CORM_ERROR_CONNECTION : CORM_ERROR_FAILED, "none");
  assert_int_equal (count_files (place->folder), 0);
  g_autofree char *nowhere = g_strconcat (place->folder, "/no/folder", NULL);
  seed (place->uri);
  assert_fails (corm_backup (place->uri, nowhere, NULL, error), CORM_ERROR_FAILED, "/no/folder");
  assert_true (g_file_set_contents (file, "this is no copy of anything\n", -1, NULL));
  g_autoptr (GError) why = NULL;
  assert_null (corm_restore (place->other, file, NULL, &why));
  assert_non_null (why);
  assert_true (place->kind == SQLITE || strstr (why->message, "pg_restore") != NULL ||
               strstr (why->message, "Dump completed") != NULL);
}

/* A copy that was cut off is refused before anything is touched. */
static void
half_a_copy_is_refused (void **state)
{
  g_autoptr (Place) place = place_new (state);
  g_autofree char *file = g_strconcat (place->folder, "/copy", NULL), *bytes = NULL;
  gsize size = 0;
  seed (place->uri);
  g_free (backup (place->uri, file, NULL));
  assert_true (g_file_get_contents (file, &bytes, &size, NULL));
  assert_true (g_file_set_contents (file, bytes, (gssize) (size - size / 3), NULL));
  g_autoptr (GError) why = NULL;
  assert_null (corm_restore (place->other, file, NULL, &why));
  assert_non_null (why);
  if (place->kind == SQLITE) {
    assert_false (g_file_test (place->other + strlen ("sqlite:"), G_FILE_TEST_EXISTS));
    return;
  }
  g_autoptr (CormConnection) conn = open_uri (place->other);
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  assert_int_equal (schema->tables->len, 0);
}

/* --- a file under write -------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *uri;
  gint stop;
} Writer;

/* Two rows at a time: a copy that has an odd one has half a transaction. */
static gpointer
write_pairs (gpointer data)
{
  Writer *writer = data;
  g_autoptr (CormConnection) conn = open_uri (writer->uri);
  while (!g_atomic_int_get (&writer->stop)) {
    g_autoptr (CormTransaction) transaction = NULL;
    assert_ok ((transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error)) != NULL);
    fresh_run (conn, "INSERT INTO pairs (w) VALUES (zeroblob(3000))");
    fresh_run (conn, "INSERT INTO pairs (w) VALUES (zeroblob(3000))");
    assert_ok (corm_transaction_commit (transaction, error));
  }
  return NULL;
}

static void
a_file_is_copied_while_others_write (void **state)
{
  if (GPOINTER_TO_UINT (*state) != SQLITE) {
    print_message ("# skip the server's tool sees to it\n");
    skip ();
  }
  g_autoptr (Place) place = place_new (state);
  {
    g_autoptr (CormConnection) conn = open_uri (place->uri);
    fresh_run (conn, "CREATE TABLE pairs (id INTEGER PRIMARY KEY, w BLOB)");
    fresh_run (
        conn,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO pairs "
        "SELECT i, zeroblob(1000) FROM n");
  }
  Writer writer = { place->uri, 0 };
  GThread *thread = g_thread_new ("writer", write_pairs, &writer);
  for (guint i = 0; i < 3; i++) {
    g_autofree char *file = g_strdup_printf ("%s/copy-%u.db", place->folder, i);
    g_free (backup (place->uri, file, NULL));
    g_autofree char *uri = g_strconcat ("sqlite:", file, NULL);
    g_autoptr (CormConnection) conn = open_uri (uri);
    g_autofree char *odd = fresh_text (conn, "SELECT count(*) % 2 FROM pairs");
    assert_string_equal (odd, "0");
  }
  g_atomic_int_set (&writer.stop, 1);
  g_thread_join (thread);
}

static void
no_copy_through_libdbi_alone (G_GNUC_UNUSED void **state)
{
  assert_fails (corm_backup ("dbi:sqlite3?dbname=a.db&sqlite3_dbdir=/", "copy", NULL, error),
                CORM_ERROR_UNSUPPORTED, "sqlite:PATH");
}

#define COPY(f) FRESH_ON (f, 0), FRESH_ON (f, 1), FRESH_ON (f, 2)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    COPY (a_copy_comes_back_as_it_was),
    COPY (a_failure_gives_the_words_and_leaves_nothing),
    COPY (half_a_copy_is_refused),
    COPY (a_file_is_copied_while_others_write),
    FRESH_ON (no_copy_through_libdbi_alone, 0),
  };
  return cmocka_run_group_tests_name ("backup", tests, NULL, fresh_end);
}
