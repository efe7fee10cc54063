/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rules of all databases: what is lost, and what the program's old version cannot live with. */
#include "lint/rows.h"

#include <string.h>

static gboolean
mentions (const CormLintAction *action, const char *table)
{
  for (guint i = 0; i < action->statement->tokens->len; i++)
    if (corm_lint_same_name (((const CormToken *) action->statement->tokens->pdata[i])->text, table))
      return TRUE;
  return FALSE;
}

/* Its rows were copied somewhere before. */
static gboolean
is_copied (const CormLint *lint, const CormLintAction *action)
{
  for (guint i = 0; i < action->place; i++) {
    const CormLintAction *copy = lint->actions->pdata[i];
    if ((copy->flags & CORM_FLAG_AS_SELECT) && mentions (copy, action->table))
      return TRUE;
  }
  return FALSE;
}

/* A rebuild: another table of the script takes its name, or it is made anew and its rows were kept. */
static gboolean
is_replaced (const CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->place + 1; i < lint->actions->len; i++) {
    const CormLintAction *later = lint->actions->pdata[i];
    if (later->kind == CORM_ACTION_RENAME_TABLE && corm_lint_same_name (later->other, action->table))
      return TRUE;
    if (later->kind == CORM_ACTION_CREATE_TABLE && corm_lint_same_name (later->table, action->table))
      return is_copied (lint, action);
  }
  return FALSE;
}

static gboolean
is_for_good (CormLint *lint, const CormLintAction *action)
{
  return !is_replaced (lint, action) && !(action->flags & CORM_FLAG_TEMPORARY);
}

/* A view takes the table's old name. */
static gboolean
leaves_no_view (CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->place + 1; i < lint->actions->len; i++) {
    const CormLintAction *later = lint->actions->pdata[i];
    if ((later->kind == CORM_ACTION_CREATE_VIEW && corm_lint_same_name (later->name, action->table)) ||
        (later->kind == CORM_ACTION_CREATE_TABLE && corm_lint_same_name (later->table, action->table)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_renamed (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->other != NULL && !corm_lint_same_name (action->name, action->other);
}

static gboolean
has_no_value (CormLint *lint, const CormLintAction *action)
{
  gboolean null = action->default_sql != NULL && g_ascii_strcasecmp (action->default_sql, "null") == 0;
  g_autofree char *base = corm_lint_type_base (action->type != NULL ? action->type : "");
  gboolean serial = strstr (base, "serial") != NULL;
  return (action->default_sql == NULL || null) && !serial && corm_lint_count_rows (lint, action, 1) != 0;
}

/* @name belongs to a primary key of the same statement. */
static gboolean
is_in_key (const CormLintAction *action, const char *name)
{
  for (guint i = 0; i < action->statement->actions->len; i++) {
    const CormLintAction *key = action->statement->actions->pdata[i];
    for (guint j = 0; key->kind == CORM_ACTION_ADD_PRIMARY_KEY && j < key->columns->len; j++)
      if (corm_lint_same_name (key->columns->pdata[j], name))
        return TRUE;
  }
  return FALSE;
}

/* A unique key over a column that may be NULL, as the script or the database says. */
static gboolean
lets_nulls_in (CormLint *lint, const CormLintAction *action)
{
  for (guint i = 0; i < action->columns->len; i++) {
    const char *name = action->columns->pdata[i];
    if (name == NULL || is_in_key (action, name))
      continue;
    CormLintColumn column = corm_lint_find_column (lint, action, name);
    if ((column.said != NULL && !(column.said->flags & (CORM_FLAG_NOT_NULL | CORM_FLAG_PRIMARY))) ||
        (column.live != NULL && !column.live->not_null))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_unique_index (CormLint *lint, const CormLintAction *action)
{
  gboolean unique = action->kind == CORM_ACTION_ADD_UNIQUE ||
                    ((action->flags & CORM_FLAG_UNIQUE) && !(action->flags & CORM_FLAG_WHERE));
  return unique && !corm_action_has (action, "distinct") && lets_nulls_in (lint, action);
}

/* The same statement adds a constraint in its place. */
static gboolean
is_not_replaced (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return corm_lint_beside (action, CORM_ACTION_ADD_CHECK, NULL) == NULL &&
         corm_lint_beside (action, CORM_ACTION_ADD_FOREIGN_KEY, NULL) == NULL &&
         corm_lint_beside (action, CORM_ACTION_ADD_UNIQUE, NULL) == NULL &&
         corm_lint_beside (action, CORM_ACTION_ADD_PRIMARY_KEY, NULL) == NULL;
}

#define ALL "sqlite3 pgsql mysql"

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "drop-table", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, ALL,
      "All rows of the table go with it, and so do its indexes and triggers; programs that still know it fail.",
      "rename it and wait a release; drop it when nobody has missed it and a copy is kept",
      "DROP TABLE jobs;",
      "ALTER TABLE jobs RENAME TO jobs_retired;" },
    .on = CORM_ON (DROP_TABLE), .when = is_for_good,
    .says = "table {t} goes with all its rows" },
  { .rule = { "drop-column", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, ALL,
      "The column's values are lost, and every query of the program's old version that names it fails.",
      "first a version of the program that does not use it; then rename it, and drop it when nobody has missed it",
      "ALTER TABLE jobs DROP COLUMN pid;",
      "ALTER TABLE jobs RENAME COLUMN pid TO pid_retired;" },
    .on = CORM_ON (DROP_COLUMN),
    .says = "the values of {t}.{n} are lost" },
  { .rule = { "truncate", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "pgsql mysql",
      "TRUNCATE empties the table without looking at rows or triggers, and locks out everybody; on MariaDB it also commits "
      "the transaction that it stands in.",
      "DELETE with a condition, in batches",
      "TRUNCATE TABLE jobs;",
      "DELETE FROM jobs WHERE status = 'done';" },
    .on = CORM_ON (TRUNCATE),
    .says = "all rows of {t} are lost" },
  { .rule = { "delete-without-where", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, ALL,
      "A DELETE without a condition removes every row.",
      "say which rows; where all of them are meant, WHERE true says so",
      "DELETE FROM jobs;",
      "DELETE FROM jobs WHERE status = 'done';" },
    .on = CORM_ON (DELETE), .without = CORM_FLAG_WHERE,
    .says = "every row of {t} is deleted" },
  { .rule = { "update-without-where", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, ALL,
      "An UPDATE without a condition writes over every row's value, and locks every row until the transaction ends.",
      "say which rows; fill a new column in batches",
      "UPDATE jobs SET status = 'new';",
      "UPDATE jobs SET status = 'new' WHERE status = 'odd';" },
    .on = CORM_ON (UPDATE), .without = CORM_FLAG_WHERE,
    .says = "every row of {t} is overwritten" },
  { .rule = { "rename-table", CORM_LINT_INCOMPATIBLE, CORM_SEVERITY_WARNING, ALL,
      "While the program's old version is still running, its queries ask for the old name and fail.",
      "leave a view under the old name until the old version has gone",
      "ALTER TABLE jobs RENAME TO tasks;",
      "ALTER TABLE jobs RENAME TO tasks;\nCREATE VIEW jobs AS SELECT id, name, status FROM tasks;" },
    .on = CORM_ON (RENAME_TABLE), .when = leaves_no_view,
    .says = "queries that ask for {t} fail from now on" },
  { .rule = { "rename-column", CORM_LINT_INCOMPATIBLE, CORM_SEVERITY_WARNING, ALL,
      "While the program's old version is still running, its queries ask for the old name and fail.",
      "add a column of the new name, write both, fill the old rows in batches; let the old one go a release later",
      "ALTER TABLE jobs RENAME COLUMN status TO state;",
      "ALTER TABLE jobs ADD COLUMN state varchar(20);\nUPDATE jobs SET state = status WHERE id BETWEEN 1 AND 10;" },
    .on = CORM_ON (RENAME_COLUMN),
    .says = "queries that ask for {t}.{n} fail from now on" },
  { .rule = { "not-null-without-value", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3 pgsql",
      "The rows that are there have nothing to put into the new column, so the statement fails as soon as there is one.",
      "add it as nullable or with a default; fill it; then make it NOT NULL",
      "ALTER TABLE jobs ADD COLUMN color varchar(20) NOT NULL;",
      "ALTER TABLE jobs ADD COLUMN color varchar(20);" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_NOT_NULL, .without = CORM_FLAG_GENERATED | CORM_FLAG_AUTO,
    .when = has_no_value,
    .says = "{t} has rows that have nothing for {n}, which is NOT NULL without a default" },
  { .rule = { "not-null-without-value", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "mysql",
      "The rows that are there get a value that nobody chose: 0, an empty text, a date of zeros.",
      "add it as nullable or with a default; fill it; then make it NOT NULL",
      "ALTER TABLE jobs ADD COLUMN color varchar(20) NOT NULL;",
      "ALTER TABLE jobs ADD COLUMN color varchar(20);" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_NOT_NULL, .without = CORM_FLAG_GENERATED | CORM_FLAG_AUTO,
    .when = has_no_value,
    .says = "the rows of {t} get a {n} that nobody chose" },
  { .rule = { "change-renames-column", CORM_LINT_INCOMPATIBLE, CORM_SEVERITY_WARNING, "mysql",
      "CHANGE COLUMN with another name is a rename: queries of the program's old version fail.",
      "MODIFY COLUMN keeps the name",
      "ALTER TABLE jobs CHANGE COLUMN status state varchar(20);",
      "ALTER TABLE jobs MODIFY COLUMN status varchar(20) NULL;" },
    .on = CORM_ON (MODIFY_COLUMN), .when = is_renamed,
    .says = "queries that ask for {t}.{n} fail from now on" },
  { .rule = { "if-not-exists-hides", CORM_LINT_MISTAKE, CORM_SEVERITY_NOTE, ALL,
      "Where a table of that name is there already, whatever its columns, the statement does nothing and says nothing; the "
      "first query that wants the new columns fails.",
      "leave IF NOT EXISTS out: a versioned migration runs once",
      "CREATE TABLE IF NOT EXISTS jobs (id int PRIMARY KEY, label varchar(20));",
      "CREATE TABLE jobs (id int PRIMARY KEY, label varchar(20));" },
    .on = CORM_ON (CREATE_TABLE), .flags = CORM_FLAG_IF_NOT_EXISTS, .without = CORM_FLAG_TEMPORARY, .new_too = TRUE,
    .says = "a table {t} of another shape would stay as it is, without a word" },
  { .rule = { "nullable-unique", CORM_LINT_MISTAKE, CORM_SEVERITY_NOTE, ALL,
      "NULLs are not equal to each other: a unique key over a column that may be NULL lets any number of them in.",
      "make the columns NOT NULL (on PostgreSQL from 15 on: NULLS NOT DISTINCT)",
      "CREATE TABLE people (id int PRIMARY KEY, email varchar(100) UNIQUE);",
      "CREATE TABLE people (id int PRIMARY KEY, email varchar(100) NOT NULL UNIQUE);" },
    .on = CORM_ON (ADD_UNIQUE) | CORM_ON (CREATE_INDEX), .new_too = TRUE, .when = is_unique_index,
    .says = "the unique key of {t} does not stop rows without a value" },
  { .rule = { "drop-constraint", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, "pgsql mysql",
      "From now on rows get in that the constraint kept out, and adding it again fails until they are mended.",
      "drop it together with what replaces it, in one statement",
      "ALTER TABLE guarded DROP CONSTRAINT guarded_range;",
      "ALTER TABLE guarded ADD CONSTRAINT guarded_large CHECK (n < 1000);" },
    .on = CORM_ON (DROP_CONSTRAINT), .when = is_not_replaced,
    .says = "rows get into {t} that {n} kept out" },
};
/* clang-format on */

const CormLintTable corm_lint_change = { checks, G_N_ELEMENTS (checks) };
