/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The canonical row: for each cell a mark, its length and its canonical text, so that no two different rows have the same
 * bytes. The mark tells NULL, bytes, numbers and all that is text from each other: where anything lives anywhere, 5 is not '5'. */
#include "port/hash.h"

#include <string.h>
#include <xxhash.h>

static char
mark_of (const CormValue *value)
{
  switch (value->type) {
  case CORM_TYPE_BYTES:
    return 2;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
    return 3;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    return 4;
  default:
    return 1;
  }
}

static void
append_cell (GString *text, const CormValue *value)
{
  guint32 length = 0;
  if (value->is_null) {
    g_string_append_c (text, '\0');
    return;
  }
  g_string_append_c (text, mark_of (value));
  gsize at = text->len;
  g_string_append_len (text, (const char *) &length, sizeof length);
  corm_value_append_text (value, text);
  length = GUINT32_TO_BE ((guint32) (text->len - at - sizeof length));
  memcpy (text->str + at, &length, sizeof length);
}

void
corm_hash_add (CormHash *hash, const CormValue *row, guint n, GString *scratch)
{
  g_string_truncate (scratch, 0);
  for (guint i = 0; i < n; i++)
    append_cell (scratch, &row[i]);
  XXH128_hash_t added = XXH3_128bits (scratch->str, scratch->len);
  hash->low += added.low64;
  hash->high += added.high64 + (hash->low < added.low64 ? 1 : 0);
  hash->n_rows++;
}

void
corm_hash_join (CormHash *hash, const CormHash *other)
{
  hash->low += other->low;
  hash->high += other->high + (hash->low < other->low ? 1 : 0);
  hash->n_rows += other->n_rows;
}

gboolean
corm_hash_has_key (const CormValue *row, const guint *keys, guint n_keys)
{
  for (guint k = 0; k < n_keys; k++)
    if (row[keys[k]].is_null)
      return FALSE;
  return n_keys > 0;
}

guint64
corm_hash_key (const CormValue *row, const guint *keys, guint n_keys, guint n, GString *scratch)
{
  gboolean by_key = corm_hash_has_key (row, keys, n_keys);
  g_string_truncate (scratch, 0);
  for (guint i = 0; i < (by_key ? n_keys : n); i++)
    append_cell (scratch, &row[by_key ? keys[i] : i]);
  return XXH3_64bits (scratch->str, scratch->len);
}

int
corm_hash_compare_keys (gconstpointer a, gconstpointer b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
  return (x > y) - (x < y);
}

void
corm_hash_get (const CormHash *hash, guint8 bytes[16])
{
  guint64 high = GUINT64_TO_BE (hash->high), low = GUINT64_TO_BE (hash->low);
  memcpy (bytes, &high, 8);
  memcpy (bytes + 8, &low, 8);
}

gboolean
corm_hash_equal (const CormHash *a, const CormHash *b)
{
  return a->n_rows == b->n_rows && a->low == b->low && a->high == b->high;
}
