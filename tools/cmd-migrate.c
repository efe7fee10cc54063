/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm migrate URI --to SCHEMA: bring a database to a schema. */
#include "app.h"

#include <string.h>

static char *to_argument, *plan_path;
static char **allowed;
static gboolean is_dry_run, is_online;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &to_argument, "What the database is to become", "SCHEMA" },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &is_dry_run,
      "Show what would be done; status 1 when there is something", NULL },
    { "plan", 0, 0, G_OPTION_ARG_FILENAME, &plan_path,
      "Run the plan in FILE (diff --emit plan), if the database is still as it was then", "FILE" },
    { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &allowed,
      "An operation that loses something: drop-column:jobs.pid, or drop-column for all; may be repeated",
      "OP" },
    { "online", 0, 0, G_OPTION_ARG_NONE, &is_online,
      "Step by step with the least locks, instead of all in one transaction", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&to_argument, g_free);
  g_clear_pointer (&plan_path, g_free);
  g_clear_pointer (&allowed, g_strfreev);
  is_dry_run = is_online = FALSE;
  return entries;
}

static void
show_op (const CormOp *op, gpointer data)
{
  const App *app = data;
  gboolean differs = op->kind == CORM_OP_DIFFERS;
  if (!app->json)
    app_print ("%s%s%s%s\n", app_color (app, differs ? APP_YELLOW : APP_GREEN), differs ? "differs: " : "",
               op->text, app_color (app, APP_PLAIN));
}

/* What can be undone runs; what loses something was named. */
static GStrv
list_allowed (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_add (builder, "change");
  for (char **op = allowed; op != NULL && *op != NULL; op++)
    g_strv_builder_add (builder, *op);
  return g_strv_builder_end (builder);
}

static CormPlan *
read_plan (GError **error)
{
  gsize size = 0;
  g_autofree char *text = NULL;
  g_autoptr (GError) why = NULL;
  if (!g_file_get_contents (plan_path, &text, &size, &why)) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, why->message);
    return NULL;
  }
  CormPlan *plan = corm_plan_from_json (text, error);
  if (plan == NULL)
    g_prefix_error (error, "%s: ", plan_path);
  return plan;
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

static gboolean
is_done (const CormPlan *plan, const char *what)
{
  gboolean found = strcmp (what, "destructive") == 0 || strcmp (what, "change") == 0;
  for (guint i = 0; i < plan->ops->len && !found; i++) {
    const CormOp *op = plan->ops->pdata[i];
    g_autofree char *kind = corm_op_get_kind_name (op);
    g_autofree char *name = app_op_name (op);
    found = op->kind != CORM_OP_DIFFERS && (strcmp (what, kind) == 0 || strcmp (what, name) == 0);
  }
  return found;
}

/* A word that is misspelt allows nothing, and something that it may have meant is left alone. */
static void
warn_of_needless (const CormPlan *plan)
{
  for (char **op = allowed; op != NULL && *op != NULL && corm_plan_get_n_differences (plan) > 0; op++)
    if (!is_done (plan, *op))
      app_say (
          "%s: --allow %s names nothing that is to be done; corm diff shows what needs to be allowed, and "
          "how it is called\n",
          app_get_name (), *op);
}

/* A dry run tells nobody of operations; differences are told of in any case. */
static void
print_dry_run (App *app, const CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++)
    show_op (plan->ops->pdata[i], app);
}

static void
print_sum (const CormPlan *plan)
{
  guint changes = corm_plan_get_n_changes (plan), differences = corm_plan_get_n_differences (plan);
  if (changes + differences == 0)
    g_print ("nothing to do: the database is as the schema says\n");
  else
    g_print ("%u %s %s, %u that differ and are left alone%s\n", changes, changes == 1 ? "change" : "changes",
             is_dry_run ? "would be made" : "made", differences,
             differences > 0 ? " (corm diff shows what needs --allow)" : "");
}

/* A plan that was made before; one that leads elsewhere than --to says is refused. */
static CormPlan *
apply_plan (CormConnection *conn, const CormSchema *to, const CormMigrateOptions *options, GError **error)
{
  g_autoptr (CormPlan) plan = read_plan (error);
  g_autofree char *fingerprint = plan != NULL && to != NULL ? corm_schema_fingerprint (to) : NULL;
  if (plan == NULL)
    return NULL;
  if (fingerprint != NULL && g_strcmp0 (fingerprint, plan->to) != 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_STALE,
                 "the plan in %s does not lead to %s as it is now: look at a new diff", plan_path,
                 to_argument);
    return NULL;
  }
  if (!options->dry_run && !corm_plan_apply (conn, plan, options, error)) {
    g_prefix_error (error, "%s: ", plan_path);
    return NULL;
  }
  return g_steal_pointer (&plan);
}

static CormPlan *
migrate (App *app, CormConnection *conn, const CormSchema *to, GError **error)
{
  g_auto (GStrv) allow = list_allowed ();
  const CormMigrateOptions options = { .dry_run = is_dry_run,
                                       .allow = (const char *const *) allow,
                                       .online = is_online,
                                       .on_op = show_op,
                                       .data = app };
  if (plan_path != NULL)
    return apply_plan (conn, to, &options, error);
  return corm_schema_migrate (conn, to, &options, error);
}

static AppStatus
run (App *app, GError **error)
{
  const char *uri = app_argument (app, 0, "URI", error);
  if (uri == NULL)
    return APP_USAGE;
  if (to_argument == NULL && plan_path == NULL)
    return app_usage (error, "migrate wants --to SCHEMA (a database URI, models:LIB.so, file:SCHEMA.sql or "
                             "file:SNAPSHOT.json), or --plan FILE");
  CormDbOptions db_options = { .pool_size = 2 };
  g_autoptr (AppSchema) wanted = to_argument != NULL ? app_schema_open (app, to_argument, error) : NULL;
  if (to_argument != NULL && wanted == NULL)
    return APP_FAILED;
  g_autoptr (CormDb) db = is_dry_run ? app_open_unchanged (uri, &db_options, error)
                                     : corm_db_open_full (uri, NULL, &db_options, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  gboolean compares = conn != NULL && wanted != NULL && wanted->snapshot != NULL;
  g_autoptr (CormSchema) live = compares ? corm_schema_inspect (conn, error) : NULL;
  g_autoptr (CormSchema) to = conn != NULL && wanted != NULL && (live != NULL || !compares)
                                  ? app_schema_read (wanted, conn, live, error)
                                  : NULL;
  if (conn == NULL || (wanted != NULL && to == NULL))
    return APP_FAILED;
  g_autoptr (CormPlan) plan = migrate (app, conn, to, error);
  if (plan == NULL)
    return APP_FAILED;
  if (app->json)
    print_json (plan);
  else {
    if (is_dry_run)
      print_dry_run (app, plan);
    print_sum (plan);
  }
  warn_of_needless (plan);
  return is_dry_run && corm_plan_get_n_changes (plan) > 0 ? APP_DIFFERENT : APP_DONE;
}

const AppVerb app_verb_migrate = {
  .name = "migrate",
  .arguments = "[URI]",
  .summary = "Bring a database to a schema",
  .description =
      "Creates, changes and renames, in one transaction where the database allows it. What would lose "
      "something\nis named and left alone unless --allow names it.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
