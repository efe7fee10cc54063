/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Rows that share one arena, and the steps from a statement's values to structs. */
#pragma once

#include "base/arena.h"
#include "engine/statement.h"
#include "model/mapping.h"

#include <corm/store.h>

struct _CormRows {
  CormArena *arena;
  gboolean owns_arena; /* FALSE: the rows of a relation, which live in their owner's result */
  const CormMapping *mapping;
  const CormModel *model; /* what the rows are: the mapping's, an alias of it, or a shape */
  gpointer *rows;
  gsize n_rows;
  gsize n_allocated;
};

/* Empty; with @arena NULL it makes its own and is freed by corm_rows_free(), else it lives in @arena. */
CormRows *corm_rows_new (const CormMapping *mapping, CormArena *arena);
void corm_rows_append (CormRows *rows, gpointer row);
/* Fills @row from the values of all fields of the mapping. */
gboolean corm_rows_fill (const CormMapping *mapping, gpointer row, const CormValue *values, CormArena *arena,
                         GError **error);
/* A row in an arena of its own, for corm_row_free(). */
gpointer corm_row_new (const CormMapping *mapping, const CormValue *values, GError **error);
/* Reads the executed @statement to its end into @rows. */
gboolean corm_rows_load (CormRows *rows, CormStatement *statement, GError **error);
