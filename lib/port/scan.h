/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading one side of a comparison: canonical rows, each with the hash of its key, of the part of the table that is compared. */
#pragma once

#include "port/canonical.h"
#include "port/sides.h"
#include "port/source.h"

/* Which rows of a table are compared: of both sides the same. */
typedef struct {
  GArray *spans; /* CormSpan, of an integer key; NULL: all */
  guint64 below; /* rows whose key's hash is below it; 0: all */
} CormExtent;

/* What verify->options ask for, of @pair. Errors: INVALID, where keys are asked for and the table has no integer one. */
gboolean corm_extent_init (CormExtent *extent, const CormVerify *verify, const CormPair *pair,
                           GError **error);
void corm_extent_clear (CormExtent *extent);

typedef struct {
  guint64 key;             /* corm_hash_key () of the canonical cells */
  gboolean keyless;        /* not corm_hash_has_key () */
  const CormValue *values; /* canonical, n_columns of the pair */
  guint64 number;          /* of the row, from 1 */
} CormScanRow;

typedef void (*CormScanFunc) (const CormScanRow *row, gpointer data);

/* Gives each row to @visit, with @source or @target: both sides at once, the source in a thread of its own. Rows of the source
 * that do not fit are left out where verify says so. */
gboolean corm_scan_both (CormVerify *verify, const CormPair *pair, const CormExtent *extent,
                         CormScanFunc visit, gpointer source, gpointer target, GError **error);
