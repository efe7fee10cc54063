/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* Reading one table's rows, streamed, for a port or a comparison. */
#pragma once

#include "engine/statement.h"
#include "port/walk.h"

/* Keys from @from to @until, both within. */
typedef struct {
  gint64 from, until;
} CormSpan;

/* The columns of one side of @pair, in no order; with @span (nullable) of the rows whose one integer key is in it. */
CormStatement *corm_source_open (CormConnection *conn, const CormPair *pair, gboolean of_target,
                                 const CormSpan *span, GError **error);
/* The columns of the target's side, of rows that meet @condition. */
CormStatement *corm_source_open_where (CormConnection *conn, const CormPair *pair, const char *condition,
                                       GError **error);
/* The columns of the source's side, and the walk's own key behind them, of the rows in @range and in the walk's order.
 * @after and @until are the range's ends, parsed, and outlive the statement; each nullable. */
CormStatement *corm_source_walk (CormConnection *conn, const CormWalk *walk, const CormKeyValues *after,
                                 const CormKeyValues *until, GError **error);
/* Least and greatest integer of the column @key; both 0 and @any FALSE where there is no row. */
gboolean corm_source_ends (CormConnection *conn, const CormTable *table, const char *key, gint64 *least,
                           gint64 *greatest, gboolean *any, GError **error);
/* Adds a line, @before in front, for each table that @globs choose and the inspected schema lacks, as it stands elsewhere;
 * with @schema (nullable), which is to be made anew, for whatever else it lacks. What has no rows there gets none anew. */
gboolean corm_source_tell_elsewhere (CormConnection *conn, const char *globs, const char *before,
                                     CormSchema *schema, GPtrArray *lines, GError **error);
gboolean corm_source_count (CormConnection *conn, const CormTable *table, guint64 *count, GError **error);
