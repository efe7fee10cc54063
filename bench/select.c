/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* All of 200 000 rows into structs, every member looked at, and the structs freed. */
#include "bench.h"

static void
select_all (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormRows) rows = corm_find (Reading, bench->conn, &error, .limit = 0);
  BENCH_NEED (rows != NULL);
  CORM_FOREACH (Reading, row, rows)
    bench->sum += bench_read (row);
}

static void
select_by_hand (Bench *bench)
{
  bench->sum = bench->floor->select (bench->native);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "select",
      .marks = { 0.85, 0.70, 0.95 },
      .n_rows = 200000,
      .n = 200000,
      .reads = TRUE,
      .corm = select_all,
      .by_hand = select_by_hand,
  });
}
