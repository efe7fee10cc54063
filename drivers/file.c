/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The file that a database was opened on, to be known again. A process that has it open writes on where nobody will read: SQLite
 * looks itself, but not where it writes ahead. And SQLite finds a log by its name alone: beside a file that took the place of
 * another it would play the other's log into it. So all marks are kept in one list, by which opening can tell. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* statx() */
#endif
#include "dialects.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* An inode that is free is taken again, but not born again. */
typedef struct {
  guint64 device, number;
  gint64 born;
} Identity;

enum { LOG, INDEX, JOURNAL, N_BESIDE };
static const char *const endings[] = { "-wal", "-shm", "-journal" };

struct _CormFileMark {
  char *path; /* whole, as it was asked for: where links lead may change */
  char *real;
  char *beside[N_BESIDE];
  Identity file, log, index; /* number 0: there was none */
  gboolean is_open;
};

static GMutex mutex;
static GPtrArray *marks; /* of open files, and of those that were replaced and left a log */

static gboolean
identify (const char *path, Identity *id)
{
  struct statx info;
  *id = (Identity){ 0 };
  if (statx (AT_FDCWD, path, 0, STATX_INO | STATX_BTIME, &info) != 0)
    return FALSE;
  *id = (Identity){ .device = ((guint64) info.stx_dev_major << 32) | info.stx_dev_minor,
                    .number = info.stx_ino,
                    .born = info.stx_btime.tv_sec * G_GINT64_CONSTANT (1000000000) + info.stx_btime.tv_nsec };
  return TRUE;
}

static gboolean
is_same (const Identity *a, const Identity *b)
{
  return a->device == b->device && a->number == b->number && a->born == b->born;
}

/* What can't be looked at, for want of a right, may be there. */
static gboolean
is_at (const char *path, const Identity *id)
{
  Identity now;
  return identify (path, &now) ? is_same (&now, id) : errno != ENOENT && errno != ENOTDIR && errno != ESTALE;
}

static void
free_mark (gpointer data)
{
  CormFileMark *mark = data;
  free (mark->real);
  g_free (mark->path);
  for (guint i = 0; i < N_BESIDE; i++)
    g_free (mark->beside[i]);
  g_free (mark);
}

static void
before_fork (void)
{
  g_mutex_lock (&mutex);
}

static void
after_fork (void)
{
  g_mutex_unlock (&mutex);
}

/* A file that is new gets its log with what is written first. */
static void
note_log (CormFileMark *mark)
{
  Identity log, index;
  if (!identify (mark->beside[LOG], &log))
    return;
  identify (mark->beside[INDEX], &index);
  g_mutex_lock (&mutex); /* others look what is left of this file */
  mark->log = log;
  mark->index = index;
  g_mutex_unlock (&mutex);
}

/* What stands behind a link is not folded away: "link/.." is not here. */
static char *
make_whole (const char *path)
{
  g_autofree char *here = g_get_current_dir ();
  return g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (here, path, NULL);
}

CormFileMark *
corm_file_mark (const char *path)
{
  Identity file;
  char *real = realpath (path, NULL);
  if (real == NULL || !identify (real, &file)) {
    free (real);
    return NULL;
  }
  CormFileMark *mark = g_new0 (CormFileMark, 1);
  mark->path = make_whole (path);
  mark->real = real;
  for (guint i = 0; i < N_BESIDE; i++)
    mark->beside[i] = g_strconcat (real, endings[i], NULL);
  mark->file = file;
  note_log (mark);
  mark->is_open = TRUE;
  g_mutex_lock (&mutex);
  gboolean is_first = marks == NULL;
  if (is_first)
    marks = g_ptr_array_new_with_free_func (free_mark);
  g_ptr_array_add (marks, mark);
  g_mutex_unlock (&mutex);
  if (is_first)
    pthread_atfork (before_fork, after_fork, after_fork);
  return mark;
}

/* What is left of a file that is gone, to be found beside the next one of its name. */
static const char *
find_left (const CormFileMark *mark)
{
  Identity now;
  if (mark->log.number != 0 && identify (mark->beside[LOG], &now) && is_same (&now, &mark->log))
    return mark->beside[LOG];
  if (mark->index.number != 0 && identify (mark->beside[INDEX], &now) && is_same (&now, &mark->index))
    return mark->beside[INDEX];
  return mark->is_open && identify (mark->beside[JOURNAL], &now) ? mark->beside[JOURNAL] : NULL;
}

void
corm_file_unmark (CormFileMark *mark)
{
  if (mark == NULL)
    return;
  g_mutex_lock (&mutex);
  mark->is_open = FALSE;
  if (is_at (mark->real, &mark->file) || find_left (mark) == NULL)
    g_ptr_array_remove_fast (marks, mark);
  g_mutex_unlock (&mutex);
}

gboolean
corm_file_is_there (CormFileMark *mark)
{
  if (mark == NULL)
    return TRUE;
  if (!is_at (mark->path, &mark->file))
    return FALSE;
  if (mark->log.number == 0)
    note_log (mark);
  return TRUE;
}

gboolean
corm_file_has_log (const CormFileMark *mark)
{
  return mark != NULL && mark->log.number != 0;
}

void
corm_file_forget_log (CormFileMark *mark)
{
  g_mutex_lock (&mutex);
  mark->log = mark->index = (Identity){ 0 };
  g_mutex_unlock (&mutex);
}

gboolean
corm_file_is_log_there (const CormFileMark *mark)
{
  return !corm_file_has_log (mark) || is_at (mark->beside[LOG], &mark->log);
}

char *
corm_file_find_strange_log (const char *path)
{
  Identity file;
  char *found = NULL, *real = realpath (path, NULL);
  gboolean is_there = real != NULL && identify (real, &file);
  g_mutex_lock (&mutex);
  for (guint i = is_there && marks != NULL ? marks->len : 0; i-- > 0 && found == NULL;) {
    CormFileMark *mark = marks->pdata[i];
    if (strcmp (mark->real, real) != 0 || is_same (&mark->file, &file))
      continue;
    found = g_strdup (find_left (mark));
    if (found == NULL && !mark->is_open)
      g_ptr_array_remove_index_fast (marks, i);
  }
  g_mutex_unlock (&mutex);
  free (real);
  return found;
}

char *
corm_file_explain_strange_log (const char *log)
{
  const char *suffix = strrchr (log, '-');
  gboolean is_journal = strcmp (suffix, endings[JOURNAL]) == 0;
  return g_strdup_printf (
      "the file was replaced while it was open, and %s is of the one before: SQLite would write it into this "
      "one; %s",
      log,
      is_journal ? "end the transaction on the file before, and open again"
                 : "move what ends in -wal and -shm to the file that it belongs to, or away, and open again");
}
