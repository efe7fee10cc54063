/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A folder of migrations in which two people have gone on from the same point. */
#pragma once

#include <glib.h>

typedef struct {
  char *file, *version, *name; /* name: behind the version, with ".sql" */
  char *after;                 /* NULL: it does not say */
  char *text;
} MergeFile;

typedef struct {
  GPtrArray *all;    /* MergeFile, by version, then by name */
  GPtrArray *base;   /* borrowed from it: what both follow, */
  GPtrArray *one;    /* the branch that stays where it is, */
  GPtrArray *other;  /* the one that will follow it, */
  GPtrArray *behind; /* and what does not say where it belongs */
} MergeFolder;

MergeFolder *merge_folder_read (const char *dir, GError **error);
void merge_folder_free (MergeFolder *folder);
/* Fills the four from all; FALSE: there are no two branches. */
gboolean merge_folder_find (MergeFolder *folder);
/* A new folder in which the files are numbered in this order; free with merge_remove_copy(). */
char *merge_write_copy (const MergeFolder *folder, gboolean other_first, GError **error);
void merge_remove_copy (char *dir);
/* The other branch behind the first one, in @dir: new versions where they have to be, the line corm:after. Tells what
 * became of each. */
gboolean merge_put_behind (const MergeFolder *folder, const char *dir, GPtrArray *told, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MergeFolder, merge_folder_free)
