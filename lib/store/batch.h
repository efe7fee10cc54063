/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Many rows of one table in as few statements as the database takes: what a session's flush is made of. The rows may lie
 * anywhere. Inside the caller's transaction; an error leaves it to the caller to roll back. */
#pragma once

#include "engine/connection.h"
#include "model/mapping.h"

typedef struct {
  CormConnection *conn;
  const CormMapping *mapping;
  gpointer *rows;
  guint n_rows;
  gboolean single; /* a statement for each row, so that an error is one row's */
  guint failed;    /* behind an error: the row's position; n_rows: not known */
  gboolean unsure; /* behind an error: no row is to blame, but keys that the database made are not known */
} CormBatch;

/* Keys and defaults that the database made, and what roles wrote, come back into the rows, as in corm_insert_row(). */
gboolean corm_batch_insert (CormBatch *batch, GError **error);
/* Sets @fields (positions in the mapping) of each row; of row i only those whose bit is in masks[i], NULL: all. What roles
 * write goes with it and comes back. @plain: nothing but @fields is touched, and the version is not asked for.
 * Errors: STALE and NOT_FOUND beside those of an update. */
gboolean corm_batch_update (CormBatch *batch, const guint *fields, guint n_fields, const guint64 *masks,
                            gboolean plain, GError **error);
/* Marks rows as deleted where the model has a column for that, else deletes them. */
gboolean corm_batch_delete (CormBatch *batch, GError **error);
