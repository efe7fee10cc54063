/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every kind of change as a migration: the script of it, run by the database's own client alone, leaves the same schema,
 * the same history and the same rows as the upgrade itself.
 * CORM_TEST_OFFLINE=1: all of them; otherwise every fourth. */
#include "../lib/suite.h"
#include "../lib/folder.h"
#include "changes.h"

#include <gio/gio.h>

static const char first_file[] = "01_before.sql", second_file[] = "02_change.sql";

static const char *const all[] = { "destructive", NULL };

/* --- the database's client ---------------------------------------------------------------------------------------- */

static GStrv
client_of (const char *uri)
{
  g_autoptr (GUri) parts = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);
  GPtrArray *words = g_ptr_array_new ();
  if (g_str_has_prefix (uri, "sqlite:")) {
    g_ptr_array_add (words, g_strdup ("sqlite3"));
    g_ptr_array_add (words, g_strdup ("-bail"));
    g_ptr_array_add (words, g_strdup (uri + strlen ("sqlite:")));
  } else if (g_str_has_prefix (uri, "postgresql:")) {
    g_ptr_array_add (words, g_strdup ("psql"));
    g_ptr_array_add (words, g_strdup ("-qXv"));
    g_ptr_array_add (words, g_strdup ("ON_ERROR_STOP=1"));
    g_ptr_array_add (words, g_strdup (uri));
  } else {
    g_autoptr (GHashTable) options =
        g_uri_parse_params (g_uri_get_query (parts), -1, "&", G_URI_PARAMS_NONE, NULL);
    g_ptr_array_add (words, g_strdup ("mariadb"));
    g_ptr_array_add (words, g_strdup ("--no-defaults"));
    g_ptr_array_add (words, g_strconcat ("--user=", g_uri_get_user (parts), NULL));
    g_ptr_array_add (words, g_strconcat ("--password=", g_uri_get_password (parts), NULL));
    g_ptr_array_add (words, g_strconcat ("--socket=", g_hash_table_lookup (options, "socket"), NULL));
    g_ptr_array_add (words, g_strdup (g_uri_get_path (parts) + 1));
  }
  g_ptr_array_add (words, NULL);
  return (GStrv) g_ptr_array_free (words, FALSE);
}

/* What it said when it failed, NULL when it did not; free with g_free(). */
static char *
run_client (const char *uri, const char *script)
{
  g_auto (GStrv) words = client_of (uri);
  g_autofree char *said = NULL;
  g_autoptr (GSubprocess) client = NULL;
  assert_ok ((client = g_subprocess_newv ((const char *const *) words,
                                          G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                              G_SUBPROCESS_FLAGS_STDERR_MERGE,
                                          error)) != NULL);
  assert_ok (g_subprocess_communicate_utf8 (client, script, NULL, &said, NULL, error));
  return g_subprocess_get_successful (client) ? NULL : g_steal_pointer (&said);
}

/* --- what stands there -------------------------------------------------------------------------------------------- */

/* The schema, the history but for its times, and what the change's query gives; free with g_free(). */
static char *
stand (CormConnection *conn, const char *rows)
{
  g_autoptr (CormSchema) schema = NULL;
  assert_ok ((schema = corm_schema_inspect (conn, error)) != NULL);
  g_autofree char *json = corm_schema_to_json (schema);
  g_autoptr (GString) text = g_string_new (json);
  g_autoptr (CormCursor) cursor = NULL;
  g_autoptr (GError) failed = NULL;
  assert_ok ((cursor = corm_query (conn,
                                   "SELECT version, name, checksum, state, statement, statement_checksum, "
                                   "doing, doing_schema FROM corm_migrations ORDER BY version",
                                   NULL, error)) != NULL);
  while (corm_cursor_next (cursor, &failed)) {
    g_string_append (text, "\nhistory:");
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      g_string_append_c (text, ' ');
      corm_value_append_text (corm_cursor_get_value (cursor, i), text);
    }
  }
  assert_null (failed);
  g_clear_pointer (&cursor, corm_cursor_free);
  g_autofree char *found = rows != NULL ? suite_text (conn, rows) : NULL;
  g_string_append_printf (text, "\nrows: %s", found != NULL ? found : "");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
clear (CormConnection *conn)
{
  const CormMigrateOptions options = { .allow = all };
  g_autoptr (CormSchema) nothing = NULL;
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((nothing = corm_schema_from_sql (conn, "", error)) != NULL);
  assert_ok ((plan = corm_schema_migrate (conn, nothing, &options, error)) != NULL);
  suite_sql (conn, "DROP TABLE IF EXISTS corm_migrations");
}

/* --- one change ----------------------------------------------------------------------------------------------------- */

static void
write_plan (CormConnection *conn, const char *folder, const Change *change)
{
  const CormMigrateOptions options = { .dry_run = true, .allow = all };
  g_autoptr (CormSchema) to = NULL;
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((to = corm_schema_from_sql (conn, change->after, error)) != NULL);
  assert_ok ((plan = corm_schema_migrate (conn, to, &options, error)) != NULL);
  g_autofree char *sql = corm_plan_to_sql (plan);
  folder_write (folder, second_file, sql);
}

static CormMigrations *
open_folder (const char *folder)
{
  CormMigrations *set = NULL;
  assert_ok ((set = corm_migrations_open_folder (folder, error)) != NULL);
  return set;
}

/* By the migrator: to the first migration, whose stand is the plan's ground, then to the second. */
static char *
upgrade (Suite *suite, const char *folder, const Change *change)
{
  g_autofree char *before = g_strconcat (change->before, ";\n", NULL);
  folder_write (folder, first_file, before);
  g_autoptr (CormMigrations) first = open_folder (folder);
  assert_ok (corm_migrations_upgrade (first, suite->db, NULL, NULL, error));
  write_plan (suite->conn, folder, change);
  g_autoptr (CormMigrations) both = open_folder (folder);
  assert_ok (corm_migrations_upgrade (both, suite->db, NULL, NULL, error));
  return stand (suite->conn, change->rows);
}

static void
compare_change (Suite *suite, const Change *change, GString *faults)
{
  char *folder = folder_new ();
  g_autofree char *live = upgrade (suite, folder, change), *offline = NULL, *script = NULL, *said = NULL;
  g_autoptr (CormMigrations) set = open_folder (folder);
  clear (suite->conn);
  assert_ok ((script = corm_migrations_to_sql (set, suite->uri, "base", "head", error)) != NULL);
  said = run_client (suite->uri, script);
  if (said == NULL)
    offline = stand (suite->conn, change->rows);
  if (g_strcmp0 (live, offline) != 0)
    g_string_append_printf (faults, "\n%s: %s\n--- by the upgrade:\n%s\n--- by the client:\n%s\n",
                            change->name, script, live, said != NULL ? said : offline);
  clear (suite->conn);
  folder_free (folder);
}

static void
compare_changes (Suite *suite, const Change *changes_of, gsize n)
{
  g_autoptr (GString) faults = g_string_new (NULL);
  g_autofree char *client = NULL;
  g_auto (GStrv) words = client_of (suite->uri);
  guint step = g_getenv ("CORM_TEST_OFFLINE") != NULL ? 1 : 4;
  if ((client = g_find_program_in_path (words[0])) == NULL)
    suite_skip ("the database's client is not installed");
  clear (suite->conn);
  for (gsize i = 0; i < n; i += step)
    compare_change (suite, &changes_of[i], faults);
  assert_string_equal (faults->str, "");
}

static void
a_script_does_what_the_upgrade_does (Suite *suite)
{
  compare_changes (suite, changes, G_N_ELEMENTS (changes));
}

static void
labels_and_numbers_in_a_script (Suite *suite)
{
  compare_changes (suite, typed, G_N_ELEMENTS (typed));
}

int
main (void)
{
  static const SuiteCase cases[] = {
    { "a_script_does_what_the_upgrade_does", a_script_does_what_the_upgrade_does, CORM_CAP_STREAMING },
    { "labels_and_numbers_in_a_script", labels_and_numbers_in_a_script,
      CORM_CAP_NATIVE_ENUM | CORM_CAP_STREAMING },
  };
  return SUITE_RUN (NULL, cases);
}
