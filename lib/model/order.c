/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order in which tables can be created and filled: referenced ones first. A foreign key that may be NULL can wait,
 * so only a cycle of keys that may not is a fault. The order is the registration's wherever the keys leave a choice. */
#include "model/check.h"
#include "model/list.h"

#include <string.h>

/* A table, and who waits for it. */
typedef struct {
  const CormMapping *mapping;
  gboolean placed;
  guint n_waits[2]; /* references to tables that are not placed: all of them, and those that cannot be NULL */
  GArray *waiters;  /* Waiter */
} Place;

typedef struct {
  guint place;
  gboolean strict;
} Waiter;

typedef struct {
  CormRegistry *registry;
  Place *places; /* in the order of the registration */
  guint n;
  GHashTable *numbers; /* CormMapping -> its place + 1 */
  GPtrArray *placed;   /* the result */
} Order;

static Place *
get_place (const Order *order, const CormMapping *mapping)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (order->numbers, mapping));
  return number > 0 ? &order->places[number - 1] : NULL;
}

static gboolean
can_wait (const CormMapping *from, const char *const *columns)
{
  for (; *columns != NULL; columns++) {
    const CormField *field = corm_mapping_find_name (from, *columns);
    if (field == NULL || field->nullable)
      return TRUE;
  }
  return FALSE;
}

/* The place that a reference of @from waits for; NULL: none. */
static Place *
find_target (const Order *order, const CormMapping *from, const char *reference, gboolean weak)
{
  g_autofree char *table = NULL;
  g_auto (GStrv) targets = NULL;
  if (!corm_reference_parse (reference, &table, &targets))
    return NULL;
  const CormMapping *to = corm_registry_find_table (order->registry, table);
  return to == NULL || (to == from && weak) ? NULL : get_place (order, to);
}

static void
add_wait (const CormMapping *from, const char *const *columns, const char *reference, gpointer data)
{
  Order *order = data;
  gboolean weak = can_wait (from, columns);
  Place *place = get_place (order, from), *target = find_target (order, from, reference, weak);
  if (target == NULL)
    return;
  Waiter waiter = { (guint) (place - order->places), !weak };
  g_array_append_val (target->waiters, waiter);
  place->n_waits[0]++;
  place->n_waits[1] += waiter.strict;
}

static void
put (Order *order, Place *place)
{
  place->placed = TRUE;
  g_ptr_array_add (order->placed, (gpointer) place->mapping);
  for (guint i = 0; i < place->waiters->len; i++) {
    const Waiter *waiter = &g_array_index (place->waiters, Waiter, i);
    order->places[waiter->place].n_waits[0]--;
    order->places[waiter->place].n_waits[1] -= waiter->strict;
  }
}

/* The first table that waits for none; @strict_only: but by keys that may be NULL. */
static Place *
find_free (const Order *order, gboolean strict_only)
{
  for (guint i = 0; i < order->n; i++)
    if (!order->places[i].placed && order->places[i].n_waits[strict_only ? 1 : 0] == 0)
      return &order->places[i];
  return NULL;
}

/* --- circles ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const Order *order;
  const CormMapping *missing;
} Reason;

static void
find_missing (const CormMapping *from, const char *const *columns, const char *reference, gpointer data)
{
  Reason *reason = data;
  if (reason->missing != NULL || can_wait (from, columns))
    return;
  const Place *target = find_target (reason->order, from, reference, FALSE);
  if (target != NULL && !target->placed)
    reason->missing = target->mapping;
}

/* The first table that @mapping waits for by a key that cannot be NULL. */
static const CormMapping *
find_reason (const Order *order, const CormMapping *mapping)
{
  Reason reason = { order, NULL };
  corm_mapping_foreach_reference (mapping, find_missing, &reason);
  return reason.missing;
}

/* Follows the reasons from @start until one comes again, and lists the round. Returns one of its tables. */
static Place *
add_circle (CormFaults *faults, const Order *order, const CormMapping *start)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  guint first = 0;
  const CormMapping *at = start;
  for (; !g_ptr_array_find (path, at, &first); at = find_reason (order, at))
    g_ptr_array_add (path, (gpointer) at);
  g_autoptr (GString) round = g_string_new (NULL);
  for (guint i = first; i < path->len; i++)
    g_string_append_printf (round, "%s -> ", ((CormMapping *) path->pdata[i])->model->table);
  g_string_append (round, at->model->table);
  corm_faults_add (
      faults, at->model,
      "foreign keys that cannot be NULL go round in a circle, %s, so that no first row can be inserted; make "
      "one of the members a CormOpt… type",
      round->str);
  return get_place (order, at);
}

/* --- the order ---------------------------------------------------------------------------------------------------- */

static void
order_init (Order *order, CormRegistry *registry, const GPtrArray *mappings)
{
  *order = (Order){ .registry = registry, .n = mappings->len };
  order->placed = g_ptr_array_sized_new (mappings->len);
  order->places = g_new0 (Place, mappings->len + 1);
  order->numbers = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < order->n; i++) {
    order->places[i].mapping = mappings->pdata[i];
    order->places[i].waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
    g_hash_table_insert (order->numbers, mappings->pdata[i], GUINT_TO_POINTER (i + 1));
  }
  for (guint i = 0; i < order->n; i++)
    corm_mapping_foreach_reference (order->places[i].mapping, add_wait, order);
}

GPtrArray *
corm_order_mappings (CormFaults *faults, CormRegistry *registry, const GPtrArray *mappings)
{
  Order order;
  order_init (&order, registry, mappings);
  while (order.placed->len < order.n) {
    Place *next = find_free (&order, FALSE);
    if (next == NULL)
      next = find_free (&order, TRUE);
    for (guint i = 0; next == NULL; i++)
      if (!order.places[i].placed) /* and on, for the next circle */
        next = add_circle (faults, &order, order.places[i].mapping);
    put (&order, next);
  }
  for (guint i = 0; i < order.n; i++)
    g_array_unref (order.places[i].waiters);
  g_free (order.places);
  g_hash_table_unref (order.numbers);
  return order.placed;
}
