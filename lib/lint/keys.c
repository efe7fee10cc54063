/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Indexes that are missing, or do what another does already; foreign keys whose columns do not fit. */
#include "lint/rule.h"

#include <string.h>

/* The first @n columns of @a are those of @b. */
static gboolean
starts_with (const GPtrArray *a, const GPtrArray *b)
{
  if (b->len == 0 || a->len < b->len)
    return FALSE;
  for (guint i = 0; i < b->len; i++)
    if (!corm_lint_same_name (a->pdata[i], b->pdata[i]))
      return FALSE;
  return TRUE;
}

#define INDEXES (CORM_ON (CREATE_INDEX) | CORM_ON (ADD_UNIQUE) | CORM_ON (ADD_PRIMARY_KEY))

static gboolean
live_index_starts_with (const CormTable *table, const GPtrArray *columns)
{
  for (guint i = 0; table != NULL && i < table->indexes->len; i++) {
    const CormTableIndex *index = table->indexes->pdata[i];
    g_autoptr (GPtrArray) names = g_ptr_array_new ();
    for (guint j = 0; j < index->parts->len; j++) {
      const CormIndexPart *part = index->parts->pdata[j];
      g_ptr_array_add (names, part->is_expression ? NULL : part->sql);
    }
    if (index->where == NULL && starts_with (names, columns))
      return TRUE;
  }
  return FALSE;
}

/* No index of the script or of the database begins with the columns of the foreign key. */
static gboolean
has_no_index (CormLint *lint, const CormLintAction *action)
{
  const CormTable *live = corm_lint_live_table (lint, action->table);
  for (guint i = 0; i < lint->actions->len; i++) {
    const CormLintAction *index = lint->actions->pdata[i];
    if (((INDEXES >> index->kind) & 1) && corm_lint_same_name (index->table, action->table) &&
        !(index->flags & CORM_FLAG_WHERE) && starts_with (index->columns, action->columns))
      return FALSE;
  }
  if (live != NULL && live->primary_key != NULL && live->primary_key->columns != NULL &&
      corm_lint_same_name (live->primary_key->columns[0],
                           action->columns->len == 1 ? action->columns->pdata[0] : NULL))
    return FALSE;
  return !live_index_starts_with (live, action->columns);
}

static gboolean
is_plain (const CormLintAction *index)
{
  return !(index->flags & (CORM_FLAG_WHERE | CORM_FLAG_SPECIAL)) && index->columns->len > 0;
}

/* Another index of the table, which begins with all columns of this one; @same: and ends with them. Its name into {d}. */
static gboolean
find_other (CormLint *lint, const CormLintAction *action, gboolean same)
{
  for (guint i = 0; i < lint->actions->len; i++) {
    const CormLintAction *other = lint->actions->pdata[i];
    gboolean candidate = other != action && ((INDEXES >> other->kind) & 1) && is_plain (other) &&
                         corm_lint_same_name (other->table, action->table) &&
                         starts_with (other->columns, action->columns);
    if (!candidate || (other->columns->len == action->columns->len) != same || (same && i > action->place))
      continue;
    g_free (lint->detail);
    lint->detail = g_strdup (other->name != NULL    ? other->name
                             : other->other != NULL ? other->other
                                                    : "a key");
    return TRUE;
  }
  return FALSE;
}

static gboolean
is_double (CormLint *lint, const CormLintAction *action)
{
  gboolean live = live_index_starts_with (corm_lint_live_table (lint, action->table), action->columns);
  if (is_plain (action) && find_other (lint, action, TRUE))
    return TRUE;
  return live && is_plain (action) && lint->actions->len == 0;
}

static gboolean
is_prefix (CormLint *lint, const CormLintAction *action)
{
  return is_plain (action) && find_other (lint, action, FALSE);
}

/* Integers and serials of one width are one family; all other names stand for themselves. */
static const char *
family (const char *base)
{
  static const char *const same[][2] = {
    { "integer", "int" },    { "int4", "int" },         { "serial", "int" },           { "serial4", "int" },
    { "int8", "bigint" },    { "bigserial", "bigint" }, { "serial8", "bigint" },       { "int2", "smallint" },
    { "character", "char" }, { "decimal", "numeric" },  { "smallserial", "smallint" }, { "varchar", "text" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (same); i++)
    if (strcmp (base, same[i][0]) == 0)
      return same[i][1];
  return base;
}

static gboolean
types_differ (CormLint *lint, const CormLintAction *action)
{
  const char *name = action->columns->len == 1 ? action->columns->pdata[0] : NULL;
  const char *target = action->targets->len == 1 ? action->targets->pdata[0] : NULL;
  const CormLintAction there = { .table = action->other, .place = action->place };
  if (name == NULL || target == NULL)
    return FALSE;
  CormLintColumn child = corm_lint_find_column (lint, action, name);
  CormLintColumn parent = corm_lint_find_column (lint, &there, target);
  if (child.said == NULL)
    child.said = corm_lint_beside (action, CORM_ACTION_ADD_COLUMN, name);
  const char *a = corm_lint_column_type (&child), *b = corm_lint_column_type (&parent);
  if (a == NULL || b == NULL)
    return FALSE;
  g_autofree char *left = corm_lint_type_base (a);
  g_autofree char *right = corm_lint_type_base (b);
  gboolean sign = (strstr (a, "unsigned") != NULL) != (strstr (b, "unsigned") != NULL);
  return sign || strcmp (family (left), family (right)) != 0;
}

/* A view's columns stay as they are when its "*" is read. */
static gboolean
takes_all (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  const GPtrArray *tokens = action->statement->tokens;
  for (guint i = action->from; i + 1 < tokens->len; i++) {
    const CormToken *token = tokens->pdata[i], *next = tokens->pdata[i + 1];
    gboolean before = token->kind == CORM_TOKEN_WORD &&
                      (strcmp (token->text, "select") == 0 || strcmp (token->text, "distinct") == 0);
    if ((before || strcmp (token->text, ".") == 0) && strcmp (next->text, "*") == 0)
      return TRUE;
  }
  return FALSE;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "missing-foreign-key-index", CORM_LINT_PERFORMANCE, CORM_SEVERITY_WARNING, "sqlite3 pgsql",
      "The database makes no index for a foreign key: each DELETE or key change in the table that it points to reads all of "
      "this one.",
      "an index that begins with the foreign key's columns",
      "CREATE TABLE steps (id int PRIMARY KEY, job_id int NOT NULL REFERENCES jobs (id));",
      "CREATE TABLE steps (id int PRIMARY KEY, job_id int NOT NULL REFERENCES jobs (id));\n"
      "CREATE INDEX steps_job ON steps (job_id);" },
    .on = CORM_ON (ADD_FOREIGN_KEY), .new_too = TRUE, .when = has_no_index,
    .says = "a row that goes from {o} makes the database read all of {t}: no index begins with the foreign key" },
  { .rule = { "duplicate-index", CORM_LINT_PERFORMANCE, CORM_SEVERITY_WARNING, "sqlite3 pgsql mysql",
      "A second index over the same columns is written with every row and never read.",
      "one of them",
      "CREATE TABLE parts (id int PRIMARY KEY, size int);\nCREATE INDEX parts_a ON parts (size);\n"
      "CREATE INDEX parts_b ON parts (size);",
      "CREATE TABLE parts (id int PRIMARY KEY, size int);\nCREATE INDEX parts_a ON parts (size);" },
    .on = CORM_ON (CREATE_INDEX), .new_too = TRUE, .when = is_double,
    .says = "{d} is over the same columns of {t}" },
  { .rule = { "index-is-prefix", CORM_LINT_PERFORMANCE, CORM_SEVERITY_NOTE, "sqlite3 pgsql mysql",
      "An index over (a) does nothing that one over (a, b) does not do, but is written with every row.",
      "the longer one alone",
      "CREATE TABLE parts (id int PRIMARY KEY, size int, kind int);\nCREATE INDEX parts_a ON parts (size);\n"
      "CREATE INDEX parts_b ON parts (size, kind);",
      "CREATE TABLE parts (id int PRIMARY KEY, size int, kind int);\nCREATE INDEX parts_b ON parts (size, kind);" },
    .on = CORM_ON (CREATE_INDEX), .without = CORM_FLAG_UNIQUE, .new_too = TRUE, .when = is_prefix,
    .says = "{d} begins with the columns of {n}, and serves its queries" },
  { .rule = { "foreign-key-type-differs", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "pgsql",
      "PostgreSQL takes a foreign key between types that compare, but a key that is too large for the narrower column can "
      "never be pointed to.",
      "the same type on both sides",
      "CREATE TABLE accounts (id bigint PRIMARY KEY);\n"
      "CREATE TABLE payments (id int PRIMARY KEY, account_id int REFERENCES accounts (id));",
      "CREATE TABLE accounts (id bigint PRIMARY KEY);\n"
      "CREATE TABLE payments (id int PRIMARY KEY, account_id bigint REFERENCES accounts (id));" },
    .on = CORM_ON (ADD_FOREIGN_KEY), .new_too = TRUE, .when = types_differ,
    .says = "the columns of the foreign key from {t} to {o} are of different types" },
  { .rule = { "foreign-key-type-differs", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "mysql",
      "MariaDB refuses a foreign key between columns of different types, also where they differ in UNSIGNED only.",
      "the same type on both sides",
      "CREATE TABLE accounts (id bigint PRIMARY KEY);\n"
      "CREATE TABLE payments (id int PRIMARY KEY, account_id int, FOREIGN KEY (account_id) REFERENCES accounts (id));",
      "CREATE TABLE accounts (id bigint PRIMARY KEY);\n"
      "CREATE TABLE payments (id int PRIMARY KEY, account_id bigint, FOREIGN KEY (account_id) REFERENCES accounts (id));" },
    .on = CORM_ON (ADD_FOREIGN_KEY), .new_too = TRUE, .when = types_differ,
    .says = "the columns of the foreign key from {t} to {o} are of different types" },
  { .rule = { "view-with-star", CORM_LINT_MISTAKE, CORM_SEVERITY_NOTE, "pgsql mysql",
      "The star is read once, when the view is made: later columns are not in the view, and one that nobody uses cannot "
               "go without it: PostgreSQL refuses to drop the column, MariaDB drops it and the view fails.",
      "name the columns",
      "CREATE VIEW job_list AS SELECT * FROM jobs;",
      "CREATE VIEW job_list AS SELECT id, name FROM jobs;" },
    .on = CORM_ON (CREATE_VIEW), .new_too = TRUE, .when = takes_all,
    .says = "view {n} holds on to every column that its tables have now, and gets no later one" },
};
/* clang-format on */

const CormLintTable corm_lint_keys = { checks, G_N_ELEMENTS (checks) };
