/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows as the database has them. There are no setters: a change is found by comparing a row with its image, byte by byte
 * first, which settles it for most. */
#include "base/error.h"
#include "model/ctype.h"
#include "session/private.h"
#include "value/check.h"

#include <string.h>

/* Small, so that one image that stays keeps little beside it; what is larger has a sheet of its own. */
enum { SHEET_BYTES = 4096 };

struct _CormSheet {
  CormArena *arena;
  guint n_users; /* images, and the session while it is the current one */
  gsize left;
};

void
corm_sheet_unref (CormSheet *sheet)
{
  if (--sheet->n_users > 0)
    return;
  corm_arena_free (sheet->arena);
  g_free (sheet);
}

/* One with room for @size bytes. */
static CormSheet *
find_sheet (CormSession *session, gsize size)
{
  if (session->sheet != NULL && session->sheet->left >= size)
    return session->sheet;
  CormSheet *sheet = g_new0 (CormSheet, 1);
  sheet->left = MAX (size, SHEET_BYTES);
  sheet->arena = corm_arena_new_sized (sheet->left);
  if (size > SHEET_BYTES / 2)
    return sheet;
  g_clear_pointer (&session->sheet, corm_sheet_unref);
  sheet->n_users = 1;
  return session->sheet = sheet;
}

/* Of what a member points to; 0: nothing. */
static gsize
measure_member (const CormField *field, gconstpointer row)
{
  const char *member = (const char *) row + field->offset;
  if (field->ctype == CORM_C_BYTES) {
    const CormBytes *bytes = (const CormBytes *) (gconstpointer) member;
    return bytes->data != NULL ? MAX (bytes->size, 1) : 0;
  }
  const char *text = *(const char *const *) (gconstpointer) member;
  return text != NULL ? strlen (text) + 1 : 0;
}

/* The pointer stands first in CormBytes too. */
static void
copy_member (const CormField *field, gpointer row, gsize size, CormArena *arena)
{
  gconstpointer *member = (gconstpointer *) (gpointer) ((char *) row + field->offset);
  gpointer copy = corm_arena_take (arena, size, 1);
  memcpy (copy, *member, field->ctype == CORM_C_BYTES ? ((const CormBytes *) (gpointer) member)->size : size);
  *member = copy;
}

CormImage
corm_image_new (CormSession *session, const CormMapping *mapping, gconstpointer row)
{
  gsize *sizes = g_newa (gsize, mapping->n_pointers + 1);
  gsize all = mapping->model->size + mapping->n_keys * sizeof (CormValue) + 2 * CORM_ARENA_ALIGN;
  for (guint i = 0; i < mapping->n_pointers; i++)
    all += sizes[i] = measure_member (&mapping->fields[mapping->pointers[i]], row);
  all = (all + CORM_ARENA_ALIGN - 1) / CORM_ARENA_ALIGN * CORM_ARENA_ALIGN;
  CormSheet *sheet = find_sheet (session, all);
  CormImage image = {
    .sheet = sheet,
    .row = corm_arena_take (sheet->arena, mapping->model->size, CORM_ARENA_ALIGN),
    .key = corm_arena_alloc (sheet->arena, mapping->n_keys * sizeof (CormValue)),
  };
  memcpy (image.row, row, mapping->model->size);
  for (guint i = 0; i < mapping->n_pointers; i++)
    if (sizes[i] > 0)
      copy_member (&mapping->fields[mapping->pointers[i]], image.row, sizes[i], sheet->arena);
  sheet->n_users++;
  sheet->left -= all;
  for (guint i = 0; i < mapping->n_keys; i++)
    corm_field_get (mapping, &mapping->fields[mapping->keys[i]], image.row, &image.key[i], NULL);
  return image;
}

void
corm_image_clear (CormImage *image)
{
  g_clear_pointer (&image->sheet, corm_sheet_unref);
  *image = (CormImage){ 0 };
}

void
corm_image_retire (CormSession *session, CormImage *image)
{
  if (image->sheet != NULL)
    g_ptr_array_add (session->retired, image->sheet);
  *image = (CormImage){ 0 };
}

/* A row may hold a text of another that is like its own, which is no change. */
static void
take_own_text (CormEntry *entry)
{
  const CormMapping *mapping = entry->mapping;
  for (guint i = 0; i < mapping->n_pointers; i++) {
    const CormField *field = &mapping->fields[mapping->pointers[i]];
    memcpy ((char *) entry->row + field->offset, (const char *) entry->image.row + field->offset,
            field->size);
  }
}

void
corm_session_clear_retired (CormSession *session)
{
  if (session->retired->len == 0)
    return;
  for (guint i = 0; i < session->entries->len; i++) {
    CormEntry *entry = session->entries->pdata[i];
    if (entry->owned && entry->state == CORM_ENTRY_KEPT)
      take_own_text (entry);
  }
  g_ptr_array_set_size (session->retired, 0);
}

static gboolean
is_same (const CormValue *a, const CormValue *b)
{
  if (a->is_null || b->is_null)
    return a->is_null && b->is_null;
  if (a->type == CORM_TYPE_DECIMAL)
    return corm_value_equal (a, b);
  if (a->type == CORM_TYPE_UUID)
    return memcmp (&a->uuid, &b->uuid, sizeof a->uuid) == 0;
  if (corm_type_has_data (a->type))
    return a->size == b->size && memcmp (a->data, b->data, a->size) == 0;
  return a->i == b->i; /* floats by their bits: -0.0 is not 0.0, and a NaN is itself */
}

/* Not a byte of the member was touched: that settles it for most. Else equal values may have other bytes: a text in another place. */
static inline gboolean
has_same_bytes (const CormEntry *entry, const CormField *field)
{
  gsize at = field->column->offset;
  return memcmp ((const char *) entry->row + at, (const char *) entry->image.row + at, field->size) == 0;
}

/* What can't be read (a number without a label) differs, and is refused by the checks. But a member that is not set now
 * and was not then is the same, also where the column is NOT NULL: the database gave it its default. */
static gboolean
differs (const CormEntry *entry, const CormField *field)
{
  CormValue now, then;
  if (has_same_bytes (entry, field))
    return FALSE;
  if (field->has_default && corm_field_is_unset (field, entry->row) &&
      corm_field_is_unset (field, entry->image.row))
    return FALSE;
  if (!corm_field_get (entry->mapping, field, entry->row, &now, NULL))
    return TRUE;
  return !corm_field_get (entry->mapping, field, entry->image.row, &then, NULL) || !is_same (&now, &then);
}

static gboolean
is_kept (const CormField *field)
{
  CormRole role = field->column->role;
  return field->is_key || (role != CORM_ROLE_NONE && role != CORM_ROLE_DELETED_AT);
}

gboolean
corm_entry_compare (const CormEntry *entry, guint64 *changed)
{
  const CormMapping *mapping = entry->mapping;
  gboolean any = FALSE;
  memset (changed, 0, corm_mapping_n_words (mapping) * sizeof (guint64));
  if (entry->image.row == NULL || memcmp (entry->row, entry->image.row, mapping->model->size) == 0)
    return FALSE;
  for (guint i = 0; i < mapping->n_fields; i++)
    if (!is_kept (&mapping->fields[i]) && differs (entry, &mapping->fields[i])) {
      changed[i / 64] |= G_GUINT64_CONSTANT (1) << (i % 64);
      any = TRUE;
    }
  return any;
}

/* A list is for reading. */
static gboolean
has_other_links (const CormEntry *entry)
{
  const CormMapping *mapping = entry->mapping;
  for (gsize r = 0; r < mapping->model->n_relations && mapping->paths != NULL; r++) {
    const CormPath *path = &mapping->paths[r];
    gconstpointer now = G_STRUCT_MEMBER (gconstpointer, entry->row, path->relation->slot);
    gconstpointer then = G_STRUCT_MEMBER (gconstpointer, entry->image.row, path->relation->slot);
    if (now != NULL && now != then && !corm_path_is_many (path) && path->through == NULL)
      return TRUE;
  }
  return FALSE;
}

gboolean
corm_entry_is_changed (const CormEntry *entry)
{
  g_autofree guint64 *changed = g_new (guint64, corm_mapping_n_words (entry->mapping));
  return corm_entry_compare (entry, changed) || (entry->image.row != NULL && has_other_links (entry));
}

gboolean
corm_entry_check_key (const CormEntry *entry, GError **error)
{
  const CormMapping *mapping = entry->mapping;
  for (guint i = 0; i < mapping->n_keys; i++) {
    const CormField *field = &mapping->fields[mapping->keys[i]];
    if (!differs (entry, field))
      continue;
    g_autofree char *key = corm_mapping_describe_key (mapping, entry->image.row);
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the key of the row with %s was changed; delete the row and add one with the new key", key);
    return FALSE;
  }
  return TRUE;
}
