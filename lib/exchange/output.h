/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A file that is written: beside its name until it is whole. */
#pragma once

#include <glib.h>

typedef struct _CormOutput CormOutput;

/* "-" is standard output; what is no regular file (a device, a pipe) is written to directly. */
CormOutput *corm_output_open (const char *path, GError **error);
/* A new file under its own name, in a folder that has none yet. */
CormOutput *corm_output_create (const char *path, GError **error);
/* A failure is kept until corm_output_check() or corm_output_close() tells of it; what follows is dropped. */
void corm_output_write (CormOutput *output, const char *bytes, gsize size);
void corm_output_print (CormOutput *output, const char *text);
/* Errors: FULL, DENIED, FAILED, with the file's name. */
gboolean corm_output_check (CormOutput *output, GError **error);
/* Everything is on the disk, and the file has its name; frees. */
gboolean corm_output_close (CormOutput *output, GError **error);
/* Gives up: nothing is left. */
void corm_output_free (CormOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormOutput, corm_output_free)

/* A folder in which files are made, beside its name until it is whole. */
typedef struct _CormFolder CormFolder;

/* Errors: INVALID: it is there and not empty. */
CormFolder *corm_folder_new (const char *path, GError **error);
/* A file in it; its name must be new. */
CormOutput *corm_folder_add (CormFolder *folder, const char *name, GError **error);
gboolean corm_folder_close (CormFolder *folder, GError **error);
void corm_folder_free (CormFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormFolder, corm_folder_free)

/* Sets @error from errno: FULL, DENIED, NOT_FOUND or FAILED; "DOING PATH: …". Always FALSE. */
gboolean corm_file_fail (const char *doing, const char *path, GError **error);
