/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm port SOURCE TARGET: move a database. */
#include "report.h"

static char *models, *tables, *rejects;
static gboolean is_schema_only, is_data_only, is_verify;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "models", 0, 0, G_OPTION_ARG_STRING, &models,
      "The target's schema from a library of models, not from the source", "LIB.so" },
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "schema-only", 0, 0, G_OPTION_ARG_NONE, &is_schema_only, "No rows", NULL },
    { "data-only", 0, 0, G_OPTION_ARG_NONE, &is_data_only, "Rows into tables that are there, and empty",
      NULL },
    { "rejects", 0, 0, G_OPTION_ARG_FILENAME, &rejects,
      "Write rows that do not fit to FILE (JSON lines) and go on; else the first one stops the port",
      "FILE" },
    { "verify", 0, 0, G_OPTION_ARG_NONE, &is_verify,
      "Compare both sides row by row before the copy is committed", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&models, g_free);
  g_clear_pointer (&tables, g_free);
  g_clear_pointer (&rejects, g_free);
  is_schema_only = is_data_only = is_verify = FALSE;
  return entries;
}

static AppStatus
run (App *app, GError **error)
{
  CormDbOptions read_only = { .must_exist = true, .read_only = true };
  CormPortOptions port = {
    .tables = tables,
    .rejects = rejects,
    .schema_only = is_schema_only,
    .data_only = is_data_only,
    .verify = is_verify,
    .progress = app_progress_show,
  };
  if (is_schema_only && is_data_only)
    return app_usage (error, "--schema-only and --data-only exclude each other");
  if (models != NULL && (port.registry = app_load_models (app, models, error)) == NULL)
    return APP_FAILED;
  g_autoptr (CormDb) source = corm_db_open_full (app->argv[0], NULL, &read_only, error);
  g_autoptr (CormDb) target = source != NULL ? corm_db_open (app->argv[1], NULL, error) : NULL;
  if (target == NULL)
    return APP_FAILED;
  gint64 began = g_get_monotonic_time ();
  AppProgress *progress = app_progress_new (app);
  port.data = progress;
  g_autoptr (CormPortReport) report = corm_port (source, target, &port, error);
  app_progress_free (progress);
  if (report == NULL) {
    g_prefix_error (error, "nothing was changed in the target: ");
    return APP_FAILED;
  }
  app_print_report (app, report, "port", (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  if (!is_verify || is_schema_only || report->equal)
    return APP_DONE;
  g_printerr ("corm: the copy was not equal and was undone; the target is as before\n");
  return APP_DIFFERENT;
}

const AppVerb app_verb_port = {
  .name = "port",
  .arguments = "SOURCE TARGET",
  .summary = "Move a database: schema, rows, keys, indexes",
  .description = "All of it is one transaction of the target: when anything stops it, the target is as "
                 "before. A value that\n"
                 "does not fit is named with its table, key, column and reason; nothing is cut or made NULL.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
