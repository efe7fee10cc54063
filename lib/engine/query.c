/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* SQL written by hand: parameters by name, statements cached by their text. */
#include "base/error.h"
#include "engine/control.h"
#include "engine/cursor.h"
#include "engine/parameters.h"

/* Inside a transaction of ours nobody else ends it. */
static gboolean
check_sql (CormConnection *conn, const char *sql, GError **error)
{
  if (!corm_connection_in_transaction (conn) ||
      !corm_control_is_transaction (corm_connection_get_dialect (conn), sql))
    return TRUE;
  g_autofree char *doing = corm_driver_describe (sql);
  corm_driver_error (error, CORM_ERROR_INVALID, doing, "a transaction is open that is not ended by hand",
                     "in corm_transact() return TRUE or FALSE, elsewhere use corm_transaction_commit() and "
                     "corm_transaction_rollback(); one inside it is begun with corm_transaction_begin()");
  return FALSE;
}

static CormStatement *
execute (CormConnection *conn, const char *sql, const CormParam *params, gboolean stream, GError **error)
{
  g_auto (CormParameters) bound = { 0 };
  if (!corm_connection_check_free (conn, error) || !check_sql (conn, sql, error) ||
      !corm_parameters_resolve (&bound, corm_connection_get_dialect (conn), sql, params, error))
    return NULL;
  CormStatementKey key = { .sql = bound.sql->str };
  CormStatementSpec spec = { .sql = bound.sql->str,
                             .n_params = bound.values->len,
                             .params = (const CormSqlType *) bound.types->data };
  g_autoptr (CormStatement) statement = corm_statement_prepare (conn, &key, &spec, error);
  if (statement == NULL)
    return NULL;
  if (corm_statement_execute (statement, (const CormValue *) bound.values->data, stream, error))
    return g_steal_pointer (&statement);
  guint refused = corm_connection_get_refused (conn);
  if (refused > 0)
    corm_error_prefix (error, "parameter :%s", (const char *) bound.names->pdata[refused - 1]);
  return NULL;
}

gboolean
corm_execute (CormConnection *conn, const char *sql, const CormParam *params, guint64 *n_changed,
              GError **error)
{
  g_return_val_if_fail (conn != NULL && sql != NULL, FALSE);
  g_autoptr (CormStatement) statement = execute (conn, sql, params, FALSE, error);
  if (statement == NULL)
    return FALSE;
  const CormValue *row;
  CormStep step = CORM_STEP_DONE;
  if (corm_statement_get_n_columns (statement) > 0)
    do
      step = corm_statement_step (statement, &row, error);
    while (step == CORM_STEP_ROW);
  if (step == CORM_STEP_ERROR)
    return FALSE;
  if (n_changed != NULL)
    *n_changed = corm_statement_get_n_changed (statement);
  return TRUE;
}

CormCursor *
corm_query (CormConnection *conn, const char *sql, const CormParam *params, GError **error)
{
  g_return_val_if_fail (conn != NULL && sql != NULL, NULL);
  CormStatement *statement = execute (conn, sql, params, TRUE, error);
  return statement != NULL ? corm_cursor_new (statement) : NULL;
}
