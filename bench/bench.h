/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the programs of this folder share: the model, the frame that times two sides of the same work in turn, and the
 * side that is written by hand against a database's own library. Whatever goes wrong ends the program. */
#pragma once

#include <corm/corm.h>
#include <string.h>

typedef enum { READING_OPEN, READING_ARCHIVED } ReadingState;

typedef struct {
  gint64 id;
  const char *name;
  const char *note; /* may be NULL */
  ReadingState state;
  gint32 kind;
  gint16 priority;
  bool active;
  double score;
  CormOptInt64 parent_id;
  CormTimestamp created_at;
} Reading;

CORM_DECLARE_MODEL (Reading, reading)

/* The labels of a ReadingState, ended by NULL. */
extern const char *const bench_states[];

/* Of a query that reads them all. */
#define BENCH_SELECT \
  "SELECT id, name, note, state, kind, priority, active, score, parent_id, created_at FROM readings"

/* Looks at every member, as a program would: the sum over all rows is the same on both sides. */
static inline guint64
bench_read (const Reading *row)
{
  return (guint64) row->id + strlen (row->name) + (row->note != NULL ? strlen (row->note) : 0) + row->state +
         (guint64) row->kind + (guint64) row->priority + row->active + (guint64) (row->score * 4) +
         (row->parent_id.is_set ? (guint64) row->parent_id.value : 0) + (guint64) row->created_at.us;
}

/* The same work by hand. Each call does what its figure times, and no more. */
typedef struct {
  const char *backend;
  guint index;       /* a BenchBackend */
  const char *empty; /* statements that empty the table … */
  const char *tidy;  /* … and that bring it to rest between two runs; a statement a line */
  gpointer (*open) (const char *place);
  void (*close) (gpointer native);
  void (*run) (gpointer native, const char *sql);
  void (*insert) (gpointer native, Reading *rows, gsize n); /* one transaction; the ids come back */
  void (*bulk) (gpointer native, const Reading *rows, gsize n);
  guint64 (*select) (gpointer native);                              /* the sum of bench_read() */
  gsize (*rows) (gpointer native, const char *sql, Reading **rows); /* kept; for bench_free_rows() */
  guint64 (*cursor) (gpointer native); /* the same, of one row after the other, none of which is kept */
  guint64 (*get) (gpointer native, const gint64 *keys, gsize n);
  void (*update) (gpointer native, const Reading *rows, const gint64 *keys, gsize n); /* one transaction */
  void (*update_kind) (gpointer native, const Reading *rows, const gint64 *keys,
                       gsize n); /* that member alone */
} BenchFloor;

extern const BenchFloor bench_floor_sqlite3;
extern const BenchFloor bench_floor_pgsql;
extern const BenchFloor bench_floor_mysql;

/* In which a figure has its marks. */
typedef enum { BENCH_SQLITE3, BENCH_PGSQL, BENCH_MYSQL, BENCH_N_BACKENDS } BenchBackend;

/* One backend, opened from both sides on one table. */
typedef struct {
  const BenchFloor *floor;
  gpointer native;
  gpointer keeper; /* a third connection, which empties and tidies: neither side finds its pages warm */
  CormDb *db;
  CormConnection *conn;
  Reading *rows; /* what is or comes to be in the table; row i has the key i + 1 */
  gsize n_rows;
  gint64 *keys; /* of the rows to get or update, in no order */
  gsize n;
  guint64 sum;   /* of what a side read */
  gpointer own;  /* the figure's */
  CormDb *other; /* the figure's, of the same place; conn is of it then */
} Bench;

typedef struct {
  const char *name;
  double marks[BENCH_N_BACKENDS]; /* the ratios to stay below; 0: none is set */
  gsize n_rows;
  gsize n;                      /* operations a run */
  gboolean loads;               /* the table is empty before each run … */
  gboolean no_ids;              /* … and the database gives the keys */
  gboolean reads;               /* a side leaves its sum; otherwise the table is read after the run */
  void (*shape) (Bench *bench); /* nullable: makes the rows what they are to be in the table */
  void (*begin) (Bench *bench); /* nullable: what Corm's side does before its time begins … */
  void (*corm) (Bench *bench);
  void (*end) (Bench *bench); /* … and when it has ended */
  void (*by_hand) (Bench *bench);
} BenchFigure;

/* All of a program: times the figure on every backend that there is, prints it and adds it to the results. */
int bench_main (const BenchFigure *figure);

/* Corm's side once, for callgrind; how many operations that were. */
gsize bench_counted (Bench *bench, const BenchFigure *figure);
/* @n as BENCH_SCALE has it. */
gsize bench_scale (gsize n);
/* Rows with keys from @first + 1 on; the text is never freed. */
Reading *bench_make_rows (gsize first, gsize n);
/* Of rows that own their texts. */
void bench_free_rows (Reading *rows, gsize n);
/* Where to find the database of @floor; NULL, said on the terminal, when there is none. Free with g_free(). */
char *bench_place (const BenchFloor *floor);
/* A database with the table of readings. */
CormDb *bench_open (const char *place);
/* The backends that this build has, ended by NULL. */
extern const BenchFloor *const bench_floors[];
/* Adds a line of JSON to the results. */
void bench_add_result (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Ends the program unless @done. */
void bench_need (gboolean done, const char *doing, const char *reason);
/* The same for a call of Corm that leaves its error in `error`. */
#define BENCH_NEED(call) \
  G_STMT_START \
  { \
    gboolean done = (call); \
    bench_need (done, #call, error != NULL ? error->message : NULL); \
  } \
  G_STMT_END

/* Floors keep times as both databases write them, "2024-01-02 03:04:05.678901". */
enum { BENCH_TIME_SIZE = 27 };
void bench_write_time (gint64 us, char text[BENCH_TIME_SIZE]);
gint64 bench_read_time (const char *text);
ReadingState bench_read_state (const char *text);
