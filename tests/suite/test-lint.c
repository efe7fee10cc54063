/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every rule of lint on every database that it is about: lint finds it in the bad example and not in the safe one, the
 * bad example does the harm on a real server, and the safe one does not. A rule without an entry here fails.
 * CORM_TEST_BACKENDS and CORM_TEST_CASES as everywhere. */
#include "lint.h"

#include "../lib/place.h"

/* Indices of places_backends (), and what each database calls the same things. */
static const char *const dialects[] = { "sqlite3", "pgsql", "mysql" };

static const LintHarm *
harms_of (guint backend)
{
  return backend == 0 ? lint_sqlite3 : backend == 1 ? lint_pgsql : lint_mysql;
}

typedef struct {
  guint backend;
  const CormLintRule *rule; /* NULL: the backend is missing */
} Trial;

static Places *places; /* of the backend that is on */
static guint places_backend = G_MAXUINT;
static const CormLintRule *trial_rule; /* that is on */

/* Fifty jobs on two clusters, and the logs that nobody gave a key. */
static const char *const tables =
    "CREATE TABLE clusters (id int NOT NULL PRIMARY KEY, name varchar(100) NOT NULL);\n"
    "CREATE TABLE jobs (id int NOT NULL PRIMARY KEY, cluster_id int, name varchar(100), status varchar(20), "
    "pid int);\n"
    "CREATE INDEX jobs_name ON jobs (name);\n"
    "CREATE TABLE logs (id int NOT NULL, line varchar(100));\n"
    "INSERT INTO clusters VALUES (1, 'one');\n"
    "INSERT INTO clusters VALUES (2, 'two')";

static void
open_place (LintPlace *place, Places *from, guint backend)
{
  CormDbOptions options = { .pool_size = 5 };
  place->dialect = dialects[backend];
  place->uri = places_take (from);
  place->log = g_string_new (NULL);
  assert_ok ((place->db = corm_db_open_full (place->uri, NULL, &options, error)) != NULL);
  place->conn = suite_connect (place->db);
  gboolean together =
      corm_connection_get_link (place->conn)->driver->dialect->caps & CORM_CAP_TRANSACTIONAL_DDL;
  if (together)
    suite_sql (place->conn, "BEGIN");
  if (!lint_run_script (place, tables))
    fail_msg ("%s", place->log->str);
  g_autoptr (GString) jobs = g_string_new ("INSERT INTO jobs VALUES ");
  g_autoptr (GString) logs = g_string_new ("INSERT INTO logs VALUES ");
  for (int i = 1; i <= 50; i++) {
    g_string_append_printf (jobs, "%s(%d, %d, 'job %d', '%s', %d)", i > 1 ? ", " : "", i, 1 + i % 2, i,
                            i % 2 ? "new" : "done", 1000 + i);
    g_string_append_printf (logs, "%s(%d, 'line')", i > 1 ? ", " : "", i);
  }
  suite_sql (place->conn, jobs->str);
  suite_sql (place->conn, logs->str);
  if (together)
    suite_sql (place->conn, "COMMIT");
  if (place->harm->setup != NULL && !lint_run_script (place, place->harm->setup))
    fail_msg ("%s: %s", place->harm->rule, place->log->str);
}

void
lint_close (LintPlace *place)
{
  CormLink *link = corm_connection_get_link (place->conn);
  if (link->driver->in_transaction (link))
    lint_run (place, "ROLLBACK");
  corm_connection_free (place->conn);
  corm_db_free (place->db);
  g_free (place->uri);
  g_string_free (place->log, TRUE);
}

gboolean
lint_other_refuses (LintPlace *place, const char *script)
{
  const LintHarm plain = { .rule = place->harm->rule };
  LintPlace other = { .harm = &plain };
  const char *missing = NULL;
  guint backend = 0;
  while (strcmp (dialects[backend], place->harm->probe) != 0)
    backend++;
  Places *elsewhere = places_new (backend, &missing);
  if (elsewhere == NULL) /* it cannot be asked: as the rule says */
    return strcmp (script, trial_rule->bad) == 0;
  open_place (&other, elsewhere, backend);
  gboolean refused = !lint_run_script (&other, script);
  g_string_append (place->log, other.log->str);
  lint_close (&other);
  places_free (elsewhere);
  return refused;
}

/* Whether lint finds @rule in @script. */
static gboolean
finds (const Trial *trial, CormConnection *conn, const char *script)
{
  g_autoptr (GPtrArray) findings = NULL;
  CormLintOptions options = { .dialect = conn == NULL ? dialects[trial->backend] : NULL,
                              .conn = conn,
                              .portable = true };
  assert_ok ((findings = corm_lint_sql (script, &options, error)) != NULL);
  for (guint i = 0; i < findings->len; i++)
    if (strcmp (((const CormFinding *) findings->pdata[i])->rule->name, trial->rule->name) == 0)
      return TRUE;
  return FALSE;
}

/* One example in a place of its own. */
static void
try (const Trial *trial, const LintHarm *harm, gboolean bad)
{
  const char *script = bad ? trial->rule->bad : trial->rule->safe;
  gboolean needs_data = trial->rule->kind == CORM_LINT_DATA_DEPENDENT;
  LintPlace place = { .harm = harm };
  open_place (&place, places, trial->backend);
  if (!needs_data && finds (trial, NULL, script) != bad)
    fail_msg ("%s: lint %s", script, bad ? "does not find it" : "finds it in the safe example");
  if (needs_data && finds (trial, place.conn, script) != bad)
    fail_msg ("%s: lint %s", script, bad ? "does not find it" : "finds it in the safe example");
  if (harm->harm (&place, script) != bad)
    fail_msg ("%s: %s:\n%s", script, bad ? "no harm" : "harm, though it is the safe example", place.log->str);
  lint_close (&place);
  places_drop (places);
}

/* A trial that failed may have left connections open: its database is not touched again. */
static int
set_up (void **state)
{
  const Trial *trial = *state;
  const char *missing = NULL;
  if (places != NULL && places_backend == trial->backend) {
    places_forget (places);
    return 0;
  }
  g_clear_pointer (&places, places_free);
  places = places_new (trial->backend, &missing);
  places_backend = trial->backend;
  return 0;
}

static void
run_trial (void **state)
{
  const Trial *trial = *state;
  if (places == NULL)
    suite_skip ("its server or driver is not here");
  const LintHarm *harm = harms_of (trial->backend);
  while (harm->rule != NULL && strcmp (harm->rule, trial->rule->name) != 0)
    harm++;
  if (harm->rule == NULL)
    fail_msg ("rule %s has no test on %s", trial->rule->name, dialects[trial->backend]);
  trial_rule = trial->rule;
  try (trial, harm, TRUE);
  try (trial, harm, FALSE);
}

static gboolean
is_wanted (const char *variable, const char *name)
{
  const char *list = g_getenv (variable);
  g_auto (GStrv) patterns = g_strsplit (list != NULL ? list : "*", ",", -1);
  for (guint i = 0; patterns[i] != NULL; i++)
    if (g_pattern_match_simple (patterns[i], name))
      return TRUE;
  return FALSE;
}

static void
add (GArray *tests, guint backend, const CormLintRule *rule)
{
  Trial *trial = g_new (Trial, 1);
  *trial = (Trial){ backend, rule };
  struct CMUnitTest test = { .test_func = run_trial, .setup_func = set_up, .initial_state = trial };
  test.name = g_strconcat (dialects[backend], ": ", rule->name, NULL);
  g_array_append_val (tests, test);
}

static void
free_test (gpointer data)
{
  struct CMUnitTest *test = data;
  g_free ((char *) test->name);
  g_free (test->initial_state);
}

int
main (void)
{
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) rules = corm_lint_rules ();
  g_array_set_clear_func (tests, free_test);
  for (guint backend = 0; backend < G_N_ELEMENTS (dialects); backend++)
    for (guint i = 0; i < rules->len; i++) {
      const CormLintRule *rule = rules->pdata[i];
      g_auto (GStrv) about = g_strsplit (rule->dialects, " ", -1);
      if (g_strv_contains ((const char *const *) about, dialects[backend]) &&
          is_wanted ("CORM_TEST_BACKENDS", dialects[backend]) && is_wanted ("CORM_TEST_CASES", rule->name))
        add (tests, backend, rule);
    }
  int failed = _cmocka_run_group_tests ("lint", (const struct CMUnitTest *) (gpointer) tests->data,
                                        tests->len, NULL, NULL);
  g_clear_pointer (&places, places_free);
  return failed;
}
