/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An enum type whose labels are reordered or fewer is made anew beside the old one, and every column that has it moves over
 * by its text, or by the expression that it says; its default steps aside meanwhile. A row with a label that is gone makes
 * the statement fail. */
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

/* What the rows get, an expression over the table as it was: what somebody has said, or the label as it is. */
static char *
say_value (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column)
{
  g_autoptr (GString) name = g_string_new (NULL);
  const CormTable *to = corm_schema_find_table (planner->to, table->name);
  const CormTableColumn *should = to != NULL ? corm_table_find_column (to, column->name) : NULL;
  if (should != NULL && should->convert != NULL)
    return g_strdup_printf ("(%s)", should->convert);
  corm_sql_append_identifier (name, planner->dialect, column->name);
  return g_strdup (name->str);
}

/* A default that is no label any more stays away. */
static gboolean
keeps_default (const CormTableColumn *column, const CormTableColumn *wanted)
{
  return column->default_kind != CORM_DEFAULT_LITERAL || wanted->labels == NULL ||
         g_strv_contains ((const char *const *) wanted->labels, column->default_text);
}

static gboolean
move_column (const CormPlanner *planner, const CormTable *table, const CormTableColumn *column,
             const CormTableColumn *wanted, GPtrArray *sql, GError **error)
{
  g_autoptr (GString) type = g_string_new (NULL);
  g_autofree char *from = say_value (planner, table, column);
  g_autoptr (GString) value = g_string_new (NULL);
  gboolean has_default = corm_diff_has_default (column);
  corm_sql_append_identifier (type, planner->dialect, wanted->enum_type);
  g_autofree char *convert = g_strdup_printf ("CAST(CAST(%s AS text) AS %s)", from, type->str);
  const CormAlterParts parts = {
    .table = table->name, .name = column->name, .type = type->str, .convert = convert
  };
  if (has_default)
    run (planner, sql, CORM_OP_DROP_DEFAULT, &parts);
  run (planner, sql, CORM_OP_SET_TYPE, &parts);
  if (!has_default || !keeps_default (column, wanted))
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
