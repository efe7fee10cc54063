/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm verify SOURCE TARGET: prove that two databases hold the same rows. */
#include "report.h"

static char *report_path, *tables, *sample, *keys, *state, *mapping;
static gboolean is_restart;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "sample", 0, 0, G_OPTION_ARG_STRING, &sample, "Compare a part of the rows, always the same one: 1%",
      "P%" },
    { "keys", 0, 0, G_OPTION_ARG_STRING, &keys, "Compare rows with integer keys from M to N alone", "M..N" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &state,
      "Write down in FILE which tables are equal; when it is there, go on behind them", "FILE" },
    { "restart", 0, 0, G_OPTION_ARG_NONE, &is_restart, "Begin --state anew, and read all tables", NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &report_path,
      "Write the report to FILE: a page of HTML, or JSON where its name ends in .json", "FILE" },
    { "mapping", 0, 0, G_OPTION_ARG_FILENAME, &mapping, "The mapping file that the port was given (YAML)",
      "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&tables, g_free);
  g_clear_pointer (&mapping, g_free);
  g_clear_pointer (&report_path, g_free);
  g_clear_pointer (&sample, g_free);
  g_clear_pointer (&keys, g_free);
  g_clear_pointer (&state, g_free);
  is_restart = FALSE;
  return entries;
}

static gboolean
read_sample (CormPortOptions *verify)
{
  char *end = NULL;
  if (sample == NULL)
    return TRUE;
  verify->sample = g_ascii_strtod (sample, &end);
  return end != sample && (*end == '\0' || strcmp (end, "%") == 0) && verify->sample > 0 &&
         verify->sample <= 100;
}

static gboolean
read_keys (CormPortOptions *verify)
{
  if (keys == NULL)
    return TRUE;
  const char *dots = strstr (keys, "..");
  g_autofree char *from = dots != NULL ? g_strndup (keys, (gsize) (dots - keys)) : NULL;
  verify->has_keys = true;
  return dots != NULL &&
         g_ascii_string_to_signed (from, 10, G_MININT64, G_MAXINT64, &verify->key_from, NULL) &&
         g_ascii_string_to_signed (dots + 2, 10, verify->key_from, G_MAXINT64, &verify->key_until, NULL);
}

static AppStatus
run (App *app, GError **error)
{
  CormDbOptions read_only = { .must_exist = true, .read_only = true };
  CormPortOptions verify = {
    .tables = tables, .state = state, .restart = is_restart, .mapping = mapping, .progress = app_progress_show
  };
  if (!read_sample (&verify))
    return app_usage (error, "--sample is a part of the rows: above 0%% up to 100%%");
  if (!read_keys (&verify))
    return app_usage (error, "--keys is a range of integers: 1..1000");
  if (is_restart && state == NULL)
    return app_usage (error, "--restart begins a --state anew; name its file");
  if (!app_check_report (report_path, error))
    return APP_FAILED;
  g_autoptr (CormDb) source = corm_db_open_full (app->argv[0], NULL, &read_only, error);
  g_autoptr (CormDb) target =
      source != NULL ? corm_db_open_full (app->argv[1], NULL, &read_only, error) : NULL;
  if (target == NULL)
    return APP_FAILED;
  gint64 began = g_get_monotonic_time ();
  AppProgress *progress = app_progress_new (app);
  verify.data = progress;
  g_autoptr (CormPortReport) report = corm_verify (source, target, &verify, error);
  app_progress_free (progress);
  if (report == NULL)
    return APP_FAILED;
  double seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_autofree char *title =
      g_strdup_printf ("Comparison of %s and %s", corm_db_get_uri (source), corm_db_get_uri (target));
  app_print_report (app, report, "verify", seconds);
  if (report_path != NULL && !app_write_report (report, "verify", title, seconds, report_path, error)) {
    g_prefix_error (error, "the comparison is done, only its report is missing; ");
    return APP_FAILED;
  }
  return report->equal ? APP_DONE : APP_DIFFERENT;
}

const AppVerb app_verb_verify = {
  .name = "verify",
  .arguments = "SOURCE TARGET",
  .summary = "Prove that two databases hold the same rows",
  .description =
      "Counts rows and adds up a 128-bit hash of each, on both sides at once. Where the sums differ, a few "
      "more passes\nlead to the rows, and 20 keys of a table are named, column by column. Exit status 1 on "
      "a difference.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
