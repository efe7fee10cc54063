/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What does not fit, as JSON lines: table, line, key, column, value, reason. Those of a port look the same. */
#pragma once

#include <corm/exchange.h>

typedef struct _CormRejectFile CormRejectFile;

/* A column of a key and its value, as they are written. */
typedef struct {
  const char *name;
  const char *value; /* NULL: NULL */
} CormKeyPart;

/* Creates @path; the file must not exist yet. */
CormRejectFile *corm_reject_file_open (const char *path, GError **error);
/* @fault->key is not written: @parts are. */
gboolean corm_reject_file_add (CormRejectFile *file, const CormFault *fault, const CormKeyPart *parts,
                               guint n_parts, GError **error);
/* Flushes to the disk and frees. */
gboolean corm_reject_file_close (CormRejectFile *file, GError **error);
void corm_reject_file_free (CormRejectFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRejectFile, corm_reject_file_free)

/* "room = '5', number = '7'"; free with g_free(). */
char *corm_key_text (const CormKeyPart *parts, guint n_parts);
