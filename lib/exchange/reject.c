/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* See reject.h. A line is complete or not there: each is written in one call, and closing syncs them. */
#include "exchange/reject.h"

#include "base/error.h"
#include "exchange/output.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

struct _CormRejectFile {
  int fd;
  char *path;
};

CormRejectFile *
corm_reject_file_open (const char *path, GError **error)
{
  g_autoptr (CormRejectFile) file = g_new0 (CormRejectFile, 1);
  file->path = g_strdup (path);
  file->fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file->fd >= 0)
    return g_steal_pointer (&file);
  if (errno == EEXIST)
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "the reject file %s is there already; remove it or name another", path);
  else
    corm_file_fail ("create reject file", path, error);
  return NULL;
}

static void
add_member (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value == NULL) {
    json_builder_add_null_value (builder);
    return;
  }
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  json_builder_add_string_value (builder, valid);
}

gboolean
corm_reject_file_add (CormRejectFile *file, const CormFault *fault, const CormKeyPart *parts, guint n_parts,
                      GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  add_member (builder, "table", fault->table);
  if (fault->line > 0) {
    json_builder_set_member_name (builder, "line");
    json_builder_add_int_value (builder, (gint64) fault->line);
  }
  json_builder_set_member_name (builder, "key");
  json_builder_begin_object (builder);
  for (guint i = 0; i < n_parts; i++)
    add_member (builder, parts[i].name, parts[i].value);
  json_builder_end_object (builder);
  add_member (builder, "column", fault->column);
  add_member (builder, "value", fault->value);
  add_member (builder, "reason", fault->reason);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, FALSE);
  g_autofree char *line = g_strconcat (json, "\n", NULL);
  gssize size = (gssize) strlen (line), n = write (file->fd, line, (gsize) size);
  if (n == size)
    return TRUE;
  errno = n >= 0 ? ENOSPC : errno; /* a part of it: the disk is full */
  return corm_file_fail ("write reject file", file->path, error);
}

gboolean
corm_reject_file_close (CormRejectFile *file, GError **error)
{
  gboolean done =
      fsync (file->fd) == 0 || errno == EINVAL || corm_file_fail ("sync reject file", file->path, error);
  corm_reject_file_free (file);
  return done;
}

void
corm_reject_file_free (CormRejectFile *file)
{
  if (file == NULL)
    return;
  if (file->fd >= 0)
    close (file->fd);
  g_free (file->path);
  g_free (file);
}

char *
corm_key_text (const CormKeyPart *parts, guint n_parts)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < n_parts; i++) {
    g_autofree char *quoted =
        parts[i].value != NULL ? corm_error_quote (parts[i].value, -1) : g_strdup ("NULL");
    g_string_append_printf (text, "%s%s = %s", i > 0 ? ", " : "", parts[i].name, quoted);
  }
  return g_string_free (text, FALSE);
}
