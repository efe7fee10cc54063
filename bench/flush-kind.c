/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One member of 50 000 rows out of 200 000 changed in memory and written by a session, which has read all of them before its
 * time begins. The floor sends a statement for each. */
#include "bench.h"

typedef struct {
  CormSession *session;
  CormRows *rows;
} Unit;

static void
begin (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  Unit *unit = g_new0 (Unit, 1);
  unit->session = corm_session_new (bench->conn);
  unit->rows =
      corm_session_find (Reading, unit->session, &error, .order = CORM_ORDER (CORM_ASC (Reading, id)));
  BENCH_NEED (unit->rows != NULL && corm_rows_get_length (unit->rows) == bench->n_rows);
  bench->own = unit;
}

static void
flush (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  const Unit *unit = bench->own;
  for (gsize i = 0; i < bench->n; i++) {
    gsize at = (gsize) bench->keys[i] - 1;
    ((Reading *) corm_rows_get (unit->rows, at))->kind = bench->rows[at].kind;
  }
  BENCH_NEED (corm_session_commit (unit->session, &error));
}

static void
end (Bench *bench)
{
  Unit *unit = bench->own;
  corm_rows_free (unit->rows);
  corm_session_free (unit->session);
  g_free (unit);
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
      .name = "flush-kind",
      .marks = { 1.15, 0.40, 0.40 },
      .n_rows = 200000,
      .n = 50000,
      .begin = begin,
      .corm = flush,
      .end = end,
      .by_hand = update_by_hand,
  });
}
