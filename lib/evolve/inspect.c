/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The structure of a live database, read by its driver. */
#include "base/error.h"
#include "engine/connection.h"
#include "engine/token.h"
#include "evolve/history.h"
#include "evolve/scratch.h"

CormSchema *
corm_evolve_inspect_all (CormConnection *conn, gboolean scratch, GError **error)
{
  const CormDriver *driver = corm_connection_get_driver (conn);
  if (driver->inspect == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
                 "read the structure of the database: the driver %s cannot; open the database through its "
                 "native driver",
                 driver->name);
    return NULL;
  }
  g_autoptr (CormSchema) schema = corm_schema_new (corm_connection_get_dialect (conn)->name);
  if (!driver->inspect (conn, scratch, schema, error)) {
    corm_error_prefix (error, "read the structure of the database");
    return NULL;
  }
  return g_steal_pointer (&schema);
}

/* Corm's own, which the models know nothing of. */
static gboolean
is_own (const char *table)
{
  return corm_evolve_is_beside (table) || g_str_equal (table, CORM_TOKEN_TABLE) ||
         g_str_equal (table, CORM_HISTORY_TABLE);
}

CormSchema *
corm_evolve_inspect (CormConnection *conn, gboolean scratch, GError **error)
{
  CormSchema *schema = corm_evolve_inspect_all (conn, scratch, error);
  for (guint i = schema != NULL ? schema->tables->len : 0; i-- > 0;)
    if (is_own (((CormTable *) schema->tables->pdata[i])->name))
      g_ptr_array_remove_index (schema->tables, i);
  return schema;
}

CormSchema *
corm_schema_inspect (CormConnection *conn, GError **error)
{
  g_return_val_if_fail (conn != NULL, NULL);
  return corm_evolve_inspect (conn, FALSE, error);
}
