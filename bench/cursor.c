/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 200 000 rows one after the other, every member looked at, none kept: the floor reads each column where the client
 * library has it. */
#include "bench.h"

static void
walk (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormCursor) cursor = corm_cursor (Reading, bench->conn, &error, .limit = 0);
  BENCH_NEED (cursor != NULL);
  for (const Reading *row; (row = corm_next (Reading, cursor, &error)) != NULL;)
    bench->sum += bench_read (row);
  BENCH_NEED (error == NULL);
}

static void
walk_by_hand (Bench *bench)
{
  bench->sum = bench->floor->cursor (bench->native);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "cursor",
      .marks = { 1.15, 1.10, 1.15 },
      .n_rows = 200000,
      .n = 200000,
      .reads = TRUE,
      .corm = walk,
      .by_hand = walk_by_hand,
  });
}
