/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See copy.h. A row arrives whole or not at all: all its cells are converted before the first is sent. A batch
 * commits together with the place that the reading has come to, and with the rows that were rejected on the way. */
#include "port/copy.h"

#include "base/error.h"
#include "port/refusal.h"
#include "port/source.h"
#include "value/check.h"

#define ROWS_PER_PROGRESS 1024
#define LINES_PER_BATCH 1000
#ifdef CORM_TINY
#define BYTES_PER_BATCH 512
#else
#define BYTES_PER_BATCH (32 << 20)
#endif

static void
flow_clear (CormFlow *flow)
{
  g_clear_pointer (&flow->bulk, corm_bulk_free);
  g_clear_pointer (&flow->write, corm_transaction_free);
  g_clear_pointer (&flow->lines, g_ptr_array_unref);
  g_clear_pointer (&flow->lot, corm_lot_free);
  corm_cells_free (flow->cells);
  g_free (flow->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormFlow, flow_clear)

/* Either among the rejects, or into the error that stops the port. */
static gboolean
misfit (CormFlow *flow, const CormValue *row, guint64 number, guint column, GError *why, GError **error)
{
  const CormPair *pair = flow->pair;
  if (flow->copy->rejects != NULL) {
    flow->step->rejected++;
    g_ptr_array_add (flow->lines,
                     corm_reject_new (corm_reject_line (pair, row, column, number, why->message)));
    return TRUE;
  }
  flow->has_stopped = TRUE;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *key = corm_cell_key_text (pair, row, number);
  if (row[column].is_null)
    g_string_append (text, "NULL");
  else
    corm_value_append_text (&row[column], text);
  g_autofree char *value =
      row[column].is_null ? g_strdup ("NULL") : corm_error_quote (text->str, (gssize) text->len);
  g_set_error (
      error, why->domain, why->code,
      "%s, %s, column %s: the value %s does not fit %s: %s; mend it in the source, or pass a reject file",
      pair->source->name, key, pair->source_columns[column]->name, value,
      corm_type_name (pair->target_columns[column]->type.type), why->message);
  return FALSE;
}

/* *@fits: whether the row is in flow->values now. */
static gboolean
convert_row (CormFlow *flow, const CormValue *row, guint64 number, gboolean *fits, GError **error)
{
  *fits = TRUE;
  for (guint i = 0; i < flow->pair->n_columns; i++) {
    g_autoptr (GError) why = NULL;
    if (corm_cell_move (flow->pair, i, &row[i], flow->cells->texts[i], &flow->values[i], &why))
      continue;
    *fits = FALSE;
    return misfit (flow, row, number, i, why, error);
  }
  return TRUE;
}

/* SQLite runs a statement a row, so that its refusal is about this one: other databases may mean one before it. */
static gboolean
looks_at_once (const CormFlow *flow)
{
  guint64 caps = corm_connection_get_dialect (flow->hand->to)->caps;
  return flow->copy->batch > 0 && (caps & CORM_CAP_ALTER_ADD_CONSTRAINT) == 0;
}

/* What the target's driver refuses before it sends the row is a misfit too: a NaN where the database has none. */
gboolean
corm_flow_send (CormFlow *flow, CormBulk *bulk, const CormValue *row, guint64 number, gboolean *fits,
                GError **error)
{
  g_autoptr (GError) why = NULL;
  if (!convert_row (flow, row, number, fits, error))
    return FALSE;
  if (!*fits || corm_bulk_row (bulk, flow->values, &why))
    return TRUE;
  guint refused = corm_connection_get_refused (flow->hand->to);
  *fits = FALSE;
  if (refused > 0)
    return misfit (flow, row, number, refused - 1, why, error);
  if (looks_at_once (flow) && corm_refusal_is (why))
    return corm_flow_refuse (flow, row, number, why, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/* --- batches -------------------------------------------------------------------------------------------------- */

CormBulk *
corm_flow_open_bulk (CormFlow *flow, GError **error)
{
  const CormPair *pair = flow->pair;
  g_autofree const char **names = g_new0 (const char *, pair->n_columns + 1);
  g_autofree CormSqlType *types = g_new0 (CormSqlType, pair->n_columns + 1);
  for (guint i = 0; i < pair->n_columns; i++) {
    names[i] = pair->target_columns[i]->name;
    types[i] = pair->target_columns[i]->type;
    if (types[i].type == CORM_TYPE_NONE && !corm_column_is_bare (pair->target_columns[i]))
      types[i].type = CORM_TYPE_RAW; /* a word that is no type may still change a number there */
  }
  return corm_bulk_begin (flow->hand->to, pair->target->name, names, types, pair->n_columns, error);
}

static gboolean
begin_batch (CormFlow *flow, GError **error)
{
  flow->batch_rows = flow->batch_bytes = 0;
  if (flow->copy->batch > 0) {
    flow->write = corm_transaction_begin (flow->hand->to, CORM_TRANSACTION_WRITE, error);
    if (flow->write == NULL)
      return FALSE;
  }
  if (flow->lot != NULL)
    return TRUE;
  flow->bulk = corm_flow_open_bulk (flow, error);
  return flow->bulk != NULL;
}

static gboolean
save_lines (CormFlow *flow, GError **error)
{
  guint n = flow->lines->len;
  for (guint i = 0; i < n; i++) {
    const CormReject *reject = g_ptr_array_index (flow->lines, i);
    if (!(flow->copy->batch > 0 ? corm_ledger_reject (flow->hand->to, flow->step, reject, error)
                                : corm_rejects_write (flow->copy->rejects, reject->line, error)))
      return FALSE;
  }
  g_ptr_array_set_size (flow->lines, 0);
  return TRUE;
}

/* @row: the last one that was read; NULL: there are no more. What is too many is said when it has been written down. */
static gboolean
end_batch (CormFlow *flow, const CormValue *row, GError **error)
{
  if (!(flow->lot != NULL ? corm_lot_send (flow, error)
                          : corm_bulk_end (g_steal_pointer (&flow->bulk), NULL, error)))
    return FALSE;
  guint64 n_lines = flow->lines->len;
  if (!save_lines (flow, error))
    return FALSE;
  if (flow->copy->batch > 0) {
    g_free (flow->step->last);
    flow->step->last = row != NULL ? corm_walk_key (&flow->walk, row) : NULL;
    flow->step->state = row != NULL ? CORM_STEP_RUNNING : CORM_STEP_FINISHED;
    if (!corm_ledger_save (flow->hand->to, flow->step, error) ||
        !corm_transaction_commit (flow->write, error))
      return FALSE;
    g_clear_pointer (&flow->write, corm_transaction_free);
  }
  return flow->copy->rejects == NULL || corm_rejects_count (flow->copy->rejects, n_lines, error);
}

static void
tell (CormFlow *flow)
{
  const CormPortStep *step = flow->step;
  corm_meter_tell (flow->copy->meter, CORM_PORT_ROWS, flow->pair->source->name, step->rows, flow->rows_total,
                   step->rows - flow->told_rows, step->bytes - flow->told_bytes);
  flow->told_rows = step->rows;
  flow->told_bytes = step->bytes;
}

static guint64
size_of (const CormValue *row, guint n)
{
  guint64 size = 0;
  for (guint i = 0; i < n; i++)
    size += row[i].is_null ? 1 : corm_type_has_data (row[i].type) ? row[i].size : 8;
  return size;
}

/* A walk without a key can't be taken up in its middle. */
static gboolean
is_full (const CormFlow *flow)
{
  const CormCopy *copy = flow->copy;
  if (flow->lot != NULL)
    return corm_lot_is_full (flow->lot);
  return copy->batch > 0 && flow->walk.kind != CORM_WALK_ONCE &&
         (flow->batch_rows >= copy->batch || flow->batch_bytes >= BYTES_PER_BATCH ||
          flow->lines->len >= LINES_PER_BATCH);
}

static gboolean
take (CormFlow *flow, const CormValue *row, GError **error)
{
  gboolean fits;
  guint n = flow->pair->n_columns;
  guint64 size = size_of (row, n);
  flow->step->rows++;
  flow->step->bytes += size;
  flow->batch_rows++;
  flow->batch_bytes += size;
  guint64 number = corm_walk_number (&flow->walk, row, flow->step->rows);
  if (flow->lot != NULL)
    corm_lot_add (flow->lot, row, n, size, number);
  else if (!corm_flow_send (flow, flow->bulk, row, number, &fits, error))
    return FALSE;
  return !is_full (flow) || (end_batch (flow, row, error) && begin_batch (flow, error));
}

static gboolean
pump (CormFlow *flow, CormStatement *statement, GError **error)
{
  CormStep step;
  const CormValue *row = NULL;
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW) {
    if (!take (flow, row, error))
      return FALSE;
    if (flow->step->rows % ROWS_PER_PROGRESS != 0)
      continue;
    tell (flow);
    if (!corm_crew_is_stopped (flow->copy->crew))
      continue;
    g_set_error (error, CORM_ERROR, CORM_ERROR_CANCELLED, "another table has stopped the port");
    return FALSE;
  }
  return step == CORM_STEP_DONE;
}

static gboolean
copy_all (CormFlow *flow, GError **error)
{
  const char *begins = flow->step->last != NULL ? flow->step->last : flow->step->after;
  g_autoptr (CormKeyValues) after = begins != NULL ? corm_key_values_parse (begins, error) : NULL;
  if (begins != NULL && after == NULL)
    return FALSE;
  g_autoptr (CormKeyValues) until =
      flow->step->until != NULL ? corm_key_values_parse (flow->step->until, error) : NULL;
  if (flow->step->until != NULL && until == NULL)
    return FALSE;
  g_autoptr (CormStatement) statement = corm_source_walk (flow->hand->from, &flow->walk, after, until, error);
  return statement != NULL && begin_batch (flow, error) && pump (flow, statement, error) &&
         end_batch (flow, NULL, error);
}

gboolean
corm_copy_range (const CormCopy *copy, CormHand *hand, const CormPair *pair, guint64 rows_total,
                 CormPortStep *step, GError **error)
{
  g_auto (CormFlow) flow = {
    .copy = copy,
    .hand = hand,
    .pair = pair,
    .step = step,
    .rows_total = rows_total,
    .told_rows = step->rows,
    .told_bytes = step->bytes,
    .lines = g_ptr_array_new_with_free_func (corm_reject_free),
    .lot = copy->lots ? corm_lot_new () : NULL,
    .cells = corm_cells_new (pair->n_columns),
    .values = g_new0 (CormValue, pair->n_columns + 1),
  };
  corm_walk_init (&flow.walk, pair, corm_connection_get_dialect (hand->from));
  if (!copy_all (&flow, error))
    return corm_error_prefix (error, "port %s", pair->source->name);
  tell (&flow);
  return TRUE;
}
