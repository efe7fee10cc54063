/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See done.h. The first line names what is compared; a line that a kill has cut is as if it had not been written. */
#include "port/done.h"

#include "base/error.h"
#include "port/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

struct _CormDone {
  int fd;
  char *path;
  GHashTable *tables; /* name -> JsonNode */
};

void
corm_done_free (CormDone *done)
{
  if (done->fd >= 0)
    close (done->fd);
  g_free (done->path);
  g_hash_table_unref (done->tables);
  g_free (done);
}

static gboolean
write_line (CormDone *done, JsonBuilder *builder, GError **error)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, FALSE), *line = g_strconcat (json, "\n", NULL);
  gsize size = strlen (line);
  if (write (done->fd, line, size) == (gssize) size && fsync (done->fd) == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, errno == ENOSPC ? CORM_ERROR_FULL : CORM_ERROR_FAILED,
               "write state file %s: %s", done->path, g_strerror (errno));
  return FALSE;
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

/* What the first line has to say. */
static char *
describe (const CormPortOptions *options, CormDb *source, CormDb *target)
{
  return g_strdup_printf ("%s %s sample %g keys %" G_GINT64_FORMAT "..%" G_GINT64_FORMAT,
                          corm_db_get_uri (source), corm_db_get_uri (target), options->sample,
                          options->has_keys ? options->key_from : 0,
                          options->has_keys ? options->key_until : 0);
}

static const char *
get_string (JsonNode *node, const char *name)
{
  JsonObject *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  return object != NULL ? json_object_get_string_member_with_default (object, name, NULL) : NULL;
}

static gboolean
check_first (const CormDone *done, const char *line, const char *wanted, gboolean restart, GError **error)
{
  g_autoptr (JsonNode) first = line != NULL ? json_from_string (line, NULL) : NULL;
  const char *is = get_string (first, "verify");
  if (restart ? is != NULL : g_strcmp0 (is, wanted) == 0)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "%s is not the state of %s comparison%s; remove it or name another file", done->path,
               restart ? "a" : "this", restart ? "" : " (of the same databases, sample and keys)");
  return FALSE;
}

static void
read_tables (CormDone *done, char **lines)
{
  for (; *lines != NULL; lines++) {
    JsonNode *node = json_from_string (*lines, NULL);
    const char *table = get_string (node, "table");
    if (table != NULL && get_string (node, "hash") != NULL) {
      g_hash_table_insert (done->tables, g_strdup (table), json_node_ref (node));
    } else if (table != NULL)
      g_hash_table_remove (done->tables, table);
    g_clear_pointer (&node, json_node_unref);
  }
}

/* Since when the oldest of the tables counts as equal. */
static void
note_tables (const CormDone *done, CormPortReport *report)
{
  GHashTableIter all;
  gpointer node = NULL;
  const char *oldest = NULL;
  g_hash_table_iter_init (&all, done->tables);
  while (g_hash_table_iter_next (&all, NULL, &node)) {
    const char *when = get_string (node, "when");
    if (when != NULL && (oldest == NULL || strcmp (when, oldest) < 0))
      oldest = when;
  }
  g_ptr_array_add (
      report->notes,
      g_strdup_printf ("%u tables were found equal before, by %s%s%s: their rows are counted now, not "
                       "read; restart reads all of them",
                       g_hash_table_size (done->tables), done->path, oldest != NULL ? ", the first at " : "",
                       oldest != NULL ? oldest : ""));
}

static gboolean
begin (CormDone *done, const char *wanted, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_string (builder, "verify", wanted);
  json_builder_end_object (builder);
  return write_line (done, builder, error);
}

CormDone *
corm_done_open (const CormPortOptions *options, CormDb *source, CormDb *target, CormPortReport *report,
                GError **error)
{
  g_autofree char *text = NULL, *wanted = describe (options, source, target);
  g_autoptr (CormDone) done = g_new0 (CormDone, 1);
  done->fd = -1;
  done->path = g_strdup (options->state);
  done->tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_node_unref);
  gboolean is_there = g_file_get_contents (options->state, &text, NULL, NULL) && *text != '\0';
  g_auto (GStrv) lines = is_there ? g_strsplit (text, "\n", -1) : NULL;
  if (is_there && !check_first (done, lines[0], wanted, options->restart, error))
    return NULL;
  done->fd = open (options->state,
                   O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (options->restart ? O_TRUNC : 0), 0666);
  if (done->fd < 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "open state file %s: %s", options->state,
                 g_strerror (errno));
    return NULL;
  }
  if (!is_there || options->restart)
    return begin (done, wanted, error) ? g_steal_pointer (&done) : NULL;
  read_tables (done, lines + 1);
  note_tables (done, report);
  return text[strlen (text) - 1] == '\n' || write (done->fd, "\n", 1) == 1 ? g_steal_pointer (&done) : NULL;
}

gboolean
corm_done_has (const CormDone *done, const char *table)
{
  return g_hash_table_contains (done->tables, table);
}

static guint64
get_int (JsonNode *node, const char *name)
{
  return (guint64) json_object_get_int_member_with_default (json_node_get_object (node), name, -1);
}

gboolean
corm_done_recall (const CormDone *done, const char *table, const guint64 counts[2], CormPortReport *report)
{
  JsonNode *node = g_hash_table_lookup (done->tables, table);
  const char *hash = get_string (node, "hash");
  if (hash == NULL || strlen (hash) != 32 || get_int (node, "source_count") != counts[0] ||
      get_int (node, "target_count") != counts[1])
    return FALSE;
  CormTableReport *recalled = corm_port_report_add (report, table);
  recalled->source_rows = recalled->target_rows = get_int (node, "rows");
  for (guint i = 0; i < 16; i++)
    recalled->source_hash[i] = recalled->target_hash[i] =
        (guint8) (g_ascii_xdigit_value (hash[2 * i]) << 4 | g_ascii_xdigit_value (hash[2 * i + 1]));
  recalled->verified = recalled->equal = TRUE;
  return TRUE;
}

/* A line without a hash takes back what one before it said. */
gboolean
corm_done_add (CormDone *done, const CormTableReport *table, const guint64 counts[2], GError **error)
{
  if (!table->equal && !corm_done_has (done, table->table))
    return TRUE;
  g_autoptr (GString) hash = g_string_new (NULL);
  g_autofree char *when = corm_timestamp_to_text (corm_timestamp_now ());
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  for (guint i = 0; i < 16; i++)
    g_string_append_printf (hash, "%02x", table->source_hash[i]);
  json_builder_begin_object (builder);
  add_string (builder, "table", table->table);
  add_int (builder, "rows", table->source_rows);
  if (table->equal)
    add_string (builder, "hash", hash->str);
  add_int (builder, "source_count", counts[0]);
  add_int (builder, "target_count", counts[1]);
  add_string (builder, "when", when);
  json_builder_end_object (builder);
  return write_line (done, builder, error);
}
