/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm migrate URI --to SCHEMA: bring a database to a schema. */
#include "app.h"

static char *to_argument, *plan_path;
static gboolean is_dry_run;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_argument, "What the database is to become", "SCHEMA" },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &is_dry_run,
      "Show what would be done; status 1 when there is something", NULL },
    { "plan", 0, 0, G_OPTION_ARG_FILENAME, &plan_path,
      "Go on only if the plan is still that of FILE (diff --emit plan)", "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&to_argument, g_free);
  g_clear_pointer (&plan_path, g_free);
  is_dry_run = FALSE;
  return entries;
}

static void
show_op (const CormOp *op, gpointer data)
{
  const App *app = data;
  gboolean differs = op->kind == CORM_OP_DIFFERS;
  if (!app->json)
    g_print ("%s%s%s%s\n", app_color (app, differs ? APP_YELLOW : APP_GREEN), differs ? "differs: " : "",
             op->text, app_color (app, APP_PLAIN));
}

/* What was approved must be what would run now. */
static gboolean
check_plan (CormConnection *conn, const CormSchema *to, GError **error)
{
  gsize size = 0;
  g_autofree char *approved = NULL;
  g_autoptr (GError) why = NULL;
  CormMigrateOptions dry = { .dry_run = true };
  if (!g_file_get_contents (plan_path, &approved, &size, &why)) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, why->message);
    return FALSE;
  }
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, to, &dry, error);
  if (plan == NULL)
    return FALSE;
  g_autofree char *now = corm_plan_to_json (plan);
  if (g_strcmp0 (g_strchomp (now), g_strchomp (approved)) == 0)
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_STALE,
      "the plan in %s is not what would run now: the database or the schema has moved on; look at a new diff",
      plan_path);
  return FALSE;
}

static void
print_json (const CormPlan *plan)
{
  g_autofree char *json = corm_plan_to_json (plan);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  app_json_bool (builder, "dry_run", is_dry_run);
  app_json_int (builder, "changes", corm_plan_get_n_changes (plan));
  app_json_int (builder, "differences", corm_plan_get_n_differences (plan));
  app_json_raw (builder, "plan", json);
  json_builder_end_object (builder);
  app_print_json (builder);
}

static void
print_sum (const CormPlan *plan)
{
  guint changes = corm_plan_get_n_changes (plan), differences = corm_plan_get_n_differences (plan);
  if (changes + differences == 0)
    g_print ("nothing to do: the database is as the schema says\n");
  else
    g_print ("%u %s %s, %u that differ and are left alone\n", changes, changes == 1 ? "change" : "changes",
             is_dry_run ? "would be made" : "made", differences);
}

static AppStatus
run (App *app, GError **error)
{
  const char *uri = app_argument (app, 0, "URI", error);
  if (uri == NULL)
    return APP_USAGE;
  if (to_argument == NULL)
    return app_usage (
        error,
        "migrate wants --to SCHEMA: a database URI, models:LIB.so, file:SCHEMA.sql or file:SNAPSHOT.json");
  CormDbOptions db_options = { .pool_size = 2 };
  g_autoptr (AppSchema) wanted = app_schema_open (app, to_argument, error);
  g_autoptr (CormDb) db = wanted != NULL ? corm_db_open_full (uri, NULL, &db_options, error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  g_autoptr (CormSchema) to = conn != NULL ? app_schema_read (wanted, conn, error) : NULL;
  if (to == NULL || (plan_path != NULL && !check_plan (conn, to, error)))
    return APP_FAILED;
  CormMigrateOptions migrate = { .dry_run = is_dry_run, .on_op = show_op, .data = app };
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, to, &migrate, error);
  if (plan == NULL)
    return APP_FAILED;
  if (app->json)
    print_json (plan);
  else
    print_sum (plan);
  return is_dry_run && corm_plan_get_n_changes (plan) > 0 ? APP_DIFFERENT : APP_DONE;
}

const AppVerb app_verb_migrate = {
  .name = "migrate",
  .arguments = "[URI]",
  .summary = "Bring a database to a schema",
  .description = "Creates tables, adds columns, indexes and constraints, in one transaction where the "
                 "database allows it.\n"
                 "Whatever else differs is named and left alone: nothing is dropped or rewritten.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
