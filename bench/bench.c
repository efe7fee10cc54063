/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The frame of every figure. Both sides work in turn on the same table, in one process, and each run is checked: what
 * was read, or what the table then holds, has to have the sum of the rows in memory. */
#include "config.h"

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_LEAST = 3, RUNS_MOST = 15, SECONDS_ENOUGH = 12 };

const BenchFloor *const bench_floors[] = {
#ifdef HAVE_SQLITE3
  &bench_floor_sqlite3,
#endif
#ifdef HAVE_PGSQL
  &bench_floor_pgsql,
#endif
#ifdef HAVE_MYSQL
  &bench_floor_mysql,
#endif
  NULL,
};

void
bench_need (gboolean done, const char *doing, const char *reason)
{
  if (done)
    return;
  fprintf (stderr, "bench: %s: %s\n", doing, reason != NULL ? reason : "failed");
  exit (1);
}

gsize
bench_scale (gsize n)
{
  const char *text = g_getenv ("BENCH_SCALE");
  double scale = text != NULL ? g_ascii_strtod (text, NULL) : 1;
  bench_need (scale > 0 && scale <= 100, "BENCH_SCALE", "it is a number like 0.01");
  return MAX ((gsize) ((double) n * scale), 100);
}

char *
bench_place (const BenchFloor *floor)
{
  static const char *const servers[BENCH_N_BACKENDS] = {
    [BENCH_PGSQL] = "CORM_TEST_PGSQL", [BENCH_MYSQL] = "CORM_TEST_MYSQL"
  };
  const char *folder = g_getenv ("BENCH_TMP"), *variable = servers[floor->index];
  const char *only = g_getenv ("BENCH_BACKEND");
  if (only != NULL && strcmp (only, floor->backend) != 0)
    return NULL;
  if (variable != NULL &&
      g_getenv ("BENCH_COUNT") != NULL) /* how often a program waits for a server is chance */
    return NULL;
  if (variable == NULL)
    return g_strdup_printf ("sqlite:%s/bench.db", folder != NULL ? folder : g_get_tmp_dir ());
  g_autofree char *missing = g_strconcat (variable, "_MISSING", NULL);
  if (g_getenv (variable) == NULL)
    printf ("# skip %s: %s\n", floor->backend, g_getenv (missing) ?: "no server is known");
  return g_strdup (g_getenv (variable));
}

CormDb *
bench_open (const char *place)
{
  g_autoptr (GError) error = NULL;
  CormDb *db = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Reading_model, NULL);
  BENCH_NEED (registry != NULL);
  BENCH_NEED ((db = corm_db_open (place, registry, &error)) != NULL);
  BENCH_NEED (corm_db_migrate (db, NULL, &error));
  return db;
}

void
bench_add_result (const char *format, ...)
{
  const char *path = g_getenv ("BENCH_RESULTS");
  FILE *file = path != NULL ? fopen (path, "a") : NULL;
  bench_need (path == NULL || file != NULL, path, "can't be written");
  if (file == NULL)
    return;
  va_list args;
  va_start (args, format);
  vfprintf (file, format, args);
  va_end (args);
  fputc ('\n', file);
  bench_need (fclose (file) == 0, path, "can't be written");
}

/* --- one run */

static void
run_lines (Bench *bench, const char *lines)
{
  g_auto (GStrv) sql = g_strsplit (lines, "\n", -1);
  for (char **line = sql; *line != NULL; line++)
    bench->floor->run (bench->keeper, *line);
}

static void
fill (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  BENCH_NEED (corm_bulk_insert (Reading, bench->conn, bench->rows, bench->n_rows, &error));
}

/* Every run starts alike, and an update has something to change. */
static void
prepare (Bench *bench, const BenchFigure *figure)
{
  if (figure->loads)
    run_lines (bench, bench->floor->empty);
  for (gsize i = 0; i < bench->n_rows && figure->no_ids; i++)
    bench->rows[i].id = 0;
  for (gsize i = 0; i < bench->n && !figure->loads && !figure->reads; i++)
    bench->rows[bench->keys[i] - 1].kind++;
  run_lines (bench, bench->floor->tidy);
  bench->sum = 0;
}

static guint64
sum_table (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  guint64 sum = 0;
  g_autoptr (CormCursor) cursor = corm_cursor (Reading, bench->conn, &error, .limit = 0);
  BENCH_NEED (cursor != NULL);
  for (const Reading *row; (row = corm_next (Reading, cursor, &error)) != NULL;)
    sum += bench_read (row);
  bench_need (error == NULL, "reading the table", error != NULL ? error->message : NULL);
  return sum;
}

static void
check (Bench *bench, const BenchFigure *figure, const char *side)
{
  guint64 expected = 0;
  gboolean by_key = figure->reads && figure->n != figure->n_rows;
  for (gsize i = 0; i < (by_key ? bench->n : bench->n_rows); i++)
    expected += bench_read (&bench->rows[by_key ? (gsize) bench->keys[i] - 1 : i]);
  if (!figure->reads)
    bench->sum = sum_table (bench);
  bench_need (bench->sum == expected, side, "the rows are not those that they should be");
}

/* Seconds. */
static double
run (Bench *bench, const BenchFigure *figure, gboolean by_hand)
{
  prepare (bench, figure);
  if (!by_hand && figure->begin != NULL)
    figure->begin (bench);
  gint64 begin = g_get_monotonic_time ();
  if (by_hand)
    figure->by_hand (bench);
  else
    figure->corm (bench);
  gint64 end = g_get_monotonic_time ();
  if (!by_hand && figure->end != NULL)
    figure->end (bench);
  check (bench, figure, by_hand ? "by hand" : "corm");
  return (double) (end - begin) / 1e6;
}

/* --- one figure */

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void
report (const BenchFigure *figure, const BenchFloor *floor, gsize n, double corm, double by_hand,
        guint n_runs)
{
  double ratio = corm / by_hand, most = figure->marks[floor->index];
  const char *backend = floor->backend;
  char mark[32] = "";
  if (most > 0)
    g_snprintf (mark, sizeof mark, ", mark %.2f%s", most, ratio > most ? ": missed" : "");
  printf ("%-12s %-8s %10.0f rows/s   by hand %10.0f rows/s   ratio %5.2f  (%u runs%s)\n", figure->name,
          backend, (double) n / corm, (double) n / by_hand, ratio, n_runs, mark);
  fflush (stdout);
  bench_add_result (
      "{\"name\": \"%s\", \"backend\": \"%s\", \"rows_per_s\": %.0f, \"floor_rows_per_s\": %.0f, "
      "\"ratio\": %.3f}",
      figure->name, backend, (double) n / corm, (double) n / by_hand, ratio);
}

/* The side that goes first changes from pair to pair. No run is thrown away as a rehearsal: a median bears one outlier. */
static void
measure (Bench *bench, const BenchFigure *figure)
{
  double times[2][RUNS_MOST], spent = 0;
  guint n = 0;
  while (n < RUNS_LEAST || (n < RUNS_MOST && spent < SECONDS_ENOUGH)) {
    for (guint side = 0; side < 2; side++) {
      gboolean by_hand = (n + side) % 2 == 1;
      spent += times[by_hand][n] = run (bench, figure, by_hand);
    }
    n++;
  }
  report (figure, bench->floor, bench->n, median (times[0], n), median (times[1], n), n);
}

/* Callgrind counts from here to the return, so that it must be a call of its own, and what it calls too. */
G_NO_INLINE gsize
bench_counted (Bench *bench, const BenchFigure *figure)
{
  figure->corm (bench);
  return bench->n;
}

/* Once before, as a program has its statements prepared. */
static void
count (Bench *bench, const BenchFigure *figure)
{
  run (bench, figure, FALSE);
  prepare (bench, figure);
  if (figure->begin != NULL)
    figure->begin (bench);
  gsize n = bench_counted (bench, figure);
  if (figure->end != NULL)
    figure->end (bench);
  check (bench, figure, "corm");
  printf ("counted %" G_GSIZE_FORMAT "\n", n);
}

static gint64 *
make_keys (gsize n_rows, gsize n)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autofree gint64 *all = g_new (gint64, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    all[i] = (gint64) i + 1;
  for (gsize i = n_rows; i > 1; i--) {
    gsize j = (gsize) g_rand_int_range (rand, 0, (gint32) i);
    gint64 key = all[i - 1];
    all[i - 1] = all[j];
    all[j] = key;
  }
  return g_memdup2 (all, n * sizeof *all);
}

static void
run_backend (const BenchFigure *figure, const BenchFloor *floor, const char *place)
{
  g_autoptr (GError) error = NULL;
  Bench bench = { .floor = floor, .n_rows = bench_scale (figure->n_rows), .n = bench_scale (figure->n) };
  bench.db = bench_open (place);
  BENCH_NEED ((bench.conn = corm_db_connect (bench.db, &error)) != NULL);
  bench.native = floor->open (place);
  bench.keeper = floor->open (place);
  bench.rows = bench_make_rows (0, bench.n_rows);
  bench.keys = make_keys (bench.n_rows, bench.n);
  if (figure->shape != NULL)
    figure->shape (&bench);
  run_lines (&bench, floor->empty);
  if (!figure->loads)
    fill (&bench);
  if (g_getenv ("BENCH_COUNT") != NULL)
    count (&bench, figure);
  else
    measure (&bench, figure);
  run_lines (&bench, floor->empty);
  floor->close (bench.native);
  floor->close (bench.keeper);
  corm_connection_free (bench.conn);
  corm_db_free (bench.other);
  corm_db_free (bench.db);
  g_free (bench.keys);
  g_free (bench.rows);
}

int
bench_main (const BenchFigure *figure)
{
  for (const BenchFloor *const *floor = bench_floors; *floor != NULL; floor++) {
    g_autofree char *place = bench_place (*floor);
    if (place != NULL)
      run_backend (figure, *floor, place);
  }
  return 0;
}
