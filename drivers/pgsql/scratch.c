/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The scratch place is the session's temporary schema inside a transaction that is rolled back: no right to create
 * databases is needed, and a killed program leaves nothing. pg_temp comes first in the search path, so that
 * unqualified names are made there and found there; the path of before follows, for functions and extensions.
 * Also what follows a bulk load. Speaks SQL through the library alone: the generic driver uses it too. */
#include "../dialects.h"

static GMutex mutex;
static GHashTable *open_places; /* CormConnection -> CormTransaction */

/* A read-only session may not create even what is temporary; nothing of it stays. */
static gboolean
allow_creating (CormConnection *conn, GError **error)
{
  return !corm_connection_get_link (conn)->options->read_only ||
         corm_execute (conn, "SET TRANSACTION READ WRITE", NULL, NULL, error);
}

gboolean
corm_pgsql_scratch_begin (CormConnection *conn, CormConnection **other, GError **error)
{
  static const char path_sql[] =
      "SELECT pg_catalog.set_config('search_path', 'pg_temp' || CASE WHEN p = '' THEN '' "
      "ELSE ', ' || p END, true) FROM pg_catalog.current_setting('search_path') AS p";
  *other = NULL;
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  if (transaction == NULL || !allow_creating (conn, error) ||
      !corm_execute (conn, path_sql, NULL, NULL, error)) {
    g_prefix_error (error, "opening a scratch place in pg_temp: ");
    return FALSE;
  }
  g_mutex_lock (&mutex);
  if (open_places == NULL)
    open_places = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (open_places, conn, g_steal_pointer (&transaction));
  g_mutex_unlock (&mutex);
  return TRUE;
}

void
corm_pgsql_scratch_end (CormConnection *conn, CormConnection *other G_GNUC_UNUSED)
{
  gpointer transaction = NULL;
  g_mutex_lock (&mutex);
  if (open_places != NULL)
    g_hash_table_steal_extended (open_places, conn, NULL, &transaction);
  if (open_places != NULL && g_hash_table_size (open_places) == 0)
    g_clear_pointer (&open_places, g_hash_table_unref);
  g_mutex_unlock (&mutex);
  corm_transaction_free (transaction);
}

/* --- after a bulk load ---------------------------------------------------------------------------------------------- */

/* Never backwards: keys that the sequence gave out before may have been deleted since. */
static gboolean
set_sequence (CormConnection *conn, const char *table, const char *column, GError **error)
{
  g_autoptr (GString) quoted = g_string_new (NULL), sql = g_string_new (NULL);
  corm_sql_append_identifier (quoted, &corm_pgsql_dialect, table);
  g_string_append (sql,
                   "SELECT pg_catalog.setval(q.seq, greatest(q.top, coalesce("
                   "pg_catalog.pg_sequence_last_value(q.seq), q.top))) FROM (SELECT CAST("
                   "pg_catalog.pg_get_serial_sequence(:table, :column) AS pg_catalog.regclass) AS seq, max(");
  corm_sql_append_identifier (sql, &corm_pgsql_dialect, column);
  g_string_append_printf (sql, ") AS top FROM %s) AS q WHERE q.seq IS NOT NULL AND q.top > 0", quoted->str);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("table", quoted->str), CORM_PARAM ("column", column));
  return corm_execute (conn, sql->str, params, NULL, error);
}

gboolean
corm_pgsql_after_load (CormConnection *conn, const CormTable *table, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    if (column->auto_increment && !set_sequence (conn, table->name, column->name, error))
      return FALSE;
  }
  g_autoptr (GString) sql = g_string_new ("ANALYZE ");
  corm_sql_append_identifier (sql, &corm_pgsql_dialect, table->name);
  return corm_execute (conn, sql->str, NULL, NULL, error);
}
