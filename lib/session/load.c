/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that the store has read become the session's: each is looked up by its key, copied when it is new, and its relations
 * then point to the session's structs instead of the store's. */
#include "model/ctype.h"
#include "session/private.h"
#include "value/check.h"

static gboolean take_slots (CormSession *session, CormEntry *entry, gconstpointer loaded, GError **error);

/* A slot that the program has set since the last flush stays as it is. */
static void
set_slot (CormEntry *entry, gsize slot, gpointer related)
{
  if (entry->image.row != NULL &&
      G_STRUCT_MEMBER (gpointer, entry->image.row, slot) != G_STRUCT_MEMBER (gpointer, entry->row, slot))
    return;
  G_STRUCT_MEMBER (gpointer, entry->row, slot) = related;
  if (entry->image.row != NULL)
    G_STRUCT_MEMBER (gpointer, entry->image.row, slot) = related;
}

/* Slots of the row as they are: an image that is made anew has to have the same. */
void
corm_entry_copy_slots (const CormMapping *mapping, gconstpointer from, gpointer to)
{
  const CormModel *model = mapping->model;
  for (gsize i = 0; i < model->n_relations; i++)
    G_STRUCT_MEMBER (gpointer, to, model->relations[i].slot) =
        G_STRUCT_MEMBER (gpointer, from, model->relations[i].slot);
  if (model->is_strict)
    G_STRUCT_MEMBER (CormLoaded, to, model->loaded) = G_STRUCT_MEMBER (CormLoaded, from, model->loaded);
}

void
corm_session_take_image (CormSession *session, CormEntry *entry)
{
  const CormMapping *mapping = entry->mapping;
  memcpy (entry->row, entry->image.row, mapping->model->size);
  for (guint i = 0; i < mapping->n_fields && !entry->owned; i++) {
    CormValue value;
    if (corm_ctype_is_pointer (mapping->fields[i].ctype) &&
        corm_field_get (mapping, &mapping->fields[i], entry->image.row, &value, NULL) && !value.is_null)
      corm_field_set (mapping, &mapping->fields[i], entry->row, &value, session->arena, NULL);
  }
}

gboolean
corm_path_joins (const CormPath *path, gconstpointer owner, gconstpointer related)
{
  for (guint i = 0; i < path->n; i++) {
    CormValue own, key;
    if (!corm_field_get (path->owner, path->owner_fields[i], owner, &own, NULL) || own.is_null ||
        !corm_field_get (path->target, path->near_fields[i], related, &key, NULL) || key.is_null ||
        !corm_value_equal (&own, &key))
      return FALSE;
  }
  return TRUE;
}

static void
empty_slot (const CormPath *path, gpointer row)
{
  const CormModel *model = path->owner->model;
  guint r = (guint) (path - path->owner->paths);
  G_STRUCT_MEMBER (gpointer, row, path->relation->slot) = NULL;
  if (model->is_strict)
    G_STRUCT_MEMBER (CormLoaded, row, model->loaded).relations &= ~(G_GUINT64_CONSTANT (1) << (r & 63));
}

/* Of a row that the session does not have, which may be freed by now, the key that was its own tells. */
static gboolean
is_parent (CormSession *session, const CormEntry *entry, const CormPath *path, gconstpointer row,
           gconstpointer related)
{
  const CormEntry *parent = corm_session_find_entry (session, related);
  gsize slot = path->relation->slot;
  gboolean is_known = parent != NULL && parent->mapping == path->target;
  if (is_known || entry->image.row == NULL || related != G_STRUCT_MEMBER (gpointer, entry->image.row, slot))
    return corm_path_joins (path, row, related);
  for (guint i = 0; i < path->n; i++) {
    CormValue now, then;
    if (!corm_field_get (path->owner, path->owner_fields[i], row, &now, NULL) || now.is_null ||
        !corm_field_get (path->owner, path->owner_fields[i], entry->image.row, &then, NULL) || then.is_null ||
        !corm_value_equal (&now, &then))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_child (CormSession *session, const CormPath *path, gconstpointer row, gconstpointer related)
{
  const CormEntry *child = corm_session_find_entry (session, related);
  if (child == NULL || child->mapping != path->target)
    return TRUE; /* nobody knows its key, or whether it is there at all */
  return child->image.row != NULL && corm_path_joins (path, row, child->image.row);
}

void
corm_session_clear_slots (CormSession *session, CormEntry *entry, gpointer row)
{
  const CormMapping *mapping = entry->mapping;
  for (gsize r = 0; r < mapping->model->n_relations && mapping->paths != NULL; r++) {
    const CormPath *path = &mapping->paths[r];
    gconstpointer related = G_STRUCT_MEMBER (gconstpointer, row, path->relation->slot);
    if (related != NULL && path->relation->kind == CORM_BELONGS_TO_ONE &&
        !is_parent (session, entry, path, row, related))
      empty_slot (path, row);
  }
}

void
corm_session_clear_one_slots (CormSession *session, const CormEntry *entry, gpointer row)
{
  const CormMapping *mapping = entry->mapping;
  for (gsize r = 0; r < mapping->model->n_relations && mapping->paths != NULL; r++) {
    const CormPath *path = &mapping->paths[r];
    gconstpointer related = G_STRUCT_MEMBER (gconstpointer, row, path->relation->slot);
    if (related != NULL && path->relation->kind == CORM_HAS_ONE_ROW && path->through == NULL &&
        !is_child (session, path, row, related))
      empty_slot (path, row);
  }
}

static gboolean
has_left (const CormPath *path, gconstpointer related, GHashTable *left)
{
  if (!corm_path_is_many (path))
    return g_hash_table_contains (left, related);
  for (gsize i = 0; i < corm_rows_get_length (related); i++)
    if (g_hash_table_contains (left, corm_rows_get (related, i)))
      return TRUE;
  return FALSE;
}

void
corm_session_leave_slots (const CormEntry *entry, gpointer row, GHashTable *left, gboolean is_all)
{
  const CormMapping *mapping = entry->mapping;
  if (g_hash_table_size (left) == 0 || mapping->paths == NULL)
    return;
  for (gsize r = 0; r < mapping->model->n_relations; r++) {
    const CormPath *path = &mapping->paths[r];
    gconstpointer related = G_STRUCT_MEMBER (gconstpointer, row, path->relation->slot);
    if (related != NULL && (is_all || path->relation->kind == CORM_HAS_ONE_ROW) &&
        has_left (path, related, left))
      empty_slot (path, row);
  }
}

/* Calls the hooks with the struct that @image is of, and takes over what they changed in it. */
static gboolean
call_loaded (CormSession *session, CormEntry *entry, GError **error)
{
  if (session->hooks->len == 0)
    return TRUE;
  if (!corm_session_call (session, CORM_AFTER_LOAD, entry->mapping, entry->row, error))
    return FALSE;
  corm_session_set_image (session, entry, corm_image_new (session, entry->mapping, entry->row));
  corm_session_take_image (session, entry);
  return TRUE;
}

gboolean
corm_session_reload (CormSession *session, CormEntry *entry, gconstpointer loaded, GError **error)
{
  CormImage image = corm_image_new (session, entry->mapping, loaded);
  corm_entry_copy_slots (entry->mapping, entry->image.row, image.row);
  corm_session_clear_slots (session, entry, image.row);
  corm_session_clear_one_slots (session, entry, image.row);
  corm_session_set_image (session, entry, image);
  corm_session_take_image (session, entry);
  entry->read_at = corm_watch_note (&session->watch);
  entry->expired = FALSE;
  return call_loaded (session, entry, error);
}

static CormEntry *
adopt (CormSession *session, const CormMapping *mapping, gconstpointer loaded, GError **error)
{
  static const guint8 nothing[sizeof (gpointer)] = { 0 };
  CormImage image = corm_image_new (session, mapping, loaded);
  const CormModel *model = mapping->model;
  for (gsize i = 0; i < model->n_relations; i++)
    memcpy ((char *) image.row + model->relations[i].slot, nothing, sizeof nothing);
  CormEntry *entry =
      corm_session_add_entry (session, mapping, g_memdup2 (image.row, model->size), TRUE, CORM_ENTRY_KEPT);
  corm_session_set_image (session, entry, image);
  entry->known_at = entry->read_at = corm_watch_note (&session->watch);
  if (call_loaded (session, entry, error))
    return entry;
  corm_session_bury (session, entry);
  corm_session_compact (session);
  return NULL;
}

gpointer
corm_session_take (CormSession *session, const CormMapping *mapping, gconstpointer loaded, GError **error)
{
  CormEntry *entry = corm_session_look_up (session, mapping, loaded);
  if (entry == NULL)
    entry = adopt (session, mapping, loaded, error);
  else if (entry->state == CORM_ENTRY_DELETED)
    return NULL;
  else if (entry->expired && !corm_entry_is_changed (entry) &&
           !corm_session_reload (session, entry, loaded, error))
    return NULL;
  return entry != NULL && take_slots (session, entry, loaded, error) ? entry->row : NULL;
}

static gboolean
take_one (CormSession *session, CormEntry *entry, const CormPath *path, gconstpointer related, GError **error)
{
  g_autoptr (GError) said = NULL;
  gpointer row = corm_session_take (session, path->target, related, &said);
  if (said != NULL) {
    g_propagate_error (error, g_steal_pointer (&said));
    return FALSE;
  }
  set_slot (entry, path->relation->slot, row);
  return TRUE;
}

static gboolean
take_many (CormSession *session, CormEntry *entry, const CormPath *path, const CormRows *related,
           GError **error)
{
  CormRows *rows = corm_rows_new (path->target, session->arena);
  for (gsize i = 0; i < corm_rows_get_length (related); i++) {
    g_autoptr (GError) said = NULL;
    gpointer row = corm_session_take (session, path->target, corm_rows_get (related, i), &said);
    if (row != NULL)
      corm_rows_append (rows, row);
    if (said != NULL) {
      g_propagate_error (error, g_steal_pointer (&said));
      return FALSE;
    }
  }
  set_slot (entry, path->relation->slot, rows);
  return TRUE;
}

static gboolean
take_slots (CormSession *session, CormEntry *entry, gconstpointer loaded, GError **error)
{
  const CormMapping *mapping = entry->mapping;
  const CormModel *model = mapping->model;
  for (gsize i = 0; i < model->n_relations && mapping->paths != NULL; i++) {
    const CormPath *path = &mapping->paths[i];
    gpointer related = G_STRUCT_MEMBER (gpointer, loaded, model->relations[i].slot);
    if (related == NULL)
      continue;
    if (corm_path_is_many (path) ? !take_many (session, entry, path, related, error)
                                 : !take_one (session, entry, path, related, error))
      return FALSE;
  }
  if (!model->is_strict)
    return TRUE;
  guint64 relations = G_STRUCT_MEMBER (CormLoaded, loaded, model->loaded).relations;
  G_STRUCT_MEMBER (CormLoaded, entry->row, model->loaded).relations |= relations;
  G_STRUCT_MEMBER (CormLoaded, entry->image.row, model->loaded).relations |= relations;
  return TRUE;
}
