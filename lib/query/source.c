/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query's tables as a scope. A model is found in the registry, a shape among the common table expressions or as the
 * outputs of the query that it stands for. */
#include "query/outputs.h"

#include "model/path.h"

#include <corm/error.h>

CormRegistry *
corm_scope_get_registry (const CormScope *scope)
{
  for (; scope != NULL; scope = scope->outer) {
    if (scope->registry != NULL)
      return scope->registry;
    if (scope->n_tables > 0 && scope->tables[0].mapping->registry != NULL)
      return scope->tables[0].mapping->registry;
  }
  return NULL;
}

CormScope
corm_scope_bare (const CormScope *outer)
{
  return (CormScope){
    .registry = corm_scope_get_registry (outer),
    .defined = outer->defined,
    .arena = outer->arena,
  };
}

static const CormMapping *
refuse_model (const CormModel *model, GError **error)
{
  if (model->is_shape)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "the shape %s is no table: say what its rows are with corm_query_define(), corm_query_new_from() or "
        "corm_query_join_query()",
        model->type);
  else
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "model %s is not in the registry that the database was opened with: add &%s_model to "
                 "corm_registry_new()",
                 model->type, model->type);
  return NULL;
}

const CormMapping *
corm_scope_find_mapping (const CormScope *scope, const CormModel *model, GError **error)
{
  const CormModel *base = model->alias_of != NULL ? model->alias_of : model;
  for (const CormScopeDefined *defined = scope->defined; base->is_shape && defined != NULL;
       defined = defined->next)
    if (defined->table.model == base)
      return defined->table.mapping;
  CormRegistry *registry = corm_scope_get_registry (scope);
  const CormMapping *mapping =
      registry != NULL && !base->is_shape ? corm_registry_find_mapping (registry, base) : NULL;
  return mapping != NULL ? mapping : refuse_model (base, error);
}

/* Puts a common table expression in front of those that are known. */
static gboolean
define (CormScope *scope, const CormQueryDefinition *definition, CormArena *arena, GError **error)
{
  const CormMapping *mapping = corm_query_new_mapping (definition->body, scope, definition->as, error);
  if (mapping == NULL)
    return FALSE;
  CormScopeDefined *defined = corm_arena_alloc (arena, sizeof *defined);
  *defined = (CormScopeDefined){
    .table = { .model = definition->as, .mapping = mapping, .name = definition->as->table },
    .next = scope->defined,
  };
  scope->defined = defined;
  return TRUE;
}

static void
mark_missing (const CormQuerySource *sources, CormScopeTable *tables, guint n)
{
  for (guint i = 1; i < n; i++) {
    gboolean left = sources[i].join == CORM_LEFT_JOIN, right = sources[i].join == CORM_RIGHT_JOIN;
    gboolean full = sources[i].join == CORM_FULL_JOIN;
    tables[i].may_be_missing = left || full;
    for (guint j = 0; (right || full) && j < i; j++)
      tables[j].may_be_missing = true;
  }
}

/* --- along a relation -------------------------------------------------------------------------------------------- */

static gboolean
refuse_relation (const CormQuerySource *source, const CormMapping *mapping, GError **error)
{
  if (mapping == NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "a join along a relation of %s, which the query does not read before; join that first",
                 source->owner->type);
  else
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "query of %s: the member at byte %" G_GSIZE_FORMAT
                 " of %s is no relation of the model; name one of CORM_RELATIONS",
                 mapping->model->table, source->slot, source->owner->type);
  return FALSE;
}

/* a.x = b.y AND … */
static const CormExpr *
new_equality (CormArena *arena, const CormModel *a, const CormField *const *as, const CormModel *b,
              const CormField *const *bs, guint n)
{
  CormExpr *list = corm_arena_alloc (arena, (n + 1) * sizeof *list);
  for (guint i = 0; i < n; i++) {
    CormExpr *operands = corm_arena_alloc (arena, 3 * sizeof *operands);
    operands[0] = (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = a, .offset = as[i]->column->offset };
    operands[1] = (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = b, .offset = bs[i]->column->offset };
    operands[2].kind = CORM_EXPR_END;
    list[i] = (CormExpr){ .kind = CORM_EXPR_CALL, .function = CORM_FUNCTION_EQUAL, .operands = operands };
  }
  list[n].kind = CORM_EXPR_END;
  CormExpr *all = corm_arena_alloc (arena, sizeof *all);
  *all = (CormExpr){ .kind = CORM_EXPR_ALL, .operands = list };
  return n == 1 ? list : all;
}

/* The table between owner and target, under a name that no other join uses. */
static const CormModel *
add_through (const CormPath *path, guint i, CormScopeTable *table, CormArena *arena)
{
  char name[32];
  CormModel *model = corm_arena_alloc (arena, sizeof *model);
  int size = g_snprintf (name, sizeof name, "corm_through%u", i);
  *model = (CormModel){ .type = path->through->model->type, .alias_of = path->through->model };
  model->table = corm_arena_copy (arena, name, (gsize) size);
  *table = (CormScopeTable){ .model = model, .mapping = path->through, .name = model->table };
  return model;
}

/* Fills in the condition of source @i, which is joined along a relation. */
static gboolean
follow (CormQuerySource *source, guint i, CormScopeTable *tables, guint *n_tables, CormArena *arena,
        GError **error)
{
  const CormMapping *owner = NULL;
  for (guint j = 0; j < i; j++)
    if (tables[j].model == source->owner)
      owner = tables[j].mapping;
  const CormPath *path = owner != NULL ? corm_mapping_find_path (owner, source->slot) : NULL;
  if (path == NULL)
    return refuse_relation (source, owner, error);
  if (corm_model_resolve (source->model) != path->target->model) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "relation %s of %s leads to %s, not to %s; join that, or an alias of it",
                 path->relation->name, source->owner->type, path->target->model->type, source->model->type);
    return FALSE;
  }
  const CormModel *near = source->model;
  if (path->through != NULL) {
    near = add_through (path, i, &tables[*n_tables], arena);
    tables[*n_tables].may_be_missing = tables[i].may_be_missing;
    source->through = (int) (*n_tables)++;
    source->inner_on =
        new_equality (arena, near, path->far_fields, source->model, path->target_fields, path->n_far);
  }
  source->on = new_equality (arena, source->owner, path->owner_fields, near, path->near_fields, path->n);
  return TRUE;
}

static const CormQuerySource *
follow_relations (const CormQuery *query, CormScopeTable *tables, guint *n_tables, CormArena *arena,
                  GError **error)
{
  guint n = query->sources.n;
  gboolean any = FALSE;
  const CormQuerySource *from = query->sources.items;
  for (guint i = 0; i < n; i++)
    any = any || from[i].owner != NULL;
  if (!any)
    return from;
  CormQuerySource *sources =
      (CormQuerySource *) (gpointer) corm_arena_copy (arena, from, n * sizeof *sources);
  for (guint i = 0; i < n; i++)
    if (sources[i].owner != NULL && !follow (&sources[i], i, tables, n_tables, arena, error))
      return NULL;
  return sources;
}

/* --- the scope --------------------------------------------------------------------------------------------------- */

static gboolean
find_tables (const CormQuery *query, const CormScope *scope, CormScopeTable *tables, GError **error)
{
  const CormQuerySource *sources = query->sources.items;
  for (guint i = 0; i < query->sources.n; i++) {
    const CormModel *model = sources[i].model;
    tables[i].model = model;
    tables[i].name = model->table;
    tables[i].mapping = sources[i].query != NULL
                            ? corm_query_new_mapping (sources[i].query, scope, model, error)
                            : corm_scope_find_mapping (scope, model, error);
    if (tables[i].mapping == NULL)
      return FALSE;
  }
  return TRUE;
}

const CormScope *
corm_query_new_scope (CormQuery *query, const CormScope *outer, GError **error)
{
  guint n = query->sources.n;
  CormArena *arena = outer->arena != NULL ? outer->arena : query->arena;
  CormScope *scope = corm_arena_alloc (arena, sizeof *scope);
  CormScopeTable *tables = corm_arena_alloc (arena, 2 * n * sizeof *tables);
  *scope = corm_scope_bare (outer);
  scope->arena = arena;
  for (guint i = 0; i < query->definitions.n; i++)
    if (!define (scope, &CORM_QUERY_ITEMS (query->definitions, CormQueryDefinition)[i], arena, error))
      return NULL;
  if (!find_tables (query, scope, tables, error))
    return NULL;
  mark_missing (query->sources.items, tables, n);
  scope->sources = follow_relations (query, tables, &n, arena, error);
  if (scope->sources == NULL)
    return NULL;
  scope->tables = tables;
  scope->n_tables = n;
  if (outer->n_tables > 0 || outer->outer != NULL)
    scope->outer = outer;
  return scope;
}
