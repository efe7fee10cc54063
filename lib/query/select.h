/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The query tree's root: what to read of one model. It borrows; a CormQuery owns what it points to. */
#pragma once

#include "base/arena.h"
#include "query/typing.h"

#include <corm/query.h>

typedef enum { CORM_SELECT_ROWS, CORM_SELECT_COUNT, CORM_SELECT_EXISTS } CormSelectKind;

typedef struct {
  CormSelectKind kind;
  const CormMapping *mapping;
  const CormExpr *where;  /* NULL or kind NONE: all */
  const CormOrder *order; /* NULL: none */
  gsize limit;
  gsize offset;
  gboolean with_deleted; /* rows that are marked as deleted too */
} CormSelect;

/* A deep copy of @expr in @arena, values and lists too; queries are borrowed. */
CormExpr *corm_expr_copy (const CormExpr *expr, CormArena *arena, GError **error);
/* The same of a list that CORM_EXPR_END ends. */
const CormExpr *corm_expr_copy_list (const CormExpr *list, CormArena *arena, GError **error);
/* Every member and order is the model's, every operator has what it needs. Errors: INVALID, naming the culprit. */
gboolean corm_select_check (const CormSelect *select, GError **error);
