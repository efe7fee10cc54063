/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Running a query that was put together at run time: resolve, render, prepare, execute, load. */
#include "store/query.h"

#include "base/error.h"
#include "engine/detector.h"
#include "store/relation.h"
#include "store/row-cursor.h"
#include "store/select.h"

const CormResolved *
corm_query_draft (CormDraft *draft, CormQuery *query, CormConnection *conn, GError **error)
{
  corm_draft_begin (draft, conn);
  draft->sql->filter.with_deleted = query->with_deleted;
  return corm_query_resolve (query, &draft->scope, error);
}

/* Prepares and executes what the draft holds. */
CormStatement *
corm_draft_run (CormDraft *draft, gboolean stream, GError **error)
{
  CormStatementSpec spec = corm_sql_get_spec (draft->sql);
  const CormStatementKey key = { .sql = spec.sql };
  g_autoptr (CormStatement) statement = corm_statement_prepare (draft->conn, &key, &spec, error);
  if (statement == NULL || !corm_select_execute (draft->conn, statement, draft->sql, stream, error))
    return NULL;
  return g_steal_pointer (&statement);
}

/* A row lock lasts as long as its transaction. Where a database has no row locks, the table's is taken. */
static gboolean
take_lock (CormConnection *conn, const CormQuery *query, GError **error)
{
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  if (query->lock == CORM_LOCK_NONE)
    return TRUE;
  if (!corm_connection_in_transaction (conn)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "query of %s: it locks rows, and a lock lasts until its transaction ends: begin one first, "
                 "corm_transaction_begin()",
                 query->model->table);
    return FALSE;
  }
  if (dialect->lock_table == NULL)
    return TRUE;
  g_auto (GStrv) around = g_strsplit (dialect->lock_table, "{t}", 2);
  g_autoptr (GString) sql = g_string_new (around[0]);
  corm_sql_append_identifier (sql, dialect, corm_model_resolve (query->model)->table);
  g_string_append (sql, around[1]);
  return corm_connection_run (conn, sql->str, error);
}

/* For the detector of queries in a loop. */
static void
note (CormConnection *conn, const CormResolved *resolved, const CormSql *sql)
{
  static const CormExpr nothing = { .kind = CORM_EXPR_NONE };
  const CormQuery *query = resolved->query;
  const CormMapping *mapping = resolved->scope->tables[0].mapping;
  if (mapping->registry != NULL)
    corm_detector_note (conn, mapping, query->where.n > 0 ? query->where.items : &nothing, sql->text->str);
}

static CormStatement *
run_rows (CormDraft *draft, CormQuery *query, CormConnection *conn, const CormResolved **resolved,
          GError **error)
{
  *resolved = corm_query_draft (draft, query, conn, error);
  if (*resolved == NULL || !corm_render_resolved (draft->sql, *resolved, CORM_NAMES_NONE, TRUE, error) ||
      !take_lock (conn, query, error))
    return NULL;
  note (conn, *resolved, draft->sql);
  return corm_draft_run (draft, TRUE, error);
}

/* Rows of the model's own mapping where nothing else is selected. */
static gboolean
init_result (CormResult *result, const CormResolved *resolved, CormArena *arena, GError **error)
{
  *result = (CormResult){ 0 };
  if (resolved->query->outputs.n == 0 && resolved->parts == NULL &&
      resolved->scope->tables[0].mapping->registry != NULL) {
    result->mapping = resolved->scope->tables[0].mapping;
    return TRUE;
  }
  return corm_result_init (result, resolved->outputs, resolved->n_outputs, arena, error);
}

static gboolean
check_struct (const CormResolved *resolved, GError **error)
{
  return resolved->outputs[0].model != NULL ||
         corm_scope_refuse (resolved->scope, error,
                            "its outputs are names without a struct: read them with corm_query_open() and "
                            "corm_cursor_next(), or name members, CORM_OUTPUT (…)");
}

static CormRows *
load (CormStatement *statement, const CormResolved *resolved, GError **error)
{
  g_auto (CormResult) result = { 0 };
  g_autoptr (CormRows) rows = corm_rows_new (NULL, NULL);
  if (!check_struct (resolved, error) || !init_result (&result, resolved, rows->arena, error))
    return NULL;
  rows->mapping = result.mapping;
  rows->model = resolved->outputs[0].model;
  return corm_result_load (&result, rows, statement, error) ? g_steal_pointer (&rows) : NULL;
}

CormRows *
corm_query_find (CormQuery *query, CormConnection *conn, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormResolved *resolved;
  g_return_val_if_fail (query != NULL && conn != NULL, NULL);
  CORM_DETECTOR_CALLED (conn);
  g_autoptr (CormRows) rows = NULL;
  {
    g_autoptr (CormStatement) statement = run_rows (&draft, query, conn, &resolved, error);
    rows = statement != NULL ? load (statement, resolved, error) : NULL;
  }
  if (rows == NULL) {
    corm_error_prefix (error, "select from %s", query->model->table);
    return NULL;
  }
  corm_draft_clear (&draft);
  const CormFind find = { .with = query->with.items, .with_deleted = query->with_deleted };
  if (query->with.n > 0 && !corm_relation_load (conn, rows, &find, error))
    return NULL;
  return g_steal_pointer (&rows);
}

/* Dynamic rows: the names that the outputs have, whatever the driver calls its columns. */
static void
set_names (CormCursor *cursor, const CormResolved *resolved)
{
  char **names = g_new0 (char *, resolved->n_outputs + 1);
  for (guint i = 0; i < resolved->n_outputs; i++)
    names[i] = g_strdup (resolved->outputs[i].name);
  corm_cursor_set_names (cursor, names);
}

CormCursor *
corm_query_open (CormQuery *query, CormConnection *conn, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  CormResult result;
  const CormResolved *resolved;
  g_return_val_if_fail (query != NULL && conn != NULL, NULL);
  CORM_DETECTOR_CALLED (conn);
  g_autoptr (CormArena) own = corm_arena_new ();
  if (query->with.n > 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "query of %s: a cursor loads no relations, which would need a second statement on its "
                 "connection; use "
                 "corm_query_find()",
                 query->model->table);
    return NULL;
  }
  g_autoptr (CormStatement) statement = run_rows (&draft, query, conn, &resolved, error);
  if (statement == NULL ||
      (resolved->outputs[0].model != NULL && !init_result (&result, resolved, own, error))) {
    corm_error_prefix (error, "select from %s", query->model->table);
    return NULL;
  }
  CormCursor *cursor = resolved->outputs[0].model == NULL
                           ? corm_cursor_new (g_steal_pointer (&statement))
                           : corm_row_cursor_new (g_steal_pointer (&statement), resolved->outputs[0].model,
                                                  &result, g_steal_pointer (&own));
  set_names (cursor, resolved);
  return cursor;
}

gboolean
corm_query_count (CormQuery *query, CormConnection *conn, guint64 *count, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue *row = NULL;
  g_return_val_if_fail (query != NULL && conn != NULL && count != NULL, FALSE);
  CORM_DETECTOR_CALLED (conn);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL || !corm_render_query_count (draft.sql, resolved, error))
    return FALSE;
  g_autoptr (CormStatement) statement = corm_draft_run (&draft, FALSE, error);
  CormStep step = statement != NULL ? corm_statement_step (statement, &row, error) : CORM_STEP_ERROR;
  *count = step == CORM_STEP_ROW ? (guint64) row[0].i : 0;
  while (step == CORM_STEP_ROW)
    step = corm_statement_step (statement, &row, error);
  return step == CORM_STEP_DONE || corm_error_prefix (error, "select from %s", query->model->table);
}
