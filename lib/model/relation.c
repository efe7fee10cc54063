/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What relations hold: a model of the registry, reached over a column that points the right way. */
#include "model/check.h"
#include "model/list.h"

#include <string.h>

static void
check_belongs_to (CormFaults *faults, const CormMapping *mapping, const CormRelation *relation,
                  const CormMapping *target)
{
  const CormModel *model = mapping->model;
  const CormField *key = corm_mapping_find_field (mapping, relation->key);
  if (key == NULL) {
    corm_faults_add (faults, model,
                     "relation '%s' goes over a member that is no column; add a CORM_COLUMN for it",
                     relation->name);
    return;
  }
  if (target->n_keys != 1) {
    corm_faults_add (faults, model, "relation '%s' needs a primary key of one column in %s (%s); it has %u",
                     relation->name, target->model->type, target->model->table, target->n_keys);
    return;
  }
  const CormField *primary = &target->fields[target->keys[0]];
  if (key->type.type != primary->type.type)
    corm_faults_add (
        faults, model,
        "relation '%s' goes over column '%s' of type %s, but the primary key %s.%s is of type %s; give both "
        "members the same type",
        relation->name, key->name, corm_type_name (key->type.type), target->model->table, primary->name,
        corm_type_name (primary->type.type));
}

typedef struct {
  const char *column;
  const char *table;
  gboolean found;
} Search;

static void
match_reference (G_GNUC_UNUSED const CormMapping *from, const char *const *columns, const char *reference,
                 gpointer data)
{
  Search *search = data;
  g_autofree char *table = NULL;
  g_auto (GStrv) targets = NULL;
  if (g_strv_contains (columns, search->column) && corm_reference_parse (reference, &table, &targets))
    search->found = search->found || strcmp (table, search->table) == 0;
}

static void
check_has (CormFaults *faults, const CormMapping *mapping, const CormRelation *relation,
           const CormMapping *target)
{
  const CormModel *model = mapping->model;
  const CormField *key = corm_mapping_find_field (target, relation->key);
  if (key == NULL) {
    corm_faults_add (faults, model,
                     "relation '%s' goes over a member of %s that is no column; add a CORM_COLUMN for it",
                     relation->name, target->model->type);
    return;
  }
  Search search = { key->name, model->table != NULL ? model->table : "", FALSE };
  corm_mapping_foreach_reference (target, match_reference, &search);
  if (!search.found)
    corm_faults_add (
        faults, model,
        "relation '%s' goes over %s.%s, which does not reference the table %s; give that column .references "
        "or name the right one",
        relation->name, target->model->table, key->name, model->table);
  if (mapping->n_keys != 1)
    corm_faults_add (faults, model, "relation '%s' needs a primary key of one column; the model has %u",
                     relation->name, mapping->n_keys);
}

void
corm_check_relations (CormFaults *faults, CormRegistry *registry, const CormMapping *mapping)
{
  for (gsize i = 0; i < mapping->model->n_relations; i++) {
    const CormRelation *relation = &mapping->model->relations[i];
    const CormMapping *target =
        relation->target != NULL ? corm_registry_find_mapping (registry, relation->target) : NULL;
    if (target == NULL)
      corm_faults_add (faults, mapping->model,
                       "relation '%s' holds rows of model %s, which is not in the registry; register it too",
                       relation->name,
                       relation->target != NULL && relation->target->type != NULL ? relation->target->type
                                                                                  : "(none)");
    else if (relation->kind == CORM_BELONGS_TO_ONE)
      check_belongs_to (faults, mapping, relation, target);
    else
      check_has (faults, mapping, relation, target);
  }
}
