/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The model of an association table. It is a model like any other, with a struct that nobody wrote: the members lie one
 * behind the other in the order of the columns. */
#include "model/association.h"

#include "model/ctype.h"
#include "model/list.h"
#include "model/name.h"

#include <string.h>

typedef struct {
  CormArena *arena;
  CormModel *model;
  CormColumn *columns;
  CormConstraint *constraints;
  gsize alignment;
} Build;

static const char *
keep (Build *build, char *text)
{
  const char *copy = corm_arena_copy (build->arena, text, strlen (text));
  g_free (text);
  return copy;
}

static gsize
round_up (gsize offset, gsize alignment)
{
  return (offset + alignment - 1) / alignment * alignment;
}

/* A column named @name that holds what the key's column @of holds. */
static CormColumn *
add_column (Build *build, const char *name, const CormField *of)
{
  const CormCTypeInfo *info = corm_ctype_get_info (of->ctype);
  CormColumn *column = &build->columns[build->model->n_columns++];
  column->name = column->member = keep (build, g_strdup (name));
  column->ctype = of->ctype;
  column->primary_key = column->not_null = true;
  column->max_length = of->column->max_length;
  column->precision = of->column->precision;
  column->scale = of->column->scale;
  column->labels = of->column->labels;
  column->enum_type = of->column->enum_type;
  column->raw = of->column->raw;
  if (info == NULL) /* the key's own model has a fault for it */
    return column;
  column->offset = round_up (build->model->size, info->alignment);
  build->model->size = column->offset + info->size;
  build->alignment = MAX (build->alignment, info->alignment);
  return column;
}

/* The foreign key of @names to the primary key of @to. */
static void
add_key (Build *build, const char *list, GPtrArray *names, const CormMapping *to)
{
  CormColumn *first = NULL;
  g_autoptr (GString) targets = g_string_new (NULL);
  for (guint i = 0; i < names->len; i++) {
    const CormField *key = &to->fields[to->keys[i]];
    CormColumn *column = add_column (build, ((CormListPart *) names->pdata[i])->sql, key);
    first = i == 0 ? column : first;
    g_string_append_printf (targets, "%s%s", i > 0 ? ", " : "", key->name);
  }
  const char *table = to->model->table != NULL ? to->model->table : "";
  if (names->len == 1) {
    first->references = keep (build, g_strdup_printf ("%s.%s", table, targets->str));
    first->on_delete = CORM_CASCADE;
    return;
  }
  CormConstraint *constraint = &build->constraints[build->model->n_constraints++];
  constraint->name = keep (build, corm_name_make ("fk", build->model->table, first->name));
  constraint->columns = list;
  constraint->references = keep (build, g_strdup_printf ("%s (%s)", table, targets->str));
  constraint->on_delete = CORM_CASCADE;
}

/* For the way from the far side to the near one, which the primary key does not serve. */
static void
add_index (Build *build, const char *list, GPtrArray *names)
{
  CormIndex *index = corm_arena_alloc (build->arena, sizeof *index);
  index->name = keep (
      build, corm_name_make ("idx", build->model->table, ((const CormListPart *) names->pdata[0])->sql));
  index->columns = list;
  build->model->indexes = index;
  build->model->n_indexes = 1;
}

/* The columns of one side, as many as the primary key of @to has; else a fault. */
static GPtrArray *
read_side (CormFaults *faults, const CormModel *owner, const CormRelation *relation, const char *list,
           const CormMapping *to)
{
  const char *fault = NULL;
  GPtrArray *names = corm_list_parse (list != NULL ? list : "", &fault);
  if (names != NULL && names->len == to->n_keys && names->len <= CORM_KEY_MAX)
    return names;
  corm_faults_add (faults, owner,
                   "relation '%s' has \"%s\" in the table '%s' for the primary key of %s, which has %u "
                   "column%s; name as many, at most %d",
                   relation->name, list != NULL ? list : "", relation->table, to->model->type, to->n_keys,
                   to->n_keys == 1 ? "" : "s", CORM_KEY_MAX);
  g_clear_pointer (&names, g_ptr_array_unref);
  return NULL;
}

const CormModel *
corm_association_new (CormFaults *faults, const CormMapping *owner, const CormRelation *relation,
                      const CormMapping *target, CormArena *arena)
{
  g_autoptr (GPtrArray) near = read_side (faults, owner->model, relation, relation->near_key, owner);
  g_autoptr (GPtrArray) far =
      near != NULL ? read_side (faults, owner->model, relation, relation->far_key, target) : NULL;
  if (far == NULL)
    return NULL;
  CormModel *model = corm_arena_alloc (arena, sizeof *model);
  Build build = { arena, model, corm_arena_alloc (arena, (near->len + far->len) * sizeof (CormColumn)),
                  corm_arena_alloc (arena, 2 * sizeof (CormConstraint)), 1 };
  model->type = model->table = relation->table;
  model->columns = build.columns;
  model->constraints = build.constraints;
  add_key (&build, relation->near_key, near, owner);
  add_key (&build, relation->far_key, far, target);
  add_index (&build, relation->far_key, far);
  model->size = round_up (model->size, build.alignment);
  return model;
}
