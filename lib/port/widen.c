/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See widen.h. */
#include "port/widen.h"

#include "base/error.h"
#include "port/tables.h"

#define MOST_COLUMNS 500 /* SQLite has 2000 in a result */

static gboolean
is_narrow (const CormTableColumn *column)
{
  return column->type.type == CORM_TYPE_INT16 || column->type.type == CORM_TYPE_INT32;
}

static gboolean
fits (const CormTableColumn *column, const CormValue *value)
{
  gint64 most = column->type.type == CORM_TYPE_INT16 ? G_MAXINT16 : G_MAXINT32;
  return value->is_null || value->type != CORM_TYPE_INT64 || (value->i >= -most - 1 && value->i <= most);
}

/* Least and greatest of up to MOST_COLUMNS columns, in one look at the table. */
static gboolean
widen_columns (CormConnection *conn, const CormTable *source, gpointer *columns, guint n, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  g_autoptr (GString) sql = g_string_new ("SELECT ");
  for (guint i = 0; i < 2 * n; i++) {
    g_string_append_printf (sql, "%s%s(", i > 0 ? ", " : "", i % 2 == 0 ? "min" : "max");
    corm_sql_append_identifier (sql, dialect, ((const CormTableColumn *) columns[i / 2])->name);
    g_string_append_c (sql, ')');
  }
  g_string_append (sql, " FROM ");
  corm_sql_append_identifier (sql, dialect, source->name);
  g_autoptr (CormCursor) cursor = corm_query (conn, sql->str, NULL, error);
  if (cursor == NULL || !corm_cursor_next (cursor, error))
    return corm_error_prefix (error, "look at the integers of %s", source->name);
  for (guint i = 0; i < n; i++) {
    CormTableColumn *column = columns[i];
    if (!fits (column, corm_cursor_get_value (cursor, 2 * i)) ||
        !fits (column, corm_cursor_get_value (cursor, 2 * i + 1)))
      column->type.type = CORM_TYPE_INT64;
  }
  return TRUE;
}

static gboolean
widen_table (CormConnection *conn, const CormTable *source, const CormTable *target, GError **error)
{
  g_autoptr (GPtrArray) narrow = g_ptr_array_new ();
  for (guint i = 0; i < target->columns->len; i++) {
    CormTableColumn *column = g_ptr_array_index (target->columns, i);
    if (is_narrow (column) && corm_pair_find_column (source, column->name) != NULL)
      g_ptr_array_add (narrow, column);
  }
  for (guint from = 0; from < narrow->len; from += MOST_COLUMNS)
    if (!widen_columns (conn, source, narrow->pdata + from, MIN (MOST_COLUMNS, narrow->len - from), error))
      return FALSE;
  return TRUE;
}

gboolean
corm_widen_integers (CormConnection *conn, const CormSchema *source, CormSchema *target, GError **error)
{
  for (guint i = 0; i < target->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (target->tables, i);
    const CormTable *from = corm_find_table_any_case (source, table->name);
    if (from != NULL && !widen_table (conn, from, table, error))
      return FALSE;
  }
  return TRUE;
}
