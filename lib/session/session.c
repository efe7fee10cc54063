/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The session's face: rows come in by get, find, add and merge, and leave by delete and detach. */
#include "base/error.h"
#include "session/private.h"
#include "store/select.h"

#include "session/identity.h"

CormSession *
corm_session_new (CormConnection *conn)
{
  g_return_val_if_fail (conn != NULL, NULL);
  CormSession *session = g_new0 (CormSession, 1);
  session->conn = conn;
  corm_watch_start (&session->watch, conn);
  session->registry = corm_connection_get_registry (conn);
  session->entries = g_ptr_array_new_with_free_func (corm_entry_clear);
  session->graveyard = g_ptr_array_new_with_free_func (corm_entry_clear);
  session->by_key = g_hash_table_new (corm_entry_hash, corm_entry_equal);
  session->unkeyed = g_ptr_array_new ();
  session->by_row = g_hash_table_new (NULL, NULL);
  session->touched = g_ptr_array_new ();
  session->retired = g_ptr_array_new_with_free_func ((GDestroyNotify) corm_sheet_unref);
  session->arena = corm_arena_new ();
  session->flowed = g_hash_table_new (NULL, NULL);
  session->hooks = g_array_new (FALSE, FALSE, sizeof (CormHookEntry));
  return session;
}

void
corm_session_free (CormSession *session)
{
  if (session == NULL)
    return;
  corm_transaction_free (session->transaction);
  corm_watch_stop (&session->watch);
  g_hash_table_unref (session->by_key);
  g_ptr_array_unref (session->unkeyed);
  g_hash_table_unref (session->by_row);
  g_ptr_array_unref (session->touched);
  g_ptr_array_unref (session->entries);
  g_ptr_array_unref (session->graveyard);
  g_ptr_array_unref (session->retired);
  g_hash_table_unref (session->flowed);
  g_clear_pointer (&session->sheet, corm_sheet_unref);
  corm_arena_free (session->arena);
  g_array_unref (session->hooks);
  g_free (session->tenant);
  g_free (session);
}

CormSession *
corm_session_at (CormSession *session, const char *file, int line)
{
  if (session != NULL && session->watch.conn != NULL)
    corm_connection_at (session->conn, file, line);
  return session;
}

/* What the session has in memory is one tenant's. */
gboolean
corm_session_check_tenant (CormSession *session, GError **error)
{
  const CormValue *tenant = corm_connection_get_tenant (session->conn);
  gboolean none = tenant == NULL || tenant->is_null;
  if (none && session->tenant != NULL && session->tenant[0] == '\0')
    return TRUE;
  g_autoptr (GString) now = g_string_new (NULL);
  if (!none)
    corm_value_append_text (tenant, now);
  if (session->tenant == NULL || session->entries->len == 0) {
    g_free (session->tenant);
    session->tenant = g_strdup (now->str);
  }
  if (g_str_equal (session->tenant, now->str))
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "the connection has another tenant than when the session's rows were read; use a session for each");
  return FALSE;
}

/* Not while a flush is under way, where a hook might try. */
const CormMapping *
corm_session_enter (CormSession *session, const CormModel *model, GError **error)
{
  if (session->busy) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s: the session is flushing; a hook may change its own row and nothing else", model->type);
    return NULL;
  }
  gboolean ok = corm_session_check_undone (session, error) && corm_session_check_tenant (session, error);
  return ok ? corm_store_find_mapping (session->conn, model, error) : NULL;
}

/* The entry of a row that the session is said to have. */
static CormEntry *
find_entry (CormSession *session, const CormModel *model, gpointer row, GError **error)
{
  if (corm_session_enter (session, model, error) == NULL)
    return NULL;
  CormEntry *entry = corm_session_find_entry (session, row);
  if (entry != NULL && entry->mapping->model == model)
    return entry;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s: the row is not in the session; take it from corm_session_get() or corm_session_find()",
               model->type);
  return NULL;
}

static gboolean
refuse_deleted (const CormMapping *mapping, gconstpointer key, GError **error)
{
  g_autofree char *text = corm_mapping_describe_key (mapping, key);
  g_set_error (error, CORM_ERROR, CORM_ERROR_NOT_FOUND, "no row in %s with %s: the session is to delete it",
               mapping->model->table, text);
  return FALSE;
}

gpointer
corm_session_get_row (const CormModel *model, CormSession *session, gconstpointer key, GError **error)
{
  g_return_val_if_fail (model != NULL && session != NULL && key != NULL, NULL);
  const CormMapping *mapping = corm_session_enter (session, model, error);
  if (mapping == NULL)
    return NULL;
  CormEntry *entry = corm_session_look_up (session, mapping, key);
  if (entry != NULL && entry->state == CORM_ENTRY_DELETED) {
    refuse_deleted (mapping, key, error);
    return NULL;
  }
  if (entry != NULL && !entry->expired) {
    corm_connection_at (session->conn, NULL, 0); /* there is no query */
    return entry->row;
  }
  gpointer loaded = corm_get_row (model, session->conn, key, error);
  gpointer row = loaded != NULL ? corm_session_take (session, mapping, loaded, error) : NULL;
  corm_row_free (loaded);
  return row;
}

CormRows *
corm_session_find_rows (const CormModel *model, CormSession *session, GError **error, const CormFind *find)
{
  g_return_val_if_fail (model != NULL && session != NULL && find != NULL, NULL);
  const CormMapping *mapping = corm_session_enter (session, model, error);
  g_autoptr (CormRows) loaded = mapping != NULL ? corm_find_rows (model, session->conn, error, find) : NULL;
  if (loaded == NULL)
    return NULL;
  g_autoptr (CormRows) rows = corm_rows_new (mapping, NULL);
  for (gsize i = 0; i < corm_rows_get_length (loaded); i++) {
    g_autoptr (GError) said = NULL;
    gpointer taken = corm_session_take (session, mapping, loaded->rows[i], &said);
    if (taken != NULL)
      corm_rows_append (rows, taken);
    if (said != NULL) {
      g_propagate_error (error, g_steal_pointer (&said));
      return NULL;
    }
  }
  return g_steal_pointer (&rows);
}

gboolean
corm_session_add_row (const CormModel *model, CormSession *session, gpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && session != NULL && row != NULL, FALSE);
  const CormMapping *mapping = corm_session_enter (session, model, error);
  if (mapping == NULL)
    return FALSE;
  if (corm_session_find_entry (session, row) != NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s: the row is in the session already", model->type);
    return FALSE;
  }
  gboolean no_key = mapping->auto_key >= 0 && corm_field_is_unset (&mapping->fields[mapping->auto_key], row);
  CormEntry *same = no_key ? NULL : corm_session_look_up (session, mapping, row);
  if (same != NULL && same->state != CORM_ENTRY_DELETED) {
    g_autofree char *key = corm_mapping_describe_key (mapping, row);
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s: the session has a row with %s already; change that one, or use corm_session_merge()",
                 model->type, key);
    return FALSE;
  }
  if (same != NULL) {
    g_autofree char *key = corm_mapping_describe_key (mapping, row);
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s: the session is to delete the row with %s, and inserts before it deletes; flush first",
                 model->type, key);
    return FALSE;
  }
  corm_session_add_entry (session, mapping, row, FALSE, CORM_ENTRY_NEW);
  return TRUE;
}

static void
detach (CormSession *session, CormEntry *entry)
{
  if (session->failed_row == entry->row)
    session->failed_row = NULL;
  corm_session_untouch (session, entry);
  corm_session_bury (session, entry);
  corm_session_compact (session);
}

gboolean
corm_session_delete_row (const CormModel *model, CormSession *session, gpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && session != NULL && row != NULL, FALSE);
  CormEntry *entry = find_entry (session, model, row, error);
  if (entry != NULL && entry->state == CORM_ENTRY_NEW)
    detach (session, entry);
  else if (entry != NULL)
    entry->state = CORM_ENTRY_DELETED;
  return entry != NULL;
}

gboolean
corm_session_detach_row (const CormModel *model, CormSession *session, gpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && session != NULL && row != NULL, FALSE);
  CormEntry *entry = find_entry (session, model, row, error);
  if (entry != NULL)
    detach (session, entry);
  return entry != NULL;
}

gboolean
corm_session_refresh_row (const CormModel *model, CormSession *session, gpointer row, GError **error)
{
  g_return_val_if_fail (model != NULL && session != NULL && row != NULL, FALSE);
  CormEntry *entry = find_entry (session, model, row, error);
  if (entry == NULL)
    return FALSE;
  if (entry->image.row == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s: the row is new and can't be read; flush first",
                 model->type);
    return FALSE;
  }
  gpointer loaded = corm_get_row (model, session->conn, entry->image.row, error);
  gboolean ok = loaded != NULL && corm_session_reload (session, entry, loaded, error);
  corm_row_free (loaded);
  return ok;
}

void
corm_session_expire (CormSession *session)
{
  g_return_if_fail (session != NULL);
  gboolean is_pending = FALSE;
  for (guint i = 0; i < session->entries->len; i++) {
    CormEntry *entry = session->entries->pdata[i];
    entry->expired = TRUE;
    is_pending = is_pending || entry->state == CORM_ENTRY_NEW || corm_entry_is_changed (entry);
  }
  if (!is_pending)
    corm_session_clear_retired (session);
}

CormRowState
corm_session_get_state (CormSession *session, gconstpointer row)
{
  g_return_val_if_fail (session != NULL && row != NULL, CORM_ROW_DETACHED);
  const CormEntry *entry = corm_session_find_entry (session, row);
  if (entry == NULL)
    return CORM_ROW_DETACHED;
  if (entry->state != CORM_ENTRY_KEPT)
    return entry->state == CORM_ENTRY_NEW ? CORM_ROW_NEW : CORM_ROW_DELETED;
  return corm_entry_is_changed (entry) ? CORM_ROW_CHANGED : CORM_ROW_CLEAN;
}

gpointer
corm_session_get_failed (CormSession *session, const CormModel **model)
{
  g_return_val_if_fail (session != NULL, NULL);
  if (model != NULL)
    *model = session->failed_row != NULL ? session->failed_model : NULL;
  return session->failed_row;
}
