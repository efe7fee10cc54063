/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whether an order tells all rows of a query apart: without that, a page could miss or repeat the rows that are alike. A row
 * of a join is known when the key of each of its tables is in the order, or follows from one that is. */
#include "query/group.h"
#include "query/resolve.h"

#include <corm/error.h>

typedef struct {
  const CormResolved *resolved;
  gboolean *known; /* by table */
} Keys;

static const CormExpr *
sorted_by (const CormResolved *resolved, const CormOrder *term, CormExpr *column)
{
  if (term->expr != NULL)
    return term->expr;
  for (guint i = 0; i < resolved->n_outputs; i++)
    if (resolved->outputs[i].model == term->model && resolved->outputs[i].offset == term->offset)
      return resolved->outputs[i].expr;
  *column = (CormExpr){ .kind = CORM_EXPR_COLUMN, .model = term->model, .offset = term->offset };
  return column;
}

static gboolean
is_sorted_by (const CormResolved *resolved, const CormExpr *expr)
{
  const CormQuery *query = resolved->query;
  for (guint i = 0; i < query->order.n; i++) {
    CormExpr column;
    if (corm_expr_equal (sorted_by (resolved, &CORM_QUERY_ITEMS (query->order, CormOrder)[i], &column), expr))
      return TRUE;
  }
  return FALSE;
}

static gboolean
are_sorted_by (const CormResolved *resolved, const CormExpr *exprs, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!is_sorted_by (resolved, &exprs[i]))
      return FALSE;
  return TRUE;
}

/* --- what follows from an equality ----------------------------------------------------------------------------- */

static int
find_table (const Keys *keys, const CormModel *model)
{
  for (guint i = 0; i < keys->resolved->scope->n_tables; i++)
    if (keys->resolved->scope->tables[i].model == model)
      return (int) i;
  return -1;
}

static gboolean
is_column_of (const CormExpr *expr, const CormModel *model, gsize offset)
{
  return expr->kind == CORM_EXPR_COLUMN && expr->model == model && expr->offset == offset;
}

/* A value, or a column of a table that is known. */
static gboolean
is_known (const Keys *keys, const CormExpr *expr)
{
  if (expr->kind == CORM_EXPR_VALUE)
    return TRUE;
  int table = expr->kind == CORM_EXPR_COLUMN ? find_table (keys, expr->model) : -1;
  return table >= 0 && keys->known[table];
}

/* Whether @condition says that the column is equal to something known. */
static gboolean
fixes (const Keys *keys, const CormExpr *condition, const CormModel *model, gsize offset)
{
  if (condition == NULL)
    return FALSE;
  if (condition->kind == CORM_EXPR_EQ)
    return condition->model == model && condition->offset == offset;
  if (condition->kind == CORM_EXPR_ALL) {
    for (const CormExpr *operand = condition->operands; operand->kind != CORM_EXPR_END; operand++)
      if (fixes (keys, operand, model, offset))
        return TRUE;
    return FALSE;
  }
  if (condition->kind != CORM_EXPR_CALL || condition->function != CORM_FUNCTION_EQUAL)
    return FALSE;
  const CormExpr *a = &condition->operands[0], *b = &condition->operands[1];
  return (is_column_of (a, model, offset) && is_known (keys, b)) ||
         (is_column_of (b, model, offset) && is_known (keys, a));
}

/* Inner joins and the WHERE clause hold for every table, the condition of a left join for the table that it joins. */
static gboolean
is_fixed (const Keys *keys, guint table, gsize offset)
{
  const CormQuery *query = keys->resolved->query;
  const CormQuerySource *sources = keys->resolved->scope->sources;
  const CormModel *model = keys->resolved->scope->tables[table].model;
  for (guint i = 1; i < query->sources.n; i++) {
    gboolean joined = i == table || (guint) sources[i].through == table;
    if (sources[i].join != CORM_INNER_JOIN && !(sources[i].join == CORM_LEFT_JOIN && joined))
      continue;
    if (fixes (keys, sources[i].on, model, offset) || fixes (keys, sources[i].inner_on, model, offset))
      return TRUE;
  }
  for (guint i = 0; i < query->where.n; i++)
    if (fixes (keys, &CORM_QUERY_ITEMS (query->where, CormExpr)[i], model, offset))
      return TRUE;
  return FALSE;
}

static gboolean
has_field (const Keys *keys, guint table, const CormField *field)
{
  const CormExpr column = { .kind = CORM_EXPR_COLUMN,
                            .model = keys->resolved->scope->tables[table].model,
                            .offset = field->column->offset };
  return is_sorted_by (keys->resolved, &column) || is_fixed (keys, table, field->column->offset);
}

static gboolean
has_key (const Keys *keys, guint table)
{
  const CormMapping *mapping = keys->resolved->scope->tables[table].mapping;
  gboolean primary = mapping->n_keys > 0;
  for (guint i = 0; i < mapping->n_keys && primary; i++)
    primary = has_field (keys, table, &mapping->fields[mapping->keys[i]]);
  for (guint i = 0; !primary && i < mapping->n_fields; i++)
    primary = mapping->fields[i].column->unique && !mapping->fields[i].nullable &&
              has_field (keys, table, &mapping->fields[i]);
  return primary;
}

/* The first table that is not known; -1: all are. */
static int
find_unknown (const CormResolved *resolved)
{
  guint n = resolved->scope->n_tables;
  Keys keys = { resolved, corm_arena_alloc (resolved->scope->arena, n * sizeof (gboolean)) };
  for (gboolean more = TRUE; more;) {
    more = FALSE;
    for (guint i = 0; i < n; i++)
      if (!keys.known[i] && has_key (&keys, i))
        more = keys.known[i] = TRUE;
  }
  for (guint i = 0; i < n; i++)
    if (!keys.known[i])
      return (int) i;
  return -1;
}

/* --- the check ------------------------------------------------------------------------------------------------- */

static gboolean
refuse (const CormResolved *resolved, const char *mend, GError **error)
{
  return corm_scope_refuse (resolved->scope, error, "the order of its pages does not tell all rows apart; %s",
                            mend);
}

static gboolean
check_tables (const CormResolved *resolved, GError **error)
{
  int unknown = find_unknown (resolved);
  if (unknown < 0)
    return TRUE;
  const CormScopeTable *table = &resolved->scope->tables[unknown];
  if (table->mapping->n_keys == 0)
    return corm_scope_refuse (
        resolved->scope, error,
        "the order of its pages does not tell all rows apart: %s has no key; page a query of "
        "tables, or group",
        table->model->type);
  const CormField *key = &table->mapping->fields[table->mapping->keys[table->mapping->n_keys - 1]];
  g_autofree char *mend =
      g_strdup_printf ("add CORM_ASC (%s, %s) to it", table->model->type, key->column->member);
  return refuse (resolved, mend, error);
}

gboolean
corm_page_check (const CormResolved *resolved, GError **error)
{
  const CormQuery *query = resolved->query;
  if (query->offset > 0)
    return corm_scope_refuse (resolved->scope, error, "a page begins behind its token; leave the offset out");
  for (guint i = 0; i < query->parts.n; i++)
    if (CORM_QUERY_ITEMS (query->parts, CormQueryPart)[i].operation == CORM_UNION_ALL)
      return corm_scope_refuse (resolved->scope, error,
                                "rows of CORM_UNION_ALL may be alike and have no pages; use CORM_UNION");
  if (query->parts.n > 0 || query->distinct) {
    for (guint i = 0; i < resolved->n_outputs; i++)
      if (!is_sorted_by (resolved, resolved->outputs[i].expr))
        return refuse (resolved, "add every output to it", error);
    return TRUE;
  }
  if (query->distinct_on.n > 0 && are_sorted_by (resolved, query->distinct_on.items, query->distinct_on.n))
    return TRUE;
  if (resolved->is_grouped)
    return are_sorted_by (resolved, query->group.items, query->group.n) ||
           refuse (resolved, "add every expression of corm_query_group() to it", error);
  return check_tables (resolved, error);
}
