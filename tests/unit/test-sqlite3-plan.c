/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A database goes from one schema to another by a plan with changes of every kind, and by the plan's reverse back to the
 * old texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sqlite3.h"

#include <string.h>

static const char from_sql[] =
    "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n"
    "CREATE TABLE jobs ( -- the jobs\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  [na me] TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'x' COLLATE nocase, /* name */\n"
    "  pay INT CHECK (pay > 0),\n"
    "  team INT REFERENCES teams ON DELETE CASCADE,\n"
    "  old TEXT,\n"
    "  UNIQUE ([na me], team) ON CONFLICT IGNORE\n"
    ") STRICT;\n"
    "CREATE INDEX by_pay ON jobs (pay DESC) WHERE pay > 1;\n"
    "CREATE VIEW paid AS SELECT id, pay FROM jobs WHERE pay > 3;\n"
    "CREATE VIEW teams_of AS SELECT id FROM teams;\n"
    "CREATE TRIGGER tr AFTER INSERT ON jobs BEGIN UPDATE teams SET name = name || new.id WHERE id = "
    "new.team; END;";

static const char to_sql[] =
    "CREATE TABLE teams (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, extra INT NOT NULL DEFAULT 4);\n"
    "CREATE TABLE jobs (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  \"na me\" TEXT NOT NULL DEFAULT 'y' COLLATE nocase,\n"
    "  pay REAL CHECK (pay >= 0),\n"
    "  team INT REFERENCES teams ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,\n"
    "  UNIQUE (\"na me\", team) ON CONFLICT FAIL\n"
    ");\n"
    "CREATE INDEX by_pay ON jobs (pay, team);\n"
    "CREATE VIEW paid AS SELECT id, pay FROM jobs WHERE pay > 5;\n"
    "CREATE VIEW teams_of AS SELECT id FROM teams;\n"
    "CREATE TRIGGER tr AFTER INSERT ON jobs BEGIN UPDATE teams SET extra = 1 WHERE id = new.team; END;";

/* The same with other names. */
static const char renamed_sql[] =
    "CREATE TABLE teams (\n  id INTEGER PRIMARY KEY,\n  label TEXT NOT NULL -- corm:was name\n"
    ");\n"
    "CREATE TABLE work ( -- corm:was jobs\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  title TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'z' COLLATE nocase, -- corm:was \"na me\"\n"
    "  pay INT CHECK (pay > 0),\n"
    "  team INT REFERENCES teams ON DELETE CASCADE,\n"
    "  old TEXT,\n"
    "  UNIQUE (title, team) ON CONFLICT IGNORE\n"
    ") STRICT;\n"
    "CREATE INDEX by_pay ON work (pay DESC) WHERE pay > 1;\n"
    "CREATE VIEW paid AS SELECT id, pay FROM work WHERE pay > 3;\n"
    "CREATE VIEW teams_of AS SELECT id FROM teams;\n"
    "CREATE TRIGGER tr AFTER INSERT ON work BEGIN UPDATE teams SET label = label || new.id WHERE id = "
    "new.team; END;";

static const char schema_sql[] = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
static const char rows_sql[] =
    "SELECT j.id, \"na me\", pay, team, name FROM jobs j JOIN teams t ON t.id = team ORDER BY 1";

static CormPlan *
migrate (CormConnection *conn, const char *script)
{
  static const char *const allow[] = { "change", "destructive", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) to = corm_schema_from_sql (conn, script, &error);
  const CormMigrateOptions options = { .allow = allow };
  CormPlan *plan = to != NULL ? corm_schema_migrate (conn, to, &options, &error) : NULL;
  if (plan == NULL)
    fail_msg ("%s", error->message);
  return plan;
}

/* SQLite writes a new name in quotes where it renames by itself. */
static void
strip_quotes (char *text)
{
  char *to = text;
  for (const char *from = text; *from != '\0'; from++)
    if (strchr ("\"[]", *from) == NULL)
      *to++ = *from;
  *to = '\0';
}

static void
run_back (CormConnection *conn, const CormPlan *plan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) back = g_ptr_array_new ();
  for (guint i = plan->ops->len; i-- > 0;) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; s < op->reverse->len; s++)
      g_ptr_array_add (back, op->reverse->pdata[s]);
  }
  if (!run_statements (conn, back, &error))
    fail_msg ("%s", error->message);
}

static void
go_there_and_back (const char *target, gboolean renames, const char *probe, const char *reads)
{
  g_autoptr (CormConnection) conn = open_memory ();
  g_autoptr (CormPlan) first = migrate (conn, from_sql);
  assert_true (corm_plan_get_n_changes (first) > 0);
  run (conn, "INSERT INTO teams VALUES (1, 't')");
  run (conn, "INSERT INTO jobs (\"na me\", pay, team) VALUES ('a', 5, 1), ('b', 2, 1)");
  g_autofree char *schema = read_all (conn, schema_sql), *rows = read_all (conn, rows_sql);

  g_autoptr (CormPlan) plan = migrate (conn, target);
  g_autoptr (CormPlan) rest = migrate (conn, target);
  assert_int_equal (corm_plan_get_n_changes (rest), 0);
  assert_int_equal (corm_plan_get_n_differences (rest), 0);
  assert_reads (conn, probe, reads);

  run_back (conn, plan);
  g_autofree char *schema_back = read_all (conn, schema_sql), *rows_back = read_all (conn, rows_sql);
  if (renames) {
    strip_quotes (schema);
    strip_quotes (schema_back);
  }
  assert_string_equal (schema_back, schema);
  assert_string_equal (rows_back, rows);
}

static void
a_plan_leads_there_and_back (G_GNUC_UNUSED void **state)
{
  go_there_and_back (to_sql, FALSE, "SELECT typeof(pay), \"na me\" FROM jobs ORDER BY id",
                     "|real|a\n|real|b\n");
}

static void
renames_lead_there_and_back (G_GNUC_UNUSED void **state)
{
  go_there_and_back (renamed_sql, TRUE,
                     "SELECT title, label FROM work JOIN teams ON teams.id = team ORDER BY 1",
                     "|a|t12\n|b|t12\n");
}

/* All views and triggers have to find what they name while SQLite renames: they step aside with a view that changes, and
 * a view's own triggers go and come with it. A trigger of a dropped table comes back with the table. */
static void
views_on_views_step_aside (G_GNUC_UNUSED void **state)
{
  static const char from[] = "CREATE TABLE a (x TEXT COLLATE NOCASE);\n"
                             "CREATE TABLE b (y);\n"
                             "CREATE TABLE gone (z);\n"
                             "CREATE VIEW \"v\"\"1\" AS SELECT y FROM b;\n"
                             "CREATE VIEW v2 AS SELECT count(*) AS n FROM \"v\"\"1\";\n"
                             "CREATE TRIGGER tr AFTER INSERT ON gone BEGIN DELETE FROM b; END;\n"
                             "CREATE TRIGGER of_v INSTEAD OF DELETE ON \"v\"\"1\" BEGIN DELETE FROM b; END;";
  static const char to[] = "CREATE TABLE c ( -- corm:was a\n  x TEXT);\n"
                           "CREATE TABLE b (y, more);\n"
                           "CREATE VIEW \"v\"\"1\" AS SELECT y FROM b LIMIT 7;\n"
                           "CREATE VIEW v2 AS SELECT count(*) AS n FROM \"v\"\"1\";\n"
                           "CREATE TRIGGER of_v INSTEAD OF DELETE ON \"v\"\"1\" BEGIN DELETE FROM b; END;";
  g_autoptr (CormConnection) conn = open_memory ();
  corm_plan_free (migrate (conn, from));
  g_autofree char *schema = read_all (conn, schema_sql);
  g_autoptr (CormPlan) plan = migrate (conn, to);
  g_autoptr (CormPlan) rest = migrate (conn, to);
  assert_int_equal (corm_plan_get_n_changes (rest), 0);
  run_back (conn, plan);
  g_autofree char *schema_back = read_all (conn, schema_sql);
  strip_quotes (schema);
  strip_quotes (schema_back);
  assert_string_equal (schema_back, schema);
}

/* Step by step too nothing is left that points to no row; two tables whose keys change together are one step. */
static void
no_step_leaves_orphans (G_GNUC_UNUSED void **state)
{
  static const char *const allow[] = { "change", "destructive", NULL };
  static const char from[] = "CREATE TABLE p (k INT PRIMARY KEY);\n"
                             "CREATE TABLE c (k INT REFERENCES p (k));";
  static const char one[] = "CREATE TABLE p (\n  k BIGINT PRIMARY KEY -- corm:convert k + 10\n);\n"
                            "CREATE TABLE c (k INT REFERENCES p (k), more INT);";
  static const char both[] = "CREATE TABLE p (\n  k BIGINT PRIMARY KEY -- corm:convert k + 10\n);\n"
                             "CREATE TABLE c (\n  k BIGINT REFERENCES p (k) -- corm:convert k + 10\n);";
  const CormMigrateOptions options = { .allow = allow, .online = true };
  g_autoptr (CormConnection) conn = open_memory ();
  corm_plan_free (migrate (conn, from));
  g_autoptr (GError) error = NULL;
  run (conn, "INSERT INTO p VALUES (1), (2)");
  run (conn, "INSERT INTO c VALUES (1)");
  g_autoptr (CormSchema) to_one = corm_schema_from_sql (conn, one, &error);
  assert_null (corm_schema_migrate (conn, to_one, &options, &error));
  assert_int_equal (error->code, CORM_ERROR_FOREIGN_KEY);
  g_clear_error (&error);
  assert_reads (conn, "SELECT p.k FROM p JOIN c USING (k)", "|1\n");
  g_autoptr (CormSchema) to_both = corm_schema_from_sql (conn, both, &error);
  g_autoptr (CormPlan) plan = corm_schema_migrate (conn, to_both, &options, &error);
  if (plan == NULL)
    fail_msg ("%s", error->message);
  assert_reads (conn, "SELECT p.k FROM p JOIN c USING (k)", "|11\n");
}

/* A conversion is over the table as it was; rows are looked at only where all that is named is there. */
static void
a_conversion_speaks_of_the_old_names (G_GNUC_UNUSED void **state)
{
  static const char to[] = "CREATE TABLE t (\n"
                           "  -- corm:was \"it's a\"\n"
                           "  b TEXT NOT NULL, -- corm:convert coalesce(\"it's a\", 'none')\n"
                           "  n INT,\n"
                           "  \"qu\"\"ote\" INT CHECK (\"qu\"\"ote\" > 0)\n"
                           ");\n"
                           "CREATE UNIQUE INDEX i ON t (n) WHERE \"qu\"\"ote\" > 1;";
  g_autoptr (CormConnection) conn = open_memory ();
  corm_plan_free (migrate (conn, "CREATE TABLE t (\"it's a\" TEXT, n INT);"));
  run (conn, "INSERT INTO t VALUES (NULL, 1), ('x', 2)");
  g_autoptr (CormPlan) plan = migrate (conn, to);
  assert_true (corm_plan_get_n_changes (plan) > 0);
  assert_reads (conn, "SELECT b, n FROM t ORDER BY n", "|none|1\n|x|2\n");
}

/* SQLite would say nothing, and the trigger never run again, the foreign key fail at the next write. */
static void
what_waits_for_a_column_is_named (G_GNUC_UNUSED void **state)
{
  static const char *const allow[] = { "change", "destructive", NULL };
  static const char from[] =
      "CREATE TABLE p (id INTEGER PRIMARY KEY, k INT UNIQUE, note TEXT, kept INT);\n"
      "CREATE TABLE c (k INT REFERENCES p (K), other INT);\n"
      "CREATE TRIGGER \"of\" AFTER UPDATE OF kept, [note] ON p BEGIN DELETE FROM c; END;";
  static const char trigger[] =
      "CREATE TRIGGER \"of\" AFTER UPDATE OF kept, [note] ON p BEGIN DELETE FROM c; END;";
  static const char key[] = "CREATE TABLE c (k INT REFERENCES p (k), other INT);\n";
  const CormMigrateOptions options = { .allow = allow, .dry_run = true };
  g_autoptr (CormConnection) conn = open_memory ();
  corm_plan_free (migrate (conn, from));
  g_autoptr (GError) error = NULL;
  g_autofree char *without_note =
      g_strconcat ("CREATE TABLE p (id INTEGER PRIMARY KEY, k INT UNIQUE, kept INT);\n", key, trigger, NULL);
  g_autofree char *without_k =
      g_strconcat ("CREATE TABLE p (id INTEGER PRIMARY KEY, note TEXT, kept INT);\n", key, trigger, NULL);
  g_autofree char *without_both =
      g_strconcat ("CREATE TABLE p (id INTEGER PRIMARY KEY, kept INT);\n"
                   "CREATE TABLE c (k INT, other INT);\n"
                   "CREATE TRIGGER \"of\" AFTER UPDATE OF kept ON p BEGIN DELETE FROM c; END;",
                   NULL);
  g_autoptr (CormSchema) one = corm_schema_from_sql (conn, without_note, &error);
  assert_null (corm_schema_migrate (conn, one, &options, &error));
  assert_non_null (strstr (error->message, "column note of table p: trigger of waits"));
  g_clear_error (&error);
  g_autoptr (CormSchema) other = corm_schema_from_sql (conn, without_k, &error);
  assert_null (corm_schema_migrate (conn, other, &options, &error));
  assert_non_null (strstr (error->message, "foreign key of table c (k) points to it"));
  g_autoptr (CormPlan) plan = migrate (conn, without_both);
  assert_true (corm_plan_get_n_changes (plan) > 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_plan_leads_there_and_back),
    cmocka_unit_test (renames_lead_there_and_back),
    cmocka_unit_test (views_on_views_step_aside),
    cmocka_unit_test (no_step_leaves_orphans),
    cmocka_unit_test (a_conversion_speaks_of_the_old_names),
    cmocka_unit_test (what_waits_for_a_column_is_named),
  };
  return cmocka_run_group_tests_name ("sqlite3-plan", tests, NULL, NULL);
}
