/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that do not fit, as JSON lines: table, key, column, value, reason. */
#pragma once

#include "port/tables.h"

#include <corm/error.h>

typedef struct _CormRejects CormRejects;

/* Creates @path; the file must not exist yet. */
CormRejects *corm_rejects_open (const char *path, GError **error);
gboolean corm_rejects_add (CormRejects *rejects, const CormPair *pair, const CormValue *row, guint column,
                           guint64 number, const char *reason, GError **error);
/* Flushes to the disk and frees. */
gboolean corm_rejects_close (CormRejects *rejects, GError **error);
void corm_rejects_free (CormRejects *rejects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormRejects, corm_rejects_free)
