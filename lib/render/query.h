/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SPDX-FileCopyrightText: The Corm authors */
/* A CormQuery as SQL: what its files share, and what the store calls. */
#pragma once

#include "query/resolve.h"
#include "render/sql.h"

/* What the columns of a SELECT are called. */
typedef enum {
  CORM_NAMES_NONE,     /* as the database calls them; CORM_AS says */
  CORM_NAMES_OWN,      /* as the member's column */
  CORM_NAMES_NUMBERED, /* c1, c2, … of a wrapping */
} CormColumnNames;

/* The whole statement. @read: its columns are read by the program, as the dialect casts them; else by SQL around it. */
gboolean corm_render_resolved (CormSql *sql, const CormResolved *resolved, CormColumnNames names,
                               gboolean read, GError **error);
/* SELECT count(*) of its rows. */
gboolean corm_render_query_count (CormSql *sql, const CormResolved *resolved, GError **error);
/* UPDATE and DELETE of the rows that @resolved's where finds, and INSERT of its rows into @into. @now: for the columns
 * with a role. @stamps: by field of @into, what its role is written with, of type NONE where it has none; NULL: none
 * has. @returning: all columns of the table come back. */
gboolean corm_render_query_update (CormSql *sql, const CormResolved *resolved, const CormSet *sets,
                                   const CormValue *now, gboolean returning, GError **error);
gboolean corm_render_query_delete (CormSql *sql, const CormResolved *resolved, const CormValue *now,
                                   gboolean returning, GError **error);
gboolean corm_render_query_insert (CormSql *sql, const CormResolved *resolved, const CormMapping *into,
                                   const CormValue *stamps, GError **error);

/* --- parts of it --------------------------------------------------------------------------------------------------- */

/* " FROM a JOIN b ON …". */
gboolean corm_render_from (CormSql *sql, const CormResolved *resolved, GError **error);
/* The implicit filters of the sources that no ON took: *@begun says that WHERE stands there now. */
gboolean corm_render_filters (CormSql *sql, const CormResolved *resolved, gboolean *begun, GError **error);
/* "WITH a (…) AS (…) ". */
gboolean corm_render_definitions (CormSql *sql, const CormResolved *resolved, GError **error);
/* @keyword in front of the first of @n conditions, AND between them. */
gboolean corm_render_conditions (CormSql *sql, const CormScope *scope, const char *keyword,
                                 const CormExpr *exprs, guint n, GError **error);
gboolean corm_render_limit (CormSql *sql, gsize limit, gsize offset);
/* " FOR UPDATE". */
gboolean corm_render_lock (CormSql *sql, const CormResolved *resolved, GError **error);
