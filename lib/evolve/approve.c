/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* May a change run? By what its group needs, or because somebody has allowed one of the group by name. */
#include "evolve/planner.h"

char *
corm_change_get_subject (const CormChange *change)
{
  const CormTable *table = change->table != NULL ? change->table : change->live;
  if (table == NULL)
    return g_strdup (change->name);
  return change->name != NULL ? g_strdup_printf ("%s.%s", table->name, change->name) : g_strdup (table->name);
}

static char *
kind_name (const CormChange *change)
{
  const CormSchemaObject *object = change->part != NULL ? change->part : change->is;
  gboolean is_object = change->kind == CORM_OP_CREATE_OBJECT || change->kind == CORM_OP_DROP_OBJECT;
  const CormOp op = { .kind = change->kind, .object = is_object ? object->kind : NULL };
  return corm_op_get_kind_name (&op);
}

static gboolean
is_named (const CormPlanner *planner, const CormChange *change)
{
  g_autofree char *kind = kind_name (change);
  g_autofree char *subject = corm_change_get_subject (change);
  return corm_allow_names (planner->allow, kind, subject, change->approval);
}

gboolean
corm_planner_allows (const CormPlanner *planner, const CormDiff *diff, const CormChange *change)
{
  if (change->kind == CORM_OP_DIFFERS)
    return FALSE;
  if (change->approval <= planner->level || is_named (planner, change))
    return TRUE;
  for (guint i = 0; change->group != 0 && i < diff->changes->len; i++) {
    const CormChange *other = diff->changes->pdata[i];
    if (other->group == change->group && is_named (planner, other))
      return TRUE;
  }
  return FALSE;
}
