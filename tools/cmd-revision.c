/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm revision --dir D: a new migration, empty or from a difference; a first one from a live database; a checkpoint. */
#include "migrations.h"

#include <glib/gstdio.h>
#include <string.h>

static char *message, *from, *to, *baseline, *squash;
static gboolean is_timestamp;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    APP_MIGRATIONS_DIR,
    { "message", 'm', 0, G_OPTION_ARG_STRING, &message, "What it does; its name is made of it", "TEXT" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, "Write the statements that lead to this schema", "SCHEMA" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, "From this one; default: what the folder leads to",
      "SCHEMA" },
    { "baseline", 0, 0, G_OPTION_ARG_STRING, &baseline,
      "The first migration, from a live database, which is stamped with it", "URI" },
    { "squash", 0, 0, G_OPTION_ARG_STRING, &squash,
      "One migration in place of all up to this one, for new databases", "VERSION" },
    { "timestamp", 0, 0, G_OPTION_ARG_NONE, &is_timestamp, "Number it by the time", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  app_migrations_clear ();
  g_clear_pointer (&message, g_free);
  g_clear_pointer (&from, g_free);
  g_clear_pointer (&to, g_free);
  g_clear_pointer (&baseline, g_free);
  g_clear_pointer (&squash, g_free);
  is_timestamp = FALSE;
  return entries;
}

static void
tell (const App *app, const char *path, const char *version, guint n_changes)
{
  if (app->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    app_json_string (builder, "file", path);
    app_json_string (builder, "version", version);
    app_json_int (builder, "changes", n_changes);
    json_builder_end_object (builder);
    app_print_json (builder);
  } else
    g_print ("%s\n", path);
}

static void
warn (const CormPlan *plan, const char *path)
{
  for (guint i = 0; plan != NULL && i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    if (op->kind == CORM_OP_DIFFERS)
      app_say ("%s: %s: differs, and is left alone: %s\n", app_get_name (), path, op->text);
    else if (op->approval == CORM_APPROVAL_DESTRUCTIVE)
      app_say ("%s: %s loses data: %s\n", app_get_name (), path, op->text);
  }
}

/* Writes the file behind the last one of @list. */
static AppStatus
write_new (const App *app, const GPtrArray *list, const CormPlan *plan, const char *head, gboolean with_down,
           char **written, GError **error)
{
  g_autofree char *version = app_revision_next (list, is_timestamp);
  g_autofree char *name = message != NULL ? app_revision_slug (message)
                          : plan != NULL  ? app_revision_name (plan)
                                          : g_strdup ("");
  const char *after =
      list->len > 0 ? ((const CormMigrationInfo *) list->pdata[list->len - 1])->version : NULL;
  if (*name == '\0')
    return app_usage (error, "revision wants -m TEXT: what the migration does");
  g_autofree char *text = app_revision_text (plan, after, head, with_down);
  g_autofree char *path = app_revision_write (app_migrations.dir, version, name, text, error);
  if (path == NULL)
    return APP_FAILED;
  tell (app, path, version, plan != NULL ? corm_plan_get_n_changes (plan) : 0);
  warn (plan, path);
  if (written != NULL)
    *written = g_strdup (version);
  return APP_DONE;
}

static GPtrArray *
list_folder (GError **error)
{
  if (!g_file_test (app_migrations.dir, G_FILE_TEST_EXISTS))
    return g_ptr_array_new ();
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (app_migrations.dir, error);
  return set != NULL ? corm_migrations_list (set, NULL, error) : NULL;
}

static AppStatus
run_difference (App *app, const GPtrArray *list, GError **error)
{
  g_autofree char *folder = g_strconcat ("dir:", app_migrations.dir, NULL);
  if (from == NULL && g_mkdir_with_parents (app_migrations.dir, 0777) != 0)
    return app_usage (error, "the folder %s cannot be made", app_migrations.dir);
  g_autoptr (CormPlan) plan =
      app_diff (app, from != NULL ? from : folder, to, app->argc > 0 ? app->argv[0] : NULL, error);
  if (plan == NULL)
    return APP_FAILED;
  if (corm_plan_get_n_changes (plan) > 0)
    return write_new (app, list, plan, NULL, TRUE, NULL, error);
  if (!app->json)
    g_print ("no difference: nothing is written\n");
  else
    tell (app, NULL, NULL, 0);
  return APP_DONE;
}

/* --- baseline ---------------------------------------------------------------------------------------------------- */

static CormPlan *
plan_all (CormConnection *conn, const CormSchema *schema, GError **error)
{
  g_autoptr (CormSchema) nothing = corm_schema_new (schema->dialect);
  return corm_schema_diff (conn, nothing, schema, error);
}

/* A baseline would take the place of what another folder has applied. */
static gboolean
check_no_history (CormConnection *conn, GError **error)
{
  g_autoptr (CormCursor) cursor = corm_query (conn, "SELECT count(*) FROM corm_migrations", NULL, NULL);
  if (cursor == NULL || !corm_cursor_next (cursor, NULL) || corm_cursor_get_value (cursor, 0)->i == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "baseline: the database has a history of %" G_GINT64_FORMAT
               " migrations already, which belongs to another folder: go on with that one, or drop the table "
               "corm_migrations to begin anew",
               corm_cursor_get_value (cursor, 0)->i);
  return FALSE;
}

static AppStatus
run_baseline (App *app, const GPtrArray *list, GError **error)
{
  const CormDbOptions db_options = { .must_exist = true };
  g_autofree char *version = NULL;
  if (list->len > 0)
    return app_usage (error, "--baseline is for an empty folder, and %s has migrations", app_migrations.dir);
  if (message == NULL)
    message = g_strdup ("baseline");
  g_autoptr (CormDb) db = corm_db_open_full (baseline, NULL, &db_options, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  g_autoptr (CormSchema) schema =
      conn != NULL && check_no_history (conn, error) ? corm_schema_inspect (conn, error) : NULL;
  g_autoptr (CormPlan) plan = schema != NULL ? plan_all (conn, schema, error) : NULL;
  g_clear_pointer (&conn, corm_connection_free);
  if (plan == NULL)
    return APP_FAILED;
  AppStatus status = write_new (app, list, plan, NULL, FALSE, &version, error);
  if (status != APP_DONE)
    return status;
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (app_migrations.dir, error);
  return set != NULL && corm_migrations_stamp (set, db, version, NULL, error) ? APP_DONE : APP_FAILED;
}

/* --- squash ------------------------------------------------------------------------------------------------------ */

/* What a new database will not have, since only the structure is kept. */
static void
warn_of_rows (CormMigrations *set, const char *uri, const char *version)
{
  g_autofree char *script = corm_migrations_to_sql (set, uri, NULL, version, NULL);
  if (script != NULL && g_regex_match_simple ("^\\s*(insert|update|replace|merge|copy|load)\\b", script,
                                              G_REGEX_CASELESS | G_REGEX_MULTILINE, 0))
    app_say ("%s: the migrations up to %s write rows too, which the checkpoint does not: add what a new "
             "database needs\n",
             app_get_name (), version);
}

static gboolean
remove_old (const GPtrArray *list, guint n, GError **error)
{
  for (guint i = 0; i < n; i++) {
    g_autofree char *path =
        g_build_filename (app_migrations.dir, ((const CormMigrationInfo *) list->pdata[i])->file, NULL);
    if (g_unlink (path) != 0) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "%s cannot be removed", path);
      return FALSE;
    }
  }
  return TRUE;
}

/* How many of @list the target covers. */
static guint
find_squashed (const GPtrArray *list, GError **error)
{
  guint n = 0;
  for (guint i = 0; i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    if (strcmp (info->version, squash) == 0)
      n = i + 1;
  }
  if (n == 0)
    app_usage (error, "--squash wants a version of the folder, not '%s'", squash);
  return n;
}

static AppStatus
run_squash (App *app, const GPtrArray *list, GError **error)
{
  g_autoptr (GString) head = g_string_new (NULL);
  guint n = find_squashed (list, error);
  if (n == 0)
    return APP_USAGE;
  const char *uri = app->argc > 0 ? app->argv[0] : "sqlite::memory:";
  g_autoptr (CormMigrations) set = corm_migrations_open_folder (app_migrations.dir, error);
  g_autoptr (CormDb) db = set != NULL ? corm_db_open (uri, NULL, error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  g_autoptr (CormSchema) schema = conn != NULL ? app_schema_from_migrations (set, conn, squash, error) : NULL;
  g_autoptr (CormPlan) plan = schema != NULL ? plan_all (conn, schema, error) : NULL;
  if (plan == NULL)
    return APP_FAILED;
  for (guint i = 0; i < n; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    g_string_append_printf (head, "-- corm:replaces %s %s\n", info->version, info->checksum);
  }
  g_autofree char *text = app_revision_text (plan, NULL, head->str, FALSE);
  g_autofree char *name = app_revision_slug (message != NULL ? message : "checkpoint");
  warn_of_rows (set, uri, squash);
  g_autofree char *path = app_revision_write (app_migrations.dir, squash, name, text, error);
  if (path == NULL || !remove_old (list, n, error))
    return APP_FAILED;
  tell (app, path, squash, corm_plan_get_n_changes (plan));
  return APP_DONE;
}

static AppStatus
run (App *app, GError **error)
{
  if (app_migrations.dir == NULL)
    return app_usage (error, "--dir DIR is missing: the folder of the migrations");
  if (from != NULL && to == NULL)
    return app_usage (error, "--from wants --to SCHEMA too");
  if ((to != NULL) + (baseline != NULL) + (squash != NULL) > 1)
    return app_usage (error, "--to, --baseline and --squash exclude each other");
  if (app->argc > 0 && squash == NULL && to == NULL)
    return app_usage (error, "'%s' is too much: only --to and --squash take a URI", app->argv[0]);
  g_autoptr (GPtrArray) list = list_folder (error);
  if (list == NULL)
    return APP_FAILED;
  if (baseline != NULL)
    return run_baseline (app, list, error);
  if (squash != NULL)
    return run_squash (app, list, error);
  return to != NULL ? run_difference (app, list, error)
                    : write_new (app, list, NULL, NULL, TRUE, NULL, error);
}

const AppVerb app_verb_revision = {
  .name = "revision",
  .arguments = "[URI] --dir DIR -m TEXT [--to SCHEMA [--from SCHEMA]]",
  .summary = "Write a new migration",
  .description =
      "Empty, or with --to the statements that lead from what the folder makes (or from --from) to a "
      "schema,\n"
      "and back. What loses data stands behind a line \"-- corm:loses data\". URI is the database that the\n"
      "statements are for: in its scratch place the migrations are made; default sqlite::memory:.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
