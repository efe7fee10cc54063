/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order in which tables can be created. A circle of foreign keys is entered where the list enters it first. */
#include "schema/diff.h"

typedef struct {
  GHashTable *tables; /* name -> table that is not placed yet */
  GPtrArray *placed;
} Order;

/* Its targets first. It is taken out before, so that a circle ends. */
static void
place (Order *order, CormTable *table)
{
  if (!g_hash_table_remove (order->tables, table->name))
    return;
  for (guint i = 0; i < table->foreign_keys->len; i++) {
    const CormForeignKey *key = table->foreign_keys->pdata[i];
    CormTable *target = g_hash_table_lookup (order->tables, key->target_table);
    if (target != NULL)
      place (order, target);
  }
  g_ptr_array_add (order->placed, table);
}

GPtrArray *
corm_tables_order (const GPtrArray *tables)
{
  g_autoptr (GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);
  Order order = { left, g_ptr_array_sized_new (tables->len) };
  for (guint i = 0; i < tables->len; i++)
    g_hash_table_insert (left, ((CormTable *) tables->pdata[i])->name, tables->pdata[i]);
  for (guint i = 0; i < tables->len; i++)
    place (&order, tables->pdata[i]);
  return order.placed;
}
