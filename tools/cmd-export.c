/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm export URI FILE: rows into a file. */
#include "exchange.h"

#include <string.h>

static char *as, *models, *tables, *rejects;
static gboolean is_no_schema;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &as, "yaml, json, jsonl or csv; else the name's ending says it",
      "FORM" },
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "models", 0, 0, G_OPTION_ARG_STRING, &models,
      "Types and snapshot from a library of models: the whole file is then the same from every database",
      "LIB.so" },
    { "no-schema", 0, 0, G_OPTION_ARG_NONE, &is_no_schema, "Rows only, without the snapshot of the schema",
      NULL },
    { "rejects", 0, 0, G_OPTION_ARG_FILENAME, &rejects,
      "Write rows that can't be written exactly to FILE (JSON lines) and go on; else the first one stops the "
      "export",
      "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&as, g_free);
  g_clear_pointer (&models, g_free);
  g_clear_pointer (&tables, g_free);
  g_clear_pointer (&rejects, g_free);
  is_no_schema = FALSE;
  return entries;
}

static AppStatus
run (App *app, GError **error)
{
  CormDbOptions read_only = { .must_exist = true, .read_only = true };
  CormExportOptions export = { .tables = tables,
                               .rejects = rejects,
                               .no_schema = is_no_schema,
                               .registry = app->registry,
                               .progress = app_progress_show };
  if (!app_format_parse (as, &export.format, error))
    return APP_USAGE;
  if (models != NULL && (export.registry = app_load_models (app, models, error)) == NULL)
    return APP_FAILED;
  g_autoptr (CormDb) db = corm_db_open_full (app->argv[0], NULL, &read_only, error);
  if (db == NULL)
    return APP_FAILED;
  gint64 began = g_get_monotonic_time ();
  AppProgress *progress = app_progress_new (app);
  export.data = progress;
  g_autoptr (CormExchangeReport) report = corm_export (db, app->argv[1], &export, error);
  app_progress_free (progress);
  if (report == NULL)
    return APP_FAILED;
  if (strcmp (app->argv[1], "-") != 0)
    app_print_exchange (app, report, "export", (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  return APP_DONE;
}

const AppVerb app_verb_export = {
  .name = "export",
  .arguments = "URI FILE",
  .summary = "Write rows to a file: YAML, JSON, JSON lines, a CSV folder",
  .description =
      "The same rows give the same bytes, whatever database they come from. FILE has its name when it "
      "is whole;\n"
      "'-' is standard output (with --as). A name that ends with '/' is a folder of CSV files.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
