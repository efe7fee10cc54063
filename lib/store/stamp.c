/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns that Corm keeps by itself, on their way out. The row's own member counts only for the version that an update or
 * delete wants to meet, and for a tenant that somebody set by hand and that is not the connection's. */
#include "store/stamp.h"

#include "base/error.h"
#include "model/ctype.h"

gboolean
corm_stamp_init (CormStamp *stamp, CormStampKind kind, CormConnection *conn, const CormMapping *mapping,
                 GError **error)
{
  const CormField *tenant = corm_mapping_find_role (mapping, CORM_ROLE_TENANT);
  stamp->kind = kind;
  stamp->now = corm_timestamp_now ();
  if (tenant == NULL)
    return TRUE;
  const CormValue *said = corm_connection_get_tenant (conn);
  if (said != NULL)
    return corm_field_convert (mapping, tenant, said, &stamp->tenant, error) ||
           corm_error_prefix (error, "the connection's tenant");
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "table %s has the tenant column %s and the connection has no tenant: call "
               "corm_connection_set_tenant() first",
               mapping->model->table, tenant->name);
  return FALSE;
}

/* Zeros say that nobody set the member. */
static gboolean
is_zero (const CormField *field, gconstpointer row)
{
  const char *member = (const char *) row + field->offset;
  gsize size = corm_ctype_size (field->ctype);
  for (gsize i = 0; i < size; i++)
    if (member[i] != 0)
      return FALSE;
  return TRUE;
}

static gboolean
get_tenant (const CormStamp *stamp, const CormMapping *mapping, const CormField *field, gconstpointer row,
            CormValue *value, GError **error)
{
  CormValue own;
  *value = stamp->tenant;
  if (is_zero (field, row))
    return TRUE;
  if (!corm_field_get (mapping, field, row, &own, error))
    return FALSE;
  if (corm_value_equal (&own, value))
    return TRUE;
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (&own, text);
  g_autofree char *shown = corm_error_quote (text->str, (gssize) text->len);
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "column %s.%s: the row belongs to %s, which is not the tenant of the connection; leave the "
               "member unset or change the tenant",
               mapping->model->table, field->name, shown);
  return FALSE;
}

gboolean
corm_stamp_get_role (const CormStamp *stamp, const CormMapping *mapping, guint i, gconstpointer row,
                     CormValue *value, GError **error)
{
  const CormField *field = &mapping->fields[i];
  switch (field->column->role) {
  case CORM_ROLE_VERSION:
    if (stamp->kind != CORM_STAMP_INSERT)
      break;
    *value = corm_value_int (1);
    value->type = field->type.type;
    return TRUE;
  case CORM_ROLE_CREATED_AT:
    if (stamp->kind != CORM_STAMP_INSERT)
      break;
    *value = corm_value_timestamp (stamp->now);
    return TRUE;
  case CORM_ROLE_UPDATED_AT:
    *value = corm_value_timestamp (stamp->now);
    return TRUE;
  case CORM_ROLE_DELETED_AT:
    if (stamp->kind != CORM_STAMP_MARK)
      break;
    *value = corm_value_timestamp (stamp->now);
    return TRUE;
  case CORM_ROLE_TENANT:
    return get_tenant (stamp, mapping, field, row, value, error);
  case CORM_ROLE_NONE:
  default:
    break;
  }
  return corm_field_get (mapping, field, row, value, error);
}

gboolean
corm_stamp_check_version (const CormMapping *mapping, gconstpointer row, GError **error)
{
  const CormField *field = corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  CormValue value;
  if (!corm_field_get (mapping, field, row, &value, error))
    return FALSE;
  gint64 greatest = field->ctype == CORM_C_INT16   ? G_MAXINT16
                    : field->ctype == CORM_C_INT32 ? G_MAXINT32
                                                   : G_MAXINT64;
  if (value.i < greatest)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
               "column %s.%s: version %" G_GINT64_FORMAT
               " is the last that the member holds; take a wider one",
               mapping->model->table, field->name, value.i);
  return FALSE;
}

static void
set (const CormMapping *mapping, CormRole role, gpointer row, const CormValue *value)
{
  const CormField *field = corm_mapping_find_role (mapping, role);
  if (field != NULL)
    corm_field_set (mapping, field, row, value, NULL, NULL);
}

void
corm_stamp_write_back (const CormStamp *stamp, const CormMapping *mapping, gpointer row)
{
  const CormField *field = corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  CormValue now = corm_value_timestamp (stamp->now), version = corm_value_int (1);
  if (field != NULL && stamp->kind != CORM_STAMP_INSERT) {
    corm_field_get (mapping, field, row, &version, NULL);
    version = corm_value_int (version.i + 1);
  }
  set (mapping, CORM_ROLE_VERSION, row, &version);
  set (mapping, CORM_ROLE_UPDATED_AT, row, &now);
  if (stamp->kind == CORM_STAMP_INSERT) {
    set (mapping, CORM_ROLE_CREATED_AT, row, &now);
    set (mapping, CORM_ROLE_TENANT, row, &stamp->tenant);
  }
  if (stamp->kind == CORM_STAMP_MARK)
    set (mapping, CORM_ROLE_DELETED_AT, row, &now);
}
