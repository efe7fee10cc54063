/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A resolved query as one statement: WITH, SELECT, its clauses in their order, set operations, and the second SELECT
 * around all of it where one is needed. */
#include "render/query.h"

static const CormSqlType int64_type = { .type = CORM_TYPE_INT64 };

static gboolean render_statement (CormSql *sql, const CormResolved *resolved, CormColumnNames names,
                                  gboolean read, GError **error);

/* --- outputs --------------------------------------------------------------------------------------------------- */

/* A column as it stands, without what a comparison needs behind it. */
static gboolean
append_expr (CormSql *sql, const CormScope *scope, const CormExpr *expr, GError **error)
{
  const CormScopeTable *table;
  if (expr->kind != CORM_EXPR_COLUMN)
    return corm_render_expr (sql, scope, expr, error);
  const CormField *field = corm_scope_find_field (scope, expr->model, expr->offset, &table, error);
  if (field != NULL)
    corm_render_field (sql, scope, table, field);
  return field != NULL;
}

/* What is read gets the dialect's cast around it, which names the column itself. */
static gboolean
append_output (CormSql *sql, const CormScope *scope, const CormQueryOutput *output, const char *name,
               gboolean read, GError **error)
{
  gsize start = sql->text->len;
  guint first = sql->types->len;
  const CormSqlType *type = &output->typing.type;
  if (!append_expr (sql, scope, output->expr, error))
    return FALSE;
  if (read) {
    corm_sql_wrap_params (sql, start, first, sql->dialect->select_cast[type->type]);
    g_array_append_vals (sql->columns, type, 1);
  }
  if (name == NULL || (read && sql->dialect->select_cast[type->type] != NULL))
    return TRUE;
  corm_append (sql->text, " AS ");
  corm_sql_append_name (sql, name);
  return TRUE;
}

static const char *
column_name (const CormResolved *resolved, const CormQueryOutput *output, guint i, CormColumnNames names)
{
  switch (names) {
  case CORM_NAMES_OWN:
    return output->name;
  case CORM_NAMES_NUMBERED:
    return corm_wrapped_name (resolved->scope->arena, i);
  default:
    return output->model == NULL ? output->name : NULL;
  }
}

static gboolean
append_outputs (CormSql *sql, const CormResolved *resolved, const CormScope *scope,
                const CormQueryOutput *outputs, CormColumnNames names, gboolean read, GError **error)
{
  for (guint i = 0; i < resolved->n_outputs; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    const char *name = column_name (resolved, &outputs[i], i, names);
    if (!append_output (sql, scope, &outputs[i], name, read, error))
      return FALSE;
  }
  return TRUE;
}

/* Behind the outputs: what the order needs, and the number of each row in its group. */
static gboolean
append_carried (CormSql *sql, const CormResolved *resolved, GError **error)
{
  CormArena *arena = resolved->scope->arena;
  for (guint i = 0; i < resolved->n_carried; i++) {
    corm_append (sql->text, ", ");
    if (!append_expr (sql, resolved->scope, resolved->carried[i], error))
      return FALSE;
    corm_append (sql->text, " AS ");
    corm_sql_append_name (sql, corm_wrapped_name (arena, resolved->n_outputs + i));
  }
  if (resolved->first == NULL)
    return TRUE;
  const CormExpr number[2] = { { .kind = CORM_EXPR_CALL,
                                 .function = CORM_FUNCTION_ROW_NUMBER,
                                 .operands = &(const CormExpr){ .kind = CORM_EXPR_END } },
                               { .kind = CORM_EXPR_END } };
  const CormExpr over = { .kind = CORM_EXPR_OVER, .operands = number, .window = resolved->first };
  corm_append (sql->text, ", ");
  if (!corm_render_expr (sql, resolved->scope, &over, error))
    return FALSE;
  corm_append (sql->text, " AS " CORM_FIRST);
  return TRUE;
}

/* --- clauses --------------------------------------------------------------------------------------------------- */

gboolean
corm_render_conditions (CormSql *sql, const CormScope *scope, const char *keyword, const CormExpr *exprs,
                        guint n, GError **error)
{
  for (guint i = 0; i < n; i++) {
    gboolean grouped = n > 1 && exprs[i].kind == CORM_EXPR_CALL; /* NOT, ALL and ANY have their own */
    corm_append (sql->text, i > 0 ? " AND " : keyword);
    corm_append (sql->text, grouped ? "(" : "");
    if (!corm_render_expr (sql, scope, &exprs[i], error))
      return FALSE;
    corm_append (sql->text, grouped ? ")" : "");
  }
  return TRUE;
}

static gboolean
append_where (CormSql *sql, const CormResolved *resolved, const CormExpr *after, GError **error)
{
  const CormQuery *query = resolved->query;
  gboolean begun = FALSE;
  if (!corm_render_filters (sql, resolved, &begun, error) ||
      !corm_render_conditions (sql, resolved->scope, begun ? " AND " : " WHERE ", query->where.items,
                               query->where.n, error))
    return FALSE;
  begun = begun || query->where.n > 0;
  return after == NULL ||
         corm_render_conditions (sql, resolved->scope, begun ? " AND " : " WHERE ", after, 1, error);
}

static gboolean
append_group (CormSql *sql, const CormResolved *resolved, GError **error)
{
  const CormQuery *query = resolved->query;
  for (guint i = 0; i < query->group.n; i++) {
    corm_append (sql->text, i > 0 ? ", " : " GROUP BY ");
    if (!corm_render_expr (sql, resolved->scope, &CORM_QUERY_ITEMS (query->group, CormExpr)[i], error))
      return FALSE;
  }
  return corm_render_conditions (sql, resolved->scope, " HAVING ", query->having.items, query->having.n,
                                 error);
}

gboolean
corm_render_limit (CormSql *sql, gsize limit, gsize offset)
{
  CormValue value = corm_value_int (limit > 0 && limit < G_MAXINT64 ? (gint64) limit : G_MAXINT64);
  if (limit == 0 && offset == 0)
    return TRUE;
  corm_append (sql->text, " LIMIT ");
  corm_sql_append_param (sql, "LIMIT", &int64_type, &value);
  if (offset == 0)
    return TRUE;
  value = corm_value_int ((gint64) MIN (offset, G_MAXINT64));
  corm_append (sql->text, " OFFSET ");
  corm_sql_append_param (sql, "OFFSET", &int64_type, &value);
  return TRUE;
}

/* --- one SELECT -------------------------------------------------------------------------------------------------- */

/* Up to HAVING. @after: the page's rows, where no wrapping says it. */
static gboolean
render_core (CormSql *sql, const CormResolved *resolved, const CormExpr *after, CormColumnNames names,
             gboolean read, GError **error)
{
  sql->shares = sql->shares || resolved->query->group.n > 0;
  corm_append (sql->text, resolved->query->distinct ? "SELECT DISTINCT " : "SELECT ");
  return append_outputs (sql, resolved, resolved->scope, resolved->outputs, names, read, error) &&
         append_carried (sql, resolved, error) && corm_render_from (sql, resolved, error) &&
         append_where (sql, resolved, after, error) && append_group (sql, resolved, error);
}

/* A part that is more than one plain SELECT stands in parentheses, which not every database takes as such. */
static gboolean
render_part (CormSql *sql, const CormResolved *part, CormColumnNames names, guint i, GError **error)
{
  const CormQuery *query = part->query;
  gboolean plain = part->wrapping == NULL && query->order.n == 0 && query->limit == 0 && query->offset == 0 &&
                   query->definitions.n == 0;
  if (plain)
    return render_core (sql, part, NULL, names, FALSE, error);
  corm_append (sql->text, "SELECT * FROM (");
  if (!render_statement (sql, part, names, FALSE, error))
    return FALSE;
  g_string_append_printf (sql->text, ") AS corm_part%u", i + 1);
  return TRUE;
}

static const char *const operations[] = {
  [CORM_UNION] = " UNION ",
  [CORM_UNION_ALL] = " UNION ALL ",
  [CORM_INTERSECT] = " INTERSECT ",
  [CORM_EXCEPT] = " EXCEPT ",
};

/* From left to right, whatever binds tighter in the database: INTERSECT does in some. */
static gboolean
render_compound (CormSql *sql, const CormResolved *resolved, CormColumnNames names, GError **error)
{
  const CormQueryPart *parts = resolved->query->parts.items;
  gsize start = sql->text->len;
  gboolean loose = FALSE;
  if (!render_core (sql, resolved, NULL, names, FALSE, error))
    return FALSE;
  for (guint i = 0; i < resolved->query->parts.n; i++) {
    if (parts[i].operation == CORM_INTERSECT && loose) {
      g_string_insert (sql->text, (gssize) start, "SELECT * FROM (");
      g_string_append_printf (sql->text, ") AS corm_left%u", i);
    }
    loose = parts[i].operation != CORM_INTERSECT;
    corm_append (sql->text, operations[parts[i].operation]);
    if (!render_part (sql, &resolved->parts[i], names, i, error))
      return FALSE;
  }
  return TRUE;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static gboolean
render_wrapped (CormSql *sql, const CormResolved *resolved, CormColumnNames names, gboolean read,
                GError **error)
{
  gboolean is_set = resolved->query->parts.n > 0;
  corm_append (sql->text, "SELECT ");
  if (!append_outputs (sql, resolved, resolved->wrapping, resolved->wrapped, names, read, error))
    return FALSE;
  corm_append (sql->text, " FROM (");
  if (!(is_set ? render_compound (sql, resolved, CORM_NAMES_NUMBERED, error)
               : render_core (sql, resolved, NULL, CORM_NAMES_NUMBERED, FALSE, error)))
    return FALSE;
  corm_append (sql->text, ") AS " CORM_WRAPPING);
  if (resolved->first != NULL)
    corm_append (sql->text, " WHERE " CORM_FIRST " = 1");
  return resolved->after == NULL ||
         corm_render_conditions (sql, resolved->wrapping, resolved->first != NULL ? " AND " : " WHERE ",
                                 resolved->after, 1, error);
}

static gboolean
render_clauses (CormSql *sql, const CormResolved *resolved, CormColumnNames names, gboolean read,
                GError **error)
{
  const CormQuery *query = resolved->query;
  const CormScope *scope = resolved->wrapping != NULL ? resolved->wrapping : resolved->scope;
  gboolean bare_set = query->parts.n > 0 && !read && query->order.n == 0 && query->limit == 0 &&
                      query->offset == 0 && resolved->after == NULL;
  if (!corm_render_definitions (sql, resolved, error))
    return FALSE;
  if (bare_set)
    return render_compound (sql, resolved, names, error);
  if (!(resolved->wrapping != NULL ? render_wrapped (sql, resolved, names, read, error)
                                   : render_core (sql, resolved, resolved->after, names, read, error)))
    return FALSE;
  return corm_render_order (sql, scope, resolved->order, error) &&
         corm_render_limit (sql, query->limit, query->offset) && corm_render_lock (sql, resolved, error);
}

/* A common table expression that reads itself as a query, not as a shape, would never end. */
static gboolean
render_statement (CormSql *sql, const CormResolved *resolved, CormColumnNames names, gboolean read,
                  GError **error)
{
  enum { MAX_DEPTH = 64 };
  if (sql->depth >= MAX_DEPTH)
    return corm_scope_refuse (resolved->scope, error,
                              "it stands inside of %d others, or is a part of itself; make a second query",
                              MAX_DEPTH);
  sql->depth++;
  gboolean ok = render_clauses (sql, resolved, names, read, error);
  sql->depth--;
  return ok;
}

gboolean
corm_render_resolved (CormSql *sql, const CormResolved *resolved, CormColumnNames names, gboolean read,
                      GError **error)
{
  return render_statement (sql, resolved, names, read, error);
}

gboolean
corm_render_query (CormSql *sql, CormQuery *query, const CormScope *outer, GError **error)
{
  const CormResolved *resolved = corm_query_resolve (query, outer, error);
  return resolved != NULL && render_statement (sql, resolved, CORM_NAMES_NONE, FALSE, error);
}

gboolean
corm_render_query_count (CormSql *sql, const CormResolved *resolved, GError **error)
{
  const CormQuery *query = resolved->query;
  gboolean plain = !resolved->is_grouped && !query->distinct && resolved->wrapping == NULL &&
                   query->limit == 0 && query->offset == 0 && resolved->after == NULL;
  if (plain && !corm_render_definitions (sql, resolved, error))
    return FALSE;
  corm_append (sql->text, "SELECT ");
  corm_sql_append_typed (sql, &int64_type, "count(*)");
  if (plain)
    return corm_render_from (sql, resolved, error) && append_where (sql, resolved, NULL, error);
  corm_append (sql->text, " FROM (");
  if (!render_statement (sql, resolved, CORM_NAMES_NUMBERED, FALSE, error))
    return FALSE;
  corm_append (sql->text, ") AS corm_counted");
  return TRUE;
}
