/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Behind a bulk load: the numbers that AUTOINCREMENT gave, and statistics. SQL only. The next rowid follows by itself. */
#include "../dialects.h"

#include <string.h>

/* SQLite remembers the numbers that it gave of these alone; its table of them comes with the first of these tables. */
static gboolean
remembers (const CormTable *table)
{
  const CormTableColumn *column = corm_driver_numbered_column (table);
  return column != NULL && column->options != NULL && strstr (column->options, "AUTOINCREMENT") != NULL;
}

gboolean
corm_sqlite3_last_number (CormConnection *conn, const CormTable *table, gint64 *number, GError **error)
{
  *number = 0;
  return !remembers (table) ||
         corm_driver_ask_number (conn, "SELECT seq FROM main.sqlite_sequence WHERE name = :table",
                                 CORM_PARAMS (CORM_PARAM ("table", (const char *) table->name)), number,
                                 error);
}

static gboolean
set_number (CormConnection *conn, const CormTable *table, gint64 last, GError **error)
{
  guint64 n = 0;
  if (last <= 0 || !remembers (table))
    return TRUE;
  const CormParam *params =
      CORM_PARAMS (CORM_PARAM ("table", (const char *) table->name), CORM_PARAM ("last", last));
  if (!corm_execute (conn, "UPDATE main.sqlite_sequence SET seq = max(seq, :last) WHERE name = :table",
                     params, &n, error))
    return FALSE;
  return n > 0 || corm_execute (conn, "INSERT INTO main.sqlite_sequence (name, seq) VALUES (:table, :last)",
                                params, NULL, error);
}

gboolean
corm_sqlite3_after_load (CormConnection *conn, const CormTable *table, gint64 last, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("ANALYZE main.");
  corm_sql_append_identifier (sql, &corm_sqlite3_dialect, table->name);
  return set_number (conn, table, last, error) && corm_execute (conn, sql->str, NULL, NULL, error);
}
