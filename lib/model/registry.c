/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The set of models that a program works with. It is checked as a whole when it is made and never changes, so any
 * thread may read it. */
#include "model/association.h"

#include <corm/error.h>

struct _CormRegistry {
  gatomicrefcount references;
  GPtrArray *mappings;      /* CormMapping, in the order of registration */
  GHashTable *by_model;     /* CormModel -> CormMapping */
  GHashTable *by_table;     /* its name -> CormMapping */
  const CormModel **models; /* in the order of references, ended by NULL */
  CormArena *arena;         /* the models of association tables */
};

static CormRegistry *
create (void)
{
  CormRegistry *registry = g_new0 (CormRegistry, 1);
  g_atomic_ref_count_init (&registry->references);
  registry->mappings = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_mapping_free);
  registry->by_model = g_hash_table_new (NULL, NULL);
  registry->by_table = g_hash_table_new (g_str_hash, g_str_equal);
  registry->arena = corm_arena_new ();
  return registry;
}

static void
add_model (CormFaults *faults, CormRegistry *registry, const CormModel *model)
{
  if (g_hash_table_contains (registry->by_model, model)) {
    corm_faults_add (faults, model, "it is registered twice; name each model once");
    return;
  }
  CormMapping *mapping = corm_mapping_new (model);
  mapping->registry = registry;
  g_ptr_array_add (registry->mappings, mapping);
  g_hash_table_insert (registry->by_model, (gpointer) model, mapping);
  if (model->table != NULL && !g_hash_table_contains (registry->by_table, model->table))
    g_hash_table_insert (registry->by_table, (gpointer) model->table, mapping);
}

/* Makes the tables that relations of @owner go through and no model has. */
static void
add_associations (CormFaults *faults, CormRegistry *registry, const CormMapping *owner)
{
  for (gsize i = 0; i < owner->model->n_relations; i++) {
    const CormRelation *relation = &owner->model->relations[i];
    const CormMapping *target =
        relation->target != NULL ? corm_registry_find_mapping (registry, relation->target) : NULL;
    if (relation->kind != CORM_MANY_TO_MANY_ROWS || relation->through != NULL || relation->table == NULL ||
        target == NULL || g_hash_table_contains (registry->by_table, relation->table))
      continue;
    const CormModel *model = corm_association_new (faults, owner, relation, target, registry->arena);
    if (model == NULL)
      continue;
    add_model (faults, registry, model);
    ((CormMapping *) g_hash_table_lookup (registry->by_table, relation->table))->is_association = TRUE;
  }
}

static void
check (CormFaults *faults, CormRegistry *registry)
{
  for (guint i = 0; i < registry->mappings->len; i++) {
    CormMapping *mapping = registry->mappings->pdata[i];
    corm_check_model (faults, mapping);
    corm_check_layout (faults, mapping);
    corm_check_roles (faults, mapping);
    corm_check_parts (faults, mapping);
    corm_check_references (faults, registry, mapping);
    corm_resolve_relations (faults, registry, mapping);
  }
  corm_check_unique_names (faults, registry->mappings);
}

static void
order (CormFaults *faults, CormRegistry *registry)
{
  g_autoptr (GPtrArray) ordered = corm_order_mappings (faults, registry, registry->mappings);
  registry->models = g_new0 (const CormModel *, ordered->len + 1);
  for (guint i = 0; i < ordered->len; i++)
    registry->models[i] = ((const CormMapping *) ordered->pdata[i])->model;
}

CormRegistry *
corm_registry_new_array (const CormModel *const *models, GError **error)
{
  g_return_val_if_fail (models != NULL, NULL);
  g_autoptr (CormRegistry) registry = create ();
  g_autoptr (GString) text = g_string_new (NULL);
  CormFaults faults = { text, 0 };
  for (; *models != NULL; models++)
    add_model (&faults, registry, *models);
  guint n = registry->mappings->len; /* those made have no relations */
  for (guint i = 0; i < n; i++)
    add_associations (&faults, registry, registry->mappings->pdata[i]);
  check (&faults, registry);
  order (&faults, registry);
  if (faults.n == 0)
    return g_steal_pointer (&registry);
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_SCHEMA, text->str);
  return NULL;
}

CormRegistry *
corm_registry_new (GError **error, ...)
{
  g_autoptr (GPtrArray) models = g_ptr_array_new ();
  va_list args;
  va_start (args, error);
  for (gpointer model = va_arg (args, gpointer); model != NULL; model = va_arg (args, gpointer))
    g_ptr_array_add (models, model);
  va_end (args);
  g_ptr_array_add (models, NULL);
  return corm_registry_new_array ((const CormModel *const *) models->pdata, error);
}

CormRegistry *
corm_registry_ref (CormRegistry *registry)
{
  g_return_val_if_fail (registry != NULL, NULL);
  g_atomic_ref_count_inc (&registry->references);
  return registry;
}

void
corm_registry_free (CormRegistry *registry)
{
  if (registry == NULL || !g_atomic_ref_count_dec (&registry->references))
    return;
  g_hash_table_unref (registry->by_model);
  g_hash_table_unref (registry->by_table);
  g_ptr_array_unref (registry->mappings);
  g_free (registry->models);
  corm_arena_free (registry->arena);
  g_free (registry);
}

const CormModel *const *
corm_registry_get_models (CormRegistry *registry)
{
  g_return_val_if_fail (registry != NULL, NULL);
  return registry->models;
}

const CormMapping *
corm_registry_find_mapping (CormRegistry *registry, const CormModel *model)
{
  return g_hash_table_lookup (registry->by_model, model);
}

const CormMapping *
corm_registry_find_table (CormRegistry *registry, const char *table)
{
  return g_hash_table_lookup (registry->by_table, table);
}
