/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row in the form that two databases share, for hashing and comparing: each cell as the target's column holds it; one
 * that does not convert stays as it is, and so never equals anything the target can hold. */
#pragma once

#include "port/cell.h"

typedef struct {
  const CormPair *pair;
  gboolean of_target; /* its values are what they are: no conversions */
  CormCells *cells;
  CormValue *values; /* n_columns of the pair */
  gboolean fits;     /* the last row: every cell converted */
} CormCanonical;

CormCanonical *corm_canonical_new (const CormPair *pair, gboolean of_target);
void corm_canonical_free (CormCanonical *canonical);
/* Borrows from @row and from itself until the next call. */
const CormValue *corm_canonical_row (CormCanonical *canonical, const CormValue *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormCanonical, corm_canonical_free)
