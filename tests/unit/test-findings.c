/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What stands around a statement counts, and comments turn rules off. That each rule is right is shown on real databases,
 * by tests/suite/test-lint. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/drivers.h"

#include <corm/lint.h>

static CormLintOptions options;

/* @wanted: "rule:line rule:line" of all findings but notes, in their order. */
static void
expect (const char *script, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) findings = corm_lint_sql (script, &options, &error);
  if (findings == NULL)
    fail_msg ("%s: %s", script, error->message);
  for (guint i = 0; i < findings->len; i++) {
    const CormFinding *finding = findings->pdata[i];
    assert_non_null (finding->message);
    assert_null (strchr (finding->statement, '\n'));
    assert_true (g_utf8_validate (finding->statement, -1, NULL));
    if (finding->severity > CORM_SEVERITY_NOTE)
      g_string_append_printf (text, "%s%s:%u", text->len > 0 ? " " : "", finding->rule->name, finding->line);
  }
  assert_string_equal (text->str, wanted);
}

static void
speak (const char *dialect)
{
  options = (CormLintOptions){ .dialect = dialect };
  if (corm_driver_by_name (dialect) == NULL)
    skip ();
}

static void
a_new_table_blocks_nobody (G_GNUC_UNUSED void **state)
{
  speak ("pgsql");
  expect ("CREATE INDEX i ON t (a);", "index-blocks-writes:1");
  expect ("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);", "");
  expect ("CREATE TABLE IF NOT EXISTS s.\"T\" (a int);\nCREATE INDEX i ON T (a);", "");
  expect ("CREATE TABLE u (a int);\nALTER TABLE u RENAME TO t;\nCREATE INDEX i ON t (a);", "");
  expect ("CREATE TABLE t (a int);\nDROP TABLE t;\nCREATE INDEX i ON t (a);", "index-blocks-writes:3");
  expect ("CREATE INDEX i ON t (a);\nCREATE TABLE t (a int);", "index-blocks-writes:1");
  expect ("CREATE TABLE t (id int);\nALTER TABLE t ADD PRIMARY KEY (id), ALTER id TYPE bigint;", "");
}

static void
transactions_count (G_GNUC_UNUSED void **state)
{
  const char *validate = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID;\n"
                         "ALTER TABLE t VALIDATE CONSTRAINT c;";
  g_autofree char *within = g_strdup_printf ("BEGIN;\n%s\nCOMMIT;", validate);
  g_autofree char *apart = g_strdup_printf ("-- corm:no-transaction\n%s", validate);
  speak ("pgsql");
  expect (validate, "");
  expect (within, "validate-in-same-transaction:3");
  expect ("CREATE INDEX CONCURRENTLY i ON t (a);", "");
  options.transaction = true;
  expect (validate, "validate-in-same-transaction:2");
  expect (apart, "");
  expect ("CREATE INDEX CONCURRENTLY i ON t (a);", "not-in-a-transaction:1");
  expect ("-- corm:up\n-- corm:no-transaction\nCREATE INDEX CONCURRENTLY i ON t (a);", "");
}

static void
what_came_before_counts (G_GNUC_UNUSED void **state)
{
  speak ("pgsql");
  expect ("ALTER TABLE t ALTER a SET NOT NULL;", "not-null-scans:1");
  expect ("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;\n"
          "ALTER TABLE t VALIDATE CONSTRAINT c;\nALTER TABLE t ALTER a SET NOT NULL;",
          "");
  expect (
      "ALTER TABLE t ADD CONSTRAINT c CHECK (b IS NOT NULL) NOT VALID;\nALTER TABLE t ALTER a SET NOT NULL;",
      "not-null-scans:2");
  expect ("ALTER TABLE t ADD a varchar(20);\nALTER TABLE t ALTER a TYPE varchar(30);", "");
  expect ("ALTER TABLE t ADD a varchar(20);\nALTER TABLE t ALTER a TYPE varchar(10);",
          "type-change-rewrites:2");
  expect ("ALTER TABLE t ADD COLUMN a int REFERENCES u (id);\nCREATE INDEX CONCURRENTLY i ON t (a);", "");
  expect (
      "ALTER TABLE t ADD COLUMN a int DEFAULT 1 REFERENCES u (id);\nCREATE INDEX CONCURRENTLY i ON t (a);",
      "foreign-key-scans:1");
  expect ("ALTER TABLE t DROP CONSTRAINT a, ADD CONSTRAINT b CHECK (x) NOT VALID;", "");
}

static void
only_the_way_up_is_read (G_GNUC_UNUSED void **state)
{
  speak ("pgsql");
  expect ("-- corm:up\nALTER TABLE t ADD a int;\n-- corm:down\nALTER TABLE t DROP a;", "");
  expect ("-- corm:down\nDROP TABLE a;\n-- corm:up\nDROP TABLE b;\n", "drop-table:4");
  expect (
      "-- corm:up\n-- corm:only mysql\nDROP TABLE a;\n-- corm:up\n-- corm:only postgresql\nDROP TABLE b;\n",
      "drop-table:6");
  expect ("-- +goose Up\nDROP TABLE a;\n-- +goose Down\nDROP TABLE b;\n", "drop-table:2");
  expect ("-- migrate:up transaction:false\n\nDROP TABLE a;\n-- migrate:down\nDROP TABLE b;\n",
          "drop-table:3");
  expect ("\\set x 1\nDROP TABLE a;", "drop-table:2");
  expect ("", "");
  expect ("-- nothing\n\n/* at all */", "");
  expect ("-- corm:up\n-- corm:down\nDROP TABLE a;", "");
}

static void
comments_turn_rules_off (G_GNUC_UNUSED void **state)
{
  static const char *const none[] = { "drop-table", NULL };
  speak ("pgsql");
  expect ("-- corm:lint-ignore drop-table it is empty\nDROP TABLE a;\nDROP TABLE b;", "drop-table:3");
  expect ("DROP TABLE a; -- corm:lint-ignore drop-table\nDROP TABLE b;", "drop-table:1");
  expect ("-- corm:lint-ignore drop-table,drop-cascade why\n\n/* x */\nDROP TABLE a CASCADE;", "");
  expect ("--   corm:lint-ignore   drop-table\n-- corm:lint-ignore drop-cascade\nDROP TABLE a CASCADE;", "");
  expect ("-- corm:lint-ignore drop-tables\nDROP TABLE a;", "drop-table:2 ignored-rule-unknown:2");
  expect ("SELECT '-- corm:lint-ignore drop-table';\nDROP TABLE b;", "drop-table:2");
  options.ignore = none;
  expect ("DROP TABLE a;", "");
}

static void
rebuilds_lose_nothing (G_GNUC_UNUSED void **state)
{
  speak ("sqlite3");
  expect ("PRAGMA foreign_keys = OFF;\nCREATE TABLE n (a INTEGER);\nINSERT INTO n SELECT a FROM t;\nDROP "
          "TABLE t;\n"
          "ALTER TABLE n RENAME TO t;\nCREATE INDEX i ON t (a);",
          "");
  expect ("PRAGMA foreign_keys = OFF;\nCREATE TABLE n (a INTEGER);\nDROP TABLE t;", "drop-table:3");
  expect ("PRAGMA foreign_keys = OFF;\nCREATE TEMP TABLE n AS SELECT * FROM t;\nDROP TABLE t;\nCREATE TABLE "
          "t (a INTEGER);"
          "INSERT INTO t SELECT * FROM n;",
          "");
  expect ("PRAGMA foreign_keys = OFF;\nDROP TABLE t;\nCREATE TABLE t (a INTEGER);", "drop-table:2");
  expect ("DROP TABLE t;", "drop-table:1 drop-table-cascades:1");
  options.transaction = true;
  expect ("DROP TABLE t;", "drop-table:1");
  expect ("-- corm:foreign-keys\nDROP TABLE t;", "drop-table:2 drop-table-cascades:2");
}

static void
definitions_are_compared (G_GNUC_UNUSED void **state)
{
  speak ("mysql");
  expect ("CREATE TABLE t (a int NOT NULL DEFAULT 3);\nALTER TABLE t MODIFY a int NOT NULL DEFAULT 3;", "");
  expect ("CREATE TABLE t (a int NOT NULL DEFAULT 3);\nALTER TABLE t MODIFY a int NOT NULL;",
          "modify-forgets:2");
  expect ("CREATE TABLE t (a int NOT NULL DEFAULT 3);\nALTER TABLE t CHANGE a b int DEFAULT 3;",
          "modify-forgets:2");
  expect ("ALTER TABLE t MODIFY a int NULL, ALGORITHM=NOCOPY;", "");
  expect ("/*!40014 SET @OLD=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;", "checks-off:1");
}

static void
what_cannot_be_read_is_an_error (G_GNUC_UNUSED void **state)
{
  g_autoptr (GError) error = NULL;
  speak ("pgsql");
  assert_null (corm_lint_sql ("SELECT 'a", &options, &error));
  assert_non_null (error);
  g_clear_error (&error);
  options.dialect = "oracle";
  assert_null (corm_lint_sql ("SELECT 1", &options, &error));
  assert_int_equal (error->code, CORM_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  assert_null (corm_lint_sql ("SELECT 1", NULL, &error));
  assert_int_equal (error->code, CORM_ERROR_INVALID);
}

/* Every rule has all its texts, and no two for one database have the same name. */
static void
rules_are_whole (G_GNUC_UNUSED void **state)
{
  g_autoptr (GPtrArray) rules = corm_lint_rules ();
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < rules->len; i++) {
    const CormLintRule *rule = rules->pdata[i];
    g_auto (GStrv) dialects = g_strsplit (rule->dialects, " ", -1);
    assert_true (strspn (rule->name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (rule->name));
    assert_true (strlen (rule->reason) > 20 && strlen (rule->advice) > 4);
    assert_true (g_str_has_suffix (rule->bad, ";") && g_str_has_suffix (rule->safe, ";"));
    assert_string_not_equal (rule->bad, rule->safe);
    g_hash_table_add (names, g_strdup (rule->name));
    for (guint j = 0; dialects[j] != NULL; j++)
      assert_true (g_hash_table_add (pairs, g_strconcat (rule->name, " ", dialects[j], NULL)));
  }
  assert_true (g_hash_table_size (names) >= 40);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_new_table_blocks_nobody), cmocka_unit_test (transactions_count),
    cmocka_unit_test (what_came_before_counts),   cmocka_unit_test (only_the_way_up_is_read),
    cmocka_unit_test (comments_turn_rules_off),   cmocka_unit_test (rebuilds_lose_nothing),
    cmocka_unit_test (definitions_are_compared),  cmocka_unit_test (what_cannot_be_read_is_an_error),
    cmocka_unit_test (rules_are_whole),
  };
  return cmocka_run_group_tests_name ("findings", tests, NULL, NULL);
}
