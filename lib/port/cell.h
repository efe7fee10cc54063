/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* One value on its way from a column of one database to a column of another. */
#pragma once

#include "port/tables.h"

/* Room that converted values of a row borrow from until the next row: one text per column. */
typedef struct {
  guint n;
  GString **texts;
} CormCells;

CormCells *corm_cells_new (guint n);
void corm_cells_free (CormCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CormCells, corm_cells_free)

/* @from as @column holds it, exactly. Errors: CONVERSION or NOT_NULL or CHECK, with the reason alone: the caller
 * knows table, key and column. */
gboolean corm_cell_convert (const CormValue *from, const CormTableColumn *column, GString *scratch,
                            CormValue *to, GError **error);
/* The same for column @i of a row of @pair's source, with the conversion that was chosen for it. */
gboolean corm_cell_move (const CormPair *pair, guint i, const CormValue *from, GString *scratch,
                         CormValue *to, GError **error);
/* "AlbumId = 5" of a row, for messages; "row 17" where there is no key. Free with g_free(). */
char *corm_cell_key_text (const CormPair *pair, const CormValue *row, guint64 number);
