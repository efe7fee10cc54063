/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See copy.h. A row arrives whole or not at all: all its cells are converted before the first is sent. */
#include "port/copy.h"

#include "base/error.h"
#include "engine/bulk.h"
#include "port/cell.h"
#include "port/source.h"

#define ROWS_PER_PROGRESS 1024

typedef struct {
  CormCopy *copy;
  const CormPair *pair;
  CormTableReport *report;
  CormCells *cells;
  CormValue *values;
  guint64 number; /* of the row in the source, from 1 */
} Flow;

static void
flow_clear (Flow *flow)
{
  corm_cells_free (flow->cells);
  g_free (flow->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flow, flow_clear)

/* Either into the reject file, or into the error that stops the port. */
static gboolean
misfit (Flow *flow, const CormValue *row, guint column, GError *why, GError **error)
{
  const CormPair *pair = flow->pair;
  if (flow->copy->rejects != NULL) {
    flow->report->rejected++;
    return corm_rejects_add (flow->copy->rejects, pair, row, column, flow->number, why->message, error);
  }
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *key = corm_cell_key_text (pair, row, flow->number);
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
convert_row (Flow *flow, const CormValue *row, gboolean *fits, GError **error)
{
  *fits = TRUE;
  for (guint i = 0; i < flow->pair->n_columns; i++) {
    g_autoptr (GError) why = NULL;
    if (corm_cell_convert (&row[i], flow->pair->target_columns[i], flow->cells->texts[i], &flow->values[i],
                           &why))
      continue;
    *fits = FALSE;
    return misfit (flow, row, i, why, error);
  }
  return TRUE;
}

/* What the target's driver refuses before it sends the row is a misfit too: a NaN where the database has none. */
static gboolean
load_row (Flow *flow, CormBulk *bulk, const CormValue *row, GError **error)
{
  g_autoptr (GError) why = NULL;
  if (corm_bulk_row (bulk, flow->values, &why))
    return TRUE;
  guint refused = corm_connection_get_refused (flow->copy->target);
  if (refused > 0)
    return misfit (flow, row, refused - 1, why, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

static void
tell (Flow *flow)
{
  CormCopy *copy = flow->copy;
  copy->state.rows = flow->number;
  if (copy->progress != NULL)
    copy->progress (&copy->state, copy->data);
}

static gboolean
pump (Flow *flow, CormStatement *statement, CormBulk *bulk, GError **error)
{
  CormStep step;
  gboolean fits;
  const CormValue *row = NULL;
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW) {
    flow->number++;
    flow->copy->state.all_rows++;
    if (!convert_row (flow, row, &fits, error) || (fits && !load_row (flow, bulk, row, error)))
      return FALSE;
    if (flow->number % ROWS_PER_PROGRESS == 0)
      tell (flow);
  }
  return step == CORM_STEP_DONE;
}

static CormBulk *
open_bulk (const CormCopy *copy, const CormPair *pair, GError **error)
{
  g_autofree const char **names = g_new0 (const char *, pair->n_columns + 1);
  g_autofree CormSqlType *types = g_new0 (CormSqlType, pair->n_columns + 1);
  for (guint i = 0; i < pair->n_columns; i++) {
    names[i] = pair->target_columns[i]->name;
    types[i] = pair->target_columns[i]->type;
  }
  return corm_bulk_begin (copy->target, pair->target->name, names, types, pair->n_columns, error);
}

gboolean
corm_copy_table (CormCopy *copy, const CormPair *pair, CormTableReport *report, GError **error)
{
  g_auto (Flow) flow = {
    .copy = copy,
    .pair = pair,
    .report = report,
    .cells = corm_cells_new (pair->n_columns),
    .values = g_new0 (CormValue, pair->n_columns + 1),
  };
  copy->state.phase = CORM_PORT_ROWS;
  copy->state.table = pair->source->name;
  if (!corm_source_count (copy->source, pair->source, &copy->state.rows_total, error))
    return corm_error_prefix (error, "count %s", pair->source->name);
  g_autoptr (CormBulk) bulk = open_bulk (copy, pair, error);
  g_autoptr (CormStatement) statement =
      bulk != NULL ? corm_source_open (copy->source, pair, FALSE, FALSE, error) : NULL;
  if (statement == NULL || !pump (&flow, statement, bulk, error) ||
      !corm_bulk_end (g_steal_pointer (&bulk), &report->target_rows, error))
    return corm_error_prefix (error, "port %s", pair->source->name);
  report->source_rows = flow.number;
  tell (&flow);
  return TRUE;
}
