/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The table of drivers: one declaration and one line for each. */
#include "config.h"

#include "engine/drivers.h"

#include "base/uri.h"

extern const CormDriver corm_sqlite3_driver;
extern const CormDriver corm_pgsql_driver;
extern const CormDriver corm_mysql_driver;
const CormDriver *corm_generic_find (const char *dbi_driver);

static const struct {
  const char *scheme; /* corm_uri_get_driver() */
  const CormDriver *driver;
} drivers[] = {
#ifdef HAVE_SQLITE3
  { "sqlite3", &corm_sqlite3_driver },
#endif
#ifdef HAVE_PGSQL
  { "pgsql", &corm_pgsql_driver },
#endif
#ifdef HAVE_MYSQL
  { "mysql", &corm_mysql_driver },
#endif
  { NULL, NULL },
};

static const CormDriver *
find_scheme (const char *scheme)
{
  for (guint i = 0; drivers[i].scheme != NULL; i++)
    if (g_str_equal (drivers[i].scheme, scheme))
      return drivers[i].driver;
  return NULL;
}

const CormDriver *
corm_driver_find (const CormUri *uri, GError **error)
{
  const char *scheme = corm_uri_get_driver (uri);
  const char *dbi_driver = corm_uri_get_dbi_driver (uri);
  const CormDriver *driver = dbi_driver != NULL ? corm_generic_find (dbi_driver) : find_scheme (scheme);
  if (driver == NULL)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "cannot open %s: Corm was built without its %s driver; build it with --with-%s, or go through libdbi "
        "alone, which is slower: dbi:%s?dbname=...",
        corm_uri_get_public_text (uri), scheme, scheme, scheme);
  return driver;
}

const CormDriver *
corm_driver_by_name (const char *name)
{
  for (guint i = 0; drivers[i].scheme != NULL; i++)
    if (g_str_equal (drivers[i].driver->name, name))
      return drivers[i].driver;
  return NULL;
}
