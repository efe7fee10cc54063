/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load: the driver's own way where it has one, else one prepared INSERT that is executed per row. */
#include "engine/bulk.h"

#include "base/error.h"
#include "engine/private.h"
#include "engine/statement.h"

#include <string.h>

struct _CormBulk {
  CormConnection *conn;
  gpointer native;          /* the driver's bulk, or … */
  CormStatement *statement; /* … the prepared INSERT */
  GStrv columns;
  guint64 n_rows;
};

static void
append_placeholder (GString *sql, const CormDialect *dialect, CormType type, guint number)
{
  const char *cast = dialect->param_cast[type];
  const char *braces = cast != NULL ? strstr (cast, "{}") : NULL;
  if (braces != NULL)
    g_string_append_len (sql, cast, braces - cast);
  if (dialect->placeholder == CORM_PLACEHOLDER_DOLLAR)
    g_string_append_printf (sql, "$%u", number);
  else
    g_string_append_c (sql, '?');
  if (braces != NULL)
    g_string_append (sql, braces + 2);
}

static char *
render_insert (const CormDialect *dialect, const char *table, const char *const *columns,
               const CormSqlType *types, guint n_columns)
{
  GString *sql = g_string_new (dialect->insert_all != NULL ? dialect->insert_all : "INSERT INTO ");
  corm_sql_append_identifier (sql, dialect, table);
  if (n_columns == 0) {
    g_string_append_printf (sql, " %s", dialect->insert_default_row);
    return g_string_free (sql, FALSE);
  }
  for (guint i = 0; i < n_columns; i++) {
    g_string_append (sql, i > 0 ? ", " : " (");
    corm_sql_append_identifier (sql, dialect, columns[i]);
  }
  g_string_append (sql, ") VALUES (");
  for (guint i = 0; i < n_columns; i++) {
    g_string_append (sql, i > 0 ? ", " : "");
    append_placeholder (sql, dialect, types[i].type, i + 1);
  }
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

static void
bulk_free (CormBulk *bulk)
{
  g_strfreev (bulk->columns);
  g_free (bulk);
}

CormBulk *
corm_bulk_begin (CormConnection *conn, const char *table, const char *const *columns,
                 const CormSqlType *types, guint n_columns, GError **error)
{
  const CormDriver *driver = conn->link.driver;
  if (!corm_connection_check_free (conn, error))
    return NULL;
  CormBulk *bulk = g_new0 (CormBulk, 1);
  bulk->conn = conn;
  bulk->columns = g_new0 (char *, n_columns + 1);
  for (guint i = 0; i < n_columns; i++)
    bulk->columns[i] = g_strdup (columns[i]);
  if (driver->bulk_begin != NULL && n_columns > 0) {
    corm_connection_count (conn, table);
    bulk->native = driver->bulk_begin (&conn->link, table, columns, types, n_columns, error);
  } else {
    g_autofree char *sql = render_insert (driver->dialect, table, columns, types, n_columns);
    CormStatementKey key = { .sql = sql };
    CormStatementSpec spec = { .sql = sql, .n_params = n_columns, .params = types };
    bulk->statement = corm_statement_prepare (conn, &key, &spec, error);
  }
  if (bulk->native != NULL || bulk->statement != NULL)
    return bulk;
  corm_connection_notice_error (conn);
  bulk_free (bulk);
  return NULL;
}

static gboolean
insert (CormBulk *bulk, const CormValue *row, GError **error)
{
  guint64 written = corm_connection_get_n_writes (bulk->conn);
  return corm_statement_execute (bulk->statement, row, FALSE, error) &&
         corm_connection_check_inserted (bulk->conn, corm_statement_get_n_changed (bulk->statement), written,
                                         error);
}

gboolean
corm_bulk_row (CormBulk *bulk, const CormValue *row, GError **error)
{
  CormConnection *conn = bulk->conn;
  gboolean ok;
  conn->link.refused = 0;
  if (bulk->statement != NULL)
    ok = insert (bulk, row, error);
  else
    ok = conn->link.driver->bulk_row (&conn->link, bulk->native, row, error);
  if (G_LIKELY (ok))
    bulk->n_rows++;
  else
    corm_connection_notice_error (conn);
  if (!ok && conn->link.refused > 0)
    corm_error_prefix (error, "column %s", bulk->columns[conn->link.refused - 1]);
  return ok;
}

gboolean
corm_bulk_end (CormBulk *bulk, guint64 *n_rows, GError **error)
{
  CormConnection *conn = bulk->conn;
  guint64 sent = bulk->n_rows;
  gboolean ok = TRUE;
  if (bulk->native != NULL)
    ok = conn->link.driver->bulk_end (&conn->link, bulk->native, TRUE, &sent, error);
  else
    corm_statement_release (bulk->statement);
  corm_connection_trace (conn);
  if (!ok)
    corm_connection_notice_error (conn);
  if (ok && n_rows != NULL)
    *n_rows = sent;
  bulk_free (bulk);
  return ok;
}

gboolean
corm_bulk_end_all (CormBulk *bulk, GError **error)
{
  CormConnection *conn = bulk->conn;
  guint64 n_sent = bulk->n_rows, n_inserted = 0;
  if (!corm_bulk_end (bulk, &n_inserted, error))
    return FALSE;
  if (n_inserted >= n_sent)
    return TRUE;
  if (n_sent == 1)
    return corm_connection_check_inserted (conn, 0, corm_connection_get_n_writes (conn), error);
  g_set_error (error, CORM_ERROR, CORM_ERROR_CHECK,
               "of %" G_GUINT64_FORMAT " rows the database inserted %" G_GUINT64_FORMAT
               ": a trigger left the others out",
               n_sent, n_inserted);
  return FALSE;
}

void
corm_bulk_free (CormBulk *bulk)
{
  if (bulk == NULL)
    return;
  CormConnection *conn = bulk->conn;
  if (bulk->native != NULL)
    conn->link.driver->bulk_end (&conn->link, bulk->native, FALSE, NULL, NULL);
  else
    corm_statement_release (bulk->statement);
  corm_connection_notice_error (conn);
  bulk_free (bulk);
}
