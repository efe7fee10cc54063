/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading rows by predicate, with their relations, or one after the other by a cursor. */
#include "base/error.h"
#include "engine/detector.h"
#include "render/sql.h"
#include "store/relation.h"
#include "store/row-cursor.h"
#include "store/select.h"
#include "store/stamp.h"

static gboolean
select_from_find (CormConnection *conn, CormSelectKind kind, const CormModel *model, const CormFind *find,
                  CormSelect *select, GError **error)
{
  const CormMapping *mapping = corm_store_find_mapping (conn, model, error);
  *select = (CormSelect){
    .kind = kind,
    .mapping = mapping,
    .where = &find->where,
    .order = find->order,
    .limit = find->limit,
    .offset = find->offset,
    .with_deleted = find->with_deleted,
  };
  return mapping != NULL;
}

CormRows *
corm_find_rows (const CormModel *model, CormConnection *conn, GError **error, const CormFind *find)
{
  CormSelect select;
  g_return_val_if_fail (model != NULL && conn != NULL && find != NULL, NULL);
  CORM_DETECTOR_CALLED (conn);
  if (!select_from_find (conn, CORM_SELECT_ROWS, model, find, &select, error))
    return NULL;
  g_autoptr (CormRows) rows = corm_select_load (conn, &select, NULL, error);
  if (rows == NULL || !corm_relation_load (conn, rows, find, error))
    return NULL;
  return g_steal_pointer (&rows);
}

gboolean
corm_count_rows (const CormModel *model, CormConnection *conn, guint64 *count, GError **error,
                 const CormFind *find)
{
  CormSelect select;
  g_return_val_if_fail (model != NULL && conn != NULL && count != NULL && find != NULL, FALSE);
  CORM_DETECTOR_CALLED (conn);
  return select_from_find (conn, CORM_SELECT_COUNT, model, find, &select, error) &&
         corm_select_number (conn, &select, count, error);
}

gboolean
corm_exists_rows (const CormModel *model, CormConnection *conn, gboolean *exists, GError **error,
                  const CormFind *find)
{
  CormSelect select;
  guint64 number = 0;
  g_return_val_if_fail (model != NULL && conn != NULL && exists != NULL && find != NULL, FALSE);
  CORM_DETECTOR_CALLED (conn);
  if (!select_from_find (conn, CORM_SELECT_EXISTS, model, find, &select, error) ||
      !corm_select_number (conn, &select, &number, error))
    return FALSE;
  *exists = number != 0;
  return TRUE;
}

gboolean
corm_delete_rows (const CormModel *model, CormConnection *conn, guint64 *n_deleted, GError **error,
                  const CormFind *find)
{
  CormSelect select;
  const CormValue *row = NULL;
  g_return_val_if_fail (model != NULL && conn != NULL && find != NULL, FALSE);
  if (!select_from_find (conn, CORM_SELECT_ROWS, model, find, &select, error))
    return FALSE;
  if (find->where.kind == CORM_EXPR_NONE || find->limit > 0 || find->offset > 0 || find->order != NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "delete from %s takes .where and nothing else; to delete every row say .where = CORM_ALL ()",
                 model->table);
    return FALSE;
  }
  CormFilterExpr filter;
  CormStamp stamp;
  gboolean mark = select.mapping->roles[CORM_ROLE_DELETED_AT] >= 0 && !find->erase;
  if (find->erase)
    select.with_deleted = TRUE;
  g_autoptr (CormSql) sql = corm_sql_new (corm_connection_get_dialect (conn));
  if (!corm_select_confine (conn, &select, &filter, error) || !corm_select_check (&select, error) ||
      !corm_stamp_init (&stamp, CORM_STAMP_MARK, conn, select.mapping, error))
    return FALSE;
  CormValue now = corm_value_timestamp (stamp.now);
  if (mark ? !corm_render_mark_where (sql, &select, &now, error)
           : !corm_render_delete_where (sql, &select, error))
    return FALSE;
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = spec.sql };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL || !corm_select_execute (conn, statement, sql, FALSE, error) ||
      corm_statement_step (statement, &row, error) != CORM_STEP_DONE)
    return corm_error_prefix (error, "delete from %s", model->table);
  if (n_deleted != NULL)
    *n_deleted = corm_statement_get_n_changed (statement);
  return TRUE;
}

CormCursor *
corm_cursor_rows (const CormModel *model, CormConnection *conn, GError **error, const CormFind *find)
{
  CormSelect select;
  g_return_val_if_fail (model != NULL && conn != NULL && find != NULL, NULL);
  if (!select_from_find (conn, CORM_SELECT_ROWS, model, find, &select, error))
    return NULL;
  if (find->with != NULL || find->load != NULL) {
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "a cursor over %s takes no .with: the related rows would need a second statement on its connection; "
        "use corm_find()",
        model->table);
    return NULL;
  }
  CormStatement *statement = corm_select_run (conn, &select, TRUE, error);
  if (statement == NULL)
    return NULL;
  const CormResult result = { .mapping = select.mapping };
  return corm_row_cursor_new (statement, model, &result, NULL);
}
