/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm current, history, status: where a database stands. corm stamp: says it by hand. */
#include "migrations.h"

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = { APP_MIGRATIONS_DIR, { NULL, 0, 0, 0, NULL, NULL, NULL } };
  app_migrations_clear ();
  return entries;
}

static GPtrArray *
list (App *app, GError **error)
{
  CormMigrations *set = app_migrations_open (app, error);
  g_autoptr (CormDb) db = set != NULL ? app_migrations_open_db (app, FALSE, error) : NULL;
  return db != NULL ? corm_migrations_list (set, db, error) : NULL;
}

static gboolean
is_pending (const CormMigrationInfo *info)
{
  return info->state == CORM_MIGRATION_PENDING || info->state == CORM_MIGRATION_LATE;
}

static void
print_line (const App *app, const CormMigrationInfo *info)
{
  static const char *const colors[] = { APP_YELLOW, APP_GREEN, APP_RED, APP_RED, APP_RED, APP_RED };
  g_autofree char *time = app_migrations_time (info->applied_at);
  g_autofree char *half = info->state == CORM_MIGRATION_HALF
                              ? g_strdup_printf (", %u statements done%s", info->statement,
                                                 info->is_in_doubt ? ", the next in doubt" : "")
                              : NULL;
  app_print ("%s %s%s%s%s%s%s%s %s\n", info->version, app_color (app, colors[info->state]),
             app_migrations_state_name (info), half != NULL ? half : "", app_color (app, APP_PLAIN),
             time != NULL ? " " : "", time != NULL ? time : "",
             info->has_down || is_pending (info) || info->state == CORM_MIGRATION_UNKNOWN ? ""
                                                                                          : ", no way back",
             info->name);
}

static void
print_list (const App *app, const char *name, const GPtrArray *infos,
            gboolean (*wanted) (const CormMigrationInfo *))
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < infos->len; i++) {
    const CormMigrationInfo *info = infos->pdata[i];
    if (wanted != NULL && !wanted (info))
      continue;
    if (app->json)
      app_migrations_json (builder, info);
    else
      print_line (app, info);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (app->json)
    app_print_json (builder);
}

/* --- current ----------------------------------------------------------------------------------------------------- */

static AppStatus
run_current (App *app, GError **error)
{
  g_autoptr (GPtrArray) infos = list (app, error);
  const CormMigrationInfo *newest = NULL;
  guint n_pending = 0;
  if (infos == NULL)
    return app_migrations_fail ();
  for (guint i = 0; i < infos->len; i++) {
    const CormMigrationInfo *info = infos->pdata[i];
    n_pending += is_pending (info);
    newest = is_pending (info) ? newest : info;
  }
  if (app->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    app_json_string (builder, "version", newest != NULL ? newest->version : NULL);
    app_json_string (builder, "name", newest != NULL ? newest->name : NULL);
    app_json_string (builder, "state", newest != NULL ? app_migrations_state_name (newest) : NULL);
    app_json_int (builder, "pending", n_pending);
    json_builder_end_object (builder);
    app_print_json (builder);
  } else if (newest == NULL)
    app_print ("base: no migration is applied, %u pending\n", n_pending);
  else
    app_print ("%s %s%s%s, %u pending\n", newest->version, newest->name,
               newest->state == CORM_MIGRATION_APPLIED ? "" : ", ",
               newest->state == CORM_MIGRATION_APPLIED ? "" : app_migrations_state_name (newest), n_pending);
  return APP_DONE;
}

/* --- history, status --------------------------------------------------------------------------------------------- */

static gboolean
is_applied (const CormMigrationInfo *info)
{
  return !is_pending (info);
}

static AppStatus
run_history (App *app, GError **error)
{
  g_autoptr (GPtrArray) infos = list (app, error);
  if (infos == NULL)
    return app_migrations_fail ();
  print_list (app, "history", infos, is_applied);
  return APP_DONE;
}

static AppStatus
run_status (App *app, GError **error)
{
  g_autoptr (GPtrArray) infos = list (app, error);
  gboolean all = TRUE;
  if (infos == NULL)
    return app_migrations_fail ();
  for (guint i = 0; i < infos->len; i++)
    all = all && ((const CormMigrationInfo *) infos->pdata[i])->state == CORM_MIGRATION_APPLIED;
  print_list (app, "migrations", infos, NULL);
  return all ? APP_DONE : APP_DIFFERENT;
}

/* --- stamp ------------------------------------------------------------------------------------------------------- */

static gboolean from_history;

static const GOptionEntry *
stamp_options (void)
{
  static const GOptionEntry entries[] = {
    APP_MIGRATIONS_DIR,
    { "from-history", 0, 0, G_OPTION_ARG_NONE, &from_history,
      "To where the history of golang-migrate, goose, dbmate, Flyway or Alembic says", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  app_migrations_clear ();
  from_history = FALSE;
  return entries;
}

static AppStatus
run_stamp (App *app, GError **error)
{
  CormMigrations *set = app_migrations_open (app, error);
  g_autoptr (CormDb) db = set != NULL ? app_migrations_open_db (app, FALSE, error) : NULL;
  if (db == NULL)
    return app_migrations_fail ();
  const char *target = app->argc > 1 ? app->argv[1] : NULL;
  if ((target == NULL) != from_history)
    return app_usage (error, "stamp wants a TARGET, or --from-history");
  if (!corm_migrations_stamp (set, db, target, NULL, error))
    return APP_FAILED;
  g_autoptr (GPtrArray) infos = corm_migrations_list (set, db, error);
  if (infos == NULL)
    return APP_FAILED;
  print_list (app, "history", infos, is_applied);
  return APP_DONE;
}

const AppVerb app_verb_current = {
  .name = "current",
  .arguments = "[URI] --dir DIR",
  .summary = "The newest migration that a database has",
  .max_arguments = 1,
  .options = options,
  .run = run_current,
};

const AppVerb app_verb_history = {
  .name = "history",
  .arguments = "[URI] --dir DIR",
  .summary = "The migrations that a database has",
  .max_arguments = 1,
  .options = options,
  .run = run_history,
};

const AppVerb app_verb_status = {
  .name = "status",
  .arguments = "[URI] --dir DIR",
  .summary = "All migrations, applied or not; status 1 unless all are",
  .max_arguments = 1,
  .options = options,
  .run = run_status,
};

const AppVerb app_verb_stamp = {
  .name = "stamp",
  .arguments = "[URI] --dir DIR TARGET",
  .summary = "Write the history as if a database had been brought to a version",
  .description = "Runs nothing. TARGET is a version or the beginning of one, head, base, +N or -N;\n"
                 "VERSION:N says of a migration that was cut off that N of its statements are done.",
  .max_arguments = 2,
  .options = stamp_options,
  .run = run_stamp,
};
