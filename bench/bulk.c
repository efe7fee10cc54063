/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 200 000 rows at once, the fastest way that the database has. */
#include "bench.h"

static void
bulk (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  BENCH_NEED (corm_bulk_insert (Reading, bench->conn, bench->rows, bench->n, &error));
}

static void
bulk_by_hand (Bench *bench)
{
  bench->floor->bulk (bench->native, bench->rows, bench->n);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "bulk",
      .marks = { 1.05, 1.10, 1.15 },
      .n_rows = 200000,
      .n = 200000,
      .loads = TRUE,
      .corm = bulk,
      .by_hand = bulk_by_hand,
  });
}
