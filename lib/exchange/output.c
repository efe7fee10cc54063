/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Writing beside, syncing, renaming: under the final name there is the old file, or the new one whole. */
#include "exchange/output.h"

#include <corm/error.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE 65536

struct _CormOutput {
  int fd;
  char *path;      /* as it is called in messages, and in the end */
  char *temporary; /* where it is until then; NULL: it is written to directly */
  gboolean is_new; /* to be removed when it does not become whole */
  int failed;      /* errno of the first failure */
  gsize used;
  char buffer[BUFFER_SIZE];
};

gboolean
corm_file_fail (const char *doing, const char *path, GError **error)
{
  int why = errno;
  CormError code = why == ENOSPC || why == EDQUOT || why == EFBIG  ? CORM_ERROR_FULL
                   : why == EACCES || why == EPERM || why == EROFS ? CORM_ERROR_DENIED
                   : why == ENOENT                                 ? CORM_ERROR_NOT_FOUND
                                                                   : CORM_ERROR_FAILED;
  g_set_error (error, CORM_ERROR, code, "%s %s: %s%s", doing, path, g_strerror (why),
               code == CORM_ERROR_FULL ? "; make room, or name a place that has some" : "");
  return FALSE;
}

static CormOutput *
output_new (const char *path)
{
  CormOutput *output = g_new0 (CormOutput, 1);
  output->fd = -1;
  output->path = g_strdup (path);
  return output;
}

static char *
temporary_name (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *hidden = g_strdup_printf (".%.200s.XXXXXX", name);
  return g_build_filename (folder, hidden, NULL);
}

/* A link stays what it is: the file that it leads to is replaced. */
static gboolean
open_beside (CormOutput *output, gboolean exists, GError **error)
{
  char *real = exists ? realpath (output->path, NULL) : NULL;
  g_autofree char *final = g_strdup (real != NULL ? real : output->path);
  free (real);
  output->temporary = temporary_name (final);
  output->fd = g_mkstemp_full (output->temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (output->fd < 0)
    return corm_file_fail ("create", output->path, error);
  g_free (output->path);
  output->path = g_steal_pointer (&final);
  output->is_new = TRUE;
  return TRUE;
}

CormOutput *
corm_output_open (const char *path, GError **error)
{
  struct stat about;
  g_autoptr (CormOutput) output = output_new (path);
  if (strcmp (path, "-") == 0) {
    output->fd = dup (STDOUT_FILENO);
    return output->fd >= 0 || corm_file_fail ("write to", "standard output", error)
               ? g_steal_pointer (&output)
               : NULL;
  }
  gboolean exists = stat (path, &about) == 0;
  if (exists && S_ISDIR (about.st_mode)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s is a folder; name a file", path);
    return NULL;
  }
  if (!exists || S_ISREG (about.st_mode))
    return open_beside (output, exists, error) ? g_steal_pointer (&output) : NULL;
  output->fd = open (path, O_WRONLY | O_CLOEXEC);
  return output->fd >= 0 || corm_file_fail ("write to", path, error) ? g_steal_pointer (&output) : NULL;
}

CormOutput *
corm_output_create (const char *path, GError **error)
{
  g_autoptr (CormOutput) output = output_new (path);
  output->fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (output->fd < 0) {
    corm_file_fail ("create", path, error);
    return NULL;
  }
  output->is_new = TRUE;
  return g_steal_pointer (&output);
}

static void
send_all (CormOutput *output, const char *bytes, gsize size)
{
  while (size > 0 && output->failed == 0) {
    gssize n = write (output->fd, bytes, size);
    if (n < 0 && errno != EINTR)
      output->failed = errno;
    if (n > 0) {
      bytes += n;
      size -= (gsize) n;
    }
  }
}

static void
flush (CormOutput *output)
{
  send_all (output, output->buffer, output->used);
  output->used = 0;
}

void
corm_output_write (CormOutput *output, const char *bytes, gsize size)
{
  if (size > BUFFER_SIZE - output->used)
    flush (output);
  if (size > BUFFER_SIZE) {
    send_all (output, bytes, size);
    return;
  }
  memcpy (output->buffer + output->used, bytes, size);
  output->used += size;
}

void
corm_output_print (CormOutput *output, const char *text)
{
  corm_output_write (output, text, strlen (text));
}

gboolean
corm_output_check (CormOutput *output, GError **error)
{
  if (output->failed == 0)
    return TRUE;
  errno = output->failed;
  return corm_file_fail ("write", output->path, error);
}

/* Devices and pipes cannot be synced. */
static gboolean
sync_file (int fd, const char *path, GError **error)
{
  return fsync (fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS ||
         corm_file_fail ("sync", path, error);
}

static gboolean
sync_folder (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 ? sync_file (fd, path, error) : corm_file_fail ("open", path, error);
  if (fd >= 0)
    close (fd);
  return ok;
}

gboolean
corm_output_close (CormOutput *self, GError **error)
{
  g_autoptr (CormOutput) output = self;
  flush (output);
  if (!corm_output_check (output, error) || !sync_file (output->fd, output->path, error))
    return FALSE;
  int fd = output->fd;
  output->fd = -1;
  if (close (fd) != 0)
    return corm_file_fail ("write", output->path, error);
  if (output->temporary != NULL && rename (output->temporary, output->path) != 0)
    return corm_file_fail ("rename to", output->path, error);
  output->is_new = FALSE;
  if (output->temporary == NULL)
    return TRUE;
  g_autofree char *folder = g_path_get_dirname (output->path);
  return sync_folder (folder, error);
}

void
corm_output_free (CormOutput *output)
{
  if (output == NULL)
    return;
  if (output->fd >= 0)
    close (output->fd);
  if (output->is_new)
    g_unlink (output->temporary != NULL ? output->temporary : output->path);
  g_free (output->temporary);
  g_free (output->path);
  g_free (output);
}

/* --- a folder of files ---------------------------------------------------------------------------------------- */

struct _CormFolder {
  char *path;
  char *temporary; /* NULL: it has its name */
  GPtrArray *files;
};

/* A folder that is there must have nothing in it; rename() puts the new one in its place. */
static gboolean
check_empty (const char *path, GError **error)
{
  g_autoptr (GDir) dir = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
                 "%s is a file; a CSV export is a folder: name another", path);
    return FALSE;
  }
  dir = g_dir_open (path, 0, NULL);
  if (dir != NULL && g_dir_read_name (dir) == NULL)
    return TRUE;
  g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID,
               "the folder %s is there already and not empty; remove it or name another", path);
  return FALSE;
}

CormFolder *
corm_folder_new (const char *path, GError **error)
{
  g_autofree char *bare = g_strdup (path);
  while (strlen (bare) > 1 && g_str_has_suffix (bare, "/"))
    bare[strlen (bare) - 1] = '\0';
  if (!check_empty (bare, error))
    return NULL;
  CormFolder *folder = g_new0 (CormFolder, 1);
  folder->path = g_steal_pointer (&bare);
  folder->files = g_ptr_array_new_with_free_func (g_free);
  folder->temporary = temporary_name (folder->path);
  if (g_mkdtemp_full (folder->temporary, 0777) != NULL)
    return folder;
  corm_file_fail ("create", folder->path, error);
  g_clear_pointer (&folder->temporary, g_free);
  corm_folder_free (folder);
  return NULL;
}

CormOutput *
corm_folder_add (CormFolder *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder->temporary, name, NULL);
  CormOutput *output = corm_output_create (path, error);
  if (output != NULL)
    g_ptr_array_add (folder->files, g_steal_pointer (&path));
  return output;
}

gboolean
corm_folder_close (CormFolder *self, GError **error)
{
  g_autoptr (CormFolder) folder = self;
  if (!sync_folder (folder->temporary, error))
    return FALSE;
  if (rename (folder->temporary, folder->path) != 0)
    return corm_file_fail ("rename to", folder->path, error);
  g_clear_pointer (&folder->temporary, g_free);
  g_autofree char *above = g_path_get_dirname (folder->path);
  return sync_folder (above, error);
}

void
corm_folder_free (CormFolder *folder)
{
  if (folder == NULL)
    return;
  for (guint i = 0; folder->temporary != NULL && i < folder->files->len; i++)
    g_unlink (folder->files->pdata[i]);
  if (folder->temporary != NULL)
    g_rmdir (folder->temporary);
  g_ptr_array_unref (folder->files);
  g_free (folder->temporary);
  g_free (folder->path);
  g_free (folder);
}
