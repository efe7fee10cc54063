/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite: changes that take more with them than they say, and ALTERs that it refuses. */
#include "lint/rule.h"

#include <string.h>

static gboolean
is_set (const CormLintAction *action, const char *name, const char *const *values)
{
  g_autofree char *value = g_strstrip (g_strdup (action->other != NULL ? action->other : ""));
  return g_strcmp0 (action->name, name) == 0 && g_strv_contains (values, value);
}

static const char *const off[] = { "0", "off", "no", "false", NULL };
static const char *const on[] = { "1", "on", "yes", "true", NULL };

/* Foreign keys were turned off in front, outside a transaction. */
static gboolean
keys_are_off (const CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->place; i > 0; i--) {
    const CormLintAction *before = lint->actions->pdata[i - 1];
    if (before->kind == CORM_ACTION_SET && before->transaction == 0 &&
        g_strcmp0 (before->name, "foreign_keys") == 0)
      return is_set (before, "foreign_keys", off);
    if (corm_lint_same_name (before->table, "corm_rebuild_guard"))
      return TRUE; /* a rebuild of Corm's, which begins with a look whether they are */
  }
  return FALSE;
}

static gboolean
may_cascade (CormLint *lint, const CormLintAction *action)
{
  return !lint->plan && !lint->keys_off && !keys_are_off (lint, action);
}

static gboolean
is_in_transaction (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->transaction != 0;
}

static gboolean
is_on (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return is_set (action, "writable_schema", on);
}

/* The table moves aside and another takes its name: foreign keys follow the one that moved. */
static gboolean
is_moved_aside (CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->place + 1; i < lint->actions->len; i++) {
    const CormLintAction *later = lint->actions->pdata[i];
    if (later->kind == CORM_ACTION_CREATE_TABLE && corm_lint_same_name (later->table, action->table))
      return TRUE;
  }
  return FALSE;
}

/* A rebuild that makes no index or trigger again. */
static gboolean
loses_indexes (CormLint *lint, const CormLintAction *action)
{
  const char *name = action->other; /* the table takes this name, which another had */
  gboolean dropped = FALSE, made = FALSE;
  for (guint i = 0; i < lint->actions->len; i++) {
    const CormLintAction *other = lint->actions->pdata[i];
    dropped = dropped || (i < action->place && other->kind == CORM_ACTION_DROP_TABLE &&
                          corm_lint_same_name (other->table, name));
    made = made ||
           (i > action->place && other->kind == CORM_ACTION_CREATE_INDEX &&
            corm_lint_same_name (other->table, name)) ||
           (i > action->place && other->kind == CORM_ACTION_CREATE_TRIGGER);
  }
  const CormTable *live = corm_lint_live_table (lint, name);
  gboolean had = live == NULL || live->indexes->len > 0;
  return dropped && !made && had && !lint->plan;
}

static gboolean
is_not_constant (CormLint *lint, const CormLintAction *action)
{
  const char *text = action->default_sql != NULL ? action->default_sql : "";
  g_autoptr (GPtrArray) tokens = corm_tokens_split (lint->dialect, text);
  const CormToken *first = tokens->len > 0 ? tokens->pdata[0] : NULL;
  return first != NULL && (g_str_has_prefix (first->text, "current_") || strcmp (first->text, "(") == 0);
}

static gboolean
has_default (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->default_sql != NULL && g_ascii_strcasecmp (action->default_sql, "null") != 0;
}

/* An index, key or check of the script or the database speaks of the column. */
static gboolean
is_used (CormLint *lint, const CormLintAction *action)
{
  for (guint i = 0; i < action->place; i++) {
    const CormLintAction *other = lint->actions->pdata[i];
    guint64 kinds =
        CORM_ON (CREATE_INDEX) | CORM_ON (ADD_UNIQUE) | CORM_ON (ADD_PRIMARY_KEY) | CORM_ON (ADD_FOREIGN_KEY);
    for (guint j = 0; ((kinds >> other->kind) & 1) && corm_lint_same_name (other->table, action->table) &&
                      j < other->columns->len;
         j++)
      if (corm_lint_same_name (other->columns->pdata[j], action->name) &&
          corm_lint_find_before (lint, action, CORM_ON (DROP_INDEX), other->name) == NULL)
        return TRUE;
  }
  return FALSE;
}

#define UNSUPPORTED \
  (CORM_ON (SET_TYPE) | CORM_ON (MODIFY_COLUMN) | CORM_ON (SET_NOT_NULL) | CORM_ON (DROP_NOT_NULL) | \
   CORM_ON (SET_DEFAULT) | CORM_ON (DROP_DEFAULT) | CORM_ON (DROP_CONSTRAINT) | CORM_ON (DROP_PRIMARY_KEY) | \
   CORM_ON (VALIDATE) | CORM_ON (ADD_FOREIGN_KEY) | CORM_ON (ADD_CHECK) | CORM_ON (ADD_UNIQUE) | \
   CORM_ON (ADD_PRIMARY_KEY))

static gboolean
is_alter (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  const CormToken *first = action->statement->tokens->pdata[0];
  return strcmp (first->text, "alter") == 0 && !(action->flags & CORM_FLAG_INLINE);
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "drop-table-cascades", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "sqlite3",
      "While foreign keys are on, DROP TABLE deletes the rows first, and ON DELETE CASCADE takes the rows of other tables "
      "along, also in the midst of a rebuild.",
      "PRAGMA foreign_keys = OFF in front of the transaction, and on again behind it; corm migrate does so",
      "CREATE TABLE clusters_new (id int NOT NULL PRIMARY KEY, name text NOT NULL);\n"
      "INSERT INTO clusters_new SELECT id, name FROM clusters;\n"
      "DROP TABLE clusters;\nALTER TABLE clusters_new RENAME TO clusters;",
      "PRAGMA foreign_keys = OFF;\n"
      "CREATE TABLE clusters_new (id int NOT NULL PRIMARY KEY, name text NOT NULL);\n"
      "INSERT INTO clusters_new SELECT id, name FROM clusters;\n"
      "DROP TABLE clusters;\nALTER TABLE clusters_new RENAME TO clusters;\nPRAGMA foreign_keys = ON;" },
    .on = CORM_ON (DROP_TABLE), .when = may_cascade,
    .says = "dropping {t} deletes its rows first, and with them what points to them with ON DELETE CASCADE" },
  { .rule = { "pragma-in-transaction", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "Inside a transaction, PRAGMA foreign_keys does nothing, without an error: what follows runs with foreign keys as they "
      "were.",
      "in front of BEGIN; in a migration with -- corm:no-transaction",
      "BEGIN;\nPRAGMA foreign_keys = OFF;\nDELETE FROM logs WHERE id = 1;\nCOMMIT;",
      "PRAGMA foreign_keys = OFF;\nBEGIN;\nDELETE FROM logs WHERE id = 1;\nCOMMIT;" },
    .on = CORM_ON (SET), .only = "foreign_keys", .when = is_in_transaction,
    .says = "PRAGMA foreign_keys does nothing inside a transaction" },
  { .rule = { "writable-schema", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "sqlite3",
      "With writable_schema on, an UPDATE can make the database unreadable: SQLite believes every word that is written there.",
      "rebuild the table; corm migrate does so and loses nothing",
      "PRAGMA writable_schema = ON;\nUPDATE sqlite_master SET sql = 'CREATE TABLE jobs (id' WHERE name = 'jobs';",
      "ALTER TABLE jobs ADD COLUMN color text;" },
    .on = CORM_ON (SET), .only = "writable_schema", .when = is_on,
    .says = "one wrong word written to sqlite_schema makes the database unreadable" },
  { .rule = { "rebuild-moves-references", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "sqlite3",
      "ALTER TABLE … RENAME takes the foreign keys of other tables, views and triggers along: they point to the table that "
      "moved aside, and to nothing when that is dropped.",
      "make the new table under another name, copy, drop the old one, rename the new one",
      "PRAGMA foreign_keys = OFF;\n"
      "ALTER TABLE clusters RENAME TO clusters_old;\n"
      "CREATE TABLE clusters (id int NOT NULL PRIMARY KEY, name text NOT NULL);\n"
      "INSERT INTO clusters SELECT id, name FROM clusters_old;\nDROP TABLE clusters_old;\nPRAGMA foreign_keys = ON;",
      "PRAGMA foreign_keys = OFF;\n"
      "CREATE TABLE clusters_new (id int NOT NULL PRIMARY KEY, name text NOT NULL);\n"
      "INSERT INTO clusters_new SELECT id, name FROM clusters;\n"
      "DROP TABLE clusters;\nALTER TABLE clusters_new RENAME TO clusters;\nPRAGMA foreign_keys = ON;" },
    .on = CORM_ON (RENAME_TABLE), .when = is_moved_aside,
    .says = "foreign keys and views that name {t} will name {o}" },
  { .rule = { "rebuild-loses-indexes", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, "sqlite3",
      "Indexes and triggers belong to the table that is dropped; the one that takes its name has none.",
      "make them again behind the rename; corm migrate does so",
      "PRAGMA foreign_keys = OFF;\n"
      "CREATE TABLE jobs_new (id int NOT NULL PRIMARY KEY, name text);\nINSERT INTO jobs_new SELECT id, name FROM jobs;\n"
      "DROP TABLE jobs;\nALTER TABLE jobs_new RENAME TO jobs;",
      "PRAGMA foreign_keys = OFF;\n"
      "CREATE TABLE jobs_new (id int NOT NULL PRIMARY KEY, name text);\nINSERT INTO jobs_new SELECT id, name FROM jobs;\n"
      "DROP TABLE jobs;\nALTER TABLE jobs_new RENAME TO jobs;\nCREATE INDEX jobs_name ON jobs (name);" },
    .on = CORM_ON (RENAME_TABLE), .new_too = TRUE, .when = loses_indexes,
    .says = "the indexes and triggers that {o} had are not made again" },
  { .rule = { "add-column-default-not-constant", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "ADD COLUMN takes a constant only: CURRENT_TIMESTAMP or an expression is refused as soon as the table has a row.",
      "add it without a default and fill it, or rebuild the table with corm migrate",
      "ALTER TABLE jobs ADD COLUMN made_at text DEFAULT CURRENT_TIMESTAMP;",
      "ALTER TABLE jobs ADD COLUMN made_at text;\nUPDATE jobs SET made_at = CURRENT_TIMESTAMP WHERE made_at IS NULL;" },
    .on = CORM_ON (ADD_COLUMN), .when = is_not_constant,
    .says = "SQLite refuses {n} as soon as {t} has a row: its default is not constant" },
  { .rule = { "add-column-unique", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "ADD COLUMN cannot add a UNIQUE or PRIMARY KEY column.",
      "add the column, then CREATE UNIQUE INDEX",
      "ALTER TABLE jobs ADD COLUMN token text UNIQUE;",
      "ALTER TABLE jobs ADD COLUMN token text;\nCREATE UNIQUE INDEX jobs_token ON jobs (token);" },
    .on = CORM_ON (ADD_UNIQUE) | CORM_ON (ADD_PRIMARY_KEY), .flags = CORM_FLAG_INLINE,
    .says = "SQLite cannot add a unique column to {t}" },
  { .rule = { "add-reference-with-default", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "While foreign keys are on, ADD COLUMN refuses a REFERENCES column whose default is not NULL.",
      "add it as nullable, then fill it",
      "ALTER TABLE jobs ADD COLUMN other_cluster int DEFAULT 1 REFERENCES clusters (id);",
      "ALTER TABLE jobs ADD COLUMN other_cluster int REFERENCES clusters (id);" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_REFERENCES, .when = has_default,
    .says = "SQLite refuses {n}: a reference with a default" },
  { .rule = { "alter-not-supported", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "SQLite's ALTER TABLE renames, adds and drops columns, and no more: types, defaults and constraints take a rebuild.",
      "corm migrate, which rebuilds the table and loses nothing",
      "ALTER TABLE jobs ADD CONSTRAINT jobs_pid_check CHECK (pid > 0);",
      "ALTER TABLE jobs ADD COLUMN size int CHECK (size > 0);" },
    .on = UNSUPPORTED, .without = CORM_FLAG_INLINE, .new_too = TRUE, .when = is_alter,
    .says = "SQLite has no such ALTER TABLE" },
  { .rule = { "drop-column-in-use", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "DROP COLUMN is refused while an index, a key or a check names the column.",
      "drop the index first, or rebuild the table with corm migrate",
      "CREATE INDEX jobs_pid ON jobs (pid);\nALTER TABLE jobs DROP COLUMN pid;",
      "CREATE INDEX jobs_pid ON jobs (pid);\nDROP INDEX jobs_pid;\nALTER TABLE jobs DROP COLUMN pid;" },
    .on = CORM_ON (DROP_COLUMN), .new_too = TRUE, .when = is_used,
    .says = "SQLite refuses to drop {t}.{n}, which an index or a key names" },
  { .rule = { "vacuum-in-transaction", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "sqlite3",
      "VACUUM is refused inside a transaction.",
      "by itself, in a migration with -- corm:no-transaction",
      "BEGIN;\nVACUUM;\nCOMMIT;",
      "VACUUM;" },
    .on = CORM_ON (VACUUM), .new_too = TRUE, .when = is_in_transaction,
    .says = "VACUUM cannot run inside a transaction" },
  { .rule = { "insert-or-replace-deletes", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, "sqlite3",
      "OR REPLACE deletes the row that is in the way and inserts another: columns that it does not name get their defaults, and "
      "ON DELETE CASCADE takes the children along.",
      "INSERT … ON CONFLICT (…) DO UPDATE",
      "INSERT OR REPLACE INTO clusters (id, name) VALUES (1, 'uno');",
      "INSERT INTO clusters (id, name) VALUES (1, 'uno') ON CONFLICT (id) DO UPDATE SET name = 'uno';" },
    .on = CORM_ON (INSERT), .flags = CORM_FLAG_REPLACE,
    .says = "a row of {t} that is in the way is deleted, and with it what hangs on it" },
  { .rule = { "ignore-swallows-errors", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, "sqlite3",
      "OR IGNORE leaves out rows that break NOT NULL, UNIQUE or CHECK, without a word.",
      "ON CONFLICT (…) DO NOTHING, which leaves out doubles only",
      "INSERT OR IGNORE INTO clusters (id, name) VALUES (3, NULL);",
      "INSERT INTO clusters (id, name) VALUES (3, 'three') ON CONFLICT (id) DO NOTHING;" },
    .on = CORM_ON (INSERT) | CORM_ON (UPDATE), .flags = CORM_FLAG_IGNORE, .new_too = TRUE,
    .says = "rows that {t} does not take are left out without an error" },
};
/* clang-format on */

const CormLintTable corm_lint_sqlite3 = { checks, G_N_ELEMENTS (checks) };
