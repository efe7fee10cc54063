/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The way to a set of migrations and to the database that they are for. */
#include "migrations.h"

#include <corm/sys/text.h>

AppMigrations app_migrations;

void
app_migrations_clear (void)
{
  g_free (app_migrations.dir);
  g_free (app_migrations.emit);
  g_free (app_migrations.transaction);
  app_migrations = (AppMigrations){ 0 };
}

AppStatus
app_migrations_fail (void)
{
  return app_migrations.is_usage ? APP_USAGE : APP_FAILED;
}

static void
free_set (gpointer set)
{
  corm_migrations_free (set);
}

CormMigrations *
app_migrations_open (App *app, GError **error)
{
  if (app_migrations.dir == NULL && app->migrations != NULL)
    return app->migrations;
  if (app_migrations.dir == NULL) {
    app_migrations.is_usage = TRUE;
    app_usage (error, "--dir DIR is missing: the folder of the migrations");
    return NULL;
  }
  CormMigrations *set = corm_migrations_open_folder (app_migrations.dir, error);
  if (set != NULL)
    app_keep (app, set, free_set);
  return set;
}

/* A target is never a URI, also not FROM:TO. */
static gboolean
is_target (const char *word)
{
  return g_str_has_prefix (word, "base:") || g_str_has_prefix (word, "head:") ||
         !g_regex_match_simple ("^[a-z]+:", word, 0, 0);
}

void
app_migrations_add_uri (App *app)
{
  if (app->argc == 0 || !is_target (app->argv[0]))
    return;
  app->argc++;
  app->argv--;
  app->argv[0] = (char *) g_getenv ("CORM_DATABASE_URL");
}

CormDb *
app_migrations_open_db (App *app, gboolean may_make, GError **error)
{
  app_migrations_add_uri (app);
  const char *uri = app->argc > 0 ? app->argv[0] : app_argument (app, 0, "URI", error);
  const CormDbOptions options = { .must_exist = !may_make };
  app_migrations.is_usage = uri == NULL;
  if (uri == NULL && (error == NULL || *error == NULL))
    app_usage (error, "URI is missing; give it, or set CORM_DATABASE_URL");
  if (uri != NULL && may_make && app_migrations.dry_run)
    return app_open_unchanged (uri, &options, error);
  return uri != NULL ? corm_db_open_full (uri, NULL, &options, error) : NULL;
}

gboolean
app_migrations_options (G_GNUC_UNUSED App *app, CormMigrationOptions *options, GError **error)
{
  static const char *const modes[] = { "each", "run", "none" };
  const char *mode = app_migrations.transaction != NULL ? app_migrations.transaction : "each";
  *options = (CormMigrationOptions){ .mode = G_N_ELEMENTS (modes),
                                     .dry_run = app_migrations.dry_run,
                                     .accept_edited = app_migrations.accept,
                                     .allow_late = app_migrations.allow_late,
                                     .allow_unknown = app_migrations.allow_unknown };
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_str_equal (mode, modes[i]))
      options->mode = i;
  if (options->mode == G_N_ELEMENTS (modes))
    app_usage (error, "--transaction is each, run or none, not '%s'", mode);
  return options->mode != G_N_ELEMENTS (modes);
}

const char *
app_migrations_state_name (const CormMigrationInfo *info)
{
  static const char *const names[] = { "pending", "applied", "half applied", "edited", "late", "unknown" };
  return info->state == CORM_MIGRATION_HALF && info->is_undoing ? "half undone" : names[info->state];
}

char *
app_migrations_time (gint64 us)
{
  char text[CORM_TEXT_MAX];
  if (us == 0)
    return NULL;
  corm_text_from_timestamp (us - us % G_USEC_PER_SEC, ' ', NULL, text);
  return g_strdup (text);
}

void
app_migrations_json (JsonBuilder *builder, const CormMigrationInfo *info)
{
  g_autofree char *time = app_migrations_time (info->applied_at);
  json_builder_begin_object (builder);
  app_json_string (builder, "version", info->version);
  app_json_string (builder, "name", info->name);
  app_json_string (builder, "state", app_migrations_state_name (info));
  app_json_string (builder, "file", info->file);
  app_json_string (builder, "after", info->after);
  app_json_string (builder, "checksum", info->checksum);
  app_json_bool (builder, "has_down", info->has_down);
  app_json_string (builder, "applied_at", time);
  json_builder_set_member_name (builder, "duration_ms");
  if (info->duration_ms >= 0)
    json_builder_add_int_value (builder, info->duration_ms);
  else
    json_builder_add_null_value (builder);
  if (info->state == CORM_MIGRATION_HALF) {
    app_json_int (builder, "statements_done", info->statement);
    app_json_bool (builder, "in_doubt", info->is_in_doubt);
  }
  json_builder_end_object (builder);
}
