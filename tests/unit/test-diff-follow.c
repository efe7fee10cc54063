/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A table jobs becomes tasks, its column pid becomes process: what reads them follows, and nothing that only looks like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/diff.h"

#include <string.h>

static const CormDialect leaves_texts = { .name = "leaves", .quote = '`' };
static const CormDialect binds_views = { .name = "binds", .quote = '`', .caps = CORM_CAP_BOUND_VIEWS };
static const CormDialect takes_back = { .name = "takes", .quote = '`', .caps = CORM_CAP_TRANSACTIONAL_DDL };

/* jobs (id, pid) beside list (pid); and an object. */
static CormSchema *
schema_is (const char *kind, const char *table, const char *sql)
{
  CormSchema *schema = corm_schema_new (NULL);
  CormTable *jobs = corm_schema_add_table (schema, "jobs");
  corm_table_add_column (jobs, "id");
  corm_table_add_column (jobs, "pid");
  corm_table_add_column (corm_schema_add_table (schema, "list"), "pid");
  CormSchemaObject *object = corm_schema_add_object (schema, kind, "o");
  object->sql = g_strdup (sql);
  object->table = g_strdup (table);
  return schema;
}

static CormSchema *
schema_should (gboolean renames_table, gboolean renames_column)
{
  CormSchema *schema = corm_schema_new (NULL);
  schema->from_models = TRUE;
  CormTable *tasks = corm_schema_add_table (schema, renames_table ? "tasks" : "jobs");
  corm_table_add_column (tasks, "id");
  CormTableColumn *process = corm_table_add_column (tasks, renames_column ? "process" : "pid");
  corm_table_add_column (corm_schema_add_table (schema, "list"), "pid");
  tasks->was = g_strdup (renames_table ? "jobs" : NULL);
  process->was = g_strdup (renames_column ? "pid" : NULL);
  return schema;
}

static const struct {
  const char *kind, *table, *is, *should;
} cases[] = {
  /* tables */
  { "view", NULL, "SELECT 1 FROM jobs", "SELECT 1 FROM tasks" },
  { "view", NULL, "SELECT 1 from `jobs`", "SELECT 1 from tasks" },
  { "view", NULL, "SELECT 1 FROM (jobs JOIN list)", "SELECT 1 FROM (tasks JOIN list)" },
  { "view", NULL, "SELECT 1 FROM list, jobs", "SELECT 1 FROM list, tasks" },
  { "view", NULL, "SELECT x(jobs (1), jobs) FROM list", "SELECT x(jobs (1), tasks) FROM list" },
  { "view", NULL, "SELECT jobs.id FROM JOBS", "SELECT tasks.id FROM tasks" },
  { "view", NULL, "SELECT list.jobs, jobs2.id, `jobs``2`.id, `job`.id FROM list", NULL },
  { "view", NULL, "SELECT 'jobs.pid', 'it''s jobs.pid' FROM list", NULL },
  { "view", NULL, "SELECT 1 AS jobs FROM list", NULL },
  { "view", NULL, "SELECT a$jobs.id, größejobs.id, Àjobs.id, _jobs.id, jobs_.id, 1jobs.id FROM list", NULL },
  { "procedure", NULL, "BEGIN INSERT INTO jobs VALUES (1); UPDATE  jobs SET id = 1; END",
    "BEGIN INSERT INTO tasks VALUES (1); UPDATE  tasks SET id = 1; END" },
  { "procedure", NULL, "UPDATE jobs SET id = 1", "UPDATE tasks SET id = 1" },
  { "procedure", NULL, "CALL x(jobs, jobs)", NULL },
  { "procedure", NULL, "TRUNCATE TABLE jobs", "TRUNCATE TABLE tasks" },
  { "trigger", "jobs", "CREATE TRIGGER o BEFORE INSERT ON jobs FOR EACH ROW SET @jobs = 1",
    "CREATE TRIGGER o BEFORE INSERT ON tasks FOR EACH ROW SET @jobs = 1" },
  /* columns */
  { "view", NULL, "SELECT jobs.pid AS pid FROM jobs", "SELECT tasks.process AS pid FROM tasks" },
  { "view", NULL, "SELECT `jobs`.`pid` FROM `jobs`", "SELECT tasks.process FROM tasks" },
  { "view", NULL, "SELECT `j`.`pid` FROM `jobs` `j`", "SELECT `j`.process FROM tasks `j`" },
  { "view", NULL, "SELECT `l`.`pid`, `k`.`pid` FROM `list` `l` JOIN `jobs` `j`",
    "SELECT `l`.`pid`, `k`.`pid` FROM `list` `l` JOIN tasks `j`" },
  { "view", NULL, "SELECT `jj`.`pid`, `j`.`pid` FROM (`jobs` `jj` JOIN `list` `j`)",
    "SELECT `jj`.process, `j`.`pid` FROM (tasks `jj` JOIN `list` `j`)" },
  { "view", NULL, "SELECT list.pid, pid FROM list", NULL },
  { "trigger", "jobs", "SET NEW.pid = OLD . pid, @pid = 1", "SET NEW.process = OLD . process, @pid = 1" },
  { "trigger", "list", "SET NEW.pid = old.pid", NULL },
  { "trigger", "jobs", "SET newer.pid = 1, x.pid = 1", NULL },
};

static void
names_are_followed_where_they_are_meant (G_GNUC_UNUSED void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (CormSchema) is = schema_is (cases[i].kind, cases[i].table, cases[i].is);
    g_autoptr (CormSchema) should = schema_should (TRUE, TRUE);
    g_autoptr (CormDiff) diff = corm_diff_new (&leaves_texts, is, should, NULL);
    const CormSchemaObject *object = diff->renamed->objects->pdata[0];
    assert_string_equal (object->sql, cases[i].should != NULL ? cases[i].should : cases[i].is);
    assert_int_equal (diff->changes->len, cases[i].should != NULL ? 4 : 2);
  }
}

/* "drop view o for a while/1", behind the bar the group: what is made together. */
static char *
describe (const CormDialect *dialect, const CormSchema *is, const CormSchema *should)
{
  g_autoptr (CormDiff) diff = corm_diff_new (dialect, is, should, NULL);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < diff->changes->len; i++) {
    const CormChange *change = diff->changes->pdata[i];
    g_string_append_printf (text, "%s/%u\n", change->text, change->group);
  }
  return g_string_free (text, FALSE);
}

static void
what_follows_goes_with_the_rename_that_it_reads (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) is = schema_is ("view", NULL, "SELECT jobs.id FROM jobs");
  g_autoptr (CormSchema) both = schema_should (TRUE, TRUE), column = schema_should (FALSE, TRUE);
  g_autofree char *of_both = describe (&leaves_texts, is, both);
  assert_string_equal (of_both, "drop view o for a while/1\nrename table jobs to tasks/1\n"
                                "rename column tasks.pid to process/0\nput view o back/1\n");
  g_autofree char *of_column = describe (&leaves_texts, is, column);
  assert_string_equal (of_column, "rename column jobs.pid to process/0\n");
}

static void
some_databases_follow_by_themselves (G_GNUC_UNUSED void **state)
{
  static const char alone[] = "rename table jobs to tasks/0\nrename column tasks.pid to process/0\n";
  g_autoptr (CormSchema) is = schema_is ("view", NULL, "SELECT jobs.pid FROM jobs");
  g_autoptr (CormSchema) should = schema_should (TRUE, TRUE);
  g_autofree char *bound = describe (&binds_views, is, should);
  assert_string_equal (bound, alone);
  g_autofree char *back = describe (&takes_back, is, should);
  assert_string_equal (back, alone);
}

/* Those that go are not put back, and what is nowhere told is no text to follow. */
static void
what_goes_is_not_put_back (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) is = schema_is ("view", NULL, "SELECT jobs.id FROM jobs");
  g_autoptr (CormSchema) should = schema_should (TRUE, FALSE);
  should->from_models = FALSE;
  g_autofree char *gone = describe (&leaves_texts, is, should);
  assert_string_equal (gone, "drop view o/0\nrename table jobs to tasks/0\n");
  corm_schema_add_object (should, "view", "o")->sql = g_strdup ("SELECT tasks.id FROM tasks");
  g_autofree char *kept = describe (&leaves_texts, is, should);
  assert_string_equal (kept, "drop view o for a while/1\nrename table jobs to tasks/1\nput view o back/1\n");
  CormSchemaObject *view = should->objects->pdata[0];
  g_free (view->sql);
  view->sql = g_strdup ("SELECT tasks.pid FROM tasks");
  g_autofree char *other = describe (&leaves_texts, is, should);
  assert_string_equal (other, "drop view o/1\nrename table jobs to tasks/0\ncreate view o/1\n");
}

/* The second reads the first. */
static void
those_on_others_go_first_and_come_last (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) is = schema_is ("view", NULL, "SELECT jobs.id FROM jobs");
  g_autoptr (CormSchema) should = schema_should (TRUE, FALSE);
  corm_schema_add_object (is, "view", "p")->sql = g_strdup ("SELECT jobs.id FROM o JOIN jobs");
  g_autofree char *text = describe (&leaves_texts, is, should);
  assert_string_equal (text,
                       "drop view p for a while/1\ndrop view o for a while/1\nrename table jobs to tasks/1\n"
                       "put view o back/1\nput view p back/1\n");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (names_are_followed_where_they_are_meant),
    cmocka_unit_test (what_follows_goes_with_the_rename_that_it_reads),
    cmocka_unit_test (some_databases_follow_by_themselves),
    cmocka_unit_test (what_goes_is_not_put_back),
    cmocka_unit_test (those_on_others_go_first_and_come_last),
  };
  return cmocka_run_group_tests_name ("diff-follow", tests, NULL, NULL);
}
