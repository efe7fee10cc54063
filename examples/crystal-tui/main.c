/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From argv to a command. Status: 0 done, 1 failed or "no", 2 usage. */
#include "crystal.h"

#include <locale.h>
#include <string.h>

static const CrystalCommand *const groups[] = { job_commands, workflow_commands, cluster_commands,
                                                doctor_commands };
/* The library's own, which get the database as their first argument. */
static const char *const library_verbs[] = { "inspect", "stats", "maintain", "backup", "export", NULL };

static char *uri;
static gboolean verbose;

static const GOptionEntry options[] = {
  { "db", 0, 0, G_OPTION_ARG_STRING, &uri, "The database (sqlite:crystal-tui.db)", "URI" },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Tell what an upgrade does", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

gboolean
crystal_read_id (const char *text, gint64 *id, GError **error)
{
  if (g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, id, NULL))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is no id", text);
  return FALSE;
}

gboolean
crystal_read_word (const char *text, const char *const *words, guint *word, GError **error)
{
  for (*word = 0; words[*word] != NULL; ++*word)
    if (strcmp (words[*word], text) == 0)
      return TRUE;
  g_autofree char *all = g_strjoinv (", ", (GStrv) words);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "'%s' is none of %s", text, all);
  return FALSE;
}

gboolean
crystal_check_json (const char *option, const char *text, GError **error)
{
  const CormSqlType type = { .type = CORM_TYPE_JSON };
  CormValue value;
  g_autoptr (GError) why = NULL;
  if (text == NULL || corm_value_parse (&type, text, -1, &value, &why))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s", option, why->message);
  return FALSE;
}

static char *
list_commands (void)
{
  GString *text = g_string_new ("Commands:\n");
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const CrystalCommand *command = groups[g]; command->name != NULL; command++) {
      const char *arguments = command->arguments != NULL ? command->arguments : "";
      g_string_append_printf (text, "  %s %-*s %s\n", command->name, (int) (45 - strlen (command->name)),
                              arguments, command->summary);
    }
  g_autofree char *verbs = g_strjoinv (", ", (GStrv) library_verbs);
  g_string_append_printf (text, "  %s: as in \"corm VERB\"", verbs);
  return g_string_free (text, FALSE);
}

static const CrystalCommand *
find_command (const char *name)
{
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const CrystalCommand *command = groups[g]; command->name != NULL; command++)
      if (strcmp (command->name, name) == 0)
        return command;
  return NULL;
}

/* The options in front of the command. FALSE without an error: the help was printed. */
static gboolean
parse_first (int *argc, char ***argv, GError **error)
{
  g_autofree char *commands = list_commands ();
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_summary (context, "Jobs, the clusters that they run on, and which waits for which.");
  g_option_context_set_description (context, commands);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "which command? --help lists them");
  return FALSE;
}

static gboolean
parse_command (const CrystalCommand *command, int *argc, char ***argv, GError **error)
{
  g_autofree char *usage = g_strjoin (" ", command->name, command->arguments, NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_option_context_set_summary (context, command->summary);
  if (command->options != NULL)
    g_option_context_add_main_entries (context, command->options, NULL);
  memmove (*argv + 1, *argv + 2, (gsize) (*argc - 1) * sizeof (char *)); /* its name */
  --*argc;
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc - 1 == (int) command->n_args)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s takes %s; \"%s --help\" says more",
               command->name, command->arguments != NULL ? command->arguments : "no arguments",
               command->name);
  return FALSE;
}

static gboolean
run (const CrystalCommand *command, char **args, GError **error)
{
  Crystal crystal = { .uri = uri, .verbose = verbose, .args = args };
  if (command->opens_itself)
    return command->run (&crystal, error);
  g_autoptr (CormDb) db = crystal_open (uri, crystal_models, CRYSTAL_VERSION, verbose, error);
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  crystal.db = db;
  crystal.conn = conn;
  return conn != NULL && command->run (&crystal, error);
}

/* crystal-tui --db URI stats … is corm stats URI … */
static int
run_library (int argc, char **argv)
{
  g_autoptr (GPtrArray) args = g_ptr_array_new ();
  g_ptr_array_add (args, argv[0]);
  g_ptr_array_add (args, argv[1]);
  g_ptr_array_add (args, uri);
  for (int i = 2; i < argc; i++)
    g_ptr_array_add (args, argv[i]);
  g_ptr_array_add (args, NULL);
  return corm_main (argc + 1, (char **) args->pdata, NULL, NULL);
}

static int
fail (const GError *error)
{
  g_printerr ("crystal-tui: %s\n", error->message);
  return error->domain == G_OPTION_ERROR ? 2 : 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  setlocale (LC_ALL, "");
  if (!parse_first (&argc, &argv, &error))
    return fail (error);
  if (uri == NULL)
    uri = g_strdup ("sqlite:crystal-tui.db");
  if (g_strv_contains (library_verbs, argv[1]))
    return run_library (argc, argv);
  const CrystalCommand *command = find_command (argv[1]);
  if (command == NULL) {
    g_printerr ("crystal-tui: there is no command '%s'; --help lists them\n", argv[1]);
    return 2;
  }
  if (!parse_command (command, &argc, &argv, &error))
    return fail (error);
  if (run (command, argv + 1, &error))
    return 0;
  return error != NULL ? fail (error) : 1;
}
