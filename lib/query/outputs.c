/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The columns of a query's result, and the mapping of a shape to them. A shape's members have no labels and no digits of
 * their own: they take those of the expression. */
#include "query/outputs.h"

#include <corm/error.h>

typedef enum {
  FAMILY_OTHER,
  FAMILY_NUMBER,
  FAMILY_TEXT,
} Family;

static const guint8 families[CORM_N_TYPES] = {
  [CORM_TYPE_INT16] = FAMILY_NUMBER,   [CORM_TYPE_INT32] = FAMILY_NUMBER,
  [CORM_TYPE_INT64] = FAMILY_NUMBER,   [CORM_TYPE_FLOAT32] = FAMILY_NUMBER,
  [CORM_TYPE_FLOAT64] = FAMILY_NUMBER, [CORM_TYPE_DECIMAL] = FAMILY_NUMBER,
  [CORM_TYPE_TEXT] = FAMILY_TEXT,      [CORM_TYPE_RAW] = FAMILY_TEXT,
};

gboolean
corm_type_same_family (CormType a, CormType b)
{
  return a == b || (families[a] != FAMILY_OTHER && families[a] == families[b]);
}

static CormArena *
arena_of (CormQuery *query, const CormScope *scope)
{
  return scope->arena != NULL ? scope->arena : query->arena;
}

/* All columns of the first source. */
static const CormQueryOutput *
whole_model (CormQuery *query, const CormScope *scope, guint *n)
{
  const CormMapping *mapping = scope->tables[0].mapping;
  CormArena *arena = arena_of (query, scope);
  CormQueryOutput *outputs = corm_arena_alloc (arena, MAX (mapping->n_fields, 1) * sizeof *outputs);
  CormExpr *exprs = corm_arena_alloc (arena, MAX (mapping->n_fields, 1) * sizeof *exprs);
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    gsize offset = field->column->offset;
    exprs[i] = (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = query->model, .offset = offset };
    outputs[i] =
        (CormQueryOutput){ &exprs[i], query->model, offset, field->name, { field->type, field, mapping } };
  }
  *n = mapping->n_fields;
  return outputs;
}

static const CormColumn *
find_column (const CormModel *model, gsize offset)
{
  const CormModel *base = model->alias_of != NULL ? model->alias_of : model;
  for (gsize i = 0; i < base->n_columns; i++)
    if (base->columns[i].offset == offset)
      return &base->columns[i];
  return NULL;
}

static gboolean
fill_output (CormQuery *query, const CormScope *scope, const CormOutput *from, CormQueryOutput *output,
             GError **error)
{
  *output = (CormQueryOutput){
    .expr = &from->expr,
    .model = from->model,
    .offset = from->offset,
    .name = from->name,
  };
  if (from->model != NULL) {
    const CormColumn *column = find_column (from->model, from->offset);
    if (column == NULL) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "query of %s: the member at byte %" G_GSIZE_FORMAT
                   " of %s is no column of it; name it in CORM_SHAPE",
                   query->model->table, from->offset, from->model->type);
      return FALSE;
    }
    output->name = column->name;
  }
  return corm_expr_check (scope, output->expr, CORM_ALLOW_AGGREGATE | CORM_ALLOW_WINDOW, &output->typing,
                          error);
}

const CormQueryOutput *
corm_query_get_outputs (CormQuery *query, const CormScope *scope, guint *n, GError **error)
{
  if (query->outputs.n == 0)
    return whole_model (query, scope, n);
  const CormOutput *from = query->outputs.items;
  CormQueryOutput *outputs = corm_arena_alloc (arena_of (query, scope), query->outputs.n * sizeof *outputs);
  for (guint i = 0; i < query->outputs.n; i++)
    if (!fill_output (query, scope, &from[i], &outputs[i], error))
      return NULL;
  *n = query->outputs.n;
  return outputs;
}

guint
corm_query_get_n_outputs (const CormQuery *query)
{
  return query->outputs.n > 0 ? query->outputs.n : (guint) corm_model_resolve (query->model)->n_columns;
}

gboolean
corm_query_get_output_type (CormQuery *query, const CormScope *outer, guint column, CormSqlType *type,
                            GError **error)
{
  guint n;
  if (!corm_query_check_made (query, error))
    return FALSE;
  const CormScope *scope = corm_query_new_scope (query, outer, error);
  const CormQueryOutput *outputs = scope != NULL ? corm_query_get_outputs (query, scope, &n, error) : NULL;
  if (outputs == NULL)
    return FALSE;
  g_return_val_if_fail (column < n, FALSE);
  *type = outputs[column].typing.type;
  return TRUE;
}

/* --- a shape over them ------------------------------------------------------------------------------------- */

/* The member's column, with the labels that the expression has. */
static const CormColumn *
column_for (const CormColumn *column, const CormTyping *typing, CormArena *arena)
{
  const CormColumn *source = typing->field != NULL ? typing->field->column : NULL;
  if (typing->type.type != CORM_TYPE_ENUM || source == NULL || column->labels != NULL)
    return column;
  CormColumn *made = (CormColumn *) (gpointer) corm_arena_copy (arena, column, sizeof *column);
  made->labels = source->labels;
  made->enum_type = source->enum_type;
  return made;
}

CormMapping *
corm_outputs_new_mapping (const CormQueryOutput *outputs, guint n, const CormModel *model, CormArena *arena)
{
  CormMapping *mapping = corm_arena_alloc (arena, sizeof *mapping);
  mapping->model = model;
  mapping->auto_key = -1;
  for (guint i = 0; i < CORM_N_ROLES; i++)
    mapping->roles[i] = -1;
  mapping->fields = corm_arena_alloc (arena, MAX (n, 1) * sizeof *mapping->fields);
  mapping->n_fields = n;
  for (guint i = 0; i < n; i++) {
    const CormColumn *column = find_column (model, outputs[i].offset);
    corm_field_init (&mapping->fields[i], column_for (column, &outputs[i].typing, arena));
  }
  return mapping;
}

static gboolean
is_same_struct (const CormModel *a, const CormModel *b)
{
  const CormModel *x = a->alias_of != NULL ? a->alias_of : a;
  return x == (b->alias_of != NULL ? b->alias_of : b);
}

/* Every member of @as is an output, which is a member of @as. */
static gboolean
check_members (const CormQueryOutput *outputs, guint n, const CormModel *as, GError **error)
{
  const CormModel *base = as->alias_of != NULL ? as->alias_of : as;
  if (n == 0 || outputs[0].model == NULL || !is_same_struct (outputs[0].model, as)) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "the query whose rows are read as %s has other outputs: name its members, CORM_OUTPUT (%s, …)",
        as->type, base->type);
    return FALSE;
  }
  for (gsize i = 0; i < base->n_columns; i++) {
    gboolean found = FALSE;
    for (guint j = 0; j < n && !found; j++)
      found = outputs[j].offset == base->columns[i].offset;
    if (!found) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "the query whose rows are read as %s does not select %s; add CORM_OUTPUT (%s, %s, …)",
                   as->type, base->columns[i].member, base->type, base->columns[i].member);
      return FALSE;
    }
  }
  return TRUE;
}

static const CormMapping *
new_mapping (CormQuery *query, const CormScope *outer, const CormModel *as, GError **error)
{
  guint n;
  const CormScope bare = corm_scope_bare (outer);
  const CormScope *scope = corm_query_new_scope (query, &bare, error);
  const CormQueryOutput *outputs = scope != NULL ? corm_query_get_outputs (query, scope, &n, error) : NULL;
  if (outputs == NULL || !check_members (outputs, n, as, error))
    return NULL;
  CormMapping *mapping = corm_outputs_new_mapping (outputs, n, as, arena_of (query, scope));
  for (guint i = 0; i < n;
       i++) { /* in the outer query a column is of the expression's type, not of the member's */
    mapping->fields[i].type = outputs[i].typing.type;
    mapping->fields[i].nullable = true;
  }
  return mapping;
}

const CormMapping *
corm_query_new_mapping (CormQuery *query, const CormScope *outer, const CormModel *as, GError **error)
{
  if (!corm_query_enter (query, &query->is_typing, error))
    return NULL;
  const CormMapping *mapping = new_mapping (query, outer, as, error);
  query->is_typing = FALSE;
  return mapping;
}
