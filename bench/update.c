/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 50 000 rows out of 200 000 changed by key, all members of each, in one transaction. */
#include "bench.h"

static void
update (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (bench->conn, CORM_TRANSACTION_WRITE, &error);
  BENCH_NEED (guard != NULL);
  for (gsize i = 0; i < bench->n; i++)
    BENCH_NEED (reading_update (bench->conn, &bench->rows[bench->keys[i] - 1], &error));
  BENCH_NEED (corm_transaction_commit (guard, &error));
}

static void
update_by_hand (Bench *bench)
{
  bench->floor->update (bench->native, bench->rows, bench->keys, bench->n);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "update",
      .marks = { 1.5, 1.5, 1.5 },
      .n_rows = 200000,
      .n = 50000,
      .corm = update,
      .by_hand = update_by_hand,
  });
}
