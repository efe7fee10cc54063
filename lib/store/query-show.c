/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query for the eye: its SQL and parameters, and the plan that the database has for it. */
#include "store/query.h"

#include "base/error.h"
#include "value/text.h"

/* "-- 1: 'abc'", a line per parameter. */
static void
append_params (GString *text, const CormSql *sql)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  for (guint i = 0; i < sql->params->len; i++) {
    const CormValue *value = &g_array_index (sql->params, CormValue, i);
    char number[CORM_TEXT_MAX];
    g_string_append (text, "\n-- ");
    g_string_append_len (text, number, (gssize) corm_text_from_int (i + 1, number));
    g_string_append (text, ": ");
    corm_value_append_text (value, g_string_truncate (shown, 0));
    g_autofree char *quoted = corm_error_quote (shown->str, (gssize) shown->len);
    g_string_append (text, value->is_null ? "NULL" : quoted);
  }
}

char *
corm_query_sql (CormQuery *query, CormConnection *conn, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  g_return_val_if_fail (query != NULL && conn != NULL, NULL);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL || !corm_render_resolved (draft.sql, resolved, CORM_NAMES_NONE, TRUE, error))
    return NULL;
  GString *text = g_string_new (draft.sql->text->str);
  append_params (text, draft.sql);
  return g_string_free (text, FALSE);
}

/* A line of the plan: its columns, parted by tabs. */
static void
append_line (GString *text, const CormValue *row, guint n)
{
  g_string_append (text, text->len > 0 ? "\n" : "");
  for (guint i = 0; i < n; i++) {
    g_string_append (text, i > 0 ? "\t" : "");
    corm_value_append_text (&row[i], text);
  }
}

static void
append_head (GString *text, CormStatement *statement, guint n)
{
  for (guint i = 0; n > 1 && i < n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\t" : "", corm_statement_get_column_name (statement, i));
}

char *
corm_query_explain (CormQuery *query, CormConnection *conn, GError **error)
{
  g_auto (CormDraft) draft = { 0 };
  const CormValue *row = NULL;
  g_return_val_if_fail (query != NULL && conn != NULL, NULL);
  const CormDialect *dialect = corm_connection_get_dialect (conn);
  const CormResolved *resolved = corm_query_draft (&draft, query, conn, error);
  if (resolved == NULL || !corm_render_resolved (draft.sql, resolved, CORM_NAMES_NONE, TRUE, error))
    return NULL;
  if (dialect->explain == NULL) {
    corm_scope_refuse (resolved->scope, error,
                       "this driver does not know how to ask the database for a plan");
    return NULL;
  }
  g_string_prepend (draft.sql->text, dialect->explain);
  g_array_set_size (draft.sql->columns, 0);
  g_autoptr (CormStatement) statement = corm_draft_run (&draft, FALSE, error);
  if (statement == NULL)
    return NULL;
  guint n = corm_statement_get_n_columns (statement);
  g_autoptr (GString) text = g_string_new (NULL);
  append_head (text, statement, n);
  CormStep step;
  while ((step = corm_statement_step (statement, &row, error)) == CORM_STEP_ROW)
    append_line (text, row, n);
  return step == CORM_STEP_DONE ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
