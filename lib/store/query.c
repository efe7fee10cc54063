/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Running a query that was put together at run time: the same road as corm_find. */
#include "query/query.h"

#include "engine/detector.h"
#include "render/sql.h"
#include "store/select.h"
#include "store/relation.h"

static gboolean
get_select (CormQuery *query, CormConnection *conn, CormSelectKind kind, CormSelect *select, GError **error)
{
  const CormMapping *mapping = corm_store_find_mapping (conn, corm_query_get_model (query), error);
  return mapping != NULL && corm_query_get_select (query, kind, mapping, select, error);
}

CormRows *
corm_query_find (CormQuery *query, CormConnection *conn, GError **error)
{
  CormSelect select;
  g_return_val_if_fail (query != NULL && conn != NULL, NULL);
  CORM_DETECTOR_CALLED (conn);
  if (!get_select (query, conn, CORM_SELECT_ROWS, &select, error))
    return NULL;
  CormFind find = { .with = corm_query_get_with (query) };
  g_autoptr (CormRows) rows = corm_select_load (conn, &select, NULL, error);
  if (rows == NULL || !corm_relation_load (conn, rows, &find, error))
    return NULL;
  return g_steal_pointer (&rows);
}

gboolean
corm_query_count (CormQuery *query, CormConnection *conn, guint64 *count, GError **error)
{
  CormSelect select;
  g_return_val_if_fail (query != NULL && conn != NULL && count != NULL, FALSE);
  CORM_DETECTOR_CALLED (conn);
  return get_select (query, conn, CORM_SELECT_COUNT, &select, error) &&
         corm_select_number (conn, &select, count, error);
}

char *
corm_query_sql (CormQuery *query, CormConnection *conn, GError **error)
{
  CormSelect select;
  g_return_val_if_fail (query != NULL && conn != NULL, NULL);
  CormFilterExpr room;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  sql->filter.tenant = corm_connection_get_tenant (conn);
  if (!get_select (query, conn, CORM_SELECT_ROWS, &select, error) ||
      !corm_select_confine (conn, &select, &room, error) || !corm_select_check (&select, error) ||
      !corm_render_select (sql, &select, error))
    return NULL;
  return g_string_free (g_steal_pointer (&sql->text), FALSE);
}
