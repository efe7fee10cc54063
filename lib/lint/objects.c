/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What goes with what is dropped, checks that are turned off, and transactions that end before their time. */
#include "lint/rule.h"

#include <string.h>

static gboolean
is_drop (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->flags & CORM_FLAG_CASCADE;
}

/* The value of a setting, without its quotes. */
static gboolean
is_set_to (const CormLintAction *action, const char *values)
{
  g_autofree char *value = g_strdup (action->other != NULL ? action->other : "");
  g_auto (GStrv) all = g_strsplit (values, " ", -1);
  g_strdelimit (value, "'\"", ' ');
  return g_strv_contains ((const char *const *) all, g_strstrip (value));
}

static gboolean
turns_off (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  if (action->kind == CORM_ACTION_TRIGGERS)
    return g_strcmp0 (action->name, "disable") == 0 && g_strcmp0 (action->object, "trigger") == 0;
  return is_set_to (action, "0 off false no replica");
}

static gboolean
turns_on (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return is_set_to (action, "1 on true yes");
}

static gboolean
has_no_begin (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return corm_lint_find_before (lint, action, CORM_ON (BEGIN), NULL) == NULL;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "drop-cascade", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "pgsql",
      "CASCADE drops whatever hangs on the object: views, foreign keys of other tables, defaults, columns. Nobody is asked.",
      "drop what hangs on it by name; without CASCADE the server says what that is",
      "ALTER TABLE jobs DROP COLUMN pid CASCADE;",
      "ALTER TABLE jobs ALTER COLUMN pid DROP DEFAULT;" },
    .on = CORM_ON (DROP_TABLE) | CORM_ON (DROP_COLUMN) | CORM_ON (DROP_OTHER) | CORM_ON (DROP_CONSTRAINT) |
          CORM_ON (TRUNCATE), .when = is_drop,
    .says = "everything that hangs on it goes too, without being named" },
  { .rule = { "drop-schema", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "pgsql",
      "A schema goes with all its tables.",
      "rename it and wait; drop it when nobody has missed it",
      "DROP SCHEMA old_things CASCADE;",
      "ALTER SCHEMA old_things RENAME TO old_things_retired;" },
    .on = CORM_ON (DROP_OTHER), .only = "schema database",
    .says = "{n} goes with all that is in it" },
  { .rule = { "drop-database", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "mysql",
      "A database goes with all its tables, at once and without a way back.",
      "drop its tables one by one, those that are meant",
      "DROP DATABASE IF EXISTS corm_lint_old;",
      "DROP TABLE IF EXISTS corm_lint_old.gone;" },
    .on = CORM_ON (DROP_OTHER), .only = "schema database",
    .says = "{n} goes with all that is in it" },
  { .rule = { "checks-off", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "pgsql",
      "With triggers disabled, or as a replica, nobody guards the rows, with DISABLE TRIGGER ALL not even the foreign keys: what gets in stays, and no later "
      "check finds them.",
      "load in the order of the tables, or with DEFERRABLE foreign keys",
      "ALTER TABLE steps DISABLE TRIGGER USER;\nINSERT INTO steps VALUES (1, 999);\nALTER TABLE steps ENABLE TRIGGER USER;",
      "INSERT INTO steps VALUES (1, 1);" },
    .on = CORM_ON (TRIGGERS) | CORM_ON (SET), .only = "disable session_replication_role", .when = turns_off,
    .says = "foreign keys and triggers are not looked at from here on" },
  { .rule = { "checks-off", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "mysql",
      "While foreign_key_checks or check_constraint_checks is 0, rows that break them get in, and no later check finds them.",
      "load in the order of the tables",
      "SET foreign_key_checks = 0;\nINSERT INTO steps VALUES (1, 999);\nSET foreign_key_checks = 1;",
      "INSERT INTO steps VALUES (1, 1);" },
    .on = CORM_ON (SET), .only = "foreign_key_checks check_constraint_checks unique_checks", .when = turns_off,
    .says = "{n} = 0 lets rows in that break the constraints, for good" },
  { .rule = { "checks-off", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "sqlite3",
      "With ignore_check_constraints, rows that break a CHECK get in, and only PRAGMA integrity_check finds them later.",
      "mend the rows first",
      "PRAGMA ignore_check_constraints = ON;\nINSERT INTO guarded VALUES (1000);",
      "INSERT INTO guarded VALUES (10);" },
    .on = CORM_ON (SET), .only = "ignore_check_constraints", .when = turns_on,
    .says = "rows that break a CHECK get in from here on" },
  { .rule = { "commit-without-begin", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3 pgsql mysql",
      "Where no BEGIN stands in front of it in the script, COMMIT ends the transaction of whoever runs it: what follows, and "
      "the note that the migration ran, is no longer one with it.",
      "leave transactions to whoever runs the script, or say -- corm:no-transaction",
      "INSERT INTO logs VALUES (100, 'first');\nCOMMIT;\nINSERT INTO logs VALUES (101, 'second');",
      "INSERT INTO logs VALUES (100, 'first');\nINSERT INTO logs VALUES (101, 'second');" },
    .on = CORM_ON (COMMIT) | CORM_ON (ROLLBACK), .when = has_no_begin,
    .says = "this ends a transaction that the script did not begin" },
};
/* clang-format on */

const CormLintTable corm_lint_objects = { checks, G_N_ELEMENTS (checks) };
