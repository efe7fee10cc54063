/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The mapping file: what it says is found, and every slip is told with its line. */
#include "port/conversion.h"
#include "port/mapping.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static CormPortMapping *
load (const char *yaml, GError **error)
{
  g_autofree char *name = g_strdup_printf ("corm-mapping-%d.yaml", (int) getpid ());
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  assert_true (g_file_set_contents (path, yaml, -1, NULL));
  CormPortMapping *mapping = corm_port_mapping_load (path, error);
  g_unlink (path);
  return mapping;
}

static void
rules_are_found (void **state)
{
  (void) state;
  g_autoptr (GError) error = NULL;
  g_autoptr (CormPortMapping) mapping =
      load ("types:\n  MONEY: decimal(12,2)\n  datetime: timestamp\n"
            "tables:\n  jobs:\n    types: {datetime: datetime}\n    columns:\n"
            "      started: {type: timestamp, convert: unix-seconds}\n"
            "      'log_*': varchar(20)\n  \"t_*\":\n    columns:\n"
            "      note: {convert: 'trim, empty-to-null'}\n",
            &error);
  if (mapping == NULL)
    fail_msg ("%s", error->message);
  const CormPortRule *rule = corm_port_mapping_find (mapping, "Jobs", "STARTED", "INTEGER");
  assert_int_equal (rule->type.type, CORM_TYPE_TIMESTAMP);
  assert_int_equal (rule->conversion, CORM_CONVERSION_SECONDS);
  rule = corm_port_mapping_find (mapping, "jobs", "log_file", "TEXT");
  assert_int_equal (rule->type.length, 20);
  assert_int_equal (corm_port_mapping_find (mapping, "jobs", "ended", "DATETIME")->type.type,
                    CORM_TYPE_LOCAL_TIMESTAMP);
  assert_int_equal (corm_port_mapping_find (mapping, "runs", "ended", "DATETIME")->type.type,
                    CORM_TYPE_TIMESTAMP);
  assert_int_equal (corm_port_mapping_find (mapping, "runs", "price", "money")->type.scale, 2);
  assert_null (corm_port_mapping_find (mapping, "runs", "name", "TEXT"));
  assert_false (corm_port_mapping_check_used (mapping, &error));
  assert_non_null (strstr (error->message, "line 12"));
  assert_non_null (strstr (error->message, "t_*.note"));
  rule = corm_port_mapping_find (mapping, "t_1", "note", "");
  assert_false (rule->has_type);
  assert_true (corm_port_mapping_check_used (mapping, NULL));
}

static void
slips_are_told (void **state)
{
  (void) state;
  static const struct {
    const char *yaml, *said;
  } cases[] = {
    { "types:\n  money: dezimal\n", "line 2: 'dezimal' is no type" },
    { "tables:\n  t:\n    columns:\n      a: {convert: seconds}\n", "line 4: 'seconds' is no conversion" },
    { "tables:\n  t:\n    columns:\n      a: {typ: int}\n", "line 4: 'typ'" },
    { "tables:\n  t:\n    column:\n      a: int\n", "line 3: 'column'" },
    { "table:\n  t: 1\n", "line 1: 'table'" },
    { "tables: [a]\n", "line 1" },
    { "a: b: c\n", "line 1" },
    { "tables:\n  t:\n    columns:\n      a: {type: [1]}\n", "one text" },
    { "? [a]\n: b\n", "in quotes" },
    { "\x01", "line 1" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    assert_null (load (cases[i].yaml, &error));
    if (strstr (error->message, cases[i].said) == NULL)
      fail_msg ("'%s' does not say '%s'", error->message, cases[i].said);
  }
  g_autoptr (GError) error = NULL;
  assert_null (corm_port_mapping_load ("/nowhere/at/all.yaml", &error));
  assert_true (g_error_matches (error, CORM_ERROR, CORM_ERROR_NOT_FOUND));
  g_autoptr (CormPortMapping) empty = load ("", NULL);
  assert_non_null (empty);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rules_are_found),
    cmocka_unit_test (slips_are_told),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
