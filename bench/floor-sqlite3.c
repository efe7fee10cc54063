/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The floor on SQLite: what a careful program would write for this one table, with prepared statements and without
 * needless copies. Rows that are kept own their text, by strdup(). */
#include "bench.h"

#include <sqlite3.h>
#include <string.h>

static void
need (sqlite3 *db, gboolean done, const char *doing)
{
  bench_need (done, doing, sqlite3_errmsg (db));
}

static void
run (gpointer native, const char *sql)
{
  need (native, sqlite3_exec (native, sql, NULL, NULL, NULL) == SQLITE_OK, sql);
}

/* @place is a URI of Corm's: sqlite:PATH. */
static gpointer
open_floor (const char *place)
{
  sqlite3 *db = NULL;
  need (db, sqlite3_open (strchr (place, ':') + 1, &db) == SQLITE_OK, place);
  sqlite3_busy_timeout (db, 5000);
  run (db, "PRAGMA journal_mode = WAL");
  run (db, "PRAGMA synchronous = NORMAL");
  return db;
}

static void
close_floor (gpointer native)
{
  sqlite3_close (native);
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  need (db, sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) == SQLITE_OK, sql);
  return stmt;
}

/* All but the key, as parameters 1 to 9; @time has to live until the statement is done. */
static void
bind (sqlite3_stmt *stmt, const Reading *row, char time[BENCH_TIME_SIZE])
{
  sqlite3_bind_text (stmt, 1, row->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 2, row->note, -1, SQLITE_STATIC);
  sqlite3_bind_text (stmt, 3, bench_states[row->state], -1, SQLITE_STATIC);
  sqlite3_bind_int (stmt, 4, row->kind);
  sqlite3_bind_int (stmt, 5, row->priority);
  sqlite3_bind_int (stmt, 6, row->active);
  sqlite3_bind_double (stmt, 7, row->score);
  if (row->parent_id.is_set)
    sqlite3_bind_int64 (stmt, 8, row->parent_id.value);
  else
    sqlite3_bind_null (stmt, 8);
  bench_write_time (row->created_at.us, time);
  sqlite3_bind_text (stmt, 9, time, -1, SQLITE_STATIC);
}

static void
execute (sqlite3 *db, sqlite3_stmt *stmt)
{
  need (db, sqlite3_step (stmt) == SQLITE_DONE, sqlite3_sql (stmt));
  sqlite3_reset (stmt);
}

static void
insert (gpointer native, Reading *rows, gsize n)
{
  char time[BENCH_TIME_SIZE];
  run (native, "BEGIN IMMEDIATE");
  sqlite3_stmt *stmt =
      prepare (native, "INSERT INTO readings (name, note, state, kind, priority, active, score, "
                       "parent_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (gsize i = 0; i < n; i++) {
    bind (stmt, &rows[i], time);
    execute (native, stmt);
    rows[i].id = sqlite3_last_insert_rowid (native);
  }
  sqlite3_finalize (stmt);
  run (native, "COMMIT");
}

static void
bulk (gpointer native, const Reading *rows, gsize n)
{
  char time[BENCH_TIME_SIZE];
  run (native, "BEGIN IMMEDIATE");
  sqlite3_stmt *stmt =
      prepare (native, "INSERT INTO readings (name, note, state, kind, priority, active, score, "
                       "parent_id, created_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (gsize i = 0; i < n; i++) {
    bind (stmt, &rows[i], time);
    sqlite3_bind_int64 (stmt, 10, rows[i].id);
    execute (native, stmt);
  }
  sqlite3_finalize (stmt);
  run (native, "COMMIT");
}

static const char *
text (sqlite3_stmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt, column);
}

/* Its texts are the statement's. */
static void
read_columns (sqlite3_stmt *stmt, Reading *row)
{
  *row = (Reading){
    .id = sqlite3_column_int64 (stmt, 0),
    .name = text (stmt, 1),
    .note = text (stmt, 2),
    .state = bench_read_state (text (stmt, 3)),
    .kind = sqlite3_column_int (stmt, 4),
    .priority = (gint16) sqlite3_column_int (stmt, 5),
    .active = sqlite3_column_int (stmt, 6) != 0,
    .score = sqlite3_column_double (stmt, 7),
    .created_at = { bench_read_time (text (stmt, 9)) },
  };
  if (sqlite3_column_type (stmt, 8) != SQLITE_NULL)
    row->parent_id = (CormOptInt64){ true, sqlite3_column_int64 (stmt, 8) };
}

static void
read_row (sqlite3_stmt *stmt, Reading *row)
{
  read_columns (stmt, row);
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
  gsize n = 0, n_allocated = 0;
  Reading *rows = NULL;
  sqlite3_stmt *stmt = prepare (native, sql);
  while (sqlite3_step (stmt) == SQLITE_ROW) {
    if (n == n_allocated)
      rows = g_renew (Reading, rows, n_allocated = MAX (64, n_allocated * 2));
    read_row (stmt, &rows[n++]);
  }
  need (native, sqlite3_finalize (stmt) == SQLITE_OK, sql);
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
  guint64 sum = 0;
  sqlite3_stmt *stmt = prepare (native, BENCH_SELECT);
  while (sqlite3_step (stmt) == SQLITE_ROW) {
    Reading row;
    read_columns (stmt, &row);
    sum += bench_read (&row);
  }
  need (native, sqlite3_finalize (stmt) == SQLITE_OK, BENCH_SELECT);
  return sum;
}

static guint64
get (gpointer native, const gint64 *keys, gsize n)
{
  guint64 sum = 0;
  sqlite3_stmt *stmt = prepare (native, BENCH_SELECT " WHERE id = ?");
  for (gsize i = 0; i < n; i++) {
    Reading row;
    sqlite3_bind_int64 (stmt, 1, keys[i]);
    need (native, sqlite3_step (stmt) == SQLITE_ROW, BENCH_SELECT);
    read_row (stmt, &row);
    sqlite3_reset (stmt);
    sum += bench_read (&row);
    clear_row (&row);
  }
  sqlite3_finalize (stmt);
  return sum;
}

static void
update (gpointer native, const Reading *rows, const gint64 *keys, gsize n)
{
  char time[BENCH_TIME_SIZE];
  run (native, "BEGIN IMMEDIATE");
  sqlite3_stmt *stmt =
      prepare (native, "UPDATE readings SET name = ?, note = ?, state = ?, kind = ?, priority = ?, "
                       "active = ?, score = ?, parent_id = ?, created_at = ? WHERE id = ?");
  for (gsize i = 0; i < n; i++) {
    bind (stmt, &rows[keys[i] - 1], time);
    sqlite3_bind_int64 (stmt, 10, keys[i]);
    execute (native, stmt);
    need (native, sqlite3_changes (native) == 1, "update");
  }
  sqlite3_finalize (stmt);
  run (native, "COMMIT");
}

static void
update_kind (gpointer native, const Reading *rows, const gint64 *keys, gsize n)
{
  run (native, "BEGIN IMMEDIATE");
  sqlite3_stmt *stmt = prepare (native, "UPDATE readings SET kind = ? WHERE id = ?");
  for (gsize i = 0; i < n; i++) {
    sqlite3_bind_int (stmt, 1, rows[keys[i] - 1].kind);
    sqlite3_bind_int64 (stmt, 2, keys[i]);
    execute (native, stmt);
    need (native, sqlite3_changes (native) == 1, "update");
  }
  sqlite3_finalize (stmt);
  run (native, "COMMIT");
}

const BenchFloor bench_floor_sqlite3 = {
  .backend = "sqlite3",
  .index = BENCH_SQLITE3,
  .empty = "DELETE FROM readings",
  .tidy = "PRAGMA wal_checkpoint(TRUNCATE)",
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
