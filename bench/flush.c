/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* 200 000 new rows through a session, which sends them together; the keys come back. The floor inserts one at a time. */
#include "bench.h"

static void
flush (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CormSession) session = corm_session_new (bench->conn);
  for (gsize i = 0; i < bench->n; i++)
    BENCH_NEED (corm_session_add (Reading, session, &bench->rows[i], &error));
  BENCH_NEED (corm_session_commit (session, &error));
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
      .name = "flush",
      .marks = { 1.10, 0.35, 0.35 },
      .n_rows = 200000,
      .n = 200000,
      .loads = TRUE,
      .no_ids = TRUE,
      .corm = flush,
      .by_hand = insert_by_hand,
  });
}
