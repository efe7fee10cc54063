/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm port SOURCE TARGET: move a database. */
#include "report.h"

#define MOST_JOBS 64
#define NOT_GIVEN G_MININT64

static char *models, *tables, *rejects, *report_path, *mapping;
static gboolean is_schema_only, is_data_only, is_verify, is_resume, is_restart, is_append, is_truncate;
static gboolean is_plan;
static int jobs;
static gint64 batch, max_rejects;

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
    { "append", 0, 0, G_OPTION_ARG_NONE, &is_append, "Rows into tables that are there and may hold some",
      NULL },
    { "truncate", 0, 0, G_OPTION_ARG_NONE, &is_truncate, "Rows into tables that are there, emptied first",
      NULL },
    { "plan", 0, 0, G_OPTION_ARG_NONE, &is_plan,
      "Only show what each column becomes and why, and what does not fit or can't be moved", NULL },
    { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &mapping,
      "Types and conversions of tables and columns, other than Corm would choose (YAML)", "FILE" },
    { "jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Connections that work side by side (default 1)", "N" },
    { "batch", 0, 0, G_OPTION_ARG_INT64, &batch, "Rows of one commit (default 200000)", "N" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &is_resume, "Go on with a port that was stopped", NULL },
    { "restart", 0, 0, G_OPTION_ARG_NONE, &is_restart,
      "Drop what a port that was stopped has made, and begin anew", NULL },
    { "rejects", 0, 0, G_OPTION_ARG_FILENAME, &rejects,
      "Write rows that do not fit, or whose key is taken, to FILE (JSON lines) and go on; else the first one "
      "stops",
      "FILE" },
    { "max-rejects", 0, 0, G_OPTION_ARG_INT64, &max_rejects, "More of them than N stop the port", "N" },
    { "verify", 0, 0, G_OPTION_ARG_NONE, &is_verify,
      "Compare both sides row by row before the copy is committed", NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &report_path,
      "Write the report to FILE: a page of HTML, or JSON where its name ends in .json", "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&models, g_free);
  g_clear_pointer (&tables, g_free);
  g_clear_pointer (&report_path, g_free);
  g_clear_pointer (&rejects, g_free);
  g_clear_pointer (&mapping, g_free);
  is_plan = FALSE;
  is_schema_only = is_data_only = is_verify = is_resume = is_restart = is_append = is_truncate = FALSE;
  jobs = 1;
  batch = max_rejects = NOT_GIVEN;
  return entries;
}

/* A plan makes no file. */
static CormDb *
open_target (const char *uri, GError **error)
{
  static const CormDbOptions plain = { 0 };
  return is_plan ? app_open_unchanged (uri, &plain, error) : corm_db_open (uri, NULL, error);
}

static AppStatus
tell (App *app, const CormPortReport *report, const char *title, double seconds, GError **error)
{
  gboolean undone = !is_plan && is_verify && !is_schema_only && !report->equal, misfits = FALSE;
  if (is_plan)
    misfits = app_print_plan (app, report);
  else
    app_print_report (app, report, "port", seconds);
  if (undone)
    g_printerr ("%s: the copy was not equal and was undone; the target is as before\n", app_get_name ());
  if (report_path != NULL && !app_write_report (report, "port", title, seconds, report_path, error)) {
    g_prefix_error (error, "%s; ",
                    is_plan  ? "nothing was changed in the target"
                    : undone ? "the port was undone"
                             : "the port is done, only its report is missing");
    return APP_FAILED;
  }
  return undone || misfits ? APP_DIFFERENT : APP_DONE;
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
    .resume = is_resume,
    .restart = is_restart,
    .append = is_append,
    .truncate = is_truncate,
    .plan_only = is_plan,
    .mapping = mapping,
    .jobs = (guint) MAX (1, jobs),
    .batch = (guint64) MAX (0, batch),
    .max_rejects = (guint64) MAX (0, max_rejects),
    .progress = app_progress_show,
  };
  if (is_schema_only && (is_data_only || is_append || is_truncate))
    return app_usage (error, "--schema-only moves no rows: --data-only, --append and --truncate exclude it");
  if (jobs < 1 || jobs > MOST_JOBS)
    return app_usage (error, "--jobs is a number from 1 to 64");
  if ((batch < 1 && batch != NOT_GIVEN) || (max_rejects < 1 && max_rejects != NOT_GIVEN))
    return app_usage (error,
                      "--batch and --max-rejects are numbers of rows, 1 at least; without --rejects no row "
                      "is rejected");
  if (!app_check_report (report_path, error))
    return APP_FAILED;
  if (models != NULL && (port.registry = app_load_models (app, models, error)) == NULL)
    return APP_FAILED;
  g_autoptr (CormDb) source = corm_db_open_full (app->argv[0], NULL, &read_only, error);
  g_autoptr (CormDb) target = source != NULL ? open_target (app->argv[1], error) : NULL;
  if (target == NULL)
    return APP_FAILED;
  gint64 began = g_get_monotonic_time ();
  AppProgress *progress = app_progress_new (app);
  port.data = progress;
  g_autoptr (CormPortReport) report = corm_port (source, target, &port, error);
  app_progress_free (progress);
  if (report == NULL)
    return APP_FAILED;
  double seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_autofree char *title =
      is_plan ? g_strdup_printf ("Plan of a port of %s", corm_db_get_uri (source))
              : g_strdup_printf ("Port of %s to %s", corm_db_get_uri (source), corm_db_get_uri (target));
  return tell (app, report, title, seconds, error);
}

const AppVerb app_verb_port = {
  .name = "port",
  .arguments = "SOURCE TARGET",
  .summary = "Move a database: schema, rows, keys, indexes",
  .description =
      "A value that does not fit is named with its table, key, column and reason, and stops the port: the "
      "target is as\nbefore. Nothing is cut or made NULL. A port that was killed is taken up with --resume.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
