/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A table's rows on their way into the database. */
#pragma once

#include "engine/bulk.h"
#include "exchange/target.h"

typedef struct {
  CormImport *import;
  CormTarget *target;
  CormProgress *state;
  guint n; /* columns that are sent, */
  guint *places;
  const char **names;
  CormSqlType *types;
  CormValue *values;
  gboolean one_by_one;  /* the last batch held rows that are there already */
  const char *at_fault; /* column that the library, not the database, refuses the row for */
} CormLoad;

/* The columns of @row that are sent; TRUE: they are those of the last one. */
gboolean corm_load_shape (CormLoad *load, const CormValue *row, gboolean change);
const CormValue *corm_load_sent (CormLoad *load, const CormValue *row);
CormBulk *corm_load_open_bulk (CormLoad *load, GError **error);
/* A row that is not there has what the table demands. */
gboolean corm_load_check_missing (CormLoad *load, const CormValue *row, GError **error);
/* The row under a savepoint of its own. What the database refuses is told as a fault; then TRUE, if it may be left out. */
gboolean corm_load_row (CormLoad *load, const CormValue *row, guint64 line, GError **error);
