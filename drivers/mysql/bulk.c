/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Bulk load: rows are encoded as they come, kept until there are enough, and sent as one array of parameters (MariaDB's
 * bulk protocol); a server that has none gets them one by one. Memory is bounded by MAX_ROWS and MAX_BYTES plus one
 * row. */
#include "mysql.h"

#include <string.h>

#ifdef CORM_TINY
enum { MAX_ROWS = 3, MAX_BYTES = 256 };
#else
enum { MAX_ROWS = 2000, MAX_BYTES = 1 << 20 };
#endif

typedef struct {
  CormMysqlLink *link;
  MYSQL_STMT *native;
  char *doing;
  gboolean own; /* the transaction is ours */
  guint n_columns;
  CormSqlType *types;
  MYSQL_BIND *binds;
  CormMysqlParam *cells; /* MAX_ROWS rows; of a text, @i is where it begins in @bytes */
  GString *bytes;
  GString *made;
  gsize most_bytes; /* of the waiting rows */
  guint n_rows;     /* waiting */
  guint at;         /* of these, where they are sent one by one */
  guint64 n_sent;
} Bulk;

static void
bulk_free (Bulk *bulk)
{
  if (bulk->native != NULL)
    mysql_stmt_close (bulk->native);
  g_string_free (bulk->bytes, TRUE);
  g_string_free (bulk->made, TRUE);
  g_free (bulk->cells);
  g_free (bulk->binds);
  g_free (bulk->types);
  g_free (bulk->doing);
  g_free (bulk);
}

static gboolean
is_inline (const Bulk *bulk, guint i)
{
  switch (bulk->binds[i].buffer_type) {
  case MYSQL_TYPE_STRING:
    return bulk->types[i].type == CORM_TYPE_UUID;
  case MYSQL_TYPE_BLOB:
  case MYSQL_TYPE_NEWDECIMAL:
    return FALSE;
  default:
    return TRUE;
  }
}

/* The library asks for row @row, while it builds the request and for one row at a time. */
static my_bool
on_row (gpointer data, MYSQL_BIND *binds, guint row)
{
  Bulk *bulk = data;
  CormMysqlParam *cells = bulk->cells + (gsize) row * bulk->n_columns;
  for (guint i = 0; i < bulk->n_columns; i++) {
    CormMysqlParam *cell = &cells[i];
    binds[i].buffer = is_inline (bulk, i) || cell->is_null ? (void *) cell : bulk->bytes->str + cell->i;
    binds[i].length = &cell->length;
    binds[i].buffer_length = cell->length;
    binds[i].is_null = &cell->is_null;
    binds[i].u.indicator = &cell->indicator;
  }
  return 0;
}

static char *
insert_sql (const char *table, const char *const *columns, guint n_columns)
{
  GString *sql = g_string_new ("INSERT INTO ");
  corm_sql_append_identifier (sql, &corm_mysql_dialect, table);
  for (guint i = 0; i < n_columns; i++) {
    g_string_append (sql, i == 0 ? " (" : ", ");
    corm_sql_append_identifier (sql, &corm_mysql_dialect, columns[i]);
  }
  g_string_append (sql, ") VALUES (");
  for (guint i = 0; i < n_columns; i++)
    g_string_append (sql, i == 0 ? "?" : ", ?");
  g_string_append_c (sql, ')');
  return g_string_free (sql, FALSE);
}

static gboolean
prepare (Bulk *bulk, const char *sql, GError **error)
{
  bulk->native = mysql_stmt_init (bulk->link->handle);
  if (bulk->native == NULL)
    return corm_mysql_fail (bulk->link, NULL, bulk->doing, error);
  if (mysql_stmt_prepare (bulk->native, sql, strlen (sql)) != 0)
    return corm_mysql_fail (bulk->link, bulk->native, bulk->doing, error);
  if (!bulk->link->has_arrays)
    return TRUE;
  mysql_stmt_attr_set (bulk->native, STMT_ATTR_CB_USER_DATA, bulk);
  mysql_stmt_attr_set (bulk->native, STMT_ATTR_CB_PARAM, (const void *) on_row);
  return TRUE;
}

gpointer
corm_mysql_bulk_begin (CormLink *link, const char *table, const char *const *columns,
                       const CormSqlType *types, guint n_columns, GError **error)
{
  CormMysqlLink *self = link->data;
  g_autofree char *sql = insert_sql (table, columns, n_columns);
  if (!corm_mysql_link_check (self, sql, error))
    return NULL;
  Bulk *bulk = g_new0 (Bulk, 1);
  bulk->link = self;
  bulk->doing = g_strdup_printf ("loading rows into %s", table);
  bulk->n_columns = n_columns;
  bulk->types = g_memdup2 (types, n_columns * sizeof *types);
  bulk->binds = g_new0 (MYSQL_BIND, n_columns);
  for (guint i = 0; i < n_columns; i++)
    bulk->binds[i].buffer_type = corm_mysql_wire_type (types[i].type);
  bulk->cells = g_new (CormMysqlParam, (gsize) MAX_ROWS * n_columns);
  bulk->bytes = g_string_new (NULL);
  bulk->made = g_string_new (NULL);
  bulk->most_bytes = MIN (link->part_bytes, MAX_BYTES);
  if (prepare (bulk, sql, error) && corm_mysql_guard_begin (self, &bulk->own, error))
    return bulk;
  bulk_free (bulk);
  return NULL;
}

/* --- sending --- */

static gboolean
send_array (Bulk *bulk, GError **error)
{
  guint n_rows = bulk->n_rows;
  mysql_stmt_attr_set (bulk->native, STMT_ATTR_ARRAY_SIZE, &n_rows);
  on_row (bulk, bulk->binds, 0);
  if (mysql_stmt_bind_param (bulk->native, bulk->binds) != 0 || mysql_stmt_execute (bulk->native) != 0)
    return corm_mysql_fail (bulk->link, bulk->native, bulk->doing, error);
  return mysql_stmt_warning_count (bulk->native) == 0 ||
         corm_mysql_guard_check (bulk->link, bulk->doing, error);
}

static gboolean
send_rows (Bulk *bulk, GError **error)
{
  for (guint row = 0; row < bulk->n_rows; row++) {
    on_row (bulk, bulk->binds, row);
    bulk->at = row;
    if (mysql_stmt_bind_param (bulk->native, bulk->binds) != 0 || mysql_stmt_execute (bulk->native) != 0)
      return corm_mysql_fail (bulk->link, bulk->native, bulk->doing, error);
    if (mysql_stmt_warning_count (bulk->native) != 0 &&
        !corm_mysql_guard_check (bulk->link, bulk->doing, error))
      return FALSE;
  }
  return TRUE;
}

/* The server does not say which row of an array it refuses. */
static gboolean
flush (CormLink *link, Bulk *bulk, GError **error)
{
  if (bulk->n_rows == 0)
    return TRUE;
  bulk->at = 0;
  gboolean ok = bulk->link->has_arrays ? send_array (bulk, error) : send_rows (bulk, error);
  link->refused_row = ok ? 0 : bulk->n_sent + bulk->at + 1;
  link->n_refused_rows = bulk->link->has_arrays ? bulk->n_rows : 1;
  bulk->n_sent += bulk->n_rows;
  bulk->n_rows = 0;
  g_string_truncate (bulk->bytes, 0);
  return ok;
}

/* --- one row --- */

static gboolean
add_cell (Bulk *bulk, guint i, const CormValue *value, CormMysqlParam *cell, GError **error)
{
  const enum enum_field_types wire = bulk->binds[i].buffer_type;
  gboolean may_be_cut = FALSE;
  MYSQL_BIND bind = { .buffer_type = wire };
  CormValue converted;
  if (!value->is_null && corm_mysql_wire_type (value->type) != wire) {
    g_string_truncate (bulk->made, 0);
    if (!corm_value_convert (value, &bulk->types[i], bulk->made, &converted, error))
      return FALSE;
    value = &converted;
  }
  cell->length = 0;
  cell->indicator = value->is_null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
  if (!corm_mysql_check_zero (value, error) ||
      !corm_mysql_encode (&bulk->types[i], value, cell, &bind, &may_be_cut, error))
    return FALSE;
  if (value->is_null || is_inline (bulk, i))
    return TRUE;
  cell->i = bulk->bytes->len;
  g_string_append_len (bulk->bytes, bind.buffer, cell->length);
  return TRUE;
}

static gsize
count_bytes (const Bulk *bulk, const CormValue *row)
{
  gsize bytes = 0;
  for (guint i = 0; i < bulk->n_columns; i++)
    if (!row[i].is_null && corm_mysql_is_textual (row[i].type))
      bytes += row[i].size;
  return bytes;
}

/* The one cell, counted from 1, that is too large whatever stands beside it; 0: it is the row as a whole. */
static guint
find_culprit (const Bulk *bulk, const CormValue *row)
{
  for (guint i = 0; i < bulk->n_columns; i++)
    if (!row[i].is_null && corm_mysql_is_textual (row[i].type) &&
        corm_mysql_frame_bytes (1) + row[i].size > bulk->link->max_packet)
      return i + 1;
  return 0;
}

static gboolean
make_room (CormLink *link, Bulk *bulk, const CormValue *row, GError **error)
{
  gsize bytes = count_bytes (bulk, row), request = corm_mysql_frame_bytes (bulk->n_columns) + bytes;
  if (request > bulk->link->max_packet) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "%s: the row takes up to %" G_GSIZE_FORMAT
                 " bytes, the server takes %lu at once: raise its max_allowed_packet",
                 bulk->doing, request, bulk->link->max_packet);
    link->refused = find_culprit (bulk, row);
    link->refused_row = bulk->n_sent + bulk->n_rows + 1;
    return FALSE;
  }
  gsize frame = corm_mysql_frame_bytes ((gsize) (bulk->n_rows + 1) * bulk->n_columns);
  return (bulk->n_rows < MAX_ROWS && bulk->bytes->len + bytes + frame <= bulk->most_bytes) ||
         flush (link, bulk, error);
}

gboolean
corm_mysql_bulk_row (CormLink *link, gpointer data, const CormValue *row, GError **error)
{
  Bulk *bulk = data;
  if (!corm_mysql_link_check (link->data, "INSERT", error))
    return FALSE;
  if (!make_room (link, bulk, row, error))
    return FALSE;
  gsize bytes = bulk->bytes->len;
  CormMysqlParam *cells = bulk->cells + (gsize) bulk->n_rows * bulk->n_columns;
  for (guint i = 0; i < bulk->n_columns; i++) {
    if (add_cell (bulk, i, &row[i], &cells[i], error))
      continue;
    link->refused = i + 1;
    g_string_truncate (bulk->bytes, bytes);
    return FALSE;
  }
  bulk->n_rows++;
  return TRUE;
}

gboolean
corm_mysql_bulk_end (CormLink *link, gpointer data, gboolean keep, guint64 *n_rows, GError **error)
{
  Bulk *bulk = data;
  gboolean ok = !keep || flush (link, bulk, error);
  if (n_rows != NULL)
    *n_rows = bulk->n_sent;
  ok = bulk->own ? corm_mysql_guard_end (link->data, TRUE, keep && ok, ok ? error : NULL) || (ok && !keep)
                 : ok;
  bulk_free (bulk);
  return ok;
}
