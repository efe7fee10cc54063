/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Knows statements by their first words, behind blanks and comments. */
#include "engine/control.h"

#include <string.h>

static const char *
skip_to_word (const CormDialect *dialect, const char *sql)
{
  for (;;) {
    const char *behind = *sql == '\'' || *sql == '"' ? sql : corm_lexer_skip (dialect, sql);
    if (behind == sql && !g_ascii_isspace (*sql) && *sql != ';')
      return sql;
    sql = behind != sql ? behind : sql + 1;
  }
}

/* Behind @word where @sql starts with it, else NULL. */
static const char *
skip_word (const char *sql, const char *word)
{
  gsize length = strlen (word);
  gboolean same = g_ascii_strncasecmp (sql, word, length) == 0;
  return same && !g_ascii_isalnum (sql[length]) && sql[length] != '_' ? sql + length : NULL;
}

static gboolean
has_word (const char *sql, const char *const *words, guint n)
{
  for (guint i = 0; i < n; i++)
    if (skip_word (sql, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
corm_control_is_transaction (const CormDialect *dialect, const char *sql)
{
  static const char *const words[] = { "BEGIN", "START", "COMMIT", "END", "ABORT", "PREPARE TRANSACTION" };
  const char *first = skip_to_word (dialect, sql);
  const char *rest = skip_word (first, "ROLLBACK");
  if (rest != NULL) { /* ROLLBACK [WORK] TO a savepoint ends nothing */
    rest = skip_to_word (dialect, rest);
    const char *work = skip_word (rest, "WORK");
    const char *transaction = skip_word (rest, "TRANSACTION");
    rest = work != NULL ? skip_to_word (dialect, work) : rest;
    rest = transaction != NULL ? skip_to_word (dialect, transaction) : rest;
    return skip_word (rest, "TO") == NULL;
  }
  rest = skip_word (first, "BEGIN");
  if (rest != NULL &&
      skip_word (skip_to_word (dialect, rest), "NOT") != NULL) /* BEGIN NOT ATOMIC … END of MariaDB */
    return FALSE;
  return has_word (first, words, G_N_ELEMENTS (words));
}

gboolean
corm_control_writes (const CormDialect *dialect, const char *sql)
{
  static const char *const words[] = { "INSERT", "UPDATE",  "DELETE",   "REPLACE", "MERGE",
                                       "CREATE", "ALTER",   "TRUNCATE", "DROP",    "COMMIT",
                                       "RENAME", "GRANT",   "REVOKE",   "CALL",    "DO",
                                       "END",    "RELEASE", "VACUUM",   "REINDEX", "ANALYZE" };
  const char *first = skip_to_word (dialect, sql);
  if (skip_word (first, "WITH") == NULL)
    return has_word (first, words, G_N_ELEMENTS (words));
  for (const char *p = first; *p != '\0';) { /* the statement behind its parts, or one of them */
    const char *behind = corm_lexer_skip (dialect, p);
    gboolean begins = behind == p && (p == first || (!g_ascii_isalnum (p[-1]) && p[-1] != '_'));
    if (begins && has_word (p, words, 5))
      return TRUE;
    p = behind != p ? behind : p + 1;
  }
  return FALSE;
}
