/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A session's transaction: begun by the first flush, ended by commit or rollback. What the session knew of a row when it
 * began is kept until then, so that a rollback brings back the rows in memory as the database does. */
#include "base/error.h"
#include "engine/transaction.h"
#include "model/ctype.h"
#include "session/private.h"

void
corm_session_touch (CormSession *session, CormEntry *entry)
{
  if (entry->touched)
    return;
  entry->touched = TRUE;
  entry->was = entry->image.row != NULL ? CORM_ENTRY_KEPT : CORM_ENTRY_NEW;
  entry->before = entry->image;
  entry->was_expired = entry->expired;
  entry->was_read_at = entry->read_at;
  if (entry->was == CORM_ENTRY_NEW) /* the flush is through, and needs what it saved no more */
    entry->bytes = entry->saved != NULL ? g_steal_pointer (&entry->saved)
                                        : g_memdup2 (entry->row, entry->mapping->model->size);
  g_ptr_array_add (session->touched, entry);
}

static void
forget_before (CormSession *session, CormEntry *entry)
{
  if (entry->before.row != entry->image.row)
    corm_image_retire (session, &entry->before);
  entry->before = (CormImage){ 0 };
  entry->touched = FALSE;
  corm_entry_forget (entry, &entry->bytes);
}

void
corm_session_untouch (CormSession *session, CormEntry *entry)
{
  if (entry->touched)
    forget_before (session, entry);
  g_ptr_array_remove (session->touched, entry);
}

/* A row that was new gets back what the flush wrote into it. Text of the program's may have been freed since: it stays as it is; a key
 * that flowed in has its text in the session. */
static void
restore_new (CormSession *session, CormEntry *entry)
{
  for (guint i = 0; i < entry->mapping->n_fields; i++) {
    const CormField *field = &entry->mapping->fields[i];
    char *now = (char *) entry->row + field->column->offset;
    if (!corm_ctype_is_pointer (field->ctype) || g_hash_table_contains (session->flowed, *(gpointer *) now))
      memcpy (now, (char *) entry->bytes + field->column->offset,
              corm_ctype_get_info (field->column->ctype)->size);
  }
}

/* @is_unsure: it came in within the transaction, so that another may be the row that is there again. */
static void
restore (CormSession *session, CormEntry *entry, gboolean is_unsure)
{
  if (entry->was == CORM_ENTRY_NEW) {
    if (entry->state != CORM_ENTRY_GONE) { /* of one that was deleted since, the struct may be freed */
      restore_new (session, entry);
      corm_session_bury (session, entry);
    }
    forget_before (session, entry);
    return;
  }
  if (is_unsure && corm_session_has_twin (session, entry)) {
    corm_session_bury (session, entry);
    forget_before (session, entry);
    return;
  }
  if (entry->state == CORM_ENTRY_GONE)
    corm_session_unbury (session, entry);
  entry->state = CORM_ENTRY_KEPT;
  corm_session_set_image (session, entry, entry->before);
  entry->expired |= entry->was_expired; /* that image was to be read again */
  entry->read_at = entry->was_read_at;
  forget_before (session, entry);
}

static void
restore_touched (CormSession *session, guint64 undone, gboolean is_unsure)
{
  for (guint i = 0; i < session->touched->len; i++)
    if ((((CormEntry *) session->touched->pdata[i])->known_at >= undone) == is_unsure)
      restore (session, session->touched->pdata[i], is_unsure);
}

/* Those of the touched that were added, and that the database does not have again. */
static GHashTable *
list_added (CormSession *session)
{
  GHashTable *added = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < session->touched->len; i++) {
    const CormEntry *entry = session->touched->pdata[i];
    if (entry->was == CORM_ENTRY_NEW)
      g_hash_table_add (added, entry->row);
  }
  return added;
}

/* Slots that were read within the transaction may hold rows that are not there any more, and belong elsewhere again. */
static void
restore_slots (CormSession *session, CormEntry *entry, GHashTable *added)
{
  corm_session_leave_slots (entry, entry->row, added, TRUE);
  corm_session_clear_slots (session, entry, entry->row);
  corm_session_clear_one_slots (session, entry, entry->row);
  corm_entry_copy_slots (entry->mapping, entry->row, entry->image.row);
}

/* Every row as the database has it; those that it has not are forgotten, and those that were read within the transaction, which may
 * have seen what is undone, are read again. Those that came in there come last: of two with one key they are the wrong one. */
static void
restore_all (CormSession *session, guint64 undone)
{
  g_autoptr (GHashTable) added = list_added (session);
  restore_touched (session, undone, FALSE);
  restore_touched (session, undone, TRUE);
  g_ptr_array_set_size (session->touched, 0);
  for (guint i = 0; i < session->entries->len; i++) {
    CormEntry *entry = session->entries->pdata[i];
    if (entry->state == CORM_ENTRY_GONE)
      continue;
    if (entry->image.row == NULL || (entry->known_at >= undone && corm_session_has_twin (session, entry))) {
      corm_session_bury (session, entry);
      continue;
    }
    entry->state = CORM_ENTRY_KEPT;
    entry->expired |= entry->read_at >= undone;
    corm_session_take_image (session, entry);
  }
  corm_session_compact (session);
  for (guint i = 0; i < session->entries->len; i++)
    restore_slots (session, session->entries->pdata[i], added);
  corm_session_clear_retired (session);
}

/* --- what is undone behind its back --------------------------------------------------------------------------------- */

static void
expire_since (CormSession *session, guint64 moment)
{
  for (guint i = 0; i < session->entries->len; i++) {
    CormEntry *entry = session->entries->pdata[i];
    entry->expired |= entry->read_at >= moment;
  }
}

gboolean
corm_session_check_undone (CormSession *session, GError **error)
{
  CormWatch *watch = &session->watch;
  if (G_LIKELY (watch->undone == CORM_WATCH_NEVER && watch->conn != NULL))
    return TRUE;
  if (watch->conn == NULL)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the connection of the session is freed, or back in its pool: free the session before it");
  else if (session->committed >= watch->undone)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "what the session had written was rolled back with a transaction around its own, or ended by "
        "somebody else's statement: it no longer knows its rows; free the session and begin another one");
  else if (session->flushed >= watch->undone)
    g_set_error (
        error, CORM_ERROR, CORM_ERROR_INVALID,
        "the transaction in which the session had flushed was rolled back, by itself or with one around it: "
        "call corm_session_rollback()");
  else {
    expire_since (session, watch->undone);
    watch->undone = CORM_WATCH_NEVER;
    return TRUE;
  }
  return FALSE;
}

/* --- its ends ------------------------------------------------------------------------------------------------------ */

/* @is_unknown: it may be committed for all that. */
static gboolean
end_rolled_back (CormSession *session, gboolean *is_unknown, GError **error)
{
  CormTransaction *transaction = session->transaction;
  *is_unknown = FALSE;
  if (transaction == NULL)
    return TRUE;
  gboolean ok =
      corm_transaction_was_rolled_back (transaction) || corm_transaction_rollback (transaction, error);
  *is_unknown = corm_transaction_is_unknown (transaction);
  g_clear_pointer (&session->transaction, corm_transaction_free);
  return ok;
}

gboolean
corm_session_rollback (CormSession *session, GError **error)
{
  g_return_val_if_fail (session != NULL, FALSE);
  if (session->busy) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the session is flushing; a hook returns FALSE to stop it, and must not roll back itself");
    return FALSE;
  }
  gboolean is_unknown;
  gboolean ok = end_rolled_back (session, &is_unknown, error);
  if (is_unknown) {
    session->committed = session->flushed; /* nothing is left to go back to */
    session->watch.undone = MIN (session->watch.undone, session->flushed);
    return corm_error_prefix (error, "rollback of the session, which no longer knows its rows: free it");
  }
  restore_all (session, session->watch.undone);
  session->failed_row = NULL;
  session->flushed = session->committed;
  if (session->committed < session->watch.undone)
    session->watch.undone = CORM_WATCH_NEVER;
  ok = ok && corm_session_check_undone (session, error);
  return ok || corm_error_prefix (error, "rollback of the session");
}

gboolean
corm_session_commit (CormSession *session, GError **error)
{
  g_return_val_if_fail (session != NULL, FALSE);
  if (!corm_session_flush (session, error))
    return FALSE;
  if (session->transaction == NULL)
    return TRUE;
  if (!corm_transaction_commit (session->transaction, error))
    return corm_error_prefix (error, "commit of the session");
  g_clear_pointer (&session->transaction, corm_transaction_free);
  session->committed = session->flushed;
  for (guint i = 0; i < session->touched->len; i++)
    forget_before (session, session->touched->pdata[i]);
  g_ptr_array_set_size (session->touched, 0);
  corm_session_clear_retired (session);
  corm_session_call (session, CORM_AFTER_COMMIT, NULL, NULL, NULL);
  return TRUE;
}
