/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See flow.h. A lot goes under a savepoint. One that the target refuses is undone and sent again by halves, in the same
 * order, until the row that is refused stands alone: so the target itself says which row it is, by its own idea of equal. */
#include "port/flow.h"

#include "base/error.h"
#include "port/refusal.h"
#include "value/check.h"

#ifdef CORM_TINY
enum { LOT_ROWS = 3, LOT_BYTES = 256 };
#else
enum { LOT_ROWS = 5000, LOT_BYTES = 4 << 20 };
#endif

typedef struct {
  guint64 number;
  gboolean is_gone; /* rejected */
  CormValue values[];
} CormLotRow;

CormLot *
corm_lot_new (void)
{
  CormLot *lot = g_new0 (CormLot, 1);
  lot->arena = corm_arena_new ();
  lot->rows = g_ptr_array_new ();
  return lot;
}

void
corm_lot_free (CormLot *lot)
{
  corm_arena_free (lot->arena);
  g_ptr_array_unref (lot->rows);
  g_free (lot);
}

gboolean
corm_lot_is_full (const CormLot *lot)
{
  return lot->rows->len >= LOT_ROWS || lot->bytes >= LOT_BYTES;
}

void
corm_lot_add (CormLot *lot, const CormValue *row, guint n, gsize size, guint64 number)
{
  CormLotRow *kept = corm_arena_alloc (lot->arena, sizeof *kept + n * sizeof *row);
  kept->number = number;
  for (guint i = 0; i < n; i++) {
    kept->values[i] = row[i];
    if (!row[i].is_null && corm_type_has_data (row[i].type))
      kept->values[i].data = corm_arena_copy (lot->arena, row[i].data, row[i].size);
  }
  g_ptr_array_add (lot->rows, kept);
  lot->bytes += size;
}

/* FALSE: nothing of it is there. */
static gboolean
send_part (CormFlow *flow, guint first, guint n, GError **error)
{
  gboolean fits;
  g_autoptr (CormTransaction) savepoint =
      corm_transaction_begin (flow->hand->to, CORM_TRANSACTION_DEFAULT, error);
  g_autoptr (CormBulk) bulk = savepoint != NULL ? corm_flow_open_bulk (flow, error) : NULL;
  if (bulk == NULL)
    return FALSE;
  for (guint i = first; i < first + n; i++) {
    CormLotRow *row = g_ptr_array_index (flow->lot->rows, i);
    if (row->is_gone)
      continue;
    if (!corm_flow_send (flow, bulk, row->values, row->number, &fits, error))
      return FALSE;
    row->is_gone = !fits;
  }
  return corm_bulk_end (g_steal_pointer (&bulk), NULL, error) && corm_transaction_commit (savepoint, error);
}

static gboolean
settle (CormFlow *flow, guint first, guint n, GError **error)
{
  g_autoptr (GError) why = NULL;
  CormLotRow *row = g_ptr_array_index (flow->lot->rows, first);
  if (n == 1 || !flow->lot->one_by_one) {
    if (send_part (flow, first, n, &why))
      return TRUE;
    if (flow->has_stopped || !corm_error_is_about_row (why)) {
      g_propagate_error (error, g_steal_pointer (&why));
      return FALSE;
    }
  }
  if (n > 1)
    return settle (flow, first, n / 2, error) && settle (flow, first + n / 2, n - n / 2, error);
  row->is_gone = TRUE;
  return corm_flow_refuse (flow, row->values, row->number, why, error);
}

gboolean
corm_lot_send (CormFlow *flow, GError **error)
{
  CormLot *lot = flow->lot;
  guint n = lot->rows->len;
  guint64 rejected = flow->step->rejected;
  if (n > 0 && !settle (flow, 0, n, error))
    return FALSE;
  lot->one_by_one = (flow->step->rejected - rejected) * 2 > n;
  g_ptr_array_set_size (lot->rows, 0);
  corm_arena_clear (lot->arena);
  lot->bytes = 0;
  return TRUE;
}
