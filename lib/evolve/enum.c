/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An enum type whose labels are reordered or fewer is made anew beside the old one, and every column that has it moves over
 * by its text; its default steps aside meanwhile. A row with a label that is gone makes the statement fail. */
#include "evolve/planner.h"
#include "render/ddl.h"

#include <string.h>

static void
run (const CormPlanner *planner, GPtrArray *sql, CormOpKind kind, const CormAlterParts *parts)
{
  char mark;
  const char *template = corm_render_alter_template (planner->dialect, kind, FALSE, &mark);
  if (template != NULL)
    corm_render_alter (sql, planner->dialect, template, parts);
}

static gboolean
move_column (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column,
             const CormTableColumn *wanted, GPtrArray *sql, GError **error)
{
  g_autoptr (GString) type = g_string_new (NULL);
  g_autoptr (GString) convert = g_string_new ("CAST(CAST(");
  g_autoptr (GString) value = g_string_new (NULL);
  gboolean has_default = corm_diff_has_default (column);
  corm_sql_append_identifier (type, planner->dialect, wanted->enum_type);
  corm_sql_append_identifier (convert, planner->dialect, column->name);
  g_string_append_printf (convert, " AS text) AS %s)", type->str);
  const CormAlterParts parts = {
    .table = table->name, .name = column->name, .type = type->str, .convert = convert->str
  };
  if (has_default)
    run (planner, sql, CORM_OP_DROP_DEFAULT, &parts);
  run (planner, sql, CORM_OP_SET_TYPE, &parts);
  if (!has_default)
    return TRUE;
  if (!corm_render_default (value, planner->dialect, column, error))
    return FALSE;
  const CormAlterParts back = { .table = table->name, .name = column->name, .value = value->str };
  run (planner, sql, CORM_OP_SET_DEFAULT, &back);
  return TRUE;
}

gboolean
corm_planner_change_enum (const CormPlanner *planner, const CormChange *change, GPtrArray *sql,
                          GError **error)
{
  const CormTableColumn *wanted = change->part;
  g_autofree char *aside = g_strconcat (change->name, "_corm_old", NULL);
  const CormAlterParts rename = { .was = change->name, .name = aside };
  const CormAlterParts drop = { .name = aside };
  corm_render_alter (sql, planner->dialect, "ALTER TYPE {o} RENAME TO {n}", &rename);
  corm_render_create_enum (sql, planner->dialect, wanted, NULL);
  for (guint i = 0; i < planner->live->tables->len; i++) {
    const CormTable *table = planner->live->tables->pdata[i];
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = table->columns->pdata[c];
      if (g_strcmp0 (column->enum_type, change->name) == 0 &&
          !move_column (planner, table, column, wanted, sql, error))
        return FALSE;
    }
  }
  corm_render_alter (sql, planner->dialect, "DROP TYPE {n}", &drop);
  return TRUE;
}
