/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Folders of migrations that a test writes. */
#pragma once

#include <glib/gstdio.h>

#include <corm/corm.h>

/* An empty folder in that of the program; free with g_free(). */
static inline char *
folder_new (void)
{
  const char *parent = g_getenv ("CORM_TEST_TMP");
  char *path = g_build_filename (parent != NULL ? parent : g_get_tmp_dir (), "migrations-XXXXXX", NULL);
  if (g_mkdtemp (path) == NULL)
    g_error ("%s cannot be made", path);
  return path;
}

static inline void
folder_write_size (const char *folder, const char *name, const char *text, gssize size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (!g_file_set_contents (path, text, size, &error))
    g_error ("%s", error->message);
}

static inline void
folder_write (const char *folder, const char *name, const char *text)
{
  folder_write_size (folder, name, text, -1);
}

static inline void
folder_remove (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (g_unlink (path) != 0)
    g_error ("%s cannot be removed", path);
}

/* With all that is in it; frees @folder. */
static inline void
folder_free (char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (entries); name != NULL; name = g_dir_read_name (entries)) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_unlink (path);
  }
  g_rmdir (folder);
  g_free (folder);
}
