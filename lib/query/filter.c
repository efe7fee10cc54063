/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The predicates of soft delete and tenant, as expressions like any other. */
#include "query/filter.h"

#include <corm/error.h>

gboolean
corm_filter_make (const CormFilter *filter, const CormMapping *mapping, const CormModel *model,
                  CormFilterExpr *parts, GError **error)
{
  const CormField *deleted = corm_mapping_find_role (mapping, CORM_ROLE_DELETED_AT);
  const CormField *tenant = corm_mapping_find_role (mapping, CORM_ROLE_TENANT);
  parts->n = 0;
  if (tenant != NULL && filter->tenant == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "table %s has the tenant column %s and the connection has no tenant: call "
                 "corm_connection_set_tenant() first",
                 mapping->model->table, tenant->name);
    return FALSE;
  }
  if (tenant != NULL)
    parts->operands[parts->n++] = (CormExpr){
      .kind = CORM_EXPR_EQ, .model = model, .offset = tenant->column->offset, .value = *filter->tenant
    };
  if (deleted != NULL && !filter->with_deleted)
    parts->operands[parts->n++] =
        (CormExpr){ .kind = CORM_EXPR_IS_NULL, .model = model, .offset = deleted->column->offset };
  return TRUE;
}

const CormExpr *
corm_filter_join (CormFilterExpr *parts, const CormExpr *where)
{
  guint n = parts->n;
  if (where != NULL && where->kind != CORM_EXPR_NONE)
    parts->operands[n++] = *where;
  if (n == 0)
    return NULL;
  parts->operands[n] = (CormExpr){ .kind = CORM_EXPR_END };
  parts->all = (CormExpr){ .kind = CORM_EXPR_ALL, .operands = parts->operands };
  return n == 1 ? parts->operands : &parts->all;
}
