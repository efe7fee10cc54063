/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database that a port was killed in is told as such by all that would take it for a whole one, and the port's own
 * tables are nobody's data. From SQLite into whatever backend. */
#include "../lib/suite.h"
#include "porting.h"

#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 100, KILLED = 9 };

/* In the second table, so that the rows of the first are committed. */
static void
die (const CormProgress *progress, G_GNUC_UNUSED gpointer data)
{
  if (progress->phase == CORM_PORT_ROWS && strcmp (progress->table, "things") == 0 && progress->rows > 0)
    _exit (KILLED);
}

static void
leave_half (Suite *suite, const char *path)
{
  int status = 0;
  CormPortOptions options = { .batch = 10, .progress = die };
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  suite_close (suite);
  pid_t pid = porting_start (uri, suite->uri, &options);
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFEXITED (status) && WEXITSTATUS (status) == KILLED);
}

static char *
file_in_tests (const char *name)
{
  const char *folder = g_getenv ("CORM_TEST_TMP");
  return g_strdup_printf ("%s/%d-%s", folder != NULL ? folder : g_get_tmp_dir (), (int) getpid (), name);
}

static void
end_port (Suite *suite, const char *path)
{
  CormPortOptions resume = { .resume = true };
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  assert_ok (porting_run (uri, suite->uri, &resume, error));
}

/* Neither out of it, nor into it, nor on to another database: --restart would drop what came in between. */
static void
nothing_goes_out_or_in (Suite *suite)
{
  CormPortOptions some = { .tables = "owners" };
  g_autofree char *path = porting_make_source (ROWS), *file = file_in_tests ("out.jsonl");
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  leave_half (suite, path);
  {
    g_autoptr (CormDb) db = suite_open (suite, NULL);
    g_autoptr (CormDb) source = porting_open (path);
    g_autoptr (CormDb) other = corm_db_open ("sqlite::memory:", NULL, NULL);
    g_autoptr (CormExchangeReport) rows = NULL;
    assert_fails (corm_export (db, file, NULL, error), CORM_ERROR_SCHEMA, "unfinished port", uri, "--resume",
                  "--restart", "not exported");
    assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
    assert_ok ((rows = corm_export (source, file, NULL, error)) != NULL);
    assert_fails (corm_import (db, file, NULL, error), CORM_ERROR_SCHEMA, "unfinished port", "--resume");
    assert_fails (corm_port (db, other, &some, error), CORM_ERROR_SCHEMA, "the source", "unfinished port");
  }
  end_port (suite, path);
  g_autoptr (CormDb) db = suite_open (suite, NULL);
  g_autoptr (CormExchangeReport) rows = NULL;
  assert_ok ((rows = corm_export (db, file, NULL, error)) != NULL);
  assert_int_equal (rows->tables->len, 3);
  g_unlink (file);
  g_unlink (path);
}

/* As far as it is, the copy is equal: it has rows, and lacks keys, indexes, or no more than its last step. */
static void
equal_rows_are_no_proof (Suite *suite)
{
  CormPortOptions some = { .tables = "owners" };
  g_autofree char *path = porting_make_source (ROWS);
  leave_half (suite, path);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (CormDb) target = suite_open (suite, NULL);
    g_autoptr (CormDb) source = porting_open (path);
    g_autoptr (CormPortReport) report = NULL;
    g_autoptr (CormPortReport) all = NULL;
    assert_ok ((report = corm_verify (source, target, &some, error)) != NULL);
    const CormTableReport *owners = g_ptr_array_index (report->tables, 0);
    assert_true (owners->equal);
    assert_int_equal (report->equal, i == 1);
    assert_int_equal (report->notes->len, i == 0);
    if (i == 0)
      assert_non_null (strstr (g_ptr_array_index (report->notes, 0), "the target holds an unfinished port"));
    assert_ok ((all = corm_verify (source, target, NULL, error)) != NULL);
    assert_int_equal (all->tables->len, 3); /* and none of the port's */
    if (i == 0)
      end_port (suite, path);
  }
  g_unlink (path);
}

static void
the_doctor_names_it_and_mends_nothing (Suite *suite)
{
  CormDoctorOptions mend = { .orphans = CORM_ORPHANS_DELETE };
  g_autofree char *path = porting_make_source (ROWS), *says = NULL;
  leave_half (suite, path);
  {
    g_autoptr (CormDb) db = suite_open (suite, NULL);
    g_autoptr (CormConnection) conn = suite_connect (db);
    g_autoptr (CormDiagnosis) found = NULL;
    assert_ok ((found = corm_doctor (conn, NULL, error)) != NULL);
    const CormAilment *first = g_ptr_array_index (found->ailments, 0);
    assert_string_equal (corm_ailment_kind_name (first->kind), "unfinished-port");
    assert_non_null (strstr (first->reason, path));
    for (guint i = 1; i < found->ailments->len; i++)
      assert_null (strstr (((const CormAilment *) g_ptr_array_index (found->ailments, i))->table, "corm_"));
    assert_fails (corm_doctor (conn, &mend, error), CORM_ERROR_SCHEMA, "nothing is mended", "unfinished");
    assert_ok (corm_port_find_unfinished (conn, &says, error));
    assert_non_null (strstr (says, "--restart"));
  }
  g_clear_pointer (&says, g_free);
  end_port (suite, path);
  g_autoptr (CormDb) db = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  assert_ok (corm_port_find_unfinished (conn, &says, error));
  assert_null (says);
  g_unlink (path);
}

/* Killed between the drops of its own tables; and somebody's table of that name, which is data. */
static void
what_is_left_of_a_port_that_is_done_is_no_port (Suite *suite)
{
  g_autofree char *path = porting_make_source (ROWS), *file = file_in_tests ("left.jsonl"), *text = NULL;
  leave_half (suite, path);
  {
    g_autoptr (CormDb) db = suite_open (suite, NULL);
    g_autoptr (CormConnection) conn = suite_connect (db);
    g_autoptr (CormExchangeReport) rows = NULL;
    suite_sql (conn, "DROP TABLE corm_port_steps");
    assert_ok ((rows = corm_export (db, file, NULL, error)) != NULL);
    assert_ok (g_file_get_contents (file, &text, NULL, error));
    assert_null (strstr (text, "corm_port"));
    suite_sql (conn, "DROP TABLE corm_port");
    suite_sql (conn, "CREATE TABLE corm_port (id INT PRIMARY KEY, harbour INT)");
    suite_sql (conn, "INSERT INTO corm_port VALUES (1, 2)");
  }
  g_clear_pointer (&text, g_free);
  g_autoptr (CormDb) db = suite_open (suite, NULL);
  g_autoptr (CormExchangeReport) rows = NULL;
  assert_ok ((rows = corm_export (db, file, NULL, error)) != NULL);
  assert_ok (g_file_get_contents (file, &text, NULL, error));
  assert_non_null (strstr (text, "{\"table\":\"corm_port\",\"row\":{\"id\":1,\"harbour\":2}}"));
  g_unlink (file);
  g_unlink (path);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "nothing_goes_out_or_in", nothing_goes_out_or_in, 0 },
    { "equal_rows_are_no_proof", equal_rows_are_no_proof, 0 },
    { "the_doctor_names_it_and_mends_nothing", the_doctor_names_it_and_mends_nothing, 0 },
    { "what_is_left_of_a_port_that_is_done_is_no_port", what_is_left_of_a_port_that_is_done_is_no_port, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
