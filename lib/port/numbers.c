/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See numbers.h. */
#include "port/numbers.h"

#include "base/error.h"
#include "engine/cursor.h"

#include <string.h>

/* The next number of a database in this process follows by itself; it remembers what its own kind gave. */
static gboolean
is_wanted (CormConnection *from, CormConnection *to)
{
  const CormDialect *target = corm_connection_get_dialect (to);
  const CormDriver *source = corm_connection_get_driver (from);
  return source->last_number != NULL && corm_connection_get_driver (to)->after_load != NULL &&
         (!target->in_process || strcmp (corm_connection_get_dialect (from)->name, target->name) == 0);
}

/* A driver speaks of a table's first numbered column: here there is none but @column. */
gboolean
corm_numbers_last (const CormBuild *build, const CormTable *table, const CormTableColumn *column,
                   gint64 *last, GError **error)
{
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  CormTable alone = *table;
  *last = 0;
  if (!is_wanted (build->from, build->conn))
    return TRUE;
  g_ptr_array_add (columns, (gpointer) column);
  alone.columns = columns;
  return corm_connection_get_driver (build->from)->last_number (build->from, &alone, last, error);
}

/* --- sequences --------------------------------------------------------------------------------------------------- */

static char *
fill_state (const CormDialect *dialect, const char *name)
{
  GString *text = g_string_new (NULL);
  const CormValue value = corm_value_text (name);
  for (const char *p = dialect->sequence_state; *p != '\0'; p++) {
    if (strncmp (p, "{n}", 3) == 0)
      corm_sql_append_identifier (text, dialect, name);
    else if (strncmp (p, "{c}", 3) == 0)
      corm_sql_append_literal (text, dialect, &value, NULL);
    else {
      g_string_append_c (text, *p);
      continue;
    }
    p += 2;
  }
  return g_string_free (text, FALSE);
}

char *
corm_numbers_state (CormConnection *from, const char *name, GError **error)
{
  g_autofree char *query = fill_state (corm_connection_get_dialect (from), name);
  g_autoptr (CormCursor) cursor = corm_query (from, query, NULL, error);
  return cursor != NULL && corm_cursor_next (cursor, error) ? corm_cursor_dup_text (cursor, 0) : NULL;
}

/* --- all of them ------------------------------------------------------------------------------------------------- */

static gboolean
check_table (const CormBuild *build, const CormTable *table, GError **error)
{
  for (guint i = 0; i < table->columns->len; i++) {
    gint64 last = 0;
    const CormTableColumn *column = g_ptr_array_index (table->columns, i);
    if (column->auto_increment && !corm_numbers_last (build, table, column, &last, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_numbers_check (const CormPortJob *job, GError **error)
{
  const CormBuild build = { .conn = job->to, .from = job->from };
  for (guint i = 0; i < job->pairs->len; i++)
    if (!check_table (&build, ((const CormPair *) g_ptr_array_index (job->pairs, i))->source, error))
      return FALSE;
  for (guint i = 0; i < job->report->objects->len; i++) {
    GError *why = NULL;
    const CormPortObject *line = g_ptr_array_index (job->report->objects, i);
    if (strcmp (line->kind, "sequence") != 0 ||
        corm_connection_get_dialect (job->from)->sequence_state == NULL)
      continue;
    g_free (corm_numbers_state (job->from, line->name, &why));
    if (why == NULL)
      continue;
    g_propagate_prefixed_error (error, why, "the sequence %s of the source: ", line->name);
    return FALSE;
  }
  return TRUE;
}
