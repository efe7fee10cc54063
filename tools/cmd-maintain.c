/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm maintain URI: statistics, room, indexes, the database's own check. */
#include "app.h"

static char *tables;
static gboolean wants_check, wants_analyze, wants_vacuum, wants_reindex;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &wants_check, "Does the database find itself whole?", NULL },
    { "analyze", 0, 0, G_OPTION_ARG_NONE, &wants_analyze, "Statistics for the planner", NULL },
    { "vacuum", 0, 0, G_OPTION_ARG_NONE, &wants_vacuum, "Give back the room of deleted rows", NULL },
    { "reindex", 0, 0, G_OPTION_ARG_NONE, &wants_reindex, "Make the indexes anew", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&tables, g_free);
  wants_check = wants_analyze = wants_vacuum = wants_reindex = FALSE;
  return entries;
}

static const char *
task_name (guint task)
{
  return task == CORM_MAINTAIN_CHECK     ? "check"
         : task == CORM_MAINTAIN_ANALYZE ? "analyze"
         : task == CORM_MAINTAIN_VACUUM  ? "vacuum"
                                         : "reindex";
}

static const char *const outcomes[] = { "done", "damaged", "skipped", "failed" };

static void
print_json (const GPtrArray *steps)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < steps->len; i++) {
    const CormMaintained *step = steps->pdata[i];
    json_builder_begin_object (builder);
    app_json_string (builder, "task", task_name (step->task));
    app_json_string (builder, "table", step->table);
    app_json_string (builder, "outcome", outcomes[step->outcome]);
    app_json_string (builder, "sql", step->sql);
    app_json_string (builder, "words", step->words);
    app_json_int (builder, "us", step->us);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  app_print_json (builder);
}

static void
print_step (const App *app, const CormMaintained *step)
{
  static const char *const colors[] = { APP_GREEN, APP_RED, APP_YELLOW, APP_RED };
  app_print ("%-8s %s%-8s%s %s", task_name (step->task), app_color (app, colors[step->outcome]),
             outcomes[step->outcome], app_color (app, APP_PLAIN),
             step->table != NULL ? step->table : "the database");
  if (step->sql != NULL)
    app_print ("  %s%s, %.1f ms%s", app_color (app, APP_DIM), step->sql, (double) step->us / 1000,
               app_color (app, APP_PLAIN));
  app_print ("\n");
  if (step->words != NULL)
    app_print ("         %s\n", step->words);
}

static AppStatus
status_of (const GPtrArray *steps)
{
  AppStatus status = APP_DONE;
  for (guint i = 0; i < steps->len; i++) {
    const CormMaintained *step = steps->pdata[i];
    if (step->outcome == CORM_MAINTAINED_FAILED)
      return APP_FAILED;
    if (step->outcome == CORM_MAINTAINED_DAMAGED)
      status = APP_DIFFERENT;
  }
  return status;
}

static AppStatus
run (App *app, GError **error)
{
  const char *uri = app_argument (app, 0, "URI", error);
  if (uri == NULL)
    return APP_USAGE;
  CormDbOptions how = { .must_exist = true };
  CormMaintainOptions maintain = { .tables = tables,
                                   .tasks = (wants_check ? CORM_MAINTAIN_CHECK : 0u) |
                                            (wants_analyze ? CORM_MAINTAIN_ANALYZE : 0u) |
                                            (wants_vacuum ? CORM_MAINTAIN_VACUUM : 0u) |
                                            (wants_reindex ? CORM_MAINTAIN_REINDEX : 0u) };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &how, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  g_autoptr (GPtrArray) steps = conn != NULL ? corm_maintain (conn, &maintain, error) : NULL;
  if (steps == NULL)
    return APP_FAILED;
  if (app->json)
    print_json (steps);
  for (guint i = 0; !app->json && i < steps->len; i++)
    print_step (app, steps->pdata[i]);
  return status_of (steps);
}

const AppVerb app_verb_maintain = {
  .name = "maintain",
  .arguments = "URI",
  .summary = "Statistics, room, indexes, the database's own check",
  .description =
      "Without a task: --check --analyze. Status 1 when the check finds damage, 3 when a step failed.",
  .max_arguments = 1,
  .options = options,
  .run = run,
};
