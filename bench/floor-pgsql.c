/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The floor on PostgreSQL: prepared statements with binary parameters and COPY BINARY to write, the text form and
 * strtoll() to read, as most programs do. Rows that are kept own their text, by strdup(). */
#include "bench.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

enum { BOOL = 16, INT8 = 20, INT2 = 21, INT4 = 23, TEXT = 25, FLOAT8 = 701, TIMESTAMPTZ = 1184 };
enum { N_COLUMNS = 10, COPY_BUFFER = 64 * 1024 };
/* Microseconds from 1970 to the moment from which PostgreSQL counts. */
#define SINCE_2000 G_GINT64_CONSTANT (946684800000000)

static const Oid types[N_COLUMNS] = { TEXT, TEXT, TEXT, INT4, INT2, BOOL, FLOAT8, INT8, TIMESTAMPTZ, INT8 };
static const int binary[N_COLUMNS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

/* A row's values in the order of @types: the key is the last. */
typedef struct {
  const char *values[N_COLUMNS];
  int lengths[N_COLUMNS];
  char fixed[N_COLUMNS][8];
} Params;

static PGresult *
need (PGconn *conn, PGresult *result, const char *doing)
{
  ExecStatusType status = PQresultStatus (result);
  bench_need (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN, doing,
              PQerrorMessage (conn));
  return result;
}

static void
run (gpointer native, const char *sql)
{
  PQclear (need (native, PQexec (native, sql), sql));
}

static gpointer
open_floor (const char *place)
{
  PGconn *conn = PQconnectdb (place);
  bench_need (PQstatus (conn) == CONNECTION_OK, place, PQerrorMessage (conn));
  run (conn, "SET TimeZone = 'UTC'");
  return conn;
}

static void
close_floor (gpointer native)
{
  PQfinish (native);
}

static void
prepare (PGconn *conn, const char *name, const char *sql, int n_params)
{
  PQclear (need (conn, PQprepare (conn, name, sql, n_params, types), sql));
}

/* --- writing */

static void
put_text (Params *params, int i, const char *text)
{
  params->values[i] = text;
  params->lengths[i] = text != NULL ? (int) strlen (text) : 0;
}

static void
put_fixed (Params *params, int i, gconstpointer data, int size)
{
  memcpy (params->fixed[i], data, (gsize) size);
  params->values[i] = params->fixed[i];
  params->lengths[i] = size;
}

static void
put_int8 (Params *params, int i, gint64 n)
{
  n = GINT64_TO_BE (n);
  put_fixed (params, i, &n, 8);
}

static void
encode (const Reading *row, Params *params)
{
  gint32 kind = GINT32_TO_BE (row->kind);
  gint16 priority = GINT16_TO_BE (row->priority);
  char active = row->active ? 1 : 0;
  gint64 score;
  memcpy (&score, &row->score, sizeof score);
  put_text (params, 0, row->name);
  put_text (params, 1, row->note);
  put_text (params, 2, bench_states[row->state]);
  put_fixed (params, 3, &kind, 4);
  put_fixed (params, 4, &priority, 2);
  put_fixed (params, 5, &active, 1);
  put_int8 (params, 6, score);
  put_int8 (params, 7, row->parent_id.value);
  if (!row->parent_id.is_set)
    put_text (params, 7, NULL);
  put_int8 (params, 8, row->created_at.us - SINCE_2000);
  put_int8 (params, 9, row->id);
}

static void
insert (gpointer native, Reading *rows, gsize n)
{
  Params params;
  run (native, "BEGIN");
  prepare (native, "floor_insert",
           "INSERT INTO readings (name, note, state, kind, priority, active, score, parent_id, created_at) "
           "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
           9);
  for (gsize i = 0; i < n; i++) {
    encode (&rows[i], &params);
    PGresult *result = PQexecPrepared (native, "floor_insert", 9, params.values, params.lengths, binary, 0);
    rows[i].id = strtoll (PQgetvalue (need (native, result, "insert"), 0, 0), NULL, 10);
    PQclear (result);
  }
  run (native, "DEALLOCATE floor_insert");
  run (native, "COMMIT");
}

static void
copy (PGconn *conn, GByteArray *buffer, gconstpointer data, int size)
{
  g_byte_array_append (buffer, data, (guint) size);
  if (buffer->len < COPY_BUFFER)
    return;
  bench_need (PQputCopyData (conn, (char *) buffer->data, (int) buffer->len) == 1, "copy",
              PQerrorMessage (conn));
  g_byte_array_set_size (buffer, 0);
}

static void
copy_row (PGconn *conn, GByteArray *buffer, const Reading *row)
{
  Params params;
  gint16 n = GINT16_TO_BE (N_COLUMNS);
  encode (row, &params);
  copy (conn, buffer, &n, 2);
  for (int i = 0; i < N_COLUMNS; i++) {
    gint32 size = GINT32_TO_BE (params.values[i] != NULL ? params.lengths[i] : -1);
    copy (conn, buffer, &size, 4);
    if (params.values[i] != NULL)
      copy (conn, buffer, params.values[i], params.lengths[i]);
  }
}

static void
bulk (gpointer native, const Reading *rows, gsize n)
{
  static const char header[19] = "PGCOPY\n\377\r\n";
  g_autoptr (GByteArray) buffer = g_byte_array_sized_new (COPY_BUFFER + 256);
  run (native, "BEGIN");
  run (native, "COPY readings (name, note, state, kind, priority, active, score, parent_id, created_at, id) "
               "FROM STDIN (FORMAT binary)");
  copy (native, buffer, header, sizeof header);
  for (gsize i = 0; i < n; i++)
    copy_row (native, buffer, &rows[i]);
  copy (native, buffer, "\377\377", 2);
  bench_need (PQputCopyData (native, (char *) buffer->data, (int) buffer->len) == 1 &&
                  PQputCopyEnd (native, NULL) == 1,
              "copy", PQerrorMessage (native));
  for (PGresult *result; (result = PQgetResult (native)) != NULL;)
    PQclear (need (native, result, "copy"));
  run (native, "COMMIT");
}

static void
update (gpointer native, const Reading *rows, const gint64 *keys, gsize n)
{
  Params params;
  run (native, "BEGIN");
  prepare (native, "floor_update",
           "UPDATE readings SET name = $1, note = $2, state = $3, kind = $4, priority = $5, active = $6, "
           "score = $7, parent_id = $8, created_at = $9 WHERE id = $10",
           10);
  for (gsize i = 0; i < n; i++) {
    encode (&rows[keys[i] - 1], &params);
    PGresult *result = PQexecPrepared (native, "floor_update", 10, params.values, params.lengths, binary, 0);
    bench_need (strcmp (PQcmdTuples (need (native, result, "update")), "1") == 0, "update", "no such row");
    PQclear (result);
  }
  run (native, "DEALLOCATE floor_update");
  run (native, "COMMIT");
}

static void
update_kind (gpointer native, const Reading *rows, const gint64 *keys, gsize n)
{
  static const Oid kind_and_key[] = { INT4, INT8 };
  static const int lengths[] = { 4, 8 };
  run (native, "BEGIN");
  PQclear (
      need (native,
            PQprepare (native, "floor_kind", "UPDATE readings SET kind = $1 WHERE id = $2", 2, kind_and_key),
            "update"));
  for (gsize i = 0; i < n; i++) {
    gint32 kind = GINT32_TO_BE (rows[keys[i] - 1].kind);
    gint64 key = GINT64_TO_BE (keys[i]);
    const char *const values[] = { (const char *) &kind, (const char *) &key };
    PGresult *result = PQexecPrepared (native, "floor_kind", 2, values, lengths, binary, 0);
    bench_need (strcmp (PQcmdTuples (need (native, result, "update")), "1") == 0, "update", "no such row");
    PQclear (result);
  }
  run (native, "DEALLOCATE floor_kind");
  run (native, "COMMIT");
}

/* --- reading */

static char *
copy_text (const PGresult *result, int r, int column)
{
  return PQgetisnull (result, r, column) ? NULL : g_strdup (PQgetvalue (result, r, column));
}

static gint64
read_int (const PGresult *result, int r, int column)
{
  return strtoll (PQgetvalue (result, r, column), NULL, 10);
}

static void
read_row (const PGresult *result, int r, Reading *row)
{
  *row = (Reading){
    .id = read_int (result, r, 0),
    .name = copy_text (result, r, 1),
    .note = copy_text (result, r, 2),
    .state = bench_read_state (PQgetvalue (result, r, 3)),
    .kind = (gint32) read_int (result, r, 4),
    .priority = (gint16) read_int (result, r, 5),
    .active = *PQgetvalue (result, r, 6) == 't',
    .score = strtod (PQgetvalue (result, r, 7), NULL),
    .created_at = { bench_read_time (PQgetvalue (result, r, 9)) },
  };
  if (!PQgetisnull (result, r, 8))
    row->parent_id = (CormOptInt64){ true, read_int (result, r, 8) };
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
  PGresult *result = need (native, PQexec (native, sql), sql);
  int n = PQntuples (result);
  Reading *rows = *kept = g_new (Reading, n);
  for (int i = 0; i < n; i++)
    read_row (result, i, &rows[i]);
  PQclear (result);
  return (gsize) n;
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
read_be (const PGresult *result, int column)
{
  const guint8 *at = (const guint8 *) PQgetvalue (result, 0, column);
  guint64 n = 0;
  for (int i = 0; i < PQgetlength (result, 0, column); i++)
    n = n << 8 | at[i];
  return n;
}

/* One row after the other, in the binary form, which needs no reading of numbers. */
static void
read_binary (const PGresult *result, Reading *row)
{
  guint64 score = read_be (result, 7);
  *row = (Reading){
    .id = (gint64) read_be (result, 0),
    .name = PQgetvalue (result, 0, 1),
    .note = PQgetisnull (result, 0, 2) ? NULL : PQgetvalue (result, 0, 2),
    .state = bench_read_state (PQgetvalue (result, 0, 3)),
    .kind = (gint32) read_be (result, 4),
    .priority = (gint16) read_be (result, 5),
    .active = *PQgetvalue (result, 0, 6) != 0,
    .created_at = { (gint64) read_be (result, 9) + SINCE_2000 },
  };
  memcpy (&row->score, &score, sizeof score);
  if (!PQgetisnull (result, 0, 8))
    row->parent_id = (CormOptInt64){ true, (gint64) read_be (result, 8) };
}

static guint64
walk (gpointer native)
{
  guint64 sum = 0;
  bench_need (PQsendQueryParams (native, BENCH_SELECT, 0, NULL, NULL, NULL, NULL, 1) == 1 &&
                  PQsetSingleRowMode (native) == 1,
              BENCH_SELECT, PQerrorMessage (native));
  for (PGresult *result; (result = PQgetResult (native)) != NULL; PQclear (result)) {
    Reading row;
    if (PQresultStatus (result) != PGRES_SINGLE_TUPLE) {
      need (native, result, BENCH_SELECT);
      continue;
    }
    read_binary (result, &row);
    sum += bench_read (&row);
  }
  return sum;
}

static guint64
get (gpointer native, const gint64 *keys, gsize n)
{
  static const Oid type = INT8;
  guint64 sum = 0;
  PQclear (need (native, PQprepare (native, "floor_get", BENCH_SELECT " WHERE id = $1", 1, &type), "get"));
  for (gsize i = 0; i < n; i++) {
    Reading row;
    gint64 key = GINT64_TO_BE (keys[i]);
    const char *value = (const char *) &key;
    int length = sizeof key;
    PGresult *result = PQexecPrepared (native, "floor_get", 1, &value, &length, binary, 0);
    bench_need (PQntuples (need (native, result, "get")) == 1, "get", "no such row");
    read_row (result, 0, &row);
    PQclear (result);
    sum += bench_read (&row);
    clear_row (&row);
  }
  run (native, "DEALLOCATE floor_get");
  return sum;
}

const BenchFloor bench_floor_pgsql = {
  .backend = "pgsql",
  .index = BENCH_PGSQL,
  .empty = "TRUNCATE readings RESTART IDENTITY",
  .tidy = "VACUUM ANALYZE readings",
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
