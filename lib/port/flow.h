/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A range of rows on its way, and the lot of them that is kept until a table that is there has taken it. */
#pragma once

#include "base/arena.h"
#include "engine/bulk.h"
#include "port/cell.h"
#include "port/crew.h"
#include "port/ledger.h"
#include "port/meter.h"
#include "port/reject.h"
#include "port/walk.h"

typedef struct {
  CormCrew *crew;
  CormMeter *meter;
  CormRejects *rejects; /* NULL: the first value that does not fit stops */
  gboolean lots; /* rows are kept until the target, which has rows and keys, has taken them; batch is 0 */
  gboolean
      ahead; /* rows may refer to rows behind them: a key that refers to nothing is no reason to reject one */
  guint64 batch;   /* rows of one transaction with its checkpoint; 0: all within the caller's, without one */
  GArray *refused; /* guint64: takes the key hashes of rows that the target refuses; NULL: nobody asks */
} CormCopy;

/* Rows of the source as they were read, for as long as the target may refuse one of them. */
typedef struct {
  CormArena *arena;
  GPtrArray *rows;     /* CormLotRow, in the arena */
  gsize bytes;         /* of their values */
  gboolean one_by_one; /* most of the last lot were refused */
} CormLot;

typedef struct {
  const CormCopy *copy;
  CormHand *hand;
  const CormPair *pair;
  CormPortStep *step;
  guint64 rows_total;
  CormWalk walk;
  CormCells *cells;
  CormValue *values;
  CormTransaction *write; /* of the batch */
  CormBulk *bulk;
  CormLot *lot;                    /* NULL: each row is sent as it comes */
  gboolean has_stopped;            /* the error names the row already */
  GPtrArray *lines;                /* of rows that were rejected in this batch */
  guint64 batch_rows, batch_bytes; /* since it began */
  guint64 told_rows, told_bytes;   /* by the step's counts */
} CormFlow;

CormBulk *corm_flow_open_bulk (CormFlow *flow, GError **error);
/* Row @number, in flow->values and on its way; FALSE for *@fits: it was rejected. */
gboolean corm_flow_send (CormFlow *flow, CormBulk *bulk, const CormValue *row, guint64 number, gboolean *fits,
                         GError **error);

CormLot *corm_lot_new (void);
void corm_lot_free (CormLot *lot);
gboolean corm_lot_is_full (const CormLot *lot);
/* @n values of row @number, copied. */
void corm_lot_add (CormLot *lot, const CormValue *row, guint n, gsize size, guint64 number);
/* All of them, and the lot is empty again. A row that the target refuses is rejected; without a reject file it is named in
 * the error, and so is one that refers to rows which may come behind it. */
gboolean corm_lot_send (CormFlow *flow, GError **error);
