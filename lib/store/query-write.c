/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* UPDATE, DELETE and INSERT … SELECT by a CormQuery; their changed rows where they are asked for. */
#include "store/query.h"

#include "base/error.h"
#include "store/changed.h"
#include "store/select.h"
#include "store/stamp.h"

/* Executes what was rendered, to its end. */
static gboolean
run_change (CormDraft *draft, guint64 *n_changed, GError **error)
{
  const CormValue *row = NULL;
  g_autoptr (CormStatement) statement = corm_draft_run (draft, FALSE, error);
  if (statement == NULL || corm_statement_step (statement, &row, error) != CORM_STEP_DONE)
    return FALSE;
  if (n_changed != NULL)
    *n_changed = corm_statement_get_n_changed (statement);
  return TRUE;
}

gboolean
corm_query_update (CormQuery *query, CormConnection *conn, const CormSet *sets, guint64 *n_changed,
                   GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue now = corm_value_timestamp (corm_timestamp_now ());
  g_return_val_if_fail (query != NULL && conn != NULL && sets != NULL, FALSE);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL || !corm_render_query_update (draft.sql, resolved, sets, &now, FALSE, error))
    return FALSE;
  return run_change (&draft, n_changed, error) || corm_error_prefix (error, "update %s", query->model->table);
}

gboolean
corm_query_delete (CormQuery *query, CormConnection *conn, guint64 *n_deleted, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue now = corm_value_timestamp (corm_timestamp_now ());
  g_return_val_if_fail (query != NULL && conn != NULL, FALSE);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL || !corm_render_query_delete (draft.sql, resolved, &now, FALSE, error))
    return FALSE;
  return run_change (&draft, n_deleted, error) ||
         corm_error_prefix (error, "delete from %s", query->model->table);
}

/* What the columns of @into with a role are written with; NULL when there are none. */
static gboolean
get_stamps (CormDraft *draft, const CormMapping *into, const CormValue **stamps, GError **error)
{
  CormStamp stamp = { 0 };
  *stamps = NULL;
  if (!into->has_roles)
    return TRUE;
  if (!corm_stamp_init (&stamp, CORM_STAMP_INSERT, draft->conn, into, error))
    return FALSE;
  CormValue *values = corm_arena_alloc (draft->arena, into->n_fields * sizeof *values);
  g_autofree char *nobody = g_malloc0 (into->model->size); /* no member of it is set */
  for (guint i = 0; i < into->n_fields; i++)
    if (corm_field_is_stamped (&into->fields[i]) &&
        !corm_stamp_get (&stamp, into, i, nobody, &values[i], error))
      return FALSE;
  *stamps = values;
  return TRUE;
}

gboolean
corm_query_insert (CormQuery *query, CormConnection *conn, const CormModel *into, guint64 *n_inserted,
                   GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue *stamps;
  g_return_val_if_fail (query != NULL && conn != NULL && into != NULL, FALSE);
  const CormMapping *mapping = corm_store_find_mapping (conn, into, error);
  const CormResolved *resolved = mapping != NULL ? corm_query_draft (&draft, query, conn, error) : NULL;
  if (resolved == NULL || !get_stamps (&draft, mapping, &stamps, error) ||
      !corm_render_query_insert (draft.sql, resolved, mapping, stamps, error))
    return FALSE;
  return run_change (&draft, n_inserted, error) || corm_error_prefix (error, "insert into %s", into->table);
}

/* --- RETURNING --------------------------------------------------------------------------------------------------------- */

static gboolean
load (CormDraft *draft, CormRows *rows, GError **error)
{
  g_autoptr (CormStatement) statement = corm_draft_run (draft, FALSE, error);
  return statement != NULL && corm_rows_load (rows, statement, error);
}

/* A row that no struct can hold is not changed either, nor are the others. */
static CormRows *
load_changed (CormDraft *draft, const CormMapping *mapping, GError **error)
{
  g_autoptr (CormRows) rows = NULL;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (draft->conn, CORM_TRANSACTION_WRITE, error);
  if (guard == NULL)
    return NULL;
  rows = corm_rows_new (mapping, NULL);
  return load (draft, rows, error) && corm_transaction_commit (guard, error) ? g_steal_pointer (&rows) : NULL;
}

static gboolean
has_returning (CormConnection *conn)
{
  return (corm_connection_get_dialect (conn)->caps & CORM_CAP_CHANGE_RETURNING) != 0;
}

gboolean
corm_query_update_returning (CormQuery *query, CormConnection *conn, const CormSet *sets, CormRows **rows,
                             GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue now = corm_value_timestamp (corm_timestamp_now ());
  g_return_val_if_fail (query != NULL && conn != NULL && sets != NULL && rows != NULL, FALSE);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL ||
      !corm_render_query_update (draft.sql, resolved, sets, &now, has_returning (conn), error))
    return FALSE;
  *rows = has_returning (conn) ? load_changed (&draft, resolved->scope->tables[0].mapping, error)
                               : corm_changed_update (query, conn, sets, error);
  return *rows != NULL || corm_error_prefix (error, "update %s", query->model->table);
}

gboolean
corm_query_delete_returning (CormQuery *query, CormConnection *conn, CormRows **rows, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue now = corm_value_timestamp (corm_timestamp_now ());
  g_return_val_if_fail (query != NULL && conn != NULL && rows != NULL, FALSE);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL || !corm_render_query_delete (draft.sql, resolved, &now, has_returning (conn), error))
    return FALSE;
  *rows = has_returning (conn) ? load_changed (&draft, resolved->scope->tables[0].mapping, error)
                               : corm_changed_delete (query, conn, error);
  return *rows != NULL || corm_error_prefix (error, "delete from %s", query->model->table);
}
