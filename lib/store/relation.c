/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Eager loading, an edge at a time: the distinct keys of the owners, one query for the rows that bear them, each row to
 * the owners with its key, then the edges of the rows that were found.
 *
 * What is found is handed over by links.c. Beside the rows themselves an owner costs some thirty bytes while it lasts. */
#include "store/relation.h"

#include "base/error.h"
#include "query/edge.h"
#include "store/links.h"
#include "store/select.h"

typedef struct {
  CormConnection *conn;
  CormFilter filter;
} Load;

static gboolean load_edges (const Load *load, CormRows *owners, const CormEdge *edges, GError **error);
static gboolean load_with (const Load *load, CormRows *owners, const gsize *with, GError **error);

static const CormPath *
find_path (const CormMapping *mapping, const CormEdge *edge, GError **error)
{
  if (edge->model != mapping->model) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "load of relations: CORM_EDGE (%s, …) stands where the rows are of model %s; name a relation of that",
        edge->model->type, mapping->model->type);
    return NULL;
  }
  const CormPath *path = corm_mapping_find_path (mapping, edge->slot);
  if (path != NULL)
    return path;
  const CormField *field = corm_mapping_find_field (mapping, edge->slot);
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "find in %s: .with names %s, which is no relation of the model %s: declare it with CORM_BELONGS_TO, "
      "CORM_HAS_ONE, CORM_HAS_MANY or CORM_MANY_TO_MANY",
      mapping->model->table, field != NULL ? field->column->member : "a member", mapping->model->type);
  return NULL;
}

/* The order of the rows of one owner: the caller's, and the primary key behind it, so that the same rows always come in
 * the same order. */
static const CormOrder *
make_order (const CormPath *path, const CormOrder *wanted, GArray *order)
{
  for (; wanted != NULL && !corm_order_is_end (wanted); wanted++)
    g_array_append_vals (order, wanted, 1);
  for (guint i = 0; i < path->target->n_keys; i++) {
    const CormField *key = &path->target->fields[path->target->keys[i]];
    CormOrder item = { .model = path->target->model, .offset = key->column->offset };
    g_array_append_val (order, item);
  }
  return order->len > 0 ? (const CormOrder *) (gpointer) order->data : NULL;
}

/* Checks what the caller gave: names first, so that the error is about the caller's words. */
static gboolean
check (const CormEdgeSelect *select, const CormEdge *edge, GError **error)
{
  if (edge->limit > G_MAXINT64 || edge->offset > G_MAXINT64)
    return corm_scope_refuse (&select->scope, error,
                              "its limit or offset is negative, or beyond any table; 0 means no limit");
  if (!corm_condition_check (&select->scope, &edge->where, 0, error))
    return FALSE;
  for (const CormOrder *order = edge->order; order != NULL && !corm_order_is_end (order); order++)
    if (!corm_order_check (&select->scope, order, 0, error))
      return FALSE;
  return TRUE;
}

/* @lists: of the owners' keys, a list a column. Of a key of several columns each has to be among those of its column:
 * that lets other combinations through, which find no owner. */
static gboolean
select_init (CormEdgeSelect *select, const Load *load, const CormLinks *links, const CormEdge *edge,
             const CormExpr *lists, GArray *order, GError **error)
{
  const CormPath *path = links->path;
  *select = (CormEdgeSelect){ .path = path, .limit = edge->limit, .offset = edge->offset };
  const CormMapping *target = path->target, *through = path->through;
  select->tables[0] =
      (CormScopeTable){ .model = target->model, .mapping = target, .name = target->model->table };
  if (through != NULL)
    select->tables[1] =
        (CormScopeTable){ .model = through->model, .mapping = through, .name = through->model->table };
  select->scope = (CormScope){ .tables = select->tables,
                               .n_tables = through != NULL ? 2 : 1,
                               .registry = target->registry };
  CormExpr *part = select->where;
  *part++ = (CormExpr){ .kind = CORM_EXPR_ALL, .operands = lists };
  if (edge->where.kind != CORM_EXPR_NONE)
    *part++ = edge->where;
  for (guint i = 0; i < select->scope.n_tables; i++) {
    const CormMapping *mapping = select->tables[i].mapping;
    if (!mapping->has_roles)
      continue;
    if (!corm_filter_make (&load->filter, mapping, mapping->model, &select->filters[i], error))
      return FALSE;
    const CormExpr *filter = corm_filter_join (&select->filters[i], NULL);
    if (filter != NULL)
      *part++ = *filter;
  }
  *part = (CormExpr){ .kind = CORM_EXPR_END };
  select->all = (CormExpr){ .kind = CORM_EXPR_ALL, .operands = select->where };
  if (!links->by_key && (path->relation->kind != CORM_BELONGS_TO_ONE || edge->order != NULL))
    select->order = make_order (path, edge->order, order);
  return check (select, edge, error);
}

static CormStatement *
run (const Load *load, const CormEdgeSelect *select, GError **error)
{
  CormConnection *conn = load->conn;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  sql->filter = load->filter;
  if (!corm_render_edge (sql, select, error))
    return NULL;
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = spec.sql };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL || !corm_select_execute (conn, statement, sql, TRUE, error))
    return NULL;
  return g_steal_pointer (&statement);
}

/* One query for the owners' keys from the @from-th on. */
static gboolean
load_part (const Load *load, CormLinks *links, const CormEdge *edge, guint from, guint n, GError **error)
{
  CormEdgeSelect select;
  g_autoptr (GArray) order = g_array_new (TRUE, TRUE, sizeof (CormOrder));
  g_auto (CormKeyLists) lists = { 0 };
  if (!corm_key_lists_init (&lists, links, from, n, error) ||
      !select_init (&select, load, links, edge, lists.exprs, order, error))
    return FALSE;
  g_autoptr (CormStatement) statement = run (load, &select, error);
  corm_key_lists_clear (&lists); /* they are sent */
  return statement != NULL && corm_links_read (links, statement, error);
}

/* So many keys at once: all of them, where a list is one parameter whatever its length. */
static guint
get_batch (CormConnection *conn, const CormPath *path)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  gboolean unbounded = TRUE;
  for (guint i = 0; i < path->n; i++)
    unbounded = unbounded && corm_list_is_unbounded (dialect, path->near_fields[i]->type.type);
  return unbounded ? G_MAXUINT : MAX (dialect->max_params / path->n, 3) - 2;
}

static gboolean
load_edge (const Load *load, CormRows *owners, const CormEdge *edge, GError **error)
{
  const CormPath *path = find_path (owners->mapping, edge, error);
  if (path == NULL)
    return FALSE;
  g_auto (CormLinks) links = { 0 };
  links.wants_found = edge->with != NULL || edge->load != NULL;
  links.by_key = edge->order == NULL && edge->limit == 0 && edge->offset == 0 && corm_path_is_many (path) &&
                 corm_links_can_sort (path->target);
  guint most = get_batch (load->conn, path);
  if (!corm_links_init (&links, owners, path, error))
    return FALSE;
  for (guint from = 0, n; from < links.keys.n_kept; from += n) {
    n = MIN (most, links.keys.n_kept - from);
    if (!load_part (load, &links, edge, from, n, error))
      return corm_error_prefix (error, "load %s.%s", owners->mapping->model->type, path->relation->name);
  }
  corm_links_fill (&links);
  CormRows found = {
    .arena = owners->arena, .mapping = path->target, .rows = links.found->pdata, .n_rows = links.found->len
  };
  return load_with (load, &found, edge->with, error) && load_edges (load, &found, edge->load, error);
}

static gboolean
load_edges (const Load *load, CormRows *owners, const CormEdge *edges, GError **error)
{
  for (const CormEdge *edge = edges; edge != NULL && edge->model != NULL; edge++)
    if (!load_edge (load, owners, edge, error))
      return FALSE;
  return TRUE;
}

static gboolean
load_with (const Load *load, CormRows *owners, const gsize *with, GError **error)
{
  for (const gsize *slot = with; slot != NULL && *slot != G_MAXSIZE; slot++) {
    CormEdge edge = { .model = owners->mapping->model, .slot = *slot };
    if (!load_edge (load, owners, &edge, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_relation_load (CormConnection *conn, CormRows *rows, const CormFind *find, GError **error)
{
  if (find->with == NULL && find->load == NULL)
    return TRUE;
  Load load = { conn, { corm_connection_get_tenant (conn), find->with_deleted } };
  return load_with (&load, rows, find->with, error) && load_edges (&load, rows, find->load, error);
}
