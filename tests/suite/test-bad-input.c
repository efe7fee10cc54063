/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What people give to a program: paths and URIs that lead nowhere. Each error says what, where and what to do, shows no
 * password, and leaves what it found as it was. */
#define _GNU_SOURCE /* setresuid */
#include "config.h"

#include "../lib/suite.h"

#include "../lib/place.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static char *folder; /* which everybody may enter */

static int
make_folder (G_GNUC_UNUSED void **state)
{
  g_autofree char *path = g_strdup ("/tmp/corm-bad-XXXXXX");
  folder = g_mkdtemp_full (path, 0755) != NULL ? g_steal_pointer (&path) : NULL;
  return folder != NULL && g_chmod (folder, 0777) == 0 ? 0 : -1;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inside = g_build_filename (path, name, NULL);
    remove_tree (inside);
  }
  g_remove (path);
}

static int
remove_folder (G_GNUC_UNUSED void **state)
{
  g_autofree char *disk = g_build_filename (folder, "disk", NULL);
  umount2 (disk, MNT_DETACH);
  remove_tree (folder);
  g_free (folder);
  return 0;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* The two ways to a file: with the native driver and with the generic one. */
static guint
file_uris (const char *name, char *uris[2])
{
  guint n = 0;
#ifdef HAVE_SQLITE3
  uris[n++] = g_strdup_printf ("sqlite:%s/%s", folder, name);
#endif
  uris[n++] = g_strdup_printf ("dbi:sqlite3?sqlite3_dbdir=%s&dbname=%s", folder, name);
  return n;
}

/* Opening fails with one of two codes and with all of @parts in the message, and with no password in it. */
static void
assert_refused (const char *uri, const CormDbOptions *options, CormError code, CormError or_code,
                const char *const *parts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, options, &error);
  if (db != NULL)
    fail_msg ("%s: opened", uri);
  print_message ("# %s\n", error->message);
  if (g_error_matches (error, CORM_ERROR, (int) or_code))
    code = or_code;
  suite_check_error (uri, error, code, parts);
  if (strstr (error->message, "topsecret") != NULL)
    fail_msg ("%s: the message shows the password", uri);
}

#define PARTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
assert_file_refused (const char *name, const CormDbOptions *options, const char *part)
{
  char *uris[2];
  guint n = file_uris (name, uris);
  for (guint i = 0; i < n; i++) {
    assert_refused (uris[i], options, CORM_ERROR_CONNECTION, CORM_ERROR_DENIED, PARTS (name, part));
    g_free (uris[i]);
  }
}

static char *
write_file (const char *name, const char *text, int mode)
{
  char *path = g_build_filename (folder, name, NULL);
  assert_true (g_file_set_contents (path, text, -1, NULL));
  assert_int_equal (g_chmod (path, mode), 0);
  return path;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static void
a_missing_file (G_GNUC_UNUSED void **state)
{
  CormDbOptions options = { .must_exist = true };
  assert_file_refused ("missing.db", &options, "file");
  g_autofree char *path = g_build_filename (folder, "missing.db", NULL);
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
a_missing_folder (G_GNUC_UNUSED void **state)
{
  assert_file_refused ("nowhere/new.db", NULL, "folder");
}

static void
a_folder_instead_of_a_file (G_GNUC_UNUSED void **state)
{
  g_autofree char *path = g_build_filename (folder, "a-folder", NULL);
  assert_int_equal (g_mkdir (path, 0755), 0);
  assert_file_refused ("a-folder", NULL, "folder");
}

static void
a_file_that_is_no_database (G_GNUC_UNUSED void **state)
{
  g_autofree char *text = g_strnfill (5000, 'x');
  g_autofree char *path = write_file ("letter.txt", text, 0644), *after = NULL;
  assert_file_refused ("letter.txt", NULL, "database");
  assert_true (g_file_get_contents (path, &after, NULL, NULL));
  assert_string_equal (after, text);
}

/* A header and pages of nothing: whatever is asked fails with an error, and nothing crashes. */
static void
a_damaged_file (G_GNUC_UNUSED void **state)
{
  char *uris[2];
  guint n = file_uris ("damaged.db", uris);
  for (guint i = 0; i < n; i++) {
    g_autofree char *path = g_build_filename (folder, "damaged.db", NULL), *data = NULL;
    gsize size = 0;
    g_autoptr (GError) error = NULL;
    CormConnection *conn = corm_connection_open_uri (uris[i], NULL);
    suite_sql (conn, "CREATE TABLE IF NOT EXISTS t (id integer primary key, a text)");
    suite_sql (
        conn,
        "INSERT INTO t (a) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        "SELECT 'some text to fill pages' FROM n");
    corm_connection_free (conn);
    assert_true (g_file_get_contents (path, &data, &size, NULL));
    memset (data + 4096, 0x5a, size - 4096);
    assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
    g_autoptr (CormDb) db = corm_db_open (uris[i], NULL, &error);
    if (db != NULL) {
      conn = suite_connect (db);
      g_autoptr (CormCursor) cursor =
          corm_query (conn, "SELECT count(a), sum(length(a)) FROM t", NULL, &error);
      if (cursor != NULL)
        assert_false (corm_cursor_next (cursor, &error));
      g_clear_pointer (&cursor, corm_cursor_free);
      corm_connection_free (conn);
    }
    print_message ("# %s\n", error->message);
    g_remove (path);
    g_free (uris[i]);
  }
}

/* --- rights ------------------------------------------------------------------------------------------------------- */

/* Root may do everything: as root the case runs as nobody. */
static void
become (uid_t user)
{
  uid_t real, effective, saved;
  getresuid (&real, &effective, &saved);
  if (saved == 0 && setresuid (user, user, 0) != 0)
    fail_msg ("setresuid: %s", g_strerror (errno));
}

static void
an_unreadable_file (G_GNUC_UNUSED void **state)
{
  G_GNUC_UNUSED g_autofree char *path = write_file ("private.db", "", 0);
  become (NOBODY);
  assert_file_refused ("private.db", NULL, "cannot be read");
  become (0);
}

static void
a_read_only_file (G_GNUC_UNUSED void **state)
{
  char *uris[2];
  guint n = file_uris ("read-only.db", uris);
  g_autofree char *path = g_build_filename (folder, "read-only.db", NULL);
  CormConnection *conn = corm_connection_open_uri (uris[0], NULL);
  suite_sql (conn, "CREATE TABLE t (a integer)");
  suite_sql (conn, "PRAGMA journal_mode = DELETE");
  corm_connection_free (conn);
  assert_int_equal (g_chmod (path, 0444), 0);
  for (guint i = 0; i < n; i++) {
    CormDbOptions options = { .read_only = true, .must_exist = true };
    become (NOBODY);
    CormDb *db = NULL;
    assert_ok ((db = corm_db_open_full (uris[i], NULL, &options, error)) != NULL);
    conn = suite_connect (db);
    assert_int_equal (suite_number (conn, "SELECT count(*) FROM t"), 0);
    assert_fails (corm_execute (conn, "INSERT INTO t VALUES (1)", NULL, NULL, error), CORM_ERROR_DENIED,
                  NULL);
    corm_connection_free (conn);
    corm_db_free (db);

    g_autoptr (GError) fault = NULL;
    db = corm_db_open (uris[i], NULL, &fault);
    conn = db != NULL ? suite_connect (db) : NULL;
    if (conn != NULL)
      assert_false (corm_execute (conn, "INSERT INTO t VALUES (1)", NULL, NULL, &fault));
    become (0);
    print_message ("# %s\n", fault->message);
    assert_int_equal (fault->code, CORM_ERROR_DENIED);
    g_clear_pointer (&conn, corm_connection_free);
    g_clear_pointer (&db, corm_db_free);
    g_free (uris[i]);
  }
}

/* --- locked, full ------------------------------------------------------------------------------------------------- */

static void
a_locked_database (G_GNUC_UNUSED void **state)
{
  char *uris[2];
  guint n = file_uris ("locked.db", uris);
  for (guint i = 0; i < n; i++) {
    CormDbOptions options = { .busy_timeout_ms = 100 };
    g_autoptr (CormDb) holder = NULL, waiter = NULL;
    assert_ok ((holder = corm_db_open (uris[i], NULL, error)) != NULL);
    assert_ok ((waiter = corm_db_open_full (uris[i], NULL, &options, error)) != NULL);
    g_autoptr (CormConnection) one = suite_connect (holder), two = suite_connect (waiter);
    suite_sql (one, "CREATE TABLE IF NOT EXISTS t (a integer)");
    {
      g_autoptr (CormTransaction) transaction = corm_transaction_begin (one, CORM_TRANSACTION_WRITE, NULL);
      suite_sql (one, "INSERT INTO t VALUES (1)");
      gint64 start = g_get_monotonic_time ();
      assert_fails (corm_execute (two, "INSERT INTO t VALUES (2)", NULL, NULL, error), CORM_ERROR_BUSY,
                    "locked");
      assert_true (g_get_monotonic_time () - start < 5 * G_USEC_PER_SEC);
      assert_ok (corm_transaction_commit (transaction, error));
    }
    suite_sql (two, "INSERT INTO t VALUES (3)");
    assert_int_equal (suite_number (two, "SELECT count(*) FROM t WHERE a <> 2"), 2 * (i + 1));
    g_free (uris[i]);
  }
}

/* Fills table t until there is no room; what was committed is all there. */
static gint64
fill_up (CormConnection *conn, const char *text)
{
  g_autoptr (GError) fault = NULL;
  static const char insert[] = "INSERT INTO t (a) VALUES (:a)";
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("a", text));
  gint64 n = 0;
  for (gboolean ok = TRUE; ok && n < 1000; n += ok)
    ok = corm_execute (conn, insert, params, NULL, &fault);
  print_message ("# %s\n", fault->message);
  assert_int_equal (fault->code, CORM_ERROR_FULL);
  assert_true (n > 3);
  {
    G_GNUC_UNUSED g_autoptr (CormTransaction) transaction =
        corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, NULL);
    while (corm_execute (conn, insert, params, NULL, NULL))
      ;
  }
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM t WHERE length(a) = 20000"), n);
  return n;
}

static void
run_out_of_space (const char *uri, const char *ballast)
{
  g_autofree char *text = g_strnfill (20000, 'f');
  g_autofree char *weight = g_strnfill (300000, 'b');
  assert_true (g_file_set_contents (ballast, weight, -1, NULL));
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "CREATE TABLE t (id integer primary key, a text)");
  gint64 n = fill_up (conn, text);
  g_remove (ballast);
  suite_sql (conn, "INSERT INTO t (a) VALUES ('there is room again')");
  assert_int_equal (suite_number (conn, "SELECT count(*) FROM t"), n + 1);
}

static void
a_full_disk (G_GNUC_UNUSED void **state)
{
  g_autofree char *disk = g_build_filename (folder, "disk", NULL);
  assert_int_equal (g_mkdir (disk, 0755), 0);
  if (mount ("tmpfs", disk, "tmpfs", 0, "size=2m") != 0) {
    print_message ("# skip a tmpfs cannot be mounted here: %s\n", g_strerror (errno));
    g_clear_pointer (&disk, g_free);
    skip ();
  }
  char *uris[2];
  guint n = file_uris ("disk/full.db", uris);
  g_autofree char *path = g_build_filename (disk, "full.db", NULL);
  g_autofree char *ballast = g_build_filename (disk, "ballast", NULL);
  for (guint i = 0; i < n; i++) {
    run_out_of_space (uris[i], ballast);
    g_remove (path);
    g_free (uris[i]);
  }
}

#ifdef HAVE_SQLITE3
/* SQLite takes a thousand million bytes; what it does not take it does not keep, and it would write NULL in its place. */
static void
a_value_that_is_too_long (G_GNUC_UNUSED void **state)
{
  enum { SIZE = 1000000001 };
  char *uris[2];
  guint n = file_uris ("long.db", uris);
  gpointer zeros = mmap (NULL, SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  g_autoptr (CormDb) db = NULL;
  assert_true (zeros != MAP_FAILED);
  assert_ok ((db = corm_db_open (uris[0], NULL, error)) != NULL);
  {
    g_autoptr (CormConnection) conn = suite_connect (db);
    const CormBytes bytes = { zeros, SIZE };
    suite_sql (conn, "CREATE TABLE t (a blob)");
    assert_fails (corm_execute (conn, "INSERT INTO t (a) VALUES (:huge)",
                                CORM_PARAMS (CORM_PARAM ("huge", bytes)), NULL, error),
                  CORM_ERROR_CONVERSION, "parameter :huge");
    assert_int_equal (suite_number (conn, "SELECT count(*) FROM t"), 0);
  }
  munmap (zeros, SIZE);
  for (guint i = 0; i < n; i++)
    g_free (uris[i]);
}
#endif

/* --- URIs --------------------------------------------------------------------------------------------------------- */

static void
wrong_uris (G_GNUC_UNUSED void **state)
{
  static const struct {
    const char *uri;
    CormError code;
    const char *part;
  } cases[] = {
    { "oracle://me:topsecret@host/db", CORM_ERROR_INVALID, "oracle" },
    { "", CORM_ERROR_INVALID, "URI" },
    { "just-a-name", CORM_ERROR_INVALID, "just-a-name" },
    { "sqlite:", CORM_ERROR_INVALID, "sqlite" },
    { "dbi:", CORM_ERROR_INVALID, "dbi" },
    { "dbi:nosuchdriver?dbname=x", CORM_ERROR_UNSUPPORTED, "nosuchdriver" },
    { "postgresql://me:topsecret@host:port/db", CORM_ERROR_INVALID, "port" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].uri, NULL, cases[i].code, CORM_ERROR_UNSUPPORTED, PARTS (cases[i].part));
}

/* --- servers ------------------------------------------------------------------------------------------------------ */

static const struct {
  const char *scheme, *dbi, *variable;
  gboolean native;
} servers[] = {
#ifdef HAVE_PGSQL
  { "postgresql", "pgsql", "CORM_TEST_PGSQL_PASSWORD", TRUE },
#else
  { "postgresql", "pgsql", "CORM_TEST_PGSQL_PASSWORD", FALSE },
#endif
#ifdef HAVE_MYSQL
  { "mysql", "mysql", "CORM_TEST_MYSQL", TRUE },
#else
  { "mysql", "mysql", "CORM_TEST_MYSQL", FALSE },
#endif
};

/* The native way where it is built in, and the generic one. */
static void
assert_server_refused (guint server, const char *uri, CormError code, CormError or_code, const char *part)
{
  g_autofree char *generic = places_dbi_uri (servers[server].dbi, uri, NULL, NULL);
  if (servers[server].native)
    assert_refused (uri, NULL, code, or_code, PARTS (part, "cannot open"));
  assert_refused (generic, NULL, CORM_ERROR_CONNECTION, code, PARTS ("cannot open"));
}

static void
a_closed_port (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (servers); i++) {
    g_autofree char *uri = g_strdup_printf ("%s://me:topsecret@127.0.0.1:1/db", servers[i].scheme);
    gint64 start = g_get_monotonic_time ();
    assert_server_refused (i, uri, CORM_ERROR_CONNECTION, CORM_ERROR_CONNECTION, "127.0.0.1");
    assert_true (g_get_monotonic_time () - start < 20 * G_USEC_PER_SEC);
  }
}

static const char *
need_server (guint i)
{
  const char *uri = g_getenv (servers[i].variable);
  if (uri == NULL) {
    print_message ("# skip no server for %s\n", servers[i].scheme);
    skip ();
  }
  return uri;
}

static void
wrong_password (guint i)
{
  g_autofree char *uri = places_change_uri (need_server (i), NULL, "topsecret", NULL);
  assert_server_refused (i, uri, CORM_ERROR_DENIED, CORM_ERROR_DENIED, "password");
}

static void
wrong_database (guint i)
{
  g_autofree char *uri = places_change_uri (need_server (i), NULL, NULL, "corm_no_such_database");
  assert_server_refused (i, uri, CORM_ERROR_SCHEMA, CORM_ERROR_CONNECTION, "corm_no_such_database");
}

static void
pgsql_wrong_password (G_GNUC_UNUSED void **state)
{
  wrong_password (0);
}

static void
mysql_wrong_password (G_GNUC_UNUSED void **state)
{
  wrong_password (1);
}

static void
pgsql_wrong_database (G_GNUC_UNUSED void **state)
{
  wrong_database (0);
}

static void
mysql_wrong_database (G_GNUC_UNUSED void **state)
{
  wrong_database (1);
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_missing_file),
    cmocka_unit_test (a_missing_folder),
    cmocka_unit_test (a_folder_instead_of_a_file),
    cmocka_unit_test (a_file_that_is_no_database),
    cmocka_unit_test (a_damaged_file),
    cmocka_unit_test (an_unreadable_file),
    cmocka_unit_test (a_read_only_file),
    cmocka_unit_test (a_locked_database),
    cmocka_unit_test (a_full_disk),
#ifdef HAVE_SQLITE3
    cmocka_unit_test (a_value_that_is_too_long),
#endif
    cmocka_unit_test (wrong_uris),
    cmocka_unit_test (a_closed_port),
    cmocka_unit_test (pgsql_wrong_password),
    cmocka_unit_test (mysql_wrong_password),
    cmocka_unit_test (pgsql_wrong_database),
    cmocka_unit_test (mysql_wrong_database),
  };
  return cmocka_run_group_tests_name ("bad input", tests, make_folder, remove_folder);
}
