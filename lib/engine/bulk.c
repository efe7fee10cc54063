/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load: the driver's own way where it has one, else one prepared INSERT that is executed per row, or, where a database in this
 * process gets many, per block of rows. */
#include "engine/bulk.h"

#include "base/error.h"
#include "engine/private.h"
#include "engine/statement.h"

#include <string.h>

struct _CormBulk {
  CormConnection *conn;
  gpointer native;          /* the driver's bulk, or … */
  CormStatement *statement; /* … the prepared INSERT of one row … */
  CormStatement *block;     /* … and of CORM_BLOCK_ROWS; NULL: there is none yet */
  gboolean in_blocks;
  char *table;
  GStrv columns;
  CormSqlType *types;
  guint n_columns;
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
render_insert (const CormBulk *bulk, guint n_rows)
{
  const CormDialect *dialect = bulk->conn->link.driver->dialect;
  GString *sql = g_string_new (dialect->insert_all != NULL ? dialect->insert_all : "INSERT INTO ");
  corm_sql_append_identifier (sql, dialect, bulk->table);
  if (bulk->n_columns == 0) {
    g_string_append_printf (sql, " %s", dialect->insert_default_row);
    return g_string_free (sql, FALSE);
  }
  for (guint i = 0; i < bulk->n_columns; i++) {
    g_string_append (sql, i > 0 ? ", " : " (");
    corm_sql_append_identifier (sql, dialect, bulk->columns[i]);
  }
  g_string_append (sql, ") VALUES ");
  for (guint row = 0, number = 1; row < n_rows; row++) {
    g_string_append (sql, row > 0 ? "), (" : "(");
    for (guint i = 0; i < bulk->n_columns; i++, number++) {
      g_string_append (sql, i > 0 ? ", " : "");
      append_placeholder (sql, dialect, bulk->types[i].type, number);
    }
  }
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

static CormStatement *
prepare (const CormBulk *bulk, guint n_rows, GError **error)
{
  g_autofree char *sql = render_insert (bulk, n_rows);
  g_autofree CormSqlType *types = g_new (CormSqlType, n_rows * bulk->n_columns + 1);
  for (guint i = 0; i < n_rows * bulk->n_columns; i++)
    types[i] = bulk->types[i % bulk->n_columns];
  CormStatementKey key = { .sql = sql };
  CormStatementSpec spec = { .sql = sql, .n_params = n_rows * bulk->n_columns, .params = types };
  return corm_statement_prepare (bulk->conn, &key, &spec, error);
}

static void
bulk_free (CormBulk *bulk)
{
  g_clear_pointer (&bulk->statement, corm_statement_release);
  g_clear_pointer (&bulk->block, corm_statement_release);
  g_strfreev (bulk->columns);
  g_free (bulk->types);
  g_free (bulk->table);
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
  bulk->table = g_strdup (table);
  bulk->columns = g_new0 (char *, n_columns + 1);
  bulk->types = g_memdup2 (types, n_columns * sizeof *types);
  bulk->n_columns = n_columns;
  for (guint i = 0; i < n_columns; i++)
    bulk->columns[i] = g_strdup (columns[i]);
  if (driver->bulk_begin != NULL && n_columns > 0) {
    corm_connection_count (conn, table);
    bulk->native = driver->bulk_begin (&conn->link, table, columns, types, n_columns, error);
  } else {
    bulk->statement = prepare (bulk, 1, error);
  }
  if (bulk->native != NULL || bulk->statement != NULL)
    return bulk;
  corm_connection_notice_error (conn);
  bulk_free (bulk);
  return NULL;
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static gboolean
insert (CormBulk *bulk, const CormValue *row, GError **error)
{
  guint64 written = corm_connection_get_n_writes (bulk->conn);
  return corm_statement_execute (bulk->statement, row, FALSE, error) &&
         corm_connection_check_inserted (bulk->conn, bulk->table,
                                         corm_statement_get_n_changed (bulk->statement), written, error);
}

static void
forget_refusal (CormLink *link)
{
  link->refused = 0;
  link->refused_row = link->n_refused_rows = 0;
}

gboolean
corm_bulk_row (CormBulk *bulk, const CormValue *row, GError **error)
{
  CormLink *link = &bulk->conn->link;
  gboolean ok;
  forget_refusal (link);
  if (bulk->statement != NULL)
    ok = insert (bulk, row, error);
  else
    ok = link->driver->bulk_row (link, bulk->native, row, error);
  if (G_LIKELY (ok)) {
    bulk->n_rows++;
    return TRUE;
  }
  corm_connection_notice_error (bulk->conn);
  if (bulk->statement != NULL || link->refused > 0)
    link->refused_row = bulk->n_rows + 1;
  return link->refused > 0 ? corm_error_prefix (error, "column %s", bulk->columns[link->refused - 1]) : FALSE;
}

gboolean
corm_connection_takes_blocks (CormConnection *conn, guint width, gsize n_rows)
{
  const CormDriver *driver = conn->link.driver;
  return driver->one_by_one && n_rows >= CORM_BLOCK_LEAST && width > 0 &&
         width * CORM_BLOCK_ROWS < driver->dialect->max_params;
}

guint
corm_bulk_expect (CormBulk *bulk, gsize n_rows)
{
  bulk->in_blocks = bulk->statement != NULL &&
                    corm_connection_takes_blocks (bulk->conn, bulk->n_columns, n_rows) &&
                    !corm_connection_is_view (bulk->conn, bulk->table);
  return bulk->in_blocks ? CORM_BLOCK_ROWS : 1;
}

/* *@again: nothing of it is there, and each row on its own tells which it was. */
static gboolean
insert_block (CormBulk *bulk, const CormValue *rows, gboolean *again, GError **error)
{
  CormConnection *conn = bulk->conn;
  guint64 written = corm_connection_get_n_writes (conn);
  forget_refusal (&conn->link);
  if (!corm_statement_execute (bulk->block, rows, FALSE, error)) {
    const CormDriver *driver = conn->link.driver;
    *again = corm_error_is_about_row (*error) && corm_connection_get_n_writes (conn) == written &&
             driver->in_transaction != NULL && driver->in_transaction (&conn->link);
    return FALSE;
  }
  return corm_statement_get_n_changed (bulk->block) == CORM_BLOCK_ROWS ||
         corm_statement_fail_left_out (error);
}

/* As one block, if it can be. *@done: it is there. */
static gboolean
try_block (CormBulk *bulk, const CormValue *rows, gboolean *done, GError **error)
{
  gboolean again = FALSE;
  g_autoptr (GError) said = NULL;
  if (bulk->block == NULL && (bulk->block = prepare (bulk, CORM_BLOCK_ROWS, error)) == NULL)
    return FALSE;
  *done = insert_block (bulk, rows, &again, &said);
  if (*done)
    bulk->n_rows += CORM_BLOCK_ROWS;
  if (*done || again)
    return TRUE;
  bulk->conn->link.refused_row = bulk->n_rows + 1;
  bulk->conn->link.n_refused_rows = CORM_BLOCK_ROWS;
  corm_connection_notice_error (bulk->conn);
  g_propagate_error (error, g_steal_pointer (&said));
  return FALSE;
}

gboolean
corm_bulk_rows (CormBulk *bulk, const CormValue *rows, guint n, GError **error)
{
  gboolean done = FALSE;
  if (bulk->in_blocks && n == CORM_BLOCK_ROWS && !try_block (bulk, rows, &done, error))
    return FALSE;
  for (guint i = 0; !done && i < n; i++)
    if (!corm_bulk_row (bulk, rows + (gsize) i * bulk->n_columns, error))
      return FALSE;
  return TRUE;
}

gboolean
corm_bulk_end (CormBulk *bulk, guint64 *n_rows, GError **error)
{
  CormConnection *conn = bulk->conn;
  guint64 sent = bulk->n_rows;
  gboolean ok = TRUE;
  forget_refusal (&conn->link);
  if (bulk->native != NULL)
    ok = conn->link.driver->bulk_end (&conn->link, bulk->native, TRUE, &sent, error);
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
  guint64 n_sent = bulk->n_rows, n_inserted = 0;
  if (!corm_bulk_end (bulk, &n_inserted, error))
    return FALSE;
  if (n_inserted >= n_sent)
    return TRUE;
  if (n_sent == 1)
    return corm_statement_fail_left_out (error);
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
  corm_connection_notice_error (conn);
  bulk_free (bulk);
}
