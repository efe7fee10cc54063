/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The command line. Commands of pixcrawler's own stand in the table; every other one is a verb of the corm command, for
 * the models and migrations that are compiled in. */
#include "migrations.h"
#include "people.h"
#include "queue.h"
#include "report.h"

#include <locale.h>
#include <string.h>

enum { DONE, FAILED, USAGE };

typedef struct {
  CormDb *db;
  CormConnection *conn;
  const char *argument; /* NULL: none was given */
} Context;

typedef struct {
  const char *name;
  const char *argument; /* NULL: it takes none */
  const char *summary;
  const GOptionEntry *options;
  gboolean (*run) (Context *context, GError **error);
} Command;

/* --- options of the commands ------------------------------------------------------------------------------------- */

static char *db_uri, *email, *tier, *name;
static int n_chunks = 20, n_images = 2, batch = 10, fail_every, pause_ms, below = 3, stale = -1;

static const GOptionEntry seed_options[] = {
  { "email", 0, 0, G_OPTION_ARG_STRING, &email, "Whose (ada@example.org)", "ADDRESS" },
  { "tier", 0, 0, G_OPTION_ARG_STRING, &tier, "FREE (default), PRO or ENTERPRISE", "TIER" },
  { "chunks", 0, 0, G_OPTION_ARG_INT, &n_chunks, "Chunks of the job (20)", "N" },
  { "images", 0, 0, G_OPTION_ARG_INT, &n_images, "Images of a chunk (2)", "N" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry work_options[] = {
  { "name", 0, 0, G_OPTION_ARG_STRING, &name, "A name that no other worker has (a new one)", "NAME" },
  { "batch", 0, 0, G_OPTION_ARG_INT, &batch, "Chunks to claim at once (10)", "N" },
  { "fail-every", 0, 0, G_OPTION_ARG_INT, &fail_every, "Let the first try of every Nth chunk fail", "N" },
  { "pause", 0, 0, G_OPTION_ARG_INT, &pause_ms, "Milliseconds that a chunk takes (0)", "MS" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry retry_options[] = {
  { "below", 0, 0, G_OPTION_ARG_INT, &below, "Only chunks that were retried fewer times (3)", "N" },
  { "stale", 0, 0, G_OPTION_ARG_INT, &stale,
    "Also chunks that were claimed so long ago: their worker is dead", "SECONDS" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry no_options[] = { { NULL, 0, 0, 0, NULL, NULL, NULL } };

/* --- the commands ------------------------------------------------------------------------------------------------ */

static gboolean
run_seed (Context *context, GError **error)
{
  PixSeed seed = { .email = email != NULL ? email : "ada@example.org",
                   .n_chunks = (guint) n_chunks,
                   .n_images = (guint) n_images };
  if (n_chunks < 0 || n_images < 0) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--chunks and --images are 0 or more");
    return FALSE;
  }
  while (tier != NULL && pix_tiers[seed.tier] != NULL && strcmp (pix_tiers[seed.tier], tier) != 0)
    seed.tier++;
  if (pix_tiers[seed.tier] == NULL) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "--tier is FREE, PRO or ENTERPRISE, not '%s'", tier);
    return FALSE;
  }
  if (!pix_seed (context->conn, &seed, error))
    return FALSE;
  g_print ("job %d: %u chunks\n", seed.job_id, seed.n_chunks);
  return TRUE;
}

static gboolean
run_work (Context *context, GError **error)
{
  PixTally tally = { 0 };
  g_autofree char *unique = corm_uuid_to_text (corm_uuid_random ());
  const PixWorker worker = { .name = name != NULL ? name : unique,
                             .batch = (guint) MAX (batch, 1),
                             .fail_every = (guint) MAX (fail_every, 0),
                             .pause_ms = (guint) MAX (pause_ms, 0) };
  g_clear_pointer (&context->conn, corm_connection_free); /* the pool may have no other one */
  gboolean ok = pix_work (context->db, &worker, &tally, error);
  g_print ("%d completed, %d failed, %d lost\n", (int) tally.completed, (int) tally.failed, (int) tally.lost);
  return ok;
}

static gboolean
run_retry (Context *context, GError **error)
{
  PixRetry retry = { .below = (guint) MAX (below, 0), .stale_s = stale };
  g_clear_pointer (&context->conn, corm_connection_free);
  if (!corm_transact (context->db, pix_retry, &retry, NULL, error))
    return FALSE;
  g_print ("%d pending again, %d given up\n", (int) retry.again, (int) retry.given_up);
  return TRUE;
}

static gboolean
run_chunks (Context *context, GError **error)
{
  const char *which = context->argument;
  if (strcmp (which, "urgent") == 0)
    return pix_print_urgent (context->conn, error);
  if (strcmp (which, "failed") == 0)
    return pix_print_failed (context->conn, below, error);
  gint64 job = 0;
  if (g_ascii_string_to_signed (which, 10, 1, G_MAXINT32, &job, NULL))
    return pix_print_pending (context->conn, (gint32) job, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "'%s' is neither urgent nor failed nor the number of a job", which);
  return FALSE;
}

static gboolean
run_progress (Context *context, GError **error)
{
  return pix_print_progress (context->conn, error);
}

static gboolean
run_tiers (Context *context, GError **error)
{
  return pix_print_tiers (context->conn, error);
}

static gboolean
run_monitor (Context *context, GError **error)
{
  return pix_print_monitor (context->conn, error);
}

static gboolean
run_remove (Context *context, GError **error)
{
  return pix_remove (context->conn, context->argument, error);
}

static const Command commands[] = {
  { "seed", NULL, "Make a person with a row in every table and a crawl job", seed_options, run_seed },
  { "work", NULL, "Do chunks until none is pending; any number of workers side by side", work_options,
    run_work },
  { "retry", NULL, "Let failed chunks be done once more", retry_options, run_retry },
  { "chunks", "JOB|urgent|failed", "Pending chunks of a job; the most urgent at work; those to retry",
    no_options, run_chunks },
  { "progress", NULL, "What is done of each job", no_options, run_progress },
  { "tiers", NULL, "How many profiles there are of each tier", no_options, run_tiers },
  { "monitor", NULL, "Times, failures, retries, tiers, the plan of the next claim", no_options, run_monitor },
  { "remove", "EMAIL", "Delete a person and all that belongs to the person", no_options, run_remove },
};

/* --- the way to them --------------------------------------------------------------------------------------------- */

static const Command *
find_command (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, word) == 0)
      return &commands[i];
  return NULL;
}

/* A database that is not migrated is not touched. */
static gboolean
run_command (const Command *command, const char *argument, CormRegistry *registry, CormMigrations *migrations,
             GError **error)
{
  g_autoptr (CormDb) db = corm_db_open (db_uri, registry, error);
  if (db == NULL || !corm_migrations_demand (migrations, db, CORM_MIGRATIONS_AT_LEAST, NULL, NULL, error))
    return FALSE;
  Context context = { .db = db, .conn = corm_db_connect (db, error), .argument = argument };
  gboolean ok = context.conn != NULL && command->run (&context, error);
  g_clear_pointer (&context.conn, corm_connection_free);
  return ok;
}

/* Options and argument of a command, from "COMMAND …"; NULL in *argument: it takes none. */
static gboolean
parse_command (const Command *command, int argc, char **argv, const char **argument, GError **error)
{
  g_autofree char *line =
      g_strjoin (" ", command->name, command->argument != NULL ? command->argument : "", NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (line);
  g_option_context_set_summary (context, command->summary);
  g_option_context_add_main_entries (context, command->options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  *argument = argc > 1 ? argv[1] : NULL;
  if (argc == (command->argument != NULL ? 2 : 1))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "%s takes %s", command->name,
               command->argument != NULL ? command->argument : "no argument");
  return FALSE;
}

static int
fail (const GError *error)
{
  g_printerr ("pixcrawler: %s\n", error->message);
  return error->domain == G_OPTION_ERROR ? USAGE : FAILED;
}

/* @argv begins with the command. */
static int
dispatch (int argc, char **argv, GError **error)
{
  const Command *command = find_command (argv[0]);
  const char *argument = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new_array (pix_models, error);
  g_autoptr (CormMigrations) migrations = registry != NULL ? pix_migrations_open (registry, error) : NULL;
  if (migrations == NULL)
    return FAILED;
  if (command != NULL)
    return parse_command (command, argc, argv, &argument, error) &&
                   run_command (command, argument, registry, migrations, error)
               ? DONE
               : FAILED;
  /* corm_main () wants the program's name in front, which stands there. */
  g_setenv ("CORM_DATABASE_URL", db_uri, TRUE);
  return corm_main (argc + 1, argv - 1, registry, migrations);
}

static char *
list_commands (void)
{
  GString *text = g_string_new ("Commands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-9s %s\n", commands[i].name, commands[i].summary);
  g_string_append (text,
                   "and the verbs of corm, for this program's models and migrations:\n"
                   "  upgrade [TARGET], downgrade TARGET, stamp TARGET, current, history, status, check,\n"
                   "  revision --dir DIR, inspect, doctor, maintain, stats, backup, restore, …\n"
                   "\"COMMAND --help\" says more.");
  return g_string_free (text, FALSE);
}

int
main (int argc, char **argv)
{
  static const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_STRING, &db_uri, "The database (sqlite:pixcrawler.db, or $CORM_DATABASE_URL)",
      "URI" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GError) error = NULL;
  setlocale (LC_ALL, "");
  g_autofree char *list = list_commands ();
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, "Crawl jobs in chunks, done by any number of workers.");
  g_option_context_set_description (context, list);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error);
  if (argc < 2) {
    g_printerr ("pixcrawler: a command is missing; \"pixcrawler --help\" lists them\n");
    return USAGE;
  }
  if (db_uri == NULL)
    db_uri = g_strdup (g_getenv ("CORM_DATABASE_URL") != NULL ? g_getenv ("CORM_DATABASE_URL")
                                                              : "sqlite:pixcrawler.db");
  int status = dispatch (argc - 1, argv + 1, &error);
  return error != NULL ? fail (error) : status;
}
