/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Checks of a query of one model before it becomes SQL. */
#include "query/select.h"

gboolean
corm_select_check (const CormSelect *select, GError **error)
{
  CormScopeTable table;
  const CormScope scope = corm_scope_of (select->mapping, &table);
  if (select->limit > G_MAXINT64 || select->offset > G_MAXINT64)
    return corm_scope_refuse (&scope, error,
                              "its limit or offset is negative, or beyond any table; 0 means no limit");
  if (!corm_condition_check (&scope, select->where, 0, error))
    return FALSE;
  for (const CormOrder *order = select->order; order != NULL && !corm_order_is_end (order); order++)
    if (!corm_order_check (&scope, order, 0, error))
      return FALSE;
  return TRUE;
}
