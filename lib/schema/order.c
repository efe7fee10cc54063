/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order in which tables can be created. A circle of foreign keys is entered where the list enters it first. */
#include "schema/diff.h"

#include <string.h>

static gboolean
is_placed (const GPtrArray *placed, const char *name)
{
  for (guint i = 0; i < placed->len; i++)
    if (strcmp (((const CormTable *) placed->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

static const CormTable *
find (const GPtrArray *tables, const char *name)
{
  for (guint i = 0; i < tables->len; i++)
    if (strcmp (((const CormTable *) tables->pdata[i])->name, name) == 0)
      return tables->pdata[i];
  return NULL;
}

static gboolean
is_ready (const GPtrArray *tables, const GPtrArray *placed, const CormTable *table)
{
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    const CormTable *target = find (tables, key->target_table);
    if (target != NULL && target != table && !is_placed (placed, target->name))
      return FALSE;
  }
  return TRUE;
}

GPtrArray *
corm_tables_order (const GPtrArray *tables)
{
  GPtrArray *placed = g_ptr_array_new ();
  while (placed->len < tables->len) {
    CormTable *next = NULL;
    CormTable *stuck = NULL;
    for (guint i = 0; i < tables->len && next == NULL; i++) {
      CormTable *table = tables->pdata[i];
      if (g_ptr_array_find (placed, table, NULL))
        continue;
      stuck = stuck != NULL ? stuck : table;
      next = is_ready (tables, placed, table) ? table : NULL;
    }
    g_ptr_array_add (placed, next != NULL ? next : stuck);
  }
  return placed;
}
