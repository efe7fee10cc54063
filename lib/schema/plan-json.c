/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A plan as JSON and back. The last member is the hash of all that stands before it: what somebody has approved is what
 * runs. Invariant: a text that is read gives the same bytes when it is written again, or is refused. */
#include "schema/plan.h"
#include "value/json.h"

#include <corm/error.h>
#include <json-glib/json-glib.h>

#include <string.h>

static const char *const approvals[] = { "none", "change", "destructive" };
static const char *const hazards[] = { "loses-data",    "rewrites",       "scans",       "blocks-reads",
                                       "blocks-writes", "data-dependent", "incompatible" };

/* --- writing */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_number (JsonBuilder *builder, const char *name, gint64 number)
{
  json_builder_set_member_name (builder, name);
  if (number >= 0)
    json_builder_add_int_value (builder, number);
  else
    json_builder_add_null_value (builder);
}

static void
add_statements (JsonBuilder *builder, const char *name, const GPtrArray *statements)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < statements->len; i++)
    json_builder_add_string_value (builder, statements->pdata[i]);
  json_builder_end_array (builder);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean flag)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, flag);
}

static void
add_hazards (JsonBuilder *builder, guint flags)
{
  json_builder_set_member_name (builder, "hazards");
  json_builder_begin_array (builder);
  for (guint i = 0; i < G_N_ELEMENTS (hazards); i++)
    if (flags & (1u << i))
      json_builder_add_string_value (builder, hazards[i]);
  json_builder_end_array (builder);
}

static void
add_op (JsonBuilder *builder, const CormOp *op)
{
  json_builder_begin_object (builder);
  add_text (builder, "kind", corm_op_kind_name (op->kind));
  add_text (builder, "object", op->object);
  add_text (builder, "table", op->table);
  add_text (builder, "name", op->name);
  add_text (builder, "text", op->text);
  add_statements (builder, "sql", op->sql);
  add_statements (builder, "reverse", op->reverse);
  add_text (builder, "approval", approvals[op->approval]);
  add_hazards (builder, op->hazards);
  add_text (builder, "hazard", op->hazard);
  add_text (builder, "lock", op->lock);
  add_number (builder, "rows", op->rows);
  add_number (builder, "bytes", op->bytes);
  add_flag (builder, "alone", op->alone);
  add_flag (builder, "repeat", op->repeat);
  add_number (builder, "group", op->group);
  json_builder_end_object (builder);
}

/* @hash NULL: without one. */
static char *
write_plan (const CormPlan *plan, const char *hash)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_text (builder, "dialect", plan->dialect);
  add_text (builder, "from", plan->from);
  add_text (builder, "to", plan->to);
  add_number (builder, "changes", corm_plan_get_n_changes (plan));
  add_number (builder, "differences", corm_plan_get_n_differences (plan));
  json_builder_set_member_name (builder, "ops");
  json_builder_begin_array (builder);
  for (guint i = 0; i < plan->ops->len; i++)
    add_op (builder, plan->ops->pdata[i]);
  json_builder_end_array (builder);
  if (hash != NULL)
    add_text (builder, "hash", hash);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (root, TRUE);
  return g_strconcat (text, "\n", NULL);
}

char *
corm_plan_to_json (const CormPlan *plan)
{
  g_return_val_if_fail (plan != NULL, NULL);
  g_autofree char *bare = write_plan (plan, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, bare, -1);
  return write_plan (plan, hash);
}

/* --- reading */

static gboolean
refuse (GError **error, const char *where, const char *what)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "read the plan: %s: %s", where, what);
  return FALSE;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

static gint64
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : -1;
}

static gboolean
get_flag (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
nth_text (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);
  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
}

static int
index_of (const char *const *words, guint n, const char *word)
{
  for (guint i = 0; word != NULL && i < n; i++)
    if (strcmp (words[i], word) == 0)
      return (int) i;
  return -1;
}

static int
kind_of (const char *name)
{
  for (int kind = 0; name != NULL && kind < CORM_N_OP_KINDS; kind++)
    if (strcmp (corm_op_kind_name ((CormOpKind) kind), name) == 0)
      return kind;
  return -1;
}

static void
read_statements (JsonObject *object, const char *name, GPtrArray *statements)
{
  JsonArray *array = get_array (object, name);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (statements, g_strdup (nth_text (array, i)));
}

static gboolean
read_op (CormPlan *plan, JsonNode *node, const char *where, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  int kind = object != NULL ? kind_of (get_text (object, "kind")) : -1;
  int approval =
      object != NULL ? index_of (approvals, G_N_ELEMENTS (approvals), get_text (object, "approval")) : -1;
  if (kind < 0 || approval < 0)
    return refuse (error, where, "is no operation of this Corm's");
  CormOp *op = corm_plan_add (plan, (CormOpKind) kind, get_text (object, "table"), get_text (object, "name"),
                              g_strdup (get_text (object, "text")));
  op->object = g_strdup (get_text (object, "object"));
  op->approval = (CormApproval) approval;
  op->hazard = g_strdup (get_text (object, "hazard"));
  op->lock = g_strdup (get_text (object, "lock"));
  op->rows = get_number (object, "rows");
  op->bytes = get_number (object, "bytes");
  op->alone = get_flag (object, "alone");
  op->repeat = get_flag (object, "repeat");
  op->group = (guint) MAX (get_number (object, "group"), 0);
  read_statements (object, "sql", op->sql);
  read_statements (object, "reverse", op->reverse);
  JsonArray *flags = get_array (object, "hazards");
  for (guint i = 0; flags != NULL && i < json_array_get_length (flags); i++) {
    int flag = index_of (hazards, G_N_ELEMENTS (hazards), nth_text (flags, i));
    op->hazards |= flag >= 0 ? 1u << flag : 0;
  }
  return TRUE;
}

/* The text ends in one newline, however it was kept. */
static gboolean
is_same_text (const char *a, const char *b)
{
  gsize left = strlen (a), right = strlen (b);
  while (left > 0 && g_ascii_isspace (a[left - 1]))
    left--;
  while (right > 0 && g_ascii_isspace (b[right - 1]))
    right--;
  return left == right && memcmp (a, b, left) == 0;
}

static gboolean
read_ops (CormPlan *plan, JsonObject *object, GError **error)
{
  JsonArray *ops = get_array (object, "ops");
  if (plan->dialect == NULL || ops == NULL)
    return refuse (error, "the text", "is no plan (corm diff --emit plan)");
  for (guint i = 0; i < json_array_get_length (ops); i++) {
    g_autofree char *where = g_strdup_printf ("ops[%u]", i);
    if (!read_op (plan, json_array_get_element (ops, i), where, error))
      return FALSE;
  }
  return TRUE;
}

CormPlan *
corm_plan_from_json (const char *json, GError **error)
{
  g_return_val_if_fail (json != NULL, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) inner = NULL;
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
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    refuse (error, "the text", "is no plan (corm diff --emit plan)");
    return NULL;
  }
  JsonObject *object = json_node_get_object (root);
  g_autoptr (CormPlan) plan = corm_plan_new (get_text (object, "dialect"));
  plan->from = g_strdup (get_text (object, "from"));
  plan->to = g_strdup (get_text (object, "to"));
  if (!read_ops (plan, object, error))
    return NULL;
  g_autofree char *again = corm_plan_to_json (plan);
  if (!is_same_text (again, json)) {
    refuse (error, "hash",
            "the text was changed since the plan was made, or another Corm made it; make a new one");
    return NULL;
  }
  return g_steal_pointer (&plan);
}
