/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm backup URI FILE and corm restore URI FILE. */
#include "app.h"

#include <string.h>
#include <unistd.h>

static gboolean force, dry_run;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Write over what is there", NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "Print the command and do nothing", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  force = dry_run = FALSE;
  return entries;
}

/* Pages, on a terminal. */
static void
show_progress (gint64 done, gint64 total, G_GNUC_UNUSED gpointer data)
{
  if (total > 0 && isatty (STDERR_FILENO))
    g_printerr ("\r%3d %% of %" G_GINT64_FORMAT " pages%s", (int) (100 * done / total), total,
                done == total ? "\n" : "");
}

/* A copy of half a port is a copy all the same, and says so as the database does. What can't be asked, the copy itself
 * will tell of. */
static char *
find_unfinished (const char *uri)
{
  char *says = NULL;
  CormDbOptions read_only = { .must_exist = true, .read_only = true };
  g_autoptr (CormDb) db = corm_db_open_full (uri, NULL, &read_only, NULL);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, NULL) : NULL;
  return conn != NULL && corm_port_find_unfinished (conn, &says, NULL) ? says : NULL;
}

typedef char *(*CopyFunc) (const char *uri, const char *file, const CormBackupOptions *options,
                           GError **error);

static AppStatus
copy (App *app, CopyFunc function, const char *done, GError **error)
{
  CormBackupOptions how = { .force = force,
                            .dry_run = dry_run,
                            .progress = app->quiet ? NULL : show_progress };
  gint64 began = g_get_monotonic_time ();
  g_autofree char *command = function (app->argv[0], app->argv[1], &how, error);
  double seconds = (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  if (command == NULL)
    return APP_FAILED;
  g_autofree char *unfinished = dry_run ? NULL : find_unfinished (app->argv[0]);
  if (unfinished != NULL)
    g_printerr ("%s: not a whole database: it holds %s\n", app_get_name (), unfinished);
  if (app->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    app_json_string (builder, "command", command);
    app_json_bool (builder, "done", !dry_run);
    app_json_string (builder, "file", app->argv[1]);
    app_json_string (builder, "unfinished_port", unfinished);
    json_builder_end_object (builder);
    app_print_json (builder);
    return APP_DONE;
  }
  g_print ("%s\n", command);
  if (!dry_run)
    g_print ("%s%s%s, %.1f s\n", app_color (app, APP_GREEN), done, app_color (app, APP_PLAIN), seconds);
  return APP_DONE;
}

static AppStatus
run_backup (App *app, GError **error)
{
  return copy (app, corm_backup, "copied and on the disk", error);
}

static AppStatus
run_restore (App *app, GError **error)
{
  return copy (app, corm_restore, "restored", error);
}

const AppVerb app_verb_backup = {
  .name = "backup",
  .arguments = "URI FILE",
  .summary = "Copy a database to a file, while it is in use",
  .description = "SQLite by its online backup, PostgreSQL by pg_dump, MariaDB by mariadb-dump.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run_backup,
};

const AppVerb app_verb_restore = {
  .name = "restore",
  .arguments = "URI FILE",
  .summary = "Bring a database back from the file that backup wrote",
  .description = "The database has to be empty, of SQLite not to be there, unless --force says otherwise.",
  .min_arguments = 2,
  .max_arguments = 2,
  .options = options,
  .run = run_restore,
};
