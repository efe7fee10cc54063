/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Behind a bulk load: AUTO_INCREMENT, and statistics. SQL only. */
#include "../dialects.h"

gboolean
corm_mysql_last_number (CormConnection *conn, const CormTable *table, gint64 *number, GError **error)
{
  *number = 0;
  return corm_driver_numbered_column (table) == NULL ||
         corm_driver_ask_number (conn,
                                 "SELECT LEAST(auto_increment - 1, 9223372036854775807) FROM "
                                 "information_schema.tables WHERE table_schema = DATABASE() AND table_name = "
                                 ":table AND auto_increment > 0",
                                 CORM_PARAMS (CORM_PARAM ("table", (const char *) table->name)), number,
                                 error);
}

/* It follows the keys by itself, and is moved forwards only. */
static gboolean
set_number (CormConnection *conn, const CormTable *table, gint64 last, GError **error)
{
  gint64 own;
  if (last <= 0 || corm_driver_numbered_column (table) == NULL)
    return TRUE;
  if (!corm_mysql_last_number (conn, table, &own, error))
    return FALSE;
  g_autoptr (GString) sql = g_string_new ("ALTER TABLE ");
  corm_sql_append_identifier (sql, &corm_mysql_dialect, table->name);
  g_string_append_printf (sql, " AUTO_INCREMENT = %" G_GINT64_FORMAT, MIN (last, G_MAXINT64 - 1) + 1);
  return own >= last || corm_execute (conn, sql->str, NULL, NULL, error);
}

/* ALTER and ANALYZE would commit the caller's transaction: then the server's own recalculation of statistics has to do. */
gboolean
corm_mysql_after_load (CormConnection *conn, const CormTable *table, gint64 last, GError **error)
{
  CormLink *link = corm_connection_get_link (conn);
  if (link->driver->in_transaction == NULL || link->driver->in_transaction (link))
    return TRUE;
  if (!set_number (conn, table, last, error))
    return FALSE;
  g_autoptr (GString) sql = g_string_new ("ANALYZE TABLE ");
  corm_sql_append_identifier (sql, &corm_mysql_dialect, table->name);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, NULL))
    ;
  return TRUE;
}
