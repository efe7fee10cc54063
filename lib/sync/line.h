/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One line of a message: the peer that speaks, a change, or the end. */
#pragma once

#include "sync/sync.h"

typedef enum { CORM_SYNC_HELLO, CORM_SYNC_CHANGE, CORM_SYNC_END } CormSyncLineKind;

typedef struct {
  CormSyncLineKind kind;
  char *peer; /* hello: who speaks; change: whose it is */
  guint version;
  GStrv capabilities;
  CormSyncHave *have; /* hello: what it has; end: up to where the message covers */
  CormSyncHave *from; /* end: from where on */
  gint64 seq, clock;
  CormSyncOp op;
  char *table, *row;
  GPtrArray *columns, *values; /* of a change; char *, a value may be NULL */
  gint64 n_changes;            /* end */
  char *sum;                   /* end: SHA-256 of the changes' lines and of the end without it; NULL: none */
} CormSyncLine;

CormSyncLine *corm_sync_line_new (CormSyncLineKind kind);
void corm_sync_line_free (CormSyncLine *line);
/* Without a newline; free with g_free(). */
char *corm_sync_line_to_text (const CormSyncLine *line);
/* Sets the sum of an end, behind the changes' lines, which are in @sum. */
void corm_sync_line_sum (CormSyncLine *line, GChecksum *sum);
/* Errors: INVALID, what is wrong with it. */
CormSyncLine *corm_sync_line_parse (const char *text, gsize size, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormSyncLine, corm_sync_line_free)
