/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* From the columns of a statement to the members of a struct, where the two are of different types. */
#pragma once

#include "query/outputs.h"
#include "store/rows.h"

/* How the rows of a statement are filled: field i of the mapping from column i. */
typedef struct {
  const CormMapping *mapping;
  const gboolean *converts; /* by field: the column is of another type than the member; NULL: none is */
  GString *scratch;
} CormResult;

/* For @outputs into their model or shape; all of it in @arena, the scratch apart. Errors: INVALID, a member that can't
 * hold its column. */
gboolean corm_result_init (CormResult *result, const CormQueryOutput *outputs, guint n, CormArena *arena,
                           GError **error);
void corm_result_clear (CormResult *result);
gboolean corm_result_fill (CormResult *result, gpointer row, const CormValue *values, CormArena *arena,
                           GError **error);
/* Reads the executed @statement to its end into @rows. */
gboolean corm_result_load (CormResult *result, CormRows *rows, CormStatement *statement, GError **error);
/* Each value as the member's type, then into it: also a label, and whatever type the database gave. */
gboolean corm_result_set (const CormMapping *mapping, const CormField *field, gpointer row,
                          const CormValue *value, GString *scratch, CormArena *arena, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CormResult, corm_result_clear)
