/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load by COPY FROM STDIN, in the binary format where every column's type has a binary form here, else as text.
 * The table's own types decide how a value is written. One buffer, whatever the number of rows; a value larger than it
 * goes past it. */
#include "pgsql.h"

#include <string.h>

/* Small: a socket holds some 200 KB and wakes its writer when most of that is read, so that a server that is given 128 KB at
 * once waits for the rest of them. */
enum { BUFFER_SIZE = 16 * 1024 };

typedef struct {
  char *table;
  char *doing;
  GStrv columns;
  guint n_columns;
  CormPgsqlTarget *targets; /* the table's columns */
  CormPgsqlCell *cells;
  gboolean is_text;
  GError *failure; /* of the connection, while rows were sent */
  guint64 n_rows;
  gsize used;
  char buffer[BUFFER_SIZE];
} Bulk;

static void
bulk_free (Bulk *bulk)
{
  for (guint i = 0; i < bulk->n_columns; i++)
    corm_pgsql_cell_clear (&bulk->cells[i]);
  g_free (bulk->cells);
  g_free (bulk->targets);
  g_strfreev (bulk->columns);
  g_free (bulk->table);
  g_free (bulk->doing);
  g_clear_error (&bulk->failure);
  g_free (bulk);
}

/* --- the buffer --- */

static void
send_data (CormLink *link, Bulk *bulk, const char *data, gsize size)
{
  if (size > 0 && bulk->failure == NULL && PQputCopyData (link->handle, data, (int) size) != 1)
    corm_pgsql_check (link, NULL, bulk->doing, "", &bulk->failure);
}

static void
flush (CormLink *link, Bulk *bulk)
{
  send_data (link, bulk, bulk->buffer, bulk->used);
  bulk->used = 0;
}

static inline void
put (CormLink *link, Bulk *bulk, const char *data, gsize size)
{
  if (bulk->used + size > BUFFER_SIZE)
    flush (link, bulk);
  if (size > BUFFER_SIZE) {
    send_data (link, bulk, data, size);
    return;
  }
  memcpy (bulk->buffer + bulk->used, data, size);
  bulk->used += size;
}

static inline void
put16 (CormLink *link, Bulk *bulk, gint16 v)
{
  v = GINT16_TO_BE (v);
  put (link, bulk, (const char *) &v, 2);
}

static inline void
put32 (CormLink *link, Bulk *bulk, gint32 v)
{
  v = GINT32_TO_BE (v);
  put (link, bulk, (const char *) &v, 4);
}

static void
put_header (CormLink *link, Bulk *bulk)
{
  static const char header[19] = "PGCOPY\n\377\r\n\0"; /* flags and extension: 8 zero bytes */
  if (!bulk->is_text)
    put (link, bulk, header, sizeof header);
}

/* --- one cell --- */

static void
put_binary (CormLink *link, Bulk *bulk, const CormPgsqlCell *cell)
{
  if (cell->data == NULL) {
    put32 (link, bulk, -1);
    return;
  }
  put32 (link, bulk, cell->size);
  put (link, bulk, cell->data, cell->size);
}

/* COPY's text format: tab, line ends and the backslash itself behind a backslash, NULL as \N. */
static void
put_text (CormLink *link, Bulk *bulk, const CormPgsqlCell *cell)
{
  if (cell->data == NULL) {
    put (link, bulk, "\\N", 2);
    return;
  }
  for (const char *p = cell->data, *end = p + cell->size; p < end;) {
    gsize plain = strcspn (p, "\\\t\n\r");
    put (link, bulk, p, plain);
    p += plain;
    if (p >= end)
      break;
    const char escape[2] = { '\\', *p == '\t' ? 't' : *p == '\n' ? 'n' : *p == '\r' ? 'r' : '\\' };
    put (link, bulk, escape, 2);
    p++;
  }
}

/* --- begin, row, end --- */

static char *
get_column_list (const Bulk *bulk)
{
  GString *list = g_string_new (NULL);
  for (guint i = 0; i < bulk->n_columns; i++) {
    g_string_append (list, i > 0 ? ", " : "");
    corm_sql_append_identifier (list, &corm_pgsql_dialect, bulk->columns[i]);
  }
  return g_string_free (list, FALSE);
}

/* Asks the server for the columns' types; no row is read. */
static gboolean
find_types (CormLink *link, Bulk *bulk, const char *table, const char *list, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM %s", list, table);
  PGresult *result = PQprepare (link->handle, "", sql, 0, NULL);
  gboolean done = corm_pgsql_check (link, result, bulk->doing, "", error);
  PQclear (result);
  if (!done)
    return FALSE;
  result = PQdescribePrepared (link->handle, "");
  done = corm_pgsql_check (link, result, bulk->doing, "", error);
  for (guint i = 0; done && i < bulk->n_columns; i++) {
    bulk->targets[i].type = corm_pgsql_type_find (link, PQftype (result, i));
    bulk->targets[i].modifier = bulk->targets[i].type != NULL ? PQfmod (result, i) : -1;
    bulk->is_text |= bulk->targets[i].type == NULL;
  }
  PQclear (result);
  for (guint i = 0; i < bulk->n_columns; i++)
    bulk->targets[i].as_text = bulk->is_text;
  return done;
}

static gboolean
start_copy (CormLink *link, Bulk *bulk, const char *table, const char *list, GError **error)
{
  g_autofree char *sql =
      g_strdup_printf ("COPY %s (%s) FROM STDIN (FORMAT %s)", table, list, bulk->is_text ? "text" : "binary");
  PGresult *result = PQexec (link->handle, sql);
  gboolean started =
      PQresultStatus (result) == PGRES_COPY_IN || corm_pgsql_check (link, result, bulk->doing, "", error);
  PQclear (result);
  return started;
}

gpointer
corm_pgsql_bulk_begin (CormLink *link, const char *table, const char *const *columns,
                       const CormSqlType *types G_GNUC_UNUSED, guint n_columns, GError **error)
{
  g_autoptr (GString) name = g_string_new (NULL);
  Bulk *bulk = g_malloc (sizeof *bulk);
  memset (bulk, 0, G_STRUCT_OFFSET (Bulk, buffer));
  corm_pgsql_stop_streaming (link);
  corm_sql_append_identifier (name, &corm_pgsql_dialect, table);
  bulk->table = g_strdup (table);
  bulk->doing = g_strdup_printf ("loading rows into %s", table);
  bulk->n_columns = n_columns;
  bulk->targets = g_new0 (CormPgsqlTarget, n_columns);
  bulk->cells = g_new0 (CormPgsqlCell, n_columns);
  bulk->columns = g_new0 (char *, n_columns + 1);
  for (guint i = 0; i < n_columns; i++)
    bulk->columns[i] = g_strdup (columns[i]);
  g_autofree char *list = get_column_list (bulk);
  if (!find_types (link, bulk, name->str, list, error) || !start_copy (link, bulk, name->str, list, error)) {
    bulk_free (bulk);
    return NULL;
  }
  put_header (link, bulk);
  return bulk;
}

/* All cells before the first byte: a row that fails leaves nothing half written. */
static gboolean
encode_row (CormLink *link, Bulk *bulk, const CormValue *row, GError **error)
{
  for (guint i = 0; i < bulk->n_columns; i++) {
    if (!corm_pgsql_encode (&bulk->targets[i], &row[i], &bulk->cells[i], error)) {
      link->refused = i + 1;
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
corm_pgsql_bulk_row (CormLink *link, gpointer data, const CormValue *row, GError **error)
{
  Bulk *bulk = data;
  if (!encode_row (link, bulk, row, error))
    return FALSE;
  if (!bulk->is_text)
    put16 (link, bulk, bulk->n_columns);
  for (guint i = 0; i < bulk->n_columns; i++) {
    if (!bulk->is_text) {
      put_binary (link, bulk, &bulk->cells[i]);
      continue;
    }
    put_text (link, bulk, &bulk->cells[i]);
    put (link, bulk, i + 1 < bulk->n_columns ? "\t" : "\n", 1);
  }
  bulk->n_rows++;
  if (bulk->failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&bulk->failure));
  return FALSE;
}

/* "COPY jobs, line 3, column name", where the server speaks English, behind what a trigger or a type has to say; 0: it does not
 * tell. */
static guint64
find_line (const Bulk *bulk, const PGresult *result)
{
  g_autofree char *before = g_strdup_printf ("COPY %s, line ", bulk->table);
  const char *context = PQresultErrorField (result, PG_DIAG_CONTEXT);
  while (context != NULL && !g_str_has_prefix (context, before)) {
    context = strchr (context, '\n');
    context = context != NULL ? context + 1 : NULL;
  }
  return context != NULL ? g_ascii_strtoull (context + strlen (before), NULL, 10) : 0;
}

static gboolean
finish_copy (CormLink *link, Bulk *bulk, guint64 *n_rows, GError **error)
{
  if (!bulk->is_text)
    put16 (link, bulk, -1);
  flush (link, bulk);
  if (bulk->failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&bulk->failure));
    return FALSE;
  }
  PQputCopyEnd (link->handle, NULL);
  PGresult *result = PQgetResult (link->handle);
  gboolean done = corm_pgsql_check (link, result, bulk->doing, "", error);
  link->refused_row = done ? 0 : find_line (bulk, result);
  if (done && n_rows != NULL)
    *n_rows = g_ascii_strtoull (PQcmdTuples (result), NULL, 10);
  PQclear (result);
  return done;
}

gboolean
corm_pgsql_bulk_end (CormLink *link, gpointer data, gboolean keep, guint64 *n_rows, GError **error)
{
  Bulk *bulk = data;
  gboolean done = TRUE;
  if (keep)
    done = finish_copy (link, bulk, n_rows, error);
  else
    PQputCopyEnd (link->handle, "given up");
  corm_pgsql_drain (link->handle);
  bulk_free (bulk);
  return done;
}
