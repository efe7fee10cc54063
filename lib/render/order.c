/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* ORDER BY, the same order in every database. */
#include "render/sql.h"

static gboolean
append_item (CormSql *sql, const CormScope *scope, const CormOrder *order, GError **error)
{
  const CormScopeTable *table;
  if (order->expr != NULL)
    return corm_render_expr (sql, scope, order->expr, error);
  const CormField *field = corm_scope_find_field (scope, order->model, order->offset, &table, error);
  if (field == NULL)
    return FALSE;
  corm_render_field (sql, scope, table, field);
  return corm_sql_append_compare (sql, field, error);
}

gboolean
corm_render_order (CormSql *sql, const CormScope *scope, const CormOrder *orders, GError **error)
{
  for (const CormOrder *order = orders; order != NULL && !corm_order_is_end (order); order++) {
    g_string_append (sql->text, order == orders ? " ORDER BY " : ", ");
    if (!append_item (sql, scope, order, error))
      return FALSE;
    if (order->descending)
      g_string_append (sql->text, " DESC");
  }
  return TRUE;
}
