/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* The query that loads a relation: the related rows of many owners at once, each with the key that says whose it is. */
#pragma once

#include "model/path.h"
#include "query/filter.h"
#include "query/select.h"

typedef struct {
  const CormPath *path;
  CormScopeTable tables[2];  /* the target, and what the path goes through */
  CormScope scope;           /* over them */
  CormFilterExpr filters[2]; /* of the tables */
  CormExpr where[5];         /* the keys of the owners, the caller's predicate, the filters, an end */
  CormExpr all;              /* over where */
  const CormOrder *order;    /* NULL: as they come */
  gsize limit;               /* rows of one owner; 0: all */
  gsize offset;
} CormEdgeSelect;
