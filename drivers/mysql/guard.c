/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Even in strict mode MariaDB cuts some values with no more than a note: digits behind a DECIMAL's point, blanks at the
 * end of a VARCHAR, microseconds. The note comes when the row is written already, so a statement with such a value runs
 * in a transaction of its own and is rolled back; within a transaction of the caller nothing but a rollback is accepted
 * afterwards. Invariant: a value that was cut is never committed. */
#include "mysql.h"

#include <string.h>

static const char *
skip_comments (const char *sql)
{
  for (;;) {
    while (g_ascii_isspace (*sql) || *sql == '(')
      sql++;
    const char *end = g_str_has_prefix (sql, "/*") ? strstr (sql, "*/") : NULL;
    if (end != NULL)
      sql = end + 2;
    else if ((g_str_has_prefix (sql, "--") || *sql == '#') && strchr (sql, '\n') != NULL)
      sql = strchr (sql, '\n') + 1;
    else
      return sql;
  }
}

static gboolean
starts_with_word (const char *sql, const char *word)
{
  gsize length = strlen (word);
  return g_ascii_strncasecmp (sql, word, length) == 0 && !g_ascii_isalnum (sql[length]) && sql[length] != '_';
}

gboolean
corm_mysql_sql_writes (const char *sql)
{
  const char *p = skip_comments (sql);
  return starts_with_word (p, "INSERT") || starts_with_word (p, "UPDATE") || starts_with_word (p, "REPLACE");
}

gboolean
corm_mysql_link_check (CormMysqlLink *link, const char *sql, GError **error)
{
  if (link->reading == NULL && !link->spoiled)
    return TRUE;
  g_autofree char *doing = corm_driver_describe (sql);
  if (link->reading != NULL) {
    corm_driver_error (error, CORM_ERROR_BUSY, doing,
                       "the rows of another statement are not all read on this connection",
                       "close its cursor first or take a second connection");
    return FALSE;
  }
  if (starts_with_word (skip_comments (sql), "ROLLBACK"))
    return TRUE;
  corm_driver_error (error, CORM_ERROR_CONVERSION, doing,
                     "this transaction holds a value that the database has cut", "roll it back");
  return FALSE;
}

gboolean
corm_mysql_guard_begin (CormMysqlLink *link, gboolean *own, GError **error)
{
  *own = FALSE;
  if (link->handle->server_status & SERVER_STATUS_IN_TRANS)
    return TRUE;
  if (!corm_mysql_send (link, "START TRANSACTION", "begin a transaction around one statement", error))
    return FALSE;
  *own = TRUE;
  return TRUE;
}

static gboolean
is_cut (guint64 number)
{
  /* Truncated, out of range, incorrect value: errors in strict mode, but not everywhere. */
  return number == 1265 || number == 1264 || number == 1366;
}

gboolean
corm_mysql_guard_check (CormMysqlLink *link, const char *doing, GError **error)
{
  static const char query[] = "SHOW WARNINGS";
  g_autofree char *words = NULL;
  if (mysql_real_query (link->handle, query, strlen (query)) != 0)
    return corm_mysql_fail (link, NULL, "read the server's notes", error);
  MYSQL_RES *rows = mysql_store_result (link->handle);
  if (rows == NULL)
    return corm_mysql_fail (link, NULL, "read the server's notes", error);
  for (MYSQL_ROW row = mysql_fetch_row (rows); row != NULL && words == NULL; row = mysql_fetch_row (rows))
    if (row[1] != NULL && is_cut (g_ascii_strtoull (row[1], NULL, 10)))
      words = g_strdup (row[2]);
  mysql_free_result (rows);
  if (words == NULL)
    return TRUE;
  link->spoiled = (link->handle->server_status & SERVER_STATUS_IN_TRANS) != 0;
  corm_driver_error (error, CORM_ERROR_CONVERSION, doing, words,
                     link->spoiled ? "the column cannot hold the value exactly"
                                   : "it was cut and committed: write such rows in a transaction");
  return FALSE;
}

gboolean
corm_mysql_guard_end (CormMysqlLink *link, gboolean own, gboolean keep, GError **error)
{
  if (!own)
    return keep;
  if (keep && corm_mysql_send (link, "COMMIT", "commit a statement", error))
    return TRUE;
  if (!link->lost && corm_mysql_send (link, "ROLLBACK", "roll back a statement", NULL))
    link->spoiled = FALSE;
  return FALSE;
}
