/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Columns that Corm keeps by itself: one of each role in a model, of a member that can hold what the role writes. */
#include "model/check.h"

static const char *const role_names[CORM_N_ROLES] = {
  [CORM_ROLE_VERSION] = "CORM_ROLE_VERSION",       [CORM_ROLE_CREATED_AT] = "CORM_ROLE_CREATED_AT",
  [CORM_ROLE_UPDATED_AT] = "CORM_ROLE_UPDATED_AT", [CORM_ROLE_DELETED_AT] = "CORM_ROLE_DELETED_AT",
  [CORM_ROLE_TENANT] = "CORM_ROLE_TENANT",
};

/* What the member has to be; NULL: it is that. */
static const char *
find_mistake (const CormField *field)
{
  gboolean plain = !field->optional && field->n_labels == 0;
  switch (field->column->role) {
  case CORM_ROLE_VERSION:
    return plain && (field->ctype == CORM_C_INT16 || field->ctype == CORM_C_INT32 ||
                     field->ctype == CORM_C_INT64)
               ? NULL
               : "a gint16, gint32 or gint64";
  case CORM_ROLE_CREATED_AT:
  case CORM_ROLE_UPDATED_AT:
    return field->ctype == CORM_C_TIMESTAMP ? NULL : "a CormTimestamp";
  case CORM_ROLE_DELETED_AT:
    return field->ctype == CORM_C_TIMESTAMP && field->nullable ? NULL : "a CormOptTimestamp that can be NULL";
  case CORM_ROLE_TENANT:
    return field->ctype == CORM_C_FLOAT || field->ctype == CORM_C_DOUBLE || field->ctype == CORM_C_JSON ||
                   field->nullable
               ? "a number, text or uuid that cannot be NULL"
               : NULL;
  default:
    return NULL;
  }
}

static void
check_options (CormFaults *faults, const CormMapping *mapping, const CormField *field)
{
  CormRole role = field->column->role;
  gboolean alone = mapping->n_keys == 1 && field->is_key;
  if (field->is_key && (role != CORM_ROLE_TENANT || alone))
    corm_faults_add (faults, mapping->model,
                     "column '%s' is the primary key and has the role %s; give the role a column of its own",
                     field->name, role_names[role]);
  if (field->has_default && role != CORM_ROLE_CREATED_AT && role != CORM_ROLE_UPDATED_AT)
    corm_faults_add (
        faults, mapping->model,
        "column '%s' has a default and the role %s, which always sends a value; drop the default",
        field->name, role_names[role]);
}

void
corm_check_roles (CormFaults *faults, const CormMapping *mapping)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    CormRole role = field->column->role;
    if (role == CORM_ROLE_NONE)
      continue;
    if ((guint) role >= CORM_N_ROLES) {
      corm_faults_add (faults, mapping->model,
                       "column '%s' has a .role that does not exist; use a CORM_ROLE_…", field->name);
      continue;
    }
    const char *wanted = find_mistake (field);
    if (wanted != NULL)
      corm_faults_add (faults, mapping->model, "column '%s' has the role %s; its member must be %s",
                       field->name, role_names[role], wanted);
    if (mapping->roles[role] != (int) i)
      corm_faults_add (faults, mapping->model, "columns '%s' and '%s' both have the role %s; keep one",
                       mapping->fields[mapping->roles[role]].name, field->name, role_names[role]);
    check_options (faults, mapping, field);
  }
}
