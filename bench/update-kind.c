/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One member of 50 000 rows out of 200 000 changed by key, a statement each, in one transaction. */
#include "bench.h"

static void
update (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (bench->conn, CORM_TRANSACTION_WRITE, &error);
  BENCH_NEED (guard != NULL);
  for (gsize i = 0; i < bench->n; i++)
    BENCH_NEED (corm_update (Reading, bench->conn, &bench->rows[bench->keys[i] - 1], &error, kind));
  BENCH_NEED (corm_transaction_commit (guard, &error));
}

static void
update_by_hand (Bench *bench)
{
  bench->floor->update_kind (bench->native, bench->rows, bench->keys, bench->n);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "update-kind",
      .marks = { 1.15, 1.08, 1.10 },
      .n_rows = 200000,
      .n = 50000,
      .corm = update,
      .by_hand = update_by_hand,
  });
}
