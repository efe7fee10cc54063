/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm inspect SCHEMA: show it, or write it down in another form. */
#include "app.h"

#include <string.h>

static char *emit;
static GStrv include, exclude;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "emit", 0, 0, G_OPTION_ARG_STRING, &emit,
      "table (default), sql, json, json-schema, c, dot, mermaid or svg", "FORM" },
    APP_FILTER_OPTIONS (include, exclude),
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&emit, g_free);
  g_clear_pointer (&include, g_strfreev);
  g_clear_pointer (&exclude, g_strfreev);
  return entries;
}

/* What makes the schema out of nothing. */
static char *
emit_sql (CormConnection *conn, const CormSchema *schema, GError **error)
{
  g_autoptr (CormSchema) nothing = corm_schema_new (schema->dialect);
  g_autoptr (CormPlan) plan = corm_schema_diff (conn, nothing, schema, error);
  return plan != NULL ? corm_plan_to_sql (plan) : NULL;
}

static char *
emit_as (const char *form, CormConnection *conn, const CormSchema *schema, GError **error)
{
  if (strcmp (form, "table") == 0)
    return app_emit_table (schema);
  if (strcmp (form, "sql") == 0)
    return emit_sql (conn, schema, error);
  if (strcmp (form, "json") == 0)
    return corm_schema_to_json (schema);
  if (strcmp (form, "json-schema") == 0)
    return corm_schema_to_json_schema (schema);
  if (strcmp (form, "c") == 0)
    return app_emit_c (schema);
  if (strcmp (form, "dot") == 0)
    return app_emit_dot (schema);
  if (strcmp (form, "mermaid") == 0)
    return app_emit_mermaid (schema);
  return app_emit_svg (schema, error);
}

/* What a JSON file holds is the models' to say, labels and widths too, of which a database knows less. */
static CormSchema *
read_schema (AppSchema *opened, const char *form, CormConnection *conn, GError **error)
{
  return opened->registry != NULL && strcmp (form, "json-schema") == 0
             ? corm_schema_from_registry (opened->registry)
             : app_schema_read (opened, conn, NULL, error);
}

static AppStatus
run (App *app, GError **error)
{
  static const char *const forms[] = { "table", "sql",     "json", "json-schema", "c",
                                       "dot",   "mermaid", "svg",  NULL };
  const char *form = emit != NULL ? emit : app->json ? "json" : "table";
  const char *argument = app_argument (app, 0, "SCHEMA", error);
  if (argument == NULL)
    return APP_USAGE;
  if (!g_strv_contains (forms, form))
    return app_usage (error, "--emit is table, sql, json, json-schema, c, dot, mermaid or svg, not '%s'",
                      form);
  g_autoptr (AppSchema) opened = app_schema_open (app, argument, error);
  CormConnection *conn = opened == NULL         ? NULL
                         : opened->conn != NULL ? opened->conn
                                                : app_scratch_connection (app, error);
  g_autoptr (CormSchema) schema = conn != NULL ? read_schema (opened, form, conn, error) : NULL;
  gboolean ok = schema != NULL && app_schema_filter (schema, NULL, include, exclude, error);
  g_autofree char *text = ok ? emit_as (form, conn, schema, error) : NULL;
  if (text == NULL)
    return APP_FAILED;
  g_print ("%s%s", text, g_str_has_suffix (text, "\n") ? "" : "\n");
  return APP_DONE;
}

const AppVerb app_verb_inspect = {
  .name = "inspect",
  .arguments = "[SCHEMA]",
  .summary = "Show a schema; write it as SQL, as C models, as a diagram",
  .description =
      "SCHEMA is a database URI, models:LIB.so, file:SCHEMA.sql or file:SNAPSHOT.json. A library of models\n"
      "ends with: CORM_EXPORT_MODELS (&Job_model, &Cluster_model);",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
