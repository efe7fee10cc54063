/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The reject file. A line is complete or not there: each is written in one call, and closing syncs them. */
#include "port/reject.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <unistd.h>

struct _CormRejects {
  int fd;
  char *path;
  guint64 most; /* 0: any number */
  GMutex mutex;
  guint64 n_rows;
};

static gboolean
fail (const CormRejects *rejects, const char *doing, GError **error)
{
  int why = errno;
  g_set_error (error, CORM_ERROR, why == ENOSPC ? CORM_ERROR_FULL : CORM_ERROR_FAILED,
               "%s reject file %s: %s", doing, rejects->path, g_strerror (why));
  return FALSE;
}

static gboolean
refuse_existing (const char *path, GError **error)
{
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the reject file %s is there already; remove it or name another", path);
  return FALSE;
}

CormRejects *
corm_rejects_new (const char *path, guint64 most, GError **error)
{
  if (g_file_test (path, G_FILE_TEST_EXISTS)) {
    refuse_existing (path, error);
    return NULL;
  }
  g_autofree char *folder = g_path_get_dirname (path);
  if (access (folder, W_OK | X_OK) != 0) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_DENIED, "the reject file %s can't be made: %s", path,
                 g_strerror (errno));
    return NULL;
  }
  CormRejects *rejects = g_new0 (CormRejects, 1);
  rejects->path = g_strdup (path);
  rejects->most = most;
  rejects->fd = -1;
  g_mutex_init (&rejects->mutex);
  return rejects;
}

int
corm_rejects_create (CormRejects *rejects, GError **error)
{
  if (rejects->fd >= 0)
    return rejects->fd;
  rejects->fd = open (rejects->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (rejects->fd < 0 && errno == EEXIST)
    refuse_existing (rejects->path, error);
  else if (rejects->fd < 0)
    fail (rejects, "create", error);
  return rejects->fd;
}

const char *
corm_rejects_get_path (const CormRejects *rejects)
{
  return rejects->path;
}

gboolean
corm_rejects_count (CormRejects *rejects, guint64 n, GError **error)
{
  g_mutex_lock (&rejects->mutex);
  rejects->n_rows += n;
  gboolean too_many = rejects->most > 0 && rejects->n_rows > rejects->most;
  g_mutex_unlock (&rejects->mutex);
  if (too_many)
    g_set_error (error, CORM_ERROR, CORM_ERROR_CONVERSION,
                 "more than %" G_GUINT64_FORMAT " rows do not fit; what they are is in %s: mend them in the "
                 "source, or let more be rejected",
                 rejects->most, rejects->path);
  return !too_many;
}

CormReject *
corm_reject_new (char *line)
{
  CormReject *reject = g_new0 (CormReject, 1);
  reject->line = line;
  return reject;
}

void
corm_reject_free (gpointer data)
{
  CormReject *reject = data;
  g_free (reject->line);
  g_free (reject);
}

gboolean
corm_rejects_any (CormRejects *rejects)
{
  g_mutex_lock (&rejects->mutex);
  gboolean any = rejects->n_rows > 0;
  g_mutex_unlock (&rejects->mutex);
  return any;
}

/* --- a line -------------------------------------------------------------------------------------------------- */

/* A text that JSON can't say as it is comes in hexadecimal, under a name that tells so. */
static void
add_member (JsonBuilder *builder, const char *name, const CormValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);
  if (value->is_null) {
    json_builder_set_member_name (builder, name);
    json_builder_add_null_value (builder);
    return;
  }
  corm_value_append_text (value, text);
  if (g_utf8_validate_len (text->str, text->len, NULL)) {
    json_builder_set_member_name (builder, name);
    json_builder_add_string_value (builder, text->str);
    return;
  }
  g_autofree char *hex_name = g_strconcat (name, "_hex", NULL);
  g_autoptr (GString) hex = g_string_new (NULL);
  for (gsize i = 0; i < text->len; i++)
    g_string_append_printf (hex, "%02x", (guint8) text->str[i]);
  json_builder_set_member_name (builder, hex_name);
  json_builder_add_string_value (builder, hex->str);
}

static void
add_columns (JsonBuilder *builder, const char *name, const CormPair *pair, const CormValue *row,
             const guint *columns, guint n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  for (guint k = 0; k < n; k++)
    add_member (builder, pair->source_columns[columns[k]]->name, &row[columns[k]]);
  json_builder_end_object (builder);
}

char *
corm_reject_columns_line (const CormPair *pair, const CormValue *row, const guint *columns, guint n,
                          guint64 number, const char *reason)
{
  const CormValue none = corm_value_null ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "table");
  json_builder_add_string_value (builder, pair->source->name);
  if (number > 0) {
    json_builder_set_member_name (builder, "row");
    json_builder_add_int_value (builder, (gint64) number);
  }
  add_columns (builder, "key", pair, row, pair->keys, pair->n_keys);
  json_builder_set_member_name (builder, "column");
  json_builder_add_string_value (builder, n == 1 ? pair->source_columns[columns[0]]->name : NULL);
  add_member (builder, "value", n == 1 ? &row[columns[0]] : &none);
  if (n > 1)
    add_columns (builder, "columns", pair, row, columns, n);
  json_builder_set_member_name (builder, "reason");
  g_autofree char *valid = g_utf8_make_valid (reason, -1);
  json_builder_add_string_value (builder, valid);
  json_builder_end_object (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

char *
corm_reject_line (const CormPair *pair, const CormValue *row, guint column, guint64 number,
                  const char *reason)
{
  return corm_reject_columns_line (pair, row, &column, 1, number, reason);
}

gboolean
corm_rejects_write (CormRejects *rejects, const char *line, GError **error)
{
  int fd = corm_rejects_create (rejects, error);
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  gsize size = strlen (whole);
  return fd >= 0 && (write (fd, whole, size) == (gssize) size || fail (rejects, "write", error));
}

gboolean
corm_rejects_close (CormRejects *rejects, GError **error)
{
  gboolean done = corm_rejects_create (rejects, error) >= 0 &&
                  (fsync (rejects->fd) == 0 || fail (rejects, "sync", error));
  corm_rejects_free (rejects);
  return done;
}

void
corm_rejects_free (CormRejects *rejects)
{
  if (rejects->fd >= 0)
    close (rejects->fd);
  g_mutex_clear (&rejects->mutex);
  g_free (rejects->path);
  g_free (rejects);
}
