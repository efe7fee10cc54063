/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the verbs of the command share: the options that all have, the way to a database and to a schema, output.
 * stdout carries results, stderr progress and errors. */
#pragma once

#include <corm/corm.h>
#include <json-glib/json-glib.h>

typedef enum { APP_DONE, APP_DIFFERENT, APP_USAGE, APP_FAILED } AppStatus;

typedef struct {
  const char *program;
  CormRegistry *registry; /* of corm_main(), NULL: none */
  CormMigrations *migrations;
  gboolean json;
  gboolean quiet;
  gboolean no_color;
  int argc; /* what the verb's options left: its arguments */
  char **argv;
  GPtrArray *secrets; /* of app_secrets_new() */
  GPtrArray *keep;    /* AppKeep: modules and registries that opened schemas point into */
} App;

/* Freed at the end, last kept first. */
typedef struct {
  gpointer thing;
  void (*free_thing) (gpointer thing);
} AppKeep;

/* What the user called, "corm" or a program that has corm_main(). */
const char *app_get_name (void);
void app_keep (App *app, gpointer thing, void (*free_thing) (gpointer thing));

typedef struct {
  const char *name;
  const char *arguments; /* for --help: "SOURCE TARGET" */
  const char *summary;
  const char *description; /* behind the options in --help */
  guint min_arguments;
  guint max_arguments;
  const GOptionEntry *(*options) (void); /* entries of its own, ended by { NULL }; NULL: none */
  AppStatus (*run) (App *app, GError **error);
} AppVerb;

extern const AppVerb app_verb_inspect, app_verb_diff, app_verb_migrate, app_verb_lint, app_verb_port,
    app_verb_verify, app_verb_ping, app_verb_upgrade, app_verb_downgrade, app_verb_stamp, app_verb_current,
    app_verb_history, app_verb_status, app_verb_revision, app_verb_check, app_verb_merge, app_verb_doctor,
    app_verb_maintain, app_verb_stats, app_verb_backup, app_verb_restore, app_verb_export, app_verb_import;

/* --- what is shown (shown.c) --------------------------------------------------------------------------------- */

/* Each argument with a password in it, and the same without. The arguments that ps shows are overwritten with stars. */
GPtrArray *app_secrets_new (int argc, char **argv);
/* @text with its line breaks and control characters written out; free with g_free(). */
char *app_one_line (const char *text);
/* The same, without the arguments' passwords. */
char *app_shown (const App *app, const char *message);
/* g_print(), g_printerr() and g_string_append_printf() for names and values that come from elsewhere: each %s is written as
 * by app_one_line(), but for colours. */
void app_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void app_say (const char *format, ...) G_GNUC_PRINTF (1, 2);
void app_append (GString *text, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Argument @i, or for the first one $CORM_DATABASE_URL; NULL and INVALID where there is none. */
const char *app_argument (App *app, guint i, const char *name, GError **error);
/* Sets INVALID with the status 2. */
AppStatus app_usage (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* --- schema arguments: a database URI, models:LIB.so, file:SCHEMA.sql, file:SNAPSHOT.json, dir:MIGRATIONS ------ */

/* One argument, opened as far as it needs no other. */
typedef struct {
  const char *text;
  CormDb *db; /* of a database URI */
  CormConnection *conn;
  CormRegistry *registry; /* of models:, borrowed from the app */
  char *script;           /* of file:….sql */
  CormSchema *snapshot;   /* of file:….json */
  CormMigrations *set;    /* of dir:, which lead to it */
} AppSchema;

AppSchema *app_schema_open (App *app, const char *argument, GError **error);
void app_schema_free (AppSchema *schema);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppSchema, app_schema_free)
/* As @conn's database says it. A database is inspected, anything else made in a scratch place and read back, but for what
 * stands in @live (nullable; what @conn has now) word for word. */
CormSchema *app_schema_read (AppSchema *schema, CormConnection *conn, const CormSchema *live, GError **error);
/* Leaves in @a and @b (nullable) what the globs choose; lists that end with NULL, or NULL. An error when nothing in either
 * matches one of @include: it is misspelt. */
gboolean app_schema_filter (CormSchema *a, CormSchema *b, const GStrv include, const GStrv exclude,
                            GError **error);
/* The options for it; the variables are of the type GStrv. */
#define APP_FILTER_OPTIONS(include, exclude) \
  { "include", 0, \
    0,         G_OPTION_ARG_STRING_ARRAY, \
    &include,  "only what matches, 'log_*' or 'view:v_*'; may be given again", \
    "GLOB" }, \
  { \
    "exclude", 0, 0, G_OPTION_ARG_STRING_ARRAY, &exclude, "nothing that matches; may be given again", "GLOB" \
  }
/* What migrations lead to, as @conn's database says it, which is not touched. */
CormSchema *app_schema_from_migrations (CormMigrations *set, CormConnection *conn, const char *target,
                                        GError **error);
/* The plan that turns one argument into the other, in the words of the database at @uri; NULL: of one of the sides. The
 * live side is read first: making a scratch place may shadow its names. */
CormPlan *app_diff (App *app, const char *from_text, const char *to_text, const char *uri, GError **error);
/* "drop-column:jobs.pid", as --allow takes it. */
char *app_op_name (const CormOp *op);
/* For a dry run: where SQLite has no file yet, an empty database in memory stands for it, and none is made. */
CormDb *app_open_unchanged (const char *uri, const CormDbOptions *options, GError **error);
/* The connection whose dialect an argument is read in: its own, or that of an SQLite database in memory kept by @app. */
CormConnection *app_scratch_connection (App *app, GError **error);
/* The models of models:LIB.so; kept by @app. */
CormRegistry *app_load_models (App *app, const char *path, GError **error);

/* --- output -------------------------------------------------------------------------------------------------- */

void app_print_json (JsonBuilder *builder);
void app_json_string (JsonBuilder *builder, const char *name, const char *value);
void app_json_int (JsonBuilder *builder, const char *name, gint64 value);
void app_json_bool (JsonBuilder *builder, const char *name, gboolean value);
void app_json_strings (JsonBuilder *builder, const char *name, GPtrArray *strings);
/* Adds the object whose text is @json as member @name. */
void app_json_raw (JsonBuilder *builder, const char *name, const char *json);
/* "15 607"; free with g_free(). */
char *app_number (guint64 n);
/* "\033[32m" and its like where stdout is a terminal and colours are wanted, else "". */
const char *app_color (const App *app, const char *sequence);
#define APP_GREEN "\033[32m"
#define APP_RED "\033[31m"
#define APP_YELLOW "\033[33m"
#define APP_DIM "\033[2m"
#define APP_PLAIN "\033[0m"
#define APP_CLEAR "\r\033[K" /* the line */

typedef struct _AppProgress AppProgress;
/* A bar on a terminal, a line per second elsewhere, nothing when quiet; on stderr. */
AppProgress *app_progress_new (const App *app);
void app_progress_show (const CormProgress *state, gpointer progress);
void app_progress_free (AppProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AppProgress, app_progress_free)

/* --- emitters of inspect ------------------------------------------------------------------------------------- */

char *app_emit_table (const CormSchema *schema);
char *app_emit_c (const CormSchema *schema);
char *app_emit_dot (const CormSchema *schema);
char *app_emit_mermaid (const CormSchema *schema);
/* dot, laid out by Graphviz. Errors: UNSUPPORTED when it is not installed. */
char *app_emit_svg (const CormSchema *schema, GError **error);

/* The rules of lint as a page of Markdown, on stdout. */
void app_print_lint_page (void);
