/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What columns with a role are written with: the moment, the connection's tenant, the version. */
#pragma once

#include "engine/connection.h"
#include "model/mapping.h"

typedef enum {
  CORM_STAMP_INSERT,
  CORM_STAMP_UPDATE,
  CORM_STAMP_MARK, /* as deleted */
} CormStampKind;

typedef struct {
  CormStampKind kind;
  CormTimestamp now;
  CormValue tenant; /* as its column takes it */
} CormStamp;

/* Errors: INVALID, when @mapping has a tenant column and @conn no tenant. */
gboolean corm_stamp_init (CormStamp *stamp, CormStampKind kind, CormConnection *conn,
                          const CormMapping *mapping, GError **error);
/* Of a field whose column has a role. */
gboolean corm_stamp_get_role (const CormStamp *stamp, const CormMapping *mapping, guint i, gconstpointer row,
                              CormValue *value, GError **error);
/* The value that field @i is sent with: what its role says, else the member's. Errors: those of corm_field_get(), and
 * INVALID for a row of another tenant. @stamp is not looked at where the mapping has no roles. */
static inline gboolean
corm_stamp_get (const CormStamp *stamp, const CormMapping *mapping, guint i, gconstpointer row,
                CormValue *value, GError **error)
{
  const CormField *field = &mapping->fields[i];
  return mapping->has_roles && field->column->role != CORM_ROLE_NONE
             ? corm_stamp_get_role (stamp, mapping, i, row, value, error)
             : corm_field_get (mapping, field, row, value, error);
}
/* After the write: version, times and (textual ones apart) tenant go into the row. */
void corm_stamp_write_back (const CormStamp *stamp, const CormMapping *mapping, gpointer row);
/* Whether the member can be one more. Errors: CONVERSION. */
gboolean corm_stamp_check_version (const CormMapping *mapping, gconstpointer row, GError **error);
