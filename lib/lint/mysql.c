/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* MariaDB: what it loses without a word, and types that do not keep what they are given. */
#include "lint/rule.h"

#include <string.h>

static gboolean
has_base (const CormLintAction *action, const char *const *types)
{
  g_autofree char *base = action->type != NULL ? corm_lint_type_base (action->type) : NULL;
  return base != NULL && g_strv_contains (types, base);
}

static void
add_word (GString *text, const char *word)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", word);
}

/* What the column had and the new definition does not say: into {d}. */
static gboolean
forgets (CormLint *lint, const CormLintAction *action)
{
  CormLintColumn was = corm_lint_find_column (lint, action, action->name);
  g_autoptr (GString) lost = g_string_new (NULL);
  guint had = 0, has = action->flags;
  if (was.said != NULL)
    had = was.said->flags;
  else if (was.live != NULL)
    had = (was.live->not_null ? CORM_FLAG_NOT_NULL : 0) | (was.live->auto_increment ? CORM_FLAG_AUTO : 0) |
          (was.live->comment != NULL && *was.live->comment != '\0' ? CORM_FLAG_COMMENT : 0);
  gboolean was_default = (was.said != NULL && was.said->default_sql != NULL) ||
                         (was.live != NULL && was.live->default_kind != CORM_DEFAULT_NONE &&
                          was.live->default_kind != CORM_DEFAULT_NULL);
  if ((had & (CORM_FLAG_NOT_NULL | CORM_FLAG_PRIMARY)) == CORM_FLAG_NOT_NULL &&
      !(has & (CORM_FLAG_NOT_NULL | CORM_FLAG_NULL)))
    add_word (lost, "NOT NULL");
  if (was_default && action->default_sql == NULL)
    add_word (lost, "DEFAULT");
  if ((had & CORM_FLAG_AUTO) && !(has & CORM_FLAG_AUTO))
    add_word (lost, "AUTO_INCREMENT");
  if ((had & CORM_FLAG_COMMENT) && !(has & CORM_FLAG_COMMENT))
    add_word (lost, "COMMENT");
  if ((had & CORM_FLAG_ON_UPDATE) && !(has & CORM_FLAG_ON_UPDATE))
    add_word (lost, "ON UPDATE");
  gboolean unknown = was.said == NULL && was.live == NULL && !(has & (CORM_FLAG_NOT_NULL | CORM_FLAG_NULL));
  if (unknown)
    add_word (lost, "NOT NULL, DEFAULT, COMMENT or AUTO_INCREMENT, if it had them");
  if (lost->len == 0)
    return FALSE;
  g_free (lint->detail);
  lint->detail = g_strdup (lost->str);
  return TRUE;
}

static gboolean
is_trimmed (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "char", "nchar", NULL };
  return has_base (action, types);
}

static gboolean
is_timestamp (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "timestamp", NULL };
  return has_base (action, types);
}

static gboolean
is_float (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "float", "float4", NULL };
  return has_base (action, types) && (action->type == NULL || strchr (action->type, ',') == NULL) &&
         corm_lint_type_length (action->type) <= 24;
}

static gboolean
has_digits (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "float", "double", "real", NULL };
  return has_base (action, types) && strchr (action->type, ',') != NULL;
}

static gboolean
is_short_key (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const types[] = { "int", "integer", "mediumint", "smallint", "tinyint", NULL };
  return (action->flags & CORM_FLAG_AUTO) && has_base (action, types);
}

static gboolean
is_utf8mb3 (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  const char *value = action->other != NULL ? action->other : "";
  return g_str_has_prefix (value, "utf8mb3") || strcmp (value, "utf8") == 0 ||
         g_str_has_prefix (value, "utf8_");
}

/* An engine that undoes nothing. */
static gboolean
has_no_transactions (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  static const char *const engines[] = { "myisam", "aria", "memory", "csv", "archive", "merge", NULL };
  return action->other != NULL && g_strv_contains (engines, action->other);
}

#define DDL \
  (CORM_ON (CREATE_TABLE) | CORM_ON (DROP_TABLE) | CORM_ON (RENAME_TABLE) | CORM_ON (ADD_COLUMN) | \
   CORM_ON (DROP_COLUMN) | CORM_ON (RENAME_COLUMN) | CORM_ON (MODIFY_COLUMN) | CORM_ON (ADD_UNIQUE) | \
   CORM_ON (ADD_PRIMARY_KEY) | CORM_ON (ADD_FOREIGN_KEY) | CORM_ON (ADD_CHECK) | CORM_ON (DROP_CONSTRAINT) | \
   CORM_ON (CREATE_INDEX) | CORM_ON (DROP_INDEX) | CORM_ON (CREATE_VIEW) | CORM_ON (TRUNCATE) | \
   CORM_ON (CREATE_TRIGGER) | CORM_ON (SET_OPTION) | CORM_ON (LOCK))

static gboolean
commits (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->transaction != 0 && !(action->flags & CORM_FLAG_TEMPORARY);
}

static gboolean
is_loose_mode (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return action->other != NULL && strstr (action->other, "strict") == NULL &&
         strstr (action->other, "@") == NULL;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "modify-forgets", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_ERROR, "mysql",
      "MODIFY and CHANGE replace the column's whole definition: NOT NULL, DEFAULT, COMMENT, AUTO_INCREMENT and ON UPDATE that "
      "are not said again are gone, without a warning.",
      "say all of the definition again, with NULL or NOT NULL; SHOW CREATE TABLE has it",
      "ALTER TABLE jobs ADD COLUMN level int NOT NULL DEFAULT 3 COMMENT 'from 1 to 5';\n"
      "ALTER TABLE jobs MODIFY COLUMN level bigint;",
      "ALTER TABLE jobs ADD COLUMN level int NOT NULL DEFAULT 3 COMMENT 'from 1 to 5';\n"
      "ALTER TABLE jobs MODIFY COLUMN level bigint NOT NULL DEFAULT 3 COMMENT 'from 1 to 5';" },
    .on = CORM_ON (MODIFY_COLUMN), .new_too = TRUE, .when = forgets,
    .says = "{t}.{n} loses what its new definition does not say: {d}" },
  { .rule = { "implicit-commit", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "mysql",
      "Statements that change the schema commit the transaction that they stand in: what came before cannot be rolled back.",
      "the schema first, by itself; the rows in a transaction of their own",
      "BEGIN;\nINSERT INTO logs VALUES (100, 'first');\nALTER TABLE jobs ADD COLUMN color int;\nCOMMIT;",
      "ALTER TABLE jobs ADD COLUMN color int;\nBEGIN;\nINSERT INTO logs VALUES (100, 'first');\nCOMMIT;" },
    .on = DDL, .new_too = TRUE, .when = commits,
    .says = "this commits the transaction that it stands in" },
  { .rule = { "lock-table", CORM_LINT_BLOCKING, CORM_SEVERITY_WARNING, "mysql",
      "LOCK TABLES commits the transaction that it stands in, and holds everybody else back until UNLOCK TABLES.",
      "SELECT … FOR UPDATE in a transaction",
      "LOCK TABLES jobs WRITE;",
      "BEGIN;\nSELECT id FROM jobs WHERE id = 1 FOR UPDATE;" },
    .on = CORM_ON (LOCK),
    .says = "{t} is locked against others until UNLOCK TABLES" },
  { .rule = { "engine-without-transactions", CORM_LINT_MISTAKE, CORM_SEVERITY_ERROR, "mysql",
      "MyISAM, Aria and MEMORY undo nothing: ROLLBACK leaves the rows, a crash leaves a half, and foreign keys are ignored.",
      "InnoDB",
      "CREATE TABLE counts (id int PRIMARY KEY) ENGINE=MyISAM;",
      "CREATE TABLE counts (id int PRIMARY KEY) ENGINE=InnoDB;" },
    .on = CORM_ON (SET_OPTION), .only = "engine", .new_too = TRUE, .when = has_no_transactions,
    .says = "rows of {t} cannot be rolled back: {o} has no transactions" },
  { .rule = { "ignore-swallows-errors", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, "mysql",
      "IGNORE turns errors into warnings: values are cut to fit, rows that are in the way are left out.",
      "without IGNORE; ON DUPLICATE KEY UPDATE where doubles are meant",
      "INSERT IGNORE INTO clusters (id, name) VALUES (3, NULL);",
      "INSERT INTO clusters (id, name) VALUES (3, 'three');" },
    .on = CORM_ON (INSERT) | CORM_ON (UPDATE) | CORM_ON (ADD_UNIQUE) | CORM_ON (MODIFY_COLUMN), .flags = CORM_FLAG_IGNORE,
    .new_too = TRUE,
    .says = "values that do not fit {t} are changed or left out without an error" },
  { .rule = { "replace-deletes", CORM_LINT_DESTRUCTIVE, CORM_SEVERITY_WARNING, "mysql",
      "REPLACE deletes the row that is in the way and inserts another: columns that it does not name get their defaults, and "
      "ON DELETE CASCADE takes the children along.",
      "INSERT … ON DUPLICATE KEY UPDATE",
      "REPLACE INTO clusters (id, name) VALUES (1, 'uno');",
      "INSERT INTO clusters (id, name) VALUES (1, 'uno') ON DUPLICATE KEY UPDATE name = 'uno';" },
    .on = CORM_ON (INSERT), .flags = CORM_FLAG_REPLACE,
    .says = "a row of {t} that is in the way is deleted, and with it what hangs on it" },
  { .rule = { "sql-mode-loosened", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "mysql",
      "Without STRICT_TRANS_TABLES, values that do not fit are cut or become 0, with a warning that nobody reads.",
      "leave the mode, and mend the values",
      "SET sql_mode = '';\nALTER TABLE jobs MODIFY COLUMN status varchar(2) NULL;",
      "ALTER TABLE jobs MODIFY COLUMN status varchar(40) NULL;" },
    .on = CORM_ON (SET), .only = "sql_mode", .when = is_loose_mode,
    .says = "values that do not fit are changed without an error from here on" },
  { .rule = { "charset-utf8mb3", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "mysql",
      "utf8 is utf8mb3 here, which has no characters of four bytes: emoji and many names are refused or lost.",
      "utf8mb4",
      "CREATE TABLE talks (words varchar(100)) DEFAULT CHARSET=utf8;",
      "CREATE TABLE talks (words varchar(100)) DEFAULT CHARSET=utf8mb4;" },
    .on = CORM_ON (SET_OPTION), .only = "charset", .new_too = TRUE, .when = is_utf8mb3,
    .says = "{t} cannot hold characters of four bytes" },
  { .rule = { "timestamp-ends-2038", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "mysql",
      "TIMESTAMP ends on 19 January 2038; a later moment is refused.",
      "datetime(6), in UTC",
      "CREATE TABLE leases (ends timestamp);",
      "CREATE TABLE leases (ends datetime(6));" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .new_too = TRUE, .when = is_timestamp,
    .says = "{t}.{n} takes no moment after 19 January 2038" },
  { .rule = { "float-loses-digits", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "mysql",
      "FLOAT holds six or seven digits: 16777217 comes back as another number, without an error.",
      "double, or decimal where digits count",
      "CREATE TABLE sizes (size float);",
      "CREATE TABLE sizes (size double);" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .new_too = TRUE, .when = is_float,
    .says = "{t}.{n}: {y} keeps six digits" },
  { .rule = { "float-rounds", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "mysql",
      "FLOAT(m,d) and DOUBLE(m,d) round what they are given to d digits behind the point, without an error.",
      "double, or decimal(m,d), which counts exactly",
      "CREATE TABLE sizes (size double(10,2));",
      "CREATE TABLE sizes (size double);" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .new_too = TRUE, .when = has_digits,
    .says = "{t}.{n}: {y} rounds its values" },
  { .rule = { "char-trims", CORM_LINT_TYPES, CORM_SEVERITY_NOTE, "mysql",
      "CHAR(n) takes the blanks off the end of every value.",
      "varchar(n)",
      "CREATE TABLE labels (label char(10));",
      "CREATE TABLE labels (label varchar(10));" },
    .on = CORM_ON (ADD_COLUMN) | CORM_ON (MODIFY_COLUMN), .new_too = TRUE, .when = is_trimmed,
    .says = "{t}.{n}: {y} loses blanks at the end of its values" },
  { .rule = { "int-key-overflows", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "mysql",
      "An automatic key of four bytes ends at 2 147 483 647; from then on every INSERT fails, and making it longer copies the "
      "table.",
      "bigint",
      "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, note text);",
      "CREATE TABLE notes (id bigint AUTO_INCREMENT PRIMARY KEY, note text);" },
    .on = CORM_ON (ADD_COLUMN), .new_too = TRUE, .when = is_short_key,
    .says = "{t}.{n}: the automatic key ends with the range of {y}" },
};
/* clang-format on */

const CormLintTable corm_lint_mysql = { checks, G_N_ELEMENTS (checks) };
