/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Updates and deletes of many rows. Rows are added to a statement until it has as many parameters or bytes as one should
 * have, then it is rendered for just that many and sent. */
#include "store/batch.h"

#include "base/error.h"
#include "store/chunk.h"
#include "store/plan.h"
#include "store/stamp.h"

#include <corm/store.h>

/* What an update or delete sends. */
typedef struct {
  CormBatch *batch;
  CormStamp stamp;
  CormBatchShape shape;
  const guint64 *masks;
  gboolean is_delete;
  gboolean plain;
} Change;

static gboolean
add_value (Change *change, CormChunk *chunk, guint field, gconstpointer row, GError **error)
{
  CormValue value;
  const CormMapping *mapping = change->batch->mapping;
  if (change->plain ? !corm_field_get (mapping, &mapping->fields[field], row, &value, error)
                    : !corm_stamp_get (&change->stamp, mapping, field, row, &value, error))
    return FALSE;
  corm_chunk_add (chunk, &value);
  return TRUE;
}

/* The values of row @i: key, version, fields, mask. */
static gboolean
add_row (Change *change, CormChunk *chunk, guint i, GError **error)
{
  const CormBatchShape *shape = &change->shape;
  const CormMapping *mapping = shape->mapping;
  gconstpointer row = change->batch->rows[i];
  for (guint k = 0; k < mapping->n_keys; k++)
    if (!add_value (change, chunk, mapping->keys[k], row, error))
      return FALSE;
  if ((shape->match & CORM_MATCH_VERSION) != 0 &&
      (!corm_stamp_check_version (mapping, row, error) ||
       !add_value (change, chunk, (guint) mapping->roles[CORM_ROLE_VERSION], row, error)))
    return FALSE;
  for (guint f = 0; f < shape->n_fields; f++)
    if (!add_value (change, chunk, shape->fields[f], row, error))
      return FALSE;
  if (shape->has_mask) {
    CormValue mask = corm_value_int ((gint64) change->masks[i]);
    corm_chunk_add (chunk, &mask);
  }
  return TRUE;
}

/* Some rows were not hit. In a statement for one row it is known which. */
static gboolean
missed (Change *change, guint first, guint n, guint64 n_changed, GError **error)
{
  CormBatch *batch = change->batch;
  if (n == 1) {
    batch->failed = first;
    return corm_write_missed (batch->conn, batch->mapping, change->shape.match, batch->rows[first], error);
  }
  g_set_error (error, CORM_ERROR, CORM_ERROR_STALE,
               "%" G_GUINT64_FORMAT " of %u rows are no longer as they were read", n - n_changed, n);
  return FALSE;
}

/* Sends rows from *@next on, as many as go into a statement. */
static gboolean
send_some (Change *change, guint *next, GError **error)
{
  CormBatch *batch = change->batch;
  CormBatchShape *shape = &change->shape;
  guint first = *next;
  guint64 n_changed = 0;
  g_auto (CormChunk) chunk = { 0 };
  corm_chunk_init (&chunk, batch->conn, corm_batch_shape_width (shape), batch->single);
  for (; *next < batch->n_rows && corm_chunk_has_room (&chunk); ++*next) {
    if (!add_row (change, &chunk, *next, error)) {
      batch->failed = *next;
      return FALSE;
    }
    chunk.n_rows++;
  }
  shape->n_rows = chunk.n_rows;
  if (shape->mapping->roles[CORM_ROLE_TENANT] >= 0)
    corm_chunk_add (&chunk, &change->stamp.tenant);
  if (change->is_delete)
    corm_render_delete_rows (chunk.sql, shape);
  else
    corm_render_update_rows (chunk.sql, shape);
  if (!corm_chunk_send (&chunk, NULL, NULL, &n_changed, error)) {
    batch->failed = chunk.failed < chunk.n_rows ? first + chunk.failed
                    : chunk.n_rows == 1         ? first
                                                : batch->failed;
    return FALSE;
  }
  if (n_changed != chunk.n_rows)
    return missed (change, first, chunk.n_rows, n_changed, error);
  for (guint i = first; i < *next && !change->plain && !change->is_delete; i++)
    corm_stamp_write_back (&change->stamp, batch->mapping, batch->rows[i]);
  return TRUE;
}

static gboolean
send_all (Change *change, GError **error)
{
  CormBatch *batch = change->batch;
  batch->failed = batch->n_rows;
  for (guint next = 0; next < batch->n_rows;)
    if (!send_some (change, &next, error))
      return FALSE;
  return TRUE;
}

static guint
match_of (const CormMapping *mapping)
{
  return (mapping->roles[CORM_ROLE_VERSION] >= 0 ? CORM_MATCH_VERSION : 0) |
         (mapping->roles[CORM_ROLE_DELETED_AT] >= 0 ? CORM_MATCH_LIVE : 0);
}

/* Where the database has no way of doing many at once, or needs longer for it. */
static gboolean
update_each (CormBatch *batch, const guint *fields, guint n_fields, const guint64 *masks, GError **error)
{
  g_autofree gsize *members = g_new (gsize, n_fields + 1);
  for (guint i = 0; i < batch->n_rows; i++) {
    guint n = 0;
    for (guint f = 0; f < n_fields; f++) {
      const CormField *field = &batch->mapping->fields[fields[f]];
      if ((masks == NULL || (masks[i] >> f & 1) != 0) && field->column->role != CORM_ROLE_UPDATED_AT)
        members[n++] = field->column->offset;
    }
    members[n] = G_MAXSIZE;
    batch->failed = i;
    if (n > 0 && !corm_update_row (batch->mapping->model, batch->conn, batch->rows[i], members, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_alike (const guint64 *masks, guint n_rows, guint n_fields)
{
  guint64 all = n_fields < 64 ? (G_GUINT64_CONSTANT (1) << n_fields) - 1 : G_MAXUINT64;
  for (guint i = 0; masks != NULL && i < n_rows; i++)
    if (masks[i] != all)
      return FALSE;
  return TRUE;
}

gboolean
corm_batch_update (CormBatch *batch, const guint *fields, guint n_fields, const guint64 *masks,
                   gboolean plain, GError **error)
{
  const CormMapping *mapping = batch->mapping;
  Change change = { .batch = batch, .masks = masks, .plain = plain };
  const CormDriver *driver = corm_connection_get_driver (batch->conn);
  if (driver->dialect->batch == CORM_BATCH_NONE || (driver->one_by_one && !plain))
    return update_each (batch, fields, n_fields, masks, error);
  if (!corm_stamp_init (&change.stamp, CORM_STAMP_UPDATE, batch->conn, mapping, error))
    return FALSE;
  change.shape = (CormBatchShape){
    .mapping = mapping,
    .fields = fields,
    .n_fields = n_fields,
    .match = plain ? 0 : match_of (mapping),
    .counts = !plain,
    .has_mask = !is_alike (masks, batch->n_rows, n_fields),
  };
  for (guint f = 0; f < n_fields && !plain; f++)
    if (mapping->fields[fields[f]].column->role == CORM_ROLE_DELETED_AT)
      change.shape.match &= ~(guint) CORM_MATCH_LIVE;
  return send_all (&change, error);
}

static gboolean
delete_each (CormBatch *batch, GError **error)
{
  for (guint i = 0; i < batch->n_rows; i++) {
    batch->failed = i;
    if (!corm_delete_row (batch->mapping->model, batch->conn, batch->rows[i], error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_batch_delete (CormBatch *batch, GError **error)
{
  const CormMapping *mapping = batch->mapping;
  gboolean mark = mapping->roles[CORM_ROLE_DELETED_AT] >= 0;
  guint fields[2], n_fields = 0;
  Change change = { .batch = batch, .is_delete = !mark };
  if (corm_connection_get_dialect (batch->conn)->batch == CORM_BATCH_NONE)
    return delete_each (batch, error);
  if (!corm_stamp_init (&change.stamp, CORM_STAMP_MARK, batch->conn, mapping, error))
    return FALSE;
  if (mark)
    fields[n_fields++] = (guint) mapping->roles[CORM_ROLE_DELETED_AT];
  if (mark && mapping->roles[CORM_ROLE_UPDATED_AT] >= 0)
    fields[n_fields++] = (guint) mapping->roles[CORM_ROLE_UPDATED_AT];
  change.shape = (CormBatchShape){
    .mapping = mapping,
    .fields = fields,
    .n_fields = n_fields,
    .match = match_of (mapping),
    .counts = mark,
  };
  return send_all (&change, error);
}
