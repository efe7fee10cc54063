/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Branches of a folder. Two files are roots of branches when they have one version, or name the same one behind corm:after;
 * what names a file of a branch belongs to it too. */
#include "merge.h"

#include <corm/corm.h>
#include <glib/gstdio.h>
#include <string.h>

static void
file_free (gpointer data)
{
  MergeFile *file = data;
  g_free (file->file);
  g_free (file->version);
  g_free (file->name);
  g_free (file->after);
  g_free (file->text);
  g_free (file);
}

void
merge_folder_free (MergeFolder *folder)
{
  GPtrArray *arrays[] = { folder->base, folder->one, folder->other, folder->behind, folder->all };
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_ptr_array_unref (arrays[i]);
  g_free (folder);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static guint64
number (const char *version)
{
  return g_ascii_strtoull (version, NULL, 10);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const MergeFile *x = *(const MergeFile *const *) a, *y = *(const MergeFile *const *) b;
  guint64 m = number (x->version), n = number (y->version);
  return m != n ? (m > n) - (m < n) : strcmp (x->file, y->file);
}

static char *
read_after (const char *text)
{
  g_autoptr (GRegex) line =
      g_regex_new ("^[ \\t]*--[ \\t]*corm:after[ \\t]+(\\S+)", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  return g_regex_match (line, text, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

static gboolean
read_file (MergeFolder *folder, const char *dir, const char *name, GError **error)
{
  gsize digits = strspn (name, "0123456789");
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) why = NULL;
  if (digits == 0 || name[digits] != '_' || !g_file_get_contents (path, &text, NULL, &why)) {
    g_set_error (error, CORM_ERROR, CORM_ERROR_INVALID, "%s: %s", path,
                 why != NULL ? why->message : "merge knows files of the form NUMBER_name.sql");
    return FALSE;
  }
  MergeFile *file = g_new0 (MergeFile, 1);
  file->file = g_strdup (name);
  file->version = g_strndup (name, digits);
  file->name = g_strdup (name + digits + 1);
  file->after = read_after (text);
  file->text = g_steal_pointer (&text);
  g_ptr_array_add (folder->all, file);
  return TRUE;
}

MergeFolder *
merge_folder_read (const char *dir, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) entries = g_dir_open (dir, 0, &why);
  if (entries == NULL) {
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_INVALID, why->message);
    return NULL;
  }
  g_autoptr (MergeFolder) folder = g_new0 (MergeFolder, 1);
  folder->all = g_ptr_array_new_with_free_func (file_free);
  folder->base = g_ptr_array_new ();
  folder->one = g_ptr_array_new ();
  folder->other = g_ptr_array_new ();
  folder->behind = g_ptr_array_new ();
  for (const char *name = g_dir_read_name (entries); name != NULL; name = g_dir_read_name (entries))
    if (name[0] != '.' && g_str_has_suffix (name, ".sql") && !read_file (folder, dir, name, error))
      return NULL;
  g_ptr_array_sort (folder->all, compare);
  return g_steal_pointer (&folder);
}

/* --- branches ---------------------------------------------------------------------------------------------------- */

static gboolean
are_roots (const MergeFile *a, const MergeFile *b)
{
  if (number (a->version) == number (b->version))
    return TRUE;
  return a->after != NULL && b->after != NULL && number (a->after) == number (b->after);
}

static gboolean
find_roots (const MergeFolder *folder, MergeFile **one, MergeFile **other)
{
  for (guint i = 0; i < folder->all->len; i++)
    for (guint j = i + 1; j < folder->all->len; j++) {
      *one = folder->all->pdata[i];
      *other = folder->all->pdata[j];
      if (are_roots (*one, *other))
        return TRUE;
    }
  return FALSE;
}

/* It follows the newest of @branch, and not the newest of the others that has the same version. */
static gboolean
follows (const MergeFile *file, const GPtrArray *branch)
{
  const MergeFile *last = branch->pdata[branch->len - 1];
  return file->after != NULL && number (file->after) == number (last->version);
}

gboolean
merge_folder_find (MergeFolder *folder)
{
  MergeFile *one, *other;
  if (!find_roots (folder, &one, &other))
    return FALSE;
  g_ptr_array_add (folder->one, one);
  g_ptr_array_add (folder->other, other);
  for (guint i = 0; i < folder->all->len; i++) {
    MergeFile *file = folder->all->pdata[i];
    if (file == one || file == other)
      continue;
    if (number (file->version) < number (one->version))
      g_ptr_array_add (folder->base, file);
    else if (follows (file, folder->one))
      g_ptr_array_add (folder->one, file);
    else if (follows (file, folder->other))
      g_ptr_array_add (folder->other, file);
    else
      g_ptr_array_add (folder->behind, file);
  }
  return TRUE;
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

/* @after NULL: the line goes. */
static char *
set_after (const char *text, const char *after)
{
  g_autoptr (GRegex) line =
      g_regex_new ("^[ \\t]*--[ \\t]*corm:after[ \\t]+\\S+[ \\t]*\\r?\\n", G_REGEX_MULTILINE, 0, NULL);
  g_autofree char *bare = g_regex_replace_literal (line, text, -1, 0, "", 0, NULL);
  return after != NULL ? g_strdup_printf ("-- corm:after %s\n%s", after, bare) : g_steal_pointer (&bare);
}

static gboolean
write_file (const char *dir, const char *version, const MergeFile *file, const char *after, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s_%s", version, file->name);
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autofree char *text = set_after (file->text, after);
  g_autoptr (GError) why = NULL;
  if (g_file_set_contents (path, text, -1, &why))
    return TRUE;
  g_set_error_literal (error, CORM_ERROR, CORM_ERROR_DENIED, why->message);
  return FALSE;
}

char *
merge_write_copy (const MergeFolder *folder, gboolean other_first, GError **error)
{
  const GPtrArray *parts[] = { folder->base, other_first ? folder->other : folder->one,
                               other_first ? folder->one : folder->other, folder->behind };
  g_autoptr (GError) why = NULL;
  char *dir = g_dir_make_tmp ("corm-merge-XXXXXX", &why);
  guint n = 0;
  gboolean ok = dir != NULL;
  if (!ok)
    g_set_error_literal (error, CORM_ERROR, CORM_ERROR_DENIED, why->message);
  for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
    for (guint i = 0; ok && i < parts[p]->len; i++) {
      g_autofree char *version = g_strdup_printf ("%05u", ++n);
      ok = write_file (dir, version, parts[p]->pdata[i], NULL, error);
    }
  if (!ok && dir != NULL)
    merge_remove_copy (g_steal_pointer (&dir));
  return dir;
}

void
merge_remove_copy (char *dir)
{
  g_autoptr (GDir) entries = g_dir_open (dir, 0, NULL);
  for (const char *name = entries != NULL ? g_dir_read_name (entries) : NULL; name != NULL;
       name = g_dir_read_name (entries)) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_unlink (path);
  }
  g_rmdir (dir);
  g_free (dir);
}

gboolean
merge_put_behind (const MergeFolder *folder, const char *dir, GPtrArray *told, GError **error)
{
  const MergeFile *last = folder->one->pdata[folder->one->len - 1];
  const MergeFile *newest = folder->all->pdata[folder->all->len - 1];
  guint64 top = number (newest->version), reached = number (last->version);
  g_autofree char *after = g_strdup (last->version);
  for (guint i = 0; i < folder->other->len; i++) {
    const MergeFile *file = folder->other->pdata[i];
    gboolean moves = number (file->version) <= reached;
    g_autofree char *version =
        moves ? g_strdup_printf ("%0*" G_GUINT64_FORMAT, (int) strlen (file->version), ++top)
              : g_strdup (file->version);
    g_autofree char *path = g_build_filename (dir, file->file, NULL);
    if (!write_file (dir, version, file, after, error))
      return FALSE;
    if (moves && g_unlink (path) != 0)
      g_message ("%s cannot be removed; remove it", path);
    g_ptr_array_add (told,
                     g_strdup_printf ("%s -> %s_%s, behind %s", file->file, version, file->name, after));
    reached = number (version);
    g_free (after);
    after = g_steal_pointer (&version);
  }
  return TRUE;
}
