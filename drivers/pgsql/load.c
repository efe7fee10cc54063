/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Behind a bulk load: the sequences of automatic keys, and statistics. Speaks SQL through the library alone: the generic
 * driver uses it too. */
#include "../dialects.h"

/* A role that may read the table need not be allowed to look at its sequence. */
gboolean
corm_pgsql_last_number (CormConnection *conn, const CormTable *table, gint64 *number, GError **error)
{
  const CormTableColumn *column = corm_driver_numbered_column (table);
  *number = 0;
  if (column == NULL)
    return TRUE;
  g_autoptr (GString) quoted = g_string_new (NULL);
  corm_sql_append_identifier (quoted, &corm_pgsql_dialect, table->name);
  return corm_driver_ask_number (
      conn,
      "SELECT CASE WHEN pg_catalog.has_sequence_privilege(s.seq, 'SELECT, USAGE') THEN "
      "pg_catalog.pg_sequence_last_value(s.seq) END FROM (SELECT CAST(pg_catalog.pg_get_serial_sequence("
      ":table, :column) AS pg_catalog.regclass) AS seq) AS s",
      CORM_PARAMS (CORM_PARAM ("table", quoted->str), CORM_PARAM ("column", column->name)), number, error);
}

/* Never backwards: keys that the sequence gave out before may have been deleted since. */
static gboolean
set_sequence (CormConnection *conn, const char *table, const char *column, gint64 last, GError **error)
{
  g_autoptr (GString) quoted = g_string_new (NULL), sql = g_string_new (NULL);
  corm_sql_append_identifier (quoted, &corm_pgsql_dialect, table);
  g_string_append (sql, "SELECT pg_catalog.setval(q.seq, greatest(q.top, "
                        "pg_catalog.pg_sequence_last_value(q.seq))) FROM (SELECT CAST("
                        "pg_catalog.pg_get_serial_sequence(:table, :column) AS pg_catalog.regclass) AS seq, "
                        "greatest(max(");
  corm_sql_append_identifier (sql, &corm_pgsql_dialect, column);
  g_string_append_printf (
      sql, "), CAST(:last AS bigint)) AS top FROM %s) AS q WHERE q.seq IS NOT NULL AND q.top > 0",
      quoted->str);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("table", quoted->str), CORM_PARAM ("column", column),
                                         CORM_PARAM ("last", last));
  return corm_execute (conn, sql->str, params, NULL, error);
}

gboolean
corm_pgsql_after_load (CormConnection *conn, const CormTable *table, gint64 last, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++) {
    const CormTableColumn *column = table->columns->pdata[i];
    gboolean is_first = column == corm_driver_numbered_column (table); /* of which last_number() spoke */
    if (column->auto_increment && !set_sequence (conn, table->name, column->name, is_first ? last : 0, error))
      return FALSE;
  }
  g_autoptr (GString) sql = g_string_new ("ANALYZE ");
  corm_sql_append_identifier (sql, &corm_pgsql_dialect, table->name);
  return corm_execute (conn, sql->str, NULL, NULL, error);
}
