/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What goes where: the target's schema, out of models, of the source or of what is there; and the pairs of tables. */
#include "port/condition.h"
#include "port/choose.h"
#include "port/defaults.h"
#include "port/expression.h"
#include "port/numbers.h"
#include "port/object.h"
#include "port/source.h"
#include "port/transform.h"

#include "base/error.h"
#include "schema/diff.h"

/* A table that the port is to make. */
static gboolean
check_absent (const CormPortJob *job, const CormSchema *live, const CormTable *table, GError **error)
{
  if (corm_schema_find_table (live, table->name) == NULL)
    return TRUE;
  if (job->options->resume)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "there is nothing to resume: the target has a table %s, and no port that is unfinished; if one came "
        "to its end there, verify tells whether the rows are equal",
        table->name);
  else
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "the target has a table %s already; port into an empty database, or only the rows with data-only "
        "(append or truncate where it holds some)",
        table->name);
  return FALSE;
}

/* A table that is to be filled. */
static gboolean
check_ready (const CormPortJob *job, const CormSchema *live, const CormTable *table, GError **error)
{
  guint64 count = 0;
  const CormTable *there = corm_find_table_any_case (live, table->name);
  if (there == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
                 "the target has no table %s to put rows in; leave out data-only, append and truncate",
                 table->name);
    return FALSE;
  }
  if (job->options->append || job->options->truncate)
    return TRUE;
  if (!corm_source_count (job->to, there, &count, error))
    return FALSE;
  if (count == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA,
               "the target's table %s holds %" G_GUINT64_FORMAT
               " rows already; append to them, or truncate the table first",
               table->name, count);
  return FALSE;
}

/* With models: tables that no model describes are left, by name. */
static void
note_unmodelled (CormPortJob *job)
{
  for (guint i = 0; i < job->source->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (job->source->tables, i);
    if (corm_globs_match (job->options->tables, table->name) &&
        corm_find_target_table (job->target, table->name) == NULL)
      g_ptr_array_add (job->report->not_moved, g_strdup_printf ("table %s: not in the models", table->name));
  }
}

/* What the source or the models say. */
static void
settle_wanted (CormPortJob *job)
{
  const CormPortOptions *options = job->options;
  if (options->registry != NULL) {
    job->target = corm_schema_from_registry (options->registry);
    note_unmodelled (job);
    return;
  }
  job->target = corm_transform_schema (job->source, corm_connection_get_dialect (job->from),
                                       corm_connection_get_dialect (job->to), job->names, options->tables,
                                       job->report->not_moved, job->report->notes);
  corm_names_tell (job->names, job->source, options->tables, job->report->notes);
}

/* What nobody sees is not moved either. */
static gboolean
note_hidden (CormPortJob *job, GError **error)
{
  const CormDriver *driver = corm_connection_get_link (job->from)->driver;
  return driver->list_hidden == NULL || driver->list_hidden (job->from, job->report->not_moved, error);
}

static gboolean
settle_schema (CormPortJob *job, const CormSchema *live, gboolean resume, GError **error)
{
  settle_wanted (job);
  for (guint i = 0; i < job->target->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (job->target->tables, i);
    if (!(corm_port_is_fill (job->options) ? check_ready (job, live, table, error)
                                           : resume || check_absent (job, live, table, error)))
      return FALSE;
  }
  if (!corm_port_is_fill (job->options))
    return TRUE;
  corm_schema_free (job->target);
  job->target = corm_schema_inspect (job->to, error);
  if (job->target != NULL)
    corm_names_mark (job->names, job->source, job->target);
  if (job->options->registry == NULL) /* the notes are about a structure that nobody asked for */
    g_ptr_array_set_size (job->report->not_moved, 0);
  return job->target != NULL;
}

/* Every column of a moved table must have its place: leaving one out would lose it. */
static gboolean
check_pair (const CormPair *pair, GError **error)
{
  for (guint i = 0; i < pair->source->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (pair->source->columns, i);
    if (corm_pair_find_target (pair->target, column->name) != NULL)
      continue;
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_SCHEMA,
        "column %s.%s of the source has no place in the target: add it there, or drop it in the source first",
        pair->source->name, column->name);
    return FALSE;
  }
  return TRUE;
}

/* A DECIMAL that is no less than it was, within what @dialect has room for: one without precision has all of that, and
 * behind a point may stand no more digits than there are, nor so many that few are left before it. */
static void
fit_decimal (const CormDialect *dialect, CormSqlType *type)
{
  if (type->precision == 0) {
    type->precision = dialect->any_precision;
    type->scale = dialect->any_scale;
  } else if (type->scale > type->precision) {
    type->precision = type->scale;
  }
  if (type->precision <= dialect->any_precision && type->scale <= dialect->any_precision - dialect->any_scale)
    return;
  type->precision = dialect->any_precision;
  type->scale = MIN (type->scale, dialect->any_scale);
}

/* What goes without saying there, so that a value beyond it is a misfit before a row moves: the digits of a DECIMAL without
 * precision, and that a key has no NULL, which SQLite alone takes. */
static void
say_limits (const CormDialect *dialect, const CormTable *table)
{
  for (guint i = 0; dialect->any_precision > 0 && i < table->columns->len; i++) {
    CormTableColumn *column = g_ptr_array_index (table->columns, i);
    if (column->type.type == CORM_TYPE_DECIMAL)
      fit_decimal (dialect, &column->type);
  }
  const char *const *key =
      table->primary_key != NULL ? (const char *const *) table->primary_key->columns : NULL;
  for (guint i = 0; !dialect->loose_types && key != NULL && key[i] != NULL; i++) {
    CormTableColumn *column = corm_table_find_column (table, key[i]);
    if (column != NULL)
      column->not_null = TRUE;
  }
}

/* Referenced tables first: where foreign keys watch the load, each parent is there before its children. */
static gboolean
pair_tables (CormPortJob *job, GError **error)
{
  job->pairs = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_pair_free);
  g_autoptr (GPtrArray) ordered = corm_tables_order (job->source->tables);
  for (guint i = 0; i < ordered->len; i++) {
    const CormTable *table = g_ptr_array_index (ordered, i);
    const CormTable *target = corm_find_target_table (job->target, table->name);
    if (target == NULL || !corm_globs_match (job->options->tables, table->name))
      continue;
    say_limits (corm_connection_get_dialect (job->to), target);
    CormPair *pair = corm_pair_new (table, target);
    pair->lacks = ~corm_connection_get_dialect (job->to)->caps &
                  (CORM_CAP_NAN | CORM_CAP_INFINITY | CORM_CAP_NEGATIVE_ZERO);
    g_ptr_array_add (job->pairs, pair);
    corm_port_report_add (job->report, table->name);
    if (!check_pair (pair, error))
      return FALSE;
  }
  if (job->pairs->len > 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "the source has no table that %s%s",
               job->options->tables != NULL ? "matches " : "could be moved",
               job->options->tables != NULL ? job->options->tables : "");
  return FALSE;
}

/* What the target is to compute by itself has to come out the same, now that the types are known. */
static void
check_generated (CormPortJob *job, const CormPair *pair)
{
  const CormDialect *target = corm_connection_get_dialect (job->to);
  for (guint i = 0; i < pair->n_columns; i++) {
    CormTableColumn *column = (CormTableColumn *) pair->target_columns[i];
    if (column->generated_sql == NULL ||
        corm_expression_is_arithmetic (column->generated_sql, target, pair->target))
      continue;
    g_clear_pointer (&column->generated_sql, g_free);
    g_ptr_array_add (job->report->not_moved,
                     g_strdup_printf ("expression of the generated column %s.%s, moved as a plain column: %s",
                                      pair->source->name, column->name,
                                      pair->source_columns[i]->generated_sql));
  }
}

/* Types, conversions and defaults. What does not fit stops the port here, before a row moves, unless it may be rejected. */
static gboolean
choose (CormPortJob *job, GError **error)
{
  const CormPortOptions *options = job->options;
  const CormDialect *target = corm_connection_get_dialect (job->to);
  CormChoosing choosing = {
    .from = job->from,
    .crew = job->crew,
    .target = target,
    .mapping = job->mapping,
    .same = g_strcmp0 (job->source->dialect, target->name) == 0,
    .fixed = corm_port_is_fill (options) || options->registry != NULL,
    .choices = job->report->choices,
  };
  gboolean done = TRUE;
  for (guint i = 0; done && i < job->pairs->len; i++) {
    CormPair *pair = g_ptr_array_index (job->pairs, i);
    done = corm_choose_pair (&choosing, pair, error);
    if (done && !choosing.fixed && choosing.same)
      corm_port_keep_defaults (pair, target, job->report->not_moved);
    if (!done || choosing.fixed || choosing.same)
      continue;
    check_generated (job, pair);
    corm_port_check_conditions (job, pair);
    corm_port_set_defaults (pair, corm_connection_get_dialect (job->from), target, job->report->not_moved);
  }
  if (done)
    corm_choose_key_types (&choosing, job->target);
  g_autoptr (GError) misfit = choosing.misfit;
  if (!done || !corm_port_mapping_check_used (job->mapping, error))
    return FALSE;
  if (misfit == NULL || options->plan_only || options->schema_only || options->rejects != NULL)
    return TRUE;
  g_propagate_prefixed_error (error, g_steal_pointer (&misfit), "%s",
                              corm_port_is_fill (options) ? "" : "nothing was changed in the target: ");
  return FALSE;
}

gboolean
corm_port_settle (CormPortJob *job, const CormSchema *live, gboolean resume, GError **error)
{
  const char *mapping = job->options->mapping;
  if (mapping != NULL && (job->mapping = corm_port_mapping_load (mapping, error)) == NULL)
    return FALSE;
  job->names = corm_names_new (job->source, corm_connection_get_dialect (job->to), job->mapping);
  if (!settle_schema (job, live, resume, error) ||
      !corm_source_tell_elsewhere (job->from, job->options->tables, "",
                                   corm_port_is_fill (job->options) ? NULL : job->source,
                                   job->report->not_moved, error) ||
      !note_hidden (job, error) || !pair_tables (job, error) || !choose (job, error))
    return FALSE;
  if (!corm_port_is_fill (job->options))
    corm_port_settle_objects (job, live, resume);
  return corm_numbers_check (job, error);
}
