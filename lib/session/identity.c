/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The identity map: a row of the database, found by model and key, is one struct; and a struct is one entry. */
#include "session/identity.h"

#include "session/private.h"

#include "store/stamp.h"
#include "value/check.h"

void
corm_entry_clear (gpointer data)
{
  CormEntry *entry = data;
  if (entry->image.row != entry->before.row)
    corm_image_clear (&entry->image);
  corm_image_clear (&entry->before);
  g_clear_pointer (&entry->links, g_array_unref);
  g_free (entry->changed);
  corm_entry_forget (entry, &entry->saved);
  corm_entry_forget (entry, &entry->bytes);
  if (entry->owned)
    g_free (entry->row);
}

void
corm_entry_forget (const CormEntry *entry, gpointer *copy)
{
  if (*copy != entry->room)
    g_free (*copy);
  *copy = NULL;
}

static guint
hash_value (guint hash, const CormValue *value)
{
  if (value->type == CORM_TYPE_DECIMAL) /* 1.5 and 1.50 are one key */
    return hash;
  if (value->type == CORM_TYPE_UUID) {
    for (guint i = 0; i < sizeof value->uuid.bytes; i++)
      hash = hash * 33 + value->uuid.bytes[i];
    return hash;
  }
  if (!corm_type_has_data (value->type))
    return hash * 33 + g_int64_hash (&value->i);
  for (gsize i = 0; i < value->size; i++)
    hash = hash * 33 + (guint8) value->data[i];
  return hash;
}

guint
corm_entry_hash (gconstpointer data)
{
  const CormEntry *entry = data;
  guint hash = g_direct_hash (entry->mapping);
  for (guint i = 0; i < entry->mapping->n_keys; i++)
    hash = hash_value (hash, &entry->image.key[i]);
  return hash;
}

gboolean
corm_entry_equal (gconstpointer a, gconstpointer b)
{
  const CormEntry *x = a, *y = b;
  if (x->mapping != y->mapping)
    return FALSE;
  for (guint i = 0; i < x->mapping->n_keys; i++)
    if (!corm_value_equal (&x->image.key[i], &y->image.key[i]))
      return FALSE;
  return TRUE;
}

/* A tenant that is a part of the key need not be set: it is the connection's. */
static gboolean
read_key (CormSession *session, const CormMapping *mapping, gconstpointer row, CormValue *key)
{
  CormStamp stamp;
  if (mapping->has_roles && !corm_stamp_init (&stamp, CORM_STAMP_UPDATE, session->conn, mapping, NULL))
    return FALSE;
  for (guint i = 0; i < mapping->n_keys; i++)
    if (!corm_stamp_get (&stamp, mapping, mapping->keys[i], row, &key[i], NULL))
      return FALSE;
  return TRUE;
}

static void
forget_row (CormSession *session, CormEntry *entry)
{
  if (g_hash_table_lookup (session->by_row, entry->row) == entry) /* the struct may be another row's by now */
    g_hash_table_remove (session->by_row, entry->row);
  entry->state = CORM_ENTRY_GONE;
}

/* Of two with one key the earlier is of a row that a rollback has undone. */
static GHashTable *
take_by_key (CormSession *session)
{
  for (guint i = 0; i < session->unkeyed->len; i++) {
    CormEntry *entry = session->unkeyed->pdata[i];
    gpointer other;
    if (entry->state == CORM_ENTRY_GONE || g_hash_table_insert (session->by_key, entry, entry))
      continue;
    if (g_hash_table_lookup_extended (session->by_key, entry, &other, NULL) && other != entry)
      forget_row (session, other);
    g_hash_table_replace (session->by_key, entry, entry);
  }
  g_ptr_array_set_size (session->unkeyed, 0);
  return session->by_key;
}

CormEntry *
corm_session_look_up (CormSession *session, const CormMapping *mapping, gconstpointer key)
{
  CormValue values[16];
  CormEntry wanted = { .mapping = mapping, .image = { .key = values } };
  if (mapping->n_keys > G_N_ELEMENTS (values) || !read_key (session, mapping, key, values))
    return NULL;
  return g_hash_table_lookup (take_by_key (session), &wanted);
}

CormEntry *
corm_session_find_entry (CormSession *session, gconstpointer row)
{
  return g_hash_table_lookup (session->by_row, row);
}

CormEntry *
corm_session_add_entry (CormSession *session, const CormMapping *mapping, gpointer row, gboolean owned,
                        CormEntryState state)
{
  CormEntry *entry = corm_arena_take (session->arena, sizeof *entry, CORM_ARENA_ALIGN);
  *entry = (CormEntry){ .mapping = mapping, .row = row, .owned = owned, .state = state };
  if (state == CORM_ENTRY_NEW)
    entry->room = corm_arena_take (session->arena, mapping->model->size, CORM_ARENA_ALIGN);
  g_ptr_array_add (session->entries, entry);
  g_hash_table_insert (session->by_row, row, entry);
  return entry;
}

static void
leave_by_key (CormSession *session, CormEntry *entry)
{
  if (entry->image.row != NULL && g_hash_table_lookup (take_by_key (session), entry) == entry)
    g_hash_table_remove (session->by_key, entry);
}

void
corm_session_set_image (CormSession *session, CormEntry *entry, CormImage image)
{
  leave_by_key (session, entry);
  if (entry->image.row != entry->before.row)
    corm_image_retire (session, &entry->image);
  entry->image = image;
  if (image.row != NULL)
    g_ptr_array_add (session->unkeyed, entry);
}

void
corm_session_bury (CormSession *session, CormEntry *entry)
{
  leave_by_key (session, entry);
  forget_row (session, entry);
}

gboolean
corm_session_has_twin (CormSession *session, CormEntry *entry)
{
  const CormEntry *found = g_hash_table_lookup (take_by_key (session), entry);
  return found != NULL && found != entry;
}

void
corm_session_unbury (CormSession *session, CormEntry *entry)
{
  if (!g_ptr_array_find (session->entries, entry, NULL)) {
    guint place = 0;
    if (g_ptr_array_find (session->graveyard, entry, &place))
      g_ptr_array_steal_index_fast (session->graveyard, place);
    g_ptr_array_add (session->entries, entry);
  }
  g_hash_table_insert (session->by_row, entry->row, entry);
}

void
corm_session_compact (CormSession *session)
{
  guint kept = 0;
  gpointer *entries = session->entries->pdata;
  for (guint i = 0; i < session->entries->len; i++) {
    CormEntry *entry = entries[i];
    if (entry->state == CORM_ENTRY_GONE)
      g_ptr_array_add (session->graveyard, entry);
    else
      entries[kept++] = entry;
  }
  session->entries->len = kept;
}
