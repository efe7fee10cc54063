/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Globs choose tables and objects; what belongs to a table goes and stays with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <corm/schema.h>
#include <string.h>

static void
add_object (CormSchema *schema, const char *kind, const char *name, const char *table)
{
  CormSchemaObject *object = corm_schema_add_object (schema, kind, name);
  object->table = g_strdup (table);
  object->sql = g_strdup ("x");
}

static CormSchema *
shop (void)
{
  CormSchema *schema = corm_schema_new ("sqlite3");
  corm_schema_add_table (schema, "jobs");
  corm_schema_add_table (schema, "log_2025");
  corm_schema_add_table (schema, "log_2026");
  corm_schema_add_table (schema, "view:odd");
  add_object (schema, "view", "v_jobs", NULL);
  add_object (schema, "view", "log_all", NULL);
  add_object (schema, "trigger", "log_jobs", "jobs");
  add_object (schema, "trigger", "clean", "log_2026");
  add_object (schema, "sequence", "numbers", NULL);
  return schema;
}

/* Globs parted by blanks, "" for none; what is left, likewise. */
static void
expect (const char *include, const char *exclude, const char *left)
{
  g_autoptr (CormSchema) schema = shop ();
  g_autoptr (GString) names = g_string_new (NULL);
  g_auto (GStrv) in = g_strsplit (include, " ", -1);
  g_auto (GStrv) out = g_strsplit (exclude, " ", -1);
  corm_schema_filter (schema, *include != '\0' ? (const char *const *) in : NULL,
                      *exclude != '\0' ? (const char *const *) out : NULL);
  for (guint i = 0; i < schema->tables->len; i++)
    g_string_append_printf (names, "%s ", ((const CormTable *) schema->tables->pdata[i])->name);
  g_string_append (names, "|");
  for (guint i = 0; i < schema->objects->len; i++)
    g_string_append_printf (names, " %s", ((const CormSchemaObject *) schema->objects->pdata[i])->name);
  assert_string_equal (names->str, left);
}

static void
without_globs_all_stays (G_GNUC_UNUSED void **state)
{
  expect ("", "", "jobs log_2025 log_2026 view:odd | v_jobs log_all log_jobs clean numbers");
}

static void
what_is_included_stays (G_GNUC_UNUSED void **state)
{
  expect ("jobs", "", "jobs | log_jobs");
  expect ("log_*", "", "log_2025 log_2026 | log_all clean");
  expect ("log_202? numbers", "", "log_2025 log_2026 | clean numbers");
  expect ("nothing", "", "|");
}

static void
what_is_excluded_goes (G_GNUC_UNUSED void **state)
{
  expect ("", "log_*", "jobs view:odd | v_jobs numbers");
  expect ("", "jobs numbers", "log_2025 log_2026 view:odd | v_jobs log_all clean");
  expect ("log_*", "*_2025", "log_2026 | log_all clean");
  expect ("*", "*", "|");
}

static void
a_kind_narrows_a_glob (G_GNUC_UNUSED void **state)
{
  expect ("view:*", "", "| v_jobs log_all");
  expect ("table:log_* view:v_*", "", "log_2025 log_2026 | v_jobs clean");
  expect ("", "trigger:*", "jobs log_2025 log_2026 view:odd | v_jobs log_all numbers");
  expect ("table:view:odd", "", "view:odd |");
  expect ("*:view:odd *view:v_*", "", "view:odd | v_jobs");
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (without_globs_all_stays),
                                      cmocka_unit_test (what_is_included_stays),
                                      cmocka_unit_test (what_is_excluded_goes),
                                      cmocka_unit_test (a_kind_narrows_a_glob) };
  return cmocka_run_group_tests_name ("schema-filter", tests, NULL, NULL);
}
