/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See block.h. A block that can't prove whose key is whose ends the flush's attempt: nothing is guessed. */
#include "store/block.h"

#include "base/error.h"
#include "engine/bulk.h"
#include "engine/statement.h"

#include <corm/store.h>

gboolean
corm_block_is_worth (const CormBlock *block)
{
  const CormDriver *driver = corm_connection_get_driver (block->batch->conn);
  return !block->batch->single &&
         corm_connection_takes_blocks (block->batch->conn, block->shape->n_fields, block->members->len) &&
         (!block->counted || (driver->last_id != NULL && driver->n_writes != NULL));
}

static gpointer
row_at (const CormBlock *block, guint i)
{
  return block->batch->rows[g_array_index (block->members, guint, i)];
}

gboolean
corm_block_insert_each (const CormBlock *block, guint first, GError **error)
{
  CormBatch *batch = block->batch;
  for (guint i = first; i < block->members->len; i++) {
    batch->failed = g_array_index (block->members, guint, i);
    if (!corm_insert_row (batch->mapping->model, batch->conn, row_at (block, i), error))
      return FALSE;
  }
  return TRUE;
}

static CormStatement *
prepare (const CormBlock *block, GError **error)
{
  CormBatchShape shape = *block->shape;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (block->batch->conn));
  shape.n_rows = CORM_BLOCK_ROWS;
  corm_render_insert_rows (sql, &shape, NULL, 0);
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = spec.sql };
  return corm_statement_prepare (block->batch->conn, &key, &spec, error);
}

/* The error of a value is its row's. */
static gboolean
read_rows (const CormBlock *block, guint first, CormValue *values, GError **error)
{
  CormBatch *batch = block->batch;
  const CormBatchShape *shape = block->shape;
  for (guint i = 0; i < CORM_BLOCK_ROWS; i++)
    for (guint f = 0; f < shape->n_fields; f++)
      if (!corm_stamp_get (block->stamp, batch->mapping, shape->fields[f], row_at (block, first + i),
                           values++, error)) {
        batch->failed = g_array_index (block->members, guint, first + i);
        return FALSE;
      }
  return TRUE;
}

static gboolean
execute (const CormBlock *block, CormStatement *statement, guint first, const CormValue *values,
         GError **error)
{
  const CormValue *none;
  CormBatch *batch = block->batch;
  const CormBatchShape *shape = block->shape;
  if (corm_statement_execute (statement, values, FALSE, error))
    return corm_statement_step (statement, &none, error) != CORM_STEP_ERROR;
  guint refused = corm_connection_get_refused (batch->conn);
  if (refused == 0)
    return FALSE;
  batch->failed = g_array_index (block->members, guint, first + (refused - 1) / shape->n_fields);
  return corm_error_prefix (error, "column %s",
                            batch->mapping->fields[shape->fields[(refused - 1) % shape->n_fields]].name);
}

static gint64
last_id (const CormBlock *block)
{
  CormLink *link = corm_connection_get_link (block->batch->conn);
  return link->driver->last_id (link);
}

/* Each row was written, by the statement itself and not by a trigger; nothing else was written, which triggers' rows would be; and
 * the last row has the key that so many rows later has: so each has the key behind that of the row before. At the greatest key SQLite
 * takes any that is free. */
static gboolean
give_keys (const CormBlock *block, guint first, gint64 before, gboolean alone, GError **error)
{
  CormBatch *batch = block->batch;
  const CormMapping *mapping = batch->mapping;
  if (!alone || before > G_MAXINT64 - CORM_BLOCK_ROWS || last_id (block) != before + CORM_BLOCK_ROWS) {
    batch->unsure = TRUE;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_FAILED,
        "the keys of %d new rows can't be told: a trigger or a conflict clause changed what was written",
        CORM_BLOCK_ROWS);
    return FALSE;
  }
  for (guint i = 0; i < CORM_BLOCK_ROWS; i++) {
    CormValue key = corm_value_int (before + 1 + i);
    if (!corm_field_set (mapping, &mapping->fields[mapping->auto_key], row_at (block, first + i), &key, NULL,
                         error)) {
      batch->failed = g_array_index (block->members, guint, first + i);
      return FALSE;
    }
  }
  return TRUE;
}

/* One block, from @first on. */
static gboolean
send_block (const CormBlock *block, CormStatement *statement, guint first, CormValue *values, gint64 before,
            GError **error)
{
  guint64 written = corm_connection_get_n_writes (block->batch->conn);
  if (!read_rows (block, first, values, error) || !execute (block, statement, first, values, error))
    return FALSE;
  gboolean alone = corm_statement_get_n_changed (statement) == CORM_BLOCK_ROWS &&
                   corm_connection_get_n_writes (block->batch->conn) - written == CORM_BLOCK_ROWS;
  if (block->counted)
    return give_keys (block, first, before, alone, error);
  block->batch->unsure = corm_statement_get_n_changed (statement) != CORM_BLOCK_ROWS;
  return !block->batch->unsure || corm_statement_fail_left_out (error);
}

/* Blocks from *@next on, as long as they are full. */
static gboolean
send_blocks (const CormBlock *block, guint *next, GError **error)
{
  const CormMapping *mapping = block->batch->mapping;
  g_autofree CormValue *values = g_new (CormValue, block->shape->n_fields * CORM_BLOCK_ROWS);
  g_autoptr (CormStatement) statement = prepare (block, error);
  gint64 before = block->counted ? last_id (block) : 0;
  for (; statement != NULL && *next + CORM_BLOCK_ROWS <= block->members->len; *next += CORM_BLOCK_ROWS) {
    if (!send_block (block, statement, *next, values, before, error))
      return FALSE;
    before += CORM_BLOCK_ROWS;
    for (guint i = 0; i < CORM_BLOCK_ROWS && mapping->has_roles; i++)
      corm_stamp_write_back (block->stamp, mapping, row_at (block, *next + i));
  }
  return statement != NULL;
}

gboolean
corm_block_insert (const CormBlock *block, GError **error)
{
  guint next = 0;
  CormBatch *batch = block->batch;
  guint64 written = corm_connection_get_n_writes (block->batch->conn);
  if (block->counted) {
    batch->failed = g_array_index (block->members, guint, next);
    if (!corm_insert_row (batch->mapping->model, batch->conn, row_at (block, next++), error))
      return FALSE;
    if (corm_connection_get_n_writes (block->batch->conn) - written !=
        1) /* a trigger writes at each of them */
      return corm_block_insert_each (block, next, error);
  }
  batch->failed = batch->n_rows;
  return send_blocks (block, &next, error) && corm_block_insert_each (block, next, error);
}
