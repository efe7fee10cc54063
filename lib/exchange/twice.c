/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Keys that a file has twice. With upsert the database would not tell: the second row would take the first one's place. So
 * the keys are sorted, on the disk where they are many, and equal ones stand side by side. A record is the key's parts, each
 * with its kind and size (so no key begins like another), then which row of its table it is, and its line. */
#include "exchange/target.h"

#include <string.h>

enum { TAIL = 2 * sizeof (guint64) };

static void
append_number (GString *record, guint64 number)
{
  number = GUINT64_TO_BE (number);
  g_string_append_len (record, (const char *) &number, sizeof number);
}

static guint64
read_number (const char *bytes)
{
  guint64 number;
  memcpy (&number, bytes, sizeof number);
  return GUINT64_FROM_BE (number);
}

gboolean
corm_twice_add (CormTarget *target, guint64 line, GError **error)
{
  CormForm form;
  g_autoptr (GString) record = g_string_new (NULL), none = g_string_new (NULL);
  g_autoptr (CormRoom) room = corm_room_new ();
  for (guint k = 0; k < target->n_keys; k++) {
    const CormValue *value = &target->values[target->keys[k]];
    if (value->is_null || (guint) value->type == CORM_SPOOL_ABSENT ||
        !corm_form_from_value (target->columns[target->keys[k]], value, room, &form, NULL))
      return TRUE; /* no other row has that key */
    guint32 size = (guint32) form.size;
    g_string_append_c (record, (char) form.kind);
    g_string_append_len (record, (const char *) &size, sizeof size);
    g_string_append_len (record, form.text, (gssize) form.size);
    g_string_append_c (record, '\0');
  }
  append_number (record, target->part.n_rows);
  append_number (record, line);
  if (target->seen == NULL)
    target->seen = corm_sort_new ();
  return corm_sort_add (target->seen, none, record, error);
}

static gboolean
tell (CormImport *import, CormTarget *target, const char *record, gsize size, guint64 first, GError **error)
{
  guint64 row = read_number (record + size - TAIL), line = read_number (record + size - TAIL / 2);
  g_autofree CormKeyPart *parts = g_new0 (CormKeyPart, target->n_keys + 1);
  for (guint k = 0; k < target->n_keys; k++) {
    guint32 length;
    memcpy (&length, record + 1, sizeof length);
    parts[k].name = target->columns[target->keys[k]]->name;
    parts[k].value = record + 1 + sizeof length;
    record += 1 + sizeof length + length + 1;
  }
  g_autofree char *reason = g_strdup_printf (
      "line %" G_GUINT64_FORMAT " has a row with that key already; leave one of the two out", first);
  CormFault fault = { .table = target->table->name, .line = line, .reason = reason };
  g_array_append_val (target->twice, row);
  target->report->rejected++;
  return corm_import_fault (import, CORM_ERROR_UNIQUE, &fault, parts, target->n_keys, error);
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
  return (x > y) - (x < y);
}

static gboolean
find_in (CormImport *import, CormTarget *target, GError **error)
{
  gsize size;
  guint64 first = 0;
  const char *record;
  g_autoptr (GError) failed = NULL;
  g_autoptr (GString) last = g_string_new (NULL);
  if (!corm_sort_end (target->seen, error))
    return FALSE;
  while ((record = corm_sort_next (target->seen, &size, &failed)) != NULL) {
    if (last->len == size - TAIL && memcmp (last->str, record, last->len) == 0) {
      if (!tell (import, target, record, size, first, error))
        return FALSE;
      continue;
    }
    g_string_truncate (last, 0);
    g_string_append_len (last, record, (gssize) (size - TAIL));
    first = read_number (record + size - TAIL / 2);
  }
  g_array_sort (target->twice, compare_rows);
  g_clear_pointer (&target->seen, corm_sort_free);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

gboolean
corm_twice_find (CormImport *import, GError **error)
{
  for (guint i = 0; i < import->targets->len; i++) {
    CormTarget *target = import->targets->pdata[i];
    if (target->seen != NULL && !find_in (import, target, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
corm_twice_has (const CormTarget *target, guint64 row)
{
  return target->twice->len > 0 && g_array_binary_search (target->twice, &row, compare_rows, NULL);
}
