/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A comparison reads tables that differ several times over. Whichever call the disk refuses, in the first reading or in a later one:
 * there is an error, and no report with what was not looked at. */
#include "../lib/seam.h"
#include "../lib/suite.h"

#include <glib/gstdio.h>
#include <unistd.h>

enum { N_ROWS = 1000, N_TRIES = 120 };

/* @key: of the table, or none. Every seventh row is another one where @differs. */
static char *
make_file (const char *name, const char *key, gboolean differs)
{
  const char *folder = g_getenv ("CORM_TEST_TMP");
  char *path =
      g_strdup_printf ("%s/cut-%d-%s.db", folder != NULL ? folder : g_get_tmp_dir (), (int) getpid (), name);
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_unlink (path);
  g_autoptr (CormDb) db = NULL;
  assert_ok ((db = corm_db_open (uri, NULL, error)) != NULL);
  g_autoptr (CormConnection) conn = suite_connect (db);
  g_autofree char *create = g_strdup_printf ("CREATE TABLE jobs (id INTEGER%s, name TEXT)", key);
  g_autofree char *fill = g_strdup_printf (
      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO jobs "
      "SELECT i, 'job ' || i || CASE WHEN i %% 7 = 0 THEN '%s' ELSE '' END FROM n",
      N_ROWS, differs ? "!" : "");
  suite_sql (conn, create);
  suite_sql (conn, fill);
  return path;
}

static CormPortReport *
verify (const char *from, const char *to, GError **error)
{
  const CormPortOptions options = { .jobs = 1 };
  g_autofree char *source_uri = g_strconcat ("sqlite:", from, NULL),
                  *target_uri = g_strconcat ("sqlite:", to, NULL);
  g_autoptr (CormDb) source = corm_db_open (source_uri, NULL, error);
  g_autoptr (CormDb) target = source != NULL ? corm_db_open (target_uri, NULL, error) : NULL;
  return target != NULL ? corm_verify (source, target, &options, error) : NULL;
}

/* TRUE: it said what differs. */
static gboolean
compare (const char *from, const char *to, SeamFault fault, guint nth, guint *n_calls)
{
  g_autoptr (GError) error = NULL;
  seam_arm (fault, nth);
  g_autoptr (CormPortReport) report = verify (from, to, &error);
  *n_calls = seam_disarm ();
  g_autofree char *left = seam_find_left ();
  assert_null (left);
  assert_int_equal (report == NULL, error != NULL);
  if (report == NULL) {
    assert_non_null (strstr (error->message, "disk I/O error"));
    return FALSE;
  }
  const CormTableReport *table = report->tables->pdata[0];
  assert_int_equal (report->tables->len, 1);
  assert_false (report->equal || table->equal);
  assert_int_equal (table->differences->len, 20); /* of 142, or twice as many: so many are told */
  return TRUE;
}

static void
check_each_call (const char *key)
{
  guint n_calls, ignored, n_refused = 0;
  g_autofree char *from = make_file ("from", key, FALSE), *to = make_file ("to", key, TRUE);
  assert_true (compare (from, to, SEAM_PASS, 0, &n_calls));
  guint step = MAX (n_calls / N_TRIES, 1);
  for (guint nth = 1 + step / 2; nth <= n_calls; nth += step)
    n_refused += !compare (from, to, SEAM_FAIL, nth, &ignored);
  if (n_refused < N_TRIES / 2)
    fail_msg ("of %u calls only %u failed the comparison", n_calls, n_refused);
  g_unlink (from);
  g_unlink (to);
}

static void
of_a_table_with_a_key (void **state G_GNUC_UNUSED)
{
  check_each_call (" PRIMARY KEY");
}

static void
of_a_table_without_a_key (void **state G_GNUC_UNUSED)
{
  check_each_call ("");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (of_a_table_with_a_key),
    cmocka_unit_test (of_a_table_without_a_key),
  };
  return cmocka_run_group_tests_name ("verify cut", tests, NULL, NULL);
}
