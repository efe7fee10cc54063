/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Names of what is added. A constraint that nobody has named gets one here, since the name that the server would make up
 * is not known to the statement that takes it back.
 * Invariant: a change and its inverse come to the same name. */
#include "evolve/planner.h"

#include "model/name.h"

#include <string.h>

static gboolean
has_name (const CormTable *table, const char *name)
{
  if (table == NULL)
    return FALSE;
  for (guint i = 0; i < table->uniques->len; i++)
    if (g_strcmp0 (((const CormKey *) table->uniques->pdata[i])->name, name) == 0)
      return TRUE;
  for (guint i = 0; i < table->foreign_keys->len; i++)
    if (g_strcmp0 (((const CormForeignKey *) table->foreign_keys->pdata[i])->name, name) == 0)
      return TRUE;
  for (guint i = 0; i < table->checks->len; i++)
    if (g_strcmp0 (((const CormCheck *) table->checks->pdata[i])->name, name) == 0)
      return TRUE;
  for (guint i = 0; i < table->indexes->len; i++)
    if (g_strcmp0 (((const CormTableIndex *) table->indexes->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* uq_TABLE_COLUMNS, and where another has that name uq_TABLE_COLUMNS_2. */
static char *
free_name (const CormChange *change, const char *prefix, const char *rest)
{
  const char *table = (change->table != NULL ? change->table : change->live)->name;
  char *name = corm_name_make (prefix, table, rest);
  for (guint i = 2; has_name (change->table, name) || has_name (change->live, name); i++) {
    g_autofree char *more = g_strdup_printf ("%s_%u", rest, i);
    g_free (name);
    name = corm_name_make (prefix, table, more);
  }
  return name;
}

static char *
name_check (const CormChange *change, const CormCheck *check)
{
  guint at = 0;
  if (change->table == NULL || !g_ptr_array_find (change->table->checks, check, &at))
    g_ptr_array_find (change->live->checks, check, &at);
  g_autofree char *number = g_strdup_printf ("%u", at + 1);
  return free_name (change, "ck", number);
}

static char *
name_columns (const CormChange *change, const char *prefix, GStrv columns)
{
  g_autofree char *list = g_strjoinv ("_", columns);
  return free_name (change, prefix, list);
}

char *
corm_planner_name (const CormChange *change)
{
  gconstpointer part = change->part != NULL ? change->part : change->is;
  if (change->name != NULL || part == NULL)
    return g_strdup (change->name);
  switch (change->kind) {
  case CORM_OP_DROP_PRIMARY_KEY:
    return g_strconcat (change->live->name, "_pkey", NULL); /* the server's own */
  case CORM_OP_ADD_UNIQUE:
  case CORM_OP_DROP_UNIQUE:
    return name_columns (change, "uq", ((const CormKey *) part)->columns);
  case CORM_OP_ADD_FOREIGN_KEY:
  case CORM_OP_DROP_FOREIGN_KEY:
    return name_columns (change, "fk", ((const CormForeignKey *) part)->columns);
  case CORM_OP_ADD_CHECK:
  case CORM_OP_DROP_CHECK:
    return name_check (change, part);
  default:
    return NULL;
  }
}

/* What @live was called before this migration. */
static const char *
former_name (const CormPlanner *planner, const CormTable *live)
{
  guint at;
  if (planner->diff != NULL && g_ptr_array_find (planner->diff->from->tables, live, &at))
    return ((const CormTable *) planner->diff->before->tables->pdata[at])->name;
  return live->name;
}

char *
corm_planner_live_name (const CormPlanner *planner, const CormChange *change)
{
  if (change->kind == CORM_OP_DROP_PRIMARY_KEY && change->name == NULL)
    return g_strconcat (former_name (planner, change->live), "_pkey", NULL);
  return corm_planner_name (change);
}
