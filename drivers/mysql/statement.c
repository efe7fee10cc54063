/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Prepared statements. Rows are read unbuffered, one at a time, whether streamed or not: the connection's buffer holds
 * one row. Only the rows of a write (RETURNING) are fetched at once, because the server's notes come behind them.
 * Invariant: link->reading is the one statement whose rows are on the wire. */
#include "mysql.h"

#include <errmsg.h>
#include <string.h>

struct _CormMysqlStatement {
  CormMysqlLink *link;
  MYSQL_STMT *native;
  char *sql;
  gboolean writes;
  guint n_params;
  CormSqlType *types;
  CormMysqlParam *params;
  MYSQL_BIND *binds;
  guint n_wanted;
  CormSqlType *wanted;
  guint n_columns;
  CormMysqlColumn *columns;
  gboolean stored; /* all rows are here, in memory that has no byte to spare behind a row */
  guint64 n_changed;
  /* While a row is read: */
  CormValue *row;
  GError *error;
  guint8 *end_of_text; /* where the NUL behind a text goes, once the next cell has been read */
};

/* --- cells --- */

/* A cell's length and where its bytes begin; MariaDB manual, "length encoded integers". */
static gsize
read_length (const guint8 **data)
{
  const guint8 *p = *data;
  guint size = p[0] < 251 ? 0 : p[0] == 252 ? 2 : p[0] == 253 ? 3 : 8;
  gsize length = size == 0 ? p[0] : 0;
  for (guint i = size; i > 0; i--)
    length = length << 8 | p[i];
  *data = p + 1 + size;
  return length;
}

/* Texts end with a NUL, for callers that print them: it takes the place of the next cell's first byte, which has been
 * read by then. Behind the last cell the connection's buffer has a NUL of its own; a stored row has not. */
static void
end_text (CormMysqlStatement *statement, guint i, const guint8 *data, CormValue *value)
{
  if (statement->end_of_text != NULL)
    *statement->end_of_text = '\0';
  statement->end_of_text = NULL;
  if (!corm_mysql_is_textual (value->type) || value->data != (const char *) data)
    return;
  if (i + 1 < statement->n_columns && !statement->stored) {
    statement->end_of_text = (guint8 *) value->data + value->size;
  } else if (statement->stored) {
    g_string_truncate (statement->columns[i].made, 0);
    g_string_append_len (statement->columns[i].made, value->data, value->size);
    value->data = statement->columns[i].made->str;
  }
}

/* The library calls this for each cell of a row, in order, with NULL for an SQL NULL; it moves @cell on. */
static void
on_cell (gpointer user_data, guint i, guchar **cell)
{
  CormMysqlStatement *statement = user_data;
  CormMysqlColumn *column = &statement->columns[i];
  CormValue *value = &statement->row[i];
  if (cell == NULL) {
    value->type = column->wanted.type != CORM_TYPE_NONE ? column->wanted.type : column->natural;
    value->is_null = true;
    value->data = NULL;
    value->size = 0;
    return;
  }
  const guint8 *data = *cell;
  gsize size = column->fixed_size >= 0 ? (gsize) column->fixed_size : read_length (&data);
  *cell = (guchar *) data + size;
  if (statement->error == NULL && corm_mysql_column_read (column, data, size, value, &statement->error))
    end_text (statement, i, data, value);
}

/* --- making one --- */

static gboolean
prepare_native (CormMysqlStatement *statement, GError **error)
{
  CormMysqlLink *link = statement->link;
  statement->native = mysql_stmt_init (link->handle);
  if (statement->native == NULL)
    return corm_mysql_fail (link, NULL, "make a statement", error);
  mysql_stmt_attr_set (statement->native, STMT_ATTR_CB_USER_DATA, statement);
  mysql_stmt_attr_set (statement->native, STMT_ATTR_CB_RESULT, (const void *) on_cell);
  if (mysql_stmt_prepare (statement->native, statement->sql, strlen (statement->sql)) != 0)
    return corm_mysql_fail_sql (link, statement->native, statement->sql, error);
  if (mysql_stmt_param_count (statement->native) == statement->n_params)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the statement has %lu parameters, %u values are sent: %s",
               mysql_stmt_param_count (statement->native), statement->n_params, statement->sql);
  return FALSE;
}

/* Closing a statement would swallow the rows of another one that is being read: then it waits. */
static void
close_native (CormMysqlLink *link, MYSQL_STMT *native)
{
  if (native == NULL)
    return;
  if (link->reading != NULL)
    g_ptr_array_add (link->closed, native);
  else
    mysql_stmt_close (native);
}

static void
close_waiting (CormMysqlLink *link)
{
  for (guint i = 0; i < link->closed->len; i++)
    mysql_stmt_close (g_ptr_array_index (link->closed, i));
  g_ptr_array_set_size (link->closed, 0);
}

static void
statement_free (CormMysqlStatement *statement)
{
  close_native (statement->link, statement->native);
  for (guint i = 0; i < statement->n_columns; i++)
    corm_mysql_column_clear (&statement->columns[i]);
  g_free (statement->columns);
  g_free (statement->sql);
  g_free (statement->types);
  g_free (statement->params);
  g_free (statement->binds);
  g_free (statement->wanted);
  g_free (statement);
}

gpointer
corm_mysql_prepare (CormLink *link, const CormStatementSpec *spec, GError **error)
{
  CormMysqlLink *data = link->data;
  if (!corm_mysql_link_check (data, spec->sql, error))
    return NULL;
  CormMysqlStatement *statement = g_new0 (CormMysqlStatement, 1);
  statement->link = data;
  statement->sql = g_strdup (spec->sql);
  statement->writes = corm_mysql_sql_writes (spec->sql);
  statement->n_params = spec->n_params;
  statement->types = g_new0 (CormSqlType, spec->n_params + 1);
  statement->params = g_new0 (CormMysqlParam, spec->n_params + 1);
  statement->binds = g_new0 (MYSQL_BIND, spec->n_params + 1);
  if (spec->params != NULL)
    memcpy (statement->types, spec->params, spec->n_params * sizeof (CormSqlType));
  for (guint i = 0; i < spec->n_params; i++)
    statement->binds[i].buffer_type = corm_mysql_wire_type (statement->types[i].type);
  statement->n_wanted = spec->n_columns;
  statement->wanted = g_memdup2 (spec->columns, spec->n_columns * sizeof (CormSqlType));
  if (prepare_native (statement, error))
    return statement;
  statement_free (statement);
  return NULL;
}

/* --- sending it --- */

/* A value that goes ahead in packets of its own. */
enum { LONG_DATA = 1 << 20 };

static gboolean
goes_ahead (const CormMysqlStatement *statement, guint i)
{
  return statement->params[i].length > LONG_DATA && corm_mysql_is_textual (statement->types[i].type) &&
         statement->binds[i].buffer_type != MYSQL_TYPE_NEWDECIMAL;
}

static gboolean
send_ahead (CormMysqlStatement *statement)
{
  for (guint i = 0; i < statement->n_params; i++)
    for (gsize at = 0; goes_ahead (statement, i) && at < statement->params[i].length; at += LONG_DATA)
      if (mysql_stmt_send_long_data (statement->native, i, (const char *) statement->binds[i].buffer + at,
                                     MIN (LONG_DATA, statement->params[i].length - at)) != 0)
        return FALSE;
  return TRUE;
}

static gboolean
bind_params (CormLink *link, CormMysqlStatement *statement, const CormValue *params, gboolean *may_be_cut,
             GError **error)
{
  gsize frame = corm_mysql_frame_bytes (statement->n_params), bytes = frame;
  for (guint i = 0; i < statement->n_params; i++) {
    CormMysqlParam *param = &statement->params[i];
    param->length = 0;
    if ((statement->writes && !corm_mysql_check_zero (&params[i], error)) ||
        !corm_mysql_encode (&statement->types[i], &params[i], param, &statement->binds[i], may_be_cut,
                            error)) {
      link->refused = i + 1;
      return FALSE;
    }
    if (!goes_ahead (statement, i))
      bytes += param->length;
    else if (frame + param->length > statement->link->max_packet)
      bytes = frame + param->length;
  }
  if (bytes > statement->link->max_packet) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "the values take %" G_GSIZE_FORMAT
                 " bytes, the server takes %lu at once: raise its max_allowed_packet",
                 bytes, statement->link->max_packet);
    return FALSE;
  }
  if (statement->n_params > 0 &&
      (mysql_stmt_bind_param (statement->native, statement->binds) != 0 || !send_ahead (statement)))
    return corm_mysql_fail (statement->link, statement->native, "bind parameters", error);
  return TRUE;
}

static gboolean
set_columns (CormMysqlStatement *statement)
{
  guint n = mysql_stmt_field_count (statement->native);
  const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields (statement->native);
  for (guint i = n; i < statement->n_columns; i++)
    corm_mysql_column_clear (&statement->columns[i]);
  if (n != statement->n_columns)
    statement->columns = g_renew (CormMysqlColumn, statement->columns, MAX (n, 1));
  if (n > statement->n_columns)
    memset (statement->columns + statement->n_columns, 0,
            (n - statement->n_columns) * sizeof (CormMysqlColumn));
  statement->n_columns = n;
  for (guint i = 0; i < n; i++) {
    corm_mysql_column_init (&statement->columns[i], &fields[i]);
    statement->columns[i].wanted = i < statement->n_wanted ? statement->wanted[i] : (CormSqlType){ 0 };
  }
  return n > 0;
}

static gboolean
prepare_again (CormMysqlStatement *statement, GError **error)
{
  mysql_stmt_close (g_steal_pointer (&statement->native));
  if (!prepare_native (statement, error))
    return FALSE;
  if ((statement->n_params == 0 ||
       (mysql_stmt_bind_param (statement->native, statement->binds) == 0 && send_ahead (statement))) &&
      mysql_stmt_execute (statement->native) == 0)
    return TRUE;
  return corm_mysql_fail_sql (statement->link, statement->native, statement->sql, error);
}

static gboolean
execute_native (CormMysqlStatement *statement, GError **error)
{
  if (mysql_stmt_execute (statement->native) == 0)
    return TRUE;
  /* A table has got other columns since the statement was prepared. */
  if (mysql_stmt_errno (statement->native) == CR_NEW_STMT_METADATA && !statement->writes)
    return prepare_again (statement, error);
  return corm_mysql_fail_sql (statement->link, statement->native, statement->sql, error);
}

/* As many columns, but other ones: of these the library keeps half of the old description. */
static gboolean
has_changed (const CormMysqlStatement *statement)
{
  const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields (statement->native);
  if (statement->n_columns != mysql_stmt_field_count (statement->native))
    return FALSE;
  for (guint i = 0; i < statement->n_columns; i++)
    if (!corm_mysql_column_is (&statement->columns[i], &fields[i]))
      return TRUE;
  return FALSE;
}

static gboolean
send_write (CormMysqlStatement *statement, GError **error)
{
  CormMysqlLink *link = statement->link;
  if (!execute_native (statement, error))
    return FALSE;
  link->last_id = (gint64) mysql_stmt_insert_id (statement->native);
  statement->stored = set_columns (statement);
  if (statement->stored && mysql_stmt_store_result (statement->native) != 0) {
    /* The library believes that rows are still to come, and would wait for them at the next execution. */
    corm_mysql_fail_sql (link, statement->native, statement->sql, error);
    statement->stored = FALSE;
    if (!link->lost)
      mysql_stmt_reset (statement->native);
    return FALSE;
  }
  statement->n_changed = statement->stored ? mysql_stmt_num_rows (statement->native)
                                           : mysql_stmt_affected_rows (statement->native);
  if (mysql_stmt_warning_count (statement->native) == 0)
    return TRUE;
  g_autofree char *doing = corm_driver_describe (statement->sql);
  return corm_mysql_guard_check (link, doing, error);
}

static gboolean
send_read (CormMysqlStatement *statement, GError **error)
{
  if (!execute_native (statement, error) || (has_changed (statement) && !prepare_again (statement, error)))
    return FALSE;
  statement->stored = FALSE;
  if (set_columns (statement))
    statement->link->reading = statement;
  statement->n_changed = statement->n_columns == 0 ? mysql_stmt_affected_rows (statement->native) : 0;
  return TRUE;
}

gboolean
corm_mysql_execute (CormLink *link, gpointer data, const CormValue *params, gboolean stream G_GNUC_UNUSED,
                    GError **error)
{
  CormMysqlStatement *statement = data;
  CormMysqlLink *self = link->data;
  gboolean may_be_cut = statement->n_params == 0, own = FALSE;
  if (!corm_mysql_link_check (self, statement->sql, error))
    return FALSE;
  if (!bind_params (link, statement, params, &may_be_cut, error))
    return FALSE;
  if (!statement->writes)
    return send_read (statement, error);
  if (may_be_cut && !corm_mysql_guard_begin (self, &own, error))
    return FALSE;
  gboolean ok = send_write (statement, error);
  return corm_mysql_guard_end (self, own, ok, ok ? error : NULL);
}

/* --- its rows --- */

guint
corm_mysql_n_columns (CormLink *link G_GNUC_UNUSED, gpointer data)
{
  return ((CormMysqlStatement *) data)->n_columns;
}

const char *
corm_mysql_column_name (CormLink *link G_GNUC_UNUSED, gpointer data, guint column)
{
  CormMysqlStatement *statement = data;
  return column < statement->n_columns ? statement->columns[column].name : NULL;
}

static void
end_reading (CormMysqlLink *link, CormMysqlStatement *statement)
{
  if (link->reading != statement)
    return;
  link->reading = NULL;
  close_waiting (link);
}

CormStep
corm_mysql_step (CormLink *link, gpointer data, CormValue *row, GError **error)
{
  CormMysqlStatement *statement = data;
  CormMysqlLink *self = link->data;
  if (self->reading != statement && !statement->stored)
    return CORM_STEP_DONE;
  statement->row = row;
  statement->end_of_text = NULL;
  int rc = mysql_stmt_fetch (statement->native);
  if (statement->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&statement->error));
    return CORM_STEP_ERROR;
  }
  if (rc == 0 || rc == MYSQL_DATA_TRUNCATED)
    return CORM_STEP_ROW;
  end_reading (self, statement);
  if (rc == MYSQL_NO_DATA)
    return CORM_STEP_DONE;
  corm_mysql_fail (self, statement->native, "read a row", error);
  return CORM_STEP_ERROR;
}

guint64
corm_mysql_n_changed (CormLink *link G_GNUC_UNUSED, gpointer data)
{
  return ((CormMysqlStatement *) data)->n_changed;
}

gint64
corm_mysql_last_id (CormLink *link)
{
  return ((CormMysqlLink *) link->data)->last_id;
}

void
corm_mysql_reset (CormLink *link, gpointer data)
{
  CormMysqlStatement *statement = data;
  CormMysqlLink *self = link->data;
  if (self->reading == statement || statement->stored) {
    statement->row = NULL;
    mysql_stmt_free_result (statement->native);
  }
  statement->stored = FALSE;
  end_reading (self, statement);
}

void
corm_mysql_finalize (CormLink *link, gpointer data)
{
  corm_mysql_reset (link, data);
  statement_free (data);
}
