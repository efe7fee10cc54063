/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The one place where identifiers and literals become SQL text. Invariant: whatever the name or the value holds, what
 * is appended is one identifier or one literal. */
#include "render/append.h"

#include <corm/sys/driver.h>

#include <math.h>

/* The reserved words of one dialect: the sorted list, and a bit for each word at its hash, so that a name whose bit is not
 * set is none of them. */
typedef struct {
  const char *const *list;
  guint n;
  guint64 bits[128];
} Words;

static guint32
add_to_hash (guint32 hash, char c)
{
  return (hash ^ (guint8) c) * 16777619u;
}

static guint
get_bit (guint32 hash)
{
  return (hash ^ hash >> 13) % (G_N_ELEMENTS (((Words *) NULL)->bits) * 64);
}

/* Made once as long as a thread stays with one dialect. */
static const Words *
get_words (const CormDialect *dialect)
{
  static _Thread_local Words words;
  if (G_LIKELY (words.list == dialect->reserved))
    return &words;
  words = (Words){ .list = dialect->reserved };
  for (; words.list != NULL && words.list[words.n] != NULL; words.n++) {
    guint32 hash = 0;
    for (const char *p = words.list[words.n]; *p != '\0'; p++)
      hash = add_to_hash (hash, *p);
    words.bits[get_bit (hash) / 64] |= G_GUINT64_CONSTANT (1) << (get_bit (hash) % 64);
  }
  return &words;
}

static gboolean
is_reserved (const CormDialect *dialect, const char *name, guint32 hash)
{
  const Words *words = get_words (dialect);
  guint bit = get_bit (hash), low = 0, high = words->n;
  if ((words->bits[bit / 64] >> (bit % 64) & 1) == 0)
    return FALSE;
  while (low < high) {
    guint middle = (low + high) / 2;
    int order = strcmp (name, words->list[middle]);
    if (order == 0)
      return TRUE;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return FALSE;
}

/* Lower case, digits and underscore: what every database takes bare and gives back unchanged. */
static gboolean
is_plain (const char *name, guint32 *hash)
{
  static const bool plain[256] = { ['a' ... 'z'] = true, ['0' ... '9'] = true, ['_'] = true };
  const guint8 *p = (const guint8 *) name;
  if (!plain[*p] || g_ascii_isdigit (*p))
    return FALSE;
  for (*hash = 0; plain[*p]; p++)
    *hash = add_to_hash (*hash, (char) *p);
  return *p == '\0';
}

void
corm_sql_append_identifier (GString *sql, const CormDialect *dialect, const char *name)
{
  guint32 hash;
  if (is_plain (name, &hash) && !is_reserved (dialect, name, hash)) {
    corm_append (sql, name);
    return;
  }
  g_string_append_c (sql, dialect->quote);
  for (const char *found; (found = strchr (name, dialect->quote)) != NULL; name = found + 1) {
    g_string_append_len (sql, name, found + 1 - name);
    g_string_append_c (sql, dialect->quote);
  }
  corm_append (sql, name);
  g_string_append_c (sql, dialect->quote);
}

static void
append_quoted (GString *sql, const char *data, gsize size)
{
  g_string_append_c (sql, '\'');
  for (gsize i = 0; i < size; i++) {
    if (data[i] == '\'')
      g_string_append_c (sql, '\'');
    g_string_append_c (sql, data[i]);
  }
  g_string_append_c (sql, '\'');
}

static void
append_hex (GString *sql, const char *data, gsize size)
{
  g_string_append (sql, "x'");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (sql, "%02x", (guint8) data[i]);
  g_string_append_c (sql, '\'');
}

static gboolean
append_textual (GString *sql, const CormValue *value, GError **error)
{
  if (memchr (value->data, '\0', value->size) != NULL && value->type == CORM_TYPE_TEXT) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "text with a NUL byte can't be written as an SQL literal");
    return FALSE;
  }
  append_quoted (sql, value->data, value->size);
  return TRUE;
}

gboolean
corm_sql_append_literal (GString *sql, const CormDialect *dialect, const CormValue *value, GError **error)
{
  if (dialect->append_literal != NULL)
    return dialect->append_literal (sql, value, error);
  if (value->is_null) {
    g_string_append (sql, "NULL");
    return TRUE;
  }
  switch (value->type) {
  case CORM_TYPE_BOOLEAN:
    g_string_append (sql, value->i ? dialect->true_text : dialect->false_text);
    return TRUE;
  case CORM_TYPE_INT16:
  case CORM_TYPE_INT32:
  case CORM_TYPE_INT64:
  case CORM_TYPE_DECIMAL:
    corm_value_append_text (value, sql);
    return TRUE;
  case CORM_TYPE_FLOAT32:
  case CORM_TYPE_FLOAT64:
    if (!isfinite (value->d)) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION, "NaN and infinity have no SQL literal");
      return FALSE;
    }
    corm_value_append_text (value, sql);
    return TRUE;
  case CORM_TYPE_BYTES:
    append_hex (sql, value->data, value->size);
    return TRUE;
  case CORM_TYPE_TEXT:
  case CORM_TYPE_JSON:
  case CORM_TYPE_ENUM:
  case CORM_TYPE_RAW:
    return append_textual (sql, value, error);
  default: {
    g_autoptr (GString) text = g_string_new (NULL);
    corm_value_append_text (value, text);
    append_quoted (sql, text->str, text->len);
    return TRUE;
  }
  }
}
