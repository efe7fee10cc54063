/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm upgrade|downgrade URI --dir D [TARGET]: bring a database to a version. */
#include "migrations.h"

#include <string.h>
#include <unistd.h>

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    APP_MIGRATIONS_DIR,
    { "emit", 0, 0, G_OPTION_ARG_STRING, &app_migrations.emit,
      "sql: a script for the database's own client; TARGET is FROM:TO, and the database is not opened",
      "FORM" },
    { "dry-run", 'n', 0, G_OPTION_ARG_NONE, &app_migrations.dry_run,
      "Show what would run; status 1 when there is something", NULL },
    { "transaction", 0, 0, G_OPTION_ARG_STRING, &app_migrations.transaction,
      "each (default): one for each migration; run: one for all; none", "MODE" },
    APP_MIGRATIONS_ALLOW,
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  app_migrations_clear ();
  return entries;
}

typedef struct {
  const App *app;
  JsonBuilder *builder;
  guint n_done, n_statements;
  gint64 shown;
} Run;

/* A line for each statement of a dry run; else a sign of life. */
static void
show_statement (Run *run, const CormMigrationProgress *progress)
{
  gint64 now = g_get_monotonic_time ();
  gboolean terminal = isatty (STDERR_FILENO);
  if (progress->is_skipped)
    app_say ("%s %s: statement %u had run before the cut: not run again\n", progress->version, progress->name,
             progress->statement);
  if (app_migrations.dry_run && !run->app->json)
    g_print ("%s;\n", progress->sql != NULL ? progress->sql : "-- a function of the program");
  if (run->app->quiet || app_migrations.dry_run || (!terminal && now - run->shown < G_USEC_PER_SEC))
    return;
  run->shown = now;
  app_say ("%s%u of %u, %s %s: statement %u of %u%s", terminal ? APP_CLEAR : "", progress->number,
           progress->total, progress->version, progress->name, progress->statement, progress->n_statements,
           terminal ? "" : "\n");
}

static void
show (const CormMigrationProgress *progress, gpointer data)
{
  Run *run = data;
  if (progress->statement > 0) {
    run->n_statements++;
    show_statement (run, progress);
    return;
  }
  run->n_done++;
  if (!run->app->quiet && isatty (STDERR_FILENO))
    g_printerr ("\r\033[K");
  if (!run->app->json)
    app_print ("%s%s %s%s %s\n", app_color (run->app, APP_GREEN), progress->is_down ? "down" : "up",
               progress->version, app_color (run->app, APP_PLAIN), progress->name);
  json_builder_begin_object (run->builder);
  app_json_string (run->builder, "version", progress->version);
  app_json_string (run->builder, "name", progress->name);
  app_json_int (run->builder, "statements", run->n_statements);
  json_builder_end_object (run->builder);
  run->n_statements = 0;
}

static void
print_sum (const App *app, const Run *run, const char *verb)
{
  const char *would = app_migrations.dry_run ? "would be " : "";
  if (!app->json && run->n_done == 0)
    g_print ("nothing to do\n");
  else if (!app->json)
    g_print ("%u %s %s%s\n", run->n_done, run->n_done == 1 ? "migration" : "migrations", would,
             strcmp (verb, "upgrade") == 0 ? "applied" : "taken back");
}

static AppStatus
run_live (App *app, CormMigrations *set, const char *verb, GError **error)
{
  CormMigrationOptions run_options;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  Run run = { .app = app, .builder = builder, .shown = g_get_monotonic_time () };
  gboolean up = strcmp (verb, "upgrade") == 0;
  g_autoptr (CormDb) db = app_migrations_open_db (app, up, error);
  if (db == NULL || !app_migrations_options (app, &run_options, error))
    return db == NULL ? app_migrations_fail () : APP_USAGE;
  const char *target = app->argc > 1 ? app->argv[1] : up ? "head" : NULL;
  if (target == NULL)
    return app_usage (error, "downgrade wants a TARGET: a version, -1, base");
  run_options.on_progress = show;
  run_options.data = &run;
  json_builder_begin_object (builder);
  app_json_string (builder, "verb", verb);
  app_json_bool (builder, "dry_run", app_migrations.dry_run);
  json_builder_set_member_name (builder, "migrations");
  json_builder_begin_array (builder);
  if (up ? !corm_migrations_upgrade (set, db, target, &run_options, error)
         : !corm_migrations_downgrade (set, db, target, &run_options, error))
    return APP_FAILED;
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (app->json)
    app_print_json (builder);
  print_sum (app, &run, verb);
  return app_migrations.dry_run && run.n_done > 0 ? APP_DIFFERENT : APP_DONE;
}

/* TARGET is FROM:TO, or TO, from where a database without any, or with all, stands. */
static AppStatus
run_offline (App *app, CormMigrations *set, const char *verb, GError **error)
{
  gboolean up = strcmp (verb, "upgrade") == 0;
  app_migrations_add_uri (app);
  const char *uri = app->argc > 0 ? app->argv[0] : app_argument (app, 0, "URI", NULL);
  if (uri == NULL)
    return app_usage (error, "URI is missing; give it, or set CORM_DATABASE_URL");
  if (strcmp (app_migrations.emit, "sql") != 0)
    return app_usage (error, "--emit is sql, not '%s'", app_migrations.emit);
  const char *target = app->argc > 1 ? app->argv[1] : up ? "head" : "base";
  g_auto (GStrv) ends = g_strsplit (target, ":", 2);
  const char *from = ends[0] != NULL && ends[1] != NULL ? ends[0] : up ? "base" : "head";
  const char *to = ends[0] != NULL && ends[1] != NULL ? ends[1] : target;
  g_autofree char *sql = corm_migrations_to_sql (set, uri, from, to, error);
  if (sql == NULL)
    return APP_FAILED;
  g_print ("%s", sql);
  return APP_DONE;
}

static AppStatus
run (App *app, const char *verb, GError **error)
{
  CormMigrations *set = app_migrations_open (app, error);
  if (set == NULL)
    return app_migrations_fail ();
  return app_migrations.emit != NULL ? run_offline (app, set, verb, error) : run_live (app, set, verb, error);
}

static AppStatus
run_upgrade (App *app, GError **error)
{
  return run (app, "upgrade", error);
}

static AppStatus
run_downgrade (App *app, GError **error)
{
  return run (app, "downgrade", error);
}

#define TARGETS \
  "TARGET is a version or the beginning of one, head, base, +N or -N. Where the database has transactions " \
  "for it,\n" \
  "each migration is done wholly or not at all; else the history says which statement was reached, and the " \
  "next\n" \
  "run goes on from there."

const AppVerb app_verb_upgrade = {
  .name = "upgrade",
  .arguments = "[URI] --dir DIR [TARGET]",
  .summary = "Run the migrations that a database lacks",
  .description = TARGETS,
  .max_arguments = 2,
  .options = options,
  .run = run_upgrade,
};

const AppVerb app_verb_downgrade = {
  .name = "downgrade",
  .arguments = "[URI] --dir DIR TARGET",
  .summary = "Take migrations back, newest first",
  .description = TARGETS,
  .max_arguments = 2,
  .options = options,
  .run = run_downgrade,
};
