/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A table's rows, streamed in an order that is the same in every database: by key, NULLs first, numbers and times by size,
 * all else by the bytes of its text; a table without a key by all its columns. */
#pragma once

#include "engine/statement.h"

typedef struct _CormOrdered CormOrdered;

/* @columns: of @table, which are read. Errors: those of the statement; FULL: no room to sort. */
CormOrdered *corm_ordered_open (CormConnection *conn, const CormTable *table,
                                const CormTableColumn *const *columns, guint n_columns, GError **error);
/* How many that will be. */
gboolean corm_ordered_count (CormConnection *conn, const CormTable *table, guint64 *count, GError **error);
void corm_ordered_free (CormOrdered *ordered);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormOrdered, corm_ordered_free)
/* The next row, as the database holds it; borrowed until the next call. */
CormStep corm_ordered_next (CormOrdered *ordered, const CormValue **row, GError **error);
