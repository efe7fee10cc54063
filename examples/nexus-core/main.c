/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* nexus-core: tasks in a database that upgrades itself and is synchronised with those of other peers. Here: the command line.
 * Exit status: 0 done, 1 failed or a check found something, 2 wrong usage. */
#include "nexus.h"

#include <locale.h>
#include <string.h>

static const struct {
  const char *name;
  const char *arguments;
  const char *summary;
  guint least, most;
  NexusFunc run;
  gboolean is_about_version; /* it does not bring the database up by itself, … */
  gboolean works_empty;      /* … or works on one without tables */
} commands[] = {
  { "current", "", "the version of the database", 0, 0, nexus_current, FALSE, TRUE },
  { "history", "", "what was applied, and when", 0, 0, nexus_history, FALSE, TRUE },
  { "migrate", "[VERSION]", "bring the database up", 0, 1, nexus_migrate, TRUE, TRUE },
  { "downgrade", "VERSION", "take migrations back, down to VERSION", 1, 1, nexus_downgrade, TRUE, TRUE },
  { "validate", "", "are the tables what the migrations make", 0, 0, nexus_validate, TRUE, FALSE },
  { "lists", "", "show the lists", 0, 0, nexus_lists, FALSE, FALSE },
  { "add-list", "NAME", "a new list; prints its id", 1, 1, nexus_add_list, FALSE, FALSE },
  { "tasks", "", "show the tasks", 0, 0, nexus_tasks, FALSE, FALSE },
  { "add", "LIST TEXT", "a new task (--priority, --due); prints its id", 2, 2, nexus_add, FALSE, FALSE },
  { "edit", "TASK TEXT", "change its text", 2, 2, nexus_edit, FALSE, FALSE },
  { "done", "TASK", "it is completed", 1, 1, nexus_done, FALSE, FALSE },
  { "prioritize", "TASK NUMBER", "give it a priority", 2, 2, nexus_prioritize, FALSE, FALSE },
  { "remove", "TASK", "delete it", 1, 1, nexus_remove, FALSE, FALSE },
  { "note", "TASK TEXT", "add a note to it", 2, 2, nexus_note, FALSE, FALSE },
  { "notes", "TASK", "show its notes", 1, 1, nexus_notes, FALSE, FALSE },
  { "write", "FILE", "write what peers lack (--for PEER: what that one does)", 1, 1, nexus_write, FALSE,
    FALSE },
  { "read", "FILE", "take in what a peer wrote", 1, 1, nexus_read, FALSE, FALSE },
  { "serve", "SOCKET", "wait for a peer, and exchange with it", 1, 1, nexus_serve, FALSE, FALSE },
  { "connect", "SOCKET", "exchange with the peer that waits there", 1, 1, nexus_connect, FALSE, FALSE },
  { "peers", "", "who has been heard of, and how far behind", 0, 0, nexus_peers, FALSE, FALSE },
  { "aside", "", "changes of newer peers that wait for an upgrade", 0, 0, nexus_aside, FALSE, FALSE },
  { "compact", "", "shorten the log", 0, 0, nexus_compact, FALSE, FALSE },
};

static char *
describe (void)
{
  GString *text = g_string_new ("Commands:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *call = g_strdup_printf ("%s %s", commands[i].name, commands[i].arguments);
    g_string_append_printf (text, "  %-24s %s\n", call, commands[i].summary);
  }
  return g_string_free (text, FALSE);
}

static int usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

static int
usage (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("nexus-core: %s; see nexus-core --help\n", text);
  return 2;
}

static int
run (Nexus *nexus, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  guint i = 0;
  while (argc > 1 && i < G_N_ELEMENTS (commands) && strcmp (commands[i].name, argv[1]) != 0)
    i++;
  if (argc < 2)
    return usage ("a command is missing");
  if (i == G_N_ELEMENTS (commands))
    return usage ("there is no command '%s'", argv[1]);
  if ((guint) argc - 2 < commands[i].least || (guint) argc - 2 > commands[i].most)
    return usage ("%s takes %s", argv[1], commands[i].most > 0 ? commands[i].arguments : "no arguments");
  nexus->manual |= commands[i].is_about_version;
  gboolean ok = nexus_open (nexus, &error);
  if (ok && nexus->version == 0 && !commands[i].works_empty) {
    ok = FALSE;
    g_set_error (&error, CORM_ERROR, CORM_ERROR_SCHEMA, "%s has no tables yet: run nexus-core migrate",
                 corm_db_get_uri (nexus->db));
  }
  int status = ok ? commands[i].run (nexus, argv + 2, &error) : 1;
  nexus_close (nexus);
  if (error != NULL)
    g_printerr ("nexus-core: %s\n", error->message);
  return status;
}

int
main (int argc, char **argv)
{
  Nexus nexus = { .uri = "sqlite:nexus-core.db", .client = NEWEST_VERSION };
  int client = NEWEST_VERSION;
  const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_STRING, &nexus.uri, "the database (default: sqlite:nexus-core.db)", "URI" },
    { "client", 0, 0, G_OPTION_ARG_INT, &client, "play a client of version N (1 to 5; default: 5)", "N" },
    { "manual", 0, 0, G_OPTION_ARG_NONE, &nexus.manual, "leave the database at the version that it has",
      NULL },
    { "new-peer", 0, 0, G_OPTION_ARG_NONE, &nexus.new_peer,
      "once: this database is a copy, or a backup that was brought back", NULL },
    { "priority", 0, 0, G_OPTION_ARG_INT, &nexus.priority, "of a new task (from version 2 on)", "N" },
    { "due", 0, 0, G_OPTION_ARG_STRING, &nexus.due, "of a new task", "DATE" },
    { "for", 0, 0, G_OPTION_ARG_STRING, &nexus.peer, "write what this peer lacks", "PEER" },
    { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
  };
  g_autoptr (GError) error = NULL;
  setlocale (LC_ALL, "");
  g_autofree char *description = describe ();
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND [ARGUMENT…]");
  g_option_context_set_summary (context,
                                "Tasks in a database that upgrades itself and is synchronised with others.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage ("%s", error->message);
  if (client < 1 || client > NEWEST_VERSION)
    return usage ("--client is 1 to 5");
  nexus.client = (guint) client;
  return run (&nexus, argc, argv);
}
