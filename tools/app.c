/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From argv to a verb: the options that all verbs have may stand before or behind the verb's name. */
#include "app.h"

#include <corm/version.h>

#include <stdio.h>
#include <string.h>

static const AppVerb *const verbs[] = {
  &app_verb_inspect,   &app_verb_diff,   &app_verb_migrate,  &app_verb_lint,    &app_verb_upgrade,
  &app_verb_downgrade, &app_verb_stamp,  &app_verb_current,  &app_verb_history, &app_verb_status,
  &app_verb_revision,  &app_verb_check,  &app_verb_merge,    &app_verb_port,    &app_verb_verify,
  &app_verb_ping,      &app_verb_doctor, &app_verb_maintain, &app_verb_stats,   &app_verb_backup,
  &app_verb_restore,   &app_verb_export, &app_verb_import,
};

/* What the user called. */
static char program_name[64] = "corm";
static const char *format_name;
static gboolean is_quiet, is_colorless, is_version, is_help;

static const GOptionEntry shared_options[] = {
  { "format", 0, 0, G_OPTION_ARG_STRING, &format_name, "How results are printed: text (default) or json",
    "FORMAT" },
  { "quiet", 'q', 0, G_OPTION_ARG_NONE, &is_quiet, "No progress", NULL },
  { "no-color", 0, 0, G_OPTION_ARG_NONE, &is_colorless, "No colours on a terminal", NULL },
  { "help", 'h', 0, G_OPTION_ARG_NONE, &is_help, "Print this", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry first_options[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, &is_version, "Print the version", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

AppStatus
app_usage (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, message);
  return APP_USAGE;
}

const char *
app_argument (App *app, guint i, const char *name, GError **error)
{
  if ((int) i < app->argc)
    return app->argv[i];
  const char *from_environment = i == 0 ? g_getenv ("CORM_DATABASE_URL") : NULL;
  if (from_environment == NULL || *from_environment == '\0')
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is missing%s", name,
                 i == 0 ? "; give it, or set CORM_DATABASE_URL" : "");
  return from_environment;
}

void
app_keep (App *app, gpointer thing, void (*free_thing) (gpointer thing))
{
  AppKeep *kept = g_new0 (AppKeep, 1);
  kept->thing = thing;
  kept->free_thing = free_thing;
  g_ptr_array_add (app->keep, kept);
}

const char *
app_get_name (void)
{
  return program_name;
}

static void
set_name (const char *program)
{
  g_autofree char *name = g_path_get_basename (program);
  const char *plain = g_str_has_prefix (name, "lt-") ? name + strlen ("lt-") : name; /* libtool's own */
  g_strlcpy (program_name, plain, sizeof program_name);
}

static char *
verb_list (void)
{
  GString *text = g_string_new ("Verbs:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_string_append_printf (text, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
  g_string_append_printf (text, "\n\"%s VERB --help\" says more.", program_name);
  g_string_append (
      text, " A database is a URI: sqlite:PATH, sqlite::memory:,\n"
            "postgresql://USER:PASSWORD@HOST/NAME, mysql://…, mariadb://…, dbi:DRIVER?option=value;\n"
            "where it is left out, $CORM_DATABASE_URL.\n\n"
            "Exit status: 0 done, 1 a check found a difference or something pending, 2 usage, 3 failed.");
  return g_string_free (text, FALSE);
}

static const AppVerb *
find_verb (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i]->name, name) == 0)
      return verbs[i];
  return NULL;
}

/* GOption's own --help would end the process, whatever became of what it printed. */
static gboolean
parse (GOptionContext *context, int *argc, char ***argv, GError **error)
{
  g_option_context_set_help_enabled (context, FALSE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  g_autofree char *help = is_help ? g_option_context_get_help (context, TRUE, NULL) : NULL;
  if (is_help)
    g_print ("%s", help);
  return TRUE;
}

/* The options before the verb. */
static gboolean
parse_first (int *argc, char ***argv, GError **error)
{
  g_autofree char *list = verb_list ();
  g_autoptr (GOptionContext) context = g_option_context_new ("VERB …");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, shared_options, NULL);
  g_option_context_add_main_entries (context, first_options, NULL);
  g_option_context_set_summary (context, "Create, evolve, move and prove databases.");
  g_option_context_set_description (context, list);
  if (!parse (context, argc, argv, error))
    return FALSE;
  if (*argc >= 2 || is_version || is_help)
    return TRUE;
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
  g_printerr ("%s\n", help);
  return FALSE;
}

/* "-1" is a target, and no option: out of the parser's sight. */
static void
hide_numbers (char **argv, char from, char to)
{
  for (; *argv != NULL; argv++)
    if ((*argv)[0] == from && g_ascii_isdigit ((*argv)[1]))
      (*argv)[0] = to;
}

static gboolean
parse_verb (const AppVerb *verb, int *argc, char ***argv, GError **error)
{
  g_autofree char *parameters = g_strdup_printf ("%s %s", verb->name, verb->arguments);
  g_autoptr (GOptionContext) context = g_option_context_new (parameters);
  if (verb->options != NULL)
    g_option_context_add_main_entries (context, verb->options (), NULL);
  g_option_context_add_main_entries (context, shared_options, NULL);
  g_option_context_set_summary (context, verb->summary);
  g_option_context_set_description (context, verb->description);
  /* argv[0] stays the program; the verb's own name goes. */
  memmove (*argv + 1, *argv + 2, (gsize) (*argc - 1) * sizeof (char *));
  --*argc;
  hide_numbers (*argv, '-', '\1');
  gboolean ok = parse (context, argc, argv, error);
  hide_numbers (*argv, '\1', '-');
  return ok;
}

static AppStatus
fail (const App *app, AppStatus status, const GError *error)
{
  gboolean ours = error->domain == CORM_ERROR;
  g_autofree char *message = app_shown (app, error->message);
  if (app->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    json_builder_begin_object (builder);
    app_json_string (builder, "error", ours ? corm_error_name (error->code) : "failed");
    app_json_string (builder, "message", message);
    json_builder_end_object (builder);
    app_print_json (builder);
  }
  g_printerr ("%s: %s\n", program_name, message);
  return status;
}

static AppStatus
run_verb (App *app, const AppVerb *verb)
{
  g_autoptr (GError) error = NULL;
  app->keep = g_ptr_array_new ();
  AppStatus status = verb->run (app, &error);
  for (guint i = app->keep->len; i > 0; i--) {
    AppKeep *kept = g_ptr_array_index (app->keep, i - 1);
    kept->free_thing (kept->thing);
    g_free (kept);
  }
  g_ptr_array_unref (app->keep);
  return error != NULL ? fail (app, status == APP_USAGE ? APP_USAGE : APP_FAILED, error) : status;
}

static AppStatus
dispatch (App *app, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  if (!parse_first (&argc, &argv, &error))
    return error != NULL ? fail (app, APP_USAGE, error) : APP_USAGE;
  if (is_help)
    return APP_DONE;
  if (is_version) {
    g_print ("corm %s\n", corm_version_string ());
    return APP_DONE;
  }
  const AppVerb *verb = find_verb (argv[1]);
  if (verb == NULL) {
    app_usage (&error, "there is no verb '%s'; \"%s --help\" lists them", argv[1], program_name);
    return fail (app, APP_USAGE, error);
  }
  if (!parse_verb (verb, &argc, &argv, &error))
    return fail (app, APP_USAGE, error);
  if (is_help)
    return APP_DONE;
  app->argc = argc - 1;
  app->argv = argv + 1;
  app->json = g_strcmp0 (format_name, "json") == 0;
  app->quiet = is_quiet;
  app->no_color = is_colorless;
  if (format_name != NULL && !app->json && strcmp (format_name, "text") != 0)
    app_usage (&error, "--format is text or json, not '%s'", format_name);
  else if (app->argc > (int) verb->max_arguments || (app->argc < (int) verb->min_arguments))
    app_usage (&error, "%s takes %s; \"%s %s --help\" says more", verb->name, verb->arguments, program_name,
               verb->name);
  return error != NULL ? fail (app, APP_USAGE, error) : run_verb (app, verb);
}

/* A result that nobody got is no success, whatever the verb did. */
static AppStatus
check_output (AppStatus status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  g_printerr (
      "%s: the results could not be written to standard output (is the disk full, or the reader gone?)\n",
      program_name);
  return APP_FAILED;
}

int
corm_main (int argc, char **argv, CormRegistry *registry, CormMigrations *migrations)
{
  App app = { .registry = registry, .migrations = migrations };
  format_name = NULL;
  is_quiet = is_colorless = is_version = is_help = FALSE;
  /* GOption takes options out of the array: it works on a copy, so that the caller's stays as it is. */
  g_auto (GStrv) owned = g_new0 (char *, argc + 1);
  g_autofree char **work = g_new0 (char *, argc + 1);
  for (int i = 0; i < argc; i++)
    work[i] = owned[i] = g_strdup (argv[i]);
  g_autoptr (GPtrArray) secrets = app_secrets_new (argc, argv);
  app.secrets = secrets;
  app.program = argc > 0 ? argv[0] : "corm";
  set_name (app.program);
  return (int) check_output (dispatch (&app, argc, work));
}
