/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema as JSON and back. One table a struct says which members there are; writer and reader both walk it, so that
 * they cannot part. Members at their zero are left out; the order is fixed: the same schema gives the same bytes. */
#include <corm/error.h>
#include <corm/schema.h>
#include <json-glib/json-glib.h>

#include <string.h>

#define SNAPSHOT_FORMAT 1

typedef enum { TEXT, FLAG, NUMBER, NAMES, WORD, TYPE, PART, PARTS } Kind;

typedef struct _Shape Shape;
typedef struct {
  const char *name;
  Kind kind;
  gsize offset;
  const char *const *words;         /* WORD: the names of an enum's values */
  const Shape *shape;               /* PART, PARTS: of what is in there */
  gpointer (*add) (gpointer owner); /* PART, PARTS: appends an empty one */
  gboolean required;                /* TEXT, NAMES: a part without it is none */
} Member;

struct _Shape {
  const Member *members;
  guint n_members;
};

#define SHAPE(array) \
  { \
    array, G_N_ELEMENTS (array) \
  }

static gpointer
new_column (gpointer table)
{
  return corm_table_add_column (table, NULL);
}

static gpointer
new_primary_key (gpointer table)
{
  return corm_table_set_primary_key (table, NULL);
}

static gpointer
new_unique (gpointer table)
{
  return corm_table_add_unique (table, NULL);
}

static gpointer
new_foreign_key (gpointer table)
{
  return corm_table_add_foreign_key (table, NULL);
}

static gpointer
new_check (gpointer table)
{
  return corm_table_add_check (table, NULL, NULL);
}

static gpointer
new_index (gpointer table)
{
  return corm_table_add_index (table, NULL);
}

static gpointer
new_part (gpointer index)
{
  return corm_index_add_part (index, NULL);
}

static gpointer
new_table (gpointer schema)
{
  return corm_schema_add_table (schema, NULL);
}

static gpointer
new_object (gpointer schema)
{
  return corm_schema_add_object (schema, NULL, NULL);
}

static const char *const default_words[] = { "none", "literal", "now", "null", "sql", NULL };
static const char *const deferrable_words[] = { "never", "initially immediate", "initially deferred", NULL };
static const char *const action_words[] = { "no action", "restrict",    "cascade",
                                            "set null",  "set default", NULL };

/* clang-format off */
#define AT(T, m) OF (T, m, TEXT)
#define OF(T, m, kind) #m, kind, offsetof (T, m), NULL, NULL, NULL, FALSE
#define NEEDED(T, m, kind) #m, kind, offsetof (T, m), NULL, NULL, NULL, TRUE
static const Member column_members[] = {
  { NEEDED (CormTableColumn, name, TEXT) },
  { OF (CormTableColumn, type, TYPE) },
  { "length", NUMBER, offsetof (CormTableColumn, type.length), NULL, NULL, NULL, FALSE },
  { "precision", NUMBER, offsetof (CormTableColumn, type.precision), NULL, NULL, NULL, FALSE },
  { "scale", NUMBER, offsetof (CormTableColumn, type.scale), NULL, NULL, NULL, FALSE },
  { AT (CormTableColumn, type_sql) },
  { OF (CormTableColumn, not_null, FLAG) },
  { "default_kind", WORD, offsetof (CormTableColumn, default_kind), default_words, NULL, NULL, FALSE },
  { AT (CormTableColumn, default_text) },
  { AT (CormTableColumn, default_sql) },
  { OF (CormTableColumn, auto_increment, FLAG) },
  { OF (CormTableColumn, identity_always, FLAG) },
  { AT (CormTableColumn, generated_sql) },
  { OF (CormTableColumn, generated_stored, FLAG) },
  { AT (CormTableColumn, collation) },
  { AT (CormTableColumn, enum_type) },
  { OF (CormTableColumn, labels, NAMES) },
  { OF (CormTableColumn, raw, NAMES) },
  { AT (CormTableColumn, was) },
  { AT (CormTableColumn, convert) },
  { AT (CormTableColumn, comment) },
  { AT (CormTableColumn, options) },
};
static const Shape column_shape = SHAPE (column_members);

static const Member key_members[] = {
  { AT (CormKey, name) },
  { NEEDED (CormKey, columns, NAMES) },
  { "deferrable", WORD, offsetof (CormKey, deferrable), deferrable_words, NULL, NULL, FALSE },
  { AT (CormKey, options) },
  { AT (CormKey, comment) },
};
static const Shape key_shape = SHAPE (key_members);

static const Member foreign_key_members[] = {
  { AT (CormForeignKey, name) },
  { NEEDED (CormForeignKey, columns, NAMES) },
  { NEEDED (CormForeignKey, target_table, TEXT) },
  { OF (CormForeignKey, target_columns, NAMES) },
  { "on_delete", WORD, offsetof (CormForeignKey, on_delete), action_words, NULL, NULL, FALSE },
  { "on_update", WORD, offsetof (CormForeignKey, on_update), action_words, NULL, NULL, FALSE },
  { "deferrable", WORD, offsetof (CormForeignKey, deferrable), deferrable_words, NULL, NULL, FALSE },
  { OF (CormForeignKey, set_columns, NAMES) },
  { OF (CormForeignKey, match_full, FLAG) },
  { OF (CormForeignKey, not_valid, FLAG) },
  { AT (CormForeignKey, index) },
  { AT (CormForeignKey, comment) },
};
static const Shape foreign_key_shape = SHAPE (foreign_key_members);

static const Member check_members[] = {
  { AT (CormCheck, name) },
  { NEEDED (CormCheck, sql, TEXT) },
  { OF (CormCheck, not_valid, FLAG) },
  { AT (CormCheck, options) },
  { AT (CormCheck, comment) },
};
static const Shape check_shape = SHAPE (check_members);

static const Member part_members[] = {
  { NEEDED (CormIndexPart, sql, TEXT) },
  { OF (CormIndexPart, is_expression, FLAG) },
  { OF (CormIndexPart, descending, FLAG) },
  { OF (CormIndexPart, nulls_otherwise, FLAG) },
  { OF (CormIndexPart, prefix, NUMBER) },
  { AT (CormIndexPart, collation) },
  { AT (CormIndexPart, operator_class) },
};
static const Shape part_shape = SHAPE (part_members);

static const Member index_members[] = {
  { NEEDED (CormTableIndex, name, TEXT) },
  { OF (CormTableIndex, unique, FLAG) },
  { "parts", PARTS, offsetof (CormTableIndex, parts), NULL, &part_shape, new_part, FALSE },
  { AT (CormTableIndex, method) },
  { OF (CormTableIndex, include, NAMES) },
  { AT (CormTableIndex, where) },
  { AT (CormTableIndex, options) },
  { OF (CormTableIndex, invalid, FLAG) },
  { AT (CormTableIndex, comment) },
  { AT (CormTableIndex, sql) },
};
static const Shape index_shape = SHAPE (index_members);

static const Member table_members[] = {
  { NEEDED (CormTable, name, TEXT) },
  { "columns", PARTS, offsetof (CormTable, columns), NULL, &column_shape, new_column, FALSE },
  { "primary_key", PART, offsetof (CormTable, primary_key), NULL, &key_shape, new_primary_key, FALSE },
  { "uniques", PARTS, offsetof (CormTable, uniques), NULL, &key_shape, new_unique, FALSE },
  { "foreign_keys", PARTS, offsetof (CormTable, foreign_keys), NULL, &foreign_key_shape, new_foreign_key, FALSE },
  { "checks", PARTS, offsetof (CormTable, checks), NULL, &check_shape, new_check, FALSE },
  { "indexes", PARTS, offsetof (CormTable, indexes), NULL, &index_shape, new_index, FALSE },
  { OF (CormTable, strict, FLAG) },
  { OF (CormTable, without_rowid, FLAG) },
  { AT (CormTable, sql) },
  { AT (CormTable, options) },
  { AT (CormTable, was) },
  { AT (CormTable, comment) },
};
static const Shape table_shape = SHAPE (table_members);

static const Member object_members[] = {
  { NEEDED (CormSchemaObject, kind, TEXT) },
  { NEEDED (CormSchemaObject, name, TEXT) },
  { AT (CormSchemaObject, table) },
  { AT (CormSchemaObject, sql) }, /* none: the role that looked may not see it */
  { AT (CormSchemaObject, comment) },
};
static const Shape object_shape = SHAPE (object_members);

static const Member schema_members[] = {
  { AT (CormSchema, dialect) },
  { OF (CormSchema, from_models, FLAG) },
  { "tables", PARTS, offsetof (CormSchema, tables), NULL, &table_shape, new_table, FALSE },
  { "objects", PARTS, offsetof (CormSchema, objects), NULL, &object_shape, new_object, FALSE },
};
static const Shape schema_shape = SHAPE (schema_members);
/* clang-format on */

/* --- writing */

static JsonNode *write_part (const Shape *shape, gconstpointer part);

static JsonNode *
write_names (const char *const *names)
{
  g_autoptr (JsonArray) array = json_array_new ();
  for (; *names != NULL; names++)
    json_array_add_string_element (array, *names);
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
write_parts (const Shape *shape, const GPtrArray *parts)
{
  g_autoptr (JsonArray) array = json_array_new ();
  for (guint i = 0; i < parts->len; i++)
    json_array_add_element (array, write_part (shape, parts->pdata[i]));
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
new_text (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

/* NULL where the member is at its zero. */
static JsonNode *
write_member (const Member *member, gconstpointer part)
{
  gconstpointer at = (const char *) part + member->offset;
  gpointer pointer =
      member->kind == TEXT || member->kind == NAMES || member->kind >= PART ? *(const gpointer *) at : NULL;
  switch (member->kind) {
  case TEXT:
    return pointer != NULL ? new_text (pointer) : NULL;
  case NAMES:
    return pointer != NULL ? write_names (pointer) : NULL;
  case PART:
    return pointer != NULL ? write_part (member->shape, pointer) : NULL;
  case PARTS:
    return ((GPtrArray *) pointer)->len > 0 ? write_parts (member->shape, pointer) : NULL;
  case FLAG:
    return *(const gboolean *) at ? json_node_init_boolean (json_node_alloc (), TRUE) : NULL;
  case NUMBER:
    return *(const guint *) at != 0 ? json_node_init_int (json_node_alloc (), *(const guint *) at) : NULL;
  case WORD:
    return *(const guint *) at != 0 ? new_text (member->words[*(const guint *) at]) : NULL;
  case TYPE:
    return new_text (corm_type_name (*(const CormType *) at));
  }
  g_assert_not_reached ();
}

static JsonNode *
write_part (const Shape *shape, gconstpointer part)
{
  g_autoptr (JsonObject) object = json_object_new ();
  for (guint i = 0; i < shape->n_members; i++) {
    JsonNode *node = write_member (&shape->members[i], part);
    if (node != NULL)
      json_object_set_member (object, shape->members[i].name, node);
  }
  return json_node_init_object (json_node_alloc (), object);
}

char *
corm_schema_to_json (const CormSchema *schema)
{
  g_return_val_if_fail (schema != NULL, NULL);
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), json_object_new ());
  JsonObject *object = json_node_get_object (root);
  json_object_unref (object); /* the node has its own reference */
  json_object_set_int_member (object, "corm_schema", SNAPSHOT_FORMAT);
  for (guint i = 0; i < schema_shape.n_members; i++) {
    JsonNode *node = write_member (&schema_members[i], schema);
    if (node != NULL)
      json_object_set_member (object, schema_members[i].name, node);
  }
  g_autofree char *text = json_to_string (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}

/* --- reading: @where is the path to what is being read, "tables[2].columns[0]" */

static gboolean read_part (const Shape *shape, gpointer part, JsonNode *node, const char *where,
                           GError **error);

static gboolean
refuse (GError **error, const char *where, const char *what)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_SCHEMA, "snapshot: %s: %s",
               where[0] != '\0' ? where : "the text", what);
  return FALSE;
}

static gboolean
read_names (GStrv *names, JsonNode *node, const char *where, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, where, "expected a list of texts");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (json_node_get_value_type (element) != G_TYPE_STRING)
      return refuse (error, where, "expected a list of texts");
    g_strv_builder_add (builder, json_node_get_string (element));
  }
  g_strfreev (*names);
  *names = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_word (guint *word, const char *const *words, JsonNode *node, const char *where, GError **error)
{
  const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
  for (guint i = 0; words[i] != NULL; i++)
    if (strcmp (words[i], text) == 0) {
      *word = i;
      return TRUE;
    }
  return refuse (error, where, "is not one of the known words");
}

static gboolean
read_type (CormType *type, JsonNode *node, const char *where, GError **error)
{
  const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
  *type = corm_type_from_name (text);
  if (*type != CORM_TYPE_NONE || strcmp (text, corm_type_name (CORM_TYPE_NONE)) == 0)
    return TRUE;
  return refuse (error, where, "is not the name of a type");
}

static gboolean
read_parts (const Member *member, gpointer owner, JsonNode *node, const char *where, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, where, "expected a list");
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    g_autofree char *inner = g_strdup_printf ("%s[%u]", where, i);
    if (!read_part (member->shape, member->add (owner), json_array_get_element (array, i), inner, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_text (char **text, JsonNode *node, const char *where, GError **error)
{
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return refuse (error, where, "expected a text");
  g_free (*text);
  *text = g_strdup (json_node_get_string (node));
  return TRUE;
}

static gboolean
read_member (const Member *member, gpointer part, JsonNode *node, const char *where, GError **error)
{
  gpointer at = (char *) part + member->offset;
  switch (member->kind) {
  case TEXT:
    return read_text (at, node, where, error);
  case NAMES:
    return read_names (at, node, where, error);
  case PART:
    return read_part (member->shape, member->add (part), node, where, error);
  case PARTS:
    return read_parts (member, part, node, where, error);
  case FLAG:
    *(gboolean *) at = json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
    return json_node_get_value_type (node) == G_TYPE_BOOLEAN ||
           refuse (error, where, "expected true or false");
  case NUMBER:
    *(guint *) at = (guint) json_node_get_int (node);
    return json_node_get_value_type (node) == G_TYPE_INT64 || refuse (error, where, "expected a number");
  case WORD:
    return read_word (at, member->words, node, where, error);
  case TYPE:
    return read_type (at, node, where, error);
  }
  g_assert_not_reached ();
}

static const Member *
find_member (const Shape *shape, const char *name)
{
  for (guint i = 0; i < shape->n_members; i++)
    if (strcmp (shape->members[i].name, name) == 0)
      return &shape->members[i];
  return NULL;
}

static gboolean
check_required (const Shape *shape, gpointer part, const char *where, GError **error)
{
  for (guint i = 0; i < shape->n_members; i++) {
    g_autofree char *what = g_strconcat ("has no member ", shape->members[i].name, NULL);
    if (shape->members[i].required && *(gpointer *) ((char *) part + shape->members[i].offset) == NULL)
      return refuse (error, where, what);
  }
  const CormTableColumn *column = shape == &column_shape ? part : NULL;
  if (column != NULL && column->default_text == NULL &&
      (column->default_kind == CORM_DEFAULT_LITERAL || column->default_kind == CORM_DEFAULT_SQL))
    return refuse (error, where, "has no member default_text");
  return TRUE;
}

static gboolean
read_part (const Shape *shape, gpointer part, JsonNode *node, const char *where, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, where, "expected an object");
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GList) names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next) {
    g_autofree char *inner = g_strconcat (where, where[0] != '\0' ? "." : "", l->data, NULL);
    const Member *member = find_member (shape, l->data);
    if (member == NULL && where[0] == '\0' && strcmp (l->data, "corm_schema") == 0)
      continue;
    if (member == NULL)
      return refuse (error, inner, "is not known; a newer Corm may have written it");
    if (!read_member (member, part, json_object_get_member (object, l->data), inner, error))
      return FALSE;
  }
  return check_required (shape, part, where, error);
}

CormSchema *
corm_schema_from_json (const char *json, GError **error)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) inner = NULL;
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  if (!json_parser_load_from_data (parser, json, -1, &inner)) {
    refuse (error, "no JSON", inner->message);
    return NULL;
  }
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) ||
      json_object_get_int_member_with_default (json_node_get_object (root), "corm_schema", 0) !=
          SNAPSHOT_FORMAT) {
    refuse (error, "corm_schema", "is not 1: this is no snapshot of a schema, or one of a newer Corm");
    return NULL;
  }
  if (!read_part (&schema_shape, schema, root, "", error))
    return NULL;
  return g_steal_pointer (&schema);
}
