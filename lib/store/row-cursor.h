/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What a cursor over rows of a model or a shape keeps: the row that it gives out, and the arena of that row's text. */
#pragma once

#include "engine/cursor.h"
#include "store/result.h"

typedef struct {
  const CormModel *model;
  CormResult result;
  CormArena *arena; /* of the row */
  CormArena *own;   /* of result; NULL: it needs none */
  gpointer row;
} CormRowCursor;

/* Takes over @statement. @own: holds what @result points to; freed with the cursor. */
CormCursor *corm_row_cursor_new (CormStatement *statement, const CormModel *model, const CormResult *result,
                                 CormArena *own);
