/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What foreign keys point to, those of columns and those of constraints alike: a table of the registry, columns of
 * the same types, and a key. */
#include "model/check.h"
#include "model/list.h"

#include <string.h>

static GStrv
split_columns (const char *list)
{
  const char *fault = NULL;
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GPtrArray) parts = corm_list_parse (list != NULL ? list : "", &fault);
  for (guint i = 0; parts != NULL && i < parts->len; i++)
    g_strv_builder_add (names, ((CormListPart *) parts->pdata[i])->sql);
  return g_strv_builder_end (names);
}

void
corm_mapping_foreach_reference (const CormMapping *mapping, CormReferenceFunc func, gpointer data)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    const char *const columns[] = { mapping->fields[i].name, NULL };
    if (mapping->fields[i].column->references != NULL)
      func (mapping, columns, mapping->fields[i].column->references, data);
  }
  for (gsize i = 0; i < mapping->model->n_constraints; i++) {
    const CormConstraint *constraint = &mapping->model->constraints[i];
    g_auto (GStrv) columns = split_columns (constraint->columns);
    if (constraint->references != NULL && columns[0] != NULL)
      func (mapping, (const char *const *) columns, constraint->references, data);
  }
}

/* The same names, in whatever order. */
static gboolean
is_same_set (const char *const *a, const char *const *b)
{
  if (g_strv_length ((GStrv) a) != g_strv_length ((GStrv) b))
    return FALSE;
  for (; *a != NULL; a++)
    if (!g_strv_contains (b, *a))
      return FALSE;
  return TRUE;
}

static gboolean
is_same_list (const char *const *columns, const char *list)
{
  g_auto (GStrv) names = split_columns (list);
  return is_same_set (columns, (const char *const *) names);
}

static gboolean
is_primary_key (const CormMapping *mapping, const char *const *columns)
{
  for (guint i = 0; i < mapping->n_keys; i++)
    if (!g_strv_contains (columns, mapping->fields[mapping->keys[i]].name))
      return FALSE;
  return mapping->n_keys == g_strv_length ((GStrv) columns);
}

static gboolean
is_unique (const CormMapping *mapping, const char *const *columns)
{
  const CormModel *model = mapping->model;
  const CormField *field = corm_mapping_find_name (mapping, columns[0]);
  if (is_primary_key (mapping, columns) || (columns[1] == NULL && field->column->unique))
    return TRUE;
  for (gsize i = 0; i < model->n_constraints; i++)
    if (model->constraints[i].references == NULL && is_same_list (columns, model->constraints[i].columns))
      return TRUE;
  for (gsize i = 0; i < model->n_indexes; i++)
    if (model->indexes[i].unique && model->indexes[i].where == NULL &&
        is_same_list (columns, model->indexes[i].columns))
      return TRUE;
  return FALSE;
}

/* Every one of @names is among @fields; there is at least one. */
static gboolean
are_among (const char *list, const CormField *const *fields, guint n)
{
  g_auto (GStrv) names = split_columns (list);
  gboolean all = names[0] != NULL;
  for (guint i = 0; names[i] != NULL; i++) {
    gboolean found = FALSE;
    for (guint j = 0; j < n; j++)
      found = found || strcmp (fields[j]->name, names[i]) == 0;
    all = all && found;
  }
  return all;
}

gboolean
corm_mapping_is_unique (const CormMapping *mapping, const CormField *const *fields, guint n)
{
  const CormModel *model = mapping->model;
  guint n_keys = 0;
  for (guint i = 0; i < n; i++) {
    if (fields[i]->column->unique)
      return TRUE;
    n_keys += fields[i]->is_key ? 1 : 0;
  }
  if (n_keys > 0 && n_keys == mapping->n_keys)
    return TRUE;
  for (gsize i = 0; i < model->n_constraints; i++)
    if (model->constraints[i].references == NULL && are_among (model->constraints[i].columns, fields, n))
      return TRUE;
  for (gsize i = 0; i < model->n_indexes; i++)
    if (model->indexes[i].unique && model->indexes[i].where == NULL &&
        are_among (model->indexes[i].columns, fields, n))
      return TRUE;
  return FALSE;
}

static gboolean
is_same_type (const CormSqlType *a, const CormSqlType *b)
{
  return a->type == b->type && a->precision == b->precision && a->scale == b->scale;
}

static void
check_types (CormFaults *faults, const CormMapping *from, const char *const *columns, const CormMapping *to,
             const char *const *targets)
{
  for (guint i = 0; columns[i] != NULL; i++) {
    const CormField *field = corm_mapping_find_name (from, columns[i]);
    const CormField *target = corm_mapping_find_name (to, targets[i]);
    if (field != NULL && !is_same_type (&field->type, &target->type))
      corm_faults_add (
          faults, from->model,
          "column '%s' is of type %s, but references %s.%s of type %s; give both members the same type",
          field->name, corm_type_name (field->type.type), to->model->table, target->name,
          corm_type_name (target->type.type));
  }
}

/* Both sides are there. */
static void
check_pair (CormFaults *faults, const CormMapping *from, const char *const *columns, const CormMapping *to,
            const char *const *targets)
{
  g_autofree char *names = g_strjoinv (", ", (GStrv) columns);
  g_autofree char *target_names = g_strjoinv (", ", (GStrv) targets);
  for (guint i = 0; targets[i] != NULL; i++)
    if (corm_mapping_find_name (to, targets[i]) == NULL) {
      corm_faults_add (faults, from->model,
                       "column '%s' references %s.%s, but model %s has no such column; mend .references",
                       names, to->model->table, targets[i], to->model->type);
      return;
    }
  if (g_strv_length ((GStrv) columns) != g_strv_length ((GStrv) targets)) {
    corm_faults_add (faults, from->model,
                     "columns '%s' reference %s (%s), which are not as many; mend .references", names,
                     to->model->table, target_names);
    return;
  }
  check_types (faults, from, columns, to, targets);
  if (!is_unique (to, targets))
    corm_faults_add (
        faults, from->model,
        "column '%s' references %s (%s), which is neither the primary key nor unique; make it .unique or "
        "reference the key",
        names, to->model->table, target_names);
}

typedef struct {
  CormFaults *faults;
  CormRegistry *registry;
} Check;

static void
check_reference (const CormMapping *from, const char *const *columns, const char *reference, gpointer data)
{
  Check *check = data;
  g_autofree char *table = NULL;
  g_autofree char *names = g_strjoinv (", ", (GStrv) columns);
  g_auto (GStrv) targets = NULL;
  if (!corm_reference_parse (reference, &table, &targets)) {
    corm_faults_add (
        check->faults, from->model,
        "column '%s' references \"%s\", which is not of the form \"table.column\" or \"table (a, b)\"; "
        "mend .references",
        names, reference);
    return;
  }
  const CormMapping *to = corm_registry_find_table (check->registry, table);
  if (to == NULL)
    corm_faults_add (
        check->faults, from->model,
        "column '%s' references the table '%s', which no model of the registry has; register its model or "
        "mend .references",
        names, table);
  else
    check_pair (check->faults, from, columns, to, (const char *const *) targets);
}

void
corm_check_references (CormFaults *faults, CormRegistry *registry, const CormMapping *mapping)
{
  Check check = { faults, registry };
  corm_mapping_foreach_reference (mapping, check_reference, &check);
}
