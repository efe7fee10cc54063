/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What another database refuses. Looked for on request only: a script for one database need not run on all. */
#include "lint/rule.h"

#include <string.h>

static gboolean
has_quote (const CormLintAction *action, char quote)
{
  for (guint i = action->from; i < action->to && i < action->statement->tokens->len; i++) {
    const CormToken *token = action->statement->tokens->pdata[i];
    if (token->kind == CORM_TOKEN_NAME && action->statement->text[token->from] == quote)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_backtick (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return has_quote (action, '`');
}

static gboolean
has_double_quote (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return has_quote (action, '"');
}

static gboolean
has_colons (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  for (guint i = action->from; i < action->to && i < action->statement->tokens->len; i++)
    if (strcmp (((const CormToken *) action->statement->tokens->pdata[i])->text, "::") == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_enum (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->type != NULL && g_ascii_strncasecmp (action->type, "enum", 4) == 0;
}

static gboolean
is_unsigned (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->type != NULL && strstr (action->type, "unsigned") != NULL;
}

static gboolean
has_limit (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return corm_action_has (action, "limit") && !corm_action_has (action, "select");
}

#define ANY (~G_GUINT64_CONSTANT (0))
#define PORTABLE(name, dialects, reason, advice, bad, safe) \
  .rule = { name, CORM_LINT_PORTABILITY, CORM_SEVERITY_NOTE, dialects, reason, advice, bad, safe }, \
  .new_too = TRUE

/* clang-format off */
static const CormLintCheck checks[] = {
  { PORTABLE ("backtick-name", "mysql sqlite3", "PostgreSQL knows no names in backticks.", "names that need no quotes",
              "CREATE TABLE tags (`tag` int);", "CREATE TABLE tags (tag int);"),
    .on = ANY, .when = has_backtick, .says = "names in backticks: PostgreSQL refuses them" },
  { PORTABLE ("double-quoted-name", "pgsql sqlite3", "For MariaDB, double quotes make a text.", "names that need no quotes",
              "CREATE TABLE tags (\"tag\" int);", "CREATE TABLE tags (tag int);"),
    .on = ANY, .when = has_double_quote, .says = "names in double quotes: MariaDB takes them for texts" },
  { PORTABLE ("auto-increment", "mysql", "AUTO_INCREMENT is MariaDB's own word.",
              "let Corm write the table from a model, for each database in its words",
              "CREATE TABLE tags (id int NOT NULL AUTO_INCREMENT PRIMARY KEY);", "CREATE TABLE tags (id int NOT NULL PRIMARY KEY);"),
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .flags = CORM_FLAG_AUTO,
    .says = "AUTO_INCREMENT: PostgreSQL and SQLite refuse it" },
  { PORTABLE ("autoincrement", "sqlite3", "AUTOINCREMENT is SQLite's own word.",
              "let Corm write the table from a model, for each database in its words",
              "CREATE TABLE tags (id integer PRIMARY KEY AUTOINCREMENT);", "CREATE TABLE tags (id integer PRIMARY KEY);"),
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_AUTO, .says = "AUTOINCREMENT: PostgreSQL and MariaDB refuse it" },
  { PORTABLE ("enum-in-column", "mysql", "Other databases have no list of labels in a column's type.",
              "varchar with a CHECK, or labels in a model",
              "CREATE TABLE moods (mood enum('sad','glad'));", "CREATE TABLE moods (mood varchar(10) CHECK (mood IN ('sad','glad')));"),
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .when = is_enum, .says = "{y}: PostgreSQL and SQLite refuse it" },
  { PORTABLE ("unsigned-type", "mysql", "PostgreSQL has no unsigned numbers.", "a wider type, with a CHECK (n >= 0)",
              "CREATE TABLE counts (n int unsigned);", "CREATE TABLE counts (n bigint CHECK (n >= 0));"),
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .when = is_unsigned, .says = "{y}: PostgreSQL refuses it" },
  { PORTABLE ("on-update-now", "mysql", "ON UPDATE CURRENT_TIMESTAMP is MariaDB's own.",
              "set it in the program, or in a trigger",
              "CREATE TABLE pages (edited datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);",
              "CREATE TABLE pages (edited datetime DEFAULT CURRENT_TIMESTAMP);"),
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .flags = CORM_FLAG_ON_UPDATE,
    .says = "ON UPDATE: PostgreSQL and SQLite refuse it" },
  { PORTABLE ("replace-into", "mysql sqlite3", "PostgreSQL has no REPLACE.", "an upsert of Corm's",
              "REPLACE INTO clusters (id, name) VALUES (1, 'uno');", "UPDATE clusters SET name = 'uno' WHERE id = 1;"),
    .on = CORM_ON (INSERT), .flags = CORM_FLAG_REPLACE, .says = "REPLACE: PostgreSQL refuses it" },
  { PORTABLE ("insert-ignore", "mysql", "PostgreSQL has no INSERT IGNORE, and the two others write it differently.",
              "INSERT … SELECT … WHERE NOT EXISTS",
              "INSERT IGNORE INTO clusters (id, name) VALUES (1, 'one');",
              "INSERT INTO clusters (id, name) SELECT 3, 'three' WHERE NOT EXISTS (SELECT 1 FROM clusters WHERE id = 3);"),
    .on = CORM_ON (INSERT), .flags = CORM_FLAG_IGNORE, .says = "IGNORE: PostgreSQL refuses it" },
  { PORTABLE ("insert-ignore", "sqlite3", "PostgreSQL has no INSERT IGNORE, and the two others write it differently.",
              "INSERT … SELECT … WHERE NOT EXISTS",
              "INSERT OR IGNORE INTO clusters (id, name) VALUES (1, 'one');",
              "INSERT INTO clusters (id, name) SELECT 3, 'three' WHERE NOT EXISTS (SELECT 1 FROM clusters WHERE id = 3);"),
    .on = CORM_ON (INSERT), .flags = CORM_FLAG_IGNORE, .says = "IGNORE: PostgreSQL refuses it" },
  { PORTABLE ("partial-index", "pgsql sqlite3", "MariaDB has no index over a part of the rows.", "an index over all rows",
              "CREATE INDEX jobs_new ON jobs (id) WHERE status = 'new';", "CREATE INDEX jobs_new ON jobs (status, id);"),
    .on = CORM_ON (CREATE_INDEX), .flags = CORM_FLAG_WHERE, .says = "an index with WHERE: MariaDB refuses it" },
  { PORTABLE ("colon-cast", "pgsql", "Casts with :: are PostgreSQL's own.", "CAST (x AS type)",
              "UPDATE jobs SET pid = '7'::int WHERE id = 1;", "UPDATE jobs SET pid = CAST('7' AS decimal) WHERE id = 1;"),
    .on = ANY, .when = has_colons, .says = "a cast with :: is refused by MariaDB and SQLite" },
  { PORTABLE ("limit-in-change", "mysql", "PostgreSQL has no UPDATE or DELETE with LIMIT.",
              "a condition on the key",
              "DELETE FROM jobs WHERE status = 'done' LIMIT 10;", "DELETE FROM jobs WHERE status = 'done' AND id < 20;"),
    .on = CORM_ON (UPDATE) | CORM_ON (DELETE), .when = has_limit, .says = "LIMIT: PostgreSQL refuses it here" },
  { PORTABLE ("column-if-not-exists", "pgsql mysql", "SQLite's ADD COLUMN knows no IF NOT EXISTS.",
              "leave it out: a versioned migration runs once",
              "ALTER TABLE jobs ADD COLUMN IF NOT EXISTS color int;", "ALTER TABLE jobs ADD COLUMN color int;"),
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_IF_NOT_EXISTS, .says = "IF NOT EXISTS: SQLite refuses it here" },
};
/* clang-format on */

const CormLintTable corm_lint_portable = { checks, G_N_ELEMENTS (checks) };
