/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The file that a database was opened on, to be known again. A process that has it open writes on where nobody will read: SQLite
 * looks itself, but not where it writes ahead. */
#include "dialects.h"

#include <string.h>
#include <sys/stat.h>

CormFileMark *
corm_file_mark (const char *path)
{
  struct stat info;
  if (path == NULL || stat (path, &info) != 0)
    return NULL;
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  gsize size = strlen (whole) + 1;
  CormFileMark *mark = g_malloc (sizeof *mark + size);
  mark->device = info.st_dev;
  mark->number = info.st_ino;
  memcpy (mark->path, whole, size);
  return mark;
}

gboolean
corm_file_is_there (const CormFileMark *mark)
{
  struct stat info;
  return mark == NULL ||
         (stat (mark->path, &info) == 0 && mark->device == info.st_dev && mark->number == info.st_ino);
}
