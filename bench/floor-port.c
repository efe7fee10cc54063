/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The port by hand: sqlite3_step() on one side, COPY BINARY on the other, no check of any value but what strtod-like reading
 * of the time needs. What a careful C programmer would write for these two tables alone. */
#include "floor-port.h"

#include <libpq-fe.h>
#include <sqlite3.h>

enum { COPY_BUFFER = 64 * 1024 };

typedef enum { INT16, INT32, INT64, BOOL, DOUBLE, STRING, TIME } Kind;

typedef struct {
  PGconn *conn;
  GByteArray *buffer;
} Copy;

static void
need (PGconn *conn, const char *sql, ExecStatusType wanted)
{
  PGresult *result = PQexec (conn, sql);
  bench_need (PQresultStatus (result) == wanted, sql, PQerrorMessage (conn));
  PQclear (result);
}

static void
send (Copy *copy)
{
  bench_need (PQputCopyData (copy->conn, (const char *) copy->buffer->data, (int) copy->buffer->len) == 1,
              "COPY", PQerrorMessage (copy->conn));
  g_byte_array_set_size (copy->buffer, 0);
}

static void
put (Copy *copy, gconstpointer data, guint size)
{
  g_byte_array_append (copy->buffer, data, size);
}

static void
put16 (Copy *copy, gint16 value)
{
  guint16 wire = GUINT16_TO_BE ((guint16) value);
  put (copy, &wire, sizeof wire);
}

static void
put32 (Copy *copy, gint32 value)
{
  guint32 wire = GUINT32_TO_BE ((guint32) value);
  put (copy, &wire, sizeof wire);
}

static void
put64 (Copy *copy, guint64 value)
{
  guint64 wire = GUINT64_TO_BE (value);
  put32 (copy, 8);
  put (copy, &wire, sizeof wire);
}

static void
put_value (Copy *copy, sqlite3_stmt *row, int column, Kind kind)
{
  double number;
  guint64 bits;
  char flag;
  if (sqlite3_column_type (row, column) == SQLITE_NULL) {
    put32 (copy, -1);
    return;
  }
  switch (kind) {
  case INT16:
    put32 (copy, 2);
    put16 (copy, (gint16) sqlite3_column_int (row, column));
    return;
  case INT32:
    put32 (copy, 4);
    put32 (copy, sqlite3_column_int (row, column));
    return;
  case INT64:
    put64 (copy, (guint64) sqlite3_column_int64 (row, column));
    return;
  case BOOL:
    flag = sqlite3_column_int (row, column) != 0;
    put32 (copy, 1);
    put (copy, &flag, 1);
    return;
  case DOUBLE:
    number = sqlite3_column_double (row, column);
    memcpy (&bits, &number, sizeof bits);
    put64 (copy, bits);
    return;
  case STRING:
    put32 (copy, sqlite3_column_bytes (row, column));
    put (copy, sqlite3_column_text (row, column), (guint) sqlite3_column_bytes (row, column));
    return;
  case TIME: /* counted from 2000 there */
    put64 (copy, (guint64) (bench_read_time ((const char *) sqlite3_column_text (row, column)) -
                            G_GINT64_CONSTANT (946684800000000)));
    return;
  }
}

static void
copy_table (sqlite3 *db, PGconn *conn, const char *select, const char *into, const Kind *kinds, int n)
{
  static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
  sqlite3_stmt *rows = NULL;
  Copy copy = { .conn = conn, .buffer = g_byte_array_new () };
  bench_need (sqlite3_prepare_v2 (db, select, -1, &rows, NULL) == SQLITE_OK, select, sqlite3_errmsg (db));
  need (conn, into, PGRES_COPY_IN);
  put (&copy, header, 19);
  while (sqlite3_step (rows) == SQLITE_ROW) {
    put16 (&copy, (gint16) n);
    for (int i = 0; i < n; i++)
      put_value (&copy, rows, i, kinds[i]);
    if (copy.buffer->len >= COPY_BUFFER)
      send (&copy);
  }
  put16 (&copy, -1);
  send (&copy);
  bench_need (PQputCopyEnd (conn, NULL) == 1, "COPY", PQerrorMessage (conn));
  PGresult *result = PQgetResult (conn);
  bench_need (PQresultStatus (result) == PGRES_COMMAND_OK, "COPY", PQerrorMessage (conn));
  PQclear (result);
  while ((result = PQgetResult (conn)) != NULL)
    PQclear (result);
  sqlite3_finalize (rows);
  g_byte_array_unref (copy.buffer);
}

void
bench_port_by_hand (const char *source, const char *target)
{
  static const Kind owners[] = { INT64, STRING };
  static const Kind items[] = { INT64, INT64, STRING, STRING, INT32, BOOL, DOUBLE, TIME, INT16, STRING };
  sqlite3 *db = NULL;
  bench_need (sqlite3_open_v2 (source, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, source,
              sqlite3_errmsg (db));
  PGconn *conn = PQconnectdb (target);
  bench_need (PQstatus (conn) == CONNECTION_OK, target, PQerrorMessage (conn));
  need (conn, "BEGIN", PGRES_COMMAND_OK);
  need (conn, "CREATE TABLE owners (id bigint PRIMARY KEY, name text NOT NULL)", PGRES_COMMAND_OK);
  need (conn,
        "CREATE TABLE items (id bigint PRIMARY KEY, owner_id bigint NOT NULL, name text NOT NULL, note text, "
        "amount integer NOT NULL, active boolean NOT NULL, score double precision, created_at timestamp NOT "
        "NULL, "
        "kind smallint, state varchar(20))",
        PGRES_COMMAND_OK);
  copy_table (db, conn, "SELECT * FROM owners", "COPY owners FROM STDIN (FORMAT binary)", owners,
              G_N_ELEMENTS (owners));
  copy_table (db, conn, "SELECT * FROM items", "COPY items FROM STDIN (FORMAT binary)", items,
              G_N_ELEMENTS (items));
  need (conn, "CREATE INDEX ix_items_owner ON items (owner_id)", PGRES_COMMAND_OK);
  need (conn, "CREATE INDEX ix_items_created ON items (created_at)", PGRES_COMMAND_OK);
  need (conn, "CREATE INDEX ix_items_state ON items (state, amount)", PGRES_COMMAND_OK);
  need (conn, "ALTER TABLE items ADD FOREIGN KEY (owner_id) REFERENCES owners (id)", PGRES_COMMAND_OK);
  need (conn, "COMMIT", PGRES_COMMAND_OK);
  need (conn, "ANALYZE owners", PGRES_COMMAND_OK);
  need (conn, "ANALYZE items", PGRES_COMMAND_OK);
  PQfinish (conn);
  sqlite3_close (db);
}
