/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Versioned migrations on every backend: up, down, targets, what is refused before anything runs, and what is left when a
 * statement fails. */
#include "../lib/folder.h"
#include "../lib/suite.h"

typedef struct {
  CormMigrations *set;
  char *folder;
} Set;

static void
open_set (Set *set)
{
  g_clear_pointer (&set->set, corm_migrations_free);
  assert_ok ((set->set = corm_migrations_open_folder (set->folder, error)) != NULL);
}

/* Three tables, one after the other, the second with rows. */
static Set
three (void)
{
  Set set = { .folder = folder_new () };
  folder_write (
      set.folder, "0001_people.sql",
      "-- corm:up\nCREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL);\n"
      "-- corm:down\nDROP TABLE people;\n");
  folder_write (set.folder, "0002_pets.sql",
                "-- corm:up\nCREATE TABLE pets (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(40));\n"
                "INSERT INTO pets (id, kind) VALUES (1, 'cat; -- not a comment'), (2, 'dog');\n"
                "-- corm:down\nDROP TABLE pets;\n");
  folder_write (
      set.folder, "0003_index.sql",
      "CREATE INDEX idx_pets_kind ON pets (kind);\n\n-- corm:down\n-- corm:only sqlite pgsql\n"
      "DROP INDEX idx_pets_kind;\n-- corm:down\n-- corm:only mariadb\nDROP INDEX idx_pets_kind ON pets;\n");
  open_set (&set);
  return set;
}

static void
close_set (Set *set)
{
  g_clear_pointer (&set->set, corm_migrations_free);
  folder_free (g_steal_pointer (&set->folder));
}

/* "0001 applied, 0002 pending" */
static char *
standing (Suite *suite, const Set *set)
{
  static const char *const states[] = { "pending", "applied", "half", "edited", "late", "unknown" };
  g_autoptr (GPtrArray) list = NULL;
  GString *text = g_string_new (NULL);
  assert_ok ((list = corm_migrations_list (set->set, suite->db, error)) != NULL);
  for (guint i = 0; i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", info->version, states[info->state]);
    if (info->state == CORM_MIGRATION_HALF)
      g_string_append_printf (text, " %u%s", info->statement, info->is_in_doubt ? "?" : "");
  }
  return g_string_free (text, FALSE);
}

static void
assert_standing (Suite *suite, const Set *set, const char *wanted)
{
  g_autofree char *now = standing (suite, set);
  assert_string_equal (now, wanted);
}

static gboolean
has_table (Suite *suite, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT 1 FROM %s WHERE 1 = 0", table);
  return corm_execute (suite->conn, sql, NULL, NULL, NULL);
}

/* --- up and down ------------------------------------------------------------------------------------------------- */

static void
up_and_down (Suite *suite)
{
  Set set = three ();
  assert_standing (suite, &set, "0001 pending, 0002 pending, 0003 pending");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM pets WHERE kind LIKE 'cat; -- not%'"),
                    1);
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "head", NULL, error));
  assert_ok (corm_migrations_downgrade (set.set, suite->db, "base", NULL, error));
  assert_standing (suite, &set, "0001 pending, 0002 pending, 0003 pending");
  assert_false (has_table (suite, "people"));
  assert_ok (corm_migrations_downgrade (set.set, suite->db, "base", NULL, error));
  close_set (&set);
}

static void
targets (Suite *suite)
{
  Set set = three ();
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "+1", NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 pending, 0003 pending");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "2", NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 pending");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "0003", NULL, error));
  assert_ok (corm_migrations_downgrade (set.set, suite->db, "-2", NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 pending, 0003 pending");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "0001", NULL, error));
  assert_fails (corm_migrations_upgrade (set.set, suite->db, "000", NULL, error), CORM_ERROR_INVALID,
                "several");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, "7", NULL, error), CORM_ERROR_INVALID, "none");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, "+3", NULL, error), CORM_ERROR_INVALID,
                "further");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, "-1", NULL, error), CORM_ERROR_INVALID, "down");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, "", NULL, error), CORM_ERROR_INVALID, "empty");
  assert_fails (corm_migrations_downgrade (set.set, suite->db, "-2", NULL, error), CORM_ERROR_INVALID,
                "further back");
  assert_standing (suite, &set, "0001 applied, 0002 pending, 0003 pending");
  close_set (&set);
}

static void
the_history_is_nobodys_schema (Suite *suite)
{
  Set set = three ();
  g_autoptr (CormSchema) before = NULL, after = NULL;
  if (corm_connection_get_link (suite->conn)->driver->inspect == NULL)
    suite_skip ("the generic driver does not inspect");
  assert_ok ((before = corm_schema_inspect (suite->conn, error)) != NULL);
  assert_ok (corm_migrations_stamp (set.set, suite->db, "head", NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  assert_ok ((after = corm_schema_inspect (suite->conn, error)) != NULL);
  g_autofree char *first = corm_schema_fingerprint (before), *second = corm_schema_fingerprint (after);
  assert_string_equal (first, second);
  assert_ok (corm_migrations_stamp (set.set, suite->db, "0001", NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 pending, 0003 pending");
  close_set (&set);
}

/* --- what is refused --------------------------------------------------------------------------------------------- */

static void
an_edited_one_is_named (Suite *suite)
{
  Set set = three ();
  const CormMigrationOptions accept = { .accept_edited = true };
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "2", NULL, error));
  folder_write (set.folder, "0001_people.sql", "CREATE TABLE persons (id INTEGER NOT NULL PRIMARY KEY);\n");
  open_set (&set);
  assert_standing (suite, &set, "0001 edited, 0002 applied, 0003 pending");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA,
                "0001_people.sql", "edited", "--accept");
  assert_fails (corm_migrations_downgrade (set.set, suite->db, "-1", NULL, error), CORM_ERROR_SCHEMA,
                "0001_people.sql");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, &accept, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  close_set (&set);
}

/* What editors and checkouts change is no edit. */
static void
line_ends_are_no_edit (Suite *suite)
{
  Set set = three ();
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  folder_write (
      set.folder, "0001_people.sql",
      "\xef\xbb\xbf-- corm:up\r\nCREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) NOT "
      "NULL);\r\n-- corm:down  \r\nDROP TABLE people;\r\n\r\n\r\n");
  open_set (&set);
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  close_set (&set);
}

static void
gaps (Suite *suite)
{
  Set set = three ();
  const CormMigrationOptions late = { .allow_late = true }, unknown = { .allow_unknown = true };
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  folder_write (set.folder, "0002.5_between.sql", "CREATE TABLE between_them (id INTEGER);\n");
  open_set (&set);
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0002.5 late, 0003 applied");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA,
                "0002.5_between.sql", "out of order", "0003");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, &late, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0002.5 applied, 0003 applied");
  folder_remove (set.folder, "0001_people.sql");
  open_set (&set);
  assert_standing (suite, &set, "0001 unknown, 0002 applied, 0002.5 applied, 0003 applied");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA, "0001",
                "people", "missing");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, &unknown, error));
  folder_remove (set.folder, "0003_index.sql");
  open_set (&set);
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA, "0001");
  assert_fails (corm_migrations_downgrade (set.set, suite->db, "base", &unknown, error),
                CORM_ERROR_UNSUPPORTED, "0003", "index");
  close_set (&set);
}

static void
no_way_back (Suite *suite)
{
  Set set = three ();
  folder_write (set.folder, "0002_pets.sql",
                "-- corm:up\nCREATE TABLE pets (id INTEGER, kind VARCHAR(9));\n-- corm:down\n");
  open_set (&set);
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  assert_fails (corm_migrations_downgrade (set.set, suite->db, "base", NULL, error), CORM_ERROR_UNSUPPORTED,
                "0002_pets.sql", "no way back");
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  assert_ok (corm_migrations_downgrade (set.set, suite->db, "-1", NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 pending");
  close_set (&set);
}

static void
a_history_of_another_shape (Suite *suite)
{
  Set set = three ();
  suite_sql (suite->conn, "CREATE TABLE corm_migrations (id INTEGER)");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA,
                "corm_migrations", "another shape");
  assert_false (has_table (suite, "people"));
  suite_sql (suite->conn, "DROP TABLE corm_migrations");
  close_set (&set);
}

static void
demands (Suite *suite)
{
  Set set = three ();
  const CormMigrationOptions unknown = { .allow_unknown = true };
  assert_fails (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_AT_LEAST, NULL, NULL, error),
                CORM_ERROR_SCHEMA, "0001", "people", "corm upgrade");
  assert_ok (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_BRING_UP, "0002", NULL, error));
  assert_ok (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_EXACTLY, "0002", NULL, error));
  assert_ok (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_BRING_UP, NULL, NULL, error));
  assert_fails (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_EXACTLY, "0002", NULL, error),
                CORM_ERROR_SCHEMA, "0003", "further");
  assert_ok (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_AT_LEAST, "0002", NULL, error));
  folder_remove (set.folder, "0003_index.sql");
  open_set (&set);
  assert_fails (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_AT_LEAST, NULL, NULL, error),
                CORM_ERROR_SCHEMA, "0003", "newer");
  assert_fails (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_BRING_UP, NULL, NULL, error),
                CORM_ERROR_SCHEMA, "0003", "newer");
  assert_ok (corm_migrations_demand (set.set, suite->db, CORM_MIGRATIONS_AT_LEAST, NULL, &unknown, error));
  close_set (&set);
}

/* --- failures ---------------------------------------------------------------------------------------------------- */

/* As before it, or at the statement that is wrong, from which the next run goes on. */
static void
a_failing_statement (Suite *suite)
{
  gboolean undone = (suite->caps & CORM_CAP_TRANSACTIONAL_DDL) != 0;
  Set set = three ();
  folder_write (set.folder, "0002_pets.sql",
                "-- corm:up\nCREATE TABLE pets (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(40));\n"
                "INSERT INTO pets (id) VALUES (1);\n\n\nINSRT INTO pets (id) VALUES (2);\n");
  open_set (&set);
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SYNTAX,
                "0002_pets.sql:6");
  assert_standing (suite, &set,
                   undone ? "0001 applied, 0002 pending, 0003 pending"
                          : "0001 applied, 0002 half 2, 0003 pending");
  assert_int_equal (has_table (suite, "pets"), !undone);
  folder_write (set.folder, "0002_pets.sql",
                "-- corm:up\nCREATE TABLE pets (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(40));\n"
                "INSERT INTO pets (id) VALUES (1);\n\n\nINSERT INTO pets (id) VALUES (2);\n");
  open_set (&set);
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM pets"), 2);
  close_set (&set);
}

static void
done_statements_may_not_change (Suite *suite)
{
  const CormMigrationOptions none = { .mode = CORM_MIGRATION_NONE };
  Set set = { .folder = folder_new () };
  folder_write (set.folder, "1_a.sql", "CREATE TABLE a (id INTEGER);\nCREATE TABLE b id INTEGER;\n");
  open_set (&set);
  assert_false (corm_migrations_upgrade (set.set, suite->db, NULL, &none, NULL));
  assert_standing (suite, &set, "1 half 1");
  assert_fails (corm_migrations_downgrade (set.set, suite->db, "base", NULL, error), CORM_ERROR_SCHEMA,
                "half applied");
  folder_write (set.folder, "1_a.sql", "CREATE TABLE c (id INTEGER);\nCREATE TABLE b (id INTEGER);\n");
  open_set (&set);
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA, "1_a.sql",
                "edited since");
  folder_write (set.folder, "1_a.sql", "CREATE TABLE a (id INTEGER);\nCREATE TABLE b (id INTEGER);\n");
  open_set (&set);
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "1 applied");
  assert_true (has_table (suite, "b"));
  close_set (&set);
}

/* An index that is built while others work may be left behind unfinished: the next run makes it anew. */
static void
an_index_that_rows_refuse (Suite *suite)
{
  Set set = { .folder = folder_new () };
  folder_write (set.folder, "1_t.sql",
                "CREATE TABLE t (n INTEGER);\nINSERT INTO t (n) VALUES (1), (1), (2);\n");
  folder_write (set.folder, "2_index.sql",
                "-- corm:no-transaction\n-- corm:up\n-- corm:only pgsql\n"
                "CREATE UNIQUE INDEX CONCURRENTLY idx_t_n ON t (n);\n"
                "-- corm:up\n-- corm:only sqlite3, mysql, generic\nCREATE UNIQUE INDEX idx_t_n ON t (n);\n");
  open_set (&set);
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_UNIQUE,
                "2_index.sql");
  assert_standing (suite, &set, "1 applied, 2 half 0");
  suite_sql (suite->conn, "DELETE FROM t WHERE n = 1");
  if (corm_connection_get_link (suite->conn)->driver->inspect != NULL) {
    assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
    assert_standing (suite, &set, "1 applied, 2 applied");
    assert_fails (corm_execute (suite->conn, "INSERT INTO t (n) VALUES (2)", NULL, NULL, error),
                  CORM_ERROR_UNIQUE, "");
  }
  close_set (&set);
}

/* What was begun and may or may not have run is named, and a person says. */
static void
a_person_says_what_ran (Suite *suite)
{
  Set set = { .folder = folder_new () };
  folder_write (set.folder, "7_t.sql",
                "-- corm:no-transaction\nCREATE TABLE t (n INTEGER);\nCREATE TABLE u (n INTEGER);\n"
                "CREATE TABLE wrong n;\n");
  open_set (&set);
  assert_false (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, NULL));
  folder_write (set.folder, "7_t.sql",
                "-- corm:no-transaction\nCREATE TABLE t (n INTEGER);\nCREATE TABLE u (n INTEGER);\n"
                "CREATE TABLE w (n INTEGER);\n");
  open_set (&set);
  suite_sql (suite->conn, "UPDATE corm_migrations SET doing = 'something'");
  assert_standing (suite, &set, "7 half 2?");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA,
                "7_t.sql:4", "statement 3", "corm stamp 7:3", "corm stamp 7:2");
  suite_sql (suite->conn, "CREATE TABLE w (n INTEGER)");
  assert_fails (corm_migrations_stamp (set.set, suite->db, "7:4", NULL, error), CORM_ERROR_INVALID,
                "3 statements");
  assert_fails (corm_migrations_stamp (set.set, suite->db, "7:x", NULL, error), CORM_ERROR_INVALID, "number");
  assert_ok (corm_migrations_stamp (set.set, suite->db, "7:3", NULL, error));
  assert_standing (suite, &set, "7 half 3");
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "7 applied");
  close_set (&set);
}

static void
all_in_one_transaction (Suite *suite)
{
  const CormMigrationOptions one = { .mode = CORM_MIGRATION_RUN };
  Set set = three ();
  folder_write (set.folder, "0003_index.sql", "CREATE INDEX idx ON nowhere (x);\n");
  open_set (&set);
  assert_false (corm_migrations_upgrade (set.set, suite->db, NULL, &one, NULL));
  assert_standing (suite, &set, "0001 pending, 0002 pending, 0003 pending");
  assert_false (has_table (suite, "people"));
  folder_write (set.folder, "0003_index.sql", "CREATE INDEX idx_pets ON pets (kind);\n");
  open_set (&set);
  if (suite->caps & CORM_CAP_TRANSACTIONAL_DDL) {
    assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, &one, error));
    assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 applied");
  } else {
    assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, &one, error), CORM_ERROR_UNSUPPORTED,
                  "commits every change");
  }
  close_set (&set);
}

/* --- functions and hooks ----------------------------------------------------------------------------------------- */

static gboolean
add_rows (CormConnection *conn, GError **error)
{
  return corm_execute (conn, "INSERT INTO people (id, name) VALUES (1, 'Ada')", NULL, NULL, error);
}

static gboolean
remove_rows (CormConnection *conn, GError **error)
{
  return corm_execute (conn, "DELETE FROM people", NULL, NULL, error);
}

typedef struct {
  GString *log;
  const char *stop_at;
} Watch;

static gboolean
note (const char *what, const char *version, gboolean is_down, gpointer data, GError **error)
{
  Watch *watch = data;
  g_string_append_printf (watch->log, "%s%s%s ", is_down ? "-" : "+", what, version != NULL ? version : "");
  if (version == NULL || g_strcmp0 (version, watch->stop_at) != 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CANCELLED, "not today");
  return FALSE;
}

static gboolean
before_run (G_GNUC_UNUSED CormConnection *conn, const char *version, gboolean is_down, gpointer data,
            GError **error)
{
  return note ("begin", version, is_down, data, error);
}

static gboolean
after_run (G_GNUC_UNUSED CormConnection *conn, const char *version, gboolean is_down, gpointer data,
           GError **error)
{
  return note ("end", version, is_down, data, error);
}

static gboolean
after_each (G_GNUC_UNUSED CormConnection *conn, const char *version, gboolean is_down, gpointer data,
            GError **error)
{
  return note ("", version, is_down, data, error);
}

static void
functions_and_hooks (Suite *suite)
{
  static const CormMigrationStep steps[] = {
    { .version = "0001.1", .name = "ada", .up = add_rows, .down = remove_rows }, { 0 }
  };
  Watch watch = { .log = g_string_new (NULL), .stop_at = "0002" };
  CormMigrationOptions options = {
    .before_run = before_run, .after_run = after_run, .after_each = after_each, .data = &watch
  };
  Set set = three ();
  assert_ok (corm_migrations_add_steps (set.set, steps, error));
  assert_fails (corm_migrations_add_steps (set.set, steps, error), CORM_ERROR_INVALID, "0001.1", "ada");
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, &options, error), CORM_ERROR_CANCELLED,
                "0002", "not today");
  assert_string_equal (watch.log->str, "+begin +0001 +0001.1 +0002 ");
  watch.stop_at = "none";
  g_string_truncate (watch.log, 0);
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "0002", &options, error));
  assert_standing (suite, &set, "0001 applied, 0001.1 applied, 0002 applied, 0003 pending");
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM people"), 1);
  assert_ok (corm_migrations_downgrade (set.set, suite->db, "0001", &options, error));
  assert_int_equal (suite_number (suite->conn, "SELECT count(*) FROM people"), 0);
  assert_string_equal (watch.log->str, "+begin +0002 +end -begin -0002 -0001.1 -end ");
  options.before_each = after_each, watch.stop_at = "0003"; /* one that refuses leaves no trace */
  corm_migrations_set_hooks (set.set, &options);
  assert_fails (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error), CORM_ERROR_CANCELLED,
                "0003");
  assert_true (g_str_has_suffix (watch.log->str, "+begin +0001.1 +0001.1 +0002 +0002 +0003 "));
  assert_standing (suite, &set, "0001 applied, 0001.1 applied, 0002 applied, 0003 pending");
  g_string_free (watch.log, TRUE);
  close_set (&set);
}

static void
count_statements (const CormMigrationProgress *progress, gpointer data)
{
  guint *n = data;
  *n += progress->statement > 0;
}

static void
a_dry_run_writes_nothing (Suite *suite)
{
  guint n = 0;
  const CormMigrationOptions dry = { .dry_run = true, .on_progress = count_statements, .data = &n };
  Set set = three ();
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, &dry, error));
  assert_int_equal (n, 4);
  assert_false (has_table (suite, "corm_migrations"));
  close_set (&set);
}

/* Who may only read finds out where the database stands, and that nothing is missing. */
static void
who_may_only_read (Suite *suite)
{
  Set set = three ();
  const CormDbOptions options = { .read_only = true, .must_exist = true };
  assert_ok (corm_migrations_upgrade (set.set, suite->db, "2", NULL, error));
  suite_close (suite);
  CormDb *reader = suite_open (suite, &options);
  assert_ok (corm_migrations_upgrade (set.set, reader, "2", NULL, error));
  assert_ok (corm_migrations_demand (set.set, reader, CORM_MIGRATIONS_EXACTLY, "2", NULL, error));
  assert_fails (corm_migrations_demand (set.set, reader, CORM_MIGRATIONS_EXACTLY, NULL, NULL, error),
                CORM_ERROR_SCHEMA, "0003");
  assert_fails (corm_migrations_upgrade (set.set, reader, NULL, NULL, error), CORM_ERROR_DENIED, "");
  corm_db_free (reader);
  suite->db = suite_open (suite, NULL);
  suite->conn = suite_connect (suite->db);
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 pending");
  close_set (&set);
}

static void
hostile_names (Suite *suite)
{
  Set set = { .folder = folder_new () };
  folder_write (set.folder, "1_it's \"a\" \\ `b` -- ;\n$$ \xc3\xa4.sql",
                "CREATE TABLE t (n INTEGER);\n-- corm:down\nDROP TABLE t -- no semicolon behind a comment\n");
  open_set (&set);
  assert_ok (corm_migrations_upgrade (set.set, suite->db, NULL, NULL, error));
  g_autofree char *name = suite_text (suite->conn, "SELECT name FROM corm_migrations");
  assert_string_equal (name, "it's \"a\" \\ `b` -- ;\n$$ \xc3\xa4");
  g_autofree char *sql = NULL;
  assert_ok ((sql = corm_migrations_to_sql (set.set, suite->uri, "head", "base", error)) != NULL);
  assert_non_null (strstr (sql, "behind a comment\n;\n"));
  assert_non_null (strstr (sql, "\n-- 1 it's \"a\" \\ `b` -- ; $$ \xc3\xa4\n"));
  assert_ok (corm_migrations_downgrade (set.set, suite->db, "base", NULL, error));
  close_set (&set);
}

/* The tables of other tools, as these make them. */
static void
other_histories (Suite *suite)
{
  Set set = three ();
  assert_fails (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error), CORM_ERROR_NOT_FOUND,
                "Flyway");
  suite_sql (suite->conn,
             "CREATE TABLE schema_migrations (version BIGINT NOT NULL PRIMARY KEY, dirty BOOLEAN NOT NULL)");
  suite_sql (suite->conn, "INSERT INTO schema_migrations VALUES (2, true)");
  assert_fails (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error), CORM_ERROR_INVALID, "dirty");
  suite_sql (suite->conn, "UPDATE schema_migrations SET dirty = false");
  assert_ok (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 pending");
  suite_sql (suite->conn, "DROP TABLE schema_migrations");
  suite_sql (suite->conn, "CREATE TABLE schema_migrations (version VARCHAR(20) NOT NULL PRIMARY KEY)");
  suite_sql (suite->conn, "INSERT INTO schema_migrations VALUES ('0001'), ('0003')");
  assert_ok (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 late, 0003 applied");
  suite_sql (suite->conn, "DROP TABLE schema_migrations");
  suite_sql (suite->conn,
             "CREATE TABLE goose_db_version (id INTEGER NOT NULL PRIMARY KEY, version_id BIGINT NOT NULL, "
             "is_applied BOOLEAN NOT NULL)");
  suite_sql (suite->conn,
             "INSERT INTO goose_db_version VALUES (1, 0, true), (2, 1, true), (3, 2, true), (4, 2, false)");
  assert_ok (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 pending, 0003 pending");
  suite_sql (suite->conn, "DROP TABLE goose_db_version");
  suite_sql (suite->conn, "CREATE TABLE flyway_schema_history (installed_rank INTEGER NOT NULL PRIMARY KEY, "
                          "version VARCHAR(50), type VARCHAR(20) NOT NULL, success BOOLEAN NOT NULL)");
  suite_sql (
      suite->conn,
      "INSERT INTO flyway_schema_history VALUES (1, '1', 'SQL', true), (2, NULL, 'SQL', true), (3, '2', "
      "'SQL', false)");
  assert_fails (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error), CORM_ERROR_INVALID, "Flyway");
  suite_sql (suite->conn, "UPDATE flyway_schema_history SET success = true");
  suite_sql (suite->conn, "INSERT INTO flyway_schema_history VALUES (4, '3', 'SQL', true), (5, '3', "
                          "'UNDO_SQL', true)");
  assert_ok (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error));
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 pending");
  suite_sql (suite->conn, "DROP TABLE flyway_schema_history");
  suite_sql (suite->conn, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)");
  suite_sql (suite->conn, "INSERT INTO alembic_version VALUES ('1975ea83b712')");
  assert_fails (corm_migrations_stamp (set.set, suite->db, NULL, NULL, error), CORM_ERROR_SCHEMA, "Alembic",
                "1975ea83b712", "baseline");
  assert_standing (suite, &set, "0001 applied, 0002 applied, 0003 pending");
  suite_sql (suite->conn, "DROP TABLE alembic_version");
  close_set (&set);
}

static const SuiteCase cases[] = {
  { "up and down", up_and_down, 0 },
  { "targets", targets, 0 },
  { "the history is nobody's schema", the_history_is_nobodys_schema, 0 },
  { "an edited one is named", an_edited_one_is_named, 0 },
  { "line ends are no edit", line_ends_are_no_edit, 0 },
  { "gaps", gaps, 0 },
  { "no way back", no_way_back, 0 },
  { "a history of another shape", a_history_of_another_shape, 0 },
  { "demands", demands, 0 },
  { "a failing statement", a_failing_statement, 0 },
  { "done statements may not change", done_statements_may_not_change, 0 },
  { "an index that rows refuse", an_index_that_rows_refuse, 0 },
  { "a person says what ran", a_person_says_what_ran, 0 },
  { "all in one transaction", all_in_one_transaction, 0 },
  { "functions and hooks", functions_and_hooks, 0 },
  { "who may only read", who_may_only_read, 0 },
  { "hostile names", hostile_names, 0 },
  { "other histories", other_histories, 0 },
  { "a dry run writes nothing", a_dry_run_writes_nothing, 0 },
};

int
main (void)
{
  return SUITE_RUN (NULL, cases);
}
