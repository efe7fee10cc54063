/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A column that comes with a value for the rows that are there. It is added without a default and may be NULL, which writes
 * no row; then it gets its default, so that new rows have theirs; then the rows are filled; then it may hold no NULL. */
#include "evolve/planner.h"
#include "render/ddl.h"

static const CormOpKind steps[] = { CORM_OP_ADD_COLUMN, CORM_OP_SET_DEFAULT, CORM_OP_BACKFILL,
                                    CORM_OP_SET_NOT_NULL };

gboolean
corm_planner_is_filled (const CormPlanner *planner, const CormChange *change)
{
  return change->kind == CORM_OP_ADD_COLUMN && change->live != NULL && planner->dialect->rebuild == NULL &&
         ((const CormTableColumn *) change->part)->convert != NULL;
}

/* As it comes: nothing is said about its rows. */
static CormTableColumn
loosen (const CormTableColumn *column)
{
  CormTableColumn loose = *column;
  loose.not_null = FALSE;
  loose.default_kind = CORM_DEFAULT_NONE;
  loose.default_text = loose.default_sql = NULL;
  return loose;
}

/* What fills the template of @step: the definition, and the value. */
static gboolean
write_parts (const CormPlanner *planner, const CormChange *change, CormOpKind step, GString *definition,
             GString *value, GError **error)
{
  const CormTable *wanted = corm_planner_wanted_table (planner, change->table);
  const CormTableColumn *column = corm_planner_wanted_column (planner, change);
  CormTableColumn loose = loosen (column);
  g_autofree char *convert = corm_planner_convert (planner, change);
  if (step == CORM_OP_BACKFILL)
    g_string_append (value, convert);
  if (step == CORM_OP_SET_DEFAULT && !corm_render_default (value, planner->dialect, column, error))
    return FALSE;
  return corm_planner_define_column (planner, wanted, step == CORM_OP_ADD_COLUMN ? &loose : column,
                                     definition, error);
}

static gboolean
is_needed (const CormPlanner *planner, const CormChange *change, CormOpKind step)
{
  const CormTableColumn *column = corm_planner_wanted_column (planner, change);
  return step == CORM_OP_SET_NOT_NULL  ? column->not_null
         : step == CORM_OP_SET_DEFAULT ? corm_diff_has_default (column)
                                       : TRUE;
}

static gboolean
write_step (const CormPlanner *planner, const CormChange *change, CormOpKind step, gboolean online,
            GPtrArray *sql, char *mark, GError **error)
{
  const char *template = corm_render_alter_template (planner->dialect, step, online, mark);
  g_autoptr (GString) definition = g_string_new (NULL);
  g_autoptr (GString) value = g_string_new (NULL);
  if (!write_parts (planner, change, step, definition, value, error))
    return FALSE;
  const CormAlterParts parts = {
    .table = change->table->name, .name = change->name, .definition = definition->str, .value = value->str
  };
  corm_render_alter (sql, planner->dialect, template, &parts);
  if (step == CORM_OP_ADD_COLUMN)
    corm_planner_say_behind (planner, change, sql);
  return TRUE;
}

gboolean
corm_planner_add_filled (const CormPlanner *planner, const CormChange *change, GPtrArray *sql, GError **error)
{
  char mark;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (is_needed (planner, change, steps[i]) &&
        !write_step (planner, change, steps[i], FALSE, sql, &mark, error))
      return FALSE;
  return TRUE;
}

/* --- each step an operation of its own */

static char *
describe (const CormChange *change, CormOpKind step)
{
  const char *words = step == CORM_OP_SET_DEFAULT ? "set default of"
                      : step == CORM_OP_BACKFILL  ? "fill rows of"
                                                  : "set NOT NULL of";
  if (step == CORM_OP_ADD_COLUMN)
    return g_strdup (change->text);
  return g_strdup_printf ("%s new column %s.%s", words, change->table->name, change->name);
}

/* The way back of the first undoes them all. */
static void
write_reverse (const CormPlanner *planner, const CormChange *change, CormOp *op)
{
  char mark;
  const CormAlterParts parts = { .table = change->table->name, .name = change->name };
  corm_render_alter (op->reverse, planner->dialect,
                     corm_render_alter_template (planner->dialect, CORM_OP_DROP_COLUMN, FALSE, &mark),
                     &parts);
}

gboolean
corm_planner_plan_filled (const CormPlanner *planner, const CormDiff *diff, const CormChange *change,
                          CormPlan *plan, GError **error)
{
  CormTableColumn loose = loosen (change->part);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    CormChange step = *change;
    char mark = 0;
    if (!is_needed (planner, change, steps[i]))
      continue;
    CormOp *op =
        corm_plan_add (plan, steps[i], change->table->name, change->name, describe (change, steps[i]));
    if (!write_step (planner, change, steps[i], TRUE, op->sql, &mark, error))
      return FALSE;
    op->alone = mark == '!';
    op->repeat = mark == '*';
    op->approval = change->approval;
    step.kind = steps[i];
    step.part = steps[i] == CORM_OP_ADD_COLUMN ? &loose : change->part;
    if (steps[i] == CORM_OP_ADD_COLUMN)
      write_reverse (planner, change, op);
    corm_planner_weigh (planner, &step, op);
    if (planner->conn != NULL)
      corm_planner_measure (planner, diff, change, op);
  }
  return TRUE;
}
