/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A schema as JSON and back. Writer and reader both walk the tables of shape.c, so that they cannot part. Members at
 * their zero are left out; the order is fixed: the same schema gives the same bytes. */
#include "schema/shape.h"
#include "value/json.h"

#include <corm/error.h>
#include <corm/schema.h>
#include <json-glib/json-glib.h>

#include <string.h>

#define SNAPSHOT_FORMAT 1

/* --- writing */

static JsonNode *write_part (const CormShape *shape, gconstpointer part);

static JsonNode *
write_names (const char *const *names)
{
  g_autoptr (JsonArray) array = json_array_new ();
  for (; *names != NULL; names++)
    json_array_add_string_element (array, *names);
  return json_node_init_array (json_node_alloc (), array);
}

static JsonNode *
write_parts (const CormShape *shape, const GPtrArray *parts)
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
write_member (const CormShapeMember *member, gconstpointer part)
{
  gconstpointer at = (const char *) part + member->offset;
  gpointer pointer = corm_shape_is_pointer (member->kind) ? *(const gpointer *) at : NULL;
  switch (member->kind) {
  case CORM_SHAPE_TEXT:
    return pointer != NULL ? new_text (pointer) : NULL;
  case CORM_SHAPE_NAMES:
    return pointer != NULL ? write_names (pointer) : NULL;
  case CORM_SHAPE_PART:
    return pointer != NULL ? write_part (member->shape, pointer) : NULL;
  case CORM_SHAPE_PARTS:
    return ((GPtrArray *) pointer)->len > 0 ? write_parts (member->shape, pointer) : NULL;
  case CORM_SHAPE_FLAG:
    return *(const gboolean *) at ? json_node_init_boolean (json_node_alloc (), TRUE) : NULL;
  case CORM_SHAPE_NUMBER:
    return *(const guint *) at != 0 ? json_node_init_int (json_node_alloc (), *(const guint *) at) : NULL;
  case CORM_SHAPE_WORD:
    return *(const guint *) at != 0 ? new_text (member->words[*(const guint *) at]) : NULL;
  case CORM_SHAPE_TYPE:
    return new_text (corm_type_name (*(const CormType *) at));
  }
  g_assert_not_reached ();
}

static JsonNode *
write_part (const CormShape *shape, gconstpointer part)
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
  for (guint i = 0; i < corm_shape_schema.n_members; i++) {
    JsonNode *node = write_member (&corm_shape_schema.members[i], schema);
    if (node != NULL)
      json_object_set_member (object, corm_shape_schema.members[i].name, node);
  }
  g_autofree char *text = json_to_string (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}

/* --- reading: @where is the path to what is being read, "tables[2].columns[0]" */

static gboolean read_part (const CormShape *shape, gpointer part, JsonNode *node, const char *where,
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
read_parts (const CormShapeMember *member, gpointer owner, JsonNode *node, const char *where, GError **error)
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
read_count (guint *number, JsonNode *node, const char *where, GError **error)
{
  gint64 n = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;
  if (n < 0 || n > G_MAXUINT)
    return refuse (error, where, "expected a number from 0 to 4294967295");
  *number = (guint) n;
  return TRUE;
}

static gboolean
read_member (const CormShapeMember *member, gpointer part, JsonNode *node, const char *where, GError **error)
{
  gpointer at = (char *) part + member->offset;
  switch (member->kind) {
  case CORM_SHAPE_TEXT:
    return read_text (at, node, where, error);
  case CORM_SHAPE_NAMES:
    return read_names (at, node, where, error);
  case CORM_SHAPE_PART:
    return read_part (member->shape, member->add (part), node, where, error);
  case CORM_SHAPE_PARTS:
    return read_parts (member, part, node, where, error);
  case CORM_SHAPE_FLAG:
    *(gboolean *) at = json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
    return json_node_get_value_type (node) == G_TYPE_BOOLEAN ||
           refuse (error, where, "expected true or false");
  case CORM_SHAPE_NUMBER:
    return read_count (at, node, where, error);
  case CORM_SHAPE_WORD:
    return read_word (at, member->words, node, where, error);
  case CORM_SHAPE_TYPE:
    return read_type (at, node, where, error);
  }
  g_assert_not_reached ();
}

static const CormShapeMember *
find_member (const CormShape *shape, const char *name)
{
  for (guint i = 0; i < shape->n_members; i++)
    if (strcmp (shape->members[i].name, name) == 0)
      return &shape->members[i];
  return NULL;
}

static gboolean
check_required (const CormShape *shape, gpointer part, const char *where, GError **error)
{
  for (guint i = 0; i < shape->n_members; i++) {
    g_autofree char *what = g_strconcat ("has no member ", shape->members[i].name, NULL);
    if (shape->members[i].required && *(gpointer *) ((char *) part + shape->members[i].offset) == NULL)
      return refuse (error, where, what);
  }
  const CormTableColumn *column = shape == &corm_shape_column ? part : NULL;
  if (column != NULL && column->default_text == NULL &&
      (column->default_kind == CORM_DEFAULT_LITERAL || column->default_kind == CORM_DEFAULT_SQL))
    return refuse (error, where, "has no member default_text");
  return TRUE;
}

static gboolean
read_part (const CormShape *shape, gpointer part, JsonNode *node, const char *where, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, where, "expected an object");
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GList) names = json_object_get_members (object);
  for (GList *l = names; l != NULL; l = l->next) {
    g_autofree char *inner = g_strconcat (where, where[0] != '\0' ? "." : "", l->data, NULL);
    const CormShapeMember *member = find_member (shape, l->data);
    if (member == NULL && where[0] == '\0' && strcmp (l->data, "corm_schema") == 0)
      continue;
    if (member == NULL)
      return refuse (error, inner, "is not known; a newer Corm may have written it");
    if (!read_member (member, part, json_object_get_member (object, l->data), inner, error))
      return FALSE;
  }
  return check_required (shape, part, where, error);
}

static gboolean
is_snapshot (JsonNode *root)
{
  JsonNode *format = root != NULL && JSON_NODE_HOLDS_OBJECT (root)
                         ? json_object_get_member (json_node_get_object (root), "corm_schema")
                         : NULL;
  return format != NULL && JSON_NODE_HOLDS_VALUE (format) && json_node_get_int (format) == SNAPSHOT_FORMAT;
}

CormSchema *
corm_schema_from_json (const char *json, GError **error)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) inner = NULL;
  g_autoptr (CormSchema) schema = corm_schema_new (NULL);
  const char *reason;
  gsize at;
  if (!corm_json_check (json, strlen (json), &reason,
                        &at)) { /* JsonParser calls itself as deep as it is nested */
    refuse (error, "no JSON", reason);
    return NULL;
  }
  if (!json_parser_load_from_data (parser, json, -1, &inner)) {
    refuse (error, "no JSON", inner->message);
    return NULL;
  }
  JsonNode *root = json_parser_get_root (parser);
  if (!is_snapshot (root)) {
    refuse (error, "corm_schema", "is not 1: this is no snapshot of a schema, or one of a newer Corm");
    return NULL;
  }
  if (!read_part (&corm_shape_schema, schema, root, "", error))
    return NULL;
  return g_steal_pointer (&schema);
}
