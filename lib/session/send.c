/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The SQL of a flush: inserts from parents to children, updates, deletes from children to parents, in batches. A key that
 * points to a row which comes later waits as NULL, and so does one of a row that goes before what points to it. */
#include "base/error.h"
#include "session/flush.h"
#include "store/batch.h"

typedef struct {
  const guint *fields;
  guint n_fields;
  const guint64 *masks;
  gboolean plain;
} Fields;

typedef gboolean (*BatchFunc) (CormBatch *batch, const Fields *fields, GError **error);

static gboolean
insert_batch (CormBatch *batch, G_GNUC_UNUSED const Fields *fields, GError **error)
{
  return corm_batch_insert (batch, error);
}

static gboolean
update_batch (CormBatch *batch, const Fields *fields, GError **error)
{
  return corm_batch_update (batch, fields->fields, fields->n_fields, fields->masks, fields->plain, error);
}

static gboolean
delete_batch (CormBatch *batch, G_GNUC_UNUSED const Fields *fields, GError **error)
{
  return corm_batch_delete (batch, error);
}

static gboolean
send (CormFlush *flush, const CormMapping *mapping, GPtrArray *entries, BatchFunc func, const Fields *fields,
      GError **error)
{
  g_autofree gpointer *rows = g_new (gpointer, entries->len);
  CormBatch batch = {
    .conn = flush->session->conn, .mapping = mapping, .rows = rows, .n_rows = entries->len
  };
  if (entries->len == 0)
    return TRUE;
  for (guint i = 0; i < entries->len; i++)
    rows[i] = ((CormEntry *) entries->pdata[i])->row;
  batch.single = flush->each || flush->n_batches == flush->single;
  if (func (&batch, fields, error)) {
    flush->n_batches++;
    return TRUE;
  }
  flush->failed_batch = flush->n_batches;
  flush->each = flush->each || batch.unsure;
  if (*error != NULL &&
      corm_error_is_outside (*error)) /* a full disk, a lock: the row it met is not to blame */
    flush->failed = NULL;
  else
    flush->failed = entries->len == 1             ? entries->pdata[0]
                    : batch.failed < entries->len ? entries->pdata[batch.failed]
                                                  : NULL;
  return FALSE;
}

/* --- inserts --------------------------------------------------------------------------------------------------- */

enum { MAX_ROUNDS = 4 }; /* of a table whose rows point to each other; what is deeper gets its keys behind */

static gboolean
is_waiting (const CormEntry *parent)
{
  return parent->state == CORM_ENTRY_NEW && !parent->inserted;
}

static gboolean
can_be_late (const CormParentLink *link)
{
  for (guint i = 0; i < link->n; i++)
    if (!link->child_fields[i]->nullable)
      return FALSE;
  return TRUE;
}

/* Whether all parents of @entry are there. @give_up: those that are not can come later, where the key can be NULL. */
static gboolean
is_ready (CormEntry *entry, gboolean give_up)
{
  for (guint i = 0; entry->links != NULL && i < entry->links->len; i++) {
    CormParentLink *link = &g_array_index (entry->links, CormParentLink, i);
    if (link->late || !is_waiting (link->parent))
      continue;
    gboolean other = link->parent->mapping != entry->mapping || link->parent == entry;
    if (!can_be_late (link) || !(other || give_up))
      return FALSE;
    link->late = TRUE;
  }
  return TRUE;
}

static gboolean
set_keys (CormFlush *flush, CormEntry *entry, gboolean late, GError **error)
{
  for (guint i = 0; entry->links != NULL && i < entry->links->len; i++) {
    const CormParentLink *link = &g_array_index (entry->links, CormParentLink, i);
    if (link->late == late && !corm_cascade_key (flush, entry, link, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
refuse_circle (CormFlush *flush, CormEntry *entry, GError **error)
{
  flush->failed = entry;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "new rows of %s wait for the keys of each other, and the columns cannot be NULL",
               entry->mapping->model->table);
  return FALSE;
}

static gboolean
insert_part (CormFlush *flush, const CormFlushPart *part, GError **error)
{
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();
  guint n_done = 0;
  for (guint round = 0; n_done < part->inserts->len; round++) {
    g_ptr_array_set_size (ready, 0);
    for (guint i = 0; i < part->inserts->len; i++) {
      CormEntry *entry = part->inserts->pdata[i];
      if (!entry->inserted && is_ready (entry, round >= MAX_ROUNDS))
        g_ptr_array_add (ready, entry);
    }
    if (ready->len == 0 && round > MAX_ROUNDS)
      for (guint i = 0; i < part->inserts->len; i++)
        if (!((CormEntry *) part->inserts->pdata[i])->inserted)
          return refuse_circle (flush, part->inserts->pdata[i], error);
    for (guint i = 0; i < ready->len; i++)
      if (!set_keys (flush, ready->pdata[i], FALSE, error))
        return FALSE;
    if (!send (flush, part->mapping, ready, insert_batch, NULL, error))
      return FALSE;
    for (guint i = 0; i < ready->len; i++)
      ((CormEntry *) ready->pdata[i])->inserted = TRUE;
    n_done += ready->len;
  }
  return TRUE;
}

/* --- updates --------------------------------------------------------------------------------------------------- */

/* Keys of new rows that point to rows which came behind them: one statement for each foreign key. */
static gboolean
send_late_keys (CormFlush *flush, const CormFlushPart *part, GError **error)
{
  g_autoptr (GPtrArray) done = g_ptr_array_new ();
  for (guint i = 0; i < part->inserts->len; i++) {
    CormEntry *first = part->inserts->pdata[i];
    for (guint l = 0; first->links != NULL && l < first->links->len; l++) {
      const CormParentLink *link = &g_array_index (first->links, CormParentLink, l);
      if (!link->late || g_ptr_array_find (done, link->child_fields, NULL))
        continue;
      g_autoptr (GPtrArray) entries = g_ptr_array_new ();
      guint fields[16];
      for (guint f = 0; f < link->n; f++)
        fields[f] = (guint) (link->child_fields[f] - part->mapping->fields);
      for (guint j = i; j < part->inserts->len; j++) {
        CormEntry *entry = part->inserts->pdata[j];
        for (guint m = 0; entry->links != NULL && m < entry->links->len; m++) {
          const CormParentLink *same = &g_array_index (entry->links, CormParentLink, m);
          if (!same->late || same->child_fields != link->child_fields)
            continue;
          if (!corm_cascade_key (flush, entry, same, error))
            return FALSE;
          g_ptr_array_add (entries, entry);
        }
      }
      Fields what = { fields, link->n, NULL, TRUE };
      g_ptr_array_add (done, (gpointer) link->child_fields);
      if (!send (flush, part->mapping, entries, update_batch, &what, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* Positions of the columns that any of @entries changes, and the one that says when. */
static GArray *
list_changed (const CormMapping *mapping, const GPtrArray *entries)
{
  GArray *fields = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < mapping->n_fields; i++) {
    gboolean any = (int) i == mapping->roles[CORM_ROLE_UPDATED_AT];
    for (guint e = 0; e < entries->len && !any; e++)
      any = (((const CormEntry *) entries->pdata[e])->changed[i / 64] >> (i % 64) & 1) != 0;
    if (any)
      g_array_append_val (fields, i);
  }
  return fields;
}

static guint64
find_mask (const CormEntry *entry, const GArray *fields)
{
  guint64 mask = 0;
  for (guint i = 0; i < fields->len; i++) {
    guint field = g_array_index (fields, guint, i);
    if ((entry->changed[field / 64] >> (field % 64) & 1) != 0 ||
        (int) field == entry->mapping->roles[CORM_ROLE_UPDATED_AT])
      mask |= G_GUINT64_CONSTANT (1) << i;
  }
  return mask;
}

static gboolean
send_updates (CormFlush *flush, const CormMapping *mapping, GPtrArray *entries, GError **error)
{
  g_autoptr (GArray) fields = list_changed (mapping, entries);
  g_autofree guint64 *masks = g_new0 (guint64, entries->len);
  Fields what = { (const guint *) (gpointer) fields->data, fields->len, masks, FALSE };
  if (fields->len <= 62) { /* bits of a positive number */
    for (guint i = 0; i < entries->len; i++)
      masks[i] = find_mask (entries->pdata[i], fields);
    return send (flush, mapping, entries, update_batch, &what, error);
  }
  for (guint i = 0; i < entries->len; i++) {
    g_autoptr (GPtrArray) one = g_ptr_array_new ();
    g_ptr_array_add (one, entries->pdata[i]);
    g_autoptr (GArray) own = list_changed (mapping, one);
    what = (Fields){ (const guint *) (gpointer) own->data, own->len, NULL, FALSE };
    if (!send (flush, mapping, one, update_batch, &what, error))
      return FALSE;
  }
  return TRUE;
}

/* Rows whose mark as deleted changes are looked for among the marked ones too, so they go by themselves. */
static gboolean
update_part (CormFlush *flush, const CormFlushPart *part, GError **error)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new (), marked = g_ptr_array_new ();
  int mark = part->mapping->roles[CORM_ROLE_DELETED_AT];
  for (guint i = 0; i < part->updates->len; i++) {
    CormEntry *entry = part->updates->pdata[i];
    if (!set_keys (flush, entry, FALSE, error))
      return FALSE;
    if (corm_entry_compare (entry, entry->changed))
      g_ptr_array_add (mark >= 0 && (entry->changed[mark / 64] >> (mark % 64) & 1) != 0 ? marked : changed,
                       entry);
  }
  return (changed->len == 0 || send_updates (flush, part->mapping, changed, error)) &&
         (marked->len == 0 || send_updates (flush, part->mapping, marked, error));
}

/* Those of @entries that were linked anew since are let go all the same, for as long as it takes to send that; a key that can't be NULL
 * is the new one at once. */
static gboolean
send_loose (CormFlush *flush, const CormPath *path, GPtrArray *entries, const Fields *what, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_free);
  gsize size = path->target->model->size;
  const CormValue null = corm_value_null ();
  gboolean is_nullable = TRUE;
  for (guint k = 0; k < path->n; k++)
    is_nullable = is_nullable && path->near_fields[k]->nullable;
  for (guint i = 0; i < entries->len; i++) {
    gpointer row = ((CormEntry *) entries->pdata[i])->row;
    g_ptr_array_add (rows, g_memdup2 (row, size));
    for (guint k = 0; k < path->n && is_nullable; k++)
      corm_field_set (path->target, path->near_fields[k], row, &null, NULL, NULL);
  }
  gboolean ok = send (flush, path->target, entries, update_batch, what, error);
  for (guint i = 0; i < entries->len; i++)
    memcpy (((CormEntry *) entries->pdata[i])->row, rows->pdata[i], size);
  return ok;
}

/* Rows that a has-one slot let go, before another takes their place: the key may be unique. */
static gboolean
cut_loose (CormFlush *flush, GError **error)
{
  GHashTableIter iter;
  gpointer key, value;
  g_hash_table_iter_init (&iter, flush->loose);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    const CormPath *path = key;
    guint fields[CORM_KEY_MAX];
    for (guint i = 0; i < path->n; i++)
      fields[i] = (guint) (path->near_fields[i] - path->target->fields);
    Fields what = { fields, path->n, NULL, TRUE };
    if (!send_loose (flush, path, value, &what, error))
      return FALSE;
  }
  return TRUE;
}

/* Those of the part's deletes that are orphans, or that are not. */
static gboolean
delete_part (CormFlush *flush, const CormFlushPart *part, gboolean orphans, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  if (flush->orphans->len == 0)
    return orphans || send (flush, part->mapping, part->deletes, delete_batch, NULL, error);
  for (guint i = 0; i < part->deletes->len; i++)
    if (g_ptr_array_find (flush->orphans, part->deletes->pdata[i], NULL) == orphans)
      g_ptr_array_add (entries, part->deletes->pdata[i]);
  return send (flush, part->mapping, entries, delete_batch, NULL, error);
}

/* --- deletes --------------------------------------------------------------------------------------------------- */

/* Keys of rows that go, to rows that go before them or with them: set to NULL first. */
static gboolean
cut_reference (CormFlush *flush, guint p, const CormReference *reference, GError **error)
{
  const CormFlushPart *part = &flush->parts[p];
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();
  guint fields[16], target = 0;
  while (target < flush->n_parts && flush->parts[target].mapping != reference->target)
    target++;
  if (!reference->nullable || target < p)
    return TRUE;
  for (guint i = 0; i < part->deletes->len; i++) {
    CormEntry *entry = part->deletes->pdata[i];
    if (corm_cascade_find_gone (flush, reference, part->mapping, entry->image.row) == NULL)
      continue;
    corm_flush_save (flush, entry);
    for (guint f = 0; f < reference->n; f++) {
      CormValue null = corm_value_null ();
      corm_field_set (part->mapping, reference->fields[f], entry->row, &null, NULL, NULL);
    }
    g_ptr_array_add (entries, entry);
  }
  for (guint f = 0; f < reference->n; f++)
    fields[f] = (guint) (reference->fields[f] - part->mapping->fields);
  Fields what = { fields, reference->n, NULL, TRUE };
  return send (flush, part->mapping, entries, update_batch, &what, error);
}

static gboolean
cut_part (CormFlush *flush, guint p, GError **error)
{
  const CormFlushPart *part = &flush->parts[p];
  if (part->deletes->len == 0 || part->mapping->roles[CORM_ROLE_DELETED_AT] >= 0)
    return TRUE;
  g_autoptr (GArray) references = corm_cascade_list_references (flush->session, part->mapping);
  for (guint r = 0; r < references->len; r++)
    if (!cut_reference (flush, p, &g_array_index (references, CormReference, r), error))
      return FALSE;
  return TRUE;
}

gboolean
corm_flush_send (CormFlush *flush, GError **error)
{
  flush->n_batches = 0;
  if (!cut_loose (flush, error))
    return FALSE;
  for (guint p = flush->n_parts; p-- > 0;)
    if (!delete_part (flush, &flush->parts[p], TRUE, error))
      return FALSE;
  for (guint p = 0; p < flush->n_parts; p++)
    if (!insert_part (flush, &flush->parts[p], error))
      return FALSE;
  for (guint p = 0; p < flush->n_parts; p++)
    if (!send_late_keys (flush, &flush->parts[p], error) || !update_part (flush, &flush->parts[p], error))
      return FALSE;
  for (guint p = 0; p < flush->n_parts; p++)
    if (!cut_part (flush, p, error))
      return FALSE;
  for (guint p = flush->n_parts; p-- > 0;)
    if (!delete_part (flush, &flush->parts[p], FALSE, error))
      return FALSE;
  return TRUE;
}
