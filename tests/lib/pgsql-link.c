/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Does what the engine does around a driver, and no more: options, dbi_conn_connect, explain or connect. */
#include "pgsql-link.h"

#include "base/uri.h"

#include <dbi/dbi.h>

static void
set_option (const char *name, const char *text, int number, gpointer conn)
{
  if (text != NULL)
    dbi_conn_set_option (conn, name, text);
  else
    dbi_conn_set_option_numeric (conn, name, number);
}

static dbi_inst
get_instance (void)
{
  static dbi_inst instance;
  if (instance == NULL)
    dbi_initialize_r (NULL, &instance);
  return instance;
}

CormLink *
pgsql_link_open_uri (const char *text, const CormDbOptions *options, GError **error)
{
  static const CormDbOptions defaults = { .busy_timeout_ms = 5000 };
  CormLink *link = g_new0 (CormLink, 1);
  const char *words = NULL;
  link->driver = &corm_pgsql_driver;
  link->options = options != NULL ? options : &defaults;
  link->uri = corm_uri_parse (text, error);
  link->dbi = dbi_conn_new_r ("pgsql", get_instance ());
  if (link->uri == NULL ||
      !link->driver->configure (link->uri, link->options, set_option, link->dbi, error)) {
    pgsql_link_close (link);
    return NULL;
  }
  if (dbi_conn_connect (link->dbi) < 0) {
    dbi_conn_error (link->dbi, &words);
    link->driver->explain (link->uri, link->options, words, error);
    pgsql_link_close (link);
    return NULL;
  }
  if (link->driver->connect (link, error))
    return link;
  pgsql_link_close (link);
  return NULL;
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
  if (link == NULL)
    return;
  link->driver->disconnect (link);
  dbi_conn_close (link->dbi);
  corm_uri_free ((CormUri *) link->uri);
  g_free (link->server);
  g_free (link);
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
