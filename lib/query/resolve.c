/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From the tree that a program built to what can be written down. Invariant: what comes out of here without an error is
 * SQL that each database takes, as far as it has the clause at all. */
#include "query/resolve.h"

#include "query/group.h"

#include <corm/error.h>

const char *
corm_wrapped_name (CormArena *arena, guint i)
{
  char name[16];
  int size = g_snprintf (name, sizeof name, "c%u", i + 1);
  return corm_arena_copy (arena, name, (gsize) size);
}

/* --- conditions ---------------------------------------------------------------------------------------------- */

static gboolean
check_conditions (const CormResolved *resolved, GError **error)
{
  CormQuery *query = resolved->query;
  const CormQuerySource *sources = resolved->scope->sources;
  for (guint i = 1; i < query->sources.n; i++) {
    CormScope before = *resolved->scope; /* a condition sees its own table and those in front of it */
    before.n_tables = i + 1;
    if (sources[i].on != NULL && sources[i].owner == NULL &&
        !corm_condition_check (&before, sources[i].on, 0, error))
      return FALSE;
  }
  for (guint i = 0; i < query->where.n; i++)
    if (!corm_condition_check (resolved->scope, &CORM_QUERY_ITEMS (query->where, CormExpr)[i], 0, error))
      return FALSE;
  for (guint i = 0; i < query->group.n; i++) {
    CormTyping typing;
    if (!corm_expr_check (resolved->scope, &CORM_QUERY_ITEMS (query->group, CormExpr)[i], 0, &typing, error))
      return FALSE;
  }
  for (guint i = 0; i < query->having.n; i++)
    if (!corm_condition_check (resolved->scope, &CORM_QUERY_ITEMS (query->having, CormExpr)[i],
                               CORM_ALLOW_AGGREGATE, error))
      return FALSE;
  return TRUE;
}

static gboolean
refuse (const CormResolved *resolved, const char *reason, GError **error)
{
  return corm_scope_refuse (resolved->scope, error, "%s", reason);
}

static gboolean
check_clauses (const CormResolved *resolved, GError **error)
{
  const CormQuery *query = resolved->query;
  gboolean many = resolved->is_grouped || query->distinct || query->distinct_on.n > 0 || query->parts.n > 0;
  if (query->limit > G_MAXINT64 || query->offset > G_MAXINT64)
    return refuse (resolved, "its limit or offset is negative, or beyond any table; 0 means no limit", error);
  if (query->distinct && query->distinct_on.n > 0)
    return refuse (resolved,
                   "it is distinct both ways; choose corm_query_distinct() or corm_query_distinct_on()",
                   error);
  if (query->distinct_on.n > 0 && query->order.n == 0)
    return refuse (resolved,
                   "which row is the first of a group is not said; corm_query_distinct_on() needs an order",
                   error);
  if (query->parts.n > 0 && query->distinct_on.n > 0)
    return refuse (resolved,
                   "a part of a set operation is distinct on something; put that into a query of its own",
                   error);
  if (query->lock != CORM_LOCK_NONE && many)
    return refuse (resolved, "it locks rows, but what it gives are groups or sets, not rows of a table",
                   error);
  if (query->with.n > 0 && (query->outputs.n > 0 || query->parts.n > 0 || query->sources.n > 1))
    return refuse (
        resolved,
        "relations are loaded with whole rows of one model; leave corm_query_with() or the outputs and joins",
        error);
  return TRUE;
}

/* --- order --------------------------------------------------------------------------------------------------- */

static gboolean
is_source (const CormResolved *resolved, const CormModel *model)
{
  for (guint i = 0; i < resolved->scope->n_tables; i++)
    if (resolved->scope->tables[i].model == model)
      return TRUE;
  return FALSE;
}

/* What a term of the order sorts by, in @expr; an output's member stands for its expression. */
static const CormExpr *
term_expr (const CormResolved *resolved, const CormOrder *term, CormExpr *expr)
{
  if (term->expr != NULL)
    return term->expr;
  for (guint i = 0; !is_source (resolved, term->model) && i < resolved->n_outputs; i++)
    if (resolved->outputs[i].model == term->model && resolved->outputs[i].offset == term->offset)
      return resolved->outputs[i].expr;
  *expr = (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = term->model, .offset = term->offset };
  return expr;
}

/* The output that a term sorts by; -1: none. */
static int
find_output (const CormResolved *resolved, const CormOrder *term)
{
  CormExpr column;
  const CormExpr *expr = term_expr (resolved, term, &column);
  for (guint i = 0; i < resolved->n_outputs; i++)
    if (resolved->outputs[i].expr == expr || corm_expr_equal (resolved->outputs[i].expr, expr))
      return (int) i;
  return -1;
}

static gboolean
resolve_order (CormResolved *resolved, GError **error)
{
  CormQuery *query = resolved->query;
  const CormOrder *terms = query->order.items;
  CormOrder *order = corm_arena_alloc (resolved->scope->arena, (query->order.n + 1) * sizeof *order);
  guint allow = CORM_ALLOW_WINDOW | (resolved->is_grouped ? CORM_ALLOW_AGGREGATE : 0);
  for (guint i = 0; i < query->order.n; i++) {
    CormExpr column;
    const CormExpr *expr = term_expr (resolved, &terms[i], &column);
    order[i] = terms[i];
    if (expr != &column) {
      order[i].expr = expr;
      order[i].model = NULL;
    }
    if (!corm_order_check (resolved->scope, &order[i], allow, error))
      return FALSE;
  }
  resolved->order = order;
  return TRUE;
}

/* --- the wrapping -------------------------------------------------------------------------------------------- */

static gboolean
needs_wrapping (const CormResolved *resolved)
{
  const CormQuery *query = resolved->query;
  if (query->parts.n > 0 || query->distinct_on.n > 0)
    return TRUE;
  if (query->distinct)
    return query->order.n > 0 || query->is_page;
  if (!query->is_page)
    return FALSE;
  for (const CormOrder *term = resolved->order; !corm_order_is_end (term); term++)
    if (term->expr != NULL && corm_expr_has_window (term->expr))
      return TRUE;
  return resolved->is_grouped;
}

/* A column of the wrapping for a term that is no output. FALSE: there may be none. */
static gboolean
carry (CormResolved *resolved, const CormExpr **carried, const CormOrder *term, GError **error)
{
  CormArena *arena = resolved->scope->arena;
  if (resolved->query->distinct_on.n == 0)
    return refuse (
        resolved,
        "it sorts by what it does not select; a query of sets or distinct rows sorts by its outputs", error);
  CormExpr *copy = corm_arena_alloc (arena, sizeof *copy);
  const CormExpr *expr = term_expr (resolved, term, copy);
  carried[resolved->n_carried++] = expr;
  return TRUE;
}

/* The fields of the wrapping: outputs, then what is carried. */
static const CormMapping *
new_wrapping_mapping (const CormResolved *resolved, const CormModel *model, const CormTyping *carried,
                      CormColumn *columns)
{
  CormArena *arena = resolved->scope->arena;
  guint n = resolved->n_outputs + resolved->n_carried;
  CormMapping *mapping = corm_arena_alloc (arena, sizeof *mapping);
  mapping->model = model;
  mapping->auto_key = -1;
  for (guint i = 0; i < CORM_N_ROLES; i++)
    mapping->roles[i] = -1;
  mapping->n_fields = n;
  mapping->fields = corm_arena_alloc (arena, n * sizeof *mapping->fields);
  for (guint i = 0; i < n; i++) {
    const CormTyping *typing =
        i < resolved->n_outputs ? &resolved->outputs[i].typing : &carried[i - resolved->n_outputs];
    if (typing->field != NULL)
      mapping->fields[i] = *typing->field;
    if (typing->field != NULL)
      columns[i] = *typing->field->column;
    columns[i].offset = i;
    columns[i].name = corm_wrapped_name (arena, i);
    mapping->fields[i].column = &columns[i];
    mapping->fields[i].name = columns[i].name;
    mapping->fields[i].type = typing->type;
    mapping->fields[i].nullable = true;
    mapping->fields[i].is_key = false;
  }
  return mapping;
}

static const CormExpr *
wrapped_column (CormArena *arena, const CormModel *model, guint i)
{
  CormExpr *expr = corm_arena_alloc (arena, sizeof *expr);
  *expr = (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = model, .offset = i };
  return expr;
}

static const CormScope *
new_wrapping_scope (const CormResolved *resolved, const CormTyping *carried)
{
  CormArena *arena = resolved->scope->arena;
  CormModel *model = corm_arena_alloc (arena, sizeof *model);
  CormScope *scope = corm_arena_alloc (arena, sizeof *scope);
  CormScopeTable *table = corm_arena_alloc (arena, sizeof *table);
  CormColumn *columns =
      corm_arena_alloc (arena, (resolved->n_outputs + resolved->n_carried) * sizeof *columns);
  *model = (CormModel){ .type = resolved->query->model->type, .table = CORM_WRAPPING, .is_shape = true };
  table->model = model;
  table->mapping = new_wrapping_mapping (resolved, model, carried, columns);
  table->name = CORM_WRAPPING;
  *scope = corm_scope_bare (resolved->scope);
  scope->tables = table;
  scope->n_tables = 1;
  return scope;
}

static void
wrap_outputs (CormResolved *resolved)
{
  CormArena *arena = resolved->scope->arena;
  const CormScopeTable *table = resolved->wrapping->tables;
  CormQueryOutput *wrapped = corm_arena_alloc (arena, resolved->n_outputs * sizeof *wrapped);
  for (guint i = 0; i < resolved->n_outputs; i++) {
    wrapped[i] = resolved->outputs[i];
    wrapped[i].expr = wrapped_column (arena, table->model, i);
  }
  resolved->wrapped = wrapped;
}

/* DISTINCT ON: row_number () over (partition by … order by …). */
static gboolean
set_first (CormResolved *resolved, GError **error)
{
  CormQuery *query = resolved->query;
  const CormExpr *exprs = query->distinct_on.items;
  if (query->distinct_on.n == 0)
    return TRUE;
  for (guint i = 0; i < query->distinct_on.n; i++) {
    CormTyping typing;
    guint allow = resolved->is_grouped ? CORM_ALLOW_AGGREGATE : 0;
    if (!corm_expr_check (resolved->scope, &exprs[i], allow, &typing, error))
      return FALSE;
  }
  CormWindow *window = corm_arena_alloc (resolved->scope->arena, sizeof *window);
  *window = (CormWindow){ .partition = exprs, .order = resolved->order };
  resolved->first = window;
  return TRUE;
}

static gboolean
wrap (CormResolved *resolved, GError **error)
{
  CormQuery *query = resolved->query;
  CormArena *arena = resolved->scope->arena;
  const CormOrder *terms = query->order.items;
  CormOrder *order = corm_arena_alloc (arena, (query->order.n + 1) * sizeof *order);
  const CormExpr **carried = corm_arena_alloc (arena, (query->order.n + 1) * sizeof *carried);
  CormTyping *typings = corm_arena_alloc (arena, (query->order.n + 1) * sizeof *typings);
  guint *places = corm_arena_alloc (arena, (query->order.n + 1) * sizeof *places);
  resolved->carried = carried;
  for (guint i = 0; i < query->order.n; i++) {
    int found = find_output (resolved, &terms[i]);
    places[i] = found >= 0 ? (guint) found : resolved->n_outputs + resolved->n_carried;
    if (found < 0 && (!carry (resolved, carried, &terms[i], error) ||
                      !corm_expr_check (resolved->scope, carried[resolved->n_carried - 1],
                                        CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW,
                                        &typings[resolved->n_carried - 1], error)))
      return FALSE;
  }
  resolved->wrapping = new_wrapping_scope (resolved, typings);
  wrap_outputs (resolved);
  for (guint i = 0; i < query->order.n; i++) {
    order[i] = (CormOrder){ .descending = terms[i].descending, .nulls = terms[i].nulls };
    order[i].model = resolved->wrapping->tables[0].model;
    order[i].offset = places[i];
  }
  resolved->order = order;
  return TRUE;
}

/* --- set operations ------------------------------------------------------------------------------------------ */

static const guint8 widths[CORM_N_TYPES] = {
  [CORM_TYPE_INT16] = 1,   [CORM_TYPE_INT32] = 2,   [CORM_TYPE_INT64] = 3,
  [CORM_TYPE_DECIMAL] = 4, [CORM_TYPE_FLOAT32] = 5, [CORM_TYPE_FLOAT64] = 6,
};

/* The type that holds values of both; what does not fit both is left out of it. */
static CormSqlType
join_types (const CormSqlType *a, const CormSqlType *b)
{
  CormSqlType type = widths[a->type] >= widths[b->type] ? *a : *b;
  if (a->type == b->type && a->length == b->length && a->precision == b->precision && a->scale == b->scale)
    return *a;
  type.length = type.precision = type.scale = 0;
  if (type.type == CORM_TYPE_FLOAT32 && a->type != b->type)
    type.type = CORM_TYPE_FLOAT64;
  return type;
}

/* The part's outputs in the order of the first part's: by member where both are of one shape, else by place. */
static gboolean
align (const CormResolved *first, CormResolved *part, GError **error)
{
  CormQueryOutput *outputs;
  if (part->n_outputs != first->n_outputs)
    return corm_scope_refuse (first->scope, error,
                              "it selects %u columns and is combined with a query of %s that selects %u",
                              first->n_outputs, part->query->model->table, part->n_outputs);
  if (first->outputs[0].model == NULL || first->outputs[0].model != part->outputs[0].model)
    return TRUE;
  outputs = corm_arena_alloc (first->scope->arena, part->n_outputs * sizeof *outputs);
  for (guint i = 0; i < first->n_outputs; i++) {
    guint j = 0;
    while (j < part->n_outputs && part->outputs[j].offset != first->outputs[i].offset)
      j++;
    if (j == part->n_outputs)
      return corm_scope_refuse (first->scope, error,
                                "it is combined with a query of %s that does not select %s",
                                part->query->model->table, first->outputs[i].name);
    outputs[i] = part->outputs[j];
  }
  part->outputs = outputs;
  return TRUE;
}

static gboolean
join_part (CormResolved *first, CormQueryOutput *joined, CormResolved *part, GError **error)
{
  if (!align (first, part, error))
    return FALSE;
  for (guint i = 0; i < first->n_outputs; i++) {
    const CormSqlType *type = &part->outputs[i].typing.type;
    if (!corm_type_same_family (joined[i].typing.type.type, type->type))
      return corm_scope_refuse (
          first->scope, error,
          "column %s is of type %s and is combined with one of type %s; cast one of them",
          first->outputs[i].name != NULL ? first->outputs[i].name : "?",
          corm_type_name (joined[i].typing.type.type), corm_type_name (type->type));
    joined[i].typing.type = join_types (&joined[i].typing.type, type);
  }
  return TRUE;
}

static gboolean
resolve_parts (CormResolved *resolved, GError **error)
{
  CormQuery *query = resolved->query;
  CormArena *arena = resolved->scope->arena;
  const CormQueryPart *parts = query->parts.items;
  if (query->parts.n == 0)
    return TRUE;
  CormResolved *made = corm_arena_alloc (arena, query->parts.n * sizeof *made);
  CormQueryOutput *joined = corm_arena_alloc (arena, resolved->n_outputs * sizeof *joined);
  memcpy (joined, resolved->outputs, resolved->n_outputs * sizeof *joined);
  const CormScope bare = corm_scope_bare (resolved->scope);
  for (guint i = 0; i < query->parts.n; i++) {
    const CormResolved *part = corm_query_resolve (parts[i].query, &bare, error);
    if (part == NULL)
      return FALSE;
    made[i] = *part;
    if (!join_part (resolved, joined, &made[i], error))
      return FALSE;
  }
  resolved->parts = made;
  resolved->outputs = joined;
  return TRUE;
}

/* --- all of it ----------------------------------------------------------------------------------------------- */

static gboolean
resolve_page (CormResolved *resolved, GError **error)
{
  if (!resolved->query->is_page)
    return TRUE;
  const CormScope *scope = resolved->wrapping != NULL ? resolved->wrapping : resolved->scope;
  if (!corm_page_check (resolved, error))
    return FALSE;
  if (resolved->query->token == NULL)
    return TRUE;
  resolved->after = corm_page_new_predicate (resolved, scope, error);
  return resolved->after != NULL;
}

static const CormResolved *
resolve (CormQuery *query, const CormScope *outer, GError **error)
{
  const CormScope *scope = corm_query_new_scope (query, outer, error);
  if (scope == NULL)
    return NULL;
  CormResolved *resolved = corm_arena_alloc (scope->arena, sizeof *resolved);
  resolved->query = query;
  resolved->scope = scope;
  resolved->is_grouped = corm_query_is_grouped (query);
  resolved->outputs = corm_query_get_outputs (query, scope, &resolved->n_outputs, error);
  if (resolved->outputs == NULL || !check_clauses (resolved, error) || !check_conditions (resolved, error))
    return NULL;
  if (resolved->is_grouped &&
      !corm_query_check_groups (query, scope, resolved->outputs, resolved->n_outputs, error))
    return NULL;
  if (!resolve_parts (resolved, error))
    return NULL;
  if (query->parts.n == 0 && !resolve_order (resolved, error))
    return NULL;
  if (!set_first (resolved, error) || (needs_wrapping (resolved) && !wrap (resolved, error)) ||
      !resolve_page (resolved, error))
    return NULL;
  return resolved;
}

const CormResolved *
corm_query_resolve (CormQuery *query, const CormScope *outer, GError **error)
{
  if (!corm_query_enter (query, &query->is_resolving, error))
    return NULL;
  const CormResolved *resolved = resolve (query, outer, error);
  query->is_resolving = FALSE;
  return resolved;
}
