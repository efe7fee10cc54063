/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See walk.h. A key's values keep the types that they were read with: SQLite lets a number and a text stand in one key. */
#include "port/walk.h"

#include "base/error.h"
#include "value/check.h"

#include <json-glib/json-glib.h>
#include <string.h>

static gboolean
is_bytes (CormType type)
{
  return type == CORM_TYPE_TEXT || type == CORM_TYPE_BYTES;
}

/* A name of the database's own key that no column has taken. */
static const char *
find_row_key (const CormTable *table, const CormDialect *dialect)
{
  for (guint i = 0; dialect->row_keys != NULL && !table->without_rowid && dialect->row_keys[i] != NULL; i++) {
    gboolean is_taken = FALSE;
    for (guint c = 0; c < table->columns->len; c++) {
      const CormTableColumn *column = g_ptr_array_index (table->columns, c);
      is_taken |= g_ascii_strcasecmp (column->name, dialect->row_keys[i]) == 0;
    }
    if (!is_taken)
      return dialect->row_keys[i];
  }
  return NULL;
}

void
corm_walk_init (CormWalk *walk, const CormPair *pair, const CormDialect *source)
{
  *walk = (CormWalk){ .pair = pair, .row_key = find_row_key (pair->source, source) };
  if (walk->row_key != NULL) {
    walk->kind = CORM_WALK_ROW_KEY;
    walk->is_integer = TRUE;
  } else if (pair->source->primary_key != NULL && pair->n_keys > 0 &&
             (source->caps & CORM_CAP_STREAMING) != 0) {
    walk->kind = CORM_WALK_KEY;
    walk->is_integer = pair->n_keys == 1 && !source->loose_types &&
                       corm_type_is_integer (pair->source_columns[pair->keys[0]]->type.type);
  }
}

guint
corm_walk_n_keys (const CormWalk *walk)
{
  return walk->kind == CORM_WALK_ONCE ? 0 : walk->kind == CORM_WALK_ROW_KEY ? 1 : walk->pair->n_keys;
}

const char *
corm_walk_key_name (const CormWalk *walk, guint k)
{
  return walk->kind == CORM_WALK_ROW_KEY ? walk->row_key
                                         : walk->pair->source_columns[walk->pair->keys[k]]->name;
}

static char *
print_json (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* Bytes in hexadecimal: a text of the source need not be UTF-8, and JSON is. */
static void
add_value (JsonBuilder *builder, const CormValue *value)
{
  g_autoptr (GString) text = g_string_new (corm_type_name (value->type)), plain = g_string_new (NULL);
  if (is_bytes (value->type))
    g_string_append_len (plain, value->data, (gssize) value->size);
  else
    corm_value_append_text (value, plain);
  g_string_append_c (text, ':');
  for (gsize i = 0; i < plain->len; i++)
    g_string_append_printf (text, "%02x", (guint8) plain->str[i]);
  json_builder_add_string_value (builder, text->str);
}

guint64
corm_walk_number (const CormWalk *walk, const CormValue *row, guint64 ordinal)
{
  return walk->kind == CORM_WALK_ROW_KEY ? (guint64) row[walk->pair->n_columns].i : ordinal;
}

char *
corm_walk_key (const CormWalk *walk, const CormValue *row)
{
  guint n = corm_walk_n_keys (walk);
  if (n == 0)
    return NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint k = 0; k < n; k++)
    add_value (builder, &row[walk->kind == CORM_WALK_ROW_KEY ? walk->pair->n_columns : walk->pair->keys[k]]);
  json_builder_end_array (builder);
  return print_json (builder);
}

char *
corm_walk_key_of_int (gint64 key)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  CormValue value = corm_value_int (key);
  json_builder_begin_array (builder);
  add_value (builder, &value);
  json_builder_end_array (builder);
  return print_json (builder);
}

static GString *
from_hex (const char *hex)
{
  GString *text = g_string_new (NULL);
  for (; g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]); hex += 2)
    g_string_append_c (text, (char) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1])));
  return text;
}

static gboolean
parse_value (CormKeyValues *key, guint k, const char *text, GError **error)
{
  const char *colon = text != NULL ? strchr (text, ':') : NULL;
  if (colon == NULL) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "'%s' is no part of a key", text);
    return FALSE;
  }
  g_autofree char *name = g_strndup (text, (gsize) (colon - text));
  GString *plain = from_hex (colon + 1);
  g_ptr_array_add (key->memory, plain);
  key->types[k] = (CormSqlType){ .type = corm_type_from_name (name) };
  if (is_bytes (key->types[k].type)) {
    key->values[k] = (CormValue){ .type = key->types[k].type };
    key->values[k].data = plain->str;
    key->values[k].size = plain->len;
    return TRUE;
  }
  return corm_value_parse (&key->types[k], plain->str, (gssize) plain->len, &key->values[k], error);
}

static void
string_free (gpointer string)
{
  g_string_free (string, TRUE);
}

CormKeyValues *
corm_key_values_parse (const char *text, GError **error)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "'%s' is no key", text);
    return NULL;
  }
  JsonArray *array = json_node_get_array (root);
  g_autoptr (CormKeyValues) key = g_new0 (CormKeyValues, 1);
  key->n = json_array_get_length (array);
  key->values = g_new0 (CormValue, key->n + 1);
  key->types = g_new0 (CormSqlType, key->n + 1);
  key->memory = g_ptr_array_new_with_free_func (string_free);
  for (guint k = 0; k < key->n; k++)
    if (!parse_value (key, k, json_array_get_string_element (array, k), error))
      return NULL;
  return g_steal_pointer (&key);
}

void
corm_key_values_free (CormKeyValues *key)
{
  g_ptr_array_unref (key->memory);
  g_free (key->values);
  g_free (key->types);
  g_free (key);
}
