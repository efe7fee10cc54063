/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Every case on every backend: cmocka gets one test for each pair, and one that is skipped for a backend that is missing. */
#include "suite.h"

#include "place.h"

#include <gmodule.h>

/* libdbi's SQLite driver leaks the message of each failed statement. The native driver's memory is watched by its own
 * tests, which have no such exception. */
G_MODULE_EXPORT const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libsqlite3.so\n";
}

typedef struct {
  guint backend;
  const SuiteCase *one; /* NULL: the backend is missing */
} Pair;

static const CormModel *const *models;
static Places *places; /* of the backend that is on */
static guint places_backend = G_MAXUINT;
static Suite suite;
static gboolean has_tables; /* of the models, in the place that is taken */
static gboolean finished;

static void
leave_place (void)
{
  has_tables = FALSE;
  g_clear_pointer (&suite.registry, corm_registry_free);
  g_clear_pointer (&suite.uri, g_free);
}

static void
use_backend (guint backend)
{
  const char *missing = NULL;
  if (places_backend == backend)
    return;
  leave_place ();
  g_clear_pointer (&places, places_free);
  places = places_new (backend, &missing);
  places_backend = backend;
}

void
suite_skip (const char *reason)
{
  print_message ("# skip %s\n", reason);
  skip ();
  g_assert_not_reached ();
}

void
suite_leave_out (const char *reason)
{
  finished = TRUE;
  suite_skip (reason);
}

CormDb *
suite_open (Suite *s, const CormDbOptions *options)
{
  CormDb *db = NULL;
  CormDbOptions roomy = { .pool_size = 8 };
  assert_ok ((db = corm_db_open_full (s->uri, s->registry, options != NULL ? options : &roomy, error)) !=
             NULL);
  return db;
}

CormConnection *
suite_connect (CormDb *db)
{
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_db_connect (db, error)) != NULL);
  return conn;
}

void
suite_close (Suite *s)
{
  g_clear_pointer (&s->conn, corm_connection_free);
  g_clear_pointer (&s->db, corm_db_free);
}

void
suite_cut (CormConnection *conn)
{
  places_cut (places, conn);
}

/* --- one pair --------------------------------------------------------------------------------------------------- */

/* Rows only: a place and its tables serve all cases, because making them takes MariaDB longer than the case. */
static void
delete_all_rows (CormConnection *conn)
{
  const CormModel *const *known = corm_registry_get_models (suite.registry);
  for (guint i = g_strv_length ((char **) known); i > 0; i--) {
    g_autoptr (GString) sql = g_string_new ("DELETE FROM ");
    corm_sql_append_identifier (sql, corm_connection_get_link (conn)->driver->dialect, known[i - 1]->table);
    suite_sql (conn, sql->str);
  }
}

static gboolean
do_nothing (G_GNUC_UNUSED CormConnection *conn, G_GNUC_UNUSED gpointer data, G_GNUC_UNUSED GError **error)
{
  return TRUE;
}

/* The cases get a role that may change rows and nothing else. The table of tokens is made by who may make tables. */
static void
lend_place (CormDb *owner)
{
  const CormTransactOptions token = { .token = true };
  assert_ok (corm_transact (owner, do_nothing, NULL, &token, error));
  g_autofree char *own = suite.uri;
  suite.uri = places_lend (places, own);
}

static void
enter_place (guint backend)
{
  suite = (Suite){ .backend = places_backends ()[backend], .uri = places_take (places) };
  if (models == NULL)
    return;
  assert_ok ((suite.registry = corm_registry_new_array (models, error)) != NULL);
  g_autoptr (CormDb) db = suite_open (&suite, NULL);
  assert_ok (corm_db_migrate (db, NULL, error));
  if (g_getenv ("CORM_TEST_ROLE") != NULL)
    lend_place (db);
  has_tables = TRUE;
}

static int
set_up (void **state)
{
  const Pair *pair = *state;
  use_backend (pair->backend);
  gboolean used = has_tables;
  if (!used) {
    leave_place ();
    enter_place (pair->backend);
  }
  suite.db = suite_open (&suite, NULL);
  suite.conn = suite_connect (suite.db);
  suite.caps = corm_connection_get_link (suite.conn)->driver->dialect->caps;
  if (places_have_server (places))
    suite.caps |= SUITE_NEEDS_SERVER;
  if (used)
    delete_all_rows (suite.conn);
  finished = FALSE;
  return 0;
}

/* A case that failed or gave up may have left a cursor or a transaction open: its database is not touched again. */
static int
tear_down (G_GNUC_UNUSED void **state)
{
  if (finished) {
    suite_close (&suite);
    return 0;
  }
  places_forget (places);
  leave_place ();
  return 0;
}

static const char *
name_of_cap (guint cap)
{
  static const char *const names[] = { "INSERT … RETURNING",
                                       "DDL in a transaction",
                                       "ADD CONSTRAINT",
                                       "partial indexes",
                                       "indexes on expressions",
                                       "enum types of its own",
                                       "deferrable constraints",
                                       "streaming cursors",
                                       "NaN",
                                       "infinity",
                                       "-0.0",
                                       "descending indexes",
                                       "CREATE SCHEMA in a transaction",
                                       "several rows in VALUES",
                                       "virtual columns",
                                       "order of long decimals" };
  return cap == SUITE_NEEDS_SERVER ? "server that could go away" : names[g_bit_nth_lsf (cap, -1)];
}

static void
run_pair (void **state)
{
  const Pair *pair = *state;
  const char *missing = NULL;
  static char reason[100];
  if (pair->one == NULL) {
    places_new (pair->backend, &missing);
    suite_skip (missing);
  }
  guint lacks = pair->one->needs & ~suite.caps;
  if (lacks != 0) {
    finished = TRUE;
    g_snprintf (reason, sizeof reason, "this backend has no %s", name_of_cap (lacks));
    suite_skip (reason);
  }
  pair->one->run (&suite);
  finished = TRUE;
}

/* --- all pairs -------------------------------------------------------------------------------------------------- */

static gboolean
is_listed (const char *variable, const char *name)
{
  const char *list = g_getenv (variable);
  g_auto (GStrv) patterns = g_strsplit (list != NULL ? list : "", ",", -1);
  for (guint i = 0; patterns[i] != NULL; i++)
    if (g_pattern_match_simple (patterns[i], name))
      return TRUE;
  return FALSE;
}

static gboolean
is_wanted (const char *variable, const char *name)
{
  return g_getenv (variable) == NULL || is_listed (variable, name);
}

gboolean
suite_runs_on (guint backend)
{
  const char *missing = NULL;
  if (!is_wanted ("CORM_TEST_BACKENDS", places_backends ()[backend]))
    return FALSE;
  Places *there = places_new (backend, &missing);
  g_clear_pointer (&there, places_free);
  return missing == NULL;
}

static void
add (GArray *tests, GPtrArray *pairs, guint backend, const SuiteCase *one)
{
  const char *name = places_backends ()[backend];
  Pair *pair = g_new (Pair, 1);
  *pair = (Pair){ .backend = backend, .one = one };
  g_ptr_array_add (pairs, pair);
  struct CMUnitTest test = { .test_func = run_pair,
                             .setup_func = one != NULL ? set_up : NULL,
                             .teardown_func = one != NULL ? tear_down : NULL,
                             .initial_state = pair };
  test.name = one != NULL ? g_strconcat (name, ": ", one->name, NULL) : g_strconcat (name, NULL);
  g_array_append_val (tests, test);
}

static void
free_name (gpointer test)
{
  g_free ((char *) ((struct CMUnitTest *) test)->name);
}

int
suite_run_all (const CormModel *const *the_models, const SuiteCase *cases, gsize n_cases)
{
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  g_array_set_clear_func (tests, free_name);
  models = the_models;
  for (guint b = 0; places_backends ()[b] != NULL; b++) {
    if (!is_wanted ("CORM_TEST_BACKENDS", places_backends ()[b]))
      continue;
    if (!suite_runs_on (b)) {
      add (tests, pairs, b, NULL);
      continue;
    }
    for (gsize i = 0; i < n_cases; i++)
      if (is_wanted ("CORM_TEST_CASES", cases[i].name) &&
          !is_listed ("CORM_TEST_LEFT_OUT_CASES", cases[i].name))
        add (tests, pairs, b, &cases[i]);
  }
  int failed = _cmocka_run_group_tests ("suite", (const struct CMUnitTest *) (gpointer) tests->data,
                                        tests->len, NULL, NULL);
  leave_place ();
  g_clear_pointer (&places, places_free);
  return failed;
}

/* --- short ways ------------------------------------------------------------------------------------------------- */

void
suite_check_error (const char *call, const GError *error, CormError code, const char *const *parts)
{
  if (error == NULL)
    fail_msg ("%s: failed without an error", call);
  if (error->domain != CORM_ERROR || error->code != (int) code)
    fail_msg ("%s: %s instead of %s: %s", call, corm_error_name (error->code), corm_error_name (code),
              error->message);
  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (error->message, parts[i]) == NULL)
      fail_msg ("%s: the message lacks \"%s\": %s", call, parts[i], error->message);
}

void
suite_sql (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: %s", sql, error->message);
}

void
suite_drop_rows (const char *table, const char *when)
{
  const char *dialect = corm_db_get_dialect (suite.db);
  gboolean pgsql = strcmp (dialect, "pgsql") == 0;
  if (strcmp (dialect, "mysql") == 0)
    suite_leave_out ("its triggers leave no rows out");
  g_autofree char *function =
      g_strdup_printf ("CREATE FUNCTION drop_some () RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF %s THEN "
                       "RETURN NULL; END IF; RETURN new; END$$",
                       when);
  g_autofree char *body =
      pgsql ? g_strdup ("FOR EACH ROW EXECUTE FUNCTION drop_some ()")
            : g_strdup_printf ("FOR EACH ROW WHEN %s BEGIN SELECT RAISE (IGNORE); END", when);
  g_autofree char *trigger = g_strdup_printf ("CREATE TRIGGER drop_some BEFORE INSERT ON %s %s", table, body);
  if (pgsql)
    suite_sql (suite.conn, function);
  suite_sql (suite.conn, trigger);
}

void
suite_keep_rows (const char *table)
{
  gboolean pgsql = strcmp (corm_db_get_dialect (suite.db), "pgsql") == 0;
  g_autofree char *sql =
      g_strdup_printf ("DROP TRIGGER drop_some%s%s", pgsql ? " ON " : "", pgsql ? table : "");
  suite_sql (suite.conn, sql);
  if (pgsql)
    suite_sql (suite.conn, "DROP FUNCTION drop_some ()");
}

char *
suite_text (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &error);
  if (cursor == NULL || !corm_cursor_next (cursor, &error))
    fail_msg ("%s: %s", sql, error != NULL ? error->message : "no row");
  corm_value_append_text (corm_cursor_get_value (cursor, 0), text);
  return g_strdup (text->str);
}

gint64
suite_number (CormConnection *conn, const char *sql)
{
  g_autofree char *text = suite_text (conn, sql);
  return g_ascii_strtoll (text, NULL, 10);
}
