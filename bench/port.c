/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A SQLite database of 1 000 000 rows of ten columns, with three indexes and a foreign key, into PostgreSQL: by corm_port()
 * with one job and with two, beside a program by hand that scans SQLite and feeds COPY BINARY on one connection. Each run
 * is a process of its own, so that its peak memory is its own. What comes out is compared row by row. */
#include "floor-port.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 3, MARK_MB = 32 };

typedef struct {
  const char *source; /* path of the SQLite file */
  const char *target; /* of PostgreSQL */
  guint jobs;         /* 0: by hand */
} Work;

static void
run_sql (const char *uri, const char *const *statements)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormDb) db = corm_db_open (uri, NULL, &error);
  BENCH_NEED (db != NULL);
  g_autoptr (CormConnection) conn = corm_db_connect (db, &error);
  BENCH_NEED (conn != NULL);
  for (guint i = 0; statements[i] != NULL; i++)
    BENCH_NEED (corm_execute (conn, statements[i], NULL, NULL, &error));
}

static void
make_source (const char *path, gsize n)
{
  g_autofree char *uri = g_strconcat ("sqlite:", path, NULL);
  g_autofree char *owners = g_strdup_printf (
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %" G_GSIZE_FORMAT ") "
      "INSERT INTO owners SELECT i, 'owner ' || i FROM c",
      MAX (n / 100, 1));
  g_autofree char *items = g_strdup_printf (
      "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %" G_GSIZE_FORMAT ") "
      "INSERT INTO items SELECT i, 1 + i %% %" G_GSIZE_FORMAT ", 'item number ' || i, "
      "CASE WHEN i %% 3 THEN 'a note of some length on the item ' || i END, (i * 7919) %% 100000, i %% 2, i "
      "/ 8.0, "
      "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 1700000000 + i, 'unixepoch'), i %% 1000, 'state-' || (i %% 7) "
      "FROM "
      "c",
      n, MAX (n / 100, 1));
  const char *statements[] = {
    "CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    "CREATE TABLE items (id INTEGER PRIMARY KEY, owner_id BIGINT NOT NULL REFERENCES owners (id), name TEXT "
    "NOT NULL, "
    "note TEXT, amount INT NOT NULL, active BOOLEAN NOT NULL, score DOUBLE PRECISION, created_at TIMESTAMP "
    "NOT NULL, "
    "kind SMALLINT, state VARCHAR(20))",
    owners,
    items,
    "CREATE INDEX ix_items_owner ON items (owner_id)",
    "CREATE INDEX ix_items_created ON items (created_at)",
    "CREATE INDEX ix_items_state ON items (state, amount)",
    NULL,
  };
  run_sql (uri, statements);
}

static void
port (const Work *work)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_strconcat ("sqlite:", work->source, NULL);
  CormDbOptions read_only = { .read_only = true, .must_exist = true };
  CormPortOptions options = { .jobs = work->jobs };
  g_autoptr (CormDb) source = corm_db_open_full (uri, NULL, &read_only, &error);
  BENCH_NEED (source != NULL);
  g_autoptr (CormDb) target = corm_db_open (work->target, NULL, &error);
  BENCH_NEED (target != NULL);
  g_autoptr (CormPortReport) report = corm_port (source, target, &options, &error);
  BENCH_NEED (report != NULL);
}

/* Seconds of the whole process; *@bytes: its peak memory. */
static double
run_once (const Work *work, gint64 *bytes)
{
  int status = 0;
  struct rusage usage;
  const char *drop[] = { "DROP TABLE IF EXISTS items, owners", NULL };
  run_sql (work->target, drop);
  fflush (stdout);
  gint64 began = g_get_monotonic_time ();
  pid_t pid = fork ();
  if (pid == 0) {
    if (work->jobs > 0)
      port (work);
    else
      bench_port_by_hand (work->source, work->target);
    exit (0);
  }
  bench_need (pid > 0 && wait4 (pid, &status, 0, &usage) == pid && status == 0, "port", "the process failed");
  *bytes = (gint64) usage.ru_maxrss * 1024;
  return (double) (g_get_monotonic_time () - began) / G_USEC_PER_SEC;
}

static void
prove (const Work *work)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = g_strconcat ("sqlite:", work->source, NULL);
  g_autoptr (CormDb) source = corm_db_open (uri, NULL, &error);
  BENCH_NEED (source != NULL);
  g_autoptr (CormDb) target = corm_db_open (work->target, NULL, &error);
  BENCH_NEED (target != NULL);
  g_autoptr (CormPortReport) report = corm_verify (source, target, NULL, &error);
  BENCH_NEED (report != NULL);
  bench_need (report->equal, "verify", "the copy is not equal");
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
measure (const char *source, const char *target, gsize n)
{
  static const char *const names[] = { "by hand", "1 job", "2 jobs" };
  static const double marks[] = { 1.0, 1.05, 0.80 };
  double seconds[3][RUNS];
  gint64 bytes[3] = { 0 };
  for (guint run = 0; run < RUNS; run++)
    for (guint side = 0; side < 3; side++) {
      gint64 peak = 0;
      Work work = { .source = source, .target = target, .jobs = side };
      seconds[side][run] = run_once (&work, &peak);
      bytes[side] = MAX (bytes[side], peak);
      if (run == 0)
        prove (&work);
    }
  for (guint side = 0; side < 3; side++)
    qsort (seconds[side], RUNS, sizeof (double), compare);
  for (guint side = 0; side < 3; side++) {
    double median = seconds[side][RUNS / 2], floor = seconds[0][RUNS / 2];
    printf ("port %-8s %8.2f s  %9.0f rows/s  %.2f of the floor (mark %.2f%s)  %.1f MB (mark %d%s)\n",
            names[side], median, (double) n / median, median / floor, marks[side],
            median > floor * marks[side] ? ": missed" : "", (double) bytes[side] / 1048576, MARK_MB,
            bytes[side] > MARK_MB * 1048576 ? ": missed" : "");
    bench_add_result ("{\"name\": \"port %s\", \"backend\": \"pgsql\", \"rows_per_s\": %.0f, "
                      "\"floor_rows_per_s\": %.0f, \"ratio\": %.3f, \"bytes\": %" G_GINT64_FORMAT "}",
                      names[side], (double) n / median, (double) n / floor, median / floor, bytes[side]);
  }
}

int
main (void)
{
  gsize n = bench_scale (1000000);
  g_autofree char *target = bench_place (&bench_floor_pgsql);
  if (target == NULL)
    return 0;
  const char *folder = g_getenv ("BENCH_TMP");
  g_autofree char *source =
      g_strdup_printf ("%s/port-%d.db", folder != NULL ? folder : g_get_tmp_dir (), (int) getpid ());
  const char *drop[] = { "DROP TABLE IF EXISTS items, owners", NULL };
  make_source (source, n);
  measure (source, target, n);
  run_sql (target, drop);
  unlink (source);
  return 0;
}
