/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The command line. Commands of todowrite's own stand in the table; every other one is a verb of the corm command, for the
 * models that are compiled in. */
#include "care.h"
#include "nodes.h"

#include <locale.h>
#include <string.h>

enum { DONE, FAILED, USAGE };

typedef struct {
  CormDb *db;
  CormConnection *conn;
  char **words; /* the arguments */
} Work;

typedef struct {
  const char *name;
  const char *arguments;
  guint n_arguments;
  const char *summary;
  gboolean (*run) (Work *work, GError **error);
} Verb;

static char *db_uri, *owner, *status, *severity, *work_type, *assignee, *run, *started, *completed;
static int progress;
static gboolean is_sure;

static const GOptionEntry options[] = {
  { "owner", 0, 0, G_OPTION_ARG_STRING, &owner, "add: whose it is", "NAME" },
  { "assignee", 0, 0, G_OPTION_ARG_STRING, &assignee, "add: who does it", "NAME" },
  { "status", 0, 0, G_OPTION_ARG_STRING, &status,
    "add: planned (default), in_progress, completed, blocked, cancelled", "STATUS" },
  { "progress", 0, 0, G_OPTION_ARG_INT, &progress, "add: 0 to 100", "N" },
  { "severity", 0, 0, G_OPTION_ARG_STRING, &severity, "add: how bad it is", "WORD" },
  { "work-type", 0, 0, G_OPTION_ARG_STRING, &work_type, "add: what kind of work it is", "WORD" },
  { "started", 0, 0, G_OPTION_ARG_STRING, &started, "add: the day, 2026-01-31", "DATE" },
  { "completed", 0, 0, G_OPTION_ARG_STRING, &completed, "add: the day", "DATE" },
  { "run", 0, 0, G_OPTION_ARG_STRING, &run, "add: of a command, what it runs", "SHELL" },
  { "yes", 0, 0, G_OPTION_ARG_NONE, &is_sure, "drop: yes, all of it", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  return FALSE;
}

/* The number of @word in @words; FALSE: it is none of them. */
static gboolean
look_up (const char *const *words, const char *word, guint *number)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], word) == 0) {
      *number = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_day (const char *text, CormOptDate *day, GError **error)
{
  const CormSqlType type = { .type = CORM_TYPE_DATE };
  CormValue value;
  if (text == NULL)
    return TRUE;
  if (!corm_value_parse (&type, text, -1, &value, error))
    return FALSE;
  day->is_set = true;
  day->value.days = (gint32) value.i;
  return TRUE;
}

/* --- the verbs --------------------------------------------------------------------------------------------------- */

static gboolean
run_init (Work *work, GError **error)
{
  g_clear_pointer (&work->conn, corm_connection_free); /* the pool may have no other one */
  return todo_init (work->db, error);
}

static gboolean
run_drop (Work *work, GError **error)
{
  if (!is_sure)
    return refuse (error, "drop takes all nodes along: say --yes");
  g_clear_pointer (&work->conn, corm_connection_free);
  return todo_drop (work->db, error);
}

static gboolean
run_add (Work *work, GError **error)
{
  guint layer = 0, state = STATUS_PLANNED;
  Node node = { .id = work->words[1],
                .title = work->words[2],
                .progress = progress,
                .owner = owner,
                .severity = severity,
                .work_type = work_type,
                .assignee = assignee };
  if (!look_up (todo_layers, work->words[0], &layer))
    return refuse (error, "there is no layer '%s'; there are Goal, Concept, … Command, see README.md",
                   work->words[0]);
  if (status != NULL && !look_up (todo_states, status, &state))
    return refuse (error, "--status is planned, in_progress, completed, blocked or cancelled, not '%s'",
                   status);
  if (run != NULL && layer != LAYER_Command)
    return refuse (error, "--run is of a Command, not of a %s", work->words[0]);
  node.layer = layer;
  node.status = state;
  return read_day (started, &node.started_date, error) &&
         read_day (completed, &node.completion_date, error) && todo_add (work->conn, &node, run, error);
}

static gboolean
run_label (Work *work, GError **error)
{
  return todo_label (work->conn, work->words[0], work->words[1], error);
}

static gboolean
run_link (Work *work, GError **error)
{
  return todo_link (work->conn, work->words[0], work->words[1], error);
}

static gboolean
run_show (Work *work, GError **error)
{
  return todo_show (work->conn, work->words[0], error);
}

static gboolean
run_run (Work *work, GError **error)
{
  return todo_run (work->conn, work->words[0], error);
}

static gboolean
run_active (Work *work, GError **error)
{
  return todo_print_active (work->conn, work->words[0], error);
}

static gboolean
run_summary (Work *work, GError **error)
{
  return todo_print_summary (work->conn, error);
}

static gboolean
run_add_column (Work *work, GError **error)
{
  if (*work->words[0] == '\0')
    return refuse (error, "a column has a name");
  return todo_add_column (work->conn, work->words[0], error);
}

static gboolean
run_repair (Work *work, GError **error)
{
  return todo_repair (work->conn, error);
}

static gboolean
run_export (Work *work, GError **error)
{
  g_clear_pointer (&work->conn, corm_connection_free);
  return todo_export (work->db, work->words[0] != NULL ? work->words[0] : "-", error);
}

static gboolean
run_import (Work *work, GError **error)
{
  g_clear_pointer (&work->conn, corm_connection_free);
  return todo_import (work->db, work->words[0], FALSE, error);
}

static gboolean
run_validate (Work *work, GError **error)
{
  g_clear_pointer (&work->conn, corm_connection_free);
  return todo_import (work->db, work->words[0], TRUE, error);
}

static const Verb verbs[] = {
  { "init", "", 0, "Make what is missing: tables, columns, checks, indexes", run_init },
  { "drop", "--yes", 0, "Drop all tables", run_drop },
  { "add", "LAYER ID TITLE", 3, "Add a node", run_add },
  { "label", "ID LABEL", 2, "Give a node a label", run_label },
  { "link", "PARENT CHILD", 2, "Put a node below another one", run_link },
  { "show", "ID", 1, "A node, its labels, what lies below it, its runs", run_show },
  { "run", "ID", 1, "Run a command, keep what it printed", run_run },
  { "active", "OWNER", 1, "Tasks of somebody that are planned or in progress", run_active },
  { "summary", "", 0, "Nodes by layer and status", run_summary },
  { "add-column", "NAME", 1, "A text column for nodes, where it is missing", run_add_column },
  { "repair", "", 0, "Progress and status that are out of range", run_repair },
  { "export-yaml", "[FILE]", 1, "Write all rows, without FILE to standard output", run_export },
  { "import-yaml", "FILE", 1, "Read rows: all of them, or none", run_import },
  { "validate", "FILE", 1, "Would these rows fit? Changes nothing", run_validate },
};

/* --- the way to them --------------------------------------------------------------------------------------------- */

static const Verb *
find_verb (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (strcmp (verbs[i].name, word) == 0)
      return &verbs[i];
  return NULL;
}

static gboolean
run_verb (const Verb *verb, char **words, CormRegistry *registry, GError **error)
{
  const CormDbOptions how = { .must_exist = verb->run != run_init };
  g_autoptr (CormDb) db = corm_db_open_full (db_uri, registry, &how, error);
  Work work = { .db = db, .conn = db != NULL ? corm_db_connect (db, error) : NULL, .words = words };
  gboolean ok = work.conn != NULL && verb->run (&work, error);
  g_clear_pointer (&work.conn, corm_connection_free);
  return ok;
}

static gboolean
parse_verb (const Verb *verb, int *argc, char ***argv, GError **error)
{
  g_autofree char *line = g_strjoin (" ", verb->name, verb->arguments, NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (line);
  g_option_context_set_summary (context, verb->summary);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  return *argc == (int) verb->n_arguments + 1 || (*argc == 1 && *verb->arguments == '[') ||
         refuse (error, "this wants: %s", verb->n_arguments > 0 ? verb->arguments : "no argument");
}

static int
fail (const GError *error)
{
  g_printerr ("todowrite: %s\n", error->message);
  return error->domain == G_OPTION_ERROR ? USAGE : FAILED;
}

/* @argv begins with the verb. */
static int
dispatch (int argc, char **argv, GError **error)
{
  const Verb *verb = find_verb (argv[0]);
  g_autoptr (CormRegistry) registry = corm_registry_new_array (todo_models, error);
  if (registry == NULL)
    return FAILED;
  if (verb != NULL)
    return parse_verb (verb, &argc, &argv, error) && run_verb (verb, argv + 1, registry, error) ? DONE
                                                                                                : FAILED;
  /* corm_main () wants the program's name in front, which stands there. */
  g_setenv ("CORM_DATABASE_URL", db_uri, TRUE);
  return corm_main (argc + 1, argv - 1, registry, NULL);
}

static char *
list_verbs (void)
{
  GString *text = g_string_new ("Commands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    g_string_append_printf (text, "  %-11s %s\n", verbs[i].name, verbs[i].summary);
  g_string_append (text, "and the verbs of corm, for this program's models:\n"
                         "  doctor, port, verify, backup, restore, inspect, diff, maintain, stats, …\n"
                         "\"COMMAND --help\" says more.");
  return g_string_free (text, FALSE);
}

int
main (int argc, char **argv)
{
  static const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_STRING, &db_uri, "The database (sqlite:todowrite.db, or $CORM_DATABASE_URL)",
      "URI" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_autoptr (GError) error = NULL;
  setlocale (LC_ALL, "");
  g_autofree char *list = list_verbs ();
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_set_summary (context, "From a goal, in twelve layers, to the commands that reach it.");
  g_option_context_set_description (context, list);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return fail (error);
  if (argc < 2) {
    g_printerr ("todowrite: a command is missing; \"todowrite --help\" lists them\n");
    return USAGE;
  }
  const char *from_environment = g_getenv ("CORM_DATABASE_URL");
  if (db_uri == NULL)
    db_uri = g_strdup (from_environment != NULL ? from_environment : "sqlite:todowrite.db");
  int result = dispatch (argc - 1, argv + 1, &error);
  return error != NULL ? fail (error) : result;
}
