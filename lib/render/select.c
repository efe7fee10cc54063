/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SELECT of one model: its rows, their number, or whether there is one. */
#include "render/query.h"

static const CormSqlType int64_type = { .type = CORM_TYPE_INT64 };

static gboolean
append_order (CormSql *sql, const CormSelect *select, GError **error)
{
  CormScopeTable table;
  const CormScope scope = corm_scope_of (select->mapping, &table);
  return corm_render_order (sql, &scope, select->order, error);
}

static gboolean
append_from (CormSql *sql, const CormSelect *select, GError **error)
{
  corm_append (sql->text, " FROM ");
  corm_sql_append_name (sql, select->mapping->model->table);
  CormScopeTable table;
  const CormScope scope = corm_scope_of (select->mapping, &table);
  return corm_render_where (sql, &scope, select->where, error);
}

static gboolean
render_rows (CormSql *sql, const CormSelect *select, GError **error)
{
  corm_append (sql->text, "SELECT ");
  for (guint i = 0; i < select->mapping->n_fields; i++) {
    corm_append (sql->text, i > 0 ? ", " : "");
    corm_sql_append_column (sql, &select->mapping->fields[i]);
  }
  if (!append_from (sql, select, error) || !append_order (sql, select, error))
    return FALSE;
  corm_render_limit (sql, select->limit, select->offset);
  return TRUE;
}

/* Rows within limit and offset: of those the count is asked, not of the whole table. */
static gboolean
render_count (CormSql *sql, const CormSelect *select, GError **error)
{
  gboolean cut = select->limit > 0 || select->offset > 0;
  corm_append (sql->text, "SELECT ");
  corm_sql_append_typed (sql, &int64_type, "count(*)");
  if (cut)
    corm_append (sql->text, " FROM (SELECT 1 AS one");
  if (!append_from (sql, select, error))
    return FALSE;
  corm_render_limit (sql, select->limit, select->offset);
  if (cut)
    corm_append (sql->text, ") AS counted");
  return TRUE;
}

static gboolean
render_exists (CormSql *sql, const CormSelect *select, GError **error)
{
  corm_append (sql->text, "SELECT ");
  corm_sql_append_typed (sql, &int64_type, "1");
  if (!append_from (sql, select, error))
    return FALSE;
  corm_render_limit (sql, 1, select->offset);
  return TRUE;
}

gboolean
corm_render_select (CormSql *sql, const CormSelect *select, GError **error)
{
  switch (select->kind) {
  case CORM_SELECT_COUNT:
    return render_count (sql, select, error);
  case CORM_SELECT_EXISTS:
    return render_exists (sql, select, error);
  default:
    return render_rows (sql, select, error);
  }
}
