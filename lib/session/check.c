/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What is wrong with the rows of a flush, before any SQL is sent. */
#include "session/flush.h"
#include "store/check.h"

/* A key that a parent is going to give. */
static gboolean
is_awaited (const CormEntry *entry, const CormField *field)
{
  for (guint i = 0; entry->links != NULL && i < entry->links->len; i++) {
    const CormParentLink *link = &g_array_index (entry->links, CormParentLink, i);
    for (guint f = 0; f < link->n; f++)
      if (link->child_fields[f] == field)
        return TRUE;
  }
  return FALSE;
}

/* Whether field @i, one that can have a fault, is sent with what the row has now. */
static inline gboolean
is_sent (const CormEntry *entry, guint i)
{
  const CormField *field = &entry->mapping->fields[i];
  gboolean sent = entry->state == CORM_ENTRY_NEW ? !corm_field_is_left_out (field, entry->row)
                                                 : (entry->changed[i / 64] >> (i % 64) & 1) != 0;
  return sent && (entry->links == NULL || !is_awaited (entry, field));
}

/* The first fault was found; the message names them all. */
static gboolean
refuse (CormFlush *flush, const CormStamp *stamp, CormEntry *entry, GError **error)
{
  const CormMapping *mapping = entry->mapping;
  g_autofree guint *fields = g_new (guint, mapping->n_checked);
  guint n = 0;
  for (guint c = 0; c < mapping->n_checked; c++)
    if (is_sent (entry, mapping->checked[c]))
      fields[n++] = mapping->checked[c];
  flush->failed = entry;
  return corm_row_check (stamp, mapping, fields, n, entry->row, error);
}

static gboolean
check_entry (CormFlush *flush, const CormStamp *stamp, CormEntry *entry, GError **error)
{
  const CormMapping *mapping = entry->mapping;
  CormValue value;
  if (entry->changed != NULL && (flush->session->hooks->len > 0 || entry->links != NULL))
    corm_entry_compare (entry, entry->changed);
  if (entry->image.row != NULL && !corm_entry_check_key (entry, error)) {
    flush->failed = entry;
    return FALSE;
  }
  for (guint c = 0; c < mapping->n_checked; c++)
    if (is_sent (entry, mapping->checked[c]) &&
        !corm_stamp_get (stamp, mapping, mapping->checked[c], entry->row, &value, NULL))
      return refuse (flush, stamp, entry, error);
  return TRUE;
}

gboolean
corm_flush_check (CormFlush *flush, GError **error)
{
  for (guint p = 0; p < flush->n_parts; p++) {
    const CormFlushPart *part = &flush->parts[p];
    CormStamp stamp;
    if (part->inserts->len + part->updates->len == 0)
      continue;
    if (!corm_stamp_init (&stamp, CORM_STAMP_INSERT, flush->session->conn, part->mapping, error))
      return FALSE;
    for (guint i = 0; i < part->inserts->len; i++)
      if (!check_entry (flush, &stamp, part->inserts->pdata[i], error))
        return FALSE;
    for (guint i = 0; i < part->updates->len; i++)
      if (!check_entry (flush, &stamp, part->updates->pdata[i], error))
        return FALSE;
  }
  return TRUE;
}
