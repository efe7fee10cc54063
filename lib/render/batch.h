/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Writes of many rows of one table in one statement. Placeholders only, row by row, as in the writes of one row. */
#pragma once

#include "render/sql.h"

/* Which columns a batch sends. A row of an update or delete is: the key, the version where it is matched, the fields, and
 * with a mask an integer whose bit i says that fields[i] is to be set. */
typedef struct {
  const CormMapping *mapping;
  const guint *fields;
  guint n_fields;
  guint match; /* CormMatch, beside the key */
  gboolean has_mask;
  gboolean counts; /* the version goes up */
  guint n_rows;
} CormBatchShape;

/* Values of one row of an update or delete. */
static inline guint
corm_batch_shape_width (const CormBatchShape *shape)
{
  return shape->mapping->n_keys + ((shape->match & CORM_MATCH_VERSION) != 0 ? 1 : 0) + shape->n_fields +
         (shape->has_mask ? 1 : 0);
}

/* The shape's key and match are not used. */
void corm_render_insert_rows (CormSql *sql, const CormBatchShape *shape, const guint *returning,
                              guint n_returning);
/* Behind the rows comes the tenant, where the model has one. Both want a dialect with a way of doing so: not CORM_BATCH_NONE. */
void corm_render_update_rows (CormSql *sql, const CormBatchShape *shape);
void corm_render_delete_rows (CormSql *sql, const CormBatchShape *shape);
