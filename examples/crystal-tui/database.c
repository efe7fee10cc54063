/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Opens a database and brings it to the models. The library compares the two and adds what is missing, so it does not
 * matter where an older version, a hand, or a run that was killed had left the database: what is there stays. */
#include "crystal.h"

static void
tell (const CormOp *op, gpointer verbose)
{
  if (verbose)
    g_printerr ("%s%s\n", op->kind == CORM_OP_DIFFERS ? "left alone: " : "", op->text);
}

/* The last step: until it is done the next start goes through the others again, and finds nothing to do. */
static gboolean
record_version (CormDb *db, gint32 version, GError **error)
{
  gint32 current = 0;
  g_autoptr (GError) why = NULL;
  g_autoptr (CormConnection) conn = corm_db_connect (db, error);
  SchemaVersion row = { .version = version };
  if (conn == NULL || !crystal_get_version (conn, &current, error))
    return FALSE;
  if (current >= version || schema_version_insert (conn, &row, &why))
    return TRUE;
  if (g_error_matches (why, CORM_ERROR,
                       CORM_ERROR_UNIQUE)) /* another program was as far at the same moment */
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

gboolean
crystal_upgrade (CormDb *db, gint32 version, gboolean verbose, GError **error)
{
  CormMigrateOptions options = { .on_op = tell, .data = GINT_TO_POINTER (verbose) };
  return corm_db_migrate (db, &options, error) && record_version (db, version, error);
}

CormDb *
crystal_open (const char *uri, const CormModel *const *models, gint32 version, gboolean verbose,
              GError **error)
{
  CormDbOptions options = { .pool_size = 2 }; /* a command's connection, and that of its transaction */
  g_autoptr (CormRegistry) registry = corm_registry_new_array (models, error);
  g_autoptr (CormDb) db = registry != NULL ? corm_db_open_full (uri, registry, &options, error) : NULL;
  return db != NULL && crystal_upgrade (db, version, verbose, error) ? g_steal_pointer (&db) : NULL;
}

gboolean
crystal_get_version (CormConnection *conn, gint32 *version, GError **error)
{
  g_autoptr (CormRows) newest = corm_find (
      SchemaVersion, conn, error, .order = CORM_ORDER (CORM_DESC (SchemaVersion, version)), .limit = 1);
  CORM_FOREACH (SchemaVersion, row, newest)
    *version = row->version;
  return newest != NULL;
}
