/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The reject file. A line is complete or not there: each is written in one call, and closing syncs them. */
#include "port/reject.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <unistd.h>

struct _CormRejects {
  int fd;
  char *path;
};

static gboolean
fail (const CormRejects *rejects, const char *doing, GError **error)
{
  int why = errno;
  g_set_error (error, CORM_ERROR, why == ENOSPC ? CORM_ERROR_FULL : CORM_ERROR_FAILED,
               "%s reject file %s: %s", doing, rejects->path, g_strerror (why));
  return FALSE;
}

CormRejects *
corm_rejects_open (const char *path, GError **error)
{
  g_autoptr (CormRejects) rejects = g_new0 (CormRejects, 1);
  rejects->path = g_strdup (path);
  rejects->fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (rejects->fd >= 0)
    return g_steal_pointer (&rejects);
  if (errno == EEXIST)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the reject file %s is there already; remove it or name another", path);
  else
    fail (rejects, "create", error);
  return NULL;
}

static void
add_member (JsonBuilder *builder, const char *name, const CormValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  json_builder_set_member_name (builder, name);
  if (value->is_null) {
    json_builder_add_null_value (builder);
    return;
  }
  corm_value_append_text (value, text);
  g_autofree char *valid = g_utf8_make_valid (text->str, (gssize) text->len);
  json_builder_add_string_value (builder, valid);
}

gboolean
corm_rejects_add (CormRejects *rejects, const CormPair *pair, const CormValue *row, guint column,
                  guint64 number, const char *reason, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "table");
  json_builder_add_string_value (builder, pair->source->name);
  json_builder_set_member_name (builder, "row");
  json_builder_add_int_value (builder, (gint64) number);
  json_builder_set_member_name (builder, "key");
  json_builder_begin_object (builder);
  for (guint k = 0; k < pair->n_keys; k++)
    add_member (builder, pair->source_columns[pair->keys[k]]->name, &row[pair->keys[k]]);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "column");
  json_builder_add_string_value (builder, pair->source_columns[column]->name);
  add_member (builder, "value", &row[column]);
  json_builder_set_member_name (builder, "reason");
  json_builder_add_string_value (builder, reason);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, FALSE);
  g_autofree char *line = g_strconcat (json, "\n", NULL);
  gsize size = strlen (line);
  return write (rejects->fd, line, size) == (gssize) size || fail (rejects, "write", error);
}

gboolean
corm_rejects_close (CormRejects *rejects, GError **error)
{
  gboolean done = fsync (rejects->fd) == 0 || fail (rejects, "sync", error);
  corm_rejects_free (rejects);
  return done;
}

void
corm_rejects_free (CormRejects *rejects)
{
  if (rejects->fd >= 0)
    close (rejects->fd);
  g_free (rejects->path);
  g_free (rejects);
}
