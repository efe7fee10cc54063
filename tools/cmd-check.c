/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm check [URI] --dir D [--to SCHEMA]: is anything left to do, in the database or in the folder? */
#include "migrations.h"

#include <string.h>

static char *to;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    APP_MIGRATIONS_DIR,
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, "What the folder has to lead to: the models", "SCHEMA" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  app_migrations_clear ();
  g_clear_pointer (&to, g_free);
  return entries;
}

/* What the database lacks, or has too much; TRUE without an error where a database was asked. */
static gboolean
check_database (App *app, CormMigrations *set, JsonBuilder *builder, guint *n, GError **error)
{
  g_autoptr (CormDb) db = app_migrations_open_db (app, FALSE, error);
  g_autoptr (GPtrArray) list = db != NULL ? corm_migrations_list (set, db, error) : NULL;
  for (guint i = 0; list != NULL && i < list->len; i++) {
    const CormMigrationInfo *info = list->pdata[i];
    if (info->state == CORM_MIGRATION_APPLIED)
      continue;
    ++*n;
    app_migrations_json (builder, info);
    if (!app->json)
      app_print ("%s %s: %s\n", info->version, info->name, app_migrations_state_name (info));
  }
  return list != NULL;
}

/* What the schema has and the folder does not make, in the words of the database, or SQLite's. */
static gboolean
check_schema (App *app, CormMigrations *set, CormConnection *conn, JsonBuilder *builder, guint *n,
              GError **error)
{
  g_autoptr (AppSchema) wanted = app_schema_open (app, to, error);
  if (wanted == NULL)
    return FALSE;
  if (conn == NULL)
    conn = wanted->conn != NULL ? wanted->conn : app_scratch_connection (app, error);
  g_autoptr (CormSchema) first = conn != NULL ? app_schema_read (wanted, conn, NULL, error) : NULL;
  g_autoptr (CormSchema) made = first != NULL ? app_schema_from_migrations (set, conn, "head", error) : NULL;
  g_autoptr (CormPlan) plan = made != NULL ? corm_schema_diff (conn, made, first, error) : NULL;
  for (guint i = 0; plan != NULL && i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    ++*n;
    json_builder_add_string_value (builder, op->text);
    if (!app->json)
      app_print ("the folder lacks: %s\n", op->text);
  }
  return plan != NULL;
}

static gboolean
check_models (App *app, CormMigrations *set, JsonBuilder *builder, guint *n, GError **error)
{
  if (to == NULL && app->registry == NULL)
    return TRUE;
  if (to == NULL)
    to = g_strdup ("models:");
  const char *uri = app->argc > 0 ? app->argv[0] : g_getenv ("CORM_DATABASE_URL");
  g_autoptr (CormDb) db = uri != NULL ? corm_db_open (uri, NULL, error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  return (uri == NULL || conn != NULL) && check_schema (app, set, conn, builder, n, error);
}

static AppStatus
run (App *app, GError **error)
{
  guint n = 0;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  CormMigrations *set = app_migrations_open (app, error);
  if (set == NULL)
    return app_migrations_fail ();
  gboolean has_uri = app->argc > 0 || g_getenv ("CORM_DATABASE_URL") != NULL;
  if (!has_uri && to == NULL && app->registry == NULL)
    return app_usage (error, "check wants a URI, or --to SCHEMA, or both");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "database");
  json_builder_begin_array (builder);
  if (has_uri && !check_database (app, set, builder, &n, error))
    return app_migrations_fail ();
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "folder");
  json_builder_begin_array (builder);
  if (!check_models (app, set, builder, &n, error))
    return APP_FAILED;
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (app->json)
    app_print_json (builder);
  else if (n == 0)
    app_print ("nothing is left to do\n");
  return n > 0 ? APP_DIFFERENT : APP_DONE;
}

const AppVerb app_verb_check = {
  .name = "check",
  .arguments = "[URI] --dir DIR [--to SCHEMA]",
  .summary = "Is a migration left to run, or one to write? Status 1 then",
  .description = "With a URI: migrations that the database lacks, that were edited, that nobody knows.\n"
                 "With --to: what the schema (models:LIB.so) has and the folder does not make.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
