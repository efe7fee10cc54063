/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm diff FROM TO: the plan that turns one schema into the other. */
#include "app.h"

#include <string.h>

static char *emit;
static GStrv include, exclude;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "emit", 0, 0, G_OPTION_ARG_STRING, &emit, "sql: only the statements; plan: JSON for migrate --plan",
      "FORM" },
    APP_FILTER_OPTIONS (include, exclude),
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&emit, g_free);
  g_clear_pointer (&include, g_strfreev);
  g_clear_pointer (&exclude, g_strfreev);
  return entries;
}

char *
app_op_name (const CormOp *op)
{
  g_autofree char *kind = corm_op_get_kind_name (op);
  gboolean part = op->table != NULL && op->object == NULL && op->name != NULL;
  return g_strdup_printf ("%s:%s%s%s", kind, op->object == NULL && op->table != NULL ? op->table : op->name,
                          part ? "." : "", part ? op->name : "");
}

/* What migrate wants to hear before it does this. */
static void
print_approval (const CormOp *op)
{
  g_autofree char *name = app_op_name (op);
  app_print ("-- needs --allow '%s'\n", name);
}

static void
print_text (const App *app, const CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = g_ptr_array_index (plan->ops, i);
    gboolean differs = op->kind == CORM_OP_DIFFERS;
    app_print ("%s%s%s%s", app_color (app, differs ? APP_YELLOW : APP_GREEN), differs ? "differs: " : "",
               op->text, app_color (app, APP_PLAIN));
    app_print ("%s%s\n", op->hazard != NULL ? "; mind: " : "", op->hazard != NULL ? op->hazard : "");
    if (op->approval == CORM_APPROVAL_DESTRUCTIVE && !differs)
      print_approval (op);
    for (guint s = 0; s < op->sql->len; s++)
      g_print ("%s%s;%s\n", app_color (app, APP_DIM), (char *) g_ptr_array_index (op->sql, s),
               app_color (app, APP_PLAIN));
  }
  if (plan->ops->len == 0)
    g_print ("no difference\n");
  else
    g_print ("%u to change, %u that differ and are left alone\n", corm_plan_get_n_changes (plan),
             corm_plan_get_n_differences (plan));
}

CormPlan *
app_diff (App *app, const char *from_text, const char *to_text, const char *uri, GError **error)
{
  const CormDbOptions options = { .must_exist = true };
  g_autoptr (AppSchema) from = app_schema_open (app, from_text, error);
  g_autoptr (AppSchema) to = from != NULL ? app_schema_open (app, to_text, error) : NULL;
  if (to == NULL)
    return NULL;
  g_autoptr (CormDb) db = uri != NULL ? corm_db_open_full (uri, NULL, &options, error) : NULL;
  g_autoptr (CormConnection) own = db != NULL ? corm_db_connect (db, error) : NULL;
  if (uri != NULL && own == NULL)
    return NULL;
  CormConnection *conn = own != NULL ? own : from->conn != NULL ? from->conn : to->conn;
  if (conn == NULL && (conn = app_scratch_connection (app, error)) == NULL)
    return NULL;
  gboolean from_first = from->conn == conn;
  g_autoptr (CormSchema) first = app_schema_read (from_first ? from : to, conn, NULL, error);
  g_autoptr (CormSchema) second =
      first != NULL ? app_schema_read (from_first ? to : from, conn, first, error) : NULL;
  if (second == NULL || !app_schema_filter (first, second, include, exclude, error))
    return NULL;
  return from_first ? corm_schema_diff (conn, first, second, error)
                    : corm_schema_diff (conn, second, first, error);
}

static AppStatus
run (App *app, GError **error)
{
  const char *form = emit != NULL ? emit : app->json ? "plan" : "text";
  if (strcmp (form, "text") != 0 && strcmp (form, "sql") != 0 && strcmp (form, "plan") != 0)
    return app_usage (error, "--emit is sql or plan, not '%s'", form);
  g_autoptr (CormPlan) plan = app_diff (app, app->argv[0], app->argv[1], NULL, error);
  if (plan == NULL)
    return APP_FAILED;
  if (strcmp (form, "text") == 0)
    print_text (app, plan);
  else {
    g_autofree char *text = strcmp (form, "sql") == 0 ? corm_plan_to_sql (plan) : corm_plan_to_json (plan);
    g_print ("%s%s", text, *text == '\0' || g_str_has_suffix (text, "\n") ? "" : "\n");
  }
  return plan->ops->len > 0 ? APP_DIFFERENT : APP_DONE;
}

const AppVerb app_verb_diff = {
  .name = "diff",
  .arguments = "FROM TO",
  .summary = "The plan that turns one schema into another",
  .description =
      "FROM and TO are database URIs, models:LIB.so, file:SCHEMA.sql or file:SNAPSHOT.json. Exit status 1 "
      "when\n"
      "there is any difference. What has no safe automatic change is listed as \"differs\" and left alone.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
