/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From SQL to actions, hostile SQL too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lint/action.h"

static const CormDialect standard = { .name = "standard",
                                      .quote = '"',
                                      .lexis = CORM_LEX_DOLLAR_QUOTE | CORM_LEX_ESCAPE_STRING |
                                               CORM_LEX_NESTED_COMMENT };
static const CormDialect ticks = { .name = "ticks",
                                   .quote = '`',
                                   .lexis = CORM_LEX_BACKTICK | CORM_LEX_HASH_COMMENT };

static const char *const kinds[CORM_N_ACTIONS] = {
  "other",
  "create-table",
  "drop-table",
  "rename-table",
  "add-column",
  "drop-column",
  "rename-column",
  "modify",
  "set-type",
  "set-not-null",
  "drop-not-null",
  "set-default",
  "drop-default",
  "add-primary-key",
  "add-unique",
  "add-foreign-key",
  "add-check",
  "add-exclusion",
  "drop-primary-key",
  "drop-constraint",
  "validate",
  "create-index",
  "drop-index",
  "reindex",
  "option",
  "triggers",
  "create-type",
  "add-label",
  "rename-label",
  "create-view",
  "refresh",
  "sequence",
  "create-trigger",
  "create",
  "drop",
  "truncate",
  "insert",
  "update",
  "delete",
  "lock",
  "vacuum",
  "cluster",
  "set",
  "begin",
  "commit",
  "rollback",
};

static void
append (GString *text, const char *before, const char *value)
{
  if (value != NULL)
    g_string_append_printf (text, "%s%s", before, value);
}

/* "add-column jobs.pid:int=0" and the like; flags are tested beside it. */
static char *
describe (const CormLintAction *action)
{
  GString *text = g_string_new (kinds[action->kind]);
  append (text, " ", action->table);
  append (text, ".", action->name);
  append (text, ">", action->other);
  append (text, ":", action->type);
  append (text, "=", action->default_sql);
  for (guint i = 0; i < action->columns->len; i++)
    append (text, i > 0 ? "," : " ", action->columns->pdata[i] != NULL ? action->columns->pdata[i] : "()");
  return g_string_free (text, FALSE);
}

/* @wanted: the actions parted by "; ". Returns the flags of all. */
static guint
expect (const CormDialect *dialect, const char *sql, const char *wanted)
{
  CormLintStatement *statement = corm_lint_statement_read (dialect, sql, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  guint flags = 0;
  assert_true (statement->actions->len > 0 || *wanted == '\0');
  for (guint i = 0; i < statement->actions->len; i++) {
    const CormLintAction *action = statement->actions->pdata[i];
    g_autofree char *one = describe (action);
    flags |= action->flags;
    g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", one);
  }
  assert_string_equal (text->str, wanted);
  corm_lint_statement_free (statement);
  return flags;
}

static void
tables_come_with_their_parts (G_GNUC_UNUSED void **state)
{
  guint flags =
      expect (&standard,
              "CREATE TABLE IF NOT EXISTS s.jobs (id int PRIMARY KEY, \"n, x\" varchar(20) NOT NULL DEFAULT "
              "',)', CONSTRAINT u UNIQUE (id, \"n, x\"), CHECK (id > (1)))",
              "create-table jobs; add-column jobs.id:int; add-primary-key jobs id; "
              "add-column jobs.n, x:varchar(20)=',)'; add-unique jobs.u id,n, x; add-check jobs");
  assert_true (flags & CORM_FLAG_IF_NOT_EXISTS);
  assert_true (flags & CORM_FLAG_NOT_NULL);
  flags = expect (&standard, "CREATE TEMP TABLE t AS SELECT 1", "create-table t");
  assert_true ((flags & CORM_FLAG_TEMPORARY) && (flags & CORM_FLAG_AS_SELECT));
  expect (&standard,
          "create table a(x timestamp with time zone default now() references b(y) on delete cascade)",
          "create-table a; add-column a.x:timestamp with time zone=now(); add-foreign-key a>b x");
  expect (
      &ticks,
      "CREATE TABLE t (`a``b` enum('x','Y, z') NOT NULL COMMENT 'c, d', KEY k (`a``b`(10))) ENGINE=MyISAM",
      "create-table t; add-column t.a`b:enum('x','Y, z'); create-index t.k a`b(10); option t.engine>myisam");
}

static void
alter_is_as_many_as_its_clauses (G_GNUC_UNUSED void **state)
{
  guint flags = expect (&standard,
                        "ALTER TABLE ONLY \"My Jobs\" ADD a int, DROP COLUMN IF EXISTS b CASCADE, "
                        "ALTER c TYPE numeric(10, 2) USING c::numeric(10,2), ALTER COLUMN d SET NOT NULL",
                        "add-column My Jobs.a:int; drop-column My Jobs.b; set-type My Jobs.c:numeric(10, 2); "
                        "set-not-null My Jobs.d");
  assert_true ((flags & CORM_FLAG_CASCADE) && (flags & CORM_FLAG_IF_EXISTS));
  expect (&standard, "ALTER TABLE t RENAME a TO b", "rename-column t.a>b");
  expect (&standard, "ALTER TABLE t RENAME TO u", "rename-table t>u");
  expect (&standard, "ALTER TABLE t RENAME CONSTRAINT a TO b", "other t.a>b");
  expect (&standard, "ALTER TABLE t ADD COLUMN (a int, b text)", "add-column t.a:int; add-column t.b:text");
  flags = expect (&standard, "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (b) NOT VALID",
                  "add-foreign-key t.f>u a");
  assert_true (flags & CORM_FLAG_NOT_VALID);
  flags =
      expect (&standard, "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX i", "add-primary-key t.p>i");
  assert_true (flags & CORM_FLAG_USING_INDEX);
  expect (
      &ticks,
      "ALTER TABLE t CHANGE a b int NOT NULL DEFAULT 1 AFTER c, MODIFY d text, ALGORITHM=INPLACE, LOCK=NONE",
      "modify t.a>b:int=1; modify t.d:text; option t.algorithm>inplace; option t.lock>none");
  expect (&ticks, "ALTER TABLE t CONVERT TO CHARACTER SET utf8", "option t.charset>utf8");
  expect (&ticks, "ALTER TABLE t ADD UNIQUE KEY k (a), DROP PRIMARY KEY, DROP FOREIGN KEY f, ENGINE = Aria",
          "add-unique t>k a; drop-primary-key t; drop-constraint t.f; option t.engine>aria");
}

static void
data_locks_and_settings (G_GNUC_UNUSED void **state)
{
  assert_false (expect (&standard, "DELETE FROM a.t", "delete t") & CORM_FLAG_WHERE);
  assert_true (expect (&standard, "DELETE FROM t WHERE 1", "delete t") & CORM_FLAG_WHERE);
  assert_false (expect (&standard, "UPDATE t SET a = (SELECT b FROM c WHERE d)", "update t") &
                CORM_FLAG_WHERE);
  assert_true (expect (&standard, "WITH w AS (SELECT 1) DELETE FROM t WHERE x", "delete t") &
               CORM_FLAG_WHERE);
  assert_true (expect (&standard, "INSERT OR REPLACE INTO t VALUES (1)", "insert t") & CORM_FLAG_REPLACE);
  assert_true (expect (&ticks, "REPLACE t VALUES (1)", "insert t") & CORM_FLAG_REPLACE);
  expect (&standard, "TRUNCATE TABLE a, b CASCADE", "truncate a; truncate b");
  expect (&standard, "SET LOCAL lock_timeout = '1s'", "set.lock_timeout>'1s'");
  expect (&standard, "set lock_timeout to 100", "set.lock_timeout>100");
  expect (&standard, "PRAGMA foreign_keys(0)", "set.foreign_keys>0");
  expect (&ticks, "SET @@session.sql_mode=''", "set.sql_mode>''");
  expect (&ticks, "SET @a = 1, foreign_key_checks = 0", "set.a>1; set.foreign_key_checks>0");
  expect (&standard, "SET search_path TO a, b", "set.search_path>a, b");
  assert_true (expect (&standard, "VACUUM (FULL, ANALYZE) t", "vacuum t") & CORM_FLAG_FULL);
  expect (&standard, "ROLLBACK TO SAVEPOINT x", "other");
  expect (&ticks, "RENAME TABLE a TO b, c TO d", "rename-table a>b; rename-table c>d");
  expect (&standard, "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok' BEFORE 'bad'", "add-label.mood>'ok'");
}

static void
indexes_and_drops (G_GNUC_UNUSED void **state)
{
  guint flags = expect (
      &standard, "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.t USING btree (a DESC, lower(b)) WHERE c",
      "create-index t.i a,()");
  assert_true ((flags & CORM_FLAG_CONCURRENTLY) && (flags & CORM_FLAG_UNIQUE) && (flags & CORM_FLAG_WHERE));
  expect (&standard, "CREATE INDEX ON t (a)", "create-index t a");
  expect (&standard, "DROP TABLE IF EXISTS a, \"b c\" CASCADE", "drop-table a; drop-table b c");
  expect (&ticks, "DROP INDEX `i` ON t", "drop-index t.i");
  expect (&standard, "DROP MATERIALIZED VIEW v", "drop.v");
}

static void
sql_in_quotes_and_bodies_is_no_action (G_GNUC_UNUSED void **state)
{
  expect (&standard, "SELECT 'DROP TABLE t'", "other");
  expect (&standard, "/* DROP TABLE t */ SELECT 1", "other");
  expect (&standard, "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END", "create-trigger.x");
  expect (&standard, "CREATE FUNCTION f() RETURNS int AS $$ DROP TABLE t; $$ LANGUAGE sql", "create.f");
  expect (&standard, "CREATE TABLE \"drop\" (\"table\" int)", "create-table drop; add-column drop.table:int");
}

/* Every beginning of every statement is read without a fault, and has an action. */
static void
unfinished_statements_are_read (G_GNUC_UNUSED void **state)
{
  static const char *const whole[] = {
    "CREATE TABLE IF NOT EXISTS s.\"t\" (a int DEFAULT (1) NOT NULL, CONSTRAINT c CHECK (a > 1), FOREIGN KEY "
    "(a) "
    "REFERENCES u (b) ON DELETE SET NULL, EXCLUDE USING gist (a WITH =)) WITHOUT ROWID, STRICT",
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i, ADD (a int), CHANGE a b text AFTER c, RENAME "
    "COLUMN a TO b, "
    "DROP CONSTRAINT c CASCADE, ALTER a SET DEFAULT (1), CONVERT TO CHARACTER SET utf8mb4, VALIDATE "
    "CONSTRAINT x",
    ("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY t USING gin (a, lower(b)) INCLUDE (c) WHERE "
     "(d)"),
    "WITH a AS (SELECT 1) UPDATE ONLY t SET a = 1 WHERE b LIMIT 1",
    "ALTER TYPE t RENAME VALUE 'a' TO 'b'",
    "DROP MATERIALIZED VIEW IF EXISTS a, b CASCADE",
    "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
    "LOCK TABLE ONLY t IN ACCESS EXCLUSIVE MODE",
    "CREATE TYPE t AS ENUM ('a', 'b')",
    "RENAME TABLE a TO b, c TO d",
    ")))(((,,,,;;[[]]''\"\"``$$--",
  };
  const CormDialect *const dialects[] = { &standard, &ticks };
  for (gsize i = 0; i < G_N_ELEMENTS (whole) * 2; i++)
    for (gsize size = 0; size <= strlen (whole[i / 2]); size++) {
      g_autofree char *part = g_strndup (whole[i / 2], size);
      CormLintStatement *statement = corm_lint_statement_read (dialects[i % 2], part, 7);
      for (guint j = 0; j < statement->actions->len; j++) {
        const CormLintAction *action = statement->actions->pdata[j];
        assert_true (action->from <= action->to && action->to <= statement->tokens->len);
      }
      corm_lint_statement_free (statement);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (tables_come_with_their_parts),
    cmocka_unit_test (alter_is_as_many_as_its_clauses),
    cmocka_unit_test (data_locks_and_settings),
    cmocka_unit_test (indexes_and_drops),
    cmocka_unit_test (sql_in_quotes_and_bodies_is_no_action),
    cmocka_unit_test (unfinished_statements_are_read),
  };
  return cmocka_run_group_tests_name ("reader", tests, NULL, NULL);
}
