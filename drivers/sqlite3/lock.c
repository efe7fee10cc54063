/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The migrator's lock: the kernel's lock on a file beside the database, FILE-corm-lock. It ends with the process, however
 * that ends, so that nobody has to guess by a clock whether a holder is still alive. It asks no more of the folder than
 * SQLite's own journal does, and no more of a network's file system than SQLite's own locks.
 * Invariant: the file goes while it is locked, so that who gets the lock looks whether the name still means this file. */
#include "../dialects.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LABEL_MAX = 300 };

typedef struct {
  char *path;
  int fd; /* -1: a database in memory, which nobody else can reach */
} Lock;

/* NULL: no file. */
static gboolean
find_path (CormConnection *conn, char **path, struct stat *info, GError **error)
{
  *path = NULL;
  g_autoptr (CormCursor) cursor =
      corm_query (conn, "SELECT file FROM pragma_database_list WHERE name = 'main'", NULL, error);
  GError *local = NULL;
  if (cursor == NULL)
    return FALSE;
  if (corm_cursor_next (cursor, &local)) {
    const CormValue *file = corm_cursor_get_value (cursor, 0);
    if (!file->is_null && file->size > 0)
      *path = g_strndup (file->data, file->size);
  }
  if (local != NULL) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (*path != NULL && stat (*path, info) != 0)
    info->st_mode = 0666;
  return TRUE;
}

static gboolean
fail (const char *path, const char *what, int reason, GError **error)
{
  gboolean denied = reason == EACCES || reason == EROFS || reason == EPERM;
  g_set_error (error, CORM_ERROR,
               denied             ? CORM_ERROR_DENIED
               : reason == ENOSPC ? CORM_ERROR_FULL
                                  : CORM_ERROR_FAILED,
               "%s %s: %s%s", what, path, g_strerror (reason),
               denied ? "; a migration writes into the folder of the database, as SQLite's journal does"
                      : "");
  return FALSE;
}

/* The name still means the file that is open. */
static gboolean
is_same (int fd, const char *path)
{
  struct stat mine, named;
  return fstat (fd, &mine) == 0 && stat (path, &named) == 0 && mine.st_ino == named.st_ino &&
         mine.st_dev == named.st_dev;
}

static char *
read_label (int fd)
{
  char text[LABEL_MAX + 1];
  ssize_t size = pread (fd, text, LABEL_MAX, 0);
  return size > 0 ? g_utf8_make_valid (text, size) : NULL;
}

static void
write_label (int fd, const char *label)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *since = g_date_time_format (now, "%Y-%m-%d %H:%M:%S +00");
  g_autofree char *text = g_strdup_printf ("%s, since %s", label, since);
  gsize size = MIN (strlen (text), (gsize) LABEL_MAX);
  if (ftruncate (fd, 0) != 0 || pwrite (fd, text, size, 0) != (ssize_t) size)
    g_debug ("the lock's file has no label: %s", g_strerror (errno));
}

/* Locks the file that @path means: 1 when got, 0 when somebody has it, -1: error. */
static int
try_file (const char *path, mode_t mode, int *fd, char **holder, GError **error)
{
  for (;;) {
    *fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    if (*fd < 0) {
      fail (path, "make the lock's file", errno, error);
      return -1;
    }
    if (flock (*fd, LOCK_EX | LOCK_NB) != 0) {
      int reason = errno;
      *holder = read_label (*fd);
      close (*fd);
      if (reason == EWOULDBLOCK || reason == EINTR)
        return 0;
      fail (path, "lock", reason, error);
      return -1;
    }
    if (is_same (*fd, path))
      return 1;
    close (*fd); /* its last holder removed it between our two calls */
  }
}

gpointer
corm_sqlite3_lock_try (CormConnection *conn, const char *label, char **holder, GError **error)
{
  struct stat info;
  g_autofree char *database = NULL;
  *holder = NULL;
  if (!find_path (conn, &database, &info, error))
    return NULL;
  Lock *lock = g_new0 (Lock, 1);
  lock->fd = -1;
  if (database == NULL)
    return lock;
  lock->path = g_strconcat (database, "-corm-lock", NULL);
  if (try_file (lock->path, info.st_mode & 0666, &lock->fd, holder, error) != 1) {
    g_free (lock->path);
    g_free (lock);
    return NULL;
  }
  write_label (lock->fd, label);
  return lock;
}

gboolean
corm_sqlite3_lock_check (gpointer data)
{
  const Lock *lock = data;
  return lock->fd < 0 || is_same (lock->fd, lock->path);
}

void
corm_sqlite3_lock_free (gpointer data)
{
  Lock *lock = data;
  if (lock->fd >= 0) {
    if (is_same (lock->fd, lock->path))
      unlink (lock->path);
    close (lock->fd);
  }
  g_free (lock->path);
  g_free (lock);
}
