/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The ten changes that Alembic's documentation says autogenerate can't detect, or not fully
 * (https://alembic.sqlalchemy.org/en/latest/autogenerate.html): a difference names each of them, it is made, and then there
 * is none. There is no shadow database; on PostgreSQL the role may create none. */
#include "../lib/fresh.h"

#include <unistd.h>

/* A change as two scripts; @dialect NULL: those of all others. */
typedef struct {
  const char *dialect;
  const char *before, *after; /* NULL: this database has no such thing */
  const char *kinds;          /* of operations that have to be in the plan, parted by blanks */
} Change;

static CormConnection *
open_place (void **state)
{
  g_autofree char *uri = fresh_uri (state);
  CormConnection *conn = NULL;
  assert_ok ((conn = corm_connection_open_uri (uri, error)) != NULL);
  return conn;
}

static const Change *
change_for (CormConnection *conn, const Change *changes)
{
  const char *name = corm_connection_get_link (conn)->driver->dialect->name;
  while (changes->dialect != NULL && strcmp (changes->dialect, name) != 0)
    changes++;
  return changes;
}

/* Statements are parted by ";\n". */
static void
run_script (CormConnection *conn, const char *script)
{
  g_auto (GStrv) statements = g_strsplit (script, ";\n", -1);
  for (char **statement = statements; *statement != NULL; statement++)
    if (**statement != '\0')
      fresh_run (conn, *statement);
}

static char *
kinds_of (const CormPlan *plan)
{
  GString *kinds = g_string_new (" ");
  for (guint i = 0; i < plan->ops->len; i++) {
    g_autofree char *kind = corm_op_get_kind_name (plan->ops->pdata[i]);
    g_string_append_printf (kinds, "%s ", kind);
  }
  return g_string_free (kinds, FALSE);
}

static char *
diff_kinds (CormConnection *conn, const CormSchema *to)
{
  g_autoptr (CormSchema) live = NULL;
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((live = corm_schema_inspect (conn, error)) != NULL);
  assert_ok ((plan = corm_schema_diff (conn, live, to, error)) != NULL);
  return kinds_of (plan);
}

static void
assert_kinds (const char *found, const char *wanted)
{
  g_auto (GStrv) kinds = g_strsplit (wanted, " ", -1);
  for (char **kind = kinds; *kind != NULL; kind++) {
    g_autofree char *word = g_strdup_printf (" %s ", *kind);
    if (strstr (found, word) == NULL)
      fail_msg ("the difference lacks %s: it is%s", *kind, found);
  }
}

/* One way: named, made, gone. */
static void
detect (CormConnection *conn, const char *script, const char *kinds)
{
  const char *const all[] = { "destructive", "change", NULL };
  const CormMigrateOptions options = { .allow = all };
  g_autoptr (CormSchema) to = NULL;
  g_autoptr (CormPlan) plan = NULL;
  assert_ok ((to = corm_schema_from_sql (conn, script, error)) != NULL);
  g_autofree char *found = diff_kinds (conn, to);
  assert_kinds (found, kinds);
  assert_ok ((plan = corm_schema_migrate (conn, to, &options, error)) != NULL);
  g_autofree char *left = diff_kinds (conn, to);
  assert_string_equal (left, " ");
}

static void
expect (void **state, const Change *changes)
{
  g_autoptr (CormConnection) conn = open_place (state);
  const Change *change = change_for (conn, changes);
  if (change->before == NULL) {
    g_clear_pointer (&conn, corm_connection_free); /* skip () frees nothing */
    print_message ("# skip this database has no such thing\n");
    skip ();
  }
  run_script (conn, change->before);
  detect (conn, change->after, change->kinds);
}

/* --- the ten */

static void
a_table_has_another_name (void **state)
{
  const Change changes[] = {
    { NULL, "CREATE TABLE tasks (id integer NOT NULL PRIMARY KEY, name varchar(20))",
      "-- corm:was tasks\nCREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, name varchar(20));",
      "rename-table" }
  };
  expect (state, changes);
}

static void
a_column_has_another_name (void **state)
{
  const Change changes[] = {
    { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, title varchar(20))",
      "CREATE TABLE jobs (\n  id integer NOT NULL PRIMARY KEY,\n  name varchar(20) -- corm:was title\n);",
      "rename-column" }
  };
  expect (state, changes);
}

#define BARE_JOBS "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer NOT NULL, b integer)"

static void
constraints_have_no_names (void **state)
{
  const char *const bound = "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer NOT NULL, b "
                            "integer, UNIQUE (a), CHECK (b > 0))";
  const Change adds[] = { { NULL, BARE_JOBS, bound, "add-unique add-check" } };
  const Change drops[] = { { NULL, bound, BARE_JOBS, "drop-unique drop-check" } };
  expect (state, adds);
  expect (state, drops);
}

static void
a_check_has_another_text (void **state)
{
  const Change changes[] = {
    { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, b integer, CONSTRAINT ck CHECK (b > 0))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, b integer, CONSTRAINT ck CHECK (b > 0 AND b < 9))",
      "drop-check add-check" }
  };
  expect (state, changes);
}

static void
an_enum_has_other_labels (void **state)
{
  const Change changes[] = {
    { "pgsql",
      "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m mood)",
      "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');\nCREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, "
      "m mood);",
      "add-label" },
    { "mysql", "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m enum('sad', 'ok'))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m enum('sad', 'ok', 'happy'))", "set-type" },
    { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m text CHECK (m IN ('sad', 'ok')))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m text CHECK (m IN ('sad', 'ok', 'happy')))",
      "drop-check add-check" }
  };
  const Change fewer[] = {
    { "pgsql",
      "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');\nCREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, "
      "m mood)",
      "CREATE TYPE mood AS ENUM ('happy', 'sad');\nCREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m "
      "mood);",
      "change-enum" },
    { "mysql", "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m enum('sad', 'ok', 'happy'))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m enum('happy', 'sad'))", "set-type" },
    { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m text CHECK (m IN ('sad', 'ok')))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, m text CHECK (m IN ('sad')))",
      "drop-check add-check" }
  };
  expect (state, changes);
  expect (state, fewer);
}

static void
a_table_has_another_primary_key (void **state)
{
  const Change changes[] = {
    { NULL, "CREATE TABLE jobs (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a))",
      "CREATE TABLE jobs (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a, b))",
      "drop-primary-key add-primary-key" }
  };
  const Change order[] = {
    { NULL, "CREATE TABLE jobs (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a, b))",
      "CREATE TABLE jobs (a integer NOT NULL, b integer NOT NULL)", "drop-primary-key" }
  };
  expect (state, changes);
  expect (state, order);
}

static void
rows_exclude_each_other (void **state)
{
  const Change adds[] = {
    { "pgsql", "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, during int4range)",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, during int4range, CONSTRAINT alone EXCLUDE "
      "USING gist (during WITH &&))",
      "create-constraint" },
    { NULL, NULL, NULL, NULL }
  };
  const Change changes[] = {
    { "pgsql",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, during int4range, CONSTRAINT alone EXCLUDE "
      "USING gist (during WITH &&))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, during int4range, CONSTRAINT alone EXCLUDE "
      "USING gist (during WITH &&) WHERE (id > 5))",
      "drop-constraint create-constraint" },
    { NULL, NULL, NULL, NULL }
  };
  expect (state, adds);
  expect (state, changes);
}

static void
there_is_a_sequence (void **state)
{
  const Change adds[] = { { "sqlite3", NULL, NULL, NULL },
                          { NULL, BARE_JOBS, BARE_JOBS ";\nCREATE SEQUENCE numbers INCREMENT BY 5",
                            "create-sequence" } };
  const Change changes[] = { { "sqlite3", NULL, NULL, NULL },
                             { NULL, "CREATE SEQUENCE numbers INCREMENT BY 5",
                               "CREATE SEQUENCE numbers INCREMENT BY 7", "create-sequence" } };
  expect (state, adds);
  expect (state, changes);
}

static void
a_generated_column_has_another_expression (void **state)
{
#define GENERATED(x) \
  "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer, g integer GENERATED ALWAYS AS (a * " x \
  ") STORED)"
  /* PostgreSQL has no other way than to make the column anew. */
  const Change changes[] = { { "pgsql", GENERATED ("2"), GENERATED ("3"), "drop-column add-column" },
                             { NULL, GENERATED ("2"), GENERATED ("3"), "set-generated" } };
  expect (state, changes);
}

static void
a_column_has_another_default (void **state)
{
  const Change literal[] = {
    { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer DEFAULT 1)",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer DEFAULT 2)", "set-default" }
  };
  const Change expression[] = {
    { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a varchar(9) DEFAULT (lower('A')))",
      "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a varchar(9) DEFAULT (upper('A')))",
      "set-default" }
  };
  const Change none[] = { { NULL, "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer DEFAULT 1)",
                            "CREATE TABLE jobs (id integer NOT NULL PRIMARY KEY, a integer)",
                            "drop-default" } };
  expect (state, literal);
  expect (state, expression);
  expect (state, none);
}

/* --- PostgreSQL's role: it may make schemas and nothing else */

static char *role; /* NULL: there is no server, or no superuser who could make one */

/* {r} is the role. */
static void
as_superuser (CormConnection *admin, const char *sql)
{
  g_autoptr (GString) text = g_string_new (sql);
  g_string_replace (text, "{r}", role, 0);
  fresh_run (admin, text->str);
}

static int
become_a_small_role (G_GNUC_UNUSED void **state)
{
  const char *server = g_getenv ("CORM_TEST_PGSQL"), *super = g_getenv ("CORM_TEST_PGSQL_ADMIN");
  g_autoptr (CormConnection) admin = super != NULL ? corm_connection_open_uri (super, NULL) : NULL;
  if (server == NULL || admin == NULL)
    return 0;
  role = g_strdup_printf ("corm_ten_%d", (int) getpid ());
  as_superuser (admin, "CREATE ROLE {r} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE");
  as_superuser (admin, "GRANT CREATE ON DATABASE corm_test TO {r}");
  g_autoptr (GString) uri = g_string_new (server);
  g_autofree char *user = g_strconcat ("user=", role, NULL);
  assert_int_equal (g_string_replace (uri, "user=corm", user, 1), 1);
  g_setenv ("CORM_TEST_PGSQL", uri->str, TRUE);
  return 0;
}

static int
remove_the_role (void **state)
{
  fresh_end (state);
  if (role == NULL)
    return 0;
  g_autoptr (CormConnection) admin = corm_connection_open_uri (g_getenv ("CORM_TEST_PGSQL_ADMIN"), NULL);
  as_superuser (admin, "DROP OWNED BY {r} CASCADE");
  as_superuser (admin, "DROP ROLE {r}");
  g_clear_pointer (&role, g_free);
  return 0;
}

static void
the_role_may_create_no_database (void **state)
{
  g_autoptr (CormConnection) conn = open_place (state);
  if (role == NULL) {
    print_message ("# skip no superuser who could make a role\n");
    skip ();
  }
  g_autofree char *may =
      fresh_text (conn, "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user");
  assert_string_equal (may, "false");
}

#define EVERYWHERE(f) FRESH_ON (f, 0), FRESH_ON (f, 1), FRESH_ON (f, 2)

int
main (void)
{
  const struct CMUnitTest tests[] = { EVERYWHERE (a_table_has_another_name),
                                      EVERYWHERE (a_column_has_another_name),
                                      EVERYWHERE (constraints_have_no_names),
                                      EVERYWHERE (a_check_has_another_text),
                                      EVERYWHERE (an_enum_has_other_labels),
                                      EVERYWHERE (a_table_has_another_primary_key),
                                      EVERYWHERE (rows_exclude_each_other),
                                      EVERYWHERE (there_is_a_sequence),
                                      EVERYWHERE (a_generated_column_has_another_expression),
                                      EVERYWHERE (a_column_has_another_default),
                                      FRESH_ON (the_role_may_create_no_database, 1) };
  return cmocka_run_group_tests_name ("ten-changes", tests, become_a_small_role, remove_the_role);
}
