/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 100 000 rows by key out of 200 000, one statement each, outside any transaction. */
#include "bench.h"

static void
get (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < bench->n; i++) {
    g_autoptr (Reading) row = corm_get (Reading, bench->conn, &error, .id = bench->keys[i]);
    BENCH_NEED (row != NULL);
    bench->sum += bench_read (row);
  }
}

static void
get_by_hand (Bench *bench)
{
  bench->sum = bench->floor->get (bench->native, bench->keys, bench->n);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "get",
      .marks = { 1.20, 1.08, 1.10 },
      .n_rows = 200000,
      .n = 100000,
      .reads = TRUE,
      .corm = get,
      .by_hand = get_by_hand,
  });
}
