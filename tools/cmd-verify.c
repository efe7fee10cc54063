/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm verify SOURCE TARGET: prove that two databases hold the same rows. */
#include "report.h"

static char *tables;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&tables, g_free);
  return entries;
}

static AppStatus
run (App *app, GError **error)
{
  CormDbOptions read_only = { .must_exist = true, .read_only = true };
  g_autoptr (CormDb) source = corm_db_open_full (app->argv[0], NULL, &read_only, error);
  g_autoptr (CormDb) target =
      source != NULL ? corm_db_open_full (app->argv[1], NULL, &read_only, error) : NULL;
  if (target == NULL)
    return APP_FAILED;
  gint64 began = g_get_monotonic_time ();
  AppProgress *progress = app_progress_new (app);
  CormPortOptions verify = { .tables = tables, .progress = app_progress_show, .data = progress };
  g_autoptr (CormPortReport) report = corm_verify (source, target, &verify, error);
  app_progress_free (progress);
  if (report == NULL)
    return APP_FAILED;
  app_print_report (app, report, "verify", (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  return report->equal ? APP_DONE : APP_DIFFERENT;
}

const AppVerb app_verb_verify = {
  .name = "verify",
  .arguments = "SOURCE TARGET",
  .summary = "Prove that two databases hold the same rows",
  .description = "Counts rows and adds up a 128-bit hash of each, on both sides. Where the sums differ, the "
                 "rows are compared\n"
                 "in the order of their keys, and the first 20 keys of a table are named. Exit status 1 on a "
                 "difference.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
