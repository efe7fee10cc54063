/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SELECT of the rows of a relation. The columns of the result: where the path goes through another table its near key,
 * then all columns of the target. So many rows of each owner are cut out by their number:
 *   SELECT c0, … FROM (SELECT id AS c0, …, row_number() OVER (PARTITION BY near key ORDER BY …) AS n
 *                      FROM target WHERE …) AS numbered WHERE n > 0 AND n <= 3 ORDER BY n */
#include "render/sql.h"

static guint
count_near (const CormPath *path)
{
  return path->through != NULL ? path->n : 0;
}

static guint
count_columns (const CormPath *path)
{
  return count_near (path) + path->target->n_fields;
}

/* Column @i of the result. */
static const CormField *
get_column (const CormEdgeSelect *edge, guint i, const CormScopeTable **table)
{
  guint n_near = count_near (edge->path);
  *table = &edge->tables[i < n_near ? 1 : 0];
  return i < n_near ? edge->path->near_fields[i] : &edge->path->target->fields[i - n_near];
}

static void
append_columns (CormSql *sql, const CormEdgeSelect *edge)
{
  const CormScopeTable *table;
  for (guint i = 0; i < count_columns (edge->path); i++) {
    const CormField *field = get_column (edge, i, &table);
    corm_append (sql->text, i > 0 ? ", " : "SELECT ");
    gsize start = sql->text->len;
    corm_render_field (sql, &edge->scope, table, field);
    corm_sql_wrap (sql->text, start, sql->dialect->select_cast[field->type.type]);
    g_array_append_vals (sql->columns, &field->type, 1);
  }
}

static gboolean
append_from (CormSql *sql, const CormEdgeSelect *edge, GError **error)
{
  const CormPath *path = edge->path;
  corm_append (sql->text, " FROM ");
  corm_sql_append_name (sql, edge->tables[0].name);
  if (path->through != NULL) {
    corm_append (sql->text, " INNER JOIN ");
    corm_sql_append_name (sql, edge->tables[1].name);
  }
  for (guint i = 0; i < path->n_far; i++) {
    corm_append (sql->text, i > 0 ? " AND " : " ON ");
    corm_render_field (sql, &edge->scope, &edge->tables[0], path->target_fields[i]);
    corm_append (sql->text, " = ");
    corm_render_field (sql, &edge->scope, &edge->tables[1], path->far_fields[i]);
  }
  return corm_render_where (sql, &edge->scope, &edge->all, error);
}

/* The columns under names of their own, and each row's number among those of its owner. */
static gboolean
append_inner (CormSql *sql, const CormEdgeSelect *edge, GError **error)
{
  const CormScopeTable *table;
  for (guint i = 0; i < count_columns (edge->path); i++) {
    const CormField *field = get_column (edge, i, &table);
    corm_append (sql->text, i > 0 ? ", " : "SELECT ");
    corm_render_field (sql, &edge->scope, table, field);
    g_string_append_printf (sql->text, " AS c%u", i);
  }
  corm_append (sql->text, ", row_number() OVER (PARTITION BY ");
  for (guint i = 0; i < edge->path->n; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    corm_render_field (sql, &edge->scope, &edge->tables[edge->path->through != NULL ? 1 : 0],
                       edge->path->near_fields[i]);
  }
  if (!corm_render_order (sql, &edge->scope, edge->order, error))
    return FALSE;
  corm_append (sql->text, ") AS n");
  return append_from (sql, edge, error);
}

static gboolean
render_numbered (CormSql *sql, const CormEdgeSelect *edge, GError **error)
{
  static const CormSqlType int64_type = { .type = CORM_TYPE_INT64 };
  const CormScopeTable *table;
  gint64 first = (gint64) MIN (edge->offset, G_MAXINT64);
  gint64 most = edge->limit > 0 ? (gint64) MIN (edge->limit, G_MAXINT64) : G_MAXINT64;
  CormValue above = corm_value_int (first), up_to = corm_value_int (first + MIN (most, G_MAXINT64 - first));
  for (guint i = 0; i < count_columns (edge->path); i++) {
    g_autofree char *name = g_strdup_printf ("c%u", i);
    corm_append (sql->text, i > 0 ? ", " : "SELECT ");
    corm_sql_append_typed (sql, &get_column (edge, i, &table)->type, name);
  }
  corm_append (sql->text, " FROM (");
  if (!append_inner (sql, edge, error))
    return FALSE;
  corm_append (sql->text, ") AS numbered WHERE n > ");
  corm_sql_append_param (sql, "offset", &int64_type, &above);
  corm_append (sql->text, " AND n <= ");
  corm_sql_append_param (sql, "limit", &int64_type, &up_to);
  corm_append (sql->text, " ORDER BY n");
  return TRUE;
}

gboolean
corm_render_edge (CormSql *sql, const CormEdgeSelect *edge, GError **error)
{
  if (edge->limit > 0 || edge->offset > 0)
    return render_numbered (sql, edge, error);
  append_columns (sql, edge);
  return append_from (sql, edge, error) && corm_render_order (sql, &edge->scope, edge->order, error);
}
