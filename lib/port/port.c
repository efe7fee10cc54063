/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The port, one way down: look at both sides, settle the target's schema, make bare tables, pour the rows, add what
 * checks and what speeds up, prove, commit. All of it is one transaction of the target, so that there is no between. */
#include "port/build.h"
#include "port/copy.h"
#include "port/source.h"
#include "port/transform.h"
#include "port/verify.h"
#include "port/widen.h"

#include "base/error.h"
#include "schema/diff.h"

typedef struct {
  const CormPortOptions *options;
  CormConnection *from;
  CormConnection *to;
  CormTransaction *read;
  CormTransaction *write;
  CormSchema *source;
  CormSchema *target; /* what the moved tables are in the target */
  GPtrArray *pairs;   /* CormPair */
  CormPortReport *report;
  CormCopy copy;
} Port;

static void
port_clear (Port *port)
{
  g_clear_pointer (&port->copy.rejects, corm_rejects_free);
  g_clear_pointer (&port->pairs, g_ptr_array_unref);
  g_clear_pointer (&port->report, corm_port_report_free);
  g_clear_pointer (&port->source, corm_schema_free);
  g_clear_pointer (&port->target, corm_schema_free);
  g_clear_pointer (&port->write, corm_transaction_free);
  g_clear_pointer (&port->read, corm_transaction_free);
  g_clear_pointer (&port->to, corm_connection_free);
  g_clear_pointer (&port->from, corm_connection_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Port, port_clear)

/* --- what goes where --------------------------------------------------------------------------------------- */

static gboolean
open_sides (Port *port, CormDb *source, CormDb *target, GError **error)
{
  port->from = corm_db_connect (source, error);
  port->to = port->from != NULL ? corm_db_connect (target, error) : NULL;
  if (port->to == NULL)
    return FALSE;
  if ((corm_connection_get_dialect (port->to)->caps & CORM_CAP_TRANSACTIONAL_DDL) == 0) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "port into %s: its CREATE TABLE can't be undone, so that a port that stops would leave half a copy",
        corm_db_get_uri (target));
    return FALSE;
  }
  port->read = corm_transaction_begin (port->from, CORM_TRANSACTION_READ_ONLY, error);
  port->write = port->read != NULL ? corm_transaction_begin (port->to, CORM_TRANSACTION_WRITE, error) : NULL;
  port->source = port->write != NULL ? corm_schema_inspect (port->from, error) : NULL;
  return port->source != NULL;
}

static gboolean
check_free (const Port *port, const CormSchema *live, const CormTable *table, GError **error)
{
  guint64 count = 0;
  const CormTable *there = port->options->data_only ? corm_find_table_any_case (live, table->name)
                                                    : corm_schema_find_table (live, table->name);
  if (!port->options->data_only) {
    if (there == NULL)
      return TRUE;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "the target has a table %s already; port into an empty database, or only the rows with data-only",
        table->name);
    return FALSE;
  }
  if (there == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "the target has no table %s to put rows in; leave out data-only", table->name);
    return FALSE;
  }
  if (!corm_source_count (port->to, there, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "the target's table %s holds %" G_GUINT64_FORMAT
               " rows already; a port fills empty tables only",
               table->name, count);
  return FALSE;
}

/* With models: tables that no model describes are left, by name. */
static void
note_unmodelled (Port *port)
{
  for (guint i = 0; i < port->source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (port->source->tables, i);
    if (corm_globs_match (port->options->tables, table->name) &&
        corm_find_table_any_case (port->target, table->name) == NULL)
      g_ptr_array_add (port->report->not_moved, g_strdup_printf ("table %s: not in the models", table->name));
  }
}

static gboolean
settle_schema (Port *port, GError **error)
{
  const CormPortOptions *options = port->options;
  g_autoptr (CormSchema) live = corm_schema_inspect (port->to, error);
  if (live == NULL)
    return FALSE;
  if (options->registry != NULL)
    port->target = corm_schema_from_registry (options->registry);
  else
    port->target = corm_transform_schema (port->source, corm_connection_get_dialect (port->to),
                                          options->tables, port->report->not_moved);
  if (options->registry != NULL)
    note_unmodelled (port);
  else if (corm_connection_get_dialect (port->from)->loose_types &&
           !corm_widen_integers (port->from, port->source, port->target, error))
    return FALSE;
  for (guint i = 0; i < port->target->tables->len; i++)
    if (!check_free (port, live, g_ptr_array_index (port->target->tables, i), error))
      return FALSE;
  if (!options->data_only)
    return TRUE;
  corm_schema_free (port->target);
  port->target = g_steal_pointer (&live);
  if (options->registry == NULL) /* the notes are about a structure that nobody asked for */
    g_ptr_array_set_size (port->report->not_moved, 0);
  return TRUE;
}

/* Every column of a moved table must have its place: leaving one out would lose it. */
static gboolean
check_pair (const CormPair *pair, GError **error)
{
  for (guint i = 0; i < pair->source->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (pair->source->columns, i);
    if (corm_pair_find_column (pair->target, column->name) != NULL)
      continue;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "column %s.%s of the source has no place in the target: add it there, or drop it in the source first",
        pair->source->name, column->name);
    return FALSE;
  }
  return TRUE;
}

/* Referenced tables first: where foreign keys watch the load, each parent is there before its children. */
static gboolean
pair_tables (Port *port, GError **error)
{
  port->pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_pair_free);
  g_autoptr (GPtrArray) ordered = corm_tables_order (port->source->tables);
  for (guint i = 0; i < ordered->len; i++) {
    const CormTable *table = g_ptr_array_index (ordered, i);
    const CormTable *target = corm_find_table_any_case (port->target, table->name);
    if (target == NULL || !corm_globs_match (port->options->tables, table->name))
      continue;
    CormPair *pair = corm_pair_new (table, target);
    g_ptr_array_add (port->pairs, pair);
    corm_port_report_add (port->report, table->name);
    if (!check_pair (pair, error))
      return FALSE;
  }
  if (port->pairs->len > 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "the source has no table that %s%s",
               port->options->tables != NULL ? "matches " : "could be moved",
               port->options->tables != NULL ? port->options->tables : "");
  return FALSE;
}

/* --- the work ---------------------------------------------------------------------------------------------- */

static gboolean
copy_rows (Port *port, GError **error)
{
  port->copy.source = port->from;
  port->copy.target = port->to;
  port->copy.progress = port->options->progress;
  port->copy.data = port->options->data;
  if (port->options->rejects != NULL &&
      (port->copy.rejects = corm_rejects_open (port->options->rejects, error)) == NULL)
    return FALSE;
  CormVerify counter = { .source = port->from };
  if (!corm_verify_total (&counter, port->source, port->options->tables, error))
    return FALSE;
  port->copy.state.all_total = counter.state.all_total;
  for (guint i = 0; i < port->pairs->len; i++) {
    const CormPair *compared = g_ptr_array_index (port->pairs, i);
    g_autoptr (CormPair) filled = corm_pair_new (compared->source, compared->target);
    corm_pair_drop_generated (filled);
    if (!corm_copy_table (&port->copy, filled, g_ptr_array_index (port->report->tables, i), error))
      return FALSE;
  }
  return port->copy.rejects == NULL || corm_rejects_close (g_steal_pointer (&port->copy.rejects), error);
}

static gboolean
prove (Port *port, GError **error)
{
  CormVerify verify = {
    .source = port->from,
    .target = port->to,
    .skip_misfits = port->options->rejects != NULL,
    .progress = port->options->progress,
    .data = port->options->data,
    .state = { .all_total = port->copy.state.all_total },
  };
  for (guint i = 0; i < port->pairs->len; i++)
    if (!corm_verify_pair (&verify, g_ptr_array_index (port->pairs, i),
                           g_ptr_array_index (port->report->tables, i), error))
      return FALSE;
  corm_verify_sum (port->report);
  return TRUE;
}

/* Tables that were there keep their structure; their automatic keys go on behind the rows that came. */
static gboolean
settle_tables (Port *port, CormBuild *build, GError **error)
{
  for (guint i = 0; i < port->pairs->len; i++)
    if (!corm_build_settle (build, ((const CormPair *) g_ptr_array_index (port->pairs, i))->target, error))
      return FALSE;
  return TRUE;
}

static gboolean
work (Port *port, GError **error)
{
  const CormPortOptions *options = port->options;
  CormBuild build = {
    .conn = port->to,
    .schema = port->target,
    .translated = g_strcmp0 (port->source->dialect, corm_connection_get_dialect (port->to)->name) != 0,
    .not_moved = port->report->not_moved,
  };
  if (!options->data_only && !corm_build_tables (&build, error))
    return FALSE;
  if (!options->schema_only && !copy_rows (port, error))
    return FALSE;
  if (options->data_only ? !settle_tables (port, &build, error) : !corm_build_rest (&build, error))
    return FALSE;
  return options->schema_only || !options->verify || prove (port, error);
}

CormPortReport *
corm_port (CormDb *source, CormDb *target, const CormPortOptions *options, GError **error)
{
  static const CormPortOptions none = { 0 };
  g_return_val_if_fail (source != NULL && target != NULL, NULL);
  g_auto (Port) port = { .options = options != NULL ? options : &none, .report = corm_port_report_new () };
  if (port.options->schema_only && port.options->data_only) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "port: schema-only and data-only exclude each other");
    return NULL;
  }
  if (!open_sides (&port, source, target, error) || !settle_schema (&port, error) ||
      !pair_tables (&port, error) || !work (&port, error))
    return NULL;
  gboolean proven = !port.options->verify || port.options->schema_only || port.report->equal;
  if (proven && !corm_transaction_commit (port.write, error))
    return NULL;
  return g_steal_pointer (&port.report);
}
