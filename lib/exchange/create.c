/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Making the tables that are missing: the plan that leads from the schema that is there to the one with them. */
#include "base/error.h"
#include "exchange/target.h"

#include <corm/migrate.h>

gboolean
corm_import_create (CormImport *import, GPtrArray *reverse, GError **error)
{
  if (import->live->tables->len == import->n_live)
    return TRUE;
  g_autofree char *json = corm_schema_to_json (import->live);
  g_autoptr (CormSchema) before = corm_schema_from_json (json, error);
  if (before == NULL)
    return FALSE;
  g_ptr_array_set_size (before->tables, (int) import->n_live);
  g_autoptr (CormPlan) plan = corm_schema_diff (import->conn, before, import->live, error);
  if (plan == NULL)
    return corm_error_prefix (error, "create the tables that are missing");
  for (guint i = 0; i < plan->ops->len; i++) {
    const CormOp *op = plan->ops->pdata[i];
    for (guint s = 0; s < op->sql->len; s++)
      if (!corm_connection_run (import->conn, op->sql->pdata[s], error))
        return corm_error_prefix (error, "%s", op->text);
    for (guint s = 0; s < op->reverse->len; s++)
      g_ptr_array_insert (reverse, (int) s, g_strdup (op->reverse->pdata[s]));
  }
  return TRUE;
}
