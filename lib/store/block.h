/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many new rows into a database that runs in this process, where beginning a statement costs as much as a row: blocks of a fixed
 * number of rows, by one statement that is prepared once. Nothing comes back from it: the keys follow the first row's, which is
 * inserted alone, and each block proves that no trigger came between. */
#pragma once

#include "render/batch.h"
#include "store/batch.h"
#include "store/stamp.h"

typedef struct {
  CormBatch *batch;
  const CormStamp *stamp;
  const CormBatchShape *shape; /* the fields that are sent */
  const GArray *members;       /* guint: the rows' positions in the batch */
  gboolean counted;            /* the key is the database's, and is to come back */
} CormBlock;

/* Whether rows of this shape, so many of them, are better sent so. */
gboolean corm_block_is_worth (const CormBlock *block);
/* Inserts the members from @first on one by one. */
gboolean corm_block_insert_each (const CormBlock *block, guint first, GError **error);
/* Inserts all members. An error behind which batch->unsure is set says nothing of the rows, but that their keys are not known: the
 * caller rolls back and sends them one by one. */
gboolean corm_block_insert (const CormBlock *block, GError **error);
