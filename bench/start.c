/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a program pays before its first row: a registry of 1 000 models that refer to each other is checked, and a database
 * is opened, a row got by its key and the database closed, where the other side does the same by hand. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_MODELS = 1000, N_COLUMNS = 10, RUNS = 15, STARTS = 40, MARK_REGISTRY_MS = 20, MARK_START_US = 1000 };

static const CormColumn columns[N_COLUMNS] = {
  CORM_COLUMN (Reading, id, .primary_key = true),
  CORM_COLUMN (Reading, name, .not_null = true, .max_length = 80, .unique = true),
  CORM_COLUMN (Reading, note),
  CORM_COLUMN (Reading, state, .labels = bench_states),
  CORM_COLUMN (Reading, kind, .default_value = "7"),
  CORM_COLUMN (Reading, priority),
  CORM_COLUMN (Reading, active),
  CORM_COLUMN (Reading, score, .check = "score >= 0"),
  CORM_COLUMN (Reading, parent_id),
  CORM_COLUMN (Reading, created_at, .default_sql = CORM_NOW),
};
static const CormModel pattern = CORM_MODEL (Reading, "readings", CORM_COLUMNS (columns));

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

static double
median_us (gint64 *times, guint n)
{
  qsort (times, n, sizeof *times, compare);
  return (double) times[n / 2];
}

/* Each refers to the one before it. */
static const CormModel **
make_models (void)
{
  const CormModel **models = g_new0 (const CormModel *, N_MODELS + 1);
  for (guint i = 0; i < N_MODELS; i++) {
    CormModel *model = g_memdup2 (&pattern, sizeof pattern);
    CormColumn *own = g_memdup2 (columns, sizeof columns);
    own[8].references = g_strdup_printf ("readings_%04u.id", i > 0 ? i - 1 : 0);
    model->type = g_strdup_printf ("Reading%04u", i);
    model->table = g_strdup_printf ("readings_%04u", i);
    model->columns = own;
    models[i] = model;
  }
  return models;
}

static void
check_models (void)
{
  gint64 times[RUNS];
  const CormModel **models = make_models ();
  for (guint i = 0; i < RUNS; i++) {
    g_autoptr (GError) error = NULL;
    gint64 begin = g_get_monotonic_time ();
    g_autoptr (CormRegistry) registry = corm_registry_new_array (models, &error);
    BENCH_NEED (registry != NULL);
    times[i] = g_get_monotonic_time () - begin;
  }
  double ms = median_us (times, RUNS) / 1000;
  printf ("registry     %d models of %d columns checked in %.1f ms, mark %d ms: %s\n", N_MODELS, N_COLUMNS,
          ms, MARK_REGISTRY_MS, ms <= MARK_REGISTRY_MS ? "held" : "missed");
  bench_add_result ("{\"name\": \"registry\", \"models\": %d, \"ms\": %.2f}", N_MODELS, ms);
  for (guint i = 0; i < N_MODELS; i++) {
    g_free ((char *) models[i]->columns[8].references);
    g_free ((gpointer) models[i]->columns);
    g_free ((char *) models[i]->type);
    g_free ((char *) models[i]->table);
    g_free ((gpointer) models[i]);
  }
  g_free (models);
}

static guint64
start (const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRegistry) registry = corm_registry_new (&error, &Reading_model, NULL);
  g_autoptr (CormDb) db = registry != NULL ? corm_db_open (place, registry, &error) : NULL;
  g_autoptr (CormConnection) conn = db != NULL ? corm_db_connect (db, &error) : NULL;
  g_autoptr (Reading) row = conn != NULL ? corm_get (Reading, conn, &error, .id = 1) : NULL;
  BENCH_NEED (row != NULL);
  return bench_read (row);
}

static guint64
start_by_hand (const BenchFloor *floor, const char *place)
{
  static const gint64 key = 1;
  gpointer native = floor->open (place);
  guint64 sum = floor->get (native, &key, 1);
  floor->close (native);
  return sum;
}

static void
compare_starts (const BenchFloor *floor, const char *place)
{
  gint64 times[2][STARTS];
  guint64 sums[2] = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree Reading *rows = bench_make_rows (0, 100);
  CormDb *db = bench_open (place);
  CormConnection *conn = corm_db_connect (db, &error);
  BENCH_NEED (conn != NULL && corm_bulk_insert (Reading, conn, rows, 100, &error));
  for (guint i = 0; i < STARTS; i++)
    for (guint side = 0; side < 2; side++) {
      gint64 begin = g_get_monotonic_time ();
      sums[side] = side == 0 ? start (place) : start_by_hand (floor, place);
      times[side][i] = g_get_monotonic_time () - begin;
    }
  bench_need (sums[0] == sums[1] && sums[0] == bench_read (&rows[0]), "get", "the row is another one");
  double corm = median_us (times[0], STARTS), by_hand = median_us (times[1], STARTS);
  printf ("start        %-8s open, get, close: %.0f us   by hand %.0f us   more %.0f us, mark %d us: %s\n",
          floor->backend, corm, by_hand, corm - by_hand, MARK_START_US,
          corm - by_hand <= MARK_START_US ? "held" : "missed");
  bench_add_result ("{\"name\": \"start\", \"backend\": \"%s\", \"us\": %.0f, \"floor_us\": %.0f}",
                    floor->backend, corm, by_hand);
  BENCH_NEED (corm_execute (conn, floor->empty, NULL, NULL, &error));
  corm_connection_free (conn);
  corm_db_free (db);
}

int
main (void)
{
  check_models ();
  for (const BenchFloor *const *floor = bench_floors; *floor != NULL; floor++) {
    g_autofree char *place = bench_place (*floor);
    if (place != NULL)
      compare_starts (*floor, place);
  }
  return 0;
}
