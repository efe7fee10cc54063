/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The order in which tables can be created and filled: referenced ones first. A foreign key that may be NULL can wait,
 * so only a cycle of keys that may not is a fault. The order is the registration's wherever the keys leave a choice. */
#include "model/check.h"
#include "model/list.h"

#include <string.h>

typedef struct {
  CormRegistry *registry;
  const GPtrArray *placed;
  gboolean strict_only;       /* look at keys that cannot be NULL only */
  const CormMapping *missing; /* a referenced one that is not placed */
} Wait;

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

static void
find_missing (const CormMapping *from, const char *const *columns, const char *reference, gpointer data)
{
  Wait *wait = data;
  g_autofree char *table = NULL;
  g_auto (GStrv) targets = NULL;
  gboolean weak = can_wait (from, columns);
  if (wait->missing != NULL || (wait->strict_only && weak) ||
      !corm_reference_parse (reference, &table, &targets))
    return;
  const CormMapping *to = corm_registry_find_table (wait->registry, table);
  gboolean own = to == from && weak;
  if (to != NULL && !own && !g_ptr_array_find ((GPtrArray *) wait->placed, to, NULL))
    wait->missing = to;
}

/* What @mapping has to wait for, NULL: nothing. */
static const CormMapping *
find_reason (CormRegistry *registry, const GPtrArray *placed, const CormMapping *mapping,
             gboolean strict_only)
{
  Wait wait = { registry, placed, strict_only, NULL };
  corm_mapping_foreach_reference (mapping, find_missing, &wait);
  return wait.missing;
}

static gboolean
place_next (CormRegistry *registry, GPtrArray *placed, const GPtrArray *mappings, gboolean strict_only)
{
  for (guint i = 0; i < mappings->len; i++) {
    if (g_ptr_array_find (placed, mappings->pdata[i], NULL) ||
        find_reason (registry, placed, mappings->pdata[i], strict_only) != NULL)
      continue;
    g_ptr_array_add (placed, mappings->pdata[i]);
    return TRUE;
  }
  return FALSE;
}

/* Follows the reasons from @start until one comes again, and lists the round. Returns one of its tables. */
static const CormMapping *
add_cycle (CormFaults *faults, CormRegistry *registry, const GPtrArray *placed, const CormMapping *start)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  guint first = 0;
  const CormMapping *at = start;
  for (; !g_ptr_array_find (path, at, &first); at = find_reason (registry, placed, at, TRUE))
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
  return at;
}

static const CormMapping *
find_unplaced (const GPtrArray *placed, const GPtrArray *mappings)
{
  for (guint i = 0; i < mappings->len; i++)
    if (!g_ptr_array_find ((GPtrArray *) placed, mappings->pdata[i], NULL))
      return mappings->pdata[i];
  return NULL;
}

GPtrArray *
corm_order_mappings (CormFaults *faults, CormRegistry *registry, const GPtrArray *mappings)
{
  GPtrArray *placed = g_ptr_array_new ();
  const CormMapping *stuck;
  while ((stuck = find_unplaced (placed, mappings)) != NULL) {
    if (place_next (registry, placed, mappings, FALSE) || place_next (registry, placed, mappings, TRUE))
      continue;
    /* And on, for the next circle. */
    g_ptr_array_add (placed, (gpointer) add_cycle (faults, registry, placed, stuck));
  }
  return placed;
}
