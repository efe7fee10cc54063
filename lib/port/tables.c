/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Tables and columns of two sides, paired by name; and the report that a port or a comparison fills. */
#include "port/tables.h"

#include <string.h>

gboolean
corm_globs_match (const char *globs, const char *name)
{
  gboolean chosen = FALSE, any_positive = FALSE;
  if (globs == NULL || *globs == '\0')
    return TRUE;
  g_auto (GStrv) list = g_strsplit (globs, ",", -1);
  for (guint i = 0; list[i] != NULL; i++) {
    const char *glob = g_strstrip (list[i]);
    if (*glob == '!') {
      if (g_pattern_match_simple (glob + 1, name))
        return FALSE;
    } else if (*glob != '\0') {
      any_positive = TRUE;
      chosen |= g_pattern_match_simple (glob, name);
    }
  }
  return chosen || !any_positive;
}

const CormTableColumn *
corm_pair_find_column (const CormTable *table, const char *name)
{
  const CormTableColumn *exact = corm_table_find_column (table, name);
  for (guint i = 0; exact == NULL && i < table->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (table->columns, i);
    if (g_ascii_strcasecmp (column->name, name) == 0)
      exact = column;
  }
  return exact;
}

const CormTable *
corm_find_table_any_case (const CormSchema *schema, const char *name)
{
  const CormTable *exact = corm_schema_find_table (schema, name);
  for (guint i = 0; exact == NULL && i < schema->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (schema->tables, i);
    if (g_ascii_strcasecmp (table->name, name) == 0)
      exact = table;
  }
  return exact;
}

const CormTableColumn *
corm_pair_find_target (const CormTable *target, const char *name)
{
  for (guint i = 0; i < target->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (target->columns, i);
    if (g_strcmp0 (column->was, name) == 0)
      return column;
  }
  const CormTableColumn *same = corm_pair_find_column (target, name);
  return same != NULL && same->was == NULL ? same : NULL;
}

const CormTable *
corm_find_target_table (const CormSchema *target, const char *name)
{
  for (guint i = 0; i < target->tables->len; i++) {
    const CormTable *table = g_ptr_array_index (target->tables, i);
    if (g_strcmp0 (table->was, name) == 0)
      return table;
  }
  const CormTable *same = corm_find_table_any_case (target, name);
  return same != NULL && same->was == NULL ? same : NULL;
}

static void
find_keys (CormPair *pair)
{
  const CormKey *key =
      pair->source->primary_key != NULL ? pair->source->primary_key : pair->target->primary_key;
  gboolean of_source = pair->source->primary_key != NULL;
  guint n = key != NULL ? g_strv_length (key->columns) : 0;
  pair->keys = g_new0 (guint, n + 1);
  for (guint k = 0; k < n; k++)
    for (guint i = 0; i < pair->n_columns; i++) {
      const CormTableColumn *column = of_source ? pair->source_columns[i] : pair->target_columns[i];
      if (g_ascii_strcasecmp (column->name, key->columns[k]) == 0)
        pair->keys[pair->n_keys++] = i;
    }
  if (pair->n_keys != n)
    pair->n_keys = 0;
}

CormPair *
corm_pair_new (const CormTable *source, const CormTable *target)
{
  CormPair *pair = g_new0 (CormPair, 1);
  pair->source = source;
  pair->target = target;
  pair->source_columns = g_new0 (const CormTableColumn *, source->columns->len);
  pair->target_columns = g_new0 (const CormTableColumn *, source->columns->len);
  pair->conversions = g_new0 (guint, source->columns->len + 1);
  for (guint i = 0; i < source->columns->len; i++) {
    const CormTableColumn *column = g_ptr_array_index (source->columns, i);
    const CormTableColumn *other = corm_pair_find_target (target, column->name);
    if (other == NULL)
      continue;
    pair->source_columns[pair->n_columns] = column;
    pair->target_columns[pair->n_columns++] = other;
  }
  find_keys (pair);
  return pair;
}

CormPair *
corm_pair_copy (const CormPair *pair)
{
  CormPair *copy = corm_pair_new (pair->source, pair->target);
  copy->lacks = pair->lacks;
  if (pair->n_columns > 0)
    memcpy (copy->conversions, pair->conversions, pair->n_columns * sizeof *copy->conversions);
  return copy;
}

void
corm_pair_drop_generated (CormPair *pair)
{
  guint kept = 0;
  for (guint i = 0; i < pair->n_columns; i++) {
    if (pair->target_columns[i]->generated_sql != NULL)
      continue;
    pair->source_columns[kept] = pair->source_columns[i];
    pair->conversions[kept] = pair->conversions[i];
    pair->target_columns[kept++] = pair->target_columns[i];
  }
  pair->n_columns = kept;
  g_free (pair->keys);
  pair->n_keys = 0;
  find_keys (pair);
}

void
corm_pair_free (CormPair *pair)
{
  g_free (pair->source_columns);
  g_free (pair->target_columns);
  g_free (pair->conversions);
  g_free (pair->keys);
  g_clear_pointer (&pair->refused, g_array_unref);
  g_free (pair);
}

/* --- the report -------------------------------------------------------------------------------------------- */

static void
table_report_free (gpointer data)
{
  CormTableReport *report = data;
  g_free (report->table);
  g_ptr_array_unref (report->differences);
  g_free (report);
}

static void
choice_free (gpointer data)
{
  CormPortChoice *choice = data;
  g_free (choice->table);
  g_free (choice->column);
  g_free (choice->declared);
  g_free (choice->type);
  g_free (choice->conversion);
  g_free (choice->reason);
  g_free (choice->found);
  g_free (choice->misfit);
  g_free (choice);
}

static void
object_free (gpointer data)
{
  CormPortObject *object = data;
  g_free (object->kind);
  g_free (object->name);
  g_free (object->table);
  g_free (object->sql);
  g_free (object);
}

CormPortReport *
corm_port_report_new (void)
{
  CormPortReport *report = g_new0 (CormPortReport, 1);
  report->tables = g_ptr_array_new_with_free_func (table_report_free);
  report->not_moved = g_ptr_array_new_with_free_func (g_free);
  report->notes = g_ptr_array_new_with_free_func (g_free);
  report->choices = g_ptr_array_new_with_free_func (choice_free);
  report->objects = g_ptr_array_new_with_free_func (object_free);
  return report;
}

CormTableReport *
corm_port_report_add (CormPortReport *report, const char *table)
{
  CormTableReport *added = g_new0 (CormTableReport, 1);
  added->table = g_strdup (table);
  added->differences = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (report->tables, added);
  return added;
}

void
corm_port_report_free (CormPortReport *report)
{
  if (report == NULL)
    return;
  g_ptr_array_unref (report->tables);
  g_ptr_array_unref (report->not_moved);
  g_ptr_array_unref (report->notes);
  g_ptr_array_unref (report->choices);
  g_ptr_array_unref (report->objects);
  g_free (report);
}
