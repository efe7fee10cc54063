/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Behind a bulk load: the sequences of automatic keys, and statistics. Speaks SQL through the library alone: the generic
 * driver uses it too. */
#include "../dialects.h"

/* FALSE: this role may not read where it stands; what it gave would be given again. */
static gboolean
may_read (CormCursor *cursor, const char *table, const char *column, GError **error)
{
  if (corm_cursor_get_value (cursor, 1)->is_null)
    return TRUE;
  g_autoptr (GString) grant = g_string_new (NULL), sequence = g_string_new (NULL);
  corm_value_append_text (corm_cursor_get_value (cursor, 0), sequence);
  corm_value_append_text (corm_cursor_get_value (cursor, 1), grant);
  g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED,
               "the role may not read the sequence %s, which numbers %s.%s: %s", sequence->str, table, column,
               grant->str);
  return FALSE;
}

/* The sequence of a numbered column; NULL: none. */
static char *
find_sequence (CormConnection *conn, const char *table, const char *column, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("table", table), CORM_PARAM ("column", column));
  g_autoptr (CormCursor) cursor = corm_query (
      conn,
      "SELECT s.seq, CASE WHEN NOT pg_catalog.has_sequence_privilege(s.seq, 'SELECT') THEN 'GRANT SELECT ON "
      "SEQUENCE ' || s.seq || ' TO ' || pg_catalog.quote_ident(current_user) END FROM (SELECT "
      "pg_catalog.pg_get_serial_sequence(:table, :column) AS seq) AS s",
      params, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return NULL;
  const CormValue *value = corm_cursor_get_value (cursor, 0);
  if (value->is_null || !may_read (cursor, table, column, error))
    return NULL;
  corm_value_append_text (value, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What stands in a sequence that nobody asked yet comes next. */
gboolean
corm_pgsql_last_number (CormConnection *conn, const CormTable *table, gint64 *number, GError **error)
{
  g_autoptr (GError) why = NULL;
  const CormTableColumn *column = corm_driver_numbered_column (table);
  *number = 0;
  if (column == NULL)
    return TRUE;
  g_autoptr (GString) quoted = g_string_new (NULL);
  corm_sql_append_identifier (quoted, &corm_pgsql_dialect, table->name);
  g_autofree char *sequence = find_sequence (conn, quoted->str, column->name, &why);
  if (why != NULL) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  g_autofree char *sql = g_strconcat (
      "SELECT CASE WHEN s.is_called THEN s.last_value ELSE s.last_value - q.seqincrement END FROM ", sequence,
      " AS s, pg_catalog.pg_sequence AS q WHERE q.seqrelid = CAST(:name AS pg_catalog.regclass)", NULL);
  return sequence == NULL ||
         corm_driver_ask_number (conn, sql, CORM_PARAMS (CORM_PARAM ("name", (const char *) sequence)),
                                 number, error);
}

/* Never backwards: keys that the sequence gave out before may have been deleted since. It may run down. */
static gboolean
set_sequence (CormConnection *conn, const char *table, const char *column, gint64 last, GError **error)
{
  g_autoptr (GString) quoted = g_string_new (NULL), name = g_string_new (NULL);
  corm_sql_append_identifier (quoted, &corm_pgsql_dialect, table);
  corm_sql_append_identifier (name, &corm_pgsql_dialect, column);
  g_autofree char *sql = g_strdup_printf (
      "SELECT pg_catalog.setval(q.seq, CASE WHEN q.step > 0 THEN greatest(q.high, "
      "pg_catalog.pg_sequence_last_value(q.seq)) ELSE least(q.low, pg_catalog.pg_sequence_last_value(q.seq)) "
      "END) FROM (SELECT s.seq, p.seqincrement AS step, greatest(t.high, l.n) AS high, least(t.low, l.n) AS "
      "low "
      "FROM (SELECT CAST(pg_catalog.pg_get_serial_sequence(:table, :column) AS pg_catalog.regclass) AS seq) "
      "AS s "
      "JOIN pg_catalog.pg_sequence AS p ON p.seqrelid = s.seq, (SELECT max(%s) AS high, min(%s) AS low FROM "
      "%s) "
      "AS t, (SELECT nullif(CAST(:last AS bigint), 0) AS n) AS l) AS q WHERE CASE WHEN q.step > 0 THEN "
      "q.high > 0 "
      "ELSE q.low < 0 END",
      name->str, name->str, quoted->str);
  const CormParam *params = CORM_PARAMS (CORM_PARAM ("table", quoted->str), CORM_PARAM ("column", column),
                                         CORM_PARAM ("last", last));
  return corm_execute (conn, sql, params, NULL, error);
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
