/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An SQL file as a schema: what makes structure is run in a scratch place and read back; transactions and rows are none of
 * it. Invariant: a statement that makes structure is run or refused, never passed over. */
#include "base/error.h"
#include "engine/connection.h"
#include "evolve/marks.h"
#include "evolve/scratch.h"
#include "evolve/script.h"
#include "schema/words.h"

#include <string.h>

static gboolean
is_structure (const char *word)
{
  static const char *const words[] = { "create", "alter", "drop", "comment", NULL };
  return g_strv_contains (words, word);
}

/* "CREATE TABLE other.t", "USE other", "DROP DATABASE x" would leave the scratch place. */
static gboolean
leaves_scratch (const GPtrArray *words)
{
  static const char *const skipped[] = { "or",   "replace", "temp",    "temporary", "unique",       "if",
                                         "not",  "exists",  "virtual", "only",      "table",        "index",
                                         "view", "trigger", "type",    "sequence",  "materialized", NULL };
  guint i = 1;
  if (words->len < 2)
    return FALSE;
  if (strcmp (words->pdata[1], "database") == 0 || strcmp (words->pdata[1], "schema") == 0 ||
      strcmp (words->pdata[1], "user") == 0 || strcmp (words->pdata[1], "role") == 0)
    return TRUE;
  while (i < words->len && g_strv_contains (skipped, words->pdata[i]))
    i++;
  return i + 1 < words->len && strcmp (words->pdata[i + 1], ".") == 0;
}

/* Where nothing is rolled back: a name of another database anywhere in front of what is made, "DROP TABLE a, other.b",
 * "CREATE TRIGGER t BEFORE INSERT ON other.t". */
static gboolean
reaches_out (const GPtrArray *words)
{
  static const char *const ends[] = {
    "(", "as", "for", "begin", "add", "modify", "change", "like", "do", NULL
  };
  for (guint i = 1; i < words->len && !g_strv_contains (ends, words->pdata[i]); i++)
    if (strcmp (words->pdata[i], ".") == 0)
      return TRUE;
  return FALSE;
}

/* Statements that make no structure. A word that is none of SQL's is a fault: passed over, it would take a table along. */
static gboolean
is_passed_over (const char *word)
{
  static const char *const words[] = { "begin",   "start",   "commit",  "end",      "rollback", "savepoint",
                                       "release", "set",     "reset",   "pragma",   "select",   "with",
                                       "values",  "insert",  "replace", "update",   "delete",   "truncate",
                                       "analyze", "vacuum",  "grant",   "revoke",   "lock",     "unlock",
                                       "show",    "explain", "call",    "optimize", "reindex",  "do",
                                       "",        NULL };
  return g_strv_contains (words, word);
}

/* "DO $$…$$", "BEGIN NOT ATOMIC …": whether a block that is run at once makes structure, its strings (EXECUTE) included. */
static gboolean
hides_structure (const GPtrArray *words, const char *sql)
{
  const char *first = words->len > 0 ? words->pdata[0] : "";
  gboolean is_block = strcmp (first, "do") == 0 || (strcmp (first, "begin") == 0 && words->len > 1 &&
                                                    strcmp (words->pdata[1], "not") == 0);
  g_auto (GStrv) parts = is_block ? g_regex_split_simple ("[^A-Za-z_]+", sql, 0, 0) : NULL;
  for (char **part = parts; part != NULL && *part != NULL; part++) {
    g_autofree char *word = g_ascii_strdown (*part, -1);
    if (is_structure (word))
      return TRUE;
  }
  return FALSE;
}

/* What a comment that is run says. */
static const char *
behind_conditional (const char *sql)
{
  const char *mark = g_str_has_prefix (sql, "/*") ? strchr (sql, '!') : NULL;
  return mark != NULL ? mark + 1 + strspn (mark + 1, "0123456789") : sql;
}

/* Of the statement that is run: behind "SET STATEMENT … FOR", within "EXECUTE IMMEDIATE '…'". */
static GPtrArray *
words_of (const char *sql)
{
  g_autoptr (GPtrArray) words = corm_words_split (behind_conditional (sql));
  guint at = 2;
  if (words->len > 2 && strcmp (words->pdata[0], "set") == 0 && strcmp (words->pdata[1], "statement") == 0) {
    while (at < words->len && strcmp (words->pdata[at], "for") != 0)
      at++;
    g_ptr_array_remove_range (words, 0, MIN (at + 1, words->len));
  }
  if (words->len < 3 || strcmp (words->pdata[0], "execute") != 0 || *(const char *) words->pdata[2] != '\'')
    return g_steal_pointer (&words);
  const char *text = words->pdata[2];
  g_autofree char *inner = g_strndup (text + 1, strlen (text) - 2);
  return corm_words_split (inner);
}

/* "CREATE TABLE sqlite_sequence (name, seq)", as sqlite3's .schema writes it: the database makes it by itself. */
static gboolean
is_internal (const CormDialect *dialect, const GPtrArray *words)
{
  return dialect->in_process && words->len > 2 && strcmp (words->pdata[1], "table") == 0 &&
         g_str_has_prefix (words->pdata[2], "sqlite_");
}

/* sqlite3's .dump writes virtual tables into the catalogue by INSERT: passed over, they would count as gone. */
static gboolean
writes_catalogue (const GPtrArray *words)
{
  return words->len > 1 && strcmp (words->pdata[0], "pragma") == 0 &&
         strcmp (words->pdata[1], "writable_schema") == 0;
}

static GPtrArray *
structure_of (const CormDialect *dialect, const char *script, GError **error)
{
  const CormScriptOptions options = { .skip_client = TRUE };
  g_autoptr (GPtrArray) all = corm_script_split (dialect, script, -1, &options, error);
  g_autoptr (GPtrArray) statements = g_ptr_array_new_with_free_func (g_free);
  gboolean for_good = (dialect->caps & CORM_CAP_TRANSACTIONAL_DDL) == 0;
  for (guint i = 0; all != NULL && i < all->len; i++) {
    const CormScriptStatement *at = all->pdata[i];
    const char *statement = at->sql;
    g_autoptr (GPtrArray) words = words_of (statement);
    const char *first = words->len > 0 ? words->pdata[0] : "";
    if (strcmp (first, "use") == 0 ||
        (is_structure (first) && (leaves_scratch (words) || (for_good && reaches_out (words))))) {
      g_autofree char *quoted = corm_error_quote (statement, -1);
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "read the script: line %u: %s names another database or schema, which a scratch place has "
                   "not; leave "
                   "that name out",
                   at->line, quoted);
      return NULL;
    }
    if (writes_catalogue (words)) {
      g_set_error (
          error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
          "read the script: line %u: PRAGMA writable_schema: what is written into the catalogue by hand, as "
          "sqlite3's .dump does with virtual tables, is not seen; use what .schema or corm inspect --emit "
          "sql writes",
          at->line);
      return NULL;
    }
    if (hides_structure (words, statement)) {
      g_autofree char *quoted = corm_error_quote (statement, -1);
      g_set_error (
          error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
          "read the script: line %u: %s makes structure inside a block, which is not run to see what it "
          "makes; write its statements by themselves",
          at->line, quoted);
      return NULL;
    }
    if (is_structure (first) && is_internal (dialect, words))
      continue;
    if (is_structure (first))
      g_ptr_array_add (statements, g_strdup (statement));
    else if (!is_passed_over (first)) {
      g_autofree char *quoted = corm_error_quote (statement, -1);
      g_set_error (error, CORM_ERROR, CORM_ERROR_SYNTAX,
                   "read the script: line %u: %s begins with no word of SQL that is known here; mend it, or "
                   "leave it out",
                   at->line, quoted);
      return NULL;
    }
  }
  return all != NULL ? g_steal_pointer (&statements) : NULL;
}

CormSchema *
corm_schema_from_sql (CormConnection *conn, const char *script, GError **error)
{
  g_return_val_if_fail (conn != NULL && script != NULL, NULL);
  g_autoptr (GPtrArray) statements = structure_of (corm_connection_get_dialect (conn), script, error);
  g_autoptr (CormSchema) schema = statements != NULL ? corm_evolve_make (conn, statements, error) : NULL;
  if (schema == NULL || !corm_marks_read (corm_connection_get_dialect (conn), script, schema, error))
    return NULL;
  return g_steal_pointer (&schema);
}
