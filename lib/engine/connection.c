/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A connection's life: opened through libdbi, set up by the driver, closed in the order statements, driver, libdbi.
 * Invariant: nothing is ever sent on a connection that another process made. */
#include "engine/connection.h"

#include "base/error.h"
#include "base/uri.h"
#include "engine/dbi.h"
#include "engine/detector.h"
#include "engine/drivers.h"
#include "engine/fork.h"
#include "engine/private.h"
#include "engine/watch.h"

CormConnection *
corm_connection_new (const CormUri *uri, CormRegistry *registry, const CormDbOptions *options, GError **error)
{
  const CormDriver *driver = corm_driver_find (uri, error);
  if (driver == NULL)
    return NULL;
  CormConnection *conn = g_new0 (CormConnection, 1);
  conn->options = corm_db_options_complete (options);
  conn->link = (CormLink){ .driver = driver, .uri = uri, .options = &conn->options };
  conn->generation = corm_fork_generation;
  conn->born = g_get_monotonic_time ();
  const char *dbi_name = driver->dbi_name != NULL ? driver->dbi_name : corm_uri_get_dbi_driver (uri);
  if (!corm_dbi_open (&conn->link, dbi_name, error)) {
    g_free (conn);
    return NULL;
  }
  conn->detector = corm_detector_new (&conn->options);
  conn->registry = registry != NULL ? corm_registry_ref (registry) : NULL;
  if (!driver->connect (&conn->link, error)) {
    corm_connection_close (conn);
    return NULL;
  }
  return conn;
}

CormConnection *
corm_connection_open (const CormUri *uri, CormRegistry *registry, const CormDbOptions *options,
                      GError **error)
{
  return corm_connection_new (uri, registry, options, error);
}

CormConnection *
corm_connection_open_uri (const char *uri, GError **error)
{
  g_autoptr (CormUri) parsed = corm_uri_parse (uri, error);
  if (parsed == NULL)
    return NULL;
  CormConnection *conn = corm_connection_new (parsed, NULL, NULL, error);
  if (conn != NULL)
    conn->own_uri = g_steal_pointer (&parsed);
  return conn;
}

CormConnection *
corm_connection_open_again (CormConnection *conn, GError **error)
{
  return corm_connection_new (conn->link.uri, NULL, NULL, error);
}

/* What another process opened is still its own: closing it here would say goodbye to the server on its behalf, or
 * drop its file locks. */
static void
abandon (CormConnection *conn)
{
  static GMutex mutex;
  static GPtrArray *abandoned;
  g_mutex_lock (&mutex);
  if (abandoned == NULL)
    abandoned = g_ptr_array_new ();
  g_ptr_array_add (abandoned, conn);
  g_mutex_unlock (&mutex);
}

void
corm_connection_close (CormConnection *conn)
{
  corm_watch_part (conn);
  if (conn->free_store != NULL)
    conn->free_store (conn->store);
  conn->free_store = NULL;
  g_clear_pointer (&conn->tenant_data, g_free);
  g_clear_pointer (&conn->registry, corm_registry_free);
  g_clear_pointer (&conn->detector, corm_detector_free);
  if (conn->generation != corm_fork_generation) {
    abandon (conn);
    return;
  }
  corm_statement_cache_clear (conn);
  g_clear_pointer (&conn->tokens, g_ptr_array_unref);
  if (conn->link.driver->disconnect != NULL)
    conn->link.driver->disconnect (&conn->link);
  corm_dbi_close (&conn->link);
  g_free (conn->link.server);
  g_free (conn->replayed);
  corm_uri_free (conn->own_uri);
  g_free (conn);
}

gboolean
corm_connection_tidy (CormConnection *conn)
{
  corm_watch_part (conn);
  if (conn->generation != corm_fork_generation)
    return FALSE;
  const CormDriver *driver = conn->link.driver;
  g_autoptr (GError) error = NULL;
  corm_connection_set_tenant (conn, corm_value_null ());
  corm_detector_reset (conn);
  if (conn->transaction != NULL) {
    corm_note ("%s: a connection was given back inside a transaction, which is rolled back",
               corm_uri_get_public_text (conn->link.uri));
    if (!corm_transaction_end_all (conn, &error))
      return FALSE;
  }
  if (driver->in_transaction != NULL && driver->in_transaction (&conn->link)) {
    corm_note ("%s: a connection was given back behind a BEGIN that nobody ended: rolled back",
               corm_uri_get_public_text (conn->link.uri));
    if (!corm_connection_send (conn, "ROLLBACK", &error))
      return FALSE;
  }
  return driver->is_alive == NULL || driver->is_alive (&conn->link);
}

void
corm_connection_free (CormConnection *conn)
{
  if (conn == NULL)
    return;
  if (conn->is_lent) {
    g_critical (
        "%s: a function freed the connection that corm_transact() lent to it; leave that to corm_transact()",
        corm_uri_get_public_text (conn->link.uri));
    return;
  }
  if (conn->holder != NULL) {
    g_critical ("%s: a connection was freed while a cursor is open on it; free the cursor first",
                corm_uri_get_public_text (conn->link.uri));
    conn->given_back = TRUE;
    return;
  }
  if (conn->give_back != NULL) {
    conn->give_back (conn);
    return;
  }
  corm_connection_tidy (conn);
  corm_connection_close (conn);
}

gboolean
corm_connection_is_broken (CormConnection *conn)
{
  const CormDriver *driver = conn->link.driver;
  return conn->generation == corm_fork_generation && conn->holder == NULL && driver->is_alive != NULL &&
         !driver->is_alive (&conn->link);
}

const char *
corm_connection_describe_break (const CormConnection *conn)
{
  return conn->link.driver->dialect->in_process
             ? "its file, or the log beside it, had been removed or replaced"
             : "the connection had broken";
}

gboolean
corm_connection_check_free (CormConnection *conn, GError **error)
{
  if (G_LIKELY (conn->holder == NULL && !conn->lost && conn->generation == corm_fork_generation))
    return TRUE;
  if (conn->generation != corm_fork_generation)
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONNECTION,
                 "this connection was made before fork() and belongs to the parent process; take one with "
                 "corm_db_connect() in the child");
  else if (conn->holder != NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_BUSY,
                 "a cursor is open on this connection: free it, or take a second connection");
  else if (corm_connection_is_broken (conn))
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_CONNECTION,
        "%s: the connection was lost in the middle of a transaction, of which nothing is committed; take "
        "a new connection",
        corm_uri_get_public_text (conn->link.uri));
  else
    g_set_error (error, CORM_ERROR, CORM_ERROR_BUSY,
                 "the database rolled the transaction back after an error: roll back and begin again");
  return FALSE;
}

gboolean
corm_connection_check_deadline (CormConnection *conn, GError **error)
{
  if (G_LIKELY (conn->link.deadline == 0) || g_get_monotonic_time () < conn->link.deadline)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CANCELLED,
               "the deadline of the transaction passed before the statement was sent");
  return FALSE;
}

void
corm_connection_notice_error (CormConnection *conn)
{
  const CormDriver *driver = conn->link.driver;
  if (conn->transaction != NULL && driver->in_transaction != NULL && !driver->in_transaction (&conn->link))
    conn->lost = TRUE;
}

gboolean
corm_connection_send (CormConnection *conn, const char *sql, GError **error)
{
  corm_connection_count (conn, sql);
  gboolean ok = conn->link.driver->run (&conn->link, sql, error);
  corm_connection_trace (conn);
  return ok;
}

gboolean
corm_connection_run (CormConnection *conn, const char *sql, GError **error)
{
  if (!corm_connection_check_free (conn, error) || !corm_connection_check_deadline (conn, error))
    return FALSE;
  if (corm_connection_send (conn, sql, error))
    return TRUE;
  corm_connection_notice_error (conn);
  return FALSE;
}

gboolean
corm_connection_ping (CormConnection *conn, GError **error)
{
  g_return_val_if_fail (conn != NULL, FALSE);
  return corm_connection_check_free (conn, error) && conn->link.driver->ping (&conn->link, error);
}

const char *
corm_connection_get_server (CormConnection *conn)
{
  return conn->link.server;
}

guint64
corm_connection_get_n_statements (CormConnection *conn)
{
  return conn->n_statements;
}

CormLink *
corm_connection_get_link (CormConnection *conn)
{
  return &conn->link;
}

const CormDialect *
corm_connection_get_dialect (CormConnection *conn)
{
  return conn->link.driver->dialect;
}

const CormDriver *
corm_connection_get_driver (CormConnection *conn)
{
  return conn->link.driver;
}

CormRegistry *
corm_connection_get_registry (CormConnection *conn)
{
  return conn->registry;
}

const CormMapping *
corm_connection_find_mapping (CormConnection *conn, const CormModel *model)
{
  if (conn->mapping == NULL || conn->mapping->model != model)
    conn->mapping = conn->registry != NULL ? corm_registry_find_mapping (conn->registry, model) : NULL;
  return conn->mapping;
}

gboolean
corm_connection_in_transaction (CormConnection *conn)
{
  return conn->transaction != NULL;
}

guint
corm_connection_get_refused (CormConnection *conn)
{
  return conn->link.refused;
}

guint64
corm_connection_get_refused_rows (CormConnection *conn, guint64 *first)
{
  *first = conn->link.refused_row - 1;
  return conn->link.refused_row > 0 ? MAX (conn->link.n_refused_rows, 1) : 0;
}

gpointer
corm_connection_get_store (CormConnection *conn)
{
  return conn->store;
}

void
corm_connection_set_store (CormConnection *conn, gpointer store, GDestroyNotify free_store)
{
  if (conn->free_store != NULL)
    conn->free_store (conn->store);
  conn->store = store;
  conn->free_store = free_store;
}
