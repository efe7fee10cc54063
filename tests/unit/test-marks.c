/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Comments that say a former name or a conversion find their column or table; one that belongs to nothing is named with
 * its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evolve/marks.h"

#include <string.h>

static const CormDialect dialect = { .lexis = CORM_LEX_BACKTICK | CORM_LEX_BRACKET | CORM_LEX_DOLLAR_QUOTE };

/* What the script would make. */
static CormSchema *
jobs_schema (void)
{
  CormSchema *schema = corm_schema_new (NULL);
  CormTable *jobs = corm_schema_add_table (schema, "jobs");
  corm_table_add_column (jobs, "id");
  corm_table_add_column (jobs, "state");
  corm_table_add_column (jobs, "Two, \"words\"");
  CormTable *hosts = corm_schema_add_table (schema, "Hosts");
  corm_table_add_column (hosts, "name");
  return schema;
}

/* "table was; table.column was; table.column convert; …" of all that is set. */
static char *
marks_of (const CormSchema *schema)
{
  GString *text = g_string_new (NULL);
  for (guint t = 0; t < schema->tables->len; t++) {
    const CormTable *table = schema->tables->pdata[t];
    if (table->was != NULL)
      g_string_append_printf (text, "%s was %s; ", table->name, table->was);
    for (guint i = 0; i < table->columns->len; i++) {
      const CormTableColumn *column = table->columns->pdata[i];
      if (column->was != NULL)
        g_string_append_printf (text, "%s.%s was %s; ", table->name, column->name, column->was);
      if (column->convert != NULL)
        g_string_append_printf (text, "%s.%s by %s; ", table->name, column->name, column->convert);
    }
  }
  return g_string_free (text, FALSE);
}

static void
expect (const char *script, const char *marks)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema = jobs_schema ();
  if (!corm_marks_read (&dialect, script, schema, &error))
    fail_msg ("%s: %s", script, error->message);
  g_autofree char *found = marks_of (schema);
  assert_string_equal (found, marks);
}

static void
expect_refused (const char *script, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) schema = jobs_schema ();
  assert_false (corm_marks_read (&dialect, script, schema, &error));
  assert_int_equal (error->code, CORM_ERROR_INVALID);
  if (strstr (error->message, part) == NULL)
    fail_msg ("%s: lacks \"%s\"", error->message, part);
}

static void
a_column_is_marked_behind_its_line (G_GNUC_UNUSED void **state)
{
  expect ("CREATE TABLE jobs (\n  id int,\n  state text DEFAULT ',' CHECK (state IN ('a', 'b')), -- corm:was "
          "status\n"
          "  \"Two, \"\"words\"\"\" text -- corm:was three\n);",
          "jobs.state was status; jobs.Two, \"words\" was three; ");
  expect ("CREATE TABLE jobs (\n  id int, -- a number\n  state int NOT NULL -- corm:convert CAST(status AS "
          "int)  \n)",
          "jobs.state by CAST(status AS int); ");
}

static void
a_column_is_marked_in_front_of_its_line (G_GNUC_UNUSED void **state)
{
  expect (
      "CREATE TABLE IF NOT EXISTS jobs\n(\n  -- corm:was number\n  id int,\n  -- corm:was status\n  -- why\n"
      "  -- corm:convert coalesce(status, 'new')\n  STATE text\n);",
      "jobs.id was number; jobs.state was status; jobs.state by coalesce(status, 'new'); ");
}

static void
a_table_is_marked (G_GNUC_UNUSED void **state)
{
  expect ("-- corm:was tasks\nCREATE TABLE jobs (id int);\n-- corm:was machines\n\n-- Machines.\ncreate "
          "table hosts (\n  name text\n)",
          "jobs was tasks; Hosts was machines; ");
  expect ("CREATE TABLE jobs ( -- corm:was [my tasks]\n  id int -- corm:was no\n);",
          "jobs was my tasks; jobs.id was no; ");
  expect ("CREATE TABLE jobs (id int); -- corm:was tasks\nCREATE TABLE hosts (name text);",
          "jobs was tasks; ");
}

static void
what_only_looks_like_a_mark_is_none (G_GNUC_UNUSED void **state)
{
  expect ("CREATE TABLE jobs (id int DEFAULT '-- corm:was x'); -- corm:wasp y\n/* -- corm:was z */ -- see "
          "corm:was\n"
          "CREATE FUNCTION f() AS $$ -- corm:was y $$;",
          "");
}

static void
a_mark_that_belongs_to_nothing_is_an_error (G_GNUC_UNUSED void **state)
{
  expect_refused ("CREATE TABLE jobs (\n  id int,\n  -- corm:was status\n  CHECK (id > 0)\n)",
                  "line 3: '-- corm:was status'");
  expect_refused ("CREATE TABLE jobs (\n  id int\n  -- corm:was status\n)", "line 3");
  expect_refused ("CREATE TABLE jobs (\n  id int,\n  PRIMARY KEY (id) -- corm:was status\n)", "line 3");
  expect_refused ("CREATE TABLE jobs (id int);\n\n-- corm:was tasks\n", "line 3");
  expect_refused ("-- corm:was tasks\nCREATE VIEW v AS SELECT 1;", "line 1");
  expect_refused ("CREATE VIEW v AS SELECT 1; -- corm:was w", "belongs to no column and no table");
  expect_refused ("CREATE TABLE unknown (\n  id int -- corm:was x\n)", "line 2");
}

static void
a_mark_that_may_be_the_table_s_or_a_column_s_is_an_error (G_GNUC_UNUSED void **state)
{
  expect_refused ("CREATE TABLE jobs (id int, state text, -- corm:was status\n  \"Two, \"\"words\"\"\" text)",
                  "line 1: '-- corm:was status': is it the table's or a column's?");
  expect_refused ("CREATE TABLE jobs (id int,\n  state text); -- corm:was status\n", "line 2");
  expect_refused ("CREATE TABLE jobs (\n  id int, -- corm:was number\n  state text -- corm:was number\n);",
                  "line 3: '-- corm:was number': another one says already");
  expect_refused (
      "-- corm:was a\nCREATE TABLE jobs (id int);\n-- corm:was a\nCREATE TABLE hosts (name text);",
      "line 3: '-- corm:was a': another one says already");
  expect ("CREATE TABLE jobs (\n  id int,\n  state text\n); -- corm:was tasks\n", "jobs was tasks; ");
  expect ("CREATE TABLE jobs (id int, -- a number\n  state text -- corm:was status\n);",
          "jobs.state was status; ");
}

static void
a_mark_without_its_word_is_an_error (G_GNUC_UNUSED void **state)
{
  expect_refused ("CREATE TABLE jobs (\n  id int -- corm:was\n)", "line 2: '-- corm:was': one name");
  expect_refused ("CREATE TABLE jobs (\n  id int -- corm:was two words\n)", "one name");
  expect_refused ("CREATE TABLE jobs (\n  id int -- corm:convert  \n)", "an expression has to stand");
  expect_refused ("-- corm:convert x\nCREATE TABLE jobs (\n  id int\n)", "converts a column");
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (a_column_is_marked_behind_its_line),
                                      cmocka_unit_test (a_column_is_marked_in_front_of_its_line),
                                      cmocka_unit_test (a_table_is_marked),
                                      cmocka_unit_test (what_only_looks_like_a_mark_is_none),
                                      cmocka_unit_test (a_mark_that_belongs_to_nothing_is_an_error),
                                      cmocka_unit_test (
                                          a_mark_that_may_be_the_table_s_or_a_column_s_is_an_error),
                                      cmocka_unit_test (a_mark_without_its_word_is_an_error) };
  return cmocka_run_group_tests_name ("marks", tests, NULL, NULL);
}
