/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Running a CormSelect: check, render, prepare, execute, load. Every error says which table was being read. */
#include "store/select.h"

#include "base/error.h"
#include "engine/detector.h"
#include "store/draft.h"

const CormMapping *
corm_store_find_mapping (CormConnection *conn, const CormModel *model, GError **error)
{
  const CormMapping *mapping = corm_connection_find_mapping (conn, model);
  if (mapping == NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "model %s is not in the registry that the database was opened with: add &%s_model to "
                 "corm_registry_new()",
                 model->type, model->type);
  return mapping;
}

gboolean
corm_select_execute (CormConnection *conn, CormStatement *statement, const CormSql *sql, gboolean stream,
                     GError **error)
{
  if (corm_statement_execute (statement, (const CormValue *) (gpointer) sql->params->data, stream, error))
    return TRUE;
  guint refused = corm_connection_get_refused (conn);
  return refused > 0 ? corm_error_prefix (error, "column %s", (const char *) sql->names->pdata[refused - 1])
                     : FALSE;
}

gboolean
corm_select_confine (CormConnection *conn, CormSelect *select, CormFilterExpr *room, GError **error)
{
  const CormMapping *mapping = select->mapping;
  CormFilter filter = { .tenant = corm_connection_get_tenant (conn), .with_deleted = select->with_deleted };
  if (!mapping->has_roles)
    return TRUE;
  if (!corm_filter_make (&filter, mapping, mapping->model, room, error))
    return FALSE;
  select->where = corm_filter_join (room, select->where);
  return TRUE;
}

CormStatement *
corm_select_run (CormConnection *conn, const CormSelect *unconfined, gboolean stream, GError **error)
{
  static const CormExpr nothing = { .kind = CORM_EXPR_NONE };
  CormFilterExpr room;
  CormSelect confined = *unconfined, *select = &confined;
  g_auto (CormDraft) draft = { 0 };
  corm_draft_begin (&draft, conn);
  CormSql *sql = draft.sql;
  if (!corm_select_confine (conn, select, &room, error) || !corm_select_check (select, error))
    return NULL;
  if (!corm_render_select (sql, select, error)) {
    corm_error_prefix (error, "query of %s", select->mapping->model->table);
    return NULL;
  }
  corm_detector_note (conn, select->mapping, unconfined->where != NULL ? unconfined->where : &nothing,
                      sql->text->str);
  CormStatementSpec spec = corm_sql_get_spec (sql);
  CormStatementKey key = { .sql = spec.sql };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement != NULL && corm_select_execute (conn, statement, sql, stream, error))
    return g_steal_pointer (&statement);
  corm_error_prefix (error, "select from %s", select->mapping->model->table);
  return NULL;
}

CormRows *
corm_select_load (CormConnection *conn, const CormSelect *select, CormArena *arena, GError **error)
{
  g_autoptr (CormStatement) statement = corm_select_run (conn, select, TRUE, error);
  if (statement == NULL)
    return NULL;
  CormRows *rows = corm_rows_new (select->mapping, arena);
  if (corm_rows_load (rows, statement, error))
    return rows;
  corm_error_prefix (error, "select from %s", select->mapping->model->table);
  corm_rows_free (rows);
  return NULL;
}

gboolean
corm_select_number (CormConnection *conn, const CormSelect *select, guint64 *number, GError **error)
{
  const CormValue *row = NULL;
  g_autoptr (CormStatement) statement = corm_select_run (conn, select, FALSE, error);
  if (statement == NULL)
    return FALSE;
  CormStep step = corm_statement_step (statement, &row, error);
  *number = step == CORM_STEP_ROW ? (guint64) row[0].i : 0;
  if (step == CORM_STEP_ROW)
    step = corm_statement_step (statement, &row, error);
  return step == CORM_STEP_DONE ? TRUE
                                : corm_error_prefix (error, "select from %s", select->mapping->model->table);
}
