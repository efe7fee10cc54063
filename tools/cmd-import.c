/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm import URI FILE: rows out of a file. Every fault is a line on stderr; with --format json a JSON line. */
#include "exchange.h"

#include <string.h>

static char *as, *models, *tables, *rejects, *on_conflict;
static gboolean is_create, is_dry_run;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "as", 0, 0, G_OPTION_ARG_STRING, &as, "yaml, json, jsonl or csv; else the name's ending says it",
      "FORM" },
    { "tables", 0, 0, G_OPTION_ARG_STRING, &tables,
      "Only these: globs, comma between, '!' before one to leave out", "GLOB" },
    { "models", 0, 0, G_OPTION_ARG_STRING, &models, "Check the rows against a library of models", "LIB.so" },
    { "on-conflict", 0, 0, G_OPTION_ARG_STRING, &on_conflict,
      "What to do with a row whose key is taken: refuse (default) or upsert", "WHAT" },
    { "create", 0, 0, G_OPTION_ARG_NONE, &is_create,
      "Make the tables that are missing, from the models or else the file's snapshot", NULL },
    { "rejects", 0, 0, G_OPTION_ARG_FILENAME, &rejects,
      "Write what does not fit to FILE (JSON lines) and import the rest; else nothing is imported", "FILE" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &is_dry_run, "Read and check the file, and change nothing", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&as, g_free);
  g_clear_pointer (&models, g_free);
  g_clear_pointer (&tables, g_free);
  g_clear_pointer (&rejects, g_free);
  g_clear_pointer (&on_conflict, g_free);
  is_create = is_dry_run = FALSE;
  return entries;
}

typedef struct {
  App *app;
  AppProgress *progress;
  guint64 n_told;
} Import;

static void
on_progress (const CormProgress *state, gpointer data)
{
  app_progress_show (state, ((Import *) data)->progress);
}

static void
on_fault (const CormFault *fault, gpointer data)
{
  Import *import = data;
  import->n_told++;
  app_say ("%s", fault->file);
  if (fault->line > 0)
    app_say (":%" G_GUINT64_FORMAT, fault->line);
  app_say (": %s%s%s%s%s: ", fault->table, *fault->key != '\0' ? ", " : "", fault->key,
           fault->column != NULL ? ", column " : "", fault->column != NULL ? fault->column : "");
  if (fault->value != NULL)
    app_say ("'%.100s': ", fault->value);
  app_say ("%s\n", fault->reason);
}

static gboolean
parse_conflict (CormConflict *conflict, GError **error)
{
  *conflict = g_strcmp0 (on_conflict, "upsert") == 0 ? CORM_CONFLICT_UPSERT : CORM_CONFLICT_REFUSE;
  if (on_conflict == NULL || *conflict == CORM_CONFLICT_UPSERT || strcmp (on_conflict, "refuse") == 0)
    return TRUE;
  app_usage (error, "--on-conflict is refuse or upsert, not '%s'", on_conflict);
  return FALSE;
}

static AppStatus
run (App *app, GError **error)
{
  CormDbOptions db_options = { .must_exist = !is_create };
  Import import = { .app = app };
  CormImportOptions import_options = { .tables = tables,
                                       .create = is_create,
                                       .dry_run = is_dry_run,
                                       .rejects = rejects,
                                       .registry = app->registry,
                                       .on_fault = on_fault,
                                       .progress = on_progress,
                                       .data = &import };
  if (!app_format_parse (as, &import_options.format, error) ||
      !parse_conflict (&import_options.on_conflict, error))
    return APP_USAGE;
  if (models != NULL && (import_options.registry = app_load_models (app, models, error)) == NULL)
    return APP_FAILED;
  g_autoptr (CormDb) db = corm_db_open_full (app->argv[0], NULL, &db_options, error);
  if (db == NULL)
    return APP_FAILED;
  gint64 began = g_get_monotonic_time ();
  import.progress = app_progress_new (app);
  g_autoptr (CormExchangeReport) report = corm_import (db, app->argv[1], &import_options, error);
  app_progress_free (import.progress);
  if (report == NULL)
    return APP_FAILED;
  app_print_exchange (app, report, is_dry_run ? "dry-run" : "import",
                      (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC);
  return APP_DONE;
}

const AppVerb app_verb_import = {
  .name = "import",
  .arguments = "URI FILE",
  .summary = "Read rows from a file that export wrote, or one of that form",
  .description =
      "The whole file is read and checked first, and every value that does not fit is named with its "
      "place. Then all\n"
      "rows go in within one transaction: when anything stops it, the database is as before.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run,
};
