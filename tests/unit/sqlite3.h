/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* For tests that rebuild SQLite tables: run statements, read everything as text, rebuild there and back. */
#pragma once

#include "../../drivers/dialects.h"

#include <string.h>

typedef struct {
  CormSchema *live;
  GPtrArray *sql, *reverse;
} Rebuilt;

static inline void
rebuilt_clear (Rebuilt *rebuilt)
{
  g_clear_pointer (&rebuilt->live, corm_schema_free);
  g_clear_pointer (&rebuilt->sql, g_ptr_array_unref);
  g_clear_pointer (&rebuilt->reverse, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rebuilt, rebuilt_clear)

static inline void
run (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  if (!corm_execute (conn, sql, NULL, NULL, &error))
    fail_msg ("%s: %s", sql, error->message);
}

/* All rows as text, a line each. */
static inline char *
read_all (CormConnection *conn, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, NULL, &error);
  GString *text = g_string_new (NULL);
  if (cursor == NULL)
    fail_msg ("%s: %s", sql, error->message);
  while (corm_cursor_next (cursor, &error)) {
    for (guint i = 0; i < corm_cursor_get_n_columns (cursor); i++) {
      const CormValue *value = corm_cursor_get_value (cursor, i);
      g_string_append_c (text, '|');
      if (value->is_null)
        g_string_append (text, "NULL");
      else
        corm_value_append_text (value, text);
    }
    g_string_append_c (text, '\n');
  }
  if (error != NULL)
    fail_msg ("%s: %s", sql, error->message);
  return g_string_free (text, FALSE);
}

static inline void
assert_reads (CormConnection *conn, const char *sql, const char *expected)
{
  g_autofree char *text = read_all (conn, sql);
  if (strcmp (text, expected) != 0)
    fail_msg ("%s:\n%s\nshould be:\n%s", sql, text, expected);
}

static inline CormConnection *
open_memory (void)
{
  g_autoptr (GError) error = NULL;
  CormConnection *conn = corm_connection_open_uri ("sqlite::memory:", &error);
  if (conn == NULL)
    fail_msg ("%s", error->message);
  return conn;
}

static inline void
look (CormConnection *conn, Rebuilt *rebuilt)
{
  g_autoptr (GError) error = NULL;
  rebuilt->live = corm_schema_new ("sqlite3");
  rebuilt->sql = g_ptr_array_new_with_free_func (g_free);
  rebuilt->reverse = g_ptr_array_new_with_free_func (g_free);
  if (!corm_sqlite3_inspect (conn, FALSE, rebuilt->live, &error))
    fail_msg ("%s", error->message);
}

/* All of it in one transaction with foreign keys off, as a migration does. */
static inline gboolean
run_statements (CormConnection *conn, const GPtrArray *sql, GError **error)
{
  gboolean ok = TRUE;
  run (conn, "PRAGMA foreign_keys = OFF");
  {
    g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_WRITE, error);
    assert_non_null (transaction);
    for (guint i = 0; ok && i < sql->len; i++)
      ok = corm_execute (conn, sql->pdata[i], NULL, NULL, error);
    if (ok)
      ok = corm_transaction_commit (transaction, error);
  }
  run (conn, "PRAGMA foreign_keys = ON");
  return ok;
}

/* Plans and runs the rebuild; the way back is in @rebuilt. */
static inline gboolean
rebuild_table (CormConnection *conn, Rebuilt *rebuilt, const char *table, const CormTableEdit *edits,
               guint n_edits, GError **error)
{
  if (rebuilt->live == NULL)
    look (conn, rebuilt);
  const CormTable *found = corm_schema_find_table (rebuilt->live, table);
  assert_non_null (found);
  return corm_sqlite3_rebuild (rebuilt->live, found, edits, n_edits, rebuilt->sql, rebuilt->reverse, error) &&
         run_statements (conn, rebuilt->sql, error);
}
