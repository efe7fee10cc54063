/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The way to libdbi: dbi_conn_query() and never dbi_conn_queryf(), which formats into its text. An error is read at
 * once, classified by the flavor, and noted on the link. */
#include "generic.h"

#include <string.h>

/* "1062: Duplicate entry": libdbi puts a number in front, which for PostgreSQL is not even set. */
static const char *
strip_number (const char *words)
{
  gsize digits = strspn (words, "-0123456789");
  return digits > 0 && words[digits] == ':' && words[digits + 1] == ' ' ? words + digits + 2 : words;
}

static void
fail (CormLink *link, const char *sql, GError **error)
{
  const CormGenericFlavor *flavor = corm_generic_flavor (link);
  CormGenericLink *self = link->data;
  const char *message = NULL;
  int number = dbi_conn_error (link->dbi, &message);
  g_autofree char *words = g_strdup (message != NULL ? strip_number (message) : "libdbi gives no reason");
  g_autofree char *doing = corm_driver_describe (self->asked != NULL ? self->asked : sql);
  CormError code = flavor->classify != NULL ? flavor->classify (number, words) : CORM_ERROR_FAILED;
  self->dead = self->dead || code == CORM_ERROR_CONNECTION;
  link->again = link->again || (flavor->again != NULL && flavor->again (number, words));
  self->failed = self->failed || self->in_transaction;
  corm_driver_error (error, code, doing, words, NULL);
  if (self->in_transaction &&
      (self->dead || (flavor->kept_transaction != NULL && !flavor->kept_transaction (link, number))))
    self->in_transaction = FALSE;
}

static gboolean
begins (const char *sql, const char *words)
{
  return g_ascii_strncasecmp (sql, words, strlen (words)) == 0;
}

/* MariaDB and MySQL commit by themselves in front of such a statement. */
static gboolean
commits_by_itself (const char *sql)
{
  static const char *const words[] = { "CREATE ", "ALTER ", "DROP ",  "TRUNCATE ",
                                       "RENAME ", "GRANT ", "REVOKE " };
  if (begins (sql, "CREATE TEMPORARY") || begins (sql, "DROP TEMPORARY"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (begins (sql, words[i]))
      return TRUE;
  return FALSE;
}

/* Where the link's transaction stands behind @sql, which was done. */
static void
follow (CormLink *link, const char *sql)
{
  CormGenericLink *self = link->data;
  if (begins (sql, "BEGIN") || begins (sql, "START TRANSACTION")) {
    self->in_transaction = TRUE;
    self->failed = FALSE;
  } else if (begins (sql, "ROLLBACK TO")) {
    self->failed = FALSE;
  } else if (begins (sql, "COMMIT") || begins (sql, "END") || begins (sql, "ROLLBACK")) {
    self->in_transaction = self->failed = FALSE;
  } else if (begins (sql, "PRAGMA query_only")) {
    self->query_only = strpbrk (sql, "1") != NULL;
  } else if (corm_generic_flavor (link)->structure_commits && commits_by_itself (sql)) {
    self->in_transaction = FALSE;
  }
}

/* To a COMMIT of a transaction in which something failed PostgreSQL says ROLLBACK, and libdbi that all is well. */
static gboolean
may_send (CormLink *link, const char *sql, GError **error)
{
  const CormGenericLink *self = link->data;
  if (!corm_generic_flavor (link)->aborts || !self->failed ||
      !(begins (sql, "COMMIT") || begins (sql, "END")))
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_FAILED,
      "nothing was committed: a statement of this transaction failed, and only a rollback can follow");
  return FALSE;
}

dbi_result
corm_generic_send (CormLink *link, const char *sql, GError **error)
{
  const char *guard = corm_generic_flavor (link)->guard;
  if (!may_send (link, sql, error))
    return NULL;
  g_autofree char *guarded = guard != NULL ? g_strconcat (guard, sql, NULL) : NULL;
  dbi_result result = dbi_conn_query (link->dbi, guarded != NULL ? guarded : sql);
  if (result != NULL)
    follow (link, sql);
  else
    fail (link, sql, error);
  return result;
}

gboolean
corm_generic_send_all (CormLink *link, const char *const *statements, GError **error)
{
  for (; *statements != NULL; statements++) {
    dbi_result result = corm_generic_send (link, *statements, error);
    if (result == NULL)
      return FALSE;
    dbi_result_free (result);
  }
  return TRUE;
}

GPtrArray *
corm_generic_send_for_texts (CormLink *link, const char *sql, GError **error)
{
  dbi_result result = corm_generic_send (link, sql, error);
  if (result == NULL)
    return NULL;
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  while (dbi_result_next_row (result))
    g_ptr_array_add (texts, g_strdup (dbi_result_get_string_idx (result, 1)));
  dbi_result_free (result);
  return texts;
}
