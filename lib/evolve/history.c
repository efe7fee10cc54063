/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows of corm_migrations, read, and written as SQL text, the same for a connection and for a script that another client
 * runs. Times are the server's. */
#include "evolve/history.h"

#include "base/error.h"
#include "engine/cursor.h"
#include "engine/connection.h"
#include "render/ddl.h"

#include <corm/sys/text.h>
#include <string.h>

#define TABLE CORM_HISTORY_TABLE
#define COLUMNS \
  "version, name, checksum, applied_at, duration_ms, state, statement, statement_checksum, doing, " \
  "doing_schema"

static const char *const states[] = { "applied", "upgrading", "downgrading" };

void
corm_history_row_free (gpointer data)
{
  CormHistoryRow *row = data;
  if (row == NULL)
    return;
  g_free (row->version);
  g_free (row->name);
  g_free (row->checksum);
  g_free (row->statement_checksum);
  g_free (row->doing);
  g_free (row->doing_schema);
  g_free (row);
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static gint64
read_number (CormCursor *cursor, guint column, gint64 fallback)
{
  g_autofree char *text = corm_cursor_dup_text (cursor, column);
  gint64 number = fallback;
  return text != NULL && corm_text_to_int (text, strlen (text), &number) ? number : fallback;
}

static gint64
read_time (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  gint64 us = 0;
  gboolean had_zone;
  if (!value->is_null && (value->type == CORM_TYPE_TIMESTAMP || value->type == CORM_TYPE_LOCAL_TIMESTAMP))
    return value->i;
  g_autofree char *text = corm_cursor_dup_text (cursor, column);
  return text != NULL && corm_text_to_timestamp (text, strlen (text), &us, &had_zone) ? us : 0;
}

static gboolean
read_state (CormCursor *cursor, CormHistoryState *state)
{
  g_autofree char *text = corm_cursor_dup_text (cursor, 5);
  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (states); i++)
    if (strcmp (text, states[i]) == 0) {
      *state = i;
      return TRUE;
    }
  return FALSE;
}

static CormHistoryRow *
read_row (CormCursor *cursor, GError **error)
{
  g_autoptr (CormHistoryRow) row = g_new0 (CormHistoryRow, 1);
  row->version = corm_cursor_dup_text (cursor, 0);
  row->name = corm_cursor_dup_text (cursor, 1);
  row->checksum = corm_cursor_dup_text (cursor, 2);
  row->applied_at = read_time (cursor, 3);
  row->duration_ms = read_number (cursor, 4, -1);
  row->statement = (guint) read_number (cursor, 6, 0);
  row->statement_checksum = corm_cursor_dup_text (cursor, 7);
  row->doing = corm_cursor_dup_text (cursor, 8);
  row->doing_schema = corm_cursor_dup_text (cursor, 9);
  if (read_state (cursor, &row->state) && row->version != NULL && corm_version_is_valid (row->version) &&
      row->checksum != NULL)
    return g_steal_pointer (&row);
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "a row of " TABLE " (version '%s') is not one that Corm wrote",
               row->version != NULL ? row->version : "NULL");
  return NULL;
}

static gboolean
read_rows (CormConnection *conn, const char *sql, const CormParam *params, GPtrArray *rows, GError **error)
{
  GError *local = NULL;
  g_autoptr (CormCursor) cursor = corm_query (conn, sql, params, error);
  if (cursor == NULL)
    return FALSE;
  while (corm_cursor_next (cursor, &local)) {
    CormHistoryRow *row = read_row (cursor, &local);
    if (row == NULL)
      break;
    g_ptr_array_add (rows, row);
  }
  if (local != NULL)
    g_propagate_error (error, local);
  return local == NULL;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return corm_version_compare ((*(const CormHistoryRow *const *) a)->version,
                               (*(const CormHistoryRow *const *) b)->version);
}

static gboolean
read_all (CormConnection *conn, GPtrArray *rows, GError **error)
{
  g_ptr_array_set_size (rows, 0);
  return read_rows (conn, "SELECT " COLUMNS " FROM " TABLE, NULL, rows, error);
}

/* The query failed: there is no table, or another tool's of the same name, or it has been made since. */
static gboolean
find_out (CormConnection *conn, GPtrArray *rows, gboolean *exists, GError *why, GError **error)
{
  g_autoptr (GError) local = NULL;
  CormCursor *cursor = NULL;
  if (why->code == CORM_ERROR_SCHEMA)
    cursor = corm_query (conn, "SELECT count(*) FROM " TABLE, NULL, &local);
  gboolean is_there = cursor != NULL;
  corm_cursor_free (cursor);
  *exists = is_there && read_all (conn, rows, NULL);
  if (*exists || (why->code == CORM_ERROR_SCHEMA && !is_there && local->code == CORM_ERROR_SCHEMA)) {
    g_error_free (why);
    return TRUE;
  }
  g_propagate_error (error, why);
  if (is_there)
    corm_error_prefix (error, "the table " TABLE " has another shape than Corm gives it; rename it, so that "
                              "Corm can make its own");
  return FALSE;
}

GPtrArray *
corm_history_read (CormConnection *conn, gboolean *exists, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (corm_history_row_free);
  GError *why = NULL;
  *exists = read_all (conn, rows, &why);
  if (!*exists && !find_out (conn, rows, exists, why, error)) {
    corm_error_prefix (error, "read the history of migrations");
    return NULL;
  }
  g_ptr_array_sort (rows, compare_rows);
  return g_steal_pointer (&rows);
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

gboolean
corm_history_make_table (CormConnection *conn, GError **error)
{
  g_autoptr (GError) raced = NULL;
  g_autofree char *sql = corm_history_sql_create (corm_connection_get_dialect (conn));
  if (corm_connection_run (conn, sql, &raced))
    return TRUE;
  /* PostgreSQL's IF NOT EXISTS looks first: of two who make it at once, one meets the other's row in the catalogue. */
  if (g_error_matches (raced, CORM_ERROR, CORM_ERROR_UNIQUE) && corm_connection_run (conn, sql, NULL))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&raced));
  return corm_error_prefix (error, "make the table " TABLE " of the history");
}

char *
corm_history_sql_create (const CormDialect *dialect)
{
  CormTableColumn applied_at = { .type = { .type = CORM_TYPE_TIMESTAMP } };
  g_autoptr (GString) time = g_string_new (NULL);
  corm_render_type (time, dialect, &applied_at);
  return g_strdup_printf (
      "CREATE TABLE IF NOT EXISTS " TABLE " (version VARCHAR(100) NOT NULL PRIMARY KEY, "
      "name VARCHAR(255) NOT NULL, checksum VARCHAR(64) NOT NULL, applied_at %s NOT NULL, "
      "duration_ms BIGINT, state VARCHAR(20) NOT NULL, statement INTEGER, "
      "statement_checksum VARCHAR(64), doing VARCHAR(64), doing_schema VARCHAR(64))",
      time->str);
}

/* NULL where @text is. Text without a NUL is always a literal. */
static char *
literal (const CormDialect *dialect, const char *text)
{
  g_autoptr (GError) error = NULL;
  GString *sql = g_string_new (NULL);
  CormValue value = text != NULL ? corm_value_text (text) : corm_value_null ();
  if (!corm_sql_append_literal (sql, dialect, &value, &error))
    g_error ("%s", error->message);
  return g_string_free (sql, FALSE);
}

static char *
number (gint64 n, gboolean is_null)
{
  return is_null ? g_strdup ("NULL") : g_strdup_printf ("%" G_GINT64_FORMAT, n);
}

char *
corm_history_sql_insert (const CormDialect *dialect, const CormHistoryRow *row)
{
  g_autofree char *version = literal (dialect, row->version);
  g_autofree char *name = literal (dialect, row->name);
  g_autofree char *checksum = literal (dialect, row->checksum);
  g_autofree char *duration = number (row->duration_ms, row->duration_ms < 0);
  g_autofree char *statement = number (row->statement, row->state == CORM_HISTORY_APPLIED);
  return g_strdup_printf ("INSERT INTO " TABLE
                          " (version, name, checksum, applied_at, duration_ms, state, statement)"
                          " VALUES (%s, %s, %s, %s, %s, '%s', %s)",
                          version, name, checksum, dialect->now, duration, states[row->state], statement);
}

char *
corm_history_sql_update (const CormDialect *dialect, const CormHistoryRow *row)
{
  g_autofree char *version = literal (dialect, row->version);
  g_autofree char *checksum = literal (dialect, row->checksum);
  g_autofree char *duration = number (row->duration_ms, row->duration_ms < 0);
  g_autofree char *statement = number (row->statement, row->state == CORM_HISTORY_APPLIED);
  g_autofree char *done = literal (dialect, row->statement_checksum);
  g_autofree char *doing = literal (dialect, row->doing);
  g_autofree char *schema = literal (dialect, row->doing_schema);
  return g_strdup_printf ("UPDATE " TABLE
                          " SET checksum = %s, duration_ms = %s, state = '%s', statement = %s, "
                          "statement_checksum = %s, doing = %s, doing_schema = %s WHERE version = %s",
                          checksum, duration, states[row->state], statement, done, doing, schema, version);
}

char *
corm_history_sql_delete (const CormDialect *dialect, const char *version)
{
  g_autofree char *text = literal (dialect, version);
  return g_strdup_printf ("DELETE FROM " TABLE " WHERE version = %s", text);
}
