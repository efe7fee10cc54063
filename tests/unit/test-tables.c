/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Globs, and pairs of tables. */
#include "port/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
globs (void **state)
{
  (void) state;
  assert_true (corm_globs_match (NULL, "jobs"));
  assert_true (corm_globs_match ("", "jobs"));
  assert_true (corm_globs_match ("job*", "jobs"));
  assert_false (corm_globs_match ("job*", "clusters"));
  assert_true (corm_globs_match ("job*, clusters", "clusters"));
  assert_false (corm_globs_match ("job*,!jobs_old", "jobs_old"));
  assert_true (corm_globs_match ("!jobs_old", "jobs"));
  assert_false (corm_globs_match ("!jobs_old", "jobs_old"));
}

static void
pairs (void **state)
{
  (void) state;
  g_autoptr (CormSchema) left = corm_schema_new ("sqlite3");
  g_autoptr (CormSchema) right = corm_schema_new ("pgsql");
  CormTable *source = corm_schema_add_table (left, "Album");
  CormTable *target = corm_schema_add_table (right, "album");
  corm_table_add_column (source, "Title");
  corm_table_add_column (source, "AlbumId");
  corm_table_add_column (source, "Only");
  corm_table_add_column (target, "albumid");
  corm_table_add_column (target, "title");
  char *key[] = { (char *) "AlbumId", NULL };
  corm_table_set_primary_key (source, NULL)->columns = g_strdupv (key);
  assert_ptr_equal (corm_find_table_any_case (right, "Album"), target);
  assert_null (corm_find_table_any_case (right, "Track"));
  g_autoptr (CormPair) pair = corm_pair_new (source, target);
  assert_int_equal (pair->n_columns, 2);
  assert_string_equal (pair->source_columns[0]->name, "Title");
  assert_string_equal (pair->target_columns[0]->name, "title");
  assert_int_equal (pair->n_keys, 1);
  assert_int_equal (pair->keys[0], 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (globs), cmocka_unit_test (pairs) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
