/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that do not fit, as JSON lines: table, key, column, value, reason. */
#pragma once

#include "port/tables.h"

#include <corm/error.h>

typedef struct _CormRejects CormRejects;

/* A line on its way, without its end. */
typedef struct {
  char *line;
  gboolean
      has_key; /* the target refused the row: its values alone don't tell a comparison to leave it out, its key does */
  guint64 key; /* corm_hash_key () */
} CormReject;

/* Takes @line. */
CormReject *corm_reject_new (char *line);
void corm_reject_free (gpointer reject);

/* The file must not exist yet; it is made with corm_rejects_create(), or by the first line. @most: rows, 0: any number.
 * Errors: INVALID. */
CormRejects *corm_rejects_new (const char *path, guint64 most, GError **error);
/* The line of a row that does not fit, without its end; free with g_free(). */
char *corm_reject_line (const CormPair *pair, const CormValue *row, guint column, guint64 number,
                        const char *reason);
/* Of a row (@number 0: nobody knows which) that the target refuses for what @n of its columns hold together; 0: it does not say which. */
char *corm_reject_columns_line (const CormPair *pair, const CormValue *row, const guint *columns, guint n,
                                guint64 number, const char *reason);
/* One more row, in whatever thread. Errors: CONVERSION, when there are more than most. */
gboolean corm_rejects_count (CormRejects *rejects, guint64 n, GError **error);
gboolean corm_rejects_any (CormRejects *rejects);
int corm_rejects_create (CormRejects *rejects, GError **error);
const char *corm_rejects_get_path (const CormRejects *rejects);
gboolean corm_rejects_write (CormRejects *rejects, const char *line, GError **error);
/* Flushes to the disk and frees. */
gboolean corm_rejects_close (CormRejects *rejects, GError **error);
void corm_rejects_free (CormRejects *rejects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRejects, corm_rejects_free)
