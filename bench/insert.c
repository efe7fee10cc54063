/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 200 000 rows, one object at a time, in one transaction; the keys come back. */
#include "bench.h"

static void
insert (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (bench->conn, CORM_TRANSACTION_WRITE, &error);
  BENCH_NEED (guard != NULL);
  for (gsize i = 0; i < bench->n; i++)
    BENCH_NEED (reading_insert (bench->conn, &bench->rows[i], &error));
  BENCH_NEED (corm_transaction_commit (guard, &error));
}

static void
insert_by_hand (Bench *bench)
{
  bench->floor->insert (bench->native, bench->rows, bench->n);
}

int
main (void)
{
  return bench_main (&(BenchFigure){
      .name = "insert",
      .marks = { 1.15, 1.10, 1.15 },
      .n_rows = 200000,
      .n = 200000,
      .loads = TRUE,
      .no_ids = TRUE,
      .corm = insert,
      .by_hand = insert_by_hand,
  });
}
