/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Whether a query groups, and whether what it selects has one value a group. */
#pragma once

#include "query/outputs.h"

/* The same expression: nodes, columns and values. Two queries are the same only as one object. */
gboolean corm_expr_equal (const CormExpr *a, const CormExpr *b);
/* Whether an aggregate stands in @expr, outside of subqueries and windows. */
gboolean corm_expr_has_aggregate (const CormExpr *expr);
gboolean corm_expr_has_window (const CormExpr *expr);
/* GROUP BY, HAVING, or an aggregate among outputs and order. */
gboolean corm_query_is_grouped (CormQuery *query);
/* Every column outside of an aggregate is one of the groups', or of a table whose whole key is. Errors: INVALID, naming
 * the column. */
gboolean corm_query_check_groups (CormQuery *query, const CormScope *scope, const CormQueryOutput *outputs,
                                  guint n, GError **error);
