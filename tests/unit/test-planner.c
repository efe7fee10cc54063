/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A difference becomes statements, with their reverse, in a dialect that can alter tables and in one that rebuilds them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "evolve/planner.h"

#include <string.h>

/* Lists what it is asked to add. */
static gboolean
rebuild (G_GNUC_UNUSED const CormSchema *live, const CormTable *table, const CormTableEdit *edits,
         guint n_edits, GPtrArray *sql, G_GNUC_UNUSED GPtrArray *reverse, G_GNUC_UNUSED GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);
  for (guint i = 0; i < n_edits; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? " | " : "", edits[i].definition);
  g_ptr_array_add (sql, g_strdup_printf ("REBUILD %s: %s", table->name, list->str));
  return TRUE;
}

#define TYPES \
  .types = { [CORM_TYPE_INT64] = "bigint", [CORM_TYPE_TEXT] = "text", [CORM_TYPE_ENUM] = "text" }, \
  .now = "now()", .quote = '"'

static const CormDialect able = { .name = "able",
                                  TYPES,
                                  .caps = CORM_CAP_ALTER_ADD_CONSTRAINT | CORM_CAP_NATIVE_ENUM |
                                          CORM_CAP_VIRTUAL_COLUMN };
static const CormDialect unable = {
  .name = "unable", TYPES, .rebuild = rebuild, .caps = CORM_CAP_VIRTUAL_COLUMN
};

static CormSchema *
schema_of (const char *tables)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf ("{'corm_schema': 1, 'tables': [%s]}", tables);
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  CormSchema *schema = corm_schema_from_json (json, &error);
  if (schema == NULL)
    fail_msg ("%s: %s", text, error->message);
  return schema;
}

/* Every statement, and behind "<-" what undoes it. */
static void
expect (const CormDialect *dialect, const char *from, const char *to, const char *lines)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSchema) live = schema_of (from);
  g_autoptr (CormSchema) wanted = schema_of (to);
  CormPlanner planner = { .dialect = dialect, .live = live, .to = wanted, .wanted = wanted };
  g_autoptr (CormPlan) plan = corm_planner_plan (&planner, NULL, &error);
  g_autoptr (GString) text = g_string_new (NULL);
  if (plan == NULL)
    fail_msg ("%s", error->message);
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; s < op->sql->len; s++)
      g_string_append_printf (text, "%s\n", (char *) op->sql->pdata[s]);
    for (guint s = 0; s < op->reverse->len; s++)
      g_string_append_printf (text, "<- %s\n", (char *) op->reverse->pdata[s]);
  }
  assert_string_equal (text->str, lines);
}

#define T(columns, ...) "{'name': 't', 'columns': [" columns "]" __VA_ARGS__ "}"
#define A "{'name': 'a', 'type': 'int64'}"
#define B "{'name': 'b', 'type': 'text'}"

static void
a_table_that_can_be_altered_is_altered (G_GNUC_UNUSED void **state)
{
  expect (
      &able, T (A),
      T (A ", " B,
         ", 'uniques': [{'name': 'uq', 'columns': ['b']}], 'checks': [{'sql': 'a > 0'}],"
         "'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}]}],"
         "'foreign_keys': [{'name': 'fk', 'columns': ['a'], 'target_table': 't', 'target_columns': ['a']}]"),
      "ALTER TABLE t ADD COLUMN b text\n<- ALTER TABLE t DROP COLUMN b\n"
      "ALTER TABLE t ADD CONSTRAINT uq UNIQUE (b)\n<- ALTER TABLE t DROP CONSTRAINT uq\n"
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES t (a)\n<- ALTER TABLE t DROP CONSTRAINT "
      "fk\n"
      "ALTER TABLE t ADD CONSTRAINT ck_t_1 CHECK (a > 0)\n<- ALTER TABLE t DROP CONSTRAINT ck_t_1\n"
      "CREATE INDEX i ON t (a)\n<- DROP INDEX i\n");
}

static void
an_enum_type_comes_before_its_table (G_GNUC_UNUSED void **state)
{
  const char *to = T ("{'name': 'a', 'type': 'enum', 'enum_type': 'e', 'labels': ['A']}");
  expect (&able, "", to,
          "CREATE TYPE e AS ENUM ('A')\n<- DROP TYPE e\nCREATE TABLE t (\n  a e\n)\n<- DROP TABLE t\n");
}

static void
a_key_that_waits_is_not_in_its_table (G_GNUC_UNUSED void **state)
{
  expect (&able, "",
          "{'name': 'a', 'columns': [" A "], 'primary_key': {'columns': ['a']}, 'foreign_keys':"
          "[{'name': 'ab', 'columns': ['a'], 'target_table': 'b', 'target_columns': ['b']}]},"
          "{'name': 'b', 'columns': [{'name': 'b', 'type': 'int64'}], 'primary_key': {'columns': ['b']}, "
          "'foreign_keys':"
          "[{'name': 'ba', 'columns': ['b'], 'target_table': 'a', 'target_columns': ['a']}]}",
          "CREATE TABLE b (\n  b bigint PRIMARY KEY\n)\n<- DROP TABLE b\n"
          "CREATE TABLE a (\n  a bigint PRIMARY KEY,\n  CONSTRAINT ab FOREIGN KEY (a) REFERENCES b "
          "(b)\n)\n<- DROP TABLE a\n"
          "ALTER TABLE b ADD CONSTRAINT ba FOREIGN KEY (b) REFERENCES a (a)\n<- ALTER TABLE b DROP "
          "CONSTRAINT ba\n");
}

static void
a_plain_column_needs_no_rebuild (G_GNUC_UNUSED void **state)
{
  expect (&unable, T (A), T (A ", " B), "ALTER TABLE t ADD COLUMN b text\n<- ALTER TABLE t DROP COLUMN b\n");
  expect (&unable, T (A),
          T (A ", {'name': 'b', 'type': 'int64', 'not_null': true, 'default_kind': 'literal', "
               "'default_text': '5'}"),
          "ALTER TABLE t ADD COLUMN b bigint NOT NULL DEFAULT 5\n<- ALTER TABLE t DROP COLUMN b\n");
}

static void
keys_and_checks_of_a_new_column_are_a_rebuild (G_GNUC_UNUSED void **state)
{
  expect (
      &unable, T (A),
      T (A ", " B,
         ", 'checks': [{'name': 'ck', 'sql': 'b > 0'}], 'foreign_keys': [{'name': 'fk', 'columns': ['b'],"
         "'target_table': 't', 'target_columns': ['a'], 'on_delete': 'cascade'}]"),
      "REBUILD t: b text | CONSTRAINT fk FOREIGN KEY (b) REFERENCES t (a) ON DELETE CASCADE | CONSTRAINT ck "
      "CHECK (b > 0)\n");
}

/* What ALTER TABLE ADD COLUMN refuses: one rebuild has all additions. */
static void
everything_else_is_one_rebuild (G_GNUC_UNUSED void **state)
{
  expect (&unable, T (A),
          T (A ", " B, ", 'uniques': [{'columns': ['b']}], 'checks': [{'name': 'ck', 'sql': 'b > 0'}]"),
          "REBUILD t: b text | UNIQUE (b) | CONSTRAINT ck CHECK (b > 0)\n");
  expect (&unable, T (A), T (A, ", 'checks': [{'name': 'ck', 'sql': 'a > 0'}]"),
          "REBUILD t: CONSTRAINT ck CHECK (a > 0)\n");
  expect (&unable, T (A), T (A ", {'name': 'b', 'type': 'int64', 'default_kind': 'now'}"),
          "REBUILD t: b bigint DEFAULT (now())\n");
  expect (&unable, T (A), T (A ", {'name': 'b', 'type': 'text', 'not_null': true}"),
          "REBUILD t: b text NOT NULL\n");
  expect (&unable, T (A),
          T (A ", {'name': 'b', 'type': 'int64', 'generated_sql': 'a + 1', 'generated_stored': true}"),
          "REBUILD t: b bigint GENERATED ALWAYS AS (a + 1) STORED\n");
  expect (&unable, T (A),
          T (A ", {'name': 'b', 'type': 'int64', 'default_kind': 'literal', 'default_text': '1'}",
             ", 'foreign_keys': [{'columns': ['b'], 'target_table': 't', 'target_columns': ['a']}]"),
          "REBUILD t: b bigint DEFAULT 1 | FOREIGN KEY (b) REFERENCES t (a)\n");
}

static void
hazards_are_those_of_tables_with_rows (G_GNUC_UNUSED void **state)
{
  g_autoptr (CormSchema) none = schema_of ("");
  g_autoptr (CormSchema) live = schema_of (T (A));
  g_autoptr (CormSchema) to = schema_of (T (A, ", 'indexes': [{'name': 'i', 'parts': [{'sql': 'a'}]}]"));
  CormPlanner fresh = { .dialect = &able, .live = none, .to = to, .wanted = to };
  CormPlanner grown = { .dialect = &able, .live = live, .to = to, .wanted = to };
  g_autoptr (CormPlan) first = corm_planner_plan (&fresh, NULL, NULL);
  g_autoptr (CormPlan) second = corm_planner_plan (&grown, NULL, NULL);
  assert_null (((CormOp *) first->ops->pdata[1])->hazard);
  assert_non_null (((CormOp *) second->ops->pdata[0])->hazard);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_table_that_can_be_altered_is_altered),
    cmocka_unit_test (an_enum_type_comes_before_its_table),
    cmocka_unit_test (a_key_that_waits_is_not_in_its_table),
    cmocka_unit_test (a_plain_column_needs_no_rebuild),
    cmocka_unit_test (keys_and_checks_of_a_new_column_are_a_rebuild),
    cmocka_unit_test (everything_else_is_one_rebuild),
    cmocka_unit_test (hazards_are_those_of_tables_with_rows),
  };
  return cmocka_run_group_tests_name ("planner", tests, NULL, NULL);
}
