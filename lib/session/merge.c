/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A row from outside the session, laid over the session's own. */
#include "base/error.h"
#include "session/private.h"
#include "store/select.h"

/* All columns but the key and what roles keep; text into the session's memory. */
static gboolean
copy_columns (CormSession *session, const CormMapping *mapping, gconstpointer from, gpointer to,
              gboolean with_key, GError **error)
{
  for (guint i = 0; i < mapping->n_fields; i++) {
    const CormField *field = &mapping->fields[i];
    CormValue value;
    if ((field->is_key || field->column->role != CORM_ROLE_NONE) && !with_key)
      continue;
    if (!corm_field_get (mapping, field, from, &value, error) ||
        !corm_field_set (mapping, field, to, &value, session->arena, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_version (const CormMapping *mapping, gconstpointer from, gconstpointer to, GError **error)
{
  const CormField *version = corm_mapping_find_role (mapping, CORM_ROLE_VERSION);
  CormValue theirs, ours;
  if (version == NULL)
    return TRUE;
  if (!corm_field_get (mapping, version, from, &theirs, error) ||
      !corm_field_get (mapping, version, to, &ours, error))
    return FALSE;
  if (theirs.i == 0 || theirs.i == ours.i)
    return TRUE;
  g_autofree char *key = corm_mapping_describe_key (mapping, from);
  g_set_error (error, CORM_ERROR, CORM_ERROR_STALE,
               "the row with %s has version %" G_GINT64_FORMAT
               " by now, the one to merge has %" G_GINT64_FORMAT,
               key, ours.i, theirs.i);
  return FALSE;
}

static gpointer
add_copy (CormSession *session, const CormMapping *mapping, gconstpointer row, GError **error)
{
  gpointer copy = g_malloc0 (mapping->model->size);
  if (!copy_columns (session, mapping, row, copy, TRUE, error)) {
    g_free (copy);
    return NULL;
  }
  corm_session_add_entry (session, mapping, copy, TRUE, CORM_ENTRY_NEW);
  return copy;
}

static gpointer
merge (CormSession *session, const CormMapping *mapping, gconstpointer row, GError **error)
{
  g_autoptr (GError) said = NULL;
  if (mapping->auto_key >= 0 && corm_field_is_unset (&mapping->fields[mapping->auto_key], row))
    return add_copy (session, mapping, row, error);
  gpointer own = corm_session_get_row (mapping->model, session, row, &said);
  if (own == NULL && g_error_matches (said, CORM_ERROR, CORM_ERROR_NOT_FOUND) &&
      corm_session_look_up (session, mapping, row) == NULL)
    return add_copy (session, mapping, row, error);
  if (own == NULL) {
    g_propagate_error (error, g_steal_pointer (&said));
    return NULL;
  }
  g_autofree gpointer merged = g_memdup2 (own, mapping->model->size);
  if (!check_version (mapping, row, own, error) ||
      !copy_columns (session, mapping, row, merged, FALSE, error))
    return NULL;
  return memcpy (own, merged, mapping->model->size);
}

gpointer
corm_session_merge_row (const CormModel *model, CormSession *session, gconstpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && session != NULL && row != NULL, NULL);
  const CormMapping *mapping = corm_session_enter (session, model, error);
  gpointer merged = mapping != NULL ? merge (session, mapping, row, error) : NULL;
  if (merged == NULL)
    corm_error_prefix (error, "merge into %s", model->table);
  return merged;
}
