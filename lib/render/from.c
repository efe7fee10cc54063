/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The FROM clause and the common table expressions in front of it. */
#include "render/query.h"

#include <corm/error.h>

/* --- implicit filters --------------------------------------------------------------------------------------------- */

/* A source's implicit filter is joined to its ON, and for a source without one to the WHERE; where an outer join would
 * bring the filtered rows back as missing ones, the source itself becomes a SELECT of what is left. This is the one
 * place that asks for it. *@filter is NULL where there is none. */
static gboolean
find_filter (const CormSql *sql, const CormResolved *resolved, guint source, const CormExpr **filter,
             GError **error)
{
  const CormScopeTable *table = &resolved->scope->tables[source];
  *filter = NULL;
  if (!table->mapping->has_roles)
    return TRUE;
  CormFilterExpr *parts = corm_arena_alloc (resolved->scope->arena, sizeof *parts);
  if (!corm_filter_make (&sql->filter, table->mapping, table->model, parts, error))
    return FALSE;
  *filter = corm_filter_join (parts, NULL);
  return TRUE;
}

static const CormQuerySource *
get_sources (const CormResolved *resolved)
{
  return resolved->scope->sources;
}

/* A join further right keeps the rows of this source, whatever its own condition says. */
static gboolean
is_kept (const CormResolved *resolved, guint source)
{
  const CormQuerySource *sources = get_sources (resolved);
  for (guint i = MAX (source, 1); i < resolved->query->sources.n; i++)
    if (sources[i].join == CORM_FULL_JOIN || sources[i].join == CORM_RIGHT_JOIN)
      return TRUE;
  return FALSE;
}

gboolean
corm_render_filters (CormSql *sql, const CormResolved *resolved, gboolean *begun, GError **error)
{
  const CormQuerySource *sources = get_sources (resolved);
  for (guint i = 0; i < resolved->query->sources.n; i++) {
    const CormExpr *filter;
    if ((i > 0 && sources[i].on != NULL) || is_kept (resolved, i))
      continue;
    if (!find_filter (sql, resolved, i, &filter, error))
      return FALSE;
    if (filter == NULL)
      continue;
    if (!corm_render_conditions (sql, resolved->scope, *begun ? " AND " : " WHERE ", filter, 1, error))
      return FALSE;
    *begun = TRUE;
  }
  return TRUE;
}

/* --- sources ------------------------------------------------------------------------------------------------------ */

/* "(SELECT * FROM t WHERE filter)". */
static gboolean
append_filtered (CormSql *sql, const CormResolved *resolved, guint i, const char *table,
                 const CormExpr *filter, GError **error)
{
  CormScope alone = corm_scope_bare (resolved->scope);
  CormScopeTable own = resolved->scope->tables[i];
  own.name = table;
  alone.tables = &own;
  alone.n_tables = 1;
  corm_append (sql->text, "(SELECT * FROM ");
  corm_sql_append_name (sql, table);
  if (!corm_render_conditions (sql, &alone, " WHERE ", filter, 1, error))
    return FALSE;
  g_string_append_c (sql->text, ')');
  return TRUE;
}

static gboolean
append_derived (CormSql *sql, const CormResolved *resolved, CormQuery *rows, GError **error)
{
  const CormScope bare = corm_scope_bare (resolved->scope);
  const CormResolved *inner = corm_query_resolve (rows, &bare, error);
  g_string_append_c (sql->text, '(');
  if (inner == NULL || !corm_render_resolved (sql, inner, CORM_NAMES_OWN, FALSE, error))
    return FALSE;
  g_string_append_c (sql->text, ')');
  return TRUE;
}

static gboolean
append_source (CormSql *sql, const CormResolved *resolved, guint i, GError **error)
{
  const CormQuerySource *source = &get_sources (resolved)[i];
  const CormModel *model = source->model;
  const char *table = (model->alias_of != NULL ? model->alias_of : model)->table;
  const CormExpr *filter = NULL;
  if (is_kept (resolved, i) && !find_filter (sql, resolved, i, &filter, error))
    return FALSE;
  gboolean named = source->query != NULL || filter != NULL || model->alias_of != NULL;
  if (source->query != NULL) {
    if (!append_derived (sql, resolved, source->query, error))
      return FALSE;
  } else if (filter != NULL) {
    if (!append_filtered (sql, resolved, i, table, filter, error))
      return FALSE;
  } else
    corm_sql_append_name (sql, table);
  if (!named)
    return TRUE;
  corm_append (sql->text, " AS ");
  corm_sql_append_name (sql, resolved->scope->tables[i].name);
  return TRUE;
}

static const char *const joins[] = {
  [CORM_INNER_JOIN] = " JOIN ",     [CORM_LEFT_JOIN] = " LEFT JOIN ",   [CORM_RIGHT_JOIN] = " RIGHT JOIN ",
  [CORM_FULL_JOIN] = " FULL JOIN ", [CORM_CROSS_JOIN] = " CROSS JOIN ",
};

/* "(through AS t JOIN model ON …) ON …": who has no related row is missing once, not once for each of the table between. */
static gboolean
append_through (CormSql *sql, const CormResolved *resolved, const CormQuerySource *source, guint i,
                const CormExpr *filter, GError **error)
{
  const CormExpr *own;
  const CormScopeTable *table = &resolved->scope->tables[source->through];
  if (!find_filter (sql, resolved, (guint) source->through, &own, error))
    return FALSE;
  g_string_append_c (sql->text, '(');
  corm_sql_append_name (sql, table->mapping->model->table);
  corm_append (sql->text, " AS ");
  corm_sql_append_name (sql, table->name);
  corm_append (sql->text, " JOIN ");
  if (!append_source (sql, resolved, i, error) ||
      !corm_render_conditions (sql, resolved->scope, " ON ", source->inner_on, 1, error) ||
      (own != NULL && !corm_render_conditions (sql, resolved->scope, " AND ", own, 1, error)) ||
      (filter != NULL && !corm_render_conditions (sql, resolved->scope, " AND ", filter, 1, error)))
    return FALSE;
  g_string_append_c (sql->text, ')');
  return corm_render_conditions (sql, resolved->scope, " ON ", source->on, 1, error);
}

static gboolean
append_join (CormSql *sql, const CormResolved *resolved, guint i, GError **error)
{
  const CormQuerySource *source = &get_sources (resolved)[i];
  const CormExpr *filter = NULL;
  if (source->on != NULL && !is_kept (resolved, i) && !find_filter (sql, resolved, i, &filter, error))
    return FALSE;
  if (source->join == CORM_FULL_JOIN && (sql->dialect->caps & CORM_CAP_FULL_JOIN) == 0) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_UNSUPPORTED,
        "query of %s: this database has no full join with %s; make two queries, a left join and the rows of "
        "%s that it misses, and combine them with CORM_UNION_ALL",
        resolved->query->model->table, source->model->type, source->model->type);
    return FALSE;
  }
  corm_append (sql->text, joins[source->join]);
  if (source->through > 0)
    return append_through (sql, resolved, source, i, filter, error);
  if (!append_source (sql, resolved, i, error))
    return FALSE;
  if (source->on == NULL)
    return TRUE;
  return corm_render_conditions (sql, resolved->scope, " ON ", source->on, 1, error) &&
         (filter == NULL || corm_render_conditions (sql, resolved->scope, " AND ", filter, 1, error));
}

gboolean
corm_render_from (CormSql *sql, const CormResolved *resolved, GError **error)
{
  corm_append (sql->text, " FROM ");
  if (!append_source (sql, resolved, 0, error))
    return FALSE;
  for (guint i = 1; i < resolved->query->sources.n; i++)
    if (!append_join (sql, resolved, i, error))
      return FALSE;
  return TRUE;
}

/* --- WITH ---------------------------------------------------------------------------------------------------------- */

static gboolean
reads (const CormQuery *query, const CormModel *model)
{
  const CormQuerySource *sources = query->sources.items;
  for (guint i = 0; i < query->sources.n; i++)
    if (sources[i].model == model || sources[i].model->alias_of == model ||
        (sources[i].query != NULL && reads (sources[i].query, model)))
      return TRUE;
  for (guint i = 0; i < query->parts.n; i++)
    if (reads (CORM_QUERY_ITEMS (query->parts, CormQueryPart)[i].query, model))
      return TRUE;
  return FALSE;
}

/* "name (a, b) AS (SELECT …)". */
static gboolean
append_definition (CormSql *sql, const CormResolved *resolved, const CormQueryDefinition *definition,
                   GError **error)
{
  const CormScope bare = corm_scope_bare (resolved->scope);
  const CormResolved *body = corm_query_resolve (definition->body, &bare, error);
  if (body == NULL)
    return FALSE;
  corm_sql_append_name (sql, definition->as->table);
  for (guint i = 0; i < body->n_outputs; i++) {
    corm_append (sql->text, i > 0 ? ", " : " (");
    corm_sql_append_name (sql, body->outputs[i].name);
  }
  corm_append (sql->text, ") AS (");
  if (!corm_render_resolved (sql, body, CORM_NAMES_NONE, FALSE, error))
    return FALSE;
  g_string_append_c (sql->text, ')');
  return TRUE;
}

gboolean
corm_render_definitions (CormSql *sql, const CormResolved *resolved, GError **error)
{
  const CormQuery *query = resolved->query;
  const CormQueryDefinition *definitions = query->definitions.items;
  gboolean recursive = FALSE;
  for (guint i = 0; i < query->definitions.n; i++)
    recursive = recursive || reads (definitions[i].body, definitions[i].as);
  for (guint i = 0; i < query->definitions.n; i++) {
    corm_append (sql->text, i > 0 ? ", " : recursive ? "WITH RECURSIVE " : "WITH ");
    if (!append_definition (sql, resolved, &definitions[i], error))
      return FALSE;
  }
  corm_append (sql->text, query->definitions.n > 0 ? " " : "");
  return TRUE;
}

/* --- FOR UPDATE ------------------------------------------------------------------------------------------------------ */

gboolean
corm_render_lock (CormSql *sql, const CormResolved *resolved, G_GNUC_UNUSED GError **error)
{
  const char *words = sql->dialect->lock_rows[resolved->query->lock];
  if (resolved->query->lock == CORM_LOCK_NONE || words == NULL)
    return TRUE;
  for (const char *p = words; *p != '\0';) {
    if (g_str_has_prefix (p, "{t}")) {
      corm_sql_append_name (sql, resolved->scope->tables[0].name);
      p += 3;
    } else
      g_string_append_c (sql->text, *p++);
  }
  return TRUE;
}
