/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Which operations are one step where each step is a transaction of its own. Those of a group belong together with all
 * that stands between them, since between two of them the table is worse than before: without its default, say, while rows
 * are inserted. So what can as well go first is moved out of their way, and no lock is held for it. */
#include "evolve/gather.h"

static CormOp *
nth (const CormPlan *plan, guint i)
{
  return plan->ops->pdata[i];
}

static guint
last_of_group (const CormPlan *plan, guint i)
{
  guint last = i;
  for (guint other = i + 1; nth (plan, i)->group != 0 && other < plan->ops->len; other++)
    if (nth (plan, other)->group == nth (plan, i)->group)
      last = other;
  return last;
}

guint
corm_plan_step_end (const CormPlan *plan, guint first)
{
  guint last = first, i;
  for (i = first; i <= last; i++) {
    const CormOp *op = nth (plan, i);
    if (op->alone || op->repeat)
      return MAX (i, first + 1);
    last = MAX (last, last_of_group (plan, i));
  }
  return i;
}

/* --- out of the way */

/* Whether it says something about a column or an index of its table, and about nothing else. */
static gboolean
is_of_table (const CormOp *op)
{
  return op->table != NULL && op->object == NULL && op->kind >= CORM_OP_ADD_COLUMN &&
         op->kind <= CORM_OP_DROP_INDEX && op->kind != CORM_OP_ADD_FOREIGN_KEY &&
         op->kind != CORM_OP_DROP_FOREIGN_KEY;
}

/* All members are such ones; *@tables: theirs. */
static gboolean
is_group_of_tables (const CormPlan *plan, guint group, GHashTable *tables)
{
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = nth (plan, i);
    if (op->group == group && !is_of_table (op))
      return FALSE;
    if (op->group == group)
      g_hash_table_add (tables, op->table);
  }
  return TRUE;
}

static void
move_out (CormPlan *plan, guint first)
{
  guint group = nth (plan, first)->group, last = last_of_group (plan, first);
  g_autoptr (GHashTable) tables = g_hash_table_new (g_str_hash, g_str_equal);
  if (!is_group_of_tables (plan, group, tables))
    return;
  for (guint i = first; i < last; i++) {
    CormOp *op = nth (plan, i);
    if (op->group == group)
      continue;
    if (op->group == 0 && is_of_table (op) && !g_hash_table_contains (tables, op->table))
      g_ptr_array_insert (plan->ops, (gint) first++, g_ptr_array_steal_index (plan->ops, i));
    else if (op->table == NULL || !g_hash_table_contains (tables, op->table))
      return;
  }
}

void
corm_plan_gather (CormPlan *plan)
{
  for (guint i = 0; i < plan->ops->len; i++)
    if (nth (plan, i)->group != 0 && last_of_group (plan, i) > i) {
      guint group = nth (plan, i)->group;
      move_out (plan, i);
      while (nth (plan, i)->group != group)
        i++;
    }
}
