/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See porting.h. */
#include "porting.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

guint
porting_number (const char *name, guint otherwise)
{
  const char *text = g_getenv (name);
  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : otherwise;
}

char *
porting_make_source (guint n_rows)
{
  static int count;
  const char *folder = g_getenv ("CORM_TEST_TMP");
  char *path = g_strdup_printf ("%s/port-%d-%d.db", folder != NULL ? folder : g_get_tmp_dir (),
                                (int) getpid (), ++count);
  g_unlink (path);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "CREATE TABLE owners (name VARCHAR(40) NOT NULL PRIMARY KEY, note TEXT) WITHOUT ROWID");
  suite_sql (
      conn,
      "CREATE TABLE things (id INTEGER PRIMARY KEY, owner VARCHAR(40) REFERENCES owners (name), size REAL, "
      "CHECK (size >= 0))");
  suite_sql (conn, "CREATE INDEX ix_things_owner ON things (owner)");
  suite_sql (conn, "CREATE INDEX ix_things_size ON things (size DESC)");
  suite_sql (conn, "CREATE TABLE loose (word VARCHAR(40), n BIGINT)");
  g_autofree char *many = g_strdup_printf (
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %u) ", n_rows);
  g_autofree char *owners = g_strconcat (many, "INSERT INTO owners SELECT 'o''' || i, 'é' || i FROM c", NULL);
  g_autofree char *things =
      g_strconcat (many, "INSERT INTO things SELECT 3 * i - 40, 'o''' || (1 + i % 47), i / 8.0 FROM c", NULL);
  g_autofree char *loose = g_strconcat (
      many, "INSERT INTO loose SELECT CASE WHEN i % 3 THEN 'w' || i % 5 END, i % 7 FROM c", NULL);
  suite_sql (conn, owners);
  suite_sql (conn, things);
  suite_sql (conn, loose);
  return path;
}

CormDb *
porting_open (const char *path)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  CormDb *db = NULL;
  const CormDbOptions options = { .pool_size = 4 }; /* the case keeps one */
  assert_ok ((db = corm_db_open_full (uri, NULL, &options, error)) != NULL);
  return db;
}

gboolean
porting_run (const char *source_uri, const char *target_uri, const CormPortOptions *options, GError **error)
{
  g_autoptr (CormDb) source = corm_db_open (source_uri, NULL, error);
  g_autoptr (CormDb) target = source != NULL ? corm_db_open (target_uri, NULL, error) : NULL;
  g_autoptr (CormPortReport) report = target != NULL ? corm_port (source, target, options, error) : NULL;
  return report != NULL;
}

pid_t
porting_start (const char *source_uri, const char *target_uri, const CormPortOptions *options)
{
  fflush (NULL);
  pid_t pid = fork ();
  assert_true (pid >= 0);
  if (pid > 0)
    return pid;
  g_autoptr (GError) error = NULL;
  if (porting_run (source_uri, target_uri, options, &error) ||
      strstr (error->message, "there is nothing to resume") != NULL) /* killed behind its last step */
    _exit (0);
  gboolean lost = g_error_matches (error, CORM_ERROR, CORM_ERROR_CONNECTION) ||
                  g_error_matches (error, CORM_ERROR, CORM_ERROR_UNKNOWN_OUTCOME);
  fprintf (stderr, "# the port that is to be killed: %s\n", error->message);
  _exit (lost ? PORTING_LOST : PORTING_FAILED);
}

gboolean
porting_and_kill (const char *path, const char *target_uri, const CormPortOptions *options, gint64 after_us)
{
  int status = 0;
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  pid_t pid = porting_start (uri, target_uri, options), ended = 0;
  gint64 end = g_get_monotonic_time () + after_us;
  while (g_get_monotonic_time () < end && (ended = waitpid (pid, &status, WNOHANG)) == 0)
    g_usleep (500);
  if (ended == 0) {
    kill (pid, SIGKILL);
    ended = waitpid (pid, &status, 0);
  }
  assert_int_equal (ended, pid);
  if (WIFEXITED (status))
    assert_int_equal (WEXITSTATUS (status), 0);
  return WIFEXITED (status);
}

void
porting_assert_whole (const char *source_uri, const char *target_uri, guint n_rows, guint n_checks)
{
  g_autoptr (CormDb) source = NULL;
  g_autoptr (CormDb) target = NULL;
  g_autoptr (CormPortReport) report = NULL;
  const CormDbOptions options = { .pool_size = 4 };
  assert_ok ((source = corm_db_open_full (source_uri, NULL, &options, error)) != NULL);
  assert_ok ((target = corm_db_open_full (target_uri, NULL, &options, error)) != NULL);
  assert_ok ((report = corm_verify (source, target, NULL, error)) != NULL);
  for (guint i = 0; i < report->tables->len; i++) {
    const CormTableReport *table = g_ptr_array_index (report->tables, i);
    if (!table->equal)
      fail_msg ("%s: %s", table->table,
                table->differences->len > 0 ? (char *) g_ptr_array_index (table->differences, 0)
                                            : "different");
    assert_int_equal (table->target_rows, n_rows);
  }
  assert_int_equal (report->tables->len, 3); /* and none of the ledger's */
  g_autoptr (CormConnection) conn = suite_connect (target);
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  const CormTable *things = corm_schema_find_table (schema, "things");
  assert_int_equal (things->indexes->len, 2);
  assert_int_equal (things->foreign_keys->len, 1);
  assert_int_equal (things->checks->len, n_checks);
}
