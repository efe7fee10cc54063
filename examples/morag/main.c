/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From argv to a command. Status: 0 done, 1 failed or "no", 2 usage. */
#include "morag.h"

#include <locale.h>
#include <string.h>

static const MoragCommand *const groups[] = { database_commands, job_commands };

static char *uri, *folder;

static const GOptionEntry options[] = {
  { "db", 0, 0, G_OPTION_ARG_STRING, &uri, "The database ($DATABASE_URL, else sqlite:morag.db)", "URI" },
  { "migrations", 0, 0, G_OPTION_ARG_FILENAME, &folder, "The folder of migrations (migrations)", "FOLDER" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static char *
list_commands (void)
{
  GString *text = g_string_new ("Commands:\n");
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const MoragCommand *command = groups[g]; command->name != NULL; command++) {
      g_autofree char *usage = g_strjoin (" ", command->name, command->arguments, NULL);
      g_string_append_printf (text, "  %-22s %s\n", usage, command->summary);
    }
  return g_string_free (text, FALSE);
}

static const MoragCommand *
find_command (const char *name)
{
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++)
    for (const MoragCommand *command = groups[g]; command->name != NULL; command++)
      if (strcmp (command->name, name) == 0)
        return command;
  return NULL;
}

/* The options in front of the command. */
static gboolean
parse_first (int *argc, char ***argv, GError **error)
{
  g_autofree char *commands = list_commands ();
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_summary (context, "Conversions, and the workers that do them.");
  g_option_context_set_description (context, commands);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "which command? --help lists them");
  return FALSE;
}

static gboolean
parse_command (const MoragCommand *command, int *argc, char ***argv, GError **error)
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
run (const MoragCommand *command, char **args, GError **error)
{
  const char *from_environment = g_getenv ("DATABASE_URL");
  Morag morag = { .uri = uri != NULL                ? uri
                         : from_environment != NULL ? from_environment
                                                    : "sqlite:morag.db",
                  .folder = folder != NULL ? folder : "migrations",
                  .args = args };
  g_autoptr (CormRegistry) registry = corm_registry_new_array (morag_models, error);
  g_autoptr (CormDb) db = registry != NULL ? morag_open (morag.uri, registry, error) : NULL;
  morag.registry = registry;
  morag.db = db;
  return db != NULL && command->run (&morag, error);
}

static int
fail (const GError *error)
{
  g_printerr ("morag: %s\n", error->message);
  return error->domain == G_OPTION_ERROR ? 2 : 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  setlocale (LC_ALL, "");
  if (!parse_first (&argc, &argv, &error))
    return fail (error);
  const MoragCommand *command = find_command (argv[1]);
  if (command == NULL) {
    g_printerr ("morag: there is no command '%s'; --help lists them\n", argv[1]);
    return 2;
  }
  if (!parse_command (command, &argc, &argv, &error))
    return fail (error);
  if (run (command, argv + 1, &error))
    return 0;
  return error != NULL ? fail (error) : 1;
}
