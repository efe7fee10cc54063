/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whose rows a connection reads and writes. Invariant: a connection comes from the pool without a tenant. */
#include "engine/connection.h"
#include "engine/private.h"
#include "value/check.h"

void
corm_connection_set_tenant (CormConnection *conn, CormValue tenant)
{
  g_return_if_fail (conn != NULL);
  char *data = NULL;
  if (corm_type_has_data (tenant.type) && !tenant.is_null) {
    if (tenant.data == NULL)
      tenant.is_null = true;
    else
      tenant.data = data = g_strndup (tenant.data, tenant.size);
  }
  g_free (conn->tenant_data);
  conn->tenant_data = data;
  conn->tenant = tenant;
  conn->has_tenant = !tenant.is_null && tenant.type != CORM_TYPE_NONE;
}

const CormValue *
corm_connection_get_tenant (CormConnection *conn)
{
  return conn->has_tenant ? &conn->tenant : NULL;
}
