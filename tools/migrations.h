/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the verbs of versioned migrations share. */
#pragma once

#include "app.h"

/* Values of the options; a verb's options () lists those that it has, after app_migrations_clear(). */
typedef struct {
  char *dir, *emit;
  gboolean dry_run, accept, allow_late, allow_unknown;
  char *transaction; /* each, run, none */
  gboolean is_usage; /* what failed was the command line */
} AppMigrations;
extern AppMigrations app_migrations;
void app_migrations_clear (void);

#define APP_MIGRATIONS_DIR \
  { \
    "dir", 'd', 0, G_OPTION_ARG_FILENAME, &app_migrations.dir, "The folder of the migrations", "DIR" \
  }
#define APP_MIGRATIONS_ALLOW \
  { "accept", \
    0, \
    0, \
    G_OPTION_ARG_NONE, \
    &app_migrations.accept, \
    "Take applied migrations that were edited as they are now", \
    NULL }, \
      { "allow-late", \
        0, \
        0, \
        G_OPTION_ARG_NONE, \
        &app_migrations.allow_late, \
        "Run those that stand before one that is applied", \
        NULL }, \
  { \
    "allow-unknown", 0, 0, G_OPTION_ARG_NONE, &app_migrations.allow_unknown, \
        "Work on a database that has migrations without a file", NULL \
  }

/* The status for a failure in what follows. */
AppStatus app_migrations_fail (void);
/* Those of --dir, or of the program; freed by the app. */
CormMigrations *app_migrations_open (App *app, GError **error);
/* The database that argument 0 names; it must exist unless @may_make. */
/* Puts $CORM_DATABASE_URL, or NULL, in front of the arguments, where they begin with a target. */
void app_migrations_add_uri (App *app);
CormDb *app_migrations_open_db (App *app, gboolean may_make, GError **error);
/* From the options. @progress: is shown. */
gboolean app_migrations_options (App *app, CormMigrationOptions *options, GError **error);
const char *app_migrations_state_name (const CormMigrationInfo *info);
/* "2026-01-02 03:04:05", or NULL; free with g_free(). */
char *app_migrations_time (gint64 us);
void app_migrations_json (JsonBuilder *builder, const CormMigrationInfo *info);

/* --- revision.c: files of migrations -------------------------------------------------------------------------------- */

/* The version behind the last one of @list: one more, with as many digits; the time where they are times. */
char *app_revision_next (const GPtrArray *list, gboolean timestamp);
/* "Add jobs!" as "add_jobs"; from a plan, what its first operation does. Free with g_free(). */
char *app_revision_slug (const char *text);
char *app_revision_name (const CormPlan *plan);
/* The file's text; @plan NULL: nothing but marks; @after NULL: it is the first; @head: lines of comment, or NULL. */
char *app_revision_text (const CormPlan *plan, const char *after, const char *head, gboolean with_down);
/* Writes DIR/VERSION_NAME.sql, which must not be there, and says its path; free with g_free(). */
char *app_revision_write (const char *dir, const char *version, const char *name, const char *text,
                          GError **error);
