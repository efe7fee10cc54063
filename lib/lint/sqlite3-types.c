/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQLite: types that mean something else than they say, keys that are none, strings that are names. */
#include "lint/rule.h"

#include <string.h>

/* The affinity that SQLite gives to a type's name, by its rules in their order. */
static const char *
affinity (const char *type)
{
  g_autofree char *name = g_ascii_strdown (type, -1);
  if (strstr (name, "int") != NULL)
    return "INTEGER";
  if (strstr (name, "char") != NULL || strstr (name, "clob") != NULL || strstr (name, "text") != NULL)
    return "TEXT";
  if (strstr (name, "blob") != NULL || *name == '\0')
    return "BLOB";
  if (strstr (name, "real") != NULL || strstr (name, "floa") != NULL || strstr (name, "doub") != NULL)
    return "REAL";
  return "NUMERIC";
}

/* Names that sound like text or floating point and are stored as numbers. */
static gboolean
has_odd_affinity (CormLint *lint, const CormLintAction *action)
{
  static const char *const words[] = { "string", "str",  "uuid", "guid",  "point", "longstring",
                                       "enum",   "json", "xml",  "email", "url",   NULL };
  if (action->type == NULL)
    return FALSE;
  g_autofree char *base = corm_lint_type_base (action->type);
  gboolean point = strstr (action->type, "point") != NULL && strcmp (affinity (action->type), "INTEGER") == 0;
  if (!point && (!g_strv_contains (words, base) || strcmp (affinity (action->type), "NUMERIC") != 0))
    return FALSE;
  g_free (lint->detail);
  lint->detail = g_strdup (affinity (action->type));
  return TRUE;
}

/* INT PRIMARY KEY, which is no alias of the rowid. */
static gboolean
is_no_rowid (CormLint *lint, const CormLintAction *action)
{
  static const char *const ints[] = { "int",     "bigint", "smallint", "mediumint",
                                      "tinyint", "int8",   "int4",     NULL };
  const CormLintAction *table = corm_lint_find_before (lint, action, CORM_ON (CREATE_TABLE), NULL);
  g_autofree char *base = corm_lint_type_base (action->type != NULL ? action->type : "");
  return g_strv_contains (ints, base) && table != NULL &&
         !(table->flags & (CORM_FLAG_WITHOUT_ROWID | CORM_FLAG_STRICT));
}

static gboolean
lets_null_in (CormLint *lint, const CormLintAction *action)
{
  const CormLintAction *table = corm_lint_find_before (lint, action, CORM_ON (CREATE_TABLE), NULL);
  gboolean rowid = g_strcmp0 (action->type, "integer") == 0;
  return !rowid && table != NULL && !(table->flags & (CORM_FLAG_WITHOUT_ROWID | CORM_FLAG_STRICT));
}

static gboolean
is_loose (CormLint *lint, const CormLintAction *action)
{
  guint64 columns = CORM_ON (ADD_COLUMN);
  return !corm_action_has (action, "virtual") && corm_lint_find_behind (lint, action, columns, NULL) != NULL;
}

static gboolean
is_reused (G_GNUC_UNUSED CormLint *lint, const CormLintAction *action)
{
  return g_strcmp0 (action->type, "integer") == 0;
}

/* = "text": a comparison whose right side stands in the quotes of names, and whose left side does not. */
static gboolean
has_quoted_string (CormLint *lint, const CormLintAction *action)
{
  const GPtrArray *tokens = action->statement->tokens;
  for (guint i = 1; i + 1 < tokens->len; i++) {
    const CormToken *left = tokens->pdata[i - 1], *sign = tokens->pdata[i], *right = tokens->pdata[i + 1];
    const CormToken *behind = i + 2 < tokens->len ? tokens->pdata[i + 2] : NULL;
    gboolean compares = sign->kind == CORM_TOKEN_SIGN && strchr ("=<>", sign->text[0]) != NULL;
    gboolean quoted = right->kind == CORM_TOKEN_NAME && action->statement->text[right->from] == '"';
    if (!compares || !quoted || left->kind != CORM_TOKEN_WORD ||
        (behind != NULL && strcmp (behind->text, ".") == 0))
      continue;
    g_free (lint->detail);
    lint->detail = g_strdup (right->text);
    return TRUE;
  }
  return FALSE;
}

/* clang-format off */
static const CormLintCheck checks[] = {
  { .rule = { "type-affinity", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "sqlite3",
      "SQLite looks for a few syllables in a type's name; STRING and UUID have none of them and make a number of what looks "
      "like one: '007' is stored as 7. FLOATING POINT holds INT.",
      "TEXT, REAL, INTEGER, BLOB, and STRICT",
      "CREATE TABLE agents (code string);",
      "CREATE TABLE agents (code text);" },
    .on = CORM_ON (ADD_COLUMN), .new_too = TRUE, .when = has_odd_affinity,
    .says = "{t}.{n}: SQLite stores {y} as {d}" },
  { .rule = { "int-primary-key", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "sqlite3",
      "Only INTEGER PRIMARY KEY, in this spelling, is the row's own number: an INT PRIMARY KEY numbers nothing and takes NULL.",
      "INTEGER PRIMARY KEY",
      "CREATE TABLE tags (id int PRIMARY KEY, tag text);",
      "CREATE TABLE tags (id integer PRIMARY KEY, tag text);" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_PRIMARY, .without = CORM_FLAG_NOT_NULL, .new_too = TRUE,
    .when = is_no_rowid,
    .says = "{t}.{n} does not number its rows, and takes NULL: {y} is not INTEGER" },
  { .rule = { "key-takes-null", CORM_LINT_TYPES, CORM_SEVERITY_WARNING, "sqlite3",
      "A PRIMARY KEY that is not INTEGER takes NULL, as often as one likes, unless it says NOT NULL.",
      "NOT NULL, or WITHOUT ROWID, or STRICT",
      "CREATE TABLE words (word text PRIMARY KEY);",
      "CREATE TABLE words (word text NOT NULL PRIMARY KEY);" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_PRIMARY, .without = CORM_FLAG_NOT_NULL, .new_too = TRUE,
    .when = lets_null_in,
    .says = "the primary key {t}.{n} takes NULL" },
  { .rule = { "table-not-strict", CORM_LINT_TYPES, CORM_SEVERITY_NOTE, "sqlite3",
      "A column of a table that is not STRICT takes values of any type: text in an integer column is stored as text.",
      "STRICT behind the closing parenthesis",
      "CREATE TABLE counts (n integer);",
      "CREATE TABLE counts (n integer) STRICT;" },
    .on = CORM_ON (CREATE_TABLE), .without = CORM_FLAG_STRICT | CORM_FLAG_AS_SELECT | CORM_FLAG_TEMPORARY,
    .new_too = TRUE, .when = is_loose,
    .says = "the columns of {t} take values of any type" },
  { .rule = { "key-is-used-again", CORM_LINT_TYPES, CORM_SEVERITY_NOTE, "sqlite3",
      "Without AUTOINCREMENT the key of the row that was deleted last is given to the next one: what still speaks of the old "
      "row, a log or a URL, then speaks of the new one.",
      "INTEGER PRIMARY KEY AUTOINCREMENT",
      "CREATE TABLE orders (id integer PRIMARY KEY, item text);",
      "CREATE TABLE orders (id integer PRIMARY KEY AUTOINCREMENT, item text);" },
    .on = CORM_ON (ADD_COLUMN), .flags = CORM_FLAG_PRIMARY, .without = CORM_FLAG_AUTO, .new_too = TRUE,
    .when = is_reused,
    .says = "keys of {t} that were deleted are given again" },
  { .rule = { "string-in-double-quotes", CORM_LINT_MISTAKE, CORM_SEVERITY_WARNING, "sqlite3",
      "Double quotes are for names: \"done\" is the text done only as long as no column has that name, now or later.",
      "single quotes",
      "DELETE FROM tasks WHERE note = \"done\";",
      "DELETE FROM tasks WHERE note = 'done';" },
    .on = CORM_ON (DELETE) | CORM_ON (UPDATE), .new_too = TRUE, .when = has_quoted_string,
    .says = "\"{d}\" is a column's name before it is a text" },
  { .rule = { "without-rowid", CORM_LINT_TYPES, CORM_SEVERITY_NOTE, "sqlite3",
      "A table WITHOUT ROWID gives no last_insert_rowid(): a program that asks for it gets the number of another table's row.",
      "a table with rowids, unless its rows are small and found by their key",
      "CREATE TABLE visits (id integer PRIMARY KEY, page text) WITHOUT ROWID;",
      "CREATE TABLE visits (id integer PRIMARY KEY, page text);" },
    .on = CORM_ON (CREATE_TABLE), .flags = CORM_FLAG_WITHOUT_ROWID, .new_too = TRUE,
    .says = "rows of {t} have no last_insert_rowid()" },
};
/* clang-format on */

const CormLintTable corm_lint_sqlite3_types = { checks, G_N_ELEMENTS (checks) };
