/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A flush: what differs is found, hooks and checks have their say, the SQL runs in a transaction or a savepoint, and only then
 * the session believes it. Whatever fails on the way leaves rows and database as they were. */
#include "session/flush.h"

#include "base/error.h"
#include "session/identity.h"

static void
part_init (CormFlushPart *part, const CormMapping *mapping)
{
  part->mapping = mapping;
  part->inserts = g_ptr_array_new ();
  part->updates = g_ptr_array_new ();
  part->deletes = g_ptr_array_new ();
}

static void
flush_init (CormFlush *flush, CormSession *session)
{
  const CormModel *const *models = corm_registry_get_models (session->registry);
  while (models[flush->n_parts] != NULL)
    flush->n_parts++;
  flush->session = session;
  flush->parts = g_new0 (CormFlushPart, flush->n_parts);
  for (guint i = 0; i < flush->n_parts; i++)
    part_init (&flush->parts[i], corm_registry_find_mapping (session->registry, models[i]));
  flush->saved = g_ptr_array_new ();
  flush->orphans = g_ptr_array_new ();
  flush->loose = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  flush->gone = g_hash_table_new (corm_entry_hash, corm_entry_equal);
  flush->left = g_hash_table_new (NULL, NULL);
  flush->single = flush->failed_batch = G_MAXUINT;
  flush->n_known = session->entries->len;
}

static void
flush_clear (CormFlush *flush)
{
  GPtrArray *entries = flush->session->entries;
  for (guint i = 0; i < flush->n_parts; i++) {
    g_ptr_array_unref (flush->parts[i].inserts);
    g_ptr_array_unref (flush->parts[i].updates);
    g_ptr_array_unref (flush->parts[i].deletes);
  }
  g_free (flush->parts);
  for (guint i = 0; i < flush->saved->len; i++)
    corm_entry_forget (flush->saved->pdata[i], &((CormEntry *) flush->saved->pdata[i])->saved);
  for (guint i = 0; i < entries->len; i++) {
    CormEntry *entry = entries->pdata[i];
    g_clear_pointer (&entry->links, g_array_unref);
    g_clear_pointer (&entry->changed, g_free);
    entry->inserted = entry->orphaned = FALSE;
    entry->claim = NULL;
  }
  g_ptr_array_unref (flush->saved);
  g_ptr_array_unref (flush->orphans);
  g_hash_table_unref (flush->loose);
  g_hash_table_unref (flush->gone);
  g_hash_table_unref (flush->left);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormFlush, flush_clear)

void
corm_flush_save (CormFlush *flush, CormEntry *entry)
{
  if (entry->saved != NULL)
    return;
  gsize size = entry->mapping->model->size;
  entry->saved = entry->bytes == NULL && entry->room != NULL ? memcpy (entry->room, entry->row, size)
                                                             : g_memdup2 (entry->row, size);
  g_ptr_array_add (flush->saved, entry);
}

/* --- what is to be done ------------------------------------------------------------------------------------ */

static CormFlushPart *
find_part (CormFlush *flush, const CormMapping *mapping)
{
  guint i = 0;
  while (i < flush->n_parts && flush->parts[i].mapping != mapping)
    i++;
  g_assert (i < flush->n_parts);
  return &flush->parts[i];
}

/* Puts @entry where it belongs; the part of the last one is likely its own. */
static gboolean
collect_entry (CormFlush *flush, CormFlushPart *part, CormEntry *entry, GError **error)
{
  if (entry->state == CORM_ENTRY_NEW) {
    corm_flush_save (flush, entry);
    g_ptr_array_add (part->inserts, entry);
    return TRUE;
  }
  gboolean same = memcmp (entry->row, entry->image.row, entry->mapping->model->size) == 0;
  if (!same && !corm_entry_check_key (entry, error)) {
    flush->failed = entry;
    return FALSE;
  }
  if (entry->state == CORM_ENTRY_DELETED) {
    corm_flush_save (flush, entry);
    g_ptr_array_add (part->deletes, entry);
    if (entry->mapping->roles[CORM_ROLE_DELETED_AT] < 0)
      g_hash_table_add (flush->gone, entry);
    return TRUE;
  }
  if (same && entry->links == NULL)
    return TRUE;
  entry->changed = g_new0 (guint64, corm_mapping_n_words (entry->mapping));
  if (!corm_entry_compare (entry, entry->changed) && entry->links == NULL)
    return TRUE;
  corm_flush_save (flush, entry);
  g_ptr_array_add (part->updates, entry);
  return TRUE;
}

static gboolean
collect (CormFlush *flush, GError **error)
{
  GPtrArray *entries = flush->session->entries;
  CormFlushPart *part = NULL;
  for (guint i = 0; i < entries->len; i++) {
    CormEntry *entry = entries->pdata[i];
    if (part == NULL || part->mapping != entry->mapping)
      part = find_part (flush, entry->mapping);
    if (!collect_entry (flush, part, entry, error))
      return FALSE;
  }
  return TRUE;
}

/* What a hook changes behind the SQL would be in memory alone. */
static gboolean
check_unchanged (const CormMapping *mapping, gconstpointer before, gconstpointer row, GError **error)
{
  if (memcmp (before, row, mapping->model->size) == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "a hook changed the row when it was written already; change it in CORM_BEFORE_INSERT or "
               "CORM_BEFORE_UPDATE");
  return FALSE;
}

/* Slots have had their say before any hook has. */
static gboolean
check_slots (const CormEntry *entry, GError **error)
{
  const CormModel *model = entry->mapping->model;
  for (gsize r = 0; r < model->n_relations; r++)
    if (G_STRUCT_MEMBER (gpointer, entry->row, model->relations[r].slot) !=
        G_STRUCT_MEMBER (gpointer, entry->saved, model->relations[r].slot)) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                   "a hook set %s.%s; it may change columns, so let it set the key", model->type,
                   model->relations[r].name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
call_for (CormFlush *flush, CormHookPoint point, const CormMapping *mapping, const GPtrArray *entries,
          GError **error)
{
  for (guint i = 0; i < entries->len; i++) {
    CormEntry *entry = entries->pdata[i];
    gboolean written = point != CORM_BEFORE_INSERT && point != CORM_BEFORE_UPDATE;
    g_autofree gpointer before = written ? g_memdup2 (entry->row, mapping->model->size) : NULL;
    if (corm_session_call (flush->session, point, mapping, entry->row, error) &&
        (written ? check_unchanged (mapping, before, entry->row, error) : check_slots (entry, error)))
      continue;
    flush->failed = entry;
    return FALSE;
  }
  return TRUE;
}

/* @after 0: before the SQL, 1: behind it. */
static gboolean
call_all (CormFlush *flush, guint after, GError **error)
{
  if (flush->session->hooks->len == 0)
    return TRUE;
  for (guint i = 0; i < flush->n_parts; i++) {
    const CormFlushPart *part = &flush->parts[i];
    if (!call_for (flush, CORM_BEFORE_INSERT + after, part->mapping, part->inserts, error) ||
        !call_for (flush, CORM_BEFORE_UPDATE + after, part->mapping, part->updates, error) ||
        !call_for (flush, CORM_BEFORE_DELETE + after, part->mapping, part->deletes, error))
      return FALSE;
  }
  return TRUE;
}

/* --- the attempt ----------------------------------------------------------------------------------------------- */

static void
restore_rows (CormFlush *flush)
{
  for (guint i = 0; i < flush->saved->len; i++) {
    CormEntry *entry = flush->saved->pdata[i];
    memcpy (entry->row, entry->saved, entry->mapping->model->size);
    entry->inserted = FALSE;
  }
}

/* Some databases end a transaction by themselves, MariaDB at every CREATE TABLE. */
static gboolean
check_transaction (CormSession *session, GError **error)
{
  CormLink *link = corm_connection_get_link (session->conn);
  if (session->transaction == NULL || link->driver->in_transaction == NULL ||
      link->driver->in_transaction (link))
    return TRUE;
  g_set_error (
      error, CORM_ERROR, CORM_ERROR_INVALID,
      "the session's transaction was ended by somebody else, a statement like CREATE TABLE or a COMMIT of "
      "its own; what was flushed before may be committed; free the session and begin another one");
  return FALSE;
}

/* The first one of a session is its transaction, later ones are savepoints of it. */
static gboolean
attempt (CormFlush *flush, GError **error)
{
  CormSession *session = flush->session;
  if (!check_transaction (session, error))
    return FALSE;
  g_autoptr (CormTransaction) guard = corm_transaction_begin (session->conn, CORM_TRANSACTION_WRITE, error);
  if (guard == NULL || !corm_flush_send (flush, error))
    return FALSE;
  flush->failed_batch = G_MAXUINT;
  if (!call_all (flush, 1, error))
    return FALSE;
  if (session->transaction != NULL)
    return corm_transaction_commit (guard, error);
  session->transaction = g_steal_pointer (&guard);
  return TRUE;
}

/* An error that one row is to blame for. */
static gboolean
has_culprit (const GError *error)
{
  static const int codes[] = { CORM_ERROR_UNIQUE,    CORM_ERROR_FOREIGN_KEY, CORM_ERROR_NOT_NULL,
                               CORM_ERROR_CHECK,     CORM_ERROR_CONVERSION,  CORM_ERROR_STALE,
                               CORM_ERROR_NOT_FOUND, CORM_ERROR_FAILED,      CORM_ERROR_INVALID };
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, CORM_ERROR, codes[i]))
      return TRUE;
  return FALSE;
}

/* The rows as hooks and slots have left them, in the order of flush->saved; NULL: as they were saved. */
static GPtrArray *
copy_rows (const CormFlush *flush)
{
  GPtrArray *copies = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (copies, (int) flush->saved->len);
  for (guint i = 0; i < flush->saved->len; i++) {
    const CormEntry *entry = flush->saved->pdata[i];
    gsize size = entry->mapping->model->size;
    if (memcmp (entry->row, entry->saved, size) != 0)
      copies->pdata[i] = g_memdup2 (entry->row, size);
  }
  return copies;
}

/* Takes back what an attempt wrote into the rows, and nothing that was there before it. */
static void
restore_copies (CormFlush *flush, const GPtrArray *copies)
{
  for (guint i = 0; i < flush->saved->len; i++) {
    CormEntry *entry = flush->saved->pdata[i];
    gconstpointer copy = i < copies->len ? copies->pdata[i] : NULL;
    memcpy (entry->row, copy != NULL ? copy : entry->saved, entry->mapping->model->size);
    entry->inserted = FALSE;
  }
}

/* Whether another attempt, row by row where it went wrong, may find the row to blame; where the keys of new rows were not sure, all rows
 * go so. */
static gboolean
is_worth_another (const CormFlush *flush, gboolean is_unsure, const GError *said)
{
  gboolean was_single = flush->single != G_MAXUINT;
  return is_unsure || (flush->failed == NULL && flush->failed_batch != G_MAXUINT && has_culprit (said) &&
                       !was_single && !flush->each);
}

/* What an attempt did is undone before the next. Of two errors without a row the first counts. */
static gboolean
write_all (CormFlush *flush, GError **error)
{
  g_autoptr (GError) said = NULL, first = NULL;
  g_autoptr (GPtrArray) copies = copy_rows (flush);
  for (;;) {
    gboolean was_each = flush->each;
    if (attempt (flush, &said))
      return TRUE;
    gboolean is_unsure = flush->each && !was_each;
    if (!is_worth_another (flush, is_unsure, said))
      break;
    if (!is_unsure)
      first = g_steal_pointer (&said);
    g_clear_error (&said);
    restore_copies (flush, copies);
    flush->single = flush->failed_batch;
  }
  GError **telling = flush->failed == NULL && first != NULL ? &first : &said;
  g_propagate_error (error, g_steal_pointer (telling));
  return FALSE;
}

/* --- what the session believes then ---------------------------------------------------------------------------- */

static void
settle (CormSession *session, CormEntry *entry)
{
  corm_session_touch (session, entry);
  if (entry->mapping->model->n_relations > 0)
    corm_session_clear_slots (session, entry, entry->row);
  corm_session_set_image (session, entry, corm_image_new (session, entry->mapping, entry->row));
  if (entry->owned)
    memcpy (entry->row, entry->image.row, entry->mapping->model->size);
  entry->state = CORM_ENTRY_KEPT;
}

void
corm_flush_leave (CormFlush *flush, CormEntry *entry)
{
  g_hash_table_add (flush->left, entry->row);
  corm_session_touch (flush->session, entry);
  corm_session_bury (flush->session, entry);
}

static void
settle_all (CormFlush *flush)
{
  CormSession *session = flush->session;
  for (guint p = 0; p < flush->n_parts; p++)
    for (guint i = 0; i < flush->parts[p].deletes->len; i++)
      corm_flush_leave (flush, flush->parts[p].deletes->pdata[i]);
  for (guint p = 0; p < flush->n_parts; p++) {
    const CormFlushPart *part = &flush->parts[p];
    for (guint i = 0; i < part->updates->len; i++)
      settle (session, part->updates->pdata[i]);
    for (guint i = 0; i < part->inserts->len; i++)
      settle (session, part->inserts->pdata[i]);
  }
  if (g_hash_table_size (flush->gone) > 0)
    corm_cascade_deleted (flush);
}

static gboolean
has_other_slot (const CormEntry *entry)
{
  const CormModel *model = entry->mapping->model;
  for (gsize r = 0; r < model->n_relations; r++)
    if (G_STRUCT_MEMBER (gpointer, entry->image.row, model->relations[r].slot) !=
        G_STRUCT_MEMBER (gpointer, entry->row, model->relations[r].slot))
      return TRUE;
  return FALSE;
}

/* Slots that point elsewhere now are no change any more, and those whose row has gone elsewhere are empty; a rollback brings back what they
 * were, of a row too of which no column was written, since the key is its child's. */
static void
keep_slots (CormFlush *flush)
{
  CormSession *session = flush->session;
  for (guint i = 0; i < session->entries->len; i++) {
    CormEntry *entry = session->entries->pdata[i];
    if (entry->mapping->model->n_relations == 0 || entry->state == CORM_ENTRY_GONE ||
        entry->image.row == NULL)
      continue;
    corm_session_leave_slots (entry, entry->row, flush->left, FALSE);
    corm_session_clear_one_slots (session, entry, entry->row);
    if (!has_other_slot (entry))
      continue;
    if (session->transaction != NULL && !entry->touched) {
      settle (session, entry);
      continue;
    }
    corm_session_clear_slots (session, entry, entry->row); /* of two that contradict each other one is left */
    corm_entry_copy_slots (entry->mapping, entry->row, entry->image.row);
  }
}

static gboolean
has_work (const CormFlush *flush)
{
  for (guint i = 0; i < flush->n_parts; i++)
    if (flush->parts[i].inserts->len + flush->parts[i].updates->len + flush->parts[i].deletes->len > 0)
      return TRUE;
  return FALSE;
}

/* Nothing is as it was before the flush while rows stay that came in with it. */
static void
restore_entries (CormFlush *flush)
{
  GPtrArray *entries = flush->session->entries;
  restore_rows (flush);
  for (guint i = 0; i < flush->orphans->len; i++) {
    CormEntry *orphan = flush->orphans->pdata[i];
    if (orphan->orphaned)
      orphan->state = CORM_ENTRY_KEPT;
  }
  for (guint i = flush->n_known; i < entries->len; i++)
    corm_session_bury (flush->session, entries->pdata[i]);
}

static gboolean
fail (CormFlush *flush, GError **error)
{
  CormSession *session = flush->session;
  restore_entries (flush);
  if (flush->failed == NULL)
    return corm_error_prefix (error, "flush of the session");
  CormEntry *entry = flush->failed;
  session->failed_row = entry->row;
  session->failed_model = entry->mapping->model;
  g_autofree char *key =
      entry->image.row != NULL ? corm_mapping_describe_key (entry->mapping, entry->image.row) : NULL;
  return corm_error_prefix (error, "flush of %s, %s%s", entry->mapping->model->table,
                            key != NULL ? "the row with " : "a new row", key != NULL ? key : "");
}

static gboolean
flush_all (CormFlush *flush, GError **error)
{
  CormSession *session = flush->session;
  if (!corm_cascade_slots (flush, error) || !collect (flush, error))
    return FALSE;
  if (!has_work (flush))
    return TRUE;
  if (!call_all (flush, 0, error) || !corm_flush_check (flush, error) || !write_all (flush, error))
    return FALSE;
  session->flushed = corm_watch_note (&session->watch);
  settle_all (flush);
  return TRUE;
}

gboolean
corm_session_flush (CormSession *session, GError **error)
{
  g_return_val_if_fail (session != NULL, FALSE);
  if (session->busy) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "the session is flushing already; a hook must not");
    return FALSE;
  }
  if (!corm_session_check_undone (session, error) || !corm_session_check_tenant (session, error))
    return FALSE;
  if (session->registry == NULL)
    return TRUE;
  corm_session_compact (session);
  g_auto (CormFlush) flush = { 0 };
  flush_init (&flush, session);
  session->failed_row = NULL;
  session->busy = TRUE;
  gboolean ok = flush_all (&flush, error);
  session->busy = FALSE;
  if (!ok)
    return fail (&flush, error);
  keep_slots (&flush);
  corm_session_clear_retired (session);
  return TRUE;
}
