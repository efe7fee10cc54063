/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The scratch place is a schema of its own inside a transaction that is rolled back, so that a killed program leaves
 * nothing; nobody else ever sees it. It needs the right to create schemas in the database, not to create databases. A role
 * without it has the session's temporary schema instead, in which everything but materialized views, unlogged tables and
 * what calls a function by its bare name can be made. The place comes first in the search path, so that unqualified names
 * are made there and found there; the path of before follows, for extensions.
 * Speaks SQL through the library alone: the generic driver uses it too. */
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

/* The name of a schema for this session alone; *@name stays NULL where the role may make none. */
static gboolean
find_name (CormConnection *conn, char **name, GError **error)
{
  static const char name_sql[] =
      "SELECT 'corm_scratch_' || CAST(pg_catalog.pg_backend_pid() AS text) AS a WHERE "
      "pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE')";
  g_autoptr (GError) local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, name_sql, NULL, error);
  if (cursor == NULL)
    return FALSE;
  if (corm_cursor_next (cursor, &local)) {
    const CormValue *value = corm_cursor_get_value (cursor, 0);
    *name = g_strndup (value->data, value->size);
  }
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Functions are not looked into when they are made: what they read may come behind them. */
static gboolean
make_place (CormConnection *conn, GError **error)
{
  static const char path_sql[] = "SELECT pg_catalog.set_config('search_path', :place || CASE WHEN p = '' "
                                 "THEN '' ELSE ', ' || p END, true), "
                                 "pg_catalog.set_config('check_function_bodies', 'off', true) FROM "
                                 "pg_catalog.current_setting('search_path') AS p";
  g_autofree char *name = NULL;
  if (!find_name (conn, &name, error))
    return FALSE;
  g_autofree char *create = g_strconcat ("CREATE SCHEMA ", name, NULL);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("place", name != NULL ? name : "pg_temp"));
  return (name == NULL || corm_execute (conn, create, NULL, NULL, error)) &&
         corm_execute (conn, path_sql, params, NULL, error);
}

gboolean
corm_pgsql_scratch_begin (CormConnection *conn, CormConnection **other, GError **error)
{
  *other = NULL;
  g_autoptr (CormTransaction) transaction = corm_transaction_begin (conn, CORM_TRANSACTION_DEFAULT, error);
  if (transaction == NULL || !allow_creating (conn, error) || !make_place (conn, error)) {
    g_prefix_error (error, "opening a scratch place: ");
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
