/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* An open hash table of row numbers: at most two thirds of the places are taken. What equals what is decided here as the
 * database does it: numbers by value, whatever their width; text by its bytes. */
#include "store/keys.h"

static guint32
hash_bytes (const char *data, gsize size)
{
  guint32 hash = 2166136261u; /* FNV-1a */
  for (gsize i = 0; i < size; i++)
    hash = (hash ^ (guint8) data[i]) * 16777619u;
  return hash;
}

static guint32
hash_number (guint64 number)
{
  return (guint32) ((number * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) >> 32);
}

/* Decimals that are equal have one canonical text. */
static guint32
hash_text_of (const CormValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  corm_value_append_text (value, text);
  return hash_bytes (text->str, text->len);
}

static guint32
hash_value (const CormValue *value)
{
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
  case CORM_TYPE_INT64:
  case CORM_TYPE_DATE:
  case CORM_TYPE_TIME:
  case CORM_TYPE_TIMESTAMP:
  case CORM_TYPE_LOCAL_TIMESTAMP:
    return hash_number ((guint64) value->i);
  case CORM_TYPE_UUID:
    return hash_bytes ((const char *) value->uuid.bytes, sizeof value->uuid.bytes);
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
  case CORM_TYPE_DECIMAL:
  case CORM_TYPE_JSON:
    return hash_text_of (value);
  default:
    return hash_bytes (value->data, value->size);
  }
}

static gboolean
read_key (const CormMapping *mapping, const CormField *const *fields, guint n, gconstpointer row,
          CormValue *values, gboolean *is_null, GError **error)
{
  *is_null = FALSE;
  for (guint i = 0; i < n && !*is_null; i++) {
    CormValue *value = &values[i];
    if (!corm_field_get (mapping, fields[i], row, value, error))
      return FALSE;
    *is_null = value->is_null;
    if (value->type == CORM_TYPE_INT16 || value->type == CORM_TYPE_INT32)
      value->type = CORM_TYPE_INT64;
    else if (value->type == CORM_TYPE_FLOAT32)
      value->type = CORM_TYPE_FLOAT64;
    if (value->type == CORM_TYPE_FLOAT64 && value->d == 0)
      value->d = 0; /* -0.0 is 0.0 */
  }
  return TRUE;
}

static guint32
hash_key (const CormValue *values, guint n)
{
  guint32 hash = 0;
  for (guint i = 0; i < n; i++)
    hash = hash * 31 + hash_value (&values[i]);
  return hash_number (hash);
}

static gboolean
same_key (const CormKeys *keys, gpointer row, const CormValue *values)
{
  CormValue theirs[CORM_KEY_MAX];
  gboolean is_null;
  if (!read_key (keys->mapping, keys->fields, keys->n, row, theirs, &is_null, NULL) || is_null)
    return FALSE;
  for (guint i = 0; i < keys->n; i++)
    if (theirs[i].type == CORM_TYPE_INT64 && values[i].type == CORM_TYPE_INT64
            ? theirs[i].i != values[i].i
            : !corm_value_equal (&theirs[i], &values[i]))
      return FALSE;
  return TRUE;
}

/* Where the key is, or the free place where it would be. */
static guint32 *
find_place (const CormKeys *keys, const CormValue *values)
{
  gsize mask = keys->n_places - 1;
  gsize at = hash_key (values, keys->n) & mask;
  while (keys->places[at] != 0 && !same_key (keys, keys->rows[keys->places[at] - 1], values))
    at = (at + 1) & mask;
  return &keys->places[at];
}

static gsize
places_for (gsize n_rows)
{
  gsize n = 16;
  while (n < n_rows + n_rows / 2)
    n *= 2;
  return n;
}

void
corm_keys_init (CormKeys *keys, const CormMapping *mapping, const CormField *const *fields, guint n,
                gsize n_rows)
{
  *keys = (CormKeys){ .mapping = mapping, .fields = fields, .n = n };
  keys->n_allocated = MAX (n_rows, 8);
  keys->rows = g_new (gpointer, keys->n_allocated);
  keys->n_places = places_for (keys->n_allocated);
  keys->places = g_new0 (guint32, keys->n_places);
}

void
corm_keys_clear (CormKeys *keys)
{
  g_clear_pointer (&keys->rows, g_free);
  g_clear_pointer (&keys->places, g_free);
}

static void
grow (CormKeys *keys)
{
  keys->n_allocated *= 2;
  keys->rows = g_renew (gpointer, keys->rows, keys->n_allocated);
  keys->n_places = places_for (keys->n_allocated);
  g_free (keys->places);
  keys->places = g_new0 (guint32, keys->n_places);
  for (guint i = 0; i < keys->n_kept; i++) {
    CormValue values[CORM_KEY_MAX];
    gboolean is_null;
    read_key (keys->mapping, keys->fields, keys->n, keys->rows[i], values, &is_null, NULL);
    *find_place (keys, values) = i + 1;
  }
}

gboolean
corm_keys_add (CormKeys *keys, gpointer row, guint32 *index, GError **error)
{
  CormValue values[CORM_KEY_MAX];
  gboolean is_null;
  *index = CORM_KEYS_NONE;
  if (!read_key (keys->mapping, keys->fields, keys->n, row, values, &is_null, error))
    return FALSE;
  if (is_null)
    return TRUE;
  if (keys->n_kept == keys->n_allocated)
    grow (keys);
  guint32 *place = find_place (keys, values);
  if (*place == 0) {
    keys->rows[keys->n_kept++] = row;
    *place = keys->n_kept;
  }
  *index = *place - 1;
  return TRUE;
}

gboolean
corm_keys_find (const CormKeys *keys, const CormMapping *mapping, const CormField *const *fields,
                gconstpointer row, guint32 *index, GError **error)
{
  CormValue values[CORM_KEY_MAX];
  gboolean is_null;
  *index = CORM_KEYS_NONE;
  if (!read_key (mapping, fields, keys->n, row, values, &is_null, error))
    return FALSE;
  guint32 place = is_null ? 0 : *find_place (keys, values);
  if (place != 0)
    *index = place - 1;
  return TRUE;
}
