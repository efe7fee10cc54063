/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A port that is killed at any moment is taken up where it was, and ends with all rows once; what was changed in between
 * is noticed; a port that stops by itself leaves nothing. From SQLite into whatever backend. */
#include "../lib/suite.h"
#include "porting.h"

#include <glib/gstdio.h>

enum { ROWS = 1500, KILLS = 6, MOST_ROUNDS = 400 };

static gboolean
run_port (const char *path, const char *target_uri, const CormPortOptions *options, GError **error)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  return porting_run (uri, target_uri, options, error);
}

static void
assert_whole (Suite *suite, const char *path, guint n_rows)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  porting_assert_whole (uri, suite->uri, n_rows, 1);
}

/* A view and a trigger come behind the rows; a kill may meet them too. */
static void
add_objects (const char *path)
{
  g_autoptr (CormDb) db = porting_open (path);
  g_autoptr (CormConnection) conn = suite_connect (db);
  suite_sql (conn, "CREATE VIEW many AS SELECT owner, count(*) AS n FROM things GROUP BY owner");
  suite_sql (conn, "CREATE TRIGGER mark AFTER UPDATE ON things BEGIN INSERT INTO loose (word, n) VALUES "
                   "('made', NEW.id); END");
}

static void
assert_objects (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  assert_non_null (corm_schema_find_object (schema, "view", "many"));
  assert_non_null (corm_schema_find_object (schema, "trigger", "mark"));
}

/* The view, and the function that the trigger has where it needs one. */
static void
drop_objects (CormConnection *conn)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  suite_sql (conn, "DROP VIEW many");
  if (corm_schema_find_object (schema, "function", "mark()") == NULL)
    return;
  suite_sql (conn, "DROP TRIGGER mark ON things");
  suite_sql (conn, "DROP FUNCTION mark()");
}

static void
a_killed_port_is_taken_up (Suite *suite)
{
  guint n_kills = porting_number ("CORM_TEST_KILLS", KILLS), killed = 0, ports = 0;
  g_autofree char *path = porting_make_source (ROWS);
  g_autoptr (GRand) rand = g_rand_new_with_seed (porting_number ("CORM_TEST_SEED", 7));
  CormPortOptions options = { .jobs = 2, .batch = 60, .resume = true };
  suite_close (suite);
  add_objects (path);
  gint64 began = g_get_monotonic_time ();
  assert_true (porting_and_kill (path, suite->uri, &options, 60 * G_USEC_PER_SEC));
  gint64 duration = g_get_monotonic_time () - began;
  assert_whole (suite, path, ROWS);
  while (killed < n_kills && ports++ < MOST_ROUNDS) {
    options.jobs = 1 + killed % 3;
    options.resume = options.restart = false;
    g_autoptr (CormDb) target = suite_open (suite, NULL);
    g_autoptr (CormConnection) conn = suite_connect (target);
    drop_objects (conn);
    suite_sql (conn, "DROP TABLE things");
    suite_sql (conn, "DROP TABLE owners");
    suite_sql (conn, "DROP TABLE loose");
    options.resume = true;
    while (!porting_and_kill (path, suite->uri, &options,
                              g_rand_int_range (rand, 0, (gint32) MIN (duration, 20 * G_USEC_PER_SEC))))
      killed++;
    assert_whole (suite, path, ROWS);
    assert_objects (conn);
  }
  print_message ("# %s: %u ports killed within %d ms, taken up, equal\n", suite->backend, killed,
                 (int) (duration / 1000));
  assert_true (killed >= n_kills);
  g_unlink (path);
}

/* Stops in the middle, as a server that goes away would make it: by a kill behind the first batches. */
static void
leave_half (Suite *suite, const char *path)
{
  CormPortOptions options = { .batch = 10 };
  for (guint i = 0; i < MOST_ROUNDS; i++) {
    options.restart = i > 0;
    if (!porting_and_kill (path, suite->uri, &options, 20000 + 10000 * (gint64) i)) {
      g_autoptr (CormDb) target = suite_open (suite, NULL);
      g_autoptr (CormConnection) conn = suite_connect (target);
      g_autoptr (CormSchema) schema = NULL;
      assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
      gboolean unfinished = corm_schema_find_table (schema, "corm_port") != NULL;
      if (!unfinished && corm_schema_find_table (schema, "owners") != NULL)
        break; /* behind its last step */
      if (unfinished && corm_schema_find_table (schema, "owners") != NULL &&
          suite_number (conn, "SELECT count(*) FROM owners") > 0)
        return;
    } else
      break;
  }
  suite_skip ("the port was too fast to be stopped in its middle");
}

static void
what_changed_in_between_is_noticed (Suite *suite)
{
  g_autofree char *path = porting_make_source (ROWS);
  CormPortOptions resume = { .resume = true }, restart = { .restart = true }, plain = { 0 },
                  truncate = { .truncate = true };
  suite_close (suite);
  leave_half (suite, path);
  assert_fails (run_port (path, suite->uri, &plain, error), CORM_ERROR_SCHEMA, "unfinished port", "resume",
                "restart");
  assert_fails (run_port (path, suite->uri, &truncate, error), CORM_ERROR_SCHEMA, "unfinished port");
  g_autoptr (CormDb) source = porting_open (path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  suite_sql (conn, "UPDATE owners SET note = 'other' WHERE name = (SELECT min(name) FROM owners)");
  assert_fails (run_port (path, suite->uri, &resume, error), CORM_ERROR_STALE, "owners", "restart");
  suite_sql (conn, "ALTER TABLE loose ADD COLUMN more TEXT");
  assert_fails (run_port (path, suite->uri, &resume, error), CORM_ERROR_STALE, "structure", "restart");
  assert_ok (run_port (path, suite->uri, &restart, error));
  assert_whole (suite, path, ROWS);
  g_unlink (path);
}

/* Nothing of it is left, whatever the place of the value that does not fit. */
static void
a_misfit_leaves_the_target_as_before (Suite *suite)
{
  g_autofree char *path = porting_make_source (100);
  CormPortOptions options = { .jobs = 3, .batch = 7 };
  g_autoptr (CormDb) source = porting_open (path);
  g_autoptr (CormConnection) conn = suite_connect (source);
  suite_sql (conn, "UPDATE loose SET n = 'many' WHERE rowid = 93");
  g_autoptr (GError) refused = NULL;
  assert_false (run_port (path, suite->uri, &options, &refused));
  assert_non_null (strstr (refused->message, "nothing was changed in the target"));
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (suite->conn, error)) != NULL);
  assert_int_equal (schema->tables->len, 0);
  suite_sql (conn, "UPDATE loose SET n = 5");
  suite_sql (conn, "PRAGMA foreign_keys = 0");
  suite_sql (conn, "UPDATE things SET owner = 'nobody' WHERE id = 5");
  assert_fails (run_port (path, suite->uri, &options, error), CORM_ERROR_FOREIGN_KEY, "things",
                "nothing was changed in the target");
  g_autoptr (CormSchema) again = NULL;
  assert_ok ((again = corm_schema_inspect (suite->conn, error)) != NULL);
  assert_int_equal (again->tables->len, 0);
  g_unlink (path);
}

static void
rejects_come_once (Suite *suite)
{
  g_autofree char *path = porting_make_source (300), *rejects = g_strconcat (path, ".rejects", NULL);
  CormPortOptions few = { .batch = 40, .rejects = rejects, .max_rejects = 2 };
  CormPortOptions any = {
    .jobs = 2, .batch = 40, .rejects = rejects, .verify = true, .tables = "owners,things"
  };
  g_autoptr (CormDb) source = porting_open (path), target = suite_open (suite, NULL);
  g_autoptr (CormConnection) conn = suite_connect (source);
  g_autofree char *text = NULL;
  suite_sql (conn, "UPDATE owners SET name = name || printf('%.*c', 60, 'x') WHERE name > 'o''9'");
  suite_sql (conn, "UPDATE owners SET note = CAST (x'ff00' AS TEXT) WHERE name = 'o''99'");
  assert_fails (run_port (path, suite->uri, &few, error), CORM_ERROR_CONVERSION, "more than 2", rejects);
  g_unlink (rejects);
  g_autoptr (CormPortReport) report = NULL;
  assert_ok ((report = corm_port (source, target, &any, error)) != NULL);
  const CormTableReport *owners = g_ptr_array_index (report->tables, 0);
  assert_string_equal (owners->table, "owners");
  assert_int_equal (owners->rejected, suite_number (conn, "SELECT count(*) FROM owners WHERE name > 'o''9'"));
  assert_int_equal (owners->source_rows, 300);
  assert_true (report->equal);
  assert_ok (g_file_get_contents (rejects, &text, NULL, error));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  assert_int_equal (g_strv_length (lines), owners->rejected + 1);
  g_unlink (rejects);
  g_unlink (path);
}

static void
rows_are_appended_or_take_the_place (Suite *suite)
{
  g_autofree char *path = porting_make_source (50);
  CormPortOptions plain = { 0 }, data = { .data_only = true }, append = { .append = true },
                  truncate = { .truncate = true, .verify = true };
  assert_ok (run_port (path, suite->uri, &plain, error));
  assert_fails (run_port (path, suite->uri, &plain, error), CORM_ERROR_SCHEMA, "already", "append");
  assert_fails (run_port (path, suite->uri, &data, error), CORM_ERROR_SCHEMA, "50 rows", "append",
                "truncate");
  assert_fails (run_port (path, suite->uri, &append, error), CORM_ERROR_UNIQUE, "nothing was changed");
  suite_sql (suite->conn, "DELETE FROM things WHERE id > 0");
  suite_sql (suite->conn, "DELETE FROM loose");
  assert_ok (run_port (path, suite->uri, &truncate, error));
  assert_whole (suite, path, 50);
  append.tables = "loose";
  append.verify = true;
  assert_fails (run_port (path, suite->uri, &append, error), CORM_ERROR_INVALID, "append keeps rows");
  append.verify = false;
  assert_ok (run_port (path, suite->uri, &append, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM loose"), 100);
  g_unlink (path);
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "rows_are_appended_or_take_the_place", rows_are_appended_or_take_the_place, 0 },
    { "a_misfit_leaves_the_target_as_before", a_misfit_leaves_the_target_as_before, 0 },
    { "rejects_come_once", rejects_come_once, 0 },
    { "what_changed_in_between_is_noticed", what_changed_in_between_is_noticed, 0 },
    { "a_killed_port_is_taken_up", a_killed_port_is_taken_up, 0 },
  };
  return SUITE_RUN (NULL, cases);
}
