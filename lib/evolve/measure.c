/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* How many rows and bytes a change touches, from the server's statistics, or counted where it keeps none. What cannot be
 * found out stays unknown: it is no reason to fail. */
#include "evolve/planner.h"

#include "engine/connection.h"
#include "schema/words.h"

#include <string.h>

static gint64
number (CormCursor *cursor, guint column)
{
  const CormValue *value = corm_cursor_get_value (cursor, column);
  g_autoptr (GString) text = g_string_new (NULL);
  if (value->is_null)
    return -1;
  corm_value_append_text (value, text);
  return g_ascii_strtoll (text->str, NULL, 10);
}

/* The table's name before the plan renames it. */
static const char *
name_now (const CormDiff *diff, const CormTable *live)
{
  guint at;
  if (!g_ptr_array_find (diff->from->tables, live, &at) || at >= diff->before->tables->len)
    return live->name;
  return ((const CormTable *) diff->before->tables->pdata[at])->name;
}

void
corm_planner_measure (const CormPlanner *planner, const CormDiff *diff, const CormChange *change, CormOp *op)
{
  const char *name = name_now (diff, change->live);
  const CormAlterParts parts = { .table = name, .comment = name };
  g_autoptr (GPtrArray) sql = g_ptr_array_new_with_free_func (g_free);
  if (planner->dialect->table_size == NULL || op->hazards == 0)
    return;
  corm_render_alter (sql, planner->dialect, planner->dialect->table_size, &parts);
  g_autoptr (CormCursor) cursor = corm_query (planner->conn, sql->pdata[0], NULL, NULL);
  if (cursor == NULL || !corm_cursor_next (cursor, NULL))
    return;
  op->rows = number (cursor, 0);
  op->bytes = number (cursor, 1);
}
