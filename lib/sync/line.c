/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Lines of a message as JSON. A reader may be handed anything: what is not exactly of this form is refused, a member that is
 * not known too. Values are texts or null; a clock is 16 hexadecimal digits, which no reader of JSON rounds. */
#include "sync/line.h"

#include "value/json.h"

#include <json-glib/json-glib.h>
#include <string.h>

#define FORMAT 1
#define SEQ_MAX G_GINT64_CONSTANT (9007199254740991) /* 2^53 - 1: RFC 8259, 6 */

enum { NAME_MAX_BYTES = 255, CLOCK_DIGITS = 16, SUM_DIGITS = 64, MAX_VERSION = 1000000000 };

static const char *const op_names[] = {
  [CORM_SYNC_CREATE] = "create", [CORM_SYNC_SET] = "update", [CORM_SYNC_DELETE] = "delete"
};

CormSyncLine *
corm_sync_line_new (CormSyncLineKind kind)
{
  CormSyncLine *line = g_new0 (CormSyncLine, 1);
  line->kind = kind;
  line->columns = g_ptr_array_new_with_free_func (g_free);
  line->values = g_ptr_array_new_with_free_func (g_free);
  return line;
}

void
corm_sync_line_free (CormSyncLine *line)
{
  g_free (line->peer);
  g_strfreev (line->capabilities);
  g_clear_pointer (&line->have, g_hash_table_unref);
  g_clear_pointer (&line->from, g_hash_table_unref);
  g_free (line->table);
  g_free (line->row);
  g_free (line->sum);
  g_ptr_array_unref (line->columns);
  g_ptr_array_unref (line->values);
  g_free (line);
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static char *
clock_to_text (gint64 clock)
{
  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", (guint64) clock);
}

static JsonObject *
write_have (CormSyncHave *have)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GList) peers = g_list_sort (g_hash_table_get_keys (have), (GCompareFunc) strcmp);
  for (GList *l = peers; l != NULL; l = l->next)
    json_object_set_int_member (object, l->data, corm_sync_have_get (have, l->data).seq);
  return object;
}

/* Where they are known. */
static void
write_clocks (JsonObject *line, CormSyncHave *have)
{
  JsonObject *object = json_object_new ();
  g_autoptr (GList) peers = g_list_sort (g_hash_table_get_keys (have), (GCompareFunc) strcmp);
  for (GList *l = peers; l != NULL; l = l->next) {
    gint64 clock = corm_sync_have_get (have, l->data).clock;
    g_autofree char *text = clock_to_text (clock);
    if (clock > 0)
      json_object_set_string_member (object, l->data, text);
  }
  if (json_object_get_size (object) > 0)
    json_object_set_object_member (line, "clocks", object);
  else
    json_object_unref (object);
}

static void
write_hello (JsonObject *object, const CormSyncLine *line)
{
  JsonArray *capabilities = json_array_new ();
  for (guint i = 0; line->capabilities != NULL && line->capabilities[i] != NULL; i++)
    json_array_add_string_element (capabilities, line->capabilities[i]);
  json_object_set_int_member (object, "corm_sync", FORMAT);
  json_object_set_string_member (object, "peer", line->peer);
  json_object_set_int_member (object, "version", line->version);
  json_object_set_array_member (object, "capabilities", capabilities);
  json_object_set_object_member (object, "have", write_have (line->have));
  write_clocks (object, line->have);
}

static void
write_change (JsonObject *object, const CormSyncLine *line)
{
  g_autofree char *clock = clock_to_text (line->clock);
  json_object_set_string_member (object, "peer", line->peer);
  json_object_set_int_member (object, "seq", line->seq);
  json_object_set_string_member (object, "clock", clock);
  json_object_set_string_member (object, "table", line->table);
  json_object_set_string_member (object, "row", line->row);
  json_object_set_string_member (object, "op", op_names[line->op]);
  if (line->op == CORM_SYNC_DELETE)
    return;
  JsonObject *set = json_object_new ();
  for (guint i = 0; i < line->columns->len; i++) {
    if (line->values->pdata[i] != NULL)
      json_object_set_string_member (set, line->columns->pdata[i], line->values->pdata[i]);
    else
      json_object_set_null_member (set, line->columns->pdata[i]);
  }
  json_object_set_object_member (object, "set", set);
}

char *
corm_sync_line_to_text (const CormSyncLine *line)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  switch (line->kind) {
  case CORM_SYNC_HELLO:
    write_hello (object, line);
    break;
  case CORM_SYNC_CHANGE:
    write_change (object, line);
    break;
  case CORM_SYNC_END:
    json_object_set_int_member (object, "end", line->n_changes);
    json_object_set_object_member (object, "from", write_have (line->from));
    json_object_set_object_member (object, "to", write_have (line->have));
    write_clocks (object, line->have);
    if (line->sum != NULL)
      json_object_set_string_member (object, "sum", line->sum);
    break;
  }
  return json_to_string (root, FALSE);
}

void
corm_sync_line_sum (CormSyncLine *line, GChecksum *sum)
{
  g_clear_pointer (&line->sum, g_free);
  g_autofree char *text = corm_sync_line_to_text (line);
  g_checksum_update (sum, (const guchar *) text, -1);
  line->sum = g_strdup (g_checksum_get_string (sum));
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s", reason);
  return FALSE;
}

/* A member that has to be there, of a type that JsonNode knows. */
static JsonNode *
take (JsonObject *object, const char *name, GType type, GError **error)
{
  JsonNode *node = json_object_get_member (object, name);
  GType found = node == NULL                    ? G_TYPE_INVALID
                : JSON_NODE_HOLDS_VALUE (node)  ? json_node_get_value_type (node)
                : JSON_NODE_HOLDS_OBJECT (node) ? JSON_TYPE_OBJECT
                : JSON_NODE_HOLDS_ARRAY (node)  ? JSON_TYPE_ARRAY
                                                : G_TYPE_INVALID;
  if (found == type)
    return node;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               node == NULL ? "\"%s\" is missing" : "\"%s\" is of another type", name);
  return NULL;
}

static gboolean
take_number (JsonObject *object, const char *name, gint64 least, gint64 most, gint64 *number, GError **error)
{
  JsonNode *node = take (object, name, G_TYPE_INT64, error);
  if (node == NULL)
    return FALSE;
  *number = json_node_get_int (node);
  if (*number >= least && *number <= most)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "\"%s\" is out of range", name);
  return FALSE;
}

static gboolean
take_text (JsonObject *object, const char *name, glong most, char **text, GError **error)
{
  JsonNode *node = take (object, name, G_TYPE_STRING, error);
  if (node == NULL)
    return FALSE;
  *text = json_node_dup_string (node);
  if (**text != '\0' && g_utf8_strlen (*text, -1) <= most)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "\"%s\" is empty or too long", name);
  return FALSE;
}

/* A key may be the empty text. */
static gboolean
take_row (JsonObject *object, char **row, GError **error)
{
  JsonNode *node = take (object, "row", G_TYPE_STRING, error);
  if (node == NULL)
    return FALSE;
  *row = json_node_dup_string (node);
  return g_utf8_strlen (*row, -1) <= CORM_SYNC_KEY_CHARS || refuse (error, "\"row\" is too long");
}

/* A UUID as Corm writes it: another spelling of one would be another peer. */
static gboolean
is_peer (const char *text)
{
  CormUuid uuid;
  g_autofree char *same =
      strlen (text) == 36 && corm_uuid_parse (text, &uuid) ? corm_uuid_to_text (uuid) : NULL;
  return g_strcmp0 (same, text) == 0;
}

static gboolean
take_peer (JsonObject *object, char **peer, GError **error)
{
  return take_text (object, "peer", 36, peer, error) &&
         (is_peer (*peer) || refuse (error, "\"peer\" is no UUID"));
}

static CormSyncHave *
take_have (JsonObject *object, const char *name, GError **error)
{
  JsonNode *node = take (object, name, JSON_TYPE_OBJECT, error);
  if (node == NULL)
    return NULL;
  g_autoptr (GHashTable) have = corm_sync_have_new ();
  g_autoptr (GList) peers = json_object_get_members (json_node_get_object (node));
  for (GList *l = peers; l != NULL; l = l->next) {
    gint64 seq;
    if (!is_peer (l->data)) {
      g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "\"%s\" names a peer that is no UUID", name);
      return NULL;
    }
    if (!take_number (json_node_get_object (node), l->data, 0, SEQ_MAX, &seq, error))
      return NULL;
    corm_sync_have_set (have, l->data, seq, 0);
  }
  return g_steal_pointer (&have);
}

static gboolean
take_clock (JsonObject *object, const char *name, gint64 *clock, GError **error)
{
  g_autofree char *text = NULL;
  if (!take_text (object, name, CLOCK_DIGITS, &text, error))
    return FALSE;
  if (strlen (text) != CLOCK_DIGITS || strspn (text, "0123456789abcdef") != CLOCK_DIGITS || text[0] > '7')
    return refuse (error, "a clock is not 16 hexadecimal digits of a time");
  *clock = (gint64) g_ascii_strtoull (text, NULL, 16);
  return TRUE;
}

/* They may be missing: then nobody said. */
static gboolean
take_clocks (JsonObject *object, CormSyncHave *have, GError **error)
{
  if (!json_object_has_member (object, "clocks"))
    return TRUE;
  JsonNode *node = take (object, "clocks", JSON_TYPE_OBJECT, error);
  if (node == NULL)
    return FALSE;
  g_autoptr (GList) peers = json_object_get_members (json_node_get_object (node));
  for (GList *l = peers; l != NULL; l = l->next) {
    CormSyncPoint *point = g_hash_table_lookup (have, l->data);
    if (point == NULL)
      return refuse (error, "\"clocks\" names a peer of which nothing is had");
    if (!take_clock (json_node_get_object (node), l->data, &point->clock, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_capabilities (JsonObject *object, CormSyncLine *line, GError **error)
{
  JsonNode *node = take (object, "capabilities", JSON_TYPE_ARRAY, error);
  if (node == NULL)
    return FALSE;
  JsonArray *array = json_node_get_array (node);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
      return refuse (error, "a capability is no text");
    g_strv_builder_add (names, json_node_get_string (element));
  }
  line->capabilities = g_strv_builder_end (names);
  return TRUE;
}

static gboolean
read_hello (JsonObject *object, CormSyncLine *line, GError **error)
{
  gint64 format, version;
  if (!take_number (object, "corm_sync", G_MININT64, G_MAXINT64, &format, error))
    return FALSE;
  if (format != FORMAT)
    return refuse (error,
                   "\"corm_sync\" is not 1: a newer Corm has written this message; update this program");
  if (!take_peer (object, &line->peer, error) ||
      !take_number (object, "version", 0, MAX_VERSION, &version, error) ||
      !read_capabilities (object, line, error))
    return FALSE;
  line->version = (guint) version;
  line->have = take_have (object, "have", error);
  return line->have != NULL && take_clocks (object, line->have, error);
}

static gboolean
read_set (JsonObject *object, CormSyncLine *line, GError **error)
{
  JsonNode *node = take (object, "set", JSON_TYPE_OBJECT, error);
  if (node == NULL)
    return FALSE;
  g_autoptr (GList) columns = json_object_get_members (json_node_get_object (node));
  for (GList *l = columns; l != NULL; l = l->next) {
    JsonNode *value = json_object_get_member (json_node_get_object (node), l->data);
    gboolean is_text = JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING;
    if (!is_text && !JSON_NODE_HOLDS_NULL (value))
      return refuse (error, "a value in \"set\" is neither a text nor null");
    if (*(const char *) l->data == '\0' || strlen (l->data) > NAME_MAX_BYTES)
      return refuse (error, "a column's name in \"set\" is empty or too long");
    g_ptr_array_add (line->columns, g_strdup (l->data));
    g_ptr_array_add (line->values, is_text ? json_node_dup_string (value) : NULL);
  }
  return line->columns->len > 0 || line->op == CORM_SYNC_CREATE || refuse (error, "\"set\" is empty");
}

static gboolean
read_change (JsonObject *object, CormSyncLine *line, GError **error)
{
  g_autofree char *op = NULL;
  if (!take_peer (object, &line->peer, error) ||
      !take_number (object, "seq", 1, SEQ_MAX, &line->seq, error) ||
      !take_clock (object, "clock", &line->clock, error) ||
      !take_text (object, "table", NAME_MAX_BYTES, &line->table, error) ||
      !take_row (object, &line->row, error) || !take_text (object, "op", 6, &op, error))
    return FALSE;
  if (line->clock == 0)
    return refuse (error, "\"clock\" is 0");
  for (guint i = CORM_SYNC_CREATE; i <= CORM_SYNC_DELETE; i++)
    if (strcmp (op, op_names[i]) == 0)
      line->op = (CormSyncOp) i;
  if (line->op == 0)
    return refuse (error, "\"op\" is neither create, update nor delete");
  return line->op == CORM_SYNC_DELETE || read_set (object, line, error);
}

static gboolean
read_end (JsonObject *object, CormSyncLine *line, GError **error)
{
  if (!take_number (object, "end", 0, SEQ_MAX, &line->n_changes, error))
    return FALSE;
  line->from = take_have (object, "from", error);
  line->have = line->from != NULL ? take_have (object, "to", error) : NULL;
  return line->have != NULL && take_clocks (object, line->have, error) &&
         (!json_object_has_member (object, "sum") ||
          take_text (object, "sum", SUM_DIGITS, &line->sum, error));
}

static gboolean
check_names (JsonObject *object, CormSyncLineKind kind, CormSyncOp op, GError **error)
{
  static const char *const names[] = { "corm_sync peer version capabilities have clocks",
                                       "peer seq clock table row op set", "end from to clocks sum" };
  g_auto (GStrv) known = g_strsplit (names[kind], " ", -1);
  g_autoptr (GList) members = json_object_get_members (object);
  for (GList *l = members; l != NULL; l = l->next) {
    if (g_strv_contains ((const char *const *) known, l->data) &&
        !(op == CORM_SYNC_DELETE && strcmp (l->data, "set") == 0))
      continue;
    g_autofree char *shown = g_strescape (l->data, NULL);
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "\"%.60s\" is unknown here", shown);
    return FALSE;
  }
  return TRUE;
}

/* An escaped NUL, which a C string would end at. */
static gboolean
has_nul (const char *text, gsize size)
{
  for (gsize i = 0; i + 5 < size; i++) {
    if (text[i] != '\\')
      continue;
    if (memcmp (text + i + 1, "u0000", 5) == 0)
      return TRUE;
    i++;
  }
  return FALSE;
}

static gboolean
read_object (JsonObject *object, CormSyncLine *line, GError **error)
{
  line->kind = json_object_has_member (object, "corm_sync") ? CORM_SYNC_HELLO
               : json_object_has_member (object, "end")     ? CORM_SYNC_END
                                                            : CORM_SYNC_CHANGE;
  gboolean ok = line->kind == CORM_SYNC_HELLO ? read_hello (object, line, error)
                : line->kind == CORM_SYNC_END ? read_end (object, line, error)
                                              : read_change (object, line, error);
  return ok && check_names (object, line->kind, line->op, error);
}

CormSyncLine *
corm_sync_line_parse (const char *text, gsize size, GError **error)
{
  const char *reason;
  gsize at;
  if (!corm_json_check (text, size, &reason, &at)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "no JSON: %s, at byte %" G_GSIZE_FORMAT, reason, at);
    return NULL;
  }
  if (has_nul (text, size)) {
    refuse (error, "a text has a NUL in it");
    return NULL;
  }
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) size, NULL) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))) {
    refuse (error, "the line is no JSON object");
    return NULL;
  }
  g_autoptr (CormSyncLine) line = corm_sync_line_new (CORM_SYNC_CHANGE);
  if (!read_object (json_node_get_object (json_parser_get_root (parser)), line, error))
    return NULL;
  return g_steal_pointer (&line);
}
