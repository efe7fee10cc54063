/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The engine opens; what the tests then call is the driver alone. */
#include "pgsql-link.h"

#include "base/uri.h"
#include "engine/connection.h"

static GHashTable *connections; /* CormLink -> CormConnection */

CormLink *
pgsql_link_open_uri (const char *text, const CormDbOptions *options, GError **error)
{
  CormUri *uri = corm_uri_parse (text, error);
  CormConnection *conn = uri != NULL ? corm_connection_open (uri, NULL, options, error) : NULL;
  if (conn == NULL) {
    corm_uri_free (uri);
    return NULL;
  }
  if (connections == NULL)
    connections = g_hash_table_new (NULL, NULL);
  CormLink *link = corm_connection_get_link (conn);
  g_hash_table_insert (connections, link, conn);
  return link;
}

CormLink *
pgsql_link_open (const char *parameters, const CormDbOptions *options)
{
  g_autoptr (GError) error = NULL;
  const char *base = g_getenv ("CORM_TEST_PGSQL");
  if (base == NULL)
    return NULL;
  g_autofree char *uri = g_strconcat (base, parameters, NULL);
  CormLink *link = pgsql_link_open_uri (uri, options, &error);
  if (link == NULL)
    g_error ("%s", error->message);
  return link;
}

void
pgsql_link_close (CormLink *link)
{
  gpointer conn;
  if (link == NULL || !g_hash_table_steal_extended (connections, link, NULL, &conn))
    return;
  CormUri *uri = (CormUri *) link->uri;
  corm_connection_free (conn);
  corm_uri_free (uri);
  if (g_hash_table_size (connections) == 0)
    g_clear_pointer (&connections, g_hash_table_unref);
}

char *
pgsql_link_get_text (CormLink *link, const char *sql)
{
  static const CormSqlType text = { .type = CORM_TYPE_TEXT };
  const CormStatementSpec spec = { .sql = sql, .n_columns = 1, .columns = &text };
  CormValue row;
  char *result = NULL;
  gpointer statement = link->driver->prepare (link, &spec, NULL);
  if (statement == NULL)
    return NULL;
  if (link->driver->execute (link, statement, NULL, FALSE, NULL) &&
      link->driver->step (link, statement, &row, NULL) == CORM_STEP_ROW && !row.is_null)
    result = g_strndup (row.data, row.size);
  link->driver->finalize (link, statement);
  return result;
}
