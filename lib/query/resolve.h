/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A query made ready to be written as SQL: every name found, every part checked, what SQL cannot say in one SELECT put
 * into two. All of it lies in the scope's arena. */
#pragma once

#include "query/outputs.h"

typedef struct _CormResolved CormResolved;
struct _CormResolved {
  CormQuery *query;
  const CormScope *scope; /* the tables that it reads */
  const CormQueryOutput *outputs;
  guint n_outputs;
  gboolean is_grouped;
  const CormOrder *order; /* over scope, or over the wrapping where there is one */
  const CormExpr *after;  /* the rows behind a page's token, over the same; NULL: all */
  /* The second SELECT around the first one, which sorts, cuts and picks what it gives: over set operations, DISTINCT
   * with an order, DISTINCT ON, pages of groups. NULL: none is needed. */
  const CormScope *wrapping;
  const CormQueryOutput *wrapped; /* the outputs again, as columns of the wrapping */
  const CormExpr *const *carried; /* more columns of the inner SELECT, behind the outputs, for the order */
  guint n_carried;
  const CormWindow *first; /* DISTINCT ON: the row of which row_number() is 1 */
  const CormResolved *parts;
};

/* The name of the wrapping, and of its column for row_number(). */
#define CORM_WRAPPING "corm_rows"
#define CORM_FIRST "corm_first"

/* @outer: what is around @query; a bare scope with a registry for a query that stands alone. Errors: INVALID. */
const CormResolved *corm_query_resolve (CormQuery *query, const CormScope *outer, GError **error);
/* "c1", the name of a column in the wrapping; in @arena. */
const char *corm_wrapped_name (CormArena *arena, guint i);
/* The predicate of the rows behind @query's token. @order is over @scope. Errors: INVALID, a token of another query or
 * none at all; an order that does not tell all rows apart. */
gboolean corm_page_check (const CormResolved *resolved, GError **error);
const CormExpr *corm_page_new_predicate (const CormResolved *resolved, const CormScope *scope,
                                         GError **error);
