/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* What comes out of a query: its columns, in order, with their types. */
#pragma once

#include "query/query.h"
#include "query/typing.h"

typedef struct {
  const CormExpr *expr;
  const CormModel *model; /* whose member it is; NULL: a name alone */
  gsize offset;
  const char *name; /* of the column */
  CormTyping typing;
} CormQueryOutput;

/* The outputs of @query, whose tables are @scope, in the scope's arena; of all columns of its model where it names
 * none. Of a set operation: those of its first part. Errors: INVALID. */
const CormQueryOutput *corm_query_get_outputs (CormQuery *query, const CormScope *scope, guint *n,
                                               GError **error);
/* The mapping of @as, a shape or an alias, to the rows that the outputs of @query make; in the scope's arena. @outer is
 * what is around @query. Errors: INVALID, a member of @as that is no output. */
const CormMapping *corm_query_new_mapping (CormQuery *query, const CormScope *outer, const CormModel *as,
                                           GError **error);
/* The same from outputs that are known, into @arena: how rows of @model are filled, member by member in the order of
 * @outputs. */
CormMapping *corm_outputs_new_mapping (const CormQueryOutput *outputs, guint n, const CormModel *model,
                                       CormArena *arena);
/* Whether two types can stand in one column of a set operation, or of a shape. */
gboolean corm_type_same_family (CormType a, CormType b);
