/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks of a model's indexes, constraints over several columns, and table checks. */
#include "model/check.h"
#include "model/list.h"

/* @what: "index 'idx_jobs_status'". Every part that is no expression is a column. */
static void
check_list (CormFaults *faults, const CormMapping *mapping, const char *what, const char *text,
            gboolean with_expressions)
{
  const char *fault = NULL;
  g_autoptr (GPtrArray) parts = corm_list_parse (text != NULL ? text : "", &fault);
  if (parts == NULL) {
    corm_faults_add (faults, mapping->model, "%s has the columns \"%s\": %s; mend the list", what,
                     text ? text : "", fault);
    return;
  }
  for (guint i = 0; i < parts->len; i++) {
    const CormListPart *part = parts->pdata[i];
    if (part->is_expression ? with_expressions : corm_mapping_find_name (mapping, part->sql) != NULL)
      continue;
    corm_faults_add (faults, mapping->model,
                     "%s is on '%s', which is no column of the model; mend the name%s", what, part->sql,
                     with_expressions ? " or, for an expression, put it in parentheses" : "");
  }
}

static void
check_index (CormFaults *faults, const CormMapping *mapping, const CormIndex *index)
{
  g_autofree char *what = g_strdup_printf ("index '%s'", index->name != NULL ? index->name : "");
  corm_faults_check_name (faults, mapping->model, what, index->name);
  check_list (faults, mapping, what, index->columns, TRUE);
  if (index->where != NULL && index->where[0] == '\0')
    corm_faults_add (faults, mapping->model, "%s has an empty .where; write a predicate or drop it", what);
}

static gboolean
can_be_null (const CormMapping *mapping, GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++) {
    const CormField *field = corm_mapping_find_name (mapping, ((CormListPart *) parts->pdata[i])->sql);
    if (field != NULL && !field->nullable)
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_defaults (const CormMapping *mapping, GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++) {
    const CormField *field = corm_mapping_find_name (mapping, ((CormListPart *) parts->pdata[i])->sql);
    if (field != NULL && !field->has_default)
      return FALSE;
  }
  return TRUE;
}

static void
check_action (CormFaults *faults, const CormMapping *mapping, const CormConstraint *constraint,
              const char *option, CormAction action)
{
  const char *fault = NULL;
  g_autoptr (GPtrArray) parts =
      corm_list_parse (constraint->columns != NULL ? constraint->columns : "", &fault);
  if (action == CORM_NO_ACTION || parts == NULL)
    return;
  if (constraint->references == NULL)
    corm_faults_add (faults, mapping->model,
                     "constraint '%s' has %s, but no .references; add the reference or drop it",
                     constraint->name, option);
  else if (action == CORM_SET_NULL && !can_be_null (mapping, parts))
    corm_faults_add (
        faults, mapping->model,
        "constraint '%s' has %s = CORM_SET_NULL, but not all of its columns can be NULL; take another action",
        constraint->name, option);
  else if (action == CORM_SET_DEFAULT && !has_defaults (mapping, parts))
    corm_faults_add (faults, mapping->model,
                     "constraint '%s' has %s = CORM_SET_DEFAULT, but not all of its columns have a default; "
                     "add .default_value",
                     constraint->name, option);
}

static void
check_constraint (CormFaults *faults, const CormMapping *mapping, const CormConstraint *constraint)
{
  g_autofree char *what =
      g_strdup_printf ("constraint '%s'", constraint->name != NULL ? constraint->name : "");
  corm_faults_check_name (faults, mapping->model, what, constraint->name);
  check_list (faults, mapping, what, constraint->columns, FALSE);
  check_action (faults, mapping, constraint, ".on_delete", constraint->on_delete);
  check_action (faults, mapping, constraint, ".on_update", constraint->on_update);
}

static void
check_check (CormFaults *faults, const CormMapping *mapping, const CormModelCheck *check)
{
  g_autofree char *what = g_strdup_printf ("check '%s'", check->name != NULL ? check->name : "");
  corm_faults_check_name (faults, mapping->model, what, check->name);
  if (check->sql == NULL || check->sql[0] == '\0')
    corm_faults_add (faults, mapping->model, "%s has no .sql; write an expression or drop it", what);
}

void
corm_check_parts (CormFaults *faults, const CormMapping *mapping)
{
  const CormModel *model = mapping->model;
  for (gsize i = 0; i < model->n_indexes; i++)
    check_index (faults, mapping, &model->indexes[i]);
  for (gsize i = 0; i < model->n_constraints; i++)
    check_constraint (faults, mapping, &model->constraints[i]);
  for (gsize i = 0; i < model->n_checks; i++)
    check_check (faults, mapping, &model->checks[i]);
}
