/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Folders of migrations: what is read, in which order, and what each mistake is called. */
#include "engine.h"

#include "../lib/folder.h"
#include "evolve/migration.h"

#include "engine/drivers.h"

static CormMigrations *
open_one (const char *name, const char *text, gssize size, GError **error)
{
  char *folder = folder_new ();
  folder_write_size (folder, name, text, size);
  CormMigrations *set = corm_migrations_open_folder (folder, error);
  folder_free (folder);
  return set;
}

static void
assert_refused (const char *name, const char *text, const char *part)
{
  assert_fails (open_one (name, text, -1, error) != NULL, CORM_ERROR_INVALID, part);
}

static void
test_bad_names (G_GNUC_UNUSED void **state)
{
  static const char sql[] = "CREATE TABLE t (id INTEGER);\n";
  assert_refused ("add_jobs.sql", sql, "'add_jobs.sql' is no name of a migration");
  assert_refused ("0001-jobs.sql", sql, "VERSION_name.sql");
  assert_refused ("0001.sql", sql, "VERSION_name.sql");
  assert_refused ("1..2_x.sql", sql, "VERSION_name.sql");
  assert_refused ("v1_x.sql", sql, "VERSION_name.sql");
  assert_refused ("0001_\xff.sql", sql, "VERSION_name.sql");
  assert_fails (corm_migrations_open_folder ("/nowhere/at/all", error) != NULL, CORM_ERROR_INVALID,
                "/nowhere");
}

static void
test_bad_texts (G_GNUC_UNUSED void **state)
{
  assert_refused ("1_x.sql", "", "1_x.sql: there is no statement");
  assert_refused ("1_x.sql", "\n\n-- a remark\n", "there is no statement");
  assert_refused ("1_x.sql", "-- corm:down\nDROP TABLE t;\n", "there is no statement");
  assert_refused ("1_x.sql", "SELECT 1;\n-- corm:up\nSELECT 2;\n", "1_x.sql:2: statements stand in front");
  assert_refused ("1_x.sql", "\n-- corm:upp\nSELECT 2;\n", "1_x.sql:2: there is no mark 'corm:upp'");
  assert_refused ("1_x.sql", "-- corm:up now\nSELECT 2;\n", "1_x.sql:1: behind corm:up");
  assert_refused ("1_x.sql", "-- corm:only oracle\nSELECT 2;\n", "not 'oracle'");
  assert_refused ("1_x.sql", "-- corm:only\nSELECT 2;\n", "names the databases");
  assert_refused ("1_x.sql", "-- corm:up\nSELECT 1;\n-- corm:only pgsql\nSELECT 2;\n",
                  "1_x.sql:3: corm:only stands");
  assert_refused ("2_x.sql", "-- corm:after 2\nSELECT 2;\n", "one version in front of 2");
  assert_refused ("2_x.sql", "-- corm:after 1\nSELECT 2;\n", "behind 1 (corm:after), which is missing");
  assert_fails (open_one ("1_x.sql", "SELECT 1;\n-- \xe4\n", -1, error) != NULL, CORM_ERROR_INVALID,
                "1_x.sql:2: not UTF-8: byte 0xe4 at offset 13");
  assert_fails (open_one ("1_x.sql", "SELECT\0 1;\n", 11, error) != NULL, CORM_ERROR_INVALID,
                "byte 0x00 at offset 6");
  assert_fails (open_one ("1_x.sql", "\xff\xfeS\0E\0", 6, error) != NULL, CORM_ERROR_INVALID, "UTF-16");
}

static void
test_two_of_one_version (G_GNUC_UNUSED void **state)
{
  char *folder = folder_new ();
  folder_write (folder, "3_a.sql", "SELECT 1;\n");
  folder_write (folder, "0003_b.sql", "SELECT 1;\n");
  assert_fails (corm_migrations_open_folder (folder, error) != NULL, CORM_ERROR_INVALID,
                "0003_b.sql and 3_a.sql have one version, 3");
  folder_free (folder);
}

static void
test_order (G_GNUC_UNUSED void **state)
{
  static const char *const names[] = { "10_j.sql",   "2_b.sql",   "0001_a.sql",
                                       "1.10_y.sql", "1.9_x.sql", "20260102150405_z.sql" };
  static const char *const wanted[] = { "0001", "1.9", "1.10", "2", "10", "20260102150405" };
  char *folder = folder_new ();
  g_autoptr (CormMigrations) set = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    folder_write (folder, names[i], "SELECT 1;\n");
  folder_write (folder, "README.md", "not a migration");
  folder_write (folder, ".hidden.sql", "not a migration");
  assert_ok ((set = corm_migrations_open_folder (folder, error)) != NULL);
  assert_int_equal (set->all->len, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    assert_string_equal (((const CormMigration *) set->all->pdata[i])->version, wanted[i]);
  folder_free (folder);
}

/* "line: sql|" of each statement for the dialect. */
static char *
statements_of (const char *text, CormMigrationDirection direction, const char *dialect)
{
  g_autoptr (CormMigrations) set = NULL;
  g_autoptr (GPtrArray) statements = NULL;
  GString *found = g_string_new (NULL);
  assert_ok ((set = open_one ("1_x.sql", text, -1, error)) != NULL);
  assert_ok ((statements = corm_migration_get_statements (
                  set->all->pdata[0], direction, corm_driver_by_name (dialect)->dialect, error)) != NULL);
  for (guint i = 0; i < statements->len; i++) {
    const CormMigrationStatement *statement = statements->pdata[i];
    g_string_append_printf (found, "%u: %s|", statement->line, statement->sql);
  }
  return g_string_free (found, FALSE);
}

static void
assert_statements (const char *text, CormMigrationDirection direction, const char *dialect,
                   const char *wanted)
{
  g_autofree char *found = statements_of (text, direction, dialect);
  assert_string_equal (found, wanted);
}

/* A build may have left it out. */
static void
needs_driver (const char *name)
{
  if (corm_driver_by_name (name) == NULL)
    skip ();
}

static void
test_sections (G_GNUC_UNUSED void **state)
{
  needs_driver ("sqlite3");
  static const char text[] =
      "-- a head\n-- corm:no-transaction\n\n-- corm:up\nSELECT 1;\n\n-- why\nSELECT\n  2;\n"
      "-- corm:up\n-- corm:only pgsql, sqlite\nSELECT 3;\n-- corm:down\nSELECT 4\n";
  assert_statements (text, CORM_MIGRATION_UP, "sqlite3", "5: SELECT 1|8: SELECT\n  2|12: SELECT 3|");
  assert_statements (text, CORM_MIGRATION_DOWN, "sqlite3", "14: SELECT 4|");
  assert_statements ("-- corm:only mysql\nSELECT 1;\n", CORM_MIGRATION_UP, "sqlite3", "");
  assert_statements ("SELECT 1;\r\nSELECT ';';\r\n-- corm:down\r\nSELECT 2;", CORM_MIGRATION_UP, "sqlite3",
                     "1: SELECT 1|2: SELECT ';'|");
}

static void
test_other_tools (G_GNUC_UNUSED void **state)
{
  needs_driver ("sqlite3");
  static const char goose[] =
      "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n-- +goose StatementBegin\nSELECT "
      "'a;b'; SELECT 2;\n-- +goose StatementEnd\nSELECT 3;\n-- +goose Down\nSELECT 4;\n";
  static const char dbmate[] =
      "-- migrate:up transaction:false\nSELECT 1;\nSELECT 2;\n\n-- migrate:down\nSELECT 3;\n";
  assert_statements (goose, CORM_MIGRATION_UP, "sqlite3",
                     "3: SELECT 1|5: SELECT 'a;b'; SELECT 2;|7: SELECT 3|");
  assert_statements (goose, CORM_MIGRATION_DOWN, "sqlite3", "9: SELECT 4|");
  assert_statements (dbmate, CORM_MIGRATION_UP, "sqlite3", "2: SELECT 1|3: SELECT 2|");
  assert_statements (dbmate, CORM_MIGRATION_DOWN, "sqlite3", "6: SELECT 3|");
  assert_refused ("1_x.sql", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT 1;\n",
                  "1_x.sql:2: the mark '+goose ENVSUB ON'");
}

static void
test_two_files (G_GNUC_UNUSED void **state)
{
  static const char *const names[] = { "000001_jobs.up.sql", "000001_jobs.down.sql", "V2_1__more.sql",
                                       "U2_1__more.sql", "V10__last.sql" };
  char *folder = folder_new ();
  g_autoptr (CormMigrations) set = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    folder_write (folder, names[i], "SELECT 1;\n");
  assert_ok ((set = corm_migrations_open_folder (folder, error)) != NULL);
  assert_int_equal (set->all->len, 3);
  const CormMigration *first = set->all->pdata[0], *second = set->all->pdata[1], *third = set->all->pdata[2];
  assert_string_equal (first->name, "jobs");
  assert_string_equal (first->file, "000001_jobs.up.sql");
  assert_string_equal (second->version, "2.1");
  assert_true (corm_migration_has_way (first, CORM_MIGRATION_DOWN));
  assert_true (corm_migration_has_way (second, CORM_MIGRATION_DOWN));
  assert_false (corm_migration_has_way (third, CORM_MIGRATION_DOWN));
  folder_free (folder);
  assert_refused ("3_x.down.sql", "SELECT 1;\n", "3_x.down.sql is a way back");
  assert_refused ("R__views.sql", "SELECT 1;\n", "R__views.sql is a repeatable migration");
  assert_refused ("V1.x__views.sql", "SELECT 1;\n", "is no name of a migration");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_bad_names),          cmocka_unit_test (test_bad_texts),
    cmocka_unit_test (test_two_of_one_version), cmocka_unit_test (test_order),
    cmocka_unit_test (test_sections),           cmocka_unit_test (test_other_tools),
    cmocka_unit_test (test_two_files),
  };
  return cmocka_run_group_tests_name ("folder", tests, NULL, NULL);
}
