/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* corm lint FILE… | --plan FILE: what a script or a plan would do to others, and to what is in the database. */
#include "app.h"

#include <string.h>

static char *db_uri, *dialect_name, *plan_path, *fail_on;
static char **ignored;
static gboolean show_rules, is_page, is_portable, in_transaction;

static const GOptionEntry *
options (void)
{
  static const GOptionEntry entries[] = {
    { "db", 0, 0, G_OPTION_ARG_STRING, &db_uri, "Look at this database's tables and rows too", "URI" },
    { "dialect", 0, 0, G_OPTION_ARG_STRING, &dialect_name,
      "sqlite3, pgsql or mysql; default: that of --db, or of the name FILE.pgsql.sql", "NAME" },
    { "plan", 0, 0, G_OPTION_ARG_FILENAME, &plan_path, "A plan that \"diff --emit plan\" wrote", "FILE" },
    { "transaction", 0, 0, G_OPTION_ARG_NONE, &in_transaction,
      "Each file runs in one transaction (those of a folder do)", NULL },
    { "portable", 0, 0, G_OPTION_ARG_NONE, &is_portable, "Name what another database refuses too", NULL },
    { "ignore", 0, 0, G_OPTION_ARG_STRING_ARRAY, &ignored, "Leave this rule out; may be given again",
      "RULE" },
    { "fail-on", 0, 0, G_OPTION_ARG_STRING, &fail_on,
      "Status 1 from this severity on: error (default), warning or note", "SEVERITY" },
    { "rules", 0, 0, G_OPTION_ARG_NONE, &show_rules, "List the rules", NULL },
    { "markdown", 0, 0, G_OPTION_ARG_NONE, &is_page, "With --rules: as a page, with examples", NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };
  g_clear_pointer (&db_uri, g_free);
  g_clear_pointer (&dialect_name, g_free);
  g_clear_pointer (&plan_path, g_free);
  g_clear_pointer (&fail_on, g_free);
  g_clear_pointer (&ignored, g_strfreev);
  show_rules = is_page = is_portable = in_transaction = FALSE;
  return entries;
}

static const char *const severities[] = { "note", "warning", "error" }; /* by CormSeverity */

/* What all files of one run share. */
typedef struct {
  App *app;
  CormLintOptions lint;
  JsonBuilder *builder; /* NULL: text */
  guint n[G_N_ELEMENTS (severities)];
} Run;

static void
show_finding (Run *run, const char *path, const CormFinding *finding)
{
  const App *app = run->app;
  const char *color = finding->severity == CORM_SEVERITY_ERROR     ? APP_RED
                      : finding->severity == CORM_SEVERITY_WARNING ? APP_YELLOW
                                                                   : APP_DIM;
  g_print ("%s:%u: %s%s%s: %s: %s\n", path, finding->line, app_color (app, color),
           severities[finding->severity], app_color (app, APP_PLAIN), finding->rule->name, finding->message);
  g_print ("    %s%s%s\n    instead: %s\n", app_color (app, APP_DIM), finding->statement,
           app_color (app, APP_PLAIN), finding->rule->advice);
}

static void
build_finding (JsonBuilder *builder, const char *path, const CormFinding *finding)
{
  json_builder_begin_object (builder);
  app_json_string (builder, "file", path);
  app_json_int (builder, "line", finding->line);
  app_json_string (builder, "rule", finding->rule->name);
  app_json_string (builder, "class", corm_lint_class_name (finding->rule->kind));
  app_json_string (builder, "severity", severities[finding->severity]);
  app_json_string (builder, "message", finding->message);
  app_json_string (builder, "statement", finding->statement);
  app_json_string (builder, "instead", finding->rule->advice);
  json_builder_end_object (builder);
}

static void
show_all (Run *run, const char *path, const GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++) {
    const CormFinding *finding = findings->pdata[i];
    run->n[finding->severity]++;
    if (run->builder != NULL)
      build_finding (run->builder, path, finding);
    else
      show_finding (run, path, finding);
  }
}

static char *
read_text (const char *path, GError **error)
{
  gsize size = 0;
  char *text = NULL;
  g_autoptr (GError) why = NULL;
  if (!g_file_get_contents (path, &text, &size, &why)) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, why->message);
    return NULL;
  }
  if (strlen (text) == size && g_utf8_validate (text, -1, NULL))
    return text;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is not a text in UTF-8", path);
  g_free (text);
  return NULL;
}

/* "0003_jobs.pgsql.sql" says it by its name. */
static const char *
dialect_of_name (const char *path)
{
  static const char *const names[] = { "pgsql", "mysql", "sqlite3" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *suffix = g_strdup_printf (".%s.sql", names[i]);
    if (g_str_has_suffix (path, suffix))
      return names[i];
  }
  return NULL;
}

/* A message about "script:3" is one about the file. */
static void
name_file (GError **error, const char *path)
{
  char *message = (*error)->message;
  gboolean script = g_str_has_prefix (message, "script:");
  (*error)->message = script ? g_strconcat (path, message + strlen ("script"), NULL)
                             : g_strdup_printf ("%s: %s", path, message);
  g_free (message);
}

static gboolean
lint_file (Run *run, const char *path, gboolean migration, GError **error)
{
  CormLintOptions lint = run->lint;
  g_autofree char *text = read_text (path, error);
  if (text == NULL)
    return FALSE;
  if (lint.dialect == NULL && lint.conn == NULL)
    lint.dialect = dialect_of_name (path);
  lint.transaction = lint.transaction || migration;
  g_autoptr (GPtrArray) findings = corm_lint_sql (text, &lint, error);
  if (findings == NULL) {
    name_file (error, path);
    return FALSE;
  }
  show_all (run, path, findings);
  return TRUE;
}

static gboolean
lint_plan_file (Run *run, const char *path, GError **error)
{
  g_autofree char *text = read_text (path, error);
  if (text == NULL)
    return FALSE;
  g_autoptr (CormPlan) plan = corm_plan_from_json (text, error);
  if (plan == NULL) {
    g_prefix_error (error, "%s is no plan of \"corm diff --emit plan\": ", path);
    return FALSE;
  }
  g_autoptr (GPtrArray) findings = corm_lint_plan (plan, &run->lint, error);
  if (findings == NULL)
    return FALSE;
  show_all (run, path, findings);
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static gboolean
lint_folder (Run *run, const char *path, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) dir = g_dir_open (path, 0, &why);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  if (dir == NULL) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, why->message);
    return FALSE;
  }
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    if (g_str_has_suffix (name, ".sql") && !g_str_has_suffix (name, ".down.sql"))
      g_ptr_array_add (files, g_build_filename (path, name, NULL));
  g_ptr_array_sort (files, compare_names);
  for (guint i = 0; i < files->len; i++)
    if (!lint_file (run, files->pdata[i], TRUE, error))
      return FALSE;
  return TRUE;
}

static char *
rule_line (const CormLintRule *rule)
{
  return g_strdup_printf ("%-30s %-8s %-15s %-20s %s", rule->name, severities[rule->severity],
                          corm_lint_class_name (rule->kind), rule->dialects, rule->advice);
}

static AppStatus
list_rules (App *app)
{
  g_autoptr (GPtrArray) rules = corm_lint_rules ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < rules->len; i++) {
    const CormLintRule *rule = rules->pdata[i];
    g_autofree char *line = rule_line (rule);
    if (!app->json)
      g_print ("%s\n", line);
    json_builder_begin_object (builder);
    app_json_string (builder, "rule", rule->name);
    app_json_string (builder, "class", corm_lint_class_name (rule->kind));
    app_json_string (builder, "severity", severities[rule->severity]);
    app_json_string (builder, "dialects", rule->dialects);
    app_json_string (builder, "reason", rule->reason);
    app_json_string (builder, "instead", rule->advice);
    app_json_string (builder, "bad", rule->bad);
    app_json_string (builder, "safe", rule->safe);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  if (app->json)
    app_print_json (builder);
  return APP_DONE;
}

/* "postgresql" and "sqlite" are what people write. */
static const char *
canonical_dialect (const char *name)
{
  static const char *const names[][2] = {
    { "postgresql", "pgsql" }, { "postgres", "pgsql" }, { "mariadb", "mysql" }, { "sqlite", "sqlite3" }
  };
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (strcmp (name, names[i][0]) == 0)
      return names[i][1];
  return name;
}

static AppStatus
finish (Run *run)
{
  guint from = CORM_SEVERITY_ERROR, total = 0, failing = 0;
  for (guint i = 0; i < G_N_ELEMENTS (severities); i++)
    from = g_strcmp0 (fail_on, severities[i]) == 0 ? i : from;
  for (guint i = 0; i < G_N_ELEMENTS (severities); i++) {
    total += run->n[i];
    failing += i >= from ? run->n[i] : 0;
  }
  if (run->builder != NULL) {
    json_builder_end_array (run->builder);
    for (guint i = 0; i < G_N_ELEMENTS (severities); i++) {
      g_autofree char *name = g_strdup_printf ("%ss", severities[i]);
      app_json_int (run->builder, name, run->n[i]);
    }
    json_builder_end_object (run->builder);
    app_print_json (run->builder);
  } else if (total == 0) {
    g_print ("no findings\n");
  } else {
    g_print ("%u errors, %u warnings, %u notes\n", run->n[CORM_SEVERITY_ERROR], run->n[CORM_SEVERITY_WARNING],
             run->n[CORM_SEVERITY_NOTE]);
  }
  return failing > 0 ? APP_DIFFERENT : APP_DONE;
}

static gboolean
lint_all (Run *run, GError **error)
{
  const App *app = run->app;
  if (plan_path != NULL && !lint_plan_file (run, plan_path, error))
    return FALSE;
  for (int i = 0; i < app->argc; i++) {
    gboolean folder = g_file_test (app->argv[i], G_FILE_TEST_IS_DIR);
    if (!(folder ? lint_folder (run, app->argv[i], error) : lint_file (run, app->argv[i], FALSE, error)))
      return FALSE;
  }
  return TRUE;
}

static AppStatus
run (App *app, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  Run all = { .app = app, .builder = app->json ? builder : NULL };
  if (show_rules && is_page)
    return app_print_lint_page (), APP_DONE;
  if (show_rules)
    return list_rules (app);
  if (fail_on != NULL && strcmp (fail_on, "error") != 0 && strcmp (fail_on, "warning") != 0 &&
      strcmp (fail_on, "note") != 0)
    return app_usage (error, "--fail-on is error, warning or note, not '%s'", fail_on);
  if (app->argc == 0 && plan_path == NULL)
    return app_usage (error, "lint wants at least one FILE or folder, --plan FILE, or --rules");
  g_autoptr (CormDb) db = db_uri != NULL ? corm_db_open (db_uri, NULL, error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, error) : NULL;
  if (db_uri != NULL && conn == NULL)
    return APP_FAILED;
  all.lint = (CormLintOptions){ .dialect = canonical_dialect (dialect_name), .conn = conn };
  all.lint.transaction = in_transaction;
  all.lint.portable = is_portable;
  all.lint.ignore = (const char *const *) ignored;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  return lint_all (&all, error) ? finish (&all) : APP_FAILED;
}

const AppVerb app_verb_lint = {
  .name = "lint",
  .arguments = "FILE…",
  .summary = "Say what an SQL script would do to others and to the data",
  .description =
      "FILE is an SQL script, or a folder of migrations, of which the up parts are read. A comment\n"
      "\"-- corm:lint-ignore RULE why\" in front of a statement turns a rule off for it.\n"
      "Exit status 1 when there is a finding of severity error (see --fail-on).",
  .max_arguments = G_MAXINT,
  .options = options,
  .run = run,
};
