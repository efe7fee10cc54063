/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The floor on MariaDB: prepared statements of Connector/C, binary both ways, and several rows in one INSERT to write many.
 * Rows that are kept own their text, by strdup(). */
#include "bench.h"

#include <mysql.h>
#include <string.h>

enum { N_COLUMNS = 10, N_WRITTEN = 9, ROWS_PER_INSERT = 1000, TEXT_SIZE = 256 };

#define COLUMNS "name, note, state, kind, priority, active, score, parent_id, created_at"

/* A row's values as parameters: those of COLUMNS, then the key. */
typedef struct {
  unsigned long lengths[N_COLUMNS];
  my_bool nulls[N_COLUMNS];
  gint32 kind;
  gint16 priority;
  gint8 active;
  double score;
  gint64 parent_id, id;
  MYSQL_TIME created_at;
} Params;

static void
need (MYSQL *conn, gboolean done, const char *doing)
{
  bench_need (done, doing, mysql_error (conn));
}

static void
need_stmt (MYSQL_STMT *stmt, gboolean done, const char *doing)
{
  bench_need (done, doing, mysql_stmt_error (stmt));
}

static void
run (gpointer native, const char *sql)
{
  need (native, mysql_query (native, sql) == 0, sql);
  for (int more = 0; more == 0; more = mysql_next_result (native))
    mysql_free_result (mysql_store_result (native));
}

/* @place is a URI of Corm's: mysql://USER:PASSWORD@localhost/DATABASE?socket=PATH. */
static gpointer
open_floor (const char *place)
{
  MYSQL *conn = mysql_init (NULL);
  const char *user = strstr (place, "://") + 3, *colon = strchr (user, ':'), *at = strchr (user, '@');
  const char *slash = strchr (at, '/'), *query = strchr (slash, '?'), *socket = strstr (query, "socket=");
  g_autofree char *name = g_strndup (user, (gsize) (colon - user));
  g_autofree char *password = g_strndup (colon + 1, (gsize) (at - colon - 1));
  g_autofree char *database = g_strndup (slash + 1, (gsize) (query - slash - 1));
  mysql_options (conn, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  need (conn, mysql_real_connect (conn, NULL, name, password, database, 0, socket + 7, 0) != NULL, place);
  run (conn, "SET time_zone = '+00:00'");
  return conn;
}

static void
close_floor (gpointer native)
{
  mysql_close (native);
}

static MYSQL_STMT *
prepare (MYSQL *conn, const char *sql)
{
  MYSQL_STMT *stmt = mysql_stmt_init (conn);
  need_stmt (stmt, mysql_stmt_prepare (stmt, sql, strlen (sql)) == 0, sql);
  return stmt;
}

/* --- writing */

static void
put_text (MYSQL_BIND *bind, Params *params, guint i, const char *text)
{
  params->nulls[i] = text == NULL;
  params->lengths[i] = text != NULL ? strlen (text) : 0;
  bind[i] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_STRING,
                          .buffer = (char *) text,
                          .buffer_length = params->lengths[i],
                          .length = &params->lengths[i],
                          .is_null = &params->nulls[i] };
}

static MYSQL_TIME
to_time (gint64 us)
{
  time_t seconds = us / G_USEC_PER_SEC;
  struct tm tm;
  gmtime_r (&seconds, &tm);
  return (MYSQL_TIME){ .year = (unsigned int) tm.tm_year + 1900,
                       .month = (unsigned int) tm.tm_mon + 1,
                       .day = (unsigned int) tm.tm_mday,
                       .hour = (unsigned int) tm.tm_hour,
                       .minute = (unsigned int) tm.tm_min,
                       .second = (unsigned int) tm.tm_sec,
                       .second_part = (unsigned long) (us % G_USEC_PER_SEC),
                       .time_type = MYSQL_TIMESTAMP_DATETIME };
}

static gint64
from_time (const MYSQL_TIME *time)
{
  struct tm tm = {
    .tm_year = (int) time->year - 1900,
    .tm_mon = (int) time->month - 1,
    .tm_mday = (int) time->day,
    .tm_hour = (int) time->hour,
    .tm_min = (int) time->minute,
    .tm_sec = (int) time->second,
  };
  return (gint64) timegm (&tm) * G_USEC_PER_SEC + (gint64) time->second_part;
}

static void
encode (const Reading *row, MYSQL_BIND *bind, Params *params)
{
  params->kind = row->kind;
  params->priority = row->priority;
  params->active = row->active;
  params->score = row->score;
  params->parent_id = row->parent_id.value;
  params->nulls[7] = !row->parent_id.is_set;
  params->created_at = to_time (row->created_at.us);
  params->id = row->id;
  put_text (bind, params, 0, row->name);
  put_text (bind, params, 1, row->note);
  put_text (bind, params, 2, bench_states[row->state]);
  bind[3] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_LONG, .buffer = &params->kind };
  bind[4] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_SHORT, .buffer = &params->priority };
  bind[5] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_TINY, .buffer = &params->active };
  bind[6] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_DOUBLE, .buffer = &params->score };
  bind[7] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_LONGLONG,
                          .buffer = &params->parent_id,
                          .is_null = &params->nulls[7] };
  bind[8] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_DATETIME, .buffer = &params->created_at };
  bind[9] = (MYSQL_BIND){ .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &params->id };
}

/* One statement for each row, prepared once. @ids: the keys come back; else there is one row to change each time. */
static void
write_rows (MYSQL *conn, const char *sql, Reading *rows, const gint64 *keys, gsize n)
{
  MYSQL_BIND bind[N_COLUMNS];
  Params params;
  run (conn, "START TRANSACTION");
  MYSQL_STMT *stmt = prepare (conn, sql);
  for (gsize i = 0; i < n; i++) {
    encode (&rows[keys != NULL ? (gsize) keys[i] - 1 : i], bind, &params);
    mysql_stmt_bind_param (stmt, bind);
    need_stmt (stmt, mysql_stmt_execute (stmt) == 0 && mysql_stmt_affected_rows (stmt) == 1, sql);
    if (keys == NULL)
      rows[i].id = (gint64) mysql_stmt_insert_id (stmt);
  }
  mysql_stmt_close (stmt);
  run (conn, "COMMIT");
}

static void
insert (gpointer native, Reading *rows, gsize n)
{
  write_rows (native, "INSERT INTO readings (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows, NULL, n);
}

static void
update (gpointer native, const Reading *rows, const gint64 *keys, gsize n)
{
  write_rows (native,
              "UPDATE readings SET name = ?, note = ?, state = ?, kind = ?, priority = ?, active = ?, "
              "score = ?, parent_id = ?, created_at = ? WHERE id = ?",
              (Reading *) rows, keys, n);
}

static void
update_kind (gpointer native, const Reading *rows, const gint64 *keys, gsize n)
{
  gint64 key = 0;
  gint32 kind = 0;
  MYSQL_BIND bind[] = { { .buffer_type = MYSQL_TYPE_LONG, .buffer = &kind },
                        { .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &key } };
  run (native, "START TRANSACTION");
  MYSQL_STMT *stmt = prepare (native, "UPDATE readings SET kind = ? WHERE id = ?");
  mysql_stmt_bind_param (stmt, bind);
  for (gsize i = 0; i < n; i++) {
    key = keys[i];
    kind = rows[key - 1].kind;
    need_stmt (stmt, mysql_stmt_execute (stmt) == 0 && mysql_stmt_affected_rows (stmt) == 1, "update");
  }
  mysql_stmt_close (stmt);
  run (native, "COMMIT");
}

static MYSQL_STMT *
prepare_many (MYSQL *conn, gsize n_rows)
{
  g_autoptr (GString) sql = g_string_new ("INSERT INTO readings (" COLUMNS ", id) VALUES ");
  for (gsize i = 0; i < n_rows; i++)
    g_string_append (sql, i > 0 ? ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" : "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  return prepare (conn, sql->str);
}

static void
bulk (gpointer native, const Reading *rows, gsize n)
{
  g_autofree MYSQL_BIND *bind = g_new (MYSQL_BIND, N_COLUMNS * ROWS_PER_INSERT);
  g_autofree Params *params = g_new (Params, ROWS_PER_INSERT);
  MYSQL_STMT *stmt = NULL;
  gsize size = 0;
  run (native, "START TRANSACTION");
  for (gsize i = 0; i < n; i += size) {
    gsize wanted = MIN ((gsize) ROWS_PER_INSERT, n - i);
    if (wanted != size) {
      if (stmt != NULL)
        mysql_stmt_close (stmt);
      stmt = prepare_many (native, size = wanted);
    }
    for (gsize k = 0; k < size; k++)
      encode (&rows[i + k], bind + N_COLUMNS * k, &params[k]);
    mysql_stmt_bind_param (stmt, bind);
    need_stmt (stmt, mysql_stmt_execute (stmt) == 0, "bulk");
  }
  mysql_stmt_close (stmt);
  run (native, "COMMIT");
}

/* --- reading */

/* What a row is fetched into. */
typedef struct {
  MYSQL_BIND bind[N_COLUMNS];
  unsigned long lengths[N_COLUMNS];
  my_bool nulls[N_COLUMNS];
  gint64 id, parent_id;
  gint32 kind;
  gint16 priority;
  gint8 active;
  double score;
  MYSQL_TIME created_at;
  char name[TEXT_SIZE], note[TEXT_SIZE], state[TEXT_SIZE];
} Fetched;

static void
bind_results (MYSQL_STMT *stmt, Fetched *f)
{
  *f = (Fetched){
    .bind = {
      { .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &f->id },
      { .buffer_type = MYSQL_TYPE_STRING, .buffer = f->name, .buffer_length = TEXT_SIZE },
      { .buffer_type = MYSQL_TYPE_STRING, .buffer = f->note, .buffer_length = TEXT_SIZE },
      { .buffer_type = MYSQL_TYPE_STRING, .buffer = f->state, .buffer_length = TEXT_SIZE },
      { .buffer_type = MYSQL_TYPE_LONG, .buffer = &f->kind },
      { .buffer_type = MYSQL_TYPE_SHORT, .buffer = &f->priority },
      { .buffer_type = MYSQL_TYPE_TINY, .buffer = &f->active },
      { .buffer_type = MYSQL_TYPE_DOUBLE, .buffer = &f->score },
      { .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &f->parent_id },
      { .buffer_type = MYSQL_TYPE_DATETIME, .buffer = &f->created_at },
    },
  };
  for (guint i = 0; i < N_COLUMNS; i++) {
    f->bind[i].length = &f->lengths[i];
    f->bind[i].is_null = &f->nulls[i];
  }
  need_stmt (stmt, mysql_stmt_bind_result (stmt, f->bind) == 0, "bind");
}

/* The next row, its texts where they were fetched to; FALSE: there is none. */
static gboolean
fetch (MYSQL_STMT *stmt, Fetched *f, Reading *row)
{
  int status = mysql_stmt_fetch (stmt);
  need_stmt (stmt, status == 0 || status == MYSQL_NO_DATA, "fetch");
  if (status == MYSQL_NO_DATA)
    return FALSE;
  f->name[f->lengths[1]] = f->note[f->nulls[2] ? 0 : f->lengths[2]] = f->state[f->lengths[3]] = '\0';
  *row = (Reading){
    .id = f->id,
    .name = f->name,
    .note = f->nulls[2] ? NULL : f->note,
    .state = bench_read_state (f->state),
    .kind = f->kind,
    .priority = f->priority,
    .active = f->active != 0,
    .score = f->score,
    .created_at = { from_time (&f->created_at) },
  };
  if (!f->nulls[8])
    row->parent_id = (CormOptInt64){ true, f->parent_id };
  return TRUE;
}

static void
keep_texts (Reading *row)
{
  row->name = g_strdup (row->name);
  row->note = g_strdup (row->note);
}

static void
clear_row (Reading *row)
{
  g_free ((char *) row->name);
  g_free ((char *) row->note);
}

static gsize
read_rows (gpointer native, const char *sql, Reading **kept)
{
  Fetched fetched;
  gsize n = 0, n_allocated = 64;
  Reading *rows = g_new (Reading, n_allocated);
  MYSQL_STMT *stmt = prepare (native, sql);
  bind_results (stmt, &fetched);
  need_stmt (stmt, mysql_stmt_execute (stmt) == 0, sql);
  while (fetch (stmt, &fetched, &rows[n])) {
    keep_texts (&rows[n++]);
    if (n == n_allocated)
      rows = g_renew (Reading, rows, n_allocated *= 2);
  }
  mysql_stmt_close (stmt);
  *kept = rows;
  return n;
}

static guint64
select_all (gpointer native)
{
  guint64 sum = 0;
  Reading *rows;
  gsize n = read_rows (native, BENCH_SELECT, &rows);
  for (gsize i = 0; i < n; i++)
    sum += bench_read (&rows[i]);
  bench_free_rows (rows, n);
  return sum;
}

static guint64
walk (gpointer native)
{
  Fetched fetched;
  Reading row;
  guint64 sum = 0;
  MYSQL_STMT *stmt = prepare (native, BENCH_SELECT);
  bind_results (stmt, &fetched);
  need_stmt (stmt, mysql_stmt_execute (stmt) == 0, BENCH_SELECT);
  while (fetch (stmt, &fetched, &row))
    sum += bench_read (&row);
  mysql_stmt_close (stmt);
  return sum;
}

static guint64
get (gpointer native, const gint64 *keys, gsize n)
{
  Fetched fetched;
  Reading row;
  guint64 sum = 0;
  gint64 key = 0;
  MYSQL_BIND bind = { .buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &key };
  MYSQL_STMT *stmt = prepare (native, BENCH_SELECT " WHERE id = ?");
  mysql_stmt_bind_param (stmt, &bind);
  bind_results (stmt, &fetched);
  for (gsize i = 0; i < n; i++) {
    key = keys[i];
    need_stmt (stmt, mysql_stmt_execute (stmt) == 0 && fetch (stmt, &fetched, &row), "get");
    keep_texts (&row);
    mysql_stmt_free_result (stmt);
    sum += bench_read (&row);
    clear_row (&row);
  }
  mysql_stmt_close (stmt);
  return sum;
}

const BenchFloor bench_floor_mysql = {
  .backend = "mysql",
  .index = BENCH_MYSQL,
  .empty = "TRUNCATE readings",
  .tidy = "ANALYZE TABLE readings",
  .open = open_floor,
  .close = close_floor,
  .run = run,
  .insert = insert,
  .bulk = bulk,
  .select = select_all,
  .rows = read_rows,
  .cursor = walk,
  .get = get,
  .update = update,
  .update_kind = update_kind,
};
