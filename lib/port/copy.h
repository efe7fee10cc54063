/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The rows of one range, from a streaming read to a bulk load, one row in memory. */
#pragma once

#include "port/crew.h"
#include "port/ledger.h"
#include "port/meter.h"
#include "port/reject.h"

typedef struct {
  CormCrew *crew;
  CormMeter *meter;
  CormRejects *rejects; /* NULL: the first value that does not fit stops */
  guint64 batch; /* rows of one transaction with its checkpoint; 0: all within the caller's, without one */
} CormCopy;

/* From where @step has come to, to the end of its range; @step counts. Errors: CONVERSION and NOT_NULL with table, key,
 * column, value and reason; CANCELLED when the crew was stopped; those of the databases. */
gboolean corm_copy_range (const CormCopy *copy, CormHand *hand, const CormPair *pair, guint64 rows_total,
                          CormPortStep *step, GError **error);
