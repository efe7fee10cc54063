/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What the roles of a model's columns (soft delete, tenant) put on every query that reads its table.
 *
 * Every source of a query has a filter: it is joined with AND to the WHERE for the first source and cross joins, to the ON
 * for the others, so that a row that is not there stays a row that is not there. Subqueries and parts of set operations filter their own sources. */
#pragma once

#include "model/mapping.h"

#include <corm/expr.h>

/* What the caller allows. */
typedef struct {
  const CormValue *tenant; /* the connection's; NULL: it has none */
  gboolean with_deleted;   /* rows that are marked as deleted too */
} CormFilter;

/* The filter's parts, and room for a further predicate beside them. */
typedef struct {
  CormExpr operands[4];
  guint n;
  CormExpr all; /* over operands, once corm_filter_join() has made it */
} CormFilterExpr;

/* The parts for @mapping's table, whose columns are named through @model (the mapping's own, or an alias of it). parts->n is 0
 * when there is no filter. The values are borrowed. Errors: INVALID, when there is a tenant column and no tenant. */
gboolean corm_filter_make (const CormFilter *filter, const CormMapping *mapping, const CormModel *model,
                           CormFilterExpr *parts, GError **error);
/* The parts and @where (NULL or NONE: nothing) as one predicate, which borrows from both; NULL when both say nothing. */
const CormExpr *corm_filter_join (CormFilterExpr *parts, const CormExpr *where);
